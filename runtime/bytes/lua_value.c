/* lua_value.c: the userdata that bytes are, and what every binding of this folder does with it.
 * Invariant: see lua_value.h; a value becomes more than VALUE_NONE only when everything it holds is held.
 * SPDX-License-Identifier: MIT */
#include "bytes/lua_value.h"

#include <errno.h>
#include <string.h>

#include "lauxlib.h"

#include "engine/engine.h"
#include "platform.h"

/* Keys of the registry: the metatable of values that may hold something, that of copied slices, which has no finalizer, and
 * the strings that are kept. */
static const char metatable_key, small_key, strings_key;

/* ---- Making values --------------------------------------------------------------------------------------- */

static int push_key(lua_State *L, const char *key) {
    lua_pushlightuserdata(L, (void *)key);
    lua_rawget(L, LUA_REGISTRYINDEX);
    return !lua_isnil(L, -1);
}

/* Keeps the value on top of the stack under a key. */
static void keep(lua_State *L, const char *key) {
    lua_pushlightuserdata(L, (void *)key);
    lua_insert(L, -2);
    lua_rawset(L, LUA_REGISTRYINDEX);
}

/* Operators of Lua 5.1 want the very same function on both sides: so both metatables share theirs. */
static void copy_but_finalizer(lua_State *L) {
    int from = lua_gettop(L);
    lua_newtable(L);
    for (lua_pushnil(L); lua_next(L, from); lua_pop(L, 1)) {
        if (strcmp(lua_tostring(L, -2), "__gc") == 0) continue;
        lua_pushvalue(L, -2);
        lua_pushvalue(L, -2);
        lua_rawset(L, from + 1);
    }
}

void value_ready(lua_State *L) {
    int is_ready = push_key(L, &metatable_key);
    lua_pop(L, 1);
    if (is_ready) return;
    lua_newtable(L);
    keep(L, &strings_key);
    luaL_newmetatable(L, LUA_BYTES_METATABLE);
    lua_bytes_fill(L);
    copy_but_finalizer(L);
    lua_bytes_fill_small(L);
    keep(L, &small_key);
    keep(L, &metatable_key);
}

static void push_metatable(lua_State *L, const char *key) {
    if (push_key(L, key)) return;
    lua_pop(L, 1);
    value_ready(L);
    push_key(L, key);
}

struct value *value_new(lua_State *L) {
    push_metatable(L, &metatable_key);
    struct value *value = lua_newuserdata(L, sizeof *value);
    memset(value, 0, sizeof *value);
    value->mark = &metatable_key;
    lua_insert(L, -2);
    lua_setmetatable(L, -2);
    return value;
}

void value_push_small_metatable(lua_State *L) {
    push_metatable(L, &small_key);
}

/* Filled before the metatable is looked up: whoever sees it sees a whole value. */
static struct value *push_head(lua_State *L, size_t size) {
    struct value *value = lua_newuserdata(L, VALUE_HEAD + size);
    value->mark = &metatable_key;
    value->brings = 0;
    value_set_view(value, (struct bytes_view){ (char *)value + VALUE_HEAD, size, NULL });
    return value;
}

char *value_new_small_with(lua_State *L, size_t size, int metatable) {
    struct value *value = push_head(L, size);
    lua_pushvalue(L, metatable);
    lua_setmetatable(L, -2);
    return (char *)value + VALUE_HEAD;
}

char *value_new_small(lua_State *L, size_t size) {
    struct value *value = push_head(L, size);
    value_push_small_metatable(L);
    lua_setmetatable(L, -2);
    return (char *)value + VALUE_HEAD;
}

struct value *value_at(lua_State *L, int index) {
    struct value *value = engine_userdata(L, index, VALUE_HEAD);
    return value && value->mark == &metatable_key ? value : NULL;
}

/* ---- Memory that is counted ------------------------------------------------------------------------------ */

static void uncount(struct bytes_owner *owner) {
    engine_native(owner->counter, -(ptrdiff_t)owner->counted);
}

static void uncount_row(struct chain_row *row) {
    engine_native(row->counter, -(ptrdiff_t)row->counted);
}

void value_count(lua_State *L, size_t bytes) {
    if (bytes > PTRDIFF_MAX || engine_native(L, (ptrdiff_t)bytes) < 0) value_raise(L, -ENOMEM);
}

void value_counted(lua_State *L, struct bytes_owner *owner) {
    owner->counter = engine_main(L);
    owner->uncount = uncount;
}

void value_set_view(struct value *value, struct bytes_view view) {
    value->as.view = (struct piece){ view, view.size };
    value->kind = VALUE_VIEW;
}

void value_take(struct value *value, struct bytes_owner *owner) {
    value_set_view(value, (struct bytes_view){ owner->data, owner->size, owner });
    value->brings = 1;
}

struct value *value_push_block(lua_State *L, size_t size, char **memory) {
    struct bytes_owner *owner = NULL;
    struct value *value = value_new(L);
    value_count(L, size + BYTES_OWNER);
    if (bytes_block(size, &owner, memory) < 0) {
        engine_native(L, -(ptrdiff_t)(size + BYTES_OWNER));
        value_raise(L, -ENOMEM);
    }
    value_counted(L, owner);
    value_take(value, owner);
    return value;
}

/* ---- Strings --------------------------------------------------------------------------------------------- */

/* What a string's owner points to stays alive in a table of the registry, under the owner's address. Setting a field that is
 * there to nil needs no memory, and the main thread always has room for two values. */
static void give_string(struct bytes_owner *owner) {
    lua_State *L = owner->context;
    push_key(L, &strings_key);
    lua_pushlightuserdata(L, owner);
    lua_pushnil(L);
    lua_rawset(L, -3);
    lua_pop(L, 1);
}

/* The owner is in its value before anything can raise, and has nothing to give until its string is kept. */
void value_push_string(lua_State *L, int index) {
    size_t size;
    const char *text = lua_tolstring(L, index, &size);
    if (size <= VALUE_SMALL) {
        memcpy(value_new_small(L, size), text, size);
        return;
    }
    lua_pushvalue(L, index);
    struct value *value = value_new(L);
    struct bytes_owner *owner = NULL;
    if (bytes_foreign(text, size, NULL, engine_main(L), &owner) < 0) value_raise(L, -ENOMEM);
    value_take(value, owner);
    push_key(L, &strings_key);
    lua_pushlightuserdata(L, owner);
    lua_pushvalue(L, -4);
    lua_rawset(L, -3);
    lua_pop(L, 1);
    owner->give = give_string;
    lua_remove(L, -2);
}

/* ---- Reading --------------------------------------------------------------------------------------------- */

int value_raise(lua_State *L, int error) {
    if (error == -ENOMEM) {
        lua_pushliteral(L, "not enough memory");
        return lua_error(L);
    }
    if (error == -EFAULT) return luaL_error(L, "a mapped file was cut short while it was in use: what these bytes were is gone");
    return luaL_error(L, "%s (%s)", strerror(-error), plat_error_name(error));
}

int value_raise_released(lua_State *L) {
    return luaL_error(L, "these bytes were released: their memory was given back");
}

int value_lives(struct value *value) {
    if (value->kind == VALUE_CHAIN) return chain_alive(&value->as.chain);
    if (value->kind == VALUE_NONE) return 0;
    const struct bytes_owner *owner = value->as.view.view.owner;
    return !owner || owner->data != NULL;
}

int value_alive(lua_State *L, int index) {
    struct value *value = value_at(L, index);
    return !value || value_lives(value);
}

void value_pieces_of(lua_State *L, struct value *value, struct pieces *pieces) {
    if (!value_lives(value)) value_raise_released(L);
    if (value->kind == VALUE_CHAIN) {
        chain_pieces(&value->as.chain, pieces);
        return;
    }
    size_t size = value->as.view.end;
    *pieces = (struct pieces){ .list = &value->as.view, .size = size, .count = size > 0 };
}

void value_pieces(lua_State *L, int index, struct pieces *pieces, struct piece *piece) {
    size_t size;
    struct value *value = value_at(L, index);
    if (value) {
        value_pieces_of(L, value, pieces);
        return;
    }
    const char *text = lua_tolstring(L, index, &size);
    if (!text) luaL_typerror(L, index, "string or bytes");
    pieces_one(pieces, piece, (struct bytes_view){ text, size, NULL });
}

struct value *value_self(lua_State *L, struct pieces *pieces) {
    struct value *value = value_at(L, 1);
    if (!value) luaL_typerror(L, 1, "bytes");
    value_pieces_of(L, value, pieces);
    return value;
}

/* The copy in between is needed: making a string may run the collector, and that may run what releases these bytes. */
void value_to_string(lua_State *L, int index) {
    struct pieces pieces;
    struct piece piece;
    size_t size = lua_bytes_size(L, index);
    if (lua_tostring(L, index)) return;
    char *copy = lua_newuserdata(L, size);
    value_pieces(L, index, &pieces, &piece);
    int result = pieces_copy(&pieces, 0, size, copy);
    if (result < 0) value_raise(L, result);
    lua_pushlstring(L, copy, size);
    lua_replace(L, index);
    lua_pop(L, 1);
}

void value_check_size(lua_State *L, size_t size, size_t more) {
    const uint64_t most = (uint64_t)1 << 53;
    if (more > most || size > most - more) luaL_error(L, "these bytes would be more than 2^53, which is the most that positions can count");
}

/* ---- Slices ---------------------------------------------------------------------------------------------- */

void value_settle(lua_State *L, struct chain_row *row, size_t announced) {
    size_t cost = chain_row_cost(row), more = cost > row->counted ? cost - row->counted : 0;
    if (more > announced) more = announced;
    engine_native(L, -(ptrdiff_t)(announced - more));
    row->counted += more;
    row->counter = engine_main(L);
    row->uncount = uncount_row;
}

/* The row of a slice is the whole's, or smaller; what it costs is announced as if it were new. */
static void slice_chain(lua_State *L, struct value *slice, int index, size_t offset, size_t size) {
    size_t announced = chain_growth(&value_at(L, index)->as.chain, 0) + sizeof(struct chain_row);
    value_count(L, announced);
    int result = value_alive(L, index) ? chain_slice(&slice->as.chain, &value_at(L, index)->as.chain, offset, size) : -ENODATA;
    if (result < 0) engine_native(L, -(ptrdiff_t)announced);
    if (result == -ENODATA) value_raise_released(L);
    if (result < 0) value_raise(L, result);
    slice->kind = VALUE_CHAIN;
    value_settle(L, slice->as.chain.row, announced);
}

static void copy_slice(lua_State *L, int index, size_t offset, size_t size, char *to) {
    struct pieces pieces;
    struct piece piece;
    value_pieces(L, index, &pieces, &piece);
    int result = pieces_copy(&pieces, offset, size, to);
    if (result < 0) value_raise(L, result);
}

/* What the collector runs while the new value is made may release or join: so the pieces are asked for behind that. */
void value_push_slice(lua_State *L, int index, size_t offset, size_t size) {
    struct pieces pieces;
    struct piece piece;
    struct bytes_view view;
    if (size <= VALUE_SMALL) {
        copy_slice(L, index, offset, size, value_new_small(L, size));
        return;
    }
    struct value *slice = value_new(L);
    value_pieces(L, index, &pieces, &piece);
    size_t found = pieces_find(&pieces, offset), skip = offset - pieces_start(&pieces, found);
    pieces_view(&pieces, found, &view);
    if (view.size - skip < size) {
        slice_chain(L, slice, index, offset, size);
        return;
    }
    value_set_view(slice, (struct bytes_view){ view.data + skip, size, bytes_hold(view.owner) });
}

static double position(double at, size_t length) {
    return at < 0 ? at + (double)length + 1 : at;
}

void value_range(lua_State *L, int arg, double to_default, size_t length, size_t *offset, size_t *size) {
    double from = position(luaL_optnumber(L, arg, 1), length), to = position(luaL_optnumber(L, arg + 1, to_default), length);
    if (!(from >= 1)) from = 1;
    if (to > (double)length) to = (double)length;
    *offset = *size = 0;
    if (!(from <= to)) return;
    *offset = (size_t)from - 1;
    *size = (size_t)to - *offset;
}
