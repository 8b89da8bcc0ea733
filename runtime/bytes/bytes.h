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
    void (*give)(struct bytes_owner *owner); /* gives the memory back; called once, when `data` is NULL already */
    void *context;    /* `give`'s */
    void *counter;    /* who has counted `counted`; NULL: nobody */
    void (*uncount)(struct bytes_owner *owner); /* called once, when a counted owner's memory is given back */
    int seen;         /* for whoever walks over owners and meets some twice; 0 between walks */
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

/* A new block of `size` bytes, not set, for *memory to write to while nobody else sees it. Returns 0 or -ENOMEM. */
int bytes_block(size_t size, struct bytes_owner **owner, char **memory);

/* A block from malloc(3) becomes an owner's, with `room` bytes of which the first `size` count. Returns 0, or -ENOMEM and
 * the block stays the caller's. */
int bytes_adopt(char *block, size_t size, size_t room, struct bytes_owner **owner);

/* Memory of somebody else, which gives it back with `give` (NULL: nothing is to be done) and is told nothing else. What it
 * costs is 0 unless the caller sets `counted`. Returns 0 or -ENOMEM. */
int bytes_foreign(const char *data, size_t size, void (*give)(struct bytes_owner *owner), void *context, struct bytes_owner **owner);

/* The descriptor of a mapped file that is kept open for sending it, or -1. */
int bytes_descriptor(const struct bytes_owner *owner);

/* What an owner itself costs, beside its memory. */
enum { BYTES_OWNER = sizeof(struct bytes_owner) };

/* Changes whenever memory is given back that somebody still looks at: who has found his owners alive need not look again
 * while it is the same. May be read by any thread. */
unsigned long bytes_released(void);

#endif
