/* lua_limits.h: the module moonbear.limits: what this state may use, and has used (help topics "limits" and "memory").
 * Invariant: a script can make its limits tighter here, never wider.
 * SPDX-License-Identifier: MIT
 *
 *   limits.call(seconds, f, ...)  as pcall(f, ...), but f may use no more than `seconds` of CPU time: then it returns
 *                                 false and "...: time limit exceeded (1 s of CPU time)". Calls nest. Code that catches
 *                                 that error has a tenth of `seconds`, at least 0.05, to return. f cannot yield out of it.
 *                                 Raises when the host allows no timers.
 *   limits.memory()               { heap =, native =, peak =, limit = } in bytes; limit is nil when there is none */
#ifndef LUA_LIMITS_H
#define LUA_LIMITS_H

#include "lua.h"

int luaopen_moonbear_limits(lua_State *L);

/* Pushes the table of limits.memory() and returns 1. */
int limits_push_memory(lua_State *L);

#endif
