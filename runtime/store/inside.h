/* inside.h: what the files of runtime/store share behind store.h.
 * Invariant: nobody outside of this folder includes it.
 * SPDX-License-Identifier: MIT
 *
 * What is said in store.h of raising and of free places on the stack holds here too. */
#ifndef INSIDE_H
#define INSIDE_H

#include "store/store.h"

/* The __gc of STORE_METATABLE. */
int store_gc(lua_State *L);

/* Tables of pages.h that a store may have of its own. */
enum store_side { STORE_NAMES = 1, STORE_THREADS = 2 };

/* Makes the next store_take succeed, which takes the same tag: 0, or an error of store_put. store_reserve is that without a tag.
 * May raise. */
int store_prepare(lua_State *L, struct store *store, int tag);

/* Stores the value on top of the stack and pops it. Only after store_prepare has said 0, or when store_is_ready without a tag,
 * and nothing has run since that may use the store. Never raises. */
void store_take(lua_State *L, struct store *store, int tag, uint64_t *id);

/* Releases what is at `at`. Never raises. */
void store_give(lua_State *L, struct store *store, struct slots_at at);

/* Releases what other threads asked for, and scopes whose coroutine died. Never raises. */
void store_sweep(lua_State *L, struct store *store);

/* Asks for native memory in the store's name before it is needed: 0, -EDQUOT or -ENOMEM. May raise. store_settle gives
 * back what was asked for and not used; never raises. */
int store_announce(lua_State *L, struct store *store, size_t bytes);
void store_settle(lua_State *L, struct store *store);

/* The store's memory: counted in `bytes`. */
void *store_resize(void *store, void *block, size_t old_size, size_t new_size);

/* Whether a value can be put now: no memory is needed, and what the store has is counted. */
int store_is_ready(const struct store *store);

/* What the table of a page with that many slots takes of the Lua heap. */
size_t store_table_bytes(uint32_t capacity);

/* ---- What is remembered of a value (notes.c) ------------------------------------------------------------------ */

/* Bytes of a place's text, such as "file.lua:12", with its zero. */
enum { PLACE_MAX = LUA_IDSIZE + 16 };

/* Writes the tag at stack index `tag` for the slot that is taken next. Returns 1, or 0 when that must be asked again, because
 * making a table may have run finalizers. May raise. */
int store_tag_next(lua_State *L, struct store *store, int tag);

/* Pushes the tag of a live slot, or nil. */
void store_tag_push(lua_State *L, struct slots_at at);

/* Remembers where a value is put: at the first Lua code on the stack. */
void store_track(lua_State *L, struct store *store, struct slots_at at, uint64_t id);

/* Forgets the tag of a slot that is about to be released, and remembers where that is done. */
void store_forget(lua_State *L, struct store *store, struct slots_at at, unsigned flags);

#endif
