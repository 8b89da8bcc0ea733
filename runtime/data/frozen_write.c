/* frozen_write.c: events in, a frozen file out; what has not ended is on the stack of frozen_writer.h.
 * Invariant: a container is written when it ends, behind everything that it refers to.
 * SPDX-License-Identifier: MIT */
#include "data/frozen_write.h"

#include <errno.h>
#include <string.h>

#include "data/frozen.h"
#include "data/frozen_writer.h"

static void *resize(struct frozen_writer *writer, void *block, size_t old_size, size_t new_size) {
    return writer->memory.resize(writer->memory.context, block, old_size, new_size);
}

static int wrong(struct frozen_writer *writer, int error, const char *why) {
    writer->why = why;
    return error;
}

/* ---- Frames ---------------------------------------------------------------------------------------------- */

static int open_frame(struct frozen_writer *writer, enum data_kind kind) {
    if (writer->depth == writer->capacity) {
        uint32_t wanted = writer->capacity ? 2 * writer->capacity : 16;
        struct frozen_frame *frames = resize(writer, writer->frames, writer->capacity * sizeof frames[0], wanted * sizeof frames[0]);
        if (!frames) return -ENOMEM;
        writer->frames = frames;
        writer->capacity = wanted;
    }
    writer->frames[writer->depth++] = (struct frozen_frame){ .base = writer->stack.top, .kind = (uint8_t)kind };
    if (writer->depth - 1 > writer->deepest) writer->deepest = writer->depth - 1;
    return 0;
}

int frozen_writer_open(const struct frozen_write_options *options, struct data_memory memory, struct frozen_writer **out) {
    static const char header[FROZEN_HEADER];
    struct frozen_writer *writer = memory.resize(memory.context, NULL, 0, sizeof *writer);
    if (!writer) return -ENOMEM;
    memset(writer, 0, sizeof *writer);
    writer->options = *options;
    writer->memory = memory;
    frozen_out_open(&writer->out, options->fd, memory);
    frozen_stack_open(&writer->stack, options->beside, memory);
    frozen_share_open(&writer->share, memory);
    frozen_sort_open(&writer->sort, options->beside, memory);
    int result = open_frame(writer, DATA_TABLE);
    if (result == 0) result = frozen_out_put(&writer->out, header, sizeof header);
    if (result < 0) frozen_writer_close(writer);
    else *out = writer;
    return result;
}

void frozen_writer_close(struct frozen_writer *writer) {
    if (!writer) return;
    frozen_out_close(&writer->out);
    frozen_stack_close(&writer->stack);
    frozen_share_close(&writer->share);
    frozen_sort_close(&writer->sort);
    if (writer->words) resize(writer, writer->words, writer->word_capacity * sizeof writer->words[0], 0);
    if (writer->frames) resize(writer, writer->frames, writer->capacity * sizeof writer->frames[0], 0);
    resize(writer, writer, sizeof *writer, 0);
}

const char *frozen_writer_why(const struct frozen_writer *writer) {
    return writer->why;
}

uint64_t frozen_writer_bytes(const struct frozen_writer *writer) {
    return frozen_out_offset(&writer->out);
}

uint64_t frozen_writer_scratch(const struct frozen_writer *writer) {
    return writer->stack.most_spilled * sizeof(uint64_t) + writer->sort.most_spilled * sizeof(struct frozen_entry);
}

char *frozen_writer_take(struct frozen_writer *writer, size_t *size) {
    struct frozen_out *out = &writer->out;
    char *block = resize(writer, out->buffer, out->capacity, out->used);
    if (!block) return NULL;
    *size = out->used;
    out->buffer = NULL;
    out->capacity = out->used = 0;
    return block;
}

/* ---- Scalars --------------------------------------------------------------------------------------------- */

static int put_string(struct frozen_writer *writer, const char *text, size_t size, int flags, uint64_t *word) {
    uint64_t hash = frozen_hash(frozen_hash_begin(size + (uint64_t)flags), text, size), at;
    hash = frozen_hash_step(hash, 1);
    at = frozen_share_text(&writer->share, &writer->out, hash, text, size, flags);
    *word = FROZEN_WIDE_TAG(FROZEN_STRING) | at / FROZEN_UNIT;
    if (at) return 0;
    char head[9];
    size_t bytes = size < 126 ? 1 : size <= UINT32_MAX ? 5 : 9;
    int result = frozen_out_align(&writer->out, FROZEN_UNIT);
    at = frozen_out_offset(&writer->out);
    head[0] = (char)((bytes == 1 ? size : bytes == 5 ? 126 : 127) << 1 | (flags & DATA_BINARY ? 1 : 0));
    if (bytes == 5) frozen_store32(head + 1, (uint32_t)size);
    if (bytes == 9) frozen_store64(head + 1, size);
    if (result == 0) result = frozen_out_put(&writer->out, head, bytes);
    if (result == 0) result = frozen_out_put(&writer->out, text, size);
    if (result == 0) result = frozen_out_align(&writer->out, FROZEN_UNIT);
    if (result < 0) return result;
    frozen_share_add_text(&writer->share, hash, text, size, flags, at);
    *word = FROZEN_WIDE_TAG(FROZEN_STRING) | at / FROZEN_UNIT;
    return 0;
}

static uint64_t constant(unsigned which) {
    return FROZEN_WIDE_TAG(FROZEN_CONSTANT) | which;
}

static unsigned nil_of(const struct frozen_writer *writer, const struct data_event *event) {
    return writer->options.holes || event->flags & DATA_HOLE ? FROZEN_IS_NIL : FROZEN_IS_NULL;
}

static int put_scalar(struct frozen_writer *writer, const struct data_event *event, uint64_t *word) {
    switch (event->kind) {
    case DATA_NIL: *word = constant(nil_of(writer, event)); return 0;
    case DATA_BOOLEAN: *word = constant(event->as.boolean ? FROZEN_IS_TRUE : FROZEN_IS_FALSE); return 0;
    case DATA_NUMBER: *word = frozen_bits(event->as.number); return 0;
    default: return put_string(writer, event->as.text, event->size, event->flags & DATA_BINARY, word);
    }
}

/* ---- Values into the container they are in --------------------------------------------------------------- */

static int put_value(struct frozen_writer *writer, uint64_t word) {
    struct frozen_frame *frame = &writer->frames[writer->depth - 1];
    int result = frozen_stack_room(&writer->stack, 1);
    if (result < 0) return result;
    if (frame->kind == DATA_MAP && !frame->has_key) return wrong(writer, -EPROTO, "a value of a map has no key");
    if (frame->has_key) {
        frame->pairs += !frame->is_entry;
        frame->has_nil |= word == constant(FROZEN_IS_NIL);
    } else {
        frame->items++;
    }
    frame->has_key = 0;
    frozen_stack_push(&writer->stack, word);
    writer->values++;
    return 0;
}

static int put_key(struct frozen_writer *writer, const struct data_event *event) {
    struct frozen_frame *frame = &writer->frames[writer->depth - 1];
    struct data_event key = *event;
    uint64_t word = 0;
    uint32_t hash;
    if (frame->kind == DATA_ARRAY || frame->has_key) return wrong(writer, -EPROTO, "a key where there can be none");
    if (key.kind == DATA_NIL || (key.kind == DATA_NUMBER && key.as.number != key.as.number))
        return wrong(writer, -EDOM, key.kind == DATA_NIL ? "a key is nil" : "a key is not a number (NaN)");
    if (key.kind == DATA_NUMBER) key.as.number += 0.0; /* -0 becomes 0 */
    key.flags = 0; /* a key is found by its bytes, whatever they are called */
    int result = put_scalar(writer, &key, &word);
    if (result == 0) result = frozen_stack_room(&writer->stack, 2);
    if (result < 0) return result;
    if (key.kind == DATA_STRING) hash = frozen_hash_text(key.as.text, key.size);
    else hash = frozen_hash_word(key.kind == DATA_NUMBER ? word : word & FROZEN_WIDE_MOST);
    uint64_t mark = FROZEN_MARK | hash;
    frame->is_entry = writer->depth == 1 && event->flags & DATA_ENTRY;
    if (frame->is_entry) result = frozen_words_mark(writer, word, hash, &mark);
    if (result < 0) return result;
    frozen_stack_push(&writer->stack, mark);
    frozen_stack_push(&writer->stack, word);
    frame->has_key = 1;
    return 0;
}

/* ---- The end of a container ------------------------------------------------------------------------------ */

static int put_array(struct frozen_writer *writer, const struct frozen_frame *frame, uint64_t *at) {
    struct frozen_slots slots = { FROZEN_ARRAY, frame->base, FROZEN_ITEMS, frame->items, 0 };
    return frozen_slots_put(writer, &slots, at);
}

/* Both parts; then they take the place of the frame's words. */
static int put_table(struct frozen_writer *writer, struct frozen_frame *frame, uint64_t *at) {
    uint64_t items, map;
    int result = put_array(writer, frame, &items);
    if (result == 0) result = frozen_keys_only(writer, frame);
    if (result == 0) result = frozen_keys_put_map(writer, frame, &map);
    if (result == 0) frozen_stack_cut(&writer->stack, frame->base);
    if (result == 0) result = frozen_stack_room(&writer->stack, 2);
    if (result < 0) return result;
    frozen_stack_push(&writer->stack, FROZEN_WIDE_TAG(FROZEN_TO_ARRAY) | items);
    frozen_stack_push(&writer->stack, FROZEN_WIDE_TAG(FROZEN_TO_MAP) | map);
    struct frozen_slots slots = { FROZEN_TABLE, frame->base, FROZEN_ITEMS, 2, 0 };
    return frozen_slots_put(writer, &slots, at);
}

/* A Lua table of only one kind of values is written as that; nil in it is nothing. */
static int put_container(struct frozen_writer *writer, struct frozen_frame *frame, uint64_t *word) {
    int is_table = frame->kind == DATA_TABLE, result = 0;
    uint64_t at = 0;
    if (writer->depth == 1 && writer->word_count > 0) result = frozen_words_fold(writer, frame);
    if (result == 0 && is_table && frame->items == 0 && frame->has_nil) result = frozen_keys_only(writer, frame);
    if (result < 0) return result;
    unsigned tag = FROZEN_TO_TABLE;
    if (frame->kind == DATA_ARRAY || (is_table && frame->items > 0 && frame->pairs == 0)) tag = FROZEN_TO_ARRAY;
    else if (frame->kind == DATA_MAP || (is_table && frame->items == 0 && frame->pairs > 0)) tag = FROZEN_TO_MAP;
    if (tag == FROZEN_TO_ARRAY) result = put_array(writer, frame, &at);
    else if (tag == FROZEN_TO_MAP) result = frozen_keys_put_map(writer, frame, &at);
    else result = put_table(writer, frame, &at);
    *word = FROZEN_WIDE_TAG(tag) | at;
    return result;
}

static int close_frame(struct frozen_writer *writer, uint64_t *word) {
    struct frozen_frame *frame = &writer->frames[writer->depth - 1];
    if (frame->has_key) return wrong(writer, -EPROTO, "a key has no value");
    int result = frozen_out_align(&writer->out, FROZEN_UNIT);
    if (result == 0) result = put_container(writer, frame, word);
    if (result < 0) return result;
    frozen_stack_cut(&writer->stack, frame->base);
    writer->depth--;
    return 0;
}

static int put_end(struct frozen_writer *writer) {
    uint64_t word;
    if (writer->depth < 2) return wrong(writer, -EPROTO, "an end where nothing has begun");
    int result = close_frame(writer, &word);
    return result < 0 ? result : put_value(writer, word);
}

/* ---- The row of events ----------------------------------------------------------------------------------- */

static int put_event(struct frozen_writer *writer, const struct data_event *event) {
    uint64_t word;
    if (event->kind == DATA_END) return put_end(writer);
    if (event->kind >= DATA_ARRAY) {
        if (event->flags & DATA_KEY) return wrong(writer, -EDOM, "a key is a table");
        return open_frame(writer, event->kind);
    }
    if (event->flags & (DATA_KEY | DATA_ENTRY)) return put_key(writer, event);
    int result = put_scalar(writer, event, &word);
    return result < 0 ? result : put_value(writer, word);
}

int frozen_writer_put(struct frozen_writer *writer, const struct data_event *events, int count) {
    for (int i = 0; i < count && writer->error == 0; i++) writer->error = put_event(writer, &events[i]);
    return writer->error;
}

/* The only value at the top, or the container of all. */
static int put_root(struct frozen_writer *writer, uint64_t *word) {
    struct frozen_frame *top = &writer->frames[0];
    if (writer->depth != 1) return wrong(writer, -EPROTO, "a container has no end");
    if (writer->word_count > 0) top->kind = DATA_TABLE;
    else if (top->pairs == 0 && writer->options.rows) top->kind = DATA_ARRAY;
    else if (top->pairs == 0 && top->items == 0) return -ENODATA;
    else if (top->pairs == 0 && top->items == 1) {
        *word = writer->stack.words[0];
        return 0;
    }
    int result = close_frame(writer, word);
    writer->deepest++;
    writer->values++;
    return result;
}

static int finish(struct frozen_writer *writer) {
    char header[FROZEN_HEADER] = FROZEN_MAGIC;
    uint64_t root = 0;
    int result = put_root(writer, &root);
    if (result == 0) result = frozen_out_align(&writer->out, 8);
    if (result < 0) return result;
    frozen_store16(header + FROZEN_AT_MAJOR, FROZEN_MAJOR);
    frozen_store16(header + FROZEN_AT_MINOR, FROZEN_MINOR);
    frozen_store32(header + FROZEN_AT_FLAGS, writer->options.rows ? FROZEN_ROWS : 0);
    frozen_store64(header + FROZEN_AT_SIZE, frozen_out_offset(&writer->out));
    frozen_store64(header + FROZEN_AT_ROOT, root);
    frozen_store64(header + FROZEN_AT_VALUES, writer->values);
    frozen_store32(header + FROZEN_AT_DEPTH, writer->deepest);
    return frozen_out_finish(&writer->out, header);
}

int frozen_writer_finish(struct frozen_writer *writer) {
    if (writer->error == 0) writer->error = finish(writer);
    return writer->error;
}
