/* native.c: memory outside the Lua heap that Lua values own.
 * Invariant: see engine.h.
 * SPDX-License-Identifier: MIT */
#include "engine.h"

#include <errno.h>

#include "engine/account.h"

enum { DEBT_LEAST = 1024 * 1024 };

/* The collector works for native memory as if it were in the heap, but not for every little bit of it. */
static void pay(lua_State *L, struct account *a) {
    size_t due = (a->used + a->native) / 8;
    if (a->debt < (due > DEBT_LEAST ? due : DEBT_LEAST)) return;
    size_t kilobytes = a->debt >> 10;
    a->debt = 0;
    lua_gc(L, LUA_GCSTEP, kilobytes < 1 << 30 ? (int)kilobytes : 1 << 30);
}

int engine_native_borrow(lua_State *L, ptrdiff_t bytes) {
    struct account *a = account_of(L);
    if (!a) return 0;
    if (bytes > 0 && account_full(a, (size_t)bytes)) {
        lua_gc(L, LUA_GCCOLLECT, 0);
        if (account_full(a, (size_t)bytes)) return -ENOMEM;
    }
    account_native(a, bytes);
    return 0;
}

int engine_native(lua_State *L, ptrdiff_t bytes) {
    struct account *a = account_of(L);
    if (a && bytes > 0) {
        a->debt += (size_t)bytes;
        pay(L, a);
    }
    return engine_native_borrow(L, bytes);
}

size_t engine_native_bytes(lua_State *L) {
    struct account *a = account_of(L);
    return a ? a->native : 0;
}
