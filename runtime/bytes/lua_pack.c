/* lua_pack.c: bytes.pack, unpack and packsize.
 * Invariant: see pack.h.
 * SPDX-License-Identifier: MIT */
#include "bytes/lua_pack.h"

#include <errno.h>
#include <string.h>

#include "lauxlib.h"

#include "bytes/lua_buffer.h"
#include "bytes/lua_value.h"
#include "bytes/pack.h"

static void bad_format(lua_State *L, int index, const struct pack_format *format) {
    const char *text = lua_tostring(L, index);
    char option[2] = { format->option, 0 };
    lua_pushfstring(L, "format: '%s' at %d: %s", option, (int)(format->at - text), format->error);
    luaL_argerror(L, index, lua_tostring(L, -1));
}

static void begin(lua_State *L, int index, struct pack_format *format) {
    size_t size;
    const char *text = luaL_checklstring(L, index, &size);
    pack_begin(format, text, size);
}

static int next(lua_State *L, int index, struct pack_format *format, size_t offset, struct pack_item *item) {
    int result = pack_next(format, offset, item);
    if (result < 0) bad_format(L, index, format);
    return result;
}

/* ---- Packing --------------------------------------------------------------------------------------------- */

static void put_zeros(lua_State *L, struct buffer *buffer, size_t count) {
    if (count) memset(buffer_reserve(L, buffer, count), 0, count);
    buffer->builder.end += count;
}

static void put_integer(lua_State *L, struct buffer *buffer, int arg, const struct pack_item *item, double number) {
    unsigned char bytes[PACK_INTEGER_MOST];
    int result = pack_integer(item, number, bytes);
    if (result == -EDOM) luaL_argerror(L, arg, "this number is not whole");
    if (result < 0) {
        lua_pushfstring(L, "this number does not fit into %d byte%s", (int)item->size, item->size == 1 ? "" : "s");
        luaL_argerror(L, arg, lua_tostring(L, -1));
    }
    memcpy(buffer_reserve(L, buffer, item->size), bytes, item->size);
    buffer->builder.end += item->size;
}

static void put_float(lua_State *L, struct buffer *buffer, int arg, const struct pack_item *item) {
    unsigned char bytes[sizeof(double)];
    pack_float(item, luaL_checknumber(L, arg), bytes);
    memcpy(buffer_reserve(L, buffer, item->size), bytes, item->size);
    buffer->builder.end += item->size;
}

static void put_fixed(lua_State *L, struct buffer *buffer, int arg, const struct pack_item *item) {
    size_t size = lua_bytes_size(L, arg);
    luaL_argcheck(L, size <= item->size, arg, "it is longer than the format says");
    buffer_put(L, buffer, arg);
    put_zeros(L, buffer, item->size - size);
}

static void put_counted(lua_State *L, struct buffer *buffer, int arg, const struct pack_item *item) {
    struct pack_item length = { PACK_UNSIGNED, item->size, 0, item->is_big };
    put_integer(L, buffer, arg, &length, (double)lua_bytes_size(L, arg));
    buffer_put(L, buffer, arg);
}

static void put_zero_ended(lua_State *L, struct buffer *buffer, int arg) {
    size_t end = builder_size(&buffer->builder), size = lua_bytes_size(L, arg);
    buffer_put(L, buffer, arg);
    luaL_argcheck(L, size == 0 || !memchr(buffer->builder.block + end, 0, size), arg, "it contains a zero");
    put_zeros(L, buffer, 1);
}

/* Returns how many values were used: 0 or 1. */
static int put_item(lua_State *L, struct buffer *buffer, int arg, const struct pack_item *item) {
    put_zeros(L, buffer, item->padding);
    switch (item->kind) {
        case PACK_SIGNED:
        case PACK_UNSIGNED: put_integer(L, buffer, arg, item, luaL_checknumber(L, arg)); return 1;
        case PACK_FLOAT: put_float(L, buffer, arg, item); return 1;
        case PACK_FIXED: put_fixed(L, buffer, arg, item); return 1;
        case PACK_COUNTED: put_counted(L, buffer, arg, item); return 1;
        case PACK_ZERO: put_zero_ended(L, buffer, arg); return 1;
        case PACK_PADDING: put_zeros(L, buffer, 1); return 0;
        case PACK_NOTHING: return 0;
    }
    return 0;
}

/* The buffer lies on top of the arguments, so that one that is missing must be told from it. */
void lua_pack_push(lua_State *L, int index) {
    struct pack_format format;
    struct pack_item item;
    int arg = index + 1, last = lua_gettop(L);
    begin(L, index, &format);
    struct buffer *buffer = buffer_new(L);
    while (next(L, index, &format, builder_size(&buffer->builder), &item)) {
        if (arg > last && item.kind < PACK_PADDING) luaL_argerror(L, arg, "a value is missing for the format");
        arg += put_item(L, buffer, arg, &item);
    }
    buffer_freeze(L, buffer);
    lua_remove(L, -2);
}

int lua_pack_pack(lua_State *L) {
    lua_pack_push(L, 1);
    return 1;
}

int lua_pack_append(lua_State *L) {
    struct pieces pieces;
    value_self(L, &pieces);
    lua_pack_push(L, 2);
    lua_replace(L, 2);
    lua_settop(L, 2);
    value_join(L, 1, 2);
    return 1;
}

int lua_pack_size(lua_State *L) {
    struct pack_format format;
    struct pack_item item;
    size_t size = 0;
    begin(L, 1, &format);
    while (next(L, 1, &format, size, &item)) {
        luaL_argcheck(L, item.kind != PACK_COUNTED && item.kind != PACK_ZERO, 1, "format: the size of 's' and 'z' depends on the value");
        size += item.padding + item.size;
    }
    lua_pushnumber(L, (lua_Number)size);
    return 1;
}

/* ---- Unpacking ------------------------------------------------------------------------------------------- */

/* Argument 1 is the data; it is looked at anew for each item, since a string was made in between. */
static void take(lua_State *L, size_t at, size_t size, char *to) {
    struct pieces pieces;
    struct piece piece;
    value_pieces(L, 1, &pieces, &piece);
    int result = pieces_copy(&pieces, at, size, to);
    if (result < 0) value_raise(L, result);
}

static void too_short(lua_State *L, size_t at, size_t wanted, size_t total) {
    lua_pushfstring(L, "the data is too short: %f bytes are wanted at %f, and it has %f", (double)wanted, (double)at + 1, (double)total);
    luaL_argerror(L, 1, lua_tostring(L, -1));
}

static void need(lua_State *L, size_t at, size_t wanted, size_t total) {
    if (at > total || wanted > total - at) too_short(L, at, wanted, total);
}

static double integer_at(lua_State *L, const struct pack_item *item, size_t at) {
    unsigned char bytes[PACK_INTEGER_MOST];
    double number = 0;
    uint64_t low;
    take(L, at, item->size, (char *)bytes);
    if (unpack_integer(item, bytes, &number, &low) < 0)
        luaL_error(L, "the integer of %d bytes at %f is beyond what a number holds exactly (2^53): read it in parts, or as \"c%d\"",
                   (int)item->size, (double)at + 1, (int)item->size);
    return number;
}

static void push_float(lua_State *L, const struct pack_item *item, size_t at) {
    unsigned char bytes[sizeof(double)];
    double number = 0;
    take(L, at, item->size, (char *)bytes);
    unpack_float(item, bytes, &number);
    lua_pushnumber(L, number);
}

static void push_string(lua_State *L, size_t at, size_t size) {
    char small[256], *copy = size > sizeof small ? lua_newuserdata(L, size) : small;
    take(L, at, size, copy);
    lua_pushlstring(L, copy, size);
    if (copy != small) lua_remove(L, -2);
}

/* Returns the bytes it took beyond item->size. */
static size_t push_counted(lua_State *L, const struct pack_item *item, size_t at, size_t total) {
    struct pack_item length = { PACK_UNSIGNED, item->size, 0, item->is_big };
    double size = integer_at(L, &length, at);
    if (size > (double)(total - at - item->size)) too_short(L, at + item->size, size < 1e18 ? (size_t)size : SIZE_MAX, total);
    push_string(L, at + item->size, (size_t)size);
    return (size_t)size;
}

static size_t push_zero_ended(lua_State *L, size_t at) {
    size_t end;
    int top = lua_gettop(L);
    lua_pushlstring(L, "\0", 1);
    int found = lua_find_at(L, 1, top + 1, at, &end);
    lua_settop(L, top);
    if (!found) luaL_error(L, "the string at %f has no zero at its end", (double)at + 1);
    push_string(L, at, end - at);
    return end - at + 1;
}

/* Returns how many bytes it took. */
static size_t push_item(lua_State *L, const struct pack_item *item, size_t at, size_t total) {
    switch (item->kind) {
        case PACK_SIGNED:
        case PACK_UNSIGNED: lua_pushnumber(L, integer_at(L, item, at)); return item->size;
        case PACK_FLOAT: push_float(L, item, at); return item->size;
        case PACK_FIXED: push_string(L, at, item->size); return item->size;
        case PACK_COUNTED: return item->size + push_counted(L, item, at, total);
        case PACK_ZERO: return push_zero_ended(L, at);
        case PACK_PADDING:
        case PACK_NOTHING: return item->size;
    }
    return 0;
}

static size_t first_position(lua_State *L, size_t total) {
    double position = luaL_optnumber(L, 3, 1);
    if (position < 0) position += (double)total + 1;
    luaL_argcheck(L, position >= 1 && position <= (double)total + 1, 3, "the position is outside of the data");
    return (size_t)position - 1;
}

int lua_pack_unpack(lua_State *L) {
    struct pack_format format;
    struct pack_item item;
    size_t total = lua_bytes_size(L, 1), at = first_position(L, total);
    begin(L, 2, &format);
    lua_settop(L, 2);
    while (next(L, 2, &format, at, &item)) {
        need(L, at, item.padding, total);
        at += item.padding;
        need(L, at, item.size, total);
        luaL_checkstack(L, 4, "too many results");
        at += push_item(L, &item, at, total);
    }
    lua_pushnumber(L, (lua_Number)at + 1);
    return lua_gettop(L) - 2;
}
