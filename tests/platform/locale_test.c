/* locale_test.c: plat_setlocale promises only the C locale.
 * SPDX-License-Identifier: MIT */
#include "platform.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void says_yes_to_what_is_true(void **state) {
    const char *yes[] = { "", "C", "POSIX" };
    (void)state;
    for (int i = 0; i < 3; i++) assert_string_equal(plat_setlocale(LC_ALL, yes[i]), "C");
    assert_string_equal(plat_setlocale(LC_NUMERIC, NULL), "C");
}

static void refuses_what_it_has_not(void **state) {
    const char *no[] = { "de_DE.UTF-8", "C.UTF-8", "en_US", "c", " " };
    (void)state;
    for (int i = 0; i < 5; i++) assert_null(plat_setlocale(LC_ALL, no[i]));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_yes_to_what_is_true),
        cmocka_unit_test(refuses_what_it_has_not),
    };
    return cmocka_run_group_tests_name("locale", tests, NULL, NULL);
}
