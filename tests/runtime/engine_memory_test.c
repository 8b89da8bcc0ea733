/* engine_memory_test.c: native memory drives the collector, and the cap holds for it.
 * Invariant: the objects own nothing; what they say they own is all that counts here.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lauxlib.h"
#include "lua.h"

#include "engine/engine.h"
#include "platform.h"

enum { MEGABYTE = 1 << 20, OBJECTS = 100000, CAP = 64 * MEGABYTE };

static int alive;

static int give_back(lua_State *L) {
    alive--;
    return engine_native(L, -MEGABYTE);
}

static void push_type(lua_State *L) {
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, give_back);
    lua_setfield(L, -2, "__gc");
    lua_setfield(L, LUA_REGISTRYINDEX, "object");
}

static int new_object(lua_State *L) {
    if (engine_native(L, MEGABYTE) != 0) return luaL_error(L, "not enough memory");
    alive++;
    lua_newuserdata(L, 8);
    lua_getfield(L, LUA_REGISTRYINDEX, "object");
    lua_setmetatable(L, -2);
    return 1;
}

static int drop_many(lua_State *L) {
    push_type(L);
    for (int i = 0; i < OBJECTS; i++) {
        new_object(L);
        lua_settop(L, 0);
    }
    return 0;
}

static int keep_many(lua_State *L) {
    lua_settop(L, 0);
    push_type(L);
    lua_newtable(L);
    for (int i = 1; i <= OBJECTS; i++) {
        new_object(L);
        lua_rawseti(L, 1, i);
    }
    return 0;
}

static void dropped_without_release(void **state) {
    struct engine_memory memory;
    lua_State *L = engine_new_with(&(struct engine_options){ .memory = CAP });
    (void)state;
    assert_int_equal(lua_cpcall(L, drop_many, NULL), 0);
    engine_memory(L, &memory);
    assert_true(memory.peak <= CAP);
    lua_close(L);
    assert_int_equal(alive, 0);
}

static void kept_until_the_cap(void **state) {
    struct engine_memory memory;
    lua_State *L = engine_new_with(&(struct engine_options){ .memory = CAP });
    (void)state;
    assert_int_equal(lua_cpcall(L, keep_many, NULL), LUA_ERRRUN);
    assert_string_equal(lua_tostring(L, -1), "not enough memory");
    assert_in_range(alive, CAP / MEGABYTE - 4, CAP / MEGABYTE);
    lua_settop(L, 0);
    lua_gc(L, LUA_GCCOLLECT, 0);
    engine_memory(L, &memory);
    assert_int_equal(memory.native, 0);
    assert_int_equal(lua_cpcall(L, drop_many, NULL), 0);
    lua_close(L);
    assert_int_equal(alive, 0);
}

/* The timer must not outlive the state that its signal would be for. */
static void closed_within_a_budget(void **state) {
    struct engine_budget budget;
    (void)state;
    for (int i = 0; i < 3; i++) {
        lua_State *L = engine_new();
        assert_int_equal(engine_time_begin(L, 0.01, &budget), 0);
        lua_close(L);
    }
    for (double end = plat_cpu_seconds() + 0.05; plat_cpu_seconds() < end;) {}
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dropped_without_release),
        cmocka_unit_test(kept_until_the_cap),
        cmocka_unit_test(closed_within_a_budget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
