/* msgpack.c: MessagePack, every type of its specification (msgpack/spec.md, version 5).
 * Invariant: see parse.h; an integer that no double holds exactly is never changed unless that was asked for.
 * SPDX-License-Identifier: MIT
 *
 * An extension becomes the map { ext = its type, data = its bytes }. Keys are strings, numbers or booleans. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "data/parse.h"

enum { MOST_EVENTS = 6 }; /* of one token */

struct msgpack {
    struct data_parser *p;
    const unsigned char *at, *end;
    struct data_event *events;
    int count;
};

static int fail(struct msgpack *m, const char *what) {
    struct parse_frame *frame = &m->p->frames[m->p->depth];
    m->p->unlisted = frame->kind == DATA_ARRAY;
    return parse_fail(m->p, (const char *)m->at, "%s", what);
}

/* `size` bytes are at hand: 1; 0: more of the text is needed. */
static int have(struct msgpack *m, uint64_t size) {
    if ((uint64_t)(m->end - m->at) >= size) return 1;
    if (!m->p->last) return 0;
    return fail(m, "the text ends within a value");
}

static uint64_t big_endian(const unsigned char *at, size_t size) {
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++) value = value << 8 | at[i];
    return value;
}

/* ---- Where values go ---- */

static int is_key(const struct msgpack *m) {
    const struct parse_frame *frame = &m->p->frames[m->p->depth];
    return frame->kind == DATA_MAP && frame->left % 2 == 0;
}

/* The token has been taken: `size` bytes. */
static int pass(struct msgpack *m, uint64_t size) {
    m->at += size;
    return 1;
}

/* Counts a value that is no key, before its own container, if it is one, is pushed. */
static void count_value(struct msgpack *m) {
    struct parse_frame *frame = &m->p->frames[m->p->depth];
    frame->left--;
    if (frame->kind == DATA_MAP) frame->count++;
    else if (frame->kind == DATA_ARRAY || !m->p->options.single) parse_listed(m->p);
}

static int put(struct msgpack *m, struct data_event event, uint64_t size) {
    if (is_key(m)) {
        event.flags |= DATA_KEY;
        m->p->frames[m->p->depth].left--;
        if (event.kind == DATA_STRING) parse_key_text(m->p, event.as.text, event.size);
        else if (event.kind == DATA_NUMBER) parse_key_number(m->p, event.as.number);
        else if (event.as.boolean) parse_key_text(m->p, "true", 4);
        else parse_key_text(m->p, "false", 5);
    } else {
        count_value(m);
    }
    m->events[m->count++] = event;
    return pass(m, size);
}

/* ---- Numbers ---- */

static int put_number(struct msgpack *m, double number, uint64_t size) {
    if (isnan(number) && is_key(m)) return fail(m, "a key that is not a number");
    return put(m, (struct data_event){ .kind = DATA_NUMBER, .as.number = number }, size);
}

/* One that no double holds. */
static int put_large(struct msgpack *m, uint64_t value, int minus, uint64_t size) {
    enum data_integers how = m->p->options.integers;
    if (how == DATA_INTEGERS_NEAREST) return put_number(m, minus ? -(double)value : (double)value, size);
    if (how != DATA_INTEGERS_TEXT) return fail(m, "an integer that no double holds exactly; integers=\"text\" or \"nearest\" takes it");
    int result;
    char *text = parse_scratch(m->p, 24, &result);
    if (!text) return result < 0 ? result : 2;
    int length = snprintf(text, 24, "%s%llu", minus ? "-" : "", (unsigned long long)value);
    parse_scratch_end(m->p, text + length);
    return put(m, (struct data_event){ .kind = DATA_STRING, .size = (size_t)length, .as.text = text }, size);
}

static int put_integer(struct msgpack *m, uint64_t value, int minus, uint64_t size) {
    double number = (double)value;
    if (number >= 0x1p64 || (uint64_t)number != value) return put_large(m, value, minus, size);
    return put_number(m, minus ? -number : number, size);
}

static int unsigned_integer(struct msgpack *m, unsigned bytes) {
    int result = have(m, 1 + bytes);
    return result == 1 ? put_integer(m, big_endian(m->at + 1, bytes), 0, 1 + bytes) : result;
}

static int signed_integer(struct msgpack *m, unsigned bytes) {
    int result = have(m, 1 + bytes);
    if (result != 1) return result;
    uint64_t value = big_endian(m->at + 1, bytes), top = UINT64_C(1) << (bytes * 8 - 1);
    int minus = (value & top) != 0;
    if (minus) value = bytes == 8 ? -value : (top << 1) - value;
    return put_integer(m, value, minus, 1 + bytes);
}

static int single_float(struct msgpack *m) {
    int result = have(m, 5);
    if (result != 1) return result;
    uint32_t bits = (uint32_t)big_endian(m->at + 1, 4);
    float number;
    memcpy(&number, &bits, sizeof number);
    return put_number(m, number, 5);
}

static int double_float(struct msgpack *m) {
    int result = have(m, 9);
    if (result != 1) return result;
    uint64_t bits = big_endian(m->at + 1, 8);
    double number;
    memcpy(&number, &bits, sizeof number);
    return put_number(m, number, 9);
}

/* ---- Strings, extensions, containers: `bytes` of the head tell the size, 0: `size` is it ---- */

static int head(struct msgpack *m, unsigned bytes, uint64_t *size) {
    int result = have(m, 1 + bytes);
    if (result == 1 && bytes) *size = big_endian(m->at + 1, bytes);
    return result;
}

static int string(struct msgpack *m, unsigned bytes, uint64_t size, int flags) {
    int result = head(m, bytes, &size);
    if (result == 1) result = have(m, 1 + bytes + size);
    if (result != 1) return result;
    const char *text = (const char *)m->at + 1 + bytes;
    return put(m, (struct data_event){ .kind = DATA_STRING, .flags = (uint8_t)flags, .size = size, .as.text = text }, 1 + bytes + size);
}

static int extension(struct msgpack *m, unsigned bytes, uint64_t size) {
    struct data_parser *p = m->p;
    int result = head(m, bytes, &size);
    if (result == 1 && is_key(m)) return fail(m, "a key that is an extension");
    if (result == 1) result = have(m, 2 + bytes + size);
    if (result != 1) return result;
    result = parse_push(p, DATA_MAP, m->events, m->count, (const char *)m->at);
    if (result < 0) return result;
    p->depth--;
    count_value(m);
    p->depth++;
    p->frames[p->depth].count = 2;
    const char *type = (const char *)m->at + 1 + bytes;
    struct data_event *to = &m->events[m->count];
    to[1] = (struct data_event){ .kind = DATA_STRING, .flags = DATA_KEY, .size = 3, .as.text = "ext" };
    to[2] = (struct data_event){ .kind = DATA_NUMBER, .as.number = (signed char)*type };
    to[3] = (struct data_event){ .kind = DATA_STRING, .flags = DATA_KEY, .size = 4, .as.text = "data" };
    to[4] = (struct data_event){ .kind = DATA_STRING, .flags = DATA_BINARY, .size = size, .as.text = type + 1 };
    parse_pop(p, m->events, m->count + 5);
    m->count += MOST_EVENTS;
    return pass(m, 2 + bytes + size);
}

static int container(struct msgpack *m, unsigned bytes, uint64_t size, enum data_kind kind) {
    struct data_parser *p = m->p;
    int result = head(m, bytes, &size);
    if (result != 1) return result;
    if (is_key(m)) return fail(m, "a key that is an array or a map");
    p->unlisted = p->frames[p->depth].kind == DATA_ARRAY;
    result = parse_push(p, kind, m->events, m->count, (const char *)m->at);
    if (result < 0) return result;
    p->depth--;
    count_value(m);
    p->depth++;
    p->frames[p->depth].left = kind == DATA_MAP ? size * 2 : size;
    m->events[m->count].size = size;
    m->events[m->count++].as.listed = 0;
    return pass(m, 1 + bytes);
}

static int simple(struct msgpack *m, enum data_kind kind, int boolean) {
    if (kind == DATA_NIL && is_key(m)) return fail(m, "a key that is nil");
    return put(m, (struct data_event){ .kind = (uint8_t)kind, .as.boolean = boolean }, 1);
}

/* ---- The table of first bytes ---- */

static int long_form(struct msgpack *m, unsigned first) {
    switch (first) {
    case 0xc0: return simple(m, DATA_NIL, 0);
    case 0xc2: case 0xc3: return simple(m, DATA_BOOLEAN, first & 1);
    case 0xc4: case 0xc5: case 0xc6: return string(m, 1u << (first - 0xc4), 0, DATA_BINARY);
    case 0xc7: case 0xc8: case 0xc9: return extension(m, 1u << (first - 0xc7), 0);
    case 0xca: return single_float(m);
    case 0xcb: return double_float(m);
    case 0xcc: case 0xcd: case 0xce: case 0xcf: return unsigned_integer(m, 1u << (first - 0xcc));
    case 0xd0: case 0xd1: case 0xd2: case 0xd3: return signed_integer(m, 1u << (first - 0xd0));
    case 0xd4: case 0xd5: case 0xd6: case 0xd7: case 0xd8: return extension(m, 0, 1u << (first - 0xd4));
    case 0xd9: case 0xda: case 0xdb: return string(m, 1u << (first - 0xd9), 0, 0);
    case 0xdc: case 0xdd: return container(m, first == 0xdc ? 2 : 4, 0, DATA_ARRAY);
    case 0xde: case 0xdf: return container(m, first == 0xde ? 2 : 4, 0, DATA_MAP);
    default: return fail(m, "the byte 0xc1, which begins no value");
    }
}

static int value(struct msgpack *m) {
    unsigned first = *m->at;
    if (first < 0x80) return put_number(m, first, 1);
    if (first < 0x90) return container(m, 0, first & 15, DATA_MAP);
    if (first < 0xa0) return container(m, 0, first & 15, DATA_ARRAY);
    if (first < 0xc0) return string(m, 0, first & 31, 0);
    if (first >= 0xe0) return put_number(m, (int)first - 256, 1);
    return long_form(m, first);
}

static int window_ends(struct msgpack *m) {
    struct data_parser *p = m->p;
    if (!p->last || (p->depth == 0 && (p->state || !p->options.single))) return 0;
    return fail(m, "expected a value, not the end of the text");
}

static int step(struct msgpack *m) {
    struct data_parser *p = m->p;
    if (p->depth && p->frames[p->depth].left == 0) {
        parse_pop(p, m->events, m->count++);
        return 1;
    }
    if (m->at == m->end) return window_ends(m);
    if (p->depth == 0 && p->state && p->options.single) return fail(m, "a second value; stream=true reads one after the other");
    int result = value(m);
    if (result == 1) p->state = 1;
    return result;
}

static int msgpack_run(struct data_parser *p, struct data_event *events, int capacity) {
    struct msgpack m = { p, (const unsigned char *)p->at, (const unsigned char *)p->end, events, 0 };
    int result = 1;
    while (result == 1 && m.count + MOST_EVENTS <= capacity) result = step(&m);
    p->at = (const char *)m.at;
    p->status = result == 2 ? 1 : result;
    return m.count;
}

const struct parse_format parse_msgpack = { msgpack_run, 0 };
