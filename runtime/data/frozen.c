/* frozen.c: opening a frozen file and looking values up.
 * Invariant: a list is made only when all its slots lie within the file; a distance leads before the container it is in.
 * SPDX-License-Identifier: MIT */
#include "data/frozen.h"

#include <errno.h>

#include "platform.h"

#include "data/frozen_format.h"

static int has(const struct frozen *f, uint64_t at, uint64_t size) {
    return at >= FROZEN_HEADER && at <= f->size && size <= f->size - at;
}

/* ---- Opening --------------------------------------------------------------------------------------------- */

static int refuse(int error, const char *text, const char **why) {
    if (why) *why = text;
    return error;
}

static int check_header(const char *data, size_t size, const char **why) {
    if (size < 8 || memcmp(data, FROZEN_MAGIC, 8) != 0) return refuse(-EILSEQ, "this is no frozen file", why);
    if (size < FROZEN_HEADER) return refuse(-EILSEQ, "the file is cut off within its header", why);
    if (frozen_load16(data + FROZEN_AT_MAJOR) > FROZEN_MAJOR)
        return refuse(-ENOTSUP, "a newer version of moonbear made this file, and is needed to read it", why);
    uint64_t hash = frozen_hash(frozen_hash_begin(FROZEN_AT_HEADER), data, FROZEN_AT_HEADER);
    if (frozen_load64(data + FROZEN_AT_HEADER) != hash || frozen_load16(data + FROZEN_AT_MAJOR) == 0)
        return refuse(-EILSEQ, "the header is damaged", why);
    if (frozen_load64(data + FROZEN_AT_SIZE) > size) return refuse(-EILSEQ, "the file is cut off", why);
    if (frozen_load64(data + FROZEN_AT_SIZE) < size) return refuse(-EILSEQ, "there are bytes behind the end of the file", why);
    return 0;
}

int frozen_open(const char *data, size_t size, struct frozen *f, const char **why) {
    struct frozen_value root;
    memset(f, 0, sizeof *f);
    int result = check_header(data, size, why);
    if (result < 0) return result;
    f->data = data;
    f->size = size;
    f->flags = frozen_load32(data + FROZEN_AT_FLAGS);
    f->root = frozen_load64(data + FROZEN_AT_ROOT);
    f->values = frozen_load64(data + FROZEN_AT_VALUES);
    f->depth = frozen_load32(data + FROZEN_AT_DEPTH);
    f->checksum = frozen_load64(data + FROZEN_AT_CHECKSUM);
    return frozen_root(f, &root) < 0 ? refuse(-EILSEQ, "the root is damaged", why) : 0;
}

int frozen_guarded(const struct frozen *f, void (*fn)(void *arg), void *arg) {
    if (!f->is_mapped) {
        fn(arg);
        return 0;
    }
    return plat_guarded(fn, arg, f->data, f->data + f->size) < 0 ? -EIO : 0;
}

/* ---- Slots ----------------------------------------------------------------------------------------------- */

static int read_constant(uint64_t which, struct frozen_value *value) {
    if (which > FROZEN_IS_NULL) return -EILSEQ;
    value->kind = which == FROZEN_IS_NIL || which == FROZEN_IS_NULL ? DATA_NIL : DATA_BOOLEAN;
    if (which == FROZEN_IS_NIL) value->flags = DATA_HOLE;
    value->as.boolean = which == FROZEN_IS_TRUE;
    return 0;
}

static int read_string(const struct frozen *f, uint64_t at, struct frozen_value *value) {
    if (!has(f, at, 1)) return -EILSEQ;
    unsigned first = (unsigned char)*(const volatile char *)(f->data + at), head = 1;
    uint64_t size = first >> 1;
    if (size >= 126) {
        head = size == 126 ? 5 : 9;
        if (!has(f, at, head)) return -EILSEQ;
        size = size == 126 ? frozen_load32(f->data + at + 1) : frozen_load64(f->data + at + 1);
    }
    if (!has(f, at + head, size)) return -EILSEQ;
    value->kind = DATA_STRING;
    value->flags = first & 1 ? DATA_BINARY : 0;
    value->size = (size_t)size;
    value->as.text = f->data + at + head;
    return 0;
}

static int read_number(const struct frozen *f, uint64_t at, struct frozen_value *value) {
    if (!has(f, at, 8)) return -EILSEQ;
    value->kind = DATA_NUMBER;
    value->as.number = frozen_double(frozen_load64(f->data + at));
    return 0;
}

/* What a tag and a place mean. */
static int read_target(const struct frozen *f, unsigned tag, uint64_t at, struct frozen_value *value) {
    switch (tag) {
    case FROZEN_STRING: return read_string(f, at, value);
    case FROZEN_NUMBER: return read_number(f, at, value);
    case FROZEN_TO_ARRAY:
    case FROZEN_TO_MAP:
    case FROZEN_TO_TABLE:
        value->kind = (uint8_t)(DATA_ARRAY + (tag - FROZEN_TO_ARRAY));
        value->as.at = at;
        return has(f, at, FROZEN_UNIT) ? 0 : -EILSEQ;
    default: return -EILSEQ;
    }
}

/* Back from `from`; 0, which nothing begins at, when the distance is none. */
static uint64_t back(uint64_t from, uint64_t distance) {
    return distance == 0 || distance >= from / FROZEN_UNIT ? 0 : from - distance * FROZEN_UNIT;
}

static int read_narrow(const struct frozen *f, uint64_t from, uint32_t word, struct frozen_value *value) {
    unsigned tag = word & 7;
    if (tag == FROZEN_INTEGER) {
        value->kind = DATA_NUMBER;
        value->as.number = (int32_t)word >> 3;
        return 0;
    }
    if (tag == FROZEN_CONSTANT) return read_constant(word >> 3, value);
    return read_target(f, tag, back(from, word >> 3), value);
}

static int read_wide(const struct frozen *f, uint64_t from, uint64_t word, struct frozen_value *value) {
    if (word < FROZEN_WIDE_TAG(0)) {
        value->kind = DATA_NUMBER;
        value->as.number = frozen_double(word);
        return 0;
    }
    unsigned tag = (unsigned)(word >> 48) - 0xfff8;
    if (tag == FROZEN_CONSTANT) return read_constant(word & FROZEN_WIDE_MOST, value);
    if (tag >= FROZEN_NUMBER) return -EILSEQ;
    return read_target(f, tag, back(from, word & FROZEN_WIDE_MOST), value);
}

int frozen_root(const struct frozen *f, struct frozen_value *value) {
    uint64_t place = f->root & FROZEN_WIDE_MOST;
    memset(value, 0, sizeof *value);
    if (f->root < FROZEN_WIDE_TAG(FROZEN_STRING)) return read_wide(f, 0, f->root, value);
    if (place > f->size / FROZEN_UNIT || f->root >= FROZEN_WIDE_TAG(FROZEN_NUMBER)) return -EILSEQ;
    return read_target(f, (unsigned)(f->root >> 48) - 0xfff8, place * FROZEN_UNIT, value);
}

/* The i-th slot; i is less than the count. */
static int read_slot(const struct frozen *f, const struct frozen_list *list, uint64_t i, struct frozen_value *value) {
    const char *slots = f->data + list->at + list->head;
    memset(value, 0, sizeof *value);
    if (list->wide) return read_wide(f, list->at, frozen_load64(slots + 8 * i), value);
    return read_narrow(f, list->at, frozen_load32(slots + 4 * i), value);
}

/* ---- Containers ------------------------------------------------------------------------------------------ */

/* The head of a container of that kind. `before` is what lies between its head and its slots, in slots. */
static int read_list(const struct frozen *f, uint64_t at, enum frozen_container kind, unsigned before, struct frozen_list *list) {
    if (!has(f, at, 4)) return -EILSEQ;
    uint32_t word = frozen_load32(f->data + at);
    if ((word & 3) != kind) return -EILSEQ;
    list->at = at;
    list->wide = (word & FROZEN_WIDE) != 0;
    list->count = word >> FROZEN_COUNT_SHIFT;
    list->head = 4;
    if (list->count == FROZEN_COUNT_LONG) {
        if (!has(f, at, 12)) return -EILSEQ;
        list->count = frozen_load64(f->data + at + 4);
        list->head = 12;
    }
    unsigned slot = list->wide ? 8 : 4;
    if (list->count > f->size / slot || !has(f, at, list->head + before * slot)) return -EILSEQ;
    list->head += before * slot;
    return has(f, at + list->head, list->count * slot) ? 0 : -EILSEQ;
}

static int enter_map(const struct frozen *f, uint64_t at, struct frozen_node *node) {
    struct frozen_list *values = &node->values;
    int result = read_list(f, at, FROZEN_MAP, 1, values);
    if (result < 0) return result;
    const char *distance = f->data + at + values->head - (values->wide ? 8 : 4);
    uint64_t keys = back(at, values->wide ? frozen_load64(distance) : frozen_load32(distance));
    result = read_list(f, keys, FROZEN_KEYS, 0, &node->keys);
    if (result < 0) return result;
    uint64_t count = node->keys.count, end = keys + node->keys.head + count * (node->keys.wide ? 8 : 4);
    if (count != values->count || count > UINT32_MAX) return -EILSEQ;
    return count <= FROZEN_SCAN || has(f, end, 8 * count) ? 0 : -EILSEQ;
}

static int enter_table(const struct frozen *f, uint64_t at, struct frozen_node *node) {
    struct frozen_list parts;
    struct frozen_value items, map;
    int result = read_list(f, at, FROZEN_TABLE, 0, &parts);
    if (result == 0 && parts.count != 2) return -EILSEQ;
    if (result == 0) result = read_slot(f, &parts, 0, &items);
    if (result == 0) result = read_slot(f, &parts, 1, &map);
    if (result < 0 || items.kind != DATA_ARRAY || map.kind != DATA_MAP) return -EILSEQ;
    result = read_list(f, items.as.at, FROZEN_ARRAY, 0, &node->items);
    return result < 0 ? result : enter_map(f, map.as.at, node);
}

int frozen_enter(const struct frozen *f, const struct frozen_value *value, struct frozen_node *node) {
    memset(node, 0, sizeof *node);
    node->kind = value->kind;
    node->at = value->as.at;
    switch (value->kind) {
    case DATA_ARRAY: return read_list(f, node->at, FROZEN_ARRAY, 0, &node->items);
    case DATA_MAP: return enter_map(f, node->at, node);
    case DATA_TABLE: return enter_table(f, node->at, node);
    default: return -EILSEQ;
    }
}

static int read_key(const struct frozen *f, const struct frozen_node *node, uint64_t i, struct frozen_value *key) {
    int result = read_slot(f, &node->keys, i, key);
    if (result < 0 || key->kind < DATA_BOOLEAN || key->kind > DATA_STRING) return -EILSEQ;
    return key->kind == DATA_NUMBER && key->as.number != key->as.number ? -EILSEQ : 0;
}

int frozen_pair(const struct frozen *f, const struct frozen_node *node, uint64_t i, struct frozen_value *key, struct frozen_value *value) {
    if (i < node->items.count) {
        memset(key, 0, sizeof *key);
        key->kind = DATA_NUMBER;
        key->as.number = (double)i + 1;
        return read_slot(f, &node->items, i, value);
    }
    i -= node->items.count;
    if (i >= node->values.count) return -ENOENT;
    int result = read_key(f, node, i, key);
    return result < 0 ? result : read_slot(f, &node->values, i, value);
}

/* ---- Look-up --------------------------------------------------------------------------------------------- */

int frozen_order(const struct frozen_value *a, const struct frozen_value *b) {
    if (a->kind != b->kind) return a->kind < b->kind ? -1 : 1;
    if (a->kind == DATA_BOOLEAN) return (a->as.boolean > b->as.boolean) - (a->as.boolean < b->as.boolean);
    if (a->kind == DATA_NUMBER) return (a->as.number > b->as.number) - (a->as.number < b->as.number);
    if (a->size != b->size) return a->size < b->size ? -1 : 1;
    return memcmp(a->as.text, b->as.text, a->size);
}

uint32_t frozen_key_hash(const struct frozen_value *key) {
    if (key->kind == DATA_STRING) return frozen_hash_text(key->as.text, key->size);
    if (key->kind == DATA_BOOLEAN) return frozen_hash_word(key->as.boolean ? FROZEN_IS_TRUE : FROZEN_IS_FALSE);
    return frozen_hash_word(frozen_bits(key->as.number + 0.0)); /* -0 becomes 0 */
}

/* The position of a key among few. */
static int scan(const struct frozen *f, const struct frozen_node *node, const struct frozen_value *key, uint64_t *position) {
    struct frozen_value other;
    for (uint64_t i = 0; i < node->keys.count; i++) {
        if (read_key(f, node, i, &other) < 0) return -EILSEQ;
        if (frozen_order(key, &other) != 0) continue;
        *position = i;
        return 0;
    }
    return -ENOENT;
}

/* Where to look next in [lo, hi): hashes are spread evenly, so where this one should be; after some tries, halfway. */
static uint64_t guess(uint64_t lo, uint64_t hi, uint32_t low, uint32_t high, uint32_t hash, int tries) {
    if (tries > 4 || high <= low || hash < low || hash > high) return lo + (hi - lo) / 2;
    return lo + (uint64_t)((__uint128_t)(hi - lo) * (hash - low) / ((uint64_t)high - low + 1));
}

/* The position of a key by the index, sorted by hash and, where that is the same, by the keys themselves. */
static int search(const struct frozen *f, const struct frozen_node *node, const struct frozen_value *key, uint64_t *position) {
    const struct frozen_list *keys = &node->keys;
    const char *index = f->data + keys->at + keys->head + keys->count * (keys->wide ? 8 : 4);
    uint32_t hash = frozen_key_hash(key), low = 0, high = UINT32_MAX;
    uint64_t lo = 0, hi = keys->count;
    struct frozen_value other;
    for (int tries = 0; lo < hi; tries++) {
        uint64_t middle = guess(lo, hi, low, high, hash, tries);
        uint32_t found = frozen_load32(index + 8 * middle);
        int order = hash < found ? -1 : hash > found;
        if (order == 0) {
            *position = frozen_load32(index + 8 * middle + 4);
            if (*position >= keys->count || read_key(f, node, *position, &other) < 0) return -EILSEQ;
            order = frozen_order(key, &other);
        }
        if (order == 0) return 0;
        if (order < 0) hi = middle, high = found;
        else lo = middle + 1, low = found;
    }
    return -ENOENT;
}

int frozen_find(const struct frozen *f, const struct frozen_node *node, const struct frozen_value *key, struct frozen_value *value) {
    uint64_t position;
    if (key->kind == DATA_NUMBER && key->as.number >= 1 && key->as.number <= (double)node->items.count) {
        uint64_t i = (uint64_t)key->as.number;
        if ((double)i == key->as.number) return read_slot(f, &node->items, i - 1, value);
    }
    int is_nan = key->kind == DATA_NUMBER && key->as.number != key->as.number;
    if (node->keys.count == 0 || is_nan) return -ENOENT;
    int result = node->keys.count <= FROZEN_SCAN ? scan(f, node, key, &position) : search(f, node, key, &position);
    return result < 0 ? result : read_slot(f, &node->values, position, value);
}

int frozen_find_number(const struct frozen *f, const struct frozen_node *node, double number, struct frozen_value *value) {
    struct frozen_value key = { .kind = DATA_NUMBER, .as.number = number };
    return frozen_find(f, node, &key, value);
}

int frozen_find_text(const struct frozen *f, const struct frozen_node *node, const char *text, size_t size, struct frozen_value *value) {
    struct frozen_value key = { .kind = DATA_STRING, .size = size, .as.text = text };
    return frozen_find(f, node, &key, value);
}

/* 1, 0 or -EILSEQ. */
static int has_number(const struct frozen *f, const struct frozen_node *node, uint64_t n) {
    struct frozen_value value;
    int result = frozen_find_number(f, node, (double)n, &value);
    if (result == -ENOENT) return 0;
    return result < 0 ? result : !(value.flags & DATA_HOLE);
}

/* As luaH_getn does: doubles, then halves. */
int frozen_length(const struct frozen *f, const struct frozen_node *node, uint64_t *length) {
    uint64_t lo = node->items.count, hi = lo + 1;
    int there = 0;
    while (node->keys.count > 0 && (there = has_number(f, node, hi)) == 1 && hi < UINT64_C(1) << 52) {
        lo = hi;
        hi *= 2;
    }
    while (there >= 0 && hi - lo > 1) {
        uint64_t middle = lo + (hi - lo) / 2;
        there = has_number(f, node, middle);
        if (there > 0) lo = middle;
        else hi = middle;
    }
    *length = lo;
    return there < 0 ? there : 0;
}
