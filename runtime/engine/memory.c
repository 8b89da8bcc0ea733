/* memory.c: counting a state's memory and keeping it below its cap.
 * Invariant: see account.h; the allocator never runs the collector, it only asks for one.
 * SPDX-License-Identifier: MIT */
#include "engine/account.h"

#include "lstate.h"

#include "platform.h"

enum { KEPT_LEAST = 16 * 1024, KEPT_MOST = 256 * 1024, LOOK_UP_STACK = 16 * 1024 };

struct account *account_of(lua_State *L) {
    global_State *g = G(L);
    return g->frealloc == account_alloc ? g->ud : NULL;
}

static size_t between(size_t low, size_t value, size_t high) {
    return value < low ? low : value > high ? high : value;
}

size_t account_base(const struct account *a) {
    size_t top = a->short_of ? a->cap : a->hard;
    return top < a->sensed ? top : a->sensed;
}

/* After a collection half of the way that is left to the limit may fill with garbage before the next: so a state that
 * lives near its limit collects ever more often, but never at every allocation. */
static void draw_soft(struct account *a, size_t live) {
    size_t base = account_base(a);
    size_t soft = base - base / 8;
    if (base == SIZE_MAX) soft = SIZE_MAX;
    else if (live >= base) soft = base;
    else if (live + (base - live) / 2 > soft) soft = live + (base - live) / 2;
    a->soft = soft;
}

static void draw_line(struct account *a) {
    a->line = a->soft > a->native ? a->soft - a->native : 0;
    if (a->look_up && a->line > ENGINE_LOOK_UP) a->line = ENGINE_LOOK_UP;
}

void account_draw(struct account *a) {
    if (a->cap == SIZE_MAX) a->hard = SIZE_MAX;
    else a->hard = a->cap - between(KEPT_LEAST, a->cap / 16, KEPT_MOST);
    draw_soft(a, a->used + a->native);
    draw_line(a);
}

int account_full(const struct account *a, size_t bytes) {
    size_t top = a->short_of ? a->cap : a->hard, total = a->used + a->native;
    return total > top || bytes > top - total;
}

/* Nine tenths of what the cgroup allows: the rest is for the program itself and for what does not count. */
static void look_up(struct account *a) {
    if (plat_stack_low_for(LOOK_UP_STACK)) return;
    a->look_up = 0;
    uint64_t allowed = plat_memory_limit();
    if (allowed) a->cap = (size_t)(allowed / 10 * 9);
    account_draw(a);
}

static void press(struct account *a) {
    if (!a->main || a->collecting) return;
    global_State *g = G(a->main);
    if (!a->pressed) a->stopped = g->GCthreshold == MAX_LUMEM;
    a->pressed = 1;
    g->GCthreshold = 0;
}

__attribute__((noinline)) void account_peak(struct account *a) {
    if (a->used + a->native > a->peak) a->peak = a->used + a->native;
    a->high = a->peak > a->native ? a->peak - a->native : 0;
}

void account_native(struct account *a, ptrdiff_t bytes) {
    if (bytes < 0) account_peak(a);
    a->native += (size_t)bytes;
    account_peak(a);
    draw_line(a);
    if (a->used > a->line && !a->look_up) press(a);
}

/* The kernel's refusal is a limit of its own: from now on collect before it is reached. */
static void sense(struct account *a) {
    a->sensed = a->used + a->native;
    account_draw(a);
    press(a);
}

/* The last block is given back: the state is gone, and with it a budget that nobody has ended. */
static void close_account(struct account *a) {
    if (a->budget) plat_cpu_timer_close(&a->timer);
    heap_close(&a->heap);
}

static __attribute__((noinline)) int slow_way(struct account *a, size_t more) {
    if (a->look_up) look_up(a);
    if (a->used + more <= a->line) return 1;
    if (account_full(a, more)) return 0;
    press(a);
    return 1;
}

void *account_alloc(void *account, void *block, size_t old_size, size_t new_size) {
    struct account *a = account;
    size_t used = a->used - old_size + new_size;
    if (new_size > old_size) {
        if (__builtin_expect(used > a->line, 0) && !slow_way(a, new_size - old_size)) return NULL;
    } else if (a->used > a->high) {
        account_peak(a);
    }
    void *result = engine_alloc(&a->heap, block, old_size, new_size);
    if (__builtin_expect(!result && new_size, 0)) {
        sense(a);
        return NULL;
    }
    a->used = used;
    if (__builtin_expect(used == 0, 0) && a->main) close_account(a);
    return result;
}

/* Most blocks of a state that grows are cut anew: what account_alloc would find out about each is known here. A leaf, so that
 * the common way saves no registers. */
__attribute__((noinline)) void *take_new(lua_State *L, size_t size) {
    global_State *g = G(L);
    struct account *a = g->ud;
    if (__builtin_expect(take_can(g, size) && a->used + size <= a->line, 1)) {
        void *block = heap_cut(&a->heap, heap_class(size));
        if (__builtin_expect(block != NULL, 1)) {
            a->used += size;
            g->totalbytes += size;
            return block;
        }
    }
    return luaM_realloc_(L, NULL, 0, size);
}
