/* line_files.c: a history file that several sessions share.
 * Invariant: bytes are only cut off, and a half-written line only taken back, under the lock. See line_files.h.
 * SPDX-License-Identifier: MIT */
#include "cli/line_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* O_NONBLOCK: opening a pipe or a device must not wait. */
static int open_plain(const char *path, int flags, off_t *size) {
    struct stat info;
    int fd = open(path, flags | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600);
    if (fd < 0) return -errno;
    int result = fstat(fd, &info) != 0 ? -errno : S_ISREG(info.st_mode) ? 0 : -EINVAL;
    *size = info.st_size;
    if (result == 0) return fd;
    close(fd);
    return result;
}

/* Another session holds the lock for microseconds; a stopped one must not stop this one. */
static int locked(int fd) {
    for (int tries = 0; tries < 20; tries++) {
        if (flock(fd, LOCK_EX | LOCK_NB) == 0) return 1;
        if (errno != EWOULDBLOCK && errno != EINTR) return 0;
        nanosleep(&(struct timespec){ .tv_nsec = 5000000 }, NULL);
    }
    return 0;
}

static ssize_t read_at(int fd, char *buffer, size_t size, off_t at) {
    size_t done = 0;
    while (done < size) {
        ssize_t n = pread(fd, buffer + done, size - done, at + (off_t)done);
        if (n == 0) break;
        if (n > 0) done += (size_t)n;
        else if (errno != EINTR) return -errno;
    }
    return (ssize_t)done;
}

/* The last `size` bytes, less the line that they may cut in two. */
static ssize_t read_tail(int fd, off_t end, char *buffer, size_t size) {
    off_t from = end > (off_t)size ? end - (off_t)size : 0;
    ssize_t got = read_at(fd, buffer, size, from);
    if (got <= 0 || from == 0) return got;
    char *newline = memchr(buffer, '\n', (size_t)got);
    if (!newline) return 0;
    size_t skip = (size_t)(newline + 1 - buffer);
    memmove(buffer, buffer + skip, (size_t)got - skip);
    return got - (ssize_t)skip;
}

ssize_t line_files_read(const char *path, char *buffer, size_t size) {
    off_t end;
    int fd = open_plain(path, O_RDONLY, &end);
    if (fd < 0) return fd;
    ssize_t got = read_tail(fd, end, buffer, size);
    close(fd);
    return got;
}

/* A file that cannot be cut is longer than it need be, no worse. */
static void cut(int fd, off_t size) {
    int unused = ftruncate(fd, size);
    (void)unused;
}

/* Writes the newest lines over the oldest and then cuts the file. What is kept is less than half of it, so that the
 * newest lines are in the file at every moment, whatever fails. */
static void trim(int fd) {
    struct stat info;
    if (fstat(fd, &info) != 0 || info.st_size < 2 * LINE_FILES_HISTORY) return;
    char *kept = malloc(LINE_FILES_HISTORY);
    if (!kept) return;
    ssize_t size = read_tail(fd, info.st_size, kept, LINE_FILES_HISTORY);
    int plain = fcntl(fd, F_SETFL, 0); /* pwrite(2) to an O_APPEND descriptor appends */
    if (size > 0 && plain == 0 && pwrite(fd, kept, (size_t)size, 0) == size) cut(fd, size);
    free(kept);
}

/* Most are there already; whether it went well shows when the file is opened. */
static void make_folders(const char *path) {
    char folder[4096];
    size_t length = strlen(path);
    if (length >= sizeof folder) return;
    memcpy(folder, path, length + 1);
    for (char *at = folder + 1; *at; at++) {
        if (*at != '/') continue;
        *at = '\0';
        mkdir(folder, 0700);
        *at = '/';
    }
}

/* Beyond the limit of a file's size a write is an error like any other, and not the end of the program. */
static ssize_t write_quietly(int fd, const char *text, size_t size) {
    struct sigaction ignore = { .sa_handler = SIG_IGN }, before;
    sigaction(SIGXFSZ, &ignore, &before);
    ssize_t wrote = write(fd, text, size);
    int cause = errno;
    sigaction(SIGXFSZ, &before, NULL);
    errno = cause;
    return wrote;
}

static int open_to_add(const char *path) {
    off_t unused;
    return open_plain(path, O_RDWR | O_APPEND | O_CREAT, &unused);
}

static int add(int fd, char *text, size_t size) {
    struct stat info;
    char last = '\n';
    int alone = locked(fd);
    if (fstat(fd, &info) != 0) return -errno;
    if (info.st_size > 0) read_at(fd, &last, 1, info.st_size - 1);
    size_t skip = last == '\n'; /* a line that somebody left without an end gets one */
    ssize_t wrote = write_quietly(fd, text + skip, size - skip);
    int result = wrote == (ssize_t)(size - skip) ? 0 : wrote < 0 ? -errno : -ENOSPC;
    if (alone && result < 0) cut(fd, info.st_size);
    if (alone && result == 0) trim(fd);
    return result;
}

int line_files_add(const char *path, const char *text, size_t size) {
    int fd = open_to_add(path);
    if (fd == -ENOENT) {
        make_folders(path);
        fd = open_to_add(path);
    }
    if (fd < 0) return fd;
    char *whole = malloc(size + 2);
    int result = -ENOMEM;
    if (whole) {
        whole[0] = whole[size + 1] = '\n';
        memcpy(whole + 1, text, size);
        result = add(fd, whole, size + 2);
    }
    free(whole);
    close(fd);
    return result;
}

ssize_t line_files_names(const char *folder, char *buffer, size_t size) {
    DIR *open_folder = opendir(folder);
    struct dirent *entry;
    size_t used = 0;
    if (!open_folder) return -errno;
    while ((entry = readdir(open_folder)) != NULL) {
        size_t length = strlen(entry->d_name) + 1;
        if (length > size - used) break;
        memcpy(buffer + used, entry->d_name, length);
        used += length;
    }
    closedir(open_folder);
    return (ssize_t)used;
}
