/* lua_line.c: binding of line.c and line_files.c.
 * Invariant: no Lua error crosses the editor, and no jump of the editor crosses a Lua call.
 * SPDX-License-Identifier: MIT */
#include "cli/lua_line.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "lauxlib.h"

#include "cli/line.h"
#include "cli/line_files.h"
#include "libs.h"

enum { PROMPT = 1, HISTORY = 2, COMPLETE = 3 };

/* Registry key of the table with the function to complete with and its last answer: reaching it allocates nothing. */
static const char completion_key;

static int push_reason(lua_State *L, int result) {
    lua_pushnil(L);
    if (result == -EINTR) lua_pushliteral(L, "interrupted");
    else if (result == -ENODATA) lua_pushliteral(L, "end");
    else lua_pushstring(L, strerror(-result));
    return 2;
}

/* Nothing here can raise: the editor's frames are below. */
static const char *recall(void *context, int index) {
    lua_State *L = context;
    lua_rawgeti(L, HISTORY, index + 1);
    const char *line = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : NULL;
    lua_pop(L, 1); /* the history keeps the string */
    return line;
}

static void push_completion(lua_State *L) {
    lua_pushlightuserdata(L, (void *)&completion_key);
    lua_rawget(L, LUA_REGISTRYINDEX);
}

static int ask_completion(lua_State *L) {
    const char *text = lua_touserdata(L, 1);
    push_completion(L);
    lua_rawgeti(L, -1, 1);
    lua_pushstring(L, text);
    lua_call(L, 1, 1);
    lua_rawseti(L, -2, 2);
    return 0;
}

/* The answer is read outside the protected call: line_choose may jump, and raises nothing. */
static void complete(void *context, const char *text, struct line_choices *choices) {
    lua_State *L = context;
    int top = lua_gettop(L);
    if (lua_cpcall(L, ask_completion, (void *)text) == 0) {
        push_completion(L);
        lua_rawgeti(L, -1, 2);
        for (int i = 1; lua_istable(L, top + 2); i++) {
            lua_rawgeti(L, top + 2, i);
            if (lua_type(L, -1) != LUA_TSTRING) break;
            line_choose(choices, lua_tostring(L, -1));
            lua_pop(L, 1);
        }
    }
    lua_settop(L, top);
}

static void keep_completion(lua_State *L) {
    lua_pushlightuserdata(L, (void *)&completion_key);
    lua_createtable(L, 2, 0);
    lua_pushvalue(L, COMPLETE);
    lua_rawseti(L, -2, 1);
    lua_rawset(L, LUA_REGISTRYINDEX);
}

static int line_lua_edit(lua_State *L) {
    const char *text;
    struct line_request request = { .prompt = luaL_checkstring(L, PROMPT), .recall = recall, .context = L };
    luaL_checktype(L, HISTORY, LUA_TTABLE);
    if (lua_isfunction(L, COMPLETE)) {
        keep_completion(L);
        request.complete = complete;
    }
    int result = line_edit(&request, &text);
    lua_settop(L, HISTORY);
    if (result < 0) return push_reason(L, result);
    lua_pushstring(L, text);
    return 1;
}

static int line_lua_plain(lua_State *L) {
    const char *text;
    size_t size;
    int result = line_plain(luaL_checkstring(L, PROMPT), &text, &size);
    if (result < 0) return push_reason(L, result);
    lua_pushlstring(L, text, size);
    return 1;
}

static int line_lua_terminal(lua_State *L) {
    lua_pushboolean(L, line_terminal());
    return 1;
}

static int line_lua_columns(lua_State *L) {
    lua_pushinteger(L, line_columns());
    return 1;
}

static int line_lua_fresh(lua_State *L) {
    (void)L;
    line_fresh();
    return 0;
}

static int line_lua_load(lua_State *L) {
    const char *path = luaL_checkstring(L, 1);
    char *text = lua_newuserdata(L, LINE_FILES_HISTORY);
    ssize_t size = line_files_read(path, text, LINE_FILES_HISTORY);
    if (size < 0) return 0;
    lua_pushlstring(L, text, (size_t)size);
    return 1;
}

static int line_lua_save(lua_State *L) {
    size_t size;
    const char *path = luaL_checkstring(L, 1), *text = luaL_checklstring(L, 2, &size);
    if (line_files_add(path, text, size) < 0) return 0;
    lua_pushboolean(L, 1);
    return 1;
}

static int line_lua_files(lua_State *L) {
    const char *folder = luaL_checkstring(L, 1);
    const size_t room = 64 * 1024;
    char *names = lua_newuserdata(L, room);
    ssize_t size = line_files_names(folder, names, room);
    int count = 0;
    lua_newtable(L);
    for (ssize_t at = 0; at < size; at += (ssize_t)strlen(names + at) + 1) {
        lua_pushstring(L, names + at);
        lua_rawseti(L, -2, ++count);
    }
    return 1;
}

static int line_lua_modules(lua_State *L) {
    libs_names(L);
    return 1;
}

static int line_lua_interrupt(lua_State *L) {
    (void)L;
    raise(SIGINT);
    return 0;
}

static const luaL_Reg functions[] = {
    { "terminal", line_lua_terminal },
    { "columns", line_lua_columns },
    { "fresh", line_lua_fresh },
    { "edit", line_lua_edit },
    { "plain", line_lua_plain },
    { "load", line_lua_load },
    { "save", line_lua_save },
    { "files", line_lua_files },
    { "modules", line_lua_modules },
    { "interrupt", line_lua_interrupt },
};

void lua_line_push(lua_State *L) {
    const int count = sizeof functions / sizeof functions[0];
    lua_createtable(L, 0, count);
    for (int i = 0; i < count; i++) {
        lua_pushcfunction(L, functions[i].func);
        lua_setfield(L, -2, functions[i].name);
    }
}
