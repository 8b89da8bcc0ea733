/* entries.c: a host hands 1.7 million entries to Lua and takes them back: by the means of stock Lua, which fail, and by a store.
 * SPDX-License-Identifier: MIT
 *
 * The means that fail are those that programs use: every value on the C stack of the function that hands them over, and every
 * value on the stack of a coroutine kept for that (an "auxiliary stack", where each handle of the host has a slot). */
#include "host.h"

#include <string.h>

#include <lauxlib.h>

enum { ENTRIES = 1700000 };

/* ---- Stock means -------------------------------------------------------------------------------------------- */

static int hand_over_the_c_stack(lua_State *L, void *taken) {
    for (int i = 0; i < ENTRIES; i++) {
        luaL_checkstack(L, 1, "too many entries");
        lua_pushinteger(L, i);
        *(int *)taken = i;
    }
    return 0;
}

static int hand_over_an_auxiliary_stack(lua_State *L, void *taken) {
    lua_State *auxiliary = lua_newthread(L);
    for (int i = 0; i < ENTRIES; i++) {
        if (!lua_checkstack(auxiliary, 1)) return luaL_error(L, "out of auxiliary stack space (%d values)", i);
        lua_pushinteger(auxiliary, i);
        *(int *)taken = i;
    }
    return 0;
}

static void stock_means_fail(mb_runtime *runtime) {
    int taken = 0;
    CHECK(mb_protect(runtime, hand_over_the_c_stack, &taken) == MB_ERROR);
    CHECK(strstr(mb_error(runtime), "stack overflow (too many entries)"));
    CHECK(taken < ENTRIES - 1);
    printf("the C stack: %s after %d\n", mb_error(runtime), taken + 1);
    CHECK(mb_protect(runtime, hand_over_an_auxiliary_stack, &taken) == MB_ERROR);
    CHECK(strstr(mb_error(runtime), "out of auxiliary stack space"));
    CHECK(taken < ENTRIES - 1);
    printf("a coroutine's stack: %s\n", mb_error(runtime));
}

/* ---- A store ------------------------------------------------------------------------------------------------ */

struct exchange {
    mb_store *store;
    mb_id *ids;
    int top; /* of the stack, which must stay where it is */
};

/* Each entry is a table, so that it has an identity: { i, "entry i" }. */
static int hand_over(lua_State *L, void *argument) {
    struct exchange *x = argument;
    for (int i = 0; i < ENTRIES; i++) {
        lua_createtable(L, 2, 0);
        lua_pushinteger(L, i);
        lua_rawseti(L, -2, 1);
        lua_pushfstring(L, "entry %d", i % 1000);
        lua_rawseti(L, -2, 2);
        if (mb_put(x->store, L, &x->ids[i]) != MB_OK) return luaL_error(L, "entry %d was refused", i);
        if (lua_gettop(L) != x->top) return luaL_error(L, "the stack has grown");
    }
    return 0;
}

static int take_back(lua_State *L, void *argument) {
    struct exchange *x = argument;
    for (int i = 0; i < ENTRIES; i++) {
        if (mb_push(x->store, L, x->ids[i]) != MB_OK) return luaL_error(L, "entry %d is gone", i);
        lua_rawgeti(L, -1, 1);
        if (lua_tointeger(L, -1) != 2 * i) return luaL_error(L, "entry %d is another's", i);
        lua_settop(L, x->top);
    }
    return 0;
}

/* Lua sees all entries, each once, and changes them. */
static const char visit[] =
    "local sum, n = 0, 0\n"
    "for id, entry in entries:each() do sum, n = sum + entry[1], n + 1 entry[1] = 2 * entry[1] end\n"
    "return n, sum";

static void visit_in_lua(mb_runtime *runtime) {
    mb_value results[2];
    size_t count = 2;
    mb_id chunk;
    SUCCEEDS(runtime, mb_load(runtime, visit, sizeof visit - 1, "=visit", &chunk));
    SUCCEEDS(runtime, mb_call_id(runtime, chunk, NULL, 0, results, &count));
    CHECK(count == 2 && results[0].as.number == ENTRIES);
    CHECK(results[1].as.number == (double)ENTRIES * (ENTRIES - 1) / 2);
    mb_release(mb_own_store(runtime), chunk);
}

static void the_store_holds_them(mb_runtime *runtime) {
    struct exchange x = { NULL, malloc(ENTRIES * sizeof(mb_id)), 0 };
    mb_store_stats stats = { .size = sizeof stats };
    CHECK(x.ids);
    SUCCEEDS(runtime, mb_store_open(runtime, NULL, &x.store));
    SUCCEEDS(runtime, mb_store_share(x.store, "entries"));
    ptrdiff_t before = mb_stack_remaining();
    SUCCEEDS(runtime, mb_protect(runtime, hand_over, &x));
    visit_in_lua(runtime);
    SUCCEEDS(runtime, mb_protect(runtime, take_back, &x));
    CHECK(mb_stack_remaining() == before);
    for (int i = 0; i < ENTRIES; i++) CHECK(mb_release(x.store, x.ids[i]) == MB_OK);
    CHECK(mb_push(x.store, mb_lua(runtime), x.ids[7]) == MB_STALE);
    SUCCEEDS(runtime, mb_store_count(x.store, &stats));
    CHECK(stats.live == 0 && stats.peak == ENTRIES && stats.puts == ENTRIES);
    printf("a store: %d there and back, %zu bytes left of it\n", ENTRIES, stats.bytes);
    mb_store_close(x.store);
    free(x.ids);
}

int main(void) {
    mb_runtime *runtime;
    SUCCEEDS(NULL, mb_open(NULL, &runtime));
    stock_means_fail(runtime);
    the_store_holds_them(runtime);
    mb_close(runtime);
    return 0;
}
