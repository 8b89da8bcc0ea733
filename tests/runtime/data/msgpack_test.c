/* msgpack_test.c: MessagePack: every first byte there is, every width, and what is refused.
 * SPDX-License-Identifier: MIT */
#include "parsing.h"

#define BYTES(text, line) { text, line, sizeof(text) - 1 }

static const struct parsing values[] = {
    BYTES("\x00\x7f\xff\xe0", "0 127 -1 -32"),
    BYTES("\xc0\xc2\xc3", "nil false true"),
    BYTES("\xcc\xff\xcd\x01\x00\xce\x00\x01\x00\x00\xcf\x00\x20\x00\x00\x00\x00\x00\x00", "255 256 65536 9007199254740992"),
    BYTES("\xd0\x80\xd1\x80\x00\xd2\x80\x00\x00\x00\xd3\x80\x00\x00\x00\x00\x00\x00\x00", "-128 -32768 -2147483648 -9.2233720368547758e+18"),
    BYTES("\xd3\x7f\xff\xff\xff\xff\xff\xfc\x00\xcf\xff\xff\xff\xff\xff\xff\xf8\x00", "9.2233720368547748e+18 1.844674407370955e+19"),
    BYTES("\xca\x3f\x80\x00\x00\xca\x7f\x80\x00\x00\xca\x00\x00\x00\x01", "1 inf 1.4012984643248171e-45"),
    BYTES("\xcb\x3f\xb9\x99\x99\x99\x99\x99\x9a\xcb\x80\x00\x00\x00\x00\x00\x00\x00\xcb\x7f\xf8\x00\x00\x00\x00\x00\x00", "0.10000000000000001 -0 nan"),
    BYTES("\xa0\xa3" "abc\xd9\x01x\xda\x00\x01y\xdb\x00\x00\x00\x01z", "'' 'abc' 'x' 'y' 'z'"),
    BYTES("\xa2\xff\xfe", "'\xff\xfe'"),
    BYTES("\xc4\x02\x00\x01\xc5\x00\x01x\xc6\x00\x00\x00\x00", "b'\\00\\01' b'x' b''"),
    BYTES("\x90\x93\x01\x91\x02\x80\xdc\x00\x01\x05\xdd\x00\x00\x00\x01\x06", "[ ; [ 1 [ 2 ; { ; ; [ 5 ; [ 6 ;"),
    BYTES("\x82\xa1" "a\x01\x05\x91\x02\xde\x00\x01\xc3\xc0\xdf\x00\x00\x00\x01\xcb\x3f\xf8\x00\x00\x00\x00\x00\x00\xa1y",
          "{ 'a': 1 5: [ 2 ; ; { true: nil ; { 1.5: 'y' ;"),
    BYTES("\xd4\x01x\xd5\xffxy\xd6\x02" "abcd\xc7\x03\x05xyz\xc8\x00\x01\x06x\xc9\x00\x00\x00\x00\x80",
          "{ 'ext': 1 'data': b'x' ; { 'ext': -1 'data': b'xy' ; { 'ext': 2 'data': b'abcd' ; { 'ext': 5 'data': b'xyz' ; "
          "{ 'ext': 6 'data': b'x' ; { 'ext': -128 'data': b'' ;"),
    BYTES("\x91\xd7\x01" "12345678\x91\xd8\x01" "1234567812345678", "[ { 'ext': 1 'data': b'12345678' ; ; [ { 'ext': 1 'data': b'1234567812345678' ; ;"),
};

static void test_values(void **state) {
    (void)state;
    PARSING(DATA_MSGPACK, NULL, values);
}

#define LARGE "!an integer that no double holds exactly; integers=\"text\" or \"nearest\" takes it @0:0+"
static const struct parsing refused[] = {
    BYTES("\xcf\x00\x20\x00\x00\x00\x00\x00\x01", LARGE "0"),
    BYTES("\x92\x01\xd3\x80\x00\x00\x00\x00\x00\x00\x01", "[ 1 " LARGE "2 [2]"),
    BYTES("\xcf\xff\xff\xff\xff\xff\xff\xff\xff", LARGE "0"),
    BYTES("\xc1", "!the byte 0xc1, which begins no value @0:0+0"),
    BYTES("\x92\x01", "[ 1 !expected a value, not the end of the text @0:0+2 [2]"),
    BYTES("\xa5" "ab", "!the text ends within a value @0:0+0"),
    BYTES("\xdb\xff\xff\xff\xff" "ab", "!the text ends within a value @0:0+0"),
    BYTES("\x81\xa1" "a\xcb\x00", "{ 'a': !the text ends within a value @0:0+3 a"),
    BYTES("\xdd\xff\xff\xff\xff\x01", "[ 1 !expected a value, not the end of the text @0:0+6 [2]"),
    BYTES("\x81\xc0\x01", "{ !a key that is nil @0:0+1"),
    BYTES("\x81\xcb\x7f\xf8\x00\x00\x00\x00\x00\x00\x01", "{ !a key that is not a number @0:0+1"),
    BYTES("\x81\x90\x01", "{ !a key that is an array or a map @0:0+1"),
    BYTES("\x81\xd4\x01\x01\x01", "{ !a key that is an extension @0:0+1"),
    BYTES("\x01\x02", "1 !a second value; stream=true reads one after the other @0:0+1"),
    BYTES("\xc7\x05", "!the text ends within a value @0:0+0"),
    { "", "!expected a value, not the end of the text @0:0+0", 0 },
};

static void test_refused(void **state) {
    struct data_options options = { .single = 1 };
    (void)state;
    PARSING(DATA_MSGPACK, &options, refused);
}

static void test_integers(void **state) {
    static const char text[] = "\x92\xcf\xff\xff\xff\xff\xff\xff\xff\xff\xd3\x80\x00\x00\x00\x00\x00\x00\x01";
    struct data_options options = { .integers = DATA_INTEGERS_TEXT };
    (void)state;
    parsing_one(DATA_MSGPACK, &options, text, sizeof text - 1, "[ '18446744073709551615' '-9223372036854775807' ;");
    options.integers = DATA_INTEGERS_NEAREST;
    parsing_one(DATA_MSGPACK, &options, text, sizeof text - 1, "[ 1.8446744073709552e+19 -9.2233720368547758e+18 ;");
}

int main(void) {
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_values), cmocka_unit_test(test_refused), cmocka_unit_test(test_integers) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
