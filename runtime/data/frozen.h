/* frozen.h: a tree of values that is read where it lies, in a mapped file or in memory, and how it is checked.
 * Invariant: nothing is read outside of the bytes that were opened, whatever they hold; nothing is allocated.
 * SPDX-License-Identifier: MIT
 *
 * Opening and every look-up take constant time (a key of a map: logarithmic at worst). Places are checked when they are
 * used, so opening reads the header alone. All functions may be called from any thread, and return -EILSEQ when the bytes
 * are damaged. They know no Lua, and take no care of a mapped file that somebody cuts short: call them through
 * frozen_guarded. The format is in frozen_format.h; frozen_write.h makes such files. */
#ifndef FROZEN_H
#define FROZEN_H

#include <stddef.h>
#include <stdint.h>

#include "data/event.h"
#include "data/parser.h"

enum { FROZEN_ROWS = 1 }; /* the root is an array of the values of a stream: lines, rows */

/* What was opened. The bytes are the caller's, who keeps them where they are. */
struct frozen {
    const char *data;
    uint64_t size;
    uint64_t root;   /* a wide slot */
    uint64_t values; /* as the writer counted them; not verified, and with those whose key came again */
    uint64_t checksum;
    uint32_t flags;
    uint32_t depth;  /* as the writer says; not verified */
    int is_mapped;   /* set by the caller: see frozen_guarded */
};

/* A value. Of a container, its place, by which frozen_enter opens it. */
struct frozen_value {
    uint8_t kind;  /* DATA_NIL up to DATA_TABLE */
    uint8_t flags; /* DATA_BINARY, DATA_HOLE */
    size_t size;   /* of a string */
    union {
        int boolean;
        double number;
        const char *text; /* within the file; no zero behind it */
        uint64_t at;      /* of a container: where it lies; no other has the same */
    } as;
};

/* Slots in a row; for frozen.c alone. */
struct frozen_list {
    uint64_t at, count;
    uint32_t head; /* from `at` to the first slot */
    int wide;
};

/* A container that has been entered. */
struct frozen_node {
    uint8_t kind;                           /* DATA_ARRAY, DATA_MAP or DATA_TABLE */
    uint64_t at;
    struct frozen_list items, keys, values; /* without a part: its count is 0 */
};

/* Reads the header. The bytes need no alignment. Returns 0; -EILSEQ: no frozen file, or damaged, or cut off; -ENOTSUP: made by
 * a newer version. *why, when not NULL, then is static text for people. */
int frozen_open(const char *data, size_t size, struct frozen *f, const char **why);

/* Runs fn(arg), which reads the file; -EIO when a mapped file turns out to have been cut short, else 0. See plat_guarded
 * for what fn must not do. */
int frozen_guarded(const struct frozen *f, void (*fn)(void *arg), void *arg);

/* The whole. */
int frozen_root(const struct frozen *f, struct frozen_value *value);

/* Enters a container: reads its head, and that of its keys. */
int frozen_enter(const struct frozen *f, const struct frozen_value *value, struct frozen_node *node);

/* How many values a container has. */
static inline uint64_t frozen_count(const struct frozen_node *node) {
    return node->items.count + node->values.count;
}

/* Its i-th value, from 0, with its key: first those without a key of their own, whose keys are numbers from 1, then those
 * with one, in the order in which they were written. -ENOENT beyond the last. */
int frozen_pair(const struct frozen *f, const struct frozen_node *node, uint64_t i, struct frozen_value *key, struct frozen_value *value);

/* The value of a key: a string, number or boolean, whose text may lie anywhere. -ENOENT when there is none. */
int frozen_find(const struct frozen *f, const struct frozen_node *node, const struct frozen_value *key, struct frozen_value *value);
int frozen_find_number(const struct frozen *f, const struct frozen_node *node, double key, struct frozen_value *value);
int frozen_find_text(const struct frozen *f, const struct frozen_node *node, const char *key, size_t size, struct frozen_value *value);

/* The order of keys with the same hash: booleans, numbers, strings; false before true; smaller numbers; shorter strings;
 * strings by their bytes. Negative, 0 or positive. */
int frozen_order(const struct frozen_value *a, const struct frozen_value *b);

/* The hash of a key, as the indexes have it. */
uint32_t frozen_key_hash(const struct frozen_value *key);

/* A length as Lua has it: some n whose value is there and that of n + 1 is not; values without a key count all. Returns 0
 * or -EILSEQ. */
int frozen_length(const struct frozen *f, const struct frozen_node *node, uint64_t *length);

/* ---- Events (frozen_walk.c) ------------------------------------------------------------------------------ */

struct frozen_walk;

/* Prepares to turn a value and all below it into events; *walk is to be closed. `rows`: an array gives its values one by
 * one, as the rows of a stream, and not itself. `depth`: 0 is DATA_DEPTH. `f` is used until the end. 0 or -ENOMEM. */
int frozen_walk_open(const struct frozen *f, const struct frozen_value *value, int rows, uint32_t depth, struct data_memory memory,
                     struct frozen_walk **walk);
void frozen_walk_close(struct frozen_walk *walk);

/* The next events, as data_parser_next has it; 0 at the end. Their texts last until the next call; they are copies when
 * the file is mapped. Guarded. Negative: -EILSEQ damaged, which containers within each other are, too; -EIO cut short;
 * -E2BIG too deep; -ENOMEM. The number of events is at most the file's size. */
int frozen_walk_next(struct frozen_walk *walk, struct data_event *events, int capacity);

/* How much has been walked: containers' bytes, of the file's size. For progress. */
uint64_t frozen_walk_bytes(const struct frozen_walk *walk);

/* ---- Validation (frozen_check.c) ------------------------------------------------------------------------- */

struct frozen_report {
    uint64_t at;       /* the byte where it is wrong */
    char text[160];    /* what is wrong there */
};

/* Validates everything: the checksum, every container, string and number, that no two lie in one another, the sorting of
 * every index, the tree's depth. Guarded. Asks `stop` (may be NULL) now and then. Returns 0; -EILSEQ and *report; -EIO;
 * -ENOMEM; -ECANCELED when *stop is not 0. */
int frozen_check(const struct frozen *f, struct data_memory memory, const volatile int *stop, struct frozen_report *report);

#endif
