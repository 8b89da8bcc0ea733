/* lua_host.c: the module moonbear.host: what the platform layer knows, as tables.
 * Invariant: see lua_host.h.
 * SPDX-License-Identifier: MIT */
#include "host/lua_host.h"

#include <math.h>

#include "lauxlib.h"

#include "platform.h"

#include "limits/lua_limits.h"

static void push_value(lua_State *L, const struct plat_fact *fact) {
    switch (fact->kind) {
    case PLAT_TEXT: lua_pushstring(L, fact->text); break;
    case PLAT_FLAG: lua_pushboolean(L, fact->number != 0); break;
    default: lua_pushnumber(L, fact->number == PLAT_UNLIMITED ? HUGE_VAL : (lua_Number)fact->number);
    }
}

/* Pushes the subtable `name` of the table at `index`, made when it is not there. */
static void push_group(lua_State *L, int index, const char *name) {
    lua_getfield(L, index, name);
    if (lua_istable(L, -1)) return;
    lua_pop(L, 1);
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_setfield(L, index, name);
}

static void add_order(lua_State *L, int info, const struct plat_fact *fact) {
    push_group(L, info, "order");
    lua_pushfstring(L, "%s.%s", fact->group, fact->name);
    lua_rawseti(L, -2, (int)lua_objlen(L, -2) + 1);
    lua_pop(L, 1);
}

static void add_fact(lua_State *L, int info, const struct plat_fact *fact) {
    add_order(L, info, fact);
    push_group(L, info, fact->group);
    if (fact->error) {
        push_group(L, info, "unknown");
        lua_pushfstring(L, "%s.%s", fact->group, fact->name);
        lua_pushstring(L, plat_error_name(fact->error));
        lua_rawset(L, -3);
        lua_pop(L, 2);
        return;
    }
    push_value(L, fact);
    lua_setfield(L, -2, fact->name);
    lua_pop(L, 1);
}

/* The list is too big for a small C stack. */
static int push_facts(lua_State *L, const char *const groups[]) {
    struct plat_fact *facts = lua_newuserdata(L, PLAT_FACTS * sizeof *facts);
    lua_newtable(L);
    int info = lua_gettop(L);
    push_group(L, info, "unknown");
    lua_pop(L, 1);
    for (; *groups; groups++) {
        int count = plat_host(**groups ? *groups : NULL, facts, PLAT_FACTS);
        for (int i = 0; i < count; i++) add_fact(L, info, &facts[i]);
    }
    return 1;
}

static int host_info(lua_State *L) {
    static const char *const all[] = { "", NULL };
    return push_facts(L, all);
}

static int host_limits(lua_State *L) {
    static const char *const some[] = { "limits", "cgroup", "memory", NULL };
    push_facts(L, some);
    limits_push_memory(L);
    lua_setfield(L, -2, "script");
    return 1;
}

static void set_number(lua_State *L, const char *name, lua_Number number) {
    lua_pushnumber(L, number);
    lua_setfield(L, -2, name);
}

static void set_text(lua_State *L, const char *name, const char *text) {
    lua_pushstring(L, text);
    lua_setfield(L, -2, name);
}

/* Into the table on top. */
static void set_bounds(lua_State *L, const struct plat_stack_bounds *bounds) {
    set_text(L, "method", bounds->method);
    if (bounds->hi == 0) return;
    set_number(L, "lo", (lua_Number)bounds->lo);
    set_number(L, "hi", (lua_Number)bounds->hi);
    set_number(L, "size", (lua_Number)(bounds->hi - bounds->lo));
    set_number(L, "guard", (lua_Number)bounds->guard);
    set_text(L, "confidence", plat_confidence_name(bounds->confidence));
}

static void push_answers(lua_State *L) {
    struct plat_stack_answer answers[PLAT_STACK_METHODS];
    plat_stack_answers(answers);
    lua_createtable(L, PLAT_STACK_METHODS, 0);
    for (int i = 0; i < PLAT_STACK_METHODS; i++) {
        lua_newtable(L);
        set_bounds(L, &answers[i].bounds);
        if (answers[i].error) set_text(L, "error", plat_error_name(answers[i].error));
        set_text(L, "why", answers[i].why);
        lua_pushboolean(L, answers[i].chosen);
        lua_setfield(L, -2, "chosen");
        lua_rawseti(L, -2, i + 1);
    }
}

static int host_stack(lua_State *L) {
    struct plat_stack_bounds bounds;
    plat_stack_bounds(&bounds);
    lua_newtable(L);
    set_bounds(L, &bounds);
    set_number(L, "remaining", (lua_Number)plat_stack_remaining());
    push_answers(L);
    lua_setfield(L, -2, "answers");
    return 1;
}

static const luaL_Reg functions[] = {
    { "info", host_info },
    { "limits", host_limits },
    { "stack", host_stack },
    { NULL, NULL },
};

int luaopen_moonbear_host(lua_State *L) {
    lua_createtable(L, 0, 3);
    luaL_register(L, NULL, functions);
    return 1;
}
