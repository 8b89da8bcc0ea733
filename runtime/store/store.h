/* store.h: values kept in the registry under ids, outside the C stack and outside any one big table.
 * Invariant: a value is reachable from its page exactly while its id is live; no call that fails has changed anything.
 * SPDX-License-Identifier: MIT
 *
 * Values lie in pages: tables of at most 4096 array slots, in one table under one light userdata of the registry. They
 * never rehash, and a write barrier makes the collector look at one page again, not at everything. Which slots are live
 * is slots.h's business, in native memory that is counted through engine_native.
 *
 * Errors: functions return 0 or a positive answer, or a negative errno that store_explain turns into a sentence:
 *   -EBADF   the store is closed                      -ESTALE  the id was released
 *   -ENOSPC  all slots of the store are in use        -EXDEV   the id is of another store of this state
 *   -EDQUOT  the store's limit of bytes is reached    -EINVAL  no such id was ever given out
 *   -ENOMEM  memory is refused                        -EOVERFLOW  all ids of this state are used up
 * Only functions marked "may raise" can leave by a Lua error (memory, or an error in somebody's finalizer), and then the
 * store is as before. The others never raise, and may be called in finalizers and error handlers. All need up to 8 free
 * places on the Lua stack, any coroutine of the state will do for `L`, and no function keeps it.
 * Every function that takes an id first does what store_release_later was asked for. */
#ifndef STORE_H
#define STORE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "lua.h"

#include "store/leaks.h"
#include "store/queue.h"
#include "store/slots.h"

#define STORE_METATABLE "moonbear.store"
enum { STORE_NAME_MAX = 64 };

struct store_options {
    const char *name;      /* for messages; copied, cut to STORE_NAME_MAX - 1 bytes; NULL: none */
    uint64_t slots;        /* how many values may be live; 0: as many as there are ids */
    size_t limit;          /* bytes the store may use for itself (not for the values); 0: no limit */
    enum leaks_mode leaks;
    int reports;           /* 1: when it is collected with live values, store_report to standard error */
};

struct store_stats {
    uint64_t live, peak, free, retired, puts, releases, stale;
    size_t native; /* bytes outside the Lua heap */
    size_t bytes;  /* native, and the pages */
};

struct pool;
struct scope;

/* An open scope by its number, or NULL and the next number that is not used. */
struct store_scope {
    struct scope *scope;
    uint32_t next;
};

/* Lives in a userdata with metatable STORE_METATABLE. Fields are for runtime/store only. */
struct store {
    struct slots slots;
    struct pool *pool;
    struct leaks leaks;
    struct queue *queue;
    size_t bytes;   /* native memory that the store has */
    size_t counted; /* what engine_native was told of it */
    size_t tables;  /* bytes of the pages in the Lua heap */
    size_t limit;
    uint64_t stale;
    struct store_scope *scopes;
    uint32_t scope_count, scope_capacity, scope_unused; /* number 0 is not used */
    uint32_t bound; /* open scopes that are bound to a coroutine */
    int is_open, reports;
    char name[STORE_NAME_MAX];
};

/* ---- The store itself ------------------------------------------------------------------------------------ */

/* Pushes a new store. It is closed when it is collected. Returns NULL with an error text pushed in its place when the
 * state is being closed. May raise. */
struct store *store_open(lua_State *L, const struct store_options *options);

/* The store at a stack index, or NULL when there is something else. Never raises. */
struct store *store_at(lua_State *L, int index);

/* Releases everything; every id becomes stale. A second time does nothing. Never raises. */
void store_close(lua_State *L, struct store *store);

/* Sets the limit of bytes; 0: none. What is in the store stays, whatever the limit. */
void store_limit(struct store *store, size_t limit);

/* Never raises. */
void store_count(lua_State *L, struct store *store, struct store_stats *stats);

/* ---- Values ---------------------------------------------------------------------------------------------- */

/* Stores the value on top of the stack and pops it. `tag` is the stack index of its tag, or 0. Returns 0 and the id, or
 * an error, with the value left on the stack. May raise. */
int store_put(lua_State *L, struct store *store, int tag, uint64_t *id);

/* store_put without a tag for a caller that cannot be raised at: -EAGAIN when it would have to ask for memory; nothing
 * happened then. Never raises. */
int store_put_ready(lua_State *L, struct store *store, uint64_t *id);

/* Makes the next store_put_ready succeed. May raise. */
int store_reserve(lua_State *L, struct store *store);

/* Pushes the value. Returns 0, or an error with nothing pushed; a stale id is counted. Never raises. */
int store_get(lua_State *L, struct store *store, uint64_t id);

/* store_get for those who ask whether an id is live: nothing is counted. Never raises. */
int store_peek(lua_State *L, struct store *store, uint64_t id);

/* Where a live id is (slots.h), its `page` NULL for any other; and why that is. Never raise. store_find_due is its rare half. */
struct slots_at store_find_due(lua_State *L, struct store *store, uint64_t id);
static inline struct slots_at store_find(lua_State *L, struct store *store, uint64_t id) {
    if (!store->is_open || store->bound || queue_pending(store->queue)) return store_find_due(L, store, id);
    return slots_find(&store->slots, id);
}
int store_why(const struct store *store, uint64_t id);

/* Puts the value on top of the stack in the place of the old one, and pops it. Returns 0, or an error with the value
 * left on the stack. Never raises. */
int store_replace(lua_State *L, struct store *store, uint64_t id);

/* Releases an id at once. Returns 1 the first time, 0 for any id that is not live. Never raises. */
int store_release(lua_State *L, struct store *store, uint64_t id);

/* The next live id after `*cursor` (0 at first), whatever was put or released meanwhile; with `tag`, a stack index or
 * 0, only those whose tag is rawequal to it. Returns 1 with value and tag pushed (nil without one), or 0. Never raises. */
int store_each(lua_State *L, struct store *store, int tag, uint64_t *cursor, uint64_t *id);

/* Pushes the tag of a live id; nil without one, and for any other id. Never raises. */
void store_push_tag(lua_State *L, struct store *store, uint64_t id);

/* Puts the value on top of the stack under the name below it, and pops both; an older value of that name is replaced.
 * Returns 0 and the id, or an error with both left. May raise. */
int store_name(lua_State *L, struct store *store, uint64_t *id);

/* The id of the name on top of the stack, which is popped; 0 without one. May raise. */
uint64_t store_named(lua_State *L, struct store *store);

/* Releases what the name on top of the stack stands for; pops it. Returns 1, or 0 when there was nothing. May raise. */
int store_unname(lua_State *L, struct store *store);

/* ---- Reports --------------------------------------------------------------------------------------------- */

/* Pushes the sentence for an error that a function above returned for `id`, any number that came as one. May raise. */
void store_explain(lua_State *L, struct store *store, int error, double id);

/* Pushes an array of the n oldest tracked live values: { id=, place=, age=, tag= }, age in seconds. May raise. */
void store_leaks(lua_State *L, struct store *store, size_t n);

/* Prints how many values are still live and where most of them were put, when there are any. Never raises. */
void store_report(lua_State *L, struct store *store, FILE *out);

#endif
