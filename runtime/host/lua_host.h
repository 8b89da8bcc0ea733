/* lua_host.h: the module moonbear.host: what the platform layer knows of this host.
 * Invariant: what the host refuses to tell is a fact too; no function raises because of it.
 * SPDX-License-Identifier: MIT
 *
 *   host.info()   { kernel = { release = "6.1.0", ... }, ..., unknown = { ["limits.stack"] = "EPERM" },
 *                   order = { "program.path", ... } }: every fact by group and name. A limit that does not exist is
 *                 math.huge. What was refused is absent from its group, and `unknown` names the error.
 *   host.limits() the same of the groups limits, cgroup and memory, and in `script` what limits.memory() tells
 *   host.stack()  { lo =, hi =, size =, guard =, method =, confidence =, remaining =, answers = { { method =, lo =, hi =,
 *                 size =, confidence =, error =, chosen =, why = }, ... } }. Asks every method anew, which takes some milliseconds. */
#ifndef LUA_HOST_H
#define LUA_HOST_H

#include "lua.h"

int luaopen_moonbear_host(lua_State *L);

#endif
