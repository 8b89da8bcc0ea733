/* frozen_out.h: where a frozen file is written to: a file or memory, buffered, and readable again.
 * Invariant: offset - used bytes are in the file, the rest in the buffer; the checksum is that of all behind the header.
 * SPDX-License-Identifier: MIT */
#ifndef FROZEN_OUT_H
#define FROZEN_OUT_H

#include "data/parser.h"

struct frozen_out {
    struct data_memory memory;
    int fd;             /* -1: memory */
    char *buffer;
    size_t used, capacity;
    uint64_t flushed;   /* bytes in the file */
    uint64_t checksum;
    int error;          /* comes again with every further call */
};

void frozen_out_open(struct frozen_out *out, int fd, struct data_memory memory);
void frozen_out_close(struct frozen_out *out);

/* Where the next byte goes. */
static inline uint64_t frozen_out_offset(const struct frozen_out *out) {
    return out->flushed + out->used;
}

/* All return 0 or a negative errno. frozen_out_align adds zeros up to a multiple of `to`, at most 8. */
int frozen_out_put(struct frozen_out *out, const void *data, size_t size);
int frozen_out_put32(struct frozen_out *out, uint32_t word);
int frozen_out_put64(struct frozen_out *out, uint64_t word);
int frozen_out_align(struct frozen_out *out, size_t to);

/* Reads back what was written. */
int frozen_out_read(struct frozen_out *out, uint64_t at, void *to, size_t size);

/* Writes what is left, and then the header in its place; the checksum within it is filled in here. */
int frozen_out_finish(struct frozen_out *out, char *header);

#endif
