/* repl.c: the interactive session. */
#include "cli/cli.h"
int cli_repl(lua_State *L, const struct cli_options *o) { (void)L; (void)o; return 0; }
