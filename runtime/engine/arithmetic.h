/* arithmetic.h: floor, remainder and power of doubles where a call of the C library can be done without.
 * Invariant: bit for bit what C says: floor(3), a - floor(a / b) * b; powers see below.
 * SPDX-License-Identifier: MIT */
#ifndef ARITHMETIC_H
#define ARITHMETIC_H

#include <math.h>

/* Doubles of 2^52 and more are whole, and so is what is not a number; a whole one is its own floor, with its sign. */
static inline double arithmetic_floor(double number) {
    if (!(number < 4503599627370496.0 && number > -4503599627370496.0)) return number;
    double whole = (double)(long long)number;
    return whole == number ? number : whole - (whole > number);
}

static inline double arithmetic_modulo(double a, double b) {
    return a - arithmetic_floor(a / b) * b;
}

/* A square is one multiplication and a square root one instruction, both correctly rounded: pow(3) may be off by a hair more.
 * What is not a positive number has rules of its own. */
static inline double arithmetic_power(double base, double exponent) {
    if (exponent == 2) return base * base;
    if (exponent == 0.5 && base > 0) return __builtin_sqrt(base);
    return pow(base, exponent);
}

#endif
