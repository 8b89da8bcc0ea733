/* text.c: UTF-8 and correctly rounded numbers.
 * Invariant: see text.h.
 * SPDX-License-Identifier: MIT
 *
 * Up to 10^22 powers of ten are doubles, and one operation on two exact ones rounds once (Clinger, "How to read floating
 * point numbers accurately", 1990). Up to 19 digits and powers from -27 to 27 fit exact integer arithmetic in 128 bits.
 * What remains goes to strtod(3), which is exact in the C libraries we use. */
#include "data/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "powers.h"

__extension__ typedef unsigned __int128 wide;

/* ---- UTF-8 ---- */

static inline int is_more(const unsigned char *at) {
    return (*at & 0xc0) == 0x80;
}

/* The bytes of the character at `at`, which is not ASCII; 0 when it is none. */
static inline size_t character(const unsigned char *at, size_t size) {
    if (at[0] < 0xc2 || size < 2 || !is_more(at + 1)) return 0;
    if (at[0] < 0xe0) return 2;
    if (size < 3 || !is_more(at + 2)) return 0;
    if (at[0] < 0xf0) return (at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xed && at[1] > 0x9f) ? 0 : 3;
    if (size < 4 || !is_more(at + 3) || at[0] > 0xf4) return 0;
    return (at[0] == 0xf0 && at[1] < 0x90) || (at[0] == 0xf4 && at[1] > 0x8f) ? 0 : 4;
}

size_t text_utf8(const char *text, size_t size) {
    const unsigned char *at = (const unsigned char *)text, *end = at + size;
    while (at < end) {
        if (*at >= 0x80) {
            size_t length = character(at, (size_t)(end - at));
            if (length == 0) break;
            at += length;
            continue;
        }
        uint64_t word;
        while (end - at >= 8 && (memcpy(&word, at, 8), (word & UINT64_C(0x8080808080808080)) == 0)) at += 8;
        while (at < end && *at < 0x80) at++;
    }
    return (size_t)(at - (const unsigned char *)text);
}

char *text_put_utf8(char *to, uint32_t c) {
    if (c < 0x80) {
        *to++ = (char)c;
    } else if (c < 0x800) {
        *to++ = (char)(0xc0 | c >> 6);
        *to++ = (char)(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
        *to++ = (char)(0xe0 | c >> 12);
        *to++ = (char)(0x80 | (c >> 6 & 0x3f));
        *to++ = (char)(0x80 | (c & 0x3f));
    } else {
        *to++ = (char)(0xf0 | c >> 18);
        *to++ = (char)(0x80 | (c >> 12 & 0x3f));
        *to++ = (char)(0x80 | (c >> 6 & 0x3f));
        *to++ = (char)(0x80 | (c & 0x3f));
    }
    return to;
}

int text_hex(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    c |= 32;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* ---- Numbers ---- */

enum { MOST_DIGITS = 19, DECISIVE = 800, POWER_MOST = 100000 };

static int top_bit(wide value) {
    uint64_t high = (uint64_t)(value >> 64);
    return high ? 127 - __builtin_clzll(high) : 63 - __builtin_clzll((uint64_t)value);
}

/* value * 2^power rounded to 53 bits, halves to even; `rest` says that a little more than value was meant. */
static double round_wide(wide value, int power, int rest) {
    int shift = top_bit(value) - 52;
    if (shift <= 0) return ldexp((double)(uint64_t)value, power);
    wide half = (wide)1 << (shift - 1), cut = value & ((half << 1) - 1);
    uint64_t mantissa = (uint64_t)(value >> shift);
    if (cut > half || (cut == half && (rest || (mantissa & 1)))) mantissa++;
    return ldexp((double)mantissa, power + shift);
}

/* digits / 10^power: the quotient has at least 64 bits, so that what is left of it matters only at a half. */
static double divide(uint64_t digits, int power) {
    int shift = __builtin_clzll(digits);
    wide number = (wide)(digits << shift) << 64, quotient = number / powers_of_five[power];
    return round_wide(quotient, -64 - shift - power, quotient * powers_of_five[power] != number);
}

static int is_digit(char c) {
    return (unsigned char)(c - '0') < 10;
}

/* The middle between two doubles has at most 768 digits. So of more than DECISIVE only the first count, and whether any of
 * the others is not zero: a single digit behind them says that. `power` is that of the 19th digit, or of the last. */
static double read_in_full(int64_t power, const char *text, size_t size) {
    char copy[DECISIVE + 32];
    size_t used = 0;
    int rest = 0;
    for (const char *end = text + size; text < end && (is_digit(*text) || *text == '.'); text++) {
        if (*text == '.' || (used == 0 && *text == '0')) continue;
        if (used < DECISIVE) copy[used++] = *text;
        else rest |= *text != '0';
    }
    if (used > MOST_DIGITS) power -= (int64_t)used - MOST_DIGITS;
    if (rest) copy[used++] = '1', power--;
    if (power > POWER_MOST) power = POWER_MOST;
    if (power < -POWER_MOST) power = -POWER_MOST;
    snprintf(copy + used, sizeof copy - used, "e%d", (int)power);
    return strtod(copy, NULL);
}

double text_double(uint64_t digits, int64_t power, int exact, const char *text, size_t size) {
    if (exact && digits == 0) return 0;
    if (exact && power == 0) return (double)digits;
    if (exact && digits < UINT64_C(1) << 53 && power >= -22 && power <= 22)
        return power < 0 ? (double)digits / powers_of_ten[-power] : (double)digits * powers_of_ten[power];
    if (exact && power >= -POWERS_EXACT && power <= POWERS_EXACT)
        return power < 0 ? divide(digits, (int)-power) : round_wide((wide)digits * powers_of_five[power], (int)power, 0);
    return read_in_full(power, text, size);
}

struct reading {
    const char *at, *end;
    struct text_decimal *decimal;
    int count;
};

/* Leading zeros do not count; behind the 19th digit only the power is kept. */
static void read_digits(struct reading *r, int step) {
    for (; r->at < r->end && is_digit(*r->at); r->at++) {
        unsigned digit = (unsigned)(*r->at - '0');
        if (r->count < MOST_DIGITS) {
            r->decimal->digits = r->decimal->digits * 10 + digit;
            r->count += r->decimal->digits != 0;
            r->decimal->power -= step;
        } else {
            if (digit) r->decimal->exact = 0;
            r->decimal->power += 1 - step;
        }
    }
}

static int read_exponent(struct reading *r) {
    const char *at = r->at + 1;
    int minus = at < r->end && *at == '-';
    int64_t exponent = 0;
    if (at < r->end && (*at == '-' || *at == '+')) at++;
    if (at == r->end || !is_digit(*at)) return 0;
    for (; at < r->end && is_digit(*at); at++)
        if (exponent < INT64_C(1) << 50) exponent = exponent * 10 + (*at - '0');
    r->decimal->power += minus ? -exponent : exponent;
    r->at = at;
    return 1;
}

size_t text_decimal(const char *text, size_t size, struct text_decimal *decimal) {
    struct reading r = { text, text + size, decimal, 0 };
    *decimal = (struct text_decimal){ .exact = 1, .whole = 1 };
    read_digits(&r, 0);
    size_t before = (size_t)(r.at - text), behind = 0;
    if (r.at < r.end && *r.at == '.') {
        const char *point = ++r.at;
        read_digits(&r, 1);
        behind = (size_t)(r.at - point);
        decimal->whole = 0;
    }
    if (before + behind == 0) return 0;
    if (r.at < r.end && (*r.at | 32) == 'e') {
        if (!read_exponent(&r)) return 0;
        decimal->whole = 0;
    }
    return (size_t)(r.at - text);
}
