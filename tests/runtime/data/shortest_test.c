/* shortest_test.c: every double reads back, from the shortest text that does, and the nearest of those.
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

#include "data/shortest.h"

static char text[SHORTEST_TEXT + 1];

static const char *shown(double number) {
    memset(text, '#', sizeof text);
    int length = shortest_write(text, number);
    assert_in_range(length, 1, SHORTEST_TEXT);
    assert_true(length == SHORTEST_TEXT || text[length] == '#' || text[length] == '0' || text[length] == '.');
    text[length] = 0;
    return text;
}

static void numbers_have_the_form_that_people_write(void **state) {
    (void)state;
    assert_string_equal(shown(0), "0");
    assert_string_equal(shown(-0.0), "-0");
    assert_string_equal(shown(1), "1");
    assert_string_equal(shown(-17), "-17");
    assert_string_equal(shown(100), "100");
    assert_string_equal(shown(0.1), "0.1");
    assert_string_equal(shown(-0.5), "-0.5");
    assert_string_equal(shown(123456.789), "123456.789");
    assert_string_equal(shown(0.00001), "0.00001");
    assert_string_equal(shown(0.000001), "1e-6");
    assert_string_equal(shown(1.25e-7), "1.25e-7");
    assert_string_equal(shown(9007199254740991.0), "9007199254740991");
    assert_string_equal(shown(9007199254740993.0), "9007199254740992");
    assert_string_equal(shown(1e16), "10000000000000000");
    assert_string_equal(shown(1e17), "1e17");
    assert_string_equal(shown(1.5e300), "1.5e300");
    assert_string_equal(shown(5e-324), "5e-324");
    assert_string_equal(shown(2.2250738585072014e-308), "2.2250738585072014e-308");
    assert_string_equal(shown(1.7976931348623157e308), "1.7976931348623157e308");
}

static int significant(const char *at) {
    int count = 0, zeros = 0;
    for (; *at && *at != 'e'; at++) {
        if (*at < '0' || *at > '9' || (count == 0 && *at == '0')) continue;
        zeros = *at == '0' ? zeros + 1 : 0;
        count++;
    }
    return count - zeros;
}

/* The C library's nearest text of as many digits reads back and is no nearer; that of one digit less does not. */
static void check(double number) {
    char same[64], less[64];
    shown(number);
    int digits = significant(text);
    double back = strtod(text, NULL);
    if (memcmp(&back, &number, sizeof number) != 0) fail_msg("%a became %s", number, text);
    if (number == 0) return;
    snprintf(same, sizeof same, "%.*e", digits - 1, number);
    snprintf(less, sizeof less, "%.*e", digits > 1 ? digits - 2 : 0, number);
    if (digits > 1 && strtod(less, NULL) == number) fail_msg("%s is longer than %s", text, less);
    long double ours = fabsl(strtold(text, NULL) - (long double)number), theirs = fabsl(strtold(same, NULL) - (long double)number);
    if (strtod(same, NULL) == number && ours > theirs * (1 + 1e-6L)) fail_msg("%s is not as near as %s", text, same);
}

static uint64_t seed = 88172645463325252u;

static uint64_t draw(void) {
    seed ^= seed << 13;
    seed ^= seed >> 7;
    return seed ^= seed << 17;
}

static double from_bits(uint64_t bits) {
    double number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

static void any_bits_read_back(void **state) {
    (void)state;
    for (int i = 0; i < 60000; i++) {
        double number = from_bits(draw());
        if (isfinite(number)) check(number);
    }
}

/* Every exponent, hence every power of ten, with the fractions where the interval is lopsided, and its neighbours. */
static void every_power_of_two_and_its_neighbours_read_back(void **state) {
    static const uint64_t fractions[] = { 0, 1, 2, (UINT64_C(1) << 52) - 1, (UINT64_C(1) << 52) - 2, UINT64_C(1) << 51 };
    (void)state;
    for (uint64_t exponent = 0; exponent < 2047; exponent++)
        for (size_t i = 0; i < sizeof fractions / sizeof fractions[0]; i++) check(from_bits(exponent << 52 | fractions[i]));
}

static void every_power_of_ten_reads_back(void **state) {
    char power[16];
    (void)state;
    for (int exponent = -323; exponent <= 308; exponent++) {
        snprintf(power, sizeof power, "1e%d", exponent);
        double number = strtod(power, NULL);
        check(number);
        check(nextafter(number, 0));
        check(nextafter(number, INFINITY));
    }
}

static void decimals_of_people_read_back(void **state) {
    (void)state;
    for (int i = 0; i < 30000; i++) {
        double whole = (double)(int64_t)(draw() >> (12 + i % 48));
        check(whole);
        check(whole / 100);
        check(whole / 1000000);
        check(-whole / 1e10);
    }
}

static void the_least_numbers_read_back(void **state) {
    (void)state;
    for (uint64_t bits = 1; bits < 3000; bits++) check(from_bits(bits));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_have_the_form_that_people_write),
        cmocka_unit_test(any_bits_read_back),
        cmocka_unit_test(every_power_of_two_and_its_neighbours_read_back),
        cmocka_unit_test(every_power_of_ten_reads_back),
        cmocka_unit_test(decimals_of_people_read_back),
        cmocka_unit_test(the_least_numbers_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
