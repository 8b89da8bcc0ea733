/* lua_reader.c: data.load and data.decode.
 * Invariant: each entry leaves the stack as it was before the next is read; a load that fails leaves nothing in a store whose
 * ids nobody has.
 * SPDX-License-Identifier: MIT */
#include "data/lua_data.h"

#include <errno.h>
#include <string.h>

#include "lauxlib.h"

#include "data/lua_load.h"
#include "store/lua_store.h"

/* Stack indices of a call; a source has its value at VALUE and uses CHUNK; the spine is the last. */
enum { TEXT = 1, OPTIONS, COLUMNS, INTO, EACH, RESULT, WORDS, LOAD, VALUE, CHUNK, SPINE };

struct call {
    struct load *load;
    struct load_options options;
    struct store *store;
    uint64_t fresh;    /* the id of an entry that is not in RESULT yet, 0: none */
    const char *clash; /* a name that is used in two ways */
};

/* ---- Entries ---- */

static int has_key(const struct load *load) {
    return load->build.levels[load->build.above].keyed;
}

static int give_to_callback(lua_State *L, struct call *call) {
    load_push_entry(L, call->load);
    lua_pushvalue(L, EACH);
    lua_insert(L, -4);
    lua_call(L, 3, 1);
    return !(lua_isboolean(L, -1) && !lua_toboolean(L, -1));
}

static void put_into_store(lua_State *L, struct call *call) {
    uint64_t id;
    int result = store_put(L, call->store, 0, &id);
    if (result < 0) lua_store_raise(L, call->store, result, 0);
    call->fresh = id;
    lua_pushnumber(L, (double)id);
}

/* Takes an id off the stack and releases it; of what else lies there nothing. */
static void release(lua_State *L, struct call *call) {
    if (lua_type(L, -1) == LUA_TNUMBER) store_release(L, call->store, (uint64_t)lua_tonumber(L, -1));
    lua_pop(L, 1);
}

/* All in the table on top of the stack, which stays. */
static void release_values(lua_State *L, struct call *call) {
    lua_pushnil(L);
    while (lua_next(L, -2)) release(L, call);
}

/* The ids of a load that failed: in RESULT, in its lists of words, and one that came into neither. */
static void release_all(lua_State *L, struct call *call) {
    lua_pushvalue(L, RESULT);
    lua_pushnil(L);
    while (lua_next(L, -2)) {
        if (lua_istable(L, -1)) release_values(L, call);
        release(L, call);
    }
    lua_pop(L, 1);
    if (call->fresh) store_release(L, call->store, call->fresh);
}

/* The entry that the next one takes the place of: its id would be lost. */
static void release_older(lua_State *L, struct call *call) {
    if (!has_key(call->load)) {
        lua_rawgeti(L, RESULT, (int)call->load->build.levels[call->load->build.above].index);
    } else {
        lua_pushvalue(L, -2);
        lua_rawget(L, RESULT);
    }
    release(L, call);
}

static void need_table(lua_State *L, int index) {
    if (lua_istable(L, index)) return;
    lua_newtable(L);
    lua_replace(L, index);
}

/* Whether the key below the value is in a table. */
static int is_in(lua_State *L, int table) {
    lua_pushvalue(L, -2);
    lua_rawget(L, table);
    int is = !lua_isnil(L, -1);
    lua_pop(L, 1);
    return is;
}

/* Word{...}: into the list of that word, which is also in WORDS, so that a value of that name is told from it. */
static void add_to_word(lua_State *L) {
    lua_pushvalue(L, -2);
    lua_rawget(L, WORDS);
    if (lua_isnil(L, -1)) {
        lua_pop(L, 1);
        lua_newtable(L);
        for (int table = RESULT; table <= WORDS; table++) {
            lua_pushvalue(L, -3);
            lua_pushvalue(L, -2);
            lua_rawset(L, table);
        }
    }
    lua_insert(L, -2);
    lua_rawseti(L, -2, (int)lua_objlen(L, -2) + 1);
}

static int put_into_table(lua_State *L, struct call *call) {
    struct load *load = call->load;
    int is_statement = has_key(load) && load->format == DATA_LUA && !load->build.above;
    need_table(L, RESULT);
    if (call->store && !(is_statement && load->build.is_word)) release_older(L, call);
    if (!has_key(load)) {
        lua_rawseti(L, RESULT, (int)load->build.levels[load->build.above].index);
        return 1;
    }
    if (is_statement) {
        need_table(L, WORDS);
        int is_word = load->build.is_word;
        if (is_word ? is_in(L, RESULT) && !is_in(L, WORDS) : is_in(L, WORDS)) {
            call->clash = lua_tostring(L, -2);
            return 0;
        }
        if (is_word) {
            add_to_word(L);
            return 1;
        }
    }
    lua_rawset(L, RESULT);
    return 1;
}

static void put_one(lua_State *L, struct call *call) {
    if (call->store) lua_rawseti(L, RESULT, 1);
    else lua_replace(L, RESULT);
}

/* Takes the entry off the stack; 0: no further one is wanted. */
static int deliver(lua_State *L, struct call *call) {
    int more = 1;
    if (lua_isnil(L, -1) && !call->load->is_one) {
        call->load->entries--;
    } else {
        if (call->store) put_into_store(L, call);
        if (call->options.each) more = give_to_callback(L, call);
        else if (call->load->is_one) put_one(L, call);
        else more = put_into_table(L, call);
    }
    if (more) call->fresh = 0;
    build_next_entry(&call->load->build);
    return more;
}

/* ---- data.load and data.decode ---- */

static int refuse_reading(lua_State *L, const struct source *source) {
    lua_pushnil(L);
    if (source->error == -EFAULT) lua_pushfstring(L, "%s: the file was cut short while it was read", source->name);
    else lua_pushfstring(L, "%s: %s", source->name, strerror(-source->error));
    lua_pushinteger(L, -source->error);
    return 3;
}

static int refuse_guess(lua_State *L, const struct source *source) {
    lua_pushnil(L);
    lua_pushfstring(L, "%s: its format is told neither by its name nor by its beginning; say format=\"lua\", \"json\", \"ndjson\", \"csv\" or \"msgpack\"", source->name);
    lua_pushinteger(L, EINVAL);
    return 3;
}

static int refuse_clash(lua_State *L, const struct call *call) {
    lua_pushnil(L);
    lua_pushfstring(L, "%s: '%s' is the name of a value and the word of entries; read them with each", call->load->source.name, call->clash);
    lua_pushinteger(L, EILSEQ);
    return 3;
}

/* An idle one waits in the upvalue, so that small texts do not wait for memory; one that an error left is collected. */
static struct load *take_load(lua_State *L) {
    struct load *load = lua_touserdata(L, lua_upvalueindex(1));
    if (!load) {
        load = load_new(L);
        lua_newtable(L);
        lua_setfenv(L, -2);
        return load;
    }
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_pushnil(L);
    lua_replace(L, lua_upvalueindex(1));
    return load;
}

static void put_back(lua_State *L, struct load *load) {
    if (load->build.went_deep) {
        load_end(L, load);
        return;
    }
    load_rest(L, load);
    lua_pushvalue(L, LOAD);
    lua_replace(L, lua_upvalueindex(1));
}

static int finish(lua_State *L, struct call *call) {
    struct load *load = call->load;
    double entries = (double)load->entries;
    int is_one = load->is_one && load->is_begun;
    if (call->options.each) {
        lua_pushnumber(L, entries);
        return 1;
    }
    if (!is_one) need_table(L, RESULT);
    if (is_one && call->store) lua_rawgeti(L, RESULT, 1);
    else lua_pushvalue(L, RESULT);
    if (!call->store) return 1;
    lua_pushnumber(L, entries);
    return 2;
}

/* Pieces in, entries out. The first piece may have to tell the format. */
static int work(lua_State *L, struct call *call) {
    struct load *load = call->load;
    struct source *source = &load->source;
    const char *data;
    size_t size;
    int result, is_open = 0;
    do {
        result = source_next(L, VALUE, source, &data, &size);
        if (result < 0) return refuse_reading(L, source);
        if (!is_open) {
            struct load_options *o = &call->options;
            if (o->format < 0) o->format = guess_text(data, result ? size : 0, &o->parser.separator);
            if (o->format < 0) return refuse_guess(L, source);
            load->is_stream = o->is_stream;
            load_begin(L, load, (enum data_format)o->format, &o->parser, o->each || call->store);
            is_open = 1;
        }
        if (result) data_parser_feed(load->parser, data, size);
        if (source->kind == SOURCE_TEXT) result = 0; /* it is one piece */
        if (!result) data_parser_finish(load->parser);
        int state;
        while ((state = load_entry(L, SPINE, load)) == 1) {
            if (!deliver(L, call)) return call->clash ? refuse_clash(L, call) : finish(L, call);
            lua_settop(L, SPINE);
        }
        if (state < 0) return load_refuse(L, load, source->name);
    } while (result);
    return finish(L, call);
}

static int open_and_work(lua_State *L, struct call *call) {
    struct source *source = &call->load->source;
    int result = source_open(L, VALUE, call->options.is_text, source);
    if (result < 0) {
        source->error = result;
        return refuse_reading(L, source);
    }
    if (call->options.format < 0 && source->kind == SOURCE_PATH) call->options.format = guess_name(source->name, &call->options.parser.separator);
    if (source_wants_block(source) && !source->block) source->block = load_take(L, call->load, SOURCE_BLOCK);
    return work(L, call);
}

/* The same stack as that of the caller, and the call above it. */
static int protected_work(lua_State *L) {
    struct call *call = lua_touserdata(L, -1);
    lua_pop(L, 1);
    luaL_checkstack(L, BUILD_SLOTS + 8, "not enough room on the stack");
    return open_and_work(L, call);
}

/* Only the result has the ids: when there is none, nobody could release what was stored. */
static int work_into_store(lua_State *L, struct call *call) {
    need_table(L, RESULT);
    lua_pushcfunction(L, protected_work);
    for (int i = TEXT; i <= SPINE; i++) lua_pushvalue(L, i);
    lua_pushlightuserdata(L, call);
    int status = lua_pcall(L, SPINE + 1, LUA_MULTRET, 0), results = lua_gettop(L) - SPINE;
    if (status != 0 || lua_isnil(L, SPINE + 1)) release_all(L, call);
    if (status != 0) lua_error(L);
    return results;
}

/* The options are read already. A small text feels what is cleared twice. */
static int load_from(lua_State *L, struct call *call) {
    call->store = NULL;
    call->fresh = 0;
    call->clash = NULL;
    lua_settop(L, WORDS);
    luaL_checkstack(L, BUILD_SLOTS + SPINE + 16, "not enough room on the stack");
    if (!lua_isnil(L, INTO) && !(call->store = store_at(L, INTO))) luaL_error(L, "into: a store is expected, not a %s", luaL_typename(L, INTO));
    call->load = take_load(L);
    lua_pushvalue(L, TEXT);
    lua_pushnil(L);
    lua_getfenv(L, LOAD);
    int results = call->store && !call->options.each ? work_into_store(L, call) : open_and_work(L, call);
    put_back(L, call->load);
    return results;
}

/* load(source [, options]): the value, or the table of the entries; with `into` the ids and their number, with `each` their
 * number; nil, a message, an errno and a place (with `byte`, `line`, `column`, `path`) for a text that is wrong or a source that
 * cannot be read. Only the result has the ids: so a load that fails, or that an error ends, releases all it had put into the
 * store, as does a later value of the same key with the one before. With `each` and `into` together the callback has the
 * ids, and what it was given stays. */
static int data_load(lua_State *L) {
    struct call call;
    lua_settop(L, 2);
    load_read_options(L, OPTIONS, &call.options);
    return load_from(L, &call);
}

/* decode(text, format [, options]): load of a text whose format is known; what it says of failures holds here, too. */
static int data_decode(lua_State *L) {
    struct call call;
    luaL_checkany(L, TEXT);
    enum data_format format = load_check_format(L, 2);
    lua_settop(L, 3);
    lua_remove(L, 2);
    load_read_options(L, OPTIONS, &call.options);
    call.options.format = (int)format;
    call.options.is_text = 1;
    return load_from(L, &call);
}

static void add(lua_State *L, const char *name, lua_CFunction function) {
    lua_pushnil(L);
    lua_pushcclosure(L, function, 1);
    lua_setfield(L, -2, name);
}

void lua_data_add_load(lua_State *L) {
    add(L, "load", data_load);
    add(L, "decode", data_decode);
    lua_pushcfunction(L, load_lua_parser);
    lua_setfield(L, -2, "parser");
    lua_pushlightuserdata(L, NULL);
    lua_setfield(L, -2, "null");
}
