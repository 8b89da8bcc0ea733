/* frozen_format.h: the bytes of a frozen file, for those who read and write them; `moonbear help frozen` tells the same.
 * Invariant: whatever a word refers to lies before the container that holds the word, so that nothing can go in circles.
 * SPDX-License-Identifier: MIT
 *
 * Little-endian; everything begins at a multiple of 4; distances and places count units of 4 bytes.
 *
 *   header     64 bytes, see below
 *   string     a byte 2 * n + b, where b says that it is binary and n is its size; n = 126: the size follows as 4 bytes,
 *              n = 127: as 8; then its bytes
 *   number     8 bytes, where a narrow slot cannot hold it
 *   container  a word of 4 bytes: bits 0-1 its kind, bit 2 whether its slots are wide, bits 3-31 how many there are, or all
 *              ones when 8 more bytes tell; of a map the distance to its keys, as wide as a slot; then the slots
 *
 * A map has one slot for each value; its keys, which maps of the same shape share, are a container of their own, in the
 * same order. Behind more than FROZEN_SCAN keys lies their index: a hash and a position, 4 bytes each, for each key, sorted
 * by the hash and then as frozen_order has it. A table has two slots: its array and its map.
 *
 * A wide slot is a double, or, where no double but a NaN begins so, 16 bits of tag and 48 of distance. A narrow one is 3
 * bits of tag and 29 of a whole number or of distance. A distance is that from the container back to what is meant. */
#ifndef FROZEN_FORMAT_H
#define FROZEN_FORMAT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define FROZEN_MAGIC "\211MBFRZ\r\n"

enum {
    FROZEN_MAJOR = 1, /* files of a higher one are refused */
    FROZEN_MINOR = 0, /* what older readers may ignore */

    /* The header: where its fields lie. All of it but the magic is numbers. */
    FROZEN_AT_MAJOR = 8,     /* 2 bytes */
    FROZEN_AT_MINOR = 10,    /* 2 */
    FROZEN_AT_FLAGS = 12,    /* 4: FROZEN_ROWS */
    FROZEN_AT_SIZE = 16,     /* 8: of the whole file */
    FROZEN_AT_ROOT = 24,     /* 8: a wide slot whose distance counts from the start of the file */
    FROZEN_AT_VALUES = 32,   /* 8: how many values were written; keys are none */
    FROZEN_AT_DEPTH = 40,    /* 4: containers within each other, at most */
    FROZEN_AT_ZERO = 44,     /* 4: zero */
    FROZEN_AT_CHECKSUM = 48, /* 8: frozen_hash of everything behind the header */
    FROZEN_AT_HEADER = 56,   /* 8: frozen_hash of the header up to here */
    FROZEN_HEADER = 64,

    FROZEN_UNIT = 4,
    FROZEN_SCAN = 8, /* so many keys are looked through; more have an index */
};

enum frozen_container { FROZEN_ARRAY, FROZEN_KEYS, FROZEN_MAP, FROZEN_TABLE };
#define FROZEN_WIDE 4u
#define FROZEN_COUNT_SHIFT 3
#define FROZEN_COUNT_LONG 0x1fffffffu

/* Tags of narrow slots, and of wide ones above 0xfff8. */
enum frozen_tag { FROZEN_CONSTANT = 1, FROZEN_STRING, FROZEN_TO_ARRAY, FROZEN_TO_MAP, FROZEN_TO_TABLE, FROZEN_NUMBER, FROZEN_INTEGER };
enum { FROZEN_IS_NIL, FROZEN_IS_FALSE, FROZEN_IS_TRUE, FROZEN_IS_NULL }; /* the constants; nil is Lua's, null that of JSON */
#define FROZEN_NARROW_MOST 0x1fffffffu /* the largest distance */
#define FROZEN_INTEGER_MOST 0x0fffffff /* and the smallest is one less than its negative */
#define FROZEN_WIDE_TAG(tag) ((UINT64_C(0xfff8) + (uint64_t)(tag)) << 48)
#define FROZEN_WIDE_MOST ((UINT64_C(1) << 48) - 1)
#define FROZEN_NAN UINT64_C(0x7ff8000000000000)

struct frozen_word16 { uint16_t word; } __attribute__((packed, may_alias));
struct frozen_word32 { uint32_t word; } __attribute__((packed, may_alias));
struct frozen_word64 { uint64_t word; } __attribute__((packed, may_alias));

/* Each reads its word exactly once: another process may be changing a mapped file, and what was checked must be what is
 * used. */
static inline uint32_t frozen_load16(const char *at) {
    return ((const volatile struct frozen_word16 *)at)->word;
}
static inline uint32_t frozen_load32(const char *at) {
    return ((const volatile struct frozen_word32 *)at)->word;
}
static inline uint64_t frozen_load64(const char *at) {
    return ((const volatile struct frozen_word64 *)at)->word;
}
static inline void frozen_store16(char *at, uint16_t word) {
    ((struct frozen_word16 *)at)->word = word;
}
static inline void frozen_store32(char *at, uint32_t word) {
    ((struct frozen_word32 *)at)->word = word;
}
static inline void frozen_store64(char *at, uint64_t word) {
    ((struct frozen_word64 *)at)->word = word;
}

static inline double frozen_double(uint64_t bits) {
    double number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

/* Every NaN is one NaN: so no number looks like a tag. */
static inline uint64_t frozen_bits(double number) {
    uint64_t bits;
    if (number != number) return FROZEN_NAN;
    memcpy(&bits, &number, sizeof bits);
    return bits;
}

/* Whether a narrow slot holds this number itself. -0 is another number than 0. */
static inline int frozen_is_integer(uint64_t bits) {
    double number = frozen_double(bits);
    return number >= -FROZEN_INTEGER_MOST - 1 && number <= FROZEN_INTEGER_MOST && frozen_bits((int32_t)number) == bits;
}

/* A hash in steps of 8 bytes: begin with frozen_hash_begin(seed); the last step has what is left with zeros behind it.
 * Each step can be undone, so a change within one step always shows. */
static inline uint64_t frozen_hash_begin(uint64_t seed) {
    return seed ^ UINT64_C(0x2545f4914f6cdd1d);
}
static inline uint64_t frozen_hash_step(uint64_t hash, uint64_t word) {
    hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 32;
}

/* Goes on with a hash over bytes; only the last piece may have a size that is no multiple of 8. */
static inline uint64_t frozen_hash(uint64_t hash, const char *bytes, size_t size) {
    for (; size >= 8; bytes += 8, size -= 8) hash = frozen_hash_step(hash, frozen_load64(bytes));
    if (size) {
        uint64_t last = 0;
        memcpy(&last, bytes, size);
        hash = frozen_hash_step(hash, last);
    }
    return hash;
}

/* The hash of a key in an index: of a string its size and bytes, of a number its bits (of -0 those of 0), of a boolean
 * FROZEN_IS_FALSE or FROZEN_IS_TRUE. */
static inline uint32_t frozen_hash_end(uint64_t hash) {
    return (uint32_t)frozen_hash_step(hash, 0);
}
static inline uint32_t frozen_hash_text(const char *text, size_t size) {
    return frozen_hash_end(frozen_hash(frozen_hash_begin(size), text, size));
}
static inline uint32_t frozen_hash_word(uint64_t word) {
    return frozen_hash_end(frozen_hash_step(frozen_hash_begin(0), word));
}

#endif
