/* frozen_sort.h: sorts the keys of a map by hash; more than fit in memory go to a scratch file in sorted runs.
 * Invariant: entries with the same hash come out in the order in which they were put.
 * SPDX-License-Identifier: MIT */
#ifndef FROZEN_SORT_H
#define FROZEN_SORT_H

#include "data/parser.h"

struct frozen_entry {
    uint32_t hash, position;
};

/* A sorted run in the scratch file, and what was read of it. */
struct frozen_run {
    uint64_t next, end; /* entries in the file not yet read */
    uint32_t first, count; /* what was read: entries in memory */
};

struct frozen_sort {
    struct data_memory memory;
    const char *beside; /* see frozen_write.h; NULL: all in memory */
    int fd;             /* -1 while there is no scratch file */
    struct frozen_entry *entries, *spare;
    size_t count, capacity, spare_capacity;
    uint64_t total, spilled, most_spilled; /* entries */
    struct frozen_run *runs; /* and behind them a heap of their numbers */
    uint32_t *heap;
    uint32_t run_count, run_capacity, heap_count;
    size_t next;        /* what comes out next, where nothing was spilled */
};

void frozen_sort_open(struct frozen_sort *sort, const char *beside, struct data_memory memory);
void frozen_sort_close(struct frozen_sort *sort);

/* All return 0 or a negative errno. Clear, put all, then begin before each time that they are taken out. */
void frozen_sort_clear(struct frozen_sort *sort);
int frozen_sort_put(struct frozen_sort *sort, uint32_t hash, uint32_t position);
int frozen_sort_begin(struct frozen_sort *sort);

/* The next entry: 1; 0 behind the last. */
int frozen_sort_next(struct frozen_sort *sort, struct frozen_entry *entry);

#endif
