/* alloc.c: memory that is refused on demand. The hostile build links this with the linker's --wrap, so that every
 * allocation of the engine, of C modules and of the C library itself passes here.
 * Invariant: what is refused leaves everything as it was; a block that shrinks is never refused, as Lua requires.
 * SPDX-License-Identifier: MIT
 *
 * HOSTILE_AT=N        the N-th request is refused; 0 or nothing refuses none
 * HOSTILE_MODE=from   and so is every later one
 * HOSTILE_FD=D        at exit, "REQUESTS BLOCKS" is written to descriptor D: all requests, and blocks not given back */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Tests of platform/ are linked without the engine. */
void *__real_engine_alloc(void *data, void *block, size_t old_size, size_t new_size) __attribute__((weak));
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void __real_free(void *block);
void *__real_mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset);

void *__wrap_engine_alloc(void *data, void *block, size_t old_size, size_t new_size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
void __wrap_free(void *block);
void *__wrap_mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset);

static unsigned long requests, refused_at;
static long blocks;
static int refuse_later, report_to = -1;

/* Set while the real function runs: what it asks for in turn is its own affair. */
static int inside;

__attribute__((constructor)) static void begin(void) {
    const char *at = getenv("HOSTILE_AT"), *mode = getenv("HOSTILE_MODE"), *fd = getenv("HOSTILE_FD");
    refused_at = at ? strtoul(at, NULL, 10) : 0;
    refuse_later = mode && strcmp(mode, "from") == 0;
    report_to = fd ? atoi(fd) : -1;
}

__attribute__((destructor)) static void end(void) {
    char text[64];
    int length = snprintf(text, sizeof text, "%lu %ld\n", requests, blocks);
    if (report_to >= 0 && write(report_to, text, (size_t)length) != length) _exit(99);
}

static int refuse(void) {
    requests++;
    if (refused_at == 0 || requests < refused_at || (requests > refused_at && !refuse_later)) return 0;
    errno = ENOMEM;
    return 1;
}

/* One block more when `before` is none, one less when `after` is none. */
static void *moved(const void *before, void *after) {
    blocks += (after != NULL) - (before != NULL);
    return after;
}

void *__wrap_engine_alloc(void *data, void *block, size_t old_size, size_t new_size) {
    if (new_size > (block ? old_size : 0) && refuse()) return NULL;
    inside++;
    void *after = __real_engine_alloc(data, block, old_size, new_size);
    inside--;
    return after || new_size == 0 ? moved(block, after) : NULL;
}

void *__wrap_malloc(size_t size) {
    if (inside) return __real_malloc(size);
    return refuse() ? NULL : moved(NULL, __real_malloc(size));
}

void *__wrap_calloc(size_t count, size_t size) {
    if (inside) return __real_calloc(count, size);
    if (refuse()) return NULL;
    inside++;
    void *block = __real_calloc(count, size);
    inside--;
    return moved(NULL, block);
}

void *__wrap_realloc(void *block, size_t size) {
    if (inside) return __real_realloc(block, size);
    if (refuse()) return NULL;
    inside++;
    void *after = __real_realloc(block, size);
    inside--;
    return after || size == 0 ? moved(block, after) : NULL;
}

void __wrap_free(void *block) {
    if (!inside) moved(block, NULL);
    __real_free(block);
}

void *__wrap_mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset) {
    if (!inside && refuse()) return MAP_FAILED;
    return __real_mmap(at, size, protection, flags, fd, offset);
}
