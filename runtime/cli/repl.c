/* repl.c: the interactive session: read, run, show, until the input ends.
 * Invariant: what a chunk does, errors and Ctrl-C too, ends at most the chunk; only the end of the input, or a standard
 * output that takes nothing any more, ends the session.
 * SPDX-License-Identifier: MIT
 *
 * What reads, completes and shows is Lua: scripts/lib/moonbear/repl.lua. Chunks are called from here, so that a
 * traceback holds the user's functions and nothing else, as in stock Lua's session. */
#include "cli/cli.h"

#include <stdio.h>
#include <unistd.h>

#include "lauxlib.h"

#include "cli/lua_line.h"
#include "platform.h"

/* Registry key of the session, the table that moonbear.repl makes. */
static const char session_key;

static void push_session(lua_State *L) {
    lua_pushlightuserdata(L, (void *)&session_key);
    lua_rawget(L, LUA_REGISTRYINDEX);
}

/* session[name], which takes no arguments of its own. */
static void push_method(lua_State *L, const char *name) {
    push_session(L);
    lua_getfield(L, -1, name);
    lua_remove(L, -2);
}

/* Not by `require`: package.loaded would show what stock Lua's session does not have. */
static void load_repl(lua_State *L) {
    lua_getglobal(L, "package");
    lua_getfield(L, -1, "preload");
    lua_getfield(L, -1, "moonbear.repl");
    lua_call(L, 0, 1);
    lua_replace(L, -3);
    lua_pop(L, 1);
}

static int open_session(lua_State *L) {
    const struct cli_options *o = lua_touserdata(L, 1);
    lua_pushlightuserdata(L, (void *)&session_key);
    load_repl(L);
    lua_getfield(L, -1, "new");
    lua_remove(L, -2);
    lua_line_push(L);
    lua_pushboolean(L, o->stock);
    lua_call(L, 2, 1);
    lua_rawset(L, LUA_REGISTRYINDEX);
    return 0;
}

int repl_open(lua_State *L, const struct cli_options *o) {
    push_session(L);
    int open = lua_istable(L, -1);
    lua_pop(L, 1);
    if (open) return CLI_OK;
    return report_status(L, lua_cpcall(L, open_session, (void *)o));
}

enum step { STEP_RUN, STEP_FAILED, STEP_END };

/* Leaves the chunk and its arguments above `base`, or the message of what failed. */
static enum step read_chunk(lua_State *L, int base) {
    push_method(L, "read");
    if (lua_pcall(L, 0, LUA_MULTRET, 0) != 0) return STEP_FAILED;
    if (lua_gettop(L) == base) return STEP_END;
    return lua_isfunction(L, base + 1) ? STEP_RUN : STEP_FAILED;
}

static void report_printing(lua_State *L, int by_print) {
    const char *message = lua_tostring(L, -1);
    if (!message) message = "error object is not a string";
    if (by_print) message = lua_pushfstring(L, "error calling " LUA_QL("print") " (%s)", message);
    report_line(NULL, message);
}

/* session.printer() gives the function that takes the results, and whether it is the global `print`. */
static void print_results(lua_State *L, int base) {
    int results = lua_gettop(L) - base;
    if (results == 0) return;
    if (!lua_checkstack(L, LUA_MINSTACK)) {
        report_line(NULL, "too many results to print");
        return;
    }
    push_method(L, "printer");
    if (lua_pcall(L, 0, 2, 0) != 0) {
        report_printing(L, 0);
        return;
    }
    int by_print = lua_toboolean(L, -1);
    lua_pop(L, 1);
    lua_insert(L, base + 1);
    if (report_pcall(L, results, 0) != 0) report_printing(L, by_print);
}

static void run_chunk(lua_State *L, int base) {
    int status = report_call(L, lua_gettop(L) - base - 1, LUA_MULTRET);
    report_status(L, status);
    if (status == 0) print_results(L, base);
}

/* Stock Lua writes on into a closed standard output; so does what is called by its name. */
static int output_lost(const struct cli_options *o) {
    return plat_flush() != 0 && !o->stock;
}

/* Reading that fails over and over, for want of memory perhaps, must not go on for ever. */
static int session(lua_State *L, const struct cli_options *o) {
    int base = lua_gettop(L);
    for (int failures = 0; failures < 3;) {
        lua_settop(L, base);
        if (output_lost(o)) return CLI_FAILED;
        switch (read_chunk(L, base)) {
        case STEP_END: return CLI_OK;
        case STEP_FAILED:
            failures = lua_toboolean(L, base + 2) ? 0 : failures + 1;
            lua_settop(L, base + 1);
            report_status(L, LUA_ERRRUN);
            break;
        case STEP_RUN:
            failures = 0;
            run_chunk(L, base);
        }
    }
    report_line(NULL, "reading failed three times: the session ends");
    return CLI_FAILED;
}

int cli_repl(lua_State *L, const struct cli_options *o) {
    int status = repl_open(L, o);
    if (status != CLI_OK) return status;
    push_method(L, "editing");
    int editing = lua_toboolean(L, -1);
    lua_pop(L, 1);
    if (editing && !o->stock)
        report_line(NULL, "moonbear " MOONBEAR_VERSION ": help() shows topics, Tab completes, Ctrl-D ends");
    report_session_begin(!o->stock && isatty(STDIN_FILENO));
    status = session(L, o);
    report_session_end();
    lua_settop(L, 0);
    if (!editing) plat_fputs("\n", stdout);
    return output_lost(o) ? CLI_FAILED : status;
}
