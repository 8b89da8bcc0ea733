/* lua_bytes.h: the module moonbear.bytes, and how other modules take "a string of data": a Lua string or bytes.
 * Invariant: no function here copies what it is asked about.
 * SPDX-License-Identifier: MIT */
#ifndef LUA_BYTES_H
#define LUA_BYTES_H

#include "lua.h"

#include "bytes/bytes.h"

#define LUA_BYTES_METATABLE "moonbear.bytes"

int luaopen_moonbear_bytes(lua_State *L);

/* Whether a string or bytes is at a stack index. Never raises. */
int lua_bytes_is(lua_State *L, int index);

/* Its length. Raises, as luaL_checklstring does, when there is neither, and when it was released. */
size_t lua_bytes_size(lua_State *L, int index);

/* Walks its pieces: *cursor is 0 at first. Returns 1 and the next piece, which is not empty, or 0 behind the last. A piece
 * is good as long as the value is on the stack and no Lua code runs. Raises as lua_bytes_size does. */
int lua_bytes_piece(lua_State *L, int index, size_t *cursor, struct bytes_view *piece);

/* The whole as one piece: returns 1, or 0 when it lies in several. Raises as lua_bytes_size does. */
int lua_bytes_flat(lua_State *L, int index, struct bytes_view *whole);

/* Pushes bytes that are `size` bytes at `offset` of an owner, and counts the owner's memory the first time it is seen. The
 * new value holds the owner; the caller's own hold stays the caller's. May raise (memory), and then holds nothing. */
void lua_bytes_push(lua_State *L, struct bytes_owner *owner, size_t offset, size_t size);

/* Pushes bytes for the string or bytes at a stack index, without copying. To keep data that came as an argument, keep this
 * value (in an environment, in the registry): a piece without an owner lies in it. Raises as lua_bytes_size does. */
void lua_bytes_from(lua_State *L, int index);

/* For lua_value.c: the events and methods of bytes, into the metatable on top of the stack; and those that make copied slices, into
 * the methods that the metatable of such slices, on top of the stack, shares with the other. */
void lua_bytes_fill(lua_State *L);
void lua_bytes_fill_small(lua_State *L);

#endif
