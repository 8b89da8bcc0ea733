/* moonbear_reentry_test.c: the host is called back by finalizers in the middle of a call, and closes there what is in use; and what
 * no id and no call of this interface should be.
 * SPDX-License-Identifier: MIT */
#include "moonbear.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "lauxlib.h"

#include "runtime.h"

/* ---- An act at the n-th point where the collector may run ----------------------------------------------------------------- */

enum act { CLOSE_STORE, END_SCOPE, CLOSE_RESULTS, CLOSE_RUNTIME };

static struct {
    mb_runtime *runtime;
    mb_store *store;
    mb_scope *scope;
    mb_results *results;
    mb_id id, stale;
    enum act act;
    int working, acted;
} it;

static int act(mb_call *call, void *unused) {
    (void)unused;
    it.acted = 1;
    if (!it.working) return MB_OK;
    if (it.act == CLOSE_STORE) {
        mb_store_close(it.store);
        it.store = NULL;
    } else if (it.act == END_SCOPE) {
        mb_scope_end(it.scope);
        it.scope = NULL;
    } else if (it.act == CLOSE_RESULTS) {
        mb_results_close(it.results);
        it.results = NULL;
    } else {
        mb_close(mb_call_runtime(call));
    }
    return MB_OK;
}

/* From here on every allocation runs a whole cycle, and with it a finalizer; the n-th calls `act`. */
static const char arm[] =
    "local n, count = ..., 0\n"
    "local function finalize()\n"
    "  if over then return end\n"
    "  count = count + 1\n"
    "  if count < n then getmetatable(newproxy(true)).__gc = finalize return end\n"
    "  collectgarbage('setpause', 200) collectgarbage('setstepmul', 200)\n"
    "  over = true\n"
    "  act()\n"
    "end\n"
    "over = false\n"
    "getmetatable(newproxy(true)).__gc = finalize\n"
    "collectgarbage('setpause', 0) collectgarbage('setstepmul', 0) collectgarbage('restart')\n";

static const char disarm[] = "over = true collectgarbage('setpause', 200) collectgarbage('setstepmul', 200)";

static void begin(int n) {
    mb_value point = mb_number(n);
    it.runtime = open_runtime();
    it.acted = 0;
    assert_int_equal(mb_register(it.runtime, "act", act, NULL), MB_OK);
    assert_int_equal(mb_store_open(it.runtime, NULL, &it.store), MB_OK);
    assert_int_equal(mb_scope_begin(it.store, &it.scope), MB_OK);
    assert_int_equal(mb_results_open(it.runtime, &it.results), MB_OK);
    assert_int_equal(mb_put_value(it.store, mb_number(7), &it.id), MB_OK);
    assert_int_equal(mb_put_value(it.store, mb_number(8), &it.stale), MB_OK);
    assert_int_equal(mb_release(it.store, it.stale), MB_OK);
    assert_int_equal(mb_run_string(it.runtime, arm, "=arm", &point, 1), MB_OK);
}

static void end(void) {
    assert_int_equal(run(it.runtime, disarm), MB_OK);
    mb_scope_end(it.scope);
    mb_store_close(it.store);
    mb_results_close(it.results);
    mb_close(it.runtime);
}

/* Whether `work` met at least one point; it is done with an act at each of them. */
static void at_each_point(enum act wanted, void (*work)(void)) {
    int n;
    it.act = wanted;
    for (n = 1; n < 500; n++) {
        begin(n);
        int top = lua_gettop(mb_lua(it.runtime));
        it.working = 1;
        work();
        it.working = 0;
        assert_int_equal(lua_gettop(mb_lua(it.runtime)), top);
        int acted = it.acted;
        end();
        if (!acted) break;
    }
    assert_in_range(n, 2, 499);
}

static int is_closed_or(int code, int other) { return code == other || code == MB_CLOSED; }

/* ---- Work ------------------------------------------------------------------------------------------------------------------ */

static void put(void) {
    mb_store *store = it.store;
    lua_State *L = mb_lua(it.runtime);
    for (int i = 0, code = MB_OK; i < 100 && code == MB_OK && it.store; i++) {
        lua_pushinteger(L, i);
        code = mb_put(store, L, &it.id);
        assert_true(is_closed_or(code, MB_OK));
        if (code != MB_OK) lua_pop(L, 1);
    }
}

static void put_value(void) {
    assert_true(is_closed_or(mb_put_value(it.store, mb_string("a string that is new"), &it.id), MB_OK));
}

static void explain(void) { assert_int_equal(mb_push(it.store, mb_lua(it.runtime), it.stale), MB_STALE); }

static void share_store(void) {
    int code = mb_store_share(it.store, "things.shared");
    assert_true(code == MB_OK || code == MB_CLOSED);
}

static void put_into_scope(void) {
    mb_scope *scope = it.scope;
    lua_State *L = mb_lua(it.runtime);
    for (int i = 0, code = MB_OK; i < 100 && code == MB_OK && it.scope && it.store; i++) {
        lua_pushinteger(L, i);
        code = mb_scope_put(scope, L, &it.id);
        assert_true(is_closed_or(code, MB_OK));
        if (code == MB_OK) continue;
        assert_int_equal(lua_tointeger(L, -1), i);
        lua_pop(L, 1);
        assert_true(!it.store || !mb_has(it.store, it.id) || i == 0);
    }
}

static void begin_scope(void) {
    mb_scope *scope;
    int code = mb_scope_begin(it.store, &scope);
    assert_true(is_closed_or(code, MB_OK));
    assert_true((code == MB_OK) == (scope != NULL));
    mb_scope_end(scope);
}

static void set_results(void) {
    lua_State *L = mb_lua(it.runtime);
    lua_pushinteger(L, 1);
    lua_pushnil(L);
    int code = mb_results_set(it.results, NULL, L, 2), count = 0;
    assert_true(is_closed_or(code, MB_OK));
    if (it.results && mb_results_push(it.results, NULL, L, &count) == MB_OK) lua_pop(L, count);
    if (it.results && mb_results_take(it.results, NULL, L, &count) == MB_OK) lua_pop(L, count);
    if (it.results) mb_results_drop(it.results, NULL);
}

static void a_store_is_closed_by_a_finalizer(void **state) {
    (void)state;
    at_each_point(CLOSE_STORE, put);
    at_each_point(CLOSE_STORE, put_value);
    at_each_point(CLOSE_STORE, explain);
    at_each_point(CLOSE_STORE, share_store);
    at_each_point(CLOSE_STORE, put_into_scope);
    at_each_point(CLOSE_STORE, begin_scope);
}

static void a_scope_is_ended_by_a_finalizer(void **state) {
    (void)state;
    at_each_point(END_SCOPE, put_into_scope);
}

static void results_are_closed_by_a_finalizer(void **state) {
    (void)state;
    at_each_point(CLOSE_RESULTS, set_results);
}

static void a_runtime_is_not_closed_by_a_finalizer(void **state) {
    (void)state;
    at_each_point(CLOSE_RUNTIME, put);
    at_each_point(CLOSE_RUNTIME, put_into_scope);
    at_each_point(CLOSE_RUNTIME, set_results);
    at_each_point(CLOSE_RUNTIME, explain);
}

/* Lua's own API leads to callbacks too, outside every call of this interface. */
static void a_runtime_is_not_closed_below_lua(void **state) {
    (void)state;
    it.runtime = open_runtime();
    it.act = CLOSE_RUNTIME;
    it.working = 1;
    lua_State *L = mb_lua(it.runtime);
    assert_int_equal(mb_register(it.runtime, "act", act, NULL), MB_OK);
    lua_getglobal(L, "act");
    assert_int_equal(lua_pcall(L, 0, 0, 0), 0);
    assert_int_equal(run(it.runtime, "getmetatable(newproxy(true)).__gc = act"), MB_OK);
    it.acted = 0;
    lua_gc(L, LUA_GCCOLLECT, 0);
    assert_true(it.acted);
    assert_int_equal(run(it.runtime, "x = 1"), MB_OK);
    mb_close(it.runtime);
}

/* The collector works behind every call of Lua's; an error of a finalizer there is not the call's, which has done its work. */
static void a_finalizer_fails_behind_the_work(void **state) {
    mb_runtime *runtime = open_runtime();
    mb_store *store = mb_own_store(runtime);
    mb_store_stats before = { .size = sizeof before }, after = before;
    mb_id id;
    (void)state;
    run(runtime, "local function finalize() getmetatable(newproxy(true)).__gc = finalize error 'finalizer' end "
                 "collectgarbage('setpause', 0) collectgarbage('setstepmul', 0) pcall(finalize) collectgarbage 'restart'");
    for (int i = 0; i < 100; i++) {
        assert_int_equal(mb_store_count(store, &before), MB_OK);
        int code = mb_put_value(store, mb_number(i), &id);
        assert_int_equal(mb_store_count(store, &after), MB_OK);
        assert_int_equal(after.live - before.live, code == MB_OK);
    }
    assert_string_equal(mb_error(runtime), "test:1: finalizer");
    mb_close(runtime);
}

/* ---- Callbacks that raise, and such ---------------------------------------------------------------------------------------- */

/* Against the rule, by Lua's own means: it ends as an error, and the runtime is as it was. */
static int raises(mb_call *call, void *context) {
    (void)context;
    mb_return(call, mb_string("never seen"));
    return luaL_error(mb_lua(mb_call_runtime(call)), "raised by the host");
}

static void a_callback_that_raises_by_itself(void **state) {
    mb_runtime *runtime = open_runtime();
    lua_State *L = mb_lua(runtime);
    (void)state;
    assert_int_equal(mb_register(runtime, "raises", raises, NULL), MB_OK);
    assert_int_equal(run(runtime, "raises()"), MB_ERROR);
    assert_string_equal(mb_error(runtime), "test:1: raised by the host");
    assert_int_equal(run(runtime, "coroutine.wrap(function() raises() end)()"), MB_ERROR);
    assert_ptr_equal(mb_lua(runtime), L);
    assert_int_equal(run(runtime, "assert(not pcall(raises)) assert(tostring(1.5) == '1.5') n = select('#', pcall(raises))"), MB_OK);
    assert_int_equal(number(runtime, "n"), 2);
    mb_close(runtime);
}

static void ids_that_are_none(void **state) {
    mb_runtime *runtime = open_runtime();
    mb_store *store;
    mb_value value;
    mb_id id;
    (void)state;
    assert_int_equal(mb_store_open(runtime, NULL, &store), MB_OK);
    assert_int_equal(mb_put_value(store, mb_number(1), &id), MB_OK);
    for (int bit = 53; bit < 64; bit++) {
        mb_id invented = id | UINT64_C(1) << bit;
        assert_false(mb_has(store, invented));
        assert_int_equal(mb_get_value(store, invented, &value), MB_UNKNOWN);
        assert_int_equal(mb_release(store, invented), MB_UNKNOWN);
        assert_int_equal(mb_release_later(store, invented), MB_OK);
    }
    const mb_id more[] = { 0, 1, id + 1, UINT64_MAX, id + (UINT64_C(1) << 32) };
    for (size_t i = 0; i < sizeof more / sizeof more[0]; i++) assert_int_equal(mb_release(store, more[i]), MB_UNKNOWN);
    assert_true(mb_has(store, id));
    assert_int_equal(mb_put_value(mb_own_store(runtime), mb_stored(id), &id), MB_FOREIGN);
    mb_store_close(store);
    mb_close(runtime);
}

static void native_memory_is_not_given_back_twice(void **state) {
    mb_runtime *runtime = open_runtime();
    mb_memory before = { 0 }, after = { 0 };
    (void)state;
    mb_memory_use(runtime, &before);
    assert_int_equal(mb_native(runtime, -1), MB_INVALID);
    assert_int_equal(mb_native(runtime, 1000), MB_OK);
    assert_int_equal(mb_native(runtime, -1001), MB_INVALID);
    assert_int_equal(mb_native(runtime, -1000), MB_OK);
    assert_int_equal(mb_native(runtime, PTRDIFF_MIN), MB_INVALID);
    mb_memory_use(runtime, &after);
    assert_int_equal(before.native, after.native);
    mb_close(runtime);
}

static void structures_have_room_to_grow(void **state) {
    mb_runtime *runtime = open_runtime();
    struct {
        mb_store_options known;
        char later[16];
    } options;
    mb_store_stats stats;
    mb_store *store;
    (void)state;
    mb_store_options_init((mb_store_options *)&options, sizeof options);
    assert_int_equal(mb_store_open(runtime, (mb_store_options *)&options, &store), MB_OK);
    stats.size = offsetof(mb_store_stats, puts);
    stats.puts = 77; /* beyond what this host knows of: not written */
    assert_int_equal(mb_store_count(store, &stats), MB_OK);
    assert_int_equal(stats.live, 0);
    assert_int_equal(stats.puts, 77);
    stats.size = 0;
    assert_int_equal(mb_store_count(store, &stats), MB_INVALID);
    mb_store_close(store);
    options.later[0] = 1;
    assert_int_equal(mb_store_open(runtime, (mb_store_options *)&options, &store), MB_UNSUPPORTED);
    assert_null(store);
    mb_close(runtime);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_store_is_closed_by_a_finalizer),
        cmocka_unit_test(a_scope_is_ended_by_a_finalizer),
        cmocka_unit_test(results_are_closed_by_a_finalizer),
        cmocka_unit_test(a_runtime_is_not_closed_by_a_finalizer),
        cmocka_unit_test(a_runtime_is_not_closed_below_lua),
        cmocka_unit_test(a_finalizer_fails_behind_the_work),
        cmocka_unit_test(a_callback_that_raises_by_itself),
        cmocka_unit_test(ids_that_are_none),
        cmocka_unit_test(native_memory_is_not_given_back_twice),
        cmocka_unit_test(structures_have_room_to_grow),
    };
    return cmocka_run_group_tests_name("moonbear.h: called back in the middle", tests, NULL, NULL);
}
