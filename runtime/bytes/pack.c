/* pack.c: see pack.h.
 * Invariant: see pack.h.
 * SPDX-License-Identifier: MIT */
#include "bytes/pack.h"

#include <errno.h>
#include <math.h>
#include <string.h>

/* ---- Formats --------------------------------------------------------------------------------------------- */

enum { NATIVE_ALIGN = 8, COUNT_MOST = 1 << 30 };

static int native_is_big(void) {
    const uint16_t one = 1;
    unsigned char first;
    memcpy(&first, &one, 1);
    return first == 0;
}

void pack_begin(struct pack_format *format, const char *text, size_t size) {
    *format = (struct pack_format){ .at = text, .end = text + size, .is_big = native_is_big(), .align = 1 };
}

static int wrong(struct pack_format *f, const char *error) {
    f->error = error;
    return -EINVAL;
}

static int is_digit(const struct pack_format *f) {
    return f->at < f->end && *f->at >= '0' && *f->at <= '9';
}

/* A decimal number, or `otherwise`; one that is too large stays so. */
static size_t read_count(struct pack_format *f, size_t otherwise) {
    size_t count = 0;
    if (!is_digit(f)) return otherwise;
    for (; is_digit(f); f->at++)
        if (count <= COUNT_MOST) count = count * 10 + (size_t)(*f->at - '0');
    return count;
}

static int integer_size(struct pack_format *f, size_t otherwise, size_t *size) {
    *size = read_count(f, otherwise);
    return *size >= 1 && *size <= PACK_INTEGER_MOST ? 0 : wrong(f, "an integer has 1 to 16 bytes");
}

struct simple {
    char option;
    enum pack_kind kind;
    size_t size;
};

static const struct simple simple[] = {
    { 'b', PACK_SIGNED, 1 },           { 'B', PACK_UNSIGNED, 1 },           { 'h', PACK_SIGNED, sizeof(short) },
    { 'H', PACK_UNSIGNED, sizeof(short) }, { 'l', PACK_SIGNED, sizeof(long) }, { 'L', PACK_UNSIGNED, sizeof(long) },
    { 'j', PACK_SIGNED, 8 },           { 'J', PACK_UNSIGNED, 8 },           { 'T', PACK_UNSIGNED, sizeof(size_t) },
    { 'f', PACK_FLOAT, 4 },            { 'd', PACK_FLOAT, 8 },              { 'n', PACK_FLOAT, 8 },
    { 'z', PACK_ZERO, 0 },             { 'x', PACK_PADDING, 1 },            { ' ', PACK_NOTHING, 0 },
};

static int read_fixed(struct pack_format *f, struct pack_item *item) {
    item->kind = PACK_FIXED;
    if (!is_digit(f)) return wrong(f, "a number of bytes must follow");
    item->size = read_count(f, 0);
    return item->size <= COUNT_MOST ? 0 : wrong(f, "that is too many bytes");
}

/* One option, without alignment. */
static int read_option(struct pack_format *f, struct pack_item *item) {
    f->start = f->at;
    f->option = *f->at++;
    *item = (struct pack_item){ .kind = PACK_NOTHING };
    for (size_t i = 0; i < sizeof simple / sizeof simple[0]; i++) {
        if (simple[i].option != f->option) continue;
        item->kind = simple[i].kind;
        item->size = simple[i].size;
        return 0;
    }
    switch (f->option) {
        case 'i': item->kind = PACK_SIGNED; return integer_size(f, sizeof(int), &item->size);
        case 'I': item->kind = PACK_UNSIGNED; return integer_size(f, sizeof(int), &item->size);
        case 's': item->kind = PACK_COUNTED; return integer_size(f, sizeof(size_t), &item->size);
        case 'c': return read_fixed(f, item);
        case '<': f->is_big = 0; return 0;
        case '>': f->is_big = 1; return 0;
        case '=': f->is_big = native_is_big(); return 0;
        case '!': return integer_size(f, NATIVE_ALIGN, &f->align);
        case 'X': return 0;
        default: return wrong(f, "there is no such option");
    }
}

/* X stands for the alignment of the option behind it, which is read for that alone. */
static int read_aligner(struct pack_format *f, size_t *align) {
    struct pack_item item;
    const char *start = f->start;
    if (f->at == f->end) return wrong(f, "an option must follow to align to");
    int result = read_option(f, &item);
    if (result < 0) return result;
    f->option = 'X';
    f->start = start;
    if (item.kind == PACK_FIXED || item.size == 0) return wrong(f, "what follows has no alignment");
    *align = item.size;
    return 0;
}

int pack_next(struct pack_format *f, size_t offset, struct pack_item *item) {
    if (f->at == f->end) return 0;
    int result = read_option(f, item);
    size_t align = item->size;
    if (result == 0 && f->option == 'X') result = read_aligner(f, &align);
    if (result < 0) return result;
    item->is_big = f->is_big;
    if (align <= 1 || item->kind == PACK_FIXED) return 1;
    if (align > f->align) align = f->align;
    if (align & (align - 1)) return wrong(f, "the alignment is no power of 2");
    item->padding = (align - (offset & (align - 1))) & (align - 1);
    return 1;
}

/* ---- Numbers --------------------------------------------------------------------------------------------- */

static const double two63 = 9223372036854775808.0, two64 = 18446744073709551616.0;

static void put(const struct pack_item *item, uint64_t low, unsigned char above, unsigned char *to) {
    for (size_t i = 0; i < item->size; i++) {
        unsigned char byte = i < 8 ? (unsigned char)(low >> (8 * i)) : above;
        to[item->is_big ? item->size - 1 - i : i] = byte;
    }
}

/* As in Lua 5.3, eight bytes and more without a sign take negative integers too, modulo 2^64. */
static int has_room(const struct pack_item *item, double number) {
    double top = item->size < 8 ? ldexp(1, (int)item->size * 8) : two64;
    if (item->kind == PACK_SIGNED) return number >= -(top / 2) && number < top / 2;
    return number < top && number >= (item->size < 8 ? 0 : -two63);
}

int pack_integer(const struct pack_item *item, double number, unsigned char *to) {
    if (!(floor(number) == number) || isinf(number)) return -EDOM;
    if (!has_room(item, number)) return -ERANGE;
    uint64_t low = number < 0 ? -(uint64_t)-number : (uint64_t)number;
    put(item, low, number < 0 && item->kind == PACK_SIGNED ? 0xff : 0, to);
    return 0;
}

static unsigned char byte_at(const struct pack_item *item, const unsigned char *from, size_t i) {
    return from[item->is_big ? item->size - 1 - i : i];
}

static int exact(double number, uint64_t low) {
    return number < two64 && (uint64_t)number == low;
}

int unpack_integer(const struct pack_item *item, const unsigned char *from, double *number, uint64_t *low) {
    size_t size = item->size < 8 ? item->size : 8;
    *low = 0;
    for (size_t i = 0; i < size; i++) *low |= (uint64_t)byte_at(item, from, i) << (8 * i);
    int is_negative = item->kind == PACK_SIGNED && (byte_at(item, from, item->size - 1) & 0x80);
    if (is_negative && size < 8) *low |= UINT64_MAX << (8 * size);
    for (size_t i = 8; i < item->size; i++)
        if (byte_at(item, from, i) != (is_negative ? 0xff : 0)) return -ERANGE;
    if (item->kind == PACK_SIGNED && item->size > 8 && is_negative != (*low >> 63 != 0)) return -ERANGE;
    uint64_t magnitude = is_negative ? -*low : *low;
    *number = is_negative ? -(double)magnitude : (double)magnitude;
    return exact((double)magnitude, magnitude) ? 0 : -ERANGE;
}

void pack_float(const struct pack_item *item, double number, unsigned char *to) {
    uint64_t bits;
    if (item->size == 4) {
        float narrow = (float)number;
        uint32_t half;
        memcpy(&half, &narrow, sizeof half);
        bits = half;
    } else {
        memcpy(&bits, &number, sizeof bits);
    }
    put(item, bits, 0, to);
}

void unpack_float(const struct pack_item *item, const unsigned char *from, double *number) {
    uint64_t bits = 0;
    for (size_t i = 0; i < item->size; i++) bits |= (uint64_t)byte_at(item, from, i) << (8 * i);
    if (item->size == 4) {
        uint32_t half = (uint32_t)bits;
        float narrow;
        memcpy(&narrow, &half, sizeof narrow);
        *number = narrow;
    } else {
        memcpy(number, &bits, sizeof bits);
    }
}
