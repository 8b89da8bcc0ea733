/* help.c: help topics, the version, and the usage line.
 * Invariant: every text but the usage line is an embedded help topic, so that nothing is needed from the host.
 * SPDX-License-Identifier: MIT */
#include "cli/cli.h"

#include <stdio.h>

#include "platform.h"

static void help_stock(const char *name) {
    fprintf(stderr,
            "usage: %s [options] [script [args]].\n"
            "Available options are:\n"
            "  -e stat  execute string 'stat'\n"
            "  -l name  require library 'name'\n"
            "  -i       enter interactive mode after executing 'script'\n"
            "  -v       show version information\n"
            "  -E       ignore environment variables\n"
            "  --       stop handling options\n"
            "  -        execute stdin and stop handling options\n",
            name);
}

void help_usage(const struct cli_options *o) {
    const char *name = report_program();
    if (o->stock) {
        help_stock(name);
        return;
    }
    fprintf(stderr, "%s: %s: %s\n", name, o->culprit, o->error);
    fprintf(stderr, "usage: %s [options] [SCRIPT [ARG...]] | repl | doctor | data | help [TOPIC]; see '%s help'\n", name, name);
}

int cli_version(void) {
    printf("moonbear %s\n", MOONBEAR_VERSION);
    printf("engine   %s (Debian's patches and moonbear's)\n", LUA_RELEASE);
    printf("libc     %s, static\n", plat_libc());
    printf("cpu      %s\n", plat_arch());
    printf("build id %s\n", plat_build_id());
    return CLI_OK;
}

/* The texts are shaped by the Lua module moonbear.help: a list of topics, a topic, or a man page. */
int cli_help(lua_State *L, const struct cli_options *o) {
    return cli_module(L, o, "moonbear.help", NULL);
}
