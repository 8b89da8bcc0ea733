/* lua_embed.c: the module moonbear.internal.embed.
 * Invariant: see lua_embed.h.
 * SPDX-License-Identifier: MIT */
#include "lua_embed.h"

#include <string.h>

#include "lauxlib.h"

#include "embed.h"

static int embed_names(lua_State *L) {
    size_t length;
    const char *folder = luaL_checklstring(L, 1, &length);
    int count = 0;
    lua_newtable(L);
    for (size_t i = 0; i < embed_count; i++) {
        const char *name = embed_files[i].name;
        if (strncmp(name, folder, length) != 0 || name[length] != '/') continue;
        lua_pushstring(L, name + length + 1);
        lua_rawseti(L, -2, ++count);
    }
    return 1;
}

static int embed_read(lua_State *L) {
    const struct embed_file *file = embed_find(luaL_checkstring(L, 1));
    if (!file) return 0;
    lua_pushlstring(L, file->data, file->size);
    return 1;
}

static const luaL_Reg functions[] = {
    { "names", embed_names },
    { "read", embed_read },
    { NULL, NULL },
};

int luaopen_moonbear_internal_embed(lua_State *L) {
    lua_createtable(L, 0, 3);
    luaL_register(L, NULL, functions);
    lua_pushliteral(L, MOONBEAR_VERSION);
    lua_setfield(L, -2, "version");
    return 1;
}
