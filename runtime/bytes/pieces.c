/* pieces.c: see pieces.h.
 * Invariant: see pieces.h.
 * SPDX-License-Identifier: MIT */
#include "bytes/pieces.h"

#include <string.h>

#include "platform.h"

void pieces_one(struct pieces *pieces, struct piece *piece, struct bytes_view view) {
    *piece = (struct piece){ view, view.size };
    *pieces = (struct pieces){ .list = piece, .size = view.size, .count = view.size > 0 };
}

static size_t row_start(const struct pieces *pieces, size_t index) {
    return index ? pieces->list[index - 1].end : 0;
}

static int has(const struct pieces *pieces, size_t index, size_t at) {
    return at >= row_start(pieces, index) && at < pieces->list[index].end;
}

/* Tries the piece of the last answer and the one behind it before it halves the row. */
size_t pieces_find(struct pieces *pieces, size_t offset) {
    size_t at = pieces->from + offset, low = pieces->first, high = low + pieces->count - 1;
    size_t guess = low + pieces->last;
    if (guess < high && at >= pieces->list[guess].end) guess++;
    if (guess <= high && has(pieces, guess, at)) return pieces->last = guess - low;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (pieces->list[middle].end <= at) low = middle + 1;
        else high = middle;
    }
    return pieces->last = low - pieces->first;
}

size_t pieces_start(const struct pieces *pieces, size_t index) {
    size_t start = row_start(pieces, pieces->first + index);
    return start > pieces->from ? start - pieces->from : 0;
}

void pieces_view(const struct pieces *pieces, size_t index, struct bytes_view *view) {
    const struct piece *piece = &pieces->list[pieces->first + index];
    size_t start = row_start(pieces, pieces->first + index), end = piece->end, skip = 0;
    if (start < pieces->from) skip = pieces->from - start;
    if (end > pieces->from + pieces->size) end = pieces->from + pieces->size;
    *view = (struct bytes_view){ piece->view.data + skip, end - start - skip, piece->view.owner };
}

static int copy_view(const struct bytes_view *view, size_t skip, size_t size, char *to) {
    if (view->owner && view->owner->is_mapped) return plat_copy(to, view->data + skip, size);
    memcpy(to, view->data + skip, size);
    return 0;
}

int pieces_copy(struct pieces *pieces, size_t offset, size_t size, char *to) {
    int result = 0;
    if (size == 0) return 0;
    for (size_t index = pieces_find(pieces, offset); size && result == 0; index++) {
        struct bytes_view view;
        pieces_view(pieces, index, &view);
        size_t skip = offset - pieces_start(pieces, index), part = view.size - skip;
        if (part > size) part = size;
        result = copy_view(&view, skip, part, to);
        to += part, offset += part, size -= part;
    }
    return result;
}
