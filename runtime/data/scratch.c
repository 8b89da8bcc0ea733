/* scratch.c: see scratch.h.
 * Invariant: see scratch.h.
 * SPDX-License-Identifier: MIT */
#include "data/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The folder of a path into folder[size]; "." when it names none. */
static int folder_of(const char *path, char *folder, size_t size) {
    const char *slash = strrchr(path, '/');
    size_t length = slash ? (size_t)(slash - path) + 1 : 0;
    if (length + 2 > size) return -ENAMETOOLONG;
    memcpy(folder, path, length);
    strcpy(folder + length, ".");
    return 0;
}

/* Names are tried until one is free. */
static int open_and_remove(char *folder, size_t size, int *fd) {
    size_t length = strlen(folder) - 1;
    for (int n = 0; n < 1000; n++) {
        int written = snprintf(folder + length, size - length, ".moonbear-%d-%d", (int)getpid(), n);
        if (written < 0 || (size_t)written >= size - length) return -ENAMETOOLONG;
        *fd = open(folder, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (*fd < 0 && errno == EEXIST) continue;
        if (*fd < 0) return -errno;
        unlink(folder);
        return 0;
    }
    return -EEXIST;
}

int scratch_open(const char *beside, int *fd) {
    char folder[PATH_MAX];
    int result = folder_of(beside, folder, sizeof folder);
    if (result < 0) return result;
    *fd = open(folder, O_RDWR | O_TMPFILE | O_EXCL | O_CLOEXEC, 0600);
    return *fd >= 0 ? 0 : open_and_remove(folder, sizeof folder, fd);
}

int scratch_write(int fd, uint64_t at, const void *data, size_t size) {
    const char *from = data;
    while (size > 0) {
        ssize_t written = pwrite(fd, from, size, (off_t)at);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return written < 0 ? -errno : -EIO;
        from += written;
        at += (uint64_t)written;
        size -= (size_t)written;
    }
    return 0;
}

int scratch_read(int fd, uint64_t at, void *data, size_t size) {
    char *to = data;
    while (size > 0) {
        ssize_t got = pread(fd, to, size, (off_t)at);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return got < 0 ? -errno : -EIO;
        to += got;
        at += (uint64_t)got;
        size -= (size_t)got;
    }
    return 0;
}
