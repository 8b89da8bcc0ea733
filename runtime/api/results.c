/* results.c: results by coroutine for host programs.
 * Invariant: values are on the caller's stack, so what may raise is called there with lua_pcall; the functions that are called
 *   lie in the registry, since making one would need memory outside every protected call.
 * SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>

#include "lauxlib.h"

#include "api/api.h"
#include "store/lua_store.h"
#include "store/results.h"

struct mb_results {
    mb_results *next; /* among the runtime's */
    mb_runtime *runtime; /* NULL once that is closed */
};

static int set_values(lua_State *L) {
    if (results_set(L, 1, 2, lua_gettop(L) - 2) < 0) luaL_error(L, "not enough memory");
    return 0;
}

/* Whether there is a result, and its values. */
static int get_values(lua_State *L) {
    luaL_checkstack(L, LUA_MINSTACK, "results");
    lua_pushboolean(L, 1);
    int count = results_get(L, 1, 2);
    return count < 0 ? 0 : count + 1;
}

static int take_values(lua_State *L) {
    int count = get_values(L);
    if (count) results_drop(L, 1, 2);
    return count;
}

static int drop_values(lua_State *L) {
    lua_pushboolean(L, results_drop(L, 1, 2));
    return 1;
}

static const lua_CFunction functions[] = { set_values, get_values, take_values, drop_values };
enum { SET, GET, TAKE, DROP, FUNCTIONS };

/* The results under their address, the functions under those of their table's entries. */
static int open_results(lua_State *L, void *argument) {
    mb_results *results = argument;
    lua_pushlightuserdata(L, results);
    if (!results_open(L)) return api_failed(results->runtime, L, MB_CLOSED);
    lua_rawset(L, LUA_REGISTRYINDEX);
    for (int i = 0; i < FUNCTIONS; i++) {
        lua_pushlightuserdata(L, (void *)&functions[i]);
        lua_pushcfunction(L, functions[i]);
        lua_rawset(L, LUA_REGISTRYINDEX);
    }
    return MB_OK;
}

static void link_results(mb_results *results) {
    results->next = results->runtime->results;
    results->runtime->results = results;
}

static void unlink_results(mb_results *results) {
    mb_results **at = &results->runtime->results;
    while (*at != results) at = &(*at)->next;
    *at = results->next;
}

int mb_results_open(mb_runtime *runtime, mb_results **out) {
    if (!runtime || !out) return MB_INVALID;
    *out = NULL;
    mb_results *results = malloc(sizeof *results);
    if (!results) return api_refuse(runtime, MB_NOMEM);
    results->runtime = runtime;
    int code = api_run(runtime, open_results, results);
    if (code == MB_OK) link_results(*out = results);
    else free(results);
    return code;
}

void mb_results_close(mb_results *results) {
    if (!results) return;
    if (results->runtime) {
        lua_State *L = results->runtime->current;
        unlink_results(results);
        lua_pushlightuserdata(L, results);
        lua_pushnil(L);
        lua_rawset(L, LUA_REGISTRYINDEX);
    }
    free(results);
}

void api_forget_results(mb_runtime *runtime) {
    for (mb_results *next, *results = runtime->results; results; results = next) {
        next = results->next;
        results->runtime = NULL;
    }
}

static void push_registered(lua_State *L, const void *key) {
    lua_pushlightuserdata(L, (void *)key);
    lua_rawget(L, LUA_REGISTRYINDEX);
}

static void push_key(mb_runtime *runtime, lua_State *co, lua_State *L) {
    if (!co || co == runtime->main) {
        lua_pushnil(L);
        return;
    }
    lua_pushthread(co);
    if (co != L) lua_xmove(co, L, 1);
}

struct calling {
    lua_State *L;
    int count, status;
};

static void enter(void *context) {
    struct calling *c = context;
    c->status = lua_pcall(c->L, c->count, LUA_MULTRET, 0);
}

/* Calls a function with the results, the key and the `count` values on top of L; what it returns takes their place. A finalizer
 * may close the results meanwhile. */
static int call(mb_runtime *runtime, mb_results *results, int function, lua_State *co, lua_State *L, int count) {
    struct calling calling = { L, count + 2, 0 };
    int base = lua_gettop(L) - count;
    push_registered(L, &functions[function]);
    lua_insert(L, base + 1);
    push_registered(L, results);
    lua_insert(L, base + 2);
    push_key(runtime, co, L);
    lua_insert(L, base + 3);
    api_inside(runtime, enter, &calling);
    if (calling.status == 0) return MB_OK;
    return api_failed(runtime, L, calling.status == LUA_ERRMEM ? MB_NOMEM : MB_ERROR);
}

static int owns_both(const mb_runtime *runtime, lua_State *co, lua_State *L) {
    return (!co || api_owns(runtime, co)) && api_owns(runtime, L);
}

int mb_results_set(mb_results *results, lua_State *co, lua_State *from, int count) {
    if (!results || !from || count < 0) return MB_INVALID;
    if (!results->runtime) return MB_CLOSED;
    if (!owns_both(results->runtime, co, from)) return api_refuse(results->runtime, MB_INVALID);
    return call(results->runtime, results, SET, co, from, count);
}

static int push(mb_results *results, int function, lua_State *co, lua_State *to, int *count) {
    if (!results || !to || !count) return MB_INVALID;
    if (!results->runtime) return MB_CLOSED;
    mb_runtime *runtime = results->runtime;
    if (!owns_both(runtime, co, to)) return api_refuse(runtime, MB_INVALID);
    int base = lua_gettop(to), code = call(runtime, results, function, co, to, 0);
    if (code != MB_OK) return code;
    int found = lua_gettop(to) - base - 1;
    if (found < 0) return api_refuse(runtime, MB_NOTFOUND);
    lua_remove(to, base + 1);
    *count = found;
    return MB_OK;
}

int mb_results_push(mb_results *results, lua_State *co, lua_State *to, int *count) {
    return push(results, GET, co, to, count);
}

int mb_results_take(mb_results *results, lua_State *co, lua_State *to, int *count) {
    return push(results, TAKE, co, to, count);
}

int mb_results_drop(mb_results *results, lua_State *co) {
    if (!results) return MB_INVALID;
    if (!results->runtime) return MB_CLOSED;
    lua_State *L = results->runtime->current;
    if (co && !api_owns(results->runtime, co)) return api_refuse(results->runtime, MB_INVALID);
    int code = call(results->runtime, results, DROP, co, L, 0);
    if (code != MB_OK) return code;
    int dropped = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return dropped ? MB_OK : MB_NOTFOUND;
}

struct sharing {
    mb_results *results;
    const char *name;
};

static int share(lua_State *L, void *argument) {
    struct sharing *s = argument;
    lua_store_ready(L);
    push_registered(L, s->results);
    api_set_global(L, s->name);
    return MB_OK;
}

int mb_results_share(mb_results *results, const char *name) {
    struct sharing s = { results, name };
    if (!results || !name) return MB_INVALID;
    return results->runtime ? api_run(results->runtime, share, &s) : MB_CLOSED;
}
