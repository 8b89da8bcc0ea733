/* libs.c: the one table of built-in modules, and how `require` reaches it.
 * Invariant: a name is either in `compiled` or an embedded lua/ file, never both.
 * SPDX-License-Identifier: MIT */
#include "libs.h"

#include <stdio.h>
#include <string.h>

#include "lauxlib.h"
#include "lualib.h"

#include "bit/lua_bit.h"
#include "bytes/lua_bytes.h"
#include "data/lua_data.h"
#include "embed.h"
#include "host/lua_host.h"
#include "limits/lua_limits.h"
#include "lua_embed.h"
#include "store/lua_store.h"

/* Their own headers do not declare these. */
int luaopen_cjson(lua_State *L);
int luaopen_cjson_safe(lua_State *L);
int luaopen_lfs(lua_State *L);
int luaopen_lpeg(lua_State *L);

static const luaL_Reg compiled[] = {
    { "bit", luaopen_bit },
    { "cjson", luaopen_cjson },
    { "cjson.safe", luaopen_cjson_safe },
    { "lfs", luaopen_lfs },
    { "lpeg", luaopen_lpeg },
    { "moonbear.bytes", luaopen_moonbear_bytes },
    { "moonbear.data", luaopen_moonbear_data },
    { "moonbear.host", luaopen_moonbear_host },
    { "moonbear.limits", luaopen_moonbear_limits },
    { "moonbear.store", luaopen_moonbear_store },
};
enum { COMPILED = sizeof compiled / sizeof compiled[0] };

/* For the Lua parts of moonbear itself: `require` finds them, libs_names does not tell of them. */
static const luaL_Reg internal = { "moonbear.internal.embed", luaopen_moonbear_internal_embed };

#define MODULE_FOLDER "lua/"

/* "moonbear.repl" is embedded as "lua/moonbear/repl.lua". NULL when there is none. */
static const struct embed_file *embedded_module(const char *name) {
    char path[128];
    int length = snprintf(path, sizeof path, MODULE_FOLDER "%s.lua", name);
    if (length < 0 || (size_t)length >= sizeof path) return NULL;
    for (char *at = path; at < path + length - 4; at++)
        if (*at == '.') *at = '/';
    return embed_find(path);
}

static int push_embedded(lua_State *L, const char *name) {
    const struct embed_file *file = embedded_module(name);
    if (!file) return 0;
    const char *chunk = lua_pushfstring(L, "=[%s]", name);
    if (luaL_loadbuffer(L, file->data, file->size, chunk) != 0) lua_error(L);
    return 1;
}

static lua_CFunction find_opener(const luaL_Reg *list, int count, const char *name) {
    for (int i = 0; i < count; i++)
        if (strcmp(list[i].name, name) == 0) return list[i].func;
    return NULL;
}

/* package.preload answers for the built-in modules only when it is asked, so that starting costs nothing
 * and a script's own entry, which is a real field, comes first. */
static int preload_index(lua_State *L) {
    const char *name = lua_tostring(L, 2);
    if (!name) return 0;
    lua_CFunction open = find_opener(compiled, COMPILED, name);
    if (!open) open = find_opener(&internal, 1, name);
    if (!open) return push_embedded(L, name);
    lua_pushcfunction(L, open);
    return 1;
}

/* From "lua/moonbear/repl.lua" back to "moonbear.repl". */
static void push_module_name(lua_State *L, const struct embed_file *file) {
    size_t skip = strlen(MODULE_FOLDER);
    lua_pushlstring(L, file->name + skip, strlen(file->name) - skip - strlen(".lua"));
    luaL_gsub(L, lua_tostring(L, -1), "/", ".");
    lua_remove(L, -2);
}

void libs_names(lua_State *L) {
    int count = 0;
    lua_newtable(L);
    for (int i = 0; i < COMPILED; i++) {
        lua_pushstring(L, compiled[i].name);
        lua_rawseti(L, -2, ++count);
    }
    for (size_t i = 0; i < embed_count; i++) {
        if (strncmp(embed_files[i].name, MODULE_FOLDER, strlen(MODULE_FOLDER)) != 0) continue;
        push_module_name(L, &embed_files[i]);
        lua_rawseti(L, -2, ++count);
    }
}

/* What the engine's package library says of a C module (patches/0103): asked for by `require` of one and by
 * package.loadlib, so that the answer names what could be used instead. */
static int no_dynamic_libraries(lua_State *L) {
    luaL_Buffer text;
    libs_names(L);
    int names = lua_gettop(L);
    luaL_buffinit(L, &text);
    luaL_addstring(&text, "this is a static binary, which cannot load C modules; built in are: ");
    for (int i = 1; i <= (int)lua_objlen(L, names); i++) {
        if (i > 1) luaL_addstring(&text, ", ");
        lua_rawgeti(L, names, i);
        luaL_addvalue(&text);
    }
    luaL_pushresult(&text);
    return 1;
}

static void hook_preload(lua_State *L) {
    lua_getglobal(L, "package");
    lua_getfield(L, -1, "preload");
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, preload_index);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
    lua_pop(L, 2);
}

void libs_ignore_environment(lua_State *L) {
    lua_getglobal(L, "package");
    lua_pushliteral(L, LUA_PATH_DEFAULT);
    lua_setfield(L, -2, "path");
    lua_pushliteral(L, LUA_CPATH_DEFAULT);
    lua_setfield(L, -2, "cpath");
    lua_pop(L, 1);
}

void libs_open(lua_State *L) {
    luaL_openlibs(L);
    hook_preload(L);
    lua_pushcfunction(L, no_dynamic_libraries);
    lua_setfield(L, LUA_REGISTRYINDEX, "moonbear.no_dynamic_libraries");
}
