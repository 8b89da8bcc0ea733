/* lua_freeze.c: data.freeze and data.thaw: a walk, and a writer or a builder that takes its events.
 * Invariant: writer, builder and an unfinished file belong to a userdata, which gives them back whatever is raised.
 * SPDX-License-Identifier: MIT */
#include "data/lua_frozen.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lauxlib.h"

#include "bytes/lua_bytes.h"
#include "data/frozen_write.h"
#include "data/lua_build.h"
#include "data/lua_walk.h"
#include "engine/engine.h"
#include "platform.h"

#define FREEZING_METATABLE "moonbear.data.freezing"
enum { EVENTS = 256 };

struct freezing {
    lua_State *L;
    struct frozen_writer *writer;
    struct build build;
    struct plat_replace file;
    int is_saving, is_too_deep; /* the second: memory was refused because there is no stack to ask for it */
    struct data_event events[EVENTS];
};

/* ---- What must be given back ----------------------------------------------------------------------------- */

/* The collector runs here, and a finalizer that raises must not end a writer at work: its error is dropped. */
struct announcement {
    ptrdiff_t bytes;
    int is_heard, is_granted;
};

static int count_native(lua_State *L) {
    struct announcement *a = lua_touserdata(L, 1);
    a->is_heard = 1;
    a->is_granted = engine_native(L, a->bytes) == 0;
    return 0;
}

static int announce(struct freezing *freezing, ptrdiff_t bytes) {
    struct announcement a = { .bytes = bytes };
    if (lua_cpcall(freezing->L, count_native, &a) != 0) lua_pop(freezing->L, 1);
    if (!a.is_heard) freezing->is_too_deep = 1;
    return a.is_granted ? 0 : -ENOMEM;
}

static void *resize(void *context, void *block, size_t old_size, size_t new_size) {
    struct freezing *freezing = context;
    ptrdiff_t more = (ptrdiff_t)new_size - (ptrdiff_t)old_size;
    if (more > 0 && announce(freezing, more) < 0) return NULL;
    void *moved = NULL;
    if (new_size) moved = realloc(block, new_size);
    else free(block);
    int is_done = moved || new_size == 0;
    if (is_done ? more < 0 : more > 0) engine_native(freezing->L, is_done ? more : -more);
    return moved;
}

static int collect(lua_State *L) {
    struct freezing *freezing = lua_touserdata(L, 1);
    freezing->L = L;
    frozen_writer_close(freezing->writer);
    build_end(&freezing->build);
    freezing->writer = NULL;
    if (freezing->is_saving) plat_replace_abandon(&freezing->file);
    freezing->is_saving = 0;
    return 0;
}

static struct freezing *new_freezing(lua_State *L) {
    struct freezing *freezing = lua_newuserdata(L, sizeof *freezing);
    memset(freezing, 0, sizeof *freezing);
    freezing->L = L;
    freezing->build.memory = (struct data_memory){ resize, freezing };
    if (luaL_newmetatable(L, FREEZING_METATABLE)) {
        lua_pushcfunction(L, collect);
        lua_setfield(L, -2, "__gc");
    }
    lua_setmetatable(L, -2);
    return freezing;
}

static void end_freezing(lua_State *L, int index) {
    lua_pushcfunction(L, collect);
    lua_pushvalue(L, index);
    lua_call(L, 1, 0);
}

/* ---- Freezing -------------------------------------------------------------------------------------------- */

static int raise_walk(lua_State *L, struct lua_walk *walk) {
    struct data_error error;
    lua_walk_error(L, walk, &error);
    if (!error.path[0]) return luaL_error(L, "freeze: %s", error.text);
    return luaL_error(L, "freeze: %s (at %s)", error.text, error.path);
}

/* Memory was refused, by the host or the cap, or because the C stack is full. */
static void raise_refusal(lua_State *L, const struct freezing *freezing, int error) {
    if (freezing->is_too_deep) luaL_error(L, "stack overflow");
    lua_frozen_raise(L, error);
}

/* What the writer says: raises, or returns the negative errno of a file. */
static int writer_failed(lua_State *L, const struct freezing *freezing, int error) {
    const char *why = frozen_writer_why(freezing->writer);
    if (error == -ECANCELED) engine_checkpoint(L);
    if (error == -ENOMEM) raise_refusal(L, freezing, -ENOMEM);
    if (error == -EDOM && why) return luaL_error(L, "freeze: %s", why);
    return error;
}

/* The value at stack index 1 into the writer: 0 or the negative errno of a file. */
static int freeze_value(lua_State *L, struct freezing *freezing) {
    const struct lua_walk_options options = { .forms = LUA_WALK_TABLES };
    struct lua_walk *walk = lua_walk_open(L, 1, &options);
    int count, result = 0;
    while (result == 0 && (count = lua_walk_next(L, walk, freezing->events, EVENTS)) != 0) {
        if (count < 0) raise_walk(L, walk);
        result = frozen_writer_put(freezing->writer, freezing->events, count);
    }
    return result;
}

static int freeze(lua_State *L, struct freezing *freezing, const char *beside) {
    struct frozen_write_options options = { .fd = freezing->is_saving ? freezing->file.fd : -1, .beside = beside, .stop = engine_stop_flag(L) };
    struct data_memory memory = { resize, freezing };
    int result = frozen_writer_open(&options, memory, &freezing->writer);
    if (result < 0) raise_refusal(L, freezing, result);
    result = freeze_value(L, freezing);
    if (result == 0) result = frozen_writer_finish(freezing->writer);
    return result < 0 ? writer_failed(L, freezing, result) : 0;
}

/* The block goes over to bytes, which count it themselves. */
static void push_bytes(lua_State *L, struct freezing *freezing) {
    struct bytes_owner *owner;
    size_t size = 0;
    char *block = frozen_writer_take(freezing->writer, &size);
    if (!block) lua_frozen_raise(L, -ENOMEM);
    engine_native(L, -(ptrdiff_t)size);
    if (bytes_adopt(block, size, size, &owner) < 0) {
        free(block);
        lua_frozen_raise(L, -ENOMEM);
    }
    lua_bytes_push(L, owner, 0, size);
    bytes_drop(owner);
}

static int refuse(lua_State *L, const char *path, int error) {
    lua_pushnil(L);
    lua_pushfstring(L, "%s: %s", path, error == -ESPIPE ? "a frozen file cannot go to a pipe or a device" : strerror(-error));
    lua_pushinteger(L, -error);
    return 3;
}

static int begin_saving(struct freezing *freezing, const char *path) {
    int result = plat_replace_begin(path, &freezing->file);
    if (result < 0) return result;
    freezing->is_saving = 1;
    return freezing->file.is_direct ? -ESPIPE : 0; /* it is written at several places */
}

static int freeze_to_file(lua_State *L, struct freezing *freezing, const char *path) {
    int result = begin_saving(freezing, path);
    if (result == 0) result = freeze(L, freezing, path);
    if (result == 0) {
        result = plat_replace_commit(&freezing->file);
        freezing->is_saving = 0;
    }
    end_freezing(L, 3);
    return result < 0 ? refuse(L, path, result) : lua_frozen_map(L, path);
}

/* freeze(value [, path]): the frozen value, read from memory or from the file. */
static int data_freeze(lua_State *L) {
    luaL_checkany(L, 1);
    const char *path = luaL_optstring(L, 2, NULL);
    lua_settop(L, 2);
    struct freezing *freezing = new_freezing(L);
    if (path) return freeze_to_file(L, freezing, path);
    freeze(L, freezing, NULL);
    lua_settop(L, 3);
    push_bytes(L, freezing);
    end_freezing(L, 3);
    return lua_frozen_open(L, 4, "freeze");
}

/* ---- Thawing --------------------------------------------------------------------------------------------- */

/* Builds until the value is whole and on top of the stack. */
static int take(lua_State *L, int base, struct freezing *freezing, int count) {
    int taken;
    for (int used = 0; used < count; used += taken) {
        enum build_result result = build_take(L, base, &freezing->build, freezing->events + used, count - used, &taken);
        if (result == BUILD_LEVELS) raise_refusal(L, freezing, -ENOMEM);
        if (result == BUILD_ENTRY) return 1;
    }
    return 0;
}

/* thaw(f): tables, as the original was; what is not frozen is given back as it is. */
static int data_thaw(lua_State *L) {
    luaL_checkany(L, 1);
    lua_settop(L, 1);
    if (!lua_frozen_at(L, 1)) return 1;
    struct freezing *freezing = new_freezing(L);
    luaL_checkstack(L, BUILD_SLOTS + 8, "not enough room on the stack");
    struct lua_frozen_walk *walk = lua_frozen_walk_open(L, 1, 0, 0);
    build_begin(&freezing->build, 0, 0);
    lua_newtable(L);
    int count, is_whole = 0;
    while (!is_whole && (count = lua_frozen_walk_next(L, walk, freezing->events, EVENTS)) > 0) is_whole = take(L, 4, freezing, count);
    lua_frozen_walk_close(L, walk);
    end_freezing(L, 2);
    return 1;
}

void lua_freeze_add(lua_State *L) {
    lua_pushcfunction(L, data_freeze);
    lua_setfield(L, -2, "freeze");
    lua_pushcfunction(L, data_thaw);
    lua_setfield(L, -2, "thaw");
}
