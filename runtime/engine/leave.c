/* leave.c: ending a state together with its process.
 * Invariant: every finalizer has run; what memory the state had stays as it is, and nobody looks at it again.
 * SPDX-License-Identifier: MIT */
#include "engine.h"

#include "engine/account.h"
#include "engine/inside.h"

void engine_leave(lua_State *L) {
    struct account *a = account_of(L);
    if (a) a->leaving = 1;
    lua_close(L);
}

int engine_leaves(lua_State *L) {
    const struct account *a = account_of(L);
    return a && a->leaving;
}
