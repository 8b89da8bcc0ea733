/* parse.h: what the parsers of this folder share: the window on the text, the stack of open containers, errors.
 * Invariant: whatever fails has consumed nothing: the same call again finds the same, or the memory that was missing.
 * SPDX-License-Identifier: MIT
 *
 * A parser sees a window [at, end) of the text and takes whole tokens off its beginning. A token that the window cuts
 * stays; parser.c then shows a window that reaches further: most often the next piece itself, for the token at a seam a
 * copy that joins both sides. So no parser knows of pieces. `seen` spares it to look twice at the bytes of a long token. */
#ifndef PARSE_H
#define PARSE_H

#include <errno.h>

#include "data/names.h"
#include "data/parser.h"

enum parse_key { PARSE_NO_KEY, PARSE_TEXT, PARSE_KEPT, PARSE_NUMBER };
enum { PARSE_KEPT_MOST = 31 };

/* An open container; the outermost frame stands for the row of values at the top. */
struct parse_frame {
    uint8_t kind;     /* enum data_kind; DATA_NIL at the top */
    uint8_t key_kind; /* enum parse_key: the key of the value that comes or came last */
    uint8_t kept_size;
    uint8_t cut;      /* the kept key is not all of it */
    uint32_t begin;   /* index of its event, when that is in the row of this call */
    uint64_t count;   /* values so far */
    uint64_t listed;  /* those of them without a key */
    uint64_t left;    /* MessagePack: values still to come */
    union {
        struct {
            const char *text; /* in the row of this call */
            size_t size;
        } key;
        double number;
        char kept[PARSE_KEPT_MOST + 1];
    } as;
};

struct parse_block {
    char *data;
    size_t size;
};

struct parse_format {
    /* Appends events and returns how many there are now. Before it returns it sets at, and status: 0 when the window has
     * no further whole token (on `last`: that all is well), 1 when the events are full, or parse_fail's answer. */
    int (*run)(struct data_parser *parser, struct data_event *events, int capacity);
    int has_lines;
};

extern const struct parse_format parse_json, parse_lua, parse_csv, parse_msgpack;

struct data_parser {
    const struct parse_format *does;
    struct data_options options;
    enum data_format format;
    struct data_memory memory;

    const char *at, *end;  /* the window */
    const char *start;     /* where the window began, for places */
    struct data_place from; /* the place of `start`; its `column` is not kept: */
    uint64_t line_byte;    /* where the line of `start` begins */
    size_t seen;           /* bytes from `at` on that need not be looked at again; 0 with every new token */
    int last;              /* nothing comes behind the window */
    int status;

    const char *piece;     /* what was fed */
    size_t piece_size, taken; /* of it: in the window */
    struct parse_block join;
    size_t tail;           /* bytes in `join` that were there before the piece */
    int joined;            /* the window lies in `join` */
    uint64_t fed;          /* bytes fed until now */
    int over;              /* more was fed than the limit allows */
    int finished;

    struct parse_frame *frames; /* frames[0] is the top, frames[depth] the innermost */
    uint32_t depth, low, frame_capacity; /* low: the least depth in this call */
    struct parse_block scratch; /* texts that had to be decoded, of this call's events */
    size_t scratch_used;

    int state;             /* the format's own */
    int mark;
    size_t number;
    double held;           /* Lua: a number that waits, and the state in which it began */
    int held_state;
    struct parse_block word;
    size_t word_size;

    struct names names;    /* CSV: the columns */
    size_t name;           /* of the field that comes */

    int unlisted;          /* for the path: what fails would have been one more value without a key */
    struct data_error error;
};

/* Says what is wrong at `at`, which lies in the window; returns -EILSEQ, or `code` in the second form. */
int parse_fail(struct data_parser *parser, const char *at, const char *format, ...) __attribute__((format(printf, 3, 4)));
int parse_fail_as(struct data_parser *parser, int code, const char *at, const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The same for what is found instead of what was expected: "expected ..., not 'x'" or "... not the end". */
int parse_expected(struct data_parser *parser, const char *at, const char *what);

/* For parse_push: room for one more frame, or -ENOMEM; and what it returns for one level too many. */
int parse_grow_frames(struct data_parser *parser);
int parse_too_deep(struct data_parser *parser, const char *at);

/* A container begins: 0 and its event, or what parse_fail returned for one level too many, or -ENOMEM. */
static inline int parse_push(struct data_parser *parser, enum data_kind kind, struct data_event *events, int index, const char *at) {
    if (parser->depth == parser->options.depth) return parse_too_deep(parser, at);
    if (parser->depth + 1 == parser->frame_capacity && parse_grow_frames(parser) < 0) return -ENOMEM;
    struct parse_frame *frame = &parser->frames[++parser->depth];
    frame->kind = (uint8_t)kind;
    frame->key_kind = PARSE_NO_KEY;
    frame->begin = (uint32_t)index;
    frame->count = frame->listed = 0;
    events[index] = (struct data_event){ .kind = (uint8_t)kind, .size = DATA_UNKNOWN };
    return 0;
}

/* The innermost container ends: writes its event, and its size where its beginning is still at hand. */
static inline void parse_pop(struct data_parser *parser, struct data_event *events, int index) {
    struct parse_frame *frame = &parser->frames[parser->depth];
    if (parser->depth > parser->low) {
        events[frame->begin].size = frame->count;
        events[frame->begin].as.listed = frame->listed;
    } else {
        parser->low = parser->depth - 1;
    }
    parser->depth--;
    events[index] = (struct data_event){ .kind = DATA_END };
}

/* The key of the value that comes in the innermost container. */
static inline void parse_key_text(struct data_parser *parser, const char *text, size_t size) {
    struct parse_frame *frame = &parser->frames[parser->depth];
    frame->key_kind = PARSE_TEXT;
    frame->as.key.text = text;
    frame->as.key.size = size;
}
static inline void parse_key_number(struct data_parser *parser, double number) {
    struct parse_frame *frame = &parser->frames[parser->depth];
    frame->key_kind = PARSE_NUMBER;
    frame->as.number = number;
}

/* A value without a key has begun. */
static inline void parse_listed(struct data_parser *parser) {
    struct parse_frame *frame = &parser->frames[parser->depth];
    frame->key_kind = PARSE_NO_KEY;
    frame->count++;
    frame->listed++;
}

/* Room for `size` bytes of decoded text, which lasts as the call's events do. NULL: `*result` is 1 when the events
 * before must be given first (return with status 1), else -ENOMEM. Give back what was not used with parse_scratch_end. */
char *parse_scratch(struct data_parser *parser, size_t size, int *result);
static inline void parse_scratch_end(struct data_parser *parser, const char *end) {
    parser->scratch_used = (size_t)(end - parser->scratch.data);
}

/* Makes a block at least `size` bytes large; what is in it stays. 0 or -ENOMEM. */
int parse_grow(struct data_parser *parser, struct parse_block *block, size_t size);

/* The place of a byte of the window. */
void parse_place(const struct data_parser *parser, const char *at, struct data_place *place);

/* Writes the path of the value that is being read into path[size]. path.c */
void parse_path(const struct data_parser *parser, char *path, size_t size);

/* Skips a byte order mark of UTF-8 at the beginning of the text. Returns 0 when more of the text is needed to tell. */
int parse_skip_mark(struct data_parser *parser);

#endif
