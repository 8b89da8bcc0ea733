/* caps.c: caps FROM TO STEP PROGRAM ARG...: run `PROGRAM --memory-limit=SIZEK ARG...` with each SIZE in that range and print a line
 * "SIZE STATUS FIRST LINE" of each, FIRST LINE being that of its output, errors among it. A shell takes four times as long.
 * Invariant: a child is waited for before the next begins; the status of one that a signal ended is 128 and its number.
 * SPDX-License-Identifier: MIT */
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { REFUSED = 125 };

extern char **environ;

/* Its exit status, with what it wrote in the file. */
static int run(char **words, int file) {
    posix_spawn_file_actions_t streams;
    pid_t child;
    int status;
    posix_spawn_file_actions_init(&streams);
    posix_spawn_file_actions_adddup2(&streams, file, 1);
    posix_spawn_file_actions_adddup2(&streams, file, 2);
    if (ftruncate(file, 0) != 0 || lseek(file, 0, SEEK_SET) != 0 || posix_spawn(&child, words[0], &streams, NULL, words, environ) != 0)
        return REFUSED;
    posix_spawn_file_actions_destroy(&streams);
    if (waitpid(child, &status, 0) != child) return REFUSED;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void tell(long size, int status, int file) {
    char text[512];
    ssize_t got = pread(file, text, sizeof text - 1, 0);
    text[got > 0 ? got : 0] = '\0';
    text[strcspn(text, "\n")] = '\0';
    printf("%ld %d %s\n", size, status, text);
}

int main(int argc, char **argv) {
    char option[64];
    FILE *output = tmpfile();
    if (argc < 5 || !output) return REFUSED;
    long to = atol(argv[2]), step = atol(argv[3]);
    char **words = argv + 3;
    words[0] = argv[4];
    words[1] = option;
    for (long size = atol(argv[1]); size <= to; size += step) {
        snprintf(option, sizeof option, "--memory-limit=%ldK", size);
        int status = run(words, fileno(output));
        tell(size, status, fileno(output));
    }
    return 0;
}
