/* lua_store.c: stores for scripts: the methods.
 * Invariant: see lua_store.h.
 * SPDX-License-Identifier: MIT */
#include "store/lua_store.h"

#include "lauxlib.h"

#include "store/inside.h"
#include "store/pages.h"

enum { LEAKS_SHOWN = 10 };

int lua_store_raise_at(lua_State *L, int level, struct store *store, int error, double id) {
    luaL_where(L, level);
    store_explain(L, store, error, id);
    lua_concat(L, 2);
    return lua_error(L);
}

int lua_store_raise(lua_State *L, struct store *store, int error, double id) {
    return lua_store_raise_at(L, 1, store, error, id);
}

/* Upvalue 1 of every method is the metatable of its objects: cheaper to compare than to look up by name. */
void *lua_store_userdata(lua_State *L, const char *name) {
    void *block = lua_touserdata(L, 1);
    if (block && lua_getmetatable(L, 1)) {
        int is_it = lua_rawequal(L, -1, lua_upvalueindex(1));
        lua_pop(L, 1);
        if (is_it) return block;
    }
    luaL_typerror(L, 1, name);
    return NULL;
}

struct store *lua_store_self(lua_State *L) {
    return lua_store_userdata(L, "store");
}

int lua_store_put_id(lua_State *L, struct store *store, int result, uint64_t id) {
    if (result < 0) return lua_store_raise(L, store, result, 0);
    lua_pushnumber(L, (double)id);
    return 1;
}

/* put(v [, tag]): leaves the value on top; returns the index of the tag, or 0. */
int lua_store_arguments(lua_State *L) {
    luaL_checkany(L, 2);
    lua_settop(L, 3);
    int tag = lua_isnil(L, 3) ? 0 : 3;
    lua_pushvalue(L, 2);
    return tag;
}

/* ---- Stores ---------------------------------------------------------------------------------------------- */

static int store_lua_put(lua_State *L) {
    struct store *store = lua_store_self(L);
    uint64_t id = 0;
    int tag = lua_store_arguments(L);
    int result = store_put(L, store, tag, &id);
    return lua_store_put_id(L, store, result, id);
}

static int store_lua_get(lua_State *L) {
    struct store *store = lua_store_self(L);
    double id = luaL_checknumber(L, 2);
    int result = store_get(L, store, slots_number(id));
    return result < 0 ? lua_store_raise(L, store, result, id) : 1;
}

/* Any value may be asked about: only a number, or a text that Lua takes for one, can be an id; 0 is none. */
static uint64_t soft_id(lua_State *L) {
    return lua_isnumber(L, 2) ? slots_number(lua_tonumber(L, 2)) : 0;
}

static int store_lua_peek(lua_State *L) {
    struct store *store = lua_store_self(L);
    return store_peek(L, store, soft_id(L)) == 0;
}

static int store_lua_has(lua_State *L) {
    struct store *store = lua_store_self(L);
    lua_pushboolean(L, store_find(L, store, soft_id(L)).page != NULL);
    return 1;
}

static int store_lua_replace(lua_State *L) {
    struct store *store = lua_store_self(L);
    double id = luaL_checknumber(L, 2);
    luaL_checkany(L, 3);
    lua_settop(L, 3);
    int result = store_replace(L, store, slots_number(id));
    return result < 0 ? lua_store_raise(L, store, result, id) : 0;
}

static int store_lua_swap(lua_State *L) {
    struct store *store = lua_store_self(L);
    double id = luaL_checknumber(L, 2);
    luaL_checkany(L, 3);
    lua_settop(L, 3);
    int result = store_get(L, store, slots_number(id));
    if (result < 0) return lua_store_raise(L, store, result, id);
    lua_insert(L, 3);
    store_replace(L, store, slots_number(id));
    return 1;
}

static int store_lua_take(lua_State *L) {
    struct store *store = lua_store_self(L);
    double id = luaL_checknumber(L, 2);
    int result = store_get(L, store, slots_number(id));
    if (result < 0) return lua_store_raise(L, store, result, id);
    store_release(L, store, slots_number(id));
    return 1;
}

static int store_lua_release(lua_State *L) {
    struct store *store = lua_store_self(L);
    lua_pushboolean(L, store_release(L, store, slots_number(luaL_checknumber(L, 2))));
    return 1;
}

static int store_lua_set(lua_State *L) {
    struct store *store = lua_store_self(L);
    uint64_t id = 0;
    luaL_checkstring(L, 2);
    luaL_checkany(L, 3);
    lua_settop(L, 3);
    int result = store_name(L, store, &id);
    return lua_store_put_id(L, store, result, id);
}

/* named(name): its value and id; nothing without one. */
static int store_lua_named(lua_State *L) {
    struct store *store = lua_store_self(L);
    luaL_checkstring(L, 2);
    lua_settop(L, 2);
    uint64_t id = store_named(L, store);
    if (!id || store_peek(L, store, id) < 0) return 0;
    lua_pushnumber(L, (double)id);
    return 2;
}

static int store_lua_unset(lua_State *L) {
    struct store *store = lua_store_self(L);
    luaL_checkstring(L, 2);
    lua_settop(L, 2);
    lua_pushboolean(L, store_unname(L, store));
    return 1;
}

/* Upvalues: the store, the cursor, the tag. */
static int next_value(lua_State *L) {
    struct store *store = lua_touserdata(L, lua_upvalueindex(1));
    uint64_t cursor = (uint64_t)lua_tonumber(L, lua_upvalueindex(2)), id;
    int tag = 0;
    lua_settop(L, 0);
    if (!lua_isnil(L, lua_upvalueindex(3))) {
        lua_pushvalue(L, lua_upvalueindex(3));
        tag = 1;
    }
    if (!store_each(L, store, tag, &cursor, &id)) return 0;
    lua_pushnumber(L, (double)cursor);
    lua_replace(L, lua_upvalueindex(2));
    lua_pushnumber(L, (double)id);
    lua_insert(L, -3);
    return 3;
}

static int store_lua_each(lua_State *L) {
    struct store *store = lua_store_self(L);
    lua_settop(L, 2);
    store_sweep(L, store);
    lua_pushvalue(L, 1);
    lua_pushnumber(L, 0);
    lua_pushvalue(L, 2);
    lua_pushcclosure(L, next_value, 3);
    return 1;
}

/* limit([bytes]): false or 0 takes it away. */
static int store_lua_limit(lua_State *L) {
    struct store *store = lua_store_self(L);
    if (lua_toboolean(L, 2)) store_limit(store, lua_store_limit(L, 2));
    else if (lua_isboolean(L, 2)) store_limit(store, 0);
    if (store->limit) lua_pushnumber(L, (double)store->limit);
    else lua_pushnil(L);
    return 1;
}

static void set_number(lua_State *L, const char *name, double value) {
    lua_pushnumber(L, value);
    lua_setfield(L, -2, name);
}

static int store_lua_stats(lua_State *L) {
    struct store_stats stats;
    store_count(L, lua_store_self(L), &stats);
    lua_createtable(L, 0, 9);
    set_number(L, "live", (double)stats.live);
    set_number(L, "peak", (double)stats.peak);
    set_number(L, "free", (double)stats.free);
    set_number(L, "retired", (double)stats.retired);
    set_number(L, "puts", (double)stats.puts);
    set_number(L, "releases", (double)stats.releases);
    set_number(L, "stale", (double)stats.stale);
    set_number(L, "native", (double)stats.native);
    set_number(L, "bytes", (double)stats.bytes);
    return 1;
}

static int store_lua_leaks(lua_State *L) {
    struct store *store = lua_store_self(L);
    lua_Number n = luaL_optnumber(L, 2, LEAKS_SHOWN);
    luaL_argcheck(L, n >= 0, 2, "a count is not negative");
    if (store->leaks.mode == LEAKS_OFF) {
        lua_pushnil(L);
        lua_pushliteral(L, "leak tracking is off: make the store with leaks=\"sample\" or leaks=\"full\", or set " LUA_STORE_LEAKS "=1");
        return 2;
    }
    store_leaks(L, store, n > 1e9 ? (size_t)1e9 : (size_t)n);
    return 1;
}

static int store_lua_close(lua_State *L) {
    store_close(L, lua_store_self(L));
    return 0;
}

static int store_lua_tostring(lua_State *L) {
    struct store *store = lua_store_self(L);
    const char *quote = store->name[0] ? "\"" : "";
    lua_pushfstring(L, "store%s%s%s%s (", quote[0] ? " " : "", quote, store->name, quote);
    if (store->is_open) lua_pushfstring(L, "%f live)", (double)store->slots.live);
    else lua_pushliteral(L, "closed)");
    lua_concat(L, 2);
    return 1;
}

/* ---- Into the module ---------------------------------------------------------------------------------------- */

static const luaL_Reg store_methods[] = {
    { "put", store_lua_put },     { "get", store_lua_get },         { "peek", store_lua_peek },   { "has", store_lua_has },
    { "replace", store_lua_replace }, { "swap", store_lua_swap },   { "take", store_lua_take },   { "release", store_lua_release },
    { "ref", lua_store_ref },     { "set", store_lua_set },         { "named", store_lua_named }, { "unset", store_lua_unset },
    { "each", store_lua_each },   { "limit", store_lua_limit },     { "stats", store_lua_stats }, { "leaks", store_lua_leaks },
    { "close", store_lua_close }, { NULL, NULL },
};

void lua_store_push_methods(lua_State *L, const luaL_Reg *methods, int first, int upvalues) {
    lua_newtable(L);
    for (; methods->name; methods++) {
        for (int i = 0; i < upvalues; i++) lua_pushvalue(L, first + i);
        lua_pushcclosure(L, methods->func, upvalues);
        lua_setfield(L, -2, methods->name);
    }
}

/* __index comes last: lua_store_ready goes by it, and memory may be refused before. */
void lua_store_fill(lua_State *L) {
    pages_push_metatable(L, STORE_METATABLE, store_gc);
    int metatable = lua_gettop(L);
    lua_pushvalue(L, metatable);
    lua_pushcclosure(L, store_lua_tostring, 1);
    lua_setfield(L, metatable, "__tostring");
    lua_store_push_methods(L, store_methods, metatable, 1);
    lua_store_push_scope(L, metatable);
    lua_setfield(L, -2, "scope");
    lua_setfield(L, metatable, "__index");
    lua_pop(L, 1);
}
