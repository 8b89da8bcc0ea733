/* lua_frozen.c: reading frozen data as if it were tables.
 * Invariant: the file's memory is touched only under its guard, and no Lua function is called there.
 * SPDX-License-Identifier: MIT */
#include "data/lua_frozen.h"

#include <errno.h>
#include <string.h>

#include "lauxlib.h"

#include "data/lua_data.h"
#include "platform.h"

/* ---- Reading --------------------------------------------------------------------------------------------- */

enum { SMALL_TEXT = 512 };

/* One look into a file: the arguments, and what was found. */
struct look {
    const struct frozen *f;
    const struct frozen_node *node;
    uint64_t i;
    struct frozen_value key, value;
    struct frozen_node inner; /* of a container */
    char key_text[SMALL_TEXT], text[SMALL_TEXT]; /* copies of texts that are not longer, when the file is mapped */
    int result;
};

static void keep_text(const struct frozen *f, struct frozen_value *value, char text[SMALL_TEXT]) {
    if (value->kind != DATA_STRING || !f->is_mapped || value->size > SMALL_TEXT) return;
    value->as.text = memcpy(text, value->as.text, value->size);
}

static void keep(struct look *look) {
    if (look->result < 0) return;
    keep_text(look->f, &look->value, look->text);
    if (look->value.kind >= DATA_ARRAY) look->result = frozen_enter(look->f, &look->value, &look->inner);
}

static void look_at_root(void *argument) {
    struct look *look = argument;
    look->result = frozen_root(look->f, &look->value);
    keep(look);
}

static void look_for_key(void *argument) {
    struct look *look = argument;
    look->result = frozen_find(look->f, look->node, &look->key, &look->value);
    keep(look);
}

static void look_at_pair(void *argument) {
    struct look *look = argument;
    look->result = frozen_pair(look->f, look->node, look->i, &look->key, &look->value);
    if (look->result == 0) keep_text(look->f, &look->key, look->key_text);
    keep(look);
}

/* 1: found; 0: there is none. */
static int found(lua_State *L, struct look *look, void (*how)(void *)) {
    if (frozen_guarded(look->f, how, look) < 0) lua_frozen_raise(L, -EIO);
    if (look->result == -ENOENT) return 0;
    if (look->result < 0) lua_frozen_raise(L, look->result);
    return 1;
}

/* ---- Pushing --------------------------------------------------------------------------------------------- */

static void push_text(lua_State *L, const struct frozen *f, const struct frozen_value *value) {
    if (!f->is_mapped || value->size <= SMALL_TEXT) {
        lua_pushlstring(L, value->as.text, value->size);
        return;
    }
    char *copy = lua_newuserdata(L, value->size);
    if (plat_copy(copy, value->as.text, value->size) < 0) lua_frozen_raise(L, -EIO);
    lua_pushlstring(L, copy, value->size);
    lua_remove(L, -2);
}

/* The environment is at stack index `environment`; the metatable is upvalue 1. */
static void push_node(lua_State *L, struct lua_frozen_file *file, const struct frozen_node *node, int environment) {
    struct lua_frozen *frozen = lua_newuserdata(L, sizeof *frozen);
    frozen->file = file;
    frozen->node = *node;
    lua_pushvalue(L, environment < 0 ? environment - 1 : environment);
    lua_setfenv(L, -2);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_setmetatable(L, -2);
}

/* `self` is the stack index of the container that was looked into. */
static void push_value(lua_State *L, struct lua_frozen_file *file, const struct frozen_value *value, const struct frozen_node *node, int self) {
    switch (value->kind) {
    case DATA_NIL:
        if (value->flags & DATA_HOLE) lua_pushnil(L);
        else lua_pushlightuserdata(L, NULL);
        break;
    case DATA_BOOLEAN: lua_pushboolean(L, value->as.boolean); break;
    case DATA_NUMBER: lua_pushnumber(L, value->as.number); break;
    case DATA_STRING: push_text(L, &file->f, value); break;
    default:
        lua_getfenv(L, self);
        push_node(L, file, node, -1);
        lua_remove(L, -2);
    }
}

void lua_frozen_push_root(lua_State *L, struct lua_frozen_file *file) {
    struct look look;
    look.f = &file->f;
    found(L, &look, look_at_root);
    if (look.value.kind >= DATA_ARRAY) push_node(L, file, &look.inner, -1);
    else push_value(L, file, &look.value, NULL, 0);
}

/* ---- Values ---------------------------------------------------------------------------------------------- */

struct lua_frozen *lua_frozen_at(lua_State *L, int index) {
    struct lua_frozen *frozen = lua_touserdata(L, index);
    if (!frozen || lua_islightuserdata(L, index) || !lua_getmetatable(L, index)) return NULL;
    luaL_getmetatable(L, LUA_FROZEN_METATABLE);
    int is_it = lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
    if (is_it) lua_frozen_check(L, frozen->file);
    return is_it ? frozen : NULL;
}

struct frozen_value lua_frozen_value(const struct lua_frozen *frozen) {
    return (struct frozen_value){ .kind = frozen->node.kind, .as.at = frozen->node.at };
}

/* The container at a stack index, or NULL. Upvalue 1 is the metatable: cheaper to compare than to look up by name. */
static struct lua_frozen *frozen_at(lua_State *L, int index) {
    struct lua_frozen *frozen = lua_touserdata(L, index);
    if (!frozen || lua_islightuserdata(L, index) || !lua_getmetatable(L, index)) return NULL;
    int is_it = lua_rawequal(L, -1, lua_upvalueindex(1));
    lua_pop(L, 1);
    return is_it ? frozen : NULL;
}

/* The same; raises when its bytes were released. */
static struct lua_frozen *self_at(lua_State *L, int index) {
    struct lua_frozen *frozen = frozen_at(L, index);
    if (frozen) lua_frozen_check(L, frozen->file);
    return frozen;
}

static struct lua_frozen *check_self(lua_State *L) {
    struct lua_frozen *frozen = self_at(L, 1);
    if (!frozen) luaL_typerror(L, 1, "frozen data");
    return frozen;
}

/* Whether what lies at index 2 can be a key. */
static int read_key(lua_State *L, struct frozen_value *key) {
    switch (lua_type(L, 2)) {
    case LUA_TSTRING:
        key->kind = DATA_STRING;
        key->as.text = lua_tolstring(L, 2, &key->size);
        return 1;
    case LUA_TNUMBER:
        key->kind = DATA_NUMBER;
        key->as.number = lua_tonumber(L, 2);
        return 1;
    case LUA_TBOOLEAN:
        key->kind = DATA_BOOLEAN;
        key->as.boolean = lua_toboolean(L, 2);
        return 1;
    default: return 0;
    }
}

static int frozen_index(lua_State *L) {
    struct lua_frozen *frozen = check_self(L);
    struct look look;
    look.f = &frozen->file->f;
    look.node = &frozen->node;
    if (!read_key(L, &look.key) || !found(L, &look, look_for_key)) return 0;
    push_value(L, frozen->file, &look.value, &look.inner, 1);
    return 1;
}

static int frozen_newindex(lua_State *L) {
    return luaL_error(L, "frozen data is read-only; data.thaw makes a table of it");
}

static void look_at_length(void *argument) {
    struct look *look = argument;
    look->result = frozen_length(look->f, look->node, &look->i);
}

static int frozen_len(lua_State *L) {
    struct lua_frozen *frozen = check_self(L);
    struct look look;
    look.f = &frozen->file->f;
    look.node = &frozen->node;
    look.i = frozen->node.items.count;
    if (frozen->node.keys.count > 0) found(L, &look, look_at_length);
    lua_pushnumber(L, (double)look.i);
    return 1;
}

/* Two values are equal when they are the same container of the same file. */
static int frozen_eq(lua_State *L) {
    const struct lua_frozen *a = frozen_at(L, 1), *b = frozen_at(L, 2);
    lua_pushboolean(L, a && b && a->file == b->file && a->node.at == b->node.at);
    return 1;
}

static const char *kind_name(const struct lua_frozen *frozen) {
    static const char *const names[] = { "array", "map", "table" };
    return names[frozen->node.kind - DATA_ARRAY];
}

static int frozen_tostring(lua_State *L) {
    const struct lua_frozen *frozen = frozen_at(L, 1);
    if (!frozen) luaL_typerror(L, 1, "frozen data");
    if (lua_frozen_is_released(frozen->file)) lua_pushliteral(L, "frozen data (released)");
    else lua_pushfstring(L, "frozen %s (%f values)", kind_name(frozen), (double)frozen_count(&frozen->node));
    return 1;
}

/* ---- Iteration ------------------------------------------------------------------------------------------- */

/* Upvalues: the metatable, the container, how many values were passed. Those that are nil are not given. */
static int next_pair(lua_State *L) {
    struct lua_frozen *frozen = self_at(L, lua_upvalueindex(2));
    struct look look;
    look.f = &frozen->file->f;
    look.node = &frozen->node;
    look.i = (uint64_t)lua_tonumber(L, lua_upvalueindex(3));
    do {
        if (!found(L, &look, look_at_pair)) return 0;
        look.i++;
    } while (look.value.kind == DATA_NIL && look.value.flags & DATA_HOLE);
    lua_pushnumber(L, (double)look.i);
    lua_replace(L, lua_upvalueindex(3));
    push_value(L, frozen->file, &look.key, NULL, 0);
    push_value(L, frozen->file, &look.value, &look.inner, lua_upvalueindex(2));
    return 2;
}

/* Upvalue 2: Lua's own `pairs` or `ipairs`, for tables. */
static int give_to_lua(lua_State *L) {
    lua_settop(L, 1);
    lua_pushvalue(L, lua_upvalueindex(2));
    lua_insert(L, 1);
    lua_call(L, 1, LUA_MULTRET);
    return lua_gettop(L);
}

static int data_pairs(lua_State *L) {
    if (!self_at(L, 1)) return give_to_lua(L);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_pushvalue(L, 1);
    lua_pushnumber(L, 0);
    lua_pushcclosure(L, next_pair, 3);
    return 1;
}

static int next_item(lua_State *L) {
    struct lua_frozen *frozen = check_self(L);
    struct look look;
    lua_Number i = luaL_checknumber(L, 2) + 1;
    look.f = &frozen->file->f;
    look.node = &frozen->node;
    look.key = (struct frozen_value){ .kind = DATA_NUMBER, .as.number = i };
    if (!found(L, &look, look_for_key) || look.value.flags & DATA_HOLE) return 0;
    lua_pushnumber(L, i);
    push_value(L, frozen->file, &look.value, &look.inner, 1);
    return 2;
}

/* Upvalue 3: next_item. */
static int data_ipairs(lua_State *L) {
    if (!self_at(L, 1)) return give_to_lua(L);
    lua_pushvalue(L, lua_upvalueindex(3));
    lua_pushvalue(L, 1);
    lua_pushnumber(L, 0);
    return 3;
}

/* type(v): "array", "map" or "table" for frozen data, else nil. */
static int data_type(lua_State *L) {
    luaL_checkany(L, 1);
    const struct lua_frozen *frozen = frozen_at(L, 1);
    if (frozen) lua_pushstring(L, kind_name(frozen));
    else lua_pushnil(L);
    return 1;
}

/* ---- The module ------------------------------------------------------------------------------------------ */

/* Pushes a function whose upvalue 1 is the metatable, and sets it in the table at `table`. */
static void add(lua_State *L, int table, int metatable, const char *name, lua_CFunction function) {
    lua_pushvalue(L, metatable);
    lua_pushcclosure(L, function, 1);
    lua_setfield(L, table, name);
}

/* pairs and ipairs take tables too, and give them to Lua's own. */
static void add_loop(lua_State *L, int table, int metatable, const char *name, lua_CFunction function) {
    lua_pushvalue(L, metatable);
    lua_getglobal(L, name);
    lua_pushvalue(L, metatable);
    lua_pushcclosure(L, next_item, 1);
    lua_pushcclosure(L, function, 3);
    lua_setfield(L, table, name);
}

void lua_data_add_frozen(lua_State *L) {
    int module = lua_gettop(L), metatable = module + 1;
    luaL_newmetatable(L, LUA_FROZEN_METATABLE);
    add(L, metatable, metatable, "__index", frozen_index);
    add(L, metatable, metatable, "__newindex", frozen_newindex);
    add(L, metatable, metatable, "__len", frozen_len);
    add(L, metatable, metatable, "__eq", frozen_eq);
    add(L, metatable, metatable, "__tostring", frozen_tostring);
    lua_pushliteral(L, "frozen data");
    lua_setfield(L, metatable, "__metatable");
    add(L, module, metatable, "open", lua_frozen_data_open);
    add(L, module, metatable, "release", lua_frozen_data_release);
    add(L, module, metatable, "type", data_type);
    add_loop(L, module, metatable, "pairs", data_pairs);
    add_loop(L, module, metatable, "ipairs", data_ipairs);
    lua_pop(L, 1);
    lua_freeze_add(L);
}
