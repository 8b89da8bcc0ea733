/* call.c: running chunks, calling functions, and functions of the host.
 * Invariant: see api.h; no frame of the host lies between a raise and its catch, callbacks excepted that raise themselves.
 * SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lauxlib.h"

#include "api/api.h"
#include "platform.h"

/* What is to be run: a file, bytes, a name or an id, in this order. */
struct job {
    mb_runtime *runtime;
    const char *path, *data, *name;
    size_t size;
    mb_id id;
    const mb_value *args;
    size_t count;
    mb_value *results;
    size_t *result_count;
};

/* ---- Running --------------------------------------------------------------------------------------------- */

static int load(lua_State *L, const struct job *job) {
    int status = job->path ? luaL_loadfile(L, job->path) : luaL_loadbuffer(L, job->data, job->size, job->name);
    switch (status) {
    case 0: return MB_OK;
    case LUA_ERRMEM: return api_failed(job->runtime, L, MB_NOMEM);
    case LUA_ERRFILE: return api_failed(job->runtime, L, MB_IO);
    default: return api_failed(job->runtime, L, MB_SYNTAX);
    }
}

static int is_callable(lua_State *L) {
    if (lua_isfunction(L, -1)) return 1;
    return luaL_getmetafield(L, -1, "__call") && (lua_pop(L, 1), 1);
}

/* Walks a dotted name. */
static int push_named(lua_State *L, const struct job *job) {
    lua_pushvalue(L, LUA_GLOBALSINDEX);
    for (const char *word = job->name, *end; word; word = *end ? end + 1 : NULL) {
        end = strchrnul(word, '.');
        lua_pushlstring(L, word, (size_t)(end - word));
        lua_gettable(L, -2);
        lua_remove(L, -2);
        if (lua_isnil(L, -1)) break;
    }
    if (is_callable(L)) return MB_OK;
    lua_pushfstring(L, "no function '%s'", job->name);
    return api_failed(job->runtime, L, MB_NOTFOUND);
}

static int push_function(lua_State *L, const struct job *job) {
    if (job->path || job->data) return load(L, job);
    if (job->name) return push_named(L, job);
    mb_value value = mb_stored(job->id);
    return api_push(L, job->runtime, &value);
}

/* Moves the results, which are from 1 to the top, into the table that keeps them. */
static void keep_results(lua_State *L, const struct job *job) {
    int count = lua_gettop(L);
    size_t capacity = job->result_count ? *job->result_count : 0;
    luaL_checkstack(L, 4, "too many results");
    api_push_results(L, 1);
    for (int i = 1; i <= count; i++) {
        if ((size_t)i <= capacity && job->results) job->results[i - 1] = api_value(L, i);
        lua_pushvalue(L, i);
        lua_rawseti(L, count + 1, i);
    }
    if (job->result_count) *job->result_count = (size_t)count;
}

static int run(lua_State *L, void *argument) {
    const struct job *job = argument;
    int code = push_function(L, job);
    if (code != MB_OK) return code;
    for (size_t i = 0; i < job->count; i++) {
        code = api_push(L, job->runtime, &job->args[i]);
        if (code != MB_OK) return code;
    }
    lua_call(L, (int)job->count, LUA_MULTRET);
    keep_results(L, job);
    return MB_OK;
}

static int start(struct job *job) {
    int is_valid = job->runtime && (job->args || !job->count) && job->count < 1000000;
    return is_valid ? api_run(job->runtime, run, job) : MB_INVALID;
}

int mb_run_file(mb_runtime *runtime, const char *path, const mb_value *args, size_t count) {
    struct job job = { .runtime = runtime, .path = path, .args = args, .count = count };
    return path ? start(&job) : MB_INVALID;
}

int mb_run_bytes(mb_runtime *runtime, const void *data, size_t size, const char *name, const mb_value *args, size_t count) {
    struct job job = { .runtime = runtime, .data = data, .size = size, .name = name ? name : "=(host)", .args = args, .count = count };
    return data ? start(&job) : MB_INVALID;
}

int mb_run_string(mb_runtime *runtime, const char *text, const char *name, const mb_value *args, size_t count) {
    return text ? mb_run_bytes(runtime, text, strlen(text), name, args, count) : MB_INVALID;
}

int mb_call_name(mb_runtime *runtime, const char *name, const mb_value *args, size_t count, mb_value *results, size_t *result_count) {
    struct job job = { .runtime = runtime, .name = name, .args = args, .count = count, .results = results, .result_count = result_count };
    return name && (results || !result_count || !*result_count) ? start(&job) : MB_INVALID;
}

int mb_call_id(mb_runtime *runtime, mb_id id, const mb_value *args, size_t count, mb_value *results, size_t *result_count) {
    struct job job = { .runtime = runtime, .id = id, .args = args, .count = count, .results = results, .result_count = result_count };
    return results || !result_count || !*result_count ? start(&job) : MB_INVALID;
}

/* ---- Ids ------------------------------------------------------------------------------------------------- */

struct keep {
    struct job job;
    size_t index;
    mb_id *id;
};

/* Puts what is on top into the runtime's own store. */
static int put_own(lua_State *L, mb_runtime *runtime, mb_id *id) {
    int error = store_put(L, runtime->own->store, 0, id);
    if (error == 0) return MB_OK;
    store_explain(L, runtime->own->store, error, 0);
    return api_failed(runtime, L, api_code(error));
}

static int load_own(lua_State *L, void *argument) {
    struct keep *keep = argument;
    int code = load(L, &keep->job);
    return code == MB_OK ? put_own(L, keep->job.runtime, keep->id) : code;
}

int mb_load(mb_runtime *runtime, const void *data, size_t size, const char *name, mb_id *function) {
    struct keep keep = { { .runtime = runtime, .data = data, .size = size, .name = name ? name : "=(host)" }, 0, function };
    return runtime && data && function ? api_run(runtime, load_own, &keep) : MB_INVALID;
}

static int keep_result(lua_State *L, void *argument) {
    struct keep *keep = argument;
    api_push_results(L, 0);
    if (keep->index >= lua_objlen(L, -1) && keep->index >= 1000000) return api_refuse(keep->job.runtime, MB_NOTFOUND);
    lua_rawgeti(L, -1, (int)keep->index + 1);
    if (lua_isnil(L, -1)) return api_refuse(keep->job.runtime, MB_NOTFOUND);
    return put_own(L, keep->job.runtime, keep->id);
}

int mb_keep_result(mb_runtime *runtime, size_t index, mb_id *id) {
    struct keep keep = { { .runtime = runtime }, index, id };
    return runtime && id ? api_run(runtime, keep_result, &keep) : MB_INVALID;
}

/* ---- Functions of the host ------------------------------------------------------------------------------- */

struct mb_call {
    mb_runtime *runtime;
    lua_State *L;
    int args;
    int failed; /* mb_fail was called */
};

mb_runtime *mb_call_runtime(const mb_call *call) {
    return call->runtime;
}

size_t mb_arg_count(const mb_call *call) {
    return (size_t)call->args;
}

mb_value mb_arg(mb_call *call, size_t index) {
    return index < (size_t)call->args ? api_value(call->L, (int)index + 1) : mb_nil();
}

int mb_keep_arg(mb_call *call, size_t index, mb_id *id) {
    if (!id || index >= (size_t)call->args) return MB_INVALID;
    lua_pushvalue(call->L, (int)index + 1);
    int code = mb_put(call->runtime->own, call->L, id);
    if (code != MB_OK) lua_pop(call->L, 1);
    return code;
}

static int grow_returned(struct api_values *v) {
    if (v->count < v->capacity) return 0;
    size_t capacity = v->capacity ? 2 * v->capacity : 16;
    mb_value *values = realloc(v->values, capacity * sizeof values[0]);
    if (!values) return -1;
    v->values = values;
    v->capacity = capacity;
    return 0;
}

int mb_return(mb_call *call, mb_value value) {
    struct api_values *v = &call->runtime->returned;
    if (value.type > MB_ID) return MB_INVALID;
    if (value.type == MB_ID && !mb_has(call->runtime->own, value.as.id)) return mb_release(call->runtime->own, value.as.id);
    if (grow_returned(v) != 0) return MB_NOMEM;
    if (value.type == MB_STRING) {
        char *copy = malloc(value.as.string.size + 1);
        if (!copy) return MB_NOMEM;
        value.as.string.data = memcpy(copy, value.as.string.data, value.as.string.size);
    }
    v->values[v->count++] = value;
    return MB_OK;
}

int mb_fail(mb_call *call, const char *format, ...) {
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    api_set_text(&call->runtime->failure, length < 0 ? mb_strerror(MB_NOMEM) : text);
    if (length >= 0) free(text);
    call->failed = 1;
    return MB_ERROR;
}

/* The host's function runs in the host's locale, and what it calls uses this coroutine. */
static int call_host(struct mb_call *call, mb_function fn, void *context) {
    mb_runtime *runtime = call->runtime;
    lua_State *current = runtime->current;
    runtime->current = call->L;
    runtime->callbacks++;
    void *inner = plat_locale_use(runtime->host_locale);
    int code = fn(call, context);
    plat_locale_use(inner);
    runtime->callbacks--;
    runtime->current = current;
    return code;
}

static int raise_failure(lua_State *L, const struct mb_call *call, int code) {
    luaL_where(L, 1);
    lua_pushstring(L, call->failed ? call->runtime->failure.shown : mb_strerror(code));
    lua_concat(L, 2);
    return lua_error(L);
}

/* Upvalues: the function and its context. */
static int trampoline(lua_State *L) {
    union {
        void *pointer;
        mb_function fn;
    } host = { lua_touserdata(L, lua_upvalueindex(1)) };
    struct mb_call call = { api_runtime(L), L, lua_gettop(L), 0 };
    size_t first = call.runtime->returned.count;
    luaL_checkstack(L, LUA_MINSTACK, "too many arguments");
    int code = call_host(&call, host.fn, lua_touserdata(L, lua_upvalueindex(2)));
    if (code != MB_OK) {
        api_drop_returned(call.runtime, first);
        return raise_failure(L, &call, code);
    }
    size_t count = call.runtime->returned.count - first;
    for (size_t i = 0; i < count; i++)
        if (api_push(L, call.runtime, &call.runtime->returned.values[first + i]) != MB_OK) lua_pushnil(L);
    api_drop_returned(call.runtime, first);
    return (int)count;
}

struct registration {
    const char *name;
    mb_function fn;
    void *context;
};

static int add_function(lua_State *L, void *argument) {
    struct registration *r = argument;
    union {
        mb_function fn;
        void *pointer;
    } host = { r->fn };
    lua_pushlightuserdata(L, host.pointer);
    lua_pushlightuserdata(L, r->context);
    lua_pushcclosure(L, trampoline, 2);
    api_set_global(L, r->name);
    return MB_OK;
}

int mb_register(mb_runtime *runtime, const char *name, mb_function fn, void *context) {
    struct registration r = { name, fn, context };
    return runtime && name && fn ? api_run(runtime, add_function, &r) : MB_INVALID;
}
