/* names.c: values of a store that have a name (see store.h).
 * Invariant: a name's entry is the id of its value, 0 while there is none yet.
 * SPDX-License-Identifier: MIT */
#include "store/inside.h"

#include <errno.h>

#include "store/pages.h"

/* Pushes the table of names, or nil when there is none and `make` is 0; returns the id of the name at `name`, 0 without one. */
static uint64_t push_names(lua_State *L, struct store *store, int name, int make) {
    pages_push_side(L, store, STORE_NAMES, make);
    if (!lua_istable(L, -1)) return 0;
    lua_pushvalue(L, name);
    lua_rawget(L, -2);
    uint64_t id = (uint64_t)lua_tonumber(L, -1);
    lua_pop(L, 1);
    return id;
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

/* Replaces the value that the name has, or puts it when it has none and there is room for one more: else -EAGAIN. Runs no
 * finalizer once the store has a table of names. */
static int name_now(lua_State *L, struct store *store, int name, uint64_t *id) {
    int names = name + 2;
    *id = push_names(L, store, name, 1);
    lua_pushvalue(L, name + 1);
    if (!store->is_open) pages_clear_side(L, store); /* closed by a finalizer, while the table was made */
    if (*id && store_find(L, store, *id).page) return store_replace(L, store, *id);
    if (!store_is_ready(store)) return -EAGAIN;
    make_key(L, names, name);
    int result = store_put_ready(L, store, id);
    set_entry(L, names, name, result == 0 ? *id : 0);
    return result;
}

/* Making room may run finalizers, and those may use the name. */
int store_name(lua_State *L, struct store *store, uint64_t *id) {
    int name = lua_gettop(L) - 1, result = store->is_open ? 0 : -EBADF;
    while (result == 0 && (result = name_now(L, store, name, id)) == -EAGAIN) {
        lua_settop(L, name + 1);
        result = store_reserve(L, store);
    }
    lua_settop(L, result == 0 ? name - 1 : name + 1);
    return result;
}

uint64_t store_named(lua_State *L, struct store *store) {
    int name = lua_gettop(L);
    uint64_t id = store->is_open ? push_names(L, store, name, 0) : 0;
    lua_settop(L, name - 1);
    return id && store_find(L, store, id).page ? id : 0;
}

int store_unname(lua_State *L, struct store *store) {
    int name = lua_gettop(L);
    uint64_t id = store->is_open ? push_names(L, store, name, 0) : 0;
    if (id) set_entry(L, name + 1, name, 0);
    lua_settop(L, name - 1);
    return id ? store_release(L, store, id) : 0;
}
