/* parser.h: the parsers of runtime/data: pieces of a text in, events out.
 * Invariant: the events do not depend on where the pieces end; nothing of the text is executed; no function recurses.
 * SPDX-License-Identifier: MIT
 *
 * One thread at a time. No function raises, and none knows Lua. The order of calls:
 *     open; { feed; next until it returns 0 }; finish; next until it returns 0; close. */
#ifndef PARSER_H
#define PARSER_H

#include <stddef.h>
#include <stdint.h>

#include "data/event.h"

/* Where a parser's memory comes from: like lua_Alloc; new_size 0 frees, NULL is a refusal that leaves `block` as it was. */
struct data_memory {
    void *(*resize)(void *context, void *block, size_t old_size, size_t new_size);
    void *context;
};

enum data_format { DATA_LUA, DATA_JSON, DATA_NDJSON, DATA_CSV, DATA_MSGPACK, DATA_FORMATS };

/* "lua", "json", "ndjson", "csv", "msgpack": static text; and back, -EINVAL when there is none of that name. */
const char *data_format_name(enum data_format format);
int data_format_find(const char *name);

enum { DATA_DEPTH = 10000 };

/* What becomes of an integer that no double holds exactly: MessagePack's beyond 2^53, JSON's of more than 15 digits. */
enum data_integers {
    DATA_INTEGERS_DEFAULT, /* MessagePack: refused. JSON: the nearest double, as for every other number */
    DATA_INTEGERS_REFUSE,
    DATA_INTEGERS_NEAREST,
    DATA_INTEGERS_TEXT,    /* a string of its digits */
};

/* Zeroed: the defaults. */
struct data_options {
    uint32_t depth;   /* containers within each other, 0: DATA_DEPTH */
    uint64_t limit;   /* bytes of text that may be read, 0: no limit */
    char separator;   /* CSV: 0 is ',' */
    int no_header;    /* CSV: rows are arrays; else the first row names the columns and the others are maps */
    const char *const *columns; /* CSV: names of the columns, all different, instead of a first row; NULL: none */
    size_t column_count;
    enum data_integers integers;
    int single;       /* MessagePack: a second value at the top is refused, and so is none */
};

struct data_place {
    uint64_t byte;         /* from 0 */
    uint64_t line, column; /* from 1; column counts bytes. 0 in formats without lines */
};

struct data_error {
    int code;                /* -EILSEQ: the text is wrong; -ENOMEM; -EFBIG: the limit; -E2BIG: the depth */
    struct data_place place;
    char text[160];          /* what is wrong, and what was expected */
    char path[128];          /* where in the tree, such as "items[3].name", counted from 1; "" at the top; cut in its middle */
};

struct data_parser;

/* Makes a parser; *parser is to be closed. `options` may be NULL and is not needed afterwards. Returns 0 or -ENOMEM. */
int data_parser_open(enum data_format format, const struct data_options *options, struct data_memory memory, struct data_parser **parser);
void data_parser_close(struct data_parser *parser);

/* The same parser for the next text, with the memory it has: as if closed and opened. Returns 0, or -ENOMEM, and then it
 * can only be closed. */
int data_parser_again(struct data_parser *parser, enum data_format format, const struct data_options *options);

/* The next piece of the text. It must stay where it is until data_parser_next has returned 0; see data_parser_finish. */
void data_parser_feed(struct data_parser *parser, const char *data, size_t size);

/* There are no more pieces. May be called right behind the last data_parser_feed, which spares small texts a look; that
 * piece must then stay until the parser is closed or used again, for its lines are not counted before somebody asks. */
void data_parser_finish(struct data_parser *parser);

/* Writes the next events into events[capacity] (capacity: at least 8). Their texts last until the next call of any function
 * of this parser. Returns how many; 0: the next piece is wanted or, after data_parser_finish, all is read; or a negative
 * errno, which data_parser_error explains, and which comes again with every further call; but after -ENOMEM a further call
 * tries once more, and nothing is lost if it finds memory. Events before an error are given first. */
int data_parser_next(struct data_parser *parser, struct data_event *events, int capacity);

/* What was wrong. Valid after a negative answer of data_parser_next. */
void data_parser_error(const struct data_parser *parser, struct data_error *error);

/* How far the text has been read, for progress and for messages of whoever takes the events. */
void data_parser_place(struct data_parser *parser, struct data_place *place);

#endif
