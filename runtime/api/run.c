/* run.c: how every function of moonbear.h enters Lua, and what an error leaves behind.
 * Invariant: see api.h.
 * SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lauxlib.h"

#include "api/api.h"
#include "engine/engine.h"
#include "platform.h"

enum { STACK_LEAST = 192 * 1024, STACK_OWN = 1024 * 1024 };

/* What api_exit raises: nothing that a script could make. */
static const char exit_marker;

/* ---- Texts ----------------------------------------------------------------------------------------------- */

void api_set_text(struct api_text *text, const char *value) {
    char *copy = strdup(value);
    free(text->memory);
    text->memory = copy;
    text->shown = copy ? copy : "not enough memory";
}

static void set_constant(struct api_text *text, const char *value) {
    free(text->memory);
    text->memory = NULL;
    text->shown = value;
}

int api_refuse(mb_runtime *runtime, int code) {
    set_constant(&runtime->message, mb_strerror(code));
    set_constant(&runtime->trace, mb_strerror(code));
    return code;
}

int api_failed(mb_runtime *runtime, lua_State *L, int code) {
    const char *message = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : mb_strerror(code);
    api_set_text(&runtime->message, message);
    api_set_text(&runtime->trace, message);
    lua_pop(L, 1);
    return code;
}

/* ---- Errors ---------------------------------------------------------------------------------------------- */

int api_exit(lua_State *L) {
    api_runtime(L)->exit_status = (int)luaL_optinteger(L, 1, EXIT_SUCCESS);
    lua_pushlightuserdata(L, (void *)&exit_marker);
    return lua_error(L);
}

static int is_exit(lua_State *L, int index) {
    return lua_islightuserdata(L, index) && lua_touserdata(L, index) == (void *)&exit_marker;
}

/* Leaves the text of the error object at 1 on top. */
static void push_message(lua_State *L) {
    if (lua_isstring(L, 1)) lua_pushvalue(L, 1);
    else if (!luaL_callmeta(L, 1, "__tostring") || !lua_isstring(L, -1))
        lua_pushfstring(L, "(error object is a %s value)", luaL_typename(L, 1));
}

/* The message handler; it leaves the error as it is, for it may also be asked about one that a script then handles itself.
 * debug.traceback was kept in the registry by mb_open: a script may have changed the global. */
static int describe(lua_State *L) {
    mb_runtime *runtime = api_runtime(L);
    if (is_exit(L, 1)) return 1;
    push_message(L);
    api_set_text(&runtime->message, lua_tostring(L, -1));
    set_constant(&runtime->trace, "");
    lua_getfield(L, LUA_REGISTRYINDEX, "moonbear.traceback");
    lua_insert(L, -2);
    if (lua_isfunction(L, -2)) {
        lua_pushinteger(L, 2);
        lua_call(L, 2, 1);
    }
    if (lua_isstring(L, -1)) api_set_text(&runtime->trace, lua_tostring(L, -1));
    lua_settop(L, 1);
    return 1;
}

struct entry {
    mb_runtime *runtime;
    lua_State *L;
    int (*fn)(lua_State *L, void *argument);
    void *argument;
    int result;
    int is_over; /* fn has returned: what Lua's collector does behind it, as behind any call, changes nothing in that */
};

static int body(lua_State *L) {
    struct entry *entry = lua_touserdata(L, 1);
    lua_settop(L, 0);
    entry->result = entry->fn(L, entry->argument);
    entry->is_over = 1;
    return 0;
}

/* Also when it was raised anew on its way, by a function that had caught it. */
static int tells_of_memory(const char *message) {
    static const char end[] = "not enough memory";
    size_t length = strlen(message);
    return length >= sizeof end - 1 && strcmp(message + length - (sizeof end - 1), end) == 0;
}

/* After an error: `describe` has set the texts, unless memory or the handler itself was the problem. */
static int code_of(mb_runtime *runtime, lua_State *L, int status) {
    if (is_exit(L, -1)) return api_refuse(runtime, MB_EXIT);
    if (status == LUA_ERRMEM) return api_refuse(runtime, MB_NOMEM);
    if (status == LUA_ERRERR) set_constant(&runtime->message, "error in error handling");
    if (!runtime->trace.shown[0]) api_set_text(&runtime->trace, runtime->message.shown);
    return tells_of_memory(runtime->message.shown) ? MB_NOMEM : MB_ERROR;
}

static int guarded(lua_State *L) {
    struct entry *entry = lua_touserdata(L, 1);
    lua_settop(L, 0);
    lua_pushcfunction(L, describe);
    lua_pushcfunction(L, body);
    lua_pushlightuserdata(L, entry);
    int status = lua_pcall(L, 1, 0, 1);
    if (status != 0 && !entry->is_over) entry->result = code_of(entry->runtime, L, status);
    return 0;
}

static void enter(void *context) {
    struct entry *entry = context;
    int status = lua_cpcall(entry->L, guarded, entry);
    if (status == 0) return;
    lua_pop(entry->L, 1);
    if (!entry->is_over) entry->result = api_refuse(entry->runtime, status == LUA_ERRMEM ? MB_NOMEM : MB_ERROR);
}

/* The limit is that of the outermost call; what runs inside it shares it. */
static void enter_in_time(void *context) {
    struct entry *entry = context;
    struct engine_budget budget;
    if (engine_time_begin(entry->L, entry->runtime->time_limit, &budget) < 0) {
        entry->result = api_refuse(entry->runtime, MB_UNSUPPORTED);
        return;
    }
    enter(entry);
    if (budget.phase && entry->result == MB_ERROR) entry->result = MB_TIMEOUT;
    engine_time_end(entry->L, &budget);
}

static size_t stack_wanted(const mb_runtime *runtime) {
    if (runtime->stack_size && runtime->depth == 0) return runtime->stack_size;
    return plat_stack_remaining() < STACK_LEAST ? STACK_OWN : 0;
}

/* What a callback that left by an error of its own has not put right is put right here. */
void api_inside(mb_runtime *runtime, void (*how)(void *context), void *context) {
    size_t returned = runtime->returned.count, own = stack_wanted(runtime);
    lua_State *current = runtime->current;
    void *outer = runtime->host_locale;
    int callbacks = runtime->callbacks;
    runtime->host_locale = plat_locale_use(runtime->locale);
    runtime->depth++;
    plat_stack_run(own, how, context);
    runtime->depth--;
    plat_locale_use(runtime->host_locale);
    runtime->host_locale = outer;
    runtime->callbacks = callbacks;
    runtime->current = current;
    api_drop_returned(runtime, returned);
}

int api_run_on(mb_runtime *runtime, lua_State *L, int (*fn)(lua_State *L, void *argument), void *argument) {
    struct entry entry = { runtime, L, fn, argument, MB_ERROR, 0 };
    api_inside(runtime, runtime->time_limit > 0 && runtime->depth == 0 ? enter_in_time : enter, &entry);
    return entry.result;
}

int api_run(mb_runtime *runtime, int (*fn)(lua_State *L, void *argument), void *argument) {
    return api_run_on(runtime, runtime->current, fn, argument);
}

/* ---- Codes of the store ---------------------------------------------------------------------------------- */

int api_code(int error) {
    switch (error) {
    case 0: return MB_OK;
    case -ENOMEM: return MB_NOMEM;
    case -ESTALE: return MB_STALE;
    case -EXDEV: return MB_FOREIGN;
    case -EINVAL: return MB_UNKNOWN;
    case -ENOSPC:
    case -EOVERFLOW: return MB_FULL;
    case -EDQUOT: return MB_LIMIT;
    case -EBADF:
    case -EPIPE: return MB_CLOSED;
    default: return MB_ERROR;
    }
}

struct explain {
    mb_runtime *runtime;
    mb_store *store;
    int error;
    mb_id id;
};

static int explain(lua_State *L, void *argument) {
    struct explain *e = argument;
    struct store *store = api_push_store(L, e->store);
    if (!store) return api_refuse(e->runtime, api_code(e->error));
    store_explain(L, store, e->error, (double)e->id);
    return api_failed(e->runtime, L, api_code(e->error));
}

int api_explain(mb_store *store, int error, mb_id id) {
    struct explain e = { store->runtime, store, error, id };
    if (error != 0) api_run(e.runtime, explain, &e);
    return api_code(error);
}
