/* take.h: small blocks for the engine's own objects, taken and given without a call; lmem.h includes it (patches/0405).
 * Invariant: the same count, the same limit and the same free lists as account_alloc, to which everything else is left.
 * SPDX-License-Identifier: MIT
 *
 * ENGINE_QUICK is 0 in the variants that put another engine_alloc in the place of ours: there every request must pass it. */
#ifndef TAKE_H
#define TAKE_H

#include "lstate.h"

#include "engine/account.h"

void *luaM_realloc_(lua_State *L, void *block, size_t oldsize, size_t size);

/* take_block where no block of the class is free: cuts a new one. memory.c */
void *take_new(lua_State *L, size_t size);

static inline int take_can(const global_State *g, size_t size) {
    return ENGINE_QUICK && size - 1 < HEAP_SMALL && g->frealloc == account_alloc;
}

/* A new block of `size` bytes; raises "not enough memory". */
static inline void *take_block(lua_State *L, size_t size) {
    global_State *g = G(L);
    struct account *a = g->ud;
    if (take_can(g, size)) {
        struct heap_block **list = &a->heap.free[heap_class(size)], *block = *list;
        size_t used = a->used + size;
        if (__builtin_expect(block != NULL && used <= a->line, 1)) {
            *list = block->next;
            __builtin_prefetch(block->next, 1); /* by the next time its link has arrived */
            a->used = used;
            g->totalbytes += size;
            return block;
        }
    }
    return take_new(L, size);
}

/* Gives a block of `size` bytes back. */
static inline void give_block(lua_State *L, void *block, size_t size) {
    global_State *g = G(L);
    struct account *a = g->ud;
    if (!take_can(g, size)) {
        luaM_realloc_(L, block, size, 0);
        return;
    }
    if (__builtin_expect(a->used > a->high, 0)) account_peak(a);
    heap_give(&a->heap, block, heap_class(size));
    a->used -= size;
    g->totalbytes -= size;
}

#endif
