/* table.c: a table's pairs by their position, without looking for keys.
 * Invariant: see engine.h; a table that changes meanwhile gives wrong pairs, but never memory that is not its own.
 * SPDX-License-Identifier: MIT */
#include "engine.h"

#include "lobject.h"
#include "lstate.h"
#include "ltable.h"

/* The first pair from *cursor on, which goes behind it: a slot of the array part, or a node; 0 when there is none. */
static int find(const Table *t, size_t *cursor, const TValue **item, const Node **node) {
    size_t items = (size_t)t->sizearray, all = items + (size_t)sizenode(t), i = *cursor;
    for (; i < items; i++) {
        if (ttisnil(&t->array[i])) continue;
        *item = &t->array[i];
        *cursor = i + 1;
        return 1;
    }
    for (*item = NULL; i < all; i++) {
        *node = gnode(t, i - items);
        if (ttisnil(gval(*node))) continue;
        *cursor = i + 1;
        return 1;
    }
    return 0;
}

int engine_table_key(const void *table, size_t *cursor, double *number) {
    const TValue *item;
    const Node *node;
    if (!find(table, cursor, &item, &node)) return LUA_TNIL;
    if (item) return *number = (double)*cursor, LUA_TNUMBER;
    if (ttisnumber(key2tval(node))) *number = nvalue(key2tval(node));
    return ttype(key2tval(node));
}

int engine_table_pair(lua_State *L, const void *table, size_t *cursor) {
    const TValue *item;
    const Node *node;
    if (!find(table, cursor, &item, &node)) return 0;
    if (item) {
        setnvalue(L->top, cast_num(*cursor));
        setobj2s(L, L->top + 1, item);
    } else {
        setobj2s(L, L->top, key2tval(node));
        setobj2s(L, L->top + 1, gval(node));
    }
    L->top += 2;
    return 1;
}
