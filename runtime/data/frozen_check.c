/* frozen_check.c: validates a whole frozen file.
 * Invariant: containers are left in the order in which they were written, so each lies behind the one left before it; but for
 * those in a table, and the entries of words in the outermost three levels, which may be mixed. All take no more bytes than there are.
 * SPDX-License-Identifier: MIT */
#include "data/frozen.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "data/frozen_format.h"

struct level {
    struct frozen_node node;
    uint64_t next;
};

struct check {
    const struct frozen *f;
    const volatile int *stop;
    struct frozen_report *report;
    struct level *levels;
    uint32_t depth, capacity, deepest;
    struct frozen_value pending; /* what is looked at next */
    int has_pending;
    uint64_t floor;              /* where the last container that was left ends */
    uint64_t bytes;              /* of the containers that were left */
    uint64_t values;
    uint64_t good_keys;          /* the place of the last keys that were right */
    uint64_t summed, sum;        /* how far the checksum is, and what it is */
    int result;
};

static int wrong(struct check *check, uint64_t at, const char *text) {
    check->report->at = at;
    snprintf(check->report->text, sizeof check->report->text, "%s", text);
    return -EILSEQ;
}

/* ---- Keys ------------------------------------------------------------------------------------------------ */

/* The i-th key, from 0. */
static int key_at(struct check *check, const struct frozen_node *node, uint64_t i, struct frozen_value *key) {
    struct frozen_value unused;
    int result = frozen_pair(check->f, node, node->items.count + i, key, &unused);
    return result < 0 ? wrong(check, node->keys.at, "a key is damaged, or the value with it") : 0;
}

static int check_few(struct check *check, const struct frozen_node *node) {
    struct frozen_value a, b;
    for (uint64_t i = 0; i < node->keys.count; i++) {
        int result = key_at(check, node, i, &a);
        for (uint64_t j = 0; result == 0 && j < i; j++) {
            result = key_at(check, node, j, &b);
            if (result == 0 && frozen_order(&a, &b) == 0) result = wrong(check, node->keys.at, "a key comes twice");
        }
        if (result < 0) return result;
    }
    return 0;
}

/* Each entry behind the one before it: so every position comes once. */
static int check_index(struct check *check, const struct frozen_node *node) {
    const struct frozen_list *keys = &node->keys;
    uint64_t at = keys->at + keys->head + keys->count * (keys->wide ? 8 : 4);
    struct frozen_value last, key;
    uint32_t last_hash = 0;
    for (uint64_t i = 0; i < keys->count; i++, at += 8) {
        uint32_t hash = frozen_load32(check->f->data + at), position = frozen_load32(check->f->data + at + 4);
        if (position >= keys->count) return wrong(check, at, "the index of a map leads beyond its keys");
        int result = key_at(check, node, position, &key);
        if (result < 0) return result;
        if (hash != frozen_key_hash(&key)) return wrong(check, at, "the index of a map has a wrong hash");
        if (i > 0 && (hash < last_hash || (hash == last_hash && frozen_order(&last, &key) >= 0)))
            return wrong(check, at, "the index of a map is not sorted");
        if ((i & 0xfff) == 0 && check->stop && *check->stop) return -ECANCELED;
        last = key;
        last_hash = hash;
    }
    return 0;
}

static int check_keys(struct check *check, const struct frozen_node *node) {
    if (node->keys.count == 0 || node->keys.at == check->good_keys) return 0;
    int result = node->keys.count <= FROZEN_SCAN ? check_few(check, node) : check_index(check, node);
    if (result == 0) check->good_keys = node->keys.at;
    return result;
}

/* ---- Containers ------------------------------------------------------------------------------------------ */

enum { MIXED = 3 };

/* -EAGAIN: first make room. */
static int enter(struct check *check) {
    if (check->depth == check->capacity) return -EAGAIN;
    struct level *level = &check->levels[check->depth];
    if (frozen_enter(check->f, &check->pending, &level->node) < 0) return wrong(check, check->pending.as.at, "a container is damaged");
    int result = check_keys(check, &level->node);
    if (result < 0) return result;
    level->next = 0;
    int is_mixed = check->depth < MIXED || level[-1].node.kind == DATA_TABLE;
    if (is_mixed) check->floor = FROZEN_HEADER;
    if (++check->depth > check->deepest) check->deepest = check->depth;
    return 0;
}

static int leave_list(struct check *check, const struct frozen_list *list) {
    if (!list->head) return 0;
    if (list->at < check->floor) return wrong(check, list->at, "a container lies within another, or is there twice");
    check->floor = list->at + list->head + list->count * (list->wide ? 8 : 4);
    check->bytes += check->floor - list->at;
    return check->bytes > check->f->size ? wrong(check, list->at, "containers lie within others") : 0;
}

static int leave(struct check *check, const struct frozen_node *node) {
    int result = leave_list(check, &node->items);
    if (result == 0) result = leave_list(check, &node->values);
    if (result == 0 && node->kind == DATA_TABLE) result = node->at < check->floor ? wrong(check, node->at, "a table lies before its parts") : 0;
    if (result == 0 && node->kind == DATA_TABLE) check->floor = node->at + FROZEN_UNIT;
    check->depth--;
    return result;
}

/* One value. 1: there is more. */
static int step(struct check *check) {
    struct frozen_value key;
    int result = 0;
    if (check->has_pending) {
        if (check->pending.kind >= DATA_ARRAY) result = enter(check);
        if (result < 0) return result;
        check->has_pending = 0;
        check->values++;
        return 1;
    }
    if (check->depth == 0) return 0;
    struct level *level = &check->levels[check->depth - 1];
    if (level->next == frozen_count(&level->node)) return (result = leave(check, &level->node)) < 0 ? result : 1;
    result = frozen_pair(check->f, &level->node, level->next, &key, &check->pending);
    if (result < 0) {
        snprintf(check->report->text, sizeof check->report->text, "value %" PRIu64 " of a container is damaged", level->next + 1);
        check->report->at = level->node.at;
        return result;
    }
    level->next++;
    check->has_pending = 1;
    return 1;
}

enum { STEPS = 16 * 1024, PIECE = 1 << 20 };

/* Holds nothing: the guard may end it anywhere. */
static void steps(void *argument) {
    struct check *check = argument;
    check->result = 1;
    for (int i = 0; check->result == 1 && i < STEPS; i++) check->result = step(check);
}

static void sum_piece(void *argument) {
    struct check *check = argument;
    uint64_t left = check->f->size - check->summed;
    size_t size = left < PIECE ? (size_t)left : PIECE;
    check->sum = frozen_hash(check->sum, check->f->data + check->summed, size);
    check->summed += size;
}

/* ---- The whole ------------------------------------------------------------------------------------------- */

static int is_stopped(const struct check *check) {
    return check->stop && *check->stop;
}

static int check_sum(struct check *check) {
    check->summed = FROZEN_HEADER;
    check->sum = frozen_hash_begin(0);
    while (check->summed < check->f->size) {
        int result = frozen_guarded(check->f, sum_piece, check);
        if (result == 0 && is_stopped(check)) result = -ECANCELED;
        if (result < 0) return result;
    }
    if (check->sum != check->f->checksum) return wrong(check, FROZEN_AT_CHECKSUM, "the checksum does not fit: some byte was changed");
    return 0;
}

static int make_room(struct check *check, struct data_memory memory) {
    uint32_t wanted = check->capacity ? 2 * check->capacity : 16;
    struct level *levels = memory.resize(memory.context, check->levels, check->capacity * sizeof levels[0], wanted * sizeof levels[0]);
    if (!levels) return -ENOMEM;
    check->levels = levels;
    check->capacity = wanted;
    return 0;
}

static void read_root(void *argument) {
    struct check *check = argument;
    check->result = frozen_root(check->f, &check->pending);
}

static int check_tree(struct check *check, struct data_memory memory) {
    if (frozen_guarded(check->f, read_root, check) < 0) return -EIO;
    if (check->result < 0) return wrong(check, FROZEN_AT_ROOT, "the root is damaged");
    check->has_pending = 1;
    for (check->result = 1; check->result == 1;) {
        int result = frozen_guarded(check->f, steps, check);
        if (result == 0 && check->result == -EAGAIN) {
            result = make_room(check, memory);
            check->result = 1;
        }
        if (result == 0 && is_stopped(check)) result = -ECANCELED;
        if (result < 0) return result;
    }
    return check->result;
}

static int check_counts(struct check *check) {
    if (check->values > check->f->values) return wrong(check, FROZEN_AT_VALUES, "there are more values than the header counts");
    if (check->deepest > check->f->depth) return wrong(check, FROZEN_AT_DEPTH, "the tree is deeper than the header tells");
    return 0;
}

int frozen_check(const struct frozen *f, struct data_memory memory, const volatile int *stop, struct frozen_report *report) {
    struct check check = { .f = f, .stop = stop, .report = report, .floor = FROZEN_HEADER };
    int result = check_sum(&check);
    if (result == 0) result = check_tree(&check, memory);
    if (result == 0) result = check_counts(&check);
    if (check.levels) memory.resize(memory.context, check.levels, check.capacity * sizeof check.levels[0], 0);
    return result;
}
