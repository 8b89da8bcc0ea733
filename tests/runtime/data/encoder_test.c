/* encoder_test.c: the encoders from C: events in, text out, whatever the batches, with and without an output, and when
 * memory or the output fails.
 * SPDX-License-Identifier: MIT */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "data/encoder.h"

/* ---- Memory and output that count and refuse ---- */

struct meter {
    size_t bytes;
    long requests, refuse_at;
};

static void *metered(void *context, void *block, size_t old_size, size_t new_size) {
    struct meter *meter = context;
    if (new_size && ++meter->requests == meter->refuse_at) return NULL;
    void *fresh = new_size ? malloc(new_size) : NULL;
    if (fresh && block) memcpy(fresh, block, old_size < new_size ? old_size : new_size);
    free(block);
    meter->bytes += new_size - old_size;
    return fresh;
}

struct sink {
    char text[1 << 21];
    size_t size;
    int refuse; /* the call that fails, from 1 */
};
static struct sink sink;

static int take(void *context, const char *data, size_t size) {
    struct sink *to = context;
    assert_true(size <= sizeof to->text - to->size);
    if (to->refuse && --to->refuse == 0) return -ENOSPC;
    memcpy(to->text + to->size, data, size);
    to->size += size;
    return 0;
}

/* ---- Events ---- */

#define NIL_ { .kind = DATA_NIL }
#define TRUE_ { .kind = DATA_BOOLEAN, .as.boolean = 1 }
#define NUM(n) { .kind = DATA_NUMBER, .as.number = (n) }
#define STR(s) { .kind = DATA_STRING, .size = sizeof(s) - 1, .as.text = (s) }
#define BIN(s) { .kind = DATA_STRING, .flags = DATA_BINARY, .size = sizeof(s) - 1, .as.text = (s) }
#define KEY(s) { .kind = DATA_STRING, .flags = DATA_KEY, .size = sizeof(s) - 1, .as.text = (s) }
#define NUMKEY(n) { .kind = DATA_NUMBER, .flags = DATA_KEY, .as.number = (n) }
#define WORD(s) { .kind = DATA_STRING, .flags = DATA_ENTRY, .size = sizeof(s) - 1, .as.text = (s) }
#define ARRAY { .kind = DATA_ARRAY, .size = DATA_UNKNOWN }
#define MAP { .kind = DATA_MAP, .size = DATA_UNKNOWN }
#define TABLE { .kind = DATA_TABLE, .size = DATA_UNKNOWN }
#define OF(k, n) { .kind = DATA_##k, .size = (n) }
#define END { .kind = DATA_END }
#define EVENTS(...) (const struct data_event[]){ __VA_ARGS__ }, (int)(sizeof((const struct data_event[]){ __VA_ARGS__ }) / sizeof(struct data_event))

/* Everything at once, and one by one with texts that are gone after each call. */
static int run(enum data_format format, const struct data_encode_options *options, const struct data_event *events, int count,
               int step, int refuse_memory, struct data_error *error) {
    struct meter meter = { .refuse_at = refuse_memory };
    struct data_memory memory = { metered, &meter };
    struct data_output output = { take, &sink };
    struct data_encoder *encoder;
    sink.size = 0;
    int result = data_encoder_open(format, options, memory, output, &encoder);
    if (result < 0) {
        assert_null(encoder);
        assert_int_equal(meter.bytes, 0);
        return result;
    }
    for (int i = 0; i < count && result == 0; i += step) {
        struct data_event copy = events[i];
        char *text = copy.kind == DATA_STRING ? malloc(copy.size + 1) : NULL;
        if (text) copy.as.text = memcpy(text, copy.as.text, copy.size);
        result = step == 1 ? data_encoder_put(encoder, &copy, 1) : data_encoder_put(encoder, events + i, count - i < step ? count - i : step);
        free(text);
    }
    if (result == 0) result = data_encoder_finish(encoder);
    if (result < 0) {
        assert_int_equal(data_encoder_put(encoder, events, 1), result);
        assert_int_equal(data_encoder_finish(encoder), result);
        data_encoder_error(encoder, error);
        assert_int_equal(error->code, result);
    }
    data_encoder_close(encoder);
    assert_int_equal(meter.bytes, 0);
    return result;
}

static void expect_with(enum data_format format, const struct data_encode_options *options, const char *wanted, size_t size,
                        const struct data_event *events, int count) {
    struct data_error error = { .text = "" };
    for (int step = 1; step <= count + 1; step += count > 3 ? count / 2 : 1) {
        int result = run(format, options, events, count, step, 0, &error);
        if (result < 0) fail_msg("%s (at %s)", error.text, error.path);
        sink.text[sink.size] = 0;
        if (sink.size != size || memcmp(sink.text, wanted, size) != 0) fail_msg("%s\ninstead of\n%s", sink.text, wanted);
    }
}
#define EXPECT(format, wanted, ...) expect_with(format, NULL, wanted, sizeof(wanted) - 1, EVENTS(__VA_ARGS__))
#define EXPECT_WITH(format, options, wanted, ...) expect_with(format, options, wanted, sizeof(wanted) - 1, EVENTS(__VA_ARGS__))

static void refuse_with(enum data_format format, const struct data_encode_options *options, int code, const char *text, const char *path,
                        const struct data_event *events, int count) {
    struct data_error error = { .text = "" };
    for (int step = 1; step <= count; step += count > 1 ? count - 1 : 1) {
        assert_int_equal(run(format, options, events, count, step, 0, &error), code);
        if (!strstr(error.text, text)) fail_msg("'%s' does not say '%s'", error.text, text);
        if (path) assert_string_equal(error.path, path);
    }
}
#define REFUSE(format, text, path, ...) refuse_with(format, NULL, -EDOM, text, path, EVENTS(__VA_ARGS__))
#define REFUSE_WITH(format, options, code, text, path, ...) refuse_with(format, options, code, text, path, EVENTS(__VA_ARGS__))

/* ---- JSON ---- */

static void json_has_every_kind_of_value(void **state) {
    (void)state;
    EXPECT(DATA_JSON, "null", NIL_);
    EXPECT(DATA_JSON, "true", TRUE_);
    EXPECT(DATA_JSON, "-0.5", NUM(-0.5));
    EXPECT(DATA_JSON, "\"\"", STR(""));
    EXPECT(DATA_JSON, "[]", ARRAY, END);
    EXPECT(DATA_JSON, "{}", MAP, END);
    EXPECT(DATA_JSON, "[1,[2,{}],{\"a\":[],\"b\":null},\"x\"]", ARRAY, NUM(1), ARRAY, NUM(2), MAP, END, END, MAP, KEY("a"), ARRAY, END,
           KEY("b"), NIL_, END, STR("x"), END);
}

static void json_tables_are_what_their_first_value_says(void **state) {
    struct data_encode_options arrays = { .empty_array = 1 };
    (void)state;
    EXPECT(DATA_JSON, "{}", TABLE, END);
    EXPECT_WITH(DATA_JSON, &arrays, "[]", TABLE, END);
    EXPECT_WITH(DATA_JSON, &arrays, "{}", MAP, END);
    EXPECT(DATA_JSON, "[[1,2],{\"k\":1}]", TABLE, TABLE, NUM(1), NUM(2), END, TABLE, KEY("k"), NUM(1), END, END);
    REFUSE(DATA_JSON, "with and without keys", "[1].k", TABLE, TABLE, NUM(1), KEY("k"), NUM(2), END, END);
    REFUSE(DATA_JSON, "with and without keys", "a", TABLE, KEY("a"), MAP, KEY("k"), NUM(2), NUM(1), END, END);
}

static void json_escapes_what_it_must(void **state) {
    (void)state;
    EXPECT(DATA_JSON, "\"a\\\"b\\\\c/\\b\\f\\n\\r\\t\\u0000\\u001f\\u007f\"", STR("a\"b\\c/\b\f\n\r\t\0\x1f\x7f"));
    EXPECT(DATA_JSON, "\"12345678\\n\"", STR("12345678\n"));
    EXPECT(DATA_JSON, "\"1234567\\n12345678\\\"\"", STR("1234567\n12345678\""));
    EXPECT(DATA_JSON, "\"g\xc3\xb6\xe2\x82\xac\xf0\x9f\x99\x82!\"", STR("g\xc3\xb6\xe2\x82\xac\xf0\x9f\x99\x82!"));
    EXPECT(DATA_JSON, "{\"a\\nb\":1,\"7\":2,\"-1.5\":3}", MAP, KEY("a\nb"), NUM(1), NUMKEY(7), NUM(2), NUMKEY(-1.5), NUM(3), END);
}

static void json_refuses_what_it_has_not(void **state) {
    (void)state;
    REFUSE(DATA_JSON, "NaN", "", NUM(NAN));
    REFUSE(DATA_JSON, "infinity", "a.b[2]", MAP, KEY("a"), MAP, KEY("b"), ARRAY, NUM(1), NUM(-INFINITY));
    REFUSE(DATA_JSON, "its byte 3 is 0xff", "list[1][\"odd key\"]", MAP, KEY("list"), ARRAY, MAP, KEY("odd key"), STR("ab\xff"));
    REFUSE(DATA_JSON, "its byte 1 is 0xed", "[1]", ARRAY, STR("\xed\xa0\x80"));
    REFUSE(DATA_JSON, "its byte 1 is 0xc3", "[1]", ARRAY, STR("\xc3"));
    REFUSE(DATA_JSON, "a key that is not UTF-8", "[\"\xff\"]", MAP, KEY("\xff"), NIL_);
    REFUSE(DATA_JSON, "holds one value", "", NUM(1), NUM(2));
    REFUSE(DATA_JSON, "no value", "", );
    REFUSE(DATA_JSON, "key that is a boolean", "[true]", MAP, { .kind = DATA_BOOLEAN, .flags = DATA_KEY, .as.boolean = 1 }, NUM(1));
}

static void json_is_laid_out(void **state) {
    struct data_encode_options two = { .indent = 2 };
    (void)state;
    EXPECT_WITH(DATA_JSON, &two, "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {},\n  \"c\": []\n}\n", MAP, KEY("a"), ARRAY, NUM(1), NUM(2), END,
                KEY("b"), MAP, END, KEY("c"), ARRAY, END, END);
    EXPECT_WITH(DATA_JSON, &two, "{\n  \"A\": {\n    \"x\": 1\n  },\n  \"B\": 2\n}\n", KEY("A"), MAP, KEY("x"), NUM(1), END, KEY("B"), NUM(2));
}

static void json_takes_names_together(void **state) {
    (void)state;
    EXPECT(DATA_JSON, "{\"A\":1,\"B\":[2]}", KEY("A"), NUM(1), KEY("B"), ARRAY, NUM(2), END);
    REFUSE(DATA_JSON, "behind one without", "", NUM(1), KEY("A"), NUM(2));
    REFUSE(DATA_JSON, "holds one value", "A", KEY("A"), NUM(2), NUM(1));
    REFUSE(DATA_JSON, "ndjson", "", WORD("Item"), TABLE, END);
    EXPECT(DATA_NDJSON, "{\"Item\":{\"a\":1}}\n{\"Item\":[2]}\n3\n", WORD("Item"), TABLE, KEY("a"), NUM(1), END, WORD("Item"), TABLE, NUM(2), END, NUM(3));
}

static void ndjson_is_a_line_for_each(void **state) {
    struct data_encode_options two = { .indent = 2 };
    (void)state;
    EXPECT_WITH(DATA_NDJSON, &two, "{\"a\":1}\n[]\nnull\n\"x\\ny\"\n", MAP, KEY("a"), NUM(1), END, ARRAY, END, NIL_, STR("x\ny"));
    EXPECT(DATA_NDJSON, "", );
    REFUSE(DATA_NDJSON, "NaN", "[2].a", NUM(1), MAP, KEY("a"), NUM(NAN));
}

/* ---- Lua ---- */

static void lua_has_every_kind_of_value(void **state) {
    (void)state;
    EXPECT(DATA_LUA, "return nil\n", NIL_);
    EXPECT(DATA_LUA, "return {1,true,nil,\"x\",{},a=1,[\"b c\"]=2,[7]=3,[\"end\"]=4,[\"9x\"]=5,[-0.5]=6}\n", TABLE, NUM(1), TRUE_, NIL_, STR("x"),
           ARRAY, END, KEY("a"), NUM(1), KEY("b c"), NUM(2), NUMKEY(7), NUM(3), KEY("end"), NUM(4), KEY("9x"), NUM(5), NUMKEY(-0.5), NUM(6), END);
    EXPECT(DATA_LUA, "return {1e999,-1e999,0/0,-0}\n", ARRAY, NUM(INFINITY), NUM(-INFINITY), NUM(NAN), NUM(-0.0), END);
    EXPECT(DATA_LUA, "return \"a\\\"b\\\\\\n\\000\\0319\xc3\xb6\\255\\127\\195\"\n", STR("a\"b\\\n\0\x1f" "9\xc3\xb6\xff\x7f\xc3"));
}

static void lua_has_names_and_words(void **state) {
    struct data_encode_options two = { .indent = 2 };
    (void)state;
    EXPECT(DATA_LUA, "A = {1}\nB = 2\nItem{x=1}\nItem{}\n", KEY("A"), ARRAY, NUM(1), END, KEY("B"), NUM(2), WORD("Item"), MAP, KEY("x"), NUM(1),
           END, WORD("Item"), MAP, END);
    EXPECT_WITH(DATA_LUA, &two, "A = {\n  x = 1,\n  {\n    2\n  }\n}\n", KEY("A"), TABLE, KEY("x"), NUM(1), ARRAY, NUM(2), END, END);
    REFUSE(DATA_LUA, "no name of Lua", "[\"a b\"]", KEY("a b"), NUM(1));
    REFUSE(DATA_LUA, "no name of Lua", "end", KEY("end"), NUM(1));
    REFUSE(DATA_LUA, "wants a table", "Item", WORD("Item"), NUM(1));
    REFUSE(DATA_LUA, "returns one value", "", NUM(1), NUM(2));
    REFUSE(DATA_LUA, "nothing may follow", "", NUM(1), KEY("A"), NUM(2));
    REFUSE(DATA_LUA, "key that is NaN", "[nan]", MAP, NUMKEY(NAN), NUM(1));
}

/* ---- CSV ---- */

static void csv_quotes_what_it_must(void **state) {
    struct data_encode_options semicolon = { .separator = ';', .plain_newline = 1 };
    (void)state;
    EXPECT(DATA_CSV, "1,true,,x\r\n\"a,b\",\"c\"\"d\",\"e\r\nf\", g\r\n\"\"\r\n", ARRAY, NUM(1), TRUE_, NIL_, STR("x"), END, ARRAY, STR("a,b"), STR("c\"d"),
           STR("e\r\nf"), STR(" g"), END, ARRAY, STR(""), END);
    EXPECT_WITH(DATA_CSV, &semicolon, "a,b;\"c;d\";\"\"\"\"\n", ARRAY, STR("a,b"), STR("c;d"), STR("\""), END);
}

static void csv_has_a_header(void **state) {
    struct data_encode_options none = { .no_header = 1 }, some = { .columns = (const char *const[]){ "b", "a", "c" }, .column_count = 3 };
    (void)state;
    EXPECT(DATA_CSV, "a,b\r\n1,2\r\n3,4\r\n,5\r\n", MAP, KEY("a"), NUM(1), KEY("b"), NUM(2), END, MAP, KEY("b"), NUM(4), KEY("a"), NUM(3), END,
           MAP, KEY("b"), NUM(5), END);
    EXPECT_WITH(DATA_CSV, &none, "1,2\r\n3,\r\n", MAP, KEY("a"), NUM(1), KEY("b"), NUM(2), END, MAP, KEY("a"), NUM(3), END);
    EXPECT_WITH(DATA_CSV, &some, "b,a,c\r\n,1,\r\n,,\r\n5,6,\r\n", MAP, KEY("a"), NUM(1), END, TABLE, END, ARRAY, NUM(5), NUM(6), END);
    EXPECT_WITH(DATA_CSV, &some, "b,a,c\r\n", );
    REFUSE(DATA_CSV, "no such column", "[2].x", MAP, KEY("a"), NUM(1), END, MAP, KEY("x"), NUM(2), END);
    REFUSE(DATA_CSV, "comes twice", "[1].a", MAP, KEY("a"), NUM(1), KEY("a"), NUM(2), END);
    REFUSE(DATA_CSV, "behind rows without", "[2].a", ARRAY, NUM(1), END, MAP, KEY("a"), NUM(2), END);
    REFUSE_WITH(DATA_CSV, &some, -EDOM, "more cells", "[1][4]", ARRAY, NUM(1), NUM(2), NUM(3), NUM(4), END);
}

static void csv_refuses_what_it_has_not(void **state) {
    (void)state;
    REFUSE(DATA_CSV, "holds no table", "[1][2]", ARRAY, NUM(1), ARRAY, END, END);
    REFUSE(DATA_CSV, "holds no table", "[1].a", MAP, KEY("a"), MAP, END, END);
    REFUSE(DATA_CSV, "a row of CSV", "[2]", ARRAY, NUM(1), END, STR("x"));
    REFUSE(DATA_CSV, "without cells", "[1]", ARRAY, END);
    REFUSE(DATA_CSV, "name of a row", "", KEY("A"), ARRAY, NUM(1), END);
}

static void csv_has_very_many_columns(void **state) {
    enum { COLUMNS = 3000 };
    static struct data_event events[4 * COLUMNS + 8];
    static char names[COLUMNS][16];
    struct data_error error;
    int count = 0;
    (void)state;
    for (int row = 0; row < 2; row++) {
        events[count++] = (struct data_event)MAP;
        for (int i = 0; i < COLUMNS; i++) {
            int column = row ? COLUMNS - 1 - i : i;
            snprintf(names[column], sizeof names[0], "n%d", column);
            events[count++] = (struct data_event){ .kind = DATA_STRING, .flags = DATA_KEY, .size = strlen(names[column]), .as.text = names[column] };
            events[count++] = (struct data_event)NUM(column);
        }
        events[count++] = (struct data_event)END;
    }
    assert_int_equal(run(DATA_CSV, NULL, events, count, count, 0, &error), 0);
    sink.text[sink.size] = 0;
    assert_non_null(strstr(sink.text, ",n2998,n2999\r\n0,1,2,3"));
    assert_non_null(strstr(sink.text, ",2998,2999\r\n0,1,2,3"));
}

/* ---- MessagePack ---- */

static void msgpack_numbers_are_as_short_as_can_be(void **state) {
    (void)state;
    EXPECT(DATA_MSGPACK, "\x00\x7f\xcc\x80\xcc\xff\xcd\x01\x00\xcd\xff\xff\xce\x00\x01\x00\x00\xce\xff\xff\xff\xff", NUM(0), NUM(127), NUM(128), NUM(255),
           NUM(256), NUM(65535), NUM(65536), NUM(4294967295.0));
    EXPECT(DATA_MSGPACK, "\xcf\x00\x00\x00\x01\x00\x00\x00\x00\xcf\xff\xff\xff\xff\xff\xff\xf8\x00", NUM(4294967296.0), NUM(18446744073709549568.0));
    EXPECT(DATA_MSGPACK, "\xff\xe0\xd0\xdf\xd0\x80\xd1\xff\x7f\xd1\x80\x00\xd2\xff\xff\x7f\xff\xd2\x80\x00\x00\x00", NUM(-1), NUM(-32), NUM(-33),
           NUM(-128), NUM(-129), NUM(-32768), NUM(-32769), NUM(-2147483648.0));
    EXPECT(DATA_MSGPACK, "\xd3\xff\xff\xff\xff\x7f\xff\xff\xff\xd3\x80\x00\x00\x00\x00\x00\x00\x00", NUM(-2147483649.0), NUM(-9223372036854775808.0));
    EXPECT(DATA_MSGPACK, "\xcb\x3f\xf8\x00\x00\x00\x00\x00\x00\xcb\x80\x00\x00\x00\x00\x00\x00\x00\xcb\x43\xf0\x00\x00\x00\x00\x00\x00", NUM(1.5),
           NUM(-0.0), NUM(18446744073709551616.0));
    EXPECT(DATA_MSGPACK, "\xcb\x7f\xf0\x00\x00\x00\x00\x00\x00\xc0\xc3", NUM(INFINITY), NIL_, TRUE_);
}

static void msgpack_text_is_str_and_other_bytes_are_bin(void **state) {
    static char text[70000];
    struct data_event long_text = { .kind = DATA_STRING, .as.text = text };
    struct data_error error;
    (void)state;
    EXPECT(DATA_MSGPACK, "\xa0\xa3" "abc\xa2\xc3\xb6\xc4\x01\xff\xc4\x02" "ab\xc4\x00", STR(""), STR("abc"), STR("\xc3\xb6"), STR("\xff"), BIN("ab"), BIN(""));
    memset(text, 'x', sizeof text);
    static const struct { size_t size; unsigned char head[6]; size_t head_size; } cases[] = {
        { 31, { 0xbf }, 1 }, { 32, { 0xd9, 32 }, 2 }, { 255, { 0xd9, 255 }, 2 }, { 256, { 0xda, 1, 0 }, 3 }, { 65535, { 0xda, 255, 255 }, 3 },
        { 65536, { 0xdb, 0, 1, 0, 0 }, 5 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        long_text.size = cases[i].size;
        assert_int_equal(run(DATA_MSGPACK, NULL, &long_text, 1, 2, 0, &error), 0);
        assert_int_equal(sink.size, cases[i].size + cases[i].head_size);
        assert_memory_equal(sink.text, cases[i].head, cases[i].head_size);
    }
}

static void msgpack_counts_stand_before_the_values(void **state) {
    (void)state;
    EXPECT(DATA_MSGPACK, "\x93\x01\x92\x02\x80\x82\xa1" "a\x90\xa1" "b\xc0", OF(ARRAY, 3), NUM(1), OF(ARRAY, 2), NUM(2), OF(MAP, 0), END, END, OF(MAP, 2),
           KEY("a"), OF(ARRAY, 0), END, KEY("b"), NIL_, END, END);
    EXPECT(DATA_MSGPACK, "\x93\x01\x92\x02\x80\x82\xa1" "a\x90\xa1" "b\xc0", ARRAY, NUM(1), ARRAY, NUM(2), MAP, END, END, MAP,
           KEY("a"), ARRAY, END, KEY("b"), NIL_, END, END);
    EXPECT(DATA_MSGPACK, "\x93\x91\x01\x81\xa1k\x01\x80\x81\xa4Name\x01\x07", TABLE, TABLE, NUM(1), END, OF(TABLE, 1), KEY("k"), NUM(1), END, TABLE, END, END,
           KEY("Name"), NUM(1), NUM(7));
    REFUSE_WITH(DATA_MSGPACK, NULL, -EINVAL, "3 values were told, and 1 came", NULL, OF(ARRAY, 3), NUM(1), END);
    REFUSE(DATA_MSGPACK, "with and without keys", "k", TABLE, NUM(1), TABLE, END, KEY("k"), NUM(2), END);
}

/* Containers of every size of count, within each other, told and not told: the same bytes. */
static void msgpack_does_not_depend_on_what_is_told(void **state) {
    static const int counts[] = { 0, 1, 15, 16, 17, 300, 65535, 65536 };
    static struct data_event events[2][600000];
    static char first[sizeof sink.text];
    struct data_error error;
    int count = 0;
    (void)state;
    for (int told = 0; told < 2; told++) {
        count = 0;
        events[told][count++] = (struct data_event){ .kind = DATA_ARRAY, .size = told ? 2 * (sizeof counts / sizeof counts[0]) : DATA_UNKNOWN };
        for (size_t i = 0; i < 2 * (sizeof counts / sizeof counts[0]); i++) {
            int values = counts[i / 2], is_map = (int)i % 2;
            events[told][count++] = (struct data_event){ .kind = is_map ? DATA_MAP : DATA_ARRAY, .size = told ? (size_t)values : DATA_UNKNOWN };
            for (int k = 0; k < values; k++) {
                if (is_map) events[told][count++] = (struct data_event)NUMKEY(k);
                events[told][count++] = (struct data_event){ .kind = DATA_BOOLEAN, .as.boolean = 1 };
            }
            events[told][count++] = (struct data_event)END;
        }
        events[told][count++] = (struct data_event)END;
        assert_int_equal(run(DATA_MSGPACK, NULL, events[told], count, 1000, 0, &error), 0);
        if (!told) memcpy(first, sink.text, sink.size), first[sizeof first - 1] = (char)(sink.size % 100);
    }
    assert_int_equal(first[sizeof first - 1], sink.size % 100);
    assert_memory_equal(first, sink.text, sink.size);
}

/* ---- All formats ---- */

static void depth_is_limited_by_the_option_alone(void **state) {
    enum { DEEP = 100000 };
    static struct data_event events[2 * DEEP];
    struct data_encode_options deep = { .depth = DEEP };
    struct data_error error;
    (void)state;
    for (int i = 0; i < DEEP; i++) {
        events[i] = (struct data_event)ARRAY;
        events[2 * DEEP - 1 - i] = (struct data_event)END;
    }
    for (int format = 0; format < DATA_FORMATS; format++) {
        if (format == DATA_CSV) continue;
        assert_int_equal(run((enum data_format)format, &deep, events, 2 * DEEP, 777, 0, &error), 0);
        assert_true(sink.size >= (format == DATA_MSGPACK ? DEEP : 2 * DEEP));
        assert_int_equal(run((enum data_format)format, NULL, events, 2 * DEEP, 777, 0, &error), -E2BIG);
        assert_non_null(strstr(error.text, "10000 levels"));
        assert_non_null(strstr(error.path, "..."));
        assert_true(strlen(error.path) < sizeof error.path);
    }
}

/* Keys that are long, many, and in the middle of a batch, in the path. */
static void a_path_is_cut_in_its_middle(void **state) {
    enum { LEVELS = 30 };
    static struct data_event events[2 * LEVELS + 2];
    struct data_error error;
    int count = 0;
    (void)state;
    for (int i = 0; i < LEVELS; i++) {
        events[count++] = (struct data_event)MAP;
        events[count++] = (struct data_event)KEY("quite_a_long_name");
    }
    events[count++] = (struct data_event)NUM(NAN);
    assert_int_equal(run(DATA_JSON, NULL, events, count, 1, 0, &error), -EDOM);
    assert_memory_equal(error.path, "quite_a_long_name.quite_a_long_name.", 36);
    assert_non_null(strstr(error.path, "..."));
    assert_string_equal(error.path + strlen(error.path) - 18, ".quite_a_long_name");
}

/* Not more than the buffer is held, whatever the size of the text. */
static void a_long_text_goes_to_the_output_in_pieces(void **state) {
    enum { SIZE = 300000 };
    static char text[SIZE + 1];
    static struct data_event row[] = { ARRAY, { .kind = DATA_STRING, .size = SIZE, .as.text = text }, STR("end"), END };
    struct meter meter = { 0 };
    struct data_memory memory = { metered, &meter };
    struct data_output output = { take, &sink };
    struct data_encoder *encoder;
    (void)state;
    memset(text, 'x', SIZE);
    memcpy(text + 4095, "\xc3\xb6", 2);
    for (int format = 0; format < DATA_FORMATS; format++) {
        size_t most = 0;
        sink.size = 0;
        row[0].size = 2;
        assert_int_equal(data_encoder_open((enum data_format)format, NULL, memory, output, &encoder), 0);
        for (int i = 0; i < 4; i++) {
            assert_int_equal(data_encoder_put(encoder, row + i, 1), 0);
            if (meter.bytes > most) most = meter.bytes;
        }
        assert_int_equal(data_encoder_finish(encoder), 0);
        data_encoder_close(encoder);
        assert_in_range(sink.size, SIZE + 5, SIZE + 30);
        assert_true(most < 200000);
    }
}

static void every_refused_request_is_survived(void **state) {
    static char text[40000];
    struct data_event events[64] = { TABLE, KEY("list"), MAP, KEY("a") };
    int deep = 4;
    for (; deep < 24; deep++) events[deep] = (struct data_event)ARRAY;
    events[deep] = (struct data_event){ .kind = DATA_STRING, .size = sizeof text, .as.text = text };
    for (int i = 1; i <= 22; i++) events[deep + i] = (struct data_event)END;
    const struct data_event rows[] = {
        MAP, KEY("a"), { .kind = DATA_STRING, .size = sizeof text, .as.text = text }, KEY("b"), NUM(2), END, MAP, KEY("b"), NUM(3), END,
    };
    struct data_error error;
    int ended = 0, refused = 0;
    (void)state;
    memset(text, '"', sizeof text);
    for (int format = 0; format < DATA_FORMATS; format++) {
        const struct data_event *what = format == DATA_CSV ? rows : events;
        int count = format == DATA_CSV ? (int)(sizeof rows / sizeof rows[0]) : deep + 23;
        for (int at = 1; at < 60; at++) {
            int result = run((enum data_format)format, NULL, what, count, 5, at, &error);
            assert_true(result == 0 || result == -ENOMEM);
            ended += result == 0;
            refused += result != 0;
        }
    }
    assert_true(refused > 20);
    assert_true(ended > 50);
}

static void an_output_that_fails_ends_it(void **state) {
    static char text[100000];
    const struct data_event events[] = { ARRAY, { .kind = DATA_STRING, .size = sizeof text, .as.text = text }, NUM(1), END };
    struct data_error error;
    (void)state;
    memset(text, 'y', sizeof text);
    for (int format = 0; format < DATA_FORMATS; format++) {
        sink.refuse = 1;
        assert_int_equal(run((enum data_format)format, NULL, events, 4, 1, 0, &error), -ENOSPC);
        assert_non_null(strstr(error.text, "output"));
    }
    sink.refuse = 0;
}

static void without_an_output_all_is_kept(void **state) {
    const struct data_event events[] = { ARRAY, NUM(1), STR("x"), END };
    struct meter meter = { 0 };
    struct data_memory memory = { metered, &meter };
    struct data_output output = { NULL, NULL };
    struct data_encoder *encoder;
    size_t size, room;
    (void)state;
    assert_int_equal(data_encoder_open(DATA_JSON, NULL, memory, output, &encoder), 0);
    assert_int_equal(data_encoder_put(encoder, events, 4), 0);
    assert_int_equal(data_encoder_finish(encoder), 0);
    const char *text = data_encoder_text(encoder, &size);
    assert_int_equal(size, 7);
    assert_memory_equal(text, "[1,\"x\"]", 7);
    char *block = data_encoder_take(encoder, &size, &room);
    assert_int_equal(size, 7);
    data_encoder_close(encoder);
    assert_int_equal(meter.bytes, room);
    metered(&meter, block, room, 0);
}

static void events_that_contradict_each_other_are_refused(void **state) {
    (void)state;
    for (int format = 0; format < DATA_FORMATS; format++) {
        REFUSE_WITH((enum data_format)format, NULL, -EINVAL, "more containers end", NULL, END);
        if (format == DATA_CSV) continue;
        REFUSE_WITH((enum data_format)format, NULL, -EINVAL, "within a value", NULL, OF(ARRAY, 2));
        REFUSE_WITH((enum data_format)format, NULL, -EINVAL, "no value", NULL, MAP, KEY("k"), END);
        REFUSE_WITH((enum data_format)format, NULL, -EINVAL, "no value", NULL, MAP, KEY("k"), KEY("l"), NIL_, END);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_has_every_kind_of_value),
        cmocka_unit_test(json_tables_are_what_their_first_value_says),
        cmocka_unit_test(json_escapes_what_it_must),
        cmocka_unit_test(json_refuses_what_it_has_not),
        cmocka_unit_test(json_is_laid_out),
        cmocka_unit_test(json_takes_names_together),
        cmocka_unit_test(ndjson_is_a_line_for_each),
        cmocka_unit_test(lua_has_every_kind_of_value),
        cmocka_unit_test(lua_has_names_and_words),
        cmocka_unit_test(csv_quotes_what_it_must),
        cmocka_unit_test(csv_has_a_header),
        cmocka_unit_test(csv_refuses_what_it_has_not),
        cmocka_unit_test(csv_has_very_many_columns),
        cmocka_unit_test(msgpack_numbers_are_as_short_as_can_be),
        cmocka_unit_test(msgpack_text_is_str_and_other_bytes_are_bin),
        cmocka_unit_test(msgpack_counts_stand_before_the_values),
        cmocka_unit_test(msgpack_does_not_depend_on_what_is_told),
        cmocka_unit_test(depth_is_limited_by_the_option_alone),
        cmocka_unit_test(a_path_is_cut_in_its_middle),
        cmocka_unit_test(a_long_text_goes_to_the_output_in_pieces),
        cmocka_unit_test(every_refused_request_is_survived),
        cmocka_unit_test(an_output_that_fails_ends_it),
        cmocka_unit_test(without_an_output_all_is_kept),
        cmocka_unit_test(events_that_contradict_each_other_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
