/* lua_results.c: results per coroutine for scripts.
 * Invariant: see lua_store.h.
 * SPDX-License-Identifier: MIT */
#include "lauxlib.h"

#include "store/lua_store.h"
#include "store/results.h"

static void check_self(lua_State *L) {
    if (!results_at(L, 1)) luaL_typerror(L, 1, "results");
}

/* A coroutine, or what coroutine.running says in the main program: nil. */
static void check_key(lua_State *L) {
    check_self(L);
    luaL_checkany(L, 2);
    if (!lua_isthread(L, 2) && lua_toboolean(L, 2)) luaL_typerror(L, 2, "coroutine");
}

static int results_lua_set(lua_State *L) {
    check_key(L);
    int result = results_set(L, 1, 2, lua_gettop(L) - 2);
    if (result == 0) return 0;
    luaL_where(L, 1);
    lua_pushliteral(L, "not enough memory for the result");
    lua_concat(L, 2);
    return lua_error(L);
}

static int results_lua_get(lua_State *L) {
    check_key(L);
    int count = results_get(L, 1, 2);
    return count < 0 ? 0 : count;
}

static int results_lua_take(lua_State *L) {
    check_key(L);
    int count = results_get(L, 1, 2);
    if (count < 0) return 0;
    results_drop(L, 1, 2);
    return count;
}

static int results_lua_drop(lua_State *L) {
    check_key(L);
    lua_pushboolean(L, results_drop(L, 1, 2));
    return 1;
}

/* Upvalues: the results, the cursor. */
static int next_result(lua_State *L) {
    uint64_t cursor = (uint64_t)lua_tonumber(L, lua_upvalueindex(2));
    lua_settop(L, 0);
    lua_pushvalue(L, lua_upvalueindex(1));
    int count = results_each(L, 1, &cursor);
    lua_pushnumber(L, (double)cursor);
    lua_replace(L, lua_upvalueindex(2));
    return count;
}

static int results_lua_each(lua_State *L) {
    check_self(L);
    lua_settop(L, 1);
    lua_pushnumber(L, 0);
    lua_pushcclosure(L, next_result, 2);
    return 1;
}

static int results_lua_tostring(lua_State *L) {
    check_self(L);
    lua_pushfstring(L, "results (%f)", (double)results_count(L, 1));
    return 1;
}

void lua_results_fill(lua_State *L) {
    static const luaL_Reg methods[] = {
        { "set", results_lua_set },   { "get", results_lua_get },   { "take", results_lua_take },
        { "drop", results_lua_drop }, { "each", results_lua_each }, { NULL, NULL },
    };
    luaL_newmetatable(L, RESULTS_METATABLE);
    lua_newtable(L);
    luaL_register(L, NULL, methods);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, results_lua_tostring);
    lua_setfield(L, -2, "__tostring");
    lua_pop(L, 1);
}
