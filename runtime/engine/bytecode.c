/* bytecode.c: marking the chunks that this process dumps, and refusing others.
 * Invariant: see bytecode.h; nothing of a chunk is interpreted before its mark has been checked.
 * SPDX-License-Identifier: MIT */
#include "engine/bytecode.h"

#include <string.h>

#include "ldo.h"
#include "lobject.h"
#include "lstate.h"
#include "lundump.h"
#include "lzio.h"

#include "engine/account.h"
#include "engine/siphash.h"

enum { MARK = 16, FIRST_PIECE = 4096 };

static int all_allowed(lua_State *L) {
    struct account *a = account_of(L);
    return !a || a->bytecode;
}

/* The key of the marks follows from the process's secret by a one-way function. */
static int begin_mark(struct siphash *hash) {
    static const char purpose[] = "mark of a dumped chunk";
    unsigned char secret[MARK], key[MARK];
    if (plat_process_secret(secret) != 0) return -1;
    siphash_begin(hash, secret);
    siphash_add(hash, purpose, sizeof purpose);
    siphash_end(hash, key);
    siphash_begin(hash, key);
    return 0;
}

/* ---- Dumping ---- */

struct marking {
    struct siphash hash;
    lua_Writer writer;
    void *data;
};

static int write_and_hash(lua_State *L, const void *piece, size_t size, void *context) {
    struct marking *marking = context;
    siphash_add(&marking->hash, piece, size);
    return marking->writer(L, piece, size, marking->data);
}

int bytecode_dump(lua_State *L, const Proto *function, lua_Writer writer, void *data) {
    struct marking marking = { .writer = writer, .data = data };
    unsigned char mark[MARK];
    if (all_allowed(L) || begin_mark(&marking.hash) != 0) return luaU_dump(L, function, writer, data, 0);
    int status = luaU_dump(L, function, write_and_hash, &marking, 0);
    siphash_end(&marking.hash, mark);
    return status ? status : writer(L, mark, MARK, data);
}

/* ---- Loading ---- */

/* A chunk in memory that is read as one piece. */
struct whole {
    const char *data;
    size_t size;
};

static const char *read_whole(lua_State *L, void *context, size_t *size) {
    struct whole *whole = context;
    (void)L;
    *size = whole->size;
    whole->size = 0;
    return whole->data;
}

/* The memory is a userdata on top of the stack, so that an error loses nothing. */
static char *grow(lua_State *L, const char *old, size_t used, size_t size) {
    char *memory = lua_newuserdata(L, size);
    if (!old) return memory;
    memcpy(memory, old, used);
    lua_remove(L, -2);
    return memory;
}

static struct whole read_all(lua_State *L, ZIO *stream) {
    size_t size = stream->n > FIRST_PIECE ? stream->n : FIRST_PIECE, used = 0, left;
    char *memory = grow(L, NULL, 0, size);
    while ((left = luaZ_read(stream, memory + used, size - used)) == 0) {
        used = size;
        memory = grow(L, memory, used, size *= 2);
    }
    return (struct whole){ memory, size - left };
}

static int is_ours(const struct whole *whole) {
    struct siphash hash;
    unsigned char mark[MARK], difference = 0;
    if (whole->size <= MARK || begin_mark(&hash) != 0) return 0;
    siphash_add(&hash, whole->data, whole->size - MARK);
    siphash_end(&hash, mark);
    for (int i = 0; i < MARK; i++) difference |= mark[i] ^ (unsigned char)whole->data[whole->size - MARK + i];
    return difference == 0;
}

static void refuse(lua_State *L, const char *name) {
    char text[LUA_IDSIZE];
    luaO_chunkid(text, name, sizeof text);
    luaO_pushfstring(L, "%s: bytecode that this process has not made is refused; option --allow-bytecode allows it", text);
    luaD_throw(L, LUA_ERRSYNTAX);
}

Proto *bytecode_load(lua_State *L, ZIO *stream, void *buffer, const char *name) {
    if (all_allowed(L)) return luaU_undump(L, stream, buffer, name);
    struct whole whole = read_all(L, stream);
    ZIO again;
    if (!is_ours(&whole)) refuse(L, name);
    luaZ_init(L, &again, read_whole, &whole);
    Proto *function = luaU_undump(L, &again, buffer, name);
    lua_pop(L, 1);
    return function;
}
