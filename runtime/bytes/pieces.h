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

#endif
