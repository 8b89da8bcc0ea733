/* memory.c: pages from the kernel, and a static reserve for the host that gives none.
 * Invariant: see platform.h; a refusal leaves everything as it was.
 * SPDX-License-Identifier: MIT */
#include "platform.h"

#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>

enum { PAGE = 4096 };

uint64_t plat_memory_limit(void) {
    struct plat_fact facts[8];
    int count = plat_host("cgroup", facts, 8);
    for (int i = 0; i < count; i++)
        if (strcmp(facts[i].name, "memory_limit") == 0 && facts[i].error == 0 && facts[i].number != PLAT_UNLIMITED)
            return facts[i].number;
    return 0;
}

static void *map(size_t size) {
    void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return pages == MAP_FAILED ? NULL : pages;
}

/* The kernel puts mappings side by side, so that after the first aligned one the next usually is aligned too. */
void *plat_pages_map(size_t size, size_t alignment) {
    char *pages = map(size);
    if (!pages || alignment <= PAGE || ((uintptr_t)pages & (alignment - 1)) == 0) return pages;
    munmap(pages, size);
    pages = map(size + alignment);
    if (!pages) return NULL;
    char *start = (char *)(((uintptr_t)pages + alignment - 1) & ~(uintptr_t)(alignment - 1));
    if (start > pages) munmap(pages, (size_t)(start - pages));
    munmap(start + size, alignment - (size_t)(start - pages));
    return start;
}

void plat_pages_unmap(void *pages, size_t size) {
    munmap(pages, size);
}

void *plat_pages_resize(void *pages, size_t size, size_t wanted) {
    void *moved = mremap(pages, size, wanted, MREMAP_MAYMOVE);
    if (moved != MAP_FAILED) return moved;
    if (wanted < size) {
        munmap((char *)pages + wanted, size - wanted);
        return pages;
    }
    moved = map(wanted);
    if (!moved) return NULL;
    memcpy(moved, pages, size);
    munmap(pages, size);
    return moved;
}

/* MADV_POPULATE_WRITE of madvise(2), which the headers of older C libraries lack. */
enum { POPULATE_WRITE = 23 };

void plat_pages_ahead(void *pages, size_t size) {
    madvise(pages, size, POPULATE_WRITE);
}

void plat_pages_huge(void *pages, size_t size) {
    madvise(pages, size, MADV_HUGEPAGE);
}

void plat_pages_discard(void *pages, size_t size) {
    madvise(pages, size, MADV_DONTNEED);
}

/* Twice the size, since old kernels do not align a position-independent program as it asks. */
static char reserve[2 * PLAT_RESERVE];
static atomic_flag reserve_taken = ATOMIC_FLAG_INIT;
static atomic_bool reserve_dirty;

static void *reserve_start(void) {
    return (void *)(((uintptr_t)reserve + PLAT_RESERVE - 1) & ~(uintptr_t)(PLAT_RESERVE - 1));
}

void *plat_reserve_take(void) {
    if (atomic_flag_test_and_set(&reserve_taken)) return NULL;
    if (atomic_exchange(&reserve_dirty, 1)) memset(reserve_start(), 0, PLAT_RESERVE);
    return reserve_start();
}

int plat_reserve_give(void *memory) {
    if (memory != reserve_start()) return 0;
    plat_pages_discard(memory, PLAT_RESERVE);
    atomic_flag_clear(&reserve_taken);
    return 1;
}
