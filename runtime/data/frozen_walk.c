/* frozen_walk.c: frozen data as a row of events.
 * Invariant: the containers that are walked take no more bytes than the file has, so a walk ends; no function recurses.
 * SPDX-License-Identifier: MIT */
#include "data/frozen.h"

#include <errno.h>
#include <string.h>

#include "data/frozen_format.h"

struct level {
    struct frozen_node node;
    uint64_t next;
};

struct frozen_walk {
    const struct frozen *f;
    struct data_memory memory;
    struct level *levels;
    uint32_t depth, capacity, most;
    uint64_t bytes;  /* of the containers entered so far */
    struct frozen_value pending; /* a value that comes next, or the root */
    int has_pending, rows;
    int error;       /* of the last step: what it lacked, or what is wrong */
    int failed;      /* what is wrong, for good */
    char *text;      /* copies of this batch's texts, when the file is mapped */
    size_t text_used, text_capacity, wanted_text;
    struct data_event *events; /* of the call that runs */
    int count, wanted;
};

static void *resize(struct frozen_walk *walk, void *block, size_t old_size, size_t new_size) {
    return walk->memory.resize(walk->memory.context, block, old_size, new_size);
}

int frozen_walk_open(const struct frozen *f, const struct frozen_value *value, int rows, uint32_t depth, struct data_memory memory,
                     struct frozen_walk **out) {
    struct frozen_walk *walk = memory.resize(memory.context, NULL, 0, sizeof *walk);
    if (!walk) return -ENOMEM;
    memset(walk, 0, sizeof *walk);
    walk->f = f;
    walk->memory = memory;
    walk->most = depth ? depth : DATA_DEPTH;
    walk->pending = *value;
    walk->has_pending = 1;
    walk->rows = rows;
    *out = walk;
    return 0;
}

void frozen_walk_close(struct frozen_walk *walk) {
    if (!walk) return;
    if (walk->levels) resize(walk, walk->levels, walk->capacity * sizeof walk->levels[0], 0);
    if (walk->text) resize(walk, walk->text, walk->text_capacity, 0);
    resize(walk, walk, sizeof *walk, 0);
}

uint64_t frozen_walk_bytes(const struct frozen_walk *walk) {
    return walk->bytes;
}

/* ---- Room, made outside of the guard --------------------------------------------------------------------- */

static int make_room(struct frozen_walk *walk) {
    if (walk->depth < walk->capacity) return 0;
    uint32_t wanted = walk->capacity ? 2 * walk->capacity : 16;
    struct level *levels = resize(walk, walk->levels, walk->capacity * sizeof levels[0], wanted * sizeof levels[0]);
    if (!levels) return -ENOMEM;
    walk->levels = levels;
    walk->capacity = wanted;
    return 0;
}

enum { TEXT_LEAST = 16 * 1024 };

/* Texts of events that are already there would move: so only where there are none. */
static int make_text_room(struct frozen_walk *walk, size_t size) {
    size_t wanted = size < TEXT_LEAST ? TEXT_LEAST : size;
    if (wanted <= walk->text_capacity) return 0;
    char *text = resize(walk, walk->text, walk->text_capacity, wanted);
    if (!text) return -ENOMEM;
    walk->text = text;
    walk->text_capacity = wanted;
    return 0;
}

/* ---- Steps ----------------------------------------------------------------------------------------------- */

static uint64_t node_bytes(const struct frozen_node *node) {
    uint64_t bytes = node->items.count * (node->items.wide ? 8 : 4) + node->values.count * (node->values.wide ? 8 : 4);
    return bytes + node->items.head + node->values.head;
}

/* -EAGAIN: first make room. Containers that do not lie in one another add up to less than the file. */
static int enter(struct frozen_walk *walk, const struct frozen_value *value, struct data_event *event) {
    if (walk->depth >= walk->most) return -E2BIG;
    if (walk->depth == walk->capacity) return -EAGAIN;
    struct level *level = &walk->levels[walk->depth];
    int result = frozen_enter(walk->f, value, &level->node);
    if (result < 0) return result;
    uint64_t bytes = node_bytes(&level->node);
    if (bytes > walk->f->size - walk->bytes) return -EILSEQ;
    walk->bytes += bytes;
    level->next = 0;
    walk->depth++;
    event->size = (size_t)frozen_count(&level->node);
    if (value->kind == DATA_TABLE) event->as.listed = (size_t)level->node.items.count;
    return 0;
}

/* -ENOBUFS: the copies have no room; the text is as it lies. */
static int put_text(struct frozen_walk *walk, const struct frozen_value *value, struct data_event *event) {
    event->size = value->size;
    event->as.text = value->as.text;
    if (!walk->f->is_mapped) return 0;
    walk->wanted_text = value->size;
    if (!walk->text || value->size > walk->text_capacity - walk->text_used) return -ENOBUFS;
    event->as.text = memcpy(walk->text + walk->text_used, value->as.text, value->size);
    walk->text_used += value->size;
    return 0;
}

/* The array of rows is entered without an event. */
static int is_hidden(const struct frozen_walk *walk, const struct frozen_value *value) {
    return walk->rows && walk->depth == 0 && value->kind == DATA_ARRAY;
}

static int put_value(struct frozen_walk *walk, const struct frozen_value *value, int flags) {
    struct data_event *event = &walk->events[walk->count];
    int result = 0, hidden = is_hidden(walk, value);
    memset(event, 0, sizeof *event);
    event->kind = value->kind;
    event->flags = (uint8_t)(value->flags | flags);
    if (value->kind == DATA_BOOLEAN) event->as.boolean = value->as.boolean;
    else if (value->kind == DATA_NUMBER) event->as.number = value->as.number;
    else if (value->kind == DATA_STRING) result = put_text(walk, value, event);
    else if (value->kind >= DATA_ARRAY) result = enter(walk, value, event);
    if (result == 0 && !hidden) walk->count++;
    return result;
}

static void put_end(struct frozen_walk *walk) {
    if (--walk->depth == 0 && walk->rows) return;
    struct data_event *event = &walk->events[walk->count++];
    memset(event, 0, sizeof *event);
    event->kind = DATA_END;
}

/* The key of the next value, if it has one; the value is then pending. */
static int put_next(struct frozen_walk *walk, struct level *level) {
    struct frozen_value key;
    int result = frozen_pair(walk->f, &level->node, level->next, &key, &walk->pending);
    if (result == 0 && level->next >= level->node.items.count) result = put_value(walk, &key, DATA_KEY);
    if (result < 0) return result;
    level->next++;
    walk->has_pending = 1;
    return 0;
}

/* At most one event. 1: there is more to come. */
static int step(struct frozen_walk *walk) {
    int result = 0;
    if (walk->has_pending) {
        result = put_value(walk, &walk->pending, 0);
        if (result == 0) walk->has_pending = 0;
    } else {
        if (walk->depth == 0) return 0;
        struct level *level = &walk->levels[walk->depth - 1];
        if (level->next < frozen_count(&level->node)) result = put_next(walk, level);
        else put_end(walk);
    }
    return result < 0 ? result : 1;
}

/* Holds nothing: the guard may end it anywhere. */
static void steps(void *argument) {
    struct frozen_walk *walk = argument;
    int result = 1;
    while (result == 1 && walk->count < walk->wanted) result = step(walk);
    walk->error = result < 0 ? result : 0;
}

/* What a step lacked. Texts that were given to the caller stay where they are: then the caller is to come again. */
static int provide(struct frozen_walk *walk) {
    if (walk->error == -EAGAIN) return make_room(walk);
    if (walk->error != -ENOBUFS) return walk->error;
    return walk->count > 0 ? 0 : make_text_room(walk, walk->wanted_text);
}

int frozen_walk_next(struct frozen_walk *walk, struct data_event *events, int capacity) {
    int result = walk->failed;
    walk->events = events;
    walk->wanted = capacity;
    walk->count = 0;
    walk->text_used = 0;
    while (result == 0) {
        result = frozen_guarded(walk->f, steps, walk);
        if (result == 0 && walk->error == 0) return walk->count;
        if (result == 0) result = provide(walk);
        if (result == 0 && walk->error == -ENOBUFS && walk->count > 0) return walk->count;
    }
    walk->failed = result;
    return walk->count > 0 ? walk->count : result;
}
