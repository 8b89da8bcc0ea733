/* lua_frozen.c: opening frozen data, and reading it as if it were tables.
 * Invariant: the file's memory is touched only under its guard, and no Lua function is called there.
 * SPDX-License-Identifier: MIT */
#include "data/lua_frozen.h"

#include <errno.h>
#include <string.h>

#include "lauxlib.h"

#include "bytes/lua_bytes.h"
#include "data/frozen_format.h"
#include "data/lua_data.h"
#include "platform.h"

#define FILE_METATABLE "moonbear.data.frozen.file"
enum { FILE_AT = 1, BYTES_AT = 2 }; /* in the environment */

int lua_frozen_raise(lua_State *L, int error) {
    switch (error) {
    case -EIO: return luaL_error(L, "the frozen file was cut short while it was open");
    case -EILSEQ: return luaL_error(L, "the frozen data is damaged; `moonbear data check` tells where");
    case -E2BIG: return luaL_error(L, "the frozen data is too deep: the option `depth` sets how many containers may lie within each other");
    case -ENOMEM: lua_pushliteral(L, "not enough memory"); return lua_error(L);
    default: return luaL_error(L, "frozen data: %s", strerror(-error));
    }
}

/* ---- Files ----------------------------------------------------------------------------------------------- */

static int is_released(const struct lua_frozen_file *file) {
    return file->is_closed || (file->owner && !file->owner->data);
}

void lua_frozen_check(lua_State *L, const struct lua_frozen_file *file) {
    if (is_released(file)) luaL_error(L, "the bytes of this frozen data were released");
}

static int close_file(struct lua_frozen_file *file) {
    int was_open = !is_released(file);
    bytes_drop(file->owner);
    file->owner = NULL;
    file->is_closed = 1;
    return was_open;
}

static int file_gc(lua_State *L) {
    close_file(lua_touserdata(L, 1));
    return 0;
}

/* The environment is left on the stack, and the file above it. */
static struct lua_frozen_file *push_file(lua_State *L) {
    lua_createtable(L, 2, 0);
    struct lua_frozen_file *file = lua_newuserdata(L, sizeof *file);
    memset(file, 0, sizeof *file);
    if (luaL_newmetatable(L, FILE_METATABLE)) {
        lua_pushcfunction(L, file_gc);
        lua_setfield(L, -2, "__gc");
    }
    lua_setmetatable(L, -2);
    lua_pushvalue(L, -1);
    lua_rawseti(L, -3, FILE_AT);
    return file;
}

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

/* Argument 1. Upvalue 1 is the metatable: cheaper to compare than to look up by name. */
static struct lua_frozen *self_at(lua_State *L, int index) {
    struct lua_frozen *frozen = lua_touserdata(L, index);
    if (!frozen || lua_islightuserdata(L, index) || !lua_getmetatable(L, index)) return NULL;
    int is_it = lua_rawequal(L, -1, lua_upvalueindex(1));
    lua_pop(L, 1);
    if (is_it) lua_frozen_check(L, frozen->file);
    return is_it ? frozen : NULL;
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
    struct lua_frozen *a = lua_touserdata(L, 1), *b = lua_touserdata(L, 2);
    lua_pushboolean(L, a->file == b->file && a->node.at == b->node.at);
    return 1;
}

static const char *kind_name(const struct lua_frozen *frozen) {
    static const char *const names[] = { "array", "map", "table" };
    return names[frozen->node.kind - DATA_ARRAY];
}

static int frozen_tostring(lua_State *L) {
    struct lua_frozen *frozen = lua_touserdata(L, 1);
    if (is_released(frozen->file)) lua_pushliteral(L, "frozen data (released)");
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

/* ---- Opening --------------------------------------------------------------------------------------------- */

static int refuse(lua_State *L, const char *name, const char *why, int error) {
    lua_pushnil(L);
    lua_pushfstring(L, "%s: %s", name, why);
    lua_pushinteger(L, -error);
    return 3;
}

struct opening {
    const char *data;
    size_t size;
    struct frozen *f;
    const char *why;
    int result;
};

static void open_guarded(void *argument) {
    struct opening *opening = argument;
    opening->result = frozen_open(opening->data, opening->size, opening->f, &opening->why);
}

/* The file holds its owner already. */
static int open_view(struct lua_frozen_file *file, const struct bytes_view *view, const char **why) {
    struct opening opening = { view->data, view->size, &file->f, "the file was cut short while it was opened", -EIO };
    int is_mapped = view->owner && view->owner->is_mapped;
    if (!is_mapped) open_guarded(&opening);
    else if (plat_guarded(open_guarded, &opening, view->data, view->data + view->size) < 0) opening.result = -EIO;
    file->f.is_mapped = is_mapped;
    *why = opening.why;
    return opening.result;
}

/* The bytes at stack index 1 stay in the environment at -2. */
static void view_of_bytes(lua_State *L, struct lua_frozen_file *file, struct bytes_view *view) {
    if (!lua_bytes_flat(L, 1, view)) luaL_error(L, "these bytes lie in several pieces; open those of their method flatten()");
    lua_bytes_from(L, 1);
    lua_bytes_flat(L, -1, view);
    lua_rawseti(L, -3, BYTES_AT);
    file->owner = bytes_hold(view->owner);
}

static int view_of_map(lua_State *L, struct lua_frozen_file *file, const char *path, struct bytes_view *view) {
    int result = bytes_map(path, &file->owner);
    if (result == -ENOMEM) {
        lua_gc(L, LUA_GCCOLLECT, 0);
        result = bytes_map(path, &file->owner);
    }
    if (result == 0) *view = (struct bytes_view){ file->owner->data, file->owner->size, file->owner };
    return result;
}

/* (bytes or nil, the name: a path when there are no bytes). Upvalue 1 is the metatable, as everywhere. */
static int open_anything(lua_State *L) {
    const char *name = luaL_checkstring(L, 2), *why;
    struct bytes_view view = { 0 };
    struct look look;
    struct lua_frozen_file *file = push_file(L);
    int result = 0;
    if (lua_isnil(L, 1)) result = view_of_map(L, file, name, &view);
    else view_of_bytes(L, file, &view);
    if (result < 0) return refuse(L, name, strerror(-result), result);
    result = open_view(file, &view, &why);
    if (result < 0) return refuse(L, name, why, result);
    lua_pop(L, 1);
    look.f = &file->f;
    found(L, &look, look_at_root);
    if (look.value.kind >= DATA_ARRAY) push_node(L, file, &look.inner, -1);
    else push_value(L, file, &look.value, NULL, 0);
    return 1;
}

/* Calls it with the two values on top of the stack. */
static int call_open(lua_State *L) {
    int base = lua_gettop(L) - 2;
    luaL_getmetatable(L, LUA_FROZEN_METATABLE);
    lua_pushcclosure(L, open_anything, 1);
    lua_insert(L, base + 1);
    lua_call(L, 2, LUA_MULTRET);
    return lua_gettop(L) - base;
}

int lua_frozen_open(lua_State *L, int index, const char *name) {
    lua_pushvalue(L, index);
    lua_pushstring(L, name);
    return call_open(L);
}

int lua_frozen_map(lua_State *L, const char *path) {
    lua_pushnil(L);
    lua_pushstring(L, path);
    return call_open(L);
}

/* open(path_or_bytes): a string that begins as a frozen file does is one. */
static int data_open(lua_State *L) {
    size_t size;
    luaL_checkany(L, 1);
    if (lua_type(L, 1) != LUA_TSTRING) {
        if (!lua_bytes_is(L, 1)) luaL_typerror(L, 1, "path, string or bytes");
        return lua_frozen_open(L, 1, "bytes");
    }
    const char *text = lua_tolstring(L, 1, &size);
    if (size >= 8 && memcmp(text, FROZEN_MAGIC, 8) == 0) return lua_frozen_open(L, 1, "string");
    if (strlen(text) != size) luaL_argerror(L, 1, "this is neither a path nor a frozen file");
    return lua_frozen_map(L, text);
}

/* release(f): true the first time, false after. */
static int data_release(lua_State *L) {
    struct lua_frozen *frozen = lua_touserdata(L, 1);
    if (!frozen || !lua_getmetatable(L, 1) || !lua_rawequal(L, -1, lua_upvalueindex(1))) luaL_typerror(L, 1, "frozen data");
    lua_pushboolean(L, close_file(frozen->file));
    lua_getfenv(L, 1);
    lua_pushboolean(L, 0);
    lua_rawseti(L, -2, BYTES_AT);
    lua_pop(L, 1);
    return 1;
}

/* type(v): "array", "map" or "table" for frozen data, else nil. */
static int data_type(lua_State *L) {
    struct lua_frozen *frozen = lua_touserdata(L, 1);
    luaL_checkany(L, 1);
    int is_it = frozen && lua_getmetatable(L, 1) && lua_rawequal(L, -1, lua_upvalueindex(1));
    if (is_it) lua_pushstring(L, kind_name(frozen));
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
    add(L, module, metatable, "open", data_open);
    add(L, module, metatable, "release", data_release);
    add(L, module, metatable, "type", data_type);
    add_loop(L, module, metatable, "pairs", data_pairs);
    add_loop(L, module, metatable, "ipairs", data_ipairs);
    lua_pop(L, 1);
    lua_freeze_add(L);
}
