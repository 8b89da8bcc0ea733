/* scope.h: values that are released together.
 * Invariant: every id in a scope's list is live and marked with the scope's number, or stale, or kept.
 * SPDX-License-Identifier: MIT
 *
 * A scope that is bound to a coroutine ends with it: when the coroutine is collected, or was ended by an error (then at
 * the next call that looks at one of its ids or at the store as a whole, before that call looks). Bind a scope only
 * where nothing on the coroutine's own stack could catch an error. Errors are those of store.h. */
#ifndef SCOPE_H
#define SCOPE_H

#include "store/store.h"

#define SCOPE_METATABLE "moonbear.store.scope"

/* Lives in a userdata with metatable SCOPE_METATABLE. Fields are for runtime/store only. */
struct scope {
    struct store *store;
    uint64_t *ids;
    size_t count, capacity;
    uint32_t number;
    int is_open, is_bound;
};

/* Pushes a new scope of the store at a stack index; `bound`: to the coroutine L. Returns NULL and a negative `error`
 * with nothing pushed. May raise. */
struct scope *scope_open(lua_State *L, int store_index, int bound, int *error);

/* The scope at a stack index, or NULL. Never raises. */
struct scope *scope_at(lua_State *L, int index);

/* store_put into the scope. May raise. -EPIPE when the scope has ended. */
int scope_put(lua_State *L, struct scope *scope, int tag, uint64_t *id);

/* Brings a live id of the store into the scope. 0, or -EPIPE, -ENOMEM, -EDQUOT, or the error of a bad id. May raise. */
int scope_add(lua_State *L, struct scope *scope, uint64_t id);

/* Takes a live id out of the scope: it is the store's alone now. 0, or -EPIPE, or the error of a bad id; an id that
 * is live but not of this scope stays as it is: 0. Never raises. */
int scope_keep(lua_State *L, struct scope *scope, uint64_t id);

/* Releases what is in the scope and was not kept. A second time does nothing. Never raises. */
void scope_end(lua_State *L, struct scope *scope);

/* Whether the coroutine that a bound scope belongs to is gone or was ended by an error. Never raises. */
int scope_is_over(lua_State *L, const struct scope *scope);

/* The __gc of SCOPE_METATABLE; for runtime/store only. */
int scope_gc(lua_State *L);

#endif
