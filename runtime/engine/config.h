/* config.h: how Lua 5.1.5 is tuned: forced before every source that includes lua.h, so that all agree.
 * Only macros of luaconf.h are set here; what needs other code is a patch in patches/.
 * SPDX-License-Identifier: MIT */
#ifndef ENGINE_CONFIG_H
#define ENGINE_CONFIG_H

#define LUA_USE_POSIX
/* luaconf.h shows parts of itself only to sources that have defined these names; here it is included before them. */
#define loslib_c
#define LUA_CORE
#include "luaconf.h"

/* luaL_Buffer lies on the C stack, which may be small: the same size on every C library (glibc's BUFSIZ is 8 KiB). */
#undef LUAL_BUFFERSIZE
#define LUAL_BUFFERSIZE 1024

/* Slots of one C function: "too many results to unpack" and the like begin here. See patches/0305. */
#undef LUAI_MAXCSTACK
#define LUAI_MAXCSTACK 1000000

/* The libraries' names alone are more than 128 strings: a table that grows to them leaves its smaller selves behind. */
#define MINSTRTABSIZE 256

/* Numbers to text and back as the C library has them, without its cost (engine/number.h). */
int number_text(char *text, double number);
double number_read(const char *text, char **end);
#undef lua_number2str
#define lua_number2str(s, n) number_text((s), (n))
#undef lua_str2number
#define lua_str2number(s, p) number_read((s), (p))

#endif
