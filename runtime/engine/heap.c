/* heap.c: arenas and large blocks.
 * Invariant: see heap.h.
 * SPDX-License-Identifier: MIT */
#include "heap.h"

#include "platform.h"

/* What a state with its libraries fills at once. */
enum { HEADER = 64, PAGE = 4096, HEAP_START = 40 << 10 };

_Static_assert((int)PLAT_RESERVE == (int)HEAP_ARENA, "the static reserve is the first arena");
_Static_assert(sizeof(struct heap_arena) <= HEADER, "blocks begin behind the header");

/* ---- Arenas ---- */

static struct heap_arena *map_arena(struct heap *heap) {
    struct heap_arena *arena = plat_pages_map(HEAP_ARENA, HEAP_ARENA);
    if (arena) heap->mapped += HEAP_ARENA;
    return arena;
}

void heap_arena_give(struct heap *heap, struct heap_arena *arena) {
    heap->mapped -= HEAP_ARENA;
    if (!plat_reserve_give(arena)) plat_pages_unmap(arena, HEAP_ARENA);
}

/* What is left of an arena that is too small for the block wanted becomes free blocks of other classes. */
static void retire_fresh(struct heap *heap) {
    size_t left;
    while ((left = (size_t)(heap->fresh_end - heap->fresh)) >= 8) {
        unsigned class = heap_class(left < HEAP_MIDDLE ? left : HEAP_MIDDLE);
        if (heap_class_size(class) > left) class--;
        heap_arena_of(heap->fresh)->cut += heap_class_size(class);
        heap_give(heap, heap->fresh, class);
        heap->fresh += heap_class_size(class);
    }
}

/* One arena is mapped ahead: when the host gives no more, there is still one to come to an end with. */
static int next_arena(struct heap *heap) {
    struct heap_arena *arena = heap->spare ? heap->spare : map_arena(heap);
    heap->spare = NULL;
    if (!arena) return 0;
    heap->spare = map_arena(heap);
    retire_fresh(heap);
    arena->next = heap->arenas;
    heap->arenas = arena;
    heap->fresh = (char *)arena + HEADER;
    heap->fresh_end = (char *)arena + HEAP_ARENA;
    return 1;
}

/* A block of a larger class serves, too: its owner will give it back as one of this class. */
static void *take_larger(struct heap *heap, unsigned class) {
    for (unsigned larger = class + 1; larger < HEAP_CLASSES; larger++)
        if (heap->free[larger]) return heap_take(heap, larger);
    return NULL;
}

static void *take_last(struct heap *heap, size_t size) {
    if (!heap->last_open || (size_t)(heap->last_end - heap->last) < size) return NULL;
    heap->last += size;
    return heap->last - size;
}

void *heap_refill(struct heap *heap, unsigned class) {
    size_t size = heap_class_size(class);
    if ((size_t)(heap->fresh_end - heap->fresh) < size && !next_arena(heap)) {
        void *block = take_larger(heap, class);
        return block ? block : take_last(heap, size);
    }
    char *block = heap->fresh;
    heap->fresh += size;
    heap_arena_of(block)->cut += size;
    return block;
}

/* ---- Large blocks ---- */

static size_t pages(size_t size) {
    return (size + PAGE - 1) & ~(size_t)(PAGE - 1);
}

void *heap_large_take(struct heap *heap, size_t size) {
    if (size > PTRDIFF_MAX - PAGE) return NULL;
    void *block = plat_pages_map(pages(size), PAGE);
    if (block) heap->large += pages(size);
    return block;
}

void heap_large_give(struct heap *heap, void *block, size_t size) {
    heap->large -= pages(size);
    plat_pages_unmap(block, pages(size));
}

void *heap_large_resize(struct heap *heap, void *block, size_t size, size_t wanted) {
    if (wanted > PTRDIFF_MAX - PAGE) return NULL;
    if (pages(size) == pages(wanted)) return block;
    void *moved = plat_pages_resize(block, pages(size), pages(wanted));
    if (moved) heap->large += pages(wanted) - pages(size);
    return moved;
}

/* ---- Opening and closing ---- */

/* The static reserve comes first: a start then costs no system call, and needs nothing of the host. */
void *heap_home(size_t size) {
    if (size > HEAP_HOME) return NULL;
    char *arena = plat_reserve_take();
    if (!arena) arena = plat_pages_map(HEAP_ARENA, HEAP_ARENA);
    if (arena) plat_pages_ahead(arena, HEAP_START);
    return arena ? arena + HEADER : NULL;
}

void heap_open(struct heap *heap) {
    char *home = (char *)heap_arena_of(heap);
    heap->arenas = (struct heap_arena *)home;
    heap->mapped = HEAP_ARENA;
    heap->fresh = home + HEADER + HEAP_HOME;
    heap->fresh_end = heap->last = home + HEAP_ARENA - HEAP_LAST;
    heap->last_end = home + HEAP_ARENA;
}

void heap_close(struct heap *heap) {
    struct heap copy = *heap;
    struct heap_arena *home = heap_arena_of(heap), *next;
    if (copy.spare) heap_arena_give(&copy, copy.spare);
    for (struct heap_arena *arena = copy.arenas; arena; arena = next) {
        next = arena->next;
        if (arena != home) heap_arena_give(&copy, arena);
    }
    heap_arena_give(&copy, home);
}
