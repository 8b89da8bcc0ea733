/* msgpack_write.c: events as MessagePack (github.com/msgpack/msgpack/blob/master/spec.md), each thing in its shortest form.
 * Invariant: see writer.h; what is written does not depend on whether sizes were told.
 * SPDX-License-Identifier: MIT
 *
 * A container's count stands before its values. Where it is not told, five bytes are kept free, and the place is remembered;
 * when the outermost such container ends, one pass closes the gaps. */
#include "data/text.h"
#include "data/writer.h"

enum { SCALAR = 16, GAP = 5, FIXES_LEAST = 64 };

struct fix {
    size_t at;      /* of the gap in the buffer */
    uint64_t count;
    int is_map;
};

struct fixes {
    struct fix *list;
    size_t count, room;
};

/* ---- Bytes ----------------------------------------------------------------------------------------------- */

/* A type and a big-endian number of `size` bytes; returns behind it. */
static char *put_number(char *at, int type, uint64_t number, int size) {
    *at++ = (char)type;
    for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) *at++ = (char)(number >> shift);
    return at;
}

static void tell(struct data_encoder *e, int type, uint64_t number, int size) {
    e->used = (size_t)(put_number(e->data + e->used, type, number, size) - e->data);
}

static char *put_head(char *at, int is_map, uint64_t count) {
    if (count < 16) return put_number(at, (is_map ? 0x80 : 0x90) | (int)count, 0, 0);
    if (count <= UINT16_MAX) return put_number(at, is_map ? 0xde : 0xdc, count, 2);
    return put_number(at, is_map ? 0xdf : 0xdd, count, 4);
}

static void write_number(struct data_encoder *e, double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    int is_whole = value >= -0x1p63 && value < 0x1p64 && bits != UINT64_C(1) << 63;
    if (is_whole && value >= 0 && (double)(uint64_t)value == value) {
        uint64_t n = (uint64_t)value;
        if (n < 128) tell(e, (int)n, 0, 0);
        else if (n <= UINT8_MAX) tell(e, 0xcc, n, 1);
        else if (n <= UINT16_MAX) tell(e, 0xcd, n, 2);
        else if (n <= UINT32_MAX) tell(e, 0xce, n, 4);
        else tell(e, 0xcf, n, 8);
    } else if (is_whole && value < 0 && (double)(int64_t)value == value) {
        int64_t n = (int64_t)value;
        if (n >= -32) tell(e, (int)n, 0, 0);
        else if (n >= INT8_MIN) tell(e, 0xd0, (uint64_t)n, 1);
        else if (n >= INT16_MIN) tell(e, 0xd1, (uint64_t)n, 2);
        else if (n >= INT32_MIN) tell(e, 0xd2, (uint64_t)n, 4);
        else tell(e, 0xd3, (uint64_t)n, 8);
    } else {
        tell(e, 0xcb, bits, 8);
    }
}

static int write_string(struct data_encoder *e, const struct data_event *event) {
    size_t size = event->size;
    int is_text = !(event->flags & DATA_BINARY) && text_utf8(event->as.text, size) == size;
    if (size > UINT32_MAX) return writer_fail(e, -EDOM, "a string of %.0f bytes; MessagePack has at most 2^32 - 1", (double)size);
    if (is_text && size < 32) tell(e, 0xa0 | (int)size, 0, 0);
    else if (size <= UINT8_MAX) tell(e, is_text ? 0xd9 : 0xc4, size, 1);
    else if (size <= UINT16_MAX) tell(e, is_text ? 0xda : 0xc5, size, 2);
    else tell(e, is_text ? 0xdb : 0xc6, size, 4);
    return writer_text(e, event->as.text, size);
}

/* ---- Counts ---------------------------------------------------------------------------------------------- */

static int hold(struct data_encoder *e, int is_map) {
    struct fixes *fixes = e->state;
    struct writer_level *level = writer_top(e);
    if (fixes->count == fixes->room) {
        size_t wanted = fixes->room ? 2 * fixes->room : FIXES_LEAST;
        struct fix *list = e->memory.resize(e->memory.context, fixes->list, fixes->room * sizeof *list, wanted * sizeof *list);
        if (!list) return -ENOMEM;
        fixes->list = list;
        fixes->room = wanted;
    }
    level->is_held = 1;
    level->fix = fixes->count;
    fixes->list[fixes->count++] = (struct fix){ .at = e->used, .is_map = is_map };
    e->held++;
    e->used += GAP;
    return 0;
}

/* The head of a container, when it is known what it is: with its first value, or at its end. */
static int begin(struct data_encoder *e) {
    struct writer_level *level = writer_top(e);
    int is_map = level->kind == DATA_MAP || (level->kind == DATA_TABLE && !e->options.empty_array);
    int result = writer_room(e, SCALAR + GAP);
    if (result < 0) return result;
    if (level->told == DATA_UNKNOWN && level->count) return hold(e, is_map);
    uint64_t count = level->count ? level->told : 0;
    if (count > UINT32_MAX) return writer_fail(e, -EDOM, "%.0f values; MessagePack has at most 2^32 - 1", (double)count);
    e->used = (size_t)(put_head(e->data + e->used, is_map, count) - e->data);
    return 0;
}

static void close_gaps(struct data_encoder *e) {
    struct fixes *fixes = e->state;
    char *to = e->data + fixes->list[0].at;
    for (size_t i = 0; i < fixes->count; i++) {
        const struct fix *fix = &fixes->list[i];
        size_t from = fix->at + GAP, next = i + 1 < fixes->count ? fix[1].at : e->used;
        to = put_head(to, fix->is_map, fix->count);
        memmove(to, e->data + from, next - from);
        to += next - from;
    }
    e->used = (size_t)(to - e->data);
    fixes->count = 0;
}

static int end(struct data_encoder *e) {
    const struct fixes *fixes = e->state;
    struct writer_level level = *writer_top(e);
    int result = e->depth && level.count == 0 && !e->awaits ? begin(e) : 0;
    if (result == 0) result = writer_pop(e);
    if (result < 0 || !level.is_held) return result;
    if (level.count > UINT32_MAX) return writer_fail(e, -EDOM, "%.0f values; MessagePack has at most 2^32 - 1", (double)level.count);
    fixes->list[level.fix].count = level.count;
    if (--e->held == 0) close_gaps(e);
    return 0;
}

/* ---- Events ---------------------------------------------------------------------------------------------- */

static int scalar(struct data_encoder *e, const struct data_event *event) {
    int result = writer_room(e, SCALAR);
    if (result < 0) return result;
    switch (event->kind) {
    case DATA_NIL: writer_byte(e, (char)0xc0); break;
    case DATA_BOOLEAN: writer_byte(e, (char)(event->as.boolean ? 0xc3 : 0xc2)); break;
    case DATA_NUMBER: write_number(e, event->as.number); break;
    default: return write_string(e, event);
    }
    return 0;
}

/* One with a name is a map of one. */
static int key(struct data_encoder *e, const struct data_event *event) {
    int result = writer_key(e, event);
    if (result == 0 && e->depth && writer_top(e)->count == 1) result = begin(e);
    if (result == 0 && e->depth == 0) result = writer_room(e, SCALAR);
    if (result < 0) return result;
    if (e->depth == 0) writer_byte(e, (char)0x81);
    return scalar(e, event);
}

static int value(struct data_encoder *e, const struct data_event *event) {
    int is_named = e->awaits, result = writer_value(e, event);
    if (result == 0 && !is_named && e->depth && writer_top(e)->listed == 1) result = begin(e);
    if (result < 0) return result;
    return event->kind >= DATA_ARRAY ? writer_push(e, event) : scalar(e, event);
}

static int put(struct data_encoder *e, const struct data_event *events, int count) {
    int result = 0;
    for (const struct data_event *event = events; event < events + count && result == 0; event++) {
        if (event->flags & (DATA_KEY | DATA_ENTRY)) result = key(e, event);
        else if (event->kind == DATA_END) result = end(e);
        else result = value(e, event);
    }
    return result;
}

static int open_msgpack(struct data_encoder *e) {
    struct fixes *fixes = e->memory.resize(e->memory.context, NULL, 0, sizeof *fixes);
    if (!fixes) return -ENOMEM;
    *fixes = (struct fixes){ 0 };
    e->state = fixes;
    return 0;
}

static void close_msgpack(struct data_encoder *e) {
    struct fixes *fixes = e->state;
    if (!fixes) return;
    if (fixes->list) e->memory.resize(e->memory.context, fixes->list, fixes->room * sizeof *fixes->list, 0);
    e->memory.resize(e->memory.context, fixes, sizeof *fixes, 0);
}

const struct writer_format writer_msgpack = { .open = open_msgpack, .put = put, .close = close_msgpack };
