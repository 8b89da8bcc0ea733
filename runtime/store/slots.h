/* slots.h: numbered slots with generations: which ids are live, which are stale, which were never given out.
 * Invariant: an id is given out once and never again; no call that fails has changed anything.
 * SPDX-License-Identifier: MIT
 *
 * Knows no Lua and holds no values: a slot says where its owner keeps one. An id is generation * 2^32 + slot, with 21
 * bits of generation, so it is exact in a double; generations begin at 1, so no id is below 2^32. A slot whose last
 * generation is released is retired.
 *
 * Slots come in pages of 4096. All pages of a pool are numbered together, and each belongs to one owner, so that an
 * id of another owner is recognised. An owner's first page begins small and grows twice. Each page has its own list of
 * free slots, and pages with values in them are filled first: an owner keeps at most one page without values, and
 * between a page's coming and its going lie at least 4096 calls. A page that goes leaves only its number and the
 * highest generation in it behind. Nothing here is safe to call from two threads at once.
 *
 * Memory comes from the caller's `resize`, which has the meaning of lua_Alloc: 0 frees, a refusal is NULL and leaves
 * the block as it was. Only slots_grow, slots_mark and what names them asks for memory. */
#ifndef SLOTS_H
#define SLOTS_H

#include <stddef.h>
#include <stdint.h>

enum { SLOTS_PAGE = 4096, SLOTS_FIRST = 64, SLOTS_STEP = 8, SLOTS_PAGES = 1 << 20 };

/* What the owner remembers of a live slot; forgotten when it is released. */
enum slots_flag { SLOTS_TAGGED = 1, SLOTS_TRACKED = 2, SLOTS_MARKED = 4 };

/* In a slot's word: it is live. The other bits are its generation. */
#define SLOTS_LIVE (UINT32_C(1) << 31)

struct slots_memory {
    void *(*resize)(void *context, void *block, size_t old_size, size_t new_size);
    void *context;
};

struct slots;

/* Readable by all, written by slots.c only, but for `table`. */
struct slots_page {
    struct slots *owner;
    struct slots_page *next, *previous; /* among the owner's pages with room */
    uint32_t *marks;                    /* one number per slot, or NULL while no slot has one */
    uint32_t number;                    /* of the page: its first slot is number * SLOTS_PAGE */
    uint32_t base;                      /* generation of slots that were not used yet */
    uint16_t capacity, fresh, used, retired;
    uint16_t free;                      /* first free slot among those used before, or SLOTS_NONE */
    uint16_t table;                     /* the owner's: capacity of what it keeps for this page, 0 at first */
    uint16_t *links;                    /* per slot: flags while live, the next free slot while not */
    uint32_t words[];                   /* per slot: its generation, and whether it is live */
};

struct slots_entry {
    struct slots_page *page; /* NULL while nobody owns the number */
    uint32_t base;           /* every generation below was given out */
    uint32_t next;           /* the next number that nobody owns */
};

struct slots_pool {
    struct slots_memory memory;
    struct slots_entry *entries;
    uint32_t count, capacity, unowned;
    uint32_t first_generation; /* 1; tests set it higher before the first page */
};

struct slots {
    struct slots_pool *pool;
    struct slots_memory memory;
    struct slots_page *head, *tail; /* pages with room and values; taken from the head, added at the tail */
    struct slots_page *idle;        /* the page without values, or NULL */
    struct slots_page *small;       /* the page that is below SLOTS_PAGE, or NULL */
    uint32_t pages;
    uint64_t max; /* live slots allowed */
    uint64_t live, peak, retired, takes, gives;
};

/* Where a live id is: valid until the next call that changes the owner's slots. */
struct slots_at {
    struct slots_page *page;
    uint32_t offset;
};

/* An empty pool; asks for no memory. `pool` must stay where it is. */
void slots_pool_open(struct slots_pool *pool, struct slots_memory memory);

/* Frees the pool's memory. Every owner must have been closed. */
void slots_pool_close(struct slots_pool *pool);

/* An owner of up to `max` live slots; asks for no memory. `slots` must stay where it is. */
void slots_open(struct slots *slots, struct slots_pool *pool, struct slots_memory memory, uint64_t max);

/* Makes every id of the owner stale and frees its pages. `dropped(context, number)` is told of each page, unless NULL. */
void slots_close(struct slots *slots, void (*dropped)(void *context, uint32_t number), void *context);

/* 0: slots_take will succeed. -EAGAIN: slots_grow must come first. -ENOSPC: `max` is reached. */
int slots_room(const struct slots *slots);

/* The slot that the next slots_take takes. Only after slots_room has said 0. */
struct slots_at slots_next(const struct slots *slots);

/* The bytes that slots_grow would ask for at most. Only after slots_room has said -EAGAIN. */
size_t slots_need(const struct slots *slots);

/* Makes room for at least one more slot. Returns 0, -ENOMEM, or -EOVERFLOW when all page numbers are used up. */
int slots_grow(struct slots *slots);

/* Takes a slot. Only after slots_room has said 0. */
struct slots_at slots_take(struct slots *slots);

/* The live slot of any number; its `page` is NULL when there is none. The sum is no word of a slot when the number has bits
 * above those of an id. */
static inline struct slots_at slots_find(const struct slots *slots, uint64_t id) {
    const struct slots_pool *pool = slots->pool;
    struct slots_at none = { NULL, 0 };
    uint32_t number = (uint32_t)id / SLOTS_PAGE, offset = (uint32_t)id % SLOTS_PAGE;
    if (number >= pool->count) return none;
    struct slots_page *page = pool->entries[number].page;
    if (!page || page->owner != slots || offset >= page->fresh || page->words[offset] != (id >> 32) + SLOTS_LIVE) return none;
    return (struct slots_at){ page, offset };
}

/* Why slots_find found nothing: -ESTALE: it was released; -EXDEV: it is another owner's; -EINVAL: no such id was ever
 * given out. */
int slots_why(const struct slots *slots, uint64_t id);

/* The id that a double stands for; 0, which is none, when it is no exact positive integer below 2^53. */
static inline uint64_t slots_number(double number) {
    if (!(number >= 0 && number < 9007199254740992.0)) return 0;
    int64_t exact = (int64_t)number;
    return (double)exact == number ? (uint64_t)exact : 0;
}

/* Releases a live slot. Returns 1 when its page went with it, which was page `at->page->number` (read that before:
 * `at` is no longer valid), else 0. Never asks for memory. */
int slots_give(struct slots *slots, struct slots_at at);

/* The live id at `at`. */
uint64_t slots_id(struct slots_at at);

/* The first live slot of the owner at or after slot number `*cursor`, which is moved past it. Returns 1 and `at`,
 * or 0 at the end. Slots may be taken and released between calls: a slot taken meanwhile may be seen or not. */
int slots_each(const struct slots *slots, uint64_t *cursor, struct slots_at *at);

/* How many slots can be taken before slots_grow is needed, were there no `max`. O(pages of the pool). */
uint64_t slots_free(const struct slots *slots);

/* Flags of a live slot. */
unsigned slots_flags(struct slots_at at);
void slots_set_flag(struct slots_at at, enum slots_flag flag);

/* Gives a live slot a number of the owner's, and SLOTS_MARKED; may ask for SLOTS_PAGE * 4 bytes. Returns 0 or -ENOMEM. */
int slots_mark(struct slots *slots, struct slots_at at, uint32_t mark);

/* The number of a live slot, 0 without one. Setting it to 0 asks for no memory. */
uint32_t slots_marked(struct slots_at at);

#endif
