/* moonbear_bytes_test.c: memory that a host program lends to Lua as bytes, and when it gets it back.
 * SPDX-License-Identifier: MIT */
#include "moonbear.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lauxlib.h"

#include "runtime.h"

enum { SIZE = 100000 };

/* What a test lends: freed for good, so that a sanitizer sees whoever reads it later. */
struct loan {
    char *memory;
    int freed;
};

static void give_back(void *context) {
    struct loan *loan = context;
    free(loan->memory);
    loan->memory = NULL;
    loan->freed++;
}

static void take(struct loan *loan) {
    loan->memory = malloc(SIZE);
    loan->freed = 0;
    assert_non_null(loan->memory);
    for (int i = 0; i < SIZE; i++) loan->memory[i] = (char)('a' + i % 10);
}

static mb_id lend(mb_runtime *runtime, struct loan *loan) {
    mb_id id = 0;
    take(loan);
    assert_int_equal(mb_put_bytes(mb_own_store(runtime), loan->memory, SIZE, give_back, loan, &id), MB_OK);
    mb_value value = mb_stored(id);
    assert_int_equal(mb_set_global(runtime, "lent", &value), MB_OK);
    return id;
}

static void nothing_is_copied(void **state) {
    mb_runtime *runtime = open_runtime();
    struct loan loan;
    mb_memory before = { 0 }, after = { 0 };
    (void)state;
    assert_int_equal(run(runtime, "collectgarbage() collectgarbage 'stop'"), MB_OK);
    mb_memory_use(runtime, &before);
    mb_id id = lend(runtime, &loan);
    mb_memory_use(runtime, &after);
    assert_true(after.native >= before.native + SIZE && after.native < before.native + SIZE + 2000);
    assert_true(after.heap < before.heap + SIZE / 2);
    assert_int_equal(run(runtime, "assert(#lent == 100000 and tostring(lent:sub(1, 12)) == 'abcdefghijab' and lent:find 'ja' == 10)"), MB_OK);
    loan.memory[9] = '#'; /* only to show that it is the very same memory */
    assert_int_equal(run(runtime, "assert(lent:byte(10) == 35 and lent:find '#' == 10)"), MB_OK);
    assert_int_equal(mb_release(mb_own_store(runtime), id), MB_OK);
    mb_close(runtime);
    assert_int_equal(loan.freed, 1);
}

static void a_script_releases(void **state) {
    mb_runtime *runtime = open_runtime();
    struct loan loan;
    mb_memory before = { 0 }, after = { 0 };
    (void)state;
    lend(runtime, &loan);
    assert_int_equal(run(runtime, "part = lent:sub(5, 5000) joined = part .. 'x' .. lent"), MB_OK);
    mb_memory_use(runtime, &before);
    assert_int_equal(run(runtime, "assert(lent:release() and not lent:release())"), MB_OK);
    assert_int_equal(loan.freed, 1);
    mb_memory_use(runtime, &after);
    assert_true(after.native + SIZE <= before.native + 1000);
    assert_int_equal(run(runtime, "return #part"), MB_ERROR);
    assert_non_null(strstr(mb_error(runtime), "these bytes were released"));
    assert_int_equal(run(runtime, "return joined:find 'x'"), MB_ERROR);
    assert_int_equal(run(runtime, "assert(not part:release())"), MB_OK);
    mb_close(runtime);
    assert_int_equal(loan.freed, 1);
}

/* A view keeps it when the id and the bytes themselves are gone. */
static void the_last_view_gives_it_back(void **state) {
    mb_runtime *runtime = open_runtime();
    struct loan loan;
    (void)state;
    mb_id id = lend(runtime, &loan);
    assert_int_equal(run(runtime, "part = lent:sub(11, 5000) lent = nil"), MB_OK);
    assert_int_equal(mb_release(mb_own_store(runtime), id), MB_OK);
    mb_collect(runtime);
    mb_collect(runtime);
    assert_int_equal(loan.freed, 0);
    assert_int_equal(run(runtime, "assert(tostring(part:sub(1, 3)) == 'abc') part = nil"), MB_OK);
    mb_collect(runtime);
    mb_collect(runtime);
    assert_int_equal(loan.freed, 1);
    mb_close(runtime);
    assert_int_equal(loan.freed, 1);
}

static void closing_gives_it_back(void **state) {
    mb_runtime *runtime = open_runtime();
    struct loan loan[3];
    (void)state;
    for (int i = 0; i < 3; i++) lend(runtime, &loan[i]);
    assert_int_equal(run(runtime, "parts = { lent:sub(1, 1000), lent .. 'x' .. lent } function parts.last() return #parts end"), MB_OK);
    mb_close(runtime);
    for (int i = 0; i < 3; i++) assert_int_equal(loan[i].freed, 1);
}

/* As a bundle's payload: read-only memory of the program itself. */
static void constant_memory_is_never_freed(void **state) {
    static const char carried[1 << 20] = "what a program carries with it";
    mb_runtime *runtime = open_runtime();
    mb_memory before = { 0 }, after = { 0 };
    mb_id id;
    (void)state;
    mb_memory_use(runtime, &before);
    assert_int_equal(mb_put_bytes(mb_own_store(runtime), carried, sizeof carried, NULL, NULL, &id), MB_OK);
    mb_memory_use(runtime, &after);
    assert_true(after.native < before.native + 10000);
    mb_value value = mb_stored(id);
    assert_int_equal(mb_set_global(runtime, "carried", &value), MB_OK);
    assert_int_equal(run(runtime, "assert(#carried == 2 ^ 20 and tostring(carried:sub(1, 30)) == 'what a program carries with it' and carried:release())"), MB_OK);
    assert_int_equal(run(runtime, "return #carried"), MB_ERROR);
    mb_close(runtime);
    assert_string_equal(carried, "what a program carries with it");
}

static void nothing_at_all(void **state) {
    mb_runtime *runtime = open_runtime();
    struct loan loan = { NULL, 0 };
    mb_id id;
    (void)state;
    assert_int_equal(mb_put_bytes(mb_own_store(runtime), NULL, 0, give_back, &loan, &id), MB_OK);
    mb_value value = mb_stored(id);
    assert_int_equal(mb_set_global(runtime, "empty", &value), MB_OK);
    assert_int_equal(run(runtime, "assert(#empty == 0 and tostring(empty) == '' and empty:release())"), MB_OK);
    assert_int_equal(loan.freed, 1);
    mb_close(runtime);
    assert_int_equal(loan.freed, 1);
}

/* ---- Refusals ------------------------------------------------------------------------------------------------ */

static void misuse_and_limits_leave_it_to_the_host(void **state) {
    mb_options options;
    mb_runtime *runtime;
    mb_store *store;
    mb_store_options few;
    struct loan loan = { NULL, 0 };
    mb_id id = 0;
    (void)state;
    mb_options_init(&options, sizeof options);
    options.memory_limit = 4 << 20;
    assert_int_equal(mb_open(&options, &runtime), MB_OK);
    store = mb_own_store(runtime);
    assert_int_equal(mb_put_bytes(NULL, "x", 1, give_back, &loan, &id), MB_INVALID);
    assert_int_equal(mb_put_bytes(store, NULL, 1, give_back, &loan, &id), MB_INVALID);
    assert_int_equal(mb_put_bytes(store, "x", 1, give_back, &loan, NULL), MB_INVALID);
    assert_int_equal(mb_put_bytes(store, "x", SIZE_MAX, give_back, &loan, &id), MB_INVALID);
    assert_int_equal(mb_put_bytes(store, "x", 8 << 20, give_back, &loan, &id), MB_NOMEM);
    assert_int_equal(mb_put_bytes(store, "x", PTRDIFF_MAX, give_back, &loan, &id), MB_NOMEM);
    mb_store_options_init(&few, sizeof few);
    few.slots = 1;
    assert_int_equal(mb_store_open(runtime, &few, &store), MB_OK);
    assert_int_equal(mb_put_value(store, mb_number(1), &id), MB_OK);
    assert_int_equal(mb_put_bytes(store, "x", 1 << 20, give_back, &loan, &id), MB_FULL);
    mb_memory memory = { 0 };
    for (int i = 0; i < 2; i++) assert_int_equal(mb_collect(runtime), MB_OK);
    mb_memory_use(runtime, &memory);
    assert_true(memory.native < 1 << 20);
    mb_close(runtime);
    assert_int_equal(mb_put_bytes(store, "x", 1, give_back, &loan, &id), MB_CLOSED);
    mb_store_close(store);
    assert_int_equal(loan.freed, 0);
}

/* Lent and dropped again and again, it never comes near the limit: the collector is driven by it. */
static void it_drives_the_collector(void **state) {
    mb_options options;
    mb_runtime *runtime;
    static struct loan loans[2000];
    int freed = 0;
    (void)state;
    mb_options_init(&options, sizeof options);
    options.memory_limit = 8 << 20;
    assert_int_equal(mb_open(&options, &runtime), MB_OK);
    for (int i = 0; i < 2000; i++) assert_int_equal(mb_release(mb_own_store(runtime), lend(runtime, &loans[i])), MB_OK);
    for (int i = 0; i < 2000; i++) freed += loans[i].freed;
    assert_true(freed > 1900);
    mb_close(runtime);
    for (int i = 0; i < 2000; i++) assert_int_equal(loans[i].freed, 1);
}

/* A function of the host hands over what it has just made; its id is released when the call into Lua has ended. */
static mb_id handed_over;

static int read_all(mb_call *call, void *context) {
    struct loan *loan = context;
    take(loan);
    int code = mb_put_bytes(mb_own_store(mb_call_runtime(call)), loan->memory, SIZE, give_back, loan, &handed_over);
    if (code == MB_OK) return mb_return(call, mb_stored(handed_over));
    give_back(loan);
    return code;
}

static void from_a_function_of_the_host(void **state) {
    mb_runtime *runtime = open_runtime();
    struct loan loan;
    (void)state;
    assert_int_equal(mb_register(runtime, "read_all", read_all, &loan), MB_OK);
    assert_int_equal(run(runtime, "local all = read_all() assert(#all == 100000) assert(all:release())"), MB_OK);
    assert_int_equal(loan.freed, 1);
    assert_int_equal(mb_release(mb_own_store(runtime), handed_over), MB_OK);
    mb_close(runtime);
    assert_int_equal(loan.freed, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_copied),
        cmocka_unit_test(a_script_releases),
        cmocka_unit_test(the_last_view_gives_it_back),
        cmocka_unit_test(closing_gives_it_back),
        cmocka_unit_test(constant_memory_is_never_freed),
        cmocka_unit_test(nothing_at_all),
        cmocka_unit_test(misuse_and_limits_leave_it_to_the_host),
        cmocka_unit_test(it_drives_the_collector),
        cmocka_unit_test(from_a_function_of_the_host),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
