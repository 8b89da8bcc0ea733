/* lua_bytes.c: the module moonbear.bytes, and the door of lua_bytes.h.
 * Invariant: see lua_bytes.h.
 * SPDX-License-Identifier: MIT */
#include "bytes/lua_bytes.h"

#include <errno.h>
#include <string.h>

#include "lauxlib.h"

#include "bytes/lua_buffer.h"
#include "bytes/lua_pack.h"
#include "bytes/lua_value.h"
#include "platform.h"

/* ---- The door for other modules -------------------------------------------------------------------------- */

int lua_bytes_is(lua_State *L, int index) {
    return lua_type(L, index) == LUA_TSTRING || value_at(L, index) != NULL;
}

size_t lua_bytes_size(lua_State *L, int index) {
    struct pieces pieces;
    struct piece piece;
    value_pieces(L, index, &pieces, &piece);
    return pieces.size;
}

int lua_bytes_piece(lua_State *L, int index, size_t *cursor, struct bytes_view *view) {
    struct pieces pieces;
    struct piece piece;
    value_pieces(L, index, &pieces, &piece);
    if (*cursor >= pieces.count) return 0;
    pieces_view(&pieces, (*cursor)++, view);
    return 1;
}

int lua_bytes_flat(lua_State *L, int index, struct bytes_view *whole) {
    struct pieces pieces;
    struct piece piece;
    value_pieces(L, index, &pieces, &piece);
    *whole = (struct bytes_view){ "", 0, NULL };
    if (pieces.count > 1) return 0;
    if (pieces.count) pieces_view(&pieces, 0, whole);
    return 1;
}

void lua_bytes_from(lua_State *L, int index) {
    if (lua_isstring(L, index)) value_push_string(L, index);
    else if (value_at(L, index)) lua_pushvalue(L, index);
    else luaL_typerror(L, index, "string or bytes");
}

void lua_bytes_push(lua_State *L, struct bytes_owner *owner, size_t offset, size_t size) {
    struct value *value = value_new(L);
    if (owner->counted && !owner->counter) {
        value_count(L, owner->counted);
        value_counted(L, owner);
    }
    value_take(value, bytes_hold(owner));
    value->as.view.view.data += offset;
    value->as.view.view.size = value->as.view.end = size;
    value->brings = offset == 0 && size == owner->size;
}

/* ---- Life ------------------------------------------------------------------------------------------------ */

static void let_go(struct value *value) {
    if (value->kind == VALUE_VIEW) bytes_drop(value->as.view.view.owner);
    if (value->kind == VALUE_CHAIN) chain_close(&value->as.chain);
    value->kind = VALUE_NONE;
}

static int bytes_gc(lua_State *L) {
    struct value *value = value_at(L, 1);
    if (value) let_go(value);
    return 0;
}

static int bytes_lua_release(lua_State *L) {
    struct value *value = value_at(L, 1);
    if (!value) luaL_typerror(L, 1, "bytes");
    struct bytes_owner *owner = value->kind == VALUE_VIEW ? value->as.view.view.owner : NULL;
    int first = value->kind != VALUE_NONE && !(owner && !owner->data);
    if (owner && value->brings) bytes_release(owner);
    let_go(value);
    lua_pushboolean(L, first);
    return 1;
}

static const luaL_Reg methods[] = {
    { "byte", lua_read_byte },       { "chunks", lua_cut_chunks },     { "compact", lua_read_compact },
    { "compare", lua_read_compare }, { "equals", lua_read_eq },         { "find", lua_find_find },
    { "flatten", lua_read_flatten }, { "hash", lua_read_hash },         { "lines", lua_cut_lines },
    { "pack", lua_pack_append },     { "pinned", lua_read_pinned },     { "release", bytes_lua_release },
    { "split", lua_cut_split },     { "sub", lua_read_sub },           { "tonumber", lua_read_tonumber },
    { "unpack", lua_pack_unpack },   { "write", lua_file_write },       { NULL, NULL },
};

static const luaL_Reg events[] = {
    { "__concat", lua_join_concat }, { "__eq", lua_read_eq }, { "__gc", bytes_gc }, { "__le", lua_read_le },
    { "__len", lua_read_len },       { "__lt", lua_read_lt }, { "__tostring", lua_read_tostring }, { NULL, NULL },
};

void lua_bytes_fill(lua_State *L) {
    luaL_register(L, NULL, events);
    lua_newtable(L);
    luaL_register(L, NULL, methods);
    lua_setfield(L, -2, "__index");
}

/* Methods with an upvalue: what value_new_small_with wants, which is at the top of the stack. */
void lua_bytes_fill_small(lua_State *L) {
    lua_getfield(L, -1, "__index");
    lua_pushvalue(L, -2);
    lua_pushcclosure(L, lua_read_sub, 1);
    lua_setfield(L, -2, "sub");
    lua_pop(L, 1);
}

/* ---- The module ------------------------------------------------------------------------------------------ */

static int bytes_lua_from(lua_State *L) {
    lua_settop(L, 1);
    lua_bytes_from(L, 1);
    return 1;
}

static const luaL_Reg functions[] = {
    { "chain", lua_join_chain },
    { "from", bytes_lua_from },
    { "buffer", lua_buffer_new },
    { "map", lua_file_map },
    { "pack", lua_pack_pack },
    { "packsize", lua_pack_size },
    { "read", lua_file_read },
    { "unpack", lua_pack_unpack },
    { NULL, NULL },
};

int luaopen_moonbear_bytes(lua_State *L) {
    value_ready(L);
    lua_createtable(L, 0, 8);
    luaL_register(L, NULL, functions);
    return 1;
}
