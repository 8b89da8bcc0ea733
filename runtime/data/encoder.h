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
    uint32_t depth;  /* containers within each other, 0: DATA_DEPTH */
    int indent;      /* JSON, Lua: spaces a level, 0: one line */
    char separator;  /* CSV: 0 is ',' */
    int no_header;   /* CSV: no first row with the names of the columns */
};

/* Who takes the bytes: returns 0, or a negative errno, with which data_encoder_put then ends. */
struct data_output {
    int (*write)(void *context, const char *data, size_t size);
    void *context;
};

struct data_encoder;

/* Makes an encoder; *encoder is to be closed. `options` may be NULL and is not needed afterwards. Returns 0 or -ENOMEM. */
int data_encoder_open(enum data_format format, const struct data_encode_options *options, struct data_memory memory,
                      struct data_output output, struct data_encoder **encoder);
void data_encoder_close(struct data_encoder *encoder);

/* Encodes events; writes when its buffer is full. Returns 0, or a negative errno that comes again with every further call:
 * -EDOM: the format has no form for that value, see data_encoder_error; -ENOMEM; what the output returned. */
int data_encoder_put(struct data_encoder *encoder, const struct data_event *events, int count);

/* Writes what is left, behind the last value. Returns as data_encoder_put does. */
int data_encoder_finish(struct data_encoder *encoder);

/* Why the last answer was negative: the code, a text, and the path of the value. The place is that of the output. */
void data_encoder_error(const struct data_encoder *encoder, struct data_error *error);

#endif
