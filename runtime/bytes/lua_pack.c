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
    lua_pushfstring(L, "format: '%s' at %d: %s", option, (int)(format->start - text) + 1, format->error);
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

/* What is packed: a little of it on the C stack, more in a buffer, which lies on top of Lua's stack from then on. */
struct sink {
    struct buffer *buffer; /* NULL: all is in `small` */
    size_t size;
    char small[VALUE_SMALL];
};

/* Where the next bytes go, for which there is room then; to be followed by sink->size += n. May run the collector. */
static char *sink_room(lua_State *L, struct sink *sink, size_t more) {
    if (!sink->buffer) {
        if (more <= sizeof sink->small - sink->size) return sink->small + sink->size;
        struct buffer *buffer = buffer_new(L);
        memcpy(buffer_reserve(L, buffer, sink->size + more), sink->small, sink->size);
        sink->buffer = buffer;
    }
    sink->buffer->builder.end = sink->size;
    return buffer_reserve(L, sink->buffer, more);
}

static void put_zeros(lua_State *L, struct sink *sink, size_t count) {
    if (count) memset(sink_room(L, sink, count), 0, count);
    sink->size += count;
}

static void put_data(lua_State *L, struct sink *sink, int arg, size_t size) {
    struct pieces pieces;
    struct piece piece;
    char *to = sink_room(L, sink, size);
    value_pieces(L, arg, &pieces, &piece);
    int result = pieces_copy(&pieces, 0, size, to);
    if (result < 0) value_raise(L, result);
    sink->size += size;
}

static void put_integer(lua_State *L, struct sink *sink, int arg, const struct pack_item *item, double number) {
    unsigned char *to = (unsigned char *)sink_room(L, sink, item->size);
    int result = pack_integer(item, number, to);
    if (result == -EDOM) luaL_argerror(L, arg, "this number is not whole");
    if (result < 0) {
        lua_pushfstring(L, "this number does not fit into %d byte%s", (int)item->size, item->size == 1 ? "" : "s");
        luaL_argerror(L, arg, lua_tostring(L, -1));
    }
    sink->size += item->size;
}

static void put_float(lua_State *L, struct sink *sink, int arg, const struct pack_item *item) {
    double number = luaL_checknumber(L, arg);
    pack_float(item, number, (unsigned char *)sink_room(L, sink, item->size));
    sink->size += item->size;
}

static void put_fixed(lua_State *L, struct sink *sink, int arg, const struct pack_item *item) {
    size_t size = lua_bytes_size(L, arg);
    luaL_argcheck(L, size <= item->size, arg, "it is longer than the format says");
    put_data(L, sink, arg, size);
    put_zeros(L, sink, item->size - size);
}

static void put_counted(lua_State *L, struct sink *sink, int arg, const struct pack_item *item) {
    struct pack_item length = { PACK_UNSIGNED, item->size, 0, item->is_big };
    size_t size = lua_bytes_size(L, arg);
    put_integer(L, sink, arg, &length, (double)size);
    put_data(L, sink, arg, size);
}

static void put_zero_ended(lua_State *L, struct sink *sink, int arg) {
    size_t size = lua_bytes_size(L, arg);
    put_data(L, sink, arg, size);
    const char *put = sink->buffer ? sink->buffer->builder.block + sink->size - size : sink->small + sink->size - size;
    luaL_argcheck(L, size == 0 || !memchr(put, 0, size), arg, "it contains a zero");
    put_zeros(L, sink, 1);
}

/* Returns how many values were used: 0 or 1. */
static int put_item(lua_State *L, struct sink *sink, int arg, const struct pack_item *item) {
    put_zeros(L, sink, item->padding);
    switch (item->kind) {
        case PACK_SIGNED:
        case PACK_UNSIGNED: put_integer(L, sink, arg, item, luaL_checknumber(L, arg)); return 1;
        case PACK_FLOAT: put_float(L, sink, arg, item); return 1;
        case PACK_FIXED: put_fixed(L, sink, arg, item); return 1;
        case PACK_COUNTED: put_counted(L, sink, arg, item); return 1;
        case PACK_ZERO: put_zero_ended(L, sink, arg); return 1;
        case PACK_PADDING: put_zeros(L, sink, 1); return 0;
        case PACK_NOTHING: return 0;
    }
    return 0;
}

/* A buffer lies on top of the arguments, so that one that is missing must be told from it. */
static void pack(lua_State *L, int index, struct sink *sink) {
    struct pack_format format;
    struct pack_item item;
    int arg = index + 1, last = lua_gettop(L);
    sink->buffer = NULL;
    sink->size = 0;
    begin(L, index, &format);
    while (next(L, index, &format, sink->size, &item)) {
        if (arg > last && item.kind < PACK_PADDING) luaL_argerror(L, arg, "a value is missing for the format");
        arg += put_item(L, sink, arg, &item);
    }
    if (sink->buffer) sink->buffer->builder.end = sink->size;
}

/* The buffer's content, which nobody else has seen, becomes the value. */
static void push_packed(lua_State *L, struct sink *sink) {
    if (!sink->buffer) {
        memcpy(value_new_small(L, sink->size), sink->small, sink->size);
        return;
    }
    buffer_freeze(L, sink->buffer);
    lua_remove(L, -2);
}

int lua_pack_pack(lua_State *L) {
    struct sink sink;
    pack(L, 1, &sink);
    push_packed(L, &sink);
    return 1;
}

void lua_pack_put(lua_State *L, int index, struct buffer *buffer) {
    struct sink sink;
    pack(L, index, &sink);
    if (sink.buffer) {
        push_packed(L, &sink);
        buffer_put(L, buffer, lua_gettop(L));
        return;
    }
    memcpy(buffer_reserve(L, buffer, sink.size), sink.small, sink.size);
    buffer->builder.end += sink.size;
}

int lua_pack_append(lua_State *L) {
    struct pieces pieces;
    struct sink sink;
    value_self(L, &pieces);
    pack(L, 2, &sink);
    push_packed(L, &sink);
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

/* Argument 1 is the data. It is looked at anew each time, since a string was made in between; and what follows is copied too, so
 * that a row of small items is one copy. */
struct reader {
    size_t total, at, filled; /* the window has that many bytes from `at` */
    char window[256];
};

static void copy_data(lua_State *L, size_t at, size_t size, char *to) {
    struct pieces pieces;
    struct piece piece;
    value_pieces(L, 1, &pieces, &piece);
    int result = pieces_copy(&pieces, at, size, to);
    if (result < 0) value_raise(L, result);
}

/* `size` bytes at `at`, good until the next call; `size` is at most the window's. */
static const char *look(lua_State *L, struct reader *r, size_t at, size_t size) {
    if (at < r->at || size > r->filled || at - r->at > r->filled - size) {
        size_t rest = r->total - at;
        r->filled = 0;
        copy_data(L, at, rest < sizeof r->window ? rest : sizeof r->window, r->window);
        r->at = at;
        r->filled = rest < sizeof r->window ? rest : sizeof r->window;
    }
    return r->window + (at - r->at);
}

static void too_short(lua_State *L, size_t at, size_t wanted, size_t total) {
    lua_pushfstring(L, "the data is too short: %f bytes are wanted at %f, and it has %f", (double)wanted, (double)at + 1, (double)total);
    luaL_argerror(L, 1, lua_tostring(L, -1));
}

static void need(lua_State *L, size_t at, size_t wanted, size_t total) {
    if (at > total || wanted > total - at) too_short(L, at, wanted, total);
}

static double integer_at(lua_State *L, struct reader *r, const struct pack_item *item, size_t at) {
    double number = 0;
    uint64_t low;
    if (unpack_integer(item, (const unsigned char *)look(L, r, at, item->size), &number, &low) < 0)
        luaL_error(L, "the integer of %d bytes at %f is beyond what a number holds exactly (2^53): read it in parts, or as \"c%d\"",
                   (int)item->size, (double)at + 1, (int)item->size);
    return number;
}

static void push_float(lua_State *L, struct reader *r, const struct pack_item *item, size_t at) {
    double number = 0;
    unpack_float(item, (const unsigned char *)look(L, r, at, item->size), &number);
    lua_pushnumber(L, number);
}

static void push_string(lua_State *L, struct reader *r, size_t at, size_t size) {
    if (size <= sizeof r->window) {
        lua_pushlstring(L, look(L, r, at, size), size);
        return;
    }
    char *copy = lua_newuserdata(L, size);
    copy_data(L, at, size, copy);
    lua_pushlstring(L, copy, size);
    lua_remove(L, -2);
}

/* Returns the bytes it took beyond item->size. */
static size_t push_counted(lua_State *L, struct reader *r, const struct pack_item *item, size_t at) {
    struct pack_item length = { PACK_UNSIGNED, item->size, 0, item->is_big };
    double size = integer_at(L, r, &length, at);
    if (size > (double)(r->total - at - item->size)) too_short(L, at + item->size, size < 1e18 ? (size_t)size : SIZE_MAX, r->total);
    push_string(L, r, at + item->size, (size_t)size);
    return (size_t)size;
}

static size_t push_zero_ended(lua_State *L, struct reader *r, size_t at) {
    size_t end;
    int top = lua_gettop(L);
    lua_pushlstring(L, "\0", 1);
    int found = lua_find_at(L, 1, top + 1, at, &end);
    lua_settop(L, top);
    if (!found) luaL_error(L, "the string at %f has no zero at its end", (double)at + 1);
    push_string(L, r, at, end - at);
    return end - at + 1;
}

/* Returns how many bytes it took. */
static size_t push_item(lua_State *L, struct reader *r, const struct pack_item *item, size_t at) {
    switch (item->kind) {
        case PACK_SIGNED:
        case PACK_UNSIGNED: lua_pushnumber(L, integer_at(L, r, item, at)); return item->size;
        case PACK_FLOAT: push_float(L, r, item, at); return item->size;
        case PACK_FIXED: push_string(L, r, at, item->size); return item->size;
        case PACK_COUNTED: return item->size + push_counted(L, r, item, at);
        case PACK_ZERO: return push_zero_ended(L, r, at);
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
    struct reader r = { .total = lua_bytes_size(L, 1) };
    size_t at = first_position(L, r.total);
    begin(L, 2, &format);
    lua_settop(L, 2);
    while (next(L, 2, &format, at, &item)) {
        need(L, at, item.padding, r.total);
        at += item.padding;
        need(L, at, item.size, r.total);
        luaL_checkstack(L, 4, "too many results");
        at += push_item(L, &r, &item, at);
    }
    lua_pushnumber(L, (lua_Number)at + 1);
    return lua_gettop(L) - 2;
}
