/* lua_frozen.h: frozen data as Lua values.
 * Invariant: a value keeps its file alive; a file that was released, or cut short, gives errors and nothing else.
 * SPDX-License-Identifier: MIT
 *
 * A container is a userdata that holds its file and a node; nothing below it exists in Lua until it is asked for. The file is
 * a userdata in the environment of all its containers, beside the bytes that it lies in. */
#ifndef LUA_FROZEN_H
#define LUA_FROZEN_H

#include "lua.h"

#include "bytes/bytes.h"
#include "data/frozen.h"

#define LUA_FROZEN_METATABLE "moonbear.data.frozen"

struct lua_frozen_file {
    struct frozen f;
    struct bytes_owner *owner; /* held; NULL: the bytes lie in a value that the environment keeps */
    int is_closed;
};

struct lua_frozen {
    struct lua_frozen_file *file;
    struct frozen_node node;
};

/* The container at a stack index, or NULL when it is something else. Raises when it is one whose bytes were released. */
struct lua_frozen *lua_frozen_at(lua_State *L, int index);

/* As a value of its file, for frozen_walk_open. */
struct frozen_value lua_frozen_value(const struct lua_frozen *frozen);

/* Opens the bytes at a stack index (a string or bytes, in one piece) and pushes the root. Returns 1, or 3 with nil, a message
 * and the errno for what is no frozen file; `name` stands for it in the message. Raises for bytes in several pieces. */
int lua_frozen_open(lua_State *L, int index, const char *name);

/* Maps a file and pushes its root; else as lua_frozen_open. */
int lua_frozen_map(lua_State *L, const char *path);

/* Raises what a negative errno of frozen.h means. */
int lua_frozen_raise(lua_State *L, int error);

/* Raises when the bytes were released. */
void lua_frozen_check(lua_State *L, const struct lua_frozen_file *file);

int lua_frozen_is_released(const struct lua_frozen_file *file);

/* Pushes the root of a file whose environment is on top of the stack. For C functions whose upvalue 1 is the metatable. */
void lua_frozen_push_root(lua_State *L, struct lua_frozen_file *file);

/* data.open and data.release (lua_frozen_file.c); their upvalue 1 is the metatable. */
int lua_frozen_data_open(lua_State *L);
int lua_frozen_data_release(lua_State *L);

/* A walk over the frozen value at a stack index, as frozen_walk_open has it (lua_frozen_walk.c). Pushes a userdata, which keeps the
 * file and is the walk. Raises (memory). Next raises for what is damaged, cut short, too deep or released; else it returns
 * how many events there are, 0 at the end. Their texts last until the next call. Closing early is allowed. */
struct lua_frozen_walk;
struct lua_frozen_walk *lua_frozen_walk_open(lua_State *L, int index, int rows, uint32_t depth);
int lua_frozen_walk_next(lua_State *L, struct lua_frozen_walk *walk, struct data_event *events, int capacity);
void lua_frozen_walk_close(lua_State *L, struct lua_frozen_walk *walk);

/* Adds freeze and thaw to the table on top of the stack. lua_freeze.c */
void lua_freeze_add(lua_State *L);

#endif
