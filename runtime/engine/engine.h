/* engine.h: making and closing a Lua state with moonbear's settings; the only door to the engine's folder.
 * Invariant: callers need nothing of the engine but this header and lua.h.
 * SPDX-License-Identifier: MIT */
#ifndef ENGINE_H
#define ENGINE_H

#include <stddef.h>

#include "lua.h"

/* What a new state may do. Zeroed: no limit, and no bytecode but its own. */
struct engine_options {
    size_t memory; /* cap in bytes of its heap and native memory; 0: none; ENGINE_MEMORY_AUTO */
    int bytecode;  /* see engine_bytecode */
};
/* The cap is nine tenths of what the process's cgroup allows, if it does limit; that is looked up when the heap first
 * grows past ENGINE_LOOK_UP bytes. */
#define ENGINE_MEMORY_AUTO ((size_t)-1)
enum { ENGINE_LOOK_UP = 4 << 20, ENGINE_MEMORY_LEAST = 64 << 10 };

/* A new state without libraries, or NULL when memory is refused. Close it with lua_close, which gives all its memory
 * back. An error outside any protected call ends the process with a message: make the first call a lua_cpcall. */
lua_State *engine_new_with(const struct engine_options *options);
lua_State *engine_new(void); /* with everything zero */

/* Lets the collector, which was stopped or not, begin its next cycle when the heap has grown as it has to after a cycle
 * (collectgarbage "setpause"): as if one had just found that nothing of it is garbage. */
void engine_settle(lua_State *L);

/* Ends a state when its process ends, too: all that lua_close does but giving back the memory, block by block, which the
 * kernel is about to take as a whole. Sanitizers and the hostile build look for leaks: there it is lua_close. */
void engine_leave(lua_State *L);

/* The raw source of blocks, as lua_Alloc asks (lua_newstate(3) in the reference manual): old_size is the exact size
 * of `block`; new_size 0 frees and returns NULL; a refusal returns NULL and leaves `block` as it was. `heap` is the
 * state's own (engine/heap.h); it counts and limits nothing, the engine does that around it. */
void *engine_alloc(void *heap, void *block, size_t old_size, size_t new_size);

/* What a state uses, in bytes. */
struct engine_memory {
    size_t heap;   /* the Lua heap: collectgarbage("count") * 1024 */
    size_t native; /* what engine_native has counted */
    size_t peak;   /* the most that heap + native have been */
    size_t limit;  /* the cap, 0: none */
    size_t mapped; /* pages that the heap has from the host */
};
void engine_memory(lua_State *L, struct engine_memory *memory);

/* Changes the cap: 0 none, ENGINE_MEMORY_AUTO, else bytes, at least ENGINE_MEMORY_LEAST. A cap below what is in use
 * makes allocations fail until enough has been collected; it begins with a full collection. May run finalizers. */
void engine_limit_memory(lua_State *L, size_t bytes);

/* Whether precompiled chunks of any origin may be loaded (1) or only those that this very process has dumped (0), which
 * carry a mark behind their end. Hostile bytecode can take a process over. Returns what it was. */
int engine_bytecode(lua_State *L, int allow);

/* Which coroutine of this state runs, the innermost one; `L` while none does. Signal-safe. */
lua_State *engine_runs(lua_State *L);

/* Says which state a crash report of the calling thread is to show; NULL for none. Costs one store. */
void engine_trace(lua_State *L);

/* Writes the frames of the calling thread's state, the running coroutine first: a section for plat_crash_section.
 * Believes no pointer: whatever cannot be read ends that line or the list. Signal-safe. */
struct plat_report;
void engine_traceback(struct plat_report *report);

/* Native memory that belongs to Lua values (bytes, stores, frozen data) is counted against the state's cap and drives
 * its collector. Adds `bytes` (negative gives back). May run the collector, so call it where a module's function
 * begins, before the native allocation that it announces. Returns 0, or -ENOMEM when the cap leaves no room even
 * after a full collection; then nothing was counted. Giving back always succeeds and never runs Lua code. */
int engine_native(lua_State *L, ptrdiff_t bytes);

/* The same for memory that is soon given back without the collector, such as a function's buffer, or that the first full
 * collection would give back: it counts against the cap, but drives the collector only when it finds the cap. Give it
 * back with this function too. */
int engine_native_borrow(lua_State *L, ptrdiff_t bytes);

/* The main thread of a state: the one pointer that a native object may keep, good until lua_close. */
lua_State *engine_main(lua_State *L);

/* ---- Tables and values ---- */

/* The pairs of a table (lua_topointer), in the order of lua_next but by position: *cursor is 0 at first. For who visits
 * all pairs once, several times as fast as lua_next; a table that is changed meanwhile gives some pairs twice or not at all.
 *
 * engine_table_key: the type of the next pair's key, LUA_TNIL behind the last; of one that is a number, *number.
 * engine_table_pair: pushes the next key and value, for which there must be room, says what they are, and returns 1; 0
 * behind the last. engine_table_item does so with the value at `index`, as lua_rawgeti. */
struct engine_value {
    int type;    /* as lua_type has it */
    size_t size; /* of a string */
    union {
        int boolean;
        double number;
        const char *text; /* as lua_tolstring has it */
    } as;
};
int engine_table_key(const void *table, size_t *cursor, double *number);
int engine_table_pair(lua_State *L, const void *table, size_t *cursor, struct engine_value *key, struct engine_value *value);
void engine_table_item(lua_State *L, const void *table, int index, struct engine_value *value);

/* The block of the full userdata at a stack index, or that of an upvalue, when it has `least` bytes at least, which is at
 * least 1; else NULL. As lua_touserdata and lua_objlen together, in one look. Never raises. */
void *engine_userdata(lua_State *L, int index, size_t least);

/* What lies at a stack index. */
void engine_value(lua_State *L, int index, struct engine_value *value);

/* To be called when the value on top of the stack is about to be put into a large table: while the collector marks, it takes
 * note of the value at once; otherwise it would have to scan the whole table again, in one step. Never raises. */
void engine_note(lua_State *L);

/* ---- Time ---- */

/* A budget of CPU time for what a state does from now on; the fields are the engine's. */
struct engine_budget {
    struct engine_budget *outer;
    double deadline, seconds;
    int phase;
};

/* Gives the calls that follow, up to engine_time_end, `seconds` of the calling thread's CPU time, or what the budget
 * around it has left if that is less. When they are used up, an error is raised in the running code, also inside library
 * functions that take long; a script that catches it has a tenth of `seconds`, at least 0.05, to come to its end: from
 * then on the error is raised again and again, in finalizers and message handlers too. So end the budget only when
 * the protected call that it is for has returned. Uses signals: see plat_cpu_timer_open. Begin and end nest; `budget`
 * stays where it is between them. lua_close ends those that are open. Returns 0, or a negative errno when the host refuses timers. */
int engine_time_begin(lua_State *L, double seconds, struct engine_budget *budget);
void engine_time_end(lua_State *L, struct engine_budget *budget);

/* For functions that may run long without calling Lua: the flag is not 0 when the running call must stop; then
 * engine_checkpoint(L) raises the error, or returns when it was too late. The pointer is good as long as the state. */
const volatile int *engine_stop_flag(lua_State *L);
void engine_checkpoint(lua_State *L);

/* What engine_native has counted for this state, in bytes. */
size_t engine_native_bytes(lua_State *L);

#endif
