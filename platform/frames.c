/* frames.c: the native frames of interrupted code, by libunwind, or else by the chain of frame pointers.
 * Invariant: see crash.h; what is read of the stack is read through plat_copy or libunwind's own probe.
 * SPDX-License-Identifier: MIT */
#include "crash.h"

#include <string.h>

#define UNW_LOCAL_ONLY
#include <libunwind.h>

#if defined __x86_64__
#define FRAME_POINTER UNW_X86_64_RBP
#elif defined __aarch64__
#define FRAME_POINTER UNW_AARCH64_X29
#endif

extern const char __ehdr_start[] __attribute__((visibility("hidden")));

/* A deep recursion shows its beginning and its end. */
enum { FIRST = 24, LAST = 8, MOST = 200000 };

/* What has been walked: the last LAST addresses are kept, to be shown when the walk ends. */
struct walk {
    struct plat_report *report;
    size_t count;
    uintptr_t kept[LAST];
};

void frames_warm(void) {
    unw_context_t context;
    unw_cursor_t cursor;
    if (unw_getcontext(&context) < 0 || unw_init_local(&cursor, &context) < 0) return;
    unw_set_caching_policy(unw_local_addr_space, UNW_CACHE_NONE);
}

/* A return address belongs to the call before it; only the interrupted frame's own address is exact. */
static void write_frame(struct plat_report *report, size_t number, uintptr_t ip) {
    size_t offset = 0;
    const char *name = plat_symbol(number == 0 ? ip : ip - 1, &offset);
    plat_report_text(report, number < 10 ? "   #" : "  #");
    plat_report_number(report, number);
    plat_report_text(report, "  ");
    plat_report_address(report, ip - (uintptr_t)__ehdr_start);
    if (name) {
        plat_report_text(report, "  ");
        plat_report_text(report, name);
        plat_report_text(report, "+");
        plat_report_address(report, offset + (number != 0));
    }
    plat_report_line(report);
}

static void walked(struct walk *walk, uintptr_t ip) {
    if (walk->count < FIRST) write_frame(walk->report, walk->count, ip);
    walk->kept[walk->count % LAST] = ip;
    walk->count++;
}

static void walk_end(const struct walk *walk) {
    size_t from = walk->count < FIRST + LAST ? FIRST : walk->count - LAST;
    if (from > FIRST) {
        plat_report_text(walk->report, "   ...  ");
        plat_report_number(walk->report, from - FIRST);
        plat_report_text(walk->report, " frames more");
        plat_report_line(walk->report);
    }
    for (size_t i = from; i < walk->count; i++) write_frame(walk->report, i, walk->kept[i % LAST]);
}

static void walk_unwind(struct walk *walk, unw_cursor_t *cursor) {
    unw_word_t ip;
    while (walk->count < MOST && unw_get_reg(cursor, UNW_REG_IP, &ip) == 0 && ip != 0) {
        walked(walk, ip);
        if (unw_step(cursor) <= 0) break;
    }
}

/* Each frame begins with the caller's frame pointer and the return address; _start and clone leave a zero. */
static void walk_pointers(struct walk *walk, uintptr_t frame, uintptr_t sp, uintptr_t top) {
    uintptr_t pair[2];
    uintptr_t least = sp;
    while (walk->count < MOST && frame >= least && frame <= top - sizeof pair && frame % sizeof frame == 0) {
        if (plat_copy(pair, (const void *)frame, sizeof pair) != 0 || pair[1] == 0) return;
        walked(walk, pair[1]);
        least = frame + sizeof pair;
        frame = pair[0];
    }
}

static int begin(unw_cursor_t *cursor, void *context) {
    return unw_init_local2(cursor, context, UNW_INIT_SIGNAL_FRAME);
}

uintptr_t frames_sp(void *context) {
    unw_cursor_t cursor;
    unw_word_t sp = 0;
    if (begin(&cursor, context) < 0 || unw_get_reg(&cursor, UNW_REG_SP, &sp) < 0) return 0;
    return sp;
}

void frames_write(struct plat_report *report, void *context, const struct plat_stack_bounds *stack) {
    struct walk walk = { .report = report };
    unw_cursor_t cursor;
    unw_word_t frame = 0, sp = 0;
    if (begin(&cursor, context) < 0) return;
    unw_get_reg(&cursor, UNW_REG_SP, &sp);
    unw_get_reg(&cursor, FRAME_POINTER, &frame);
    walk_unwind(&walk, &cursor);
    if (walk.count <= 1 && stack) walk_pointers(&walk, frame, sp, stack->hi);
    walk_end(&walk);
}
