/* alloc.c: the raw source of the engine's blocks in the sanitizer variants: their own malloc, so that they see each block.
 * Invariant: see engine/engine.h.
 * SPDX-License-Identifier: MIT */
#include "engine/engine.h"

#include <stdlib.h>

void *engine_alloc(void *heap, void *block, size_t old_size, size_t new_size) {
    (void)heap;
    (void)old_size;
    if (new_size != 0) return realloc(block, new_size);
    free(block);
    return NULL;
}
