/* host.c: the list of what this host is and allows.
 * Invariant: a refused question is a fact too; nothing here stays open or changes the host.
 * SPDX-License-Identifier: MIT */
#include "host.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static const struct {
    const char *name;
    void (*ask)(struct host *host);
} groups[] = {
    { "program", host_program },   { "kernel", host_kernel }, { "process", host_process }, { "security", host_security },
    { "limits", host_limits },     { "cgroup", host_cgroup }, { "memory", host_memory },   { "proc", host_proc },
    { "cwd", host_folder },        { "tmpdir", host_folder }, { "tmp", host_folder },      { "shm", host_folder },
    { "execute", host_execute },   { "terminal", host_terminal },
};

int plat_host(const char *group, struct plat_fact *facts, int capacity) {
    struct host host = { .facts = facts, .capacity = capacity };
    int asked = 0;
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        if (group && strcmp(group, groups[i].name) != 0) continue;
        host.group = groups[i].name;
        groups[i].ask(&host);
        asked = 1;
    }
    return asked ? host.count : -EINVAL;
}

static struct plat_fact *add(struct host *host, const char *name, enum plat_kind kind) {
    struct plat_fact *fact = host->count < host->capacity ? &host->facts[host->count++] : &host->dropped;
    *fact = (struct plat_fact){ .group = host->group, .name = name, .kind = kind };
    return fact;
}

void host_text(struct host *host, const char *name, const char *text) {
    struct plat_fact *fact = add(host, name, PLAT_TEXT);
    if (text) strncat(fact->text, text, sizeof fact->text - 1);
}

void host_unknown(struct host *host, const char *name, enum plat_kind kind, int error) {
    add(host, name, kind)->error = error < 0 ? -error : error;
}

void host_answer(struct host *host, const char *name, enum plat_kind kind, int error, uint64_t number) {
    struct plat_fact *fact = add(host, name, kind);
    fact->error = error < 0 ? -error : error;
    fact->number = number;
}

void host_number(struct host *host, const char *name, uint64_t number) {
    host_answer(host, name, PLAT_NUMBER, 0, number);
}

void host_bytes(struct host *host, const char *name, uint64_t bytes) {
    host_answer(host, name, PLAT_BYTES, 0, bytes);
}

void host_flag(struct host *host, const char *name, int flag) {
    host_answer(host, name, PLAT_FLAG, 0, flag != 0);
}

/* Files of /proc and /sys may give less than asked without being at their end. */
int host_read(const char *path, char *data, size_t size) {
    size_t have = 0;
    int fd;
    do fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    while (fd < 0 && errno == EINTR);
    if (fd < 0) return -errno;
    while (have < size) {
        ssize_t got = read(fd, data + have, size - have);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) {
            int error = errno;
            close(fd);
            return -error;
        }
        if (got == 0) break;
        have += (size_t)got;
    }
    close(fd);
    return (int)have;
}
