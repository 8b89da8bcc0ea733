/* data_io.h: what the verbs of `moonbear data` read from and write to.
 * Invariant: whoever opened something closes it, and an output that is not finished leaves no trace.
 * SPDX-License-Identifier: MIT */
#ifndef DATA_IO_H
#define DATA_IO_H

#include <signal.h>

#include "cli/progress.h"
#include "data/encoder.h"
#include "data/frozen.h"
#include "data/frozen_write.h"
#include "data/parser.h"
#include "platform.h"

enum { DATA_FROZEN = DATA_FORMATS, DATA_GUESS = -1 }; /* beside enum data_format */
enum { DATA_EVENTS = 512, DATA_CHUNK = 256 * 1024 };

/* What the words behind the verb ask for. Pointers are into argv. */
struct data_request {
    const char *words[2];  /* paths, or a path and a place */
    int count;
    int from, to;          /* a format, DATA_FROZEN or DATA_GUESS */
    struct data_options parser;
    struct data_encode_options encoder;
    int is_stream;         /* MessagePack: many values */
    int is_json;           /* show --json */
    int indent;            /* -1: not said */
};

/* Set by SIGINT, SIGTERM and SIGHUP while a verb works: it then ends with -ECANCELED. */
extern volatile sig_atomic_t data_stopped;

/* Memory without a limit but the host's. */
extern const struct data_memory data_heap;

/* ---- Reading (data_in.c) ---- */

struct data_in {
    const char *name;         /* for messages: the path, or "standard input" */
    int format;               /* enum data_format, or DATA_FROZEN */
    int is_rows;              /* the values at the top are a stream */
    uint64_t size, done;      /* bytes, size 0: not known */
    struct data_event events[DATA_EVENTS];
    int error;                /* negative errno */
    char problem[352];        /* the message of the error */
    /* of a text */
    int fd;
    struct data_parser *parser;
    char *chunk;
    size_t have;              /* of the first chunk, which was read to guess the format */
    int is_fed, is_over;
    /* of a frozen file */
    struct plat_map map;
    struct frozen frozen;
    struct frozen_walk *walk;
};

/* Opens a path, "-" for standard input. 0, or a negative errno with a message in `problem`. To be closed either way. */
int data_in_open(struct data_in *in, const char *path, const struct data_request *request);
void data_in_close(struct data_in *in);

/* The next events into in->events: how many, 0 at the end, or a negative errno with a message. */
int data_in_next(struct data_in *in);

/* Of a frozen file: begins the walk over a value, or over the whole. `rows`: an array gives its values one by one. */
int data_in_walk(struct data_in *in, const struct frozen_value *value, int rows, uint32_t depth);
int data_in_walk_root(struct data_in *in, int rows, uint32_t depth);

/* ---- Writing (data_out.c) ---- */

struct data_out {
    const char *name;
    int format;
    int has_lines;            /* JSON with indentation */
    int is_file;              /* `file` has begun */
    struct plat_replace file;
    struct data_encoder *encoder;
    struct frozen_writer *writer;
    int is_lost;              /* standard output failed, which plat_exit tells */
    char problem[352];
};

/* Opens a path, "-" for standard output; is_rows: the values at the top are a stream; holes: see frozen_write.h. */
int data_out_open(struct data_out *out, const char *path, int format, int is_rows, int holes, const struct data_request *request);
int data_out_put(struct data_out *out, const struct data_event *events, int count);

/* Writes what is left and puts the file in its place. */
int data_out_finish(struct data_out *out);

/* Gives back what is left; an unfinished file leaves nothing. */
void data_out_close(struct data_out *out);

/* ---- The verbs (data_verbs.c, data_get.c, data_show.c): an exit status each ---- */

int data_convert(const struct data_request *request);
int data_check(const struct data_request *request);
int data_show(const struct data_request *request);
int data_get(const struct data_request *request);

/* "PROGRAM data: message" on standard error; CLI_FAILED. */
int data_failed(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The format that the name of a file tells, or DATA_GUESS. */
int data_format_of(const char *path, char *separator);

#endif
