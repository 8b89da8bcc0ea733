/* siphash.h: SipHash-2-4 with a result of 128 bits (Aumasson and Bernstein, 2012): a keyed hash that cannot be forged.
 * Invariant: the pieces that siphash_add is given do not matter, only the bytes.
 * SPDX-License-Identifier: MIT */
#ifndef SIPHASH_H
#define SIPHASH_H

#include <stddef.h>
#include <stdint.h>

struct siphash {
    uint64_t v[4], tail;
    size_t length;
};

void siphash_begin(struct siphash *hash, const unsigned char key[16]);
void siphash_add(struct siphash *hash, const void *data, size_t size);

/* Ends the hash; `hash` must not be used any more. */
void siphash_end(struct siphash *hash, unsigned char result[16]);

#endif
