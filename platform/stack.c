/* stack.c: the calling thread's stack.
 * Invariant: see platform.h.
 * SPDX-License-Identifier: MIT */
#include "platform.h"

_Thread_local uintptr_t plat_stack_floor;

enum { GUESS = 128 * 1024 };

void plat_stack_measure(void) {
    plat_stack_floor = ((uintptr_t)__builtin_frame_address(0) - GUESS) & ~(uintptr_t)4095;
}

size_t plat_stack_run(size_t size, void (*fn)(void *arg), void *arg) {
    (void)size;
    fn(arg);
    return 0;
}
