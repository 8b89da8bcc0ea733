/* csv_test.c: CSV as RFC 4180 has it, its corner cases, names of columns.
 * SPDX-License-Identifier: MIT */
#include "parsing.h"

static const struct parsing named[] = {
    { "", "", 0 },
    { "a,b\n", "", 0 },
    { "a,b\r\n1,2\r\n", "{ 'a': '1' 'b': '2' ;", 0 },
    { "a,b\n1,2\n3,4", "{ 'a': '1' 'b': '2' ; { 'a': '3' 'b': '4' ;", 0 },
    { "a,b\n,\n", "{ 'a': '' 'b': '' ;", 0 },
    { "a,b\n,", "{ 'a': '' 'b': '' ;", 0 },
    { "a,b\n\n\r\n1,2\n\n", "{ 'a': '1' 'b': '2' ;", 0 },
    { "a\n\nx\n", "{ 'a': '' ; { 'a': 'x' ;", 0 },
    { "\"a b\",\"c\"\"d\"\n\"1,2\",\"3\r\n4\"\n", "{ 'a b': '1,2' 'c\"d': '3\\0d\\0a4' ;", 0 },
    { "a\n\"\"\n\"\"\"\"\n\"\"\"x\"\"\"\n", "{ 'a': '' ; { 'a': '\"' ; { 'a': '\"x\"' ;", 0 },
    { "\xef\xbb\xbf" "a\n1", "{ 'a': '1' ;", 0 },
    { "a, b \n 1 ,2\n", "{ 'a': ' 1 ' ' b ': '2' ;", 0 },
    { "a,b\n1\n", "{ !a row with 1 fields where 2 columns have a name @2:1+4 [1].a", 0 },
    { "a,b\n1,2\n1,2,3\n", "{ 'a': '1' 'b': '2' ; { 'a': '1' !a row with more than 2 fields, which is how many columns have a name @3:4+11 [2].b", 0 },
    { "a,b,a\n", "!two columns have the name 'a' @1:5+4", 0 },
    { "a\nx\"y\n", "{ !a quote in a field that does not begin with one @2:2+3 [1].a", 0 },
    { "a\n\"x\"y\n", "{ !expected a separator or the end of the line behind the closing quote, not 'y' @2:4+5 [1].a", 0 },
    { "a\n\"x\ny\n", "{ !a field without its closing quote @2:1+2 [1].a", 0 },
    { "a\nx\ry\n", "{ !a carriage return without a line feed; in quotes it may stand @2:2+3 [1].a", 0 },
    { "a\nx\r", "{ !a carriage return without a line feed @2:2+3 [1].a", 0 },
    { "a\n\xff\n", "{ 'a': '\xff' ;", 0 },
};

static void test_named(void **state) {
    (void)state;
    PARSING(DATA_CSV, NULL, named);
}

static const struct parsing plain[] = {
    { "1,2\n3\n\n4,5,6", "[ '1' '2' ; [ '3' ; [ '4' '5' '6' ;", 0 },
    { "\"a\"\"b\",,\n", "[ 'a\"b' '' '' ;", 0 },
    { "x,\"", "[ 'x' !a field without its closing quote @1:3+2 [1][2]", 0 },
};

static void test_without_names(void **state) {
    struct data_options options = { .no_header = 1 };
    (void)state;
    PARSING(DATA_CSV, &options, plain);
}

static void test_columns_and_separator(void **state) {
    static const char *const columns[] = { "x", "y" };
    struct data_options options = { .columns = columns, .column_count = 2, .separator = '\t' };
    (void)state;
    parsing_one(DATA_CSV, &options, "1\t2,3\n", 6, "{ 'x': '1' 'y': '2,3' ;");
    options = (struct data_options){ .separator = ';' };
    parsing_one(DATA_CSV, &options, "a;b\n1,5;2\n", 10, "{ 'a': '1,5' 'b': '2' ;");
}

/* A header of a million names, and the last of them again: to compare each with all others would take hours. */
static void test_very_many_columns(void **state) {
    enum { COLUMNS = 1000000 };
    char *text = malloc(COLUMNS * 9 + 16), *at = text, wanted[80];
    (void)state;
    assert_non_null(text);
    for (int i = 0; i < COLUMNS; i++) at += sprintf(at, "c%d,", i);
    char *again = at;
    at += sprintf(at, "c%d", COLUMNS - 1);
    sprintf(wanted, "!two columns have the name 'c%d' @1:%d+%d", COLUMNS - 1, (int)(again - text) + 1, (int)(again - text));
    char *line = events_line(DATA_CSV, NULL, text, (size_t)(at - text), 4096, 64, NULL);
    assert_string_equal(line, wanted);
    free(line);
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_named),
        cmocka_unit_test(test_without_names),
        cmocka_unit_test(test_columns_and_separator),
        cmocka_unit_test(test_very_many_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
