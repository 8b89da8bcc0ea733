/* lua_store.c: stores for scripts, and the module.
 * Invariant: see lua_store.h.
 * SPDX-License-Identifier: MIT */
#include "store/lua_store.h"

#include <stdlib.h>
#include <string.h>

#include "lauxlib.h"

#include "store/pages.h"
#include "store/results.h"
#include "store/store.h"

#define LEAKS_VARIABLE "MOONBEAR_LEAKS"
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

/* Any value may be asked about: only a number can be an id. */
static int store_lua_peek(lua_State *L) {
    struct store *store = lua_store_self(L);
    return lua_type(L, 2) == LUA_TNUMBER && store_peek(L, store, slots_number(lua_tonumber(L, 2))) == 0;
}

static int store_lua_has(lua_State *L) {
    struct store *store = lua_store_self(L);
    lua_pushboolean(L, lua_type(L, 2) == LUA_TNUMBER && store_find(L, store, slots_number(lua_tonumber(L, 2))).page != NULL);
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

/* A number of bytes, or a text such as "64M". */
static size_t check_limit(lua_State *L, int index) {
    static const char units[] = "KMG";
    char *end;
    double bytes = strtod(luaL_checkstring(L, index), &end);
    const char *unit = *end ? strchr(units, *end) : NULL;
    if (unit) {
        end++;
        for (const char *u = units; u <= unit; u++) bytes *= 1024;
    }
    if (*end || !(bytes >= 0 && bytes < 9e18)) luaL_error(L, "limit: bytes are expected, such as 1e6 or \"64M\", not '%s'", lua_tostring(L, index));
    return (size_t)bytes;
}

/* limit([bytes]): false or 0 takes it away. */
static int store_lua_limit(lua_State *L) {
    struct store *store = lua_store_self(L);
    if (lua_toboolean(L, 2)) store_limit(store, check_limit(L, 2));
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
        lua_pushliteral(L, "leak tracking is off: make the store with leaks=\"sample\" or leaks=\"full\", or set " LEAKS_VARIABLE "=1");
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

/* ---- The module ------------------------------------------------------------------------------------------ */

static void read_slots(lua_State *L, struct store_options *options) {
    lua_Number slots = lua_tonumber(L, -1);
    if (!(slots >= 1 && slots <= 4294967296.0)) luaL_error(L, "slots: a number from 1 to 2^32 is expected");
    options->slots = (uint64_t)slots;
}

static void read_leaks(lua_State *L, struct store_options *options) {
    static const char *const modes[] = { "off", "sample", "full", NULL };
    const char *word = lua_tostring(L, -1);
    for (int i = 0; word && modes[i]; i++) {
        if (strcmp(word, modes[i]) != 0) continue;
        options->leaks = (enum leaks_mode)i;
        return;
    }
    luaL_error(L, "leaks: \"off\", \"sample\" or \"full\" is expected");
}

static void read_option(lua_State *L, const char *name, struct store_options *options) {
    if (strcmp(name, "name") == 0) options->name = luaL_checkstring(L, -1);
    else if (strcmp(name, "slots") == 0) read_slots(L, options);
    else if (strcmp(name, "limit") == 0) options->limit = check_limit(L, lua_gettop(L));
    else if (strcmp(name, "leaks") == 0) read_leaks(L, options);
    else luaL_error(L, "unknown option '%s': a store has name, slots, limit, leaks", name);
}

/* Upvalues: the table of all stores while leaks are reported, else nil. */
static int new_store(lua_State *L) {
    struct store_options options = { .reports = lua_istable(L, lua_upvalueindex(1)) };
    options.leaks = options.reports ? LEAKS_FULL : LEAKS_OFF;
    if (!lua_isnoneornil(L, 1)) {
        luaL_checktype(L, 1, LUA_TTABLE);
        for (lua_pushnil(L); lua_next(L, 1); lua_pop(L, 1)) {
            luaL_argcheck(L, lua_type(L, -2) == LUA_TSTRING, 1, "options have names");
            read_option(L, lua_tostring(L, -2), &options);
        }
    }
    if (!store_open(L, &options)) return lua_error(L);
    if (options.reports) {
        lua_pushvalue(L, -1);
        lua_pushboolean(L, 1);
        lua_rawset(L, lua_upvalueindex(1));
    }
    return 1;
}

static int new_results(lua_State *L) {
    return results_open(L) ? 1 : lua_error(L);
}

/* os.exit closes no state, so no finalizer would report. Upvalues: the stores, the real os.exit. */
static int exit_with_report(lua_State *L) {
    for (lua_pushnil(L); lua_next(L, lua_upvalueindex(1)); lua_pop(L, 1)) store_report(L, store_at(L, -2), stderr);
    lua_pushvalue(L, lua_upvalueindex(2));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, 0);
    return 0;
}

/* Pushes the weak table of all stores, and has os.exit report them. */
static void push_reported(lua_State *L) {
    lua_newtable(L);
    lua_createtable(L, 0, 1);
    lua_pushliteral(L, "k");
    lua_setfield(L, -2, "__mode");
    lua_setmetatable(L, -2);
    lua_getglobal(L, "os");
    if (lua_istable(L, -1)) {
        lua_pushvalue(L, -2);
        lua_getfield(L, -2, "exit");
        lua_pushcclosure(L, exit_with_report, 2);
        lua_setfield(L, -2, "exit");
    }
    lua_pop(L, 1);
}

static const luaL_Reg store_methods[] = {
    { "put", store_lua_put },     { "get", store_lua_get },         { "peek", store_lua_peek },   { "has", store_lua_has },
    { "replace", store_lua_replace }, { "swap", store_lua_swap },   { "take", store_lua_take },   { "release", store_lua_release },
    { "ref", lua_store_ref },     { "set", store_lua_set },         { "named", store_lua_named }, { "unset", store_lua_unset },
    { "each", store_lua_each },   { "limit", store_lua_limit },     { "stats", store_lua_stats }, { "leaks", store_lua_leaks },
    { "close", store_lua_close }, { NULL, NULL },
};
/* Leaves a table of methods on the stack whose upvalues are the `upvalues` values at `first` and on. */
void lua_store_push_methods(lua_State *L, const luaL_Reg *methods, int first, int upvalues) {
    lua_newtable(L);
    for (; methods->name; methods++) {
        for (int i = 0; i < upvalues; i++) lua_pushvalue(L, first + i);
        lua_pushcclosure(L, methods->func, upvalues);
        lua_setfield(L, -2, methods->name);
    }
}

static void fill_store(lua_State *L) {
    pages_push_metatable(L, STORE_METATABLE, store_gc);
    int metatable = lua_gettop(L);
    lua_store_push_methods(L, store_methods, metatable, 1);
    lua_store_push_scope(L, metatable);
    lua_setfield(L, -2, "scope");
    lua_setfield(L, metatable, "__index");
    lua_pushvalue(L, metatable);
    lua_pushcclosure(L, store_lua_tostring, 1);
    lua_setfield(L, metatable, "__tostring");
    lua_pop(L, 1);
}

void lua_store_ready(lua_State *L) {
    pages_push_metatable(L, STORE_METATABLE, store_gc);
    lua_getfield(L, -1, "__index");
    int is_ready = !lua_isnil(L, -1);
    lua_pop(L, 2);
    if (is_ready) return;
    lua_pushcfunction(L, luaopen_moonbear_store);
    lua_call(L, 0, 0);
}

int luaopen_moonbear_store(lua_State *L) {
    const char *wanted = getenv(LEAKS_VARIABLE);
    lua_settop(L, 0);
    fill_store(L);
    lua_scope_fill(L);
    lua_ref_fill(L);
    lua_results_fill(L);
    lua_createtable(L, 0, 2);
    if (wanted && strcmp(wanted, "1") == 0) push_reported(L);
    else lua_pushnil(L);
    lua_pushcclosure(L, new_store, 1);
    lua_setfield(L, -2, "new");
    lua_pushcfunction(L, new_results);
    lua_setfield(L, -2, "results");
    return 1;
}
