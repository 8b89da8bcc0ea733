/* lua_parser.c: data.parser: a script feeds chunks and takes entries.
 * Invariant: chunks that are not read yet lie in a queue of the environment; between calls so does what is half built.
 * SPDX-License-Identifier: MIT */
#include "data/lua_data.h"

#include <errno.h>

#include "lauxlib.h"

#include "bytes/lua_bytes.h"
#include "data/lua_load.h"

/* Stack indices of parser_next: a source reads VALUE, the spine is the environment. */
enum { SELF = 1, VALUE, CHUNK, SPINE };

/* One that was collected already, which a finalizer may still reach, has ended. */
static struct load *self(lua_State *L) {
    struct load *load = luaL_checkudata(L, SELF, LOAD_PARSER_METATABLE);
    if (!load->parser) luaL_error(L, "this parser has ended");
    return load;
}

/* Pushes environment[name]. */
static void push_kept(lua_State *L, const char *name) {
    lua_getfenv(L, SELF);
    lua_getfield(L, -1, name);
    lua_remove(L, -2);
}

static int parser_feed(lua_State *L) {
    struct load *load = self(L);
    luaL_argcheck(L, lua_bytes_is(L, 2), 2, "a string or bytes expected");
    if (load->is_finished) luaL_error(L, "nothing can be fed behind finish");
    lua_settop(L, 2);
    push_kept(L, "queue");
    lua_pushvalue(L, 2);
    lua_rawseti(L, -2, load->last + 1);
    load->last++;
    lua_settop(L, 1);
    return 1;
}

static int parser_finish(lua_State *L) {
    self(L)->is_finished = 1;
    lua_settop(L, 1);
    return 1;
}

/* Puts the next chunk of the queue to VALUE, where it stays until it is read. 0: there is none. */
static int next_chunk(lua_State *L, struct load *load) {
    if (load->first == load->last) {
        load->first = load->last = 0;
        return 0;
    }
    push_kept(L, "queue");
    lua_rawgeti(L, -1, ++load->first);
    lua_replace(L, VALUE);
    lua_pushnil(L);
    lua_rawseti(L, -2, load->first);
    lua_pop(L, 1);
    lua_getfenv(L, SELF);
    lua_pushvalue(L, VALUE);
    lua_setfield(L, -2, "chunk");
    lua_pop(L, 1);
    source_open(L, VALUE, 1, &load->source);
    if (source_wants_block(&load->source) && !load->source.block) load->source.block = load_take(L, load, SOURCE_BLOCK);
    return 1;
}

/* What the parser reads next: 1; 0: nothing now; -1: refused. */
static int feed_piece(lua_State *L, struct load *load) {
    const char *data;
    size_t size;
    for (;;) {
        int result = lua_isnil(L, VALUE) ? 0 : source_next(L, VALUE, &load->source, &data, &size);
        if (result < 0) return -1;
        if (result > 0) {
            data_parser_feed(load->parser, data, size);
            return 1;
        }
        if (next_chunk(L, load)) continue;
        if (!load->is_finished || load->is_told) return 0;
        data_parser_finish(load->parser);
        load->is_told = 1;
        return 1;
    }
}

/* value, key, word on top of the stack; an entry of Lua that is nil is none. */
static int is_entry(lua_State *L, struct load *load) {
    int is = !lua_isnil(L, -1);
    load_push_entry(L, load);
    build_next_entry(&load->build);
    if (!is) lua_pop(L, 3);
    return is;
}

static int next_entry(lua_State *L, struct load *load) {
    for (;;) {
        int result = load_entry(L, SPINE, load);
        if (result == 1) {
            if (is_entry(L, load)) return 3;
        } else if (result < 0) {
            return load_refuse(L, load, "text");
        } else {
            result = feed_piece(L, load);
            if (result > 0) continue;
            if (result < 0) return luaL_error(L, "the file that was fed as bytes was cut short while it was read");
            build_suspend(L, SPINE, &load->build);
            return 0;
        }
    }
}

/* next(): value, key, word; nothing: more is wanted, or all is read; nil, message, errno, place. */
static int parser_next(lua_State *L) {
    struct load *load = self(L);
    lua_settop(L, 1);
    if (load->is_busy) luaL_error(L, "this parser was ended by an error that was raised while it worked");
    luaL_checkstack(L, BUILD_SLOTS + 8, "not enough room on the stack");
    push_kept(L, "chunk");
    lua_pushnil(L);
    lua_getfenv(L, SELF);
    load->is_busy = 1;
    build_resume(L, SPINE, &load->build);
    int results = next_entry(L, load);
    load->is_busy = 0;
    return results;
}

static int parser_place(lua_State *L) {
    struct data_error error = { 0 };
    data_parser_place(self(L)->parser, &error.place);
    load_push_place(L, &error);
    return 1;
}

static const luaL_Reg methods[] = {
    { "feed", parser_feed }, { "next", parser_next }, { "finish", parser_finish }, { "place", parser_place }, { NULL, NULL },
};

static void set_metatable(lua_State *L) {
    if (luaL_newmetatable(L, LOAD_PARSER_METATABLE)) {
        load_set_collect(L, LOAD_PARSER_METATABLE);
        lua_newtable(L);
        luaL_register(L, NULL, methods);
        lua_setfield(L, -2, "__index");
        lua_pushliteral(L, "data parser");
        lua_setfield(L, -2, "__metatable");
    }
    lua_setmetatable(L, -2);
}

/* parser(format [, options]) */
int load_lua_parser(lua_State *L) {
    struct load_options options;
    enum data_format format = load_check_format(L, 1);
    lua_settop(L, 2);
    load_read_options(L, 2, &options);
    if (options.into || options.each || options.is_text) luaL_error(L, "into, each and text are options of data.load");
    struct load *load = load_new(L);
    set_metatable(L);
    lua_newtable(L);
    lua_newtable(L);
    lua_setfield(L, -2, "queue");
    lua_setfenv(L, -2);
    load->is_stream = options.is_stream;
    load_begin(L, load, format, &options.parser, 1);
    return 1;
}
