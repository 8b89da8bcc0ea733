/* state.c: making a state, and asking what it uses.
 * Invariant: see engine.h.
 * SPDX-License-Identifier: MIT */
#include "engine.h"

#include <stdint.h>
#include <stdio.h>

#include "lgc.h"
#include "lstate.h"

#include "engine/account.h"

_Static_assert(sizeof(struct account) <= HEAP_HOME, "the account lies in the first arena");

/* Reached only by an error outside every protected call; the engine ends the process after it. */
static int panic(lua_State *L) {
    const char *message = lua_tostring(L, -1);
    fprintf(stderr, "PANIC: unprotected error in call to Lua API (%s)\n", message ? message : "no message");
    return 0;
}

static void set_cap(struct account *a, size_t bytes) {
    a->look_up = bytes == ENGINE_MEMORY_AUTO;
    a->cap = bytes == 0 || bytes == ENGINE_MEMORY_AUTO ? SIZE_MAX : bytes < ENGINE_MEMORY_LEAST ? ENGINE_MEMORY_LEAST : bytes;
    a->sensed = SIZE_MAX;
    account_draw(a);
}

lua_State *engine_new_with(const struct engine_options *options) {
    struct account *a = heap_home(sizeof *a);
    if (!a) return NULL;
    heap_open(&a->heap, sizeof *a);
    a->bytecode = options->bytecode;
    set_cap(a, options->memory);
    lua_State *L = lua_newstate(account_alloc, a);
    if (!L) {
        heap_close(&a->heap);
        return NULL;
    }
    a->main = a->running = L;
    lua_atpanic(L, panic);
    return L;
}

lua_State *engine_new(void) {
    return engine_new_with(&(struct engine_options){ .memory = 0 });
}

void engine_settle(lua_State *L) {
    global_State *g = G(L);
    g->GCthreshold = g->totalbytes / 100 * (lu_mem)g->gcpause;
}

lua_State *engine_main(lua_State *L) {
    return G(L)->mainthread;
}

void engine_memory(lua_State *L, struct engine_memory *memory) {
    const struct account *a = account_of(L);
    size_t total = a ? a->used + a->native : G(L)->totalbytes;
    memory->heap = G(L)->totalbytes;
    memory->native = a ? a->native : 0;
    memory->peak = a && a->peak > total ? a->peak : total;
    memory->limit = a && a->cap != SIZE_MAX ? a->cap : 0;
    memory->mapped = a ? a->heap.mapped + a->heap.large : 0;
}

void engine_limit_memory(lua_State *L, size_t bytes) {
    struct account *a = account_of(L);
    if (!a) return;
    set_cap(a, bytes);
    if (a->used > a->line) lua_gc(L, LUA_GCCOLLECT, 0);
}

int engine_bytecode(lua_State *L, int allow) {
    struct account *a = account_of(L);
    int before = a ? a->bytecode : 1;
    if (a) a->bytecode = allow;
    return before;
}
