/* host_files.c: file systems, running programs, and the terminal.
 * Invariant: see host.h; nothing is created on the host.
 * SPDX-License-Identifier: MIT */
#include "host.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { PROC_MAGIC = 0x9fa0 }; /* PROC_SUPER_MAGIC of linux/magic.h */

/* Kernels since 6.3 want to be told whether a memfd may be executed; older ones refuse the flag. */
enum { MEMFD_EXEC = 0x10 };

static int can_read(const char *path) {
    char byte;
    int got = host_read(path, &byte, 1);
    return got > 0 ? 0 : got < 0 ? got : -ENODATA;
}

/* "hidepid=invisible,subset=pid" of the mount that is /proc, as far as it can be seen. */
static void proc_options(struct host *host) {
    enum { SIZE = 64 * 1024 };
    struct host_mount mount;
    char *text = malloc(SIZE), options[128];
    int got = text ? host_read("/proc/self/mountinfo", text, SIZE) : -ENOMEM;
    if (got >= 0 && host_parse_mount((struct host_span){ text, (size_t)got }, "proc", NULL, &mount) == 0)
        host_text(host, "options", host_keep(mount.options, options, sizeof options));
    else host_unknown(host, "options", PLAT_TEXT, got < 0 ? got : -ENOENT);
    free(text);
}

void host_proc(struct host *host) {
    struct statfs fs;
    int error = statfs("/proc", &fs) == 0 ? 0 : errno;
    host_answer(host, "mounted", PLAT_FLAG, error == ENOENT ? 0 : error, error == 0 && fs.f_type == PROC_MAGIC);
    host_flag(host, "self", can_read("/proc/self/stat") == 0);
    host_flag(host, "maps", can_read("/proc/self/maps") == 0);
    proc_options(host);
}

static const char *folder_path(const char *group, char *buffer, size_t size) {
    if (strcmp(group, "tmp") == 0) return "/tmp";
    if (strcmp(group, "shm") == 0) return "/dev/shm";
    if (strcmp(group, "tmpdir") == 0) return getenv("TMPDIR");
    return getcwd(buffer, size);
}

/* Facts are "writable" (also: not read-only), "executable" (not mounted noexec) and free space for this user. */
static void describe_folder(struct host *host, const char *path) {
    struct statvfs fs = { 0 };
    int error = statvfs(path, &fs) == 0 ? 0 : errno;
    int writable = access(path, W_OK | X_OK) == 0 && !(fs.f_flag & ST_RDONLY);
    host_text(host, "path", path);
    int missing = access(path, F_OK) == 0 ? 0 : errno;
    int refused = missing == ENOENT || missing == ENOTDIR ? 0 : missing;
    host_answer(host, "exists", PLAT_FLAG, refused, missing == 0);
    host_answer(host, "writable", PLAT_FLAG, error == ENOENT ? 0 : error, error == 0 && writable);
    host_answer(host, "executable", PLAT_FLAG, error == ENOENT ? 0 : error, error == 0 && !(fs.f_flag & ST_NOEXEC));
    host_answer(host, "free", PLAT_BYTES, error, (uint64_t)fs.f_bavail * fs.f_frsize);
}

/* An unset TMPDIR is no fact; a current directory that was deleted is one. */
void host_folder(struct host *host) {
    char buffer[4096];
    const char *path = folder_path(host->group, buffer, sizeof buffer);
    if (path && path[0]) describe_folder(host, path);
    else if (strcmp(host->group, "cwd") == 0) host_unknown(host, "path", PLAT_TEXT, errno);
}

static int try_memfd(void) {
    int fd = memfd_create("moonbear", MFD_CLOEXEC | MEMFD_EXEC);
    if (fd < 0 && errno == EINVAL) fd = memfd_create("moonbear", MFD_CLOEXEC);
    if (fd < 0) return -errno;
    close(fd);
    return 0;
}

static int try_exec_pages(void) {
    void *page = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) return -errno;
    munmap(page, 4096);
    return 0;
}

void host_execute(struct host *host) {
    int shell = plat_shell(), memfd = try_memfd();
    host_flag(host, "shell", shell == 0);
    host_flag(host, "memfd", memfd == 0);
    if (memfd != 0) host_unknown(host, "memfd_refused", PLAT_TEXT, memfd);
    host_flag(host, "pages", try_exec_pages() == 0);
}

void host_terminal(struct host *host) {
    struct winsize window = { 0 };
    host_flag(host, "stdin", isatty(0));
    host_flag(host, "stdout", isatty(1));
    host_flag(host, "stderr", isatty(2));
    host_text(host, "type", getenv("TERM"));
    if (ioctl(1, TIOCGWINSZ, &window) == 0 && window.ws_col) host_number(host, "columns", window.ws_col);
}
