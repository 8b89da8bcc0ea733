/* report.c: what a store says: errors as sentences, leaks, the summary at the end (see store.h).
 * Invariant: nothing here changes a store.
 * SPDX-License-Identifier: MIT */
#include "store/inside.h"

#include <errno.h>
#include <string.h>
#include <time.h>

enum { SUMMARY_PLACES = 10 };

/* store "name", or plain store. */
static void push_store(lua_State *L, const struct store *store) {
    if (store->name[0]) lua_pushfstring(L, "store \"%s\"", store->name);
    else lua_pushliteral(L, "store");
}

/* Ids have up to 16 digits, more than %.14g shows. */
static void push_id(lua_State *L, double id) {
    char text[40];
    snprintf(text, sizeof text, "%.17g", id);
    lua_pushstring(L, text);
}

/* Copies the text of a place, "" when there is none: any call of Lua's that makes an object may run a finalizer that closes the
 * store. */
static const char *copy_place(const struct store *store, uint32_t place, char text[PLACE_MAX]) {
    const char *known = leaks_place(&store->leaks, place);
    snprintf(text, PLACE_MAX, "%s", known ? known : "");
    return text;
}

static void push_history(lua_State *L, const struct store *store, double id) {
    const struct leaks_record *record = leaks_find(&store->leaks, slots_number(id));
    char put[PLACE_MAX], released[PLACE_MAX];
    copy_place(store, record ? record->put : 0, put);
    copy_place(store, record ? record->released : 0, released);
    if (released[0]) lua_pushfstring(L, "released at %s", released);
    else if (store->leaks.mode == LEAKS_OFF) lua_pushliteral(L, "it was released (leaks=\"full\" would tell where)");
    else lua_pushliteral(L, "it was released");
    if (put[0]) {
        lua_pushfstring(L, " (put at %s)", put);
        lua_concat(L, 2);
    }
}

static void push_reason(lua_State *L, const struct store *store, int error) {
    switch (error) {
    case -EBADF: lua_pushliteral(L, "is closed"); break;
    case -ENOSPC:
        lua_pushfstring(L, "is full: all of its %f slots are in use; release values or raise `slots`", (double)store->slots.max);
        break;
    case -EDQUOT:
        lua_pushfstring(L, "is full: it uses %f bytes of its limit of %f; release values or raise the limit",
                        (double)(store->bytes + store->tables), (double)store->limit);
        break;
    case -EOVERFLOW: lua_pushliteral(L, "cannot take a value: all ids of this state are used up"); break;
    case -EPIPE: lua_pushliteral(L, "cannot use a scope that has ended"); break;
    default: lua_pushfstring(L, "failed: %s", strerror(-error));
    }
}

static void push_id_reason(lua_State *L, const struct store *store, int error, double id) {
    push_id(L, id);
    if (error == -ESTALE) {
        push_history(L, store, id);
        lua_pushfstring(L, "id %s is stale: %s", lua_tostring(L, -2), lua_tostring(L, -1));
        lua_remove(L, -2);
    } else if (error == -EXDEV) {
        lua_pushfstring(L, "id %s is of another store", lua_tostring(L, -1));
    } else {
        lua_pushfstring(L, "id %s was never given out", lua_tostring(L, -1));
    }
    lua_remove(L, -2);
}

void store_explain(lua_State *L, struct store *store, int error, double id) {
    int about_id = error == -ESTALE || error == -EXDEV || error == -EINVAL;
    if (error == -ENOMEM) {
        lua_pushliteral(L, "not enough memory");
        return;
    }
    push_store(L, store);
    if (about_id) push_id_reason(L, store, error, id);
    else push_reason(L, store, error);
    lua_pushfstring(L, about_id ? "%s: %s" : "%s %s", lua_tostring(L, -2), lua_tostring(L, -1));
    lua_replace(L, -3);
    lua_pop(L, 1);
}

/* ---- Leaks ----------------------------------------------------------------------------------------------- */

static double now(void) {
    struct timespec time = { 0, 0 };
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static void push_leak(lua_State *L, struct store *store, const struct leaks_record *record) {
    char place[PLACE_MAX];
    copy_place(store, record->put, place);
    lua_createtable(L, 0, 4);
    lua_pushnumber(L, (double)record->id);
    lua_setfield(L, -2, "id");
    lua_pushstring(L, place[0] ? place : "?");
    lua_setfield(L, -2, "place");
    lua_pushnumber(L, now() - record->time);
    lua_setfield(L, -2, "age");
    store_push_tag(L, store, record->id);
    lua_setfield(L, -2, "tag");
}

/* The records are copied out first: making tables may run finalizers, which may release. */
void store_leaks(lua_State *L, struct store *store, size_t n) {
    store_sweep(L, store);
    if (n > store->leaks.count) n = store->leaks.count;
    struct leaks_record *records = lua_newuserdata(L, (n + 1) * sizeof *records);
    n = n ? leaks_oldest(&store->leaks, records, n) : 0;
    lua_createtable(L, (int)n, 0);
    for (size_t i = 0; i < n; i++) {
        push_leak(L, store, &records[i]);
        lua_rawseti(L, -2, (int)i + 1);
    }
    lua_remove(L, -2);
}

void store_report(lua_State *L, struct store *store, FILE *out) {
    struct leaks_count places[SUMMARY_PLACES];
    uint64_t tracked = 0;
    store_sweep(L, store);
    if (!store->is_open || !store->slots.live) return;
    const char *quote = store->name[0] ? "\"" : "", *were = store->slots.live == 1 ? "value was" : "values were";
    fprintf(out, "moonbear: store%s%s%s%s: %llu %s not released\n", quote[0] ? " " : "", quote, store->name, quote,
            (unsigned long long)store->slots.live, were);
    size_t count = leaks_summary(&store->leaks, places, SUMMARY_PLACES, &tracked);
    for (size_t i = 0; i < count; i++)
        fprintf(out, "  %llu put at %s\n", (unsigned long long)places[i].live, places[i].place ? places[i].place : "an unknown place");
    if (tracked < store->slots.live) fprintf(out, "  %llu were not tracked\n", (unsigned long long)(store->slots.live - tracked));
}
