/* embed.h: the files that the binary carries: Lua modules ("lua/moonbear/x.lua") and help topics ("help/x.md").
 * Invariant: the table is sorted by name in byte order; it is made by scripts/build/embed.
 * SPDX-License-Identifier: MIT */
#ifndef EMBED_H
#define EMBED_H

#include <stddef.h>

struct embed_file {
    const char *name; /* with its folder, '/' between */
    const char *data; /* the bytes, followed by a zero that `size` does not count */
    size_t size;
};

extern const struct embed_file embed_files[];
extern const size_t embed_count;

/* The file of that name, or NULL. Never fails otherwise; safe anywhere. */
const struct embed_file *embed_find(const char *name);

#endif
