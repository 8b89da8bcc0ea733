/* frozen_slots.c: writes the slots of one container, as narrow as they can be.
 * Invariant: numbers that a narrow slot cannot hold lie right before the container.
 * SPDX-License-Identifier: MIT */
#include "data/frozen_writer.h"

#include <errno.h>

void frozen_pass_begin(struct frozen_pass *pass, struct frozen_stack *stack, uint64_t base, enum frozen_which which) {
    *pass = (struct frozen_pass){ .stack = stack, .at = base, .which = which };
}

static int next_word(struct frozen_pass *pass, uint64_t *word) {
    if (pass->left == 0) {
        if (pass->at >= pass->stack->top) return 0;
        int result = frozen_stack_view(pass->stack, pass->at, &pass->words, &pass->left);
        if (result < 0) return result;
    }
    *word = *pass->words++;
    pass->at++;
    pass->left--;
    return 1;
}

int frozen_pass_any(struct frozen_pass *pass, uint64_t words[FROZEN_PAIR]) {
    int result = next_word(pass, &words[0]);
    if (result <= 0 || !frozen_is_mark(words[0])) return result;
    if ((result = next_word(pass, &words[1])) == 1) result = next_word(pass, &words[2]);
    return result == 1 ? FROZEN_PAIR : result < 0 ? result : -EPROTO;
}

int frozen_pass_next(struct frozen_pass *pass, uint64_t *word) {
    uint64_t words[FROZEN_PAIR];
    for (;;) {
        int result = frozen_pass_any(pass, words);
        if (result <= 0) return result;
        if ((result == 1) != (pass->which == FROZEN_ITEMS)) continue;
        if (pass->which == FROZEN_ENTRIES && words[0] != pass->mark) continue;
        *word = words[pass->which == FROZEN_ENTRIES ? FROZEN_VALUE_WORDS : pass->which];
        return 1;
    }
}

/* ---- What the slots need --------------------------------------------------------------------------------- */

struct shape {
    uint64_t lowest; /* the place that is farthest back; UINT64_MAX: none */
    uint64_t numbers; /* that narrow slots cannot hold */
    int wide;
    uint64_t place;  /* of the container */
};

static int is_stopped(const struct frozen_writer *writer) {
    return writer->options.stop && *writer->options.stop;
}

static void begin(struct frozen_pass *pass, struct frozen_writer *writer, const struct frozen_slots *slots) {
    frozen_pass_begin(pass, &writer->stack, slots->base, slots->which);
    pass->mark = FROZEN_MARK | FROZEN_OF_WORD | slots->keys;
}

static int measure(struct frozen_writer *writer, const struct frozen_slots *slots, struct shape *shape) {
    struct frozen_pass pass;
    uint64_t word;
    int result;
    shape->lowest = slots->kind == FROZEN_MAP ? slots->keys : UINT64_MAX;
    shape->numbers = 0;
    begin(&pass, writer, slots);
    while ((result = frozen_pass_next(&pass, &word)) == 1) {
        unsigned tag = frozen_tag(word);
        if (tag == FROZEN_NUMBER) shape->numbers += !frozen_is_integer(word);
        else if (tag != FROZEN_CONSTANT && (word & FROZEN_WIDE_MOST) < shape->lowest) shape->lowest = word & FROZEN_WIDE_MOST;
    }
    return is_stopped(writer) ? -ECANCELED : result;
}

static void choose(struct frozen_writer *writer, const struct frozen_slots *slots, struct shape *shape) {
    uint64_t here = frozen_out_offset(&writer->out) / FROZEN_UNIT, boxes = shape->numbers * (8 / FROZEN_UNIT);
    uint64_t farthest = shape->lowest < here ? shape->lowest : here;
    shape->wide = 2 * shape->numbers > slots->count || here + boxes - farthest > FROZEN_NARROW_MOST;
    shape->place = here + (shape->wide ? 0 : boxes);
}

/* ---- Writing --------------------------------------------------------------------------------------------- */

static int put_numbers(struct frozen_writer *writer, const struct frozen_slots *slots) {
    struct frozen_pass pass;
    uint64_t word;
    int result;
    begin(&pass, writer, slots);
    while ((result = frozen_pass_next(&pass, &word)) == 1) {
        if (frozen_tag(word) != FROZEN_NUMBER || frozen_is_integer(word)) continue;
        result = frozen_out_put64(&writer->out, word);
        if (result < 0) return result;
    }
    return result;
}

static int put_head(struct frozen_writer *writer, const struct frozen_slots *slots, const struct shape *shape) {
    uint32_t count = slots->count < FROZEN_COUNT_LONG ? (uint32_t)slots->count : FROZEN_COUNT_LONG;
    int result = frozen_out_put32(&writer->out, count << FROZEN_COUNT_SHIFT | (shape->wide ? FROZEN_WIDE : 0) | slots->kind);
    if (result == 0 && count == FROZEN_COUNT_LONG) result = frozen_out_put64(&writer->out, slots->count);
    if (result < 0 || slots->kind != FROZEN_MAP) return result;
    uint64_t distance = shape->place - slots->keys;
    return shape->wide ? frozen_out_put64(&writer->out, distance) : frozen_out_put32(&writer->out, (uint32_t)distance);
}

static int put_wide(struct frozen_out *out, uint64_t place, uint64_t word) {
    unsigned tag = frozen_tag(word);
    if (tag == FROZEN_NUMBER || tag == FROZEN_CONSTANT) return frozen_out_put64(out, word);
    return frozen_out_put64(out, FROZEN_WIDE_TAG(tag) | (place - (word & FROZEN_WIDE_MOST)));
}

/* *number is the place of the next of those that lie before the container. */
static int put_narrow(struct frozen_out *out, uint64_t place, uint64_t word, uint64_t *number) {
    unsigned tag = frozen_tag(word);
    uint32_t payload;
    if (tag == FROZEN_CONSTANT) {
        payload = (uint32_t)(word & FROZEN_WIDE_MOST);
    } else if (tag != FROZEN_NUMBER) {
        payload = (uint32_t)(place - (word & FROZEN_WIDE_MOST));
    } else if (frozen_is_integer(word)) {
        tag = FROZEN_INTEGER;
        payload = (uint32_t)(int32_t)frozen_double(word);
    } else {
        payload = (uint32_t)(place - *number);
        *number += 8 / FROZEN_UNIT;
    }
    return frozen_out_put32(out, payload << 3 | tag);
}

static int put_words(struct frozen_writer *writer, const struct frozen_slots *slots, const struct shape *shape) {
    struct frozen_pass pass;
    uint64_t word, number = shape->place - shape->numbers * (8 / FROZEN_UNIT);
    int result;
    begin(&pass, writer, slots);
    while ((result = frozen_pass_next(&pass, &word)) == 1) {
        if (shape->wide) result = put_wide(&writer->out, shape->place, word);
        else result = put_narrow(&writer->out, shape->place, word, &number);
        if (result < 0) return result;
    }
    return is_stopped(writer) ? -ECANCELED : result;
}

int frozen_slots_put(struct frozen_writer *writer, const struct frozen_slots *slots, uint64_t *at) {
    struct shape shape;
    int result = measure(writer, slots, &shape);
    if (result < 0) return result;
    choose(writer, slots, &shape);
    if (!shape.wide && shape.numbers > 0) result = put_numbers(writer, slots);
    if (result == 0) result = put_head(writer, slots, &shape);
    if (result == 0) result = put_words(writer, slots, &shape);
    *at = shape.place;
    return result;
}
