/* lua_options.c: the options of data.load, data.decode and data.parser.
 * Invariant: a name that does not exist, and a value that is none, raise an error that says what there is.
 * SPDX-License-Identifier: MIT */
#include "data/lua_load.h"

#include <stdlib.h>
#include <string.h>

#include "lauxlib.h"

static int find(lua_State *L, const char *word, const char *const *words) {
    for (int i = 0; word && words[i]; i++)
        if (strcmp(word, words[i]) == 0) return i;
    (void)L;
    return -1;
}

enum data_format load_check_format(lua_State *L, int index) {
    const char *name = luaL_checkstring(L, index);
    int format = data_format_find(name);
    if (format < 0) luaL_error(L, "there is no format '%s'; formats are lua, json, ndjson, csv, msgpack", name);
    return (enum data_format)format;
}

/* A number of bytes, or a text such as "64M". */
static uint64_t check_size(lua_State *L, const char *name) {
    static const char units[] = "KMG";
    const char *text = lua_tostring(L, -1);
    char *end = NULL;
    double bytes = text ? strtod(text, &end) : -1;
    const char *unit = text && *end ? strchr(units, *end) : NULL;
    if (unit) {
        end++;
        for (const char *u = units; u <= unit; u++) bytes *= 1024;
    }
    if (!text || *end || !(bytes >= 1 && bytes < 9e18)) luaL_error(L, "%s: bytes are expected, such as 1e6 or \"64M\"", name);
    return (uint64_t)bytes;
}

static uint32_t check_depth(lua_State *L) {
    lua_Number depth = lua_tonumber(L, -1);
    if (!(depth >= 1 && depth <= 1e9)) luaL_error(L, "depth: a number from 1 to 1e9 is expected");
    return (uint32_t)depth;
}

static char check_separator(lua_State *L) {
    size_t size;
    const char *text = lua_tolstring(L, -1, &size);
    if (!text || size != 1 || strchr("\"\r\n", *text)) luaL_error(L, "separator: one character is expected, neither a quote nor the end of a line");
    return *text;
}

static enum data_integers check_integers(lua_State *L) {
    static const char *const words[] = { "refuse", "nearest", "text", NULL };
    int which = find(L, lua_tostring(L, -1), words);
    if (which < 0) luaL_error(L, "integers: \"refuse\", \"nearest\" or \"text\" is expected");
    return (enum data_integers)(DATA_INTEGERS_REFUSE + which);
}

/* The name on top of the stack, which is taken off, is not in the set below it yet. */
static void check_new(lua_State *L, const char *name) {
    lua_pushvalue(L, -1);
    lua_rawget(L, -3);
    if (!lua_isnil(L, -1)) luaL_error(L, "columns: '%s' is there twice", name);
    lua_pop(L, 1);
    lua_pushboolean(L, 1);
    lua_rawset(L, -3);
}

/* The names' texts stay the strings of the table; the row of them goes to stack index `keep`. */
static void read_columns(lua_State *L, int keep, struct data_options *options) {
    luaL_checktype(L, -1, LUA_TTABLE);
    size_t count = lua_objlen(L, -1);
    if (count == 0) luaL_error(L, "columns: at least one name is expected");
    const char **names = lua_newuserdata(L, count * sizeof *names);
    lua_replace(L, keep);
    lua_newtable(L);
    for (size_t i = 0; i < count; i++) {
        lua_rawgeti(L, -2, (int)i + 1);
        size_t size;
        names[i] = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &size) : NULL;
        if (!names[i] || strlen(names[i]) != size) luaL_error(L, "columns: name %d is no string without zeros", (int)i + 1);
        check_new(L, names[i]);
    }
    lua_pop(L, 1);
    options->columns = names;
    options->column_count = count;
}

static void check_type(lua_State *L, const char *name, int is_right, const char *wanted) {
    if (!is_right) luaL_error(L, "%s: %s is expected, not a %s", name, wanted, luaL_typename(L, -1));
}

/* The value is on top of the stack. */
static void read_option(lua_State *L, int keep, const char *name, struct load_options *options) {
    static const char *const names[] = { "format", "into", "each", "columns", "header", "separator", "depth", "limit", "integers", "text", "stream", NULL };
    struct data_options *parser = &options->parser;
    switch (find(L, name, names)) {
    case 0: options->format = load_check_format(L, lua_gettop(L)); break;
    case 1: options->into = 1; break;
    case 2: check_type(L, name, lua_isfunction(L, -1), "a function"); options->each = 1; break;
    case 3: read_columns(L, keep, parser); break;
    case 4: parser->no_header = !lua_toboolean(L, -1); break;
    case 5: parser->separator = check_separator(L); break;
    case 6: parser->depth = check_depth(L); break;
    case 7: parser->limit = check_size(L, name); break;
    case 8: parser->integers = check_integers(L); break;
    case 9: options->is_text = lua_toboolean(L, -1); break;
    case 10: options->is_stream = lua_toboolean(L, -1); break;
    default:
        luaL_error(L, "unknown option '%s'; options are format, into, each, columns, header, separator, depth, limit, integers, text, stream", name);
    }
}

void load_read_options(lua_State *L, int index, struct load_options *options) {
    *options = (struct load_options){ .format = -1, .parser.single = 1 };
    if (lua_isnoneornil(L, index)) {
        lua_settop(L, lua_gettop(L) + 3);
        return;
    }
    luaL_checktype(L, index, LUA_TTABLE);
    lua_pushnil(L);
    int keep = lua_gettop(L);
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
        luaL_argcheck(L, lua_type(L, -2) == LUA_TSTRING, index, "options have names");
        read_option(L, keep, lua_tostring(L, -2), options);
    }
    lua_getfield(L, index, "into");
    lua_getfield(L, index, "each");
    options->parser.single = !options->is_stream;
}
