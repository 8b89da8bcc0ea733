/* moonbear_store_test.c: stores, scopes and results for host programs.
 * SPDX-License-Identifier: MIT */
#include "moonbear.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "lauxlib.h"

#include "runtime.h"

/* ---- Stores ---------------------------------------------------------------------------------------------------- */

static void values_are_stored_and_shared(void **state) {
    mb_runtime *runtime = open_runtime();
    lua_State *L = mb_lua(runtime);
    mb_store *store, *other;
    mb_value value;
    mb_id id;
    (void)state;
    assert_int_equal(mb_store_open(runtime, NULL, &store), MB_OK);
    assert_int_equal(mb_store_open(runtime, NULL, &other), MB_OK);
    assert_int_equal(mb_store_share(store, "things"), MB_OK);
    assert_int_equal(mb_put_value(store, mb_string("from C"), &id), MB_OK);
    mb_value argument = mb_number((double)id);
    assert_int_equal(mb_run_string(runtime, "local id = ... assert(things:get(id) == 'from C') things:replace(id, 'from Lua') new = things:put { 7 }",
                                   NULL, &argument, 1), MB_OK);
    assert_int_equal(mb_get_value(store, id, &value), MB_OK);
    assert_string_equal(value.as.string.data, "from Lua");
    int top = lua_gettop(L);
    assert_int_equal(mb_push(store, L, (mb_id)number(runtime, "new")), MB_OK);
    lua_rawgeti(L, -1, 1);
    assert_int_equal(lua_tointeger(L, -1), 7);
    lua_settop(L, top);
    assert_int_equal(mb_push(other, L, id), MB_FOREIGN);
    assert_non_null(strstr(mb_error(runtime), "is of another store"));
    assert_int_equal(mb_push(store, L, 99), MB_UNKNOWN);
    assert_int_equal(mb_release(store, id), MB_OK);
    assert_int_equal(mb_release(store, id), MB_STALE);
    assert_int_equal(mb_get_value(store, id, &value), MB_STALE);
    lua_pushnil(L);
    assert_int_equal(mb_replace(store, L, id), MB_STALE);
    lua_settop(L, top);
    mb_store_close(other);
    mb_close(runtime);
    assert_int_equal(mb_push(store, L, id), MB_CLOSED);
    assert_int_equal(mb_release(store, id), MB_CLOSED);
    assert_int_equal(mb_release_later(store, id), MB_CLOSED);
    mb_store_close(store);
}

static void a_store_has_limits(void **state) {
    mb_runtime *runtime = open_runtime();
    lua_State *L = mb_lua(runtime);
    mb_store_options options;
    mb_store_stats stats = { .size = sizeof stats };
    mb_store *store;
    mb_id id;
    (void)state;
    mb_store_options_init(&options, sizeof options);
    options.slots = 2;
    options.name = "two";
    assert_int_equal(mb_store_open(runtime, &options, &store), MB_OK);
    assert_int_equal(mb_put_value(store, mb_number(1), &id), MB_OK);
    assert_int_equal(mb_put_value(store, mb_number(2), &id), MB_OK);
    lua_pushliteral(L, "stays");
    int top = lua_gettop(L);
    assert_int_equal(mb_put(store, L, &id), MB_FULL);
    assert_int_equal(lua_gettop(L), top);
    assert_non_null(strstr(mb_error(runtime), "store \"two\" is full"));
    assert_int_equal(mb_store_count(store, &stats), MB_OK);
    assert_int_equal(stats.live, 2);
    mb_store_close(store);
    mb_close(runtime);
}

static void scopes_release(void **state) {
    mb_runtime *runtime = open_runtime();
    lua_State *L = mb_lua(runtime);
    mb_store *store;
    mb_scope *scope, *left_open;
    mb_id ids[3000], kept;
    (void)state;
    mb_store_open(runtime, NULL, &store);
    assert_int_equal(mb_scope_begin(store, &scope), MB_OK);
    assert_int_equal(mb_scope_begin(store, &left_open), MB_OK);
    for (int i = 0; i < 3000; i++) {
        lua_pushinteger(L, i);
        assert_int_equal(mb_scope_put(scope, L, &ids[i]), MB_OK);
    }
    lua_pushliteral(L, "kept");
    assert_int_equal(mb_scope_put(scope, L, &kept), MB_OK);
    assert_int_equal(mb_scope_keep(scope, kept), MB_OK);
    mb_release(store, ids[0]);
    assert_int_equal(mb_scope_keep(scope, ids[0]), MB_STALE);
    mb_scope_end(scope);
    for (int i = 0; i < 3000; i++) assert_false(mb_has(store, ids[i]));
    assert_true(mb_has(store, kept));
    mb_store_close(store);
    lua_pushnil(L);
    assert_int_equal(mb_scope_put(left_open, L, &kept), MB_CLOSED);
    mb_close(runtime);
    mb_scope_end(left_open);
}

static void later_releases_happen_at_the_next_call(void **state) {
    mb_runtime *runtime = open_runtime();
    mb_store *store;
    mb_id id;
    (void)state;
    mb_store_open(runtime, NULL, &store);
    mb_put_value(store, mb_number(1), &id);
    assert_int_equal(mb_release_later(store, id), MB_OK);
    assert_int_equal(mb_release_later(store, id), MB_OK);
    assert_false(mb_has(store, id));
    mb_store *held = mb_store_hold(store);
    mb_put_value(store, mb_number(1), &id);
    mb_store_close(store);
    mb_close(runtime);
    assert_int_equal(mb_release_later(held, id), MB_CLOSED);
    mb_store_drop(held);
}

static void results_go_by_coroutine(void **state) {
    mb_runtime *runtime = open_runtime();
    lua_State *L = mb_lua(runtime), *co = lua_newthread(L);
    mb_results *results;
    int count, top = lua_gettop(L);
    (void)state;
    assert_int_equal(mb_results_open(runtime, &results), MB_OK);
    assert_int_equal(mb_results_push(results, co, L, &count), MB_NOTFOUND);
    assert_int_equal(lua_gettop(L), top);
    lua_pushinteger(L, 1);
    lua_pushnil(L);
    assert_int_equal(mb_results_set(results, co, L, 2), MB_OK);
    assert_int_equal(lua_gettop(L), top);
    assert_int_equal(mb_results_push(results, co, L, &count), MB_OK);
    assert_int_equal(count, 2);
    assert_int_equal(lua_gettop(L), top + 2);
    assert_int_equal(lua_tointeger(L, -2), 1);
    lua_settop(L, top);
    assert_int_equal(mb_results_share(results, "results"), MB_OK);
    assert_int_equal(run(runtime, "results:set(coroutine.running(), 'main')"), MB_OK);
    assert_int_equal(mb_results_take(results, NULL, co, &count), MB_OK);
    assert_string_equal(lua_tostring(co, -1), "main");
    assert_int_equal(mb_results_drop(results, L), MB_NOTFOUND);
    assert_int_equal(mb_results_drop(results, co), MB_OK);
    mb_results_close(results);
    mb_close(runtime);
}

/* A lua_State of another runtime is noticed before anything of either is touched. */
static void a_state_of_another_runtime_is_refused(void **state) {
    mb_runtime *runtime = open_runtime(), *other = open_runtime();
    lua_State *L = mb_lua(runtime), *foreign = lua_newthread(mb_lua(other));
    mb_store_stats stats = { .size = sizeof stats };
    mb_results *results;
    mb_store *store;
    mb_scope *scope;
    int count;
    mb_id id, unchanged = 0;
    (void)state;
    assert_int_equal(mb_store_open(runtime, NULL, &store), MB_OK);
    assert_int_equal(mb_results_open(runtime, &results), MB_OK);
    assert_int_equal(mb_scope_begin(store, &scope), MB_OK);
    assert_int_equal(mb_put_value(store, mb_number(1), &id), MB_OK);
    lua_pushliteral(foreign, "of the other");
    assert_int_equal(mb_put(store, foreign, &unchanged), MB_INVALID);
    assert_int_equal(mb_put(store, mb_lua(other), &unchanged), MB_INVALID);
    assert_int_equal(mb_scope_put(scope, foreign, &unchanged), MB_INVALID);
    assert_int_equal(mb_push(store, foreign, id), MB_INVALID);
    assert_int_equal(mb_replace(store, foreign, id), MB_INVALID);
    assert_int_equal(mb_results_set(results, NULL, foreign, 1), MB_INVALID);
    assert_int_equal(mb_results_set(results, foreign, L, 0), MB_INVALID);
    assert_int_equal(mb_results_push(results, NULL, foreign, &count), MB_INVALID);
    assert_int_equal(mb_results_take(results, foreign, L, &count), MB_INVALID);
    assert_int_equal(mb_results_drop(results, foreign), MB_INVALID);
    assert_string_equal(mb_error(runtime), mb_strerror(MB_INVALID));
    assert_int_equal(unchanged, 0);
    assert_int_equal(lua_gettop(foreign), 1);
    assert_string_equal(lua_tostring(foreign, 1), "of the other");
    assert_int_equal(mb_store_count(store, &stats), MB_OK);
    assert_int_equal(stats.live, 1);
    mb_scope_end(scope);
    mb_results_close(results);
    mb_store_close(store);
    mb_close(other);
    mb_close(runtime);
}

/* What is closed with its runtime says so, and its handle can still be given back. */
static void handles_outlive_their_runtime(void **state) {
    mb_runtime *runtime = open_runtime();
    lua_State *L = mb_lua(runtime);
    mb_results *results, *other;
    mb_store *store;
    mb_scope *scope;
    int count;
    mb_id id;
    (void)state;
    assert_int_equal(mb_results_open(runtime, &results), MB_OK);
    assert_int_equal(mb_results_open(runtime, &other), MB_OK);
    assert_int_equal(mb_store_open(runtime, NULL, &store), MB_OK);
    assert_int_equal(mb_scope_begin(store, &scope), MB_OK);
    lua_pushnil(L);
    assert_int_equal(mb_scope_put(scope, L, &id), MB_OK);
    mb_results_close(other);
    mb_close(runtime);
    assert_int_equal(mb_results_set(results, NULL, L, 0), MB_CLOSED);
    assert_int_equal(mb_results_push(results, NULL, L, &count), MB_CLOSED);
    assert_int_equal(mb_results_drop(results, NULL), MB_CLOSED);
    assert_int_equal(mb_results_share(results, "x"), MB_CLOSED);
    assert_int_equal(mb_scope_keep(scope, id), MB_CLOSED);
    assert_int_equal(mb_has(store, id), 0);
    mb_results_close(results);
    mb_store_close(store);
    mb_scope_end(scope);
}

static int at_the_end(mb_call *call, void *context) {
    mb_runtime *runtime = mb_call_runtime(call);
    mb_value argument = mb_number(2);
    mb_id id;
    ++*(int *)context;
    assert_int_equal(mb_keep_arg(call, 0, &id), MB_OK);
    assert_int_equal(mb_call_id(runtime, id, &argument, 1, NULL, NULL), MB_OK);
    return mb_return(call, mb_stored(id));
}

/* Finalizers run while the runtime is closed, and may do there what they may do anywhere. */
static void finalizers_call_the_host_at_the_end(void **state) {
    mb_runtime *runtime = open_runtime();
    int called = 0;
    (void)state;
    assert_int_equal(mb_register(runtime, "at_the_end", at_the_end, &called), MB_OK);
    assert_int_equal(run(runtime, "p = newproxy(true) getmetatable(p).__gc = function() assert(at_the_end(math.sqrt) == math.sqrt) again() end "
                                  "function again() at_the_end(math.abs) end"), MB_OK);
    mb_close(runtime);
    assert_int_equal(called, 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_stored_and_shared),
        cmocka_unit_test(a_store_has_limits),
        cmocka_unit_test(scopes_release),
        cmocka_unit_test(later_releases_happen_at_the_next_call),
        cmocka_unit_test(results_go_by_coroutine),
        cmocka_unit_test(a_state_of_another_runtime_is_refused),
        cmocka_unit_test(handles_outlive_their_runtime),
        cmocka_unit_test(finalizers_call_the_host_at_the_end),
    };
    return cmocka_run_group_tests_name("moonbear.h: stores", tests, NULL, NULL);
}
