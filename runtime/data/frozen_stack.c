/* frozen_stack.c: see frozen_stack.h.
 * Invariant: a word is written to the file at most once, unless it is changed; spilling leaves the upper half in memory.
 * SPDX-License-Identifier: MIT */
#include "data/frozen_stack.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "data/scratch.h"

enum { WORDS_LEAST = 64 };

static void *resize(struct frozen_stack *stack, void *block, size_t old_count, size_t new_count) {
    return stack->memory.resize(stack->memory.context, block, old_count * sizeof(uint64_t), new_count * sizeof(uint64_t));
}

void frozen_stack_open(struct frozen_stack *stack, const char *beside, struct data_memory memory) {
    memset(stack, 0, sizeof *stack);
    stack->beside = beside;
    stack->memory = memory;
    stack->fd = -1;
}

void frozen_stack_close(struct frozen_stack *stack) {
    if (stack->words) resize(stack, stack->words, stack->capacity, 0);
    if (stack->view) resize(stack, stack->view, FROZEN_VIEW, 0);
    if (stack->fd >= 0) close(stack->fd);
    frozen_stack_open(stack, stack->beside, stack->memory);
}

static int spill(struct frozen_stack *stack) {
    size_t count = (size_t)(stack->top - stack->spilled), lower = count / 2;
    int result = stack->fd >= 0 ? 0 : scratch_open(stack->beside, &stack->fd);
    if (result == 0) result = scratch_write(stack->fd, stack->spilled * sizeof(uint64_t), stack->words, lower * sizeof(uint64_t));
    if (result < 0) return result;
    stack->spilled += lower;
    if (stack->spilled > stack->most_spilled) stack->most_spilled = stack->spilled;
    memmove(stack->words, stack->words + lower, (count - lower) * sizeof(uint64_t));
    return 0;
}

int frozen_stack_grow(struct frozen_stack *stack, size_t count) {
    size_t needed = (size_t)(stack->top - stack->spilled) + count;
    if (stack->beside && needed > FROZEN_STACK_WORDS && stack->capacity == FROZEN_STACK_WORDS) return spill(stack);
    size_t wanted = stack->capacity ? stack->capacity : WORDS_LEAST;
    while (wanted < needed) wanted *= 2;
    if (stack->beside && wanted > FROZEN_STACK_WORDS) wanted = FROZEN_STACK_WORDS;
    uint64_t *words = resize(stack, stack->words, stack->capacity, wanted);
    if (!words) return -ENOMEM;
    stack->words = words;
    stack->capacity = wanted;
    return 0;
}

int frozen_stack_view(struct frozen_stack *stack, uint64_t at, const uint64_t **words, size_t *count) {
    if (at >= stack->spilled) {
        *words = stack->words + (at - stack->spilled);
        *count = (size_t)(stack->top - at);
        return 0;
    }
    if (!stack->view && !(stack->view = resize(stack, NULL, 0, FROZEN_VIEW))) return -ENOMEM;
    size_t there = stack->spilled - at < FROZEN_VIEW ? (size_t)(stack->spilled - at) : FROZEN_VIEW;
    *words = stack->view;
    *count = there;
    return scratch_read(stack->fd, at * sizeof(uint64_t), stack->view, there * sizeof(uint64_t));
}

int frozen_stack_set(struct frozen_stack *stack, uint64_t at, uint64_t word) {
    if (at < stack->spilled) return scratch_write(stack->fd, at * sizeof word, &word, sizeof word);
    stack->words[at - stack->spilled] = word;
    return 0;
}

void frozen_stack_cut(struct frozen_stack *stack, uint64_t top) {
    stack->top = top;
    if (stack->spilled > top) stack->spilled = top;
}
