/* run.c: what stock lua does: LUA_INIT, the options in order, the script, then perhaps a session.
 * Invariant: the first thing that fails is reported, ends the run, and makes the exit status.
 * SPDX-License-Identifier: MIT */
#include "cli/cli.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lauxlib.h"

static int run_file(lua_State *L, const char *path) {
    int status = luaL_loadfile(L, path);
    if (status == 0) status = report_call(L, 0, 0);
    return report_status(L, status);
}

static int run_text(lua_State *L, const char *text, const char *name) {
    int status = luaL_loadbuffer(L, text, strlen(text), name);
    if (status == 0) status = report_call(L, 0, 0);
    return report_status(L, status);
}

static int run_library(lua_State *L, const char *name) {
    lua_getglobal(L, "require");
    lua_pushstring(L, name);
    return report_status(L, report_call(L, 1, 0));
}

static int run_init(lua_State *L, const struct cli_options *o) {
    const char *init = o->ignore_env ? NULL : getenv(LUA_INIT);
    if (!init) return CLI_OK;
    return init[0] == '@' ? run_file(L, init + 1) : run_text(L, init, "=" LUA_INIT);
}

static int run_option(void *context, char option, const char *value) {
    lua_State *L = context;
    return option == 'e' ? run_text(L, value, "=(command line)") : run_library(L, value);
}

/* The global `arg`: the script at 0, what follows at 1 and on, what comes before at -1 and down. Also leaves the
 * script's arguments on the stack and returns their number. */
static int push_arguments(lua_State *L, const struct cli_options *o) {
    int count = o->argc - (o->script + 1);
    luaL_checkstack(L, count + 3, "too many arguments to script");
    for (int i = o->script + 1; i < o->argc; i++) lua_pushstring(L, o->argv[i]);
    lua_createtable(L, count, o->script + 1);
    for (int i = 0; i < o->argc; i++) {
        lua_pushstring(L, o->argv[i]);
        lua_rawseti(L, -2, i - o->script);
    }
    lua_setglobal(L, "arg");
    return count;
}

/* "-" is standard input, unless "--" says that it is a name. */
static const char *script_path(const struct cli_options *o) {
    const char *name = o->argv[o->script];
    int is_stdin = strcmp(name, "-") == 0 && strcmp(o->argv[o->script - 1], "--") != 0;
    return is_stdin ? NULL : name;
}

static int run_script(lua_State *L, const struct cli_options *o) {
    int arguments = push_arguments(L, o);
    int status = luaL_loadfile(L, script_path(o));
    lua_insert(L, -(arguments + 1));
    if (status == 0) status = report_call(L, arguments, 0);
    else lua_pop(L, arguments);
    return report_status(L, status);
}

/* A session is made before anything that could spoil it. */
static int run_begin(lua_State *L, const struct cli_options *o) {
    int status = o->interactive || o->command == CLI_REPL ? repl_open(L, o) : CLI_OK;
    return status == CLI_OK ? run_init(L, o) : status;
}

int cli_run(lua_State *L, const struct cli_options *o) {
    int status = run_begin(L, o);
    if (status == CLI_OK && o->error) {
        help_usage(o);
        return CLI_FAILED;
    }
    if (status == CLI_OK && o->command == CLI_REPL) return cli_repl(L, o);
    if (status == CLI_OK && o->version) report_line(NULL, LUA_RELEASE "  " LUA_COPYRIGHT);
    if (status == CLI_OK) status = cli_each_option(o, run_option, L);
    if (status == CLI_OK && o->script) status = run_script(L, o);
    if (status != CLI_OK) return status;
    if (o->interactive) return cli_repl(L, o);
    if (o->script || o->execute || o->version) return status;
    if (!isatty(STDIN_FILENO)) return run_file(L, NULL);
    report_line(NULL, LUA_RELEASE "  " LUA_COPYRIGHT);
    return cli_repl(L, o);
}
