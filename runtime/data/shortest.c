/* shortest.c: the Schubfach algorithm, on powers of ten that are worked out from a few.
 * Invariant: see shortest.h.
 * SPDX-License-Identifier: MIT
 *
 * The number is c * 2^q. All decimals within half a unit of it read back as it; among them are at most a few multiples of
 * 10^k, where 10^k is the largest power that is not larger than that interval. Three products with a power of ten in 128 bits, rounded
 * so that they still compare right with whole numbers, find them. */
#include "data/shortest.h"

#include <stdint.h>
#include <string.h>

#include "powers.h"

__extension__ typedef unsigned __int128 wide;

/* ---- Powers of ten ---- */

enum { STEP = 27, FIRST = -297 };

/* 10^(FIRST + STEP * i) in 192 bits, the first of which is set, rounded down. With a power of five that has 63 bits at most
 * they give every power from 10^-297 to 10^324 in 128 bits, rounded down: shortest_test.c compares all of them. */
static const uint64_t powers[][3] = {
    { 0xa76c582338ed2621, 0xaf2af2b80af6f24e, 0x657c8f4d43323a36 },
    { 0x873e4f75e2224e68, 0x5a7744a6e804a291, 0xcc35eddfcf0996d7 },
    { 0xda7f5bf590966848, 0xaf39a475506a899e, 0xa30294cc2934e662 },
    { 0xb080392cc4349dec, 0xbd8d794d96aacfb3, 0xfe13a5c86af64418 },
    { 0x8e938662882af53e, 0x547eb47b7282ee9c, 0x41b0230e1421487d },
    { 0xe65829b3046b0afa, 0x0cb4a5a3112a5112, 0xa3b561b1cb208396 },
    { 0xba121a4650e4ddeb, 0x92f34d62616ce413, 0x21a0183e10583cd3 },
    { 0x964e858c91ba2655, 0x3a6a07f8d510f86f, 0xe9082f25e9c5e9ec },
    { 0xf2d56790ab41c2a2, 0xfae27299423fb9c3, 0x3695dad7e8858901 },
    { 0xc428d05aa4751e4c, 0xaa97e14c3c26b886, 0x96842dc95323f5a8 },
    { 0x9e74d1b791e07e48, 0x775ea264cf55347d, 0xca49f1c05120c9c7 },
    { 0x8000000000000000, 0x0000000000000000, 0x0000000000000000 },
    { 0xcecb8f27f4200f3a, 0x0000000000000000, 0x0000000000000000 },
    { 0xa70c3c40a64e6c51, 0x999090b65f67d924, 0x0000000000000000 },
    { 0x86f0ac99b4e8dafd, 0x69a028bb3ded71a3, 0xdf9f915627c04e28 },
    { 0xda01ee641a708de9, 0xe80e6f4820cc9495, 0xd74baad03bc1d8d3 },
    { 0xb01ae745b101e9e4, 0x5ec05dcff72e7f8f, 0xc04c79ffe324301f },
    { 0x8e41ade9fbebc27d, 0x14588f13be847307, 0x23bd6a2059c002f5 },
    { 0xe5d3ef282a242e81, 0x8f1668c8a86da5fa, 0xf0b5ccf5176ecc7c },
    { 0xb9a74a0637ce2ee1, 0x6d953e2bd7173692, 0x88efb0037ac08bde },
    { 0x95f83d0a1fb69cd9, 0x4abdaf101564f98e, 0x0d5a4af7b3a98e47 },
    { 0xf24a01a73cf2dccf, 0xbc633b39673c8cec, 0x3d9c44cd2f36917c },
    { 0xc3b8358109e84f07, 0x0a862f80ec4700c8, 0x02606ea01029dc37 },
    { 0x9e19db92b4e31ba9, 0x6c07a2c26a8346d1, 0x4944d9f52cd0dec2 },
};

struct power {
    uint64_t high, low;
};

/* 10^exponent in 128 bits, the first of which is set, rounded up. It is exact from 10^0 to 10^55. */
static struct power power_of(int exponent) {
    const uint64_t *base = powers[(exponent - FIRST) / STEP];
    uint64_t five = powers_of_five[(exponent - FIRST) % STEP];
    wide low = (wide)base[2] * five, middle = (wide)base[1] * five + (uint64_t)(low >> 64);
    wide high = (wide)base[0] * five + (uint64_t)(middle >> 64);
    int shift = high >> 64 ? __builtin_clzll((uint64_t)(high >> 64)) : 64;
    wide whole = shift == 64 ? high << 64 | (uint64_t)middle : shift == 0 ? high : high << shift | (uint64_t)middle >> (64 - shift);
    whole += exponent < 0 || exponent > 55;
    return (struct power){ (uint64_t)(whole >> 64), (uint64_t)whole };
}

/* ---- The decimal ---- */

struct decimal {
    uint64_t digits;
    int exponent;
};

/* The upper 64 bits of power * factor, whose last bit is also set when anything below was: "round to odd". */
static uint64_t multiply(struct power power, uint64_t factor) {
    wide low = (wide)power.low * factor;
    wide high = (wide)power.high * factor + (uint64_t)(low >> 64);
    return (uint64_t)(high >> 64) | ((uint64_t)high > 1);
}

static int floor_log2_of_power(int exponent) {
    return exponent * 1741647 >> 19;
}

/* Positive and finite. Names as in the paper: lower and upper bound the interval, in quarters of 10^k. */
static struct decimal shortest(uint64_t fraction, int biased) {
    uint64_t c = biased ? fraction | UINT64_C(1) << 52 : fraction;
    int q = biased ? biased - 1075 : -1074, is_odd = (int)(c & 1), is_closer = fraction == 0 && biased > 1;
    int k = (q * 1262611 - (is_closer ? 524031 : 0)) >> 22;
    int h = q + floor_log2_of_power(-k) + 1;
    struct power power = power_of(-k);
    uint64_t lower = multiply(power, (4 * c - 2 + (uint64_t)is_closer) << h) + (uint64_t)is_odd;
    uint64_t exact = multiply(power, 4 * c << h);
    uint64_t upper = multiply(power, (4 * c + 2) << h) - (uint64_t)is_odd;
    uint64_t s = exact / 4, tens = s / 10;
    if (s >= 10 && (lower <= 40 * tens) != (40 * tens + 40 <= upper))
        return (struct decimal){ tens + (40 * tens + 40 <= upper), k + 1 };
    int is_below = lower <= 4 * s, is_above = 4 * s + 4 <= upper;
    if (is_below != is_above) return (struct decimal){ s + (uint64_t)is_above, k };
    uint64_t middle = 4 * s + 2;
    return (struct decimal){ s + (exact > middle || (exact == middle && (s & 1))), k };
}

static struct decimal without_zeros(struct decimal d) {
    while (d.digits % 100000000 == 0) d.digits /= 100000000, d.exponent += 8;
    while (d.digits % 100 == 0) d.digits /= 100, d.exponent += 2;
    if (d.digits % 10 == 0) d.digits /= 10, d.exponent++;
    return d;
}

/* ---- The text ---- */

static const char pairs[] = "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748"
                            "4950515253545556575859606162636465666768697071727374757677787980818283848586878889909192939495969798"
                            "99";

static int count_digits(uint64_t number) {
    int count = 1;
    for (; number >= 10000; number /= 10000) count += 4;
    return count + (number >= 10) + (number >= 100) + (number >= 1000);
}

static void write_digits(char *text, uint64_t number, int count) {
    for (; count >= 2; count -= 2, number /= 100) memcpy(text + count - 2, pairs + number % 100 * 2, 2);
    if (count) *text = (char)('0' + number % 10);
}

/* d.ddde-xx */
static int write_scientific(char *text, uint64_t digits, int count, int exponent) {
    char *at = text;
    write_digits(at + 1, digits, count);
    at[0] = at[1];
    at[1] = '.';
    at += count > 1 ? count + 1 : 1;
    *at++ = 'e';
    if (exponent < 0) *at++ = '-', exponent = -exponent;
    int size = count_digits((uint64_t)exponent);
    write_digits(at, (uint64_t)exponent, size);
    return (int)(at - text) + size;
}

static int write_decimal(char *text, struct decimal d) {
    int count = count_digits(d.digits), exponent = d.exponent + count - 1;
    if (exponent < -5 || exponent > 16) return write_scientific(text, d.digits, count, exponent);
    if (exponent < 0) {
        memcpy(text, "0.00000", 7);
        write_digits(text + 1 - exponent, d.digits, count);
        return 1 - exponent + count;
    }
    write_digits(text, d.digits, count);
    if (d.exponent >= 0) {
        memset(text + count, '0', (size_t)d.exponent);
        return count + d.exponent;
    }
    memmove(text + exponent + 2, text + exponent + 1, (size_t)-d.exponent);
    text[exponent + 1] = '.';
    return count + 1;
}

/* Prices, coordinates, times: a number that is w / 10^6 for a whole w of up to 15 digits is that decimal, since any two
 * decimals of 15 digits are different doubles, and the quotient of two exact doubles is rounded once. */
static int has_six_places(double size, struct decimal *d) {
    double millions = size * 1e6;
    if (!(millions < 999999999999999.0) || millions < 1) return 0;
    uint64_t whole = (uint64_t)(millions + 0.5);
    *d = (struct decimal){ whole, -6 };
    return (double)whole / 1e6 == size;
}

int shortest_write(char *text, double number) {
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    int sign = (int)(bits >> 63);
    *text = '-';
    text += sign;
    bits &= UINT64_MAX >> 1;
    double size = sign ? -number : number;
    if (size < 9007199254740992.0 && (double)(int64_t)size == size) {
        int count = count_digits((uint64_t)size);
        write_digits(text, (uint64_t)size, count);
        return count + sign;
    }
    struct decimal d;
    if (!has_six_places(size, &d)) d = shortest(bits & ((UINT64_C(1) << 52) - 1), (int)(bits >> 52));
    return write_decimal(text, without_zeros(d)) + sign;
}
