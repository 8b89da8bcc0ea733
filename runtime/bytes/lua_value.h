/* lua_value.h: bytes as Lua sees them: the userdata, for the files of this folder that bind it.
 * Invariant: a value holds each owner that its pieces lie in; its bytes never change.
 * SPDX-License-Identifier: MIT */
#ifndef LUA_VALUE_H
#define LUA_VALUE_H

#include <stddef.h>

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
    const void *mark; /* tells bytes from other userdata */
    int kind;
    int brings; /* releasing it gives the owner's memory back */
    union {
        struct piece view;
        struct chain chain;
    } as;
};
/* A copied slice ends behind its view, where its bytes are: no more than this and those is there. */
enum { VALUE_HEAD = offsetof(struct value, as) + sizeof(struct piece) };

/* Makes what this state needs before it has bytes, unless it is there. Raises (memory). */
void value_ready(lua_State *L);

/* A new value that holds nothing yet. Raises (memory). */
struct value *value_new(lua_State *L);

/* The same with `size` bytes of its own, to be written to what is returned: it never holds anything, and costs the collector
 * less. The second takes what value_push_small_metatable has pushed from a stack index, and is quicker. */
char *value_new_small(lua_State *L, size_t size);
char *value_new_small_with(lua_State *L, size_t size, int metatable);
void value_push_small_metatable(lua_State *L);

/* The value at a stack index, or NULL when it is something else. Never raises. */
struct value *value_at(lua_State *L, int index);

/* Makes it a view; the owner is held already. */
void value_set_view(struct value *value, struct bytes_view view);

/* Whether the memory of a value is there: 1 or 0. */
int value_lives(struct value *value);

/* Whether what is at a stack index is no bytes, or bytes whose memory is there: 1 or 0. Never raises. */
int value_alive(lua_State *L, int index);

/* What is at a stack index, a string or bytes, as pieces; `piece` is for strings and views, and must stay. The pieces are
 * good as long as the value is on the stack and no Lua code runs. Raises when it is neither, or was released. */
void value_pieces(lua_State *L, int index, struct pieces *pieces, struct piece *piece);

/* The same for a value that somebody keeps alive. Raises when it was released. */
void value_pieces_of(lua_State *L, struct value *value, struct pieces *pieces);

/* The same for argument 1, where a string is not meant. */
struct value *value_self(lua_State *L, struct pieces *pieces);

/* Puts a string in the place of the bytes at a stack index from 1. Raises as value_pieces does. */
void value_to_string(lua_State *L, int index);

/* No bytes are longer: every position is a number that is exact. Raises when `size` and `more` are together. */
void value_check_size(lua_State *L, size_t size, size_t more);

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

int value_raise_released(lua_State *L);

/* Pushes bytes that are the string at a stack index, without copying it unless it is small. */
void value_push_string(lua_State *L, int index);

/* As string.sub takes positions: `from` (default 1) and `to` (default -1) at stack indices `arg` and `arg + 1` become an
 * offset and a size within `length`. */
void value_range(lua_State *L, int arg, double to_default, size_t length, size_t *offset, size_t *size);

/* Pushes the strings and bytes at the stack indices from `first` to `last` joined. lua_join.c */
void value_join(lua_State *L, int first, int last);

/* The functions and methods of the other files; see there. */
int lua_join_chain(lua_State *L);
int lua_join_concat(lua_State *L);
int lua_read_len(lua_State *L);
int lua_read_tostring(lua_State *L);
int lua_read_eq(lua_State *L);
int lua_read_lt(lua_State *L);
int lua_read_le(lua_State *L);
int lua_read_compare(lua_State *L);
int lua_read_sub(lua_State *L);
int lua_read_byte(lua_State *L);
int lua_read_tonumber(lua_State *L);
int lua_read_pinned(lua_State *L);
int lua_read_compact(lua_State *L);
int lua_read_flatten(lua_State *L);
/* Where what is at stack index `needle` occurs first at or behind `from` in what is at `subject`: 1 and *found, or 0. May
 * leave values on the stack. Raises. */
int lua_find_at(lua_State *L, int subject, int needle, size_t from, size_t *found);

int lua_find_find(lua_State *L);
int lua_file_map(lua_State *L);
int lua_file_read(lua_State *L);
int lua_file_write(lua_State *L);
int lua_read_hash(lua_State *L);
int lua_cut_lines(lua_State *L);
int lua_cut_split(lua_State *L);
int lua_cut_chunks(lua_State *L);

#endif
