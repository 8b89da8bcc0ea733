/* csv.c: tables of text as RFC 4180 has them; lines may also end without a carriage return.
 * Invariant: see parse.h; each row of a table with names has a field for each of them, or is refused.
 * SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "data/parse.h"

/* ROW: at the beginning of one; FIELD: before a field; NEXT: the row has ended and its event is due; HEADER..: the same in the
 * row of names. */
enum { START, HEADER, ROW, FIELD, ROW_END };

/* How a field ends. */
enum { CUT, SEPARATOR, LINE, LAST };

struct csv {
    struct data_parser *p;
    const char *at, *end;
    struct data_event *events;
    int count, state;
    char separator;
};

struct field {
    const char *text, *behind;
    size_t size;
    int ends;
};

/* What stands behind a field at `at`: a separator, the end of a line, or of the text. */
static int field_ends(struct csv *c, const char *at, struct field *field) {
    size_t left = (size_t)(c->end - at);
    if (left == 0 || (*at == '\r' && left == 1)) {
        if (!c->p->last) return 0;
        if (left) return parse_fail(c->p, at, "a carriage return without a line feed");
        field->ends = LAST;
        field->behind = at;
    } else if (*at == c->separator) {
        field->ends = SEPARATOR;
        field->behind = at + 1;
    } else if (*at == '\n') {
        field->ends = LINE;
        field->behind = at + 1;
    } else if (*at == '\r' && at[1] == '\n') {
        field->ends = LINE;
        field->behind = at + 2;
    } else if (*at == '\r') {
        return parse_fail(c->p, at, "a carriage return without a line feed; in quotes it may stand");
    } else {
        return parse_expected(c->p, at, "a separator or the end of the line behind the closing quote");
    }
    return 1;
}

static int plain_field(struct csv *c, struct field *field) {
    const char *at = c->at + c->p->seen;
    for (; at < c->end; at++) {
        char one = *at;
        if (one == c->separator || one == '\n' || one == '\r') break;
        if (one == '"') return parse_fail(c->p, at, "a quote in a field that does not begin with one");
    }
    c->p->seen = (size_t)(at - c->at);
    field->text = c->at;
    field->size = (size_t)(at - c->at);
    return field_ends(c, at, field);
}

/* The quote that ends the field: no other follows it. *doubled: there were pairs of them. */
static int closing_quote(struct csv *c, const char **quote, int *doubled) {
    const char *at = c->at + (c->p->seen ? c->p->seen : 1);
    *doubled = c->p->mark;
    for (;; at += 2) {
        at = memchr(at, '"', (size_t)(c->end - at));
        size_t left = at ? (size_t)(c->end - at) : 0;
        if (left == 0 || (left == 1 && !c->p->last)) {
            c->p->seen = (size_t)((left ? at : c->end) - c->at);
            c->p->mark = *doubled;
            return c->p->last ? parse_fail(c->p, c->at, "a field without its closing quote") : 0;
        }
        if (left == 1 || at[1] != '"') break;
        *doubled = 1;
    }
    *quote = at;
    return 1;
}

static char *copy_halved(char *to, const char *at, const char *end) {
    while (at < end) {
        *to++ = *at;
        at += *at == '"' ? 2 : 1;
    }
    return to;
}

static int quoted_field(struct csv *c, struct field *field) {
    const char *quote = NULL;
    int doubled, result = closing_quote(c, &quote, &doubled);
    if (result != 1) return result;
    field->text = c->at + 1;
    field->size = (size_t)(quote - field->text);
    result = field_ends(c, quote + 1, field);
    if (result != 1 || !doubled) return result;
    char *room = parse_scratch(c->p, field->size, &result);
    if (!room) return result < 0 ? result : 2;
    char *to = copy_halved(room, field->text, quote);
    parse_scratch_end(c->p, to);
    field->text = room;
    field->size = (size_t)(to - room);
    return 1;
}

static int read_field(struct csv *c, struct field *field) {
    if (c->at == c->end) {
        if (!c->p->last) return 0;
        *field = (struct field){ .text = c->at, .behind = c->at, .ends = LAST };
        return 1;
    }
    return *c->at == '"' ? quoted_field(c, field) : plain_field(c, field);
}

static void pass(struct csv *c, const struct field *field) {
    c->at = field->behind;
    c->p->seen = 0;
    c->p->mark = 0;
}

/* ---- Rows ---- */

static int header(struct csv *c) {
    struct data_parser *p = c->p;
    struct field field;
    int result = read_field(c, &field);
    if (result != 1) return result;
    if (p->names.count == 0 && field.ends == LAST && field.size == 0) return 0;
    if (names_find(&p->names, field.text, field.size) >= 0)
        return parse_fail(p, c->at, "two columns have the name '%.*s'", field.size < 40 ? (int)field.size : 40, field.text);
    if (names_add(&p->names, field.text, field.size) < 0) return -ENOMEM;
    p->scratch_used = 0;
    pass(c, &field);
    if (field.ends != SEPARATOR) c->state = ROW;
    return 1;
}

/* A line with nothing in it is no row, unless rows have one column. 1: it was skipped, 0: more of the text is needed. */
static int is_blank(struct csv *c, const char **behind) {
    size_t left = (size_t)(c->end - c->at);
    *behind = NULL;
    if (c->p->names.count == 1) return 1;
    if (*c->at == '\n') *behind = c->at + 1;
    else if (*c->at == '\r' && left > 1 && c->at[1] == '\n') *behind = c->at + 2;
    else if (*c->at == '\r' && left == 1 && !c->p->last) return 0;
    return 1;
}

static int row(struct csv *c) {
    struct data_parser *p = c->p;
    const char *behind;
    if (c->at == c->end || !is_blank(c, &behind)) return 0;
    if (behind) {
        c->at = behind;
        return 1;
    }
    int result = parse_push(p, p->names.count ? DATA_MAP : DATA_ARRAY, c->events, c->count, c->at);
    if (result < 0) return result;
    if (p->names.count) c->events[c->count].size = p->names.count;
    p->frames[0].listed++;
    c->count++;
    p->name = 0;
    c->state = FIELD;
    return 1;
}

static int check_width(struct csv *c, const struct field *field) {
    struct data_parser *p = c->p;
    size_t have = p->name + 1;
    if (!p->names.count) return 1;
    if (have == p->names.count && field->ends == SEPARATOR)
        return parse_fail(p, field->behind - 1, "a row with more than %zu fields, which is how many columns have a name", p->names.count);
    if (have < p->names.count && field->ends != SEPARATOR)
        return parse_fail(p, c->at, "a row with %zu fields where %zu columns have a name", have, p->names.count);
    return 1;
}

static int next_field(struct csv *c) {
    struct data_parser *p = c->p;
    struct field field;
    if (p->names.count) parse_key_text(p, names_text(&p->names, p->name), names_size(&p->names, p->name));
    else p->unlisted = 1;
    int result = read_field(c, &field);
    if (result == 1) result = check_width(c, &field);
    if (result != 1) return result;
    p->unlisted = 0;
    if (p->names.count) {
        c->events[c->count++] = (struct data_event){ .kind = DATA_STRING, .flags = DATA_KEY, .size = names_size(&p->names, p->name),
                                                     .as.text = names_text(&p->names, p->name) };
        p->frames[p->depth].count++;
    } else {
        parse_listed(p);
    }
    c->events[c->count++] = (struct data_event){ .kind = DATA_STRING, .size = field.size, .as.text = field.text };
    p->name++;
    pass(c, &field);
    if (field.ends != SEPARATOR) c->state = ROW_END;
    return 1;
}

static int step(struct csv *c) {
    switch (c->state) {
    case START:
        if (!parse_skip_mark(c->p)) return 0;
        c->at = c->p->at;
        c->state = c->p->names.count || c->p->options.no_header ? ROW : HEADER;
        return 1;
    case HEADER: return header(c);
    case ROW: return row(c);
    case FIELD: return next_field(c);
    default:
        parse_pop(c->p, c->events, c->count++);
        c->state = ROW;
        return 1;
    }
}

/* A field is up to two events. */
static int csv_run(struct data_parser *p, struct data_event *events, int capacity) {
    struct csv c = { p, p->at, p->end, events, 0, p->state, p->options.separator };
    int result = 1;
    while (result == 1 && c.count + 2 <= capacity) result = step(&c);
    p->at = c.at;
    p->state = c.state;
    p->status = result == 2 ? 1 : result;
    return c.count;
}

const struct parse_format parse_csv = { csv_run, 1 };
