/* lua_line.h: what the Lua side of a session asks of the terminal and the disk.
 * Invariant: see line.h and line_files.h, which this binds.
 * SPDX-License-Identifier: MIT */
#ifndef LUA_LINE_H
#define LUA_LINE_H

#include "lua.h"

/* Pushes a new table of functions, the `host` of moonbear.repl. May raise for memory.
 *   terminal() -> whether edit works           columns() -> width      fresh()   see line.h
 *   edit(prompt, history [, complete]) -> line | nil, reason           history: array, oldest first;
 *       complete(text) -> array of texts, called protected: what it raises makes it an empty array
 *   plain(prompt) -> line | nil, reason        reason: "interrupted", "end", or a message
 *   load(path) -> text or nil                  save(path, line) -> true or nil: the history file
 *   files(folder) -> array of names            modules() -> array of the built-in modules' names
 *   interrupt()                                the process gets the SIGINT that the editor took for a key */
void lua_line_push(lua_State *L);

#endif
