/* write.h: writing bytes that may lie in pieces to a descriptor.
 * Invariant: what was written is the beginning of the bytes, and its length is known.
 * SPDX-License-Identifier: MIT */
#ifndef WRITE_H
#define WRITE_H

#include "bytes/pieces.h"
#include "platform.h"

struct write_job {
    int fd;
    size_t written;           /* so far */
    int no_send;              /* the host has refused plat_send for this descriptor */
    int room;
    struct plat_span spans[]; /* room */
};

/* How many spans a job for these pieces can use. */
int write_spans(const struct pieces *pieces);

/* Writes some more. Returns 1, 0 when all is written, or a negative errno: -EINTR: call again; -EFAULT: a mapped file was cut
 * short; those of writev(2). A mapped file goes through the kernel where the host allows. */
int write_some(struct write_job *job, struct pieces *pieces);

#endif
