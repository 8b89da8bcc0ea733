/* pages.h: the one table of the registry that holds the values of all stores of a state, and the pool behind it.
 * Invariant: at n + 1 lie the values of page n, at -n - 1 their tags, at 0 the pool, at the table's own key the shelf, at an
 *   owner's address its side tables.
 * SPDX-License-Identifier: MIT
 *
 * Looking a page up in the registry for every value would cost more than all the rest. So the pages used last also lie on
 * the stack of a coroutine that never runs, from where lua_xmove brings a value: two calls of Lua's interface, no search.
 *
 * For runtime/store only. Functions that do not say "may raise" never do, and need no memory. */
#ifndef PAGES_H
#define PAGES_H

#include "lua.h"

#include "store/slots.h"

/* Pages at hand, by their number modulo this; with the table of pages they fit the stack of a coroutine as it is made. */
enum { PAGES_SHELF = 16 };

struct pool {
    struct slots_pool slots;
    int is_open;                  /* 0 once the state is being closed */
    lua_State *shelf;             /* a coroutine that never runs: on its stack lie the table of pages, and pages at hand */
    uint32_t shown[PAGES_SHELF];  /* the number + 1 of the page at hand there, 0: none */
};

/* The pool of the state, made when it is missing. It is older than every store, so when the state is closed it is
 * finalized after all of them. May raise. */
struct pool *pages_pool(lua_State *L);

/* Pushes the table of pages. */
void pages_push(lua_State *L);

/* Makes the table on top of the stack that of a page, in place of the one it had, and pops it. May raise. */
void pages_set_table(lua_State *L, struct pool *pool, uint32_t number);

/* Copies the first `count` values of a page to the table on top of the stack, which has room for them. */
void pages_copy(lua_State *L, struct pool *pool, uint32_t number, int count);

/* Pushes the value at an offset of a page; pops a value and puts it there; puts nil there. */
void pages_get(lua_State *L, struct pool *pool, uint32_t number, uint32_t offset);
void pages_set(lua_State *L, struct pool *pool, uint32_t number, uint32_t offset);
void pages_clear(struct pool *pool, uint32_t number, uint32_t offset);

/* Forgets the values and tags of a page. The pool comes as a void pointer so that slots_close can call this. */
void pages_drop(void *pool, uint32_t number);

/* Replaces the key on top of the stack by the table under that key of the table below it, which is made when it is missing and
 * `make` is 1 (may raise), else by nil. */
void pages_table(lua_State *L, int make);

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
