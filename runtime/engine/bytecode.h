/* bytecode.h: which precompiled chunks may be loaded.
 * Invariant: unless its state allows all bytecode, a chunk is loaded only if its mark proves that this process wrote it.
 * SPDX-License-Identifier: MIT
 *
 * The mark is a keyed hash of the chunk, 16 bytes behind its end, where the loaders of PUC Lua do not look. */
#ifndef BYTECODE_H
#define BYTECODE_H

#include "lua.h"

struct Proto;
struct Zio;
struct Mbuffer;

/* lua_dump's work: writes the function, and a mark where the state needs one. Returns what the writer said, 0 if all. */
int bytecode_dump(lua_State *L, const struct Proto *function, lua_Writer writer, void *data);

/* The parser's work when a chunk begins as bytecode does. Raises LUA_ERRSYNTAX when it is refused. `buffer` is a Mbuffer. */
struct Proto *bytecode_load(lua_State *L, struct Zio *stream, void *buffer, const char *name);

#endif
