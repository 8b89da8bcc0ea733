/* lua_load.h: what data.load, data.decode and data.parser share: a parser, the memory it may use, and a builder.
 * Invariant: a struct load lies in a userdata that frees it; between two calls of load_entry nothing of it is on the stack.
 * SPDX-License-Identifier: MIT */
#ifndef LUA_LOAD_H
#define LUA_LOAD_H

#include "lua.h"

#include "data/guess.h"
#include "data/lua_build.h"
#include "data/lua_source.h"
#include "data/parser.h"

#define LOAD_METATABLE "moonbear.data.load"
#define LOAD_PARSER_METATABLE "moonbear.data.parser"
enum { LOAD_EVENTS = 512 };

/* Native memory that a parser may have: what is granted has been told to engine_native. */
struct load_memory {
    size_t granted, used;
    size_t wanted; /* what was refused because it was not granted, 0: none was */
};

struct load {
    struct load_memory memory;
    struct data_parser *parser;
    struct build build;
    struct source source;
    enum data_format format;
    int is_begun;  /* the first event has been seen */
    int is_entries; /* of one container at the top the values are the entries */
    int is_stream; /* MessagePack: the values at the top are the entries */
    int is_one;    /* found out with the first event: the one value at the top is the entry */
    int is_busy;   /* set while it works: an error left it as it is */
    int have, used; /* events */
    int first, last; /* data.parser: the queue of chunks holds first + 1 to last */
    int is_finished, is_told; /* nothing more is fed; and the parser knows */
    uint64_t entries;
    struct data_event events[LOAD_EVENTS];
};

/* Pushes a new, empty one. May raise. load_set_collect: gives the metatable on top of the stack, whose name it is, its __gc. */
struct load *load_new(lua_State *L);
void load_set_collect(lua_State *L, const char *name);

/* Makes it ready for a text. `entries`: see is_entries. May raise (memory). */
void load_begin(lua_State *L, struct load *load, enum data_format format, const struct data_options *options, int entries);

/* Gives its memory back; load_rest: when it is much. */
void load_end(lua_State *L, struct load *load);
void load_rest(lua_State *L, struct load *load);

/* A block of its memory. May raise. */
void *load_take(lua_State *L, struct load *load, size_t size);

/* The next entry: 1, it is on top of the stack as build_take leaves it; 0: the next piece is wanted or all is read; or
 * the negative errno of data_parser_next. May raise (memory, the time limit). */
int load_entry(lua_State *L, int base, struct load *load);

/* Puts the entry on top of the stack, and its key, in the order for a script: value, key or number, word or nil. */
void load_push_entry(lua_State *L, const struct load *load);

/* Grants what was last refused, or raises. */
void load_claim(lua_State *L, struct load *load);

/* Pushes nil, the message, the errno and the place of the parser's error; `name` stands for the text. Returns 4. */
int load_refuse(lua_State *L, const struct load *load, const char *name);
void load_push_place(lua_State *L, const struct data_error *error);

/* The options at a stack index (a table, or nothing); raises for a name that is not in `known`, or a value that is none.
 * options.c. The names of columns stay where they are as long as the table is not changed. */
struct load_options {
    struct data_options parser;
    int format; /* -1: to be guessed */
    int is_text, is_stream;
    int into, each; /* the option is there */
};
/* Pushes three values: what keeps the columns, `into` and `each`; nil for what is not there. */
void load_read_options(lua_State *L, int index, struct load_options *options);

/* The format at a stack index by its name; raises when it is none. */
enum data_format load_check_format(lua_State *L, int index);

/* data.parser, see lua_parser.c. */
int load_lua_parser(lua_State *L);

#endif
