/* stack_unwind_test.c: unwinding crosses plat_stack_run's switch of stacks, by libunwind and by frame pointers.
 * SPDX-License-Identifier: MIT */
#include "platform.h"

#define UNW_LOCAL_ONLY
#include <libunwind.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct seen {
    int frames;
    int by_pointer;
};

/* A frame is two words: the caller's frame and the return address. */
static __attribute__((noinline)) int chain_reaches(const void *wanted) {
    const void *const *frame = __builtin_frame_address(0);
    for (int i = 0; i < 16 && frame; i++, frame = *frame)
        if (frame == wanted) return 1;
    return 0;
}

static int count_frames(void) {
    unw_context_t context;
    unw_cursor_t cursor;
    int frames = 0;
    if (unw_getcontext(&context) < 0 || unw_init_local(&cursor, &context) < 0) return 0;
    while (unw_step(&cursor) > 0) frames++;
    return frames;
}

static const void *outer_frame;

static void look(void *argument) {
    struct seen *seen = argument;
    seen->frames = count_frames();
    seen->by_pointer = chain_reaches(outer_frame);
}

static __attribute__((noinline)) void look_from_here(struct seen *seen, size_t size) {
    outer_frame = __builtin_frame_address(0);
    plat_stack_run(size, look, seen);
    __asm__ volatile("" ::: "memory"); /* so that the call above is not the last thing done */
}

/* Three frames more on another stack: the switch, what it calls, and maybe `look` itself when nothing was inlined. */
static void unwinding_crosses_the_switch(void **state) {
    struct seen here = { 0, 0 }, there = { 0, 0 };
    (void)state;
    look_from_here(&here, 0);
    look_from_here(&there, 1 << 20);
    assert_true(here.frames > 3);
    assert_true(there.frames > here.frames && there.frames <= here.frames + 3);
    assert_true(here.by_pointer);
    assert_true(there.by_pointer);
}

int main(void) {
    const struct CMUnitTest tests[] = { cmocka_unit_test(unwinding_crosses_the_switch) };
    return cmocka_run_group_tests_name("stack_unwind", tests, NULL, NULL);
}
