/* replace.c: a file's content replaced as a whole: written beside it, brought to the disk, renamed over it.
 * Invariant: until rename(2) the old file is untouched; whatever fails, nothing of ours is left in the folder.
 * SPDX-License-Identifier: MIT
 *
 * The new file has no name while it is written (O_TMPFILE, open(2)), so that a killed process leaves nothing either; where
 * the host lacks that, or the /proc that gives such a file its name, it is a hidden file from the beginning. */
#include "platform.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { LINKS = 40, NAMES = 100, DESCRIPTOR_PATH = 32 };

/* A call that this host, or this file system, has not: the work goes on without. */
static int is_unsupported(int error) {
    return error == EINVAL || error == ENOSYS || error == EROFS || error == EOPNOTSUPP || error == EPERM || error == EACCES || error == EBADF;
}

/* ---- Where ---- */

/* Splits a path that is seen from r->folder: opens the folder and keeps the last name. */
static int enter(struct plat_replace *r, char *path) {
    char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path, *folder = slash == path ? "/" : slash ? path : ".";
    size_t size = strlen(name);
    if (size == 0 || strcmp(name, ".") == 0 || strcmp(name, "..") == 0) return path[0] ? -EISDIR : -ENOENT;
    if (size >= sizeof r->target) return -ENAMETOOLONG;
    memcpy(r->target, name, size + 1);
    if (slash) *slash = 0;
    int inner = openat(r->folder, *folder ? folder : "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (inner < 0) return -errno;
    if (r->folder >= 0) close(r->folder);
    r->folder = inner;
    return 0;
}

/* What is neither file nor folder, such as /dev/stdout, whose link names nothing that could be opened by that name. */
static int is_special(const struct plat_replace *r) {
    struct stat what;
    return fstatat(r->folder, r->target, &what, 0) == 0 && !S_ISREG(what.st_mode) && !S_ISDIR(what.st_mode);
}

/* Follows the last name while it is a symbolic link: what it leads to is replaced, and it stays. */
static int find(struct plat_replace *r, const char *wanted) {
    char path[PATH_MAX];
    size_t size = strlen(wanted);
    if (size >= sizeof path) return -ENAMETOOLONG;
    memcpy(path, wanted, size + 1);
    for (int links = 0; links <= LINKS; links++) {
        int result = enter(r, path);
        if (result < 0 || is_special(r)) return result;
        ssize_t length = readlinkat(r->folder, r->target, path, sizeof path - 1);
        if (length < 0) return 0;
        path[length] = 0;
    }
    return -ELOOP;
}

/* ---- The new file ---- */

/* Nobody guesses it who could not read the folder; what is there is never opened. */
static void choose_name(struct plat_replace *r) {
    static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
    static atomic_uint counter;
    struct timespec now = { 0 };
    clock_gettime(CLOCK_REALTIME, &now);
    uint64_t bits = (uint64_t)now.tv_nsec << 33 ^ (uint64_t)now.tv_sec << 13 ^ (uint64_t)getpid() << 40;
    bits = (bits ^ atomic_fetch_add(&counter, 1)) * UINT64_C(0x9e3779b97f4a7c15);
    memcpy(r->name, ".moonbear-", 10);
    for (int i = 10; i < 22; i++, bits /= 36) r->name[i] = digits[bits % 36];
    r->name[22] = 0;
}

static int open_named(struct plat_replace *r, unsigned mode) {
    for (int i = 0; i < NAMES; i++) {
        choose_name(r);
        r->fd = openat(r->folder, r->name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
        if (r->fd >= 0) return r->is_named = 1, 0;
        if (errno != EEXIST) return -errno;
    }
    return -EEXIST;
}

static void descriptor_path(int fd, char path[DESCRIPTOR_PATH]) {
    static const char folder[] = "/proc/self/fd/";
    char *at = path + sizeof folder - 1, digits[12];
    int count = 0;
    memcpy(path, folder, sizeof folder - 1);
    do digits[count++] = (char)('0' + fd % 10);
    while (fd /= 10);
    while (count) *at++ = digits[--count];
    *at = 0;
}

static int open_unnamed(struct plat_replace *r, unsigned mode) {
    char path[DESCRIPTOR_PATH];
    r->fd = openat(r->folder, ".", O_RDWR | O_TMPFILE | O_CLOEXEC, mode);
    if (r->fd < 0) return -errno;
    descriptor_path(r->fd, path);
    if (access(path, F_OK) == 0) return 0;
    close(r->fd);
    r->fd = -1;
    return -ENOENT;
}

static int open_new(struct plat_replace *r, unsigned mode) {
    return open_unnamed(r, mode) == 0 ? 0 : open_named(r, mode);
}

/* A device or a pipe holds nothing that could be lost: it is written to as it is. */
static int open_direct(struct plat_replace *r) {
    r->fd = openat(r->folder, r->target, O_WRONLY | O_NOCTTY | O_CLOEXEC);
    r->is_direct = 1;
    return r->fd < 0 ? -errno : 0;
}

static int open_beside(struct plat_replace *r) {
    struct stat old;
    if (fstatat(r->folder, r->target, &old, 0) != 0) return errno == ENOENT ? open_new(r, 0666) : -errno;
    if (S_ISDIR(old.st_mode)) return -EISDIR;
    if (!S_ISREG(old.st_mode)) return open_direct(r);
    if (faccessat(r->folder, r->target, W_OK, 0) != 0 && (errno == EACCES || errno == EROFS)) return -errno;
    r->is_kept = 1;
    r->mode = old.st_mode & 07777;
    r->user = old.st_uid;
    r->group = old.st_gid;
    return open_new(r, 0600);
}

int plat_replace_begin(const char *path, struct plat_replace *r) {
    *r = (struct plat_replace){ .fd = -1, .folder = AT_FDCWD };
    int result = find(r, path);
    if (result == 0) result = open_beside(r);
    if (result < 0) plat_replace_abandon(r);
    return result;
}

int plat_replace_write(struct plat_replace *r, const void *data, size_t size) {
    for (const char *at = data; size;) {
        ssize_t count = write(r->fd, at, size < 1 << 30 ? size : 1 << 30);
        if (count < 0 && errno == EAGAIN) {
            struct pollfd ready = { .fd = r->fd, .events = POLLOUT };
            poll(&ready, 1, -1);
        } else if (count < 0 && errno != EINTR) {
            return -errno;
        } else if (count > 0) {
            at += count;
            size -= (size_t)count;
        }
    }
    return 0;
}

/* ---- Its place ---- */

/* Who may do what stays as it was. What a host does not let us keep never gives anybody more than before: another
 * owner's program is not run in our name, and a group that is not the old one may do what all others may. */
static void keep_access(struct plat_replace *r) {
    struct stat now;
    if (!r->is_kept) return;
    if (fchown(r->fd, r->user, r->group) != 0 && fchown(r->fd, (uid_t)-1, r->group) != 0) {}
    if (fstat(r->fd, &now) != 0) return;
    if (now.st_uid != r->user || now.st_gid != r->group) r->mode &= 01777;
    if (now.st_gid != r->group) r->mode = (r->mode & 01707) | (r->mode & 07) << 3;
    fchmod(r->fd, r->mode);
}

static int sync_file(int fd) {
    while (fsync(fd) != 0) {
        if (is_unsupported(errno)) return 0;
        if (errno != EINTR) return -errno;
    }
    return 0;
}

/* The name that rename(2) made must reach the disk too. A folder that may be changed but not read cannot be asked for it. */
static int sync_folder(const struct plat_replace *r) {
    int folder = openat(r->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return 0;
    int result = sync_file(folder);
    close(folder);
    return result;
}

/* For a host whose /proc gives no name after all: the content goes into a file that has one. */
static int copy_to_named(struct plat_replace *r) {
    char piece[4096];
    int from = r->fd;
    int result = open_named(r, 0600);
    off_t at = 0;
    for (ssize_t count = 1; result == 0 && count > 0;) {
        count = pread(from, piece, sizeof piece, at);
        if (count < 0) result = -errno;
        else at += count, result = plat_replace_write(r, piece, (size_t)count);
    }
    if (!r->is_named) r->fd = from;
    else close(from);
    return result;
}

/* Access and content, on the disk. */
static int settle(struct plat_replace *r) {
    keep_access(r);
    return sync_file(r->fd);
}

static int give_name(struct plat_replace *r) {
    char path[DESCRIPTOR_PATH];
    struct stat now = { 0 };
    descriptor_path(r->fd, path);
    for (int i = 0; i < NAMES; i++) {
        choose_name(r);
        if (linkat(AT_FDCWD, path, r->folder, r->name, AT_SYMLINK_FOLLOW) == 0) return r->is_named = 1, 0;
        if (errno != EEXIST) break;
    }
    fstat(r->fd, &now);
    int result = copy_to_named(r);
    if (result == 0) fchmod(r->fd, now.st_mode & 07777);
    return result < 0 ? result : settle(r);
}

/* The name beside the old file comes last, so that a process that is killed leaves it only between these two calls. */
static int put_in_place(struct plat_replace *r) {
    int result = settle(r);
    if (result == 0 && !r->is_named) result = give_name(r);
    if (result == 0 && renameat(r->folder, r->name, r->folder, r->target) != 0) result = -errno;
    if (result < 0) return result;
    r->is_named = 0;
    return sync_folder(r);
}

int plat_replace_commit(struct plat_replace *r) {
    int result = r->is_direct ? sync_file(r->fd) : put_in_place(r);
    plat_replace_abandon(r);
    return result;
}

void plat_replace_abandon(struct plat_replace *r) {
    if (r->is_named) unlinkat(r->folder, r->name, 0);
    if (r->fd >= 0) close(r->fd);
    if (r->folder >= 0) close(r->folder);
    *r = (struct plat_replace){ .fd = -1, .folder = AT_FDCWD };
}
