/* frozen_writer.h: the writer's inside, shared by frozen_write.c, frozen_slots.c and frozen_keys.c.
 * Invariant: the stack holds, for each container that has not ended, the words of its values in order; see below.
 * SPDX-License-Identifier: MIT
 *
 * A word is a wide slot whose distance is a place from the start of the file. A value without a key is one word. One with a
 * key is three: a mark with the key's hash, the key, the value. */
#ifndef FROZEN_WRITER_H
#define FROZEN_WRITER_H

#include "data/frozen_format.h"
#include "data/frozen_out.h"
#include "data/frozen_share.h"
#include "data/frozen_sort.h"
#include "data/frozen_stack.h"
#include "data/frozen_write.h"

#define FROZEN_MARK FROZEN_WIDE_TAG(7)    /* the hash of the key in its low 32 bits */
#define FROZEN_REMOVED FROZEN_WIDE_TAG(6) /* in the place of a mark: the key comes again */
#define FROZEN_OF_WORD (UINT64_C(1) << 32) /* in a mark: an entry; the number of its word in place of the hash */
enum { FROZEN_PAIR = 3 };

static inline unsigned frozen_tag(uint64_t word) {
    return word < FROZEN_WIDE_TAG(0) ? FROZEN_NUMBER : (unsigned)(word >> 48) - 0xfff8;
}
static inline int frozen_is_mark(uint64_t word) {
    return (word >> 48 & 0xfffe) == 0xfffe;
}

/* A container that has not ended. */
struct frozen_frame {
    uint64_t base;         /* its first word in the stack */
    uint64_t items, pairs; /* values without and with a key */
    uint8_t kind;
    uint8_t has_key;       /* the value of the last key is to come */
    uint8_t is_entry;      /* that key is a word: see frozen_words.c */
    uint8_t has_nil;       /* a value with a key is nil */
};

/* A word with entries: see frozen_words.c. */
struct frozen_word {
    uint64_t word, entries, at; /* the key, how many, the place of their array */
    uint32_t hash;
};

struct frozen_writer {
    struct frozen_write_options options;
    struct data_memory memory;
    struct frozen_out out;
    struct frozen_stack stack;
    struct frozen_share share;
    struct frozen_sort sort;
    struct frozen_frame *frames; /* the first stands for the top of the row */
    uint32_t depth, capacity, deepest;
    struct frozen_word *words;
    uint32_t word_count, word_capacity;
    uint64_t values;
    const char *why;
    int error;
};

/* Which words of a container: the values without a key, of the pairs the keys or the values, the entries of a word. */
enum frozen_which { FROZEN_ITEMS, FROZEN_KEY_WORDS, FROZEN_VALUE_WORDS, FROZEN_ENTRIES };

/* A pass over some words of the container on top of the stack. */
struct frozen_pass {
    struct frozen_stack *stack;
    uint64_t at;
    enum frozen_which which;
    uint64_t mark; /* FROZEN_ENTRIES: of the word */
    const uint64_t *words;
    size_t left;
};

void frozen_pass_begin(struct frozen_pass *pass, struct frozen_stack *stack, uint64_t base, enum frozen_which which);

/* 1 and a word, 0 behind the last, or a negative errno. */
int frozen_pass_next(struct frozen_pass *pass, uint64_t *word);

/* The same for all that is there: 1 and an item in words[0], or FROZEN_PAIR and a pair, marked or removed. */
int frozen_pass_any(struct frozen_pass *pass, uint64_t words[FROZEN_PAIR]);

/* A container of slots that is to be written. */
struct frozen_slots {
    enum frozen_container kind;
    uint64_t base;           /* of its words in the stack */
    enum frozen_which which;
    uint64_t count;
    uint64_t keys;           /* of a map: the place of its keys; of entries: the number of the word */
};

/* Writes it; *at is its place. -EDOM when it reaches back too far. */
int frozen_slots_put(struct frozen_writer *writer, const struct frozen_slots *slots, uint64_t *at);

/* Writes a map of the pairs of a frame that has no items left; *at is its place. A key that comes again keeps its last
 * value. */
int frozen_keys_put_map(struct frozen_writer *writer, struct frozen_frame *frame, uint64_t *at);

/* As frozen_order, of two keys that were written: *order is negative, 0 or positive. */
int frozen_keys_compare(struct frozen_writer *writer, uint64_t a, uint64_t b, int *order);

/* The mark of an entry of a word. */
int frozen_words_mark(struct frozen_writer *writer, uint64_t word, uint32_t hash, uint64_t *mark);

/* The entries of the frame become arrays, under their words. */
int frozen_words_fold(struct frozen_writer *writer, struct frozen_frame *frame);

/* Takes the items out of a frame, the entries, and the pairs that are nil or whose key is the number of an item; the pairs stay. */
int frozen_keys_only(struct frozen_writer *writer, struct frozen_frame *frame);

#endif
