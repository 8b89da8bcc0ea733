/* bytes.c: owners of memory: mapped files, blocks, what others bring.
 * Invariant: see bytes.h; `give` is NULL once it has been called.
 * SPDX-License-Identifier: MIT */
#include "bytes/bytes.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "platform.h"

static atomic_ulong released;

unsigned long bytes_released(void) {
    return atomic_load_explicit(&released, memory_order_relaxed);
}

int bytes_foreign(const char *data, size_t size, void (*give)(struct bytes_owner *owner), void *context, struct bytes_owner **owner) {
    struct bytes_owner *made = malloc(sizeof *made);
    if (!made) return -ENOMEM;
    *made = (struct bytes_owner){ .data = size ? data : "", .size = size, .holders = 1, .give = give, .context = context };
    *owner = made;
    return 0;
}

struct bytes_owner *bytes_hold(struct bytes_owner *owner) {
    if (owner) owner->holders++;
    return owner;
}

int bytes_release(struct bytes_owner *owner) {
    void (*give)(struct bytes_owner *owner) = owner->give;
    if (!owner->data) return 0;
    if (owner->holders > 1) atomic_fetch_add_explicit(&released, 1, memory_order_relaxed);
    owner->give = NULL;
    owner->data = NULL; /* first: what gives the memory back may come here again */
    if (give) give(owner);
    if (owner->counter) owner->uncount(owner);
    owner->counter = NULL;
    return 1;
}

void bytes_drop(struct bytes_owner *owner) {
    if (!owner || --owner->holders) return;
    bytes_release(owner);
    free(owner);
}

/* ---- Blocks ---------------------------------------------------------------------------------------------- */

static void give_block(struct bytes_owner *owner) {
    free(owner->context);
}

int bytes_adopt(char *block, size_t size, size_t room, struct bytes_owner **owner) {
    int result = bytes_foreign(block, size, give_block, block, owner);
    if (result == 0) (*owner)->counted = room + BYTES_OWNER;
    return result;
}

int bytes_block(size_t size, struct bytes_owner **owner, char **memory) {
    *memory = malloc(size ? size : 1);
    if (!*memory) return -ENOMEM;
    int result = bytes_adopt(*memory, size, size, owner);
    if (result < 0) free(*memory);
    return result;
}

/* ---- Mapped files ---------------------------------------------------------------------------------------- */

static void give_map(struct bytes_owner *owner) {
    plat_unmap(owner->context);
    free(owner->context);
}

int bytes_map(const char *path, struct bytes_owner **owner) {
    struct plat_map *map = malloc(sizeof *map);
    if (!map) return -ENOMEM;
    int result = plat_map(path, map);
    if (result == 0) {
        result = bytes_foreign(map->data, map->size, give_map, map, owner);
        if (result < 0) plat_unmap(map);
    }
    if (result < 0) free(map);
    else (*owner)->is_mapped = 1;
    return result;
}

int bytes_descriptor(const struct bytes_owner *owner) {
    return owner->is_mapped && owner->give == give_map ? ((const struct plat_map *)owner->context)->file : -1;
}
