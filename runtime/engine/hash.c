/* hash.c: the hash of strings that have been chosen to collide (patches/0401).
 * Invariant: see inside.h.
 * SPDX-License-Identifier: MIT */
#include "engine/inside.h"

#include "platform.h"

#include "engine/siphash.h"

unsigned engine_strong_hash(const char *text, size_t length) {
    struct siphash hash;
    unsigned char key[16] = { 0 }, result[16];
    plat_process_secret(key);
    siphash_begin(&hash, key);
    siphash_add(&hash, text, length);
    siphash_end(&hash, result);
    return (unsigned)result[0] | (unsigned)result[1] << 8 | (unsigned)result[2] << 16 | (unsigned)result[3] << 24;
}
