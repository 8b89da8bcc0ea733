/* lua_find.c: seeking in bytes.
 * Invariant: they are searched where they lie.
 * SPDX-License-Identifier: MIT */
#include "bytes/lua_value.h"

#include <errno.h>

#include "lauxlib.h"

#include "bytes/find.h"
#include "engine/engine.h"

enum { STACK_WORK = 4096 };

/* A needle that is mapped or in pieces is copied first; then `at` is its memory, in userdata on top of the stack. */
static const char *flat_needle(lua_State *L, int index, size_t *length) {
    struct bytes_view view;
    int is_flat = lua_bytes_flat(L, index, &view);
    *length = lua_bytes_size(L, index);
    if (is_flat && !(view.owner && view.owner->is_mapped)) return view.data;
    char *copy = lua_newuserdata(L, *length ? *length : 1);
    struct pieces pieces;
    struct piece piece;
    value_pieces(L, index, &pieces, &piece);
    int result = pieces_copy(&pieces, 0, *length, copy);
    if (result < 0) value_raise(L, result);
    return copy;
}

/* The work memory is made before the needle is looked at: making it may run the collector. */
static int find_with(lua_State *L, int subject, int needle, size_t from, char *work, size_t *found, size_t *length) {
    struct pieces pieces;
    struct piece piece;
    const char *text = flat_needle(L, needle, length);
    int result;
    value_pieces(L, subject, &pieces, &piece);
    while ((result = find_pieces(&pieces, from, text, *length, work, engine_stop_flag(L), found)) == -EINTR) {
        engine_checkpoint(L);
        text = flat_needle(L, needle, length);
        value_pieces(L, subject, &pieces, &piece);
    }
    if (result < 0) value_raise(L, result);
    return result;
}

static int find(lua_State *L, int subject, int needle, size_t from, size_t *found, size_t *length) {
    char small[STACK_WORK];
    struct pieces pieces;
    struct piece piece;
    value_pieces(L, subject, &pieces, &piece);
    *length = lua_bytes_size(L, needle);
    if (from > pieces.size || *length > pieces.size - from) return 0;
    size_t wanted = find_work(&pieces, *length);
    char *work = wanted == 0 ? NULL : wanted <= sizeof small ? small : lua_newuserdata(L, wanted);
    return find_with(L, subject, needle, from, work, found, length);
}

int lua_find_at(lua_State *L, int subject, int needle, size_t from, size_t *found) {
    size_t length;
    return find(L, subject, needle, from, found, &length);
}

/* A short search in flat memory for a string: nothing can run in between. Returns 1, 0, or -1: it is something else. */
static int find_here(lua_State *L, const struct pieces *pieces, size_t from, size_t *found, size_t *length) {
    struct bytes_view view;
    if (pieces->count != 1 || pieces->size - from > PIECES_STRIDE || lua_type(L, 2) != LUA_TSTRING) return -1;
    pieces_view(pieces, 0, &view);
    if (view.owner && view.owner->is_mapped) return -1;
    const char *needle = lua_tolstring(L, 2, length), *hit = find_flat(view.data + from, view.size - from, needle, *length);
    if (hit) *found = (size_t)(hit - view.data);
    return hit != NULL;
}

/* find(needle [, init]): where it begins and ends, or nil. */
int lua_find_find(lua_State *L) {
    struct pieces pieces;
    size_t found, length;
    int is_found = 0;
    value_self(L, &pieces);
    double init = luaL_optnumber(L, 3, 1);
    if (init < 0) init += (double)pieces.size + 1;
    if (!(init >= 1)) init = 1;
    lua_settop(L, 2);
    if (init <= (double)pieces.size + 1) is_found = find_here(L, &pieces, (size_t)init - 1, &found, &length);
    if (is_found < 0) is_found = find(L, 1, 2, (size_t)init - 1, &found, &length);
    if (!is_found) {
        lua_pushnil(L);
        return 1;
    }
    lua_pushnumber(L, (lua_Number)found + 1);
    lua_pushnumber(L, (lua_Number)(found + length));
    return 2;
}
