/* frozen_words.c: entries at the top, `Word{...}` again and again: each word's become one array, under the word as its key.
 * Invariant: entries lie in the stack as pairs whose mark has the number of their word, until the row ends.
 * SPDX-License-Identifier: MIT */
#include "data/frozen_writer.h"

#include <errno.h>

enum { WORDS_LEAST = 4, WORDS_MOST = 256 };

static int refuse(struct frozen_writer *writer, const char *why) {
    writer->why = why;
    return -EDOM;
}

static int grow(struct frozen_writer *writer) {
    uint32_t wanted = writer->word_capacity ? 2 * writer->word_capacity : WORDS_LEAST;
    if (wanted > WORDS_MOST) return refuse(writer, "there are more than 256 words with entries");
    struct frozen_word *words = writer->memory.resize(writer->memory.context, writer->words, writer->word_capacity * sizeof words[0], wanted * sizeof words[0]);
    if (!words) return -ENOMEM;
    writer->words = words;
    writer->word_capacity = wanted;
    return 0;
}

int frozen_words_mark(struct frozen_writer *writer, uint64_t word, uint32_t hash, uint64_t *mark) {
    uint32_t number = 0;
    for (; number < writer->word_count; number++) {
        int order = 1, result = 0;
        if (writer->words[number].hash == hash) result = frozen_keys_compare(writer, writer->words[number].word, word, &order);
        if (result < 0) return result;
        if (order == 0) break;
    }
    if (number == writer->word_count) {
        int result = writer->word_count == writer->word_capacity ? grow(writer) : 0;
        if (result < 0) return result;
        writer->words[writer->word_count++] = (struct frozen_word){ .word = word, .hash = hash };
    }
    writer->words[number].entries++;
    *mark = FROZEN_MARK | FROZEN_OF_WORD | number;
    return 0;
}

/* A name cannot be a value's and a word's. */
static int check_names(struct frozen_writer *writer, const struct frozen_frame *frame) {
    struct frozen_pass pass;
    uint64_t pair[FROZEN_PAIR];
    int result;
    frozen_pass_begin(&pass, &writer->stack, frame->base, FROZEN_KEY_WORDS);
    while ((result = frozen_pass_any(&pass, pair)) > 0) {
        if (result == 1 || pair[0] & FROZEN_OF_WORD) continue;
        for (uint32_t i = 0; i < writer->word_count; i++) {
            int order = 1;
            if (writer->words[i].hash == (uint32_t)pair[0]) result = frozen_keys_compare(writer, writer->words[i].word, pair[1], &order);
            if (result < 0) return result;
            if (order == 0) return refuse(writer, "a name is that of a value and the word of entries");
        }
    }
    return result;
}

static int put_arrays(struct frozen_writer *writer, const struct frozen_frame *frame) {
    for (uint32_t i = 0; i < writer->word_count; i++) {
        struct frozen_slots slots = { FROZEN_ARRAY, frame->base, FROZEN_ENTRIES, writer->words[i].entries, i };
        int result = frozen_slots_put(writer, &slots, &writer->words[i].at);
        if (result < 0) return result;
    }
    return 0;
}

int frozen_words_fold(struct frozen_writer *writer, struct frozen_frame *frame) {
    if (frame->items > 0) return refuse(writer, "a value without a name is among entries");
    int result = check_names(writer, frame);
    if (result == 0) result = put_arrays(writer, frame);
    if (result == 0) result = frozen_keys_only(writer, frame);
    for (uint32_t i = 0; result == 0 && i < writer->word_count; i++) {
        result = frozen_stack_room(&writer->stack, FROZEN_PAIR);
        if (result < 0) return result;
        frozen_stack_push(&writer->stack, FROZEN_MARK | writer->words[i].hash);
        frozen_stack_push(&writer->stack, writer->words[i].word);
        frozen_stack_push(&writer->stack, FROZEN_WIDE_TAG(FROZEN_TO_ARRAY) | writer->words[i].at);
        frame->pairs++;
        writer->values++;
    }
    writer->deepest++; /* the arrays lie between the root and the entries */
    return result;
}
