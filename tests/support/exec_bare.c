/* exec_bare.c: exec_bare PROGRAM: run a program with an empty argv and an empty environment, as execve(2) allows.
 * Kernels since 5.18 put an empty argv[0] in place of none.
 * SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv) {
    static char *none[] = { NULL };
    if (argc != 2) {
        fputs("usage: exec_bare PROGRAM\n", stderr);
        return 2;
    }
    execve(argv[1], none, none);
    perror(argv[1]);
    return 126;
}
