/* host_limits.c: resource limits and memory.
 * Invariant: see host.h.
 * SPDX-License-Identifier: MIT */
#include "host.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>

static const struct {
    const char *name, *hard;
    int resource;
    enum plat_kind kind;
} limits[] = {
    { "stack", "stack_hard", RLIMIT_STACK, PLAT_BYTES },
    { "address_space", "address_space_hard", RLIMIT_AS, PLAT_BYTES },
    { "data", "data_hard", RLIMIT_DATA, PLAT_BYTES },
    { "memory_locked", "memory_locked_hard", RLIMIT_MEMLOCK, PLAT_BYTES },
    { "file_size", "file_size_hard", RLIMIT_FSIZE, PLAT_BYTES },
    { "core", "core_hard", RLIMIT_CORE, PLAT_BYTES },
    { "files", "files_hard", RLIMIT_NOFILE, PLAT_NUMBER },
    { "processes", "processes_hard", RLIMIT_NPROC, PLAT_NUMBER },
    { "cpu_seconds", "cpu_seconds_hard", RLIMIT_CPU, PLAT_NUMBER },
};

static uint64_t amount(rlim_t value) {
    return value == RLIM_INFINITY ? PLAT_UNLIMITED : value;
}

void host_limits(struct host *host) {
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        struct rlimit both = { 0 };
        int error = getrlimit(limits[i].resource, &both) == 0 ? 0 : errno;
        host_answer(host, limits[i].name, limits[i].kind, error, amount(both.rlim_cur));
        host_answer(host, limits[i].hard, limits[i].kind, error, amount(both.rlim_max));
    }
}

/* What the kernel does with memory that is asked for and not there: /proc/sys/vm/overcommit_memory (proc(5)). */
static void overcommit(struct host *host) {
    static const char *const modes[] = { "heuristic", "always", "never" };
    char text[16];
    uint64_t mode = 0;
    int got = host_read("/proc/sys/vm/overcommit_memory", text, sizeof text);
    if (got < 0) {
        host_unknown(host, "overcommit", PLAT_TEXT, got);
        return;
    }
    int bad = host_parse_number((struct host_span){ text, (size_t)got }, &mode);
    if (bad != 0 || mode > 2) host_unknown(host, "overcommit", PLAT_TEXT, EINVAL);
    else host_text(host, "overcommit", modes[mode]);
}

/* sysinfo(2) needs no /proc. */
void host_memory(struct host *host) {
    struct sysinfo info = { 0 };
    int error = sysinfo(&info) == 0 ? 0 : errno;
    uint64_t unit = info.mem_unit ? info.mem_unit : 1;
    host_answer(host, "total", PLAT_BYTES, error, info.totalram * unit);
    host_answer(host, "free", PLAT_BYTES, error, info.freeram * unit);
    host_answer(host, "swap", PLAT_BYTES, error, info.totalswap * unit);
    overcommit(host);
}
