/* pages.c: see pages.h.
 * Invariant: the table of pages exists exactly when the pool does.
 * SPDX-License-Identifier: MIT */
#include "store/pages.h"

#include <stdlib.h>
#include <string.h>

#include "lauxlib.h"

#include "engine/engine.h"

static const char pages_key;
#define POOL_METATABLE "moonbear.store.pool"

void *pages_resize(void *unused, void *block, size_t old_size, size_t new_size) {
    (void)unused;
    (void)old_size;
    if (new_size) return realloc(block, new_size);
    free(block);
    return NULL;
}

void pages_push(lua_State *L) {
    lua_pushlightuserdata(L, (void *)&pages_key);
    lua_rawget(L, LUA_REGISTRYINDEX);
}

/* ---- Pages ------------------------------------------------------------------------------------------------- */

/* The shelf's stack: the table of pages, then what is at hand. Nothing here asks for memory or for the collector's work:
 * a finalizer may use the shelf between any two calls, but not inside one. */
enum { ALL = 1, AT_HAND = 2 };

static int place_of(uint32_t number) {
    return AT_HAND + (int)(number % PAGES_SHELF);
}

static __attribute__((noinline)) int show(struct pool *pool, uint32_t number) {
    lua_rawgeti(pool->shelf, ALL, (int)number + 1);
    lua_replace(pool->shelf, place_of(number));
    pool->shown[number % PAGES_SHELF] = number + 1;
    return place_of(number);
}

static void hide(struct pool *pool, uint32_t number) {
    if (pool->shown[number % PAGES_SHELF] != number + 1) return;
    lua_pushnil(pool->shelf);
    lua_replace(pool->shelf, place_of(number));
    pool->shown[number % PAGES_SHELF] = 0;
}

/* Where the page is at hand now. */
static inline int reach(struct pool *pool, uint32_t number) {
    return pool->shown[number % PAGES_SHELF] == number + 1 ? place_of(number) : show(pool, number);
}

void pages_get(lua_State *L, struct pool *pool, uint32_t number, uint32_t offset) {
    lua_rawgeti(pool->shelf, reach(pool, number), (int)offset + 1);
    lua_xmove(pool->shelf, L, 1);
}

void pages_set(lua_State *L, struct pool *pool, uint32_t number, uint32_t offset) {
    int place = reach(pool, number);
    engine_note(L);
    lua_xmove(L, pool->shelf, 1);
    lua_rawseti(pool->shelf, place, (int)offset + 1);
}

void pages_clear(struct pool *pool, uint32_t number, uint32_t offset) {
    int place = reach(pool, number);
    lua_pushnil(pool->shelf);
    lua_rawseti(pool->shelf, place, (int)offset + 1);
}

void pages_set_table(lua_State *L, struct pool *pool, uint32_t number) {
    pages_push(L);
    lua_insert(L, -2);
    lua_rawseti(L, -2, (int)number + 1);
    lua_pop(L, 1);
    hide(pool, number);
}

void pages_copy(lua_State *L, struct pool *pool, uint32_t number, int count) {
    for (int i = 0; i < count; i++) {
        pages_get(L, pool, number, (uint32_t)i);
        lua_rawseti(L, -2, i + 1);
    }
}

/* Only keys that exist are set to nil: a new key would need memory. */
static void clear_key(lua_State *L, int table, int key) {
    lua_rawgeti(L, table, key);
    int is_there = !lua_isnil(L, -1);
    lua_pop(L, 1);
    if (!is_there) return;
    lua_pushnil(L);
    lua_rawseti(L, table, key);
}

void pages_drop(void *context, uint32_t number) {
    struct pool *pool = context;
    hide(pool, number);
    clear_key(pool->shelf, ALL, (int)number + 1);
    clear_key(pool->shelf, ALL, -(int)number - 1);
}

/* ---- The pool ---------------------------------------------------------------------------------------------- */

static int pool_gc(lua_State *L) {
    struct pool *pool = pages_userdata(L, 1, POOL_METATABLE);
    if (!pool) return 0;
    slots_pool_close(&pool->slots);
    pool->is_open = 0;
    return 0;
}

void pages_push_metatable(lua_State *L, const char *name, lua_CFunction gc) {
    if (!luaL_newmetatable(L, name)) return;
    lua_pushcfunction(L, gc);
    lua_setfield(L, -2, "__gc");
}

/* Makes the shelf of the pool whose table is on top of the stack, which keeps it. */
static lua_State *make_shelf(lua_State *L) {
    lua_pushlightuserdata(L, (void *)&pages_key);
    lua_State *shelf = lua_newthread(L);
    lua_pushvalue(L, -3);
    lua_xmove(L, shelf, 1);
    lua_settop(shelf, ALL + PAGES_SHELF);
    lua_rawset(L, -3);
    return shelf;
}

/* The pool is made before any store, so when the state is closed it is finalized after all of them. */
static struct pool *make_pool(lua_State *L) {
    struct slots_memory memory = { pages_resize, NULL };
    lua_newtable(L);
    lua_State *shelf = make_shelf(L);
    struct pool *pool = lua_newuserdata(L, sizeof *pool);
    memset(pool, 0, sizeof *pool);
    slots_pool_open(&pool->slots, memory);
    pool->shelf = shelf;
    pool->is_open = 1;
    pages_push_metatable(L, POOL_METATABLE, pool_gc);
    lua_setmetatable(L, -2);
    lua_rawseti(L, -2, 0);
    lua_pushlightuserdata(L, (void *)&pages_key);
    lua_insert(L, -2);
    lua_rawset(L, LUA_REGISTRYINDEX);
    return pool;
}

/* The name is interned since the metatable was made, so that asking for it needs no memory. */
void *pages_userdata(lua_State *L, int index, const char *name) {
    void *block = lua_touserdata(L, index);
    if (!block || !lua_getmetatable(L, index)) return NULL;
    lua_getfield(L, LUA_REGISTRYINDEX, name);
    int is_it = lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
    return is_it ? block : NULL;
}

struct pool *pages_pool(lua_State *L) {
    pages_push(L);
    if (lua_isnil(L, -1)) {
        lua_pop(L, 1);
        return make_pool(L);
    }
    lua_rawgeti(L, -1, 0);
    struct pool *pool = lua_touserdata(L, -1);
    lua_pop(L, 2);
    return pool;
}

/* ---- What only one store has ---------------------------------------------------------------------------- */

/* A finalizer that runs while the table is made may have made one, with something in it already. */
void pages_table(lua_State *L, int make) {
    lua_pushvalue(L, -1);
    lua_rawget(L, -3);
    if (lua_isnil(L, -1) && make) {
        lua_newtable(L);
        lua_replace(L, -2);
        lua_pushvalue(L, -2);
        lua_rawget(L, -4);
        if (lua_isnil(L, -1)) {
            lua_pop(L, 1);
            lua_pushvalue(L, -2);
            lua_pushvalue(L, -2);
            lua_rawset(L, -5);
        } else {
            lua_remove(L, -2);
        }
    }
    lua_remove(L, -2);
}

/* Side tables hang on the table of pages and not on the store, so that no userdata is needed to reach them; they must not
 * refer to the store. */
void pages_push_side(lua_State *L, void *owner, int which, int make) {
    pages_push(L);
    lua_pushlightuserdata(L, owner);
    pages_table(L, make);
    if (lua_istable(L, -1)) {
        lua_pushinteger(L, which);
        pages_table(L, make);
        lua_remove(L, -2);
    }
    lua_remove(L, -2);
}

void pages_clear_side(lua_State *L, void *owner) {
    pages_push(L);
    lua_pushlightuserdata(L, owner);
    lua_rawget(L, -2);
    if (!lua_isnil(L, -1)) {
        lua_pushlightuserdata(L, owner);
        lua_pushnil(L);
        lua_rawset(L, -4);
    }
    lua_pop(L, 2);
}
