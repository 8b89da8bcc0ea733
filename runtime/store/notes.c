/* notes.c: what is remembered of a value beside it: its tag, and where it was put and released.
 * Invariant: a slot has SLOTS_TAGGED exactly while its tag lies in the table of its page's tags, by offset.
 * SPDX-License-Identifier: MIT */
#include "store/inside.h"

#include <string.h>
#include <time.h>

#include "store/pages.h"

#define OUR_CHUNKS "[moonbear."

int store_tag_next(lua_State *L, struct store *store, int tag) {
    struct slots_at at = slots_next(&store->slots);
    int key = -(int)at.page->number - 1;
    pages_push(L);
    lua_rawgeti(L, -1, key);
    int is_there = !lua_isnil(L, -1);
    if (is_there) {
        lua_pushvalue(L, tag);
        lua_rawseti(L, -2, (int)at.offset + 1);
    } else {
        lua_pop(L, 1);
        lua_pushinteger(L, key);
        pages_table(L, 1);
    }
    lua_pop(L, 2);
    return is_there;
}

void store_tag_push(lua_State *L, struct slots_at at) {
    if (!(slots_flags(at) & SLOTS_TAGGED)) {
        lua_pushnil(L);
        return;
    }
    pages_push(L);
    lua_rawgeti(L, -1, -(int)at.page->number - 1);
    lua_rawgeti(L, -1, (int)at.offset + 1);
    lua_replace(L, -3);
    lua_pop(L, 1);
}

static void forget_tag(lua_State *L, struct slots_at at) {
    pages_push(L);
    lua_rawgeti(L, -1, -(int)at.page->number - 1);
    lua_pushnil(L);
    lua_rawseti(L, -2, (int)at.offset + 1);
    lua_pop(L, 2);
}

/* The first Lua code on the stack that is not our own, as luaL_where names it; NULL when there is none. */
static const char *where(lua_State *L, char *text, size_t size) {
    lua_Debug frame;
    for (int level = 0; lua_getstack(L, level, &frame); level++) {
        lua_getinfo(L, "Sl", &frame);
        if (frame.currentline <= 0 || strncmp(frame.short_src, OUR_CHUNKS, sizeof OUR_CHUNKS - 1) == 0) continue;
        snprintf(text, size, "%s:%d", frame.short_src, frame.currentline);
        return text;
    }
    return NULL;
}

static double now(void) {
    struct timespec time = { 0, 0 };
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

void store_track(lua_State *L, struct store *store, struct slots_at at, uint64_t id) {
    char text[PLACE_MAX];
    if (leaks_put(&store->leaks, id, where(L, text, sizeof text), now()) == 0) slots_set_flag(at, SLOTS_TRACKED);
}

void store_forget(lua_State *L, struct store *store, struct slots_at at, unsigned flags) {
    char text[PLACE_MAX];
    if (flags & SLOTS_TAGGED) forget_tag(L, at);
    if (flags & SLOTS_TRACKED) leaks_release(&store->leaks, slots_id(at), where(L, text, sizeof text));
}
