/* moonbear_host_test.c: what a runtime may use, and what it leaves alone of its host's.
 * SPDX-License-Identifier: MIT */
#include "moonbear.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lauxlib.h"

#include "runtime.h"

/* ---- Limits -------------------------------------------------------------------------------------------------- */

static void memory_is_limited(void **state) {
    mb_options options;
    mb_runtime *runtime;
    mb_memory memory = { 0 };
    (void)state;
    mb_options_init(&options, sizeof options);
    options.memory_limit = 4 << 20;
    assert_int_equal(mb_open(&options, &runtime), MB_OK);
    assert_int_equal(run(runtime, "local t = {} for i = 1, 1e7 do t[i] = { i } end"), MB_NOMEM);
    assert_string_equal(mb_error(runtime), "not enough memory");
    assert_int_equal(run(runtime, "for i = 1, 1e6 do local t = { i } end"), MB_OK);
    assert_int_equal(mb_memory_use(runtime, &memory), MB_OK);
    assert_true(memory.heap + memory.native <= memory.peak && memory.peak <= memory.limit);
    assert_int_equal(memory.limit, 4 << 20);
    assert_int_equal(mb_native(runtime, 8 << 20), MB_NOMEM);
    assert_int_equal(mb_native(runtime, 1 << 20), MB_OK);
    mb_memory_use(runtime, &memory);
    assert_true(memory.native >= 1 << 20);
    assert_int_equal(mb_native(runtime, -(1 << 20)), MB_OK);
    mb_close(runtime);
    options.memory_limit = 1;
    assert_int_equal(mb_open(&options, &runtime), MB_INVALID);
}

/* Whatever the limit: it works, or it says that memory is short. */
static void every_limit_is_clean(void **state) {
    mb_options options;
    int opened = 0, short_of = 0;
    (void)state;
    mb_options_init(&options, sizeof options);
    for (options.memory_limit = 64 << 10; options.memory_limit < 900 << 10; options.memory_limit += 3000) {
        mb_runtime *runtime;
        mb_store *store = NULL;
        mb_results *results = NULL;
        mb_id id;
        int code = mb_open(&options, &runtime);
        if (code != MB_OK) {
            assert_int_equal(code, MB_NOMEM);
            assert_null(runtime);
            short_of++;
            continue;
        }
        opened++;
        code = mb_store_open(runtime, NULL, &store);
        assert_true(code == MB_OK || code == MB_NOMEM);
        for (int i = 0; i < 3000 && code == MB_OK; i++) code = mb_put_value(store, mb_string("a text that is put"), &id);
        assert_true(code == MB_OK || code == MB_NOMEM);
        code = mb_results_open(runtime, &results);
        assert_true(code == MB_OK || code == MB_NOMEM);
        code = run(runtime, "local s = {} for i = 1, 3000 do s[i] = 'text' .. i end");
        assert_true(code == MB_OK || code == MB_NOMEM);
        short_of += code == MB_NOMEM;
        mb_results_close(results);
        mb_store_close(store);
        mb_close(runtime);
    }
    assert_true(opened > 100 && short_of > 20);
}

static void time_is_limited(void **state) {
    mb_options options;
    mb_runtime *runtime;
    (void)state;
    mb_options_init(&options, sizeof options);
    options.time_limit = 0.05;
    assert_int_equal(mb_open(&options, &runtime), MB_OK);
    assert_int_equal(run(runtime, "while true do end"), MB_TIMEOUT);
    assert_non_null(strstr(mb_error(runtime), "time limit exceeded"));
    assert_int_equal(run(runtime, "while true do pcall(function() while true do end end) end"), MB_TIMEOUT);
    assert_int_equal(run(runtime, "error 'x'"), MB_ERROR);
    assert_int_equal(run(runtime, "x = 1"), MB_OK);
    mb_close(runtime);
}

/* ---- What is the host's ---------------------------------------------------------------------------------------- */

static int read_locale(mb_call *call, void *context) {
    strcpy(context, setlocale(LC_ALL, NULL));
    return mb_return(call, mb_nil());
}

static void signals_and_locale_stay(void **state) {
    struct sigaction before[32], after;
    char seen[100] = "";
    (void)state;
    for (int i = 1; i < 32; i++) sigaction(i, NULL, &before[i]);
    char *locale = strdup(setlocale(LC_ALL, NULL));
    mb_runtime *runtime = open_runtime();
    mb_register(runtime, "f", read_locale, seen);
    assert_int_equal(run(runtime, "f() os.setlocale('C') return 1.5 .. ''"), MB_OK);
    assert_string_equal(seen, locale);
    mb_close(runtime);
    assert_string_equal(setlocale(LC_ALL, NULL), locale);
    free(locale);
    for (int i = 1; i < 32; i++) {
        sigaction(i, NULL, &after);
        assert_ptr_equal(after.sa_handler, before[i].sa_handler);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_limited),
        cmocka_unit_test(every_limit_is_clean),
        cmocka_unit_test(time_is_limited),
        cmocka_unit_test(signals_and_locale_stay),
    };
    return cmocka_run_group_tests_name("moonbear.h: the host", tests, NULL, NULL);
}
