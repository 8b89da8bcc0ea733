/* lua_table.c: what kind of table a Lua table is; and its keys in order.
 * Invariant: see lua_table.h.
 * SPDX-License-Identifier: MIT */
#include "data/lua_table.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lauxlib.h"

#include "engine/engine.h"

static void count_number(double key, struct lua_table *shape) {
    shape->numbers++;
    if (key < 1 || key > 0x1p53 || key != (double)(int64_t)key) return;
    shape->whole++;
    if (key > shape->most) shape->most = key;
}

void lua_table_shape(const void *table, struct lua_table *shape) {
    size_t cursor = 0;
    double number;
    *shape = (struct lua_table){ 0 };
    for (int type; (type = engine_table_key(table, &cursor, &number)) != LUA_TNIL; shape->count++)
        if (type == LUA_TNUMBER) count_number(number, shape);
    if (shape->whole && shape->most == (double)shape->whole) shape->items = shape->whole;
}

int lua_table_is_item(const struct engine_value *key, size_t items) {
    if (key->type != LUA_TNUMBER || items == 0) return 0;
    double number = key->as.number;
    return number >= 1 && number <= (double)items && number == (double)(size_t)number;
}

/* ---- Keys in order --------------------------------------------------------------------------------------- */

struct key {
    int type;
    int index; /* in the table of all keys */
    double number;
    const char *text;
    size_t size;
};

/* Booleans before numbers before strings before others. */
static int rank(int type) {
    return type == LUA_TBOOLEAN ? 0 : type == LUA_TNUMBER ? 1 : type == LUA_TSTRING ? 2 : 3 + type;
}

static int compare(const void *left, const void *right) {
    const struct key *a = left, *b = right;
    if (a->type != b->type) return rank(a->type) - rank(b->type);
    if (a->type != LUA_TSTRING) return (a->number > b->number) - (a->number < b->number);
    int order = memcmp(a->text, b->text, a->size < b->size ? a->size : b->size);
    return order ? order : (a->size > b->size) - (a->size < b->size);
}

/* The key on top of the stack. */
static void read_key(lua_State *L, struct key *key, int index) {
    *key = (struct key){ .type = lua_type(L, -1), .index = index };
    if (key->type == LUA_TSTRING) key->text = lua_tolstring(L, -1, &key->size);
    else key->number = key->type == LUA_TNUMBER ? lua_tonumber(L, -1) : lua_toboolean(L, -1);
}

/* Pushes a table of the keys as they come. */
static int collect(lua_State *L, int table, size_t items) {
    int count = 0, keys;
    size_t cursor = 0;
    const void *pairs = lua_topointer(L, table);
    lua_newtable(L);
    keys = lua_gettop(L);
    struct engine_value key, value;
    for (; engine_table_pair(L, pairs, &cursor, &key, &value); lua_settop(L, keys)) {
        lua_pop(L, 1);
        if (!lua_table_is_item(&key, items)) lua_rawseti(L, keys, ++count);
    }
    return count;
}

void lua_table_sorted_keys(lua_State *L, int index, size_t items) {
    int count = collect(L, index, items), keys = lua_gettop(L);
    lua_createtable(L, count, 0);
    struct key *order = lua_newuserdata(L, ((size_t)count + 1) * sizeof *order);
    for (int i = 0; i < count; i++) {
        lua_rawgeti(L, keys, i + 1);
        read_key(L, &order[i], i + 1);
        lua_pop(L, 1);
    }
    qsort(order, (size_t)count, sizeof *order, compare);
    for (int i = 0; i < count; i++) {
        lua_rawgeti(L, keys, order[i].index);
        lua_rawseti(L, keys + 1, i + 1);
    }
    lua_pop(L, 1);
    lua_remove(L, keys);
}
