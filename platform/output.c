/* output.c: writing to and reading from descriptors without stdio.
 * Invariant: see platform.h; a call that returns 0 has moved on, or met the end.
 * SPDX-License-Identifier: MIT */
#include "platform.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

_Static_assert(sizeof(struct plat_span) == sizeof(struct iovec) && offsetof(struct plat_span, data) == offsetof(struct iovec, iov_base) &&
               offsetof(struct plat_span, size) == offsetof(struct iovec, iov_len), "a span is an iovec");

/* A descriptor that does not block is waited for. */
static int wait_for(int fd, short event) {
    struct pollfd waited = { .fd = fd, .events = event };
    return poll(&waited, 1, -1) < 0 ? -errno : 0;
}

/* Where a filter refuses writev(2), the first span goes alone. */
static ssize_t put(int fd, const struct plat_span *spans, int count) {
    ssize_t result = count == 1 ? -1 : writev(fd, (const struct iovec *)spans, count);
    if (result >= 0 || (count > 1 && errno != ENOSYS && errno != EPERM)) return result;
    return write(fd, spans->data, spans->size);
}

int plat_write(int fd, const struct plat_span *spans, int count, size_t *written) {
    for (;;) {
        ssize_t result = put(fd, spans, count);
        *written = result > 0 ? (size_t)result : 0;
        if (result > 0) return 0;
        if (result == 0) return -EIO;
        if (errno != EAGAIN) return -errno;
        int error = wait_for(fd, POLLOUT);
        if (error < 0) return error;
    }
}

int plat_read(int fd, void *to, size_t size, size_t *got) {
    for (;;) {
        ssize_t result = read(fd, to, size);
        *got = result > 0 ? (size_t)result : 0;
        if (result >= 0) return 0;
        if (errno != EAGAIN) return -errno;
        int error = wait_for(fd, POLLIN);
        if (error < 0) return error;
    }
}

/* ---- From file to file ----------------------------------------------------------------------------------- */

/* What is wrong with the disk or the reader is an answer; everything else means: not in this way. */
static int is_answer(int error) {
    return error == EINTR || error == EAGAIN || error == ENOSPC || error == EDQUOT || error == EIO || error == EPIPE || error == EFBIG;
}

static int is_cut_short(int from, off_t offset) {
    struct stat about;
    return fstat(from, &about) == 0 && about.st_size <= offset;
}

static ssize_t move(int to, int from, off_t offset, size_t size) {
    off_t at = offset;
    ssize_t result = copy_file_range(from, &at, to, NULL, size, 0);
    if (result > 0 || (result < 0 && is_answer(errno))) return result;
    at = offset;
    return sendfile(to, from, &at, size);
}

int plat_send(int to, int from, uint64_t offset, size_t size, size_t *written) {
    enum { MOST = 64 << 20 };
    *written = 0;
    for (;;) {
        ssize_t result = move(to, from, (off_t)offset, size < MOST ? size : MOST);
        if (result > 0) {
            *written = (size_t)result;
            return 0;
        }
        if (result == 0) return is_cut_short(from, (off_t)offset) ? -EFAULT : -ENOSYS;
        if (!is_answer(errno)) return -ENOSYS;
        if (errno != EAGAIN) return -errno;
        int error = wait_for(to, POLLOUT);
        if (error < 0) return error;
    }
}

/* ---- Files to read --------------------------------------------------------------------------------------- */

int plat_open(const char *path) {
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    return fd < 0 ? -errno : fd;
}

void plat_close(int fd) {
    close(fd);
}

size_t plat_left(int fd) {
    struct stat about;
    off_t at = lseek(fd, 0, SEEK_CUR);
    if (at < 0 || fstat(fd, &about) != 0 || !S_ISREG(about.st_mode) || about.st_size <= at) return 0;
    return (uint64_t)(about.st_size - at) > SIZE_MAX / 2 ? SIZE_MAX / 2 : (size_t)(about.st_size - at);
}
