/* lua_buffer.h: buffers as Lua sees them, for the files of this folder that fill one.
 * Invariant: `counted` is what engine_native was told of the builder's memory.
 * SPDX-License-Identifier: MIT */
#ifndef LUA_BUFFER_H
#define LUA_BUFFER_H

#include "lua.h"

#include "bytes/builder.h"

struct buffer {
    struct builder builder;
    size_t counted;
    int is_released;
};

/* A new, empty buffer on top of the stack. Raises (memory). */
struct buffer *buffer_new(lua_State *L);

/* Room for `more` bytes; raises when there is not. May run the collector. Returns where they go. */
char *buffer_reserve(lua_State *L, struct buffer *buffer, size_t more);

/* Puts what is at a stack index, a string or bytes, behind the end. Raises, and then nothing was put. */
void buffer_put(lua_State *L, struct buffer *buffer, int index);

/* Pushes the content as bytes; the buffer is empty then. Raises (memory), and then it is as it was. */
void buffer_freeze(lua_State *L, struct buffer *buffer);

/* bytes.buffer */
int lua_buffer_new(lua_State *L);

#endif
