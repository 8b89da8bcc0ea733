/* table.c: a table's pairs by their position, without looking for keys; values without a call for each question.
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
    const Node *node = NULL;
    if (!find(table, cursor, &item, &node)) return LUA_TNIL;
    if (item) return *number = (double)*cursor, LUA_TNUMBER;
    if (ttisnumber(key2tval(node))) *number = nvalue(key2tval(node));
    return ttype(key2tval(node));
}

static inline void describe(const TValue *at, struct engine_value *value) {
    value->type = ttype(at);
    if (ttisnumber(at)) {
        value->as.number = nvalue(at);
    } else if (ttisstring(at)) {
        value->as.text = svalue(at);
        value->size = tsvalue(at)->len;
    } else if (ttisboolean(at)) {
        value->as.boolean = bvalue(at);
    }
}

static inline void push(lua_State *L, const TValue *at, struct engine_value *value) {
    describe(at, value);
    setobj2s(L, L->top, at);
    L->top++;
}

int engine_table_pair(lua_State *L, const void *table, size_t *cursor, struct engine_value *key, struct engine_value *value) {
    const TValue *item;
    const Node *node = NULL;
    TValue index;
    if (!find(table, cursor, &item, &node)) return 0;
    setnvalue(&index, cast_num(*cursor));
    push(L, item ? &index : key2tval(node), key);
    push(L, item ? item : gval(node), value);
    return 1;
}

void engine_table_item(lua_State *L, const void *table, int index, struct engine_value *value) {
    const Table *t = table;
    unsigned at = (unsigned)index - 1;
    push(L, at < (unsigned)t->sizearray ? &t->array[at] : luaH_getnum((Table *)table, index), value);
}

void *engine_userdata(lua_State *L, int index, size_t least) {
    if (index <= LUA_REGISTRYINDEX) return lua_isuserdata(L, index) && lua_objlen(L, index) >= least ? lua_touserdata(L, index) : NULL;
    const TValue *at = index > 0 ? L->base + (index - 1) : L->top + index;
    return at < L->top && ttisuserdata(at) && uvalue(at)->len >= least ? rawuvalue(at) + 1 : NULL;
}

void engine_value(lua_State *L, int index, struct engine_value *value) {
    lua_pushvalue(L, index);
    L->top--;
    describe(L->top, value);
}
