/* cli.h: the command line: what was asked, and the commands that do it.
 * Invariant: options.c decides what is asked without running anything; every command returns an exit status.
 * SPDX-License-Identifier: MIT */
#ifndef CLI_H
#define CLI_H

#include "lua.h"

#include "engine/engine.h"

enum cli_status { CLI_OK = 0, CLI_FAILED = 1, CLI_USAGE = 2 };

enum cli_command { CLI_RUN, CLI_REPL, CLI_HELP, CLI_VERSION, CLI_DOCTOR, CLI_DATA };

/* What argv asks for. All pointers are into argv. */
struct cli_options {
    char **argv;
    int argc;
    enum cli_command command;
    int stock;         /* called as lua or lua5.1: no commands, no long options, stock messages */
    int script;        /* index in argv of the script or "-"; 0 when there is none */
    int first;         /* index of the first option or argument that belongs to the command */
    int interactive;   /* -i */
    int version;       /* -v */
    int execute;       /* -e was among the options */
    int ignore_env;    /* -E */
    struct engine_options engine; /* --memory-limit, --allow-bytecode */
    double seconds;    /* --time-limit: of CPU time; 0: none */
    size_t stack_size; /* --stack-size: bytes for Lua to run on; 0: the stack that the host gave */
    int init;          /* --init: run as the first process of a container */
    const char *error; /* why argv is refused, or NULL */
    const char *culprit; /* the argument that `error` is about */
};

/* Reads argv into `options`; returns 0, or -EINVAL with `error` and `culprit` set. Looks at nothing but argv.
 * What is refused may be given to cli_run all the same: stock Lua runs LUA_INIT before it shows its usage. */
int cli_parse(int argc, char **argv, struct cli_options *options);

/* Reads a size: a whole number of bytes, or of KiB, MiB or GiB with K, M or G behind it. Returns 0, or -EINVAL when
 * `text` is none or does not fit; then `size` is left alone. */
int cli_size(const char *text, size_t *size);

/* Called for each -e and -l before the script in order: `option` is 'e' or 'l', `value` its argument.
 * Stops at the first that does not return 0, and returns that. */
int cli_each_option(const struct cli_options *options, int (*visit)(void *context, char option, const char *value), void *context);

/* The commands. `L` has its libraries open. Each reports its own errors on standard error. */
int cli_run(lua_State *L, const struct cli_options *options);
int cli_repl(lua_State *L, const struct cli_options *options);
int cli_help(lua_State *L, const struct cli_options *options);
int cli_version(void);
int cli_doctor(lua_State *L, const struct cli_options *options);
int cli_data(const struct cli_options *options);

/* A command that an embedded module is: calls its `main` with `first`, unless that is NULL, and the command's words, and
 * returns the number that it gives as the exit status. */
int cli_module(lua_State *L, const struct cli_options *options, const char *module, lua_CFunction first);

/* Makes what cli_repl needs, so that a script that runs before the session can take nothing away from it. May be left
 * out: cli_repl does it then. */
int repl_open(lua_State *L, const struct cli_options *options);

/* The name under which messages appear: argv[0], as stock Lua does. Set once, before the first message. */
void report_name(const char *name);

/* The name that report_name set, else "moonbear". */
const char *report_program(void);

/* "NAME: message" on standard error; without a name when it is NULL. */
void report_line(const char *name, const char *message);

/* Prints the error on top of the stack as stock Lua does, pops it, and returns CLI_FAILED; CLI_OK for status 0. */
int report_status(lua_State *L, int status);

/* lua_pcall with a traceback and with Ctrl-C turned into the error "interrupted!"; `results` as lua_pcall has it.
 * After an error a full collection has been done, and the message is on top of the stack. */
int report_call(lua_State *L, int arguments, int results);

/* As report_call, without a traceback and without a collection. */
int report_pcall(lua_State *L, int arguments, int results);

/* Between these two messages appear without a name, as stock Lua's session has it. With `keep`, Ctrl-C never ends the
 * process between calls, and inside one only the third press does when the first two could not be raised. */
void report_session_begin(int keep);
void report_session_end(void);

/* How a call of moonbear looks, on standard error. */
void help_usage(const struct cli_options *options);

#endif
