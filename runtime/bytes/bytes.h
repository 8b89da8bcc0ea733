/* bytes.h: memory that several values share, and that is given back at once when it is released.
 * Invariant: an owner's memory is there while `data` is not NULL; an owner itself lives until its last holder drops it.
 * SPDX-License-Identifier: MIT
 *
 * An owner stands for one run of memory: a mapped file, a block, memory of a host program. Views (pointer, length, owner)
 * and chains of views share it. Releasing gives the memory back whatever views there are: they find `data` NULL. Knows no
 * Lua. One thread at a time, unless said otherwise. */
#ifndef BYTES_H
#define BYTES_H

#include <stddef.h>
#include <stdint.h>

struct bytes_owner {
    const char *data; /* NULL once released; an empty one points to a static byte */
    size_t size;
    uint32_t holders;
    int is_mapped;    /* a file: it may be cut short by somebody else, so read it by plat_copy or plat_guarded */
    size_t counted;   /* what the memory costs, for whoever counts it; 0 for a mapped file */
    void (*give)(struct bytes_owner *owner); /* gives the memory back; called once */
    void *context;    /* `give`'s */
};

/* A run of memory within an owner's. */
struct bytes_view {
    const char *data;
    size_t size;
    struct bytes_owner *owner; /* NULL: memory that is always there */
};

/* One more holder, and one less: the last to drop releases. bytes_hold returns the owner; NULL is allowed in both. */
struct bytes_owner *bytes_hold(struct bytes_owner *owner);
void bytes_drop(struct bytes_owner *owner);

/* Gives the memory back now. Returns 1 the first time, 0 after. */
int bytes_release(struct bytes_owner *owner);

/* Maps a file, which may be larger than memory, for reading. *owner has one holder. Returns 0 or the negative errno of
 * open(2), fstat(2) or mmap(2); -EISDIR for a folder; -ENODEV for what cannot be mapped (a pipe, a terminal). */
int bytes_map(const char *path, struct bytes_owner **owner);

#endif
