/* number.c: exact decimal arithmetic in 128 bits.
 * Invariant: see number.h.
 * SPDX-License-Identifier: MIT
 *
 * A double is m * 2^e with m < 2^53. Scaled by a power of ten up to 10^27 it is m * 5^p * 2^(e+p): m * 5^p has at most 117
 * bits, so that the digits wanted are the whole part of an exact quotient, rounded half to even by what is left. */
#include "engine/number.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "powers.h"

__extension__ typedef unsigned __int128 wide;

enum { MOST_DIGITS = 17 };

static const char pairs[] = "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748"
                            "4950515253545556575859606162636465666768697071727374757677787980818283848586878889909192939495969798"
                            "99";

struct parts {
    uint64_t mantissa;
    int exponent;
};

static struct parts split(double number) {
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    int exponent = (int)(bits >> 52 & 2047);
    uint64_t fraction = bits & ((UINT64_C(1) << 52) - 1);
    if (exponent == 0) return (struct parts){ fraction, -1074 };
    return (struct parts){ fraction | UINT64_C(1) << 52, exponent - 1075 };
}

/* ---- Scaling: number * 10^power, rounded half to even; 0 when it cannot be done here or does not fit ---- */

static uint64_t round_quotient(wide quotient, wide rest, wide half, int exact_half) {
    if (rest > half || (rest == half && exact_half && (quotient & 1))) quotient++;
    return quotient >> 63 ? 0 : (uint64_t)quotient;
}

static uint64_t scale_up(struct parts parts, int power) {
    wide product = (wide)parts.mantissa * powers_of_five[power];
    int shift = -(parts.exponent + power);
    if (shift <= 0) return -shift > 10 || product >> (63 + shift) ? 0 : (uint64_t)(product << -shift);
    if (shift > 120) return 0;
    wide half = (wide)1 << (shift - 1);
    return round_quotient(product >> shift, product & ((half << 1) - 1), half, 1);
}

static uint64_t scale_down(struct parts parts, int power) {
    int shift = parts.exponent - power; /* 10^power is 5^power * 2^power */
    wide divisor = powers_of_five[power], number = parts.mantissa;
    if (shift > 74 || shift < -60) return 0;
    if (shift >= 0) number <<= shift;
    else divisor <<= -shift;
    wide rest = number % divisor;
    return round_quotient(number / divisor, rest, divisor / 2, divisor % 2 == 0);
}

static uint64_t scale(struct parts parts, int power) {
    if (power > POWERS_EXACT || power < -POWERS_EXACT) return 0;
    return power >= 0 ? scale_up(parts, power) : scale_down(parts, -power);
}

/* ---- Digits ---- */

/* Exactly `count` digits, leading zeros included. */
static void write_digits(char *text, uint64_t number, int count) {
    for (; count >= 2; count -= 2, number /= 100) memcpy(text + count - 2, pairs + number % 100 * 2, 2);
    if (count) *text = (char)('0' + number % 10);
}

static int count_digits(uint64_t number) {
    int count = 1;
    for (; number >= 10000; number /= 10000) count += 4;
    return count + (number >= 10) + (number >= 100) + (number >= 1000);
}

static int write_whole(char *text, uint64_t number) {
    int count = count_digits(number);
    write_digits(text, number, count);
    text[count] = 0;
    return count;
}

int number_integer(char *text, long long number) {
    if (number >= 0) return write_whole(text, (uint64_t)number);
    *text = '-';
    return 1 + write_whole(text + 1, -(uint64_t)number);
}

/* ---- "%.*g" ---- */

static uint64_t power_of_ten(int power) {
    return powers_of_five[power] << power;
}

static int trim_zeros(const char *digits, int count) {
    while (count > 1 && digits[count - 1] == '0') count--;
    return count;
}

static int write_exponent(char *text, int exponent) {
    *text++ = 'e';
    *text++ = exponent < 0 ? '-' : '+';
    if (exponent < 0) exponent = -exponent;
    int count = exponent < 100 ? 2 : 3;
    write_digits(text, (uint64_t)exponent, count);
    text[count] = 0;
    return count + 2;
}

/* 0.000ddd, ddd.ddd, ddd, or d.ddde+XX as "%g" of that precision chooses. */
static int lay_out(char *text, const char *digits, int count, int exponent, int precision) {
    char *at = text;
    if (exponent < -4 || exponent >= precision) {
        *at++ = digits[0];
        if (count > 1) *at++ = '.', memcpy(at, digits + 1, (size_t)count - 1), at += count - 1;
        return (int)(at - text) + write_exponent(at, exponent);
    }
    if (exponent < 0) {
        memcpy(at, "0.000", 5);
        at += 1 - exponent;
        memcpy(at, digits, (size_t)count);
        at += count;
    } else if (count <= exponent + 1) {
        memcpy(at, digits, (size_t)count);
        memset(at + count, '0', (size_t)(exponent + 1 - count));
        at += exponent + 1;
    } else {
        memcpy(at, digits, (size_t)exponent + 1);
        at[exponent + 1] = '.';
        memcpy(at + exponent + 2, digits + exponent + 1, (size_t)(count - exponent - 1));
        at += count + 1;
    }
    *at = 0;
    return (int)(at - text);
}

/* The first guess of the exponent is right or one too small; a wrong guess shows in the number of digits. */
static uint64_t significant(struct parts parts, int precision, int *exponent) {
    int top = 63 - __builtin_clzll(parts.mantissa) + parts.exponent;
    int guess = (int)floor(top * 0.30102999566398120);
    uint64_t digits = scale(parts, precision - 1 - guess), ten = power_of_ten(precision);
    if (digits >= ten) digits = scale(parts, precision - 1 - ++guess);
    *exponent = guess;
    return digits < ten && digits >= ten / 10 ? digits : 0;
}

static int text_of(char *text, double number, int precision) {
    char digits[MOST_DIGITS];
    int exponent;
    uint64_t whole = significant(split(number), precision, &exponent);
    if (whole == 0) return 0;
    write_digits(digits, whole, precision);
    return lay_out(text, digits, trim_zeros(digits, precision), exponent, precision);
}

int number_general(char *text, double number, int precision) {
    if (precision == 0) precision = 1;
    if (precision <= MOST_DIGITS && fabs(number) < (double)power_of_ten(precision)) {
        long long whole = (long long)number;
        if ((double)whole == number && (whole != 0 || !signbit(number))) return number_integer(text, whole);
    }
    if (precision <= MOST_DIGITS && number != 0 && fabs(number) < 1e38) {
        int sign = number < 0;
        *text = '-';
        int length = text_of(text + sign, fabs(number), precision);
        if (length) return length + sign;
    }
    return snprintf(text, NUMBER_TEXT, "%.*g", precision, number);
}

int number_text(char *text, double number) {
    return number_general(text, number, 14);
}

/* ---- "%.*f" ---- */

/* What rounds to nothing is left to the C library: scale cannot tell it from what it cannot do. */
int number_fixed(char *text, double number, int digits) {
    double size = fabs(number);
    uint64_t whole = digits <= 15 && size < 1e15 && number != 0 ? scale(split(size), digits) : 0;
    if (whole == 0) return snprintf(text, NUMBER_TEXT, "%.*f", digits, number);
    char *at = text;
    if (number < 0) *at++ = '-';
    uint64_t ten = power_of_ten(digits);
    at += write_whole(at, whole / ten);
    if (digits == 0) return (int)(at - text);
    *at++ = '.';
    write_digits(at, whole % ten, digits);
    at[digits] = 0;
    return (int)(at - text) + digits;
}

/* ---- strtod ---- */

struct decimal {
    uint64_t digits;
    int count, power; /* significant digits seen, power of ten of the last one */
};

static int is_digit(char c) {
    return (unsigned char)(c - '0') < 10;
}

static const char *read_digits(const char *at, struct decimal *decimal, int step) {
    for (; is_digit(*at); at++, decimal->power -= step) {
        decimal->digits = decimal->digits * 10 + (uint64_t)(*at - '0');
        decimal->count += decimal->digits != 0;
    }
    return at;
}

/* "e5", "E-05"; without digits the letter belongs to what follows the number. */
static const char *read_exponent(const char *at, struct decimal *decimal) {
    if ((*at | 32) != 'e') return at;
    const char *start = at++;
    int sign = *at == '-', exponent = 0;
    if (*at == '-' || *at == '+') at++;
    if (!is_digit(*at)) return start;
    for (; is_digit(*at); at++)
        if (exponent < 10000) exponent = exponent * 10 + (*at - '0');
    decimal->power += sign ? -exponent : exponent;
    return at;
}

/* Up to 15 digits and powers up to 10^22 are exact doubles, and one operation on them rounds once. */
double number_read(const char *text, char **end) {
    struct decimal decimal = { 0 };
    const char *at = text;
    while (*at == ' ' || (unsigned char)(*at - '\t') < 5) at++;
    int sign = *at == '-';
    if (*at == '-' || *at == '+') at++;
    const char *first = at;
    at = read_digits(at, &decimal, 0);
    int some = at != first;
    if (some && at == first + 1 && *first == '0' && (*at | 32) == 'x') return strtod(text, end);
    if (*at == '.') {
        const char *point = at++;
        at = read_digits(at, &decimal, 1);
        some |= at != point + 1;
    }
    if (!some) return strtod(text, end);
    at = read_exponent(at, &decimal);
    if (decimal.count > 15 || decimal.power > 22 || decimal.power < -22) return strtod(text, end);
    double number = (double)decimal.digits;
    number = decimal.power < 0 ? number / powers_of_ten[-decimal.power] : number * powers_of_ten[decimal.power];
    *end = (char *)at;
    return sign ? -number : number;
}
