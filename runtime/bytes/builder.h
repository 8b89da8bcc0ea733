/* builder.h: a buffer that grows at its end and is read from its front.
 * Invariant: begin <= end <= room; what lies between is the content.
 * SPDX-License-Identifier: MIT
 *
 * Knows no Lua. Zeroed it is empty. Memory is malloc(3)'s. */
#ifndef BUILDER_H
#define BUILDER_H

#include "bytes/bytes.h"

struct builder {
    char *block; /* NULL: none */
    size_t begin, end, room;
};

/* How many bytes of memory more it would take to have `more` bytes behind the end; SIZE_MAX when there cannot be so many. */
size_t builder_growth(const struct builder *builder, size_t more);

/* Room for `more` bytes behind the end. Returns 0 or -ENOMEM. What pointed into it is no longer good. */
int builder_reserve(struct builder *builder, size_t more);

/* Where the next byte goes (NULL when there is no memory yet); to be followed by `builder->end += n` for n bytes, at most what was reserved. */
static inline char *builder_end(struct builder *builder) {
    return builder->block ? builder->block + builder->end : NULL;
}

static inline size_t builder_size(const struct builder *builder) {
    return builder->end - builder->begin;
}

/* Puts bytes behind the end, for which there must be room. */
void builder_put(struct builder *builder, const char *data, size_t size);

/* Takes `size` bytes, which must be there, from the front. */
void builder_skip(struct builder *builder, size_t size);

/* Empties it and keeps its memory; empties it and gives the memory back. */
void builder_reset(struct builder *builder);
void builder_close(struct builder *builder);

/* The content becomes an owner's, without being copied unless much of its memory is unused, and the builder is empty. Returns 0,
 * or -ENOMEM and nothing has changed. */
int builder_freeze(struct builder *builder, struct bytes_owner **owner);

#endif
