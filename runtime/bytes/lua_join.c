/* lua_join.c: joining bytes: bytes.chain and the operator `..`.
 * Invariant: joining copies no more than VALUE_SMALL bytes of each part.
 * SPDX-License-Identifier: MIT */
#include "bytes/lua_value.h"

#include <errno.h>
#include <string.h>

#include "lauxlib.h"

#include "engine/engine.h"

/* The parts lie at the stack indices from `first` to `last`, each a string or bytes. */
struct join {
    int first, last;
    size_t size, copied, pieces;
    int block; /* the stack index of the block that small parts are copied to, 0: none */
};

/* A part that is copied: a short string, or bytes that were copied themselves. */
static int is_copied(lua_State *L, int index, const struct pieces *pieces) {
    const struct value *value = value_at(L, index);
    return value ? pieces->count == 1 && !value->as.view.view.owner && value->kind == VALUE_VIEW : pieces->size <= VALUE_SMALL;
}

/* Long strings get an owner. Counts what there is. */
static void prepare(lua_State *L, struct join *join) {
    struct pieces pieces;
    struct piece piece;
    for (int i = join->first; i <= join->last; i++) {
        value_pieces(L, i, &pieces, &piece);
        if (lua_type(L, i) != LUA_TUSERDATA && pieces.size > VALUE_SMALL) {
            value_push_string(L, i);
            lua_replace(L, i);
        }
        value_check_size(L, join->size, pieces.size);
        join->size += pieces.size;
        join->pieces += pieces.count;
        if (is_copied(L, i, &pieces)) join->copied += pieces.size;
    }
}

static void copy_all(lua_State *L, const struct join *join, char *to) {
    struct pieces pieces;
    struct piece piece;
    for (int i = join->first; i <= join->last; i++) {
        value_pieces(L, i, &pieces, &piece);
        int result = pieces_copy(&pieces, 0, pieces.size, to);
        if (result < 0) value_raise(L, result);
        to += pieces.size;
    }
}

static void copy_small(lua_State *L, const struct join *join, char *to) {
    struct pieces pieces;
    struct piece piece;
    for (int i = join->first; i <= join->last; i++) {
        value_pieces(L, i, &pieces, &piece);
        if (!is_copied(L, i, &pieces)) continue;
        pieces_copy(&pieces, 0, pieces.size, to);
        to += pieces.size;
    }
}

static struct chain *chain_at(lua_State *L, int index) {
    struct value *value = value_at(L, index);
    return value && value->kind == VALUE_CHAIN ? &value->as.chain : NULL;
}

/* Nothing here runs the collector: what was found alive stays alive. */
static void push_parts(lua_State *L, const struct join *join, struct chain *chain, int from) {
    struct pieces pieces;
    struct piece piece;
    struct value *block = join->block ? value_at(L, join->block) : NULL;
    struct bytes_view copied = block ? block->as.view.view : (struct bytes_view){ "", 0, NULL };
    for (int i = join->first; i <= join->last; i++) {
        value_pieces(L, i, &pieces, &piece);
        int is_small = is_copied(L, i, &pieces);
        copied.size = pieces.size;
        if (i >= from && is_small) chain_push(chain, copied);
        else if (i >= from) chain_push_pieces(chain, &pieces);
        if (is_small) copied.data += pieces.size;
    }
}

/* A chain of one piece, neighbours that have met, is a view. */
static void simplify(struct value *value) {
    struct pieces pieces;
    struct bytes_view view;
    chain_pieces(&value->as.chain, &pieces);
    if (pieces.count != 1) return;
    pieces_view(&pieces, 0, &view);
    bytes_hold(view.owner);
    chain_close(&value->as.chain);
    value_set_view(value, view);
}

static int all_alive(lua_State *L, const struct join *join) {
    for (int i = join->first; i <= join->last; i++)
        if (!value_alive(L, i)) return 0;
    return 1;
}

/* The order matters: what may raise or run the collector comes first; then everything is looked at again. */
static void push_chain(lua_State *L, struct join *join) {
    struct value *made = value_new(L);
    size_t announced = chain_growth(chain_at(L, join->first), join->pieces + 1);
    value_count(L, announced);
    struct chain *begun = chain_at(L, join->first);
    int result = all_alive(L, join) ? chain_begin(&made->as.chain, begun, join->pieces + 1) : -ENODATA;
    if (result < 0) {
        engine_native(L, -(ptrdiff_t)announced);
        if (result == -ENODATA) value_raise_released(L);
        value_raise(L, result);
    }
    made->kind = VALUE_CHAIN;
    value_settle(L, made->as.chain.row, announced);
    push_parts(L, join, &made->as.chain, begun ? join->first + 1 : join->first);
    simplify(made);
}

void value_join(lua_State *L, int first, int last) {
    struct join join = { .first = first, .last = last };
    char *memory;
    luaL_checkstack(L, 8, "too many parts");
    prepare(L, &join);
    if (join.size <= VALUE_SMALL) {
        copy_all(L, &join, value_new_small(L, join.size));
        return;
    }
    if (join.copied) {
        value_push_block(L, join.copied, &memory);
        join.block = lua_gettop(L);
        copy_small(L, &join, memory);
    }
    push_chain(L, &join);
    if (join.block) lua_remove(L, join.block);
}

int lua_join_concat(lua_State *L) {
    lua_settop(L, 2);
    value_join(L, 1, 2);
    return 1;
}

/* The parts of a list are joined a few at a time: each time the row goes on where it ended. */
static void join_list(lua_State *L) {
    enum { BATCH = 64 };
    size_t count = lua_objlen(L, 1);
    lua_settop(L, 1);
    luaL_checkstack(L, BATCH + LUA_MINSTACK, "too many parts");
    lua_pushliteral(L, "");
    for (size_t i = 1; i <= count;) {
        for (int n = 0; n < BATCH && i <= count; n++) {
            lua_rawgeti(L, 1, (int)i++);
            if (!lua_bytes_is(L, -1) && lua_type(L, -1) != LUA_TNUMBER)
                luaL_error(L, "item %d of the list is a %s, where a string or bytes is expected", (int)i - 1, luaL_typename(L, -1));
        }
        value_join(L, 2, lua_gettop(L));
        lua_replace(L, 2);
        lua_settop(L, 2);
    }
    lua_bytes_from(L, 2);
}

int lua_join_chain(lua_State *L) {
    int count = lua_gettop(L);
    if (count == 1 && lua_istable(L, 1)) join_list(L);
    else value_join(L, 1, count);
    return 1;
}
