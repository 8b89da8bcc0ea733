/* names.c: see names.h.
 * Invariant: see names.h.
 * SPDX-License-Identifier: MIT */
#include "data/names.h"

#include <errno.h>
#include <string.h>

#include "platform.h"

__extension__ typedef unsigned __int128 wide;

enum { TEXT_LEAST = 256, LIST_LEAST = 16, SLOTS_LEAST = 64 };

void names_open(struct names *n, struct data_memory memory) {
    unsigned char secret[16] = { 0 };
    memset(n, 0, sizeof *n);
    n->memory = memory;
    plat_process_secret(secret);
    memcpy(n->secret, secret, sizeof n->secret);
}

static void *resize(struct names *n, void *block, size_t old_size, size_t new_size) {
    return n->memory.resize(n->memory.context, block, old_size, new_size);
}

void names_close(struct names *n) {
    if (n->list) resize(n, n->list, n->room * sizeof n->list[0], 0);
    if (n->text) resize(n, n->text, n->text_room, 0);
    if (n->slots) resize(n, n->slots, n->slot_room * sizeof n->slots[0], 0);
    n->list = NULL, n->text = NULL, n->slots = NULL;
    n->count = n->room = n->used = n->text_room = n->slot_room = 0;
}

void names_clear(struct names *n) {
    if (n->count) memset(n->slots, 0, n->slot_room * sizeof n->slots[0]);
    n->count = n->used = 0;
}

/* ---- The hash -------------------------------------------------------------------------------------------- */

/* Both halves of the product, whose factors a secret has changed. */
static uint64_t mix(uint64_t a, uint64_t b) {
    wide product = (wide)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t hash(const struct names *n, const char *text, size_t size) {
    uint64_t hash = n->secret[0] ^ size, word;
    for (; size >= 8; text += 8, size -= 8) {
        memcpy(&word, text, 8);
        hash = mix(hash ^ word, n->secret[1] | 1);
    }
    word = 0;
    memcpy(&word, text, size);
    return mix(mix(hash ^ word, n->secret[1] | 1), UINT64_C(0x9e3779b97f4a7c15));
}

/* Where a name has its slot, or would have it. */
static uint32_t *slot(const struct names *n, const char *text, size_t size) {
    size_t mask = n->slot_room - 1;
    for (size_t at = hash(n, text, size) & mask;; at = (at + 1) & mask) {
        uint32_t index = n->slots[at];
        if (index == 0 || (names_size(n, index - 1) == size && memcmp(names_text(n, index - 1), text, size) == 0)) return &n->slots[at];
    }
}

int64_t names_find(const struct names *n, const char *text, size_t size) {
    uint32_t found = n->slots ? *slot(n, text, size) : 0;
    return found ? (int64_t)found - 1 : -ENOENT;
}

/* ---- Room ------------------------------------------------------------------------------------------------ */

static int grow_slots(struct names *n) {
    size_t wanted = n->slot_room ? 2 * n->slot_room : SLOTS_LEAST;
    if (2 * (n->count + 1) <= n->slot_room) return 0;
    uint32_t *slots = resize(n, NULL, 0, wanted * sizeof slots[0]);
    if (!slots) return -ENOMEM;
    if (n->slots) resize(n, n->slots, n->slot_room * sizeof slots[0], 0);
    memset(slots, 0, wanted * sizeof slots[0]);
    n->slots = slots;
    n->slot_room = wanted;
    for (size_t i = 0; i < n->count; i++) *slot(n, names_text(n, i), names_size(n, i)) = (uint32_t)i + 1;
    return 0;
}

static int grow_list(struct names *n) {
    size_t wanted = n->room ? 2 * n->room : LIST_LEAST;
    if (n->count < n->room) return 0;
    struct name *list = n->count < UINT32_MAX - 1 ? resize(n, n->list, n->room * sizeof list[0], wanted * sizeof list[0]) : NULL;
    if (!list) return -ENOMEM;
    n->list = list;
    n->room = wanted;
    return 0;
}

static int grow_text(struct names *n, size_t size) {
    size_t wanted = n->text_room ? 2 * n->text_room : TEXT_LEAST;
    if (n->text_room - n->used >= size && n->text) return 0;
    if (wanted - n->used < size) wanted = n->used + size;
    char *text = resize(n, n->text, n->text_room, wanted);
    if (!text) return -ENOMEM;
    n->text = text;
    n->text_room = wanted;
    return 0;
}

int names_add(struct names *n, const char *text, size_t size) {
    int result = grow_slots(n);
    if (result == 0) result = grow_list(n);
    if (result == 0) result = grow_text(n, size);
    if (result < 0) return result;
    *slot(n, text, size) = (uint32_t)n->count + 1;
    memcpy(n->text + n->used, text, size);
    n->list[n->count++] = (struct name){ n->used, size };
    n->used += size;
    return 0;
}
