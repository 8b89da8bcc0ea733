/* chain.h: bytes joined from several owners without copying them.
 * Invariant: a chain's bytes never change, whatever is joined to it; it is one flat row of pieces, never a chain of chains.
 * SPDX-License-Identifier: MIT
 *
 * Chains that grew out of each other share one row, of which each is a part. What is joined behind a chain that ends where
 * its row ends is put there; what is joined behind another one begins a row of its own. Knows no Lua. */
#ifndef CHAIN_H
#define CHAIN_H

#include "bytes/pieces.h"

struct chain;

enum { CHAIN_FEW = 4 };

/* A row of pieces, of which each holds its owner. `counted` and what follows are for whoever counts its memory. */
struct chain_row {
    struct piece *list;    /* `few`, or a block: most joins are of two, and one allocation is cheaper than two */
    size_t count, capacity;
    size_t slices;         /* chains that are not in the list of the others */
    struct chain *longest; /* the chains that begin where the row does; none is longer than the one before it */
    size_t counted;        /* bytes, of what chain_row_cost says */
    void *counter;
    void (*uncount)(struct chain_row *row); /* called when the row is freed; NULL: nothing was counted */
    struct piece few[CHAIN_FEW];
};

/* Stays where it is while it is open: others point to it. */
struct chain {
    struct chain_row *row; /* NULL: closed */
    size_t from, size;
    size_t last;           /* see pieces.h */
    unsigned long alive;   /* bytes_released() when all owners were last found alive */
    struct chain *shorter, *longer;
    int is_slice;
};

/* Makes `chain` the same bytes as `other` (NULL: none), with room for `room` pieces behind it. Takes the row of `other` when
 * nothing lies behind it there, else a new one. Returns 0 or -ENOMEM. */
int chain_begin(struct chain *chain, const struct chain *other, size_t room);

/* The most bytes that chain_begin would take for that. */
size_t chain_growth(const struct chain *other, size_t room);

/* What a row takes now. */
size_t chain_row_cost(const struct chain_row *row);

/* Puts pieces behind the end of a chain that chain_begin has just made with room for them. Each owner is held once more. A
 * view that goes on where the last piece ends becomes part of that. Empty ones are left out. */
void chain_push(struct chain *chain, struct bytes_view view);
void chain_push_pieces(struct chain *chain, const struct pieces *pieces);

/* Makes `chain` the `size` bytes at `offset` of `other`, in the same row where that saves much. Returns 0 or -ENOMEM. */
int chain_slice(struct chain *chain, struct chain *other, size_t offset, size_t size);

/* Lets go of everything; what only this chain has held is dropped. A closed chain stays closed. */
void chain_close(struct chain *chain);

/* Its pieces, good until something is joined behind a chain of its row or it is closed. */
void chain_pieces(const struct chain *chain, struct pieces *pieces);

/* Whether the memory of every piece is still there: 1 or 0. Quick as long as nothing was released. */
int chain_alive(struct chain *chain);

#endif
