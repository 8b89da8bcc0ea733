/* cgroup_fuzz.c: whatever /proc/self/cgroup, /proc/self/mountinfo and the files they lead to say, the group "cgroup" gives its
 * five facts, each a value or a refusal, and reads nothing but what it was given.
 * SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host.h"

/* The folder "top/inner" of a made-up hierarchy; what a file of it says comes from the input. */
static char top[] = "/tmp/moonbear-cgroup-XXXXXX";
static const char *const files[] = { "memory.max", "memory.limit_in_bytes", "cpu.max", "cpu.cfs_quota_us", "cpu.cfs_period_us",
                                     "pids.max" };
enum { FILES = sizeof files / sizeof files[0] };

static void path_of(char *path, size_t size, const char *folder, int file) {
    snprintf(path, size, "%s/%s%s", top, folder, files[file]);
}

static void remove_folder(void) {
    char path[128];
    for (int i = 0; i < 2 * FILES; i++) {
        path_of(path, sizeof path, i % 2 ? "inner/" : "", i / 2);
        unlink(path);
    }
    snprintf(path, sizeof path, "%s/inner", top);
    rmdir(path);
    rmdir(top);
}

static void make_folder(void) {
    static int made;
    char path[64];
    if (made) return;
    made = 1;
    if (!mkdtemp(top)) abort();
    snprintf(path, sizeof path, "%s/inner", top);
    if (mkdir(path, 0700) != 0) abort();
    atexit(remove_folder);
}

static void write_file(const char *folder, int file, const uint8_t *text, size_t size) {
    char path[128];
    path_of(path, sizeof path, folder, file);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd < 0 || write(fd, text, size) != (ssize_t)size) abort();
    close(fd);
}

/* Up to the next newline of the input, which is taken too. */
static struct host_span next_line(const uint8_t **data, size_t *size) {
    struct host_span text = { (const char *)*data, *size }, line = { text.at, 0 };
    host_line(&text, &line);
    *data = (const uint8_t *)text.at;
    *size = text.size;
    return line;
}

static void check(struct host_span groups, struct host_span mounts) {
    struct plat_fact facts[8];
    struct host host = { .facts = facts, .capacity = 8, .group = "cgroup" };
    host_cgroup_answer(&host, groups, mounts);
    HOLDS(host.count == 5);
    for (int i = 0; i < host.count; i++) {
        HOLDS(facts[i].name && facts[i].error >= 0);
        if (facts[i].kind == PLAT_TEXT) HOLDS(memchr(facts[i].text, 0, sizeof facts[i].text));
    }
    HOLDS(facts[0].number <= 2);
}

#define GROUPS "3:memory,cpu,pids:/inner\n0::/inner\n"

/* First what the files say, a line each; then the two texts, as they are and in a hierarchy that leads to the files. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char made[256];
    make_folder();
    for (int i = 0; i < 2 * FILES; i++) {
        struct host_span line = next_line(&data, &size);
        write_file(i % 2 ? "inner/" : "", i / 2, (const uint8_t *)line.at, line.size);
    }
    struct host_span text = { (const char *)data, size };
    const char *version = size && data[0] & 1 ? "cgroup2 none rw" : "cgroup none rw,memory,cpu,pids";
    snprintf(made, sizeof made, "30 21 0:20 / %s rw - %s\n", top, version);
    struct host_span hierarchy = { made, strlen(made) };
    check((struct host_span){ GROUPS, sizeof GROUPS - 1 }, hierarchy);
    check(text, hierarchy);
    struct host_span first = next_line(&data, &size);
    check(first, (struct host_span){ (const char *)data, size });
    return 0;
}
