/* frozen_share.h: which strings and keys were written lately, so that they are written once.
 * Invariant: tables of bounded size; what is found is equal in every byte; memory that is refused only means less sharing.
 * SPDX-License-Identifier: MIT */
#ifndef FROZEN_SHARE_H
#define FROZEN_SHARE_H

#include "data/frozen_out.h"
#include "data/parser.h"

struct frozen_text;
struct frozen_shape;

struct frozen_share {
    struct data_memory memory;
    struct frozen_text *texts;
    struct frozen_shape *shapes;
    uint32_t text_capacity, text_count, shape_capacity, shape_count;
};

enum { FROZEN_SHAPE_KEYS = 48 }; /* keys of maps with more are not looked for */

void frozen_share_open(struct frozen_share *share, struct data_memory memory);
void frozen_share_close(struct frozen_share *share);

/* Where an equal string was written, or 0. `hash` is any of its bytes and flags. May read `out`. */
uint64_t frozen_share_text(struct frozen_share *share, struct frozen_out *out, uint64_t hash, const char *text, size_t size, int flags);
void frozen_share_add_text(struct frozen_share *share, uint64_t hash, const char *text, size_t size, int flags, uint64_t at);

/* Where keys were written that are these words in this order, or 0. At most FROZEN_SHAPE_KEYS. */
uint64_t frozen_share_shape(struct frozen_share *share, const uint64_t *keys, uint32_t count);
void frozen_share_add_shape(struct frozen_share *share, const uint64_t *keys, uint32_t count, uint64_t at);

#endif
