/* stack.c: which answer about the calling thread's stack is believed, and whether recursion may go on.
 * Invariant: plat_stack_floor and plat_stack_check always follow `now`; both are 0 until the thread is measured.
 * SPDX-License-Identifier: MIT */
#include "stack.h"

#include <errno.h>
#include <string.h>

_Thread_local uintptr_t plat_stack_floor;
_Thread_local struct plat_stack_check plat_stack_check;

/* known: the bounds in use. own: the mapping of plat_stack_run that the thread runs on, and given_sp: where it left
 * the stack that it was given. overflow_at: the frame that began to overflow, while that is being handled.
 * disproved: a frame was seen below the floor of a guess. */
static _Thread_local struct stack_saved now;

const char *plat_confidence_name(enum plat_confidence confidence) {
    switch (confidence) {
    case PLAT_LOW: return "low";
    case PLAT_MEDIUM: return "medium";
    case PLAT_HIGH: return "high";
    case PLAT_EXACT: return "exact";
    }
    return "none";
}

/* printf of a double and reading one take 8 to 10 KiB in musl: half of the least margin holds that. */
size_t stack_margin(size_t size) {
    size_t quarter = size / 4;
    if (quarter > 64 * 1024) return 64 * 1024;
    if (quarter >= 24 * 1024) return quarter;
    return size < 48 * 1024 ? size / 2 : 24 * 1024;
}

static int is_aligned(const struct plat_stack_bounds *b, size_t page) {
    return ((b->lo | b->hi) & (page - 1)) == 0;
}

static int holds(const struct plat_stack_bounds *b, uintptr_t sp) {
    return b->lo <= sp && sp < b->hi;
}

const char *stack_doubt(const struct plat_stack_bounds *b, uintptr_t sp, size_t page) {
    if (b->lo >= b->hi || !is_aligned(b, page)) return "not the bounds of anything";
    if (!holds(b, sp)) return "the stack pointer lies outside";
    if (b->hi - b->lo < STACK_SMALLEST) return "smaller than any stack";
    if (sp - b->lo < stack_margin(b->hi - b->lo)) return "leaves no room below the stack pointer";
    return NULL;
}

typedef int method(const struct stack_sources *, struct plat_stack_bounds *);
enum { LADDER = 4 };

/* About the main thread its C library is asked last: that costs most, and says least there. */
static method *const for_main[LADDER] = { stack_auxv, stack_probe, stack_maps, stack_pthread };
static method *const for_thread[LADDER] = { stack_pthread, stack_maps, stack_auxv, stack_probe };

static const char *praise(const struct plat_stack_bounds *b) {
    switch (b->confidence) {
    case PLAT_EXACT: return "told by who made the stack";
    case PLAT_HIGH: return "told by the host and confirmed by the kernel";
    case PLAT_MEDIUM: return "the best answer that makes sense";
    case PLAT_LOW: break;
    }
    return "nothing better makes sense";
}

static const char *refusal(int error) {
    if (error == -ESRCH) return "says nothing about this thread";
    if (error == -EFAULT) return "the kernel does not let the stack be read that far";
    return "refused";
}

/* One question; returns 1 when the answer can be believed. `floor` is the highest end of a stack that is too full to
 * be believed: even the guess must not go below it. */
static int consider(method *ask, const struct stack_sources *s, struct plat_stack_answer *a, uintptr_t *floor) {
    memset(a, 0, sizeof *a);
    a->error = ask(s, &a->bounds);
    a->why = a->error ? refusal(a->error) : stack_doubt(&a->bounds, s->sp, s->page);
    if (a->error) a->bounds.lo = a->bounds.hi = 0;
    if (!a->why) {
        a->why = "in reserve";
        return 1;
    }
    if (!a->error && holds(&a->bounds, s->sp) && is_aligned(&a->bounds, s->page) && a->bounds.lo > *floor) *floor = a->bounds.lo;
    return 0;
}

void stack_choose(const struct stack_sources *s, struct plat_stack_bounds *bounds, struct plat_stack_answer *answers) {
    method *const *ladder = s->main ? for_main : for_thread;
    struct plat_stack_answer one, *chosen = NULL;
    uintptr_t floor = 0;
    for (int i = 0; i < LADDER && (answers || !chosen); i++) {
        struct plat_stack_answer *a = answers ? &answers[i + 1] : &one;
        if (consider(ladder[i], s, a, &floor) && !chosen) chosen = a;
    }
    if (answers || !chosen) {
        struct plat_stack_answer *a = answers ? &answers[LADDER + 1] : &one;
        consider(stack_guess, s, a, &floor);
        if (a->bounds.lo < floor && !chosen) a->bounds.lo = floor;
        if (!chosen) chosen = a;
    }
    chosen->chosen = 1;
    chosen->why = praise(&chosen->bounds);
    *bounds = chosen->bounds;
}

/* While an overflow is handled, half of the margin is free. A stack that is shallow so far asks at the end of that, too. */
static void apply(void) {
    size_t margin = stack_margin(now.known.hi - now.known.lo);
    plat_stack_floor = now.known.lo;
    plat_stack_check.limit = now.known.lo + (now.overflow_at ? margin / 2 : margin);
    if (plat_stack_check.limit < now.shallow) plat_stack_check.limit = now.shallow;
    plat_stack_check.span = now.known.hi - plat_stack_check.limit;
}

void plat_stack_measure(void) {
    uintptr_t sp = (uintptr_t)__builtin_frame_address(0);
    if (holds(&now.own, sp)) {
        now.known = now.own;
    } else {
        struct stack_sources host;
        stack_host(&host, sp);
        stack_choose(&host, &now.known, NULL);
        now.shallow = 0;
    }
    if (now.overflow_at && !holds(&now.known, now.overflow_at)) now.overflow_at = 0;
    apply();
}

void plat_stack_bounds(struct plat_stack_bounds *bounds) {
    if (!plat_stack_floor) plat_stack_measure();
    *bounds = now.known;
}

void plat_stack_answers(struct plat_stack_answer answers[PLAT_STACK_METHODS]) {
    uintptr_t sp = (uintptr_t)__builtin_frame_address(0);
    struct plat_stack_bounds unused;
    struct stack_sources host;
    int inside = holds(&now.own, sp);
    stack_host(&host, inside ? now.given_sp : sp);
    stack_choose(&host, &unused, answers);
    answers[0] = (struct plat_stack_answer){ { .method = "own mapping" }, 0, inside, "not running on one" };
    if (!inside) return;
    for (int i = 1; i < PLAT_STACK_METHODS; i++) {
        if (answers[i].chosen) answers[i].why = "would be chosen on the given stack";
        answers[i].chosen = 0;
    }
    answers[0].bounds = now.own;
    answers[0].why = praise(&now.own);
}

/* A recursion that has come so far goes on as a rule, and mostly to the end: huge pages spare it thousands of faults. */
static void deepen(void) {
    plat_pages_huge((void *)now.known.lo, now.shallow - now.known.lo);
    now.shallow = 0;
    apply();
}

/* `frame` may be one that is only planned: what proves anything is where this one is. One outside the bounds says that they
 * are not this stack's: measure again. One below the floor of a mere guess says that nothing better will be known: from then
 * on every frame that looks low is measured anew, so only what the probe finds unreadable stops it, and counting calls must
 * do the rest. */
int plat_stack_low_slow(uintptr_t frame) {
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    int outside = !holds(&now.known, here) || frame >= now.known.hi;
    if (here < now.known.lo && now.known.confidence == PLAT_LOW) now.disproved = 1;
    if (outside || now.disproved) plat_stack_measure();
    if (frame < now.shallow) deepen();
    return frame < plat_stack_check.limit;
}

int plat_stack_trusted(void) {
    return !now.disproved;
}

int plat_overflow_begin(void) {
    if (now.overflow_at) return 0;
    now.overflow_at = (uintptr_t)__builtin_frame_address(0);
    apply();
    return 1;
}

void plat_overflow_end(void) {
    if (!now.overflow_at || (uintptr_t)__builtin_frame_address(0) <= now.overflow_at) return;
    now.overflow_at = 0;
    apply();
}

void stack_enter(const struct plat_stack_bounds *bounds, uintptr_t given_sp, struct stack_saved *saved) {
    *saved = now;
    now = (struct stack_saved){ .known = *bounds, .own = *bounds, .given_sp = given_sp };
    if (bounds->hi - bounds->lo > 2 * STACK_SHALLOW) now.shallow = bounds->hi - STACK_SHALLOW;
    apply();
}

void stack_leave(const struct stack_saved *saved) {
    now = *saved;
    if (now.known.hi) {
        apply();
        return;
    }
    plat_stack_floor = 0;
    plat_stack_check = (struct plat_stack_check){ 0, 0 };
}
