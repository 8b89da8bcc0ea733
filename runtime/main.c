/* main.c: argv -> command -> protected run -> exit status.
 * Invariant: every error has one exit; nothing of the host is opened before a script asks for it.
 * SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "lauxlib.h"

#include "cli/cli.h"
#include "engine/engine.h"
#include "libs.h"
#include "platform.h"

struct job {
    struct cli_options options;
    struct engine_budget time; /* never ended: it binds the finalizers at the end, too */
    int status;
};

static int dispatch(lua_State *L, const struct cli_options *o) {
    switch (o->command) {
    case CLI_HELP: return cli_help(L, o);
    case CLI_VERSION: return cli_version();
    case CLI_DOCTOR: return cli_doctor(L, o);
    case CLI_DATA: return cli_data(o);
    default: return cli_run(L, o);
    }
}

static void limit_time(lua_State *L, struct job *job) {
    int refused = job->options.seconds > 0 ? engine_time_begin(L, job->options.seconds, &job->time) : 0;
    if (refused) luaL_error(L, "--time-limit: this host refuses timers (%s)", strerror(-refused));
}

/* The collector rests while the libraries open, and what they made is not looked through right away: nothing of it is
 * garbage. */
static int protected_main(lua_State *L) {
    struct job *job = lua_touserdata(L, 1);
    lua_gc(L, LUA_GCSTOP, 0);
    libs_open(L);
    if (job->options.ignore_env) libs_ignore_environment(L);
    engine_settle(L);
    limit_time(L, job);
    job->status = dispatch(L, &job->options);
    return 0;
}

static int run(struct job *job) {
    lua_State *L = engine_new_with(&job->options.engine);
    if (!L) {
        report_line(report_program(), "cannot create state: not enough memory");
        return CLI_FAILED;
    }
    engine_trace(L);
    int status = report_status(L, lua_cpcall(L, protected_main, job));
    engine_leave(L);
    engine_trace(NULL);
    return status ? status : job->status;
}

/* The process ends here: to go back first, and unmap the stack, would only cost time. */
static void run_on_stack(void *argument) {
    plat_exit(run(argument));
}

/* MOONBEAR_CRASH=off leaves the fatal signals to whoever else wants them, such as a debugger's own handlers. */
static void crash_begin(void) {
    const char *wish = getenv("MOONBEAR_CRASH");
    if (wish && strcmp(wish, "off") == 0) return;
    plat_crash_begin();
    plat_crash_section("Lua frames", engine_traceback);
}

int main(int argc, char **argv) {
    struct job job = { .status = CLI_OK };
    plat_seal();
    plat_streams_reserve();
    plat_self_begin(argv);
    crash_begin();
    if (argc > 0 && argv[0][0]) report_name(argv[0]);
    if (cli_parse(argc, argv, &job.options) != 0 && !job.options.stock) {
        help_usage(&job.options);
        plat_exit(CLI_USAGE);
    }
    if (job.options.init && plat_init() != 0) report_line(argv[0], "--init: this host allows no second process");
    plat_stack_run(job.options.stack_size, run_on_stack, &job);
    return CLI_FAILED; /* never */
}
