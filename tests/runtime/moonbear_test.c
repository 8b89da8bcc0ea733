/* moonbear_test.c: runtimes for host programs: opening, running, calls both ways, errors.
 * SPDX-License-Identifier: MIT */
#include "moonbear.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "lauxlib.h"

#include "runtime.h"

/* ---- Opening ----------------------------------------------------------------------------------------------- */

static void options_have_room_to_grow(void **state) {
    struct {
        mb_options known;
        char later[16];
    } options;
    mb_runtime *runtime;
    (void)state;
    mb_options_init((mb_options *)&options, sizeof options);
    assert_int_equal(mb_open((mb_options *)&options, &runtime), MB_OK);
    mb_close(runtime);
    options.later[3] = 1;
    assert_int_equal(mb_open((mb_options *)&options, &runtime), MB_UNSUPPORTED);
    assert_null(runtime);
    mb_options_init((mb_options *)&options, offsetof(mb_options, memory_limit));
    options.known.memory_limit = 1; /* beyond the size that this host knows of: not read */
    assert_int_equal(mb_open((mb_options *)&options, &runtime), MB_OK);
    mb_close(runtime);
    options.known.flags = 1u << 30;
    assert_int_equal(mb_open((mb_options *)&options, &runtime), MB_UNSUPPORTED);
    options.known.size = 0;
    assert_int_equal(mb_open((mb_options *)&options, &runtime), MB_INVALID);
    assert_int_equal(mb_open(NULL, NULL), MB_INVALID);
}

static void a_runtime_without_libraries(void **state) {
    mb_options options;
    mb_runtime *runtime;
    (void)state;
    mb_options_init(&options, sizeof options);
    options.flags = MB_NO_LIBRARIES;
    assert_int_equal(mb_open(&options, &runtime), MB_OK);
    assert_int_equal(run(runtime, "assert(1)"), MB_ERROR);
    assert_string_equal(mb_error(runtime), "test:1: attempt to call global 'assert' (a nil value)");
    assert_int_equal(run(runtime, "x = 1 + 1"), MB_OK);
    assert_int_equal(number(runtime, "x"), 2);
    mb_close(runtime);
}

static void null_is_refused_everywhere(void **state) {
    mb_runtime *runtime = open_runtime();
    mb_id id;
    (void)state;
    assert_int_equal(mb_run_string(runtime, NULL, NULL, NULL, 0), MB_INVALID);
    assert_int_equal(mb_run_string(NULL, "", NULL, NULL, 0), MB_INVALID);
    assert_int_equal(mb_run_string(runtime, "", NULL, NULL, 1), MB_INVALID);
    assert_int_equal(mb_put(NULL, NULL, &id), MB_INVALID);
    assert_int_equal(mb_register(runtime, "x", NULL, NULL), MB_INVALID);
    assert_int_equal(mb_release(NULL, 1), MB_INVALID);
    assert_int_equal(mb_scope_begin(NULL, NULL), MB_INVALID);
    assert_int_equal(mb_has(NULL, 1), 0);
    mb_close(NULL);
    mb_store_close(NULL);
    mb_scope_end(NULL);
    mb_results_close(NULL);
    mb_close(runtime);
}

static void every_code_has_a_text(void **state) {
    (void)state;
    for (int code = MB_CLOSED; code <= MB_OK; code++) assert_string_not_equal(mb_strerror(code), "unknown code");
    assert_string_equal(mb_strerror(MB_CLOSED - 1), "unknown code");
    assert_string_equal(mb_strerror(1), "unknown code");
}

/* ---- Running ----------------------------------------------------------------------------------------------- */

static void chunks_get_arguments(void **state) {
    mb_runtime *runtime = open_runtime();
    const mb_value args[] = { mb_number(1.5), mb_bytes("a\0b", 3), mb_boolean(1), mb_nil() };
    (void)state;
    assert_int_equal(mb_run_string(runtime, "n = select('#', ...) local a, b, c = ... "
                                            "ok = a == 1.5 and b == 'a\\0b' and c == true and 1 or 0", NULL, args, 4), MB_OK);
    assert_int_equal(number(runtime, "n"), 4);
    assert_int_equal(number(runtime, "ok"), 1);
    mb_close(runtime);
}

/* A file is run with its arguments, under its name, with its first line skipped when that is for the shell. */
static void files_are_run(void **state) {
    static const char text[] = "#!/usr/bin/env moonbear\nn, a, b = select('#', ...), ...\nline = debug.getinfo(1, 'l').currentline\n"
                               "source = debug.getinfo(1, 'S').source\n";
    const mb_value args[] = { mb_number(2), mb_string("two") };
    char path[] = "/tmp/moonbear_test_XXXXXX", source[64];
    mb_runtime *runtime = open_runtime();
    mb_value value;
    int file = mkstemp(path);
    (void)state;
    assert_true(file >= 0);
    assert_int_equal(write(file, text, sizeof text - 1), sizeof text - 1);
    close(file);
    assert_int_equal(mb_run_file(runtime, path, args, 2), MB_OK);
    assert_int_equal(number(runtime, "n"), 2);
    assert_int_equal(number(runtime, "a"), 2);
    assert_int_equal(number(runtime, "line"), 3);
    assert_int_equal(mb_get_global(runtime, "b", &value), MB_OK);
    assert_string_equal(value.as.string.data, "two");
    snprintf(source, sizeof source, "@%s", path);
    assert_int_equal(mb_get_global(runtime, "source", &value), MB_OK);
    assert_string_equal(value.as.string.data, source);
    unlink(path);
    mb_close(runtime);
}

/* The version is digits and points, and what scripts and the command line are told. */
static void the_version_is_told(void **state) {
    (void)state;
    assert_string_equal(mb_version(), MOONBEAR_VERSION);
    assert_true(strspn(mb_version(), "0123456789") > 0);
    assert_non_null(strchr(mb_version(), '.'));
}

static void errors_come_with_their_stack(void **state) {
    mb_runtime *runtime = open_runtime();
    (void)state;
    assert_string_equal(mb_error(runtime), "");
    assert_int_equal(run(runtime, "local function inner() error 'boom' end\nlocal function outer() inner() end outer()"), MB_ERROR);
    assert_string_equal(mb_error(runtime), "test:1: boom");
    assert_non_null(strstr(mb_traceback(runtime), "test:1: boom\nstack traceback:\n"));
    assert_non_null(strstr(mb_traceback(runtime), "test:2: in function 'outer'"));
    assert_int_equal(run(runtime, "x = = 1"), MB_SYNTAX);
    assert_string_equal(mb_error(runtime), "test:1: unexpected symbol near '='");
    assert_int_equal(run(runtime, "error(setmetatable({}, { __tostring = function() return 'object' end }))"), MB_ERROR);
    assert_string_equal(mb_error(runtime), "object");
    assert_int_equal(run(runtime, "error {}"), MB_ERROR);
    assert_string_equal(mb_error(runtime), "(error object is a table value)");
    assert_int_equal(run(runtime, "error()"), MB_ERROR);
    assert_int_equal(run(runtime, "debug.traceback = nil error 'x'"), MB_ERROR);
    assert_non_null(strstr(mb_traceback(runtime), "stack traceback:"));
    assert_int_equal(mb_run_file(runtime, "/nonexistent/x.lua", NULL, 0), MB_IO);
    assert_non_null(strstr(mb_error(runtime), "/nonexistent/x.lua"));
    mb_close(runtime);
}

static void an_error_in_the_error_is_an_error(void **state) {
    mb_runtime *runtime = open_runtime();
    (void)state;
    assert_int_equal(run(runtime, "error(setmetatable({}, { __tostring = function() error 'again' end }))"), MB_ERROR);
    assert_string_equal(mb_error(runtime), "test:1: again");
    assert_int_equal(run(runtime, "local function f() return 1 + f() end f()"), MB_ERROR);
    assert_non_null(strstr(mb_error(runtime), "stack overflow"));
    assert_int_equal(run(runtime, "x = 1"), MB_OK);
    mb_close(runtime);
}

static void exit_ends_the_call_and_not_the_process(void **state) {
    mb_runtime *runtime = open_runtime();
    (void)state;
    assert_int_equal(run(runtime, "os.exit(7)"), MB_EXIT);
    assert_int_equal(mb_exit_status(runtime), 7);
    assert_int_equal(run(runtime, "coroutine.wrap(function() os.exit() end)()"), MB_EXIT);
    assert_int_equal(mb_exit_status(runtime), 0);
    mb_close(runtime);
}

static void functions_are_called_by_name_and_by_id(void **state) {
    mb_runtime *runtime = open_runtime();
    mb_value results[3], text = mb_string("up");
    size_t count = 3;
    mb_id id, table;
    (void)state;
    assert_int_equal(mb_call_name(runtime, "string.upper", &text, 1, results, &count), MB_OK);
    assert_int_equal(count, 1);
    assert_string_equal(results[0].as.string.data, "UP");
    assert_int_equal(mb_call_name(runtime, "string.nothing", NULL, 0, NULL, NULL), MB_NOTFOUND);
    assert_int_equal(mb_call_name(runtime, "no.such.thing", NULL, 0, NULL, NULL), MB_NOTFOUND);
    assert_string_equal(mb_error(runtime), "no function 'no.such.thing'");

    assert_int_equal(mb_load(runtime, "local t = ... return t and #t, { 1, 2, 3 }", 42, NULL, &id), MB_OK);
    count = 1;
    assert_int_equal(mb_call_id(runtime, id, NULL, 0, results, &count), MB_OK);
    assert_int_equal(count, 2);
    assert_int_equal(mb_keep_result(runtime, 1, &table), MB_OK);
    assert_int_equal(mb_keep_result(runtime, 2, &table), MB_NOTFOUND);
    mb_value argument = mb_stored(table);
    count = 3;
    assert_int_equal(mb_call_id(runtime, id, &argument, 1, results, &count), MB_OK);
    assert_int_equal(results[0].as.number, 3);
    assert_int_equal(results[1].type, MB_OTHER);
    assert_int_equal(mb_release(mb_own_store(runtime), id), MB_OK);
    assert_int_equal(mb_call_id(runtime, id, NULL, 0, NULL, NULL), MB_STALE);
    assert_int_equal(mb_load(runtime, "=", 1, NULL, &id), MB_SYNTAX);
    mb_close(runtime);
}

static void globals_are_set_and_read(void **state) {
    mb_runtime *runtime = open_runtime();
    mb_value value = mb_number(4);
    (void)state;
    assert_int_equal(mb_set_global(runtime, "a.b.c", &value), MB_OK);
    assert_int_equal(run(runtime, "assert(a.b.c == 4) a.b.c = 'text'"), MB_OK);
    assert_int_equal(mb_get_global(runtime, "a.b.c", &value), MB_OK);
    assert_string_equal(value.as.string.data, "text");
    assert_int_equal(mb_get_global(runtime, "a.x.y", &value), MB_OK);
    assert_int_equal(value.type, MB_NIL);
    assert_int_equal(mb_set_global(runtime, "a.b.c.d", &value), MB_ERROR);
    mb_close(runtime);
}

static int raises(lua_State *L, void *argument) {
    return luaL_error(L, "raised %d", *(int *)argument);
}

static void protect_ends_what_the_lua_api_raises(void **state) {
    mb_runtime *runtime = open_runtime();
    int number_of = 3, top = lua_gettop(mb_lua(runtime));
    (void)state;
    assert_int_equal(mb_protect(runtime, raises, &number_of), MB_ERROR);
    assert_string_equal(mb_error(runtime), "raised 3");
    assert_int_equal(lua_gettop(mb_lua(runtime)), top);
    mb_close(runtime);
}

/* ---- Functions of the host ----------------------------------------------------------------------------------- */

static int sum(mb_call *call, void *context) {
    double total = *(double *)context;
    for (size_t i = 0; i < mb_arg_count(call); i++) {
        mb_value value = mb_arg(call, i);
        if (value.type != MB_NUMBER) return mb_fail(call, "argument %d is no number", (int)i + 1);
        total += value.as.number;
    }
    mb_return(call, mb_number(total));
    return mb_return(call, mb_string("sum"));
}

static void the_host_is_called(void **state) {
    mb_runtime *runtime = open_runtime();
    double start = 100;
    (void)state;
    assert_int_equal(mb_register(runtime, "host.sum", sum, &start), MB_OK);
    assert_int_equal(run(runtime, "total, what = host.sum(1, 2, 3) ok, message = pcall(host.sum, 1, 'x')"), MB_OK);
    assert_int_equal(number(runtime, "total"), 106);
    assert_int_equal(run(runtime, "assert(what == 'sum' and message == 'argument 2 is no number', message) host.sum {}"), MB_ERROR);
    assert_string_equal(mb_error(runtime), "test:1: argument 1 is no number");
    mb_close(runtime);
}

static int nested(mb_call *call, void *context) {
    mb_runtime *runtime = mb_call_runtime(call);
    mb_value results[1];
    size_t count = 1;
    mb_id id;
    (void)context;
    assert_int_equal(run(runtime, "error 'inside'"), MB_ERROR);
    assert_string_equal(mb_error(runtime), "test:1: inside");
    if (mb_arg_count(call) && mb_arg(call, 0).type == MB_OTHER) {
        assert_int_equal(mb_keep_arg(call, 0, &id), MB_OK);
        assert_int_equal(mb_call_id(runtime, id, NULL, 0, results, &count), MB_OK);
        mb_release(mb_own_store(runtime), id);
        return mb_return(call, results[0]);
    }
    mb_close(runtime); /* does nothing */
    return MB_TIMEOUT;
}

static void callbacks_call_back_also_in_coroutines(void **state) {
    mb_runtime *runtime = open_runtime();
    (void)state;
    assert_int_equal(mb_register(runtime, "nested", nested, NULL), MB_OK);
    assert_int_equal(run(runtime, "x = coroutine.wrap(function() return nested(function() return nested(function() return 'deep' end) end) end)()"), MB_OK);
    assert_int_equal(run(runtime, "assert(x == 'deep')"), MB_OK);
    assert_int_equal(run(runtime, "nested()"), MB_ERROR);
    assert_string_equal(mb_error(runtime), "test:1: time limit reached");
    mb_close(runtime);
}

static int bad_returns(mb_call *call, void *context) {
    (void)context;
    assert_int_equal(mb_return(call, mb_stored(12345)), MB_UNKNOWN);
    assert_int_equal(mb_return(call, (mb_value){ .type = MB_OTHER }), MB_INVALID);
    assert_int_equal(mb_arg(call, 99).type, MB_NIL);
    for (int i = 0; i < 300; i++) assert_int_equal(mb_return(call, mb_string("many")), MB_OK);
    return MB_OK;
}

static void what_a_callback_returns_is_checked(void **state) {
    mb_runtime *runtime = open_runtime();
    (void)state;
    mb_register(runtime, "f", bad_returns, NULL);
    assert_int_equal(run(runtime, "n = select('#', f())"), MB_OK);
    assert_int_equal(number(runtime, "n"), 300);
    mb_close(runtime);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_have_room_to_grow),
        cmocka_unit_test(a_runtime_without_libraries),
        cmocka_unit_test(null_is_refused_everywhere),
        cmocka_unit_test(every_code_has_a_text),
        cmocka_unit_test(chunks_get_arguments),
        cmocka_unit_test(files_are_run),
        cmocka_unit_test(the_version_is_told),
        cmocka_unit_test(errors_come_with_their_stack),
        cmocka_unit_test(an_error_in_the_error_is_an_error),
        cmocka_unit_test(exit_ends_the_call_and_not_the_process),
        cmocka_unit_test(functions_are_called_by_name_and_by_id),
        cmocka_unit_test(globals_are_set_and_read),
        cmocka_unit_test(protect_ends_what_the_lua_api_raises),
        cmocka_unit_test(the_host_is_called),
        cmocka_unit_test(callbacks_call_back_also_in_coroutines),
        cmocka_unit_test(what_a_callback_returns_is_checked),
    };
    return cmocka_run_group_tests_name("moonbear.h", tests, NULL, NULL);
}
