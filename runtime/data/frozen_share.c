/* frozen_share.c: see frozen_share.h.
 * Invariant: an entry lies in one of the two places of its hash; of two that meet there the one used last stays.
 * SPDX-License-Identifier: MIT */
#include "data/frozen_share.h"

#include <string.h>

#include "data/frozen_format.h"

enum {
    LEAST = 64,
    MOST_TEXTS = 16 * 1024, /* of 64 bytes */
    MOST_SHAPES = 1024,     /* of some 400 */
    INLINE_TEXT = 43,       /* longer ones are compared where they were written */
    LONGEST_TEXT = 4096,    /* and these are not looked for */
};

struct frozen_text {
    uint64_t at; /* 0: no entry */
    uint32_t hash, size;
    uint8_t flags;
    char text[INLINE_TEXT];
};

struct frozen_shape {
    uint64_t at, hash;
    uint32_t count;
    uint64_t keys[FROZEN_SHAPE_KEYS];
};

void frozen_share_open(struct frozen_share *share, struct data_memory memory) {
    memset(share, 0, sizeof *share);
    share->memory = memory;
}

static void *resize(struct frozen_share *share, void *block, size_t old_size, size_t new_size) {
    return share->memory.resize(share->memory.context, block, old_size, new_size);
}

void frozen_share_close(struct frozen_share *share) {
    if (share->texts) resize(share, share->texts, share->text_capacity * sizeof share->texts[0], 0);
    if (share->shapes) resize(share, share->shapes, share->shape_capacity * sizeof share->shapes[0], 0);
    frozen_share_open(share, share->memory);
}

/* ---- Strings --------------------------------------------------------------------------------------------- */

static int is_same(struct frozen_out *out, const struct frozen_text *entry, const char *text, size_t size) {
    char piece[LONGEST_TEXT];
    if (size <= INLINE_TEXT) return memcmp(entry->text, text, size) == 0;
    size_t head = size < 126 ? 1 : 5;
    return frozen_out_read(out, entry->at + head, piece, size) == 0 && memcmp(piece, text, size) == 0;
}

uint64_t frozen_share_text(struct frozen_share *share, struct frozen_out *out, uint64_t hash, const char *text, size_t size, int flags) {
    uint32_t place = (uint32_t)hash & (share->text_capacity - 1), tag = (uint32_t)(hash >> 32);
    if (!share->texts || size > LONGEST_TEXT) return 0;
    for (uint32_t i = 0; i < 2; i++) {
        struct frozen_text *entry = &share->texts[place ^ i];
        if (entry->at && entry->hash == tag && entry->size == size && entry->flags == flags && is_same(out, entry, text, size)) return entry->at;
    }
    return 0;
}

/* Twice as many places. What was there is forgotten: it comes again if it is frequent. */
static int grow_texts(struct frozen_share *share) {
    uint32_t wanted = share->text_capacity ? share->text_capacity * 4 : LEAST;
    if (share->text_capacity == MOST_TEXTS || (share->texts && share->text_count < share->text_capacity / 2)) return 0;
    struct frozen_text *texts = resize(share, NULL, 0, wanted * sizeof texts[0]);
    if (!texts) return share->texts ? 0 : -1;
    memset(texts, 0, wanted * sizeof texts[0]);
    if (share->texts) resize(share, share->texts, share->text_capacity * sizeof texts[0], 0);
    share->texts = texts;
    share->text_capacity = wanted;
    share->text_count = 0;
    return 0;
}

void frozen_share_add_text(struct frozen_share *share, uint64_t hash, const char *text, size_t size, int flags, uint64_t at) {
    if (size > LONGEST_TEXT || grow_texts(share) < 0) return;
    uint32_t place = (uint32_t)hash & (share->text_capacity - 1);
    struct frozen_text *entry = &share->texts[place];
    if (entry->at) share->texts[place ^ 1] = *entry;
    *entry = (struct frozen_text){ .at = at, .hash = (uint32_t)(hash >> 32), .size = (uint32_t)size, .flags = (uint8_t)flags };
    if (size <= INLINE_TEXT) memcpy(entry->text, text, size);
    share->text_count++;
}

/* ---- Keys of maps ---------------------------------------------------------------------------------------- */

static uint64_t hash_keys(const uint64_t *keys, uint32_t count) {
    return frozen_hash(frozen_hash_begin(count), (const char *)keys, count * sizeof keys[0]);
}

uint64_t frozen_share_shape(struct frozen_share *share, const uint64_t *keys, uint32_t count) {
    uint64_t hash = hash_keys(keys, count);
    if (!share->shapes) return 0;
    for (uint32_t i = 0; i < 2; i++) {
        const struct frozen_shape *shape = &share->shapes[(hash >> 32 & (share->shape_capacity - 1)) ^ i];
        if (shape->at && shape->hash == hash && shape->count == count && memcmp(shape->keys, keys, count * sizeof keys[0]) == 0) return shape->at;
    }
    return 0;
}

static int grow_shapes(struct frozen_share *share) {
    uint32_t wanted = share->shape_capacity ? share->shape_capacity * 4 : LEAST / 4;
    if (share->shape_capacity == MOST_SHAPES || (share->shapes && share->shape_count < share->shape_capacity / 2)) return 0;
    struct frozen_shape *shapes = resize(share, NULL, 0, wanted * sizeof shapes[0]);
    if (!shapes) return share->shapes ? 0 : -1;
    memset(shapes, 0, wanted * sizeof shapes[0]);
    if (share->shapes) resize(share, share->shapes, share->shape_capacity * sizeof shapes[0], 0);
    share->shapes = shapes;
    share->shape_capacity = wanted;
    share->shape_count = 0;
    return 0;
}

void frozen_share_add_shape(struct frozen_share *share, const uint64_t *keys, uint32_t count, uint64_t at) {
    uint64_t hash = hash_keys(keys, count);
    if (grow_shapes(share) < 0) return;
    uint32_t place = (uint32_t)(hash >> 32) & (share->shape_capacity - 1);
    struct frozen_shape *shape = &share->shapes[place];
    if (shape->at) share->shapes[place ^ 1] = *shape;
    *shape = (struct frozen_shape){ .at = at, .hash = hash, .count = count };
    memcpy(shape->keys, keys, count * sizeof keys[0]);
    share->shape_count++;
}
