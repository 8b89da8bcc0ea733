/* chain.c: see chain.h.
 * Invariant: a row reaches to the end of its longest chain, or further while it has slices; a row without chains is freed.
 * SPDX-License-Identifier: MIT */
#include "bytes/chain.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { SLICE_COPIED = 64, SLICE_SHARE = 4 };

/* ---- Rows ------------------------------------------------------------------------------------------------ */

static size_t row_end(const struct chain_row *row) {
    return row->count ? row->list[row->count - 1].end : 0;
}

/* Of the pieces, the bytes that are no part of the row itself. */
static size_t block_size(const struct chain_row *row) {
    return row->list == row->few ? 0 : row->capacity * sizeof *row->list;
}

size_t chain_row_cost(const struct chain_row *row) {
    return sizeof *row + block_size(row);
}

/* A row grows by half at least, so that joining piece after piece costs the same for each. */
static size_t grown(const struct chain_row *row, size_t room) {
    size_t wanted = row->count + room, more = row->capacity + row->capacity / 2;
    if (wanted <= row->capacity) return row->capacity;
    return wanted > more ? wanted : more;
}

static int row_reserve(struct chain_row *row, size_t room) {
    size_t capacity = grown(row, room);
    if (capacity == row->capacity) return 0;
    if (capacity > PTRDIFF_MAX / sizeof *row->list) return -ENOMEM;
    int is_first = row->list == row->few;
    struct piece *list = realloc(is_first ? NULL : row->list, capacity * sizeof *list);
    if (!list) return -ENOMEM;
    if (is_first) memcpy(list, row->few, row->count * sizeof *list);
    row->list = list;
    row->capacity = capacity;
    return 0;
}

static struct chain_row *row_new(size_t room) {
    struct chain_row *row = malloc(sizeof *row);
    if (!row) return NULL;
    memset(row, 0, offsetof(struct chain_row, few));
    row->list = row->few;
    row->capacity = CHAIN_FEW;
    if (row_reserve(row, room) == 0) return row;
    free(row);
    return NULL;
}

static void row_cut(struct chain_row *row, size_t end) {
    while (row->count && row->list[row->count - 1].end - row->list[row->count - 1].view.size >= end)
        bytes_drop(row->list[--row->count].view.owner);
    if (!row->count) return;
    struct piece *last = &row->list[row->count - 1];
    last->view.size -= last->end - end;
    last->end = end;
}

static void row_trim(struct chain_row *row) {
    if (row->slices) return;
    row_cut(row, row->longest ? row->longest->size : 0);
    if (row->longest) return;
    if (row->uncount) row->uncount(row);
    if (row->list != row->few) free(row->list);
    free(row);
}

/* ---- Chains ---------------------------------------------------------------------------------------------- */

static void enter(struct chain *chain, struct chain_row *row, size_t from, size_t size, int is_slice) {
    *chain = (struct chain){ .row = row, .from = from, .size = size, .is_slice = is_slice };
    if (is_slice) {
        row->slices++;
        return;
    }
    chain->shorter = row->longest;
    if (row->longest) row->longest->longer = chain;
    row->longest = chain;
}

static void leave(struct chain *chain) {
    struct chain_row *row = chain->row;
    if (chain->is_slice) {
        row->slices--;
        return;
    }
    if (chain->shorter) chain->shorter->longer = chain->longer;
    if (chain->longer) chain->longer->shorter = chain->shorter;
    else row->longest = chain->shorter;
}

void chain_close(struct chain *chain) {
    struct chain_row *row = chain->row;
    if (!row) return;
    leave(chain);
    chain->row = NULL;
    row_trim(row);
}

static int is_at_end(const struct chain *chain) {
    return chain->from + chain->size == row_end(chain->row);
}

static size_t count_of(const struct chain *chain) {
    struct pieces pieces;
    chain_pieces(chain, &pieces);
    return pieces.count;
}

size_t chain_growth(const struct chain *other, size_t room) {
    if (other && is_at_end(other)) {
        size_t capacity = grown(other->row, room);
        return capacity == other->row->capacity ? 0 : capacity * sizeof(struct piece) - block_size(other->row);
    }
    struct chain_row none = { .count = other ? count_of(other) : 0, .capacity = CHAIN_FEW };
    size_t capacity = grown(&none, room);
    return sizeof none + (capacity == CHAIN_FEW ? 0 : capacity * sizeof(struct piece));
}

int chain_begin(struct chain *chain, const struct chain *other, size_t room) {
    struct pieces pieces;
    if (other && is_at_end(other)) {
        if (row_reserve(other->row, room) < 0) return -ENOMEM;
        enter(chain, other->row, other->from, other->size, other->is_slice);
        chain->alive = other->alive;
        return 0;
    }
    struct chain_row *row = row_new((other ? count_of(other) : 0) + room);
    if (!row) return -ENOMEM;
    enter(chain, row, 0, 0, 0);
    if (!other) return 0;
    chain_pieces(other, &pieces);
    chain_push_pieces(chain, &pieces);
    return 0;
}

void chain_push(struct chain *chain, struct bytes_view view) {
    struct chain_row *row = chain->row;
    struct piece *last = row->count ? &row->list[row->count - 1] : NULL;
    if (view.size == 0) return;
    chain->size += view.size;
    if (view.owner && !view.owner->data) chain->alive = 0;
    if (last && last->view.owner == view.owner && last->view.data + last->view.size == view.data) {
        last->view.size += view.size;
        last->end += view.size;
        return;
    }
    size_t end = row_end(row) + view.size;
    bytes_hold(view.owner);
    row->list[row->count++] = (struct piece){ view, end };
}

void chain_push_pieces(struct chain *chain, const struct pieces *pieces) {
    for (size_t i = 0; i < pieces->count; i++) {
        struct bytes_view view;
        pieces_view(pieces, i, &view);
        chain_push(chain, view);
    }
}

static void cut_pieces(struct pieces *pieces, size_t offset, size_t size) {
    size_t first = pieces_find(pieces, offset), last = pieces_find(pieces, offset + size - 1);
    pieces->first += first;
    pieces->count = last - first + 1;
    pieces->from += offset;
    pieces->size = size;
    pieces->last = 0;
}

int chain_slice(struct chain *chain, struct chain *other, size_t offset, size_t size) {
    struct pieces pieces;
    chain_pieces(other, &pieces);
    if (size) cut_pieces(&pieces, offset, size);
    else pieces.count = 0;
    if (pieces.count > SLICE_COPIED && pieces.count > other->row->count / SLICE_SHARE) {
        enter(chain, other->row, other->from + offset, size, 1);
        return 0;
    }
    if (chain_begin(chain, NULL, pieces.count) < 0) return -ENOMEM;
    chain_push_pieces(chain, &pieces);
    return 0;
}

static size_t index_at(const struct chain_row *row, size_t at) {
    struct pieces all = { .list = row->list, .size = row_end(row), .count = row->count };
    return pieces_find(&all, at);
}

void chain_pieces(const struct chain *chain, struct pieces *pieces) {
    const struct chain_row *row = chain->row;
    *pieces = (struct pieces){ .list = row->list, .from = chain->from, .size = chain->size, .last = chain->last };
    if (chain->size == 0) return;
    pieces->first = chain->from ? index_at(row, chain->from) : 0;
    size_t end = chain->from + chain->size;
    size_t last = end == row_end(row) ? row->count - 1 : index_at(row, end - 1);
    pieces->count = last - pieces->first + 1;
}

int chain_alive(struct chain *chain) {
    struct pieces pieces;
    unsigned long now = bytes_released();
    if (chain->alive == now + 1) return 1;
    chain_pieces(chain, &pieces);
    for (size_t i = 0; i < pieces.count; i++) {
        const struct bytes_owner *owner = pieces.list[pieces.first + i].view.owner;
        if (owner && !owner->data) return 0;
    }
    chain->alive = now + 1;
    return 1;
}
