/* many.c: two hundred runtimes open at once, each with values of its own, used in turn and closed in another order.
 * SPDX-License-Identifier: MIT */
#include "host.h"

enum { RUNTIMES = 200, VALUES = 100 };

struct one {
    mb_runtime *runtime;
    mb_store *store;
    mb_id ids[VALUES];
};

static struct one all[RUNTIMES];

static void begin(struct one *one, int number) {
    SUCCEEDS(NULL, mb_open(NULL, &one->runtime));
    SUCCEEDS(one->runtime, mb_store_open(one->runtime, NULL, &one->store));
    SUCCEEDS(one->runtime, mb_store_share(one->store, "values"));
    for (int i = 0; i < VALUES; i++) SUCCEEDS(one->runtime, mb_put_value(one->store, mb_number(number * VALUES + i), &one->ids[i]));
}

/* Globals and values are this runtime's own. */
static void use(struct one *one, int number) {
    mb_value value, expected = mb_number(number);
    SUCCEEDS(one->runtime, mb_run_string(one->runtime, "assert(mine == nil or mine == ...) mine = ...", NULL, &expected, 1));
    SUCCEEDS(one->runtime, mb_run_string(one->runtime, "local n = 0 for _ in values:each() do n = n + 1 end assert(n == 100)", NULL, NULL, 0));
    for (int i = 0; i < VALUES; i++) {
        SUCCEEDS(one->runtime, mb_get_value(one->store, one->ids[i], &value));
        CHECK(value.as.number == number * VALUES + i);
    }
}

int main(void) {
    mb_memory memory;
    for (int i = 0; i < RUNTIMES; i++) begin(&all[i], i);
    for (int round = 0; round < 3; round++)
        for (int i = 0; i < RUNTIMES; i++) use(&all[(i * 7) % RUNTIMES], (i * 7) % RUNTIMES);
    SUCCEEDS(all[0].runtime, mb_memory_use(all[0].runtime, &memory));
    for (int i = 0; i < RUNTIMES; i += 2) mb_close(all[i].runtime);
    for (int i = 1; i < RUNTIMES; i += 2) use(&all[i], i);
    for (int i = 0; i < RUNTIMES; i++) mb_store_close(all[i].store);
    for (int i = 1; i < RUNTIMES; i += 2) mb_close(all[i].runtime);
    printf("%d runtimes of %zu bytes\n", RUNTIMES, memory.heap + memory.native);
    return 0;
}
