/* alloc.c: where the engine's memory comes from: the raw source of blocks, which counts and limits nothing.
 * Invariant: see engine.h. A variant of the build puts another engine_alloc in the place of this file.
 * SPDX-License-Identifier: MIT */
#include "engine.h"

#include <string.h>

#include "engine/heap.h"

static void *take(struct heap *heap, size_t size) {
    return size <= HEAP_MIDDLE ? heap_take(heap, heap_class(size)) : heap_large_take(heap, size);
}

static void give(struct heap *heap, void *block, size_t size) {
    if (size <= HEAP_MIDDLE) heap_give(heap, block, heap_class(size));
    else heap_large_give(heap, block, size);
}

/* A block that cannot be moved to a smaller place stays where it is: Lua takes it for granted that shrinking works.
 * Only one that would leave its own mapping cannot stay. */
static void *move(struct heap *heap, void *block, size_t old_size, size_t new_size) {
    void *moved = take(heap, new_size);
    if (!moved) return new_size < old_size && old_size <= HEAP_MIDDLE ? block : NULL;
    memcpy(moved, block, old_size < new_size ? old_size : new_size);
    give(heap, block, old_size);
    return moved;
}

void *engine_alloc(void *memory, void *block, size_t old_size, size_t new_size) {
    struct heap *heap = memory;
    if (old_size == 0) return new_size ? take(heap, new_size) : NULL;
    if (new_size == 0) {
        give(heap, block, old_size);
        return NULL;
    }
    if (old_size > HEAP_MIDDLE && new_size > HEAP_MIDDLE) return heap_large_resize(heap, block, old_size, new_size);
    if (old_size <= HEAP_MIDDLE && new_size <= HEAP_MIDDLE && heap_class(old_size) == heap_class(new_size)) return block;
    return move(heap, block, old_size, new_size);
}
