/* crash_test.c: dying on purpose, in the ways that the crash report knows how to explain.
 * Invariant: see platform.h.
 * SPDX-License-Identifier: MIT */
#include "platform.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Through pointers that the compiler cannot see through: each of these is an error that it would remove. */
static int (*volatile again)(int depth);
static volatile int *volatile nowhere = (volatile int *)16;

static int by_null(void) {
    return *nowhere = 1;
}

/* Stops only at the guard: each level keeps a page that later levels cannot share. */
static int descend(int depth) {
    volatile char page[4096];
    page[0] = (char)depth;
    return again(depth + 1) + page[0];
}

static int by_overflow(void) {
    again = descend;
    return descend(0);
}

/* A file without a name: in memory, or in /tmp where memfd_create is refused. */
static int nameless_file(void) {
    int fd = memfd_create("crash-test", MFD_CLOEXEC);
    if (fd >= 0) return fd;
    return open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
}

/* A mapping of a file that was then cut short, as another program would. */
static int by_truncated_mapping(void) {
    int fd = nameless_file();
    if (fd < 0 || ftruncate(fd, 8192) != 0) return -errno;
    volatile char *map = mmap(NULL, 8192, PROT_READ, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED || ftruncate(fd, 4096) != 0) return -errno;
    return map[4096];
}

int plat_crash_test(const char *kind) {
    if (strcmp(kind, "null") == 0) return by_null();
    if (strcmp(kind, "overflow") == 0) return by_overflow();
    if (strcmp(kind, "bus") == 0) return by_truncated_mapping();
    if (strcmp(kind, "abort") == 0) abort();
    return -EINVAL;
}
