/* host_text_test.c: the parsers of /proc and cgroup files, fed with made-up text.
 * SPDX-License-Identifier: MIT */
#include "host.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static struct host_span span(const char *text) {
    return (struct host_span){ text, strlen(text) };
}

static void numbers(void **state) {
    (void)state;
    static const struct { const char *text; int error; uint64_t number; } cases[] = {
        { "0", 0, 0 }, { "42\n", 0, 42 }, { " 7 ", 0, 7 }, { "max\n", 0, PLAT_UNLIMITED }, { "-1\n", 0, PLAT_UNLIMITED },
        { "9223372036854771712\n", 0, PLAT_UNLIMITED }, { "99999999999999999999999999", 0, PLAT_UNLIMITED },
        { "4611686018427387903", 0, 4611686018427387903u }, { "", -22, 0 }, { "\n", -22, 0 }, { "x", -22, 0 }, { "1x", -22, 0 },
        { "-2", -22, 0 }, { "1 2", -22, 0 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint64_t number = 1;
        assert_int_equal(host_parse_number(span(cases[i].text), &number), cases[i].error);
        if (!cases[i].error) assert_true(number == cases[i].number);
    }
}

static void numbers_need_no_final_zero(void **state) {
    uint64_t number;
    (void)state;
    assert_int_equal(host_parse_number((struct host_span){ "1234", 2 }, &number), 0);
    assert_int_equal(number, 12);
}

static void cpu_max(void **state) {
    uint64_t percent;
    (void)state;
    assert_int_equal(host_parse_cpu_max(span("150000 100000\n"), &percent), 0);
    assert_int_equal(percent, 150);
    assert_int_equal(host_parse_cpu_max(span("max 100000\n"), &percent), 0);
    assert_true(percent == PLAT_UNLIMITED);
    const char *bad[] = { "", "max", "1", "1 0", "1 max", "a b", "4000000000000000000 1" };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        uint64_t unused;
        assert_int_equal(host_parse_cpu_max(span(bad[i]), &unused), -22);
    }
}

static void status_fields(void **state) {
    struct host_span value;
    struct host_span text = span("Name:\tmy: name\nNoNewPrivs:\t1\nSeccomp:\t2\nSeccomp_filters:\t1\n");
    (void)state;
    assert_int_equal(host_parse_status(text, "Seccomp", &value), 0);
    assert_true(host_is(value, "2"));
    assert_int_equal(host_parse_status(text, "Name", &value), 0);
    assert_true(host_is(value, "my: name"));
    assert_int_equal(host_parse_status(text, "Sec", &value), -2);
    assert_int_equal(host_parse_status(span(""), "Seccomp", &value), -2);
}

static void cgroup_paths(void **state) {
    struct host_span path;
    const char *v1 = "12:cpu,cpuacct:/a\n5:memory:/docker/0:1\n0::/ignored\n";
    (void)state;
    assert_int_equal(host_parse_cgroup(span(v1), "memory", &path), 0);
    assert_true(host_is(path, "/docker/0:1"));
    assert_int_equal(host_parse_cgroup(span(v1), "cpu", &path), 0);
    assert_true(host_is(path, "/a"));
    assert_int_equal(host_parse_cgroup(span(v1), "cpua", &path), -2);
    assert_int_equal(host_parse_cgroup(span("0::/user.slice/x\n"), NULL, &path), 0);
    assert_true(host_is(path, "/user.slice/x"));
    const char *bad[] = { "", "\n", ":", "::", "0:", "0::", "0::relative", "0" };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) assert_int_equal(host_parse_cgroup(span(bad[i]), NULL, &path), -2);
}

static void mounts(void **state) {
    struct host_mount mount;
    struct host_span value;
    const char *text = "21 1 0:20 / /proc rw,nosuid shared:5 - proc proc rw\n"
                       "30 21 0:20 / /proc rw - proc proc rw,hidepid=invisible,subset=pid\n"
                       "36 35 0:30 /docker/1 /sys/fs/cgroup/memory ro master:9 - cgroup cgroup rw,memory\n";
    (void)state;
    assert_int_equal(host_parse_mount(span(text), "proc", NULL, &mount), 0);
    assert_true(host_option(mount.options, "hidepid", &value) && host_is(value, "invisible"));
    assert_true(host_option(mount.options, "subset", &value) && host_is(value, "pid"));
    assert_false(host_option(mount.options, "hide", NULL));
    assert_int_equal(host_parse_mount(span(text), "cgroup", "memory", &mount), 0);
    assert_true(host_is(mount.root, "/docker/1") && host_is(mount.point, "/sys/fs/cgroup/memory"));
    assert_int_equal(host_parse_mount(span(text), "cgroup", "cpu", &mount), -2);
    const char *bad[] = { "", "\n", "1 2 3 4 5 6 -", "1 2 3 4 5 6 - cgroup", "1 2 3 4 5 6 7 8", "- cgroup cgroup rw" };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) assert_int_equal(host_parse_mount(span(bad[i]), "cgroup", NULL, &mount), -2);
}

static void containers(void **state) {
    (void)state;
    assert_string_equal(host_container(&(struct host_signs){ .release = "6.1.0" }), "none seen");
    assert_string_equal(host_container(&(struct host_signs){ .release = "6.1.0", .pid1 = 1 }), "unnamed (this is PID 1)");
    assert_string_equal(host_container(&(struct host_signs){ .release = "5.15.0-microsoft-standard-WSL2" }), "wsl");
    assert_string_equal(host_container(&(struct host_signs){ .version = "#1 SMP Sun Jan 10 15:06:54 PST 2016" }), "gvisor");
    assert_string_equal(host_container(&(struct host_signs){ .kubernetes = "10.0.0.1", .dockerenv = 1 }), "kubernetes");
    assert_string_equal(host_container(&(struct host_signs){ .dockerenv = 1 }), "docker");
    assert_string_equal(host_container(&(struct host_signs){ .containerenv = 1, .container = "podman" }), "podman");
    assert_string_equal(host_container(&(struct host_signs){ .container = "systemd-nspawn" }), "systemd-nspawn");
    assert_string_equal(host_container(&(struct host_signs){ .cgroup = "0::/lxc/7\n" }), "lxc");
}

static void write_file(const char *folder, const char *name, const char *text) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* A hierarchy of two levels, made in a folder of its own. */
static int make_tree(void **state) {
    static char root[] = "/tmp/moonbear-host-XXXXXX";
    char inner[64];
    strcpy(root + sizeof root - 7, "XXXXXX");
    if (!mkdtemp(root)) return -1;
    snprintf(inner, sizeof inner, "%s/in", root);
    mkdir(inner, 0700);
    *state = root;
    return 0;
}

static int remove_tree(void **state) {
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", (char *)*state);
    return system(command);
}

static uint64_t found(const struct host *host, const char *name, int *error) {
    for (int i = 0; i < host->count; i++) {
        if (strcmp(host->facts[i].name, name) != 0) continue;
        *error = host->facts[i].error;
        return host->facts[i].number;
    }
    fail_msg("no fact %s", name);
    return 0;
}

static void the_smallest_limit_counts(void **state) {
    const char *root = *state;
    char inner[64], mount_text[256];
    struct plat_fact facts[16];
    struct host host = { .facts = facts, .capacity = 16, .group = "cgroup" };
    int error;
    snprintf(inner, sizeof inner, "%s/in", root);
    write_file(root, "memory.max", "1000000\n");
    write_file(inner, "memory.max", "max\n");
    write_file(root, "cpu.max", "max 100000\n");
    write_file(inner, "cpu.max", "50000 100000\n");
    snprintf(mount_text, sizeof mount_text, "1 2 0:1 / %s rw - cgroup2 none rw\n", root);
    host_cgroup_answer(&host, span("0::/in\n"), span(mount_text));
    assert_int_equal(found(&host, "version", &error), 2);
    assert_int_equal(found(&host, "memory_limit", &error), 1000000);
    assert_int_equal(found(&host, "cpu_percent", &error), 50);
    assert_true(found(&host, "processes", &error) == PLAT_UNLIMITED);
    assert_int_equal(error, 0);
}

/* Docker without a namespace of its own: the mount shows only what lies below /docker/1. */
static void a_mounted_part_is_found(void **state) {
    const char *root = *state;
    char inner[64], mount_text[256];
    struct plat_fact facts[16];
    struct host host = { .facts = facts, .capacity = 16, .group = "cgroup" };
    int error;
    snprintf(inner, sizeof inner, "%s/in", root);
    write_file(inner, "memory.limit_in_bytes", "4096\n");
    write_file(root, "memory.limit_in_bytes", "9223372036854771712\n");
    snprintf(mount_text, sizeof mount_text, "1 2 0:1 /docker/1 %s rw - cgroup none rw,memory\n", root);
    host_cgroup_answer(&host, span("5:memory:/docker/1/in\n"), span(mount_text));
    assert_int_equal(found(&host, "version", &error), 1);
    assert_int_equal(found(&host, "memory_limit", &error), 4096);
    found(&host, "cpu_percent", &error);
    assert_int_equal(error, 2);
}

/* Both limits of version 1; the path is not below the mount's root, so that what is mounted is the nearest there is. */
static void a_name_that_begins_alike_is_another_group(void **state) {
    const char *root = *state;
    char mount_text[256];
    struct plat_fact facts[16];
    struct host host = { .facts = facts, .capacity = 16, .group = "cgroup" };
    int error;
    write_file(root, "memory.limit_in_bytes", "8192\n");
    write_file(root, "cpu.cfs_quota_us", "150000\n");
    write_file(root, "cpu.cfs_period_us", "100000\n");
    snprintf(mount_text, sizeof mount_text, "1 2 0:1 /docker/1 %s rw - cgroup none rw,memory,cpu\n", root);
    host_cgroup_answer(&host, span("5:memory,cpu:/docker/12\n"), span(mount_text));
    assert_int_equal(found(&host, "memory_limit", &error), 8192);
    assert_int_equal(found(&host, "cpu_percent", &error), 150);
    write_file(root, "cpu.cfs_quota_us", "1152921504606846976\n");
    host.count = 0;
    host_cgroup_answer(&host, span("5:memory,cpu:/docker/12\n"), span(mount_text));
    found(&host, "cpu_percent", &error);
    assert_int_equal(error, 22);
    write_file(root, "cpu.cfs_quota_us", "-1\n");
    host.count = 0;
    host_cgroup_answer(&host, span("5:memory,cpu:/docker/12\n"), span(mount_text));
    assert_true(found(&host, "cpu_percent", &error) == PLAT_UNLIMITED && error == 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers),
        cmocka_unit_test(numbers_need_no_final_zero),
        cmocka_unit_test(cpu_max),
        cmocka_unit_test(status_fields),
        cmocka_unit_test(cgroup_paths),
        cmocka_unit_test(mounts),
        cmocka_unit_test(containers),
        cmocka_unit_test_setup_teardown(the_smallest_limit_counts, make_tree, remove_tree),
        cmocka_unit_test_setup_teardown(a_mounted_part_is_found, make_tree, remove_tree),
        cmocka_unit_test_setup_teardown(a_name_that_begins_alike_is_another_group, make_tree, remove_tree),
    };
    return cmocka_run_group_tests_name("host_text", tests, NULL, NULL);
}
