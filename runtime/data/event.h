/* event.h: a tree of values as a flat row of events: what every parser gives and every writer takes.
 * Invariant: between the beginning of a container and its END lie whole values; a key is followed by its value.
 * SPDX-License-Identifier: MIT
 *
 * Parsers (parser.h), the walk over Lua values and the walk over frozen data make events; the builder of Lua values, the
 * encoders (encoder.h), the frozen writer and the summary take them. So each form of data meets each other one, nobody
 * recurses, and nobody needs the whole tree at once.
 *
 * A row may hold several values at its top, one after the other: a stream of NDJSON, the rows of a CSV file, the entries
 * of a Lua file. */
#ifndef EVENT_H
#define EVENT_H

#include <stddef.h>
#include <stdint.h>

enum data_kind {
    DATA_NIL,
    DATA_BOOLEAN,
    DATA_NUMBER,
    DATA_STRING,
    DATA_ARRAY, /* begins: its values have no keys */
    DATA_MAP,   /* begins: each of its values has a key event before it */
    DATA_TABLE, /* begins a Lua table: values with a key and values without one, which count from 1 */
    DATA_END,   /* ends the innermost container */
};

enum {
    DATA_KEY = 1,    /* a scalar: the key of the value that follows. At the top: the name in `Name = value` */
    DATA_ENTRY = 2,  /* a string at the top: the word in `Word{...}`, which the table follows */
    DATA_BINARY = 4, /* a string that its format calls bytes, not text */
    DATA_HOLE = 8,   /* a DATA_NIL that is no value at all, as in Lua, and not the value null */
};

#define DATA_UNKNOWN SIZE_MAX

struct data_event {
    uint8_t kind;  /* enum data_kind */
    uint8_t flags; /* DATA_KEY and others */
    size_t size;   /* a string's bytes; of a container how many values come, where that is known in time, else DATA_UNKNOWN:
                      the one thing in a row that may depend on where the pieces of a text end */
    union {
        int boolean;
        double number;
        const char *text; /* whoever gave the event says how long it lasts; no zero behind it */
        size_t listed;    /* DATA_TABLE whose size is known: how many of its values have no key */
    } as;
};

#endif
