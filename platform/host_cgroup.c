/* host_cgroup.c: what the control groups of both versions allow.
 * Invariant: the limit given is the smallest of this group and all groups above it that can be seen.
 * SPDX-License-Identifier: MIT */
#include "host.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH = 1024, SMALL = 128, GROUPS = 4096, MOUNTS = 64 * 1024 };
#define HIGHEST_QUOTA (UINT64_C(1) << 44) /* microseconds; the kernel allows no more */

/* A folder of a hierarchy: `top` is where the hierarchy is mounted, `path` the group's own folder below it. */
struct group {
    char path[PATH];
    size_t top;
};

typedef int read_value(struct group *group, uint64_t *value);

static int read_number(const struct group *group, const char *file, uint64_t *value) {
    char path[PATH + 64], text[SMALL];
    snprintf(path, sizeof path, "%s/%s", group->path, file);
    int got = host_read(path, text, sizeof text);
    if (got < 0) return got;
    return host_parse_number((struct host_span){ text, (size_t)got }, value);
}

static int memory_max(struct group *group, uint64_t *value) { return read_number(group, "memory.max", value); }
static int memory_v1(struct group *group, uint64_t *value) { return read_number(group, "memory.limit_in_bytes", value); }
static int pids_max(struct group *group, uint64_t *value) { return read_number(group, "pids.max", value); }

static int cpu_max(struct group *group, uint64_t *value) {
    char path[PATH + 64], text[SMALL];
    snprintf(path, sizeof path, "%s/cpu.max", group->path);
    int got = host_read(path, text, sizeof text);
    if (got < 0) return got;
    return host_parse_cpu_max((struct host_span){ text, (size_t)got }, value);
}

static int cpu_v1(struct group *group, uint64_t *value) {
    uint64_t quota, period;
    int error = read_number(group, "cpu.cfs_quota_us", &quota);
    if (error == 0) error = read_number(group, "cpu.cfs_period_us", &period);
    if (error != 0) return error;
    if (period == 0 || period == PLAT_UNLIMITED) return -EINVAL;
    if (quota != PLAT_UNLIMITED && quota > HIGHEST_QUOTA) return -EINVAL;
    *value = quota == PLAT_UNLIMITED ? PLAT_UNLIMITED : quota * 100 / period;
    return 0;
}

/* The root of a hierarchy has no limit files, and a container sees only its own part: a missing file above a group
 * that answered is no refusal. Returns 0 when any group answered, else the first refusal. */
static int smallest(const struct group *own, read_value *ask, uint64_t *value) {
    struct group group = *own;
    int first = 0, answered = 0;
    *value = PLAT_UNLIMITED;
    for (;;) {
        uint64_t one;
        int error = ask(&group, &one);
        if (error == 0 && one < *value) *value = one;
        if (error == 0) answered = 1;
        else if (!first) first = error;
        char *slash = strrchr(group.path + group.top, '/');
        if (!slash) break;
        *slash = 0;
    }
    return answered || first == -ENOENT ? 0 : first;
}

/* The mount shows the part of the hierarchy below its root; a path that does not lie in there cannot be seen, and the
 * mount itself is the nearest that can. */
static int locate(struct host_span groups, struct host_span mounts, const char *controller, struct group *group) {
    struct host_span path;
    struct host_mount mount;
    const char *type = controller ? "cgroup" : "cgroup2";
    if (host_parse_cgroup(groups, controller, &path) != 0) return -ENOENT;
    if (host_parse_mount(mounts, type, controller, &mount) != 0) return -ENOENT;
    if (mount.point.size + path.size >= PATH) return -ENAMETOOLONG;
    size_t cut = host_is(mount.root, "/") ? 0 : mount.root.size;
    if (cut > path.size || memcmp(path.at, mount.root.at, cut) != 0 || (cut < path.size && path.at[cut] != '/')) cut = path.size;
    if (path.size == 1) cut = 1;
    group->top = mount.point.size;
    snprintf(group->path, sizeof group->path, "%.*s%.*s", (int)mount.point.size, mount.point.at, (int)(path.size - cut),
             path.at + cut);
    return 0;
}

/* One limit: of version 2 where that has the controller, else of version 1. */
static void limit(struct host *host, struct host_span groups, struct host_span mounts, const char *name, enum plat_kind kind,
                  read_value *ask, const char *controller, read_value *ask_v1) {
    struct group group;
    uint64_t value = PLAT_UNLIMITED;
    int error = locate(groups, mounts, controller, &group);
    if (error == 0) error = smallest(&group, ask_v1, &value);
    else if ((error = locate(groups, mounts, NULL, &group)) == 0) error = smallest(&group, ask, &value);
    host_answer(host, name, kind, error, value);
}

static void refuse(struct host *host, int error) {
    host_unknown(host, "version", PLAT_NUMBER, error);
    host_unknown(host, "path", PLAT_TEXT, error);
    host_unknown(host, "memory_limit", PLAT_BYTES, error);
    host_unknown(host, "cpu_percent", PLAT_NUMBER, error);
    host_unknown(host, "processes", PLAT_NUMBER, error);
}

void host_cgroup_answer(struct host *host, struct host_span groups, struct host_span mounts) {
    struct host_span path = { "", 0 };
    char text[PATH];
    int v1 = host_parse_cgroup(groups, "memory", &path) == 0;
    int v2 = !v1 && host_parse_cgroup(groups, NULL, &path) == 0;
    host_number(host, "version", v1 ? 1 : v2 ? 2 : 0);
    host_text(host, "path", host_keep(path, text, sizeof text));
    limit(host, groups, mounts, "memory_limit", PLAT_BYTES, memory_max, "memory", memory_v1);
    limit(host, groups, mounts, "cpu_percent", PLAT_NUMBER, cpu_max, "cpu", cpu_v1);
    limit(host, groups, mounts, "processes", PLAT_NUMBER, pids_max, "pids", pids_max);
}

/* A host with thousands of mounts has those of its control groups among the first. */
void host_cgroup(struct host *host) {
    char *text = malloc(GROUPS + MOUNTS);
    int groups = text ? host_read("/proc/self/cgroup", text, GROUPS) : -ENOMEM;
    int mounts = groups < 0 ? groups : host_read("/proc/self/mountinfo", text + GROUPS, MOUNTS);
    if (mounts < 0) refuse(host, mounts);
    else host_cgroup_answer(host, (struct host_span){ text, (size_t)groups }, (struct host_span){ text + GROUPS, (size_t)mounts });
    free(text);
}
