/* results.c: see results.h.
 * Invariant: serials[co] == id and owners[id] == co for every result; ids without an owner are garbage.
 * SPDX-License-Identifier: MIT */
#include "store/results.h"

#include <errno.h>

#include "lauxlib.h"

#include "store/inside.h"
#include "store/pages.h"

enum { FIRST_SWEEP = 64 };

/* The fields of the userdata's environment. */
enum { SERIALS = 1, OWNERS = 2, STORE = 3 };

struct results {
    struct store *store;
    uint64_t sweep_at; /* with so many results, look for those whose coroutine is gone */
};

/* The main program's key. */
static const char main_key;

static void push_weak_table(lua_State *L, const char *mode) {
    lua_newtable(L);
    lua_createtable(L, 0, 1);
    lua_pushstring(L, mode);
    lua_setfield(L, -2, "__mode");
    lua_setmetatable(L, -2);
}

int results_open(lua_State *L) {
    struct store_options options = { .name = "results" };
    struct store *store = store_open(L, &options);
    if (!store) return 0;
    lua_createtable(L, 3, 0);
    lua_insert(L, -2);
    lua_rawseti(L, -2, STORE);
    push_weak_table(L, "k");
    lua_rawseti(L, -2, SERIALS);
    push_weak_table(L, "v");
    lua_rawseti(L, -2, OWNERS);
    struct results *results = lua_newuserdata(L, sizeof *results);
    results->store = store;
    results->sweep_at = FIRST_SWEEP;
    luaL_newmetatable(L, RESULTS_METATABLE);
    lua_setmetatable(L, -2);
    lua_insert(L, -2);
    lua_setfenv(L, -2);
    return 1;
}

int results_at(lua_State *L, int index) {
    return pages_userdata(L, index, RESULTS_METATABLE) != NULL;
}

static struct store *store_of(lua_State *L, int results) {
    return ((struct results *)lua_touserdata(L, results))->store;
}

static void push_field(lua_State *L, int results, int field) {
    lua_getfenv(L, results);
    lua_rawgeti(L, -1, field);
    lua_remove(L, -2);
}

static void push_key(lua_State *L, int key) {
    if (lua_isthread(L, key)) lua_pushvalue(L, key);
    else lua_pushlightuserdata(L, (void *)&main_key);
}

/* 0 without a result. */
static uint64_t serial_of(lua_State *L, int results, int key) {
    push_field(L, results, SERIALS);
    push_key(L, key);
    lua_rawget(L, -2);
    uint64_t id = slots_number(lua_tonumber(L, -1));
    lua_pop(L, 2);
    return id;
}

static void push_owner(lua_State *L, int results, uint64_t id) {
    push_field(L, results, OWNERS);
    lua_pushnumber(L, (double)id);
    lua_rawget(L, -2);
    lua_remove(L, -2);
}

/* Releases the results whose owner was collected: only then is the weak entry gone. */
static void sweep(lua_State *L, int results) {
    struct results *self = lua_touserdata(L, results);
    uint64_t cursor = 0, id;
    while (store_each(L, self->store, 0, &cursor, &id)) {
        push_owner(L, results, id);
        if (lua_isnil(L, -1)) store_release(L, self->store, id);
        lua_pop(L, 3);
    }
    uint64_t live = self->store->slots.live;
    self->sweep_at = live < FIRST_SWEEP / 2 ? FIRST_SWEEP : 2 * live;
}

/* Replaces the values on top by one table of them, its length at 0. */
static void pack(lua_State *L, int count) {
    lua_createtable(L, count, 1);
    lua_insert(L, -count - 1);
    int table = lua_gettop(L) - count;
    for (int i = count; i > 0; i--) lua_rawseti(L, table, i);
    lua_pushinteger(L, count);
    lua_rawseti(L, table, 0);
}

static int push_all(lua_State *L, int table) {
    lua_rawgeti(L, table, 0);
    int count = (int)lua_tointeger(L, -1);
    lua_pop(L, 1);
    luaL_checkstack(L, count + 8, "too many results");
    for (int i = 1; i <= count; i++) lua_rawgeti(L, table, i);
    return count;
}

static void set_serial(lua_State *L, int results, int key, uint64_t id) {
    push_field(L, results, SERIALS);
    push_key(L, key);
    lua_pushnumber(L, (double)id);
    lua_rawset(L, -3);
    lua_pop(L, 1);
}

static void set_owner(lua_State *L, int results, int key, uint64_t id) {
    push_field(L, results, OWNERS);
    lua_pushnumber(L, (double)id);
    if (lua_isthread(L, key)) lua_pushvalue(L, key);
    else lua_pushboolean(L, 0);
    lua_rawset(L, -3);
    lua_pop(L, 1);
}

/* Keeps a copy of the value on top: in place of the key's older one, or when there is room for one more, else -EAGAIN. Runs no
 * finalizer. The key comes first and is set last: refused in between, the id has no owner, and so is garbage. */
static int set_now(lua_State *L, int results, int key) {
    struct store *store = store_of(L, results);
    uint64_t id = serial_of(L, results, key);
    lua_pushvalue(L, -1);
    if (id && store_replace(L, store, id) == 0) return 0;
    if (store_is_ready(store)) set_serial(L, results, key, 0);
    int result = store_put_ready(L, store, &id);
    if (result == 0) {
        set_owner(L, results, key, id);
        set_serial(L, results, key, id);
    } else {
        lua_pop(L, 1);
    }
    return result;
}

/* Making room may run finalizers, and those may set and drop results. */
static int set_packed(lua_State *L, int results, int key) {
    struct results *self = lua_touserdata(L, results);
    int result;
    if (self->store->slots.live >= self->sweep_at) sweep(L, results);
    while ((result = set_now(L, results, key)) == -EAGAIN) {
        result = store_reserve(L, self->store);
        if (result < 0) break;
    }
    return result;
}

int results_set(lua_State *L, int results, int key, int count) {
    luaL_checkstack(L, 12, "results");
    pack(L, count);
    int result = set_packed(L, results, key), packed = lua_gettop(L);
    if (result < 0) push_all(L, packed);
    lua_remove(L, packed);
    return result;
}

int results_get(lua_State *L, int results, int key) {
    uint64_t id = serial_of(L, results, key);
    if (!id || store_peek(L, store_of(L, results), id) < 0) return -1;
    int count = push_all(L, lua_gettop(L));
    lua_remove(L, -count - 1);
    return count;
}

static void clear(lua_State *L, int results, int field) {
    push_field(L, results, field);
    lua_insert(L, -2);
    lua_pushnil(L);
    lua_rawset(L, -3);
    lua_pop(L, 1);
}

int results_drop(lua_State *L, int results, int key) {
    uint64_t id = serial_of(L, results, key);
    if (!id) return 0;
    push_key(L, key);
    clear(L, results, SERIALS);
    lua_pushnumber(L, (double)id);
    clear(L, results, OWNERS);
    return store_release(L, store_of(L, results), id);
}

int results_each(lua_State *L, int results, uint64_t *cursor) {
    struct store *store = store_of(L, results);
    uint64_t id;
    while (store_each(L, store, 0, cursor, &id)) {
        push_owner(L, results, id);
        lua_replace(L, -2);
        if (!lua_isnil(L, -1)) {
            lua_insert(L, -2);
            int count = push_all(L, lua_gettop(L));
            lua_remove(L, -count - 1);
            return count + 1;
        }
        lua_pop(L, 2);
        store_release(L, store, id);
    }
    return 0;
}

uint64_t results_count(lua_State *L, int results) {
    return store_of(L, results)->slots.live;
}
