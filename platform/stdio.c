/* stdio.c: standard streams that are closed, full or broken.
 * Invariant: output that could not be written is reported once, at exit.
 * SPDX-License-Identifier: MIT */
#include "platform.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The errno of the first failed write to standard output; stdio itself keeps only a flag. */
static int lost;

/* Writing to the read end of a pipe fails with EBADF; reading from it, its other end closed, gives end of file. */
static void occupy(const struct pollfd streams[3]) {
    int ends[2];
    if (pipe(ends) != 0) return;
    for (int i = 0; i < 3; i++)
        if (streams[i].revents & POLLNVAL) dup2(ends[0], i);
    for (int i = 0; i < 2; i++)
        if (ends[i] > 2) close(ends[i]);
}

void plat_streams_reserve(void) {
    struct pollfd streams[3] = { { .fd = 0 }, { .fd = 1 }, { .fd = 2 } };
    if (poll(streams, 3, 0) < 0) return;
    if ((streams[0].revents | streams[1].revents | streams[2].revents) & POLLNVAL) occupy(streams);
}

int plat_fputs(const char *text, FILE *stream) {
    int result = fputs(text, stream);
    if (result < 0 && stream == stdout && !lost) lost = errno;
    return result;
}

static int flush_failed(void) {
    if (fflush(stdout) != 0 && !lost) lost = errno;
    return lost || ferror(stdout);
}

_Noreturn void plat_exit(int status) {
    if (flush_failed()) {
        fprintf(stderr, "moonbear: standard output lost data: %s\n", lost ? strerror(lost) : "a write failed");
        if (status == 0) status = EXIT_FAILURE;
    }
    exit(status);
}
