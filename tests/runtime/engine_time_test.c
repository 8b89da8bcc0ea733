/* engine_time_test.c: a stop that is asked for when there is nothing to stop any more.
 * Invariant: no test here waits for a time to pass.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lauxlib.h"
#include "lua.h"
#include "lualib.h"

#include "engine/engine.h"

/* What a timer does that fires just after its call has ended. */
static void stop_too_late(lua_State *L) {
    *(volatile int *)engine_stop_flag(L) = 1;
}

/* What calls that take long are given: so long that they look for a stop on their way. */
static void push_long(lua_State *L) {
    enum { SIZE = 300001 };
    char *text = malloc(SIZE);
    assert_non_null(text);
    memset(text, 'a', SIZE - 1);
    text[SIZE - 1] = 'b';
    lua_pushlstring(L, text, SIZE);
    free(text);
}

static void a_stop_that_comes_too_late_changes_nothing(void **state) {
    static const char *const calls[] = {
        "return #string.rep('abc', 1e6) == 3e6",
        "return (...):sub(1, 3000):find('a-y') == nil",
        "local s = (...) return s:upper() == ('A'):rep(#s - 1) .. 'B'",
        "local s = (...) return s:upper():lower() == s",
        "local s = (...) return s:reverse() == 'b' .. s:sub(1, -2)",
        "local s = (...) return #(s .. 1 .. s) == 2 * #s + 1 and (s .. 1 .. s):sub(-#s - 1) == 1 .. s",
        "local s = (...) return table.concat({ s, s }, 'x') == s .. 'x' .. s",
        "local t = {} for i = 1, 100000 do t[i] = i end table.sort(t) return t[100000] == 100000 and #table.concat(t) > 1",
        "return loadstring('return ' .. ('1 + '):rep(1000) .. '1')() == 1001",
    };
    (void)state;
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        lua_State *L = engine_new();
        luaL_openlibs(L);
        assert_int_equal(luaL_loadstring(L, calls[i]), 0);
        push_long(L);
        stop_too_late(L);
        if (lua_pcall(L, 1, 1, 0) != 0) fail_msg("%s: %s", calls[i], lua_tostring(L, -1));
        assert_true(lua_toboolean(L, -1));
        lua_close(L);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stop_that_comes_too_late_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
