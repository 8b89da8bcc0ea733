/* stack.c: the calling thread's stack.
 * Invariant: see platform.h.
 * SPDX-License-Identifier: MIT */
#include "platform.h"

#include <string.h>

_Thread_local uintptr_t plat_stack_floor;
_Thread_local struct plat_stack_check plat_stack_check;
static _Thread_local struct plat_stack_bounds known;

enum { GUESS = 128 * 1024, MARGIN = 32 * 1024, PAGE = 4096 };

const char *plat_confidence_name(enum plat_confidence confidence) {
    static const char *const names[] = { "none", "low", "medium", "high", "exact" };
    return names[confidence];
}

void plat_stack_measure(void) {
    uintptr_t sp = (uintptr_t)__builtin_frame_address(0);
    known.lo = (sp - GUESS) & -(uintptr_t)PAGE;
    known.hi = (sp & -(uintptr_t)PAGE) + 16 * PAGE;
    known.method = "guess";
    known.confidence = PLAT_LOW;
    plat_stack_floor = known.lo;
    plat_stack_check.limit = known.lo + MARGIN;
    plat_stack_check.span = known.hi - plat_stack_check.limit;
}

void plat_stack_bounds(struct plat_stack_bounds *bounds) {
    if (!known.hi) plat_stack_measure();
    *bounds = known;
}

void plat_stack_answers(struct plat_stack_answer answers[PLAT_STACK_METHODS]) {
    static const char *const names[] = { "own mapping", "pthread", "auxv+rlimit", "auxv+probe", "maps", "guess" };
    memset(answers, 0, PLAT_STACK_METHODS * sizeof *answers);
    for (int i = 0; i < PLAT_STACK_METHODS; i++) {
        answers[i].bounds.method = names[i];
        answers[i].why = "not asked yet";
    }
    plat_stack_bounds(&answers[PLAT_STACK_METHODS - 1].bounds);
    answers[PLAT_STACK_METHODS - 1].chosen = 1;
}

int plat_stack_low_slow(uintptr_t frame) {
    if (frame >= known.lo && frame < plat_stack_check.limit) return 1;
    plat_stack_measure();
    return 0;
}

static _Thread_local uintptr_t overflow_at;

int plat_overflow_begin(void) {
    if (overflow_at) return 0;
    overflow_at = (uintptr_t)__builtin_frame_address(0);
    plat_stack_check.limit -= MARGIN / 2;
    plat_stack_check.span += MARGIN / 2;
    return 1;
}

void plat_overflow_end(void) {
    if (!overflow_at || (uintptr_t)__builtin_frame_address(0) <= overflow_at) return;
    overflow_at = 0;
    plat_stack_check.limit += MARGIN / 2;
    plat_stack_check.span -= MARGIN / 2;
}

int plat_stack_trusted(void) {
    return known.confidence > PLAT_LOW;
}

size_t plat_stack_run(size_t size, void (*fn)(void *arg), void *arg) {
    (void)size;
    fn(arg);
    return 0;
}
