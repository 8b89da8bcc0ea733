/* time.c: ending what takes too long, wherever it is.
 * Invariant: see engine.h; the signal handler only sets the flag and bits of the running coroutine's hook mask.
 * SPDX-License-Identifier: MIT */
#include "engine/inside.h"

#include <math.h>

#include "lauxlib.h"
#include "ldebug.h"
#include "ldo.h"
#include "lstate.h"

#include "engine/account.h"

enum { RUNNING, WARNED, OVER, RAISED };

/* ---- The running coroutine ---- */

/* The interpreter looks at the mask before every instruction. Signal-safe. */
static void force(lua_State *L) {
    lu_byte mask = L->hookmask;
    if (mask & ENGINE_MASKFORCED) return;
    if (mask & LUA_MASKLINE) mask |= ENGINE_MASKKEPT;
    L->hookmask = mask | ENGINE_MASKFORCED | LUA_MASKLINE;
}

static void release(lua_State *L) {
    lu_byte mask = L->hookmask;
    if (!(mask & ENGINE_MASKFORCED)) return;
    if (!(mask & ENGINE_MASKKEPT)) mask &= (lu_byte)~LUA_MASKLINE;
    L->hookmask = mask & (lu_byte)~(ENGINE_MASKFORCED | ENGINE_MASKKEPT);
}

lua_State *engine_run(lua_State *L) {
    struct account *a = account_of(L);
    if (!a) return L;
    lua_State *before = a->running;
    a->running = L;
    if (a->stop) force(L);
    return before;
}

lua_State *engine_runs(lua_State *L) {
    struct account *a = account_of(L);
    return a && a->running ? a->running : L;
}

void engine_hook_changed(lua_State *L) {
    struct account *a = account_of(L);
    if (a && a->stop) force(L);
}

const volatile int *engine_stop_flag(lua_State *L) {
    static const volatile int never;
    struct account *a = account_of(L);
    return a ? &a->stop : &never;
}

/* ---- Raising ---- */

static double grace(const struct engine_budget *budget) {
    return fmax(0.05, budget->seconds / 10);
}

/* The outermost budget that is used up is the one that the error speaks of. */
static struct engine_budget *used_up(struct account *a) {
    struct engine_budget *found = NULL;
    double now = plat_cpu_seconds();
    for (struct engine_budget *one = a->budget; one; one = one->outer)
        if (now >= one->deadline) found = one;
    return found;
}

static void push_message(lua_State *L, const struct engine_budget *budget) {
    luaL_where(L, isLua(L->ci) ? 0 : 1);
    lua_pushfstring(L, "time limit exceeded (%f s of CPU time)", budget->seconds);
    lua_concat(L, 2);
}

/* The handler of the error may run once more than the budget allows; an error in it must not call it again. */
static void raise(lua_State *L, struct engine_budget *budget) {
    lua_checkstack(L, 4);
    push_message(L, budget);
    if (budget->phase == RAISED) luaD_throw(L, LUA_ERRRUN);
    if (budget->phase == OVER) budget->phase = RAISED;
    luaG_errormsg(L);
}

void engine_checkpoint(lua_State *L) {
    struct account *a = account_of(L);
    release(L);
    if (!a || !a->stop) return;
    struct engine_budget *budget = used_up(a);
    if (!budget) {
        a->stop = 0;
        if (a->budget) plat_cpu_timer_set(&a->timer, a->budget->deadline - plat_cpu_seconds());
        return;
    }
    if (budget->phase == RUNNING) {
        budget->phase = WARNED;
        budget->deadline = plat_cpu_seconds() + grace(budget);
        a->stop = 0;
        plat_cpu_timer_set(&a->timer, grace(budget));
    } else {
        if (budget->phase == WARNED) budget->phase = OVER;
        force(L);
    }
    raise(L, budget);
}

/* ---- Budgets ---- */

static void on_expiry(void *account) {
    struct account *a = account;
    a->stop = 1;
    if (a->running) force(a->running);
}

static void arm(struct account *a) {
    double left = a->budget->deadline - plat_cpu_seconds();
    if (left <= 0) on_expiry(a);
    else plat_cpu_timer_set(&a->timer, left);
}

int engine_time_begin(lua_State *L, double seconds, struct engine_budget *budget) {
    struct account *a = account_of(L);
    *budget = (struct engine_budget){ .outer = a ? a->budget : NULL, .seconds = seconds };
    if (!a) return 0;
    int refused = a->budget ? 0 : plat_cpu_timer_open(&a->timer, on_expiry, a);
    if (refused) return refused;
    budget->deadline = plat_cpu_seconds() + seconds;
    if (budget->outer && budget->outer->deadline < budget->deadline) budget->deadline = budget->outer->deadline;
    a->budget = budget;
    arm(a);
    return 0;
}

void engine_time_end(lua_State *L, struct engine_budget *budget) {
    struct account *a = account_of(L);
    if (!a || !a->budget) return;
    a->budget = budget->outer;
    a->stop = 0;
    release(L);
    if (a->budget) arm(a);
    else plat_cpu_timer_close(&a->timer);
}
