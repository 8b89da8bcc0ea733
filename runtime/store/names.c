/* names.c: values of a store that have a name (see store.h).
 * Invariant: a name's entry is the id of its value, 0 while there is none yet.
 * SPDX-License-Identifier: MIT */
#include "store/inside.h"

#include <errno.h>

#include "store/pages.h"

/* Pushes the table of names, and the entry of the name at `name`; returns that id, 0 without one. */
static uint64_t push_entry(lua_State *L, struct store *store, int name) {
    pages_push_side(L, store, STORE_NAMES, 1);
    lua_pushvalue(L, name);
    lua_rawget(L, -2);
    return (uint64_t)lua_tonumber(L, -1);
}

/* The key is made before the value is put, so that nothing can fail after. */
static void make_key(lua_State *L, int names, int name) {
    lua_pushvalue(L, name);
    lua_pushnumber(L, 0);
    lua_rawset(L, names);
}

static void set_entry(lua_State *L, int names, int name, uint64_t id) {
    lua_pushvalue(L, name);
    if (id) lua_pushnumber(L, (double)id);
    else lua_pushnil(L);
    lua_rawset(L, names);
}

int store_name(lua_State *L, struct store *store, uint64_t *id) {
    int name = lua_gettop(L) - 1, names = name + 2;
    if (!store->is_open) return -EBADF;
    *id = push_entry(L, store, name);
    lua_pop(L, 1);
    lua_pushvalue(L, name + 1);
    int result = *id ? store_replace(L, store, *id) : -ESTALE;
    if (result < 0) {
        make_key(L, names, name);
        result = store_put(L, store, 0, id);
        set_entry(L, names, name, result == 0 ? *id : 0);
    }
    lua_settop(L, result == 0 ? name - 1 : name + 1);
    return result;
}

uint64_t store_named(lua_State *L, struct store *store) {
    int name = lua_gettop(L);
    uint64_t id = store->is_open ? push_entry(L, store, name) : 0;
    lua_settop(L, name - 1);
    return id && store_find(L, store, id).page ? id : 0;
}

int store_unname(lua_State *L, struct store *store) {
    int name = lua_gettop(L);
    uint64_t id = store->is_open ? push_entry(L, store, name) : 0;
    if (id) set_entry(L, name + 1, name, 0);
    lua_settop(L, name - 1);
    return id ? store_release(L, store, id) : 0;
}
