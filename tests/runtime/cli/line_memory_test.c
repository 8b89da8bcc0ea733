/* line_memory_test.c: a list of blocks that is left by a jump when memory is refused, and dropped as a whole.
 * SPDX-License-Identifier: MIT */
#include "cli/line_memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The address sanitizer ends the process at a size that cannot be, unless told to refuse it as malloc does. */
const char *__asan_default_options(void);
const char *__asan_default_options(void) {
    return "allocator_may_return_null=1";
}

static void nothing(void) {
}

static void *doomed;

static void frees_again(void) {
    line_free(doomed);
    line_free(doomed);
}

static void blocks_keep_what_is_in_them(void **state) {
    char *blocks[100];
    (void)state;
    for (int i = 0; i < 100; i++) {
        blocks[i] = line_malloc(8);
        assert_int_equal((uintptr_t)blocks[i] % _Alignof(max_align_t), 0);
        blocks[i][0] = (char)i;
    }
    for (int i = 0; i < 100; i += 3) line_free(blocks[i]);
    for (int i = 1; i < 100; i += 3) blocks[i] = line_realloc(blocks[i], 100000);
    for (int i = 0; i < 100; i++)
        if (i % 3) assert_int_equal(blocks[i][0], i);
    line_memory_drop(nothing);
}

static void calloc_clears_and_strdup_copies(void **state) {
    (void)state;
    char *zeros = line_calloc(10, 10), *text = line_strdup("text"), *empty = line_realloc(NULL, 1);
    for (int i = 0; i < 100; i++) assert_int_equal(zeros[i], 0);
    assert_string_equal(text, "text");
    line_free(empty);
    line_free(NULL);
    line_memory_drop(nothing);
}

/* Sizes that no machine has: refused at once, and the old block stays. */
static void a_refusal_jumps_out(void **state) {
    volatile int jumps = 0;
    volatile size_t most = SIZE_MAX; /* not for the compiler to see */
    char *volatile kept = line_strdup("kept");
    (void)state;
    for (volatile int how = 0; how < 4; how++) {
        if (setjmp(line_memory_refused) != 0) {
            jumps++;
            continue;
        }
        switch (how) {
        case 0: line_malloc(most); break;
        case 1: line_realloc(kept, most); break;
        case 2: line_calloc(most / 2, 3); break;
        default: line_calloc(most / 16, 8);
        }
        fail();
    }
    assert_int_equal(jumps, 4);
    assert_string_equal(kept, "kept");
    line_memory_drop(nothing);
}

static void what_reset_frees_twice_is_freed_once(void **state) {
    (void)state;
    doomed = line_malloc(1);
    line_malloc(2);
    line_memory_drop(frees_again);
    line_memory_drop(nothing);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_keep_what_is_in_them),
        cmocka_unit_test(calloc_clears_and_strdup_copies),
        cmocka_unit_test(a_refusal_jumps_out),
        cmocka_unit_test(what_reset_frees_twice_is_freed_once),
    };
    return cmocka_run_group_tests_name("line_memory", tests, NULL, NULL);
}
