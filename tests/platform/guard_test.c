/* guard_test.c: touching memory that is not there, with and without our handlers.
 * SPDX-License-Identifier: MIT */
#include "crash.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

/* Three pages: readable, then a hole, then readable. */
static char *pages;

static int map_pages(void **state) {
    (void)state;
    pages = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(pages, 'x', 3 * 4096);
    return pages == MAP_FAILED || mprotect(pages + 4096, 4096, PROT_NONE) != 0;
}

/* A mapping of two pages of a file that has only one any more. */
static char *truncated_mapping(void) {
    char name[] = "/tmp/moonbear-guard-XXXXXX";
    int fd = mkstemp(name);
    assert_true(fd >= 0);
    unlink(name);
    assert_int_equal(ftruncate(fd, 8192), 0);
    char *map = mmap(NULL, 8192, PROT_READ, MAP_SHARED, fd, 0);
    assert_ptr_not_equal(map, MAP_FAILED);
    assert_int_equal(ftruncate(fd, 4096), 0);
    close(fd);
    return map;
}

static void check_copies(void) {
    static char to[3 * 4096];
    char *map = truncated_mapping();
    assert_int_equal(plat_copy(to, pages, 4096), 0);
    assert_int_equal(to[4095], 'x');
    assert_int_equal(plat_copy(to, pages + 4096, 1), -EFAULT);
    assert_int_equal(plat_copy(to, pages + 4090, 100), -EFAULT);
    assert_int_equal(plat_copy(to, pages, sizeof to), -EFAULT);
    assert_int_equal(plat_copy(to, pages + 8192, 4096), 0);
    assert_int_equal(plat_copy(to, NULL, 8), -EFAULT);
    assert_int_equal(plat_copy(to, (void *)UINTPTR_MAX, 8), -EFAULT);
    assert_int_equal(plat_copy(to, (void *)(UINTPTR_MAX / 3), 8), -EFAULT);
    assert_int_equal(plat_copy(to, NULL, 0), 0);
    assert_int_equal(plat_copy(to, map, 4096), 0);
    assert_int_equal(plat_copy(to, map + 4096, 1), -EFAULT);
    assert_int_equal(plat_copy(to, map, 8192), -EFAULT);
    munmap(map, 8192);
}

static void copies_without_handlers(void **state) {
    (void)state;
    assert_false(guard_armed);
    check_copies();
}

static void copies_with_handlers(void **state) {
    (void)state;
    plat_crash_begin();
    assert_true(guard_armed);
    check_copies();
}

static void readable(void **state) {
    (void)state;
    if (plat_readable(pages) < 0) skip();
    assert_int_equal(plat_readable(pages), 1);
    assert_int_equal(plat_readable(pages + 4096), 0);
    assert_int_equal(plat_readable(NULL), 0);
}

static volatile int steps;

static void touch(void *at) {
    steps = steps + 1;
    steps = steps + (*(volatile char *)at == 'x');
    steps = steps + 1;
}

static void inner_fault(void *unused) {
    (void)unused;
    steps = 0;
    assert_int_equal(plat_guarded(touch, pages + 4096, pages, pages + 3 * 4096), -EFAULT);
    assert_int_equal(steps, 1);
    /* This guard covers another place: the fault goes to the outer one. */
    plat_guarded(touch, pages + 4096, pages, pages + 4096);
    steps = 100;
}

/* cmocka takes the signals for itself at the start of every test. */
static void guards_nest(void **state) {
    (void)state;
    plat_crash_begin();
    assert_int_equal(plat_guarded(inner_fault, NULL, pages, pages + 3 * 4096), -EFAULT);
    assert_int_equal(steps, 2);
    steps = 0;
    assert_int_equal(plat_guarded(touch, pages, pages, pages + 4096), 0);
    assert_int_equal(steps, 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(readable),
        cmocka_unit_test(copies_without_handlers),
        cmocka_unit_test(copies_with_handlers),
        cmocka_unit_test(guards_nest),
    };
    return cmocka_run_group_tests_name("guard", tests, map_pages, NULL);
}
