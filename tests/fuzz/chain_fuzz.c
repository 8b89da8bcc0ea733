/* chain_fuzz.c: chains that grow out of each other, are sliced, closed and released in any order are the bytes that
 * flat copies say, and give everything back.
 * SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include <errno.h>

#include "bytes/chain.h"
#include "bytes/find.h"
#include "bytes/hash.h"

enum { OWNERS = 3, CHAINS = 8, OWNER_SIZE = 200, MOST = 4000 };

struct world {
    struct bytes_owner *owners[OWNERS];
    char texts[OWNERS][OWNER_SIZE];
    struct chain chains[CHAINS];
    char *flat[CHAINS]; /* what each chain must be; NULL: closed */
    size_t sizes[CHAINS];
};

static char *same(const char *data, size_t size) {
    char *copy = malloc(size + 1);
    memcpy(copy, data, size);
    return copy;
}

static void open_world(struct world *w) {
    memset(w, 0, sizeof *w);
    for (int i = 0; i < OWNERS; i++) {
        char *memory;
        HOLDS(bytes_block(OWNER_SIZE, &w->owners[i], &memory) == 0);
        for (int k = 0; k < OWNER_SIZE; k++) memory[k] = w->texts[i][k] = (char)('a' + (k * (i + 1)) % 3);
    }
}

static void shut(struct world *w, int i) {
    chain_close(&w->chains[i]);
    free(w->flat[i]);
    w->flat[i] = NULL;
}

static void join(struct world *w, int from, int to, const uint8_t *how) {
    int owner = how[0] % OWNERS;
    size_t offset = how[1] % OWNER_SIZE, size = how[2] % (OWNER_SIZE - offset + 1), before = w->flat[from] ? w->sizes[from] : 0;
    if (from == to || before > MOST || !w->owners[owner]->data) return;
    shut(w, to);
    HOLDS(chain_begin(&w->chains[to], w->flat[from] ? &w->chains[from] : NULL, 1) == 0);
    chain_push(&w->chains[to], (struct bytes_view){ w->owners[owner]->data + offset, size, w->owners[owner] });
    w->flat[to] = malloc(before + size + 1);
    if (before) memcpy(w->flat[to], w->flat[from], before);
    memcpy(w->flat[to] + before, w->texts[owner] + offset, size);
    w->sizes[to] = before + size;
}

static void slice(struct world *w, int from, int to, const uint8_t *how) {
    if (from == to || !w->flat[from]) return;
    size_t offset = (how[0] * 256u + how[1]) % (w->sizes[from] + 1), size = (how[1] * 256u + how[2]) % (w->sizes[from] - offset + 1);
    shut(w, to);
    HOLDS(chain_slice(&w->chains[to], &w->chains[from], offset, size) == 0);
    w->flat[to] = same(w->flat[from] + offset, size);
    w->sizes[to] = size;
}

static void check_find(struct pieces *pieces, const struct world *w, int i, const uint8_t *how) {
    size_t size = w->sizes[i], at = size ? how[0] * 37u % size : 0, length = how[1] % (size - at + 1), found = 0;
    size_t work_size = find_work(pieces, length);
    char *needle = same(w->flat[i] + at, length), *work = work_size ? malloc(work_size) : NULL;
    if (length && how[2] % 4 == 0) needle[length / 2] = 'c';
    const char *wanted = memmem(w->flat[i], size, needle, length);
    HOLDS(find_pieces(pieces, 0, needle, length, work, NULL, &found) == (wanted != NULL));
    if (wanted) HOLDS(found == (size_t)(wanted - w->flat[i]));
    free(work);
    free(needle);
}

static void check(struct world *w, int i, const uint8_t *how) {
    struct pieces pieces, flat;
    struct piece piece;
    unsigned char one[HASH_LONGEST], two[HASH_LONGEST];
    size_t size;
    int order;
    if (!w->flat[i] || !chain_alive(&w->chains[i])) return;
    chain_pieces(&w->chains[i], &pieces);
    HOLDS(pieces.size == w->sizes[i]);
    pieces_one(&flat, &piece, (struct bytes_view){ w->flat[i], w->sizes[i], NULL });
    HOLDS(pieces_compare(&pieces, &flat, NULL, &order) == 0 && order == 0);
    HOLDS(hash_pieces(how[0] % 4, &pieces, NULL, one, &size) == 0 && hash_pieces(how[0] % 4, &flat, NULL, two, &size) == 0);
    HOLDS(memcmp(one, two, size) == 0);
    check_find(&pieces, w, i, how);
}

static void step(struct world *w, const uint8_t *how) {
    int from = how[1] % CHAINS, to = how[2] % CHAINS;
    switch (how[0] % 6) {
        case 0:
        case 1: join(w, from, to, how + 3); return;
        case 2: slice(w, from, to, how + 3); return;
        case 3: check(w, from, how + 3); return;
        case 4: shut(w, from); return;
        case 5: if (how[3] == 255) bytes_release(w->owners[how[4] % OWNERS]); return;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct world w;
    uint8_t how[6];
    open_world(&w);
    while (size) {
        fuzz_take(&data, &size, how, sizeof how);
        step(&w, how);
    }
    for (int i = 0; i < CHAINS; i++) check(&w, i, how);
    for (int i = 0; i < CHAINS; i++) shut(&w, (i * 3 + how[0]) % CHAINS);
    for (int i = 0; i < OWNERS; i++) {
        HOLDS(w.owners[i]->holders == 1);
        bytes_drop(w.owners[i]);
    }
    return 0;
}
