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
#define LUA_STORE_LEAKS "MOONBEAR_LEAKS"

/* Sees that stores and results that C made have their methods, as if the module had been required. May raise. */
void lua_store_ready(lua_State *L);

/* The methods of results (lua_results.c), added to their metatable. May raise. */
void lua_results_fill(lua_State *L);

/* ---- For the files lua_*.c of this folder ------------------------------------------------------------------- */

/* The methods of stores, added to their metatable. May raise. */
void lua_store_fill(lua_State *L);

/* A limit of bytes: a number, or a text such as "64M". */
size_t lua_store_limit(lua_State *L, int index);

/* The methods of scopes and handles, added to their metatables, and for stores, whose metatable is at a stack index, the
 * method `scope` (pushed) and the method `ref`. May raise. */
void lua_scope_fill(lua_State *L);
void lua_ref_fill(lua_State *L);
void lua_store_push_scope(lua_State *L, int metatable);
int lua_store_ref(lua_State *L);

/* Argument 1 when it has the metatable that is upvalue 1; else raises that `name` is expected. */
void *lua_store_userdata(lua_State *L, const char *name);
struct store *lua_store_self(lua_State *L);

/* For put(v [, tag]): leaves the value on top and returns the stack index of the tag, or 0. Raises without a value. */
int lua_store_arguments(lua_State *L);

/* Pushes the id that a put gave, or raises what it returned. */
int lua_store_put_id(lua_State *L, struct store *store, int result, uint64_t id);

/* Pushes a table of methods, whose upvalues are the `upvalues` values from stack index `first`. May raise. */
struct luaL_Reg;
void lua_store_push_methods(lua_State *L, const struct luaL_Reg *methods, int first, int upvalues);

/* Raise the sentence of store_explain, with the position of the caller or of the function at `level`. */
int lua_store_raise(lua_State *L, struct store *store, int error, double id);
int lua_store_raise_at(lua_State *L, int level, struct store *store, int error, double id);

#endif
