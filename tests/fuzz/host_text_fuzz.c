/* host_text_fuzz.c: the parsers of /proc/self/status, cgroup files and mountinfo take any bytes.
 * SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include "host.h"

static int inside(struct host_span part, struct host_span whole) {
    return part.at >= whole.at && part.at + part.size <= whole.at + whole.size;
}

static void numbers(struct host_span text) {
    uint64_t number = 7;
    if (host_parse_number(text, &number) == 0) HOLDS(number == PLAT_UNLIMITED || number < UINT64_C(1) << 62);
    if (host_parse_cpu_max(text, &number) == 0) HOLDS(number == PLAT_UNLIMITED || number <= UINT64_C(100) << 44);
}

static void paths(struct host_span text) {
    struct host_span found;
    if (host_parse_status(text, "Seccomp", &found) == 0) HOLDS(inside(found, text));
    if (host_parse_cgroup(text, NULL, &found) == 0) HOLDS(inside(found, text) && found.size > 0 && found.at[0] == '/');
    if (host_parse_cgroup(text, "memory", &found) == 0) HOLDS(inside(found, text) && !memchr(found.at, '\n', found.size));
}

static void mounts(struct host_span text) {
    struct host_mount mount;
    struct host_span value = { text.at, 0 };
    char kept[16];
    if (host_parse_mount(text, "cgroup", "memory", &mount) == 0) HOLDS(host_option(mount.options, "memory", &value));
    if (host_parse_mount(text, "proc", NULL, &mount) != 0) return;
    HOLDS(inside(mount.root, text) && inside(mount.point, text) && inside(mount.options, text));
    HOLDS(strlen(host_keep(mount.point, kept, sizeof kept)) < sizeof kept);
}

/* A copy of exact size, so that one byte too far is seen. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *copy = malloc(size ? size : 1);
    memcpy(copy, data, size);
    struct host_span text = { copy, size };
    numbers(text);
    paths(text);
    mounts(text);
    free(copy);
    return 0;
}
