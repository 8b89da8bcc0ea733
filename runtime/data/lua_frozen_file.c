/* lua_frozen_file.c: files of frozen data: opened, released, and the errors of reading them.
 * Invariant: a file holds the owner of its bytes until it is closed; its header is read under its guard.
 * SPDX-License-Identifier: MIT */
#include "data/lua_frozen.h"

#include <errno.h>
#include <string.h>

#include "lauxlib.h"

#include "bytes/lua_bytes.h"
#include "data/frozen_format.h"
#include "platform.h"

#define FILE_METATABLE "moonbear.data.frozen.file"
enum { FILE_AT = 1, BYTES_AT = 2 }; /* in the environment */

int lua_frozen_raise(lua_State *L, int error) {
    switch (error) {
    case -EIO: return luaL_error(L, "the frozen file was cut short while it was open");
    case -EILSEQ: return luaL_error(L, "the frozen data is damaged; `moonbear data check` tells where");
    case -E2BIG: return luaL_error(L, "the frozen data is too deep: the option `depth` sets how many containers may lie within each other");
    case -ENOMEM: lua_pushliteral(L, "not enough memory"); return lua_error(L);
    default: return luaL_error(L, "frozen data: %s", strerror(-error));
    }
}

/* ---- Files ----------------------------------------------------------------------------------------------- */

int lua_frozen_is_released(const struct lua_frozen_file *file) {
    return file->is_closed || (file->owner && !file->owner->data);
}

void lua_frozen_check(lua_State *L, const struct lua_frozen_file *file) {
    if (lua_frozen_is_released(file)) luaL_error(L, "the bytes of this frozen data were released");
}

static int close_file(struct lua_frozen_file *file) {
    int was_open = !lua_frozen_is_released(file);
    bytes_drop(file->owner);
    file->owner = NULL;
    file->is_closed = 1;
    return was_open;
}

static int file_gc(lua_State *L) {
    close_file(lua_touserdata(L, 1));
    return 0;
}

/* The environment is left on the stack, and the file above it. */
static struct lua_frozen_file *push_file(lua_State *L) {
    lua_createtable(L, 2, 0);
    struct lua_frozen_file *file = lua_newuserdata(L, sizeof *file);
    memset(file, 0, sizeof *file);
    if (luaL_newmetatable(L, FILE_METATABLE)) {
        lua_pushcfunction(L, file_gc);
        lua_setfield(L, -2, "__gc");
    }
    lua_setmetatable(L, -2);
    lua_pushvalue(L, -1);
    lua_rawseti(L, -3, FILE_AT);
    return file;
}

/* ---- Opening --------------------------------------------------------------------------------------------- */

static int refuse(lua_State *L, const char *name, const char *why, int error) {
    lua_pushnil(L);
    lua_pushfstring(L, "%s: %s", name, why);
    lua_pushinteger(L, -error);
    return 3;
}

struct opening {
    const char *data;
    size_t size;
    struct frozen *f;
    const char *why;
    int result;
};

static void open_guarded(void *argument) {
    struct opening *opening = argument;
    opening->result = frozen_open(opening->data, opening->size, opening->f, &opening->why);
}

/* The file holds its owner already. */
static int open_view(struct lua_frozen_file *file, const struct bytes_view *view, const char **why) {
    struct opening opening = { view->data, view->size, &file->f, "the file was cut short while it was opened", -EIO };
    int is_mapped = view->owner && view->owner->is_mapped;
    if (!is_mapped) open_guarded(&opening);
    else if (plat_guarded(open_guarded, &opening, view->data, view->data + view->size) < 0) opening.result = -EIO;
    file->f.is_mapped = is_mapped;
    *why = opening.why;
    return opening.result;
}

/* The bytes at stack index 1 stay in the environment at -2. */
static void view_of_bytes(lua_State *L, struct lua_frozen_file *file, struct bytes_view *view) {
    if (!lua_bytes_flat(L, 1, view)) luaL_error(L, "these bytes lie in several pieces; open those of their method flatten()");
    lua_bytes_from(L, 1);
    lua_bytes_flat(L, -1, view);
    lua_rawseti(L, -3, BYTES_AT);
    file->owner = bytes_hold(view->owner);
}

static int view_of_map(lua_State *L, struct lua_frozen_file *file, const char *path, struct bytes_view *view) {
    int result = bytes_map(path, &file->owner);
    if (result == -ENOMEM) {
        lua_gc(L, LUA_GCCOLLECT, 0);
        result = bytes_map(path, &file->owner);
    }
    if (result == 0) *view = (struct bytes_view){ file->owner->data, file->owner->size, file->owner };
    return result;
}

/* (bytes or nil, the name: a path when there are no bytes). Upvalue 1 is the metatable, as everywhere. */
static int open_anything(lua_State *L) {
    const char *name = luaL_checkstring(L, 2), *why;
    struct bytes_view view = { 0 };
    struct lua_frozen_file *file = push_file(L);
    int result = 0;
    if (lua_isnil(L, 1)) result = view_of_map(L, file, name, &view);
    else view_of_bytes(L, file, &view);
    if (result < 0) return refuse(L, name, strerror(-result), result);
    result = open_view(file, &view, &why);
    if (result < 0) return refuse(L, name, why, result);
    lua_pop(L, 1);
    lua_frozen_push_root(L, file);
    return 1;
}

/* Calls it with the two values on top of the stack. */
static int call_open(lua_State *L) {
    int base = lua_gettop(L) - 2;
    luaL_getmetatable(L, LUA_FROZEN_METATABLE);
    lua_pushcclosure(L, open_anything, 1);
    lua_insert(L, base + 1);
    lua_call(L, 2, LUA_MULTRET);
    return lua_gettop(L) - base;
}

int lua_frozen_open(lua_State *L, int index, const char *name) {
    lua_pushvalue(L, index);
    lua_pushstring(L, name);
    return call_open(L);
}

int lua_frozen_map(lua_State *L, const char *path) {
    lua_pushnil(L);
    lua_pushstring(L, path);
    return call_open(L);
}

/* open(path_or_bytes): a string that begins as a frozen file does is one. */
int lua_frozen_data_open(lua_State *L) {
    size_t size;
    luaL_checkany(L, 1);
    if (lua_type(L, 1) != LUA_TSTRING) {
        if (!lua_bytes_is(L, 1)) luaL_typerror(L, 1, "path, string or bytes");
        return lua_frozen_open(L, 1, "bytes");
    }
    const char *text = lua_tolstring(L, 1, &size);
    if (size >= 8 && memcmp(text, FROZEN_MAGIC, 8) == 0) return lua_frozen_open(L, 1, "string");
    if (strlen(text) != size) luaL_argerror(L, 1, "this is neither a path nor a frozen file");
    return lua_frozen_map(L, text);
}

/* release(f): true the first time, false after. */
int lua_frozen_data_release(lua_State *L) {
    struct lua_frozen *frozen = lua_touserdata(L, 1);
    int is_it = frozen && !lua_islightuserdata(L, 1) && lua_getmetatable(L, 1) && lua_rawequal(L, -1, lua_upvalueindex(1));
    if (!is_it) luaL_typerror(L, 1, "frozen data");
    lua_pushboolean(L, close_file(frozen->file));
    lua_getfenv(L, 1);
    lua_pushboolean(L, 0);
    lua_rawseti(L, -2, BYTES_AT);
    lua_pop(L, 1);
    return 1;
}
