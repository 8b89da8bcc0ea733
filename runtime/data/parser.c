/* parser.c: what all parsers share: pieces become windows, containers a stack on the heap, mistakes a place and a path.
 * Invariant: see parse.h. A window begins with the token that was not whole in the window before.
 * SPDX-License-Identifier: MIT */
#include "data/parser.h"

#include <errno.h>
#include <string.h>

#include "data/parse.h"

static const char *const format_names[DATA_FORMATS] = { "lua", "json", "ndjson", "csv", "msgpack" };
static const struct parse_format *const formats[DATA_FORMATS] = { &parse_lua, &parse_json, &parse_json, &parse_csv, &parse_msgpack };

enum { JOIN_LEAST = 4096, FRAMES_LEAST = 16 };

const char *data_format_name(enum data_format format) {
    return format_names[format];
}

int data_format_find(const char *name) {
    for (int i = 0; i < DATA_FORMATS; i++)
        if (format_names[i][0] == name[0] && strcmp(format_names[i], name) == 0) return i;
    return -EINVAL;
}

/* ---- Memory ---- */

static void *resize(struct data_parser *p, void *block, size_t old_size, size_t new_size) {
    return p->memory.resize(p->memory.context, block, old_size, new_size);
}

int parse_grow(struct data_parser *p, struct parse_block *block, size_t size) {
    if (size <= block->size) return 0;
    size_t wanted = block->size * 2;
    if (wanted < size) wanted = size;
    if (wanted < 256) wanted = 256;
    char *data = resize(p, block->data, block->size, wanted);
    if (!data) return -ENOMEM;
    block->data = data;
    block->size = wanted;
    return 0;
}

static void free_block(struct data_parser *p, struct parse_block *block) {
    if (block->data) resize(p, block->data, block->size, 0);
    *block = (struct parse_block){ 0 };
}

char *parse_scratch(struct data_parser *p, size_t size, int *result) {
    if (p->scratch.size - p->scratch_used < size) {
        *result = p->scratch_used ? 1 : parse_grow(p, &p->scratch, size);
        if (*result != 0) return NULL;
    }
    return p->scratch.data + p->scratch_used;
}

int parse_grow_frames(struct data_parser *p) {
    uint32_t wanted = p->frame_capacity ? p->frame_capacity * 2 : FRAMES_LEAST;
    struct parse_frame *frames = resize(p, p->frames, p->frame_capacity * sizeof *frames, wanted * sizeof *frames);
    if (!frames) return -ENOMEM;
    p->frames = frames;
    p->frame_capacity = wanted;
    return 0;
}

int parse_too_deep(struct data_parser *p, const char *at) {
    return parse_fail_as(p, -E2BIG, at, "more than %u levels of nesting", p->options.depth);
}

/* ---- Open and close ---- */

static int take_columns(struct data_parser *p, const struct data_options *options) {
    for (size_t i = 0; i < options->column_count; i++)
        if (names_add(&p->names, options->columns[i], strlen(options->columns[i])) < 0) return -ENOMEM;
    p->options.columns = NULL;
    return 0;
}

int data_parser_again(struct data_parser *p, enum data_format format, const struct data_options *options) {
    static const struct data_options defaults;
    names_clear(&p->names);
    p->options = options ? *options : defaults;
    if (!p->options.depth) p->options.depth = DATA_DEPTH;
    if (!p->options.separator) p->options.separator = ',';
    p->format = format;
    p->does = formats[format];
    p->at = p->end = p->start = "";
    p->from = (struct data_place){ .line = 1 };
    p->line_byte = p->fed = 0;
    p->seen = p->piece_size = p->taken = p->tail = p->scratch_used = p->number = p->word_size = p->name = 0;
    p->last = p->status = p->joined = p->over = p->finished = p->state = p->mark = p->unlisted = 0;
    p->piece = NULL;
    p->depth = p->low = 0;
    p->error.code = 0;
    if (!p->frames && parse_grow_frames(p) < 0) return -ENOMEM;
    memset(&p->frames[0], 0, sizeof p->frames[0]);
    return options ? take_columns(p, options) : 0;
}

int data_parser_open(enum data_format format, const struct data_options *options, struct data_memory memory, struct data_parser **parser) {
    struct data_parser *p = memory.resize(memory.context, NULL, 0, sizeof *p);
    if (!p) return -ENOMEM;
    memset(p, 0, sizeof *p);
    p->memory = memory;
    names_open(&p->names, memory);
    int result = data_parser_again(p, format, options);
    if (result < 0) {
        data_parser_close(p);
        return result;
    }
    *parser = p;
    return 0;
}

void data_parser_close(struct data_parser *p) {
    if (!p) return;
    names_close(&p->names);
    free_block(p, &p->join);
    free_block(p, &p->scratch);
    free_block(p, &p->word);
    if (p->frames) resize(p, p->frames, p->frame_capacity * sizeof *p->frames, 0);
    resize(p, p, sizeof *p, 0);
}

/* ---- Windows ---- */

/* Sixteen bytes at once, in whatever registers the processor has for that; a lane counts to 255. */
static uint64_t count_newlines(const char *at, const char *end) {
    typedef unsigned char lanes __attribute__((vector_size(16)));
    uint64_t count = 0;
    while (end - at >= 16) {
        lanes sums = { 0 }, bytes;
        for (int i = 0; i < 255 && end - at >= 16; i++, at += 16) {
            memcpy(&bytes, at, 16);
            sums -= (lanes)(bytes == '\n');
        }
        for (int i = 0; i < 16; i++) count += sums[i];
    }
    while (at < end) count += *at++ == '\n';
    return count;
}

static void count_lines(const struct data_parser *p, const char *to, struct data_place *place, uint64_t *line_byte) {
    size_t size = (size_t)(to - p->start);
    *place = p->from;
    *line_byte = p->line_byte;
    place->byte += size;
    if (!p->does->has_lines || size == 0) return;
    uint64_t count = count_newlines(p->start, to);
    if (count == 0) return;
    place->line += count;
    const char *last = memrchr(p->start, '\n', size);
    *line_byte = p->from.byte + (uint64_t)(last + 1 - p->start);
}

/* The window begins at `at`, wherever that byte lies from now on. */
static void begin_window(struct data_parser *p, const char *at, const char *end) {
    struct data_place place;
    uint64_t line_byte;
    count_lines(p, p->at, &place, &line_byte);
    p->from = place;
    p->line_byte = line_byte;
    p->start = p->at = at;
    p->end = end;
}

/* What is left of the window goes to the beginning of `join`: the piece is no longer needed then. */
static int keep_tail(struct data_parser *p) {
    size_t tail = (size_t)(p->end - p->at);
    if (!p->joined && parse_grow(p, &p->join, tail) < 0) return -ENOMEM;
    const char *from = p->at, *to = tail ? p->join.data : "";
    begin_window(p, to, to + tail);
    if (tail && from != to) memmove(p->join.data, from, tail); /* a long token stays, and must not be moved by each piece */
    p->joined = tail != 0;
    p->tail = tail;
    p->piece = NULL;
    p->piece_size = p->taken = 0;
    return 0;
}

/* The window in `join` reaches further into the piece: twice as far, so that a long token costs no more than its length. */
static int reach_further(struct data_parser *p) {
    size_t have = (size_t)(p->end - p->join.data), more = have > JOIN_LEAST ? have : JOIN_LEAST;
    size_t at = (size_t)(p->at - p->join.data), start = (size_t)(p->start - p->join.data);
    if (more > p->piece_size - p->taken) more = p->piece_size - p->taken;
    if (parse_grow(p, &p->join, have + more) < 0) return -ENOMEM;
    memcpy(p->join.data + have, p->piece + p->taken, more);
    p->taken += more;
    p->start = p->join.data + start;
    p->at = p->join.data + at;
    p->end = p->join.data + have + more;
    return 1;
}

/* No byte of the window lies before the piece any more: it moves there. */
static int leave_join(struct data_parser *p) {
    size_t offset = (size_t)(p->at - p->join.data) - p->tail;
    begin_window(p, p->piece + offset, p->piece + p->piece_size);
    p->joined = 0;
    p->taken = p->piece_size;
    return 1;
}

/* A window in which the token at `at` is seen further: 1, or 0 when the next piece is wanted first, or a negative errno. */
static int widen(struct data_parser *p) {
    if (p->last) return 0;
    if (p->joined && p->taken < p->piece_size)
        return (size_t)(p->at - p->join.data) >= p->tail ? leave_join(p) : reach_further(p);
    if (keep_tail(p) < 0) return -ENOMEM;
    if (p->over) return parse_fail_as(p, -EFBIG, p->end, "the text is longer than the limit of %llu bytes", (unsigned long long)p->options.limit);
    if (!p->finished) return 0;
    p->last = 1;
    return 1;
}

void data_parser_feed(struct data_parser *p, const char *data, size_t size) {
    if (p->options.limit && size > p->options.limit - p->fed) {
        size = (size_t)(p->options.limit - p->fed);
        p->over = 1;
    }
    p->fed += size;
    p->piece = data;
    p->piece_size = size;
    p->taken = 0;
}

void data_parser_finish(struct data_parser *p) {
    p->finished = 1;
}

int parse_skip_mark(struct data_parser *p) {
    static const char mark[] = "\xef\xbb\xbf";
    size_t have = (size_t)(p->end - p->at), look = have < 3 ? have : 3;
    if (have && memcmp(p->at, mark, look) == 0) {
        if (look < 3) return p->last;
        p->at += 3;
    } else if (!have) {
        return p->last;
    }
    return 1;
}

/* ---- Next ---- */

/* Keys of open containers outlive the text that they were read from. */
static void keep_keys(struct data_parser *p) {
    for (uint32_t level = p->low; level <= p->depth; level++) {
        struct parse_frame *frame = &p->frames[level];
        if (frame->key_kind != PARSE_TEXT) continue;
        const char *text = frame->as.key.text;
        size_t size = frame->as.key.size;
        frame->cut = size > PARSE_KEPT_MOST;
        frame->kept_size = frame->cut ? PARSE_KEPT_MOST : (uint8_t)size;
        memmove(frame->as.kept, text, frame->kept_size);
        frame->key_kind = PARSE_KEPT;
    }
}

/* Shows the piece that has just come, behind what is left of those before. */
static int take_piece(struct data_parser *p) {
    if (p->taken || !p->piece_size) return 0;
    if (p->tail) return reach_further(p);
    begin_window(p, p->piece, p->piece + p->piece_size);
    p->joined = 0;
    p->taken = p->piece_size;
    p->last = p->finished && !p->over;
    return 0;
}

int data_parser_next(struct data_parser *p, struct data_event *events, int capacity) {
    if (p->error.code) return p->error.code;
    if (p->last && p->status == 0) return 0; /* the run before has said that all is well */
    p->scratch_used = 0;
    p->low = p->depth;
    int result = take_piece(p);
    while (result >= 0) {
        p->status = 0;
        int count = p->does->run(p, events, capacity);
        keep_keys(p);
        if (count > 0) return count;
        if (p->status < 0) return p->status;
        result = widen(p);
        if (result == 0) return 0;
    }
    return result;
}

void parse_place(const struct data_parser *p, const char *at, struct data_place *place) {
    uint64_t line_byte;
    count_lines(p, at, place, &line_byte);
    if (p->does->has_lines) place->column = place->byte - line_byte + 1;
    else place->line = 0;
}

/* The window begins where it is now: who asks often counts no line twice. */
void data_parser_place(struct data_parser *p, struct data_place *place) {
    begin_window(p, p->at, p->end);
    parse_place(p, p->at, place);
}
