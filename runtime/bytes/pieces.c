/* pieces.c: see pieces.h.
 * Invariant: see pieces.h.
 * SPDX-License-Identifier: MIT */
#include "bytes/pieces.h"

#include <errno.h>
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

int pieces_guarded(const struct bytes_view *view, void (*fn)(void *argument), void *argument) {
    if (!view->owner || !view->owner->is_mapped) {
        fn(argument);
        return 0;
    }
    int result = plat_guard_ask(view->data, view->data + view->size);
    return result < 0 ? result : plat_guarded(fn, argument, view->data, view->data + view->size);
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

/* ---- Walking --------------------------------------------------------------------------------------------- */

struct part {
    void (*fn)(void *context, const char *data, size_t size);
    void *context;
    const char *data;
    size_t size;
};

static void visit(void *argument) {
    const struct part *part = argument;
    part->fn(part->context, part->data, part->size);
}

/* The part of piece `index` that begins at `offset`, no longer than `most` or a stride. */
static void part_at(const struct pieces *pieces, size_t index, size_t offset, size_t most, struct bytes_view *view) {
    pieces_view(pieces, index, view);
    size_t skip = offset - pieces_start(pieces, index);
    view->data += skip;
    view->size -= skip;
    if (view->size > most) view->size = most;
    if (view->size > PIECES_STRIDE) view->size = PIECES_STRIDE;
}

int pieces_each(struct pieces *pieces, size_t offset, size_t size, const volatile int *stop,
                void (*fn)(void *context, const char *data, size_t size), void *context) {
    struct bytes_view view;
    size_t seen = 0;
    for (int result = 0; size; offset += view.size, size -= view.size) {
        part_at(pieces, pieces_find(pieces, offset), offset, size, &view);
        struct part part = { fn, context, view.data, view.size };
        result = pieces_guarded(&view, visit, &part);
        if (result < 0) return result;
        seen += view.size;
        if (seen < PIECES_STRIDE) continue;
        if (stop && *stop) return -EINTR;
        seen = 0;
    }
    return 0;
}

/* ---- Comparing ------------------------------------------------------------------------------------------- */

struct pair {
    struct bytes_view a, b;
    size_t size;
    int order, result;
};

static void compare_parts(void *argument) {
    struct pair *pair = argument;
    pair->order = memcmp(pair->a.data, pair->b.data, pair->size);
}

static void guard_second(void *argument) {
    struct pair *pair = argument;
    pair->result = pieces_guarded(&pair->b, compare_parts, pair);
}

static int compare_pair(struct pair *pair) {
    pair->order = pair->result = 0;
    int result = pieces_guarded(&pair->a, guard_second, pair);
    return result < 0 ? result : pair->result;
}

int pieces_compare(struct pieces *a, struct pieces *b, const volatile int *stop, int *order) {
    size_t common = a->size < b->size ? a->size : b->size, seen = 0;
    struct pair pair;
    for (size_t offset = 0; offset < common; offset += pair.size) {
        part_at(a, pieces_find(a, offset), offset, common - offset, &pair.a);
        part_at(b, pieces_find(b, offset), offset, pair.a.size, &pair.b);
        pair.size = pair.b.size;
        int result = compare_pair(&pair);
        if (result < 0) return result;
        *order = pair.order;
        if (pair.order) return 0;
        if ((seen += pair.size) < PIECES_STRIDE) continue;
        if (stop && *stop) return -EINTR;
        seen = 0;
    }
    *order = (a->size > b->size) - (a->size < b->size);
    return 0;
}

/* ---- What is kept alive ---------------------------------------------------------------------------------- */

void pieces_pinned(const struct pieces *pieces, size_t *memory, size_t *mapped) {
    *memory = *mapped = 0;
    for (size_t i = 0; i < pieces->count; i++) {
        const struct bytes_view *view = &pieces->list[pieces->first + i].view;
        if (view->owner && view->owner->seen++) continue;
        if (!view->owner) *memory += view->size;
        else if (view->owner->is_mapped) *mapped += view->owner->size;
        else *memory += view->owner->size;
    }
    for (size_t i = 0; i < pieces->count; i++) {
        struct bytes_owner *owner = pieces->list[pieces->first + i].view.owner;
        if (owner) owner->seen = 0;
    }
}
