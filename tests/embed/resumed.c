/* resumed.c: coroutines that go from one host thread to another: what limits their recursion is the stack of the thread that
 * resumes them, not of the one that made them.
 * SPDX-License-Identifier: MIT */
#include "host.h"

#include <lua.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>

enum { SMALL = 64 * 1024, LARGE = 8 * 1024 * 1024 };

/* Each level of gsub has frames and a buffer on the C stack: the coroutine tells how many there were until the error. It
 * has begun some levels of Lua calls, and has caught one error, before it goes to another thread. */
static const char body[] =
    "local depth, message\n"
    "local function deeper() depth = depth + 1 return (('x'):gsub('x', deeper)) end\n"
    "local function try()\n"
    "    depth = 0\n"
    "    local ok, why = pcall(deeper)\n"
    "    assert(not ok and why:find 'stack overflow', why)\n"
    "    assert(('works'):upper() == 'WORKS' and select(2, pcall(error, 'plain', 0)) == 'plain')\n"
    "    return depth\n"
    "end\n"
    "local function levels(n)\n"
    "    if n > 0 then return 1 + levels(n - 1) end\n"
    "    while true do coroutine.yield(try()) end\n"
    "end\n"
    "co = coroutine.create(function() return levels(100) end)\n"
    "uncaught = coroutine.create(function() coroutine.yield() return deeper() end)\n"
    "depth = 0\n"
    "assert(coroutine.resume(uncaught))\n";

static mb_runtime *runtime;

/* Resumes the global coroutine `name`; what it yields, or -1 when it has ended with the error of an overflow. */
static double resume(const char *name) {
    lua_State *L = mb_lua(runtime);
    lua_getglobal(L, name);
    lua_State *co = lua_tothread(L, -1);
    lua_pop(L, 1); /* the global keeps it */
    int status = lua_resume(co, 0);
    if (status == LUA_YIELD) {
        double result = lua_tonumber(co, -1);
        lua_settop(co, 0);
        return result;
    }
    CHECK(status == LUA_ERRRUN && strstr(lua_tostring(co, -1), "stack overflow"));
    return -1;
}

static void *on_thread(void *depth) {
    CHECK(mb_stack_remaining() > 0);
    *(double *)depth = resume("co");
    return NULL;
}

static void *ends_on_thread(void *depth) {
    *(double *)depth = resume("uncaught");
    return NULL;
}

/* Runs `work` on a thread whose stack is ours: below it lies a page that must not be touched. */
static double on_stack(size_t size, void *(*work)(void *depth)) {
    pthread_t thread;
    pthread_attr_t how;
    double depth = 0;
    char *memory = mmap(NULL, size + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(memory != MAP_FAILED && mprotect(memory, 4096, PROT_NONE) == 0);
    CHECK(pthread_attr_init(&how) == 0 && pthread_attr_setstack(&how, memory + 4096, size) == 0);
    CHECK(pthread_create(&thread, &how, work, &depth) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    pthread_attr_destroy(&how);
    munmap(memory, size + 4096);
    return depth;
}

int main(void) {
    SUCCEEDS(NULL, mb_open(NULL, &runtime));
    SUCCEEDS(runtime, mb_run_string(runtime, body, "=body", NULL, 0));
    double large = on_stack(LARGE, on_thread), small = on_stack(SMALL, on_thread);
    CHECK(small > 5 && large > 20 * small);
    for (int i = 0; i < 10; i++) {
        CHECK(on_stack(LARGE, on_thread) > 20 * small); /* what was low on one thread is not on another */
        CHECK(on_stack(SMALL, on_thread) <= small + 5);
        CHECK(resume("co") > small);
    }
    CHECK(on_stack(SMALL, ends_on_thread) == -1);
    SUCCEEDS(runtime, mb_run_string(runtime, "assert(coroutine.status(uncaught) == 'dead')", NULL, NULL, 0));
    mb_close(runtime);
    printf("%.0f levels on 64 KiB, %.0f on 8 MiB\n", small, large);
    return 0;
}
