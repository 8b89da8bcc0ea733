/* installer.c: an installer in C: it carries a script and files, runs the script, and shows how far it is.
 * SPDX-License-Identifier: MIT
 *
 * installer FOLDER [PERCENT]: installs below FOLDER; with PERCENT, its user cancels there. Status 0, or 1 and a message. */
#include <moonbear.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The script lies in the program as it is in its file. */
__asm__(".section .rodata\n"
        "script_begin: .incbin \"" SCRIPT "\"\n"
        "script_end: .byte 0\n"
        ".text\n");
extern const char script_begin[] __asm__("script_begin"), script_end[] __asm__("script_end");

struct file {
    const char *name, *data;
    size_t size;
};

static const char zeros[500000];
static const struct file files[] = {
    { "bin/tool", "#!/bin/sh\necho tool\n", 20 },
    { "share/tool/half", zeros, sizeof zeros },
    { "share/tool/more", zeros, sizeof zeros / 2 },
    { "share/tool/rest", zeros, sizeof zeros / 2 },
    { "share/tool/bytes", "\0\1\2\377", 4 },
};
enum { FILES = sizeof files / sizeof files[0] };

static int count(mb_call *call, void *unused) {
    (void)unused;
    return mb_return(call, mb_number(FILES));
}

static int get(mb_call *call, void *unused) {
    mb_value index = mb_arg(call, 0);
    (void)unused;
    if (index.type != MB_NUMBER || index.as.number < 1 || index.as.number > FILES) return mb_fail(call, "there is no such file");
    const struct file *file = &files[(int)index.as.number - 1];
    int code = mb_return(call, mb_string(file->name));
    return code == MB_OK ? mb_return(call, mb_bytes(file->data, file->size)) : code;
}

/* progress(fraction, name): a bar, and the way to cancel. */
static int progress(mb_call *call, void *cancel_at) {
    static const char bar[] = "####################";
    double percent = 100 * mb_arg(call, 0).as.number;
    printf("[%-20.*s] %3.0f%% %s\n", (int)(percent / 5), bar, percent, mb_arg(call, 1).as.string.data);
    return percent >= *(double *)cancel_at ? mb_fail(call, "cancelled at %.0f%%", percent) : MB_OK;
}

static int install(mb_runtime *runtime, const char *folder, double cancel_at) {
    mb_value target = mb_string(folder);
    int code = mb_register(runtime, "payload.count", count, NULL);
    if (code == MB_OK) code = mb_register(runtime, "payload.get", get, NULL);
    if (code == MB_OK) code = mb_register(runtime, "progress", progress, &cancel_at);
    if (code == MB_OK) code = mb_run_bytes(runtime, script_begin, (size_t)(script_end - script_begin), "=installer", &target, 1);
    return code;
}

int main(int count_of, char **arguments) {
    mb_runtime *runtime;
    if (count_of < 2) return fprintf(stderr, "usage: installer FOLDER [PERCENT]\n"), 2;
    int code = mb_open(NULL, &runtime);
    if (code != MB_OK) return fprintf(stderr, "installer: %s\n", mb_strerror(code)), 1;
    code = install(runtime, arguments[1], count_of > 2 ? atof(arguments[2]) : 1000);
    if (code != MB_OK) fprintf(stderr, "installer: %s; nothing was changed\n", mb_error(runtime));
    mb_close(runtime);
    return code == MB_OK ? 0 : 1;
}
