/* lua_embed.h: the module moonbear.internal.embed, for the Lua parts of moonbear itself; not among libs_names.
 * Invariant: the files cannot be changed through it.
 * SPDX-License-Identifier: MIT
 *
 *   embed.names(folder)   the names of the files in that folder, sorted, without it: names("help") has "cli.md"
 *   embed.read(name)      the bytes of a file, as read("help/cli.md"); nil when there is none
 *   embed.version         moonbear's own version, as "0.1.0" */
#ifndef LUA_EMBED_H
#define LUA_EMBED_H

#include "lua.h"

/* Leaves the module's table on the stack; for `require`. May raise for memory. */
int luaopen_moonbear_internal_embed(lua_State *L);

#endif
