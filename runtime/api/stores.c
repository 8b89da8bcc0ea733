/* stores.c: stores and scopes for host programs.
 * Invariant: a handle lives until its last holder drops it; its store lives until mb_store_close or mb_close.
 * SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "store/lua_store.h"
#include "store/scope.h"

struct mb_scope {
    mb_scope *next; /* among the store's open ones */
    mb_store *store;
    struct scope *scope; /* kept by the registry, at this address; NULL once it is ended, or the store or the runtime closed */
    int holders;         /* the host, and a call under way: a finalizer in it may end the scope */
};

void mb_store_options_init(mb_store_options *options, size_t size) {
    if (!options || size < sizeof options->size) return;
    memset(options, 0, size);
    options->size = size;
}

/* As for a runtime's: fields that the caller's header does not have keep their defaults, ones that ours does not have must be
 * zero. */
static int read_options(const mb_store_options *from, mb_store_options *to) {
    *to = (mb_store_options){ .size = sizeof *to };
    if (!from) return MB_OK;
    if (from->size < sizeof from->size) return MB_INVALID;
    for (size_t at = sizeof *to; at < from->size; at++)
        if (((const char *)from)[at]) return MB_UNSUPPORTED;
    memcpy(to, from, from->size < sizeof *to ? from->size : sizeof *to);
    return to->leaks <= MB_LEAKS_FULL ? MB_OK : MB_INVALID;
}

/* ---- Handles --------------------------------------------------------------------------------------------- */

/* Keeps what is on top of the stack in the registry under an address, and pops it. */
static void anchor(lua_State *L, void *address) {
    lua_pushlightuserdata(L, address);
    lua_insert(L, -2);
    lua_rawset(L, LUA_REGISTRYINDEX);
}

/* The key exists, so that no memory is needed. */
static void unanchor(lua_State *L, void *address) {
    lua_pushlightuserdata(L, address);
    lua_pushnil(L);
    lua_rawset(L, LUA_REGISTRYINDEX);
}

static void push_anchored(lua_State *L, void *address) {
    lua_pushlightuserdata(L, address);
    lua_rawget(L, LUA_REGISTRYINDEX);
}

struct store *api_push_store(lua_State *L, mb_store *handle) {
    push_anchored(L, handle);
    return lua_touserdata(L, -1);
}

mb_store *mb_store_hold(mb_store *handle) {
    if (handle) atomic_fetch_add_explicit(&handle->holders, 1, memory_order_relaxed);
    return handle;
}

void mb_store_drop(mb_store *handle) {
    if (!handle || atomic_fetch_sub_explicit(&handle->holders, 1, memory_order_acq_rel) != 1) return;
    if (handle->queue) queue_drop(handle->queue);
    free(handle);
}

struct opening {
    mb_store *handle;
    mb_store_options options;
};

static int open_store(lua_State *L, void *argument) {
    struct opening *o = argument;
    struct store_options options = { .name = o->options.name, .slots = o->options.slots, .limit = o->options.limit,
                                     .leaks = (enum leaks_mode)o->options.leaks };
    struct store *store = store_open(L, &options);
    if (!store) return api_failed(o->handle->runtime, L, MB_CLOSED);
    anchor(L, o->handle);
    o->handle->store = store;
    o->handle->queue = queue_hold(store->queue);
    return MB_OK;
}

static void link_handle(mb_store *handle) {
    handle->next = handle->runtime->stores;
    handle->runtime->stores = handle;
}

static void unlink_handle(mb_store *handle) {
    mb_store **at = &handle->runtime->stores;
    while (*at != handle) at = &(*at)->next;
    *at = handle->next;
    handle->runtime = NULL;
    handle->store = NULL;
}

int mb_store_open(mb_runtime *runtime, const mb_store_options *options, mb_store **out) {
    struct opening o = { 0 };
    if (!runtime || !out) return MB_INVALID;
    *out = NULL;
    int code = read_options(options, &o.options);
    if (code != MB_OK) return code;
    o.handle = calloc(1, sizeof *o.handle);
    if (!o.handle) return api_refuse(runtime, MB_NOMEM);
    atomic_init(&o.handle->holders, 1);
    o.handle->runtime = runtime;
    code = api_run(runtime, open_store, &o);
    if (code == MB_OK) {
        link_handle(o.handle);
        *out = o.handle;
    } else {
        mb_store_drop(o.handle);
    }
    return code;
}

static void link_scope(mb_scope *scope) {
    scope->next = scope->store->scopes;
    scope->store->scopes = scope;
}

static void unlink_scope(mb_scope *scope) {
    mb_scope **at = &scope->store->scopes;
    while (*at != scope) at = &(*at)->next;
    *at = scope->next;
    scope->scope = NULL;
}

static void close_store(mb_store *handle) {
    lua_State *L = handle->runtime->current;
    for (mb_scope *scope; (scope = handle->scopes);) {
        scope_end(L, scope->scope);
        unanchor(L, scope);
        unlink_scope(scope);
    }
    store_close(L, handle->store);
    unanchor(L, handle);
    unlink_handle(handle);
}

void mb_store_close(mb_store *handle) {
    if (!handle || (handle->runtime && handle == handle->runtime->own)) return;
    if (handle->runtime) close_store(handle);
    mb_store_drop(handle);
}

/* The state's finalizers have closed the stores and ended the scopes; callbacks could use them until then. */
void api_forget_stores(mb_runtime *runtime) {
    mb_store *own = runtime->own;
    while (runtime->stores) {
        while (runtime->stores->scopes) unlink_scope(runtime->stores->scopes);
        unlink_handle(runtime->stores);
    }
    mb_store_drop(own);
}

mb_store *mb_own_store(mb_runtime *runtime) {
    return runtime ? runtime->own : NULL;
}

struct sharing {
    void *address;
    const char *name;
};

static int share(lua_State *L, void *argument) {
    struct sharing *s = argument;
    lua_store_ready(L);
    push_anchored(L, s->address);
    api_set_global(L, s->name);
    return MB_OK;
}

int mb_store_share(mb_store *handle, const char *name) {
    struct sharing s = { handle, name };
    if (!handle || !name) return MB_INVALID;
    if (!handle->runtime) return MB_CLOSED;
    return api_run(handle->runtime, share, &s);
}

/* ---- Values ---------------------------------------------------------------------------------------------- */

struct room {
    mb_store *handle;
    int error;
};

static int reserve(lua_State *L, void *argument) {
    struct room *room = argument;
    struct store *store = api_push_store(L, room->handle);
    room->error = store ? store_reserve(L, store) : -EBADF;
    return MB_OK;
}

/* What may raise is done apart from the caller's stack, so that there is nothing to restore. */
static int put_slowly(mb_store *handle, lua_State *L, mb_id *id, int error) {
    while (error == -EAGAIN) {
        struct room room = { handle, 0 };
        int code = api_run_on(handle->runtime, L, reserve, &room);
        if (code != MB_OK) return code;
        if (!handle->runtime) return MB_CLOSED;
        error = room.error ? room.error : store_put_ready(L, handle->store, id);
    }
    return api_explain(handle, error, 0);
}

/* Making room may run finalizers, and one of them may close the store: then this is its last holder. */
int mb_put(mb_store *handle, lua_State *L, mb_id *id) {
    if (!handle || !L || !id) return MB_INVALID;
    if (!handle->runtime) return MB_CLOSED;
    if (!api_owns(handle->runtime, L)) return api_refuse(handle->runtime, MB_INVALID);
    int error = store_put_ready(L, handle->store, id);
    if (error == 0) return MB_OK;
    mb_store_hold(handle);
    int code = put_slowly(handle, L, id, error);
    mb_store_drop(handle);
    return code;
}

int mb_push(mb_store *handle, lua_State *L, mb_id id) {
    if (!handle || !L) return MB_INVALID;
    if (!handle->runtime) return MB_CLOSED;
    if (!api_owns(handle->runtime, L)) return api_refuse(handle->runtime, MB_INVALID);
    int error = store_get(L, handle->store, id);
    return error == 0 ? MB_OK : api_explain(handle, error, id);
}

int mb_replace(mb_store *handle, lua_State *L, mb_id id) {
    if (!handle || !L) return MB_INVALID;
    if (!handle->runtime) return MB_CLOSED;
    if (!api_owns(handle->runtime, L)) return api_refuse(handle->runtime, MB_INVALID);
    int error = store_replace(L, handle->store, id);
    return error == 0 ? MB_OK : api_explain(handle, error, id);
}

struct putting {
    mb_runtime *runtime;
    mb_store *handle;
    const mb_value *value;
    mb_id *id;
};

static int put_value(lua_State *L, void *argument) {
    struct putting *p = argument;
    struct store *store = api_push_store(L, p->handle);
    if (!store) return api_refuse(p->runtime, MB_CLOSED);
    int code = api_push(L, p->runtime, p->value);
    if (code != MB_OK) return code;
    int error = store_put(L, store, 0, p->id);
    if (error == 0) return MB_OK;
    store_explain(L, store, error, 0);
    return api_failed(p->runtime, L, api_code(error));
}

int mb_put_value(mb_store *handle, mb_value value, mb_id *id) {
    struct putting p = { handle ? handle->runtime : NULL, handle, &value, id };
    if (!handle || !id) return MB_INVALID;
    return handle->runtime ? api_run(handle->runtime, put_value, &p) : MB_CLOSED;
}

int mb_get_value(mb_store *handle, mb_id id, mb_value *value) {
    if (!handle || !value) return MB_INVALID;
    if (!handle->runtime) return MB_CLOSED;
    lua_State *L = handle->runtime->current;
    int code = mb_push(handle, L, id);
    if (code != MB_OK) return code;
    *value = api_value(L, -1);
    lua_pop(L, 1);
    return MB_OK;
}

int mb_has(mb_store *handle, mb_id id) {
    return handle && handle->runtime && store_find(handle->runtime->current, handle->store, id).page != NULL;
}

int mb_release(mb_store *handle, mb_id id) {
    if (!handle) return MB_INVALID;
    if (!handle->runtime) return MB_CLOSED;
    if (store_release(handle->runtime->current, handle->store, id)) return MB_OK;
    return api_code(store_why(handle->store, id));
}

int mb_release_later(mb_store *handle, mb_id id) {
    if (!handle) return MB_INVALID;
    int error = queue_push(handle->queue, id);
    return error == -EPIPE ? MB_CLOSED : api_code(error);
}

int mb_store_count(mb_store *handle, mb_store_stats *out) {
    struct store_stats stats;
    if (!handle || !out || out->size < sizeof out->size) return MB_INVALID;
    if (!handle->runtime) return MB_CLOSED;
    store_count(handle->runtime->current, handle->store, &stats);
    mb_store_stats all = { .size = out->size, .live = stats.live, .peak = stats.peak, .free_slots = stats.free,
                           .retired = stats.retired, .puts = stats.puts, .releases = stats.releases, .stale = stats.stale,
                           .native = stats.native, .bytes = stats.bytes };
    memcpy(out, &all, out->size < sizeof all ? out->size : sizeof all);
    return MB_OK;
}

/* ---- Scopes ---------------------------------------------------------------------------------------------- */

static int begin_scope(lua_State *L, void *argument) {
    mb_scope *scope = argument;
    int error = 0;
    struct store *store = api_push_store(L, scope->store);
    if (!store) return api_refuse(api_runtime(L), MB_CLOSED);
    scope->scope = scope_open(L, 1, 0, &error);
    if (scope->scope) {
        anchor(L, scope);
        link_scope(scope);
        return MB_OK;
    }
    store_explain(L, store, error, 0);
    return api_failed(api_runtime(L), L, api_code(error));
}

static void drop_scope(mb_scope *scope) {
    if (--scope->holders) return;
    mb_store_drop(scope->store);
    free(scope);
}

int mb_scope_begin(mb_store *handle, mb_scope **out) {
    if (!handle || !out) return MB_INVALID;
    *out = NULL;
    if (!handle->runtime) return MB_CLOSED;
    mb_scope *scope = calloc(1, sizeof *scope);
    if (!scope) return api_refuse(handle->runtime, MB_NOMEM);
    scope->store = mb_store_hold(handle);
    scope->holders = 1;
    int code = api_run(handle->runtime, begin_scope, scope);
    if (code == MB_OK) *out = scope;
    else drop_scope(scope);
    return code;
}

struct adding {
    mb_scope *scope;
    mb_id id;
    int error;
};

static int add(lua_State *L, void *argument) {
    struct adding *adding = argument;
    push_anchored(L, adding->scope);
    struct scope *scope = lua_touserdata(L, -1);
    adding->error = scope ? scope_add(L, scope, adding->id) : -EPIPE;
    return MB_OK;
}

/* The id enters the scope, or is released. */
static int add_to(mb_scope *scope, lua_State *L, mb_id id) {
    mb_store *handle = scope->store;
    struct adding adding = { scope, id, 0 };
    int code = scope->scope ? api_run_on(handle->runtime, L, add, &adding) : MB_CLOSED;
    if (code == MB_OK && adding.error == 0) return MB_OK;
    mb_release(handle, id);
    if (code != MB_OK || !handle->runtime) return code != MB_OK ? code : MB_CLOSED;
    return api_explain(handle, adding.error, id);
}

/* A copy of the value stays on the caller's stack until it is in the scope: what finalizers do meanwhile cannot take it away. */
static int put_into(mb_scope *scope, lua_State *L, mb_id *id) {
    mb_id put;
    lua_pushvalue(L, -1);
    int code = mb_put(scope->store, L, &put);
    if (code == MB_OK) code = add_to(scope, L, put);
    else lua_pop(L, 1);
    if (code != MB_OK) return code;
    lua_pop(L, 1);
    *id = put;
    return MB_OK;
}

int mb_scope_put(mb_scope *scope, lua_State *L, mb_id *id) {
    if (!scope || !L || !id) return MB_INVALID;
    if (!scope->scope) return MB_CLOSED;
    if (!api_owns(scope->store->runtime, L)) return api_refuse(scope->store->runtime, MB_INVALID);
    scope->holders++;
    int code = put_into(scope, L, id);
    drop_scope(scope);
    return code;
}

int mb_scope_keep(mb_scope *scope, mb_id id) {
    if (!scope) return MB_INVALID;
    if (!scope->scope) return MB_CLOSED;
    int error = scope_keep(scope->store->runtime->current, scope->scope, id);
    return error == 0 ? MB_OK : api_explain(scope->store, error, id);
}

void mb_scope_end(mb_scope *scope) {
    if (!scope) return;
    if (scope->scope) {
        lua_State *L = scope->store->runtime->current;
        scope_end(L, scope->scope);
        unanchor(L, scope);
        unlink_scope(scope);
    }
    drop_scope(scope);
}
