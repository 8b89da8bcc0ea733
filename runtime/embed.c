/* embed.c: finding a file that the binary carries.
 * Invariant: see embed.h.
 * SPDX-License-Identifier: MIT */
#include "embed.h"

#include <stdlib.h>
#include <string.h>

static int by_name(const void *name, const void *file) {
    return strcmp(name, ((const struct embed_file *)file)->name);
}

const struct embed_file *embed_find(const char *name) {
    return bsearch(name, embed_files, embed_count, sizeof embed_files[0], by_name);
}
