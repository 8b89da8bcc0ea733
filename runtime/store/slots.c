/* slots.c: see slots.h.
 * Invariant: a page is in its owner's list exactly when it has values and room; `idle` and `small` are apart from that.
 * SPDX-License-Identifier: MIT */
#include "store/slots.h"

#include <errno.h>
#include <string.h>

#define LIVE SLOTS_LIVE
#define LAST_GENERATION ((1u << 21) - 1)
#define NONE UINT16_MAX
#define NO_PAGE UINT32_MAX

static size_t page_size(uint32_t capacity) {
    return sizeof(struct slots_page) + capacity * (sizeof(uint32_t) + sizeof(uint16_t));
}

static void *resize(const struct slots_memory *memory, void *block, size_t old_size, size_t new_size) {
    return memory->resize(memory->context, block, old_size, new_size);
}

void slots_pool_open(struct slots_pool *pool, struct slots_memory memory) {
    memset(pool, 0, sizeof *pool);
    pool->memory = memory;
    pool->unowned = NO_PAGE;
    pool->first_generation = 1;
}

void slots_pool_close(struct slots_pool *pool) {
    if (pool->entries) resize(&pool->memory, pool->entries, pool->capacity * sizeof pool->entries[0], 0);
    slots_pool_open(pool, pool->memory);
}

void slots_open(struct slots *s, struct slots_pool *pool, struct slots_memory memory, uint64_t max) {
    memset(s, 0, sizeof *s);
    s->pool = pool;
    s->memory = memory;
    s->max = max;
}

/* ---- The list of pages with room ------------------------------------------------------------------------ */

static void list_add(struct slots *s, struct slots_page *page) {
    page->next = NULL;
    page->previous = s->tail;
    if (s->tail) s->tail->next = page;
    else s->head = page;
    s->tail = page;
}

static void list_remove(struct slots *s, struct slots_page *page) {
    if (page->previous) page->previous->next = page->next;
    else s->head = page->next;
    if (page->next) page->next->previous = page->previous;
    else s->tail = page->previous;
}

static int has_room(const struct slots_page *page) {
    return page->free != NONE || page->fresh < page->capacity;
}

/* ---- Pages coming and going ----------------------------------------------------------------------------- */

int slots_room(const struct slots *s) {
    if (s->live >= s->max) return -ENOSPC;
    return s->head || s->idle ? 0 : -EAGAIN;
}

struct slots_at slots_next(const struct slots *s) {
    struct slots_page *page = s->head ? s->head : s->idle;
    return (struct slots_at){ page, page->free != NONE ? page->free : page->fresh };
}

static uint32_t wanted_capacity(const struct slots *s) {
    if (s->small) return s->small->capacity * SLOTS_STEP;
    return s->pages ? SLOTS_PAGE : SLOTS_FIRST;
}

static size_t marks_size(const struct slots_page *page, uint32_t capacity) {
    return page && page->marks ? capacity * sizeof page->marks[0] : 0;
}

static int number_wanted(const struct slots *s) {
    const struct slots_pool *pool = s->pool;
    return !s->small && pool->unowned == NO_PAGE && pool->count == pool->capacity;
}

static uint32_t wanted_entries(const struct slots_pool *pool) {
    return pool->capacity ? 2 * pool->capacity : 16;
}

size_t slots_need(const struct slots *s) {
    uint32_t capacity = wanted_capacity(s);
    size_t entries = number_wanted(s) ? wanted_entries(s->pool) * sizeof s->pool->entries[0] : 0;
    return page_size(capacity) + marks_size(s->small, capacity) + entries;
}

static void layout(struct slots_page *page, uint32_t capacity) {
    page->capacity = (uint16_t)capacity;
    page->links = (uint16_t *)(page->words + capacity);
}

/* Whoever pointed to the old block. The small page is full, so it is in no list. */
static void move_page(struct slots *s, struct slots_page *page) {
    s->pool->entries[page->number].page = page;
    s->small = page->capacity < SLOTS_PAGE ? page : NULL;
    list_add(s, page);
}

static int grow_small(struct slots *s) {
    struct slots_page *old = s->small, *page;
    uint32_t capacity = wanted_capacity(s), *marks = NULL;
    size_t bytes = marks_size(old, capacity);
    if (bytes && !(marks = resize(&s->memory, NULL, 0, bytes))) return -ENOMEM;
    page = resize(&s->memory, NULL, 0, page_size(capacity));
    if (!page) {
        if (marks) resize(&s->memory, marks, bytes, 0);
        return -ENOMEM;
    }
    *page = *old;
    layout(page, capacity);
    memcpy(page->words, old->words, old->capacity * sizeof old->words[0]);
    memcpy(page->links, old->links, old->capacity * sizeof old->links[0]);
    if (marks) {
        memset(marks, 0, bytes);
        memcpy(marks, old->marks, marks_size(old, old->capacity));
        resize(&s->memory, old->marks, marks_size(old, old->capacity), 0);
        page->marks = marks;
    }
    resize(&s->memory, old, page_size(old->capacity), 0);
    move_page(s, page);
    return 0;
}

/* Sees that the pool has a number to give. */
static int grow_pool(struct slots_pool *pool) {
    if (pool->unowned != NO_PAGE || pool->count < pool->capacity) return 0;
    if (pool->count >= SLOTS_PAGES) return -EOVERFLOW;
    uint32_t wanted = wanted_entries(pool);
    struct slots_entry *entries = resize(&pool->memory, pool->entries, pool->capacity * sizeof entries[0], wanted * sizeof entries[0]);
    if (!entries) return -ENOMEM;
    pool->entries = entries;
    pool->capacity = wanted;
    return 0;
}

static uint32_t take_number(struct slots_pool *pool) {
    uint32_t number = pool->unowned;
    if (number != NO_PAGE) {
        pool->unowned = pool->entries[number].next;
        return number;
    }
    pool->entries[pool->count].base = pool->first_generation;
    return pool->count++;
}

int slots_grow(struct slots *s) {
    if (s->small) return grow_small(s);
    int result = grow_pool(s->pool);
    if (result < 0) return result;
    uint32_t capacity = wanted_capacity(s);
    struct slots_page *page = resize(&s->memory, NULL, 0, page_size(capacity));
    if (!page) return -ENOMEM;
    memset(page, 0, sizeof *page);
    layout(page, capacity);
    page->owner = s;
    page->free = NONE;
    page->number = take_number(s->pool);
    page->base = s->pool->entries[page->number].base;
    s->pool->entries[page->number].page = page;
    if (capacity < SLOTS_PAGE) s->small = page;
    s->idle = page;
    s->pages++;
    return 0;
}

/* Every generation below the result was given out in this page, or may be taken as if it was. */
static uint32_t highest_generation(const struct slots_page *page) {
    uint32_t highest = page->base;
    for (uint32_t i = 0; i < page->fresh; i++) {
        uint32_t next = (page->words[i] & ~LIVE) + (page->words[i] >> 31);
        if (next > highest) highest = next;
    }
    return highest;
}

/* A number without generations left is not given out again. */
static void free_page(struct slots *s, struct slots_page *page) {
    struct slots_pool *pool = s->pool;
    struct slots_entry *entry = &pool->entries[page->number];
    entry->page = NULL;
    entry->base = highest_generation(page);
    if (entry->base <= LAST_GENERATION) {
        entry->next = pool->unowned;
        pool->unowned = page->number;
    }
    if (page == s->small) s->small = NULL;
    s->pages--;
    if (page->marks) resize(&s->memory, page->marks, marks_size(page, page->capacity), 0);
    resize(&s->memory, page, page_size(page->capacity), 0);
}

void slots_close(struct slots *s, void (*dropped)(void *context, uint32_t number), void *context) {
    for (uint32_t number = 0; number < s->pool->count; number++) {
        struct slots_page *page = s->pool->entries[number].page;
        if (!page || page->owner != s) continue;
        free_page(s, page);
        if (dropped) dropped(context, number);
    }
    s->gives += s->live;
    s->live = 0;
    s->head = s->tail = s->idle = s->small = NULL;
}

/* ---- Slots ---------------------------------------------------------------------------------------------- */

uint64_t slots_id(struct slots_at at) {
    uint64_t generation = at.page->words[at.offset] & ~LIVE;
    return generation << 32 | ((uint64_t)at.page->number * SLOTS_PAGE + at.offset);
}

static struct slots_page *page_to_take_from(struct slots *s) {
    if (!s->head) {
        list_add(s, s->idle);
        s->idle = NULL;
    }
    return s->head;
}

struct slots_at slots_take(struct slots *s) {
    struct slots_page *page = page_to_take_from(s);
    uint32_t offset = page->free;
    if (offset != NONE) {
        page->free = page->links[offset];
        page->words[offset] |= LIVE;
    } else {
        offset = page->fresh++;
        page->words[offset] = page->base | LIVE;
    }
    page->links[offset] = 0;
    page->used++;
    if (!has_room(page)) list_remove(s, page);
    s->takes++;
    if (++s->live > s->peak) s->peak = s->live;
    return (struct slots_at){ page, offset };
}

int slots_why(const struct slots *s, uint64_t id) {
    uint32_t generation = (uint32_t)(id >> 32), slot = (uint32_t)id, number = slot / SLOTS_PAGE, offset = slot % SLOTS_PAGE;
    if (number >= s->pool->count || generation < s->pool->first_generation || generation > LAST_GENERATION) return -EINVAL;
    const struct slots_entry *entry = &s->pool->entries[number];
    if (generation < entry->base) return -ESTALE;
    if (!entry->page || offset >= entry->page->fresh) return -EINVAL;
    uint32_t word = entry->page->words[offset];
    if (generation >= (word & ~LIVE) + (word >> 31)) return -EINVAL;
    return entry->page->owner == s ? -ESTALE : -EXDEV;
}

static void free_slot(struct slots *s, struct slots_page *page, uint32_t offset) {
    uint32_t generation = (page->words[offset] & ~LIVE) + 1;
    page->words[offset] = generation;
    if (generation > LAST_GENERATION) {
        page->retired++;
        s->retired++;
        return;
    }
    page->links[offset] = page->free;
    page->free = (uint16_t)offset;
}

/* The page's last value went. Returns 1 when the page goes too: there is an idle one already, or every slot is retired. */
static int emptied(struct slots *s, struct slots_page *page) {
    if (has_room(page) && !s->idle) {
        s->idle = page;
        return 0;
    }
    free_page(s, page);
    return 1;
}

int slots_give(struct slots *s, struct slots_at at) {
    struct slots_page *page = at.page;
    int listed = has_room(page);
    free_slot(s, page, at.offset);
    page->used--;
    s->live--;
    s->gives++;
    if (page->used == 0) {
        if (listed) list_remove(s, page);
        return emptied(s, page);
    }
    if (!listed && has_room(page)) list_add(s, page);
    return 0;
}

int slots_each(const struct slots *s, uint64_t *cursor, struct slots_at *at) {
    const struct slots_pool *pool = s->pool;
    for (; *cursor / SLOTS_PAGE < pool->count; *cursor = (*cursor / SLOTS_PAGE + 1) * SLOTS_PAGE) {
        struct slots_page *page = pool->entries[*cursor / SLOTS_PAGE].page;
        if (!page || page->owner != s) continue;
        for (uint32_t offset = *cursor % SLOTS_PAGE; offset < page->fresh; offset++) {
            if (!(page->words[offset] & LIVE)) continue;
            *cursor = (uint64_t)page->number * SLOTS_PAGE + offset + 1;
            at->page = page;
            at->offset = offset;
            return 1;
        }
    }
    return 0;
}

uint64_t slots_free(const struct slots *s) {
    uint64_t count = 0;
    for (uint32_t number = 0; number < s->pool->count; number++) {
        const struct slots_page *page = s->pool->entries[number].page;
        if (page && page->owner == s) count += page->capacity - page->used - page->retired;
    }
    return count;
}

unsigned slots_flags(struct slots_at at) {
    return at.page->links[at.offset];
}

void slots_set_flag(struct slots_at at, enum slots_flag flag) {
    at.page->links[at.offset] |= (uint16_t)flag;
}

int slots_mark(struct slots *s, struct slots_at at, uint32_t mark) {
    struct slots_page *page = at.page;
    if (!page->marks) {
        size_t bytes = page->capacity * sizeof page->marks[0];
        if (mark == 0) return 0;
        page->marks = resize(&s->memory, NULL, 0, bytes);
        if (!page->marks) return -ENOMEM;
        memset(page->marks, 0, bytes);
    }
    page->marks[at.offset] = mark;
    if (mark) slots_set_flag(at, SLOTS_MARKED);
    else page->links[at.offset] &= (uint16_t)~SLOTS_MARKED;
    return 0;
}

uint32_t slots_marked(struct slots_at at) {
    return slots_flags(at) & SLOTS_MARKED ? at.page->marks[at.offset] : 0;
}
