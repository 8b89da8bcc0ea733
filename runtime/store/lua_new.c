/* lua_new.c: the module table: store.new with its options, store.results, and MOONBEAR_LEAKS.
 * Invariant: see lua_store.h.
 * SPDX-License-Identifier: MIT */
#include "store/lua_store.h"

#include <stdlib.h>
#include <string.h>

#include "lauxlib.h"

#include "store/inside.h"
#include "store/pages.h"
#include "store/results.h"

/* ---- Options --------------------------------------------------------------------------------------------- */

/* A number of bytes, or a text such as "64M". */
size_t lua_store_limit(lua_State *L, int index) {
    static const char units[] = "KMG";
    const char *text = luaL_checkstring(L, index), *unit;
    char *end;
    double bytes = strtod(text, &end);
    if (end != text && *end && (unit = strchr(units, *end))) {
        end++;
        for (const char *u = units; u <= unit; u++) bytes *= 1024;
    }
    if (end == text || *end || !(bytes >= 0 && bytes < 9e18)) luaL_error(L, "limit: bytes are expected, such as 1e6 or \"64M\", not '%s'", text);
    return (size_t)bytes;
}

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
    else if (strcmp(name, "limit") == 0) options->limit = lua_store_limit(L, lua_gettop(L));
    else if (strcmp(name, "leaks") == 0) read_leaks(L, options);
    else luaL_error(L, "unknown option '%s': a store has name, slots, limit, leaks", name);
}

/* ---- The module ------------------------------------------------------------------------------------------ */

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

static int collect(lua_State *L) {
    lua_gc(L, LUA_GCCOLLECT, 0);
    return 0;
}

/* os.exit closes no state, so no finalizer would report; handles that nobody has any more are no leaks. Upvalues: the stores,
 * the real os.exit. */
static int exit_with_report(lua_State *L) {
    if (lua_cpcall(L, collect, NULL) != 0) lua_pop(L, 1);
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
    const char *wanted = getenv(LUA_STORE_LEAKS);
    lua_settop(L, 0);
    lua_scope_fill(L);
    lua_ref_fill(L);
    lua_results_fill(L);
    lua_store_fill(L);
    lua_createtable(L, 0, 2);
    if (wanted && strcmp(wanted, "1") == 0) push_reported(L);
    else lua_pushnil(L);
    lua_pushcclosure(L, new_store, 1);
    lua_setfield(L, -2, "new");
    lua_pushcfunction(L, new_results);
    lua_setfield(L, -2, "results");
    return 1;
}
