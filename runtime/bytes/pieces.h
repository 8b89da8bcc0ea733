/* pieces.h: a run of bytes that may lie in several places, and reading it.
 * Invariant: no answer depends on where the pieces end.
 * SPDX-License-Identifier: MIT
 *
 * Knows no Lua. Where memory of a mapped file may have gone, functions return -EFAULT instead of dying. */
#ifndef PIECES_H
#define PIECES_H

#include "bytes/bytes.h"

/* One piece of a row, and where it ends when the row is counted through. No piece of a row is empty. */
struct piece {
    struct bytes_view view;
    size_t end;
};

/* The bytes from `from` up to `from + size` of a row of pieces: the first and the last piece may be cut. Points to memory of
 * whoever made it, and holds no owner. */
struct pieces {
    const struct piece *list; /* the row */
    size_t from, size;
    size_t first, count;      /* the pieces of the row that are touched */
    size_t last;              /* the piece that was found last: the next position is often in it */
};

/* One view as pieces; `piece` is to stay as long as they are used. */
void pieces_one(struct pieces *pieces, struct piece *piece, struct bytes_view view);

/* The index, from 0 to count - 1, of the piece that has the byte at `offset`, which is less than `size`. */
size_t pieces_find(struct pieces *pieces, size_t offset);

/* Piece number `index`, from 0, as far as it belongs to these bytes. */
void pieces_view(const struct pieces *pieces, size_t index, struct bytes_view *view);

/* Where that piece begins. */
size_t pieces_start(const struct pieces *pieces, size_t index);

/* Copies `size` bytes at `offset`, which must be there. Returns 0 or -EFAULT. */
int pieces_copy(struct pieces *pieces, size_t offset, size_t size, char *to);

/* Runs fn(argument), which reads the view and holds nothing. Returns 0, or -EFAULT when a part of it had gone. */
int pieces_guarded(const struct bytes_view *view, void (*fn)(void *argument), void *argument);

/* The pieces for the functions below may be long, so each asks *stop (NULL: nobody stops it) about every PIECES_STRIDE bytes
 * and returns -EINTR when it is not 0. Called again, they begin anew. */
enum { PIECES_STRIDE = 1 << 20 };

/* Calls fn(context, data, size) for one part of `size` bytes at `offset` after the other; `fn` must hold nothing that would be
 * lost when it is abandoned. Returns 0, -EFAULT or -EINTR. */
int pieces_each(struct pieces *pieces, size_t offset, size_t size, const volatile int *stop,
                void (*fn)(void *context, const char *data, size_t size), void *context);

/* *order is less than, equal to or greater than 0, by the first byte that differs, then by size. Returns as pieces_each. */
int pieces_compare(struct pieces *a, struct pieces *b, const volatile int *stop, int *order);

/* How many bytes of memory, and how many of mapped files, all owners of these pieces have together. */
void pieces_pinned(const struct pieces *pieces, size_t *memory, size_t *mapped);

#endif
