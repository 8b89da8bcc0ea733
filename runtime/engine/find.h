/* find.h: bytes inside bytes, 16 places at a time; redirect.h puts it in the place of memmem.
 * Invariant: the answer of memmem(3).
 * SPDX-License-Identifier: MIT
 *
 * A place is looked at closer where both the first and the last byte of what is looked for are. That is quadratic in the worst
 * case; after FIND_TRIES such looks memmem, which never is, goes on. Vectors are those of the compiler, for every CPU. */
#ifndef FIND_H
#define FIND_H

#include <endian.h>
#include <stdint.h>
#include <string.h>

#include "engine/copy.h"

enum { FIND_TRIES = 64 };

typedef unsigned char find_vector __attribute__((vector_size(16)));

static inline find_vector find_load(const unsigned char *bytes) {
    find_vector vector;
    __builtin_memcpy(&vector, bytes, sizeof vector);
    return vector;
}

static inline find_vector find_fill(unsigned char byte) {
    return (find_vector){ 0 } + byte;
}

/* The first place in `mask` at or behind `from`, 8 when there is none. */
static inline unsigned find_next(uint64_t mask, unsigned from) {
    mask = from < 8 ? mask >> from * 8 << from * 8 : 0;
    return mask ? (unsigned)__builtin_ctzll(mask) / 8 : 8;
}

static inline const void *find_bytes(const void *text, size_t size, const void *wanted, size_t length) {
    const unsigned char *at = text, *key = wanted, *end = at + size;
    if (length == 0) return text;
    if (length > size) return NULL;
    find_vector first = find_fill(key[0]), last = find_fill(key[length - 1]);
    int tries = FIND_TRIES;
    for (; (size_t)(end - at) >= length + 15 && tries > 0; at += 16) {
        find_vector both = (find_vector)(find_load(at) == first) & (find_vector)(find_load(at + length - 1) == last);
        uint64_t halves[2];
        __builtin_memcpy(halves, &both, sizeof halves);
        if (!(halves[0] | halves[1])) continue;
        for (unsigned half = 0; half < 2; half++)
            for (unsigned i = 0; (i = find_next(le64toh(halves[half]), i)) < 8; i++, tries--)
                if (compare_bytes(at + half * 8 + i, key, length) == 0) return at + half * 8 + i;
    }
    return memmem(at, (size_t)(end - at), wanted, length);
}

#endif
