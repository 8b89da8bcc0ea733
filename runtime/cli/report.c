/* report.c: running Lua so that every error has one exit, and telling the user of it.
 * Invariant: messages have the form of stock Lua's: "NAME: message" and the traceback below.
 * SPDX-License-Identifier: MIT */
#include "cli/cli.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>

#include "lauxlib.h"

#include "engine/engine.h"
#include "platform.h"

static const char *program = "moonbear", *outside;

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

/* How often Ctrl-C has been pressed during this call. */
static volatile sig_atomic_t presses;

/* A session goes on where a script ends. */
static int session;

static void hook(lua_State *L, lua_Hook function, int mask) {
    lua_sethook(L, function, mask, mask ? 1 : 0);
}

/* Each thread of Lua has a hook of its own: the coroutine that runs is stopped, and then the chunk that resumed it. In
 * a session the first press can be caught, as any error can; the second is raised at every step until the session has
 * control again, so that a loop around pcall ends too. */
static void interrupted(lua_State *L, lua_Debug *unused) {
    (void)unused;
    if (presses < 2) hook(L, NULL, 0);
    if (presses) luaL_error(L, "interrupted!");
}

/* Where it is ignored, as a shell starts what goes on in the background, it stays so. */
static void catch_interrupts(void (*handler)(int), int flags) {
    struct sigaction action = { .sa_handler = handler, .sa_flags = flags }, before;
    if (sigaction(SIGINT, &action, &before) == 0 && before.sa_handler == SIG_IGN) sigaction(SIGINT, &before, NULL);
}

/* lua_sethook is the one call of Lua's that its manual allows in a signal handler. One press more than can be raised,
 * before a hook runs, ends the process: it is stuck where no hook can reach. */
static void on_interrupt(int number) {
    const int mask = LUA_MASKCALL | LUA_MASKRET | LUA_MASKCOUNT;
    int cause = errno;
    if (++presses == (session ? 2 : 1)) signal(number, SIG_DFL);
    hook(engine_runs(running), interrupted, mask);
    hook(running, interrupted, mask);
    errno = cause;
}

/* Between the calls of a session Ctrl-C only ends what waits. */
static void between(int unused) {
    (void)unused;
}

static void calls_end(lua_State *L) {
    catch_interrupts(session ? between : SIG_DFL, 0);
    if (!presses) return;
    hook(L, NULL, 0);
    presses = 0;
    if (session) plat_stdout_forgive();
}

/* In a session Ctrl-C must end a read or write that waits (no SA_RESTART); elsewhere it is as stock Lua has it. */
static int guarded(lua_State *L, int arguments, int results, int handler) {
    running = L;
    catch_interrupts(on_interrupt, session ? 0 : SA_RESTART);
    int status = lua_pcall(L, arguments, results, handler);
    calls_end(L);
    return status;
}

int report_call(lua_State *L, int arguments, int results) {
    int base = lua_gettop(L) - arguments;
    lua_pushcfunction(L, traceback);
    lua_insert(L, base);
    int status = guarded(L, arguments, results, base);
    lua_remove(L, base);
    if (status != 0) lua_gc(L, LUA_GCCOLLECT, 0);
    return status;
}

int report_pcall(lua_State *L, int arguments, int results) {
    return guarded(L, arguments, results, 0);
}

void report_session_begin(int keep) {
    outside = program;
    program = NULL;
    session = keep;
    if (keep) catch_interrupts(between, 0);
}

void report_session_end(void) {
    program = outside;
    session = 0;
    catch_interrupts(SIG_DFL, 0);
}
