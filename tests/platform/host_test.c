/* host_test.c: plat_host and plat_self on the host at hand.
 * SPDX-License-Identifier: MIT */
#include "platform.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

static const struct plat_fact *find(const struct plat_fact *facts, int count, const char *group, const char *name) {
    for (int i = 0; i < count; i++)
        if (strcmp(facts[i].group, group) == 0 && strcmp(facts[i].name, name) == 0) return &facts[i];
    fail_msg("no fact %s.%s", group, name);
    return NULL;
}

static void every_group_answers(void **state) {
    static struct plat_fact facts[PLAT_FACTS];
    struct rlimit stack;
    (void)state;
    int count = plat_host(NULL, facts, PLAT_FACTS);
    assert_in_range(count, 40, PLAT_FACTS - 1);
    assert_int_equal(find(facts, count, "process", "uid")->number, getuid());
    assert_string_equal(find(facts, count, "kernel", "system")->text, "Linux");
    assert_true(find(facts, count, "kernel", "cpus")->number >= 1);
    assert_int_equal(getrlimit(RLIMIT_STACK, &stack), 0);
    uint64_t expected = stack.rlim_cur == RLIM_INFINITY ? PLAT_UNLIMITED : stack.rlim_cur;
    assert_true(find(facts, count, "limits", "stack")->number == expected);
    assert_true(find(facts, count, "memory", "total")->number > 1 << 20);
}

static void one_group_alone(void **state) {
    struct plat_fact facts[PLAT_FACTS];
    (void)state;
    int count = plat_host("limits", facts, PLAT_FACTS);
    assert_int_equal(count, 18);
    for (int i = 0; i < count; i++) assert_string_equal(facts[i].group, "limits");
    assert_int_equal(plat_host("no such group", facts, PLAT_FACTS), -EINVAL);
}

static void a_short_list_is_not_overrun(void **state) {
    struct plat_fact facts[4];
    (void)state;
    facts[3].name = "untouched";
    assert_int_equal(plat_host(NULL, facts, 3), 3);
    assert_string_equal(facts[3].name, "untouched");
}

static void nothing_stays_open(void **state) {
    static struct plat_fact facts[PLAT_FACTS];
    (void)state;
    int before = dup(0);
    close(before);
    plat_host(NULL, facts, PLAT_FACTS);
    int after = dup(0);
    close(after);
    assert_int_equal(before, after);
}

static void self_is_found_after_chdir(void **state) {
    char before[4096], after[4096];
    (void)state;
    int length = plat_self(before, sizeof before);
    assert_true(length > 0 && before[0] == '/' && (int)strlen(before) == length);
    assert_int_equal(chdir("/"), 0);
    assert_int_equal(plat_self(after, sizeof after), length);
    assert_string_equal(before, after);
    assert_int_equal(plat_self(after, 4), -ENOENT);
}

static void build_id_is_hexadecimal(void **state) {
    (void)state;
    assert_int_equal(strlen(plat_build_id()), 40);
    assert_int_equal(strspn(plat_build_id(), "0123456789abcdef"), 40);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_group_answers),
        cmocka_unit_test(one_group_alone),
        cmocka_unit_test(a_short_list_is_not_overrun),
        cmocka_unit_test(nothing_stays_open),
        cmocka_unit_test(build_id_is_hexadecimal),
        cmocka_unit_test(self_is_found_after_chdir),
    };
    (void)argc;
    plat_self_begin(argv);
    return cmocka_run_group_tests_name("host", tests, NULL, NULL);
}
