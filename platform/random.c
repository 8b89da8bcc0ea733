/* random.c: bytes that nobody can guess.
 * Invariant: see platform.h.
 * SPDX-License-Identifier: MIT */
#include "platform.h"

#include <errno.h>
#include <string.h>
#include <sys/auxv.h>

int plat_process_secret(unsigned char secret[16]) {
    const void *drawn = (const void *)getauxval(AT_RANDOM);
    if (!drawn) return -ENOENT;
    memcpy(secret, drawn, 16);
    return 0;
}
