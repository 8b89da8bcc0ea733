/* path.c: where in the tree a parser is, and what it says of a mistake there.
 * Invariant: see parse.h; texts of the input are shown without control characters and cut at a fixed length.
 * SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "data/parse.h"

/* Keeps the first half of what is written and, in a ring, the last. */
struct path {
    char *head;
    size_t room, used; /* of the head */
    char ring[64];
    size_t rung;       /* characters that went to the ring */
};

static void put(struct path *path, const char *text, size_t size) {
    for (size_t i = 0; i < size; i++) {
        char c = text[i];
        if ((unsigned char)c < 32 || c == 127) c = '?';
        if (path->used < path->room) path->head[path->used++] = c;
        else path->ring[path->rung++ % sizeof path->ring] = c;
    }
}

static void put_number(struct path *path, double number) {
    char text[40];
    put(path, text, (size_t)snprintf(text, sizeof text, "[%.14g]", number));
}

static int is_name(const char *text, size_t size) {
    if (size == 0 || isdigit((unsigned char)text[0])) return 0;
    for (size_t i = 0; i < size; i++)
        if (!isalnum((unsigned char)text[i]) && text[i] != '_') return 0;
    return 1;
}

static void put_key(struct path *path, const char *text, size_t size, int is_cut) {
    if (size > PARSE_KEPT_MOST) size = PARSE_KEPT_MOST, is_cut = 1;
    if (is_name(text, size)) {
        if (path->used) put(path, ".", 1);
        put(path, text, size);
        if (is_cut) put(path, "...", 3);
    } else {
        put(path, "[\"", 2);
        put(path, text, size);
        put(path, is_cut ? "...\"]" : "\"]", is_cut ? 5 : 2);
    }
}

static void put_frame(struct path *path, const struct parse_frame *frame, int more) {
    switch (frame->key_kind) {
    case PARSE_TEXT: put_key(path, frame->as.key.text, frame->as.key.size, 0); break;
    case PARSE_KEPT: put_key(path, frame->as.kept, frame->kept_size, frame->cut); break;
    case PARSE_NUMBER: put_number(path, frame->as.number); break;
    default:
        if (frame->listed + (uint64_t)more) put_number(path, (double)(frame->listed + (uint64_t)more));
    }
}

void parse_path(const struct data_parser *p, char *text, size_t size) {
    struct path path = { .head = text, .room = size - 1 };
    if (path.room > sizeof path.ring) path.room -= sizeof path.ring;
    for (uint32_t level = 0; level <= p->depth; level++) put_frame(&path, &p->frames[level], level == p->depth && p->unlisted);
    size_t kept = path.rung < sizeof path.ring ? path.rung : sizeof path.ring;
    for (size_t i = 0; i < kept; i++) text[path.used + i] = path.ring[(path.rung - kept + i) % sizeof path.ring];
    if (path.rung > kept) memcpy(text + path.used, "...", 3);
    text[path.used + kept] = 0;
}

static int fail(struct data_parser *p, int code, const char *at, const char *format, va_list arguments) {
    struct data_error *error = &p->error;
    vsnprintf(error->text, sizeof error->text, format, arguments);
    parse_place(p, at, &error->place);
    parse_path(p, error->path, sizeof error->path);
    error->code = code;
    return code;
}

int parse_fail(struct data_parser *p, const char *at, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int code = fail(p, -EILSEQ, at, format, arguments);
    va_end(arguments);
    return code;
}

int parse_fail_as(struct data_parser *p, int code, const char *at, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fail(p, code, at, format, arguments);
    va_end(arguments);
    return code;
}

/* A character as a person would name it. */
static void describe(char *text, size_t size, unsigned char c) {
    if (c == '\n') snprintf(text, size, "the end of the line");
    else if (c < 32 || c >= 127) snprintf(text, size, "the byte 0x%02x", c);
    else if (c == '\'') snprintf(text, size, "\"'\"");
    else snprintf(text, size, "'%c'", c);
}

int parse_expected(struct data_parser *p, const char *at, const char *what) {
    char found[32] = "the end of the text";
    if (at < p->end) describe(found, sizeof found, (unsigned char)*at);
    return parse_fail(p, at, "expected %s, not %s", what, found);
}

void data_parser_error(const struct data_parser *p, struct data_error *error) {
    *error = p->error;
    if (error->code) return;
    *error = (struct data_error){ .code = -ENOMEM, .text = "not enough memory" };
    parse_place(p, p->at, &error->place);
    parse_path(p, error->path, sizeof error->path);
}
