/* lua_limits.c: the module moonbear.limits.
 * Invariant: see lua_limits.h.
 * SPDX-License-Identifier: MIT */
#include "limits/lua_limits.h"

#include <string.h>

#include "lauxlib.h"

#include "engine/engine.h"

static int limits_call(lua_State *L) {
    struct engine_budget budget;
    double seconds = luaL_checknumber(L, 1);
    luaL_argcheck(L, seconds > 0, 1, "seconds must be more than 0");
    luaL_checkany(L, 2);
    int refused = engine_time_begin(L, seconds, &budget);
    if (refused) return luaL_error(L, "this host refuses timers (%s)", strerror(-refused));
    int status = lua_pcall(L, lua_gettop(L) - 2, LUA_MULTRET, 0);
    engine_time_end(L, &budget);
    lua_pushboolean(L, status == 0);
    lua_replace(L, 1);
    return lua_gettop(L);
}

static void set_bytes(lua_State *L, const char *name, size_t bytes) {
    lua_pushnumber(L, (lua_Number)bytes);
    lua_setfield(L, -2, name);
}

int limits_push_memory(lua_State *L) {
    struct engine_memory memory;
    lua_createtable(L, 0, 4);
    engine_memory(L, &memory);
    set_bytes(L, "heap", memory.heap);
    set_bytes(L, "native", memory.native);
    set_bytes(L, "peak", memory.peak);
    if (memory.limit) set_bytes(L, "limit", memory.limit);
    return 1;
}

static const luaL_Reg functions[] = {
    { "call", limits_call },
    { "memory", limits_push_memory },
    { NULL, NULL },
};

int luaopen_moonbear_limits(lua_State *L) {
    lua_createtable(L, 0, 2);
    luaL_register(L, NULL, functions);
    return 1;
}
