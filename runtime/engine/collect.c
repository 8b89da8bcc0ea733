/* collect.c: when a state that is short of memory collects, and what happens when that does not help.
 * Invariant: a collection runs only where Lua itself may run one, or where every live object can be reached.
 * SPDX-License-Identifier: MIT */
#include "engine/inside.h"

#include "lgc.h"
#include "lstate.h"

#include "engine/account.h"

static void after(lua_State *L, struct account *a) {
    int stopped = a->stopped && a->pressed;
    a->pressed = a->collecting = 0;
    account_draw(a);
    if (stopped) G(L)->GCthreshold = MAX_LUMEM;
}

int engine_relieve(lua_State *L) {
    struct account *a = account_of(L);
    if (!a || !a->pressed || a->collecting) return 0;
    a->collecting = 1;
    luaC_fullgc(L);
    after(L, a);
    return 1;
}

void engine_cycle_end(lua_State *L) {
    struct account *a = account_of(L);
    if (!a) return;
    account_draw(a);
    heap_large_drop(&a->heap);
    heap_trim(&a->heap, a->used > a->heap.large ? a->used - a->heap.large : 0);
}

/* Finalizers that are due run at the next safe point. */
static void collect_quietly(lua_State *L, struct account *a) {
    if (a->collecting || !a->main) return;
    lu_mem threshold = G(L)->GCthreshold;
    int stopped = a->pressed ? a->stopped : threshold == MAX_LUMEM;
    a->collecting = 1;
    luaC_quietgc(L);
    a->pressed = 1;
    a->stopped = stopped;
    after(L, a);
    if (G(L)->tmudata) G(L)->GCthreshold = 0;
}

void engine_reserve(lua_State *L, size_t bytes) {
    struct account *a = account_of(L);
    if (a && a->used + bytes > a->line && account_full(a, bytes)) collect_quietly(L, a);
}

int engine_has_room(lua_State *L, size_t bytes) {
    struct account *a = account_of(L);
    return !a || a->used + bytes <= a->line || !account_full(a, bytes);
}

int engine_short(lua_State *L) {
    struct account *a = account_of(L);
    if (!a) return 0;
    int first = !a->short_of;
    a->short_of = a->heap.last_open = 1;
    a->handled = 0;
    if (first) account_draw(a);
    return first;
}

void engine_short_handled(lua_State *L) {
    struct account *a = account_of(L);
    if (a) a->handled = 1;
}

int engine_short_message(lua_State *L) {
    struct account *a = account_of(L);
    int handled = a && a->handled;
    if (a) a->handled = 0;
    return handled;
}

/* So little is left that an allocation may fail before the soft line asks for a collection. */
static int at_the_end(const struct account *a) {
    size_t base = account_base(a);
    return base != SIZE_MAX && a->soft >= base - base / 64;
}

/* A handler may catch a shortage of its own while all that the first has filled is still in use: then the garbage is what the
 * catcher of the first one finds. */
void engine_caught(lua_State *L) {
    struct account *a = account_of(L);
    if (!a) return;
    int was_short = a->short_of || a->again;
    a->short_of = a->collecting = a->heap.last_open = 0;
    if (was_short) account_draw(a);
    if (was_short || a->used > a->line) collect_quietly(L, a);
    a->again = was_short && at_the_end(a);
}

/* What is marked here is what the table's second scan would find. The barrier looks at its second object only. */
void engine_note(lua_State *L) {
    const TValue *value = L->top - 1;
    if (G(L)->gcstate == GCSpropagate && iscollectable(value) && iswhite(gcvalue(value)))
        luaC_barrierf(L, gcvalue(value), gcvalue(value));
}
