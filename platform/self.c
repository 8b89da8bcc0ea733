/* self.c: what this binary is and where it lies.
 * Invariant: see platform.h; no path is believed before the file it names has our build id.
 * SPDX-License-Identifier: MIT */
#include "platform.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ID = 32, PATH = 4096 };

struct id {
    unsigned char bytes[ID];
    size_t size;
};

static char **arguments;
static char start_folder[PATH]; /* "" when nobody needs it or the host does not tell */

static size_t padded(size_t size) {
    return (size + 3) & ~(size_t)3;
}

/* A note is a header, a name padded to four bytes, and a description (elf(5), "Notes"). */
static int id_in_notes(const unsigned char *at, size_t size, struct id *id) {
    ElfW(Nhdr) note;
    while (size >= sizeof note) {
        memcpy(&note, at, sizeof note);
        size_t name = sizeof note, text = name + padded(note.n_namesz), end = text + padded(note.n_descsz);
        if (note.n_namesz > size || note.n_descsz > size || end > size) return 0;
        if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && memcmp(at + name, "GNU", 4) == 0) {
            id->size = note.n_descsz < ID ? note.n_descsz : ID;
            memcpy(id->bytes, at + text, id->size);
            return 1;
        }
        at += end;
        size -= end;
    }
    return 0;
}

/* The first object is the program itself. */
static int read_own_id(struct dl_phdr_info *info, size_t size, void *id) {
    (void)size;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];
        if (part->p_type != PT_NOTE) continue;
        if (id_in_notes((const unsigned char *)info->dlpi_addr + part->p_vaddr, part->p_memsz, id)) break;
    }
    return 1;
}

static const struct id *own_id(void) {
    static struct id id;
    if (!id.size) dl_iterate_phdr(read_own_id, &id);
    return &id;
}

const char *plat_build_id(void) {
    const char *digits = "0123456789abcdef"; /* a literal lies where every start reads */
    static char text[2 * ID + 1];
    const struct id *id = own_id();
    if (text[0]) return text;
    for (size_t i = 0; i < id->size; i++) {
        text[2 * i] = digits[id->bytes[i] >> 4];
        text[2 * i + 1] = digits[id->bytes[i] & 15];
    }
    return text;
}

static int read_at(int fd, void *to, size_t size, off_t at) {
    return pread(fd, to, size, at) == (ssize_t)size ? 0 : -EIO;
}

static int id_of_part(int fd, const ElfW(Phdr) *part, struct id *id) {
    unsigned char notes[1024];
    size_t size = part->p_filesz < sizeof notes ? part->p_filesz : sizeof notes;
    return part->p_type == PT_NOTE && read_at(fd, notes, size, (off_t)part->p_offset) == 0 && id_in_notes(notes, size, id);
}

static int id_of_file(int fd, struct id *id) {
    ElfW(Ehdr) head;
    ElfW(Phdr) part;
    if (read_at(fd, &head, sizeof head, 0) != 0 || memcmp(head.e_ident, ELFMAG, SELFMAG) != 0) return 0;
    for (unsigned i = 0; i < head.e_phnum; i++) {
        if (read_at(fd, &part, sizeof part, (off_t)(head.e_phoff + i * sizeof part)) != 0) return 0;
        if (id_of_part(fd, &part, id)) return 1;
    }
    return 0;
}

/* A file of mode 0111 cannot be read and so cannot be a script either: it is believed. */
static int is_this_program(const char *path) {
    struct stat about;
    struct id id = { .size = 0 };
    if (stat(path, &about) != 0 || !S_ISREG(about.st_mode) || access(path, X_OK) != 0) return 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) return errno == EACCES || errno == EPERM;
    const struct id *own = own_id();
    int same = id_of_file(fd, &id) && id.size == own->size && memcmp(id.bytes, own->bytes, id.size) == 0;
    close(fd);
    return same;
}

/* folder/name into path[size]; an empty folder gives the name alone. Returns the length, 0 when it does not fit. */
static size_t join(char *path, size_t size, const char *folder, size_t folder_size, const char *name) {
    size_t name_size = strlen(name), slash = folder_size && folder[folder_size - 1] != '/';
    if (folder_size + slash + name_size >= size) return 0;
    memcpy(path, folder, folder_size);
    if (slash) path[folder_size] = '/';
    memcpy(path + folder_size + slash, name, name_size + 1);
    return folder_size + slash + name_size;
}

/* A path relative to where the program was started. */
static int try_path(const char *name, char *path, size_t size) {
    if (!name || !strchr(name, '/')) return 0;
    if (name[0] != '/' && !start_folder[0]) return 0;
    if (name[0] == '.' && name[1] == '/' && name[2]) name += 2;
    size_t length = join(path, size, start_folder, name[0] == '/' ? 0 : strlen(start_folder), name);
    return length && is_this_program(path) ? (int)length : 0;
}

static int try_search(const char *name, char *path, size_t size) {
    const char *folders = getenv("PATH");
    if (!name || !name[0] || strchr(name, '/') || !folders) return 0;
    for (const char *end; *folders; folders = *end ? end + 1 : end) {
        end = strchrnul(folders, ':');
        if (folders[0] != '/') continue; /* relative folders of PATH cannot be trusted after chdir */
        size_t length = join(path, size, folders, (size_t)(end - folders), name);
        if (length && is_this_program(path)) return (int)length;
    }
    return 0;
}

static int try_proc(char *path, size_t size) {
    ssize_t length = readlink("/proc/self/exe", path, size - 1);
    if (length <= 0 || path[0] != '/') return 0;
    path[length] = 0;
    return is_this_program(path) ? (int)length : 0;
}

void plat_self_begin(char **argv) {
    const char *started = (const char *)getauxval(AT_EXECFN);
    arguments = argv;
    if (started && started[0] == '/') return;
    if (!getcwd(start_folder, sizeof start_folder) || start_folder[0] != '/') start_folder[0] = 0;
}

int plat_self(char *path, size_t size) {
    const char *name = arguments ? arguments[0] : NULL;
    if (size < 2) return -ENOENT;
    int length = try_path((const char *)getauxval(AT_EXECFN), path, size);
    if (!length) length = try_path(name, path, size);
    if (!length) length = try_search(name, path, size);
    if (!length) length = try_proc(path, size);
    return length ? length : -ENOENT;
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
