/* values.c: values of the host's into Lua and back.
 * Invariant: see api.h.
 * SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "lauxlib.h"

#include "api/api.h"

static const char results_key;

mb_value mb_nil(void) { return (mb_value){ .type = MB_NIL }; }
mb_value mb_boolean(int boolean) { return (mb_value){ .type = MB_BOOLEAN, .as.boolean = boolean != 0 }; }
mb_value mb_number(double number) { return (mb_value){ .type = MB_NUMBER, .as.number = number }; }
mb_value mb_string(const char *text) { return mb_bytes(text, text ? strlen(text) : 0); }
mb_value mb_pointer(void *pointer) { return (mb_value){ .type = MB_POINTER, .as.pointer = pointer }; }
mb_value mb_stored(mb_id id) { return (mb_value){ .type = MB_ID, .as.id = id }; }

mb_value mb_bytes(const void *data, size_t size) {
    return (mb_value){ .type = MB_STRING, .as.string = { data ? data : "", data ? size : 0 } };
}

int api_push(lua_State *L, mb_runtime *runtime, const mb_value *value) {
    int error;
    luaL_checkstack(L, 8, "too many values");
    switch (value->type) {
    case MB_NIL: lua_pushnil(L); return MB_OK;
    case MB_BOOLEAN: lua_pushboolean(L, value->as.boolean); return MB_OK;
    case MB_NUMBER: lua_pushnumber(L, value->as.number); return MB_OK;
    case MB_STRING: lua_pushlstring(L, value->as.string.data, value->as.string.size); return MB_OK;
    case MB_POINTER: lua_pushlightuserdata(L, value->as.pointer); return MB_OK;
    case MB_ID:
        error = store_get(L, runtime->own->store, value->as.id);
        if (error == 0) return MB_OK;
        store_explain(L, runtime->own->store, error, (double)value->as.id);
        return api_failed(runtime, L, api_code(error));
    default: return api_refuse(runtime, MB_INVALID);
    }
}

mb_value api_value(lua_State *L, int index) {
    mb_value value = { .type = MB_OTHER };
    switch (lua_type(L, index)) {
    case LUA_TNONE:
    case LUA_TNIL: return mb_nil();
    case LUA_TBOOLEAN: return mb_boolean(lua_toboolean(L, index));
    case LUA_TNUMBER: return mb_number(lua_tonumber(L, index));
    case LUA_TLIGHTUSERDATA: return mb_pointer(lua_touserdata(L, index));
    case LUA_TSTRING:
        value.type = MB_STRING;
        value.as.string.data = lua_tolstring(L, index, &value.as.string.size);
        return value;
    default: return value;
    }
}

void api_push_results(lua_State *L, int fresh) {
    lua_pushlightuserdata(L, (void *)&results_key);
    lua_rawget(L, LUA_REGISTRYINDEX);
    if (!fresh && lua_istable(L, -1)) return;
    lua_pop(L, 1);
    lua_newtable(L);
    lua_pushlightuserdata(L, (void *)&results_key);
    lua_pushvalue(L, -2);
    lua_rawset(L, LUA_REGISTRYINDEX);
}

/* ---- Globals --------------------------------------------------------------------------------------------- */

/* Pushes what all but the last word of a dotted name leads to, and returns the last word. */
static const char *push_parent(lua_State *L, const char *name, int make) {
    lua_pushvalue(L, LUA_GLOBALSINDEX);
    for (const char *dot; (dot = strchr(name, '.')); name = dot + 1) {
        lua_pushlstring(L, name, (size_t)(dot - name));
        lua_pushvalue(L, -1);
        lua_gettable(L, -3);
        if (lua_isnil(L, -1) && make) {
            lua_pop(L, 1);
            lua_newtable(L);
            lua_pushvalue(L, -2);
            lua_pushvalue(L, -2);
            lua_settable(L, -5);
        }
        lua_replace(L, -3);
        lua_pop(L, 1);
        if (lua_isnil(L, -1)) break;
    }
    return name;
}

void api_set_global(lua_State *L, const char *name) {
    const char *last = push_parent(L, name, 1);
    lua_insert(L, -2);
    lua_setfield(L, -2, last);
    lua_pop(L, 1);
}

struct global {
    mb_runtime *runtime;
    const char *name;
    const mb_value *from;
    mb_value *to;
};

static int set_global(lua_State *L, void *argument) {
    struct global *g = argument;
    int code = api_push(L, g->runtime, g->from);
    if (code == MB_OK) api_set_global(L, g->name);
    return code;
}

int mb_set_global(mb_runtime *runtime, const char *name, const mb_value *value) {
    struct global g = { runtime, name, value, NULL };
    return runtime && name && value ? api_run(runtime, set_global, &g) : MB_INVALID;
}

static int get_global(lua_State *L, void *argument) {
    struct global *g = argument;
    const char *last = push_parent(L, g->name, 0);
    if (!lua_isnil(L, -1)) lua_getfield(L, -1, last);
    *g->to = api_value(L, -1);
    api_push_results(L, 1);
    lua_insert(L, -2);
    lua_rawseti(L, -2, 1);
    return MB_OK;
}

int mb_get_global(mb_runtime *runtime, const char *name, mb_value *value) {
    struct global g = { runtime, name, NULL, value };
    return runtime && name && value ? api_run(runtime, get_global, &g) : MB_INVALID;
}

/* ---- Results of callbacks --------------------------------------------------------------------------------- */

void api_drop_returned(mb_runtime *runtime, size_t count) {
    struct api_values *v = &runtime->returned;
    while (v->count > count) {
        const mb_value *value = &v->values[--v->count];
        if (value->type == MB_STRING) free((void *)value->as.string.data);
    }
}
