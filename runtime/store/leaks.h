/* leaks.h: where values were put and released, and when: leak reports and the history of stale ids.
 * Invariant: advice only: when memory is refused, a place is forgotten and nothing else changes.
 * SPDX-License-Identifier: MIT
 *
 * Knows no Lua. One record per slot at most: the last tracked id of that slot. In mode "full" the record of a released
 * id stays until its slot is used again; in mode "sample" (one put in 128) it may go earlier, so that memory follows
 * the number of tracked values and not the number of slots. Not safe to call from two threads at once. */
#ifndef LEAKS_H
#define LEAKS_H

#include <stddef.h>
#include <stdint.h>

#include "store/slots.h"

enum leaks_mode { LEAKS_OFF, LEAKS_SAMPLE, LEAKS_FULL };
enum { LEAKS_ONE_IN = 128 };

struct leaks_record {
    uint64_t id; /* 0: an empty record */
    double time; /* of the put, in seconds, as the caller counts them */
    uint32_t put, released; /* places by number; 0: unknown, or not released */
    uint32_t is_released;
};

/* How many tracked values of one place are live. */
struct leaks_count {
    const char *place;
    uint64_t live;
};

struct leaks {
    struct slots_memory memory;
    enum leaks_mode mode;
    uint32_t puts;
    struct leaks_record *records; /* open addressing by slot */
    size_t capacity, count;
    char **places; /* number 1 and on; each text is stored with its zero */
    uint32_t *index; /* open addressing by text: place numbers */
    uint32_t place_count, place_capacity;
};

/* An empty book; asks for no memory. Close it with leaks_close, which frees everything. */
void leaks_open(struct leaks *leaks, struct slots_memory memory, enum leaks_mode mode);
void leaks_close(struct leaks *leaks);

/* Whether the next put is to be tracked: never, one time in 128, or always. */
int leaks_wanted(struct leaks *leaks);

/* Records that `id` was put at `place` (copied; NULL for unknown). Returns 0 or -ENOMEM. */
int leaks_put(struct leaks *leaks, uint64_t id, const char *place, double time);

/* Records that `id` was released at `place`; an id that is not tracked is left alone. */
void leaks_release(struct leaks *leaks, uint64_t id, const char *place);

/* The record of that very id, or NULL. Valid until the next put. */
const struct leaks_record *leaks_find(const struct leaks *leaks, uint64_t id);

/* The text of a place number, good until leaks_close; NULL for 0, and for any number after that. */
const char *leaks_place(const struct leaks *leaks, uint32_t place);

/* Copies the `n` oldest live records to `out`, oldest first; returns how many there were. O(records * log n). */
size_t leaks_oldest(const struct leaks *leaks, struct leaks_record *out, size_t n);

/* Copies the `n` places with most live values to `out`, most first; returns how many there were, and in `total` the
 * number of live tracked values. Needs memory for one number per place; without it returns 0 and the total alone. */
size_t leaks_summary(struct leaks *leaks, struct leaks_count *out, size_t n, uint64_t *total);

#endif
