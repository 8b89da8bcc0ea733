/* state.c: making a state.
 * Invariant: see engine.h.
 * SPDX-License-Identifier: MIT */
#include "engine.h"

#include <stdio.h>

_Thread_local lua_State *volatile engine_running;

/* Reached only by an error outside every protected call; the engine ends the process after it. */
static int panic(lua_State *L) {
    const char *message = lua_tostring(L, -1);
    fprintf(stderr, "PANIC: unprotected error in call to Lua API (%s)\n", message ? message : "no message");
    return 0;
}

lua_State *engine_new(void) {
    lua_State *L = lua_newstate(engine_alloc, NULL);
    if (L) lua_atpanic(L, panic);
    return L;
}
