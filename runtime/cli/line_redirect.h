/* line_redirect.h: forced before linenoise's source: its memory comes from line_memory.h.
 * The standard headers come first: the macros below must never rename a declaration.
 * SPDX-License-Identifier: MIT */
#ifndef LINE_REDIRECT_H
#define LINE_REDIRECT_H

#include <stdlib.h>
#include <string.h>

#include "cli/line_memory.h"

#undef strdup
#define malloc line_malloc
#define calloc line_calloc
#define realloc line_realloc
#define strdup line_strdup
#define free line_free

#endif
