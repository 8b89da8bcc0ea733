/* runtime.h: what the tests of moonbear.h share: a runtime, a chunk, a global number. After cmocka.h.
 * SPDX-License-Identifier: MIT */
#ifndef RUNTIME_H
#define RUNTIME_H

#include "moonbear.h"

static inline mb_runtime *open_runtime(void) {
    mb_runtime *runtime = NULL;
    assert_int_equal(mb_open(NULL, &runtime), MB_OK);
    assert_non_null(runtime);
    return runtime;
}

static inline int run(mb_runtime *runtime, const char *text) {
    return mb_run_string(runtime, text, "=test", NULL, 0);
}

static inline double number(mb_runtime *runtime, const char *name) {
    mb_value value;
    assert_int_equal(mb_get_global(runtime, name, &value), MB_OK);
    assert_int_equal(value.type, MB_NUMBER);
    return value.as.number;
}

#endif
