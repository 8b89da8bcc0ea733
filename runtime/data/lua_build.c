/* lua_build.c: events become Lua values.
 * Invariant: see lua_build.h.
 * SPDX-License-Identifier: MIT */
#include "data/lua_build.h"

#include <string.h>

enum { HINT_MOST = 1 << 17, HINT_LEVELS = 14, SPINE = 2 * BUILD_SLOTS }; /* SPINE: indices below are build_suspend's */

void build_begin(struct build *b, uint32_t above, int null_is_nil) {
    b->level = b->saved = 0;
    b->above = above;
    b->null_is_nil = null_is_nil;
    b->is_word = b->went_deep = 0;
    if (b->levels) b->levels[0] = (struct build_level){ 0 };
}

void build_end(struct build *b) {
    if (b->levels) b->memory.resize(b->memory.context, b->levels, b->capacity * sizeof *b->levels, 0);
    b->levels = NULL;
    b->capacity = 0;
}

static int grow(struct build *b) {
    uint32_t wanted = b->capacity ? b->capacity * 2 : 64;
    struct build_level *levels = b->memory.resize(b->memory.context, b->levels, b->capacity * sizeof *levels, wanted * sizeof *levels);
    if (!levels) return 0;
    if (!b->capacity) levels[0] = (struct build_level){ 0 };
    b->levels = levels;
    b->capacity = wanted;
    return 1;
}

/* ---- Containers ---- */

/* A hint may come from the text itself, and be a lie, at each level anew: so all open ones together ask for 2 * HINT_MOST. */
static int hint(const struct build *b, size_t size) {
    size_t most = (size_t)HINT_MOST >> (b->level < HINT_LEVELS ? b->level : HINT_LEVELS);
    return (int)(size < most ? size : most);
}

static void push_table(lua_State *L, const struct build *b, const struct data_event *event) {
    if (event->size == DATA_UNKNOWN) lua_createtable(L, 0, 0);
    else if (event->kind == DATA_ARRAY) lua_createtable(L, hint(b, event->size), 0);
    else if (event->kind == DATA_MAP) lua_createtable(L, 0, hint(b, event->size));
    else lua_createtable(L, hint(b, event->as.listed), hint(b, event->size - event->as.listed));
}

/* Levels whose containers lie on the stack: above + 1 to above + BUILD_STACK, or the innermost one. */
static int is_deep(const struct build *b) {
    return b->level >= b->above + BUILD_STACK;
}

/* The innermost container, and the key that waits in it, go to the spine. */
static void sink(lua_State *L, int base, struct build *b) {
    b->went_deep = 1;
    int at = SPINE + 2 * (int)b->level;
    if (b->levels[b->level].keyed) lua_rawseti(L, base, at + 1);
    lua_rawseti(L, base, at);
}

/* They come back, below the value that is on top. */
static void rise(lua_State *L, int base, const struct build *b) {
    int at = SPINE + 2 * (int)b->level;
    lua_rawgeti(L, base, at);
    lua_insert(L, -2);
    if (!b->levels[b->level].keyed) return;
    lua_rawgeti(L, base, at + 1);
    lua_insert(L, -2);
}

static void begin(lua_State *L, int base, struct build *b, const struct data_event *event) {
    if (b->level >= b->above) {
        if (is_deep(b)) sink(L, base, b);
        push_table(L, b, event);
    }
    b->levels[++b->level] = (struct build_level){ 0 };
}

/* The value on top of the stack goes into the innermost container. */
static inline void set(lua_State *L, struct build *b) {
    struct build_level *level = &b->levels[b->level];
    if (level->keyed) {
        level->keyed = 0;
        lua_rawset(L, -3);
    } else {
        lua_rawseti(L, -2, (int)++level->index);
    }
}

/* 1 when the container that ends was an entry. */
static int end(lua_State *L, int base, struct build *b) {
    if (--b->level < b->above) return 0;
    if (b->level == b->above) return 1;
    if (is_deep(b)) rise(L, base, b);
    set(L, b);
    return 0;
}

/* ---- Scalars ---- */

static inline void push(lua_State *L, const struct build *b, const struct data_event *event) {
    switch (event->kind) {
    case DATA_STRING: lua_pushlstring(L, event->as.text, event->size); break;
    case DATA_NUMBER: lua_pushnumber(L, event->as.number); break;
    case DATA_BOOLEAN: lua_pushboolean(L, event->as.boolean); break;
    default:
        if (b->null_is_nil || event->flags & DATA_HOLE) lua_pushnil(L);
        else lua_pushlightuserdata(L, NULL);
    }
}

static void push_key(lua_State *L, struct build *b, const struct data_event *event) {
    push(L, b, event);
    b->levels[b->level].keyed = 1;
    if (b->level == b->above) b->is_word = event->flags & DATA_ENTRY;
}

enum build_result build_take(lua_State *L, int base, struct build *b, const struct data_event *events, int count, int *taken) {
    int at = 0, is_entry = 0;
    while (at < count && !is_entry) {
        const struct data_event *event = &events[at];
        if (event->kind >= DATA_ARRAY && event->kind <= DATA_TABLE) {
            if (b->level + 1 >= b->capacity && !grow(b)) break;
            begin(L, base, b, event);
        } else if (event->kind == DATA_END) {
            is_entry = end(L, base, b);
        } else if (event->flags & (DATA_KEY | DATA_ENTRY)) {
            if (!b->capacity && !grow(b)) break;
            push_key(L, b, event);
        } else {
            if (!b->capacity && !grow(b)) break;
            push(L, b, event);
            is_entry = b->level == b->above;
            if (!is_entry) set(L, b);
        }
        at++;
    }
    *taken = at;
    if (is_entry) {
        struct build_level *level = &b->levels[b->level];
        level->index += !level->keyed;
        return BUILD_ENTRY;
    }
    return at < count ? BUILD_LEVELS : BUILD_MORE;
}

void build_next_entry(struct build *b) {
    b->levels[b->above].keyed = 0;
    b->is_word = 0;
}

/* ---- Between calls ---- */

void build_suspend(lua_State *L, int base, struct build *b) {
    int count = lua_gettop(L) - base;
    b->saved = (uint32_t)count;
    for (int i = count; i > 0; i--) lua_rawseti(L, base, i);
}

void build_resume(lua_State *L, int base, struct build *b) {
    for (int i = 1; i <= (int)b->saved; i++) {
        lua_rawgeti(L, base, i);
        lua_pushnil(L);
        lua_rawseti(L, base, i);
    }
    b->saved = 0;
}
