/* output_test.c: descriptors that are slow, full, interrupted or refuse; files as memory and from file to file.
 * SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "platform.h"

static char name[64];

static int temporary(size_t size) {
    snprintf(name, sizeof name, "/tmp/moonbear-output-XXXXXX");
    int fd = mkstemp(name);
    assert_true(fd >= 0);
    assert_int_equal(ftruncate(fd, (off_t)size), 0);
    return fd;
}

static void full_pipe(int ends[2], int flags) {
    char block[4096] = { 0 };
    assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
    while (write(ends[1], block, sizeof block) > 0) continue;
    if (!(flags & O_NONBLOCK)) fcntl(ends[1], F_SETFL, 0);
}

/* A child that empties a pipe after a while; returns its id. */
static pid_t reader_after(const int ends[2], int milliseconds) {
    pid_t child = fork();
    if (child) return child;
    char block[65536];
    close(ends[1]);
    usleep((useconds_t)milliseconds * 1000);
    fcntl(ends[0], F_SETFL, 0);
    while (read(ends[0], block, sizeof block) > 0) continue;
    _exit(0);
}

static void test_spans_go_out_in_order(void **unused) {
    (void)unused;
    struct plat_span spans[] = { { "ab", 2 }, { "c", 1 }, { "def", 3 } };
    size_t written, got;
    char text[16] = "";
    int fd = temporary(0);
    assert_int_equal(plat_write(fd, spans, 3, &written), 0);
    assert_int_equal(written, 6);
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    assert_int_equal(plat_left(fd), 6);
    assert_int_equal(plat_read(fd, text, sizeof text, &got), 0);
    assert_int_equal(got, 6);
    assert_string_equal(text, "abcdef");
    assert_int_equal(plat_read(fd, text, sizeof text, &got), 0);
    assert_int_equal(got, 0);
    close(fd);
    unlink(name);
}

static void test_what_does_not_block_is_waited_for(void **unused) {
    (void)unused;
    int ends[2], status;
    struct plat_span span = { "xyz", 3 };
    size_t written;
    full_pipe(ends, O_NONBLOCK);
    pid_t child = reader_after(ends, 50);
    assert_int_equal(plat_write(ends[1], &span, 1, &written), 0);
    assert_int_equal(written, 3);
    close(ends[0]);
    close(ends[1]);
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
}

static void nothing(int number) {
    (void)number;
}

static void test_a_signal_is_told(void **unused) {
    (void)unused;
    int ends[2];
    struct plat_span span = { "x", 1 };
    size_t written;
    struct sigaction action = { .sa_handler = nothing }, before;
    struct itimerval soon = { .it_value = { 0, 20000 } };
    sigaction(SIGALRM, &action, &before);
    for (int flags = 0; flags <= O_NONBLOCK; flags += O_NONBLOCK) {
        full_pipe(ends, flags);
        setitimer(ITIMER_REAL, &soon, NULL);
        assert_int_equal(plat_write(ends[1], &span, 1, &written), -EINTR);
        assert_int_equal(written, 0);
        close(ends[0]);
        close(ends[1]);
    }
    sigaction(SIGALRM, &before, NULL);
}

static void test_refusals(void **unused) {
    (void)unused;
    struct plat_span spans[] = { { "x", 1 }, { "y", 1 } };
    size_t written;
    int full = open("/dev/full", O_WRONLY);
    assert_int_equal(plat_write(-1, spans, 2, &written), -EBADF);
    if (full < 0) return;
    assert_int_equal(plat_write(full, spans, 2, &written), -ENOSPC);
    close(full);
    assert_int_equal(plat_open("/nowhere/at/all"), -ENOENT);
}

static void test_memory_that_is_not_there(void **unused) {
    (void)unused;
    struct plat_map map;
    size_t written;
    int fd = temporary(8192), out = open("/dev/null", O_WRONLY);
    int to[2];
    assert_int_equal(pipe(to), 0);
    assert_int_equal(plat_map(name, &map), 0);
    assert_int_equal(ftruncate(fd, 0), 0);
    struct plat_span span = { map.data, map.size };
    assert_int_equal(plat_write(to[1], &span, 1, &written), -EFAULT);
    plat_unmap(&map);
    close(to[0]);
    close(to[1]);
    close(out);
    close(fd);
    unlink(name);
}

static void test_from_file_to_file(void **unused) {
    (void)unused;
    size_t written;
    int from = temporary(300000);
    char first[64];
    memcpy(first, name, sizeof first);
    int to = temporary(0);
    assert_int_equal(pwrite(from, "mark", 4, 299996), 4);
    int result = plat_send(to, from, 299990, 10, &written);
    if (result != -ENOSYS) {
        char text[11] = "";
        assert_int_equal(result, 0);
        assert_int_equal(written, 10);
        assert_int_equal(pread(to, text, 10, 0), 10);
        assert_memory_equal(text, "\0\0\0\0\0\0mark", 10);
        assert_int_equal(plat_send(to, from, 300000, 10, &written), -EFAULT);
        assert_int_equal(written, 0);
    }
    close(from);
    close(to);
    unlink(first);
    unlink(name);
}

static void test_what_cannot_be_mapped(void **unused) {
    (void)unused;
    struct plat_map map;
    char path[128];
    int fd = temporary(0);
    assert_int_equal(plat_map(name, &map), 0);
    assert_int_equal(map.size, 0);
    assert_non_null(map.data);
    plat_unmap(&map);
    close(fd);
    unlink(name);
    assert_int_equal(plat_map("/", &map), -EISDIR);
    assert_int_equal(plat_map("/dev/null", &map), -ENODEV);
    snprintf(path, sizeof path, "%s.fifo", name);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(plat_map(path, &map), -ENODEV); /* and it does not wait for a writer */
    unlink(path);
}

static void test_a_large_map_keeps_its_descriptor(void **unused) {
    (void)unused;
    struct plat_map map;
    int fd = temporary(PLAT_MAP_KEPT);
    assert_int_equal(plat_map(name, &map), 0);
    assert_true(map.file >= 0);
    assert_true(fcntl(map.file, F_GETFD) & FD_CLOEXEC);
    int file = map.file;
    plat_unmap(&map);
    assert_int_equal(fcntl(file, F_GETFD), -1);
    close(fd);
    unlink(name);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_spans_go_out_in_order),   cmocka_unit_test(test_what_does_not_block_is_waited_for),
        cmocka_unit_test(test_a_signal_is_told),        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_memory_that_is_not_there), cmocka_unit_test(test_from_file_to_file),
        cmocka_unit_test(test_what_cannot_be_mapped),   cmocka_unit_test(test_a_large_map_keeps_its_descriptor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
