/* encoder.c: what all encoders share: the buffer, open containers as a stack on the heap, and why and where one failed.
 * Invariant: see writer.h. An encoder that has failed writes nothing more.
 * SPDX-License-Identifier: MIT */
#include "data/encoder.h"

#include <stdarg.h>
#include <stdio.h>

#include "data/shortest.h"
#include "data/trail.h"
#include "data/writer.h"

static const struct writer_format *const formats[DATA_FORMATS] = {
    [DATA_LUA] = &writer_lua, [DATA_JSON] = &writer_json, [DATA_NDJSON] = &writer_ndjson,
    [DATA_CSV] = &writer_csv, [DATA_MSGPACK] = &writer_msgpack,
};

enum { LEVELS_LEAST = 16, NAMES_LEAST = 256, BUFFER_LEAST = 256, PIECE = 4096 };

static void *resize(struct data_encoder *e, void *block, size_t old_size, size_t new_size) {
    return e->memory.resize(e->memory.context, block, old_size, new_size);
}

/* ---- The buffer ------------------------------------------------------------------------------------------ */

static int flush(struct data_encoder *e) {
    int result = e->used ? e->output.write(e->output.context, e->data, e->used) : 0;
    if (result < 0) return result;
    e->written += e->used;
    e->used = 0;
    return 0;
}

/* With an output the buffer is as large as is good for writing; it grows beyond that only for what is held or for one long
 * piece. Without one it holds everything, and doubles. */
int writer_grow(struct data_encoder *e, size_t size) {
    if (e->output.write && !e->held && e->used >= WRITER_FLUSH / 2) {
        int result = flush(e);
        if (result < 0 || e->size >= size) return result;
    }
    if (size > SIZE_MAX / 4 || e->used > SIZE_MAX / 4) return -ENOMEM;
    size_t wanted = e->output.write && e->size < WRITER_FLUSH ? WRITER_FLUSH : 2 * e->size;
    if (wanted < BUFFER_LEAST) wanted = BUFFER_LEAST;
    if (wanted - e->used < size) wanted = e->used + size;
    char *data = resize(e, e->data, e->size, wanted);
    if (!data) return -ENOMEM;
    e->data = data;
    e->size = wanted;
    return 0;
}

/* A long text is not copied, where the buffer can go before it. */
int writer_text(struct data_encoder *e, const char *text, size_t size) {
    if (size >= WRITER_FLUSH && e->output.write && !e->held) {
        int result = flush(e);
        if (result == 0) result = e->output.write(e->output.context, text, size);
        if (result == 0) e->written += size;
        return result;
    }
    int result = writer_room(e, size);
    if (result == 0) writer_put(e, text, size);
    return result;
}

/* In pieces, so that a long string needs no sixfold room. */
int writer_quoted(struct data_encoder *e, const struct data_event *event,
                  int (*write)(struct data_encoder *e, const struct data_event *event, size_t begin, size_t end)) {
    int result = writer_room(e, 1);
    if (result < 0) return result;
    writer_byte(e, '"');
    for (size_t at = 0, end; at < event->size; at = end) {
        end = event->size - at > PIECE ? at + PIECE : event->size;
        for (int i = 0; i < 3 && end < event->size && (event->as.text[end] & 0xc0) == 0x80; i++) end--;
        result = writer_room(e, WRITER_ESCAPED * (end - at) + 16);
        if (result == 0) result = write(e, event, at, end);
        if (result < 0) return result;
    }
    result = writer_room(e, 1);
    if (result == 0) writer_byte(e, '"');
    return result;
}

void writer_spaces(struct data_encoder *e, size_t count) {
    memset(e->data + e->used, ' ', count);
    e->used += count;
}

void writer_number(struct data_encoder *e, double number) {
    e->used += (size_t)shortest_write(e->data + e->used, number);
}

/* ---- Containers ------------------------------------------------------------------------------------------ */

/* Doubles a block of `count` things of `size` bytes; at least `least`. */
static void *doubled(struct data_encoder *e, void *block, size_t size, size_t count, size_t least, size_t *room) {
    size_t wanted = count ? 2 * count : least;
    void *moved = resize(e, block, count * size, wanted * size);
    if (moved) *room = wanted;
    return moved;
}

/* The key of a container, for the paths of what is in it. */
static int keep_name(struct data_encoder *e) {
    const struct data_event *key = &e->key;
    size_t size = key->kind == DATA_STRING ? (key->size < WRITER_KEY ? key->size : WRITER_KEY) : sizeof key->as;
    if (e->names_room - e->names_used < WRITER_KEY + 1) {
        char *names = doubled(e, e->names, 1, e->names_room, NAMES_LEAST, &e->names_room);
        if (!names) return -ENOMEM;
        e->names = names;
    }
    e->names[e->names_used++] = (char)key->kind;
    memcpy(e->names + e->names_used, key->kind == DATA_STRING ? key->as.text : (const char *)&key->as, size);
    e->names_used += size;
    return 0;
}

static int grow_levels(struct data_encoder *e) {
    size_t room;
    struct writer_level *levels = doubled(e, e->levels, sizeof *levels, e->level_room, LEVELS_LEAST, &room);
    if (!levels) return -ENOMEM;
    e->levels = levels;
    e->level_room = (uint32_t)room;
    return 0;
}

int writer_push(struct data_encoder *e, const struct data_event *event) {
    if (e->depth == e->options.depth)
        return writer_fail(e, -E2BIG, "nested more than %u levels deep, which is the limit that `depth` sets", e->options.depth);
    if (e->depth + 1 == e->level_room && grow_levels(e) < 0) return -ENOMEM;
    size_t name = e->names_used;
    if (e->key.kind != DATA_NIL && keep_name(e) < 0) return -ENOMEM;
    e->levels[++e->depth] = (struct writer_level){ .kind = event->kind, .told = event->size, .name = name };
    e->key.kind = DATA_NIL;
    return 0;
}

int writer_pop(struct data_encoder *e) {
    struct writer_level *level = writer_top(e);
    if (e->depth == 0 || e->awaits) return writer_fail(e, -EINVAL, e->depth ? "a key has no value" : "more containers end than begin");
    if (level->told != DATA_UNKNOWN && level->told != level->count)
        return writer_fail(e, -EINVAL, "%.0f values were told, and %.0f came: it was changed meanwhile", (double)level->told, (double)level->count);
    e->names_used = level->name;
    e->depth--;
    e->key.kind = DATA_NIL;
    return 0;
}

int writer_misplaced(struct data_encoder *e, const struct data_event *event) {
    if (e->awaits) return writer_fail(e, -EINVAL, "a key has no value");
    if (event->flags & (DATA_KEY | DATA_ENTRY) && event->kind <= DATA_STRING) e->key = *event;
    else e->key.kind = DATA_NIL;
    if (event->flags & (DATA_KEY | DATA_ENTRY) && event->kind > DATA_STRING) return writer_fail(e, -EINVAL, "a key that is a container");
    return writer_fail(e, -EDOM, "a table with and without keys, which is neither an array nor an object: "
                                 "give all of its values a key, or none");
}

/* ---- Errors ---------------------------------------------------------------------------------------------- */

static void step(struct trail *trail, const struct data_event *key) {
    switch (key->kind) {
    case DATA_STRING: trail_text(trail, key->as.text, key->size); break;
    case DATA_NUMBER: trail_number(trail, key->as.number); break;
    case DATA_BOOLEAN: trail_word(trail, key->as.boolean ? "true" : "false"); break;
    default: break;
    }
}

/* What lies at `level`: by its kept key, or by its number. */
static void step_level(const struct data_encoder *e, uint32_t level, struct trail *trail) {
    size_t begin = e->levels[level + 1].name, end = level + 1 < e->depth ? e->levels[level + 2].name : e->names_used;
    struct data_event key = { .kind = DATA_NIL };
    if (begin < end) {
        key.kind = (uint8_t)e->names[begin++];
        if (key.kind == DATA_STRING) key.as.text = e->names + begin, key.size = end - begin;
        else memcpy(&key.as, e->names + begin, sizeof key.as);
        step(trail, &key);
    } else if (level > 0 || e->does->is_stream) {
        trail_number(trail, (double)e->levels[level].listed);
    }
}

static void write_path(const struct data_encoder *e, char text[TRAIL_TEXT]) {
    struct trail trail = { .size = 0 };
    for (uint32_t level = 0; level < e->depth; level++) step_level(e, level, &trail);
    const struct writer_level *last = &e->levels[e->depth];
    if (e->key.kind != DATA_NIL) step(&trail, &e->key);
    else if (last->listed && (e->depth > 0 || e->does->is_stream)) trail_number(&trail, (double)last->listed);
    trail_write(&trail, text);
}

int writer_fail(struct data_encoder *e, int code, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(e->error.text, sizeof e->error.text, format, arguments);
    va_end(arguments);
    write_path(e, e->error.path);
    e->error.code = code;
    return code;
}

int writer_bad_text(struct data_encoder *e, const struct data_event *event, size_t at) {
    const char *what = event->flags & (DATA_KEY | DATA_ENTRY) ? "a key" : "a string";
    return writer_fail(e, -EDOM, "%s that is not UTF-8: its byte %.0f is 0x%02x", what, (double)at + 1, (unsigned char)event->as.text[at]);
}

void data_encoder_error(const struct data_encoder *e, struct data_error *error) {
    *error = e->error;
    error->code = e->code;
    error->place = (struct data_place){ .byte = e->written + e->used };
    if (e->error.code == e->code) return;
    error->path[0] = 0;
    snprintf(error->text, sizeof error->text, "%s", e->code == -ENOMEM ? "not enough memory" : "the output failed");
}

/* ---- The encoder ----------------------------------------------------------------------------------------- */

/* With the memory it has. */
static int begin(struct data_encoder *e, enum data_format format, const struct data_encode_options *options, struct data_output output) {
    static const struct data_encode_options defaults;
    e->does = formats[format];
    e->output = output;
    e->options = options ? *options : defaults;
    if (!e->options.depth) e->options.depth = DATA_DEPTH;
    if (!e->options.separator) e->options.separator = ',';
    e->used = e->names_used = 0;
    e->written = 0;
    e->held = e->awaits = e->named = e->code = e->error.code = 0;
    e->depth = 0;
    e->key.kind = DATA_NIL;
    e->state = NULL;
    int result = e->levels ? 0 : grow_levels(e);
    if (result == 0) e->levels[0] = (struct writer_level){ .kind = DATA_NIL };
    if (result == 0 && e->does->open) result = e->does->open(e);
    e->options.columns = NULL;
    return result;
}

int data_encoder_open(enum data_format format, const struct data_encode_options *options, struct data_memory memory,
                      struct data_output output, struct data_encoder **encoder) {
    struct data_encoder *e = memory.resize(memory.context, NULL, 0, sizeof *e);
    *encoder = e;
    if (!e) return -ENOMEM;
    *e = (struct data_encoder){ .does = formats[format], .memory = memory };
    int result = begin(e, format, options, output);
    if (result == 0) return 0;
    *encoder = NULL;
    data_encoder_close(e);
    return result;
}

int data_encoder_again(struct data_encoder *e, enum data_format format, const struct data_encode_options *options, struct data_output output) {
    if (e->does->close) e->does->close(e);
    e->state = NULL;
    return begin(e, format, options, output);
}

size_t data_encoder_room(const struct data_encoder *e) {
    return e->size;
}

void data_encoder_close(struct data_encoder *e) {
    if (!e) return;
    if (e->does->close) e->does->close(e);
    if (e->data) resize(e, e->data, e->size, 0);
    if (e->levels) resize(e, e->levels, e->level_room * sizeof *e->levels, 0);
    if (e->names) resize(e, e->names, e->names_room, 0);
    resize(e, e, sizeof *e, 0);
}

/* The key of the next value may be in the events that go now. */
static void keep_key(struct data_encoder *e) {
    if (e->key.kind != DATA_STRING || e->key.as.text == e->kept) return;
    if (e->key.size > WRITER_KEY) e->key.size = WRITER_KEY;
    memcpy(e->kept, e->key.as.text, e->key.size);
    e->key.as.text = e->kept;
}

int data_encoder_put(struct data_encoder *e, const struct data_event *events, int count) {
    if (e->code < 0) return e->code;
    e->code = e->does->put(e, events, count);
    keep_key(e);
    return e->code;
}

int data_encoder_finish(struct data_encoder *e) {
    if (e->code < 0) return e->code;
    if (e->depth || e->awaits) return e->code = writer_fail(e, -EINVAL, "the events end within a value");
    e->code = e->does->finish ? e->does->finish(e) : 0;
    if (e->code == 0 && e->output.write) e->code = flush(e);
    return e->code;
}

const char *data_encoder_text(const struct data_encoder *e, size_t *size) {
    *size = e->used;
    return e->used ? e->data : "";
}

char *data_encoder_take(struct data_encoder *e, size_t *size, size_t *room) {
    char *data = e->data;
    *size = e->used;
    *room = e->size;
    e->data = NULL;
    e->used = e->size = 0;
    return data;
}
