/* buffer.c: luaL_Buffer (lauxlib.h, patches/0404): text of unknown length on its way to be a string.
 * Invariant: the bytes are in B->buffer, or in the memory of one box, which is on the stack just below a value to be added.
 * SPDX-License-Identifier: MIT
 *
 * A small box is a userdata that holds the bytes. A large one holds a block that can be made a string without a copy
 * (luaS_adopt) and grown where it lies; its finalizer is for the case that an error takes the buffer away. */
#include <string.h>

#include "lauxlib.h"
#include "lgc.h"
#include "lmem.h"
#include "lstate.h"
#include "lstring.h"

#include "engine/copy.h"
#include "engine/inside.h"

enum { LARGE = 32 * 1024, FIRST_BOX = 4 * LUAL_BUFFERSIZE };

struct box {
    TString *block;
    size_t room; /* bytes behind the header of the block; one more than a string of that length has */
};

static const char box_type;

static void resize_block(lua_State *L, struct box *box, size_t room) {
    size_t old = box->block ? sizeof(TString) + box->room : 0, wanted = room ? sizeof(TString) + room : 0;
    box->block = luaM_realloc_(L, box->block, old, wanted);
    box->room = room;
}

static int free_box(lua_State *L) {
    struct box *box = lua_touserdata(L, 1);
    if (box->block) resize_block(L, box, 0);
    return 0;
}

/* Their metatable is in the registry, under an address that scripts do not have. */
static void push_box_type(lua_State *L) {
    lua_pushlightuserdata(L, (void *)&box_type);
    lua_rawget(L, LUA_REGISTRYINDEX);
    if (!lua_isnil(L, -1)) return;
    lua_pop(L, 1);
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, free_box);
    lua_setfield(L, -2, "__gc");
    lua_pushlightuserdata(L, (void *)&box_type);
    lua_pushvalue(L, -2);
    lua_rawset(L, LUA_REGISTRYINDEX);
}

static int is_large(const luaL_Buffer *B) {
    return B->end - B->start > LARGE;
}

static char *push_large(lua_State *L, size_t room) {
    struct box *box = lua_newuserdata(L, sizeof *box);
    *box = (struct box){ NULL, 0 };
    push_box_type(L);
    lua_setmetatable(L, -2);
    luaC_reserve(L, room);
    resize_block(L, box, room);
    return (char *)(box->block + 1);
}

/* The box is at `index`; its block grows where it is, or moves. */
static char *grow_large(lua_State *L, int index, size_t room) {
    struct box *box = lua_touserdata(L, index);
    luaC_reserve(L, room - box->room);
    resize_block(L, box, room);
    return (char *)(box->block + 1);
}

/* `above`: values on top of the box, or on top of where it shall be. */
static void grow(luaL_Buffer *B, size_t size, int above) {
    lua_State *L = B->L;
    size_t used = (size_t)(B->p - B->start), room = (size_t)(B->end - B->start) * 2;
    if (size > MAX_SIZET / 2 - used) luaL_error(L, "resulting string too large");
    if (room < FIRST_BOX) room = FIRST_BOX;
    if (room - used < size) room = used + size;
    char *start;
    if (is_large(B)) {
        start = grow_large(L, -above - 1, room + 1);
    } else {
        start = room > LARGE ? push_large(L, room + 1) : lua_newuserdata(L, room);
        copy_bytes(start, B->start, used);
        if (B->lvl) lua_replace(L, -above - 2);
        else lua_insert(L, -above - 1);
    }
    B->lvl = 1;
    B->start = start;
    B->p = start + used;
    B->end = start + room;
}

LUALIB_API void luaL_buffinit(lua_State *L, luaL_Buffer *B) {
    B->L = L;
    B->lvl = 0;
    B->start = B->p = B->buffer;
    B->end = B->buffer + LUAL_BUFFERSIZE;
}

LUALIB_API char *luaL_prepbuffsize(luaL_Buffer *B, size_t size) {
    if ((size_t)(B->end - B->p) < size) grow(B, size, 0);
    return B->p;
}

LUALIB_API char *luaL_prepbuffer(luaL_Buffer *B) {
    return luaL_prepbuffsize(B, LUAL_BUFFERSIZE);
}

LUALIB_API void luaL_addlstring(luaL_Buffer *B, const char *text, size_t length) {
    if ((size_t)(B->end - B->p) < length) grow(B, length, 0);
    copy_bytes(B->p, text, length);
    B->p += length;
}

LUALIB_API void luaL_addstring(luaL_Buffer *B, const char *text) {
    luaL_addlstring(B, text, strlen(text));
}

LUALIB_API void luaL_addvalue(luaL_Buffer *B) {
    size_t length;
    const char *text = lua_tolstring(B->L, -1, &length);
    if ((size_t)(B->end - B->p) < length) grow(B, length, 1);
    copy_bytes(B->p, text, length);
    B->p += length;
    lua_pop(B->L, 1);
}

/* The block shrinks to what a string of that length has, then it is one. */
static void push_block(lua_State *L, struct box *box, size_t length) {
    resize_block(L, box, length + 1);
    TString *block = box->block;
    box->block = NULL;
    setsvalue2s(L, L->top, luaS_adopt(L, block, length));
    L->top++;
}

LUALIB_API void luaL_pushresult(luaL_Buffer *B) {
    lua_State *L = B->L;
    size_t length = (size_t)(B->p - B->start);
    luaC_checkGC(L);
    if (B->lvl && is_large(B)) push_block(L, lua_touserdata(L, -1), length);
    else lua_pushlstring(L, B->start, length);
    if (B->lvl) lua_remove(L, -2);
    B->lvl = 0;
}
