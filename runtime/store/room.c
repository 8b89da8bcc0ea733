/* room.c: making room for one more value: memory that is announced before it is taken, and the pages' tables.
 * Invariant: the page of a live slot has a table with room for it; `tables` is the size of those tables.
 * SPDX-License-Identifier: MIT */
#include "store/inside.h"

#include <errno.h>

#include "engine/engine.h"
#include "store/pages.h"

enum { VALUE_BYTES = 16 };

/* ---- Memory ---------------------------------------------------------------------------------------------- */

void *store_resize(void *context, void *block, size_t old_size, size_t new_size) {
    struct store *store = context;
    void *result = pages_resize(NULL, block, old_size, new_size);
    if (result || !new_size) store->bytes += new_size - old_size;
    return result;
}

int store_announce(lua_State *L, struct store *store, size_t bytes) {
    size_t wanted = store->bytes + bytes;
    if (store->limit && wanted + store->tables > store->limit) return -EDQUOT;
    if (wanted <= store->counted) return 0;
    size_t more = wanted - store->counted;
    int result = engine_native(L, (ptrdiff_t)more);
    if (result == 0) store->counted += more;
    return result;
}

void store_settle(lua_State *L, struct store *store) {
    if (store->counted <= store->bytes) return;
    engine_native(L, -(ptrdiff_t)(store->counted - store->bytes));
    store->counted = store->bytes;
}

/* ---- Pages ----------------------------------------------------------------------------------------------- */

size_t store_table_bytes(uint32_t capacity) {
    return (size_t)capacity * VALUE_BYTES;
}

/* The page may go, grow or change its owner while its table is made, since that may run finalizers. */
static int still_wants(const struct store *store, uint32_t number, uint32_t capacity) {
    if (!store->is_open || number >= store->slots.pool->count) return 0;
    const struct slots_page *page = store->slots.pool->entries[number].page;
    return page && page->owner == &store->slots && page->capacity == capacity && page->table < capacity;
}

/* Gives a page the table that it needs, with the values of the smaller one it had. */
static int make_table(lua_State *L, struct store *store, uint32_t number, uint32_t capacity) {
    if (store->limit && store->bytes + store->tables + store_table_bytes(capacity) > store->limit) return -EDQUOT;
    lua_createtable(L, (int)capacity, 0);
    if (still_wants(store, number, capacity)) {
        struct slots_page *page = store->slots.pool->entries[number].page;
        pages_copy(L, store->pool, number, page->table);
        pages_set_table(L, store->pool, number);
        store->tables += store_table_bytes(capacity) - store_table_bytes(page->table);
        page->table = (uint16_t)capacity;
        return 0;
    }
    lua_pop(L, 1);
    return 0;
}

/* ---- Room for one more ----------------------------------------------------------------------------------- */

int store_is_ready(const struct store *store) {
    if (slots_room(&store->slots) < 0 || store->bytes > store->counted) return 0;
    return slots_next(&store->slots).page->table == slots_next(&store->slots).page->capacity;
}

static int grow(lua_State *L, struct store *store) {
    size_t need = slots_need(&store->slots);
    int result = store_announce(L, store, need);
    if (result < 0) return result;
    if (store->is_open && slots_room(&store->slots) == -EAGAIN && slots_need(&store->slots) <= need)
        result = slots_grow(&store->slots);
    store_settle(L, store);
    return result;
}

static int reserve(lua_State *L, struct store *store) {
    while (store->is_open && !store_is_ready(store)) {
        int result = slots_room(&store->slots);
        if (result == -EAGAIN) {
            result = grow(L, store);
        } else if (result == 0 && store->bytes > store->counted) {
            result = store_announce(L, store, 0);
        } else if (result == 0) {
            const struct slots_page *page = slots_next(&store->slots).page;
            result = make_table(L, store, page->number, page->capacity);
        }
        if (result < 0) return result;
    }
    return store->is_open ? 0 : -EBADF;
}

static int is_limit(int error) {
    return error == -ENOSPC || error == -EDQUOT;
}

/* At a limit, what is due for release makes room. */
int store_reserve(lua_State *L, struct store *store) {
    if (!store->is_open) return -EBADF;
    if (queue_pending(store->queue)) store_sweep(L, store);
    int result = reserve(L, store);
    if (!is_limit(result)) return result;
    store_sweep(L, store);
    return reserve(L, store);
}
