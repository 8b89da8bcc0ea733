/* alloc.c: where the engine's memory comes from.
 * Invariant: see engine.h.
 * SPDX-License-Identifier: MIT */
#include "engine.h"

#include <stdlib.h>

void *engine_alloc(void *unused, void *block, size_t old_size, size_t new_size) {
    (void)unused;
    (void)old_size;
    if (new_size != 0) return realloc(block, new_size);
    free(block);
    return NULL;
}
