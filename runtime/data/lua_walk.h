/* lua_walk.h: a Lua value and all below it as a row of events.
 * Invariant: no C recursion, whatever the depth; only raw access, so that no Lua code runs but finalizers.
 * SPDX-License-Identifier: MIT
 *
 * What is a table? One whose keys are exactly 1 to n is an array; one without keys is a DATA_TABLE, which whoever takes the
 * events may write as either; every other is a map, or is refused, as `forms` says. Shared tables come as often as they are
 * met; a table within itself is refused. */
#ifndef LUA_WALK_H
#define LUA_WALK_H

#include "lua.h"

#include "data/event.h"
#include "data/parser.h"

/* What becomes of a table that is no array and has keys that are numbers. */
enum lua_walk_forms {
    LUA_WALK_TABLES, /* with 1 to n and others: a DATA_TABLE, first 1 to n without keys, then the others */
    LUA_WALK_MAPS,   /* a map */
    LUA_WALK_NAMES,  /* a map when all keys are numbers; refused when some are numbers and some are not */
};

enum lua_walk_sparse { LUA_WALK_SPARSE_MAP, LUA_WALK_SPARSE_NIL, LUA_WALK_SPARSE_REFUSED };

/* Zeroed: the defaults. */
struct lua_walk_options {
    uint32_t depth;               /* tables within each other, 0: DATA_DEPTH */
    enum lua_walk_forms forms;
    enum lua_walk_sparse sparse;  /* keys that are whole numbers from 1 on, but not all: a map, an array with nil in the holes, refused */
    int sort;                     /* maps give their keys in order: false, true, numbers, strings by their bytes */
    int rows;                     /* the value is an array, whose values come at the top, without itself */
};

struct lua_walk;

/* Begins a walk over the value at a stack index. Pushes some values, the lowest of which is the walk. What the caller pushes
 * above them is gone with the next lua_walk_next. Raises (memory). */
struct lua_walk *lua_walk_open(lua_State *L, int index, const struct lua_walk_options *options);

/* The same in memory of the caller's own, lua_walk_size() bytes that are aligned as a pointer, for who walks often. */
size_t lua_walk_size(void);
void lua_walk_begin(lua_State *L, struct lua_walk *walk, int index, const struct lua_walk_options *options);

/* The next events, at most `capacity` (at least 8, at most 1024). Their texts last until the next call, whatever the
 * collector does: the values lie on the stack of L. Returns how many, 0 at the end, or a negative errno, which comes again
 * and which lua_walk_error explains: -EDOM, a value or a key that no data has (a function); -E2BIG, the depth; -ELOOP, a
 * table within itself. Events before it are given first. Raises (memory; the time limit; bytes that were released; a table
 * that a finalizer changed). */
int lua_walk_next(lua_State *L, struct lua_walk *walk, struct data_event *events, int capacity);

/* Why, and the path of the value. After a negative answer. */
void lua_walk_error(lua_State *L, struct lua_walk *walk, struct data_error *error);

#endif
