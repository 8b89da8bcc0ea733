/* api.h: what the files behind moonbear.h share.
 * Invariant: Lua runs only below api_run, so every error ends there; what a runtime owns outside Lua hangs on it.
 * SPDX-License-Identifier: MIT */
#ifndef API_H
#define API_H

#include "lua.h"

#include "engine/engine.h"
#include "moonbear.h"
#include "store/store.h"

/* A text that is always there: `shown` is `memory`, or a constant when memory was refused. */
struct api_text {
    char *memory;
    const char *shown;
};

/* Results that callbacks gave and Lua has not got yet; strings are copies. */
struct api_values {
    mb_value *values;
    size_t count, capacity;
};

struct mb_store {
    mb_store *next; /* among the runtime's */
    mb_runtime *runtime; /* NULL once that is closed */
    struct store *store; /* kept by the registry, at the handle's address */
    struct queue *queue; /* outlives both */
    mb_scope *scopes;
    atomic_uint holders; /* hosts, scopes, and calls under way that may run finalizers: those may close the store */
};

struct mb_runtime {
    lua_State *main, *current; /* current: that of the innermost callback, or main */
    unsigned flags;
    size_t stack_size;
    double time_limit;
    int depth; /* calls of api_run under way */
    int callbacks; /* functions of the host that Lua has called and that have not returned */
    size_t native; /* what mb_native has counted */
    int exit_status;
    void *locale, *host_locale;
    struct api_text message, trace, failure;
    struct api_values returned;
    mb_store *stores, *own;
    mb_results *results;
};

/* Whether a lua_State of the host's choice is one of this runtime's coroutines: a value of another state would corrupt both. */
static inline int api_owns(const mb_runtime *runtime, lua_State *L) {
    return engine_main(L) == runtime->main;
}

/* The runtime of a state; NULL before mb_open has set it. */
mb_runtime *api_runtime(lua_State *L);

/* Calls fn(L, argument) protected, in the C locale and with enough stack, and returns its result; when an error ends it,
 * records the text and returns the code. fn's L is `L` with an empty stack of its own. */
int api_run_on(mb_runtime *runtime, lua_State *L, int (*fn)(lua_State *L, void *argument), void *argument);
int api_run(mb_runtime *runtime, int (*fn)(lua_State *L, void *argument), void *argument);

/* Calls how(context) as api_run does, for what cannot be given an empty stack: `how` protects itself. */
void api_inside(mb_runtime *runtime, void (*how)(void *context), void *context);

/* Takes over the error message on top of the stack as the text for `code`, pops it and returns the code. */
int api_failed(mb_runtime *runtime, lua_State *L, int code);

/* Pushes the userdata of a store, so that it outlives what a finalizer does to the handle, and returns what is in it; NULL when
 * that handle was closed already: entering Lua may have run a finalizer. */
struct store *api_push_store(lua_State *L, mb_store *handle);

/* Sets the runtime's texts to that of a code, and returns it. */
int api_refuse(mb_runtime *runtime, int code);

/* From a negative errno of store.h to a code. */
int api_code(int error);

/* The same with the sentence of store_explain as the runtime's text. May run finalizers. */
int api_explain(mb_store *store, int error, mb_id id);

void api_set_text(struct api_text *text, const char *value);

/* Pushes a value; 0, or the code of a bad MB_ID with nothing pushed. May raise. */
int api_push(lua_State *L, mb_runtime *runtime, const mb_value *value);

/* The value at a stack index; a string's bytes are Lua's. Never raises. */
mb_value api_value(lua_State *L, int index);

/* Pushes the table that keeps the last call's results, emptied when `fresh`. May raise. */
void api_push_results(lua_State *L, int fresh);

/* Sets the global `name` (dots lead through tables, which are made) to the value on top, and pops it. May raise. */
void api_set_global(lua_State *L, const char *name);

/* After lua_close: handles stay for those who have them, and lead nowhere from now on. */
void api_forget_stores(mb_runtime *runtime);
void api_forget_results(mb_runtime *runtime);

/* Drops results from `count` on. */
void api_drop_returned(mb_runtime *runtime, size_t count);

/* The os.exit of runtimes without MB_ALLOW_EXIT. */
int api_exit(lua_State *L);

#endif
