/* native.c: memory outside the Lua heap that Lua values own.
 * Invariant: see engine.h.
 * SPDX-License-Identifier: MIT */
#include "engine.h"

static const char counter_key;

static size_t *counter(lua_State *L) {
    lua_pushlightuserdata(L, (void *)&counter_key);
    lua_rawget(L, LUA_REGISTRYINDEX);
    size_t *count = lua_touserdata(L, -1);
    lua_pop(L, 1);
    if (count) return count;
    lua_pushlightuserdata(L, (void *)&counter_key);
    count = lua_newuserdata(L, sizeof *count);
    *count = 0;
    lua_rawset(L, LUA_REGISTRYINDEX);
    return count;
}

/* Past a MiB, memory outside the heap makes the collector work as if it were inside. */
int engine_native(lua_State *L, ptrdiff_t bytes) {
    size_t *count = counter(L);
    *count += (size_t)bytes;
    if (bytes > 0 && *count > (1u << 20)) lua_gc(L, LUA_GCSTEP, (int)(bytes >> 10) + 1);
    return 0;
}

size_t engine_native_bytes(lua_State *L) {
    return *counter(L);
}
