/* module.c: commands that are written in Lua.
 * Invariant: see cli.h; the module is embedded, so that nothing is needed from the host.
 * SPDX-License-Identifier: MIT */
#include "cli/cli.h"

int cli_module(lua_State *L, const struct cli_options *o, const char *module, lua_CFunction first) {
    int arguments = 0;
    lua_getglobal(L, "require");
    lua_pushstring(L, module);
    int status = report_call(L, 1, 1);
    if (status != 0) return report_status(L, status);
    lua_getfield(L, -1, "main");
    if (first) lua_pushcfunction(L, first), arguments++;
    for (int i = o->first; i < o->argc; i++, arguments++) lua_pushstring(L, o->argv[i]);
    status = report_call(L, arguments, 1);
    if (status != 0) return report_status(L, status);
    return (int)lua_tointeger(L, -1);
}
