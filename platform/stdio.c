/* stdio.c: standard streams that are closed, full or broken.
 * Invariant: output that could not be written is reported once, at exit.
 * SPDX-License-Identifier: MIT */
#include "platform.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The errno of the first failed write to standard output; stdio itself keeps only a flag. */
static int lost;

/* Reading from the write end of a pipe fails with EBADF, and so does writing to its read end. */
static void occupy(const struct pollfd streams[3]) {
    int ends[2];
    if (pipe(ends) != 0) return;
    /* The pipe itself may have landed on the very numbers: move it out of the way before they are given out. */
    int reader = fcntl(ends[0], F_DUPFD, 3), writer = fcntl(ends[1], F_DUPFD, 3);
    for (int i = 0; i < 3 && reader > 2 && writer > 2; i++)
        if (streams[i].revents & POLLNVAL) dup2(i == 0 ? writer : reader, i);
    if (reader > 2) close(reader);
    if (writer > 2) close(writer);
    for (int i = 0; i < 2; i++)
        if (ends[i] > 2) close(ends[i]);
}

void plat_streams_reserve(void) {
    struct pollfd streams[3] = { { .fd = 0 }, { .fd = 1 }, { .fd = 2 } };
    if (poll(streams, 3, 0) < 0) return;
    if ((streams[0].revents | streams[1].revents | streams[2].revents) & POLLNVAL) occupy(streams);
}

static void note(int failed, FILE *stream) {
    if (failed && stream == stdout && !lost) lost = errno;
}

int plat_fputs(const char *text, FILE *stream) {
    int result = fputs(text, stream);
    note(result < 0, stream);
    return result;
}

/* musl refuses to read a stream that is open for writing only, and the reverse, without setting errno. */
void plat_clearerr(FILE *stream) {
    clearerr(stream);
    errno = EBADF;
}

char *plat_fgets(char *line, int size, FILE *stream) {
    errno = EBADF;
    return fgets(line, size, stream);
}

size_t plat_fwrite(const void *data, size_t size, size_t count, FILE *stream) {
    errno = EBADF;
    size_t written = fwrite(data, size, count, stream);
    note(written < count, stream);
    return written;
}

int plat_fprintf(FILE *stream, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    errno = EBADF;
    int result = vfprintf(stream, format, arguments);
    va_end(arguments);
    note(result < 0, stream);
    return result;
}

int plat_fflush(FILE *stream) {
    int result = fflush(stream);
    note(result != 0, stream);
    return result;
}

int plat_flush(void) {
    plat_fflush(stdout);
    return lost ? -lost : ferror(stdout) ? -EIO : 0;
}

/* An error that came without a cause on record may be the one meant. */
void plat_stdout_forgive(void) {
    if (lost && lost != EINTR) return;
    lost = 0;
    clearerr(stdout);
}

_Noreturn void plat_exit(int status) {
    if (plat_flush() != 0) {
        const char *name = program_invocation_name;
        fprintf(stderr, "%s: standard output lost data: %s\n", name && *name ? name : "moonbear",
                lost ? strerror(lost) : "a write failed");
        if (status == 0) status = EXIT_FAILURE;
    }
    exit(status);
}
