/* line_test.c: the editor on a pseudo-terminal when memory is refused, and reading lines without it.
 * SPDX-License-Identifier: MIT */
#include "cli/line.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cmocka.h>

enum { BIG = 64 << 20 };

#define KEYS(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* Types keys[0] when the terminal shows the prompt "0> ", keys[1] at "1> ", and so on; the keys of an earlier time
 * would be the terminal's own to edit. Returns when nobody has the terminal open any more. */
static void type_at_prompts(int master, const char *const *keys) {
    char shown[65536], prompt[8];
    size_t used = 0;
    ssize_t got;
    int next = 0;
    while ((got = read(master, shown + used, sizeof shown - 1 - used)) > 0) {
        used += (size_t)got;
        shown[used] = '\0';
        snprintf(prompt, sizeof prompt, "%d> ", next);
        if (!keys[next] || !strstr(shown, prompt)) continue;
        assert_int_equal(write(master, keys[next], strlen(keys[next])), strlen(keys[next]));
        next++;
    }
}

/* Runs `job` in a child with a pseudo-terminal on its descriptors 0 and 1; returns its exit status. */
static int on_terminal(int (*job)(void), const char *const *keys) {
    int status, master = posix_openpt(O_RDWR | O_NOCTTY);
    assert_true(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        setsid();
        int slave = open(ptsname(master), O_RDWR);
        if (slave < 0 || dup2(slave, 0) < 0 || dup2(slave, 1) < 0) _exit(99);
        setenv("TERM", "xterm", 1);
        close(master);
        _exit(job());
    }
    type_at_prompts(master, keys);
    close(master);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static const char *no_history(void *context, int index) {
    (void)context;
    (void)index;
    return NULL;
}

/* A line that no copy can be made of once memory is limited. */
static char *huge;

static const char *huge_history(void *context, int index) {
    (void)context;
    return index == 0 ? "small" : index == 1 ? huge : NULL;
}

static void huge_completion(void *context, const char *text, struct line_choices *choices) {
    (void)context;
    (void)text;
    line_choose(choices, "small");
    line_choose(choices, huge);
}

/* 0 when a line can be read now, and the terminal is as a shell wants it. */
static int works_on(void) {
    struct termios mode;
    const char *text;
    struct line_request plain = { .prompt = "0> ", .recall = no_history };
    if (tcgetattr(0, &mode) != 0 || !(mode.c_lflag & ICANON) || !(mode.c_lflag & ECHO)) return 1;
    if (line_edit(&plain, &text) != 0) return 2;
    return strcmp(text, "line") == 0 ? 0 : 3;
}

static int limit_memory(void) {
    struct rlimit limit = { .rlim_cur = BIG + BIG / 2, .rlim_max = RLIM_INFINITY };
    huge = malloc(BIG);
    if (!huge) return -1;
    memset(huge, 'x', BIG - 1);
    huge[BIG - 1] = '\0';
    return setrlimit(RLIMIT_AS, &limit);
}

static int refused_history(void) {
    const char *text;
    struct line_request request = { .prompt = "0> ", .recall = huge_history };
    if (limit_memory() != 0) return 10;
    if (line_edit(&request, &text) != -ENOMEM) return 11;
    if (line_edit(&request, &text) != -ENOMEM) return 12;
    return works_on();
}

static int refused_completion(void) {
    const char *text;
    struct line_request request = { .prompt = "0> ", .recall = no_history, .complete = huge_completion };
    if (limit_memory() != 0) return 10;
    /* Only a Tab behind which nothing waits asks for completions. */
    if (line_edit(&request, &text) != -ENOMEM) return 11;
    return 0;
}

/* A sanitizer's own memory is far above any limit. */
static int memory_can_be_limited(void) {
    const char *variant = getenv("VARIANT");
    return !variant || !*variant;
}

static void refused_memory_is_an_error_and_the_terminal_stays(void **state) {
    (void)state;
    if (!memory_can_be_limited()) return;
    assert_int_equal(on_terminal(refused_history, KEYS("line\r")), 0);
    assert_int_equal(on_terminal(refused_completion, KEYS("x\t")), 0);
}

static int edits(void) {
    return works_on();
}

static int sees_interrupt_and_end(void) {
    const char *text;
    struct line_request request = { .prompt = "0> ", .recall = no_history };
    if (line_edit(&request, &text) != -EINTR) return 1;
    request.prompt = "1> ";
    return line_edit(&request, &text) == -ENODATA ? 0 : 2;
}

static void lines_interrupts_and_ends(void **state) {
    (void)state;
    assert_int_equal(on_terminal(edits, KEYS("lime\bxx\b\b\bne\r")), 0);
    assert_int_equal(on_terminal(sees_interrupt_and_end, KEYS("half\3", "\4")), 0);
}

/* Makes standard input a pipe that holds these bytes and then ends. */
static int give(const char *bytes, size_t size) {
    int ends[2];
    if (pipe(ends) != 0 || write(ends[1], bytes, size) != (ssize_t)size) return -1;
    close(ends[1]);
    dup2(ends[0], 0);
    close(ends[0]);
    return 0;
}

static int reads_plainly(void) {
    const char *text;
    size_t size;
    struct line_request request = { .prompt = "", .recall = no_history };
    if (give("one\n\n\0two\nend", 13) != 0) return 1;
    if (line_terminal() || line_edit(&request, &text) != -ENOTTY) return 2;
    if (line_plain("", &text, &size) != 0 || size != 3 || memcmp(text, "one", 3) != 0) return 3;
    if (line_plain("", &text, &size) != 0 || size != 0) return 4;
    if (line_plain("", &text, &size) != 0 || size != 4 || memcmp(text, "\0two", 4) != 0) return 5;
    if (line_plain("", &text, &size) != 0 || size != 3 || memcmp(text, "end", 3) != 0) return 6;
    return line_plain("", &text, &size) == -ENODATA ? 0 : 7;
}

static int refuses_folders(void) {
    const char *text;
    size_t size;
    int folder = open("/", O_RDONLY);
    if (folder < 0 || dup2(folder, 0) != 0) return 1;
    return line_plain("", &text, &size) == -EISDIR ? 0 : 2;
}

static int in_child(int (*job)(void)) {
    int status;
    pid_t child = fork();
    if (child == 0) {
        int nowhere = open("/dev/null", O_WRONLY);
        dup2(nowhere, 1);
        _exit(job());
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void plain_lines(void **state) {
    (void)state;
    assert_int_equal(in_child(reads_plainly), 0);
    assert_int_equal(in_child(refuses_folders), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_interrupts_and_ends),
        cmocka_unit_test(plain_lines),
        cmocka_unit_test(refused_memory_is_an_error_and_the_terminal_stays),
    };
    return cmocka_run_group_tests_name("line", tests, NULL, NULL);
}
