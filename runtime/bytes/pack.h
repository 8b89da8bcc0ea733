/* pack.h: the formats of Lua 5.3's string.pack: reading one, and numbers to bytes and back.
 * Invariant: what is packed and what is unpacked by the same format have the same layout.
 * SPDX-License-Identifier: MIT
 *
 * Source: the Lua 5.3 reference manual, 6.4.2. Numbers are doubles: an integer is packed when it is whole and in range, and
 * unpacked when a double holds it exactly. */
#ifndef PACK_H
#define PACK_H

#include <stddef.h>
#include <stdint.h>

enum pack_kind {
    PACK_SIGNED,   /* `size` bytes */
    PACK_UNSIGNED,
    PACK_FLOAT,    /* 4 or 8 bytes */
    PACK_FIXED,    /* a string of `size` bytes */
    PACK_COUNTED,  /* a string behind its length, which has `size` bytes */
    PACK_ZERO,     /* a string and a zero */
    PACK_PADDING,  /* one zero, no value */
    PACK_NOTHING,  /* alignment, and options that only set something: no value */
};
enum { PACK_INTEGER_MOST = 16 };

/* A format that is being read; begin with pack_begin. */
struct pack_format {
    const char *at, *end;
    int is_big;
    size_t align;      /* the most, 1: none */
    const char *error; /* static text, behind -EINVAL */
    char option;       /* the option it is about, and where that begins */
    const char *start;
};

struct pack_item {
    enum pack_kind kind;
    size_t size;
    size_t padding; /* bytes before it */
    int is_big;
};

void pack_begin(struct pack_format *format, const char *text, size_t size);

/* The next item when `offset` bytes come before it. Returns 1, 0 at the end, or -EINVAL. */
int pack_next(struct pack_format *format, size_t offset, struct pack_item *item);

/* Puts a number into to[item->size]. Returns 0; -EDOM: it is not whole; -ERANGE: it has no room there. */
int pack_integer(const struct pack_item *item, double number, unsigned char *to);
void pack_float(const struct pack_item *item, double number, unsigned char *to);

/* The number in from[item->size]. Returns 0; -ERANGE: no double is that integer; then *low is its lowest 64 bits. */
int unpack_integer(const struct pack_item *item, const unsigned char *from, double *number, uint64_t *low);
void unpack_float(const struct pack_item *item, const unsigned char *from, double *number);

#endif
