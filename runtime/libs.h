/* libs.h: what is built in: the stock libraries, and the modules that `require` finds in the binary.
 * Invariant: a built-in module costs nothing until it is required, and adds no global (lfs, lpeg and re set their own,
 * as everywhere).
 * SPDX-License-Identifier: MIT */
#ifndef LIBS_H
#define LIBS_H

#include "lua.h"

/* Opens the stock libraries and makes `require` find the built-in modules before package.path.
 * Raises a Lua error when memory is refused: call it under lua_cpcall. */
void libs_open(lua_State *L);

/* Makes package.path and package.cpath the compiled-in defaults, whatever the environment says (option -E).
 * May raise for memory. */
void libs_ignore_environment(lua_State *L);

/* Pushes a new array of the names of all built-in modules: compiled ones, then Lua ones, each sorted.
 * May raise for memory. */
void libs_names(lua_State *L);

#endif
