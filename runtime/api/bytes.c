/* bytes.c: memory of a host program as bytes of Lua, without a copy.
 * Invariant: the host's function is called once, or never when mb_put_bytes has failed.
 * SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>

#include "api/api.h"
#include "bytes/lua_bytes.h"

/* What the owner's `give` needs. */
struct lent {
    mb_free free;
    void *context;
};

static void give(struct bytes_owner *owner) {
    struct lent *lent = owner->context;
    lent->free(lent->context);
    free(lent);
}

struct lending {
    mb_runtime *runtime;
    mb_store *handle;
    struct bytes_owner *owner;
    mb_id *id;
};

static int put_bytes(lua_State *L, void *argument) {
    struct lending *l = argument;
    struct store *store = api_push_store(L, l->handle);
    if (!store) return api_refuse(l->runtime, MB_CLOSED);
    lua_bytes_push(L, l->owner, 0, l->owner->size);
    int error = store_put(L, store, 0, l->id);
    if (error == 0) return MB_OK;
    store_explain(L, store, error, 0);
    return api_failed(l->runtime, L, api_code(error));
}

/* Memory that is never given back is there anyway: it counts for nothing. */
static int owner_of(const void *data, size_t size, struct lent *lent, struct bytes_owner **owner) {
    if (bytes_foreign(data, size, lent ? give : NULL, lent, owner) < 0) return MB_NOMEM;
    if (lent) (*owner)->counted = size;
    return MB_OK;
}

static int lend(mb_store *handle, const void *data, size_t size, struct lent *lent, mb_id *id) {
    struct lending l = { .runtime = handle->runtime, .handle = handle, .id = id };
    if (owner_of(data, size, lent, &l.owner) != MB_OK) return api_refuse(l.runtime, MB_NOMEM);
    int code = api_run(l.runtime, put_bytes, &l);
    if (code != MB_OK) {
        l.owner->give = NULL;
        bytes_release(l.owner); /* a value that was made in vain may hold it until it is collected */
    }
    bytes_drop(l.owner);
    return code;
}

int mb_put_bytes(mb_store *handle, const void *data, size_t size, mb_free free_it, void *context, mb_id *id) {
    if (!handle || !id || (!data && size) || size > PTRDIFF_MAX) return MB_INVALID;
    if (!handle->runtime) return MB_CLOSED;
    struct lent *lent = free_it ? malloc(sizeof *lent) : NULL;
    if (free_it && !lent) return api_refuse(handle->runtime, MB_NOMEM);
    if (lent) *lent = (struct lent){ free_it, context };
    int code = lend(handle, data, size, lent, id);
    if (code != MB_OK) free(lent);
    return code;
}
