/* heap.h: blocks of any size without headers, for one Lua state: the raw source behind engine_alloc.
 * Invariant: a block's class follows from the size its owner tells; free blocks of a class are one list.
 * SPDX-License-Identifier: MIT
 *
 * Blocks are cut one after the other from arenas of 1 MiB, aligned to their size. A freed block joins the list of its
 * class. A block above HEAP_MIDDLE is a mapping of its own. One thread at a time. */
#ifndef HEAP_H
#define HEAP_H

#include <stddef.h>
#include <stdint.h>

enum {
    HEAP_SMALL = 512,         /* up to here classes are 8 bytes apart, above it 4 to each doubling */
    HEAP_MIDDLE = 256 * 1024, /* above it a block is mapped by itself */
    HEAP_CLASSES = 101,
    HEAP_ARENA = 1024 * 1024,
    HEAP_KEPT = 4,            /* large blocks kept, of */
    HEAP_KEPT_MOST = 4 << 20, /* that size at most */
    HEAP_LAST = 64 * 1024,    /* kept back for the time after a refusal */
};

struct heap_block {
    struct heap_block *next;
};

/* The header of an arena lies at its start, so that a block's address leads to it. */
struct heap_arena {
    struct heap_arena *next;
    size_t cut;  /* bytes in blocks, free or not */
    size_t idle; /* heap_trim: bytes in free blocks */
};

struct heap {
    struct heap_block *free[HEAP_CLASSES];
    char *fresh, *fresh_end;   /* what is not yet cut of the newest arena */
    char *ahead;               /* up to here the pages of the newest arena are there, or were asked for */
    struct heap_arena *arenas; /* newest first */
    struct heap_arena *spare;  /* mapped ahead, not touched; NULL when the host has none to give */
    char *last, *last_end;     /* what was kept back */
    int last_open;             /* 1: it may be used now */
    size_t mapped;             /* bytes in arenas */
    size_t large;              /* bytes in mappings of their own */
    struct heap_kept {
        void *block;
        size_t size;
    } kept_large[HEAP_KEPT];   /* mappings given back in this cycle, newest first, NULL behind the last: a table that grows
                                  and shrinks takes the same sizes again */
    size_t trimmed, kept;      /* `mapped` and `used` when heap_trim last looked */
};

/* Maps the first arena and returns `size` zeroed bytes in it (at most HEAP_HOME), which hold the struct heap for
 * heap_open. NULL when the host refuses. */
enum { HEAP_HOME = 4096 - 64 };
void *heap_home(size_t size);

/* Makes `heap`, which lies in the memory from heap_home. What follows its `size` bytes becomes blocks: a start touches no page
 * more than it fills. */
void heap_open(struct heap *heap, size_t size);

/* Gives everything back, the memory from heap_home too. */
void heap_close(struct heap *heap);

/* A new block of the class or, when `last_open` is 1, from what was kept back; NULL when there is none. */
void *heap_refill(struct heap *heap, unsigned class);

/* Blocks above HEAP_MIDDLE. heap_large_resize: both sizes are above it; NULL leaves the block as it was. */
void *heap_large_take(struct heap *heap, size_t size);
void heap_large_give(struct heap *heap, void *block, size_t size);
void *heap_large_resize(struct heap *heap, void *block, size_t size, size_t wanted);

/* Gives the large blocks that were kept back to the host; 1 when there were any. */
int heap_large_drop(struct heap *heap);

/* Gives arenas without a block in use back to the host, if `used` (bytes in blocks up to HEAP_MIDDLE) says that it may
 * be worth looking. Takes time in proportion to the free blocks when it looks. trim.c */
void heap_trim(struct heap *heap, size_t used);

/* Gives one arena, which is in no list any more, back to whoever it came from. */
void heap_arena_give(struct heap *heap, struct heap_arena *arena);

/* The class of a block of `size` bytes, 1 to HEAP_MIDDLE. */
static inline unsigned heap_class(size_t size) {
    if (size <= HEAP_SMALL) return (unsigned)(size + 7) >> 3;
    unsigned top = 63 - (unsigned)__builtin_clzl(size - 1);
    return 65 + (top - 9) * 4 + ((unsigned)((size - 1) >> (top - 2)) & 3);
}

/* The bytes in a block of that class. */
static inline size_t heap_class_size(unsigned class) {
    if (class <= HEAP_SMALL / 8) return class * 8u;
    unsigned step = class - 65;
    return ((size_t)5 + (step & 3)) << (7 + (step >> 2));
}

static inline struct heap_arena *heap_arena_of(const void *block) {
    return (struct heap_arena *)((uintptr_t)block & ~(uintptr_t)(HEAP_ARENA - 1));
}

static inline void *heap_take(struct heap *heap, unsigned class) {
    struct heap_block *block = heap->free[class];
    if (__builtin_expect(block == NULL, 0)) return heap_refill(heap, class);
    heap->free[class] = block->next;
    return block;
}

/* A new block of a class up to HEAP_SMALL from memory that has been asked for already, or NULL: then heap_refill has to see. */
static inline void *heap_cut(struct heap *heap, unsigned class) {
    char *block = heap->fresh, *end = block + class * 8u;
    if (end > heap->ahead || end > heap->fresh_end) return NULL;
    heap->fresh = end;
    heap_arena_of(block)->cut += class * 8u;
    return block;
}

static inline void heap_give(struct heap *heap, void *memory, unsigned class) {
    struct heap_block *block = memory;
    block->next = heap->free[class];
    heap->free[class] = block;
}

#endif
