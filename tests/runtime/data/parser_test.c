/* parser_test.c: what all parsers share: depth, limit, paths, memory that is refused; and that text becomes the right double.
 * SPDX-License-Identifier: MIT */
#include "parsing.h"

#include "data/text.h"

static void test_depth(void **state) {
    struct data_options options = { .depth = 3 };
    (void)state;
    parsing_one(DATA_JSON, &options, "[[[1]]]", 7, "[ [ [ 1 ; ; ;");
    parsing_one(DATA_JSON, &options, "[[[[", 4, "[ [ [ !more than 3 levels of nesting @1:4+3 [1][1][1]");
    parsing_one(DATA_LUA, &options, "{{{{", 4, "( ( ( !more than 3 levels of nesting @1:4+3 [1][1][1]");
    parsing_one(DATA_MSGPACK, &options, "\x91\x91\x91\x91", 4, "[ [ [ !more than 3 levels of nesting @0:0+3 [1][1][1][1]");
}

static void test_limit(void **state) {
    struct data_options options = { .limit = 5 };
    (void)state;
    parsing_one(DATA_JSON, &options, "[1,2]", 5, "[ 1 2 ;");
    parsing_one(DATA_JSON, &options, "[1,2,3]", 7, "[ 1 2 !the text is longer than the limit of 5 bytes @1:6+5 [2]");
    parsing_one(DATA_JSON, &options, "\"abcdef\"", 8, "!the text is longer than the limit of 5 bytes @1:6+5");
}

static void test_nesting_costs_no_stack(void **state) {
    enum { DEEP = 2000000 };
    struct data_options options = { .depth = DEEP };
    char *text = malloc(2 * DEEP);
    (void)state;
    assert_non_null(text);
    memset(text, '[', DEEP);
    memset(text + DEEP, ']', DEEP);
    char *line = events_line(DATA_JSON, &options, text, 2 * DEEP, -1, 64, NULL);
    assert_int_equal(strlen(line), 4 * DEEP - 1);
    free(line);
    free(text);
}

static void test_a_long_path_is_cut_in_its_middle(void **state) {
    char text[400], *at = text;
    (void)state;
    for (int i = 0; i < 20; i++) at += sprintf(at, "{\"level%d\":", i);
    char *line = events_line(DATA_JSON, NULL, text, (size_t)(at - text), 7, 64, NULL), *path = strstr(line, "level0.");
    assert_non_null(path);
    assert_true(strlen(path) < 128);
    assert_non_null(strstr(path, "..."));
    assert_string_equal(path + strlen(path) - 15, "level18.level19");
    free(line);
}

/* Each request for memory refused once: the same line comes in the end. */
static void test_refused_memory(void **state) {
    static const struct { enum data_format format; const char *text; } texts[] = {
        { DATA_JSON, "{\"a\\n\":[[[[[[[[[[[[[[[[[[\"x\\ty\"]]]]]]]]]]]]]]]]]],\"b\":12345678901234567890123}" },
        { DATA_LUA, "Name = {[ [[a\r\nb]] ]='\\65\\66'} Word{{{{{{{{{{{{{{{{{{{1}}}}}}}}}}}}}}}}}}}" },
        { DATA_CSV, "a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,r\n1,2,3,4,5,6,7,8,9,\"1\"\"0\",11,12,13,14,15,16,17,18\n" },
        { DATA_MSGPACK, "\x91\x91\x91\xa3xyz" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        size_t size = strlen(texts[i].text);
        struct events_meter calm = { 0 };
        char *wanted = events_line(texts[i].format, NULL, texts[i].text, size, 3, 8, &calm);
        assert_null(strchr(wanted, '!'));
        for (long n = 1; n <= calm.requests; n++) {
            struct events_meter meter = { .refuse_at = n };
            char *got = events_line(texts[i].format, NULL, texts[i].text, size, 3, 8, &meter);
            assert_string_equal(got, wanted);
            free(got);
        }
        free(wanted);
    }
}

static double read_double(const char *text) {
    struct text_decimal decimal;
    double number = -1;
    assert_int_equal(text_decimal(text, strlen(text), &decimal), strlen(text));
    assert_int_equal(text_double(decimal.digits, decimal.power, decimal.exact, text, strlen(text), &number), 0);
    return number;
}

static uint64_t random_bits(void) {
    static uint64_t x = 88172645463325252u;
    x ^= x << 13, x ^= x >> 7, x ^= x << 17;
    return x;
}

/* Any double, at any precision, and numbers near the middle between two: as strtod(3) has them. */
static void test_numbers_round_as_they_must(void **state) {
    char text[64];
    (void)state;
    for (int i = 0; i < 400000; i++) {
        uint64_t bits = random_bits() & ~(UINT64_C(1) << 63);
        double number;
        memcpy(&number, &bits, sizeof number);
        if (!isfinite(number)) continue;
        snprintf(text, sizeof text, "%.*e", (int)(random_bits() % 20), number);
        assert_true(read_double(text) == strtod(text, NULL));
        if (i % 2) snprintf(text, sizeof text, "%.17g", number);
        assert_true(read_double(text) == strtod(text, NULL));
    }
    for (int i = 0; i < 400000; i++) {
        snprintf(text, sizeof text, "%llue%d", (unsigned long long)(random_bits() >> random_bits() % 64), (int)(random_bits() % 80) - 40);
        assert_true(read_double(text) == strtod(text, NULL));
        uint64_t half = (random_bits() | UINT64_C(1) << 63) >> (random_bits() % 11);
        snprintf(text, sizeof text, "%llu.%05u", (unsigned long long)half, (unsigned)(random_bits() % 3) * 50000);
        assert_true(read_double(text) == strtod(text, NULL));
    }
}

static void test_utf8_against_its_definition(void **state) {
    (void)state;
    for (uint32_t c = 0; c < 0x120000; c++) {
        char text[4];
        size_t size = (size_t)(text_put_utf8(text, c) - text);
        int is_one = c < 0xd800 || (c > 0xdfff && c < 0x110000);
        assert_int_equal(text_utf8(text, size), is_one ? size : 0);
        if (size > 1) assert_int_equal(text_utf8(text, size - 1), 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_limit),
        cmocka_unit_test(test_nesting_costs_no_stack),
        cmocka_unit_test(test_a_long_path_is_cut_in_its_middle),
        cmocka_unit_test(test_refused_memory),
        cmocka_unit_test(test_numbers_round_as_they_must),
        cmocka_unit_test(test_utf8_against_its_definition),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
