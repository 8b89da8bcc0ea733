/* fuzz.h: what fuzz targets share. A target is tests/fuzz/NAME_fuzz.c with LLVMFuzzerTestOneInput; its seeds are the
 * files of tests/fuzz/seeds/NAME. `make fuzz` runs them all.
 * SPDX-License-Identifier: MIT */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold for every input. */
#define HOLDS(claim) \
    do { \
        if (!(claim)) { \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #claim); \
            abort(); \
        } \
    } while (0)

/* Takes up to `count` bytes off the input into `to`; what is missing stays zero. */
static inline void fuzz_take(const uint8_t **data, size_t *size, void *to, size_t count) {
    size_t have = count < *size ? count : *size;
    memset(to, 0, count);
    memcpy(to, *data, have);
    *data += have;
    *size -= have;
}

#endif
