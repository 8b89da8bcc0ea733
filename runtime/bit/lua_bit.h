/* lua_bit.h: the module `bit`, with the interface of Lua BitOp 1.0.2 (documented in help topic "modules").
 * Invariant: every result is a signed 32-bit number, as BitOp's are.
 * SPDX-License-Identifier: MIT */
#ifndef LUA_BIT_H
#define LUA_BIT_H

#include "lua.h"

/* Pushes the module table: tobit tohex bnot band bor bxor lshift rshift arshift rol ror bswap. */
int luaopen_bit(lua_State *L);

#endif
