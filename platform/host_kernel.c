/* host_kernel.c: the kernel, the CPU, the process, and the container around it.
 * Invariant: see host.h.
 * SPDX-License-Identifier: MIT */
#include "host.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

/* A made-up kernel of gVisor says which real one it imitates, with this date. */
#define GVISOR_VERSION "Sun Jan 10 15:06:54 PST 2016"

static int has(const char *text, const char *part) {
    return text && strstr(text, part) != NULL;
}

const char *host_container(const struct host_signs *s) {
    if (has(s->release, "gvisor") || has(s->version, GVISOR_VERSION)) return "gvisor";
    if (has(s->release, "microsoft") || has(s->release, "Microsoft")) return "wsl";
    if (s->kubernetes || has(s->cgroup, "kubepods")) return "kubernetes";
    if (s->containerenv) return "podman";
    if (s->dockerenv || has(s->cgroup, "/docker")) return "docker";
    if (s->container && s->container[0]) return s->container;
    if (has(s->cgroup, "/lxc")) return "lxc";
    return s->pid1 ? "unnamed (this is PID 1)" : "none seen";
}

static void container(struct host *host, const struct utsname *kernel) {
    char cgroup[1024];
    int got = host_read("/proc/self/cgroup", cgroup, sizeof cgroup - 1);
    cgroup[got > 0 ? got : 0] = 0;
    struct host_signs signs = {
        .release = kernel->release, .version = kernel->version,
        .container = getenv("container"), .kubernetes = getenv("KUBERNETES_SERVICE_HOST"),
        .cgroup = cgroup,
        .dockerenv = access("/.dockerenv", F_OK) == 0, .containerenv = access("/run/.containerenv", F_OK) == 0,
        .pid1 = getpid() == 1,
    };
    host_text(host, "container", host_container(&signs));
}

static void cpus(struct host *host) {
    cpu_set_t set;
    int error = sched_getaffinity(0, sizeof set, &set) == 0 ? 0 : errno;
    host_answer(host, "cpus", PLAT_NUMBER, error, error ? 0 : (uint64_t)CPU_COUNT(&set));
}

void host_kernel(struct host *host) {
    struct utsname kernel;
    if (uname(&kernel) != 0) {
        int error = errno;
        memset(&kernel, 0, sizeof kernel);
        host_unknown(host, "system", PLAT_TEXT, error);
        host_unknown(host, "release", PLAT_TEXT, error);
        host_unknown(host, "machine", PLAT_TEXT, error);
    } else {
        host_text(host, "system", kernel.sysname);
        host_text(host, "release", kernel.release);
        host_text(host, "machine", kernel.machine);
    }
    container(host, &kernel);
    cpus(host);
    host_bytes(host, "page_size", getauxval(AT_PAGESZ));
}

/* "Always successful" is what the manual says of these calls, and what no filter keeps to: the C library passes a refusal
 * on as if it were an id. */
static uint64_t identity(struct host *host, const char *name, long call) {
    long answer = syscall(call);
    host_answer(host, name, PLAT_NUMBER, answer < 0 ? errno : 0, (uint64_t)answer);
    return (uint64_t)answer;
}

void host_process(struct host *host) {
    identity(host, "uid", SYS_getuid);
    identity(host, "euid", SYS_geteuid);
    identity(host, "gid", SYS_getgid);
    uint64_t pid = identity(host, "pid", SYS_getpid);
    host_answer(host, "pid1", PLAT_FLAG, (int64_t)pid < 0 ? errno : 0, pid == 1);
    host_flag(host, "secure", getauxval(AT_SECURE) != 0);
}

void host_program(struct host *host) {
    char path[4096];
    int length = plat_self(path, sizeof path);
    if (length < 0) host_unknown(host, "path", PLAT_TEXT, length);
    else host_text(host, "path", path);
    host_text(host, "arch", plat_arch());
    host_text(host, "libc", plat_libc());
    host_text(host, "build_id", plat_build_id());
}
