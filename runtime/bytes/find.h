/* find.h: where bytes occur in bytes that may lie in pieces.
 * Invariant: the haystack is read where it lies; only what is around the seams between pieces is copied.
 * SPDX-License-Identifier: MIT */
#ifndef FIND_H
#define FIND_H

#include "bytes/pieces.h"

/* The first place of a needle in flat memory at or behind data; NULL: none. Like memmem(3), but quicker where first and
 * last byte of the needle are not frequent together; takes time in proportion to `size` in any case. */
const char *find_flat(const char *data, size_t size, const char *needle, size_t length);

/* The same for a single byte; quicker than memchr(3) when it is near. */
const char *find_byte(const char *data, size_t size, char byte);

/* How much work memory find_pieces wants for a needle of that length. */
size_t find_work(const struct pieces *pieces, size_t length);

/* The first place at or behind `from` where a needle, whose memory must be there, occurs. Returns 1 and *found; 0: nowhere;
 * -EFAULT; -EINTR: see pieces.h. An empty needle is found at `from`, as string.find does. */
int find_pieces(struct pieces *pieces, size_t from, const char *needle, size_t length, char *work, const volatile int *stop,
                size_t *found);

#endif
