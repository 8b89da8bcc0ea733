/* frozen_write.h: events in, a frozen file out, in memory that does not grow with what is written.
 * Invariant: what is written is never touched again, but for the header at the end; a file without it is no frozen file.
 * SPDX-License-Identifier: MIT
 *
 * One thread at a time. No function raises, and none knows Lua. Children are written before their parents. What is known of
 * containers that have not ended goes to a scratch file when it is more than some megabytes. */
#ifndef FROZEN_WRITE_H
#define FROZEN_WRITE_H

#include <stddef.h>
#include <stdint.h>

#include "data/event.h"
#include "data/parser.h"

struct frozen_write_options {
    int fd;                   /* where to write: a file open for reading and writing, and empty; -1: into memory */
    const char *beside;       /* scratch files are made, without a name, in the folder of this path; NULL: none, all in memory */
    int rows;                 /* the values at the top are a stream: the root is their array, even of one or none */
    int holes;                /* every DATA_NIL is Lua's nil: see DATA_HOLE */
    const volatile int *stop; /* may be NULL; when not 0, long work ends with -ECANCELED */
};

struct frozen_writer;

/* *writer is to be closed. Strings of `options` must last as long. 0 or -ENOMEM. Closing leaves `fd` open. */
int frozen_writer_open(const struct frozen_write_options *options, struct data_memory memory, struct frozen_writer **writer);
void frozen_writer_close(struct frozen_writer *writer);

/* Writes events. Returns 0, or a negative errno that comes again with every further call: -EDOM: a key that is nil, NaN or a
 * container, or more than a frozen file can hold, see frozen_writer_why; -EPROTO: events in a wrong order; -ENOMEM;
 * -ECANCELED; what a file refused. */
int frozen_writer_put(struct frozen_writer *writer, const struct data_event *events, int count);

/* Writes the root and the header. -ENODATA when there was no value at all, and rows were not wanted. Of values at the top,
 * a single one without a name is the root; else the root is an array, or a map or table when there are names. The entries of
 * a word (DATA_ENTRY) are an array under that name. */
int frozen_writer_finish(struct frozen_writer *writer);

/* Of what was written into memory: the file, after frozen_writer_finish. The block is the caller's from then on, to be given
 * back to the memory that frozen_writer_open was given. */
char *frozen_writer_take(struct frozen_writer *writer, size_t *size);

/* Static text on what was wrong; for -EDOM and -EPROTO, else NULL. */
const char *frozen_writer_why(const struct frozen_writer *writer);

/* Bytes written so far, and those of the scratch files at their largest. */
uint64_t frozen_writer_bytes(const struct frozen_writer *writer);
uint64_t frozen_writer_scratch(const struct frozen_writer *writer);

#endif
