/* lua_encode.h: what data.encode and data.save share.
 * Invariant: see lua_encode.c.
 * SPDX-License-Identifier: MIT */
#ifndef LUA_ENCODE_H
#define LUA_ENCODE_H

#include "lua.h"

#include "data/encoder.h"
#include "data/lua_walk.h"

struct encode_options {
    struct data_encode_options encoder;
    struct lua_walk_options walk;
    int as_bytes; /* data.encode: the result is bytes, not a string */
};

/* The format at a stack index by its name; raises when it is none. */
enum data_format encode_check_format(lua_State *L, int index);

/* The options at a stack index: a table, or nothing. Pushes one value, which keeps the names of columns. Raises for a name that
 * there is not, or a value that is wrong. */
void encode_read_options(lua_State *L, int index, enum data_format format, struct encode_options *options);

#endif
