/* writer.h: what the encoders of this folder share: the buffer, the stack of open containers, the key that waits for its
 * value, errors with a path.
 * Invariant: a format's own file writes text and nothing else; levels, keys and memory are encoder.c's.
 * SPDX-License-Identifier: MIT */
#ifndef WRITER_H
#define WRITER_H

#include <errno.h>
#include <string.h>

#include "data/encoder.h"

enum { WRITER_KEY = 48, WRITER_FLUSH = 64 * 1024 };

/* An open container; the outermost level stands for the row of values at the top. */
struct writer_level {
    uint8_t kind;     /* DATA_ARRAY or DATA_MAP; DATA_TABLE while it has no value that decides; DATA_NIL at the top */
    uint8_t is_mixed; /* Lua: it may have both kinds of values */
    uint8_t is_held;  /* MessagePack: its count is still to come */
    uint64_t count;   /* values so far, with the one that is being written */
    uint64_t listed;  /* those of them without a key */
    uint64_t told;    /* how many were announced, or DATA_UNKNOWN */
    size_t name;      /* its own key: the bytes of `names` from here to the next level's */
    size_t fix;       /* MessagePack: index of its header */
};

struct writer_format {
    int (*open)(struct data_encoder *encoder);   /* makes `state`, while options.columns are there; may be NULL */
    int (*put)(struct data_encoder *encoder, const struct data_event *events, int count);
    int (*finish)(struct data_encoder *encoder); /* may be NULL */
    void (*close)(struct data_encoder *encoder); /* gives `state` back; NULL: there is none */
    int is_stream; /* values at the top are rows, which paths count */
};

extern const struct writer_format writer_lua, writer_json, writer_ndjson, writer_csv, writer_msgpack;

struct data_encoder {
    const struct writer_format *does;
    struct data_encode_options options;
    struct data_memory memory;
    struct data_output output;
    char *data;          /* what was not given to the output yet */
    size_t used, size;
    int held;            /* containers whose beginning is still to be changed: nothing may be given to the output */
    struct writer_level *levels; /* levels[0] is the top, levels[depth] the innermost */
    uint32_t depth, level_room;
    char *names;         /* of the open containers: kind of key, then its text or number */
    size_t names_used, names_room;
    struct data_event key; /* the key of the value that comes or came last; DATA_NIL: it has none */
    int awaits;          /* that value is still to come */
    int named;           /* at the top: an object has begun around what has a name */
    uint64_t written;    /* bytes given to the output */
    char kept[WRITER_KEY]; /* the beginning of a key whose event is gone */
    void *state;         /* the format's own */
    int code;
    struct data_error error;
};

/* Room for `size` more bytes. 0, or a negative errno. Gives to the output what is written so far, where it can. */
int writer_grow(struct data_encoder *encoder, size_t size);
static inline int writer_room(struct data_encoder *encoder, size_t size) {
    return __builtin_expect(encoder->size - encoder->used >= size, 1) ? 0 : writer_grow(encoder, size);
}

/* Text of any length. 0, or a negative errno. */
int writer_text(struct data_encoder *encoder, const char *text, size_t size);

/* Where writer_room has made room. */
static inline void writer_byte(struct data_encoder *encoder, char c) {
    encoder->data[encoder->used++] = c;
}
static inline void writer_put(struct data_encoder *encoder, const char *text, size_t size) {
    memcpy(encoder->data + encoder->used, text, size);
    encoder->used += size;
}
void writer_spaces(struct data_encoder *encoder, size_t count);

/* A string of any length between quotes: `write` has its bytes from `begin` to `end`, for which there is room even when each
 * becomes WRITER_ESCAPED. Where it ends no character is cut. Returns 0 or a negative errno, its own or that of `write`. */
enum { WRITER_ESCAPED = 6 };
int writer_quoted(struct data_encoder *encoder, const struct data_event *event,
                  int (*write)(struct data_encoder *encoder, const struct data_event *event, size_t begin, size_t end));
void writer_number(struct data_encoder *encoder, double number); /* 32 bytes */

static inline struct writer_level *writer_top(struct data_encoder *encoder) {
    return &encoder->levels[encoder->depth];
}

/* A container begins; writer_value was called for it. 0, -ENOMEM, or -E2BIG with its message. */
int writer_push(struct data_encoder *encoder, const struct data_event *event);

/* The innermost container ends. 0, or -EINVAL: there is none, a key waits for its value, or another count was told. */
int writer_pop(struct data_encoder *encoder);

/* What cannot follow here: says why. -EDOM or -EINVAL. */
int writer_misplaced(struct data_encoder *encoder, const struct data_event *event);

/* Counts a key, or a value; a DATA_TABLE that has none yet is decided by it, for the caller to see in the level's kind. 0, or
 * writer_misplaced. */
static inline int writer_key(struct data_encoder *encoder, const struct data_event *event) {
    struct writer_level *level = writer_top(encoder);
    if (level->kind == DATA_TABLE && !level->is_mixed) level->kind = DATA_MAP;
    if (__builtin_expect(encoder->awaits || level->kind == DATA_ARRAY || event->kind > DATA_STRING, 0)) return writer_misplaced(encoder, event);
    encoder->awaits = 1;
    encoder->key = *event;
    level->count++;
    return 0;
}
static inline int writer_value(struct data_encoder *encoder, const struct data_event *event) {
    struct writer_level *level = writer_top(encoder);
    if (encoder->awaits) {
        encoder->awaits = 0;
        return 0;
    }
    if (level->kind == DATA_TABLE && !level->is_mixed) level->kind = DATA_ARRAY;
    if (__builtin_expect(level->kind == DATA_MAP, 0)) return writer_misplaced(encoder, event);
    encoder->key.kind = DATA_NIL;
    level->count++;
    level->listed++;
    return 0;
}

/* Remembers why, and where: the value whose key is encoder->key, or the next of an array. Returns `code`. */
int writer_fail(struct data_encoder *encoder, int code, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The same for a string whose byte `at` is not UTF-8. */
int writer_bad_text(struct data_encoder *encoder, const struct data_event *event, size_t at);

#endif
