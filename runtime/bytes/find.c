/* find.c: see find.h.
 * Invariant: time is linear: what the quick search looks at in vain is bounded, and then memmem(3) goes on.
 * SPDX-License-Identifier: MIT */
#include "bytes/find.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

/* ---- In flat memory -------------------------------------------------------------------------------------- */

/* Sixteen places at once: a place is looked at when the needle's first and last byte are both right. The method is
 * W. Mula's "generic SIMD" substring search, in the compiler's own vectors. */
typedef unsigned char lanes __attribute__((vector_size(16)));
enum { LANES = sizeof(lanes), BLOCK = 4 * LANES, VAIN = 64 };

static inline lanes load(const char *at) {
    lanes value;
    memcpy(&value, at, sizeof value);
    return value;
}

static inline int any(lanes value) {
    uint64_t halves[2];
    memcpy(halves, &value, sizeof halves);
    return (halves[0] | halves[1]) != 0;
}

/* The first lane that is set, of which there is one. */
static inline size_t first(lanes value) {
    uint64_t halves[2];
    size_t lane = 0;
    memcpy(halves, &value, sizeof halves);
    if (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
        return halves[0] ? (size_t)__builtin_ctzll(halves[0]) / 8 : 8 + (size_t)__builtin_ctzll(halves[1]) / 8;
    while (!value[lane]) lane++;
    return lane;
}

/* A few steps here, as the byte is often near; for what is far, memchr(3) may be better. */
const char *find_byte(const char *data, size_t size, char byte) {
    enum { STEPS = 16 };
    const lanes wanted = (lanes){ 0 } + (unsigned char)byte;
    const char *end = data + size;
    for (int i = 0; i < STEPS && end - data >= LANES; i++, data += LANES) {
        lanes hits = (lanes)(load(data) == wanted);
        if (any(hits)) return data + first(hits);
    }
    if (end - data >= LANES) return memchr(data, (unsigned char)byte, (size_t)(end - data));
    for (; data < end; data++)
        if (*data == byte) return data;
    return NULL;
}

struct needle {
    const char *text;
    size_t length;
    lanes first, last;
    size_t vain, allowed; /* bytes compared for nothing, and how many may be */
};

static inline lanes fits(const struct needle *n, const char *at) {
    return (lanes)(load(at) == n->first) & (lanes)(load(at + n->length - 1) == n->last);
}

/* A match is compared up to where it differs. */
static int is_at(struct needle *n, const char *at) {
    if (memcmp(at, n->text, n->length) == 0) return 1;
    n->vain += n->length;
    return 0;
}

static const char *look(struct needle *n, const char *at, size_t places) {
    for (size_t i = 0; i < places; i++)
        if (at[i] == n->text[0] && at[i + n->length - 1] == n->text[n->length - 1] && is_at(n, at + i)) return at + i;
    return NULL;
}

/* NULL with *stopped before the end: there were too many places that looked right. */
static const char *search(struct needle *n, const char *at, size_t places, const char **stopped) {
    const char *end = at + places;
    for (; (size_t)(end - at) >= BLOCK; at += BLOCK) {
        lanes hits = fits(n, at) | fits(n, at + LANES) | fits(n, at + 2 * LANES) | fits(n, at + 3 * LANES);
        if (!any(hits)) continue;
        const char *found = look(n, at, BLOCK);
        if (found) return found;
        n->allowed += BLOCK * VAIN;
        if (n->vain > n->allowed) break;
    }
    *stopped = (size_t)(end - at) >= BLOCK ? at + BLOCK : end;
    return *stopped == end ? look(n, at, (size_t)(end - at)) : NULL;
}

const char *find_flat(const char *data, size_t size, const char *needle, size_t length) {
    if (length == 0) return data;
    if (length > size) return NULL;
    if (length == 1) return memchr(data, needle[0], size);
    struct needle n = { .text = needle, .length = length };
    n.first = (lanes){ 0 } + (unsigned char)needle[0];
    n.last = (lanes){ 0 } + (unsigned char)needle[length - 1];
    const char *stopped, *found = search(&n, data, size - length + 1, &stopped);
    if (found || stopped == data + (size - length + 1)) return found;
    return memmem(stopped, size - (size_t)(stopped - data), needle, length);
}

/* ---- In pieces ------------------------------------------------------------------------------------------- */

enum { WINDOW = 4096, GOAL = 128 };

/* What a needle could begin in is carried from piece to piece in a window; longer pieces are searched where they lie. */
struct hunt {
    struct pieces *pieces;
    const char *needle;
    size_t length;
    char *window;
    size_t goal, room, filled; /* the window is filled up to `goal`, which grows up to `room` */
    size_t at;            /* the next byte of the pieces that the window has not seen */
    struct bytes_view part;
    const char *found;
};

static size_t window_room(size_t length) {
    return length > WINDOW / 4 ? 4 * length : WINDOW;
}

size_t find_work(const struct pieces *pieces, size_t length) {
    return pieces->count > 1 && length > 1 ? window_room(length) : 0;
}

static void search_part(void *argument) {
    struct hunt *hunt = argument;
    hunt->found = find_flat(hunt->part.data, hunt->part.size, hunt->needle, hunt->length);
}

/* Searches `size` bytes at `offset` of the piece where they lie. Returns 1, 0 or -EFAULT. */
static int search_in_place(struct hunt *hunt, const struct bytes_view *view, size_t offset, size_t size) {
    hunt->part = (struct bytes_view){ view->data + offset, size, view->owner };
    int result = pieces_guarded(&hunt->part, search_part, hunt);
    if (result < 0) return result;
    return hunt->found != NULL;
}

/* Strides overlap by what a needle may reach over their ends. */
static int search_piece(struct hunt *hunt, const struct bytes_view *view, size_t skip, const volatile int *stop, size_t *found) {
    size_t step = hunt->length > PIECES_STRIDE / 4 ? 4 * hunt->length : PIECES_STRIDE;
    for (size_t offset = skip; offset < view->size; offset += step) {
        size_t rest = view->size - offset, stride = step + hunt->length;
        int result = search_in_place(hunt, view, offset, rest < stride ? rest : stride);
        if (result < 0) return result;
        if (result) {
            *found = hunt->at + (size_t)(hunt->found - view->data) - skip;
            return 1;
        }
        if (rest <= stride) return 0;
        if (stop && *stop) return -EINTR;
    }
    return 0;
}

static int take_up(struct hunt *hunt, size_t size) {
    int result = pieces_copy(hunt->pieces, hunt->at, size, hunt->window + hunt->filled);
    hunt->filled += size;
    hunt->at += size;
    return result;
}

/* Searches the window, and keeps only what a needle could begin in. */
static int search_window(struct hunt *hunt, size_t *found) {
    const char *hit = find_flat(hunt->window, hunt->filled, hunt->needle, hunt->length);
    size_t kept = hunt->length - 1;
    if (hit) {
        *found = hunt->at - hunt->filled + (size_t)(hit - hunt->window);
        return 1;
    }
    if (hunt->filled > kept) {
        memmove(hunt->window, hunt->window + hunt->filled - kept, kept);
        hunt->filled = kept;
    }
    return 0;
}

/* A long piece: over its seam, in it, and its end into the window. */
static int hunt_long(struct hunt *hunt, const struct bytes_view *view, size_t skip, const volatile int *stop, size_t *found) {
    size_t size = view->size - skip, edge = hunt->length - 1, begun = hunt->at;
    int result = hunt->filled ? take_up(hunt, edge) : 0;
    if (result == 0 && hunt->filled) result = search_window(hunt, found);
    hunt->at = begun;
    if (result == 0) result = search_piece(hunt, view, skip, stop, found);
    if (result) return result;
    hunt->filled = 0;
    hunt->at = begun + size;
    if (hunt->at == hunt->pieces->size) return 0;
    hunt->at -= edge;
    return edge ? take_up(hunt, edge) : 0;
}

static int hunt_short(struct hunt *hunt, size_t *found) {
    size_t rest = hunt->pieces->size - hunt->at, room = hunt->goal - hunt->filled;
    int result = take_up(hunt, rest < room ? rest : room);
    if (hunt->goal < hunt->room) hunt->goal = 2 * hunt->goal < hunt->room ? 2 * hunt->goal : hunt->room;
    return result < 0 ? result : search_window(hunt, found);
}

/* Short pieces fill the window before it is searched: so a row of single bytes takes no longer than a flat one. */
static int hunt_next(struct hunt *hunt, const volatile int *stop, size_t *found) {
    struct bytes_view view;
    size_t index = pieces_find(hunt->pieces, hunt->at), skip = hunt->at - pieces_start(hunt->pieces, index);
    pieces_view(hunt->pieces, index, &view);
    if (!hunt->window || view.size - skip >= hunt->goal) return hunt_long(hunt, &view, skip, stop, found);
    return hunt_short(hunt, found);
}

int find_pieces(struct pieces *pieces, size_t from, const char *needle, size_t length, char *work, const volatile int *stop,
                size_t *found) {
    struct hunt hunt = { .pieces = pieces, .needle = needle, .length = length, .window = work, .at = from };
    hunt.room = window_room(length);
    hunt.goal = length > GOAL / 4 ? 4 * length : GOAL;
    *found = from;
    if (from > pieces->size || length > pieces->size - from) return 0;
    for (int result = length == 0; hunt.at < pieces->size || result; ) {
        if (result == 0) result = hunt_next(&hunt, stop, found);
        if (result) return result;
        if (stop && *stop) return -EINTR;
    }
    return 0;
}
