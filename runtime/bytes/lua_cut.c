/* lua_cut.c: the methods that cut bytes up: lines, split, chunks.
 * Invariant: what iterators give are slices as sub makes them; no answer depends on where the window lies.
 * SPDX-License-Identifier: MIT */
#include "bytes/lua_value.h"

#include <errno.h>
#include <string.h>

#include "lauxlib.h"

#include "bytes/find.h"
#include "engine/engine.h"

/* Bytes that lie flat in memory are searched there. Of others some are copied to a window first, in one guarded call for many
 * parts: it grows as long as parts are found in it. */
enum { WINDOW_LEAST = 1024, WINDOW_MOST = 16 * 1024, PAUSE_MOST = 63 };

/* What an iterator remembers, in userdata: its first upvalue. The others are the bytes, the separator, which is a string and so
 * always there, and what value_new_small_with wants. */
struct cutter {
    struct value *bytes;    /* the second upvalue */
    size_t next;            /* where the next part begins */
    double step;            /* of chunks */
    const char *needle;
    size_t length;          /* of it; 0: chunks */
    int is_lines;           /* what is behind the last separator is a part only if there is something */
    size_t at, filled;      /* the window has that many bytes from there */
    size_t goal, room;
    unsigned misses, pause; /* how often to do without the window, since parts have been longer than it */
    unsigned long fills;    /* so that whoever ran a finalizer sees that the window has changed */
    char window[];
};
enum { CUTTER = lua_upvalueindex(1), BYTES = lua_upvalueindex(2), NEEDLE = lua_upvalueindex(3), SMALL = lua_upvalueindex(4) };

/* Where bytes are found: in the value's own memory, or in the window. */
struct place {
    const char *data;
    size_t from, size; /* offset in the bytes, and how many there are */
};

static int is_flat(const struct pieces *pieces) {
    const struct bytes_owner *owner = pieces->list[pieces->first].view.owner;
    return pieces->count == 1 && !(owner && owner->is_mapped);
}

/* Returns 0 when nothing could be read: then the slow search finds out what is wrong, and where. */
static int fill_window(struct cutter *c, struct pieces *pieces, size_t from) {
    size_t rest = pieces->size - from, size = c->goal < rest ? c->goal : rest;
    c->fills++;
    c->filled = 0;
    if (pieces_copy(pieces, from, size, c->window) < 0) return 0;
    c->at = from;
    c->filled = size;
    c->goal = 2 * c->goal < c->room ? 2 * c->goal : c->room;
    return 1;
}

static void place_flat(struct pieces *pieces, size_t from, struct place *place) {
    struct bytes_view view;
    pieces_view(pieces, 0, &view);
    *place = (struct place){ view.data + from, from, view.size - from };
}

static int place_window(struct cutter *c, size_t from, struct place *place) {
    if (from < c->at || from >= c->at + c->filled) return 0;
    *place = (struct place){ c->window + (from - c->at), from, c->at + c->filled - from };
    return 1;
}

static const char *seek(const struct cutter *c, const struct place *place) {
    if (c->length == 1) return find_byte(place->data, place->size, c->needle[0]);
    return find_flat(place->data, place->size, c->needle, c->length);
}

/* The end of the part that begins at `from`, when it is found in flat memory or in the window. */
static int find_near(struct cutter *c, struct pieces *pieces, size_t from, struct place *place, size_t *end) {
    int is_here = is_flat(pieces);
    if (is_here) place_flat(pieces, from, place);
    else if (c->pause && c->pause--) return 0;
    for (int tries = 0; is_here || tries < 2; tries++) {
        if (!is_here && !place_window(c, from, place) && !(fill_window(c, pieces, from) && place_window(c, from, place))) return 0;
        const char *found = seek(c, place);
        int is_all = place->from + place->size == pieces->size;
        *end = found ? from + (size_t)(found - place->data) : pieces->size;
        if (found || is_all) return !(c->misses = 0);
        c->filled = 0; /* it ends behind the window: fill it from here, once */
    }
    c->pause = c->misses = c->misses < PAUSE_MOST ? 2 * c->misses + 1 : PAUSE_MOST;
    return 0;
}

/* The same anywhere. Raises. */
static size_t find_far(lua_State *L, struct cutter *c, struct pieces *pieces, size_t from) {
    size_t found;
    int result;
    char *work = NULL;
    size_t wanted = find_work(pieces, c->length);
    if (wanted) {
        work = lua_newuserdata(L, wanted);
        value_pieces_of(L, c->bytes, pieces);
    }
    while ((result = find_pieces(pieces, from, c->needle, c->length, work, engine_stop_flag(L), &found)) == -EINTR) {
        engine_checkpoint(L);
        value_pieces_of(L, c->bytes, pieces);
    }
    if (result < 0) value_raise(L, result);
    c->goal = c->room < WINDOW_LEAST ? c->room : WINDOW_LEAST;
    return result ? found : pieces->size;
}

/* Making the value may run a finalizer, which may release the bytes or ask this very iterator for more. */
static int push_small(lua_State *L, struct cutter *c, const struct place *place, size_t from, size_t size) {
    struct pieces pieces;
    unsigned long fills = c->fills;
    int is_window = place->data >= c->window && place->data < c->window + c->room;
    char *to = value_new_small_with(L, size, SMALL);
    value_pieces_of(L, c->bytes, &pieces);
    if (!is_window || c->fills == fills) {
        memcpy(to, place->data, size);
        return 1;
    }
    int result = pieces_copy(&pieces, from, size, to);
    return result < 0 ? value_raise(L, result) : 1;
}

static int next_part(lua_State *L) {
    struct cutter *c = lua_touserdata(L, CUTTER);
    struct pieces pieces;
    struct place place = { NULL, 0, 0 };
    size_t end = 0, from = c->next;
    lua_settop(L, 0);
    value_pieces_of(L, c->bytes, &pieces);
    if (c->is_lines ? from >= pieces.size : from > pieces.size) return 0;
    size_t size = pieces.size;
    int is_near = size > 0 && from < size && find_near(c, &pieces, from, &place, &end);
    if (!is_near) end = from < size ? find_far(L, c, &pieces, from) : size;
    c->next = end + (end < size || c->is_lines ? c->length : 1);
    if (is_near && end - from <= VALUE_SMALL) return push_small(L, c, &place, from, end - from);
    value_push_slice(L, BYTES, from, end - from);
    return 1;
}

static int next_chunk(lua_State *L) {
    struct cutter *c = lua_touserdata(L, CUTTER);
    struct pieces pieces;
    size_t from = c->next;
    lua_settop(L, 0);
    value_pieces_of(L, c->bytes, &pieces);
    if (from >= pieces.size) return 0;
    size_t size = c->step < (double)(pieces.size - from) ? (size_t)c->step : pieces.size - from;
    c->next = from + size;
    value_push_slice(L, BYTES, from, size);
    return 1;
}

/* From the bytes at stack index 1 and the separator, a string or nil, at 2. */
static struct cutter *push_iterator(lua_State *L, lua_CFunction next) {
    struct pieces pieces;
    struct cutter made = { .goal = WINDOW_LEAST };
    made.bytes = value_self(L, &pieces);
    made.needle = lua_tolstring(L, 2, &made.length);
    if (pieces.size && made.length && !is_flat(&pieces)) made.room = pieces.size < WINDOW_MOST ? pieces.size : WINDOW_MOST;
    if (made.goal > made.room) made.goal = made.room;
    struct cutter *c = lua_newuserdata(L, sizeof *c + made.room);
    *c = made;
    lua_insert(L, 1);
    value_push_small_metatable(L);
    lua_pushcclosure(L, next, 4);
    return c;
}

/* lines(): each line without its "\n"; what is behind the last "\n" is a line only if there is something. */
int lua_cut_lines(lua_State *L) {
    struct pieces pieces;
    value_self(L, &pieces);
    lua_settop(L, 1);
    lua_pushliteral(L, "\n");
    push_iterator(L, next_part)->is_lines = 1;
    return 1;
}

/* split(separator): the parts between, one more than there are separators. */
int lua_cut_split(lua_State *L) {
    struct pieces pieces;
    value_self(L, &pieces);
    luaL_argcheck(L, lua_bytes_size(L, 2) > 0, 2, "the separator is empty");
    lua_settop(L, 2);
    value_to_string(L, 2);
    push_iterator(L, next_part);
    return 1;
}

/* chunks(n): n bytes each, the last may be shorter. */
int lua_cut_chunks(lua_State *L) {
    struct pieces pieces;
    value_self(L, &pieces);
    double step = luaL_checknumber(L, 2);
    luaL_argcheck(L, step >= 1, 2, "a chunk has at least 1 byte");
    lua_settop(L, 1);
    lua_pushnil(L);
    push_iterator(L, next_chunk)->step = step;
    return 1;
}
