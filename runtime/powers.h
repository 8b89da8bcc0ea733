/* powers.h: powers that reading and writing decimal numbers exactly needs, in the engine and in data.
 * Invariant: each of them is exact: 5^27 is the last one that 64 bits hold, 10^22 the last one that is a double.
 * SPDX-License-Identifier: MIT */
#ifndef POWERS_H
#define POWERS_H

#include <stdint.h>

enum { POWERS_EXACT = 27 };

static const uint64_t powers_of_five[POWERS_EXACT + 1] = {
    1ull, 5ull, 25ull, 125ull, 625ull, 3125ull, 15625ull, 78125ull, 390625ull, 1953125ull, 9765625ull, 48828125ull,
    244140625ull, 1220703125ull, 6103515625ull, 30517578125ull, 152587890625ull, 762939453125ull, 3814697265625ull,
    19073486328125ull, 95367431640625ull, 476837158203125ull, 2384185791015625ull, 11920928955078125ull,
    59604644775390625ull, 298023223876953125ull, 1490116119384765625ull, 7450580596923828125ull,
};

static const double powers_of_ten[] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };

#endif
