/* engine.h: making and closing a Lua state with moonbear's settings; the only door to the engine's folder.
 * Invariant: callers need nothing of the engine but this header and lua.h.
 * SPDX-License-Identifier: MIT */
#ifndef ENGINE_H
#define ENGINE_H

#include <stddef.h>

#include "lua.h"

/* A new state without libraries, or NULL when memory is refused. Close it with lua_close.
 * An error outside any protected call ends the process with a message: make the first call a lua_cpcall. */
lua_State *engine_new(void);

/* The state's memory, as lua_Alloc asks (lua_newstate(3) in the reference manual): old_size is the exact size
 * of `block`; new_size 0 frees and returns NULL; a refusal returns NULL and leaves `block` as it was. */
void *engine_alloc(void *unused, void *block, size_t old_size, size_t new_size);

/* The coroutine that runs on this host thread, the innermost one; NULL while none does, and then it is the state that
 * the host program called. Kept by coroutine.resume and coroutine.wrap (patches/0301). Reading it is signal-safe. */
extern _Thread_local lua_State *volatile engine_running;

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

/* What engine_native has counted for this state, in bytes. */
size_t engine_native_bytes(lua_State *L);

#endif
