/* quote.h: finding the bytes of a text that cannot stand between quotes as they are, eight at a time.
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

/* The same for bytes that are control characters, '"', '\\', DEL, or not ASCII. */
static inline uint64_t quote_specials(uint64_t x) {
    return ((x - QUOTE_ALL(32)) & ~x & QUOTE_ALL(0x80)) | quote_zeros(x ^ QUOTE_ALL('"')) | quote_zeros(x ^ QUOTE_ALL('\\')) |
           quote_zeros(x ^ QUOTE_ALL(127)) | (x & QUOTE_ALL(0x80));
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

/* Copies the plain bytes (ASCII from ' ' to '~' but '"' and '\\') at the beginning of a text, and returns how many they
 * are. `to` needs room for size + 8 bytes. Little-endian machines only, as all of ours are. */
static inline size_t quote_plain(char *to, const char *text, size_t size) {
    size_t at = 0;
    for (; size - at >= 8; at += 8) {
        uint64_t x, specials;
        memcpy(&x, text + at, 8);
        memcpy(to + at, &x, 8);
        specials = quote_specials(x);
        if (specials) return at + (size_t)__builtin_ctzll(specials) / 8;
    }
    uint64_t x = quote_load(text + at, size - at);
    memcpy(to + at, &x, 8);
    uint64_t specials = quote_specials(x);
    return specials ? at + (size_t)__builtin_ctzll(specials) / 8 : size;
}

/* How many bytes at the beginning of a text are not ASCII. */
static inline size_t quote_high(const char *text, size_t size) {
    size_t at = 0;
    while (at < size && (unsigned char)text[at] >= 0x80) at++;
    return at;
}

#endif
