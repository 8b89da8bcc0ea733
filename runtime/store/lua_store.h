/* lua_store.h: the module moonbear.store (documented in help topic "store").
 * Invariant: nothing is decided here: arguments and errors are translated, store.h does the rest.
 * SPDX-License-Identifier: MIT */
#ifndef LUA_STORE_H
#define LUA_STORE_H

#include "lua.h"

#include "store/store.h"

/* Pushes the module table: new, results. With MOONBEAR_LEAKS=1 in the environment every new store tracks all its values
 * unless told otherwise, and says at the end what was not released. */
int luaopen_moonbear_store(lua_State *L);

/* The methods of results (lua_results.c), added to their metatable. May raise. */
void lua_results_fill(lua_State *L);

/* Raises the sentence of store_explain, with the caller's position. */
int lua_store_raise(lua_State *L, struct store *store, int error, double id);

#endif
