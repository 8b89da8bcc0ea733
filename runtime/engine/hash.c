/* hash.c: the hash of strings that have been chosen to collide (patches/0401).
 * Invariant: see inside.h; without the process's secret no two strings are known to share a hash.
 * SPDX-License-Identifier: MIT */
#include "engine/inside.h"

#include <string.h>

#include "platform.h"

#include "engine/siphash.h"

/* A string that is longer is shortened first, to the value of a polynomial over the integers modulo 2^61 - 1 in a secret
 * place, whose coefficients are its bytes, seven by seven (Carter and Wegman, 1979; Bernstein, 1999). Two strings of n
 * bytes have the same value with a probability of n / 2^63 at most. Eight coefficients are multiplied side by side. */
enum { SHORT = 256, WORD = 7, ROUND = 8 };
static const uint64_t prime = ((uint64_t)1 << 61) - 1;

struct shortened {
    uint64_t value, length;
};

static inline uint64_t reduce(unsigned __int128 sum) {
    uint64_t part = ((uint64_t)sum & prime) + (uint64_t)(sum >> 61);
    return (part & prime) + (part >> 61);
}

/* Eight bytes can be read: the last of them is not looked at. */
static inline uint64_t word_at(const char *text) {
    uint64_t word;
    memcpy(&word, text, 8);
    return word & (((uint64_t)1 << 56) - 1);
}

/* The sum of all stays below 2^128: a value and a power are below 2^62, a word is below 2^56. */
static inline uint64_t next_value(uint64_t value, const char *text, const uint64_t powers[ROUND + 1]) {
    unsigned __int128 sum = (unsigned __int128)value * powers[ROUND];
    _Pragma("GCC unroll 8")
    for (int i = 0; i < ROUND; i++) sum += (unsigned __int128)word_at(text + i * WORD) * powers[ROUND - 1 - i];
    return reduce(sum);
}

/* Returns how many bytes it has taken; what is left is shorter than a round and a word. */
static size_t shorten(struct shortened *s, const char *text, size_t length, uint64_t place) {
    const char *at = text;
    uint64_t powers[ROUND + 1] = { 1 };
    for (int i = 0; i < ROUND; i++) powers[i + 1] = reduce((unsigned __int128)powers[i] * place);
    *s = (struct shortened){ .length = length };
    for (; (size_t)(text + length - at) > ROUND * WORD; at += ROUND * WORD) s->value = next_value(s->value, at, powers);
    return (size_t)(at - text);
}

static uint64_t hash_of(const unsigned char key[16], const void *first, size_t size, const char *rest, size_t length) {
    struct siphash hash;
    uint64_t result[2];
    siphash_begin(&hash, key);
    siphash_add(&hash, first, size);
    siphash_add(&hash, rest, length);
    siphash_end(&hash, (unsigned char *)result);
    return result[0];
}

/* The same for all threads, whichever finds it first. */
static uint64_t secret_place(const unsigned char key[16]) {
    static uint64_t known;
    uint64_t place = __atomic_load_n(&known, __ATOMIC_RELAXED);
    if (place) return place;
    place = hash_of(key, "place", 6, NULL, 0) & prime;
    __atomic_store_n(&known, place, __ATOMIC_RELAXED);
    return place;
}

unsigned engine_strong_hash(const char *text, size_t length) {
    unsigned char key[16] = { 0 };
    struct shortened s;
    plat_process_secret(key);
    if (length < SHORT) return (unsigned)hash_of(key, NULL, 0, text, length);
    size_t taken = shorten(&s, text, length, secret_place(key));
    return (unsigned)hash_of(key, &s, sizeof s, text + taken, length - taken);
}
