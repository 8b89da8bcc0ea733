/* store.c: what values kept by number cost a C program: a store beside what programs use in its place.
 * Invariant: prints and never judges; what is compared runs in turn, in this one process.
 * SPDX-License-Identifier: MIT
 *
 * store cost N      nanoseconds to put, get and release a value: one at a time while N others live, and N values in a row
 * store memory N    bytes per value, in the Lua heap and outside
 * store pause N     the longest collector step in microseconds while N tables live: left alone, and replaced one by one
 * Each prints lines "NAME<tab>FIGURE...", the least of several rounds. */
#include "moonbear.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lauxlib.h"

static mb_runtime *runtime;
static lua_State *L;
static mb_store *store;
static int count;
static uint64_t *keys; /* what each way gave for a value */

/* Of this thread alone: what others do on the machine is not to be seen in a pause. */
static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* ---- The ways: put pops a value and returns its key, get pushes it ------------------------------------------------ */

struct way {
    const char *name;
    void (*open)(void);
    uint64_t (*put)(void);
    void (*get)(uint64_t key);
    void (*release)(uint64_t key);
};

static void nothing(void) {}

static uint64_t ref_put(void) { return (uint64_t)luaL_ref(L, LUA_REGISTRYINDEX); }
static void ref_get(uint64_t key) { lua_rawgeti(L, LUA_REGISTRYINDEX, (int)key); }
static void ref_release(uint64_t key) { luaL_unref(L, LUA_REGISTRYINDEX, (int)key); }

static void store_open_one(void) {
    if (mb_store_open(runtime, NULL, &store) != MB_OK) abort();
}
static uint64_t store_put_one(void) {
    mb_id id;
    if (mb_put(store, L, &id) != MB_OK) abort();
    return id;
}
static void store_get_one(uint64_t key) { mb_push(store, L, key); }
static void store_release_one(uint64_t key) { mb_release(store, key); }

/* One table at stack index 1, a free list in C: the least that keeps values by number, and it checks nothing. */
static int table_free, table_used, *table_next, table_room;
static void table_open(void) {
    lua_settop(L, 0);
    lua_newtable(L);
    table_free = table_used = 0;
}
static uint64_t table_put(void) {
    int key = table_free;
    if (key) {
        table_free = table_next[key];
    } else {
        key = ++table_used;
        if (key >= table_room) table_next = realloc(table_next, (size_t)(table_room = 2 * table_room + 1024) * sizeof(int));
    }
    lua_rawseti(L, 1, key);
    return (uint64_t)key;
}
static void table_get(uint64_t key) { lua_rawgeti(L, 1, (int)key); }
static void table_release(uint64_t key) {
    lua_pushnil(L);
    lua_rawseti(L, 1, (int)key);
    table_next[key] = table_free;
    table_free = (int)key;
}

/* Handles that any thread may drop, as bindings of other languages have them: a released key goes into a list under a mutex,
 * and its value stays until a put takes the key over. */
static pthread_mutex_t queue_mutex = PTHREAD_MUTEX_INITIALIZER;
static int *queue_keys;
static size_t queue_count, queue_room;
static uint64_t queue_put(void) {
    int key = 0;
    pthread_mutex_lock(&queue_mutex);
    if (queue_count) key = queue_keys[--queue_count];
    pthread_mutex_unlock(&queue_mutex);
    if (!key) return ref_put();
    lua_rawseti(L, LUA_REGISTRYINDEX, key);
    return (uint64_t)key;
}
static void queue_release(uint64_t key) {
    pthread_mutex_lock(&queue_mutex);
    if (queue_count == queue_room) queue_keys = realloc(queue_keys, (queue_room = 2 * queue_room + 1024) * sizeof(int));
    queue_keys[queue_count++] = (int)key;
    pthread_mutex_unlock(&queue_mutex);
}

static const struct way ways[] = {
    { "luaL_ref", nothing, ref_put, ref_get, ref_release },
    { "store", store_open_one, store_put_one, store_get_one, store_release_one },
    { "plain table", table_open, table_put, table_get, table_release },
    { "drop queue", nothing, queue_put, ref_get, queue_release },
};
enum { WAYS = sizeof ways / sizeof ways[0] };

static void begin(void) {
    if (mb_open(NULL, &runtime) != MB_OK) abort();
    L = mb_lua(runtime);
    table_free = table_used = 0;
    queue_count = 0;
}

static void end(void) {
    if (store) mb_store_close(store);
    store = NULL;
    mb_close(runtime);
}

/* ---- Cost ------------------------------------------------------------------------------------------------------- */

static void fill(const struct way *way) {
    for (int i = 0; i < count; i++) {
        lua_pushinteger(L, i);
        keys[i] = way->put();
    }
}

static void empty(const struct way *way) {
    for (int i = 0; i < count; i++) way->release(keys[i]);
}

/* One value comes and goes while `count` others live. */
static double one_at_a_time(const struct way *way, int times) {
    double start = now();
    for (int i = 0; i < times; i++) {
        lua_pushinteger(L, i);
        uint64_t key = way->put();
        way->get(key);
        lua_pop(L, 1);
        way->release(key);
    }
    return (now() - start) / times;
}

static double in_a_row(const struct way *way) {
    double start = now();
    fill(way);
    for (int i = 0; i < count; i++) {
        way->get(keys[i]);
        lua_pop(L, 1);
    }
    empty(way);
    return (now() - start) / count;
}

static void keep_least(double *least, double value) {
    if (*least == 0 || value < *least) *least = value;
}

/* Every round measures every way; small counts are repeated until there is something to measure. */
static void cost(void) {
    double one[WAYS] = { 0 }, row[WAYS] = { 0 };
    int rounds = count > 3000000 ? 2 : count > 300000 ? 4 : 9, repeat = count < 20000 ? 20000 / count : 1;
    for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < WAYS; i++) {
            begin();
            ways[i].open();
            for (int n = 0; n < repeat + 1; n++) keep_least(&row[i], in_a_row(&ways[i]));
            fill(&ways[i]);
            for (int n = 0; n < 3; n++) keep_least(&one[i], one_at_a_time(&ways[i], 20000));
            end();
        }
    }
    for (int i = 0; i < WAYS; i++) printf("%s\t%.1f\t%.1f\n", ways[i].name, one[i], row[i]);
}

/* ---- Memory ------------------------------------------------------------------------------------------------------ */

static double in_use(void) {
    mb_memory memory = { 0 };
    mb_collect(runtime);
    mb_memory_use(runtime, &memory);
    return (double)(memory.heap + memory.native);
}

/* What a way keeps in C of its own is added. */
static double own_bytes(int way) {
    return way == 2 ? (double)table_room * sizeof(int) : way == 3 ? (double)queue_room * sizeof(int) : 0;
}

static void bytes(void) {
    for (int i = 0; i < WAYS; i++) {
        begin();
        ways[i].open();
        double before = in_use();
        fill(&ways[i]);
        double full = in_use() + own_bytes(i) - before;
        empty(&ways[i]);
        printf("%s\t%.1f\t%.1f\n", ways[i].name, full / count, (in_use() + own_bytes(i) - before) / count);
        end();
    }
}

/* ---- Pauses ------------------------------------------------------------------------------------------------------ */

static void push_value(int i) {
    lua_createtable(L, 1, 0);
    lua_pushinteger(L, i);
    lua_rawseti(L, -2, 1);
}

static void exchange(const struct way *way, int i) {
    way->release(keys[i]);
    push_value(i);
    keys[i] = way->put();
}

/* Two whole cycles by the smallest steps: the longest step. With `busy`, a value somewhere is replaced between any two. */
static double longest_step(const struct way *way, int busy) {
    double longest = 0;
    for (int cycles = 0, i = 0; cycles < 2; i = (i + 4099) % count) {
        if (busy) exchange(way, i);
        double start = now();
        cycles += lua_gc(L, LUA_GCSTEP, 0);
        double took = now() - start;
        if (took > longest) longest = took;
    }
    return longest / 1000;
}

static void pause_one(const struct way *way) {
    double quiet = 0, busy = 0;
    begin();
    lua_gc(L, LUA_GCSTOP, 0);
    way->open();
    for (int i = 0; i < count; i++) {
        push_value(i);
        keys[i] = way->put();
    }
    lua_gc(L, LUA_GCCOLLECT, 0);
    for (int round = 0; round < 3; round++) {
        keep_least(&quiet, longest_step(way, 0));
        keep_least(&busy, longest_step(way, 1));
    }
    printf("%s\t%.0f\t%.0f\n", way->name, quiet, busy);
    fflush(stdout);
    end();
}

int main(int argc, char **argv) {
    count = argc > 2 ? atoi(argv[2]) : 0;
    if (count < 1) return fprintf(stderr, "usage: store cost|memory|pause N\n"), 2;
    keys = malloc((size_t)count * sizeof keys[0]);
    if (!keys) return perror("store"), 1;
    if (strcmp(argv[1], "cost") == 0) cost();
    else if (strcmp(argv[1], "memory") == 0) bytes();
    else for (int i = 0; i < WAYS; i++) pause_one(&ways[i]);
    free(keys);
    return 0;
}
