/* builder.c: see builder.h.
 * Invariant: see builder.h.
 * SPDX-License-Identifier: MIT */
#include "bytes/builder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM_LEAST = 64 };

/* What was read at the front is used again when that makes room enough and moves less than it frees. */
static int can_move(const struct builder *b, size_t more) {
    size_t used = b->end - b->begin;
    return b->begin >= used && more <= b->room - used;
}

static size_t wanted_room(const struct builder *b, size_t more) {
    size_t needed = b->end + more, doubled = b->room * 2;
    if (more > PTRDIFF_MAX - b->end) return SIZE_MAX;
    if (needed < ROOM_LEAST) needed = ROOM_LEAST;
    return needed > doubled ? needed : doubled;
}

size_t builder_growth(const struct builder *b, size_t more) {
    if (more <= b->room - b->end || can_move(b, more)) return 0;
    size_t wanted = wanted_room(b, more);
    return wanted == SIZE_MAX ? SIZE_MAX : wanted - b->room;
}

int builder_reserve(struct builder *b, size_t more) {
    if (more <= b->room - b->end) return 0;
    if (can_move(b, more)) {
        memmove(b->block, b->block + b->begin, b->end - b->begin);
        b->end -= b->begin;
        b->begin = 0;
        return 0;
    }
    size_t room = wanted_room(b, more);
    char *block = room == SIZE_MAX ? NULL : realloc(b->block, room);
    if (!block) return -ENOMEM;
    b->block = block;
    b->room = room;
    return 0;
}

void builder_put(struct builder *b, const char *data, size_t size) {
    if (size) memcpy(builder_end(b), data, size);
    b->end += size;
}

void builder_skip(struct builder *b, size_t size) {
    b->begin += size;
    if (b->begin == b->end) b->begin = b->end = 0;
}

void builder_reset(struct builder *b) {
    b->begin = b->end = 0;
}

void builder_close(struct builder *b) {
    free(b->block);
    *b = (struct builder){ NULL, 0, 0, 0 };
}

/* Less memory for the same bytes; a refusal changes nothing. */
static void shrink(struct builder *b) {
    size_t used = b->end - b->begin;
    if (b->room - used <= used / 4) return;
    memmove(b->block, b->block + b->begin, used);
    b->begin = 0;
    b->end = used;
    char *block = realloc(b->block, used ? used : 1);
    if (!block) return;
    b->block = block;
    b->room = used ? used : 1;
}

int builder_freeze(struct builder *b, struct bytes_owner **owner) {
    if (!b->block && builder_reserve(b, 1) < 0) return -ENOMEM;
    shrink(b);
    int result = bytes_adopt(b->block, b->end - b->begin, b->room, owner);
    if (result < 0) return result;
    if ((*owner)->size) (*owner)->data = b->block + b->begin;
    *b = (struct builder){ NULL, 0, 0, 0 };
    return 0;
}
