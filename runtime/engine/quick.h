/* quick.h: the calls of the C API that Lua's own libraries make most, without a call: forced before their sources.
 * Invariant: each does what the function of its name does; whatever is not the common case is left to that function.
 * SPDX-License-Identifier: MIT */
#ifndef QUICK_H
#define QUICK_H

#include "lapi.h"
#include "lauxlib.h"
#include "lgc.h"
#include "lobject.h"
#include "lstate.h"
#include "lstring.h"
#include "ltable.h"
#include "ltm.h"

#define QUICK static inline __attribute__((always_inline))

/* ---- Arguments ---- */

/* What luaL_check... look at: an argument, or nil where there are fewer. */
QUICK const TValue *quick_argument(lua_State *L, int index) {
    const TValue *at = L->base + (index - 1);
    return at < L->top ? at : luaO_nilobject;
}

/* What lua_... look at: from the base, from the top, or an upvalue; NULL for the registry and its like. */
QUICK const TValue *quick_at(lua_State *L, int index) {
    if (index > 0) return quick_argument(L, index);
    if (index > LUA_REGISTRYINDEX) return L->top + index;
    if (index >= LUA_GLOBALSINDEX) return NULL;
    const CClosure *function = &curr_func(L)->c;
    return LUA_GLOBALSINDEX - index <= function->nupvalues ? &function->upvalue[LUA_GLOBALSINDEX - index - 1] : NULL;
}

QUICK int quick_gettop(lua_State *L) {
    return (int)(L->top - L->base);
}

QUICK int quick_type(lua_State *L, int index) {
    if (index > 0) {
        const TValue *at = L->base + (index - 1);
        return at < L->top ? ttype(at) : LUA_TNONE;
    }
    return index > LUA_REGISTRYINDEX ? ttype(L->top + index) : lua_type(L, index);
}

QUICK int quick_toboolean(lua_State *L, int index) {
    const TValue *at = quick_at(L, index);
    return at ? !l_isfalse(at) : lua_toboolean(L, index);
}

QUICK lua_Number quick_tonumber(lua_State *L, int index) {
    const TValue *at = quick_at(L, index);
    if (at && ttisnumber(at)) return nvalue(at);
    return lua_tonumber(L, index);
}

QUICK lua_Integer quick_tointeger(lua_State *L, int index) {
    const TValue *at = quick_at(L, index);
    if (at && ttisnumber(at)) return (lua_Integer)nvalue(at);
    return lua_tointeger(L, index);
}

QUICK const char *quick_tolstring(lua_State *L, int index, size_t *length) {
    const TValue *at = quick_at(L, index);
    if (!at || !ttisstring(at)) return lua_tolstring(L, index, length);
    if (length) *length = tsvalue(at)->len;
    return svalue(at);
}

QUICK lua_Number quick_checknumber(lua_State *L, int index) {
    const TValue *at = quick_argument(L, index);
    return ttisnumber(at) ? nvalue(at) : luaL_checknumber(L, index);
}

QUICK lua_Integer quick_checkinteger(lua_State *L, int index) {
    const TValue *at = quick_argument(L, index);
    return ttisnumber(at) ? (lua_Integer)nvalue(at) : luaL_checkinteger(L, index);
}

QUICK lua_Integer quick_optinteger(lua_State *L, int index, lua_Integer other) {
    const TValue *at = quick_argument(L, index);
    if (ttisnumber(at)) return (lua_Integer)nvalue(at);
    return ttisnil(at) ? other : luaL_checkinteger(L, index);
}

QUICK const char *quick_checklstring(lua_State *L, int index, size_t *length) {
    const TValue *at = quick_argument(L, index);
    if (!ttisstring(at)) return luaL_checklstring(L, index, length);
    if (length) *length = tsvalue(at)->len;
    return svalue(at);
}

QUICK void quick_checktype(lua_State *L, int index, int type) {
    if (quick_type(L, index) != type) luaL_checktype(L, index, type);
}

QUICK void quick_checkany(lua_State *L, int index) {
    if (L->base + (index - 1) >= L->top) luaL_checkany(L, index);
}

/* ---- Results: a C function has room for LUA_MINSTACK values ---- */

QUICK void quick_pushnil(lua_State *L) {
    setnilvalue(L->top);
    L->top++;
}

QUICK void quick_pushnumber(lua_State *L, lua_Number number) {
    setnvalue(L->top, number);
    L->top++;
}

QUICK void quick_pushboolean(lua_State *L, int truth) {
    setbvalue(L->top, truth != 0);
    L->top++;
}

QUICK void quick_pushvalue(lua_State *L, int index) {
    const TValue *at = quick_at(L, index);
    if (!at) {
        lua_pushvalue(L, index);
        return;
    }
    setobj2s(L, L->top, at);
    L->top++;
}

QUICK void quick_settop(lua_State *L, int index) {
    if (index < 0) {
        L->top += index + 1;
        return;
    }
    while (L->top < L->base + index) setnilvalue(L->top++);
    L->top = L->base + index;
}

/* ---- Strings in place: nothing may raise an error between quick_begin and quick_end ---- */

/* Room for a string of `size` bytes; may collect, but runs no finalizer. */
QUICK char *quick_block(lua_State *L, size_t size) {
    luaC_reserve(L, size);
    return (char *)(luaS_block(L, size) + 1);
}

/* The same after a step of the collector, which may run some. */
QUICK char *quick_begin(lua_State *L, size_t size) {
    luaC_checkGC(L);
    return quick_block(L, size);
}

/* Pushes the string whose bytes are in place. */
QUICK void quick_end(lua_State *L, char *text, size_t size) {
    setsvalue2s(L, L->top, luaS_adopt(L, (TString *)text - 1, size));
    L->top++;
}

/* The same when only `size` of `room` bytes have been used. */
QUICK void quick_end_short(lua_State *L, char *text, size_t size, size_t room) {
    TString *block = (TString *)text - 1;
    quick_end(L, (char *)((TString *)luaM_realloc_(L, block, sizeof *block + room + 1, sizeof *block + size + 1) + 1), size);
}

/* Gives the room back instead; then errors may be raised again. */
QUICK void quick_drop(lua_State *L, char *text, size_t size) {
    TString *block = (TString *)text - 1;
    luaM_freemem(L, block, sizeof *block + size + 1);
}

/* Pushes a copy of bytes that a finalizer could take away: runs none. */
QUICK void quick_pushtext(lua_State *L, const char *text, size_t size) {
    luaC_reserve(L, size);
    setsvalue2s(L, L->top, luaS_newlstr(L, text, size));
    L->top++;
}

/* ---- Tables ---- */

QUICK const TValue *quick_item(const Table *table, int key) {
    unsigned at = (unsigned)key - 1u;
    return at < (unsigned)table->sizearray ? &table->array[at] : luaH_getnum((Table *)table, key);
}

QUICK const TValue *quick_tableat(lua_State *L, int index) {
    return index > 0 ? L->base + (index - 1) : L->top + index;
}

QUICK void quick_rawgeti(lua_State *L, int index, int key) {
    if (index <= LUA_REGISTRYINDEX) {
        lua_rawgeti(L, index, key);
        return;
    }
    setobj2s(L, L->top, quick_item(hvalue(quick_tableat(L, index)), key));
    L->top++;
}

QUICK void quick_rawseti(lua_State *L, int index, int key) {
    if (index > LUA_REGISTRYINDEX) {
        Table *table = hvalue(quick_tableat(L, index));
        unsigned at = (unsigned)key - 1u;
        if (at < (unsigned)table->sizearray) {
            setobj2t(L, &table->array[at], L->top - 1);
            luaC_barriert(L, table, L->top - 1);
            L->top--;
            return;
        }
    }
    lua_rawseti(L, index, key);
}

QUICK size_t quick_objlen(lua_State *L, int index) {
    const TValue *at = quick_at(L, index);
    if (at && ttisstring(at)) return tsvalue(at)->len;
    return at && ttistable(at) ? (size_t)luaH_getn(hvalue(at)) : lua_objlen(L, index);
}

/* ---- In the place of the functions, whose declarations have been read above ---- */

#define lua_gettop(L) quick_gettop(L)
#define lua_type(L, i) quick_type((L), (i))
#define lua_toboolean(L, i) quick_toboolean((L), (i))
#define lua_tonumber(L, i) quick_tonumber((L), (i))
#define lua_tointeger(L, i) quick_tointeger((L), (i))
#define lua_tolstring(L, i, l) quick_tolstring((L), (i), (l))
#define lua_pushnil(L) quick_pushnil(L)
#define lua_pushnumber(L, n) quick_pushnumber((L), (n))
#define lua_pushinteger(L, n) quick_pushnumber((L), (lua_Number)(n))
#define lua_pushboolean(L, b) quick_pushboolean((L), (b))
#define lua_pushvalue(L, i) quick_pushvalue((L), (i))
#define lua_settop(L, i) quick_settop((L), (i))
#define lua_rawgeti(L, i, n) quick_rawgeti((L), (i), (n))
#define lua_rawseti(L, i, n) quick_rawseti((L), (i), (n))
#define lua_objlen(L, i) quick_objlen((L), (i))
#define luaL_checknumber(L, i) quick_checknumber((L), (i))
#define luaL_checkinteger(L, i) quick_checkinteger((L), (i))
#define luaL_optinteger(L, i, d) quick_optinteger((L), (i), (d))
#define luaL_checklstring(L, i, l) quick_checklstring((L), (i), (l))
#define luaL_checktype(L, i, t) quick_checktype((L), (i), (t))
#define luaL_checkany(L, i) quick_checkany((L), (i))

#endif
