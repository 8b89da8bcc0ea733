/* lua_source.c: pieces of a text from wherever a script has it.
 * Invariant: see lua_source.h.
 * SPDX-License-Identifier: MIT */
#include "data/lua_source.h"

#include <errno.h>
#include <string.h>

#include "lauxlib.h"
#include "lualib.h"

#include "platform.h"

#include "bytes/lua_bytes.h"

static int is_file(lua_State *L, int index) {
    if (!lua_touserdata(L, index) || !lua_getmetatable(L, index)) return 0;
    luaL_getmetatable(L, LUA_FILEHANDLE);
    int same = lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
    return same;
}

static FILE *check_file(lua_State *L, int index) {
    FILE *file = *(FILE **)lua_touserdata(L, index);
    if (!file) luaL_error(L, "attempt to use a closed file");
    return file;
}

static int open_path(struct source *source, const char *path) {
    source->file = fopen(path, "rbe");
    if (!source->file) return -errno;
    setvbuf(source->file, NULL, _IONBF, 0);
    return 0;
}

static void set_path(struct source *source, const char *path) {
    size_t size = strlen(path), room = sizeof source->path - 1;
    const char *from = size > room ? path + size - room : path;
    memcpy(source->path, from, strlen(from) + 1);
    if (from != path) memcpy(source->path, "...", 3);
    source->name = source->path;
}

int source_open(lua_State *L, int index, int is_text, struct source *source) {
    static const char *const names[] = { "text", "bytes", "", "file", "reader" };
    source->file = NULL;
    source->is_whole = source->has_chunk = source->error = 0;
    source->cursor = source->offset = 0;
    if (lua_type(L, index) == LUA_TSTRING) source->kind = is_text ? SOURCE_TEXT : SOURCE_PATH;
    else if (lua_bytes_is(L, index)) source->kind = SOURCE_BYTES;
    else if (is_file(L, index)) source->kind = SOURCE_FILE;
    else if (lua_isfunction(L, index)) source->kind = SOURCE_FUNCTION;
    else return luaL_typerror(L, index, "path, bytes, file or function");
    source->name = names[source->kind];
    if (source->kind != SOURCE_PATH) return 0;
    set_path(source, lua_tostring(L, index));
    return open_path(source, lua_tostring(L, index));
}

void source_close(struct source *source) {
    if (source->file) fclose(source->file);
    source->file = NULL;
}

int source_wants_block(const struct source *source) {
    return source->kind != SOURCE_TEXT;
}

static int next_text(lua_State *L, int index, struct source *source, const char **data, size_t *size) {
    if (source->is_whole) return 0;
    source->is_whole = 1;
    *data = lua_tolstring(L, index, size);
    return 1;
}

/* The piece is asked for anew each time: its owner may have been released since. */
static int next_bytes(lua_State *L, int index, struct source *source, const char **data, size_t *size) {
    struct bytes_view piece;
    for (;;) {
        size_t cursor = source->cursor;
        if (!lua_bytes_piece(L, index, &cursor, &piece)) return 0;
        if (source->offset < piece.size) break;
        source->cursor = cursor;
        source->offset = 0;
    }
    *size = piece.size - source->offset < SOURCE_BLOCK ? piece.size - source->offset : SOURCE_BLOCK;
    if (plat_copy(source->block, piece.data + source->offset, *size) < 0) {
        source->error = -EFAULT;
        return -1;
    }
    source->offset += *size;
    *data = source->block;
    return 1;
}

static int next_file(FILE *file, struct source *source, const char **data, size_t *size) {
    errno = 0;
    *size = fread(source->block, 1, SOURCE_BLOCK, file);
    *data = source->block;
    if (*size > 0) return 1;
    if (!ferror(file)) return 0;
    source->error = errno ? -errno : -EIO;
    return -1;
}

static int next_chunk(lua_State *L, int index, struct source *source, const char **data, size_t *size) {
    if (lua_type(L, index) == LUA_TSTRING) return next_text(L, index, source, data, size);
    return next_bytes(L, index, source, data, size);
}

static int next_called(lua_State *L, int index, struct source *source, const char **data, size_t *size) {
    for (;;) {
        int result = source->has_chunk ? next_chunk(L, index + 1, source, data, size) : 0;
        if (result != 0) return result;
        lua_pushvalue(L, index);
        lua_call(L, 0, 1);
        lua_replace(L, index + 1);
        if (lua_isnil(L, index + 1)) return 0;
        if (!lua_bytes_is(L, index + 1)) luaL_error(L, "the reader must return a string, bytes or nil, not a %s", luaL_typename(L, index + 1));
        source->has_chunk = 1;
        source->is_whole = 0;
        source->cursor = source->offset = 0;
    }
}

int source_next(lua_State *L, int index, struct source *source, const char **data, size_t *size) {
    switch (source->kind) {
    case SOURCE_TEXT: return next_text(L, index, source, data, size);
    case SOURCE_BYTES: return next_bytes(L, index, source, data, size);
    case SOURCE_PATH: return next_file(source->file, source, data, size);
    case SOURCE_FILE: return next_file(check_file(L, index), source, data, size);
    default: return next_called(L, index, source, data, size);
    }
}
