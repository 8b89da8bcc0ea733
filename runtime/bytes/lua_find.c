/* lua_find.c: the methods that seek in bytes and cut them up: find, lines, split, chunks.
 * Invariant: what iterators give are views, found where the bytes lie.
 * SPDX-License-Identifier: MIT */
#include "bytes/lua_value.h"

#include <errno.h>

#include "lauxlib.h"

#include "bytes/find.h"
#include "engine/engine.h"

enum { STACK_WORK = 4096 };

/* A needle that is mapped or in pieces is copied first; then `at` is its memory, in userdata on top of the stack. */
static const char *flat_needle(lua_State *L, int index, size_t *length) {
    struct bytes_view view;
    int is_flat = lua_bytes_flat(L, index, &view);
    *length = lua_bytes_size(L, index);
    if (is_flat && !(view.owner && view.owner->is_mapped)) return view.data;
    char *copy = lua_newuserdata(L, *length ? *length : 1);
    struct pieces pieces;
    struct piece piece;
    value_pieces(L, index, &pieces, &piece);
    int result = pieces_copy(&pieces, 0, *length, copy);
    if (result < 0) value_raise(L, result);
    return copy;
}

/* The work memory is made before the needle is looked at: making it may run the collector. */
static int find_with(lua_State *L, int subject, int needle, size_t from, char *work, size_t *found, size_t *length) {
    struct pieces pieces;
    struct piece piece;
    const char *text = flat_needle(L, needle, length);
    int result;
    value_pieces(L, subject, &pieces, &piece);
    while ((result = find_pieces(&pieces, from, text, *length, work, engine_stop_flag(L), found)) == -EINTR) {
        engine_checkpoint(L);
        text = flat_needle(L, needle, length);
        value_pieces(L, subject, &pieces, &piece);
    }
    if (result < 0) value_raise(L, result);
    return result;
}

static int find(lua_State *L, int subject, int needle, size_t from, size_t *found, size_t *length) {
    char small[STACK_WORK];
    struct pieces pieces;
    struct piece piece;
    value_pieces(L, subject, &pieces, &piece);
    size_t wanted = find_work(&pieces, lua_bytes_size(L, needle));
    char *work = wanted == 0 ? NULL : wanted <= sizeof small ? small : lua_newuserdata(L, wanted);
    return find_with(L, subject, needle, from, work, found, length);
}

int lua_find_at(lua_State *L, int subject, int needle, size_t from, size_t *found) {
    size_t length;
    return find(L, subject, needle, from, found, &length);
}

/* find(needle [, init]): where it begins and ends, or nil. */
int lua_find_find(lua_State *L) {
    struct pieces pieces;
    size_t found, length;
    value_self(L, &pieces);
    double init = luaL_optnumber(L, 3, 1);
    if (init < 0) init += (double)pieces.size + 1;
    if (!(init >= 1)) init = 1;
    lua_settop(L, 2);
    if (init > (double)pieces.size + 1 || !find(L, 1, 2, (size_t)init - 1, &found, &length)) {
        lua_pushnil(L);
        return 1;
    }
    lua_pushnumber(L, (lua_Number)found + 1);
    lua_pushnumber(L, (lua_Number)(found + length));
    return 2;
}

/* ---- Iterators ------------------------------------------------------------------------------------------- */

/* Their upvalues: the bytes, where to go on, and what ends a part or how long it is. They put the first and the last on the
 * stack, where the functions above look for them. */
enum { BYTES = lua_upvalueindex(1), NEXT = lua_upvalueindex(2), HOW = lua_upvalueindex(3) };

static size_t begin_step(lua_State *L, size_t *size) {
    lua_settop(L, 0);
    lua_pushvalue(L, BYTES);
    lua_pushvalue(L, HOW);
    *size = lua_bytes_size(L, 1);
    return (size_t)lua_tonumber(L, NEXT);
}

static int give_part(lua_State *L, size_t from, size_t to, size_t next) {
    lua_pushnumber(L, (lua_Number)next);
    lua_replace(L, NEXT);
    value_push_slice(L, 1, from, to - from);
    return 1;
}

/* A single byte needs no work memory, and nothing between the calls can run. */
static int find_newline(lua_State *L, struct pieces *pieces, size_t from, size_t *found) {
    struct piece piece;
    int result;
    while ((result = find_pieces(pieces, from, "\n", 1, NULL, engine_stop_flag(L), found)) == -EINTR) {
        engine_checkpoint(L);
        value_pieces(L, 1, pieces, &piece);
    }
    if (result < 0) value_raise(L, result);
    return result;
}

static int next_line(lua_State *L) {
    struct pieces pieces;
    struct piece piece;
    size_t found, from = (size_t)lua_tonumber(L, NEXT);
    lua_settop(L, 0);
    lua_pushvalue(L, BYTES);
    value_pieces(L, 1, &pieces, &piece);
    size_t size = pieces.size;
    if (from >= size) return 0;
    if (!find_newline(L, &pieces, from, &found)) return give_part(L, from, size, size);
    return give_part(L, from, found, found + 1);
}

static int next_part(lua_State *L) {
    size_t size, found, length, from = begin_step(L, &size);
    if (from > size) return 0;
    if (!find(L, 1, 2, from, &found, &length)) return give_part(L, from, size, size + 1);
    return give_part(L, from, found, found + length);
}

static int next_chunk(lua_State *L) {
    size_t size, from = begin_step(L, &size);
    double step = lua_tonumber(L, 2);
    if (from >= size) return 0;
    size_t to = step < (double)(size - from) ? from + (size_t)step : size;
    return give_part(L, from, to, to);
}

static int push_iterator(lua_State *L, lua_CFunction next) {
    lua_settop(L, 2);
    lua_pushnumber(L, 0);
    lua_insert(L, 2);
    lua_pushcclosure(L, next, 3);
    return 1;
}

/* lines(): each line without its "\n"; what is behind the last "\n" is a line only if there is something. */
int lua_find_lines(lua_State *L) {
    struct pieces pieces;
    value_self(L, &pieces);
    lua_settop(L, 1);
    return push_iterator(L, next_line);
}

/* split(separator): the parts between, one more than there are separators. */
int lua_find_split(lua_State *L) {
    struct pieces pieces;
    value_self(L, &pieces);
    luaL_argcheck(L, lua_bytes_size(L, 2) > 0, 2, "the separator is empty");
    return push_iterator(L, next_part);
}

/* chunks(n): n bytes each, the last may be shorter. */
int lua_find_chunks(lua_State *L) {
    struct pieces pieces;
    value_self(L, &pieces);
    double step = luaL_checknumber(L, 2);
    luaL_argcheck(L, step >= 1, 2, "a chunk has at least 1 byte");
    return push_iterator(L, next_chunk);
}
