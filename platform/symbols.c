/* symbols.c: names for addresses, from a table that a second link pass puts into the binary (scripts/build/symbols).
 * Invariant: the table is sorted by address. Whatever is linked without a second pass (a test, a library) has an empty
 * one in its place.
 * SPDX-License-Identifier: MIT */
#include "platform.h"

#define TABLE __attribute__((visibility("hidden"))) extern const

/* How many names; where each function begins, counted from the start of the file's image; where its name begins. */
TABLE uint32_t plat_symbols_count;
TABLE uint32_t plat_symbols_starts[];
TABLE uint32_t plat_symbols_names[];
TABLE char plat_symbols_text[];

extern const char __ehdr_start[] __attribute__((visibility("hidden")));

/* No function is longer: an address this far behind the last one belongs to none. */
enum { LONGEST = 1 << 20 };

const char *plat_symbol(uintptr_t address, size_t *offset) {
    uintptr_t at = address - (uintptr_t)__ehdr_start;
    uint32_t low = 0, high = plat_symbols_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (plat_symbols_starts[middle] <= at) low = middle + 1;
        else high = middle;
    }
    if (low == 0 || at - plat_symbols_starts[low - 1] >= LONGEST) return NULL;
    *offset = at - plat_symbols_starts[low - 1];
    return plat_symbols_text + plat_symbols_names[low - 1];
}
