/* map.c: files as memory.
 * Invariant: what is mapped has a size that the host told; nothing that is refused leaves a descriptor open.
 * SPDX-License-Identifier: MIT */
#include "platform.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Files of /proc and /sys say 0 and have something to read. */
static int is_empty(int file) {
    char byte;
    ssize_t got;
    do got = pread(file, &byte, 1, 0);
    while (got < 0 && errno == EINTR);
    return got < 0 ? -errno : got > 0 ? -ENODEV : 0;
}

static int map_file(int file, struct plat_map *map) {
    struct stat about;
    if (fstat(file, &about) != 0) return -errno;
    if (S_ISDIR(about.st_mode)) return -EISDIR;
    if (!S_ISREG(about.st_mode)) return -ENODEV;
    if ((uint64_t)about.st_size > SIZE_MAX / 2) return -EFBIG;
    *map = (struct plat_map){ "", (size_t)about.st_size, -1 };
    if (map->size == 0) return is_empty(file);
    void *data = mmap(NULL, map->size, PROT_READ, MAP_SHARED, file, 0);
    if (data == MAP_FAILED) return -errno;
    map->data = data;
    return 0;
}

/* O_NONBLOCK: opening a pipe does not wait for its other end. */
int plat_map(const char *path, struct plat_map *map) {
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (file < 0) return -errno;
    int result = map_file(file, map);
    if (result == 0 && map->size >= PLAT_MAP_KEPT) map->file = file;
    else close(file);
    return result;
}

void plat_unmap(struct plat_map *map) {
    if (map->size) munmap((void *)map->data, map->size);
    if (map->file >= 0) close(map->file);
    map->file = -1;
}
