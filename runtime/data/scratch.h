/* scratch.h: a file without a name, beside another: what has no room in memory.
 * Invariant: whatever ends the process, nothing of it is left.
 * SPDX-License-Identifier: MIT */
#ifndef SCRATCH_H
#define SCRATCH_H

#include <stddef.h>
#include <stdint.h>

/* Opens one in the folder of the path `beside`, for reading and writing, closed on exec. Source: open(2), O_TMPFILE; where the
 * file system lacks that, a file is made and removed at once. 0 or the negative errno of the folder. */
int scratch_open(const char *beside, int *fd);

/* Write and read all of `size` bytes at a place: 0 or a negative errno; -EIO beyond the end. */
int scratch_write(int fd, uint64_t at, const void *data, size_t size);
int scratch_read(int fd, uint64_t at, void *data, size_t size);

#endif
