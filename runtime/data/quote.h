/* quote.h: copying a text between quotes up to a byte that cannot stand there, eight at a time.
 * Invariant: see quote_plain.
 * SPDX-License-Identifier: MIT */
#ifndef QUOTE_H
#define QUOTE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define QUOTE_ALL(byte) (UINT64_C(0x0101010101010101) * (byte))

/* The top bit of each byte that is 0; above the first such byte it may lie. Source: "Hacker's Delight", 6-1. */
static inline uint64_t quote_zeros(uint64_t x) {
    return (x - QUOTE_ALL(1)) & ~x & QUOTE_ALL(0x80);
}

/* The same for bytes that are control characters, '"', '\\' or DEL. */
static inline uint64_t quote_specials(uint64_t x) {
    return ((x - QUOTE_ALL(32)) & ~x & QUOTE_ALL(0x80)) | quote_zeros(x ^ QUOTE_ALL('"')) | quote_zeros(x ^ QUOTE_ALL('\\')) |
           quote_zeros(x ^ QUOTE_ALL(127));
}

/* Up to seven bytes, the others as spaces. */
static inline uint64_t quote_load(const char *text, size_t size) {
    uint64_t x = QUOTE_ALL(' ') << (8 * size);
    if (size >= 4) {
        uint32_t first, last;
        memcpy(&first, text, 4);
        memcpy(&last, text + size - 4, 4);
        return x | first | (uint64_t)last << (8 * (size - 4));
    }
    if (size) x |= (uint64_t)(unsigned char)text[0] | (uint64_t)(unsigned char)text[size / 2] << (8 * (size / 2)) |
                   (uint64_t)(unsigned char)text[size - 1] << (8 * (size - 1));
    return x;
}

/* Copies the bytes at the beginning of a text that can stand between quotes (all but control characters, '"', '\\' and
 * DEL), and returns how many they are. Bytes that are not ASCII set bits of QUOTE_HIGH in *high, perhaps also bytes behind
 * those that were copied. `to` needs room for size + 8 bytes. Little-endian machines only, as all of ours are. */
#define QUOTE_HIGH QUOTE_ALL(0x80)
static inline size_t quote_plain(char *to, const char *text, size_t size, uint64_t *high) {
    size_t at = 0;
    for (; size - at >= 8; at += 8) {
        uint64_t x, specials;
        memcpy(&x, text + at, 8);
        memcpy(to + at, &x, 8);
        *high |= x;
        specials = quote_specials(x);
        if (specials) return at + (size_t)__builtin_ctzll(specials) / 8;
    }
    uint64_t x = quote_load(text + at, size - at);
    memcpy(to + at, &x, 8);
    *high |= x;
    uint64_t specials = quote_specials(x);
    return specials ? at + (size_t)__builtin_ctzll(specials) / 8 : size;
}

/* Copies a text and returns whether all of it is ASCII that can stand between quotes; else what was copied is of no use. `to`
 * needs room for size + 8 bytes. The last eight bytes are looked at as such, even when some of them were seen. */
static inline int quote_simple(char *to, const char *text, size_t size) {
    uint64_t x, found = 0;
    size_t at = 0;
    if (size < 8) {
        x = quote_load(text, size);
        memcpy(to, &x, 8);
        return ((x | quote_specials(x)) & QUOTE_HIGH) == 0;
    }
    for (size_t last = size - 8; ; at = at + 8 < last ? at + 8 : last) {
        memcpy(&x, text + at, 8);
        memcpy(to + at, &x, 8);
        found |= x | quote_specials(x);
        if (at == last) return (found & QUOTE_HIGH) == 0;
    }
}

#endif
