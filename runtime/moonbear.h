/* moonbear.h: Lua 5.1 inside a C program: runtimes, calls both ways, and values kept under ids.
 * Invariant: no function here ends the process or jumps over the caller; each says what went wrong by its return value.
 * SPDX-License-Identifier: MIT
 *
 * A runtime (mb_runtime) is one Lua state with moonbear's libraries. A process may have as many as it likes.
 *
 * Return values. Functions return MB_OK (0) or one of the negative MB_ codes below, unless they say otherwise. Each lists
 * its codes; MB_INVALID (a NULL or an impossible argument) and MB_NOMEM may come from every function that returns a code. A
 * function that fails has changed nothing but the runtime's error text (mb_error), unless it says otherwise.
 *
 * Finalizers. A function that runs Lua, makes a Lua object or needs memory for one may run finalizers of scripts; which do not
 * is said. So the host may be called back in the middle of any call, and may do there all that it may do elsewhere: also close the
 * store, scope or results that the call is for, which then returns MB_CLOSED. What a finalizer fails of is the call's MB_ERROR,
 * MB_TIMEOUT or MB_EXIT.
 *
 * Threads. A runtime, its stores, scopes and results may be used by one thread at a time; which one may change between
 * calls. Only mb_release_later, mb_store_hold and mb_store_drop may be called by any thread at any time. Different
 * runtimes are independent.
 *
 * The host's own things. Signal handlers, the locale and the buffers of stdio are left as they are; while Lua runs, the
 * calling thread (only it) is in the "C" locale, and in callbacks it is in the host's again. os.exit in a script does not
 * end the process, unless MB_ALLOW_EXIT is given: it is raised like an error, and ends the call with MB_EXIT unless the script
 * catches it.
 *
 * Stack. A call that runs Lua uses the caller's stack, or one of its own when the options ask for it or when the caller has
 * less than 192 KiB left; if the host refuses that memory, deep scripts fail with a Lua error.
 *
 * Lua's own C API may be used on the lua_State of mb_lua between calls and in callbacks. It raises errors by longjmp, as
 * documented there: use it in a function that mb_protect calls. Functions here that are not given a lua_State need eight free
 * places on the stack of the one that mb_lua returns: who fills that stack asks lua_checkstack for them.
 *
 * Strings that come from a runtime belong to it. How long they last is said at each function. */
#ifndef MOONBEAR_H
#define MOONBEAR_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct lua_State;

typedef struct mb_runtime mb_runtime; /* a Lua state */
typedef struct mb_store mb_store;     /* values under ids */
typedef struct mb_scope mb_scope;     /* values that are released together */
typedef struct mb_results mb_results; /* values by coroutine */
typedef struct mb_call mb_call;       /* one call from Lua into the host */
typedef uint64_t mb_id;               /* a stored value; below 2^53, never given out twice by its runtime; 0 is none. It
                                         does not say which runtime that is: use it with that one only */

/* ---- Codes ----------------------------------------------------------------------------------------------- */

#define MB_OK 0
#define MB_ERROR (-1)       /* the script raised an error: see mb_error */
#define MB_SYNTAX (-2)      /* the script could not be compiled: see mb_error */
#define MB_NOMEM (-3)       /* memory was refused, by the host or by the runtime's limit; also when a script raises that anew */
#define MB_IO (-4)          /* a file could not be read: see mb_error */
#define MB_INVALID (-5)     /* an argument is NULL or makes no sense */
#define MB_UNSUPPORTED (-6) /* this build or this host cannot do that */
#define MB_TIMEOUT (-7)     /* the time limit was reached */
#define MB_EXIT (-8)        /* the script called os.exit: see mb_exit_status */
#define MB_NOTFOUND (-9)    /* there is nothing of that name, or no result */
#define MB_STALE (-10)      /* the id was released */
#define MB_FOREIGN (-11)    /* the id is of another store */
#define MB_UNKNOWN (-12)    /* no such id was ever given out */
#define MB_FULL (-13)       /* all slots of the store are in use */
#define MB_LIMIT (-14)      /* the store's limit of bytes is reached */
#define MB_CLOSED (-15)     /* the store, scope or runtime is closed */

/* A short text for a code, in English. Static memory. Any thread. */
const char *mb_strerror(int code);

/* The version of this library, such as "0.1.0". Static memory. Any thread. */
const char *mb_version(void);

/* ---- Runtimes -------------------------------------------------------------------------------------------- */

#define MB_NO_LIBRARIES 1u   /* open none: not even print */
#define MB_ALLOW_EXIT 2u     /* os.exit ends the process, as in lua(1) */
#define MB_ALLOW_BYTECODE 4u /* precompiled chunks of any origin may be loaded; hostile ones can take the process over */

/* Begin with mb_options_init, then set what you need. Later versions add fields at the end. */
typedef struct mb_options {
    size_t size;         /* set by mb_options_init */
    unsigned flags;      /* MB_NO_LIBRARIES and others, or 0 */
    size_t memory_limit; /* bytes for the heap and the native memory of its values, at least 65536; 0: none */
    double time_limit;   /* seconds of CPU time for each outermost call that runs Lua; 0: none. While such a call runs, it
                            uses a signal of the process: SIGRTMAX - 6, or SIGPROF where the host has no other timer */
    size_t stack_size;   /* bytes of a stack of its own for each call that runs Lua; 0: the caller's, if large enough */
} mb_options;

/* Sets every field of the first `size` bytes to its default. Call it with sizeof(mb_options): a program that was compiled
 * with an older header then works with a newer library. */
void mb_options_init(mb_options *options, size_t size);

/* Makes a runtime. `options` may be NULL for the defaults, and is not needed afterwards. On success *runtime is to be closed
 * with mb_close; on failure it is NULL.
 * Returns MB_OK, MB_NOMEM (also when memory_limit is too small to begin with), MB_INVALID, MB_UNSUPPORTED (an option or
 * flag that this version does not know). */
int mb_open(const mb_options *options, mb_runtime **runtime);

/* Ends a runtime: runs its finalizers, closes its stores and results, frees its memory; the pointer is invalid then. Not from a
 * callback: that does nothing. Handles of stores, scopes and results must still be given back. NULL is allowed. */
void mb_close(mb_runtime *runtime);

/* The Lua state to be used now: that of the innermost callback while one runs, else the main one. Valid until the
 * callback returns or mb_close. */
struct lua_State *mb_lua(mb_runtime *runtime);

/* What the last failed call had to say: the message alone, and with Lua's stack under it. Valid until the next call that
 * fails, or mb_close. Never NULL; "" when nothing failed yet. */
const char *mb_error(const mb_runtime *runtime);
const char *mb_traceback(const mb_runtime *runtime);

/* What the script gave to os.exit, after MB_EXIT; 0 before. */
int mb_exit_status(const mb_runtime *runtime);

/* What a runtime uses, in bytes. */
typedef struct mb_memory {
    size_t heap;   /* Lua's objects */
    size_t native; /* what stores, modules and mb_native have outside it */
    size_t peak;   /* the most that heap and native have been together */
    size_t limit;  /* memory_limit */
} mb_memory;
/* Returns MB_OK, MB_INVALID. Runs no finalizer. */
int mb_memory_use(mb_runtime *runtime, mb_memory *memory);

/* Tells the runtime of memory of the host's that Lua objects keep alive (negative: that it is gone), so that it counts
 * against the limit and makes the collector work. Call it before taking the memory.
 * Returns MB_OK; MB_NOMEM when the limit leaves no room: then nothing was counted; MB_INVALID when more is given back than was
 * counted. Giving back what was counted always succeeds and runs no finalizer. */
int mb_native(mb_runtime *runtime, ptrdiff_t bytes);

/* Runs a full collection. Returns MB_OK, or MB_ERROR when a finalizer failed. */
int mb_collect(mb_runtime *runtime);

/* Bytes of C stack that are left to the calling thread. Any thread. */
ptrdiff_t mb_stack_remaining(void);

/* ---- Values ---------------------------------------------------------------------------------------------- */

enum mb_type {
    MB_NIL,
    MB_BOOLEAN,
    MB_NUMBER,
    MB_STRING,  /* any bytes; a zero follows that is not counted */
    MB_POINTER, /* a light userdata */
    MB_ID,      /* to Lua: the value under that id of mb_own_store */
    MB_OTHER    /* from Lua: a table, function, userdata or coroutine; mb_keep_arg and mb_keep_result give it an id */
};

typedef struct mb_value {
    enum mb_type type;
    union {
        int boolean;
        double number;
        struct {
            const char *data;
            size_t size;
        } string;
        void *pointer;
        mb_id id;
    } as;
} mb_value;

mb_value mb_nil(void);
mb_value mb_boolean(int boolean);
mb_value mb_number(double number);
mb_value mb_string(const char *text); /* up to its zero; not copied before it is used */
mb_value mb_bytes(const void *data, size_t size);
mb_value mb_pointer(void *pointer);
mb_value mb_stored(mb_id id);

/* ---- Running and calling --------------------------------------------------------------------------------- */

/* Each runs a chunk with `args` as its `...`. `name` is how the chunk is called in messages (as Lua has it: "=text" as it
 * is, "@file" a file's), NULL for a default. Results are dropped.
 * Returns MB_OK, MB_ERROR, MB_SYNTAX, MB_NOMEM, MB_TIMEOUT, MB_EXIT, MB_IO (mb_run_file only), MB_UNSUPPORTED (a time limit on
 * a host without timers), or the code of an MB_ID. */
int mb_run_file(mb_runtime *runtime, const char *path, const mb_value *args, size_t count);
int mb_run_string(mb_runtime *runtime, const char *text, const char *name, const mb_value *args, size_t count);
int mb_run_bytes(mb_runtime *runtime, const void *data, size_t size, const char *name, const mb_value *args, size_t count);

/* Compiles a chunk and gives its function an id in mb_own_store, which the caller releases.
 * Returns MB_OK, MB_SYNTAX, MB_NOMEM, MB_FULL, MB_LIMIT. */
int mb_load(mb_runtime *runtime, const void *data, size_t size, const char *name, mb_id *function);

/* Calls a function by its global name, in which dots lead through tables ("string.upper"), or by its id in mb_own_store.
 * *result_count is the capacity of `results` before, and the number of results after, which may be more: those beyond are
 * not written. `results` may be NULL when `result_count` is NULL. Strings among them last until the next call of any function
 * that runs Lua in this runtime.
 * Returns what mb_run_string returns; MB_NOTFOUND: nothing that can be called has that name. */
int mb_call_name(mb_runtime *runtime, const char *name, const mb_value *args, size_t count, mb_value *results, size_t *result_count);
int mb_call_id(mb_runtime *runtime, mb_id function, const mb_value *args, size_t count, mb_value *results, size_t *result_count);

/* Gives result number `index` (0 and on) of the last call an id in mb_own_store, which the caller releases; after mb_get_global,
 * number 0 is what that read.
 * Returns MB_OK, MB_NOTFOUND, MB_NOMEM, MB_FULL, MB_LIMIT. */
int mb_keep_result(mb_runtime *runtime, size_t index, mb_id *id);

/* Reads and sets a global variable; dots lead through tables, which mb_set_global makes where they are missing. A string
 * that was read lasts until the next call of any function that runs Lua in this runtime.
 * Return MB_OK, MB_NOMEM, MB_ERROR (something on the way is no table; a metamethod failed), or the code of an MB_ID. */
int mb_get_global(mb_runtime *runtime, const char *name, mb_value *value);
int mb_set_global(mb_runtime *runtime, const char *name, const mb_value *value);

/* Calls fn(L, argument) so that errors of Lua's C API that it raises end here; L has 20 free places and an empty stack, what
 * fn leaves on it is dropped. Frames of the host between fn and the raise are jumped over: let them own nothing.
 * Returns what fn returns if that is 0 or more; else MB_ERROR, MB_NOMEM, MB_TIMEOUT, MB_EXIT. */
int mb_protect(mb_runtime *runtime, int (*fn)(struct lua_State *L, void *argument), void *argument);

/* ---- Functions of the host ------------------------------------------------------------------------------- */

/* Called by Lua. Returns MB_OK, or any other code to raise an error in Lua: with the text that mb_fail was given, else with
 * that of the code. It may call functions of this header for its runtime, mb_close excepted. */
typedef int (*mb_function)(mb_call *call, void *context);

/* Makes `fn` the value of a global variable; dots lead through tables, which are made where they are missing. `context` is
 * handed to each call and must live as long as the runtime. Returns MB_OK, MB_NOMEM, MB_ERROR. */
int mb_register(mb_runtime *runtime, const char *name, mb_function fn, void *context);

/* The runtime and the arguments of a call. An argument that is not there is MB_NIL. Strings last until the function
 * returns. mb_keep_arg gives an argument an id in mb_own_store, which the host releases: MB_OK, MB_NOMEM, MB_INVALID (there is no
 * such argument). */
mb_runtime *mb_call_runtime(const mb_call *call);
size_t mb_arg_count(const mb_call *call);
mb_value mb_arg(mb_call *call, size_t index);
int mb_keep_arg(mb_call *call, size_t index, mb_id *id);

/* Adds a result; a string is copied; an MB_ID must be live until the function has returned. Runs no finalizer. Returns MB_OK, MB_NOMEM,
 * MB_INVALID (an MB_OTHER), or the code of an MB_ID. */
int mb_return(mb_call *call, mb_value value);

/* Sets the text of the error that the function is about to return, as printf does, and returns MB_ERROR. */
int mb_fail(mb_call *call, const char *format, ...)
#ifdef __GNUC__
    __attribute__((format(printf, 2, 3)))
#endif
    ;

/* ---- Stores ---------------------------------------------------------------------------------------------- */

enum mb_leaks { MB_LEAKS_OFF, MB_LEAKS_SAMPLE, MB_LEAKS_FULL };

/* As `store.new` has them: see `moonbear help store`. */
typedef struct mb_store_options {
    size_t size;      /* set by mb_store_options_init */
    const char *name; /* for messages; NULL: none */
    uint64_t slots;   /* how many values may be live; 0: no limit */
    size_t limit;     /* bytes that the store may use for itself; 0: no limit */
    enum mb_leaks leaks;
} mb_store_options;
void mb_store_options_init(mb_store_options *options, size_t size);

/* Makes a store; `options` may be NULL. Give the handle back with mb_store_close, also after mb_close.
 * Returns MB_OK, MB_NOMEM, MB_INVALID, MB_UNSUPPORTED (an option that this version does not know), MB_CLOSED (in the last
 * finalizers of a runtime that is being closed). */
int mb_store_open(mb_runtime *runtime, const mb_store_options *options, mb_store **store);

/* Releases all that is in the store, and gives the handle back, which is invalid then unless others hold it. Not for mb_own_store:
 * that does nothing. NULL is allowed. Runs no finalizer. */
void mb_store_close(mb_store *store);

/* For threads that will call mb_release_later: one more holder of the handle, which lives until its last holder has dropped
 * it. Any thread that holds the handle. mb_store_hold returns the handle. */
mb_store *mb_store_hold(mb_store *store);
void mb_store_drop(mb_store *store);

/* The runtime's store for values that this header gives ids to. It is closed with the runtime: do not close it. */
mb_store *mb_own_store(mb_runtime *runtime);

/* Makes the store a global variable of scripts, an object as `store.new` returns it. Returns MB_OK, MB_NOMEM, MB_ERROR,
 * MB_CLOSED. */
int mb_store_share(mb_store *store, const char *name);

/* Stores what is on top of L's stack and pops it; pushes what is stored; puts what is on top in the place of what is
 * stored, and pops it. L is any coroutine of the runtime, with six free places on its stack (lua_checkstack). These are the
 * fast ones: no C stack and no Lua stack grows, however much is stored. On failure L's stack is as before. mb_push and mb_replace
 * run finalizers only when they fail.
 * Return MB_OK, MB_CLOSED, MB_INVALID (also for an L of another runtime; nothing of either is touched then), and mb_put:
 * MB_NOMEM, MB_FULL, MB_LIMIT, MB_ERROR (a finalizer failed); the others: MB_STALE, MB_FOREIGN, MB_UNKNOWN. */
int mb_put(mb_store *store, struct lua_State *L, mb_id *id);
int mb_push(mb_store *store, struct lua_State *L, mb_id id);
int mb_replace(mb_store *store, struct lua_State *L, mb_id id);

/* The same for plain values. A string that was read lasts until the id is replaced or released.
 * Return what mb_put and mb_push return, and mb_put_value the code of an MB_ID. */
int mb_put_value(mb_store *store, mb_value value, mb_id *id);
int mb_get_value(mb_store *store, mb_id id, mb_value *value);

/* What gives lent memory back. */
typedef void (*mb_free)(void *context);

/* Lends memory of the host's to Lua without copying it: stores bytes (`moonbear help bytes`) that are the `size` bytes at
 * `data`. Scripts get them by their id (mb_stored as an argument, a result or a global), cut, join, search and write them, and
 * everything that they cut out or join points to this memory too.
 *
 * Ownership. On success the memory is Lua's until free(context) is called: nobody may change it, move it or free it, as
 * Lua takes it for constant. free is called once: when a script releases the bytes (b:release(), also while slices and
 * chains of them are there: using those is an error then), or when nothing uses them any more, which is after their id was
 * released and the collector has come by, or by mb_close at the latest. `free` may be NULL for memory that is always there,
 * such as a constant or a part of the program's own file: nobody is told then.
 * Thread. free runs on the thread that uses the runtime at that moment, below the call that it made: one that runs Lua,
 * mb_collect or another one that may collect, mb_close. It must not raise a Lua error, nor call functions of this header for that runtime except
 * mb_release_later.
 * Memory. With `free`, the `size` bytes count against the runtime's memory_limit and make the collector work, as if
 * mb_native had been told.
 * Failure. The memory stays the caller's, and free is never called for it.
 * Returns MB_OK, MB_NOMEM, MB_FULL, MB_LIMIT, MB_CLOSED, MB_ERROR (a finalizer failed), MB_INVALID (data is NULL and size is not
 * 0). */
int mb_put_bytes(mb_store *store, const void *data, size_t size, mb_free free, void *context, mb_id *id);

/* Whether an id is live: 1 or 0. Runs no finalizer. */
int mb_has(mb_store *store, mb_id id);

/* Releases an id at once: MB_OK the first time; then MB_STALE, MB_FOREIGN, MB_UNKNOWN, MB_CLOSED, which may be ignored and leave
 * mb_error as it is. Runs no finalizer. */
int mb_release(mb_store *store, mb_id id);

/* Asks for a release; it happens at the store's next call on the runtime's own thread. Any thread that holds the handle, at
 * any time, also after the store and the runtime are closed. An id that is not live then is ignored.
 * Returns MB_OK; MB_NOMEM: nothing was asked for; MB_CLOSED: there is nothing left to release. */
int mb_release_later(mb_store *store, mb_id id);

/* As `s:stats()` has them: see `moonbear help store`. Later versions add fields at the end; what is beyond `size` is not written. */
typedef struct mb_store_stats {
    size_t size; /* set it to sizeof(mb_store_stats) */
    uint64_t live, peak, free_slots, retired, puts, releases, stale;
    size_t native; /* bytes outside the Lua heap */
    size_t bytes;  /* native, and the pages */
} mb_store_stats;
/* Returns MB_OK, MB_INVALID, MB_CLOSED. Runs no finalizer. */
int mb_store_count(mb_store *store, mb_store_stats *stats);

/* A scope: what is put into it is released by mb_scope_end, unless mb_scope_keep took it out. Scopes may overlap. End each
 * one, also after its store or runtime is closed. mb_scope_put is mb_put, and needs one place more. mb_scope_end gives the handle
 * back and runs no finalizer; NULL is allowed.
 * Return MB_OK, MB_CLOSED (the scope, its store or its runtime), MB_NOMEM and what mb_put (mb_scope_put) and mb_push
 * (mb_scope_keep; an id that is not of this scope stays as it is: MB_OK) return. */
int mb_scope_begin(mb_store *store, mb_scope **scope);
int mb_scope_put(mb_scope *scope, struct lua_State *L, mb_id *id);
int mb_scope_keep(mb_scope *scope, mb_id id);
void mb_scope_end(mb_scope *scope);

/* ---- Results by coroutine -------------------------------------------------------------------------------- */

/* Values kept by coroutine and never by its address, which Lua uses again. A collected coroutine's result goes with it. `co`
 * is a coroutine with a free place on its stack, or NULL or the main state for the main program; one of another runtime is
 * MB_INVALID, and so are a `from` and a `to` that are. Close them, before or after the runtime; NULL is allowed. Functions of
 * results whose runtime is closed return MB_CLOSED. Returns MB_OK, MB_NOMEM. */
int mb_results_open(mb_runtime *runtime, mb_results **results);
void mb_results_close(mb_results *results);

/* Keeps the `count` values on top of `from`, which has six free places more, as the result of `co`, in place of an older one.
 * The values are popped, also on failure, unless the code is MB_INVALID or MB_CLOSED.
 * Returns MB_OK, MB_NOMEM, MB_ERROR, MB_CLOSED. */
int mb_results_set(mb_results *results, struct lua_State *co, struct lua_State *from, int count);

/* Pushes the result of `co` to `to`; *count is the number of values. mb_results_take also forgets it.
 * Return MB_OK, MB_NOTFOUND, MB_NOMEM, MB_CLOSED; then nothing is pushed. */
int mb_results_push(mb_results *results, struct lua_State *co, struct lua_State *to, int *count);
int mb_results_take(mb_results *results, struct lua_State *co, struct lua_State *to, int *count);

/* Forgets the result of `co`. Returns MB_OK, MB_NOTFOUND, MB_NOMEM, MB_CLOSED. */
int mb_results_drop(mb_results *results, struct lua_State *co);

/* Makes them a global variable of scripts, an object as `store.results` returns it. Returns MB_OK, MB_NOMEM, MB_ERROR,
 * MB_CLOSED. */
int mb_results_share(mb_results *results, const char *name);

#ifdef __cplusplus
}
#endif

#endif
