/* threads.c: eight threads, each with a runtime of its own, at work at the same time; they ask each other's stores for releases,
 * and a runtime goes from one thread to another.
 * SPDX-License-Identifier: MIT
 *
 * Built with ThreadSanitizer too, which fails it for any access that two threads do not order. */
#include "host.h"

#include <pthread.h>
#include <stdatomic.h>

enum { THREADS = 8, ROUNDS = 20, VALUES = 200 };

struct worker {
    pthread_t thread;
    mb_runtime *runtime;
    mb_store *store;
    _Atomic(mb_id) offered[VALUES]; /* ids that a neighbour may release; 0: taken */
    int number, called;
};

static struct worker workers[THREADS];
static pthread_barrier_t barrier;

static int callback(mb_call *call, void *context) {
    struct worker *worker = context;
    worker->called++;
    return mb_return(call, mb_arg(call, 0));
}

static void run_scripts(struct worker *worker) {
    static const char script[] =
        "local n, text = ..., {}\n"
        "for i = 1, 100 do text[i] = ('%d:%s'):format(i, tostring(i / 7)) end\n"
        "local co = coroutine.wrap(function(a) while true do a = coroutine.yield(callback(a)) end end)\n"
        "for i = 1, 50 do assert(co(i) == i) end\n"
        "assert(#table.concat(text, ' ') > 100 and require('cjson').decode('[1]')[1] == 1)\n"
        "assert(not pcall(error, 'x') and os.time() > 0 and tostring(1.5) == '1.5')\n"
        "assert(os.date('!%Y', n * 366 * 86400) == tostring(1970 + n) and os.date('*t').year > 2000)\n"
        "local lfs = require 'lfs'\n"
        "local found = lfs.attributes(n % 2 == 0 and '/dev/null' or '/', 'permissions')\n"
        "assert(found == permissions or not permissions, found) permissions = found\n"
        "assert(require('lpeg').P('a'):match('a') == 2 and require('re').match('x', '.') == 2)\n"
        "local f = assert(io.open('/dev/null')) assert(f:read(1) == nil) f:close()\n"
        "assert(not io.open('/nowhere/x') and os.getenv('PATH') ~= 1 and math.random() < 1)\n"
        "collectgarbage 'step'";
    mb_value argument = mb_number(worker->number);
    SUCCEEDS(worker->runtime, mb_run_string(worker->runtime, script, "=script", &argument, 1));
    CHECK(mb_run_string(worker->runtime, "error 'mine'", "=e", NULL, 0) == MB_ERROR);
}

/* Every offer is released exactly once: by its owner at once, or by the neighbour's wish later. */
static void put_and_release(struct worker *worker) {
    struct worker *neighbour = &workers[(worker->number + 1) % THREADS];
    for (int i = 0; i < VALUES; i++) {
        mb_id id;
        SUCCEEDS(worker->runtime, mb_put_value(worker->store, mb_number(i), &id));
        atomic_store(&worker->offered[i], id);
        id = atomic_exchange(&neighbour->offered[i], 0);
        if (id) CHECK(mb_release_later(neighbour->store, id) == MB_OK);
        if (i % 3 == 0 && (id = atomic_exchange(&worker->offered[i], 0))) CHECK(mb_release(worker->store, id) == MB_OK);
    }
    for (int i = 0; i < VALUES; i++) {
        mb_id id = atomic_exchange(&worker->offered[i], 0);
        if (id) CHECK(mb_release(worker->store, id) == MB_OK);
    }
}

static void begin(struct worker *worker) {
    mb_options options;
    mb_options_init(&options, sizeof options);
    options.memory_limit = 32 << 20;
    if (worker->number % 2) options.stack_size = 512 * 1024;
    SUCCEEDS(NULL, mb_open(&options, &worker->runtime));
    SUCCEEDS(worker->runtime, mb_store_open(worker->runtime, NULL, &worker->store));
    SUCCEEDS(worker->runtime, mb_register(worker->runtime, "callback", callback, worker));
}

static void *work(void *context) {
    struct worker *worker = context;
    begin(worker);
    pthread_barrier_wait(&barrier);
    for (int round = 0; round < ROUNDS; round++) {
        run_scripts(worker);
        put_and_release(worker);
    }
    pthread_barrier_wait(&barrier);
    return NULL;
}

/* On the main thread now: nothing of a runtime is tied to the thread that made it. */
static void finish(struct worker *worker) {
    mb_store_stats stats = { .size = sizeof stats };
    run_scripts(worker);
    SUCCEEDS(worker->runtime, mb_store_count(worker->store, &stats));
    CHECK(stats.live == 0 && stats.puts == ROUNDS * VALUES && stats.releases == stats.puts);
    CHECK(worker->called == (ROUNDS + 1) * 50);
    mb_close(worker->runtime);
}

/* A store's handle outlives its runtime for those who hold it. */
static void *ask_late(void *store) {
    for (int i = 0; i < 1000; i++) {
        int code = mb_release_later(store, (mb_id)i << 32);
        CHECK(code == MB_OK || code == MB_CLOSED);
    }
    mb_store_drop(store);
    return NULL;
}

static void late_releases(void) {
    mb_runtime *runtime;
    mb_store *store;
    pthread_t threads[THREADS];
    SUCCEEDS(NULL, mb_open(NULL, &runtime));
    SUCCEEDS(runtime, mb_store_open(runtime, NULL, &store));
    for (int i = 0; i < THREADS; i++) CHECK(pthread_create(&threads[i], NULL, ask_late, mb_store_hold(store)) == 0);
    mb_store_close(store);
    mb_close(runtime);
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
}

int main(void) {
    CHECK(pthread_barrier_init(&barrier, NULL, THREADS) == 0);
    for (int i = 0; i < THREADS; i++) {
        workers[i].number = i;
        CHECK(pthread_create(&workers[i].thread, NULL, work, &workers[i]) == 0);
    }
    for (int i = 0; i < THREADS; i++) CHECK(pthread_join(workers[i].thread, NULL) == 0);
    for (int i = 0; i < THREADS; i++) finish(&workers[i]);
    for (int i = 0; i < THREADS; i++) mb_store_close(workers[i].store);
    late_releases();
    printf("%d threads\n", THREADS);
    return 0;
}
