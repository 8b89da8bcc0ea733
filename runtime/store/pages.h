/* pages.h: the one table of the registry that holds the values of all stores of a state, and the pool behind it.
 * Invariant: at n + 1 lie the values of page n, at -n - 1 their tags, at 0 the pool, at an owner's address its side tables.
 * SPDX-License-Identifier: MIT
 *
 * For runtime/store only. Functions that do not say "may raise" never do, and need no memory. */
#ifndef PAGES_H
#define PAGES_H

#include "lua.h"

#include "store/slots.h"

struct pool {
    struct slots_pool slots;
    int is_open; /* 0 once the state is being closed */
};

/* The pool of the state, made when it is missing. It is older than every store, so when the state is closed it is
 * finalized after all of them. May raise. */
struct pool *pages_pool(lua_State *L);

/* Pushes the table of pages. */
void pages_push(lua_State *L);

/* Pushes the table of pages and that of one page. */
void pages_push_one(lua_State *L, uint32_t number);

/* Forgets the values and tags of a page. `L` comes as a void pointer so that slots_close can call this. */
void pages_drop(void *L, uint32_t number);

/* Pushes the owner's own table number `which` (1, 2), made when it is missing and `make` is 1 (may raise), else nil. It
 * can be reached without the owner's userdata, so it must not refer to that. */
void pages_push_side(lua_State *L, void *owner, int which, int make);

/* Forgets all of the owner's own tables. */
void pages_clear_side(lua_State *L, void *owner);

/* Pushes the metatable of that name, made with __gc = gc when it is missing. May raise. */
void pages_push_metatable(lua_State *L, const char *name, lua_CFunction gc);

/* The userdata at a stack index when it has the metatable of that name, else NULL. */
void *pages_userdata(lua_State *L, int index, const char *name);

/* realloc and free, as slots_memory wants them. */
void *pages_resize(void *unused, void *block, size_t old_size, size_t new_size);

#endif
