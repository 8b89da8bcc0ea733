/* lua_pack.h: bytes.pack and its relatives, for the files of this folder.
 * Invariant: see pack.h.
 * SPDX-License-Identifier: MIT */
#ifndef LUA_PACK_H
#define LUA_PACK_H

#include "lua.h"

struct buffer;

/* Puts the values behind the format at a stack index, packed, into a buffer. Raises for a bad format or value, and then nothing
 * was put. May leave values on the stack. */
void lua_pack_put(lua_State *L, int format, struct buffer *buffer);

/* bytes.pack(format, ...), bytes.packsize(format), bytes.unpack(data, format [, position]) */
int lua_pack_pack(lua_State *L);
int lua_pack_size(lua_State *L);
int lua_pack_unpack(lua_State *L);

/* b:pack(format, ...): b with what is packed behind it */
int lua_pack_append(lua_State *L);

#endif
