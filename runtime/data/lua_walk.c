/* lua_walk.c: a Lua value as a row of events.
 * Invariant: see lua_walk.h. Of every open table lie on the Lua stack, from walk->base on: the table, and the key where it
 * stands (or its keys in order); behind them the values of the last events, which the next call clears away.
 * SPDX-License-Identifier: MIT */
#include "data/lua_walk.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lauxlib.h"

#include "bytes/lua_bytes.h"
#include "data/lua_frozen.h"
#include "data/lua_table.h"
#include "data/trail.h"
#include "engine/engine.h"
#include "platform.h"

enum { SLOTS = 2, LEVELS_LEAST = 16, NEAR = 16 };

enum mode { ITEMS, PAIRS, SORTED };

struct level {
    const void *table;
    uint8_t mode;
    uint8_t is_rows;  /* without events of its own */
    uint8_t is_mixed; /* behind the items, the pairs that are none */
    int at, key;      /* where the table lies on the stack, and its key */
    size_t next, items;
};

struct lua_walk {
    struct lua_walk_options options;
    struct level *levels; /* `first`, or a userdata at base - 2 */
    uint32_t depth, room, settled; /* settled: levels whose values lie in their places */
    int base, has_begun;
    struct lua_frozen_walk *inner; /* over frozen data, whose events come next; the userdata at base - 3 */
    struct data_event *events; /* of the call that runs */
    int count, most; /* of them; and when there are so many, the next step waits for the next call */
    struct data_error error;
    struct level first[LEVELS_LEAST];
};

/* ---- The stack ------------------------------------------------------------------------------------------- */

size_t lua_walk_size(void) {
    return sizeof(struct lua_walk);
}

void lua_walk_begin(lua_State *L, struct lua_walk *walk, int index, const struct lua_walk_options *options) {
    luaL_checkstack(L, 8, "data");
    if (index < 0) index += lua_gettop(L) + 1;
    lua_pushnil(L);
    lua_pushnil(L);
    lua_pushvalue(L, index);
    walk->inner = NULL;
    walk->options = *options;
    if (!walk->options.depth) walk->options.depth = DATA_DEPTH;
    walk->levels = walk->first;
    walk->room = LEVELS_LEAST;
    walk->depth = walk->settled = 0;
    walk->has_begun = walk->error.code = 0;
    walk->base = lua_gettop(L) + 1;
}

struct lua_walk *lua_walk_open(lua_State *L, int index, const struct lua_walk_options *options) {
    luaL_checkstack(L, 8, "data");
    lua_pushvalue(L, index);
    struct lua_walk *walk = lua_newuserdata(L, sizeof *walk);
    lua_insert(L, -2);
    lua_walk_begin(L, walk, -1, options);
    lua_remove(L, walk->base - 4);
    walk->base--;
    return walk;
}

static void move(lua_State *L, int *from, int to) {
    if (*from == to) return;
    lua_pushvalue(L, *from);
    lua_replace(L, to);
    *from = to;
}

/* The values of the levels come down to their places, over those of the last events. */
static void settle(lua_State *L, struct lua_walk *walk) {
    for (uint32_t i = walk->settled; i < walk->depth; i++) {
        struct level *level = &walk->levels[i];
        int place = walk->base + SLOTS * (int)i;
        move(L, &level->at, place);
        move(L, &level->key, place + 1);
    }
    walk->settled = walk->depth;
    lua_settop(L, walk->base - 1 + SLOTS * (int)walk->depth);
}

static void grow_levels(lua_State *L, struct lua_walk *walk) {
    struct level *levels = lua_newuserdata(L, 2 * walk->room * sizeof *levels);
    memcpy(levels, walk->levels, walk->room * sizeof *levels);
    lua_replace(L, walk->base - 2);
    walk->levels = levels;
    walk->room *= 2;
}

/* ---- Errors ---------------------------------------------------------------------------------------------- */

static void step_key(lua_State *L, int index, struct trail *trail) {
    size_t size;
    switch (lua_type(L, index)) {
    case LUA_TNUMBER: trail_number(trail, lua_tonumber(L, index)); break;
    case LUA_TBOOLEAN: trail_word(trail, lua_toboolean(L, index) ? "true" : "false"); break;
    case LUA_TSTRING: {
        const char *text = lua_tolstring(L, index, &size);
        trail_text(trail, text, size);
        break;
    }
    default: trail_word(trail, lua_typename(L, lua_type(L, index)));
    }
}

static void write_path(lua_State *L, struct lua_walk *walk, uint32_t depth) {
    struct trail trail = { .size = 0 };
    for (uint32_t i = 0; i < depth; i++) {
        const struct level *level = &walk->levels[i];
        if (level->mode == ITEMS && level->next) trail_number(&trail, (double)level->next);
        if (level->mode == PAIRS) step_key(L, level->key, &trail);
        if (level->mode != SORTED || !level->next) continue;
        lua_rawgeti(L, level->key, (int)level->next);
        step_key(L, -1, &trail);
        lua_pop(L, 1);
    }
    trail_write(&trail, walk->error.path);
}

static int refuse_at(lua_State *L, struct lua_walk *walk, uint32_t depth, int code, const char *text) {
    snprintf(walk->error.text, sizeof walk->error.text, "%s", text);
    write_path(L, walk, depth);
    walk->error.code = code;
    return code;
}

static int refuse(lua_State *L, struct lua_walk *walk, int code, const char *text) {
    return refuse_at(L, walk, walk->depth, code, text);
}

static int refuse_type(lua_State *L, struct lua_walk *walk, const char *what, const char *type) {
    char text[64];
    snprintf(text, sizeof text, "%s that is a %s", what, type);
    return refuse(L, walk, -EDOM, text);
}

void lua_walk_error(lua_State *L, struct lua_walk *walk, struct data_error *error) {
    (void)L;
    *error = walk->error;
}

/* ---- Tables within themselves ---------------------------------------------------------------------------- */

/* Whether the table is one of the nearest levels, or the one at the last power of two: so a circle is found before it
 * is three times as deep as it had to be, and no table is compared with all others. Source: Brent, "An improved Monte
 * Carlo factorization algorithm", 1980. Returns the length of the circle or 0. */
static uint32_t find_circle(const struct lua_walk *walk, const void *table) {
    for (uint32_t i = 1; i <= NEAR && i <= walk->depth; i++)
        if (walk->levels[walk->depth - i].table == table) return i;
    if (walk->depth <= NEAR) return 0;
    uint32_t mark = UINT32_C(1) << (31 - __builtin_clz(walk->depth));
    return walk->levels[mark - 1].table == table ? walk->depth - (mark - 1) : 0;
}

/* The path is that of the first table that comes again. */
static int refuse_circle(lua_State *L, struct lua_walk *walk, uint32_t length) {
    uint32_t first = 0;
    while (first + length < walk->depth && walk->levels[first].table != walk->levels[first + length].table) first++;
    return refuse_at(L, walk, first + length, -ELOOP, "a table that lies within itself");
}

/* ---- Tables ---------------------------------------------------------------------------------------------- */

static const char mixed_text[] = "a table whose keys are numbers and others: JSON has arrays and objects, and no mixture";
static const char sparse_text[] = "an array with holes: fill them with data.null, or choose with the option `sparse`";

/* An array with holes, as the options have it; 0: it is a map. */
static int fill_holes(lua_State *L, struct lua_walk *walk, const struct lua_table *shape, struct level *level) {
    int is_sparse = shape->whole == shape->count && shape->count > 0;
    if (!is_sparse || walk->options.sparse == LUA_WALK_SPARSE_MAP) return 0;
    if (walk->options.sparse == LUA_WALK_SPARSE_REFUSED || shape->most > 8.0 * (double)shape->count + 64) return refuse(L, walk, -EDOM, sparse_text);
    level->items = (size_t)shape->most;
    return 1;
}

/* Decides what the table on top of the stack is. Its event, or a negative errno. */
static int classify(lua_State *L, struct lua_walk *walk, struct level *level, struct data_event *event) {
    struct lua_table shape;
    lua_table_shape(level->table, &shape);
    int filled = shape.items == shape.count ? 0 : fill_holes(L, walk, &shape, level);
    if (filled < 0) return filled;
    if (!filled && walk->options.forms == LUA_WALK_NAMES && shape.numbers && shape.numbers < shape.count)
        return refuse(L, walk, -EDOM, mixed_text);
    *event = (struct data_event){ .kind = DATA_ARRAY, .size = filled ? level->items : shape.count };
    if (filled) return 0;
    if (shape.count == 0) event->kind = DATA_TABLE;
    else if (shape.items < shape.count) event->kind = shape.items && walk->options.forms == LUA_WALK_TABLES ? DATA_TABLE : DATA_MAP;
    level->items = event->kind == DATA_MAP ? 0 : shape.items;
    level->is_mixed = event->kind == DATA_TABLE && shape.count;
    if (event->kind == DATA_TABLE) event->as.listed = shape.items;
    if (event->kind == DATA_MAP) level->mode = walk->options.sort ? SORTED : PAIRS;
    return 0;
}

/* Makes the key of a level what its mode begins with: nil, or its keys in order. */
static void begin_pairs(lua_State *L, struct lua_walk *walk, struct level *level) {
    level->mode = walk->options.sort ? SORTED : PAIRS;
    level->next = 0;
    if (walk->options.sort) lua_table_sorted_keys(L, level->at, level->items);
    else lua_pushnil(L);
    level->key = lua_gettop(L);
    if (walk->settled == walk->depth) walk->settled--;
}

/* The table on top of the stack begins. */
static int open_table(lua_State *L, struct lua_walk *walk) {
    const void *table = lua_topointer(L, -1);
    uint32_t circle = find_circle(walk, table);
    if (circle) return refuse_circle(L, walk, circle);
    if (walk->depth == walk->options.depth) return refuse(L, walk, -E2BIG, "too deep: the option `depth` sets how many tables may lie within each other");
    if (walk->depth == walk->room) grow_levels(L, walk);
    struct level *level = &walk->levels[walk->depth];
    *level = (struct level){ .table = table, .mode = ITEMS, .at = lua_gettop(L) };
    int result = classify(L, walk, level, &walk->events[walk->count]);
    if (result < 0) return result;
    level->is_rows = walk->options.rows && walk->depth == 0;
    if (level->is_rows && (level->mode != ITEMS || level->is_mixed)) return refuse(L, walk, -EDOM, "an array of rows is wanted, and this table has other keys than 1 to n");
    walk->count += !level->is_rows;
    if (level->mode == SORTED) lua_table_sorted_keys(L, level->at, 0);
    else lua_pushnil(L);
    level->key = level->at + 1;
    walk->depth++;
    return 0;
}

static void close_table(struct lua_walk *walk) {
    if (!walk->levels[walk->depth - 1].is_rows) walk->events[walk->count++] = (struct data_event){ .kind = DATA_END };
    walk->depth--;
    if (walk->settled > walk->depth) walk->settled = walk->depth;
}

/* ---- Values ---------------------------------------------------------------------------------------------- */

static void add_text(struct lua_walk *walk, const char *text, size_t size, int flags) {
    walk->events[walk->count++] = (struct data_event){ .kind = DATA_STRING, .flags = (uint8_t)flags, .size = size, .as.text = text };
}

/* Bytes come as a copy: they could be released, or their file cut short, before their text is used. */
static int add_bytes(lua_State *L, struct lua_walk *walk) {
    int index = lua_gettop(L);
    size_t size = lua_bytes_size(L, index), cursor = 0, used = 0;
    char *copy = lua_newuserdata(L, size ? size : 1);
    struct bytes_view piece;
    while (lua_bytes_piece(L, index, &cursor, &piece)) {
        if (piece.size > size - used) break;
        if (!piece.owner || !piece.owner->is_mapped) memcpy(copy + used, piece.data, piece.size);
        else if (plat_copy(copy + used, piece.data, piece.size) < 0) return refuse(L, walk, -EDOM, "bytes whose file was cut short");
        used += piece.size;
    }
    add_text(walk, copy, used, DATA_BINARY);
    return 0;
}

/* The events of a frozen value come between those of the tables around it. */
static int add_frozen(lua_State *L, struct lua_walk *walk, const struct lua_frozen *frozen) {
    int index = lua_gettop(L), rows = walk->options.rows && walk->depth == 0;
    if (rows && frozen->node.kind != DATA_ARRAY) return refuse(L, walk, -EDOM, "an array of rows is wanted");
    if (walk->depth == walk->options.depth) return refuse(L, walk, -E2BIG, "too deep: the option `depth` sets how many tables may lie within each other");
    walk->inner = lua_frozen_walk_open(L, index, rows, walk->options.depth - walk->depth);
    lua_replace(L, walk->base - 3);
    return 0;
}

static int add_userdata(lua_State *L, struct lua_walk *walk) {
    const struct lua_frozen *frozen;
    if (lua_bytes_is(L, -1)) return add_bytes(L, walk);
    if ((frozen = lua_frozen_at(L, -1))) return add_frozen(L, walk, frozen);
    return refuse_type(L, walk, "a value", "userdata");
}

/* What is neither string, number nor boolean. */
static __attribute__((noinline)) int add_other(lua_State *L, struct lua_walk *walk, int type) {
    switch (type) {
    case LUA_TTABLE: return open_table(L, walk);
    case LUA_TUSERDATA: return add_userdata(L, walk);
    case LUA_TLIGHTUSERDATA:
        if (lua_touserdata(L, -1)) return refuse_type(L, walk, "a value", "light userdata");
        break;
    case LUA_TNIL: break;
    default: return refuse_type(L, walk, "a value", lua_typename(L, type));
    }
    walk->events[walk->count++] = (struct data_event){ .kind = DATA_NIL };
    return 0;
}

/* A string, number or boolean as an event; 0: it is none of these. */
static inline int add_scalar(struct lua_walk *walk, const struct engine_value *value, uint8_t flags) {
    struct data_event *event = &walk->events[walk->count];
    event->flags = flags;
    event->size = 0;
    if (value->type == LUA_TSTRING) event->kind = DATA_STRING, event->size = value->size, event->as.text = value->as.text;
    else if (value->type == LUA_TNUMBER) event->kind = DATA_NUMBER, event->as.number = value->as.number;
    else if (value->type == LUA_TBOOLEAN) event->kind = DATA_BOOLEAN, event->as.boolean = value->as.boolean;
    else return 0;
    walk->count++;
    return 1;
}

/* The value, which lies on top of the stack. */
static inline int add_value(lua_State *L, struct lua_walk *walk, const struct engine_value *value) {
    return add_scalar(walk, value, 0) ? 0 : add_other(L, walk, value->type);
}

static inline int add_key(lua_State *L, struct lua_walk *walk, const struct engine_value *key) {
    return add_scalar(walk, key, DATA_KEY) ? 0 : refuse_type(L, walk, "a key", lua_typename(L, key->type));
}

/* ---- Steps ----------------------------------------------------------------------------------------------- */

/* Scalars one after the other, and at last what is none. */
static int step_items(lua_State *L, struct lua_walk *walk, struct level *level) {
    struct engine_value value = { .size = 0 };
    while (level->next < level->items && walk->count < walk->most) {
        engine_table_item(L, level->table, (int)++level->next, &value);
        if (!add_scalar(walk, &value, 0)) return add_other(L, walk, value.type);
    }
    if (level->next < level->items) return 0;
    if (level->is_mixed) begin_pairs(L, walk, level);
    else close_table(walk);
    return 0;
}

static int step_pairs(lua_State *L, struct lua_walk *walk, struct level *level) {
    struct engine_value key = { .size = 0 }, value = { .size = 0 };
    int at = lua_gettop(L) + 1;
    for (; walk->count < walk->most; at += 2) {
        if (!engine_table_pair(L, level->table, &level->next, &key, &value)) {
            close_table(walk);
            return 0;
        }
        level->key = at;
        if (walk->settled == walk->depth) walk->settled--;
        if (level->is_mixed && lua_table_is_item(&key, level->items)) return 0;
        int result = add_key(L, walk, &key);
        if (result < 0) return result;
        if (!add_scalar(walk, &value, 0)) return add_other(L, walk, value.type);
    }
    return 0;
}

static int step_sorted(lua_State *L, struct lua_walk *walk, struct level *level) {
    struct engine_value key = { .size = 0 }, value = { .size = 0 };
    engine_table_item(L, lua_topointer(L, level->key), (int)level->next + 1, &key);
    if (key.type == LUA_TNIL) {
        close_table(walk);
        return 0;
    }
    level->next++;
    int result = add_key(L, walk, &key);
    if (result < 0) return result;
    lua_pushvalue(L, -1);
    lua_rawget(L, level->at);
    engine_value(L, -1, &value);
    return add_value(L, walk, &value);
}

static int step(lua_State *L, struct lua_walk *walk) {
    struct level *level = &walk->levels[walk->depth - 1];
    switch (level->mode) {
    case ITEMS: return step_items(L, walk, level);
    case PAIRS: return step_pairs(L, walk, level);
    default: return step_sorted(L, walk, level);
    }
}

static int begin(lua_State *L, struct lua_walk *walk) {
    struct engine_value value = { .size = 0 };
    walk->has_begun = 1;
    lua_pushvalue(L, walk->base - 1);
    engine_value(L, -1, &value);
    if (walk->options.rows && value.type != LUA_TTABLE && value.type != LUA_TUSERDATA) return refuse(L, walk, -EDOM, "an array of rows is wanted");
    return add_value(L, walk, &value);
}

static int next_frozen(lua_State *L, struct lua_walk *walk, int capacity) {
    int count = lua_frozen_walk_next(L, walk->inner, walk->events, capacity);
    if (count > 0) return count;
    lua_frozen_walk_close(L, walk->inner);
    walk->inner = NULL;
    return 0;
}

int lua_walk_next(lua_State *L, struct lua_walk *walk, struct data_event *events, int capacity) {
    if (*engine_stop_flag(L)) engine_checkpoint(L);
    if (walk->error.code) return walk->error.code;
    if (walk->has_begun && !walk->depth && !walk->inner) return 0;
    settle(L, walk);
    luaL_checkstack(L, 4 * capacity + 16, "data nested too deep");
    walk->events = events;
    walk->count = 0;
    walk->most = capacity - 2;
    for (;;) {
        int count = walk->inner ? next_frozen(L, walk, capacity) : 0;
        if (count > 0) return count;
        int result = walk->has_begun ? 0 : begin(L, walk);
        int top = lua_gettop(L) + 4 * capacity;
        while (walk->depth && result == 0 && !walk->inner && walk->count < walk->most && lua_gettop(L) < top) result = step(L, walk);
        if (walk->count || result < 0 || !walk->inner) return walk->count ? walk->count : result;
    }
}
