/* json_test.c: JSON and NDJSON: what is accepted, what is refused and where, whatever the pieces.
 * SPDX-License-Identifier: MIT */
#include "parsing.h"

static const struct parsing values[] = {
    { "[]", "[ ;", 0 },
    { " \t\r\n[ \n] ", "[ ;", 0 },
    { "{}", "{ ;", 0 },
    { "null", "nil", 0 },
    { "true", "true", 0 },
    { "false ", "false", 0 },
    { "\"\"", "''", 0 },
    { "\"x\"", "'x'", 0 },
    { "\xef\xbb\xbf[1]", "[ 1 ;", 0 },
    { "[1,[2,{\"a\":[]}],\"b\"]", "[ 1 [ 2 { 'a': [ ; ; ; 'b' ;", 0 },
    { "{\"a\":1,\"a\":2,\"\":{}}", "{ 'a': 1 'a': 2 '': { ; ;", 0 },
    { "{\"a\" : null , \"b\" :\n[ true ,false ] }", "{ 'a': nil 'b': [ true false ; ;", 0 },
    { "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "'\"\\5c/\\08\\0c\\0a\\0d\\09'", 0 },
    { "\"\\u0041\\u00e4\\u20AC\\ud83d\\ude00\\u0000\"", "'A\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\\00'", 0 },
    { "\"\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"",
      "'\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf'", 0 },
    { "\"a string that is longer than eight bytes, with \\n in it\"", "'a string that is longer than eight bytes, with \\0a in it'", 0 },
    { "\"\x7f\"", "'\\7f'", 0 },
};

static void test_values(void **state) {
    (void)state;
    PARSING(DATA_JSON, NULL, values);
}

static const struct parsing numbers[] = {
    { "0", "0", 0 },
    { "-0", "-0", 0 },
    { "[-1]", "[ -1 ;", 0 },
    { "12345678901234567890", "1.2345678901234567e+19", 0 },
    { "0.1", "0.10000000000000001", 0 },
    { "-0.0", "-0", 0 },
    { "1e0", "1", 0 },
    { "1E+2", "100", 0 },
    { "1.5e-3", "0.0015", 0 },
    { "9007199254740993", "9007199254740992", 0 },
    { "9007199254740993.0000000000000000000000000000000000001", "9007199254740994", 0 },
    { "123456789012345678e-20", "0.0012345678901234567", 0 },
    { "1.7976931348623157e308", "1.7976931348623157e+308", 0 },
    { "4.9406564584124654e-324", "4.9406564584124654e-324", 0 },
    { "1e-400", "0", 0 },
    { "0e999999999999999999999", "0", 0 },
    { "0.000000000000000000000000000000000000000000000000000000000000000000000000000001e78", "1", 0 },
    { "2.2250738585072011e-308", "2.2250738585072009e-308", 0 },
    { "100000000000000000000000", "9.9999999999999992e+22", 0 },
};

static void test_numbers(void **state) {
    (void)state;
    PARSING(DATA_JSON, NULL, numbers);
}

#define VALUE(found) "!expected a value, not " found
static const struct parsing refused[] = {
    { "", VALUE("the end of the text") " @1:1+0", 0 },
    { "  ", VALUE("the end of the text") " @1:3+2", 0 },
    { "[", "[ !expected a value or ']', not the end of the text @1:2+1 [1]", 0 },
    { "]", VALUE("']'") " @1:1+0", 0 },
    { "[1,]", "[ 1 " VALUE("']'") " @1:4+3 [2]", 0 },
    { "[,1]", "[ !expected a value or ']', not ',' @1:2+1 [1]", 0 },
    { "[1 2]", "[ 1 !expected ',' or ']', not '2' @1:4+3 [1]", 0 },
    { "[1}", "[ 1 !expected ',' or ']', not '}' @1:3+2 [1]", 0 },
    { "[1", "[ 1 !expected ',' or ']', not the end of the text @1:3+2 [1]", 0 },
    { "[1]]", "[ 1 ; !expected nothing behind the value; the format of several values is ndjson, not ']' @1:4+3", 0 },
    { "1 2", "1 !expected nothing behind the value; the format of several values is ndjson, not '2' @1:3+2", 0 },
    { "{\"a\"}", "{ 'a': !expected ':', not '}' @1:5+4 a", 0 },
    { "{\"a\":}", "{ 'a': " VALUE("'}'") " @1:6+5 a", 0 },
    { "{\"a\":1,}", "{ 'a': 1 !expected a key in quotes, not '}' @1:8+7", 0 },
    { "{a:1}", "{ !expected a key in quotes or '}', not 'a' @1:2+1", 0 },
    { "{1:1}", "{ !expected a key in quotes or '}', not '1' @1:2+1", 0 },
    { "{'a':1}", "{ !expected a key in quotes or '}', not \"'\" @1:2+1", 0 },
    { "{\"a\":1 \"b\":2}", "{ 'a': 1 !expected ',' or '}', not '\"' @1:8+7 a", 0 },
    { "{\"a\":1", "{ 'a': 1 !expected ',' or '}', not the end of the text @1:7+6 a", 0 },
    { "nul", VALUE("'n'") " @1:1+0", 0 },
    { "[nulL]", "[ " VALUE("'n'") " @1:2+1 [1]", 0 },
    { "truex", "true !expected nothing behind the value; the format of several values is ndjson, not 'x' @1:5+4", 0 },
    { "NaN", VALUE("'N'") " @1:1+0", 0 },
    { "[Infinity]", "[ !expected a value or ']', not 'I' @1:2+1 [1]", 0 },
    { "-Infinity", "!a malformed number @1:1+0", 0 },
    { "[1e400]", "[ !a number beyond what a double holds @1:2+1 [1]", 0 },
    { "-", "!a malformed number @1:1+0", 0 },
    { "+1", VALUE("'+'") " @1:1+0", 0 },
    { ".5", VALUE("'.'") " @1:1+0", 0 },
    { "5.", "!a malformed number @1:1+0", 0 },
    { "5.e1", "!a malformed number @1:1+0", 0 },
    { "01", "!a malformed number @1:1+0", 0 },
    { "-01", "!a malformed number @1:1+0", 0 },
    { "00", "!a malformed number @1:1+0", 0 },
    { "1e", "!a malformed number @1:1+0", 0 },
    { "1e+", "!a malformed number @1:1+0", 0 },
    { "1.2.3", "!a malformed number @1:1+0", 0 },
    { "1-2", "!a malformed number @1:1+0", 0 },
    { "0x1", "0 !expected nothing behind the value; the format of several values is ndjson, not 'x' @1:2+1", 0 },
    { "\"abc", "!a string without its closing quote @1:1+0", 0 },
    { "\"abc\\\"", "!a string without its closing quote @1:1+0", 0 },
    { "[\"a\nb\"]", "[ !a control character in a string; it is written as an escape, such as \\n or \\u0001 @1:4+3 [1]", 0 },
    { "\"a\\xb\"", "!an unknown escape in a string; there are \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four digits @1:3+2", 0 },
    { "\"a\\u12\"", "!\\u wants four hexadecimal digits @1:3+2", 0 },
    { "\"\\u12g4\"", "!\\u wants four hexadecimal digits @1:2+1", 0 },
    { "\"\\ud83d\"", "!the first half of a surrogate pair without the second @1:2+1", 0 },
    { "\"\\ud83d\\n\"", "!the first half of a surrogate pair without the second @1:2+1", 0 },
    { "\"\\ud83d\\u0041\"", "!the first half of a surrogate pair without the second @1:2+1", 0 },
    { "\"\\ude00\"", "!the second half of a surrogate pair without the first @1:2+1", 0 },
    { "\"\\ud83d\\u12\"", "!\\u wants four hexadecimal digits @1:8+7", 0 },
    { "\"a\xff\"", "!a byte that does not belong to UTF-8 @1:3+2", 0 },
    { "\"\xc0\x80\"", "!a byte that does not belong to UTF-8 @1:2+1", 0 },
    { "\"\xe0\x80\x80\"", "!a byte that does not belong to UTF-8 @1:2+1", 0 },
    { "\"\xed\xa0\x80\"", "!a byte that does not belong to UTF-8 @1:2+1", 0 },
    { "\"\xf4\x90\x80\x80\"", "!a byte that does not belong to UTF-8 @1:2+1", 0 },
    { "\"\xf0\x9f\x98\"", "!a byte that does not belong to UTF-8 @1:2+1", 0 },
    { "\"\x80\"", "!a byte that does not belong to UTF-8 @1:2+1", 0 },
    { "{\"\xff\":1}", "{ !a byte that does not belong to UTF-8 @1:3+2", 0 },
    { "\xff\xfe[\0]\0", VALUE("the byte 0xff") " @1:1+0", 6 },
    { "[\0]", "[ !expected a value or ']', not the byte 0x00 @1:2+1 [1]", 3 },
    { "[1]\0", "[ 1 ; !expected nothing behind the value; the format of several values is ndjson, not the byte 0x00 @1:4+3", 4 },
    { "\xef\xbb", VALUE("the byte 0xef") " @1:1+0", 0 },
    { "/*c*/[]", VALUE("'/'") " @1:1+0", 0 },
    { "{\"items\": [1, {\n  \"name\": [true,\n  fals]}]}", "{ 'items': [ 1 { 'name': [ true " VALUE("'f'") " @3:3+35 items[2].name[2]", 0 },
    { "{\"a b\":{\"c\\u0001\":[x", "{ 'a b': { 'c\\01': [ !expected a value or ']', not 'x' @1:20+19 [\"a b\"][\"c?\"][1]", 0 },
};

static void test_refused(void **state) {
    (void)state;
    PARSING(DATA_JSON, NULL, refused);
}

static const struct parsing lines[] = {
    { "", "", 0 },
    { "\n\n", "", 0 },
    { "1\n2", "1 2", 0 },
    { "{\"a\":1}\r\n\n[2]\n", "{ 'a': 1 ; [ 2 ;", 0 },
    { "1 2\n", "1 !expected the end of the line, not '2' @1:3+2 [1]", 0 },
    { "{}\n[1,\n2]", "{ ; [ 1 !expected the rest of the value, for each is on a line of its own, not the end of the line @2:4+6 [2][2]", 0 },
    { "{}\n{\"a\":x}", "{ ; { 'a': !expected a value, not 'x' @2:6+8 [2].a", 0 },
    { "{}\n{\"a\":", "{ ; { 'a': !expected a value, not the end of the text @2:6+8 [2].a", 0 },
    { "1\nx", "1 !expected a value, not 'x' @2:1+2 [2]", 0 },
};

static void test_lines(void **state) {
    (void)state;
    PARSING(DATA_NDJSON, NULL, lines);
}

static void test_integers_as_text(void **state) {
    struct data_options options = { .integers = DATA_INTEGERS_TEXT };
    (void)state;
    parsing_one(DATA_JSON, &options, "[9007199254740993,-12345678901234567890,1.5,9007199254740992,18446744073709551617]", 82,
                "[ '9007199254740993' '-12345678901234567890' 1.5 9007199254740992 '18446744073709551617' ;");
    options.integers = DATA_INTEGERS_REFUSE;
    parsing_one(DATA_JSON, &options, "[1,9007199254740993]", 20,
                "[ 1 !an integer that no double holds exactly; integers=\"text\" or \"nearest\" takes it @1:4+3 [2]");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),  cmocka_unit_test(test_numbers), cmocka_unit_test(test_refused),
        cmocka_unit_test(test_lines),   cmocka_unit_test(test_integers_as_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
