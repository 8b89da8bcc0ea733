/* frozen_keys.c: the keys of one map: shared with maps of the same shape, or sorted, each once, and written with their index.
 * Invariant: keys are only compared when their hashes are the same.
 * SPDX-License-Identifier: MIT */
#include "data/frozen_writer.h"

#include <errno.h>
#include <string.h>

#include "data/frozen.h"

/* So many different keys of one map may have the same hash; more are an attack. */
enum { SAME_MOST = 4096 };

/* The word `which` (0: mark, 1: key, 2: value) of a pair. */
static int pair_word(struct frozen_writer *writer, const struct frozen_frame *frame, uint64_t position, int which, uint64_t *word) {
    const uint64_t *words;
    size_t count;
    int result = frozen_stack_view(&writer->stack, frame->base + FROZEN_PAIR * position + (uint64_t)which, &words, &count);
    if (result == 0) *word = *words;
    return result;
}

/* ---- Comparing keys with the same hash ------------------------------------------------------------------- */

struct text {
    uint64_t at, size;
};

static int read_text(struct frozen_writer *writer, uint64_t word, struct text *text) {
    unsigned char first;
    uint64_t at = (word & FROZEN_WIDE_MOST) * FROZEN_UNIT, long_size = 0;
    int result = frozen_out_read(&writer->out, at, &first, 1);
    if (result < 0) return result;
    size_t bytes = first >> 1 < 126 ? 0 : first >> 1 == 126 ? 4 : 8;
    result = frozen_out_read(&writer->out, at + 1, &long_size, bytes);
    *text = (struct text){ at + 1 + bytes, bytes ? long_size : (uint64_t)first >> 1 };
    return result;
}

/* As frozen_order: *order is negative, 0 or positive. */
static int compare_texts(struct frozen_writer *writer, uint64_t a, uint64_t b, int *order) {
    struct text x, y;
    char left[256], right[256];
    int result = read_text(writer, a, &x);
    if (result == 0) result = read_text(writer, b, &y);
    if (result < 0) return result;
    *order = x.size < y.size ? -1 : x.size > y.size;
    for (uint64_t done = 0; *order == 0 && done < x.size; done += sizeof left) {
        size_t size = x.size - done < sizeof left ? (size_t)(x.size - done) : sizeof left;
        result = frozen_out_read(&writer->out, x.at + done, left, size);
        if (result == 0) result = frozen_out_read(&writer->out, y.at + done, right, size);
        if (result < 0) return result;
        *order = memcmp(left, right, size);
    }
    return 0;
}

static struct frozen_value scalar(uint64_t word) {
    struct frozen_value value = { .kind = DATA_STRING };
    if (frozen_tag(word) == FROZEN_NUMBER) value.kind = DATA_NUMBER, value.as.number = frozen_double(word);
    if (frozen_tag(word) == FROZEN_CONSTANT) value.kind = DATA_BOOLEAN, value.as.boolean = (word & FROZEN_WIDE_MOST) == FROZEN_IS_TRUE;
    return value;
}

int frozen_keys_compare(struct frozen_writer *writer, uint64_t a, uint64_t b, int *order) {
    struct frozen_value x = scalar(a), y = scalar(b);
    *order = 0;
    if (a == b) return 0;
    if (x.kind == DATA_STRING && y.kind == DATA_STRING) return compare_texts(writer, a, b, order);
    *order = frozen_order(&x, &y);
    return 0;
}

/* ---- Groups of keys with the same hash ------------------------------------------------------------------- */

struct member {
    uint64_t word;
    uint32_t position;
};

struct group {
    struct member *members;
    uint32_t count, capacity;
    uint32_t hash, next; /* the hash; which member comes out next */
    struct frozen_entry ahead; /* the first entry of the next group */
    uint64_t removed; /* pairs, of all groups */
    int has_ahead;
};

static void close_group(struct frozen_writer *writer, struct group *group) {
    if (group->members) writer->memory.resize(writer->memory.context, group->members, group->capacity * sizeof group->members[0], 0);
}

static int add_member(struct frozen_writer *writer, struct group *group, uint64_t word, uint32_t position) {
    if (group->count == SAME_MOST) {
        writer->why = "more than 4096 keys of a map have the same hash";
        return -EDOM;
    }
    if (group->count == group->capacity) {
        uint32_t wanted = group->capacity ? 2 * group->capacity : 4;
        struct member *members = writer->memory.resize(writer->memory.context, group->members, group->capacity * sizeof members[0], wanted * sizeof members[0]);
        if (!members) return -ENOMEM;
        group->members = members;
        group->capacity = wanted;
    }
    group->members[group->count++] = (struct member){ word, position };
    return 0;
}

/* Where a key lies among the members, or would. */
static int find_member(struct frozen_writer *writer, const struct group *group, uint64_t word, uint32_t *at, int *is_there) {
    uint32_t low = 0, high = group->count;
    for (*is_there = 0; low < high && !*is_there;) {
        uint32_t middle = low + (high - low) / 2;
        int order, result = frozen_keys_compare(writer, group->members[middle].word, word, &order);
        if (result < 0) return result;
        *is_there = order == 0;
        if (order < 0) low = middle + 1;
        else high = middle;
    }
    *at = high;
    return 0;
}

/* Keeps the members in order; a key that comes again takes the place of the pair before, which is marked as removed. */
static int insert_member(struct frozen_writer *writer, const struct frozen_frame *frame, struct group *group, uint32_t position) {
    uint64_t word;
    uint32_t at = 0;
    int is_there, result = pair_word(writer, frame, position, 1, &word);
    if (result == 0) result = find_member(writer, group, word, &at, &is_there);
    if (result < 0) return result;
    if (is_there) {
        uint64_t before = group->members[at].position;
        group->members[at].position = position;
        group->removed++;
        return frozen_stack_set(&writer->stack, frame->base + FROZEN_PAIR * before, FROZEN_REMOVED);
    }
    result = add_member(writer, group, word, position);
    if (result < 0) return result;
    memmove(group->members + at + 1, group->members + at, (group->count - 1 - at) * sizeof group->members[0]);
    group->members[at] = (struct member){ word, position };
    return 0;
}

/* The next group, at least one key: 1; 0 behind the last. A key that is alone is not looked at. */
static int next_group(struct frozen_writer *writer, const struct frozen_frame *frame, struct group *group) {
    struct frozen_entry first = group->ahead, entry;
    int is_alone = 1, result = group->has_ahead ? 1 : frozen_sort_next(&writer->sort, &first);
    if (result <= 0) return result;
    group->hash = first.hash;
    group->count = 0;
    result = add_member(writer, group, 0, first.position);
    if (result < 0) return result;
    while ((result = frozen_sort_next(&writer->sort, &entry)) == 1 && entry.hash == first.hash) {
        if (is_alone) {
            is_alone = group->count = 0;
            result = insert_member(writer, frame, group, first.position);
        }
        if (result >= 0) result = insert_member(writer, frame, group, entry.position);
        if (result < 0) return result;
    }
    group->ahead = entry;
    group->has_ahead = result == 1;
    return result < 0 ? result : 1;
}

/* ---- Keys that come again -------------------------------------------------------------------------------- */

static int find_equal(struct frozen_writer *writer, struct frozen_frame *frame, uint64_t *removed) {
    struct group group = { .count = 0 };
    int result = frozen_sort_begin(&writer->sort);
    while (result == 0 && (result = next_group(writer, frame, &group)) == 1) result = 0;
    *removed = group.removed;
    close_group(writer, &group);
    return result;
}

static int sort_keys(struct frozen_writer *writer, struct frozen_frame *frame) {
    int result = 0;
    frozen_sort_clear(&writer->sort);
    for (uint64_t position = 0; result == 0 && position < frame->pairs;) {
        const uint64_t *words;
        size_t count;
        result = frozen_stack_view(&writer->stack, frame->base + FROZEN_PAIR * position, &words, &count);
        for (size_t i = 0; result == 0 && i < count && position < frame->pairs; i += FROZEN_PAIR)
            result = frozen_sort_put(&writer->sort, (uint32_t)words[i], (uint32_t)position++);
        if (writer->options.stop && *writer->options.stop) result = -ECANCELED;
    }
    return result;
}

/* Whether a pair is to stay, in a frame that had so many items. */
static int stays(uint64_t items, int keep_nil, const uint64_t pair[FROZEN_PAIR]) {
    if (pair[0] == FROZEN_REMOVED || pair[0] & FROZEN_OF_WORD) return 0;
    if (!keep_nil && pair[2] == (FROZEN_WIDE_TAG(FROZEN_CONSTANT) | FROZEN_IS_NIL)) return 0;
    double number = frozen_double(pair[1]);
    return frozen_tag(pair[1]) != FROZEN_NUMBER || !(number >= 1 && number <= (double)items && number == (double)(uint64_t)number);
}

/* Moves the pairs that stay to the bottom of the frame. */
static int compact(struct frozen_writer *writer, struct frozen_frame *frame, int keep_nil) {
    struct frozen_pass pass;
    uint64_t pair[FROZEN_PAIR], to = frame->base, kept = 0;
    int result;
    frozen_pass_begin(&pass, &writer->stack, frame->base, FROZEN_ITEMS);
    while ((result = frozen_pass_any(&pass, pair)) > 0) {
        if (result == 1 || !stays(frame->items, keep_nil, pair)) continue;
        for (int i = 0; i < FROZEN_PAIR; i++)
            if ((result = frozen_stack_set(&writer->stack, to++, pair[i])) < 0) return result;
        kept++;
    }
    if (result < 0) return result;
    frozen_stack_cut(&writer->stack, to);
    frame->pairs = kept;
    frame->items = 0;
    return 0;
}

int frozen_keys_only(struct frozen_writer *writer, struct frozen_frame *frame) {
    return compact(writer, frame, 0);
}

/* ---- Writing --------------------------------------------------------------------------------------------- */

/* The keys of a small map, in order: how many, or 0 when they are too many, or not in memory. */
static uint32_t gather(struct frozen_writer *writer, const struct frozen_frame *frame, uint64_t keys[FROZEN_SHAPE_KEYS]) {
    const uint64_t *words;
    size_t count;
    if (frame->pairs == 0 || frame->pairs > FROZEN_SHAPE_KEYS || frame->base < writer->stack.spilled) return 0;
    frozen_stack_view(&writer->stack, frame->base, &words, &count);
    for (uint64_t i = 0; i < frame->pairs; i++) keys[i] = words[FROZEN_PAIR * i + 1];
    return (uint32_t)frame->pairs;
}

static int put_index(struct frozen_writer *writer, struct frozen_frame *frame) {
    struct group group = { .count = 0 };
    int result = frozen_sort_begin(&writer->sort);
    while (result == 0 && (result = next_group(writer, frame, &group)) == 1) {
        result = 0;
        for (uint32_t i = 0; result == 0 && i < group.count; i++) {
            result = frozen_out_put32(&writer->out, group.hash);
            if (result == 0) result = frozen_out_put32(&writer->out, group.members[i].position);
        }
    }
    close_group(writer, &group);
    return result;
}

/* Sorted, and each key once. */
static int order_keys(struct frozen_writer *writer, struct frozen_frame *frame) {
    uint64_t removed = 0;
    if (frame->pairs > UINT32_MAX) {
        writer->why = "a map has more than 4294967295 keys";
        return -EDOM;
    }
    int result = sort_keys(writer, frame);
    if (result == 0) result = find_equal(writer, frame, &removed);
    if (result < 0 || removed == 0) return result;
    result = compact(writer, frame, 1);
    return result < 0 ? result : sort_keys(writer, frame);
}

static int put_keys(struct frozen_writer *writer, struct frozen_frame *frame, uint64_t *at) {
    uint64_t keys[FROZEN_SHAPE_KEYS];
    uint32_t count = gather(writer, frame, keys);
    *at = count ? frozen_share_shape(&writer->share, keys, count) : 0;
    if (*at) return 0;
    int result = order_keys(writer, frame);
    if (result < 0) return result;
    struct frozen_slots slots = { FROZEN_KEYS, frame->base, FROZEN_KEY_WORDS, frame->pairs, 0 };
    result = frozen_slots_put(writer, &slots, at);
    if (result == 0 && frame->pairs > FROZEN_SCAN) result = put_index(writer, frame);
    if (result == 0 && (count = gather(writer, frame, keys)) > 0) frozen_share_add_shape(&writer->share, keys, count, *at);
    return result;
}

int frozen_keys_put_map(struct frozen_writer *writer, struct frozen_frame *frame, uint64_t *at) {
    uint64_t keys = 0;
    int result = put_keys(writer, frame, &keys);
    if (result < 0) return result;
    struct frozen_slots slots = { FROZEN_MAP, frame->base, FROZEN_VALUE_WORDS, frame->pairs, keys };
    return frozen_slots_put(writer, &slots, at);
}
