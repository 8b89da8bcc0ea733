/* inside.h: what the patched sources of Lua call in this folder.
 * Invariant: every function here copes with a state that was made with another allocator.
 * SPDX-License-Identifier: MIT */
#ifndef ENGINE_INSIDE_H
#define ENGINE_INSIDE_H

#include <stddef.h>

#include "lua.h"

#include "engine/engine.h"

/* luaC_step: whether this step must be a whole collection; 1 means that it has been done. */
int engine_relieve(lua_State *L);

/* At the end of a collector's cycle: memory may go back to the host. */
void engine_cycle_end(lua_State *L);

/* Before an allocation of `bytes` where every live object can be reached: collects, without running finalizers or moving a
 * stack, when the cap would refuse it otherwise. */
void engine_reserve(lua_State *L, size_t bytes);

/* Whether an allocation of `bytes` that nobody really needs would be granted. */
int engine_has_room(lua_State *L, size_t bytes);

/* An allocation has failed. 1: there is room for the handler of this error, once; 0: throw it as it is. */
int engine_short(lua_State *L);

/* The handler has left its message on top of the stack / whether it has (asked once). */
void engine_short_handled(lua_State *L);
int engine_short_message(lua_State *L);

/* Says that this coroutine runs from now on, and returns the one before; see engine_runs. */
lua_State *engine_run(lua_State *L);

/* lua_close asks it behind the finalizers: whether the memory stays for the kernel to take. */
int engine_leaves(lua_State *L);
#undef luai_userstateclose
#define luai_userstateclose(L) do { if (engine_leaves(L)) return; } while (0)

/* A hash of a string that scripts cannot foresee: another one in every process. */
unsigned engine_strong_hash(const char *text, size_t length);

/* Bits of lua_State.hookmask above the public ones: FORCED makes the interpreter come to traceexec at every instruction
 * (with LUA_MASKLINE, which was the script's own when KEPT is set), and from there to engine_checkpoint. */
#define ENGINE_MASKFORCED 0x80
#define ENGINE_MASKKEPT 0x40

/* After the hook mask of a coroutine was set anew. */
void engine_hook_changed(lua_State *L);

/* A protected call has caught an error, and its stack is in order again. */
void engine_caught(lua_State *L);

#endif
