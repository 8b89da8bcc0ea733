/* stat_fuzz.c: the parser of /proc/self/stat takes any bytes, and no name of a program misleads it.
 * SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include "stack.h"

static uintptr_t parse(const char *before, const uint8_t *data, size_t size) {
    size_t head = strlen(before);
    char *copy = malloc(head + size + 1);
    memcpy(copy, before, head);
    memcpy(copy + head, data, size);
    uintptr_t start = stack_stat_parse(copy, head + size);
    free(copy);
    return start;
}

/* A copy of exact size, so that one byte too far is seen. What stands before the last bracket does not matter. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *exact = malloc(size ? size : 1);
    memcpy(exact, data, size);
    uintptr_t start = stack_stat_parse(exact, size);
    free(exact);
    if (size && memchr(data, ')', size)) {
        HOLDS(parse("7 (", data, size) == start);
        HOLDS(parse(") 1 2 3 4 5 6 7 8 9 ", data, size) == start);
    } else {
        HOLDS(start == 0);
    }
    return 0;
}
