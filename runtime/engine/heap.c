/* heap.c: arenas and large blocks.
 * Invariant: see heap.h.
 * SPDX-License-Identifier: MIT */
#include "heap.h"

#include "platform.h"

/* HEAP_START: what a state with its libraries fills at once. HUGE_FROM: a heap or a block of that size takes huge pages, which
 * may hold 2 MiB more than is used. */
enum { HEADER = 64, PAGE = 4096, HEAP_START = 32 << 10, AHEAD = 64 << 10, AHEAD_MOST = 32 << 20, HUGE_FROM = 4 << 20 };

_Static_assert((int)PLAT_RESERVE == (int)HEAP_ARENA, "the static reserve is the first arena");
_Static_assert(sizeof(struct heap_arena) <= HEADER, "blocks begin behind the header");

/* ---- Arenas ---- */

/* Two arenas are one huge page: the kernel puts mappings side by side, and the second is mapped before the first is touched. */
static struct heap_arena *map_arena(struct heap *heap) {
    struct heap_arena *arena = plat_pages_map(HEAP_ARENA, HEAP_ARENA);
    if (!arena) return NULL;
    heap->mapped += HEAP_ARENA;
    if (heap->mapped > HUGE_FROM) plat_pages_huge(arena, HEAP_ARENA);
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
    if (!arena && heap_large_drop(heap)) arena = map_arena(heap);
    heap->spare = NULL;
    if (!arena) return 0;
    heap->spare = map_arena(heap);
    retire_fresh(heap);
    arena->next = heap->arenas;
    heap->arenas = arena;
    heap->fresh = (char *)arena + HEADER;
    heap->fresh_end = (char *)arena + HEAP_ARENA;
    heap->ahead = (char *)arena;
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

/* What is cut is written to: one system call then stands for many faults, which cost more than the pages do. */
static void look_ahead(struct heap *heap) {
    char *arena_end = (char *)heap_arena_of(heap->fresh_end - 1) + HEAP_ARENA;
    size_t size = ((size_t)(heap->fresh - heap->ahead) + AHEAD + PAGE - 1) & ~(size_t)(PAGE - 1);
    if (size > (size_t)(arena_end - heap->ahead)) size = (size_t)(arena_end - heap->ahead);
    plat_pages_ahead(heap->ahead, size);
    heap->ahead += size;
}

void *heap_refill(struct heap *heap, unsigned class) {
    size_t size = heap_class_size(class);
    if ((size_t)(heap->fresh_end - heap->fresh) < size && !next_arena(heap)) {
        void *block = take_larger(heap, class);
        return block ? block : take_last(heap, size);
    }
    char *block = heap->fresh;
    heap->fresh += size;
    if (heap->fresh > heap->ahead) look_ahead(heap);
    heap_arena_of(block)->cut += size;
    return block;
}

/* ---- Large blocks ---- */

static size_t pages(size_t size) {
    return (size + PAGE - 1) & ~(size_t)(PAGE - 1);
}

/* Tables and strings write to all of a block at once; what is larger is left to come when it is touched. `fresh` bytes at the
 * end of the block are new. */
static void large_ahead(char *block, size_t size, size_t fresh) {
    if (size >= HUGE_FROM) plat_pages_huge(block, size);
    if (fresh <= AHEAD_MOST) plat_pages_ahead(block + size - fresh, fresh);
}

int heap_large_drop(struct heap *heap) {
    int count = 0;
    for (; count < HEAP_KEPT && heap->kept_large[count].block; count++) {
        plat_pages_unmap(heap->kept_large[count].block, heap->kept_large[count].size);
        heap->kept_large[count].block = NULL;
    }
    return count > 0;
}

static void *take_kept(struct heap *heap, size_t size) {
    struct heap_kept *kept = heap->kept_large, *end = kept + HEAP_KEPT;
    while (kept < end && kept->block && kept->size != size) kept++;
    if (kept == end || !kept->block) return NULL;
    void *block = kept->block;
    for (; kept + 1 < end; kept++) *kept = kept[1];
    kept->block = NULL;
    return block;
}

static void *map_large(size_t size) {
    void *block = plat_pages_map(size, PAGE);
    if (block) large_ahead(block, size, size);
    return block;
}

void *heap_large_take(struct heap *heap, size_t size) {
    if (size > PTRDIFF_MAX - PAGE) return NULL;
    void *block = take_kept(heap, pages(size));
    if (!block) block = map_large(pages(size));
    if (!block && heap_large_drop(heap)) block = map_large(pages(size));
    if (block) heap->large += pages(size);
    return block;
}

void heap_large_give(struct heap *heap, void *block, size_t size) {
    struct heap_kept *kept = heap->kept_large, *last = kept + HEAP_KEPT - 1;
    heap->large -= pages(size);
    if (pages(size) > HEAP_KEPT_MOST) {
        plat_pages_unmap(block, pages(size));
        return;
    }
    if (last->block) plat_pages_unmap(last->block, last->size);
    for (; last > kept; last--) *last = last[-1];
    *kept = (struct heap_kept){ block, pages(size) };
}

void *heap_large_resize(struct heap *heap, void *block, size_t size, size_t wanted) {
    if (wanted > PTRDIFF_MAX - PAGE) return NULL;
    if (pages(size) == pages(wanted)) return block;
    char *moved = plat_pages_resize(block, pages(size), pages(wanted));
    if (!moved && heap_large_drop(heap)) moved = plat_pages_resize(block, pages(size), pages(wanted));
    if (!moved) return NULL;
    heap->large += pages(wanted) - pages(size);
    if (wanted > size) large_ahead(moved, pages(wanted), pages(wanted) - pages(size));
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

void heap_open(struct heap *heap, size_t size) {
    char *home = (char *)heap_arena_of(heap);
    heap->arenas = (struct heap_arena *)home;
    heap->mapped = HEAP_ARENA;
    heap->fresh = home + HEADER + ((size + 7) & ~(size_t)7);
    heap->fresh_end = heap->last = home + HEAP_ARENA - HEAP_LAST;
    heap->last_end = home + HEAP_ARENA;
    heap->ahead = home + HEAP_START;
}

void heap_close(struct heap *heap) {
    heap_large_drop(heap);
    struct heap copy = *heap;
    struct heap_arena *home = heap_arena_of(heap), *next;
    if (copy.spare) heap_arena_give(&copy, copy.spare);
    for (struct heap_arena *arena = copy.arenas; arena; arena = next) {
        next = arena->next;
        if (arena != home) heap_arena_give(&copy, arena);
    }
    heap_arena_give(&copy, home);
}
