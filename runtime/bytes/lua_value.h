/* lua_value.h: bytes as Lua sees them: the userdata, for the files of this folder that bind it.
 * Invariant: a value holds each owner that its pieces lie in; its bytes never change.
 * SPDX-License-Identifier: MIT */
#ifndef LUA_VALUE_H
#define LUA_VALUE_H

#include "lua.h"

#include "bytes/bytes.h"
#include "bytes/chain.h"
#include "bytes/lua_bytes.h"
#include "bytes/pieces.h"

/* Up to here a slice is copied, so that it does not keep a large memory alive. */
enum { VALUE_SMALL = 256 };

enum value_kind {
    VALUE_NONE, /* released, or not yet filled: it holds nothing */
    VALUE_VIEW,
    VALUE_CHAIN,
};

struct value {
    int kind;
    int brings; /* releasing it gives the owner's memory back */
    union {
        struct piece view;
        struct chain chain;
    } as;
    char copied[]; /* the bytes of a copied slice; its view has no owner */
};

/* The metatable, made when need be, onto the stack. Raises (memory). */
void value_push_metatable(lua_State *L);

/* A new value that holds nothing yet, with room for `copied` bytes. Raises (memory). */
struct value *value_new(lua_State *L, size_t copied);

/* The value at a stack index, or NULL when it is something else. Never raises. */
struct value *value_at(lua_State *L, int index);

/* What is at a stack index, a string or bytes, as pieces; `piece` is for strings and views, and must stay. The pieces are
 * good as long as the value is on the stack and no Lua code runs. Raises when it is neither, or was released. */
void value_pieces(lua_State *L, int index, struct pieces *pieces, struct piece *piece);

/* The same for argument 1, where a string is not meant. */
struct value *value_self(lua_State *L, struct pieces *pieces, struct piece *piece);

/* Pushes `size` bytes at `offset` of the bytes at a stack index, which has them: copied when they are few, else a view or a
 * chain. Raises (memory; a file that was cut short; released meanwhile). Pieces that were asked for before are no longer good. */
void value_push_slice(lua_State *L, int index, size_t offset, size_t size);

/* A new block on top of the stack, counted, for *memory to be written to. Raises (memory). */
struct value *value_push_block(lua_State *L, size_t size, char **memory);

/* A view of all of an owner, which the value at the top of the stack, still VALUE_NONE, takes over from the caller. Counted
 * already. */
void value_take(struct value *value, struct bytes_owner *owner);

/* Says that an owner's memory is counted by this state. */
void value_counted(lua_State *L, struct bytes_owner *owner);

/* Announces native memory; raises "not enough memory" when there is none left for it. */
void value_count(lua_State *L, size_t bytes);

/* Behind chain_begin: the row is counted, and what was announced too much is given back. Never raises. */
void value_settle(lua_State *L, struct chain_row *row, size_t announced);

/* Raises for the negative errno of a core: -EFAULT, a file was cut short; -ENOMEM; others by name. */
int value_raise(lua_State *L, int error);

/* For a core that answers -EINTR when the flag of engine_stop_flag is up: raises, or returns where it was too late. */
#define VALUE_UNTIL_DONE(L, result, call) \
    while (((result) = (call)) == -EINTR) engine_checkpoint(L)

/* Pushes bytes that are the string at a stack index, without copying it unless it is small. */
void value_push_string(lua_State *L, int index);

/* As string.sub takes positions: `from` (default 1) and `to` (default -1) at stack indices `arg` and `arg + 1` become an
 * offset and a size within `length`. */
void value_range(lua_State *L, int arg, double to_default, size_t length, size_t *offset, size_t *size);

#endif
