/* lua_scope.c: scopes and handles for scripts.
 * Invariant: see lua_store.h.
 * SPDX-License-Identifier: MIT */
#include "store/lua_store.h"

#include <errno.h>

#include "lauxlib.h"

#include "store/pages.h"
#include "store/scope.h"

#define REF_METATABLE "moonbear.store.ref"
#define RELEASED_METATABLE "moonbear.store.ref.released"

struct ref {
    struct store *store;
    uint64_t id; /* 0 while it has none */
};

/* ---- Scopes ---------------------------------------------------------------------------------------------- */

static int scope_lua_put(lua_State *L) {
    struct scope *scope = lua_store_userdata(L, "scope");
    uint64_t id = 0;
    int tag = lua_store_arguments(L);
    int result = scope_put(L, scope, tag, &id);
    return lua_store_put_id(L, scope->store, result, id);
}

static int scope_lua_keep(lua_State *L) {
    struct scope *scope = lua_store_userdata(L, "scope");
    double id = luaL_checknumber(L, 2);
    int result = scope_keep(L, scope, slots_number(id));
    if (result < 0) return lua_store_raise(L, scope->store, result, id);
    lua_settop(L, 2);
    return 1;
}

/* 1 when nothing on this coroutine's own stack can catch an error: it is not the main program, and no C function, which a
 * pcall is, called us. Only there yielding is possible too. */
static int can_yield(lua_State *L) {
    lua_Debug frame;
    int is_main = lua_pushthread(L);
    lua_pop(L, 1);
    if (is_main) return 0;
    for (int level = 1; lua_getstack(L, level, &frame); level++) {
        lua_getinfo(L, "S", &frame);
        if (frame.what[0] == 'C') return 0;
    }
    return 1;
}

/* enter(store, fn): a bound scope, or nothing where `run` must be used. Its caller's caller is who errs. */
static int scope_enter(lua_State *L) {
    struct store *store = lua_store_self(L);
    int error = store->is_open ? 0 : -EBADF;
    if (lua_isnoneornil(L, 2)) {
        luaL_where(L, 2);
        lua_pushliteral(L, "bad argument #1 to 'scope' (function expected)");
        lua_concat(L, 2);
        return lua_error(L);
    }
    if (error == 0 && !can_yield(L)) return 0;
    if (error == 0 && scope_open(L, 1, 1, &error)) return 1;
    return lua_store_raise_at(L, 2, store, error, 0);
}

/* leave(scope) */
static int scope_leave(lua_State *L) {
    struct scope *scope = scope_at(L, 1);
    if (scope) scope_end(L, scope);
    return 0;
}

/* run(store, fn, ...): calls fn(scope, ...) protected, ends the scope, and passes results or the error on. */
static int scope_run(lua_State *L) {
    struct store *store = lua_store_self(L);
    int error = 0;
    struct scope *scope = scope_open(L, 1, 0, &error);
    if (!scope) return lua_store_raise(L, store, error, 0);
    lua_insert(L, 2);
    lua_pushvalue(L, 2);
    lua_insert(L, 4);
    int status = lua_pcall(L, lua_gettop(L) - 3, LUA_MULTRET, 0);
    scope_end(L, scope);
    if (status != 0) return lua_error(L);
    return lua_gettop(L) - 2;
}

/* Only Lua code can call a function that yields. */
static const char scope_source[] =
    "local enter, leave, run = ...\n"
    "local function finish(scope, ...) leave(scope) return ... end\n"
    "return function(store, fn, ...)\n"
    "  local scope = enter(store, fn)\n"
    "  if scope then return finish(scope, fn(scope, ...)) end\n"
    "  return run(store, fn, ...)\n"
    "end\n";

/* ---- Handles --------------------------------------------------------------------------------------------- */

int lua_store_ref(lua_State *L) {
    struct store *store = lua_store_self(L);
    luaL_checkany(L, 2);
    lua_settop(L, 2);
    struct ref *ref = lua_newuserdata(L, sizeof *ref);
    *ref = (struct ref){ .store = store };
    luaL_getmetatable(L, REF_METATABLE);
    lua_setmetatable(L, -2);
    lua_getfenv(L, 1);
    lua_setfenv(L, -2);
    lua_insert(L, 2);
    int result = store_put(L, store, 0, &ref->id);
    return result < 0 ? lua_store_raise(L, store, result, 0) : 1;
}

/* Upvalue 2 is the metatable of released handles: without __gc, so that the collector frees them like strings. */
static int is_released(lua_State *L) {
    if (!lua_touserdata(L, 1) || !lua_getmetatable(L, 1)) return 0;
    int released = lua_rawequal(L, -1, lua_upvalueindex(2));
    lua_pop(L, 1);
    return released;
}

static struct ref *self_ref(lua_State *L) {
    if (is_released(L)) luaL_error(L, "this handle was released");
    return lua_store_userdata(L, "ref");
}

static int ref_get(lua_State *L) {
    struct ref *ref = self_ref(L);
    int result = store_get(L, ref->store, ref->id);
    return result < 0 ? lua_store_raise(L, ref->store, result, (double)ref->id) : 1;
}

static int ref_set(lua_State *L) {
    struct ref *ref = self_ref(L);
    luaL_checkany(L, 2);
    lua_settop(L, 2);
    int result = store_replace(L, ref->store, ref->id);
    return result < 0 ? lua_store_raise(L, ref->store, result, (double)ref->id) : 0;
}

static int ref_id(lua_State *L) {
    lua_pushnumber(L, (double)self_ref(L)->id);
    return 1;
}

static int ref_release(lua_State *L) {
    int released = 0;
    if (!is_released(L)) {
        struct ref *ref = lua_store_userdata(L, "ref");
        lua_settop(L, 1);
        lua_pushvalue(L, lua_upvalueindex(2));
        lua_setmetatable(L, 1);
        released = store_release(L, ref->store, ref->id);
    }
    lua_pushboolean(L, released);
    return 1;
}

static int ref_gc(lua_State *L) {
    struct ref *ref = pages_userdata(L, 1, REF_METATABLE);
    if (ref && ref->id) store_release(L, ref->store, ref->id);
    return 0;
}

/* ---- Into the module ---------------------------------------------------------------------------------------- */

static const luaL_Reg scope_methods[] = { { "put", scope_lua_put }, { "keep", scope_lua_keep }, { NULL, NULL } };
static const luaL_Reg ref_methods[] = {
    { "get", ref_get }, { "set", ref_set }, { "id", ref_id }, { "release", ref_release }, { NULL, NULL },
};

/* scope(store, fn, ...) is Lua; `metatable` is the stores'. */
void lua_store_push_scope(lua_State *L, int metatable) {
    if (luaL_loadbuffer(L, scope_source, sizeof scope_source - 1, "=[moonbear.store]") != 0) lua_error(L);
    lua_pushvalue(L, metatable);
    lua_pushcclosure(L, scope_enter, 1);
    lua_pushcfunction(L, scope_leave);
    lua_pushvalue(L, metatable);
    lua_pushcclosure(L, scope_run, 1);
    lua_call(L, 3, 1);
}

void lua_scope_fill(lua_State *L) {
    pages_push_metatable(L, SCOPE_METATABLE, scope_gc);
    lua_store_push_methods(L, scope_methods, lua_gettop(L), 1);
    lua_setfield(L, -2, "__index");
    lua_pop(L, 1);
}

void lua_ref_fill(lua_State *L) {
    pages_push_metatable(L, REF_METATABLE, ref_gc);
    luaL_newmetatable(L, RELEASED_METATABLE);
    lua_store_push_methods(L, ref_methods, lua_gettop(L) - 1, 2);
    lua_pushvalue(L, -1);
    lua_setfield(L, -3, "__index");
    lua_setfield(L, -3, "__index");
    lua_pop(L, 2);
}
