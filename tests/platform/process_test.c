/* process_test.c: plat_spawn, plat_wait and plat_signal with real programs.
 * SPDX-License-Identifier: MIT */
#include "platform.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define STREAMS(in, out, err) { in, out, err }
#define ARGV(...) ((char *const *)(const char *const[]){ __VA_ARGS__, NULL })

static void read_all(int fd, char *text, size_t size) {
    size_t have = 0;
    ssize_t got;
    while (have + 1 < size && (got = read(fd, text + have, size - 1 - have)) > 0) have += (size_t)got;
    text[have] = 0;
    close(fd);
}

static int code_of(const struct plat_child *child) {
    int code = -1;
    assert_int_equal(plat_wait(child, -1, &code), 0);
    return code;
}

static void output_is_read_through_a_pipe(void **state) {
    struct plat_spawn what = { .argv = ARGV("sh", "-c", "echo out; echo err >&2; exit 7"),
                               .streams = STREAMS(PLAT_NULL, PLAT_PIPE, PLAT_PIPE) };
    struct plat_child child;
    char out[64], err[64];
    (void)state;
    assert_int_equal(plat_spawn(&what, &child), 0);
    assert_int_equal(child.streams[0], -1);
    assert_true(fcntl(child.streams[1], F_GETFD) & FD_CLOEXEC);
    read_all(child.streams[1], out, sizeof out);
    read_all(child.streams[2], err, sizeof err);
    assert_int_equal(code_of(&child), 7);
    assert_string_equal(out, "out\n");
    assert_string_equal(err, "err\n");
}

static void arguments_arrive_unchanged(void **state) {
    struct plat_spawn what = { .argv = ARGV("printf", "[%s]", "a b", "", "$HOME", "'\"\\\n*"),
                               .streams = STREAMS(PLAT_NULL, PLAT_PIPE, PLAT_INHERIT) };
    struct plat_child child;
    char out[64];
    (void)state;
    assert_int_equal(plat_spawn(&what, &child), 0);
    read_all(child.streams[1], out, sizeof out);
    assert_int_equal(code_of(&child), 0);
    assert_string_equal(out, "[a b][][$HOME]['\"\\\n*]");
}

static void input_cwd_and_environment(void **state) {
    struct plat_spawn what = { .argv = ARGV("/bin/sh", "-c", "cat; pwd; echo $A-$HOME"), .env = ARGV("A=1", "PATH=/bin:/usr/bin"),
                               .cwd = "/", .streams = STREAMS(PLAT_PIPE, PLAT_PIPE, PLAT_INHERIT) };
    struct plat_child child;
    char out[64];
    (void)state;
    assert_int_equal(plat_spawn(&what, &child), 0);
    assert_int_equal(write(child.streams[0], "in\n", 3), 3);
    close(child.streams[0]);
    read_all(child.streams[1], out, sizeof out);
    assert_int_equal(code_of(&child), 0);
    assert_string_equal(out, "in\n/\n1-\n");
}

static void streams_may_be_swapped(void **state) {
    struct plat_child child;
    char text[64];
    int both[2];
    (void)state;
    assert_int_equal(pipe(both), 0);
    int kept = dup(1);
    dup2(both[1], 1); /* our own 1 is the pipe, and becomes the child's 2 */
    struct plat_spawn what = { .argv = ARGV("sh", "-c", "echo to-two >&2"), .streams = STREAMS(PLAT_NULL, 2, 1) };
    int result = plat_spawn(&what, &child);
    dup2(kept, 1);
    close(kept);
    close(both[1]);
    assert_int_equal(result, 0);
    read_all(both[0], text, sizeof text);
    assert_int_equal(code_of(&child), 0);
    assert_string_equal(text, "to-two\n");
}

static void what_refuses_is_said(void **state) {
    struct plat_child child;
    struct plat_spawn none = { .argv = ARGV("/no/such/program"), .streams = STREAMS(-1, -1, -1) };
    struct plat_spawn unknown = { .argv = ARGV("no-such-program"), .streams = STREAMS(-1, PLAT_PIPE, -1) };
    struct plat_spawn folder = { .argv = ARGV("/"), .streams = STREAMS(-1, -1, -1) };
    struct plat_spawn nowhere = { .argv = ARGV("true"), .cwd = "/no/such/folder", .streams = STREAMS(-1, -1, -1) };
    struct plat_spawn nothing = { .argv = ARGV(NULL), .streams = STREAMS(-1, -1, -1) };
    (void)state;
    int before = dup(0);
    close(before);
    assert_int_equal(plat_spawn(&none, &child), -ENOENT);
    assert_int_equal(plat_spawn(&unknown, &child), -ENOENT);
    assert_int_equal(plat_spawn(&folder, &child), -EACCES);
    assert_int_equal(plat_spawn(&nowhere, &child), -ENOENT);
    assert_int_equal(plat_spawn(&nothing, &child), -EINVAL);
    int after = dup(0);
    close(after);
    assert_int_equal(before, after);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* no child is left over */
}

/* A child that was never made has a number that means others. Signal 0 only asks, so that nobody is hurt by a failure. */
static void what_is_no_child_gets_no_signal(void **state) {
    (void)state;
    for (int pid = -3; pid <= 1; pid++) {
        assert_int_equal(plat_signal(&(struct plat_child){ .pid = pid }, 0), -ESRCH);
        assert_int_equal(plat_signal(&(struct plat_child){ .pid = pid, .group = 1 }, 0), -ESRCH);
    }
}

/* The pipe that the child answers through must not lie where its own output is put: there the answer would be output. */
static void the_answer_is_no_output(void **state) {
    struct plat_child child;
    char text[16];
    int both[2], kept[2];
    (void)state;
    assert_int_equal(pipe(both), 0);
    for (int i = 0; i < 2; i++) kept[i] = fcntl(i + 1, F_DUPFD_CLOEXEC, 10), close(i + 1);
    struct plat_spawn none = { .argv = ARGV("/no/such/program"), .streams = STREAMS(PLAT_INHERIT, PLAT_INHERIT, both[1]) };
    int result = plat_spawn(&none, &child);
    for (int i = 0; i < 2; i++) dup2(kept[i], i + 1), close(kept[i]);
    close(both[1]);
    read_all(both[0], text, sizeof text);
    assert_int_equal(result, -ENOENT);
    assert_string_equal(text, "");
}

/* The child must not be ended by its own shell's death alone: the sleeper behind it holds the pipe open. */
static void a_group_ends_as_a_whole(void **state) {
    struct plat_spawn what = { .argv = ARGV("sh", "-c", "sleep 1000 & echo up; wait"), .group = 1,
                               .streams = STREAMS(PLAT_NULL, PLAT_PIPE, PLAT_INHERIT) };
    struct plat_child child;
    char up[4];
    int code;
    (void)state;
    assert_int_equal(plat_spawn(&what, &child), 0);
    assert_int_equal(read(child.streams[1], up, 3), 3);
    assert_int_equal(plat_wait(&child, 0, &code), -ETIMEDOUT);
    assert_int_equal(plat_wait(&child, 3, &code), -ETIMEDOUT);
    assert_int_equal(plat_signal(&child, SIGTERM), 0);
    assert_int_equal(code_of(&child), 128 + SIGTERM);
    assert_int_equal(read(child.streams[1], up, 1), 0);
    close(child.streams[1]);
    assert_int_equal(plat_wait(&child, 0, &code), -ECHILD);
}

static void nothing(int number) {
    (void)number;
}

/* Handlers become the default in the child, the ignored stay ignored, and the mask is the caller's. */
static void signals_are_reset(void **state) {
    struct plat_spawn what = { .argv = ARGV("sh", "-c", "kill -USR1 $$; echo survived"),
                               .streams = STREAMS(PLAT_NULL, PLAT_PIPE, PLAT_NULL) };
    struct plat_child child;
    char text[16];
    (void)state;
    signal(SIGUSR1, nothing);
    assert_int_equal(plat_spawn(&what, &child), 0);
    read_all(child.streams[1], text, sizeof text);
    assert_int_equal(code_of(&child), 128 + SIGUSR1);
    assert_string_equal(text, "");
    signal(SIGUSR1, SIG_IGN);
    assert_int_equal(plat_spawn(&what, &child), 0);
    read_all(child.streams[1], text, sizeof text);
    assert_int_equal(code_of(&child), 0);
    assert_string_equal(text, "survived\n");
    signal(SIGUSR1, SIG_DFL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(output_is_read_through_a_pipe),
        cmocka_unit_test(arguments_arrive_unchanged),
        cmocka_unit_test(input_cwd_and_environment),
        cmocka_unit_test(streams_may_be_swapped),
        cmocka_unit_test(what_refuses_is_said),
        cmocka_unit_test(the_answer_is_no_output),
        cmocka_unit_test(what_is_no_child_gets_no_signal),
        cmocka_unit_test(a_group_ends_as_a_whole),
        cmocka_unit_test(signals_are_reset),
    };
    return cmocka_run_group_tests_name("process", tests, NULL, NULL);
}
