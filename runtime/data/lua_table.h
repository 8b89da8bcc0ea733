/* lua_table.h: what kind of table a Lua table is, for data that knows arrays and maps; and its keys in order.
 * Invariant: raw access only; nothing stays on the stack but what is said.
 * SPDX-License-Identifier: MIT */
#ifndef LUA_TABLE_H
#define LUA_TABLE_H

#include <stddef.h>

#include "lua.h"

#include "engine/engine.h"

struct lua_table {
    size_t count;   /* pairs */
    size_t items;   /* n, when its values at 1 to n are there and no other key is a whole number from 1 on; else 0 */
    size_t numbers; /* keys that are numbers */
    size_t whole;   /* those that are whole, from 1 on */
    double most;    /* the largest of those */
};

/* Looks at every key of a table (lua_topointer). Never raises. */
void lua_table_shape(const void *table, struct lua_table *shape);

/* Whether a key is a whole number from 1 to `items`. */
int lua_table_is_item(const struct engine_value *key, size_t items);

/* Pushes an array of the keys of the table at `index`, which is absolute, without those from 1 to `items`: booleans, numbers,
 * strings by their bytes, each ascending; any other keys come last. Raises (memory). Needs 6 slots. */
void lua_table_sorted_keys(lua_State *L, int index, size_t items);

#endif
