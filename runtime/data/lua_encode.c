/* lua_encode.c: data.encode and data.save: a walk over Lua values, and an encoder that takes its events.
 * Invariant: the encoder, its memory and an unfinished file belong to a userdata, which gives them back whatever is raised.
 * SPDX-License-Identifier: MIT */
#include "data/lua_encode.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lauxlib.h"

#include "bytes/bytes.h"
#include "bytes/lua_bytes.h"
#include "data/guess.h"
#include "data/lua_data.h"
#include "engine/engine.h"
#include "platform.h"

#define ENCODING_METATABLE "moonbear.data.encoding"
enum { EVENTS = 128, KEEP_MOST = 16 << 20 };

struct encoding {
    lua_State *L;
    const char *name; /* of the function, for errors */
    struct data_encoder *encoder;
    struct plat_replace file;
    struct lua_walk *walk; /* behind the events */
    int is_saving, file_error;
    int is_busy; /* set while it works: whatever was raised left it so */
    struct encode_options options;
    struct data_event events[EVENTS];
};

/* ---- What must be given back ----------------------------------------------------------------------------- */

/* May run the collector, and a finalizer may raise: the texts of the events lie on the Lua stack, and an encoder asks for
 * memory before it changes anything. */
static void *resize(void *context, void *block, size_t old_size, size_t new_size) {
    const struct encoding *encoding = context;
    ptrdiff_t more = (ptrdiff_t)new_size - (ptrdiff_t)old_size;
    if (more > 0 && engine_native_borrow(encoding->L, more) < 0) return NULL;
    void *moved = NULL;
    if (new_size) moved = realloc(block, new_size);
    else free(block);
    int is_done = moved || new_size == 0;
    if (is_done ? more < 0 : more > 0) engine_native_borrow(encoding->L, is_done ? more : -more);
    return moved;
}

static void give_all(lua_State *L, struct encoding *encoding) {
    encoding->L = L;
    data_encoder_close(encoding->encoder);
    encoding->encoder = NULL;
    if (encoding->is_saving) plat_replace_abandon(&encoding->file);
    encoding->is_saving = 0;
}

static int collect(lua_State *L) {
    give_all(L, lua_touserdata(L, 1));
    return 0;
}

static struct encoding *new_encoding(lua_State *L, const char *name) {
    struct encoding *encoding = lua_newuserdata(L, sizeof *encoding + lua_walk_size());
    memset(encoding, 0, offsetof(struct encoding, events));
    encoding->L = L;
    encoding->name = name;
    encoding->walk = (struct lua_walk *)(void *)(encoding + 1);
    if (luaL_newmetatable(L, ENCODING_METATABLE)) {
        lua_pushcfunction(L, collect);
        lua_setfield(L, -2, "__gc");
    }
    lua_setmetatable(L, -2);
    return encoding;
}

/* The one in the weak table that is upvalue 1, so that the next call finds its memory unless the collector wanted it; or a
 * new one in its place: that one is busy when a finalizer encodes, too, or after an error. */
static struct encoding *push_encoding(lua_State *L, const char *name) {
    lua_rawgeti(L, lua_upvalueindex(1), 1);
    struct encoding *encoding = lua_touserdata(L, -1);
    if (encoding && !encoding->is_busy) {
        encoding->L = L;
    } else {
        lua_pop(L, 1);
        encoding = new_encoding(L, name);
        lua_pushvalue(L, -1);
        lua_rawseti(L, lua_upvalueindex(1), 1);
    }
    encoding->is_busy = 1;
    return encoding;
}

/* Memory that is much does not wait for the next call. */
static void rest(lua_State *L, struct encoding *encoding) {
    if (data_encoder_room(encoding->encoder) > KEEP_MOST) give_all(L, encoding);
    encoding->is_busy = 0;
}

/* ---- Errors ---------------------------------------------------------------------------------------------- */

static int raise_memory(lua_State *L) {
    lua_pushliteral(L, "not enough memory");
    return lua_error(L);
}

static int raise(lua_State *L, struct encoding *encoding, const struct data_error *error) {
    give_all(L, encoding);
    if (error->code == -ENOMEM) return raise_memory(L);
    if (!error->path[0]) return luaL_error(L, "%s: %s", encoding->name, error->text);
    return luaL_error(L, "%s: %s (at %s)", encoding->name, error->text, error->path);
}

/* Raises for what the encoder says, unless it is the file that failed. */
static int encoder_failed(lua_State *L, struct encoding *encoding) {
    struct data_error error;
    data_encoder_error(encoding->encoder, &error);
    return encoding->file_error ? encoding->file_error : raise(L, encoding, &error);
}

static int refuse(lua_State *L, const char *path, int error) {
    lua_pushnil(L);
    lua_pushfstring(L, "%s: %s", path, strerror(-error));
    lua_pushinteger(L, -error);
    return 3;
}

/* ---- Encoding -------------------------------------------------------------------------------------------- */

/* The value at a stack index into the encoder. Returns 0, or the negative errno of the file. */
static int encode(lua_State *L, struct encoding *encoding, int index) {
    struct lua_walk *walk = encoding->walk;
    struct data_error error;
    int count;
    lua_walk_begin(L, walk, index, &encoding->options.walk);
    while ((count = lua_walk_next(L, walk, encoding->events, EVENTS)) > 0)
        if (data_encoder_put(encoding->encoder, encoding->events, count) < 0) return encoder_failed(L, encoding);
    if (count < 0) {
        lua_walk_error(L, walk, &error);
        return raise(L, encoding, &error);
    }
    return data_encoder_finish(encoding->encoder) < 0 ? encoder_failed(L, encoding) : 0;
}

static void open_encoder(lua_State *L, struct encoding *encoding, enum data_format format, struct data_output output) {
    struct data_memory memory = { resize, encoding };
    const struct data_encode_options *options = &encoding->options.encoder;
    int result = encoding->encoder ? data_encoder_again(encoding->encoder, format, options, output)
                                   : data_encoder_open(format, options, memory, output, &encoding->encoder);
    if (result < 0) raise_memory(L);
}

/* The block goes over to bytes, which count it themselves. */
static void push_bytes(lua_State *L, struct encoding *encoding) {
    struct bytes_owner *owner = NULL;
    size_t size, room;
    char *block = data_encoder_take(encoding->encoder, &size, &room);
    if (!block) {
        lua_pushliteral(L, "");
        lua_bytes_from(L, -1);
        return;
    }
    char *fitting = realloc(block, size ? size : 1);
    engine_native_borrow(L, -(ptrdiff_t)room);
    if (fitting) block = fitting, room = size;
    if (bytes_adopt(block, size, room, &owner) < 0) {
        free(block);
        raise_memory(L);
    }
    lua_bytes_push(L, owner, 0, size);
    bytes_drop(owner);
}

/* encode(value, format [, options]) */
static int data_encode(lua_State *L) {
    struct data_output output = { NULL, NULL };
    luaL_checkany(L, 1);
    lua_settop(L, 3);
    enum data_format format = encode_check_format(L, 2);
    struct encoding *encoding = push_encoding(L, "data.encode");
    encode_read_options(L, 3, format, &encoding->options);
    open_encoder(L, encoding, format, output);
    encode(L, encoding, 1);
    if (encoding->options.as_bytes) {
        push_bytes(L, encoding);
    } else {
        size_t size;
        const char *text = data_encoder_text(encoding->encoder, &size);
        lua_pushlstring(L, text, size);
    }
    rest(L, encoding);
    return 1;
}

/* ---- Saving ---------------------------------------------------------------------------------------------- */

static int write_file(void *context, const char *data, size_t size) {
    struct encoding *encoding = context;
    encoding->file_error = plat_replace_write(&encoding->file, data, size);
    return encoding->file_error;
}

/* save(path, value [, format [, options]]): true; or nil, a message, an errno. */
static int data_save(lua_State *L) {
    const char *path = luaL_checkstring(L, 1);
    luaL_checkany(L, 2);
    lua_settop(L, 4);
    char separator = 0;
    int format = lua_isnil(L, 3) ? guess_name(path, &separator) : (int)encode_check_format(L, 3);
    if (format < 0) return luaL_error(L, "data.save: '%s' does not tell a format by its ending; name it: lua, json, ndjson, csv, msgpack", path);
    struct encoding *encoding = new_encoding(L, "data.save");
    encode_read_options(L, 4, (enum data_format)format, &encoding->options);
    if (!encoding->options.encoder.separator) encoding->options.encoder.separator = separator;
    struct data_output output = { write_file, encoding };
    int result = plat_replace_begin(path, &encoding->file);
    encoding->is_saving = result == 0;
    if (result == 0) {
        open_encoder(L, encoding, (enum data_format)format, output);
        result = encode(L, encoding, 2);
    }
    if (result == 0) {
        encoding->is_saving = 0;
        result = plat_replace_commit(&encoding->file);
    }
    give_all(L, encoding);
    if (result < 0) return refuse(L, path, result);
    lua_pushboolean(L, 1);
    return 1;
}

void lua_data_add_encode(lua_State *L) {
    lua_newtable(L);
    lua_createtable(L, 0, 1);
    lua_pushliteral(L, "v");
    lua_setfield(L, -2, "__mode");
    lua_setmetatable(L, -2);
    lua_pushcclosure(L, data_encode, 1);
    lua_setfield(L, -2, "encode");
    lua_pushcfunction(L, data_save);
    lua_setfield(L, -2, "save");
}
