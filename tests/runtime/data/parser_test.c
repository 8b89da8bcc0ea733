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
    assert_int_equal(text_decimal(text, strlen(text), &decimal), strlen(text));
    return text_double(decimal.digits, decimal.power, decimal.exact, text, strlen(text));
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
    for (int i = 0; i < 100000; i++) {
        uint64_t bits = random_bits() & ~(UINT64_C(1) << 63);
        double number;
        memcpy(&number, &bits, sizeof number);
        if (!isfinite(number)) continue;
        snprintf(text, sizeof text, "%.*e", (int)(random_bits() % 20), number);
        assert_true(read_double(text) == strtod(text, NULL));
        if (i % 2) snprintf(text, sizeof text, "%.17g", number);
        assert_true(read_double(text) == strtod(text, NULL));
    }
    for (int i = 0; i < 100000; i++) {
        snprintf(text, sizeof text, "%llue%d", (unsigned long long)(random_bits() >> random_bits() % 64), (int)(random_bits() % 80) - 40);
        assert_true(read_double(text) == strtod(text, NULL));
        uint64_t half = (random_bits() | UINT64_C(1) << 63) >> (random_bits() % 11);
        snprintf(text, sizeof text, "%llu.%05u", (unsigned long long)half, (unsigned)(random_bits() % 3) * 50000);
        assert_true(read_double(text) == strtod(text, NULL));
    }
}

/* Only digits up to the 768th can decide, and whether any is behind them; memory does not grow with them. */
static void test_numbers_of_any_length(void **state) {
    static const char half[] = "9007199254740993"; /* in the middle of two doubles */
    enum { LONG = 100000 };
    char *text = malloc(LONG + 64);
    (void)state;
    assert_non_null(text);
    for (int place = 17; place < 2000; place += 37) {
        size_t size = (size_t)sprintf(text, "%s.%0*d", half, place, 0);
        assert_true(read_double(text) == 9007199254740992.0);
        text[size - 1] = '1';
        assert_true(read_double(text) == 9007199254740994.0);
        assert_true(read_double(text) == strtod(text, NULL));
    }
    for (int i = 0; i < 2000; i++) {
        int size = (int)(random_bits() % 1200) + 1, point = (int)(random_bits() % (unsigned)size);
        for (int k = 0; k < size; k++) text[k] = (char)(k == point && k ? '.' : '0' + random_bits() % 10);
        sprintf(text + size, "%se%d", point == size - 1 ? "0" : "", (int)(random_bits() % 1500) - 900);
        assert_true(read_double(text) == strtod(text, NULL));
    }
    memset(text, '0', LONG);
    memcpy(text, "1", 1);
    sprintf(text + LONG, "e-%d", LONG - 1);
    assert_true(read_double(text) == 1);
    memcpy(text, "0.", 2);
    sprintf(text + LONG, "1e%d", LONG);
    assert_true(read_double(text) == 10);
    sprintf(text + LONG, "1e999999999999");
    assert_true(isinf(read_double(text)));
    free(text);
}

/* A token that comes in pieces is looked at once, and space within one is not kept: else this would take hours. */
static void test_long_tokens_in_small_pieces(void **state) {
    enum { LONG = 2 << 20, PIECE = 8 };
    static const struct {
        enum data_format format;
        const char *begin, *end;
        char fill;
        int is_space;
    } forms[] = {
        { DATA_JSON, "[\"", "\"]", 'x', 0 },          { DATA_JSON, "[", "]", '1', 0 },        { DATA_JSON, "[1", ",2]", ' ', 1 },
        { DATA_JSON, "{\"", "\":1}", 'x', 0 },        { DATA_JSON, "[\"\\n", "\"]", 'x', 0 }, { DATA_LUA, "{'", "'}", 'x', 0 },
        { DATA_LUA, "{[[", "]]}", 'x', 0 },           { DATA_LUA, "{1", ",2}", ' ', 1 },      { DATA_LUA, "{-", "1}", '\n', 1 },
        { DATA_LUA, "{1/", "0}", ' ', 1 },            { DATA_LUA, "{--", "\n1}", 'x', 1 },    { DATA_LUA, "{--[[", "]]1}", 'x', 1 },
        { DATA_LUA, "{", "=1}", 'x', 0 },             { DATA_LUA, "{0x", "}", '1', 0 },       { DATA_CSV, "a\n", "\n", 'x', 0 },
        { DATA_CSV, "a\n\"", "\"\n", 'x', 0 },       { DATA_CSV, "a,b\n", "1,2\n", '\n', 1 }, { DATA_NDJSON, "1", "2", '\n', 1 },
        { DATA_MSGPACK, "\xdb\x00\x20\x00", "", 0, 0 },
    };
    char *text = calloc(1, LONG + 16);
    (void)state;
    assert_non_null(text);
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        size_t begin = forms[i].fill ? strlen(forms[i].begin) : 4, end = strlen(forms[i].end);
        struct events_meter meter = { 0 };
        memcpy(text, forms[i].begin, begin);
        memset(text + begin, forms[i].fill, LONG);
        memcpy(text + begin + LONG, forms[i].end, end);
        char *line = events_line(forms[i].format, NULL, text, begin + LONG + end + !forms[i].fill, PIECE, 64, &meter);
        if (forms[i].is_space) assert_true(strlen(line) < 100 && meter.most < 20000);
        else assert_true(strlen(line) > LONG || strchr(line, '!'));
        free(line);
    }
    free(text);
}

/* Whoever asks for the place behind every event has no line counted twice. */
static void test_asking_for_the_place_often(void **state) {
    enum { LINES = 2000000 };
    struct events_meter meter = { 0 };
    struct data_memory memory = { events_resize, &meter };
    struct data_parser *parser;
    struct data_event events[8];
    struct data_place place;
    char *text = malloc(2 * LINES);
    (void)state;
    assert_non_null(text);
    for (int i = 0; i < LINES; i++) memcpy(text + 2 * i, "1\n", 2);
    assert_int_equal(data_parser_open(DATA_NDJSON, NULL, memory, &parser), 0);
    data_parser_feed(parser, text, 2 * LINES);
    while (data_parser_next(parser, events, 8) > 0) data_parser_place(parser, &place);
    assert_true(place.line > LINES - 16 && place.byte > 2 * (LINES - 16));
    data_parser_close(parser);
    free(text);
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
        cmocka_unit_test(test_numbers_of_any_length),
        cmocka_unit_test(test_long_tokens_in_small_pieces),
        cmocka_unit_test(test_asking_for_the_place_often),
        cmocka_unit_test(test_utf8_against_its_definition),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
