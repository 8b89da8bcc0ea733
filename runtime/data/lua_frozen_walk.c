/* lua_frozen_walk.c: a walk over frozen data for those who take events in Lua.
 * Invariant: the collector runs between two steps only, and texts are copies: a finalizer may release the bytes meanwhile.
 * SPDX-License-Identifier: MIT */
#include "data/lua_frozen.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lauxlib.h"

#include "engine/engine.h"

#define WALK_METATABLE "moonbear.data.frozen.walk"

struct lua_frozen_walk {
    struct lua_frozen_file *file; /* kept by the environment, which is that of the value */
    struct frozen f;              /* as if mapped: texts are copied */
    struct frozen_walk *walk;
    size_t used, told;            /* native memory, and what the engine knows of it */
};

static void *resize(void *context, void *block, size_t old_size, size_t new_size) {
    struct lua_frozen_walk *w = context;
    void *moved = NULL;
    if (new_size) moved = realloc(block, new_size);
    else free(block);
    if (moved || new_size == 0) w->used = w->used - old_size + new_size;
    return moved;
}

/* May run the collector. */
static void tell(lua_State *L, struct lua_frozen_walk *w) {
    if (w->used > w->told && engine_native(L, (ptrdiff_t)(w->used - w->told)) < 0) lua_frozen_raise(L, -ENOMEM);
    if (w->used < w->told) engine_native(L, -(ptrdiff_t)(w->told - w->used));
    w->told = w->used;
}

static int collect(lua_State *L) {
    struct lua_frozen_walk *w = lua_touserdata(L, 1);
    frozen_walk_close(w->walk);
    w->walk = NULL;
    tell(L, w);
    return 0;
}

static void push_metatable(lua_State *L) {
    if (!luaL_newmetatable(L, WALK_METATABLE)) return;
    lua_pushcfunction(L, collect);
    lua_setfield(L, -2, "__gc");
}

struct lua_frozen_walk *lua_frozen_walk_open(lua_State *L, int index, int rows, uint32_t depth) {
    const struct lua_frozen *frozen = lua_frozen_at(L, index);
    struct frozen_value value = lua_frozen_value(frozen);
    lua_getfenv(L, index);
    struct lua_frozen_walk *w = lua_newuserdata(L, sizeof *w);
    memset(w, 0, sizeof *w);
    push_metatable(L);
    lua_setmetatable(L, -2);
    lua_insert(L, -2);
    lua_setfenv(L, -2);
    w->file = frozen->file;
    w->f = frozen->file->f;
    w->f.is_mapped = 1;
    struct data_memory memory = { resize, w };
    if (frozen_walk_open(&w->f, &value, rows, depth, memory, &w->walk) < 0) lua_frozen_raise(L, -ENOMEM);
    tell(L, w);
    return w;
}

int lua_frozen_walk_next(lua_State *L, struct lua_frozen_walk *w, struct data_event *events, int capacity) {
    tell(L, w);
    if (*engine_stop_flag(L)) engine_checkpoint(L);
    lua_frozen_check(L, w->file);
    int count = frozen_walk_next(w->walk, events, capacity);
    return count < 0 ? lua_frozen_raise(L, count) : count;
}

void lua_frozen_walk_close(lua_State *L, struct lua_frozen_walk *w) {
    frozen_walk_close(w->walk);
    w->walk = NULL;
    tell(L, w);
}
