/* engine_number_test.c: numbers to text and back are bit for bit what the C library says.
 * Invariant: random bit patterns from a fixed seed; NUMBERS=100000000 in the environment makes it as many.
 * SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/format.h"
#include "engine/number.h"

static uint64_t seed = 0x9e3779b97f4a7c15;

static uint64_t next(void) {
    seed ^= seed << 13;
    seed ^= seed >> 7;
    return seed ^= seed << 17;
}

static double from_bits(uint64_t bits) {
    double number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

static uint64_t to_bits(double number) {
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    return bits;
}

/* Any bit pattern, then what scripts have: moderate sizes, decimal fractions, ties. */
static double draw(long i) {
    uint64_t bits = next();
    switch (i % 4) {
        case 0: return from_bits(bits);
        case 1: return ldexp((double)(bits >> 11), (int)(next() % 160) - 130);
        case 2: return (double)(int64_t)(bits >> (next() % 60)) / pow(10, (double)(next() % 12));
        default: return ((double)(bits >> 30) + 0.5) / (double)(1u << next() % 20);
    }
}

static long wanted(void) {
    const char *text = getenv("NUMBERS");
    return text ? atol(text) : 1000000;
}

static void text_as_printf(void **state) {
    char ours[NUMBER_TEXT], theirs[NUMBER_TEXT];
    (void)state;
    for (long i = 0, end = wanted(); i < end; i++) {
        double number = draw(i);
        int length = snprintf(theirs, sizeof theirs, "%.14g", number);
        if (number_text(ours, number) != length || memcmp(ours, theirs, (size_t)length + 1) != 0)
            fail_msg("%a: %s instead of %s", number, ours, theirs);
    }
}

static void back_as_strtod(void **state) {
    char text[64], *ours_end, *theirs_end;
    (void)state;
    for (long i = 0, end = wanted(); i < end; i++) {
        snprintf(text, sizeof text, "%.*g", (int)(next() % 17) + 1, draw(i));
        double ours = number_read(text, &ours_end), theirs = strtod(text, &theirs_end);
        if (ours_end != theirs_end || (to_bits(ours) != to_bits(theirs) && !isnan(theirs)))
            fail_msg("%s: %a instead of %a", text, ours, theirs);
    }
}

static void odd_texts(void **state) {
    static const char *const texts[] = { "", " ", "-", "+", ".", "-.", "e5", ".e5", "1e", "1e+", "1e-x", "0x10", "0X1p4", "0x", "nan", "inf",
        "-inf", "infinity", " 12", "\t\n12 ", "1.", ".5", "-.5e-3", "00012", "1e400", "1e-400", "9007199254740993", "123456789012345678",
        "0e999999", "1e22", "1e23", "-0", "-0.0", "1..2", "1e5e5", "12x" };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char *ours_end, *theirs_end;
        double ours = number_read(texts[i], &ours_end), theirs = strtod(texts[i], &theirs_end);
        assert_ptr_equal(ours_end, theirs_end);
        assert_true(to_bits(ours) == to_bits(theirs) || isnan(theirs));
    }
}

static void compare_format(const char *spec, double number) {
    char ours[FORMAT_TEXT], theirs[FORMAT_TEXT], with_long[32];
    struct format format;
    if (!format_read(spec, &format) || format.conversion == 's') return;
    size_t length = format_number(ours, &format, number), size = strlen(spec);
    if (length == 0) return;
    if (strchr("fg", spec[size - 1])) {
        snprintf(with_long, sizeof with_long, "%%%s", spec);
        snprintf(theirs, sizeof theirs, with_long, number);
    } else {
        snprintf(with_long, sizeof with_long, "%%%.*sl%c", (int)size - 1, spec, spec[size - 1]);
        snprintf(theirs, sizeof theirs, with_long, strchr("di", spec[size - 1]) ? (long)number : (long)(unsigned long)number);
    }
    if (length != strlen(theirs) || memcmp(ours, theirs, length) != 0)
        fail_msg("%%%s of %a: %.*s instead of %s", spec, number, (int)length, ours, theirs);
}

static void formats_as_printf(void **state) {
    static const char *const specs[] = { "d", "i", "5d", "-5d", "05d", "u", "8u", "x", "X", "04x", "-6x", "o", "f", ".0f", ".1f", ".2f", "5.2f",
        "-12.3f", "012.4f", ".15f", ".16f", ".99f", "99.3f", "g", ".0g", ".1g", ".3g", "10g", "-14.5g", "012g", ".14g", ".17g", ".18g" };
    (void)state;
    for (long i = 0, end = wanted() / 10; i < end; i++) {
        double number = i % 3 ? draw(i) : (double)(int64_t)(next() >> (next() % 63 + 1));
        for (size_t k = 0; k < sizeof specs / sizeof *specs; k++)
            if (strchr("fg", specs[k][strlen(specs[k]) - 1]) || fabs(number) < 9e18) compare_format(specs[k], number);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_as_printf),
        cmocka_unit_test(back_as_strtod),
        cmocka_unit_test(odd_texts),
        cmocka_unit_test(formats_as_printf),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
