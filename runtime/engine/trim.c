/* trim.c: giving memory back to the host after a collection.
 * Invariant: see heap.h; an arena goes back when every block of it is in a free list.
 * SPDX-License-Identifier: MIT */
#include "heap.h"

enum { WORTH = 8 * HEAP_ARENA };

/* Blocks that were cut for a larger class than the one they are in now keep their arena from looking empty. */
static void count_idle(struct heap *heap) {
    for (struct heap_arena *arena = heap->arenas; arena; arena = arena->next) arena->idle = 0;
    for (unsigned class = 1; class < HEAP_CLASSES; class++)
        for (struct heap_block *block = heap->free[class]; block; block = block->next)
            heap_arena_of(block)->idle += heap_class_size(class);
}

static int is_empty(const struct heap *heap, const struct heap_arena *arena) {
    return arena->idle == arena->cut && arena != heap_arena_of(heap) && arena != heap_arena_of(heap->fresh_end - 1);
}

static void drop_blocks(struct heap *heap) {
    for (unsigned class = 1; class < HEAP_CLASSES; class++)
        for (struct heap_block **link = &heap->free[class]; *link;) {
            if (is_empty(heap, heap_arena_of(*link))) *link = (*link)->next;
            else link = &(*link)->next;
        }
}

static void drop_arenas(struct heap *heap) {
    for (struct heap_arena **link = &heap->arenas; *link;) {
        struct heap_arena *arena = *link;
        if (is_empty(heap, arena)) {
            *link = arena->next;
            heap_arena_give(heap, arena);
        } else {
            link = &arena->next;
        }
    }
}

/* Worth a look when most of what is mapped is free, and more so than the last look left it. */
void heap_trim(struct heap *heap, size_t used) {
    if (heap->mapped < 2 * used + WORTH || (heap->mapped <= heap->trimmed && used > heap->kept / 2)) return;
    count_idle(heap);
    drop_blocks(heap);
    drop_arenas(heap);
    heap->trimmed = heap->mapped;
    heap->kept = used;
}
