/* events.h: what a parser makes of a text, as one line to compare: for the tests and fuzz targets of runtime/data.
 * Each piece of the text lies in a block of its own that is gone as soon as the parser has asked for the next.
 * SPDX-License-Identifier: MIT */
#ifndef EVENTS_H
#define EVENTS_H

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/parser.h"

/* Checks the sizes it is told; refuses request number `refuse_at`, or about every second one. */
struct events_meter {
    size_t bytes, most;
    long requests, refuse_at;
    int refuse_some;
};

static inline void *events_resize(void *context, void *block, size_t old_size, size_t new_size) {
    struct events_meter *meter = context;
    if (new_size == 0) {
        if (meter->bytes < old_size) abort();
        meter->bytes -= old_size;
        free(block);
        return NULL;
    }
    meter->requests++;
    if (meter->requests == meter->refuse_at || (meter->refuse_some && (uint32_t)meter->requests * 2654435761u >> 31)) return NULL;
    void *fresh = malloc(new_size);
    if (!fresh) abort();
    if (block) memcpy(fresh, block, old_size < new_size ? old_size : new_size);
    free(block);
    meter->bytes += new_size - old_size;
    if (meter->bytes > meter->most) meter->most = meter->bytes;
    return fresh;
}

static inline void events_write_text(FILE *out, const char *text, size_t size) {
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c < 32 || c == 127 || c == '\\') fprintf(out, "\\%02x", c);
        else putc(c, out);
    }
}

static inline void events_write(FILE *out, const struct data_event *event) {
    const char *mark = event->flags & DATA_KEY ? ":" : event->flags & DATA_ENTRY ? "*" : "";
    switch (event->kind) {
    case DATA_NIL: fprintf(out, "nil%s ", mark); break;
    case DATA_BOOLEAN: fprintf(out, "%s%s ", event->as.boolean ? "true" : "false", mark); break;
    case DATA_NUMBER: /* the sign of a NaN means nothing */
        if (isnan(event->as.number)) fprintf(out, "nan%s ", mark);
        else fprintf(out, "%.17g%s ", event->as.number, mark);
        break;
    case DATA_STRING:
        fputs(event->flags & DATA_BINARY ? "b'" : "'", out);
        events_write_text(out, event->as.text, event->size);
        fprintf(out, "'%s ", mark);
        break;
    case DATA_ARRAY: fputs("[ ", out); break;
    case DATA_MAP: fputs("{ ", out); break;
    case DATA_TABLE: fputs("( ", out); break;
    default: fputs("; ", out);
    }
}

/* How a text is cut: 0 whole, n > 0 pieces of n bytes, n < 0 pieces of pseudo-random lengths. */
static inline size_t events_cut(long *cut, size_t left) {
    if (*cut == 0) return left;
    if (*cut > 0) return (size_t)*cut < left ? (size_t)*cut : left;
    uint32_t seed = (uint32_t)-*cut * 1103515245u + 12345u;
    *cut = -(long)(seed % 2147483647u + 1);
    size_t size = (seed >> 16) % 7 == 0 ? (seed >> 20) % 5000 : (seed >> 19) % 9;
    return size < left ? size : left;
}

/* Sizes told before their time must be true: a stack of what was told. */
struct events_check {
    size_t told[64], have[64];
    int depth;
};

static inline void events_count(struct events_check *check, const struct data_event *event) {
    if (check->depth >= 63) return;
    if (event->kind == DATA_END) {
        if (check->depth > 0 && check->told[check->depth] != DATA_UNKNOWN && check->told[check->depth] != check->have[check->depth]) abort();
        if (check->depth > 0) check->depth--;
        return;
    }
    if (!(event->flags & (DATA_KEY | DATA_ENTRY))) check->have[check->depth]++;
    if (event->kind < DATA_ARRAY || event->kind > DATA_TABLE) return;
    check->depth++;
    check->told[check->depth] = event->size;
    check->have[check->depth] = 0;
}

/* All that is in the parser, up to 0 or an error, which is returned; -ENOMEM is tried again. */
static inline int events_drain(struct data_parser *parser, FILE *out, int capacity, struct events_check *check) {
    struct data_event events[64];
    int count;
    do {
        count = data_parser_next(parser, events, capacity);
        for (int i = 0; i < count; i++) events_write(out, &events[i]), events_count(check, &events[i]);
    } while (count > 0 || count == -ENOMEM);
    return count;
}

static inline void events_write_error(FILE *out, const struct data_parser *parser) {
    struct data_error error;
    data_parser_error(parser, &error);
    fprintf(out, "!%s @%llu:%llu+%llu%s%s", error.text, (unsigned long long)error.place.line, (unsigned long long)error.place.column,
            (unsigned long long)error.place.byte, error.path[0] ? " " : "", error.path);
}

static inline int events_feed(struct data_parser *parser, FILE *out, const char *text, size_t size, long cut, int capacity, struct events_check *check) {
    size_t at = 0;
    int result = 0;
    while (at < size && result == 0) {
        size_t length = events_cut(&cut, size - at);
        char *piece = malloc(length + 1);
        if (!piece) abort();
        memcpy(piece, text + at, length);
        at += length;
        data_parser_feed(parser, piece, length);
        if (at == size && capacity % 2) data_parser_finish(parser); /* as early as may be, or when the piece has been read */
        result = events_drain(parser, out, capacity, check);
        memset(piece, '#', length);
        free(piece);
    }
    if (result < 0) return result;
    data_parser_finish(parser);
    return events_drain(parser, out, capacity, check);
}

/* The line for a text; to be freed. Aborts when memory is not given back. */
static inline char *events_line(enum data_format format, const struct data_options *options, const char *text, size_t size, long cut, int capacity,
                         struct events_meter *meter) {
    struct events_meter own = { 0 };
    struct data_memory memory = { events_resize, meter ? meter : &own };
    struct data_parser *parser = NULL;
    struct events_check check = { .depth = 0 };
    char *line = NULL;
    size_t length;
    FILE *out = open_memstream(&line, &length);
    int refuse_some = meter ? meter->refuse_some : 0;
    if (meter) meter->refuse_some = 0; /* opening begins anew at each refusal, and might never succeed */
    int result = data_parser_open(format, options, memory, &parser);
    while (result == -ENOMEM && meter) result = data_parser_open(format, options, memory, &parser);
    if (result < 0 || !out) abort();
    if (meter) meter->refuse_some = refuse_some;
    if (events_feed(parser, out, text, size, cut, capacity, &check) < 0) events_write_error(out, parser);
    data_parser_close(parser);
    fclose(out);
    if ((meter ? meter : &own)->bytes != 0) abort();
    size_t end = strlen(line);
    if (end && line[end - 1] == ' ') line[end - 1] = 0;
    return line;
}

#endif
