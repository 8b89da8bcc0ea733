/* seal.c: what a loader does last: constants that were relocated become read-only.
 * Invariant: see platform.h; a refusal leaves everything as it was.
 * SPDX-License-Identifier: MIT */
#include "platform.h"

#include <errno.h>
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

/* The first object is the program itself. The linker ends the part at a page; a page that is only half its own stays. */
static int seal(struct dl_phdr_info *info, size_t size, void *result) {
    (void)size;
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];
        if (part->p_type != PT_GNU_RELRO) continue;
        uintptr_t start = (info->dlpi_addr + part->p_vaddr) & ~(page - 1);
        uintptr_t end = (info->dlpi_addr + part->p_vaddr + part->p_memsz) & ~(page - 1);
        if (mprotect((void *)start, end - start, PROT_READ) != 0) *(int *)result = -errno;
    }
    return 1;
}

int plat_seal(void) {
    int result = 0;
    dl_iterate_phdr(seal, &result);
    return result;
}
