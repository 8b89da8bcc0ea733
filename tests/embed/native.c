/* native.c: a loop makes objects whose native memory is freed by finalizers, under a cap of the process.
 * SPDX-License-Identifier: MIT
 *
 * By the means of stock Lua (a userdata, a __gc) the loop ends for want of memory though nearly all of it is garbage: to the
 * collector an object is 32 bytes. With mb_native the collector knows, and finalizers run in time; with ids in a store the
 * script says when, and a second time is an error that says so. */
#include "host.h"

#include <string.h>
#include <sys/resource.h>

#include <lauxlib.h>

enum { OBJECT = 1 << 20, CAP = 256 << 20, STOCK_LOOP = 100000, LOOP = 3000 };

static struct {
    mb_runtime *runtime; /* to be told of native memory; NULL: nobody is */
    mb_store *store;
    int made, freed, live, peak;
} objects;

static void *take(void) {
    void *memory = malloc(OBJECT);
    if (!memory) return NULL;
    *(char *)memory = 1; /* a page of it: what limits here is the address space */
    objects.made++;
    if (++objects.live > objects.peak) objects.peak = objects.live;
    return memory;
}

static void give(void *memory) {
    if (!memory) return;
    free(memory);
    objects.freed++;
    objects.live--;
}

static int finalize(lua_State *L) {
    void **object = lua_touserdata(L, 1);
    if (*object && objects.runtime) mb_native(objects.runtime, -OBJECT);
    give(*object);
    *object = NULL;
    return 0;
}

static int make(lua_State *L) {
    void **object = lua_newuserdata(L, sizeof *object);
    *object = NULL;
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_setmetatable(L, -2);
    if (objects.runtime && mb_native(objects.runtime, OBJECT) != MB_OK) return luaL_error(L, "the runtime's limit leaves no room");
    *object = take();
    if (*object) return 1;
    if (objects.runtime) mb_native(objects.runtime, -OBJECT);
    return luaL_error(L, "no memory for an object");
}

static int add_make(lua_State *L, void *unused) {
    (void)unused;
    lua_newtable(L);
    lua_pushcfunction(L, finalize);
    lua_setfield(L, -2, "__gc");
    lua_pushcclosure(L, make, 1);
    lua_setglobal(L, "make");
    return MB_OK;
}

/* put() -> id, and free(id): the pointer lies in a store. */
static int put(mb_call *call, void *unused) {
    mb_id id;
    void *memory = take();
    (void)unused;
    if (!memory) return MB_NOMEM;
    int code = mb_put_value(objects.store, mb_pointer(memory), &id);
    if (code == MB_OK) return mb_return(call, mb_number((double)id));
    give(memory);
    return code;
}

static int release(mb_call *call, void *unused) {
    mb_value memory;
    mb_id id = (mb_id)mb_arg(call, 0).as.number;
    (void)unused;
    int code = mb_get_value(objects.store, id, &memory);
    if (code != MB_OK) return mb_fail(call, "%s", mb_error(mb_call_runtime(call)));
    mb_release(objects.store, id);
    give(memory.as.pointer);
    return MB_OK;
}

static int loop(mb_runtime *runtime, const char *text, int times) {
    mb_value count = mb_number(times);
    memset(&objects.made, 0, 4 * sizeof objects.made);
    return mb_run_string(runtime, text, "=loop", &count, 1);
}

static void stock_means_fail(mb_runtime *runtime) {
    CHECK(loop(runtime, "for i = 1, ... do make() end", STOCK_LOOP) == MB_ERROR);
    CHECK(strstr(mb_error(runtime), "no memory for an object"));
    CHECK(objects.made < STOCK_LOOP && objects.live > CAP / OBJECT / 2);
    printf("stock: %s after %d, with %d waiting for their finalizers\n", mb_error(runtime), objects.made, objects.live);
    SUCCEEDS(runtime, mb_collect(runtime));
    CHECK(objects.live == 0);
}

static void the_collector_is_told(mb_runtime *runtime) {
    objects.runtime = runtime;
    SUCCEEDS(runtime, loop(runtime, "for i = 1, ... do make() end", LOOP));
    CHECK(objects.made == LOOP && objects.peak < CAP / OBJECT / 2);
    printf("told: %d made, at most %d at a time\n", LOOP, objects.peak);
    SUCCEEDS(runtime, mb_collect(runtime));
    CHECK(objects.live == 0);
    objects.runtime = NULL;
}

static void the_script_says_when(mb_runtime *runtime) {
    SUCCEEDS(runtime, mb_store_open(runtime, NULL, &objects.store));
    SUCCEEDS(runtime, mb_register(runtime, "put", put, NULL));
    SUCCEEDS(runtime, mb_register(runtime, "free", release, NULL));
    SUCCEEDS(runtime, loop(runtime, "for i = 1, ... do free(put()) end", LOOP));
    CHECK(objects.made == LOOP && objects.peak == 1 && objects.live == 0);
    CHECK(loop(runtime, "local id = put() free(id) free(id)", 0) == MB_ERROR);
    CHECK(strstr(mb_error(runtime), "is stale") && objects.freed == 1);
    printf("by id: one at a time; a second release: %s\n", mb_error(runtime));
    mb_store_close(objects.store);
}

/* A runtime's own limit: garbage is collected before anything is refused. */
static void a_limit_collects_first(void) {
    mb_options options;
    mb_runtime *runtime;
    mb_options_init(&options, sizeof options);
    options.memory_limit = 16 << 20;
    SUCCEEDS(NULL, mb_open(&options, &runtime));
    SUCCEEDS(runtime, mb_protect(runtime, add_make, NULL));
    objects.runtime = runtime;
    SUCCEEDS(runtime, loop(runtime, "for i = 1, ... do make() end", LOOP));
    CHECK(objects.peak <= 16);
    SUCCEEDS(runtime, mb_collect(runtime));
    CHECK(loop(runtime, "local all = {} for i = 1, ... do all[i] = make() end", LOOP) == MB_ERROR);
    CHECK(strstr(mb_error(runtime), "the runtime's limit leaves no room") && objects.made < 16);
    printf("limited: %s after %d that are in use\n", mb_error(runtime), objects.made);
    mb_close(runtime);
    CHECK(objects.live == 0);
}

int main(void) {
    struct rlimit limit = { CAP, CAP };
    mb_runtime *runtime;
    CHECK(setrlimit(RLIMIT_AS, &limit) == 0);
    SUCCEEDS(NULL, mb_open(NULL, &runtime));
    SUCCEEDS(runtime, mb_protect(runtime, add_make, NULL));
    stock_means_fail(runtime);
    the_collector_is_told(runtime);
    the_script_says_when(runtime);
    mb_close(runtime);
    a_limit_collects_first();
    return 0;
}
