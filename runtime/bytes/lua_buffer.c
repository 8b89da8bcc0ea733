/* lua_buffer.c: bytes.buffer and its methods.
 * Invariant: a call that raises leaves the content as it was.
 * SPDX-License-Identifier: MIT */
#include "bytes/lua_buffer.h"

#include <errno.h>
#include <string.h>

#include "lauxlib.h"

#include "bytes/lua_pack.h"
#include "bytes/lua_value.h"
#include "engine/engine.h"

#define BUFFER_METATABLE "moonbear.bytes.buffer"

static const char metatable_key;
static void push_metatable(lua_State *L);

/* ---- For the other files --------------------------------------------------------------------------------- */

struct buffer *buffer_new(lua_State *L) {
    push_metatable(L);
    struct buffer *buffer = lua_newuserdata(L, sizeof *buffer);
    memset(buffer, 0, sizeof *buffer);
    lua_insert(L, -2);
    lua_setmetatable(L, -2);
    return buffer;
}

/* The memory is announced first, which may run what uses this very buffer: so what is needed is asked again. */
static int grow(lua_State *L, struct buffer *buffer, size_t more) {
    size_t announced = builder_growth(&buffer->builder, more), before;
    value_count(L, announced);
    before = buffer->builder.room;
    int result = builder_growth(&buffer->builder, more) > announced ? -EAGAIN : builder_reserve(&buffer->builder, more);
    size_t taken = buffer->builder.room - before;
    engine_native(L, -(ptrdiff_t)(announced - taken));
    buffer->counted += taken;
    return result;
}

char *buffer_reserve(lua_State *L, struct buffer *buffer, size_t more) {
    int result = 0;
    if (buffer->is_released) luaL_error(L, "this buffer was released");
    if (more > buffer->builder.room - buffer->builder.end) {
        do result = grow(L, buffer, more);
        while (result == -EAGAIN);
        if (result < 0) value_raise(L, result);
    }
    return builder_end(&buffer->builder);
}

void buffer_put(lua_State *L, struct buffer *buffer, int index) {
    struct pieces pieces;
    struct piece piece;
    size_t size = lua_bytes_size(L, index);
    char *to = buffer_reserve(L, buffer, size);
    value_pieces(L, index, &pieces, &piece);
    int result = pieces_copy(&pieces, 0, size, to);
    if (result < 0) value_raise(L, result);
    buffer->builder.end += size;
}

static void freeze_small(lua_State *L, struct builder *builder) {
    char copy[VALUE_SMALL];
    size_t size = builder_size(builder);
    if (size) memcpy(copy, builder->block + builder->begin, size);
    memcpy(value_new_small(L, size), copy, size);
    builder_reset(builder);
}

/* The block's memory is counted already; what shrinking gave back is not any more. */
void buffer_freeze(lua_State *L, struct buffer *buffer) {
    struct bytes_owner *owner = NULL;
    if (builder_size(&buffer->builder) <= VALUE_SMALL) {
        freeze_small(L, &buffer->builder);
        return;
    }
    struct value *value = value_new(L);
    value_count(L, BYTES_OWNER);
    if (builder_freeze(&buffer->builder, &owner) < 0) {
        engine_native(L, -(ptrdiff_t)BYTES_OWNER);
        value_raise(L, -ENOMEM);
    }
    engine_native(L, -(ptrdiff_t)(buffer->counted + BYTES_OWNER - owner->counted));
    buffer->counted = 0;
    value_counted(L, owner);
    value_take(value, owner);
}

/* ---- Methods --------------------------------------------------------------------------------------------- */

/* Upvalue 1 of every method is the metatable. */
static struct buffer *buffer_at(lua_State *L, int index) {
    struct buffer *buffer = lua_touserdata(L, index);
    if (!buffer || !lua_getmetatable(L, index)) return NULL;
    int is_it = lua_rawequal(L, -1, lua_upvalueindex(1));
    lua_pop(L, 1);
    return is_it ? buffer : NULL;
}

static struct buffer *self(lua_State *L) {
    struct buffer *buffer = buffer_at(L, 1);
    if (!buffer) luaL_typerror(L, 1, "buffer");
    if (buffer->is_released) luaL_error(L, "this buffer was released");
    return buffer;
}

/* How much an argument can take; a number's text is not made yet. */
static size_t size_at_most(lua_State *L, int index) {
    int type = lua_type(L, index);
    return type == LUA_TSTRING ? lua_objlen(L, index) : type == LUA_TNUMBER ? LUAI_MAXNUMBER2STR : lua_bytes_size(L, index);
}

/* Copies one argument to where there is room. Returns 0 or -EFAULT. */
static int put_argument(lua_State *L, struct builder *builder, int index) {
    struct pieces pieces;
    struct piece piece;
    int type = lua_type(L, index), result = 0;
    if (type == LUA_TSTRING) {
        size_t size;
        const char *text = lua_tolstring(L, index, &size);
        builder_put(builder, text, size);
    } else if (type == LUA_TNUMBER) {
        builder->end += (size_t)lua_number2str(builder_end(builder), lua_tonumber(L, index));
    } else {
        value_pieces(L, index, &pieces, &piece);
        result = pieces_copy(&pieces, 0, pieces.size, builder_end(builder));
        builder->end += pieces.size;
    }
    return result;
}

/* put(...): strings, numbers, bytes. All or nothing. Gives the buffer, so that calls can follow each other. */
static int buffer_lua_put(lua_State *L) {
    struct buffer *buffer = self(L);
    size_t size = 0;
    int count = lua_gettop(L);
    for (int i = 2; i <= count; i++) {
        size_t more = size_at_most(L, i);
        value_check_size(L, size, more);
        size += more;
    }
    buffer_reserve(L, buffer, size);
    size_t end = buffer->builder.end;
    for (int i = 2; i <= count; i++) {
        if (put_argument(L, &buffer->builder, i) == 0) continue;
        buffer->builder.end = end;
        return value_raise(L, -EFAULT);
    }
    lua_settop(L, 1);
    return 1;
}

/* putf(format, ...): upvalue 2 is string.format, which knows no bytes. */
static int buffer_lua_putf(lua_State *L) {
    struct buffer *buffer = self(L);
    luaL_checkstring(L, 2);
    for (int i = lua_gettop(L); i > 2; i--)
        if (value_at(L, i)) value_to_string(L, i);
    lua_pushvalue(L, lua_upvalueindex(2));
    lua_insert(L, 2);
    lua_call(L, lua_gettop(L) - 2, 1);
    buffer_put(L, buffer, 2);
    lua_settop(L, 1);
    return 1;
}

/* pack(format, ...) */
static int buffer_lua_pack(lua_State *L) {
    struct buffer *buffer = self(L);
    lua_pack_put(L, 2, buffer);
    lua_settop(L, 1);
    return 1;
}

static size_t count_argument(lua_State *L, const struct buffer *buffer, double otherwise) {
    double count = luaL_optnumber(L, 2, otherwise);
    luaL_argcheck(L, count >= 0, 2, "a count is not negative");
    size_t size = builder_size(&buffer->builder);
    return count < (double)size ? (size_t)count : size;
}

/* Pushes `count` bytes from the front as a string. They are copied before, to `small` or to userdata: what makes a string may run
 * a finalizer, which may use this very buffer. */
enum { SMALL = 512 };

static void push_front(lua_State *L, struct buffer *buffer, size_t count, char *small) {
    char *copy = count <= SMALL ? small : lua_newuserdata(L, count);
    if (builder_size(&self(L)->builder) < count) luaL_error(L, "the buffer was changed by a finalizer meanwhile");
    if (count) memcpy(copy, buffer->builder.block + buffer->builder.begin, count);
    lua_pushlstring(L, copy, count);
}

/* get([n]): takes up to n bytes, default all, from the front, as a string. */
static int buffer_lua_get(lua_State *L) {
    char small[SMALL];
    struct buffer *buffer = self(L);
    size_t count = count_argument(L, buffer, 1e300);
    push_front(L, buffer, count, small);
    size_t left = builder_size(&self(L)->builder);
    builder_skip(&buffer->builder, count < left ? count : left);
    return 1;
}

/* skip(n): drops up to n bytes from the front. */
static int buffer_lua_skip(lua_State *L) {
    struct buffer *buffer = self(L);
    luaL_checknumber(L, 2);
    builder_skip(&buffer->builder, count_argument(L, buffer, 0));
    lua_settop(L, 1);
    return 1;
}

static int buffer_lua_reset(lua_State *L) {
    builder_reset(&self(L)->builder);
    lua_settop(L, 1);
    return 1;
}

static int buffer_lua_freeze(lua_State *L) {
    buffer_freeze(L, self(L));
    return 1;
}

static int buffer_lua_len(lua_State *L) {
    lua_pushnumber(L, (lua_Number)builder_size(&self(L)->builder));
    return 1;
}

static int buffer_lua_tostring(lua_State *L) {
    char small[SMALL];
    struct buffer *buffer = self(L);
    push_front(L, buffer, builder_size(&buffer->builder), small);
    return 1;
}

static void give_memory(lua_State *L, struct buffer *buffer) {
    builder_close(&buffer->builder);
    engine_native(L, -(ptrdiff_t)buffer->counted);
    buffer->counted = 0;
}

/* release(): true the first time. */
static int buffer_lua_release(lua_State *L) {
    struct buffer *buffer = buffer_at(L, 1);
    if (!buffer) luaL_typerror(L, 1, "buffer");
    lua_pushboolean(L, !buffer->is_released);
    give_memory(L, buffer);
    buffer->is_released = 1;
    return 1;
}

static int buffer_gc(lua_State *L) {
    struct buffer *buffer = buffer_at(L, 1);
    if (buffer) give_memory(L, buffer);
    return 0;
}

/* ---- The metatable --------------------------------------------------------------------------------------- */

static const luaL_Reg methods[] = {
    { "freeze", buffer_lua_freeze }, { "get", buffer_lua_get },         { "pack", buffer_lua_pack }, { "put", buffer_lua_put },
    { "putf", buffer_lua_putf },    { "release", buffer_lua_release }, { "reset", buffer_lua_reset }, { "skip", buffer_lua_skip }, { NULL, NULL },
};
static const luaL_Reg events[] = {
    { "__gc", buffer_gc }, { "__len", buffer_lua_len }, { "__tostring", buffer_lua_tostring }, { NULL, NULL },
};

static void push_format(lua_State *L) {
    lua_getglobal(L, "string");
    if (lua_istable(L, -1)) lua_getfield(L, -1, "format");
    else lua_pushnil(L);
    lua_remove(L, -2);
}

/* Into the table on top of the stack, each with the metatable and `more` values that lie behind it as upvalues. */
static void fill(lua_State *L, int metatable, const luaL_Reg *functions, int more) {
    for (; functions->name; functions++) {
        for (int i = 0; i <= more; i++) lua_pushvalue(L, metatable + i);
        lua_pushcclosure(L, functions->func, more + 1);
        lua_setfield(L, -2, functions->name);
    }
}

static void push_metatable(lua_State *L) {
    lua_pushlightuserdata(L, (void *)&metatable_key);
    lua_rawget(L, LUA_REGISTRYINDEX);
    if (!lua_isnil(L, -1)) return;
    lua_pop(L, 1);
    luaL_newmetatable(L, BUFFER_METATABLE);
    int metatable = lua_gettop(L);
    push_format(L);
    lua_pushvalue(L, metatable);
    fill(L, metatable, events, 0);
    lua_newtable(L);
    fill(L, metatable, methods, 1);
    lua_setfield(L, metatable, "__index");
    lua_settop(L, metatable);
    lua_pushlightuserdata(L, (void *)&metatable_key);
    lua_pushvalue(L, -2);
    lua_rawset(L, LUA_REGISTRYINDEX);
}

/* bytes.buffer([reserve]) */
int lua_buffer_new(lua_State *L) {
    double reserve = luaL_optnumber(L, 1, 0);
    luaL_argcheck(L, reserve >= 0, 1, "a count is not negative");
    struct buffer *buffer = buffer_new(L);
    if (reserve > 0) buffer_reserve(L, buffer, reserve < 9e18 ? (size_t)reserve : SIZE_MAX);
    return 1;
}
