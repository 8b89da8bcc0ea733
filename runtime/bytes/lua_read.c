/* lua_read.c: the methods that look at bytes: length, slices, single bytes, comparison, numbers, memory.
 * Invariant: positions count from 1, and from the end when negative, as those of `string` do.
 * SPDX-License-Identifier: MIT */
#include "bytes/lua_value.h"

#include <errno.h>
#include <limits.h>

#include "lauxlib.h"

#include "bytes/hash.h"
#include "engine/engine.h"

int lua_read_len(lua_State *L) {
    struct pieces pieces;
    value_self(L, &pieces);
    lua_pushnumber(L, (lua_Number)pieces.size);
    return 1;
}

/* Copies `size` bytes at `offset` into memory on top of the stack. */
static const char *push_memory(lua_State *L, size_t offset, size_t size) {
    struct pieces pieces;
    char *memory = lua_newuserdata(L, size ? size : 1);
    value_self(L, &pieces);
    int result = pieces_copy(&pieces, offset, size, memory);
    if (result < 0) value_raise(L, result);
    return memory;
}

/* The copy in between is needed: making a string may run the collector, and that may run what releases these bytes. */
static void push_string(lua_State *L, size_t offset, size_t size) {
    struct pieces pieces;
    char text[1024];
    if (size > sizeof text) {
        lua_pushlstring(L, push_memory(L, offset, size), size);
        return;
    }
    value_self(L, &pieces);
    int result = pieces_copy(&pieces, offset, size, text);
    if (result < 0) value_raise(L, result);
    lua_pushlstring(L, text, size);
}

int lua_read_tostring(lua_State *L) {
    struct pieces pieces;
    value_self(L, &pieces);
    push_string(L, 0, pieces.size);
    return 1;
}

/* sub(i [, j]). Upvalue 1: see value_new_small_with. */
int lua_read_sub(lua_State *L) {
    struct pieces pieces;
    size_t offset, size;
    value_self(L, &pieces);
    luaL_checknumber(L, 2);
    value_range(L, 2, -1, pieces.size, &offset, &size);
    if (size > VALUE_SMALL) {
        value_push_slice(L, 1, offset, size);
        return 1;
    }
    char *to = value_new_small_with(L, size, lua_upvalueindex(1));
    value_self(L, &pieces);
    int result = pieces_copy(&pieces, offset, size, to);
    return result < 0 ? value_raise(L, result) : 1;
}

/* byte([i [, j]]): i is 1, j is i. */
int lua_read_byte(lua_State *L) {
    struct pieces pieces;
    size_t offset, size;
    value_self(L, &pieces);
    value_range(L, 2, luaL_optnumber(L, 2, 1), pieces.size, &offset, &size);
    if (size >= INT_MAX || !lua_checkstack(L, (int)size + LUA_MINSTACK)) return luaL_error(L, "these are too many bytes for one call");
    char small[64];
    const char *at = size > sizeof small ? push_memory(L, offset, size) : small;
    int result = size > sizeof small ? 0 : pieces_copy(&pieces, offset, size, small);
    if (result < 0) return value_raise(L, result);
    for (size_t i = 0; i < size; i++) lua_pushinteger(L, (unsigned char)at[i]);
    return (int)size;
}

/* tonumber([i [, j]]): the number that this text is, or nil. */
int lua_read_tonumber(lua_State *L) {
    enum { LONGEST = 1024 };
    struct pieces pieces;
    size_t offset, size;
    value_self(L, &pieces);
    value_range(L, 2, -1, pieces.size, &offset, &size);
    if (size > LONGEST) lua_pushnil(L);
    else push_string(L, offset, size);
    if (lua_isnumber(L, -1)) lua_pushnumber(L, lua_tonumber(L, -1));
    else lua_pushnil(L);
    return 1;
}

/* ---- Comparison ------------------------------------------------------------------------------------------ */

/* `is_equal`: any answer but 0 will do when they are different. */
static int order(lua_State *L, int is_equal) {
    struct pieces a, b;
    struct piece first, second;
    int less = 0, result;
    do {
        value_pieces(L, 1, &a, &first);
        value_pieces(L, 2, &b, &second);
        if (is_equal && a.size != b.size) return 1;
        result = pieces_compare(&a, &b, engine_stop_flag(L), &less);
        if (result == -EINTR) engine_checkpoint(L);
    } while (result == -EINTR);
    if (result < 0) value_raise(L, result);
    return less;
}

int lua_read_eq(lua_State *L) {
    lua_pushboolean(L, order(L, 1) == 0);
    return 1;
}

int lua_read_lt(lua_State *L) {
    lua_pushboolean(L, order(L, 0) < 0);
    return 1;
}

int lua_read_le(lua_State *L) {
    lua_pushboolean(L, order(L, 0) <= 0);
    return 1;
}

/* compare(other): -1, 0 or 1 */
int lua_read_compare(lua_State *L) {
    int less = order(L, 0);
    lua_pushinteger(L, (less > 0) - (less < 0));
    return 1;
}

/* ---- Memory ---------------------------------------------------------------------------------------------- */

/* A slice keeps the whole row that it shares. */
static void count_pinned(lua_State *L, size_t *size, size_t *memory, size_t *mapped) {
    struct pieces pieces;
    struct value *value = value_self(L, &pieces);
    *size = pieces.size;
    if (value->kind == VALUE_CHAIN && value->as.chain.is_slice) {
        pieces.first = 0;
        pieces.count = value->as.chain.row->count;
    }
    pieces_pinned(&pieces, memory, mapped);
}

/* pinned(): the bytes of memory, and those of mapped files, that this value keeps. */
int lua_read_pinned(lua_State *L) {
    size_t size, memory, mapped;
    count_pinned(L, &size, &memory, &mapped);
    lua_pushnumber(L, (lua_Number)memory);
    lua_pushnumber(L, (lua_Number)mapped);
    return 2;
}

static int push_copy(lua_State *L, size_t size) {
    struct pieces pieces;
    char *memory;
    if (size <= VALUE_SMALL) {
        value_push_slice(L, 1, 0, size);
        return 1;
    }
    value_push_block(L, size, &memory);
    value_self(L, &pieces);
    int result = pieces_copy(&pieces, 0, size, memory);
    return result < 0 ? value_raise(L, result) : 1;
}

/* compact(): the same bytes in memory of their own, unless nothing more is kept already. */
int lua_read_compact(lua_State *L) {
    size_t size, memory, mapped;
    count_pinned(L, &size, &memory, &mapped);
    if (memory + mapped > size) return push_copy(L, size);
    lua_settop(L, 1);
    return 1;
}

/* flatten(): the same bytes in one piece. */
int lua_read_flatten(lua_State *L) {
    struct pieces pieces;
    value_self(L, &pieces);
    if (pieces.count > 1) return push_copy(L, pieces.size);
    lua_settop(L, 1);
    return 1;
}

/* ---- Digests --------------------------------------------------------------------------------------------- */

static int check_hash(lua_State *L) {
    luaL_Buffer names;
    int number = hash_find(luaL_checkstring(L, 2));
    if (number >= 0) return number;
    luaL_buffinit(L, &names);
    luaL_addstring(&names, "there is no such digest; there are:");
    for (int i = 0; hash_name(i); i++) {
        luaL_addchar(&names, ' ');
        luaL_addstring(&names, hash_name(i));
    }
    luaL_pushresult(&names);
    return luaL_argerror(L, 2, lua_tostring(L, -1));
}

/* hash(name [, "raw"]): lower-case hexadecimal digits, or the bytes themselves as a string. */
int lua_read_hash(lua_State *L) {
    static const char *const forms[] = { "hex", "raw", NULL };
    unsigned char digest[HASH_LONGEST];
    char text[2 * HASH_LONGEST];
    struct pieces pieces;
    size_t size = 0;
    int number = check_hash(L), is_raw = luaL_checkoption(L, 3, "hex", forms), result;
    do {
        value_self(L, &pieces);
        result = hash_pieces(number, &pieces, engine_stop_flag(L), digest, &size);
        if (result == -EINTR) engine_checkpoint(L);
    } while (result == -EINTR);
    if (result < 0) return value_raise(L, result);
    for (size_t i = 0; i < size; i++) {
        text[2 * i] = "0123456789abcdef"[digest[i] >> 4];
        text[2 * i + 1] = "0123456789abcdef"[digest[i] & 15];
    }
    lua_pushlstring(L, is_raw ? (const char *)digest : text, is_raw ? size : 2 * size);
    return 1;
}
