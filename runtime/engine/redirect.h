/* redirect.h: the C library functions whose place the platform layer takes inside the engine's own sources.
 * The standard headers come first: the macros below must never rename a declaration.
 * SPDX-License-Identifier: MIT */
#ifndef ENGINE_REDIRECT_H
#define ENGINE_REDIRECT_H

#include <ctype.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "platform.h"

#include "engine/arithmetic.h"
#include "engine/ascii.h"
#include "engine/copy.h"
#include "engine/find.h"

/* Sizes that the compiler knows are its own business. */
#define memcpy(to, from, size) (__builtin_constant_p(size) ? memcpy((to), (from), (size)) : copy_bytes((to), (from), (size)))
#define memcmp(a, b, size) compare_bytes((a), (b), (size))
#define memmem(text, size, wanted, length) find_bytes((text), (size), (wanted), (length))

#undef isalnum
#undef isalpha
#undef iscntrl
#undef isdigit
#undef islower
#undef ispunct
#undef isspace
#undef isupper
#undef isxdigit
#undef tolower
#undef toupper
#define isalnum ascii_alnum
#define isalpha ascii_alpha
#define iscntrl ascii_control
#define isdigit ascii_digit
#define islower ascii_lower
#define ispunct ascii_punct
#define isspace ascii_space
#define isupper ascii_upper
#define isxdigit ascii_xdigit
#define tolower ascii_to_lower
#define toupper ascii_to_upper

/* Scripts ask for the largest whole number all the time. */
#define floor arithmetic_floor

/* luaconf.h has been read, and asks the C library for these. */
#undef luai_nummod
#define luai_nummod(a, b) arithmetic_modulo((a), (b))
#undef luai_numpow
#define luai_numpow(a, b) arithmetic_power((a), (b))

/* The C library keeps one broken-down time for the whole process; runtimes of other threads ask too. */
static inline struct tm *own_time(struct tm *(*convert)(const time_t *when, struct tm *result), const time_t *when) {
    static _Thread_local struct tm result;
    return convert(when, &result);
}
#define gmtime(when) own_time(gmtime_r, (when))
#define localtime(when) own_time(localtime_r, (when))

#define setlocale plat_setlocale
#define exit plat_exit
#define fputs plat_fputs
#define fwrite plat_fwrite
#define fprintf plat_fprintf
#define fflush plat_fflush
#define clearerr plat_clearerr
#define fgets plat_fgets

#endif
