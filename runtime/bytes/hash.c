/* hash.c: see hash.h.
 * Invariant: the table has an entry for each name, and nothing else knows the libraries.
 * SPDX-License-Identifier: MIT */
#include "bytes/hash.h"

#include <errno.h>
#include <string.h>

#include <sodium/crypto_generichash_blake2b.h>
#include <sodium/crypto_hash_sha256.h>
#include <sodium/crypto_hash_sha512.h>
#include <zlib.h>

union state {
    crypto_hash_sha256_state sha256;
    crypto_hash_sha512_state sha512;
    crypto_generichash_blake2b_state blake2b;
    unsigned long crc32;
};

static void begin_sha256(union state *state) { crypto_hash_sha256_init(&state->sha256); }
static void begin_sha512(union state *state) { crypto_hash_sha512_init(&state->sha512); }
static void begin_blake2b(union state *state) { crypto_generichash_blake2b_init(&state->blake2b, NULL, 0, 64); }
static void begin_crc32(union state *state) { state->crc32 = crc32_z(0, NULL, 0); }

static void add_sha256(void *context, const char *data, size_t size) {
    crypto_hash_sha256_update(&((union state *)context)->sha256, (const unsigned char *)data, size);
}

static void add_sha512(void *context, const char *data, size_t size) {
    crypto_hash_sha512_update(&((union state *)context)->sha512, (const unsigned char *)data, size);
}

static void add_blake2b(void *context, const char *data, size_t size) {
    crypto_generichash_blake2b_update(&((union state *)context)->blake2b, (const unsigned char *)data, size);
}

static void add_crc32(void *context, const char *data, size_t size) {
    unsigned long *crc = &((union state *)context)->crc32;
    *crc = crc32_z(*crc, (const unsigned char *)data, size);
}

static void end_sha256(union state *state, unsigned char *digest) { crypto_hash_sha256_final(&state->sha256, digest); }
static void end_sha512(union state *state, unsigned char *digest) { crypto_hash_sha512_final(&state->sha512, digest); }
static void end_blake2b(union state *state, unsigned char *digest) { crypto_generichash_blake2b_final(&state->blake2b, digest, 64); }

static void end_crc32(union state *state, unsigned char *digest) {
    for (int i = 0; i < 4; i++) digest[i] = (unsigned char)(state->crc32 >> (24 - 8 * i));
}

static const struct method {
    const char *name;
    size_t size;
    void (*begin)(union state *state);
    void (*add)(void *context, const char *data, size_t size);
    void (*end)(union state *state, unsigned char *digest);
} methods[] = {
    { "sha256", 32, begin_sha256, add_sha256, end_sha256 },
    { "sha512", 64, begin_sha512, add_sha512, end_sha512 },
    { "blake2b", 64, begin_blake2b, add_blake2b, end_blake2b },
    { "crc32", 4, begin_crc32, add_crc32, end_crc32 },
};
enum { METHODS = sizeof methods / sizeof methods[0] };

const char *hash_name(int number) {
    return number >= 0 && number < METHODS ? methods[number].name : NULL;
}

int hash_find(const char *name) {
    for (int i = 0; i < METHODS; i++)
        if (strcmp(methods[i].name, name) == 0) return i;
    return -EINVAL;
}

int hash_pieces(int number, struct pieces *pieces, const volatile int *stop, unsigned char *digest, size_t *size) {
    const struct method *method = &methods[number];
    union state state;
    method->begin(&state);
    int result = pieces_each(pieces, 0, pieces->size, stop, method->add, &state);
    if (result < 0) return result;
    method->end(&state, digest);
    *size = method->size;
    return 0;
}
