/* scope.c: see scope.h.
 * Invariant: an open scope is in its store's table under its number; a closed one owns nothing.
 * SPDX-License-Identifier: MIT */
#include "store/scope.h"

#include <errno.h>
#include <string.h>

#include "store/inside.h"
#include "store/pages.h"

enum { FIRST_IDS = 16, FIRST_SCOPES = 16 };

int scope_gc(lua_State *L) {
    struct scope *scope = scope_at(L, 1);
    if (scope) scope_end(L, scope);
    return 0;
}

/* ---- Numbers --------------------------------------------------------------------------------------------- */

static int grow_numbers(lua_State *L, struct store *store) {
    uint32_t old = store->scope_capacity, capacity = old ? 2 * old : FIRST_SCOPES;
    int result = store_announce(L, store, capacity * sizeof store->scopes[0]);
    if (result < 0) return result;
    if (!store->is_open || store->scope_capacity != old) {
        store_settle(L, store);
        return store->is_open ? 0 : -EBADF;
    }
    void *scopes = store_resize(store, store->scopes, old * sizeof store->scopes[0], capacity * sizeof store->scopes[0]);
    store_settle(L, store);
    if (!scopes) return -ENOMEM;
    store->scopes = scopes;
    store->scope_capacity = capacity;
    if (store->scope_count == 0) store->scopes[store->scope_count++].scope = NULL;
    return 0;
}

static int reserve_number(lua_State *L, struct store *store) {
    while (!store->scope_unused && store->scope_count == store->scope_capacity) {
        int result = grow_numbers(L, store);
        if (result < 0) return result;
    }
    return 0;
}

static void enter(struct store *store, struct scope *scope) {
    uint32_t number = store->scope_unused;
    if (number) store->scope_unused = store->scopes[number].next;
    else number = store->scope_count++;
    store->scopes[number].scope = scope;
    store->bound += (uint32_t)scope->is_bound;
    scope->number = number;
    scope->is_open = 1;
}

static void leave(struct store *store, struct scope *scope) {
    store->scopes[scope->number].scope = NULL;
    store->scopes[scope->number].next = store->scope_unused;
    store->scope_unused = scope->number;
    store->bound -= (uint32_t)scope->is_bound;
}

/* ---- Bound scopes ---------------------------------------------------------------------------------------- */

/* Coroutines of bound scopes by number, with weak values: the scope must not keep its coroutine. */
static void push_threads(lua_State *L, struct store *store) {
    pages_push_side(L, store, STORE_THREADS, 1);
    if (lua_getmetatable(L, -1)) {
        lua_pop(L, 1);
        return;
    }
    lua_createtable(L, 0, 1);
    lua_pushliteral(L, "v");
    lua_setfield(L, -2, "__mode");
    lua_setmetatable(L, -2);
}

/* The entry exists before the scope has its number, so that nothing can fail after. */
static void bind(lua_State *L, struct store *store, int number) {
    push_threads(L, store);
    lua_pushthread(L);
    lua_rawseti(L, -2, number);
    lua_pop(L, 1);
}

int scope_is_over(lua_State *L, const struct scope *scope) {
    if (!scope->is_bound || !scope->is_open || !scope->store->is_open) return 0;
    pages_push_side(L, scope->store, STORE_THREADS, 0);
    lua_rawgeti(L, -1, (int)scope->number);
    lua_State *thread = lua_tothread(L, -1);
    lua_pop(L, 2);
    return !thread || lua_status(thread) > LUA_YIELD;
}

/* ---- The scope ------------------------------------------------------------------------------------------- */

static uint32_t next_number(const struct store *store) {
    return store->scope_unused ? store->scope_unused : store->scope_count;
}

struct scope *scope_open(lua_State *L, int store_index, int bound, int *error) {
    struct store *store = lua_touserdata(L, store_index);
    lua_pushvalue(L, store_index);
    struct scope *scope = lua_newuserdata(L, sizeof *scope);
    memset(scope, 0, sizeof *scope);
    scope->store = store;
    pages_push_metatable(L, SCOPE_METATABLE, scope_gc);
    lua_setmetatable(L, -2);
    lua_getfenv(L, -2);
    lua_setfenv(L, -2);
    lua_remove(L, -2);
    if (bound) push_threads(L, store);
    *error = store->is_open ? reserve_number(L, store) : -EBADF;
    if (bound) lua_pop(L, 1);
    if (!store->is_open) pages_clear_side(L, store); /* a finalizer closed it, while the table was made */
    if (*error < 0) {
        lua_pop(L, 1);
        return NULL;
    }
    if (bound) bind(L, store, (int)next_number(store));
    scope->is_bound = bound;
    enter(store, scope);
    return scope;
}

struct scope *scope_at(lua_State *L, int index) {
    return pages_userdata(L, index, SCOPE_METATABLE);
}

/* Makes room for one more id. */
static int reserve_id(lua_State *L, struct scope *scope) {
    struct store *store = scope->store;
    while (scope->is_open && scope->count == scope->capacity) {
        size_t old = scope->capacity, capacity = old ? 2 * old : FIRST_IDS;
        int result = store_announce(L, store, capacity * sizeof scope->ids[0]);
        if (result < 0) return result;
        if (!scope->is_open || scope->capacity != old) continue;
        void *ids = store_resize(store, scope->ids, old * sizeof scope->ids[0], capacity * sizeof scope->ids[0]);
        store_settle(L, store);
        if (!ids) return -ENOMEM;
        scope->ids = ids;
        scope->capacity = capacity;
    }
    return scope->is_open ? 0 : -EPIPE;
}

/* A finalizer may have ended the scope, or used its room, since that was made. */
static int has_room(const struct scope *scope) {
    return scope->is_open && scope->count < scope->capacity;
}

static int enlist(lua_State *L, struct scope *scope, uint64_t id) {
    struct slots_at at = store_find(L, scope->store, id);
    if (!at.page) return store_why(scope->store, id);
    if (!scope->is_open) return -EPIPE;
    if (!has_room(scope)) return -ENOMEM;
    int result = slots_mark(&scope->store->slots, at, scope->number);
    if (result == 0) scope->ids[scope->count++] = id;
    return result;
}

int scope_add(lua_State *L, struct scope *scope, uint64_t id) {
    int result = reserve_id(L, scope);
    return result < 0 ? result : enlist(L, scope, id);
}

int scope_put(lua_State *L, struct scope *scope, int tag, uint64_t *id) {
    int result;
    do {
        result = reserve_id(L, scope);
        if (result == 0) result = store_prepare(L, scope->store, tag);
        if (result < 0) return result;
    } while (!has_room(scope));
    lua_pushvalue(L, -1);
    store_take(L, scope->store, tag, id);
    result = enlist(L, scope, *id);
    if (result == 0) lua_pop(L, 1);
    else store_release(L, scope->store, *id);
    return result;
}

int scope_keep(lua_State *L, struct scope *scope, uint64_t id) {
    if (!scope->is_open || !scope->store->is_open) return -EPIPE;
    struct slots_at at = store_find(L, scope->store, id);
    if (!at.page) return store_why(scope->store, id);
    if (slots_marked(at) == scope->number) slots_mark(&scope->store->slots, at, 0);
    return 0;
}

static void release_all(lua_State *L, struct scope *scope) {
    struct store *store = scope->store;
    for (size_t i = scope->count; i-- > 0;) {
        struct slots_at at = slots_find(&store->slots, scope->ids[i]);
        if (at.page && slots_marked(at) == scope->number) store_give(L, store, at);
    }
}

void scope_end(lua_State *L, struct scope *scope) {
    struct store *store = scope->store;
    if (!scope->is_open) return;
    scope->is_open = 0;
    if (store->is_open) {
        release_all(L, scope);
        leave(store, scope);
    }
    store_resize(store, scope->ids, scope->capacity * sizeof scope->ids[0], 0);
    scope->ids = NULL;
    scope->capacity = scope->count = 0;
    store_settle(L, store);
}
