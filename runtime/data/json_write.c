/* json_write.c: events as JSON (RFC 8259), and as NDJSON: each value a line.
 * Invariant: see writer.h; every text is UTF-8, and every number one of JSON.
 * SPDX-License-Identifier: MIT */
#include <math.h>

#include "data/quote.h"
#include "data/text.h"
#include "data/writer.h"

/* SCALAR: what stands before a value, and a value that is no long text. */
enum { SHORT = 48, SCALAR = SHORT + 48 };

/* ---- Strings --------------------------------------------------------------------------------------------- */

/* Needs WRITER_ESCAPED bytes. */
static void write_escape(struct data_encoder *e, unsigned char c) {
    static const char hex[] = "0123456789abcdef", shorts[] = "btn?fr";
    char *at = e->data + e->used;
    at[0] = '\\';
    e->used += 2;
    if (c == '"' || c == '\\') at[1] = (char)c;
    else if (c >= 8 && c <= 13 && c != 11) at[1] = shorts[c - 8];
    else memcpy(at + 1, "u00", 3), at[4] = hex[c >> 4], at[5] = hex[c & 15], e->used += 4;
}

/* [begin, end) of the text, where there is room. Returns 0, or writer_bad_text. */
static int write_piece(struct data_encoder *e, const struct data_event *event, size_t begin, size_t end) {
    const char *text = event->as.text;
    uint64_t high = 0;
    for (size_t at = begin;; at++) {
        size_t plain = quote_plain(e->data + e->used, text + at, end - at, &high);
        e->used += plain;
        at += plain;
        if (at == end) break;
        write_escape(e, (unsigned char)text[at]);
    }
    if (!(high & QUOTE_HIGH)) return 0;
    size_t good = text_utf8(text + begin, end - begin);
    return good == end - begin ? 0 : writer_bad_text(e, event, begin + good);
}

/* Most texts are short and plain; what the first look wrote of another one is written over. There is room for SCALAR bytes. */
static inline int write_string(struct data_encoder *e, const struct data_event *event) {
    char *to = e->data + e->used;
    size_t size = event->size;
    if (size > SHORT || !quote_simple(to + 1, event->as.text, size)) return writer_quoted(e, event, write_piece);
    to[0] = to[size + 1] = '"';
    e->used += size + 2;
    return 0;
}

/* ---- What stands before a value -------------------------------------------------------------------------- */

static __attribute__((noinline)) int begin_line(struct data_encoder *e) {
    size_t width = (e->depth + (size_t)e->named) * (size_t)e->options.indent;
    int result = writer_room(e, width + 1 + SCALAR);
    if (result < 0) return result;
    writer_byte(e, '\n');
    writer_spaces(e, width);
    return 0;
}

static inline int new_line(struct data_encoder *e) {
    return e->options.indent ? begin_line(e) : 0;
}

/* The bracket that a level still lacks, or a comma. */
static inline int separate(struct data_encoder *e, int first) {
    const struct writer_level *level = writer_top(e);
    int result = writer_room(e, SCALAR);
    if (result < 0) return result;
    if (!first) writer_byte(e, ',');
    else if (e->depth) writer_byte(e, level->kind == DATA_ARRAY ? '[' : '{');
    return new_line(e);
}

static inline int write_key(struct data_encoder *e, const struct data_event *event) {
    int result = 0;
    if (event->kind == DATA_STRING) {
        result = write_string(e, event);
    } else if (event->kind == DATA_NUMBER && isfinite(event->as.number)) {
        writer_byte(e, '"');
        writer_number(e, event->as.number);
        writer_byte(e, '"');
    } else {
        return writer_fail(e, -EDOM, "JSON has no key that is %s", event->kind == DATA_NUMBER ? "NaN or infinite" : event->kind == DATA_BOOLEAN ? "a boolean" : "null");
    }
    if (result == 0) result = writer_room(e, SCALAR);
    if (result < 0) return result;
    writer_byte(e, ':');
    if (e->options.indent) writer_byte(e, ' ');
    return 0;
}

static int key(struct data_encoder *e, const struct data_event *event) {
    int result = writer_key(e, event);
    if (result == 0) result = separate(e, writer_top(e)->count == 1);
    return result < 0 ? result : write_key(e, event);
}

/* JSON: all names are one object, which ends with the text. NDJSON: each has a line and an object of its own. */
static int name(struct data_encoder *e, const struct data_event *event) {
    int lines = e->does == &writer_ndjson, first = e->levels[0].count == 0;
    if (!lines && event->flags & DATA_ENTRY)
        return writer_fail(e, -EDOM, "Word{...} has no form in JSON, whose keys come once: write ndjson");
    if (!lines && !first && !e->named) return writer_fail(e, -EDOM, "a value with a name behind one without: JSON has no form for both");
    int result = writer_key(e, event);
    if (result == 0) result = writer_room(e, SCALAR);
    if (result < 0) return result;
    if (lines || first) writer_byte(e, '{');
    else writer_byte(e, ',');
    e->named = 1;
    result = new_line(e);
    return result < 0 ? result : write_key(e, event);
}

/* Before a value at the top. */
static int top_value(struct data_encoder *e, const struct data_event *event) {
    if (e->does == &writer_json && !e->awaits && e->levels[0].count)
        return writer_fail(e, -EDOM, "a JSON text holds one value: put them into an array, or write ndjson");
    int result = writer_value(e, event);
    return result < 0 ? result : writer_room(e, SCALAR);
}

static int before_value(struct data_encoder *e, const struct data_event *event) {
    if (e->awaits) return writer_value(e, event);
    if (e->depth == 0) return top_value(e, event);
    int result = writer_value(e, event);
    return result < 0 ? result : separate(e, writer_top(e)->listed == 1);
}

/* Behind a value at the top: NDJSON's line ends. */
static int after_value(struct data_encoder *e) {
    if (e->depth || e->does == &writer_json) return 0;
    int result = writer_room(e, SCALAR);
    if (result < 0) return result;
    if (e->named) writer_byte(e, '}');
    e->named = 0;
    writer_byte(e, '\n');
    return 0;
}

/* ---- Values ---------------------------------------------------------------------------------------------- */

static int number(struct data_encoder *e, double value) {
    if (isfinite(value)) writer_number(e, value);
    else return writer_fail(e, -EDOM, "JSON has no %s", isnan(value) ? "NaN" : "infinity");
    return 0;
}

static int end(struct data_encoder *e) {
    const struct writer_level *level = writer_top(e);
    int is_array = level->kind == DATA_ARRAY || (level->kind == DATA_TABLE && e->options.empty_array), is_empty = level->count == 0;
    int result = writer_pop(e);
    if (result == 0 && !is_empty) result = new_line(e);
    if (result == 0) result = writer_room(e, SCALAR);
    if (result < 0) return result;
    if (is_empty) writer_byte(e, is_array ? '[' : '{');
    writer_byte(e, is_array ? ']' : '}');
    return after_value(e);
}

/* There is room for SCALAR bytes. */
static int value(struct data_encoder *e, const struct data_event *event) {
    int result = 0;
    switch (event->kind) {
    case DATA_NIL: writer_put(e, "null", 4); break;
    case DATA_BOOLEAN:
        if (event->as.boolean) writer_put(e, "true", 4);
        else writer_put(e, "false", 5);
        break;
    case DATA_NUMBER: result = number(e, event->as.number); break;
    case DATA_STRING: result = write_string(e, event); break;
    default: return writer_push(e, event);
    }
    return result < 0 ? result : after_value(e);
}

static int put(struct data_encoder *e, const struct data_event *events, int count) {
    int result = 0;
    for (const struct data_event *event = events; event < events + count && result == 0; event++) {
        if (event->flags & (DATA_KEY | DATA_ENTRY)) {
            result = e->depth ? key(e, event) : name(e, event);
        } else if (event->kind == DATA_END) {
            result = end(e);
        } else {
            result = before_value(e, event);
            if (result == 0) result = value(e, event);
        }
    }
    return result;
}

/* A file that people see ends with its last line. */
static int finish(struct data_encoder *e) {
    int named = e->named;
    e->named = 0;
    if (e->levels[0].count == 0) return writer_fail(e, -EDOM, "there is no value, and a JSON text holds one");
    int result = named ? new_line(e) : 0;
    if (result == 0) result = writer_room(e, 2);
    if (result < 0) return result;
    if (named) writer_byte(e, '}');
    if (e->options.indent) writer_byte(e, '\n');
    return 0;
}

static int open_lines(struct data_encoder *e) {
    e->options.indent = 0;
    return 0;
}

const struct writer_format writer_json = { .put = put, .finish = finish };
const struct writer_format writer_ndjson = { .open = open_lines, .put = put, .is_stream = 1 };
