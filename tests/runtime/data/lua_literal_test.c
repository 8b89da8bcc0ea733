/* lua_literal_test.c: files of Lua literals: every token, every statement, and that nothing else is taken.
 * SPDX-License-Identifier: MIT */
#include "parsing.h"

static const struct parsing values[] = {
    { "return {}", "( ;", 0 },
    { "return { 1, 2; 3, }", "( 1 2 3 ;", 0 },
    { "{1}", "( 1 ;", 0 },
    { "return 5;", "5", 0 },
    { "return'x'", "'x'", 0 },
    { "return {a=1,b={c=2},[\"d e\"]=3,[4]=5,[-1.5]=6,[true]=7,[false]=8}", "( 'a': 1 'b': ( 'c': 2 ; 'd e': 3 4: 5 -1.5: 6 true: 7 false: 8 ;", 0 },
    { "return {nil, true, false, nil}", "( nil true false nil ;", 0 },
    { "return { [ [[x]] ] = [==[y]]z]==] , [[\na\r\nb]] }", "( 'x': 'y]]z' 'a\\0ab' ;", 0 },
    { "return \"\\a\\b\\f\\n\\r\\t\\v\\\\\\\"\\'\\q\\0\\65\\065b\\\nc\\\r\nd\"", "'\\07\\08\\0c\\0a\\0d\\09\\0b\\5c\"'q\\00AAb\\0ac\\0ad'", 0 },
    { "return 'a\"b'", "'a\"b'", 0 },
    { "return \"\xff\xfe\"", "'\xff\xfe'", 0 },
    { "return {0x10,0XfF,1e3,1.5E-2,.5,5.,3,0x1p4,-7,- 8}", "( 16 255 1000 0.014999999999999999 0.5 5 3 16 -7 -8 ;", 0 },
    { "return {1/0,-1/0,math.huge,-math.huge, 1 / 0 ,math=1}", "( inf -inf inf -inf inf 'math': 1 ;", 0 },
    { "return 0/0", "nan", 0 },
    { "return 0--[[x]]/--y\n0", "nan", 0 },
    { "return 7 --[[x]] -- y\n;", "7", 0 },
    { "return {-\t7 ,[- --x\n8]=- math.huge,- .5 / 0,- 1\n/ 0 --[[x]]; 3 }", "( -7 -8: -inf -inf -inf 3 ;", 0 },
    { "return 9007199254740993", "9007199254740992", 0 },
    { "#!/usr/bin/lua\nreturn{1}", "( 1 ;", 0 },
    { "\xef\xbb\xbfreturn {1}", "( 1 ;", 0 },
    { "\xef\xbb\xbf#!/usr/bin/lua\nreturn {1}", "( 1 ;", 0 },
    { "--x\nreturn--y\n{--[[z\n]]1,--[==[ ]] ]=] ]==]2--", "( 1 2 !expected ',' or '}', not the end of the text @4:26+46 [2]", 0 },
    { "-- only a comment", "", 0 },
    { "", "", 0 },
    { "--[[]]", "", 0 },
    { "return {--]]\n1}", "( 1 ;", 0 },
    { "return {[1]=1,2,x=3;}--[=[end]=]", "( 1: 1 2 'x': 3 ;", 0 },
    { "return { a_1 = 1, _b = 2, returns = 3, nils = 4 }", "( 'a_1': 1 '_b': 2 'returns': 3 'nils': 4 ;", 0 },
};

static void test_values(void **state) {
    (void)state;
    PARSING(DATA_LUA, NULL, values);
}

static const struct parsing statements[] = {
    { "A={1}B=2;C='x'", "'A': ( 1 ; 'B': 2 'C': 'x'", 0 },
    { "A = { x = { 1 } }\nEntry{a=1}\nEntry {a=2};Other{}", "'A': ( 'x': ( 1 ; ; 'Entry'* ( 'a': 1 ; 'Entry'* ( 'a': 2 ; 'Other'* ( ;", 0 },
    { "A=1 A=2", "'A': 1 'A': 2", 0 },
    { "A=1 return {2}", "'A': 1 ( 2 ;", 0 },
};

static void test_statements(void **state) {
    (void)state;
    PARSING(DATA_LUA, NULL, statements);
}

#define STATEMENT "!expected `return {...}`, `Name = {...}` or `Word{...}`, not "
#define EQUALS "!expected '=' behind a key, for no name is looked up or called, not "
static const struct parsing refused[] = {
    { "return", "!expected a value, not the end of the text @1:7+6", 0 },
    { "return {", "( !expected a value, a key or '}', not the end of the text @1:9+8 [1]", 0 },
    { "return {1", "( 1 !expected ',' or '}', not the end of the text @1:10+9 [1]", 0 },
    { "return {1 2}", "( 1 !expected ',' or '}', not '2' @1:11+10 [1]", 0 },
    { "return {,}", "( !expected a value, a key or '}', not ',' @1:9+8 [1]", 0 },
    { "return {a.b}", "( 'a': " EQUALS "'.' @1:10+9 a", 0 },
    { "return {os.exit()}", "( 'os': " EQUALS "'.' @1:11+10 os", 0 },
    { "return {f()}", "( 'f': " EQUALS "'(' @1:10+9 f", 0 },
    { "return {a=f}", "( 'a': !expected a literal; names are not looked up, and nothing is executed @1:11+10 a", 0 },
    { "return {function() end}", "( !a word of Lua; as a key it is written [\"...\"] @1:9+8 [1]", 0 },
    { "return {1+1}", "( 1 !expected ',' or '}', not '+' @1:10+9 [1]", 0 },
    { "return {1/2}", "( !a quotient; only the forms 1/0, -1/0 and 0/0 are literals @1:11+10 [1]", 0 },
    { "return {1/", "( !expected 0 behind '/', not the end of the text @1:11+10 [1]", 0 },
    { "return {1/0x}", "( !a quotient; only the forms 1/0, -1/0 and 0/0 are literals @1:11+10 [1]", 0 },
    { "return {- }", "( !expected a number behind '-', not '}' @1:11+10 [1]", 0 },
    { "return {- -1}", "( !expected a number behind '-', not '-' @1:11+10 [1]", 0 },
    { "return {-", "( !expected a number behind '-', not the end of the text @1:10+9 [1]", 0 },
    { "return {- ", "( !expected a number behind '-', not the end of the text @1:11+10 [1]", 0 },
    { "return {\"a\"..\"b\"}", "( 'a' !expected ',' or '}', not '.' @1:12+11 [1]", 0 },
    { "return {[nil]=1}", "( !a key that is nil @1:10+9", 0 },
    { "return {[0/0]=1}", "( !a key that is not a number @1:12+11", 0 },
    { "return {[{}]=1}", "( !expected a string, a number or a boolean, not '{' @1:10+9", 0 },
    { "return {[1]}", "( 1: !expected '=' behind a key, for no name is looked up or called, not '}' @1:12+11 [1]", 0 },
    { "return {[1=2}", "( 1: !expected ']', not '=' @1:11+10 [1]", 0 },
    { "return {end=1}", "( !a word of Lua; as a key it is written [\"...\"] @1:9+8 [1]", 0 },
    { "return {-x}", "( !expected a number behind '-', not 'x' @1:10+9 [1]", 0 },
    { "return {math.pi}", "( !expected math.huge; other names are not looked up @1:13+12 [1]", 0 },
    { "return {math.hugely}", "( !expected math.huge; other names are not looked up @1:13+12 [1]", 0 },
    { "return 1x", "!a malformed number @1:8+7", 0 },
    { "return 1..2", "!a malformed number @1:8+7", 0 },
    { "return 0x", "!a malformed number @1:8+7", 0 },
    { "return 1e", "!a malformed number @1:8+7", 0 },
    { "return \"a\nb\"", "!the end of a line in a string; it is written as \\n @1:10+9", 0 },
    { "return \"abc", "!a string without its closing quote @1:8+7", 0 },
    { "return \"abc\\\"", "!a string without its closing quote @1:8+7", 0 },
    { "return \"\\300\"", "!an escape above \\255 @1:9+8", 0 },
    { "return [[abc]=]", "!a long string without its end @1:8+7", 0 },
    { "return {} {}", "( ; !expected nothing behind the value of the file, not '{' @1:11+10", 0 },
    { "--[[ abc", "!a long comment without its end @1:9+8", 0 },
    { "local x = {}", STATEMENT "'l' @1:1+0", 0 },
    { "os.exit()", "!expected '=' or '{' behind a name; nothing is executed, not '.' @1:3+2", 0 },
    { "print{1}{2}", "'print'* ( 1 ; " STATEMENT "'{' @1:9+8 [1]", 0 },
    { "A", "!expected '=' or '{' behind a name, not the end of the text @1:2+1", 0 },
    { "A =", "'A': !expected a value, not the end of the text @1:4+3 A", 0 },
    { "A={b={1,2,{c=\n{1,2,x y}}}}", "'A': ( 'b': ( 1 2 ( 'c': ( 1 2 'x': " EQUALS "'y' @2:8+21 A.b[3].c.x", 0 },
    { "\xef\xbb\xbf\xef\xbb\xbfreturn 1", "!expected a value, not the byte 0xef @1:4+3", 0 },
    { "return !", "!expected a value, not '!' @1:8+7", 0 },
    { "return {1}}", "( 1 ; !expected nothing behind the value of the file, not '}' @1:11+10", 0 },
};

static void test_refused(void **state) {
    (void)state;
    PARSING(DATA_LUA, NULL, refused);
}

static void test_every_word_of_lua_is_refused_as_a_key(void **state) {
    static const char *const words[] = { "and", "break", "do", "else", "elseif", "end", "for", "function", "if", "in", "local", "not", "or", "repeat",
                                         "return", "then", "until", "while" };
    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        char text[32], line[80];
        snprintf(text, sizeof text, "{%s=1}", words[i]);
        parsing_one(DATA_LUA, NULL, text, strlen(text), "( !a word of Lua; as a key it is written [\"...\"] @1:2+1 [1]");
        snprintf(text, sizeof text, "{%s_=1,_%s=2}", words[i], words[i]);
        snprintf(line, sizeof line, "( '%s_': 1 '_%s': 2 ;", words[i], words[i]);
        parsing_one(DATA_LUA, NULL, text, strlen(text), line);
    }
}

/* Tokens longer than anything that is read at once, by bytes: each byte is looked at a bounded number of times. */
static void test_long_tokens(void **state) {
    enum { LONG = 300000 };
    char *text = malloc(LONG + 64);
    (void)state;
    assert_non_null(text);
    static const struct { const char *begin, *end; char fill; } forms[] = {
        { "return '", "'", 'x' }, { "return [[", "]]", ']' - 1 }, { "--[[", "]]", '=' }, { "return {", "=1}", 'n' }, { "return ", " ", '1' }, { "--", "\n", '-' },
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        size_t begin = strlen(forms[i].begin), end = strlen(forms[i].end);
        memcpy(text, forms[i].begin, begin);
        memset(text + begin, forms[i].fill, LONG);
        memcpy(text + begin + LONG, forms[i].end, end);
        char *whole = events_line(DATA_LUA, NULL, text, begin + LONG + end, 0, 64, NULL);
        char *bytes = events_line(DATA_LUA, NULL, text, begin + LONG + end, 1, 64, NULL);
        assert_string_equal(whole, bytes);
        assert_true(i == 2 || i == 4 || i == 5 || strlen(whole) > LONG);
        free(whole);
        free(bytes);
    }
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_statements),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_every_word_of_lua_is_refused_as_a_key),
        cmocka_unit_test(test_long_tokens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
