/* store.c: see store.h.
 * Invariant: a live slot's value lies at its offset in its page, that of every other slot is nil.
 * SPDX-License-Identifier: MIT */
#include "store/inside.h"

#include <errno.h>
#include <string.h>

#include "lauxlib.h"

#include "store/pages.h"
#include "store/scope.h"

/* ---- Open and close -------------------------------------------------------------------------------------- */

int store_gc(lua_State *L) {
    struct store *store = store_at(L, 1);
    if (!store) return 0;
    if (store->reports) store_report(L, store, stderr);
    store_close(L, store);
    return 0;
}

/* What hangs on a store (scopes, handles, iterators) keeps it through this environment. */
static void set_environment(lua_State *L) {
    lua_createtable(L, 1, 0);
    lua_pushvalue(L, -2);
    lua_rawseti(L, -2, 1);
    lua_setfenv(L, -2);
}

static void init(struct store *store, struct pool *pool, const struct store_options *options) {
    struct slots_memory memory = { store_resize, store };
    store->pool = pool;
    slots_open(&store->slots, &pool->slots, memory, options->slots ? options->slots : UINT64_MAX);
    leaks_open(&store->leaks, memory, options->leaks);
    store->limit = options->limit;
    if (options->name) snprintf(store->name, sizeof store->name, "%s", options->name);
    store->reports = options->reports;
    store->is_open = 1;
}

struct store *store_open(lua_State *L, const struct store_options *options) {
    struct pool *pool = pages_pool(L);
    if (!pool->is_open) {
        lua_pushliteral(L, "no store can be made while the state is being closed");
        return NULL;
    }
    struct store *store = lua_newuserdata(L, sizeof *store);
    memset(store, 0, sizeof *store);
    pages_push_metatable(L, STORE_METATABLE, store_gc);
    lua_setmetatable(L, -2);
    set_environment(L);
    store->queue = queue_new();
    if (!store->queue) luaL_error(L, "not enough memory");
    init(store, pool, options);
    return store;
}

struct store *store_at(lua_State *L, int index) {
    return pages_userdata(L, index, STORE_METATABLE);
}

void store_close(lua_State *L, struct store *store) {
    if (!store->is_open) return;
    store->is_open = 0;
    slots_close(&store->slots, pages_drop, store->pool);
    leaks_close(&store->leaks);
    store_resize(store, store->scopes, store->scope_capacity * sizeof store->scopes[0], 0);
    store->scopes = NULL;
    pages_clear_side(L, store);
    queue_close(store->queue);
    queue_drop(store->queue);
    store->queue = NULL;
    store->tables = 0;
    store_settle(L, store);
}

void store_limit(struct store *store, size_t limit) {
    store->limit = limit;
}

void store_count(lua_State *L, struct store *store, struct store_stats *stats) {
    const struct slots *slots = &store->slots;
    store_sweep(L, store);
    *stats = (struct store_stats){
        .live = slots->live, .peak = slots->peak, .free = slots_free(slots), .retired = slots->retired, .puts = slots->takes,
        .releases = slots->gives, .stale = store->stale, .native = store->bytes, .bytes = store->bytes + store->tables,
    };
}

/* ---- Values ---------------------------------------------------------------------------------------------- */

static inline void take(lua_State *L, struct store *store, int tag, uint64_t *id) {
    struct slots_at at = slots_take(&store->slots);
    *id = slots_id(at);
    pages_set(L, store->pool, at.page->number, at.offset);
    if (tag) slots_set_flag(at, SLOTS_TAGGED);
    if (store->leaks.mode != LEAKS_OFF && leaks_wanted(&store->leaks)) store_track(L, store, at, *id);
}

void store_take(lua_State *L, struct store *store, int tag, uint64_t *id) {
    take(L, store, tag, id);
}

int store_put_ready(lua_State *L, struct store *store, uint64_t *id) {
    if (!store->is_open) return -EBADF;
    if (queue_pending(store->queue)) store_sweep(L, store);
    if (!store_is_ready(store)) return -EAGAIN;
    take(L, store, 0, id);
    return 0;
}

int store_prepare(lua_State *L, struct store *store, int tag) {
    int result;
    do {
        result = store_reserve(L, store);
    } while (result == 0 && tag && !store_tag_next(L, store, tag));
    return result;
}

int store_put(lua_State *L, struct store *store, int tag, uint64_t *id) {
    int result = tag ? -EAGAIN : store_put_ready(L, store, id);
    if (result != -EAGAIN) return result;
    result = store_prepare(L, store, tag);
    if (result == 0) take(L, store, tag, id);
    return result;
}

/* Ends the scope that a live slot is in, when that is due. Returns 1 if so: the slot was released then. */
static int end_scope(lua_State *L, struct store *store, struct slots_at at) {
    uint32_t mark = slots_marked(at);
    if (!mark || !scope_is_over(L, store->scopes[mark].scope)) return 0;
    scope_end(L, store->scopes[mark].scope);
    return 1;
}

struct slots_at store_find_due(lua_State *L, struct store *store, uint64_t id) {
    struct slots_at none = { NULL, 0 };
    if (!store->is_open) return none;
    if (queue_pending(store->queue)) store_sweep(L, store);
    struct slots_at at = slots_find(&store->slots, id);
    return at.page && store->bound && end_scope(L, store, at) ? none : at;
}

int store_why(const struct store *store, uint64_t id) {
    return store->is_open ? slots_why(&store->slots, id) : -EBADF;
}

static void push_value(lua_State *L, struct store *store, struct slots_at at) {
    pages_get(L, store->pool, at.page->number, at.offset);
}

int store_peek(lua_State *L, struct store *store, uint64_t id) {
    struct slots_at at = store_find(L, store, id);
    if (!at.page) return store_why(store, id);
    push_value(L, store, at);
    return 0;
}

/* store_why, with stale uses counted. */
static int refuse(struct store *store, uint64_t id) {
    int error = store_why(store, id);
    store->stale += error == -ESTALE;
    return error;
}

int store_get(lua_State *L, struct store *store, uint64_t id) {
    struct slots_at at = store_find(L, store, id);
    if (!at.page) return refuse(store, id);
    push_value(L, store, at);
    return 0;
}

int store_replace(lua_State *L, struct store *store, uint64_t id) {
    struct slots_at at = store_find(L, store, id);
    if (!at.page) return refuse(store, id);
    pages_set(L, store->pool, at.page->number, at.offset);
    return 0;
}

void store_give(lua_State *L, struct store *store, struct slots_at at) {
    unsigned flags = slots_flags(at);
    uint32_t number = at.page->number, table = at.page->table;
    if (flags) store_forget(L, store, at, flags);
    pages_clear(store->pool, number, at.offset);
    if (!slots_give(&store->slots, at)) return;
    pages_drop(store->pool, number);
    store->tables -= store_table_bytes(table);
    store_settle(L, store);
}

int store_release(lua_State *L, struct store *store, uint64_t id) {
    struct slots_at at = store_find(L, store, id);
    if (!at.page) return 0;
    store_give(L, store, at);
    return 1;
}

static int has_tag(lua_State *L, int tag) {
    return !tag || (!lua_isnil(L, -1) && lua_rawequal(L, -1, tag));
}

int store_each(lua_State *L, struct store *store, int tag, uint64_t *cursor, uint64_t *id) {
    struct slots_at at;
    if (!store->is_open) return 0;
    if (queue_pending(store->queue)) store_sweep(L, store);
    while (slots_each(&store->slots, cursor, &at)) {
        if ((store->bound && end_scope(L, store, at)) || (tag && !(slots_flags(at) & SLOTS_TAGGED))) continue;
        push_value(L, store, at);
        store_tag_push(L, at);
        *id = slots_id(at);
        if (has_tag(L, tag)) return 1;
        lua_pop(L, 2);
    }
    return 0;
}

void store_push_tag(lua_State *L, struct store *store, uint64_t id) {
    struct slots_at at = store_find(L, store, id);
    if (at.page) store_tag_push(L, at);
    else lua_pushnil(L);
}

/* ---- Releases that are due -------------------------------------------------------------------------------- */

struct due {
    lua_State *L;
    struct store *store;
};

static void release_due(void *context, uint64_t id) {
    struct due *due = context;
    struct slots_at at = slots_find(&due->store->slots, id);
    if (at.page) store_give(due->L, due->store, at);
}

void store_sweep(lua_State *L, struct store *store) {
    struct due due = { L, store };
    if (!store->is_open) return;
    if (queue_pending(store->queue)) queue_drain(store->queue, release_due, &due);
    for (uint32_t i = 1; store->bound && i < store->scope_count; i++) {
        struct scope *scope = store->scopes[i].scope;
        if (scope && scope_is_over(L, scope)) scope_end(L, scope);
    }
}
