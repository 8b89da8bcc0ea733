/* report.c: running Lua so that every error has one exit, and telling the user of it.
 * Invariant: messages have the form of stock Lua's: "NAME: message" and the traceback below.
 * SPDX-License-Identifier: MIT */
#include "cli/cli.h"

#include <signal.h>
#include <stdio.h>

#include "lauxlib.h"

static const char *program = "moonbear";

/* The state that Ctrl-C interrupts; only set while report_call runs. */
static lua_State *running;

void report_name(const char *name) {
    program = name;
}

const char *report_program(void) {
    return program;
}

void report_line(const char *name, const char *message) {
    if (name) fprintf(stderr, "%s: ", name);
    fprintf(stderr, "%s\n", message);
    fflush(stderr);
}

int report_status(lua_State *L, int status) {
    if (status == 0) return CLI_OK;
    if (!lua_isnil(L, -1)) {
        const char *message = lua_tostring(L, -1);
        report_line(program, message ? message : "(error object is not a string)");
    }
    lua_pop(L, 1);
    return CLI_FAILED;
}

/* As stock Lua's: the message is left alone when it is no string, or when the script took debug.traceback away. */
static int traceback(lua_State *L) {
    if (!lua_isstring(L, 1)) return 1;
    lua_getfield(L, LUA_GLOBALSINDEX, "debug");
    if (lua_istable(L, -1)) {
        lua_getfield(L, -1, "traceback");
        if (lua_isfunction(L, -1)) {
            lua_pushvalue(L, 1);
            lua_pushinteger(L, 2); /* skips this function */
            lua_call(L, 2, 1);
            return 1;
        }
    }
    lua_settop(L, 1);
    return 1;
}

static void interrupted(lua_State *L, lua_Debug *unused) {
    (void)unused;
    lua_sethook(L, NULL, 0, 0);
    luaL_error(L, "interrupted!");
}

/* lua_sethook is the one call of Lua's that its manual allows in a signal handler. A second Ctrl-C before the hook
 * runs ends the process. */
static void on_interrupt(int number) {
    signal(number, SIG_DFL);
    lua_sethook(running, interrupted, LUA_MASKCALL | LUA_MASKRET | LUA_MASKCOUNT, 1);
}

int report_call(lua_State *L, int arguments, int results) {
    int base = lua_gettop(L) - arguments;
    lua_pushcfunction(L, traceback);
    lua_insert(L, base);
    running = L;
    signal(SIGINT, on_interrupt);
    int status = lua_pcall(L, arguments, results, base);
    signal(SIGINT, SIG_DFL);
    lua_remove(L, base);
    if (status != 0) lua_gc(L, LUA_GCCOLLECT, 0);
    return status;
}
