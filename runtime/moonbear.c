/* moonbear.c: opening and closing runtimes, and what is told about them (see moonbear.h).
 * Invariant: see api/api.h.
 * SPDX-License-Identifier: MIT */
#include "moonbear.h"

#include <stdlib.h>
#include <string.h>

#include "lauxlib.h"

#include "api/api.h"
#include "engine/engine.h"
#include "libs.h"
#include "platform.h"

static const char runtime_key;

const char *mb_version(void) {
    return MOONBEAR_VERSION;
}

const char *mb_strerror(int code) {
    static const char *const texts[] = {
        "no error", "error in a script", "syntax error", "not enough memory", "a file could not be read", "invalid argument",
        "not supported here", "time limit reached", "the script called os.exit", "not found", "the id was released",
        "the id is of another store", "the id was never given out", "all slots of the store are in use",
        "the store's limit of bytes is reached", "closed",
    };
    int index = -code;
    return index >= 0 && index < (int)(sizeof texts / sizeof texts[0]) ? texts[index] : "unknown code";
}

/* ---- Options --------------------------------------------------------------------------------------------- */

static const mb_options defaults = { .size = sizeof defaults };

void mb_options_init(mb_options *options, size_t size) {
    if (!options || size < sizeof options->size) return;
    memset(options, 0, size);
    options->size = size;
}

/* Fields that the caller's header does not have keep their defaults; ones that ours does not have must be zero. */
static int read_options(const mb_options *from, mb_options *to) {
    *to = defaults;
    if (!from) return MB_OK;
    if (from->size < sizeof from->size) return MB_INVALID;
    for (size_t at = sizeof *to; at < from->size; at++)
        if (((const char *)from)[at]) return MB_UNSUPPORTED;
    memcpy(to, from, from->size < sizeof *to ? from->size : sizeof *to);
    if (to->flags & ~(MB_NO_LIBRARIES | MB_ALLOW_EXIT | MB_ALLOW_BYTECODE)) return MB_UNSUPPORTED;
    if (to->memory_limit && to->memory_limit < ENGINE_MEMORY_LEAST) return MB_INVALID;
    return to->time_limit >= 0 ? MB_OK : MB_INVALID;
}

/* ---- Open and close -------------------------------------------------------------------------------------- */

mb_runtime *api_runtime(lua_State *L) {
    lua_pushlightuserdata(L, (void *)&runtime_key);
    lua_rawget(L, LUA_REGISTRYINDEX);
    mb_runtime *runtime = lua_touserdata(L, -1);
    lua_pop(L, 1);
    return runtime;
}

static void keep_traceback(lua_State *L) {
    lua_getglobal(L, "debug");
    if (lua_istable(L, -1)) {
        lua_getfield(L, -1, "traceback");
        lua_setfield(L, LUA_REGISTRYINDEX, "moonbear.traceback");
    }
    lua_pop(L, 1);
}

static void replace_exit(lua_State *L) {
    lua_getglobal(L, "os");
    lua_pushcfunction(L, api_exit);
    lua_setfield(L, -2, "exit");
    lua_pop(L, 1);
}

/* The collector rests while the libraries open: nothing is garbage yet. */
static int set_up(lua_State *L, void *argument) {
    mb_runtime *runtime = argument;
    lua_pushlightuserdata(L, (void *)&runtime_key);
    lua_pushlightuserdata(L, runtime);
    lua_rawset(L, LUA_REGISTRYINDEX);
    if (runtime->flags & MB_NO_LIBRARIES) return MB_OK;
    lua_gc(L, LUA_GCSTOP, 0);
    libs_open(L);
    keep_traceback(L);
    if (!(runtime->flags & MB_ALLOW_EXIT)) replace_exit(L);
    lua_gc(L, LUA_GCRESTART, 0);
    return MB_OK;
}

static void free_runtime(mb_runtime *runtime) {
    api_drop_returned(runtime, 0);
    free(runtime->returned.values);
    free(runtime->message.memory);
    free(runtime->trace.memory);
    free(runtime->failure.memory);
    plat_locale_free(runtime->locale);
    free(runtime);
}

static mb_runtime *make_runtime(const mb_options *options) {
    mb_runtime *runtime = calloc(1, sizeof *runtime);
    if (!runtime) return NULL;
    runtime->message.shown = runtime->trace.shown = runtime->failure.shown = "";
    runtime->flags = options->flags;
    runtime->stack_size = options->stack_size;
    runtime->locale = plat_locale_new();
    return runtime;
}

static int start(mb_runtime *runtime, const mb_options *options) {
    struct engine_options engine = { .memory = options->memory_limit, .bytecode = (options->flags & MB_ALLOW_BYTECODE) != 0 };
    runtime->main = runtime->current = engine_new_with(&engine);
    if (!runtime->main) return MB_NOMEM;
    int code = api_run(runtime, set_up, runtime);
    return code == MB_OK ? mb_store_open(runtime, NULL, &runtime->own) : code;
}

int mb_open(const mb_options *options, mb_runtime **out) {
    mb_options known;
    if (!out) return MB_INVALID;
    *out = NULL;
    int code = read_options(options, &known);
    if (code != MB_OK) return code;
    mb_runtime *runtime = make_runtime(&known);
    if (!runtime) return MB_NOMEM;
    code = start(runtime, &known);
    runtime->time_limit = known.time_limit;
    if (code == MB_OK) *out = runtime;
    else mb_close(runtime);
    return code;
}

/* lua_close protects the finalizers itself, but they may want more stack than the caller has. */
static void close_state(void *L) {
    lua_close(L);
}

void mb_close(mb_runtime *runtime) {
    if (!runtime || runtime->depth || runtime->callbacks) return;
    if (runtime->main) {
        void *host = plat_locale_use(runtime->locale);
        runtime->host_locale = host;
        runtime->depth++;
        plat_stack_run(runtime->stack_size ? runtime->stack_size : plat_stack_remaining() < 192 * 1024 ? 1024 * 1024 : 0,
                       close_state, runtime->main);
        plat_locale_use(host);
        api_forget_stores(runtime);
        api_forget_results(runtime);
    }
    free_runtime(runtime);
}

/* ---- What is told ---------------------------------------------------------------------------------------- */

lua_State *mb_lua(mb_runtime *runtime) {
    return runtime ? runtime->current : NULL;
}

const char *mb_error(const mb_runtime *runtime) {
    return runtime ? runtime->message.shown : "";
}

const char *mb_traceback(const mb_runtime *runtime) {
    return runtime ? runtime->trace.shown : "";
}

int mb_exit_status(const mb_runtime *runtime) {
    return runtime ? runtime->exit_status : 0;
}

int mb_memory_use(mb_runtime *runtime, mb_memory *memory) {
    struct engine_memory now;
    if (!runtime || !memory) return MB_INVALID;
    engine_memory(runtime->main, &now);
    *memory = (mb_memory){ .heap = now.heap, .native = now.native, .peak = now.peak, .limit = now.limit };
    return MB_OK;
}

static int add_native(lua_State *L, void *argument) {
    mb_runtime *runtime = api_runtime(L);
    int result = engine_native(L, *(ptrdiff_t *)argument);
    if (result < 0) return api_refuse(runtime, MB_NOMEM);
    runtime->native += (size_t)*(ptrdiff_t *)argument;
    return MB_OK;
}

int mb_native(mb_runtime *runtime, ptrdiff_t bytes) {
    if (!runtime || (bytes < 0 && -(size_t)bytes > runtime->native)) return MB_INVALID;
    if (bytes > 0) return api_run(runtime, add_native, &bytes);
    engine_native(runtime->main, bytes);
    runtime->native += (size_t)bytes;
    return MB_OK;
}

static int collect(lua_State *L, void *unused) {
    (void)unused;
    lua_gc(L, LUA_GCCOLLECT, 0);
    return MB_OK;
}

int mb_collect(mb_runtime *runtime) {
    return runtime ? api_run(runtime, collect, NULL) : MB_INVALID;
}

ptrdiff_t mb_stack_remaining(void) {
    return plat_stack_remaining();
}

int mb_protect(mb_runtime *runtime, int (*fn)(lua_State *L, void *argument), void *argument) {
    return runtime && fn ? api_run(runtime, fn, argument) : MB_INVALID;
}
