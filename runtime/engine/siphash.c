/* siphash.c: SipHash-2-4, 128 bits.
 * Invariant: see siphash.h; words are little-endian on every CPU.
 * SPDX-License-Identifier: MIT */
#include "engine/siphash.h"

static uint64_t rotate(uint64_t word, int bits) {
    return word << bits | word >> (64 - bits);
}

static uint64_t load(const unsigned char *bytes) {
    uint64_t word = 0;
    for (int i = 7; i >= 0; i--) word = word << 8 | bytes[i];
    return word;
}

static void store(unsigned char *bytes, uint64_t word) {
    for (int i = 0; i < 8; i++, word >>= 8) bytes[i] = (unsigned char)word;
}

static void mix(uint64_t v[4], int rounds) {
    while (rounds-- > 0) {
        v[0] += v[1], v[1] = rotate(v[1], 13) ^ v[0], v[0] = rotate(v[0], 32);
        v[2] += v[3], v[3] = rotate(v[3], 16) ^ v[2];
        v[0] += v[3], v[3] = rotate(v[3], 21) ^ v[0];
        v[2] += v[1], v[1] = rotate(v[1], 17) ^ v[2], v[2] = rotate(v[2], 32);
    }
}

static void add_word(struct siphash *hash, uint64_t word) {
    hash->v[3] ^= word;
    mix(hash->v, 2);
    hash->v[0] ^= word;
}

void siphash_begin(struct siphash *hash, const unsigned char key[16]) {
    uint64_t k0 = load(key), k1 = load(key + 8);
    *hash = (struct siphash){ .v = { k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d ^ 0xee, k0 ^ 0x6c7967656e657261,
                                     k1 ^ 0x7465646279746573 } };
}

void siphash_add(struct siphash *hash, const void *data, size_t size) {
    const unsigned char *at = data;
    for (; size > 0; size--) {
        hash->tail |= (uint64_t)*at++ << (hash->length % 8 * 8);
        if (++hash->length % 8 != 0) continue;
        add_word(hash, hash->tail);
        hash->tail = 0;
        for (; size > 8; size -= 8, at += 8, hash->length += 8) add_word(hash, load(at));
    }
}

void siphash_end(struct siphash *hash, unsigned char result[16]) {
    uint64_t *v = hash->v;
    add_word(hash, hash->tail | (uint64_t)hash->length << 56);
    v[2] ^= 0xee;
    mix(v, 4);
    store(result, v[0] ^ v[1] ^ v[2] ^ v[3]);
    v[1] ^= 0xdd;
    mix(v, 4);
    store(result + 8, v[0] ^ v[1] ^ v[2] ^ v[3]);
}
