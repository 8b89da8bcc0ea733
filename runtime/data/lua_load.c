/* lua_load.c: a parser and a builder at work for a script: memory, errors, options.
 * Invariant: see lua_load.h.
 * SPDX-License-Identifier: MIT */
#include "data/lua_load.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lauxlib.h"

#include "engine/engine.h"

enum { GRANT_LEAST = 4096, KEEP_MOST = 256 * 1024 };

/* ---- Memory ---- */

/* Grants nothing itself: the collector must not run while a parser works. */
static void *resize(void *context, void *block, size_t old_size, size_t new_size) {
    struct load_memory *memory = context;
    if (new_size == 0) {
        free(block);
        memory->used -= old_size;
        return NULL;
    }
    if (new_size > old_size && new_size - old_size > memory->granted - memory->used) {
        memory->wanted = new_size - old_size - (memory->granted - memory->used);
        return NULL;
    }
    void *fresh = realloc(block, new_size);
    if (fresh) memory->used = memory->used - old_size + new_size;
    return fresh;
}

static void raise_memory(lua_State *L) {
    lua_pushliteral(L, "not enough memory");
    lua_error(L);
}

void load_claim(lua_State *L, struct load *load) {
    struct load_memory *memory = &load->memory;
    size_t wanted = memory->wanted;
    memory->wanted = 0;
    if (!wanted) raise_memory(L);
    if (wanted < GRANT_LEAST) wanted = GRANT_LEAST;
    if (engine_native(L, (ptrdiff_t)wanted) < 0) raise_memory(L);
    memory->granted += wanted;
}

void *load_take(lua_State *L, struct load *load, size_t size) {
    void *block;
    while (!(block = resize(&load->memory, NULL, 0, size))) load_claim(L, load);
    return block;
}

static void give_all(struct load *load) {
    data_parser_close(load->parser);
    load->parser = NULL;
    build_end(&load->build);
    source_close(&load->source);
    if (load->source.block) resize(&load->memory, load->source.block, SOURCE_BLOCK, 0);
    load->source.block = NULL;
}

void load_end(lua_State *L, struct load *load) {
    give_all(load);
    engine_native(L, -(ptrdiff_t)load->memory.granted);
    load->memory = (struct load_memory){ 0 };
    load->is_busy = 0;
}

void load_rest(lua_State *L, struct load *load) {
    if (load->memory.used > KEEP_MOST) load_end(L, load);
    else source_close(&load->source);
}

/* A script that finds it among the metamethods may call it with anything. */
static int collect(lua_State *L) {
    const char *name = lua_tostring(L, lua_upvalueindex(1));
    load_end(L, luaL_checkudata(L, 1, name));
    return 0;
}

void load_set_collect(lua_State *L, const char *name) {
    lua_pushstring(L, name);
    lua_pushcclosure(L, collect, 1);
    lua_setfield(L, -2, "__gc");
}

struct load *load_new(lua_State *L) {
    struct load *load = lua_newuserdata(L, sizeof *load);
    memset(load, 0, offsetof(struct load, events));
    load->build.memory = (struct data_memory){ resize, &load->memory };
    if (luaL_newmetatable(L, LOAD_METATABLE)) load_set_collect(L, LOAD_METATABLE);
    lua_setmetatable(L, -2);
    return load;
}

/* ---- Work ---- */

void load_begin(lua_State *L, struct load *load, enum data_format format, const struct data_options *options, int entries) {
    struct data_memory memory = { resize, &load->memory };
    for (;;) {
        int result = load->parser ? data_parser_again(load->parser, format, options) : data_parser_open(format, options, memory, &load->parser);
        if (result == 0) break;
        load_claim(L, load);
    }
    load->format = format;
    load->is_entries = entries;
    load->is_begun = load->have = load->used = 0;
    load->is_one = 0;
    load->entries = 0;
}

/* Rows of values at the top are entries as they are; of one container its values may be. */
static void begin_build(struct load *load, const struct data_event *first) {
    int is_row = load->format == DATA_CSV || load->format == DATA_NDJSON || load->is_stream || (first->flags & (DATA_KEY | DATA_ENTRY));
    int is_container = first->kind >= DATA_ARRAY;
    build_begin(&load->build, !is_row && is_container && load->is_entries, load->format == DATA_LUA);
    load->is_one = !is_row && !load->build.above;
    load->is_begun = 1;
}

/* 1: there are events; 0: none now. */
static int more_events(lua_State *L, struct load *load) {
    int result;
    if (*engine_stop_flag(L)) engine_checkpoint(L);
    while ((result = data_parser_next(load->parser, load->events, LOAD_EVENTS)) == -ENOMEM) load_claim(L, load);
    load->have = result > 0 ? result : 0;
    load->used = 0;
    return result > 0 ? 1 : result;
}

int load_entry(lua_State *L, int base, struct load *load) {
    for (;;) {
        if (load->used == load->have) {
            int result = more_events(L, load);
            if (result <= 0) return result;
            if (!load->is_begun) begin_build(load, load->events);
        }
        int taken;
        enum build_result result = build_take(L, base, &load->build, load->events + load->used, load->have - load->used, &taken);
        load->used += taken;
        if (result == BUILD_LEVELS) load_claim(L, load);
        if (result != BUILD_ENTRY) continue;
        load->entries++;
        return 1;
    }
}

void load_push_entry(lua_State *L, const struct load *load) {
    const struct build_level *level = &load->build.levels[load->build.above];
    if (load->build.is_word) {
        lua_insert(L, -2);
        lua_pushnumber(L, (double)load->entries);
        lua_insert(L, -2);
        return;
    }
    if (level->keyed) lua_insert(L, -2);
    else lua_pushnumber(L, (double)level->index);
    lua_pushnil(L);
}

/* ---- Errors ---- */

static void set_number(lua_State *L, const char *name, uint64_t value) {
    lua_pushnumber(L, (double)value);
    lua_setfield(L, -2, name);
}

void load_push_place(lua_State *L, const struct data_error *error) {
    lua_createtable(L, 0, 4);
    set_number(L, "byte", error->place.byte + 1);
    if (error->place.line) {
        set_number(L, "line", error->place.line);
        set_number(L, "column", error->place.column);
    }
    lua_pushstring(L, error->path);
    lua_setfield(L, -2, "path");
}

int load_refuse(lua_State *L, const struct load *load, const char *name) {
    struct data_error error;
    char place[64];
    data_parser_error(load->parser, &error);
    if (error.place.line) snprintf(place, sizeof place, "%llu:%llu", (unsigned long long)error.place.line, (unsigned long long)error.place.column);
    else snprintf(place, sizeof place, "byte %llu", (unsigned long long)error.place.byte + 1);
    lua_pushnil(L);
    if (error.path[0]) lua_pushfstring(L, "%s:%s: %s (at %s)", name, place, error.text, error.path);
    else lua_pushfstring(L, "%s:%s: %s", name, place, error.text);
    lua_pushinteger(L, -error.code);
    load_push_place(L, &error);
    return 4;
}
