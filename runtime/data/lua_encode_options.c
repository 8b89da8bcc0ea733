/* lua_encode_options.c: the options of data.encode and data.save.
 * Invariant: a name that does not exist, and a value that is none, raise an error that says what there is.
 * SPDX-License-Identifier: MIT */
#include "data/lua_encode.h"

#include <string.h>

#include "lauxlib.h"

enum data_format encode_check_format(lua_State *L, int index) {
    const char *name = luaL_checkstring(L, index);
    int format = data_format_find(name);
    if (format < 0) luaL_error(L, "there is no format '%s'; formats are lua, json, ndjson, csv, msgpack", name);
    return (enum data_format)format;
}

static int read_word(lua_State *L, const char *name, const char *const *words, const char *wanted) {
    const char *word = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : NULL;
    for (int i = 0; word && words[i]; i++)
        if (strcmp(word, words[i]) == 0) return i;
    return luaL_error(L, "%s: %s is expected", name, wanted);
}

static int read_flag(lua_State *L, const char *name) {
    if (!lua_isboolean(L, -1)) luaL_error(L, "%s: true or false is expected", name);
    return lua_toboolean(L, -1);
}

static double read_number(lua_State *L, const char *name, double least, double most) {
    double number = lua_type(L, -1) == LUA_TNUMBER ? lua_tonumber(L, -1) : least - 1;
    if (!(number >= least && number <= most)) luaL_error(L, "%s: a number from %d to %f is expected", name, (int)least, most);
    return number;
}

/* true is two spaces. */
static int read_indent(lua_State *L) {
    if (lua_isboolean(L, -1)) return lua_toboolean(L, -1) ? 2 : 0;
    return (int)read_number(L, "indent", 0, 16);
}

static char read_separator(lua_State *L) {
    size_t size;
    const char *text = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &size) : NULL;
    if (!text || size != 1 || strchr("\"\r\n", *text))
        luaL_error(L, "separator: one character is expected, neither a quote nor the end of a line");
    return *text;
}

/* Their texts are those of the table's strings; the row of them replaces the value at `keep`. */
static void read_columns(lua_State *L, int keep, struct data_encode_options *options) {
    size_t count = lua_istable(L, -1) ? lua_objlen(L, -1) : 0, size;
    if (count == 0) luaL_error(L, "columns: an array of names is expected");
    const char **names = lua_newuserdata(L, count * sizeof *names);
    lua_replace(L, keep);
    for (size_t i = 0; i < count; i++) {
        lua_rawgeti(L, -1, (int)i + 1);
        names[i] = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &size) : NULL;
        if (!names[i] || strlen(names[i]) != size) luaL_error(L, "columns: name %d is no string without zeros", (int)i + 1);
        lua_pop(L, 1);
    }
    options->columns = names;
    options->column_count = count;
}

static const char *const empties[] = { "map", "array", NULL };
static const char *const holes[] = { "map", "null", "refuse", NULL };
static const char *const newlines[] = { "\r\n", "\n", NULL };

static void read_option(lua_State *L, int keep, const char *name, struct encode_options *o) {
    if (strcmp(name, "indent") == 0) o->encoder.indent = read_indent(L);
    else if (strcmp(name, "sort") == 0) o->walk.sort = read_flag(L, name);
    else if (strcmp(name, "depth") == 0) o->walk.depth = (uint32_t)read_number(L, name, 1, 1e9);
    else if (strcmp(name, "empty") == 0) o->encoder.empty_array = read_word(L, name, empties, "\"map\" or \"array\"");
    else if (strcmp(name, "sparse") == 0) o->walk.sparse = (enum lua_walk_sparse)read_word(L, name, holes, "\"map\", \"null\" or \"refuse\"");
    else if (strcmp(name, "columns") == 0) read_columns(L, keep, &o->encoder);
    else if (strcmp(name, "header") == 0) o->encoder.no_header = !read_flag(L, name);
    else if (strcmp(name, "separator") == 0) o->encoder.separator = read_separator(L);
    else if (strcmp(name, "newline") == 0) o->encoder.plain_newline = read_word(L, name, newlines, "\"\\r\\n\" or \"\\n\"");
    else if (strcmp(name, "bytes") == 0) o->as_bytes = read_flag(L, name);
    else luaL_error(L, "unknown option '%s'; options are indent, sort, depth, empty, sparse, columns, header, separator, newline, bytes", name);
}

void encode_read_options(lua_State *L, int index, enum data_format format, struct encode_options *o) {
    *o = (struct encode_options){ .as_bytes = 0 };
    lua_pushnil(L);
    int keep = lua_gettop(L);
    if (!lua_isnoneornil(L, index)) {
        luaL_checktype(L, index, LUA_TTABLE);
        for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
            luaL_argcheck(L, lua_type(L, -2) == LUA_TSTRING, index, "options have names");
            read_option(L, keep, lua_tostring(L, -2), o);
        }
    }
    if (!o->walk.depth) o->walk.depth = DATA_DEPTH;
    o->encoder.depth = o->walk.depth;
    o->walk.rows = format == DATA_CSV || format == DATA_NDJSON;
    o->walk.forms = format == DATA_LUA ? LUA_WALK_TABLES : format == DATA_MSGPACK ? LUA_WALK_MAPS : LUA_WALK_NAMES;
    if (format == DATA_CSV) o->walk.sort = 1;
    if (o->walk.rows && o->walk.depth < UINT32_MAX) o->walk.depth++;
}
