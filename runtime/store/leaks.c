/* leaks.c: see leaks.h.
 * Invariant: both tables have a power of two of places, at most half of them used.
 * SPDX-License-Identifier: MIT */
#include "store/leaks.h"

#include <errno.h>
#include <string.h>

static void *resize(const struct leaks *leaks, void *block, size_t old_size, size_t new_size) {
    return leaks->memory.resize(leaks->memory.context, block, old_size, new_size);
}

void leaks_open(struct leaks *leaks, struct slots_memory memory, enum leaks_mode mode) {
    memset(leaks, 0, sizeof *leaks);
    leaks->memory = memory;
    leaks->mode = mode;
}

void leaks_close(struct leaks *leaks) {
    for (uint32_t i = 0; i < leaks->place_count; i++)
        resize(leaks, leaks->places[i], strlen(leaks->places[i]) + 1, 0);
    if (leaks->places) resize(leaks, leaks->places, leaks->place_capacity / 2 * sizeof leaks->places[0], 0);
    if (leaks->index) resize(leaks, leaks->index, leaks->place_capacity * sizeof leaks->index[0], 0);
    if (leaks->records) resize(leaks, leaks->records, leaks->capacity * sizeof leaks->records[0], 0);
    leaks_open(leaks, leaks->memory, leaks->mode);
}

int leaks_wanted(struct leaks *leaks) {
    if (leaks->mode == LEAKS_SAMPLE) return ++leaks->puts % LEAKS_ONE_IN == 0;
    return leaks->mode == LEAKS_FULL;
}

/* ---- Places --------------------------------------------------------------------------------------------- */

/* FNV-1a (draft-eastlake-fnv). */
static uint32_t hash_text(const char *text) {
    uint32_t hash = 2166136261u;
    for (; *text; text++) hash = (hash ^ (unsigned char)*text) * 16777619u;
    return hash;
}

/* The entry of `text` in the index: its number, or 0 where it would go. */
static uint32_t *index_entry(const struct leaks *leaks, const char *text) {
    uint32_t at = hash_text(text);
    for (;; at++) {
        uint32_t *entry = &leaks->index[at & (leaks->place_capacity - 1)];
        if (*entry == 0 || strcmp(leaks->places[*entry - 1], text) == 0) return entry;
    }
}

static int grow_places(struct leaks *leaks) {
    uint32_t old = leaks->place_capacity, capacity = old ? 2 * old : 64;
    size_t bytes = capacity * sizeof leaks->index[0];
    uint32_t *index = resize(leaks, NULL, 0, bytes);
    if (!index) return -ENOMEM;
    char **places = resize(leaks, leaks->places, old / 2 * sizeof places[0], capacity / 2 * sizeof places[0]);
    if (!places) {
        resize(leaks, index, bytes, 0);
        return -ENOMEM;
    }
    if (old) resize(leaks, leaks->index, old * sizeof leaks->index[0], 0);
    memset(index, 0, bytes);
    leaks->index = index;
    leaks->places = places;
    leaks->place_capacity = capacity;
    for (uint32_t i = 0; i < leaks->place_count; i++) *index_entry(leaks, places[i]) = i + 1;
    return 0;
}

/* The number of a text; 0 for NULL and when memory is refused. */
static uint32_t number_of(struct leaks *leaks, const char *text) {
    if (!text) return 0;
    if (leaks->place_count == leaks->place_capacity / 2 && grow_places(leaks) < 0) return 0;
    uint32_t *entry = index_entry(leaks, text);
    if (*entry) return *entry;
    size_t bytes = strlen(text) + 1;
    char *copy = resize(leaks, NULL, 0, bytes);
    if (!copy) return 0;
    leaks->places[leaks->place_count++] = memcpy(copy, text, bytes);
    return *entry = leaks->place_count;
}

const char *leaks_place(const struct leaks *leaks, uint32_t place) {
    return place && place <= leaks->place_count ? leaks->places[place - 1] : NULL;
}

/* ---- Records -------------------------------------------------------------------------------------------- */

static struct leaks_record *record_in(struct leaks_record *records, size_t capacity, uint64_t id) {
    for (size_t at = (uint32_t)id * 2654435769u;; at++) {
        struct leaks_record *record = &records[at & (capacity - 1)];
        if (record->id == 0 || (uint32_t)record->id == (uint32_t)id) return record;
    }
}

static size_t kept(const struct leaks *leaks) {
    size_t count = 0;
    for (size_t i = 0; i < leaks->capacity; i++)
        count += leaks->records[i].id && (leaks->mode == LEAKS_FULL || !leaks->records[i].is_released);
    return count;
}

/* Full tracking remembers releases; samples drop them whenever the table is made anew. */
static int grow_records(struct leaks *leaks) {
    size_t count = kept(leaks), capacity = 64;
    while (capacity < 4 * (count + 1)) capacity *= 2;
    struct leaks_record *records = resize(leaks, NULL, 0, capacity * sizeof records[0]);
    if (!records) return -ENOMEM;
    memset(records, 0, capacity * sizeof records[0]);
    for (size_t i = 0; i < leaks->capacity; i++) {
        const struct leaks_record *old = &leaks->records[i];
        if (old->id && (leaks->mode == LEAKS_FULL || !old->is_released)) *record_in(records, capacity, old->id) = *old;
    }
    if (leaks->records) resize(leaks, leaks->records, leaks->capacity * sizeof records[0], 0);
    leaks->records = records;
    leaks->capacity = capacity;
    leaks->count = count;
    return 0;
}

int leaks_put(struct leaks *leaks, uint64_t id, const char *place, double time) {
    if (leaks->count >= leaks->capacity / 2 && grow_records(leaks) < 0) return -ENOMEM;
    struct leaks_record *record = record_in(leaks->records, leaks->capacity, id);
    leaks->count += record->id == 0;
    *record = (struct leaks_record){ .id = id, .time = time, .put = number_of(leaks, place) };
    return 0;
}

const struct leaks_record *leaks_find(const struct leaks *leaks, uint64_t id) {
    if (!leaks->records) return NULL;
    const struct leaks_record *record = record_in(leaks->records, leaks->capacity, id);
    return record->id == id ? record : NULL;
}

void leaks_release(struct leaks *leaks, uint64_t id, const char *place) {
    struct leaks_record *record = (struct leaks_record *)leaks_find(leaks, id);
    if (!record) return;
    record->released = number_of(leaks, place);
    record->is_released = 1;
}

/* ---- Reports -------------------------------------------------------------------------------------------- */

static int is_older(const struct leaks_record *a, const struct leaks_record *b) {
    return a->time < b->time || (a->time == b->time && a->id < b->id);
}

/* out[0..n) is sorted; the new record moves the younger ones up, and the youngest falls off the end. */
static size_t insert_record(struct leaks_record *out, size_t used, size_t n, const struct leaks_record *record) {
    size_t low = 0, high = used;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (is_older(&out[middle], record)) low = middle + 1;
        else high = middle;
    }
    if (low == n) return used;
    if (used < n) used++;
    memmove(&out[low + 1], &out[low], (used - low - 1) * sizeof out[0]);
    out[low] = *record;
    return used;
}

size_t leaks_oldest(const struct leaks *leaks, struct leaks_record *out, size_t n) {
    size_t used = 0;
    for (size_t i = 0; i < leaks->capacity; i++) {
        const struct leaks_record *record = &leaks->records[i];
        if (record->id && !record->is_released) used = insert_record(out, used, n, record);
    }
    return used;
}

static size_t insert_count(struct leaks_count *out, size_t used, size_t n, struct leaks_count count) {
    size_t at = used;
    while (at > 0 && out[at - 1].live < count.live) at--;
    if (at == n) return used;
    if (used < n) used++;
    memmove(&out[at + 1], &out[at], (used - at - 1) * sizeof out[0]);
    out[at] = count;
    return used;
}

size_t leaks_summary(struct leaks *leaks, struct leaks_count *out, size_t n, uint64_t *total) {
    size_t bytes = (leaks->place_count + 1) * sizeof(uint64_t), used = 0;
    uint64_t *live = resize(leaks, NULL, 0, bytes);
    if (live) memset(live, 0, bytes);
    *total = 0;
    for (size_t i = 0; i < leaks->capacity; i++) {
        const struct leaks_record *record = &leaks->records[i];
        if (!record->id || record->is_released) continue;
        ++*total;
        if (live) live[record->put]++;
    }
    if (!live) return 0;
    for (uint32_t place = 0; place <= leaks->place_count; place++)
        if (live[place]) used = insert_count(out, used, n, (struct leaks_count){ leaks_place(leaks, place), live[place] });
    resize(leaks, live, bytes, 0);
    return used;
}
