/* lua_write.c: events as Lua: a chunk of literals, which data.load and loadstring read.
 * Invariant: see writer.h; what is written is ASCII or UTF-8, whatever bytes the strings have.
 * SPDX-License-Identifier: MIT */
#include <math.h>

#include "data/quote.h"
#include "data/text.h"
#include "data/writer.h"

enum { SCALAR = 48 };

/* ---- Strings and names ----------------------------------------------------------------------------------- */

/* Three digits always: a digit may follow. Needs WRITER_ESCAPED bytes at most. */
static void write_escape(struct data_encoder *e, unsigned char c) {
    static const char shorts[] = "abtnvfr";
    char *at = e->data + e->used;
    at[0] = '\\';
    e->used += 2;
    if (c == '"' || c == '\\') at[1] = (char)c;
    else if (c >= 7 && c <= 13) at[1] = shorts[c - 7];
    else at[1] = (char)('0' + c / 100), at[2] = (char)('0' + c / 10 % 10), at[3] = (char)('0' + c % 10), e->used += 2;
}

/* [at, end) of the text, where there is room and where every character is one. */
static void write_text(struct data_encoder *e, const char *text, size_t at, size_t end, uint64_t *high) {
    for (;; at++) {
        size_t plain = quote_plain(e->data + e->used, text + at, end - at, high);
        e->used += plain;
        at += plain;
        if (at == end) return;
        write_escape(e, (unsigned char)text[at]);
    }
}

/* The same, where bytes that are no UTF-8 are escaped one by one. */
static int write_piece(struct data_encoder *e, const struct data_event *event, size_t at, size_t end) {
    const char *text = event->as.text;
    uint64_t high = 0;
    size_t begin = e->used, good = end - at;
    write_text(e, text, at, end, &high);
    if (high & QUOTE_HIGH) good = text_utf8(text + at, end - at);
    if (good == end - at) return 0;
    for (e->used = begin; at < end; good = text_utf8(text + at, end - at)) {
        write_text(e, text, at, at + good, &high);
        at += good;
        if (at < end) write_escape(e, (unsigned char)text[at++]);
    }
    return 0;
}

static int write_string(struct data_encoder *e, const struct data_event *event) {
    return writer_quoted(e, event, write_piece);
}

static int is_letter(char c) {
    return (unsigned char)((c | 32) - 'a') < 26 || c == '_';
}

static int is_keyword(const char *text, size_t size) {
    static const char words[][9] = { "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "if", "in", "local",
                                     "nil", "not", "or", "repeat", "return", "then", "true", "until", "while", "goto" };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strlen(words[i]) == size && memcmp(words[i], text, size) == 0) return 1;
    return 0;
}

/* "goto" is one to later versions of Lua. */
static int is_name(const struct data_event *event) {
    const char *text = event->as.text;
    if (event->kind != DATA_STRING || event->size == 0 || !is_letter(text[0])) return 0;
    for (size_t i = 1; i < event->size; i++)
        if (!is_letter(text[i]) && (unsigned char)(text[i] - '0') > 9) return 0;
    return event->size > 8 || !is_keyword(text, event->size);
}

/* ---- Values ---------------------------------------------------------------------------------------------- */

static void write_number(struct data_encoder *e, double value) {
    if (isfinite(value)) writer_number(e, value);
    else if (isnan(value)) writer_put(e, "0/0", 3);
    else writer_put(e, value > 0 ? "1e999" : "-1e999", value > 0 ? 5 : 6);
}

/* There is room for SCALAR bytes. */
static int write_scalar(struct data_encoder *e, const struct data_event *event) {
    if (event->kind == DATA_STRING) return write_string(e, event);
    if (event->kind == DATA_NUMBER) write_number(e, event->as.number);
    else if (event->kind == DATA_NIL) writer_put(e, "nil", 3);
    else writer_put(e, event->as.boolean ? "true" : "false", event->as.boolean ? 4 : 5);
    return 0;
}

static int new_line(struct data_encoder *e) {
    if (!e->options.indent) return 0;
    size_t width = e->depth * (size_t)e->options.indent;
    int result = writer_room(e, width + 1 + SCALAR);
    if (result < 0) return result;
    writer_byte(e, '\n');
    writer_spaces(e, width);
    return 0;
}

static int separate(struct data_encoder *e) {
    int result = writer_room(e, SCALAR);
    if (result < 0) return result;
    if (writer_top(e)->count > 1) writer_byte(e, ',');
    return new_line(e);
}

static int write_key(struct data_encoder *e, const struct data_event *event) {
    int result;
    if (event->kind == DATA_NIL || (event->kind == DATA_NUMBER && isnan(event->as.number)))
        return writer_fail(e, -EDOM, "Lua has no key that is %s", event->kind == DATA_NIL ? "nil" : "NaN");
    if (is_name(event)) {
        result = writer_text(e, event->as.text, event->size);
    } else {
        writer_byte(e, '[');
        result = write_scalar(e, event);
        if (result == 0) result = writer_room(e, SCALAR);
        if (result == 0) writer_byte(e, ']');
    }
    if (result == 0) result = writer_room(e, SCALAR);
    if (result < 0) return result;
    if (e->options.indent) writer_put(e, " = ", 3);
    else writer_byte(e, '=');
    return 0;
}

static int key(struct data_encoder *e, const struct data_event *event) {
    int result = writer_key(e, event);
    if (result == 0) result = separate(e);
    return result < 0 ? result : write_key(e, event);
}

/* Name = value, or Word{...}. */
static int name(struct data_encoder *e, const struct data_event *event) {
    if (e->levels[0].listed) return writer_fail(e, -EDOM, "nothing may follow the value that a Lua file returns");
    int result = writer_key(e, event);
    if (result < 0) return result;
    if (!is_name(event)) return writer_fail(e, -EDOM, "this is no name of Lua, which `Name = value` wants");
    result = writer_text(e, event->as.text, event->size);
    if (result == 0) result = writer_room(e, SCALAR);
    if (result == 0 && event->flags & DATA_KEY) writer_put(e, " = ", 3);
    return result;
}

static int before_value(struct data_encoder *e, const struct data_event *event) {
    if (e->awaits) {
        if (e->depth == 0 && e->key.flags & DATA_ENTRY && event->kind < DATA_ARRAY)
            return writer_fail(e, -EDOM, "Word{...} wants a table");
        return writer_value(e, event);
    }
    if (e->depth == 0 && e->levels[0].count)
        return writer_fail(e, -EDOM, "a Lua file returns one value: put them into a table, or give each a name");
    int result = writer_value(e, event);
    if (result == 0 && e->depth) return separate(e);
    if (result == 0) result = writer_room(e, SCALAR);
    if (result == 0) writer_put(e, "return ", 7);
    return result;
}

static int after_value(struct data_encoder *e) {
    if (e->depth) return 0;
    int result = writer_room(e, SCALAR);
    if (result == 0) writer_byte(e, '\n');
    return result;
}

static int begin(struct data_encoder *e, const struct data_event *event) {
    int result = writer_push(e, event);
    if (result < 0) return result;
    writer_top(e)->is_mixed = event->kind == DATA_TABLE;
    writer_byte(e, '{');
    return 0;
}

static int end(struct data_encoder *e) {
    int is_empty = writer_top(e)->count == 0, result = writer_pop(e);
    if (result == 0 && !is_empty) result = new_line(e);
    if (result == 0) result = writer_room(e, SCALAR);
    if (result < 0) return result;
    writer_byte(e, '}');
    return after_value(e);
}

static int value(struct data_encoder *e, const struct data_event *event) {
    int result = before_value(e, event);
    if (result < 0) return result;
    if (event->kind >= DATA_ARRAY) return begin(e, event);
    result = write_scalar(e, event);
    return result < 0 ? result : after_value(e);
}

static int put(struct data_encoder *e, const struct data_event *events, int count) {
    int result = 0;
    for (const struct data_event *event = events; event < events + count && result == 0; event++) {
        if (event->flags & (DATA_KEY | DATA_ENTRY)) result = e->depth ? key(e, event) : name(e, event);
        else if (event->kind == DATA_END) result = end(e);
        else result = value(e, event);
    }
    return result;
}

const struct writer_format writer_lua = { .put = put };
