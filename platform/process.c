/* process.c: what is needed to run other programs.
 * Invariant: see platform.h.
 * SPDX-License-Identifier: MIT */
#include "platform.h"

#include <errno.h>
#include <unistd.h>

int plat_shell(void) {
    return access("/bin/sh", X_OK) == 0 ? 0 : -errno;
}
