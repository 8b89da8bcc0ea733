/* account.h: what the engine keeps for one state: its heap, the count of its memory, its limits.
 * Invariant: heap + native <= cap, always; only the folder runtime/engine sees inside.
 * SPDX-License-Identifier: MIT
 *
 * The context is the `ud` of the state's lua_Alloc. Lines, from below: `soft` (a collection is wanted at the next safe
 * point), `hard` (allocations fail), `cap` (what the user said; between hard and cap is room for an error's handler). */
#ifndef ACCOUNT_H
#define ACCOUNT_H

#include <stdint.h>

#include "lua.h"

#include "platform.h"

#include "engine/engine.h"
#include "engine/heap.h"

struct account {
    struct heap heap;
    size_t used;             /* bytes in the Lua heap, as collectgarbage("count") says */
    size_t line;             /* above it an allocation takes the slow way: soft - native, or where a limit is looked for */
    size_t native;           /* bytes that engine_native has counted */
    size_t debt;             /* native bytes that the collector has not worked for yet */
    size_t peak;             /* largest used + native seen when some was given back */
    size_t high;             /* peak - native: `used` above it is a new peak */
    size_t cap, hard, soft;  /* SIZE_MAX: none */
    size_t sensed;           /* where the host refused, SIZE_MAX if never: the soft line stays below it */
    lua_State *main;         /* NULL until the state is whole; its block is the last to be given back */
    lua_State *running;      /* the coroutine that runs now, or `main` */
    int look_up;             /* the cgroup's limit is still to be asked for */
    int pressed;             /* the soft line is passed: collect at the next safe point */
    int stopped;             /* the script had stopped the collector when it was pressed */
    int collecting;          /* in a collection of ours: do not begin another */
    int short_of;            /* an allocation has failed and the error is not caught yet */
    int again;               /* what was in use after a shortage left nothing: look again when the next error is caught */
    int handled;             /* the message of that error is on top of the stack */
    int leaving;             /* the process ends: finalizers run, nothing is given back */
    int bytecode;            /* precompiled chunks of any origin may be loaded */
    volatile int stop;       /* the running call must stop */
    struct engine_budget *budget; /* the innermost, NULL: none */
    struct plat_cpu_timer timer;  /* open while there is a budget */
};

/* The account of a state, or NULL when it was made with another allocator than ours. */
struct account *account_of(lua_State *L);

/* The lua_Alloc of our states: counts, limits, and passes on to engine_alloc. */
void *account_alloc(void *account, void *block, size_t old_size, size_t new_size);

/* Draws soft, hard and line anew from the cap and from what is in use: after a collection or a change of the cap. */
void account_draw(struct account *account);

/* What may be in use at most: with what is kept for the time of a shortage when there is one. SIZE_MAX: no limit. */
size_t account_base(const struct account *account);

/* Counts native bytes, or no longer counts them; may ask for a collection. */
void account_native(struct account *account, ptrdiff_t bytes);

/* Notes a new peak: before something is given back while `used` is above `high`. */
void account_peak(struct account *account);

/* Whether `bytes` more would pass the hard line. */
int account_full(const struct account *account, size_t bytes);

#endif
