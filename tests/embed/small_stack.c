/* small_stack.c: a runtime on a host's thread of 64 KiB: scripts run, deep ones end with an error that says so, and neither
 * ends the process.
 * SPDX-License-Identifier: MIT */
#include "host.h"

#include <limits.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>

enum { STACK = 64 * 1024 };

static int called_back(mb_call *call, void *depth) {
    ++*(int *)depth;
    CHECK(mb_stack_remaining() > 0);
    return mb_return(call, mb_number(*(int *)depth));
}

/* Nested gsub callbacks are the hungriest of recursions: each level has a buffer on the C stack. */
static const char deep[] =
    "local function nest(n) return (('x'):gsub('x', function() return n > 0 and nest(n - 1) or 'end' end)) end\n"
    "assert(nest(50) == 'end')\n"
    "local ok, message = pcall(nest, 1e6)\n"
    "assert(not ok and message:find 'stack overflow', message)\n"
    "local function f(n) return n == 0 and 0 or 1 + f(n - 1) end\n"
    "assert(f(10000) == 10000)\n"
    "assert(('('):rep(1e5):find('%(+'))\n";

static void work(mb_runtime *runtime) {
    mb_results *results;
    mb_store *store;
    mb_id id;
    int depth = 0;
    SUCCEEDS(runtime, mb_register(runtime, "back", called_back, &depth));
    SUCCEEDS(runtime, mb_run_string(runtime, deep, "=deep", NULL, 0));
    SUCCEEDS(runtime, mb_run_string(runtime, "for i = 1, 100 do assert(back() == i) end require 'cjson'.decode '[[1]]'", NULL, NULL, 0));
    CHECK(mb_run_string(runtime, "local function f() return f() + 1 end f()", "=t", NULL, 0) == MB_ERROR);
    CHECK(strstr(mb_error(runtime), "stack overflow"));
    SUCCEEDS(runtime, mb_store_open(runtime, NULL, &store));
    for (int i = 0; i < 2000; i++) SUCCEEDS(runtime, mb_put_value(store, mb_number(i), &id));
    SUCCEEDS(runtime, mb_results_open(runtime, &results));
    SUCCEEDS(runtime, mb_collect(runtime));
    mb_results_close(results);
    mb_store_close(store);
}

static void *on_thread(void *unused) {
    mb_runtime *runtime;
    CHECK(mb_stack_remaining() < STACK);
    SUCCEEDS(NULL, mb_open(NULL, &runtime));
    work(runtime);
    mb_close(runtime);
    return unused;
}

/* The thread's stack is ours, with a page under it that must not be touched. */
int main(void) {
    pthread_t thread;
    pthread_attr_t how;
    char *memory = mmap(NULL, STACK + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(memory != MAP_FAILED && mprotect(memory, 4096, PROT_NONE) == 0);
    CHECK(pthread_attr_init(&how) == 0 && pthread_attr_setstack(&how, memory + 4096, STACK) == 0);
    CHECK(pthread_create(&thread, &how, on_thread, NULL) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    puts("64 KiB are enough");
    return 0;
}
