/* copy.h: copying and comparing short runs of bytes without a call; redirect.h puts them in the place of the C library's.
 * Invariant: the same results as memcpy(3) and the sign of memcmp(3), for every size.
 * SPDX-License-Identifier: MIT
 *
 * A call costs more than copying a few bytes does, and the memcmp of musl goes byte by
 * byte; what Lua copies and compares is short. Fixed sizes compile to single loads and stores on every CPU. */
#ifndef COPY_H
#define COPY_H

#include <endian.h>
#include <stdint.h>
#include <string.h>

enum { COPY_INLINE = 256 };

#define COPY_FIXED(to, from, size) __builtin_memcpy((to), (from), (size))

/* Below 16 bytes: two pieces that may overlap. */
static inline void copy_short(char *to, const char *from, size_t size) {
    if (size >= 8) {
        uint64_t first, last;
        COPY_FIXED(&first, from, 8);
        COPY_FIXED(&last, from + size - 8, 8);
        COPY_FIXED(to, &first, 8);
        COPY_FIXED(to + size - 8, &last, 8);
    } else if (size >= 4) {
        uint32_t first, last;
        COPY_FIXED(&first, from, 4);
        COPY_FIXED(&last, from + size - 4, 4);
        COPY_FIXED(to, &first, 4);
        COPY_FIXED(to + size - 4, &last, 4);
    } else if (size) {
        to[0] = from[0];
        to[size >> 1] = from[size >> 1];
        to[size - 1] = from[size - 1];
    }
}

static inline void *copy_bytes(void *destination, const void *source, size_t size) {
    char *to = destination;
    const char *from = source;
    if (size < 16) copy_short(to, from, size);
    else if (size > COPY_INLINE) return memcpy(destination, source, size);
    else {
        for (size_t at = 0; at + 16 < size; at += 16) COPY_FIXED(to + at, from + at, 16);
        COPY_FIXED(to + size - 16, from + size - 16, 16);
    }
    return destination;
}

static inline uint64_t copy_load(const unsigned char *bytes) {
    uint64_t word;
    COPY_FIXED(&word, bytes, 8);
    return word;
}

/* Where words differ, their first byte in memory order decides. */
static inline int compare_words(uint64_t a, uint64_t b) {
    a = htobe64(a), b = htobe64(b);
    return a < b ? -1 : 1;
}

static inline int copy_same(const unsigned char *a, const unsigned char *b) {
    return ((copy_load(a) ^ copy_load(b)) | (copy_load(a + 8) ^ copy_load(b + 8)) | (copy_load(a + 16) ^ copy_load(b + 16)) |
            (copy_load(a + 24) ^ copy_load(b + 24))) == 0;
}

static inline int compare_bytes(const void *left, const void *right, size_t size) {
    const unsigned char *a = left, *b = right;
    for (; size >= 32 && copy_same(a, b); size -= 32, a += 32, b += 32) {}
    for (; size >= 8; size -= 8, a += 8, b += 8) {
        uint64_t x = copy_load(a), y = copy_load(b);
        if (x != y) return compare_words(x, y);
    }
    for (; size; size--, a++, b++)
        if (*a != *b) return *a < *b ? -1 : 1;
    return 0;
}

#endif
