/* lua_data.h: the module moonbear.data; each of its parts fills the table of its functions.
 * Invariant: a function of the module is listed in exactly one part.
 * SPDX-License-Identifier: MIT */
#ifndef LUA_DATA_H
#define LUA_DATA_H

#include "lua.h"

int luaopen_moonbear_data(lua_State *L);

/* Each adds its functions to the table on top of the stack: load, decode and parser; encode and save; freeze, open and what
 * reads frozen data. A load into a store that fails releases all it had put there: nobody has the ids; see data_load. */
void lua_data_add_load(lua_State *L);
void lua_data_add_encode(lua_State *L);
void lua_data_add_frozen(lua_State *L);

#endif
