/* manners.c: what is the host's stays the host's: signal handlers and masks, the locale, stdio and its buffers, the environment,
 * the working directory, descriptors, the floating-point mode.
 * SPDX-License-Identifier: MIT */
#include "host.h"

#include <fcntl.h>
#include <fenv.h>
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

enum { SIGNALS = 64 };

static char buffer[1 << 16];

struct before {
    struct sigaction actions[SIGNALS + 1];
    stack_t alternate;
    sigset_t mask;
    char locale[200], folder[4096];
    int descriptor, rounding;
};

static void handler(int number) { (void)number; }

static int next_descriptor(void) {
    int fd = dup(0);
    close(fd);
    return fd;
}

static void look(struct before *b) {
    memset(b, 0, sizeof *b);
    for (int i = 1; i <= SIGNALS; i++) sigaction(i, NULL, &b->actions[i]);
    sigaltstack(NULL, &b->alternate);
    sigprocmask(SIG_BLOCK, NULL, &b->mask);
    snprintf(b->locale, sizeof b->locale, "%s", setlocale(LC_ALL, NULL));
    CHECK(getcwd(b->folder, sizeof b->folder));
    b->descriptor = next_descriptor();
    b->rounding = fegetround();
}

static void compare(const struct before *a, const struct before *b) {
    for (int i = 1; i <= SIGNALS; i++) {
        CHECK(a->actions[i].sa_handler == b->actions[i].sa_handler);
        CHECK(a->actions[i].sa_flags == b->actions[i].sa_flags);
        CHECK(sigismember(&a->mask, i) == sigismember(&b->mask, i));
    }
    CHECK(a->alternate.ss_sp == b->alternate.ss_sp && a->alternate.ss_flags == b->alternate.ss_flags);
    CHECK(strcmp(a->locale, b->locale) == 0 && strcmp(a->folder, b->folder) == 0);
    CHECK(a->descriptor == b->descriptor && a->rounding == b->rounding);
}

/* In the host's function the host's locale is in force, whatever scripts see. */
static int in_callback(mb_call *call, void *decimal) {
    char text[20];
    snprintf(text, sizeof text, "%.1f", 1.5);
    CHECK(strcmp(text, decimal) == 0);
    return mb_return(call, mb_nil());
}

static void work(const char *decimal) {
    mb_runtime *runtime;
    SUCCEEDS(NULL, mb_open(NULL, &runtime));
    SUCCEEDS(runtime, mb_register(runtime, "callback", in_callback, (void *)decimal));
    SUCCEEDS(runtime, mb_run_string(runtime, "callback() assert(tostring(1.5) == '1.5' and ('%.1f'):format(2.5) == '2.5') io.write 'script '", NULL, NULL, 0));
    CHECK(mb_run_string(runtime, "error 'x'", NULL, NULL, 0) == MB_ERROR);
    CHECK(mb_run_string(runtime, "local function f() return 1 + f() end f()", NULL, NULL, 0) == MB_ERROR);
    CHECK(mb_run_string(runtime, "os.exit(3)", NULL, NULL, 0) == MB_EXIT);
    SUCCEEDS(runtime, mb_run_string(runtime, "collectgarbage() pcall(string.rep, 'x', -1) coroutine.wrap(function() end)()", NULL, NULL, 0));
    mb_close(runtime);
}

/* The host's own full buffer keeps its bytes until the host flushes: nothing of them has reached the pipe. */
static void buffers_stay(void) {
    int ends[2];
    char text[100] = "";
    CHECK(pipe(ends) == 0 && fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0);
    int saved = dup(1);
    dup2(ends[1], 1);
    fputs("host ", stdout);
    work("1.5");
    CHECK(read(ends[0], text, sizeof text) < 0);
    fputs("host again", stdout);
    fflush(stdout);
    CHECK(read(ends[0], text, sizeof text) > 0);
    dup2(saved, 1);
    CHECK(strcmp(text, "host script host again") == 0);
}

int main(void) {
    struct before before, after;
    struct sigaction action = { .sa_handler = handler };
    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
    for (int i = 1; i < 32; i++)
        if (i != SIGKILL && i != SIGSTOP) sigaction(i, &action, NULL);
    int german = setlocale(LC_ALL, "de_DE.UTF-8") != NULL && strcmp(localeconv()->decimal_point, ",") == 0;
    look(&before);
    work(german ? "1,5" : "1.5");
    look(&after);
    compare(&before, &after);
    setlocale(LC_ALL, "C");
    fflush(stdout);
    buffers_stay();
    printf("everything is as it was%s\n", german ? ", in German too" : "");
    return 0;
}
