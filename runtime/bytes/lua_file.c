/* lua_file.c: bytes from files and to files.
 * Invariant: what the world refuses returns nil, message, errno, and what was done until then.
 * SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lauxlib.h"
#include "lualib.h"

#include "bytes/lua_buffer.h"
#include "bytes/lua_value.h"
#include "bytes/write.h"
#include "engine/engine.h"
#include "platform.h"

enum { READ_LEAST = 64 * 1024 };

/* nil, message, errno. `path` may be NULL. */
static int refuse(lua_State *L, const char *path, int error) {
    const char *why = error == -ENODEV ? "this is no file that can be mapped; bytes.read reads it" : strerror(-error);
    lua_pushnil(L);
    if (path) lua_pushfstring(L, "%s: %s", path, why);
    else lua_pushstring(L, why);
    lua_pushinteger(L, -error);
    return 3;
}

/* map(path). What is unreachable may hold what the host has no more of: mappings, descriptors, memory. */
int lua_file_map(lua_State *L) {
    struct bytes_owner *owner = NULL;
    const char *path = luaL_checkstring(L, 1);
    struct value *value = value_new(L);
    int result = bytes_map(path, &owner);
    if (result == -ENOMEM || result == -EMFILE || result == -ENFILE) {
        lua_gc(L, LUA_GCCOLLECT, 0);
        result = bytes_map(path, &owner);
    }
    if (result < 0) return refuse(L, path, result);
    value_take(value, owner);
    return 1;
}

/* ---- Files of io and descriptors ------------------------------------------------------------------------- */

/* The FILE * of an open file of io at a stack index, or NULL for another value. */
static FILE *stream_at(lua_State *L, int index) {
    FILE **file = lua_touserdata(L, index);
    if (!file || !lua_getmetatable(L, index)) return NULL;
    lua_getfield(L, LUA_REGISTRYINDEX, LUA_FILEHANDLE);
    int is_file = lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
    if (!is_file) return NULL;
    luaL_argcheck(L, *file, index, "the file is closed");
    return *file;
}

static int descriptor_at(lua_State *L, int index) {
    lua_Number number = luaL_checknumber(L, index);
    luaL_argcheck(L, number >= 0 && number <= 2147483647.0 && number == (int)number, index, "a descriptor is a whole number from 0");
    return (int)number;
}

/* ---- Reading --------------------------------------------------------------------------------------------- */

/* Where bytes come from: a stream, or a descriptor. */
struct source {
    FILE *stream;
    int fd;
    int is_ours; /* the descriptor is to be closed */
};

static int read_stream(FILE *stream, char *to, size_t size, size_t *got) {
    plat_clearerr(stream);
    *got = fread(to, 1, size, stream);
    if (*got || !ferror(stream)) return 0;
    return errno ? -errno : -EIO;
}

static int read_source(const struct source *source, char *to, size_t size, size_t *got) {
    *got = 0;
    return source->stream ? read_stream(source->stream, to, size, got) : plat_read(source->fd, to, size, got);
}

/* A file's size is advice: one byte more is asked for, so that its end is seen without growing. */
static size_t first_room(const struct source *source, double limit) {
    size_t left = plat_left(source->fd), room = left ? left + 1 : READ_LEAST;
    return limit < (double)room ? (size_t)limit : room;
}

/* What is read goes to the buffer on top of the stack. `source` lies in userdata below it, which closes it. */
static int read_into(lua_State *L, const struct source *source, struct buffer *buffer, double limit) {
    int result = 0;
    size_t got = 1, room = first_room(source, limit);
    while (got && (double)buffer->builder.end < limit) {
        double wanted = limit - (double)buffer->builder.end;
        size_t free = buffer->builder.room - buffer->builder.end;
        if (free == 0) free = buffer->builder.end ? buffer->builder.end : room;
        if ((double)free > wanted) free = (size_t)wanted;
        char *to = buffer_reserve(L, buffer, free);
        result = read_source(source, to, free, &got);
        buffer->builder.end += got;
        if (result == -EINTR) {
            if (*engine_stop_flag(L)) engine_checkpoint(L);
            got = 1;
        } else if (result < 0) {
            return result;
        }
    }
    return 0;
}

static int source_gc(lua_State *L) {
    struct source *source = lua_touserdata(L, 1);
    if (source->is_ours) plat_close(source->fd);
    source->is_ours = 0;
    return 0;
}

/* A path is opened, and closed again by source_gc whatever happens. Returns 0 or a negative errno. */
static int open_source(lua_State *L, struct source *source) {
    source->stream = stream_at(L, 1);
    if (source->stream) {
        source->fd = fileno(source->stream);
        return 0;
    }
    source->fd = lua_type(L, 1) == LUA_TNUMBER ? descriptor_at(L, 1) : plat_open(luaL_checkstring(L, 1));
    source->is_ours = lua_type(L, 1) == LUA_TSTRING && source->fd >= 0;
    return source->fd < 0 ? source->fd : 0;
}

static struct source *push_source(lua_State *L) {
    struct source *source = lua_newuserdata(L, sizeof *source);
    *source = (struct source){ NULL, -1, 0 };
    if (luaL_newmetatable(L, "moonbear.bytes.source")) {
        lua_pushcfunction(L, source_gc);
        lua_setfield(L, -2, "__gc");
    }
    lua_setmetatable(L, -2);
    return source;
}

/* read(descriptor | path | file [, n]): up to n bytes, or all; nil at the end when n is given. After a failure: nil, message,
 * errno, and the bytes that were read before it. */
int lua_file_read(lua_State *L) {
    int has_limit = !lua_isnoneornil(L, 2);
    double limit = luaL_optnumber(L, 2, 9e18);
    luaL_argcheck(L, limit >= 0, 2, "a count is not negative");
    lua_settop(L, 2);
    struct source *source = push_source(L);
    struct buffer *buffer = buffer_new(L);
    const char *path = lua_type(L, 1) == LUA_TSTRING ? lua_tostring(L, 1) : NULL;
    int result = open_source(L, source);
    if (result == 0) result = read_into(L, source, buffer, limit);
    if (source->is_ours) plat_close(source->fd);
    source->is_ours = 0;
    if (result < 0) {
        int count = refuse(L, path, result);
        buffer_freeze(L, buffer);
        return count + 1;
    }
    if (has_limit && limit > 0 && buffer->builder.end == 0) lua_pushnil(L);
    else buffer_freeze(L, buffer);
    return 1;
}

/* ---- Writing --------------------------------------------------------------------------------------------- */

static int target_at(lua_State *L, int index, int *error) {
    FILE *stream = stream_at(L, index);
    if (!stream) return descriptor_at(L, index);
    if (plat_fflush(stream) != 0) *error = -errno;
    return fileno(stream);
}

/* nil, message, errno, and how many bytes were written. */
static int not_all(lua_State *L, int error, size_t written, size_t size) {
    const char *why = error == -EFAULT ? "a mapped file was cut short while it was written" : strerror(-error);
    lua_pushnil(L);
    lua_pushfstring(L, "%s: %f of %f bytes were written", why, (double)written, (double)size);
    lua_pushinteger(L, -error);
    lua_pushnumber(L, (lua_Number)written);
    return 4;
}

/* write(file | descriptor): the bytes, so that calls can follow each other. The file is asked for its descriptor behind what
 * may run a finalizer, which may close it. */
int lua_file_write(lua_State *L) {
    struct pieces pieces;
    int result = 0, room;
    value_self(L, &pieces);
    room = write_spans(&pieces);
    struct write_job *job = lua_newuserdata(L, sizeof *job + (size_t)room * sizeof job->spans[0]);
    *job = (struct write_job){ .fd = target_at(L, 2, &result), .room = room };
    if (result < 0) return not_all(L, result, 0, pieces.size);
    do {
        value_self(L, &pieces);
        result = write_some(job, &pieces);
        if (result == -EINTR && *engine_stop_flag(L)) engine_checkpoint(L);
    } while (result > 0 || result == -EINTR);
    if (result < 0) return not_all(L, result, job->written, pieces.size);
    lua_settop(L, 1);
    return 1;
}
