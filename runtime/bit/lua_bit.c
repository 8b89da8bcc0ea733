/* lua_bit.c: bitwise operations on numbers. BitOp's source cannot be had from Debian, so this is ours, after the
 * semantics that its documentation states: numbers are taken modulo 2^32, results are signed 32-bit.
 * Invariant: see lua_bit.h.
 * SPDX-License-Identifier: MIT */
#include "bit/lua_bit.h"

#include <stdint.h>

#include "lauxlib.h"

/* Adding 2^52 + 2^51 puts the low 32 bits of the integer nearest to n into the low bits of the double, for every
 * n within +-2^51: one addition where a conversion with its modulo would take many (the documented method). */
static uint32_t to_bits(lua_State *L, int index) {
    union {
        double number;
        uint64_t bits;
    } both = { .number = luaL_checknumber(L, index) + 6755399441055744.0 };
    return (uint32_t)both.bits;
}

static int give(lua_State *L, uint32_t bits) {
    lua_pushnumber(L, (int32_t)bits);
    return 1;
}

static int bit_tobit(lua_State *L) { return give(L, to_bits(L, 1)); }
static int bit_bnot(lua_State *L) { return give(L, ~to_bits(L, 1)); }
static int bit_bswap(lua_State *L) { return give(L, __builtin_bswap32(to_bits(L, 1))); }

static int bit_band(lua_State *L) {
    uint32_t bits = to_bits(L, 1);
    for (int i = lua_gettop(L); i > 1; i--) bits &= to_bits(L, i);
    return give(L, bits);
}

static int bit_bor(lua_State *L) {
    uint32_t bits = to_bits(L, 1);
    for (int i = lua_gettop(L); i > 1; i--) bits |= to_bits(L, i);
    return give(L, bits);
}

static int bit_bxor(lua_State *L) {
    uint32_t bits = to_bits(L, 1);
    for (int i = lua_gettop(L); i > 1; i--) bits ^= to_bits(L, i);
    return give(L, bits);
}

/* Only the low five bits of a shift count are used. */
static uint32_t count(lua_State *L) { return to_bits(L, 2) & 31; }

static int bit_lshift(lua_State *L) { return give(L, to_bits(L, 1) << count(L)); }
static int bit_rshift(lua_State *L) { return give(L, to_bits(L, 1) >> count(L)); }
static int bit_arshift(lua_State *L) { return give(L, (uint32_t)((int32_t)to_bits(L, 1) >> count(L))); }

static int bit_rol(lua_State *L) {
    uint32_t bits = to_bits(L, 1), n = count(L);
    return give(L, bits << n | bits >> (-n & 31));
}

static int bit_ror(lua_State *L) {
    uint32_t bits = to_bits(L, 1), n = count(L);
    return give(L, bits >> n | bits << (-n & 31));
}

/* tohex(x [, n]): n digits, at most 8; a negative n asks for upper case. */
static int bit_tohex(lua_State *L) {
    uint32_t bits = to_bits(L, 1);
    int32_t digits = lua_isnoneornil(L, 2) ? 8 : (int32_t)to_bits(L, 2);
    const char *alphabet = digits < 0 ? "0123456789ABCDEF" : "0123456789abcdef";
    char text[8];
    if (digits < -8 || digits > 8) digits = 8;
    if (digits < 0) digits = -digits;
    for (int i = digits; i-- > 0; bits >>= 4) text[i] = alphabet[bits & 15];
    lua_pushlstring(L, text, (size_t)digits);
    return 1;
}

static const luaL_Reg functions[] = {
    { "tobit", bit_tobit },   { "tohex", bit_tohex },   { "bnot", bit_bnot },       { "band", bit_band },
    { "bor", bit_bor },       { "bxor", bit_bxor },     { "lshift", bit_lshift },   { "rshift", bit_rshift },
    { "arshift", bit_arshift }, { "rol", bit_rol },     { "ror", bit_ror },         { "bswap", bit_bswap },
    { NULL, NULL },
};

int luaopen_bit(lua_State *L) {
    lua_createtable(L, 0, 12);
    luaL_register(L, NULL, functions);
    return 1;
}
