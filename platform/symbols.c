/* symbols.c: the native stack, seen through libunwind.
 * Invariant: see platform.h.
 * SPDX-License-Identifier: MIT */
#include "platform.h"

#define UNW_LOCAL_ONLY
#include <libunwind.h>

int plat_unwind_warm(void) {
    unw_context_t context;
    unw_cursor_t cursor;
    int frames = 0;
    if (unw_getcontext(&context) < 0 || unw_init_local(&cursor, &context) < 0) return 0;
    while (unw_step(&cursor) > 0) frames++;
    return frames;
}
