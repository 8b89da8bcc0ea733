/* frozen_stack.h: a stack of words whose lower part moves to a scratch file when there are many.
 * Invariant: words below `spilled` are in the file, the others in memory; the file holds nothing else that is needed.
 * SPDX-License-Identifier: MIT */
#ifndef FROZEN_STACK_H
#define FROZEN_STACK_H

#include "data/parser.h"

struct frozen_stack {
    struct data_memory memory;
    const char *beside;  /* see frozen_write.h; NULL: never spills */
    int fd;              /* the scratch file; -1 while there is none */
    uint64_t *words;
    size_t capacity;
    uint64_t spilled, top, most_spilled;
    uint64_t *view;      /* what was read back, FROZEN_VIEW words */
};

enum { FROZEN_STACK_WORDS = 256 * 1024, FROZEN_VIEW = 4096 };

void frozen_stack_open(struct frozen_stack *stack, const char *beside, struct data_memory memory);
void frozen_stack_close(struct frozen_stack *stack);

/* Makes room for `count` words more, at most FROZEN_VIEW. 0 or a negative errno. */
int frozen_stack_grow(struct frozen_stack *stack, size_t count);

static inline int frozen_stack_room(struct frozen_stack *stack, size_t count) {
    return stack->top - stack->spilled + count <= stack->capacity ? 0 : frozen_stack_grow(stack, count);
}

/* There must be room. */
static inline void frozen_stack_push(struct frozen_stack *stack, uint64_t word) {
    stack->words[stack->top++ - stack->spilled] = word;
}

/* The words from `at` on, below the top: *count of them lie at *words until the next call. */
int frozen_stack_view(struct frozen_stack *stack, uint64_t at, const uint64_t **words, size_t *count);

/* Changes a word below the top. */
int frozen_stack_set(struct frozen_stack *stack, uint64_t at, uint64_t word);

/* Drops all words from `top` on. */
void frozen_stack_cut(struct frozen_stack *stack, uint64_t top);

#endif
