/* lend.c: memory of the host, mapped and unmapped by itself, becomes bytes of Lua without a copy.
 * SPDX-License-Identifier: MIT
 *
 * The runtime may use less than two of these mappings: so a copy, or one that is not given back, would be refused. */
#include "host.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SIZE = 2 << 20, LIMIT = 13 << 18, ROUNDS = 20 };

static int given_back;

static void unmap(void *memory) {
    given_back++;
    CHECK(munmap(memory, SIZE) == 0); /* who reads it from now on dies */
}

static void *map(void) {
    char *memory = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(memory != MAP_FAILED);
    memcpy(memory, "begin", 5);
    memcpy(memory + SIZE - 3, "end", 3);
    return memory;
}

static mb_id lend(mb_runtime *runtime, void *memory) {
    mb_id id;
    SUCCEEDS(runtime, mb_put_bytes(mb_own_store(runtime), memory, SIZE, unmap, memory, &id));
    return id;
}

static const char script[] =
    "local b, how = ...\n"
    "assert(#b == 2 ^ 21 and b:find 'end' == #b - 2 and tostring(b:sub(1, 5)) == 'begin')\n"
    "local chain = '<' .. b .. b:sub(2, -2) .. '>'\n"
    "assert(#chain == 2 * #b and chain:byte(-1) == 62)\n"
    "if how == 'keep' then kept = chain return end\n"
    "if how == 'release' then assert(b:release()) assert(not pcall(chain.find, chain, 'e')) end\n";

static void use(mb_runtime *runtime, const char *how) {
    mb_id id = lend(runtime, map());
    mb_value args[] = { mb_stored(id), mb_string(how) };
    SUCCEEDS(runtime, mb_run_string(runtime, script, "=script", args, 2));
    SUCCEEDS(runtime, mb_release(mb_own_store(runtime), id));
}

/* A second one while a first is kept is more than the limit: it stays the host's. */
static void too_much(mb_runtime *runtime) {
    mb_id id;
    void *memory = map();
    int before = given_back;
    use(runtime, "keep");
    CHECK(mb_put_bytes(mb_own_store(runtime), memory, SIZE, unmap, memory, &id) == MB_NOMEM);
    CHECK(given_back == before && memcmp(memory, "begin", 5) == 0);
    munmap(memory, SIZE);
    SUCCEEDS(runtime, mb_run_string(runtime, "kept = nil", NULL, NULL, 0));
    SUCCEEDS(runtime, mb_collect(runtime));
    CHECK(given_back == before + 1);
}

int main(void) {
    static const char constant[] = "constant";
    mb_options options;
    mb_runtime *runtime;
    mb_id id;
    mb_options_init(&options, sizeof options);
    options.memory_limit = LIMIT;
    SUCCEEDS(NULL, mb_open(&options, &runtime));
    for (int i = 0; i < ROUNDS; i++) use(runtime, i % 2 ? "release" : "forget");
    SUCCEEDS(runtime, mb_collect(runtime));
    CHECK(given_back == ROUNDS);
    too_much(runtime);
    SUCCEEDS(runtime, mb_put_bytes(mb_own_store(runtime), constant, 8, NULL, NULL, &id));
    use(runtime, "keep");
    mb_close(runtime);
    CHECK(given_back == ROUNDS + 2);
    printf("%d lent, %d given back\n", ROUNDS + 2, given_back);
    return 0;
}
