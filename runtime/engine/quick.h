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
#include "ltable.h"

#define QUICK static inline __attribute__((always_inline))

/* ---- Arguments: indices that count from the base; `none` is what lies there when there are fewer ---- */

QUICK const TValue *quick_argument(lua_State *L, int index) {
    const TValue *at = L->base + (index - 1);
    return at < L->top ? at : luaO_nilobject;
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
    if (index <= LUA_REGISTRYINDEX) return lua_toboolean(L, index);
    const TValue *at = index > 0 ? quick_argument(L, index) : L->top + index;
    return !l_isfalse(at);
}

QUICK lua_Number quick_tonumber(lua_State *L, int index) {
    if (index > LUA_REGISTRYINDEX) {
        const TValue *at = index > 0 ? quick_argument(L, index) : L->top + index;
        if (ttisnumber(at)) return nvalue(at);
    }
    return lua_tonumber(L, index);
}

QUICK lua_Integer quick_tointeger(lua_State *L, int index) {
    if (index > LUA_REGISTRYINDEX) {
        const TValue *at = index > 0 ? quick_argument(L, index) : L->top + index;
        if (ttisnumber(at)) return (lua_Integer)nvalue(at);
    }
    return lua_tointeger(L, index);
}

QUICK const char *quick_tolstring(lua_State *L, int index, size_t *length) {
    if (index > LUA_REGISTRYINDEX) {
        const TValue *at = index > 0 ? quick_argument(L, index) : L->top + index;
        if (ttisstring(at)) {
            if (length) *length = tsvalue(at)->len;
            return svalue(at);
        }
    }
    return lua_tolstring(L, index, length);
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
    if (index <= LUA_REGISTRYINDEX) {
        lua_pushvalue(L, index);
        return;
    }
    const TValue *at = index > 0 ? quick_argument(L, index) : L->top + index;
    setobj2s(L, L->top, at);
    L->top++;
}

QUICK void quick_settop(lua_State *L, int index) {
    if (index < 0) L->top += index + 1;
    else lua_settop(L, index);
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
    if (index > LUA_REGISTRYINDEX) {
        const TValue *at = index > 0 ? quick_argument(L, index) : L->top + index;
        if (ttisstring(at)) return tsvalue(at)->len;
        if (ttistable(at)) return (size_t)luaH_getn(hvalue(at));
    }
    return lua_objlen(L, index);
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
