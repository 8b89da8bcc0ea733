/* lua_source.h: where data.load has its text from: a path, an open file, a string, bytes, or a function.
 * Invariant: what is mapped or may be released while a callback runs is copied in blocks before it is parsed.
 * SPDX-License-Identifier: MIT */
#ifndef LUA_SOURCE_H
#define LUA_SOURCE_H

#include <stdio.h>

#include "lua.h"

enum { SOURCE_BLOCK = 64 * 1024 };
enum source_kind { SOURCE_TEXT, SOURCE_BYTES, SOURCE_PATH, SOURCE_FILE, SOURCE_FUNCTION };

struct source {
    enum source_kind kind;
    FILE *file;            /* SOURCE_PATH: our own */
    int is_whole;          /* a text is one piece */
    size_t cursor, offset; /* in a row of bytes: before its current piece, and within that */
    int has_chunk;         /* SOURCE_FUNCTION: what it gave last is being read */
    int error;             /* the negative errno of a refusal */
    char *block;           /* SOURCE_BLOCK bytes, the caller's */
    const char *name;      /* for messages */
    char path[256];        /* its room when it is a path */
};

/* Finds out what lies at a stack index; is_text: a string is the text itself, not a path. Returns 0, or the negative
 * errno of open(2). Raises for what cannot be read. */
int source_open(lua_State *L, int index, int is_text, struct source *source);
void source_close(struct source *source);

/* Whether it needs its block. */
int source_wants_block(const struct source *source);

/* The next piece of the value at stack index `index`, `index` + 1 being a place for what a function gives: returns 1; 0
 * at the end; -1 when it is refused, see `error`. Lasts until the next call. May raise and run Lua code. */
int source_next(lua_State *L, int index, struct source *source, const char **data, size_t *size);

#endif
