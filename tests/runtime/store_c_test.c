/* store_c_test.c: the store's C interface, with refused memory at every request, and with other threads.
 * SPDX-License-Identifier: MIT */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lauxlib.h"

#include "engine/engine.h"
#include "store/results.h"
#include "store/scope.h"
#include "store/store.h"

static lua_State *open_state(struct store **store, const struct store_options *options) {
    static const struct store_options none;
    lua_State *L = engine_new();
    assert_non_null(L);
    *store = store_open(L, options ? options : &none);
    assert_non_null(*store);
    return L;
}

static uint64_t put_number(lua_State *L, struct store *store, double number) {
    uint64_t id = 0;
    lua_pushnumber(L, number);
    assert_int_equal(store_put(L, store, 0, &id), 0);
    return id;
}

static void the_stack_stays_as_it_was(void **state) {
    struct store *store;
    (void)state;
    lua_State *L = open_state(&store, NULL);
    int top = lua_gettop(L);
    uint64_t id = put_number(L, store, 5);
    assert_int_equal(lua_gettop(L), top);
    assert_int_equal(store_get(L, store, id), 0);
    assert_int_equal(lua_gettop(L), top + 1);
    assert_int_equal(lua_tointeger(L, -1), 5);
    assert_int_equal(store_replace(L, store, id), 0);
    assert_int_equal(lua_gettop(L), top);
    assert_int_equal(store_release(L, store, id), 1);
    assert_int_equal(store_release(L, store, id), 0);
    assert_int_equal(store_get(L, store, id), -ESTALE);
    lua_pushnil(L);
    assert_int_equal(store_replace(L, store, id), -ESTALE);
    assert_int_equal(lua_gettop(L), top + 1);
    lua_close(L);
}

static void a_full_store_leaves_the_value(void **state) {
    struct store_options options = { .slots = 1 };
    struct store *store;
    uint64_t id;
    (void)state;
    lua_State *L = open_state(&store, &options);
    put_number(L, store, 1);
    lua_pushliteral(L, "stays");
    assert_int_equal(store_put(L, store, 0, &id), -ENOSPC);
    assert_string_equal(lua_tostring(L, -1), "stays");
    lua_close(L);
}

/* Native memory is counted while it is there, and given back. */
static void native_bytes_are_counted(void **state) {
    struct store *store;
    struct store_stats stats;
    (void)state;
    lua_State *L = open_state(&store, NULL);
    size_t before = engine_native_bytes(L);
    for (int i = 0; i < 100000; i++) put_number(L, store, i);
    store_count(L, store, &stats);
    assert_true(stats.native > 100000 * 6);
    assert_int_equal(engine_native_bytes(L) - before, stats.native);
    store_close(L, store);
    assert_int_equal(engine_native_bytes(L), before);
    lua_close(L);
}

static void a_coroutine_will_do(void **state) {
    struct store *store;
    (void)state;
    lua_State *L = open_state(&store, NULL), *co = lua_newthread(L);
    uint64_t id = put_number(co, store, 8);
    lua_pop(L, 1);
    lua_gc(L, LUA_GCCOLLECT, 0);
    assert_int_equal(store_get(L, store, id), 0);
    assert_int_equal(lua_tointeger(L, -1), 8);
    lua_close(L);
}

/* ---- Memory refused at every request ----------------------------------------------------------------------- */

struct hostile {
    long requests, refuse_at;
    size_t bytes;
};

static void *hostile_alloc(void *context, void *block, size_t old_size, size_t new_size) {
    struct hostile *hostile = context;
    if (new_size == 0) {
        hostile->bytes -= block ? old_size : 0;
        free(block);
        return NULL;
    }
    if ((!block || new_size > old_size) && ++hostile->requests == hostile->refuse_at) return NULL;
    void *fresh = realloc(block, new_size);
    if (fresh) hostile->bytes += new_size - (block ? old_size : 0);
    return fresh;
}

enum { VALUES = 700 };

struct work {
    struct store *store;
    uint64_t ids[VALUES];
    int count;
};

/* Everything that may raise, once. */
static int work(lua_State *L) {
    struct work *w = lua_touserdata(L, 1);
    uint64_t id;
    int error;
    struct store_options options = { .name = "hostile", .leaks = LEAKS_FULL };
    w->store = store_open(L, &options);
    lua_pushvalue(L, -1);
    lua_setfield(L, LUA_REGISTRYINDEX, "kept");
    int at = lua_gettop(L);
    for (int i = 0; i < VALUES; i++) {
        lua_newtable(L);
        lua_pushinteger(L, i);
        lua_rawseti(L, -2, 1);
        if (i % 5 == 0) lua_pushfstring(L, "tag%d", i % 3);
        int tag = i % 5 == 0 ? lua_gettop(L) : 0;
        if (tag) lua_pushvalue(L, -2);
        error = store_put(L, w->store, tag, &id);
        if (error) return luaL_error(L, "%d", error);
        w->ids[w->count++] = id;
        lua_settop(L, at);
    }
    struct scope *scope = scope_open(L, at, 0, &error);
    if (!scope) return luaL_error(L, "%d", error);
    for (int i = 0; i < 100; i++) {
        lua_pushinteger(L, i);
        error = scope_put(L, scope, 0, &id);
        if (error) return luaL_error(L, "%d", error);
    }
    scope_end(L, scope);
    lua_pushliteral(L, "name");
    lua_pushinteger(L, 1);
    error = store_name(L, w->store, &id);
    if (error) return luaL_error(L, "%d", error);
    lua_pushliteral(L, "name");
    store_unname(L, w->store);
    store_leaks(L, w->store, 5);
    return 0;
}

/* Whatever was refused: every value that was put is there, nothing else, and closing gives all memory back. */
static void check_work(lua_State *L, struct work *w) {
    for (int i = 0; i < w->count; i++) {
        assert_int_equal(store_get(L, w->store, w->ids[i]), 0);
        lua_rawgeti(L, -1, 1);
        assert_int_equal(lua_tointeger(L, -1), i);
        lua_pop(L, 2);
    }
    uint64_t cursor = 0, id;
    int seen = 0;
    while (store_each(L, w->store, 0, &cursor, &id)) {
        seen += lua_istable(L, -2);
        lua_pop(L, 2);
    }
    assert_int_equal(seen, w->count);
}

static void nothing_is_lost_when_the_nth_request_is_refused(void **state) {
    (void)state;
    for (long n = 1;; n++) {
        struct hostile hostile = { 0, n, 0 };
        lua_State *L = lua_newstate(hostile_alloc, &hostile);
        if (L) {
            struct work w = { NULL, { 0 }, 0 };
            lua_cpcall(L, work, &w);
            hostile.refuse_at = 0;
            lua_settop(L, 0);
            if (w.store && w.count) check_work(L, &w);
            lua_close(L);
        }
        assert_int_equal(hostile.bytes, 0);
        if (hostile.requests < n) break;
    }
}

static int set_results(lua_State *L) {
    results_open(L);
    for (int i = 0; i < 60; i++) {
        lua_newthread(L);
        lua_pushinteger(L, i);
        lua_pushnil(L);
        if (results_set(L, 2, 3, 2) < 0) return luaL_error(L, "refused");
        if (results_get(L, 2, 3) != 2 || lua_tointeger(L, -2) != i) lua_pushliteral(L, "wrong"), lua_setglobal(L, "wrong");
        lua_settop(L, 2);
    }
    return 0;
}

static void results_survive_refusals(void **state) {
    (void)state;
    for (long n = 1;; n++) {
        struct hostile hostile = { 0, n, 0 };
        lua_State *L = lua_newstate(hostile_alloc, &hostile);
        if (L) {
            lua_cpcall(L, set_results, NULL);
            hostile.refuse_at = 0;
            lua_getglobal(L, "wrong");
            assert_true(lua_isnil(L, -1));
            lua_close(L);
        }
        assert_int_equal(hostile.bytes, 0);
        if (hostile.requests < n) break;
    }
}

/* ---- Other threads ------------------------------------------------------------------------------------------ */

enum { THREADS = 4, EACH = 5000 };

struct releaser {
    struct queue *queue;
    const uint64_t *ids;
    int count;
};

static void *release_all(void *argument) {
    struct releaser *r = argument;
    for (int i = 0; i < r->count; i++)
        while (queue_push(r->queue, r->ids[i]) == -ENOMEM) {}
    queue_drop(r->queue);
    return NULL;
}

static void other_threads_ask_and_the_owner_releases(void **state) {
    static uint64_t ids[THREADS * EACH];
    struct releaser releasers[THREADS];
    pthread_t threads[THREADS];
    struct store *store;
    struct store_stats stats;
    (void)state;
    lua_State *L = open_state(&store, NULL);
    for (int i = 0; i < THREADS * EACH; i++) ids[i] = put_number(L, store, i);
    for (int i = 0; i < THREADS; i++) {
        releasers[i] = (struct releaser){ queue_hold(store->queue), ids + i * EACH, EACH };
        assert_int_equal(pthread_create(&threads[i], NULL, release_all, &releasers[i]), 0);
    }
    for (int i = 0; i < 2000; i++) {
        uint64_t id = put_number(L, store, -1);
        assert_int_equal(store_release(L, store, id), 1);
    }
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    store_count(L, store, &stats);
    assert_int_equal(stats.live, 0);
    lua_close(L);
}

static void asking_after_the_end_is_harmless(void **state) {
    struct store *store;
    (void)state;
    lua_State *L = open_state(&store, NULL);
    uint64_t id = put_number(L, store, 1);
    struct queue *queue = queue_hold(store->queue);
    assert_int_equal(queue_push(queue, id), 0);
    lua_close(L);
    assert_int_equal(queue_push(queue, id), -EPIPE);
    queue_drop(queue);
}

/* ---- The C stack -------------------------------------------------------------------------------------------- */

struct many {
    lua_State *L;
    struct store *store;
    uint64_t *ids;
    int count, failed;
};

static void *put_many(void *context) {
    struct many *many = context;
    int top = lua_gettop(many->L);
    for (int i = 0; i < many->count; i++) {
        lua_pushnumber(many->L, i);
        if (store_put(many->L, many->store, 0, &many->ids[i]) != 0 || lua_gettop(many->L) != top) many->failed++;
    }
    return NULL;
}

/* A thread of 64 KiB, so that a C stack which grew with the number of values would end the test. */
static void put_on_a_small_stack(struct many *many) {
    pthread_attr_t how;
    pthread_t thread;
    assert_int_equal(pthread_attr_init(&how), 0);
    assert_int_equal(pthread_attr_setstacksize(&how, 64 * 1024), 0);
    assert_int_equal(pthread_create(&thread, &how, put_many, many), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(many->failed, 0);
}

/* Ten million live values, and neither the Lua stack nor the C stack knows of them. */
static void ten_million_values_leave_the_stacks_flat(void **state) {
    const int count = getenv("VARIANT") && *getenv("VARIANT") ? 1000000 : 10000000;
    struct many many = { .count = count, .ids = malloc((size_t)count * sizeof many.ids[0]) };
    (void)state;
    lua_State *L = many.L = open_state(&many.store, NULL);
    int top = lua_gettop(L);
    assert_non_null(many.ids);
    put_on_a_small_stack(&many);
    assert_int_equal(many.store->slots.live, count);
    for (int i = 0; i < count; i += 1001) {
        assert_int_equal(store_get(L, many.store, many.ids[i]), 0);
        assert_int_equal(lua_tointeger(L, -1), i);
        lua_pop(L, 1);
    }
    for (int i = 0; i < count; i++) assert_int_equal(store_release(L, many.store, many.ids[i]), 1);
    assert_int_equal(many.store->slots.live, 0);
    assert_int_equal(lua_gettop(L), top);
    lua_close(L);
    free(many.ids);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_stack_stays_as_it_was),
        cmocka_unit_test(a_full_store_leaves_the_value),
        cmocka_unit_test(native_bytes_are_counted),
        cmocka_unit_test(a_coroutine_will_do),
        cmocka_unit_test(nothing_is_lost_when_the_nth_request_is_refused),
        cmocka_unit_test(results_survive_refusals),
        cmocka_unit_test(other_threads_ask_and_the_owner_releases),
        cmocka_unit_test(asking_after_the_end_is_harmless),
        cmocka_unit_test(ten_million_values_leave_the_stacks_flat),
    };
    return cmocka_run_group_tests_name("store in C", tests, NULL, NULL);
}
