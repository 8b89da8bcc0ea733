/* lua_build.h: events become Lua values.
 * Invariant: between calls the open containers, and the key that waits in each, lie on the Lua stack or in the spine, so
 * that an error leaves nothing behind.
 * SPDX-License-Identifier: MIT
 *
 * What is built are entries: the values at the top, or those in the one container at the top. The innermost containers
 * lie on the stack above `base`; at `base` itself lies the spine, a table for the outer ones when nesting is deep. */
#ifndef LUA_BUILD_H
#define LUA_BUILD_H

#include "lua.h"

#include "data/event.h"
#include "data/parser.h"

enum { BUILD_STACK = 48, BUILD_SLOTS = 2 * BUILD_STACK + 8 };

struct build_level {
    uint64_t index; /* values without a key so far */
    uint8_t keyed;  /* its next value has a key, which waits */
};

struct build {
    struct build_level *levels; /* levels[0] is the row at the top */
    uint32_t level, capacity;
    uint32_t above;             /* 1: the container at the top is not built, its values are the entries */
    int null_is_nil;            /* Lua: no value; else a light userdata NULL */
    int is_word;                /* the entry's key is a word, see DATA_ENTRY */
    int went_deep;              /* the spine was used */
    uint32_t saved;             /* values in the spine's beginning, from build_suspend */
    struct data_memory memory;
};

enum build_result { BUILD_MORE, BUILD_ENTRY, BUILD_LEVELS };

/* Makes `build` ready for a new row; keeps its memory. Pushes nothing: the caller pushes the spine (a table) as the last
 * value of its own, with room for BUILD_SLOTS more. */
void build_begin(struct build *build, uint32_t above, int null_is_nil);
void build_end(struct build *build);

/* Takes events until an entry is complete. *taken: how many were taken. BUILD_ENTRY: the entry is on top of the stack, its
 * key below it when levels[above].keyed, else its number is levels[above].index; pop both and call build_next_entry.
 * BUILD_LEVELS: memory for levels was refused; a further call tries again. May raise. */
enum build_result build_take(lua_State *L, int base, struct build *build, const struct data_event *events, int count, int *taken);
void build_next_entry(struct build *build);

/* Moves what lies on the stack above `base` into the spine, and back. May raise. */
void build_suspend(lua_State *L, int base, struct build *build);
void build_resume(lua_State *L, int base, struct build *build);

#endif
