/* results.h: what coroutines have to say, kept by coroutine and not by address.
 * Invariant: a result is found by the coroutine it was set for and by no other, however often addresses repeat.
 * SPDX-License-Identifier: MIT
 *
 * A weak-key table leads from a coroutine to the id of its result in a store of its own; the collector takes the entry
 * away before it frees the coroutine, so a new coroutine at the same address has none. Results of collected coroutines are
 * released when their number may have doubled, and by iteration. A result that refers to its own coroutine keeps it
 * alive, and so itself, until it is taken or dropped (Lua 5.1 has no ephemerons).
 *
 * `results` is the stack index of the userdata that results_open pushed, `key` that of a coroutine, or of nil or false for
 * the main program; both are absolute. Errors are those of store.h. */
#ifndef RESULTS_H
#define RESULTS_H

#include <stdint.h>

#include "lua.h"

#define RESULTS_METATABLE "moonbear.store.results"

/* Pushes a new, empty set of results, or an error text, returning 1 or 0. May raise. */
int results_open(lua_State *L);

/* Whether that is at a stack index. Never raises. */
int results_at(lua_State *L, int index);

/* Pops the `count` values on top of the stack and keeps them as the key's result, in place of an older one. Returns 0, or
 * an error with the values left. May raise. */
int results_set(lua_State *L, int results, int key, int count);

/* Pushes the key's result, as many values as it has, and returns their number; -1 without a result. May raise. */
int results_get(lua_State *L, int results, int key);

/* Removes the key's result: 1, or 0 without one. Never raises. */
int results_drop(lua_State *L, int results, int key);

/* The next result after `*cursor` (0 at first): pushes its coroutine (false for the main program) and its values, and
 * returns the number of all that; 0 at the end. Setting and dropping between calls is fine. May raise. */
int results_each(lua_State *L, int results, uint64_t *cursor);

/* How many results there are, those of collected coroutines that were not released yet included. Never raises. */
uint64_t results_count(lua_State *L, int results);

#endif
