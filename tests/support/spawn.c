/* spawn.c: spawn PROGRAM [ARG...]: run a program by plat_spawn, its output through a pipe, and give its exit code.
 * SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "platform.h"

int main(int argc, char **argv) {
    struct plat_spawn what = { .argv = argv + 1, .group = 1, .streams = { PLAT_INHERIT, PLAT_PIPE, PLAT_INHERIT } };
    struct plat_child child;
    char text[512];
    ssize_t got;
    int code = -1, error = argc > 1 ? plat_spawn(&what, &child) : -EINVAL;
    if (error) {
        fprintf(stderr, "spawn: %s\n", plat_error_name(error));
        return 125;
    }
    while ((got = read(child.streams[1], text, sizeof text)) > 0) fwrite(text, 1, (size_t)got, stdout);
    return plat_wait(&child, -1, &code) == 0 ? code : 124;
}
