/* hash.h: digests of bytes that may lie in pieces.
 * Invariant: the same bytes have the same digest, wherever their pieces end.
 * SPDX-License-Identifier: MIT */
#ifndef HASH_H
#define HASH_H

#include "bytes/pieces.h"

enum { HASH_LONGEST = 64 };

/* "sha256" and "sha512" (FIPS 180-4), "blake2b" (RFC 7693, 64 bytes, no key), all by libsodium; "crc32" (ISO-HDLC, as gzip and
 * zip have it) by zlib, as four bytes, the highest first. NULL behind the last. Static text. */
const char *hash_name(int number);

/* The number of a name, or -EINVAL. */
int hash_find(const char *name);

/* The digest of all the pieces into digest[HASH_LONGEST], and its size. Returns 0, -EFAULT or -EINTR: see pieces.h. */
int hash_pieces(int number, struct pieces *pieces, const volatile int *stop, unsigned char *digest, size_t *size);

#endif
