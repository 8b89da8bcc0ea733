/* lua_fuzz.c: hostile scripts: any source text, and programs from a grammar, mutated, run with all of the library under a cap and
 * a time limit. Nothing crashes, the cap and the limit hold, and the state works on.
 * SPDX-License-Identifier: MIT
 *
 * An input is source text; a mutation keeps it that. How it is run follows from its last bytes. */
#include "fuzz.h"

#include <fcntl.h>
#include <unistd.h>

#include "lauxlib.h"

#include "engine/engine.h"
#include "libs.h"
#include "platform.h"

#include "lua_source.h"

/* The budget of a program, what may pass behind it until all is over (in CPU time, with sanitizers), and room for text. */
#define BUDGET 0.1
enum { PATIENCE = 8, TEXT = 1 << 16 };

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *one, size_t one_size, const uint8_t *two, size_t two_size, uint8_t *out, size_t most, unsigned seed);
int LLVMFuzzerInitialize(int *argc, char ***argv);

static char world[8192];
static size_t world_size;

/* Programs write to standard output and read from standard input; both lead nowhere. */
int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc;
    (void)argv;
    FILE *file = fopen("tests/fuzz/lua_world.lua", "r");
    HOLDS(file);
    world_size = fread(world, 1, sizeof world, file);
    HOLDS(world_size && world_size < sizeof world);
    fclose(file);
    int nowhere = open("/dev/null", O_RDWR);
    HOLDS(dup2(nowhere, 0) == 0 && dup2(nowhere, 1) == 1);
    close(nowhere);
    return 0;
}

/* ---- Running ---- */

struct program {
    const char *text;
    size_t size;
    int stress; /* 1: collect all the time; 2: load what string.dump makes of it */
};

static int open_world(lua_State *L) {
    libs_open(L);
    if (luaL_loadbuffer(L, world, world_size, "=world") || lua_pcall(L, 0, 0, 0)) return lua_error(L);
    return 0;
}

static int again(lua_State *L) {
    lua_getglobal(L, "string");
    lua_getfield(L, -1, "dump");
    lua_pushvalue(L, 1);
    lua_call(L, 1, 1);
    size_t size;
    const char *chunk = lua_tolstring(L, -1, &size);
    HOLDS(luaL_loadbuffer(L, chunk, size, "=again") == 0 || strstr(lua_tostring(L, -1), "memory") || strstr(lua_tostring(L, -1), "overflow"));
    lua_replace(L, 1);
    lua_settop(L, 1);
    return 1;
}

static int run(lua_State *L) {
    struct program *program = lua_touserdata(L, 1);
    lua_settop(L, 0);
    if (luaL_loadbuffer(L, program->text, program->size, "=fuzz")) return lua_error(L);
    if (program->stress == 1) lua_gc(L, LUA_GCSETPAUSE, 0);
    if (program->stress == 2) again(L);
    lua_getglobal(L, "tab");
    lua_pushnumber(L, 7);
    lua_call(L, 2, 0);
    return 0;
}

/* In a bare table, which no program can have changed. */
static int works(lua_State *L) {
    static const char text[] = "local t = { 2, 3 } for i = 1, 50 do t[i] = i .. '' end return #t";
    if (luaL_loadbuffer(L, text, sizeof text - 1, "=after")) return lua_error(L);
    lua_call(L, 0, 1);
    HOLDS(lua_tointeger(L, -1) == 50);
    return 0;
}

/* What a program has left may raise its errors anywhere: its hook, and its finalizers, which run when the collector does. */
static int calm(lua_State *L) {
    lua_sethook(L, NULL, 0, 0);
    lua_gc(L, LUA_GCSTOP, 0);
    return lua_cpcall(L, works, NULL);
}

static void check_after(lua_State *L, size_t cap) {
    struct engine_memory memory;
    engine_memory(L, &memory);
    HOLDS(memory.peak <= cap && memory.limit == cap);
    lua_settop(L, 0);
    const char *message = calm(L) ? lua_tostring(L, -1) : NULL;
    if (message && !strstr(message, "not enough memory")) fprintf(stderr, "afterwards: %s\n", message);
    HOLDS(lua_gettop(L) == 0 || (message && strstr(message, "not enough memory")));
    lua_settop(L, 0);
    lua_gc(L, LUA_GCRESTART, 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    unsigned how = size ? data[size - 1] + data[size / 2] * 5u : 0;
    size_t caps[] = { 700 << 10, 1 << 20, 4 << 20, 16 << 20 }, cap = caps[how & 3];
    struct program program = { (const char *)data, size, how % 5 };
    struct engine_budget budget;
    lua_State *L = engine_new_with(&(struct engine_options){ .memory = cap });
    HOLDS(L);
    if (lua_cpcall(L, open_world, NULL)) {
        fprintf(stderr, "%s\n", lua_tostring(L, -1));
        HOLDS(strstr(lua_tostring(L, -1), "not enough memory"));
    }
    double began = plat_cpu_seconds();
    HOLDS(engine_time_begin(L, BUDGET, &budget) == 0);
    lua_cpcall(L, run, &program);
    lua_settop(L, 0);
    engine_time_end(L, &budget);
    HOLDS(plat_cpu_seconds() - began < PATIENCE);
    check_after(L, cap);
    HOLDS(engine_time_begin(L, BUDGET, &budget) == 0);
    lua_close(L);
    HOLDS(plat_cpu_seconds() - began < 2 * PATIENCE);
    return 0;
}

/* ---- Mutating ---- */

/* The end of the token, or of the blank space, that begins at `at`. */
static size_t token_end(const uint8_t *text, size_t size, size_t at) {
    size_t end = at + 1;
    int word = text[at] == '_' || (text[at] | 32) - 'a' < 26u || text[at] - '0' < 10u;
    while (word && end < size && (text[end] == '_' || (text[end] | 32) - 'a' < 26u || text[end] - '0' < 10u)) end++;
    return end;
}

/* Somewhere in the text, where a token begins. */
static size_t token_place(struct source *s, const uint8_t *text, size_t size) {
    size_t wanted = source_below(s, size + 1), at = 0;
    while (at < wanted) at = token_end(text, size, at);
    return at < size ? at : size;
}

/* Puts `more` in the place of the bytes from `at` to `end`, as far as there is room. */
static size_t put_into(uint8_t *text, size_t size, size_t most, size_t at, size_t end, const char *more, size_t length) {
    if (size - (end - at) + length > most) return size;
    memmove(text + at + length, text + end, size - end);
    memcpy(text + at, more, length);
    return size - (end - at) + length;
}

/* A new part at, or instead of, a token. */
static size_t change(struct source *s, uint8_t *text, size_t size, size_t most) {
    static char made[TEXT];
    struct source part = { .text = made, .room = sizeof made, .random = s->random, .left = 12 };
    size_t at = token_place(s, text, size), end = at < size ? token_end(text, size, at) : at;
    made[0] = 0;
    switch (source_below(s, 7)) {
    case 0: return put_into(text, size, most, at, end, "", 0);
    case 1: return put_into(text, size, most, at, at, (const char *)memcpy(made, text + at, end - at), end - at);
    case 2: source_put(&part, "%s", source_name(&part)); break;
    case 3: source_put(&part, " %s ", ONE_OF(&part, source_operators)); break;
    case 4: source_expression(&part); break;
    case 5: end = at; /* fall through */
    default: source_top(&part);
    }
    return put_into(text, size, most, at, end, made, part.size);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed) {
    struct source s = { .random = seed * 0x9e3779b97f4a7c15u + 1 };
    static char made[TEXT];
    unsigned how = source_below(&s, 10);
    if (how < 3 || size == 0) {
        size_t room = most + 1 < sizeof made ? most + 1 : sizeof made;
        size_t length = source_make(made, room, seed, 20 + (int)source_below(&s, 120));
        memcpy(data, made, length);
        return length;
    }
    if (how == 9) return LLVMFuzzerMutate(data, size, most);
    for (int times = (int)source_below(&s, 4); times >= 0; times--) size = change(&s, data, size, most);
    return size;
}

/* The beginning of one program, up to the end of a line, and the other's rest. */
size_t LLVMFuzzerCustomCrossOver(const uint8_t *one, size_t one_size, const uint8_t *two, size_t two_size, uint8_t *out, size_t most, unsigned seed) {
    struct source s = { .random = seed * 0x9e3779b97f4a7c15u + 1 };
    size_t from = source_below(&s, one_size + 1), to = source_below(&s, two_size + 1);
    while (from < one_size && one[from - (from > 0)] != '\n') from++;
    while (to < two_size && two[to - (to > 0)] != '\n') to++;
    if (from > most) from = most;
    size_t rest = two_size - to < most - from ? two_size - to : most - from;
    memcpy(out, one, from);
    memcpy(out + from, two + to, rest);
    return from + rest;
}
