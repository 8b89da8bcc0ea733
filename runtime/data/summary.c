/* summary.c: see summary.h.
 * Invariant: the level of each open container knows the place of its values; a place is never moved.
 * SPDX-License-Identifier: MIT */
#include "data/summary.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "data/frozen_format.h"

enum { BUCKETS = 4096 };

struct level {
    uint64_t count;  /* values so far */
    uint16_t place;  /* of the container */
    uint16_t item;   /* of its values without a key, once there is one */
    uint16_t keyed;  /* of the value that the last key announced; SUMMARY_NONE: none */
    uint8_t kind;
    uint8_t has_keys;
};

struct summary {
    struct data_memory memory;
    struct level *levels; /* levels[0]: the row at the top */
    size_t depth, capacity, deepest;
    uint64_t keys;
    uint16_t count;
    uint16_t buckets[BUCKETS]; /* number of a place by its parent and name */
    struct summary_place places[SUMMARY_PLACES];
};

static int open_level(struct summary *s, uint16_t place, uint8_t kind) {
    if (s->depth == s->capacity) {
        size_t wanted = s->capacity ? 2 * s->capacity : 16;
        struct level *levels = s->memory.resize(s->memory.context, s->levels, s->capacity * sizeof levels[0], wanted * sizeof levels[0]);
        if (!levels) return -ENOMEM;
        s->levels = levels;
        s->capacity = wanted;
    }
    s->levels[s->depth++] = (struct level){ .place = place, .item = SUMMARY_NONE, .keyed = SUMMARY_NONE, .kind = kind };
    if (s->depth > s->deepest) s->deepest = s->depth;
    return 0;
}

static void open_range(struct summary_range *range) {
    *range = (struct summary_range){ .least = INFINITY, .most = -INFINITY };
}

static uint16_t new_place(struct summary *s, uint16_t parent, enum summary_step step) {
    struct summary_place *place = &s->places[s->count];
    memset(place, 0, sizeof *place);
    place->parent = parent;
    place->first = place->next = SUMMARY_NONE;
    place->step = (uint8_t)step;
    open_range(&place->numbers);
    open_range(&place->strings);
    open_range(&place->arrays);
    open_range(&place->maps);
    return s->count++;
}

int summary_open(struct data_memory memory, struct summary **out) {
    struct summary *s = memory.resize(memory.context, NULL, 0, sizeof *s);
    if (!s) return -ENOMEM;
    memset(s, 0, offsetof(struct summary, places));
    memset(s->buckets, 0xff, sizeof s->buckets);
    s->memory = memory;
    if (open_level(s, SUMMARY_NONE, DATA_ARRAY) < 0) {
        summary_close(s);
        return -ENOMEM;
    }
    s->levels[0].item = new_place(s, SUMMARY_NONE, SUMMARY_ROOT);
    *out = s;
    return 0;
}

void summary_close(struct summary *s) {
    if (!s) return;
    if (s->levels) s->memory.resize(s->memory.context, s->levels, s->capacity * sizeof s->levels[0], 0);
    s->memory.resize(s->memory.context, s, sizeof *s, 0);
}

/* ---- Places ---------------------------------------------------------------------------------------------- */

/* Behind the other children of its parent. */
static uint16_t add_place(struct summary *s, uint16_t parent, enum summary_step step) {
    uint16_t number = new_place(s, parent, step), *link = &s->places[parent].first;
    while (*link != SUMMARY_NONE) link = &s->places[*link].next;
    *link = number;
    s->places[parent].children++;
    return number;
}

static uint16_t find_step(const struct summary *s, uint16_t parent, enum summary_step step) {
    uint16_t number = s->places[parent].first;
    while (number != SUMMARY_NONE && s->places[number].step != step) number = s->places[number].next;
    return number;
}

/* The place of all that has one step, such as the values of an array; the last places of all are kept for these. */
static uint16_t place_of_step(struct summary *s, uint16_t parent, enum summary_step step) {
    uint16_t number = find_step(s, parent, step);
    if (number != SUMMARY_NONE) return number;
    return s->count < SUMMARY_PLACES ? add_place(s, parent, step) : parent;
}

static uint16_t place_of_name(struct summary *s, uint16_t parent, const char *name, size_t size) {
    size_t kept = size < SUMMARY_NAME ? size : SUMMARY_NAME;
    uint32_t bucket = frozen_hash_text(name, kept) + parent * UINT32_C(0x9e3779b1);
    for (;; bucket++) {
        uint16_t number = s->buckets[bucket % BUCKETS];
        if (number == SUMMARY_NONE) break;
        const struct summary_place *place = &s->places[number];
        if (place->parent == parent && place->size == kept && place->is_cut == (size > kept) && memcmp(place->name, name, kept) == 0) return number;
    }
    if (s->places[parent].children >= SUMMARY_KEYS || s->count > SUMMARY_PLACES * 3 / 4) return place_of_step(s, parent, SUMMARY_OTHERS);
    uint16_t number = add_place(s, parent, SUMMARY_NAMED);
    struct summary_place *place = &s->places[number];
    place->size = (uint8_t)kept;
    place->is_cut = size > kept;
    memcpy(place->name, name, kept);
    return s->buckets[bucket % BUCKETS] = number;
}

static uint16_t place_of_key(struct summary *s, uint16_t parent, const struct data_event *key) {
    if (parent == SUMMARY_NONE) parent = 0;
    if (key->kind == DATA_STRING) return place_of_name(s, parent, key->as.text, key->size);
    return place_of_step(s, parent, key->kind == DATA_NUMBER ? SUMMARY_NUMBERED : SUMMARY_OTHERS);
}

/* ---- Values ---------------------------------------------------------------------------------------------- */

static void add_to(struct summary_range *range, double value) {
    range->count++;
    range->sum += value;
    if (value < range->least) range->least = value;
    if (value > range->most) range->most = value;
}

static uint16_t next_place(struct summary *s) {
    struct level *level = &s->levels[s->depth - 1];
    uint16_t keyed = level->keyed;
    level->count++;
    level->keyed = SUMMARY_NONE;
    if (keyed != SUMMARY_NONE) return keyed;
    if (level->item == SUMMARY_NONE) level->item = place_of_step(s, level->place, SUMMARY_ITEM);
    return level->item;
}

static void close_level(struct summary *s) {
    const struct level *level = &s->levels[--s->depth];
    struct summary_place *place = &s->places[level->place];
    int is_map = level->kind == DATA_MAP || level->has_keys;
    add_to(is_map ? &place->maps : &place->arrays, (double)level->count);
}

static void put_number(struct summary_place *place, double number) {
    add_to(&place->numbers, number);
    place->whole += number == floor(number) && fabs(number) < 9007199254740992.0;
}

static int put_event(struct summary *s, const struct data_event *event) {
    struct level *level = &s->levels[s->depth - 1];
    if (event->kind == DATA_END) {
        if (s->depth > 1) close_level(s);
        return 0;
    }
    if (event->flags & (DATA_KEY | DATA_ENTRY)) {
        s->keys++;
        level->has_keys = 1;
        level->keyed = place_of_key(s, level->place, event);
        return 0;
    }
    uint16_t number = next_place(s);
    struct summary_place *place = &s->places[number];
    switch (event->kind) {
    case DATA_NIL: place->nils++; return 0;
    case DATA_BOOLEAN: event->as.boolean ? place->trues++ : place->falses++; return 0;
    case DATA_NUMBER: put_number(place, event->as.number); return 0;
    case DATA_STRING: add_to(&place->strings, (double)event->size); return 0;
    default: return open_level(s, number, event->kind);
    }
}

int summary_put(struct summary *s, const struct data_event *events, int count) {
    for (int i = 0; i < count; i++)
        if (put_event(s, &events[i]) < 0) return -ENOMEM;
    return 0;
}

/* ---- What was found -------------------------------------------------------------------------------------- */

const struct summary_place *summary_place(const struct summary *s, uint16_t number) {
    return &s->places[number];
}

uint16_t summary_after(const struct summary *s, uint16_t number) {
    if (s->places[number].first != SUMMARY_NONE) return s->places[number].first;
    while (number != SUMMARY_NONE && s->places[number].next == SUMMARY_NONE) number = s->places[number].parent;
    return number == SUMMARY_NONE ? SUMMARY_NONE : s->places[number].next;
}

uint64_t summary_count(const struct summary_place *place) {
    return place->nils + place->falses + place->trues + place->numbers.count + place->strings.count + place->arrays.count + place->maps.count;
}

uint64_t summary_depth(const struct summary *s) {
    return s->deepest - 1;
}

uint64_t summary_rows(const struct summary *s) {
    return s->levels[0].count;
}

uint64_t summary_keys(const struct summary *s) {
    return s->keys;
}
