/* frozen_sort.c: see frozen_sort.h. A radix sort in memory, a merge of runs from the file.
 * Invariant: while entries are put, what is in memory is not sorted; frozen_sort_begin sorts it.
 * SPDX-License-Identifier: MIT */
#include "data/frozen_sort.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "data/scratch.h"

enum { RUN = 128 * 1024, ENTRIES_LEAST = 64, INSERTION = 48 };

static void *resize(struct frozen_sort *sort, void *block, size_t old_size, size_t new_size) {
    return sort->memory.resize(sort->memory.context, block, old_size, new_size);
}

void frozen_sort_open(struct frozen_sort *sort, const char *beside, struct data_memory memory) {
    memset(sort, 0, sizeof *sort);
    sort->beside = beside;
    sort->memory = memory;
    sort->fd = -1;
}

void frozen_sort_close(struct frozen_sort *sort) {
    if (sort->entries) resize(sort, sort->entries, sort->capacity * sizeof sort->entries[0], 0);
    if (sort->spare) resize(sort, sort->spare, sort->spare_capacity * sizeof sort->spare[0], 0);
    if (sort->runs) resize(sort, sort->runs, sort->run_capacity * sizeof sort->runs[0], 0);
    if (sort->heap) resize(sort, sort->heap, sort->run_capacity * sizeof sort->heap[0], 0);
    if (sort->fd >= 0) close(sort->fd);
    frozen_sort_open(sort, sort->beside, sort->memory);
}

void frozen_sort_clear(struct frozen_sort *sort) {
    sort->count = 0;
    sort->total = sort->spilled = 0;
    sort->run_count = 0;
}

/* ---- In memory ------------------------------------------------------------------------------------------- */

static void insertion_sort(struct frozen_entry *entries, size_t count) {
    for (size_t i = 1; i < count; i++) {
        struct frozen_entry entry = entries[i];
        size_t at = i;
        for (; at > 0 && entries[at - 1].hash > entry.hash; at--) entries[at] = entries[at - 1];
        entries[at] = entry;
    }
}

static void radix_pass(const struct frozen_entry *from, struct frozen_entry *to, size_t count, int shift) {
    size_t starts[256] = { 0 }, sum = 0;
    for (size_t i = 0; i < count; i++) starts[from[i].hash >> shift & 255]++;
    for (size_t digit = 0; digit < 256; digit++) {
        size_t here = starts[digit];
        starts[digit] = sum;
        sum += here;
    }
    for (size_t i = 0; i < count; i++) to[starts[from[i].hash >> shift & 255]++] = from[i];
}

static int sort_memory(struct frozen_sort *sort) {
    if (sort->count <= INSERTION) {
        insertion_sort(sort->entries, sort->count);
        return 0;
    }
    if (sort->spare_capacity < sort->count) {
        struct frozen_entry *spare = resize(sort, sort->spare, sort->spare_capacity * sizeof spare[0], sort->capacity * sizeof spare[0]);
        if (!spare) return -ENOMEM;
        sort->spare = spare;
        sort->spare_capacity = sort->capacity;
    }
    for (int shift = 0; shift < 32; shift += 16) {
        radix_pass(sort->entries, sort->spare, sort->count, shift);
        radix_pass(sort->spare, sort->entries, sort->count, shift + 8);
    }
    return 0;
}

/* ---- Runs ------------------------------------------------------------------------------------------------ */

static int add_run(struct frozen_sort *sort, uint64_t first, uint64_t count) {
    if (sort->run_count == sort->run_capacity) {
        uint32_t wanted = sort->run_capacity ? 2 * sort->run_capacity : 16;
        struct frozen_run *runs = resize(sort, sort->runs, sort->run_capacity * sizeof runs[0], wanted * sizeof runs[0]);
        if (!runs) return -ENOMEM;
        sort->runs = runs;
        uint32_t *heap = resize(sort, sort->heap, sort->run_capacity * sizeof heap[0], wanted * sizeof heap[0]);
        if (!heap) { /* one capacity speaks for both */
            sort->runs = resize(sort, runs, wanted * sizeof runs[0], sort->run_capacity * sizeof runs[0]);
            return -ENOMEM;
        }
        sort->heap = heap;
        sort->run_capacity = wanted;
    }
    sort->runs[sort->run_count++] = (struct frozen_run){ .next = first, .end = first + count };
    return 0;
}

static int spill(struct frozen_sort *sort) {
    int result = sort_memory(sort);
    if (result == 0 && sort->fd < 0) result = scratch_open(sort->beside, &sort->fd);
    if (result == 0)
        result = scratch_write(sort->fd, sort->spilled * sizeof sort->entries[0], sort->entries, sort->count * sizeof sort->entries[0]);
    if (result == 0) result = add_run(sort, sort->spilled, sort->count);
    if (result < 0) return result;
    sort->spilled += sort->count;
    if (sort->spilled > sort->most_spilled) sort->most_spilled = sort->spilled;
    sort->count = 0;
    return 0;
}

static int grow(struct frozen_sort *sort) {
    if (sort->beside && sort->count == RUN) return spill(sort);
    size_t wanted = sort->capacity ? 2 * sort->capacity : ENTRIES_LEAST;
    struct frozen_entry *entries = resize(sort, sort->entries, sort->capacity * sizeof entries[0], wanted * sizeof entries[0]);
    if (!entries) return -ENOMEM;
    sort->entries = entries;
    sort->capacity = wanted;
    return 0;
}

int frozen_sort_put(struct frozen_sort *sort, uint32_t hash, uint32_t position) {
    int result = sort->count == sort->capacity || (sort->beside && sort->count == RUN) ? grow(sort) : 0;
    if (result < 0) return result;
    sort->entries[sort->count++] = (struct frozen_entry){ hash, position };
    sort->total++;
    return 0;
}

/* ---- The merge ------------------------------------------------------------------------------------------- */

/* The run whose next entry comes first: the smaller hash, then the earlier run. */
static int before(const struct frozen_sort *sort, uint32_t a, uint32_t b) {
    uint32_t x = sort->entries[sort->runs[a].first].hash, y = sort->entries[sort->runs[b].first].hash;
    return x != y ? x < y : a < b;
}

static void sift(struct frozen_sort *sort, uint32_t at) {
    uint32_t *heap = sort->heap, run = heap[at];
    for (;;) {
        uint32_t child = 2 * at + 1;
        if (child >= sort->heap_count) break;
        if (child + 1 < sort->heap_count && before(sort, heap[child + 1], heap[child])) child++;
        if (!before(sort, heap[child], run)) break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = run;
}

/* Reads the next entries of a run into its share of the memory. */
static int fill(struct frozen_sort *sort, uint32_t number) {
    struct frozen_run *run = &sort->runs[number];
    size_t share = sort->capacity / sort->run_count, left = (size_t)(run->end - run->next);
    run->first = (uint32_t)(number * share);
    run->count = (uint32_t)(left < share ? left : share);
    int result = scratch_read(sort->fd, run->next * sizeof sort->entries[0], sort->entries + run->first, run->count * sizeof sort->entries[0]);
    run->next += run->count;
    return result;
}

static int begin_merge(struct frozen_sort *sort) {
    int result = sort->count > 0 ? spill(sort) : 0;
    if (result == 0 && sort->run_count > sort->capacity) result = -E2BIG;
    uint64_t first = 0;
    for (uint32_t number = 0; result == 0 && number < sort->run_count; number++) {
        sort->runs[number].next = first;
        first = sort->runs[number].end;
        result = fill(sort, number);
        sort->heap[number] = number;
    }
    sort->heap_count = sort->run_count;
    for (uint32_t at = sort->heap_count / 2; result == 0 && at-- > 0;) sift(sort, at);
    return result;
}

int frozen_sort_begin(struct frozen_sort *sort) {
    sort->next = 0;
    return sort->run_count > 0 ? begin_merge(sort) : sort_memory(sort);
}

static int next_merged(struct frozen_sort *sort, struct frozen_entry *entry) {
    int result = 0;
    if (sort->heap_count == 0) return 0;
    struct frozen_run *run = &sort->runs[sort->heap[0]];
    *entry = sort->entries[run->first++];
    if (--run->count == 0 && run->next < run->end) result = fill(sort, sort->heap[0]);
    if (run->count == 0) sort->heap[0] = sort->heap[--sort->heap_count];
    if (sort->heap_count > 0) sift(sort, 0);
    return result < 0 ? result : 1;
}

int frozen_sort_next(struct frozen_sort *sort, struct frozen_entry *entry) {
    if (sort->run_count > 0) return next_merged(sort, entry);
    if (sort->next == sort->count) return 0;
    *entry = sort->entries[sort->next++];
    return 1;
}
