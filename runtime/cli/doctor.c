/* doctor.c: `moonbear doctor`: what this host allows.
 * Invariant: the judgement and its texts are the Lua module moonbear.doctor; here is only how it is called.
 * SPDX-License-Identifier: MIT */
#include "cli/cli.h"

#include <string.h>

#include "lauxlib.h"

#include "platform.h"

/* Ends the process by a signal; returns a message when there is no such way, or the host lacks what it takes. */
static int crash(lua_State *L) {
    int error = plat_crash_test(luaL_checkstring(L, 1));
    lua_pushstring(L, strerror(-error));
    return 1;
}

int cli_doctor(lua_State *L, const struct cli_options *o) {
    return cli_module(L, o, "moonbear.doctor", crash);
}
