/* encoder.h: the encoders of runtime/data: events in, bytes of a format out.
 * Invariant: what was written is the beginning of a correct text, whatever comes; no function recurses.
 * SPDX-License-Identifier: MIT
 *
 * One thread at a time. No function raises, and none knows Lua. */
#ifndef ENCODER_H
#define ENCODER_H

#include <stddef.h>
#include <stdint.h>

#include "data/event.h"
#include "data/parser.h"

/* Zeroed: the defaults. */
struct data_encode_options {
    uint32_t depth;   /* containers within each other, 0: DATA_DEPTH */
    int indent;       /* JSON, Lua: spaces a level, 0: one line */
    char separator;   /* CSV: 0 is ',' */
    int no_header;    /* CSV: no first row with the names of the columns */
    int empty_array;  /* JSON, MessagePack: a Lua table with nothing in it is an array, not a map */
    int plain_newline; /* CSV: rows end in a line feed alone, not in the CR LF of RFC 4180 */
    const char *const *columns; /* CSV: names of the columns, in their order; NULL: those of the first row that is a map */
    size_t column_count;
};

/* Who takes the bytes: returns 0, or a negative errno, with which data_encoder_put then ends. Without `write` all stays in
 * the encoder, for data_encoder_text. */
struct data_output {
    int (*write)(void *context, const char *data, size_t size);
    void *context;
};

struct data_encoder;

/* Makes an encoder; *encoder is to be closed, also when `memory` jumped out of this call, and is NULL before the first block
 * and after a failure. `options` may be NULL and is not needed afterwards. Returns 0 or -ENOMEM. */
int data_encoder_open(enum data_format format, const struct data_encode_options *options, struct data_memory memory,
                      struct data_output output, struct data_encoder **encoder);
void data_encoder_close(struct data_encoder *encoder);

/* The same encoder for the next text, with the memory it has: as if closed and opened. Returns 0, or -ENOMEM, and then it
 * can only be closed. data_encoder_room: how large its buffer is. */
int data_encoder_again(struct data_encoder *encoder, enum data_format format, const struct data_encode_options *options,
                       struct data_output output);
size_t data_encoder_room(const struct data_encoder *encoder);

/* Encodes events, whose texts need to last no longer than this call; writes when its buffer is full. Returns 0, or a negative
 * errno that comes again with every further call, and that data_encoder_error explains: -EDOM: the format has no form for
 * that value, or for a value at that place; -E2BIG: the depth; -EINVAL: the events contradict each other; -ENOMEM; what the
 * output returned. */
int data_encoder_put(struct data_encoder *encoder, const struct data_event *events, int count);

/* Writes what is left, behind the last value. Returns as data_encoder_put does. */
int data_encoder_finish(struct data_encoder *encoder);

/* What has not been given to the output: after data_encoder_finish without one, the whole text. It lasts until the next call. */
const char *data_encoder_text(const struct data_encoder *encoder, size_t *size);

/* The same, but the block is the caller's from then on, to be given back to the memory of data_encoder_open with `room` as
 * its size. NULL when nothing was written; it then needs no giving back. */
char *data_encoder_take(struct data_encoder *encoder, size_t *size, size_t *room);

/* Why the last answer was negative: the code, a text, and the path of the value. The place is that of the output: its byte. */
void data_encoder_error(const struct data_encoder *encoder, struct data_error *error);

/* What becomes of a row of events:
 *     JSON     one value; values that have names (`Name = value`) are one object together. A DATA_TABLE is an array or an
 *              object as its first value has no key or has one; nothing is both. Keys are strings; a number becomes its
 *              text. NaN, the infinities, and text that is not UTF-8 are refused. DATA_NIL is null.
 *     NDJSON   each value a line of JSON; one with a name is an object of its own: {"Name": value}.
 *     Lua      `return value`, or `Name = value` and `Word{...}` repeated. Strings may hold any byte. Infinity is 1e999, and
 *              NaN 0/0.
 *     CSV      each value a row: an array of cells, or a map of them; cells are strings, numbers, booleans, and nil, which
 *              is empty. Maps have the keys of the columns, in any order.
 *     MessagePack  each value after the other, one with a name as in NDJSON. Whole numbers are integers, and others float 64. A
 *              string is `str` when it is UTF-8 and not DATA_BINARY, else `bin`. Everything is in its shortest form; so a
 *              container whose size is not told keeps all from there to its end in memory. */

#endif
