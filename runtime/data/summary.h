/* summary.h: what a row of events looks like as a whole: its shape, counts and sizes.
 * Invariant: memory depends on the depth and on nothing else; every value is counted, whatever the shape.
 * SPDX-License-Identifier: MIT
 *
 * The shape is a tree of places: the root, the values of an array (all at one place), and the value of each key of a map. A map
 * with more than SUMMARY_KEYS keys at one place, or a tree with more than SUMMARY_PLACES, has further keys counted together. */
#ifndef SUMMARY_H
#define SUMMARY_H

#include <stddef.h>
#include <stdint.h>

#include "data/event.h"
#include "data/parser.h"

enum { SUMMARY_PLACES = 1024, SUMMARY_KEYS = 64, SUMMARY_NAME = 47, SUMMARY_NONE = UINT16_MAX };

enum summary_step { SUMMARY_ROOT, SUMMARY_ITEM, SUMMARY_NAMED, SUMMARY_NUMBERED, SUMMARY_OTHERS };

/* How large the values of one kind are: numbers themselves, bytes of strings, values in containers. */
struct summary_range {
    uint64_t count;
    double least, most, sum;
};

struct summary_place {
    uint16_t parent, first, next; /* first child, next of the same parent; SUMMARY_NONE */
    uint16_t children;
    uint8_t step;                 /* enum summary_step: from the parent to here */
    uint8_t size, is_cut;         /* of the name; it was longer */
    char name[SUMMARY_NAME];
    uint64_t nils, falses, trues, whole; /* whole: numbers without a fraction */
    struct summary_range numbers, strings, arrays, maps; /* a Lua table with any key is a map */
};

struct summary;

/* *summary is to be closed. 0 or -ENOMEM. */
int summary_open(struct data_memory memory, struct summary **summary);
void summary_close(struct summary *summary);

/* Counts events: 0 or -ENOMEM. */
int summary_put(struct summary *summary, const struct data_event *events, int count);

/* The places in the order of the tree, from the root, which is number 0; SUMMARY_NONE behind the last. */
const struct summary_place *summary_place(const struct summary *summary, uint16_t number);
uint16_t summary_after(const struct summary *summary, uint16_t number);

/* How often anything was at a place. */
uint64_t summary_count(const struct summary_place *place);

/* Containers within each other, at most; values at the top; keys in all. */
uint64_t summary_depth(const struct summary *summary);
uint64_t summary_rows(const struct summary *summary);
uint64_t summary_keys(const struct summary *summary);

#endif
