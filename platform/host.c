/* host.c: what this binary and this host are.
 * Invariant: see platform.h.
 * SPDX-License-Identifier: MIT */
#include "platform.h"

#include <elf.h>
#include <link.h>
#include <string.h>

static char build_id[65];

static void write_hex(const unsigned char *bytes, size_t count) {
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < count && i < sizeof build_id / 2; i++) {
        build_id[2 * i] = digits[bytes[i] >> 4];
        build_id[2 * i + 1] = digits[bytes[i] & 15];
    }
}

/* A note is a header, a name padded to four bytes, and a description (elf(5), "Notes"). */
static void search_notes(const unsigned char *at, size_t size) {
    const unsigned char *end = at + size;
    while (at + sizeof(ElfW(Nhdr)) <= end) {
        const ElfW(Nhdr) *note = (const void *)at;
        const unsigned char *name = at + sizeof *note, *text = name + ((note->n_namesz + 3) & ~3u);
        if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == 4 && memcmp(name, "GNU", 4) == 0)
            write_hex(text, note->n_descsz);
        at = text + ((note->n_descsz + 3) & ~3u);
    }
}

/* The first object is the program itself. */
static int read_notes(struct dl_phdr_info *info, size_t size, void *unused) {
    (void)size;
    (void)unused;
    for (int i = 0; i < info->dlpi_phnum; i++)
        if (info->dlpi_phdr[i].p_type == PT_NOTE)
            search_notes((const unsigned char *)info->dlpi_addr + info->dlpi_phdr[i].p_vaddr, info->dlpi_phdr[i].p_memsz);
    return 1;
}

const char *plat_build_id(void) {
    if (!build_id[0]) dl_iterate_phdr(read_notes, NULL);
    return build_id;
}

#ifdef __GLIBC__
#include <gnu/libc-version.h>
const char *plat_libc(void) {
    static char text[32] = "glibc ";
    if (!text[6]) strncat(text, gnu_get_libc_version(), sizeof text - 7);
    return text;
}
#else
const char *plat_libc(void) {
    return PLAT_LIBC;
}
#endif

const char *plat_arch(void) {
#if defined __x86_64__
    return "x86_64";
#elif defined __aarch64__
    return "aarch64";
#else
    return "unknown";
#endif
}
