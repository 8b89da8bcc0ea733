/* data_in.c: reading a text in chunks, or a frozen file from its map, as events.
 * Invariant: see data_io.h.
 * SPDX-License-Identifier: MIT */
#include "cli/data_io.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "data/frozen_format.h"
#include "data/guess.h"

static void *resize(void *unused, void *block, size_t old_size, size_t new_size) {
    (void)unused;
    (void)old_size;
    if (new_size) return realloc(block, new_size);
    free(block);
    return NULL;
}

const struct data_memory data_heap = { resize, NULL };

static int fail(struct data_in *in, int error, const char *format, ...) __attribute__((format(printf, 3, 4)));
static int fail(struct data_in *in, int error, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(in->problem, sizeof in->problem, format, arguments);
    va_end(arguments);
    in->error = error;
    return error;
}

static int fail_errno(struct data_in *in, int error) {
    return fail(in, error, "%s: %s", in->name, strerror(-error));
}

int data_format_of(const char *path, char *separator) {
    const char *dot = strrchr(path, '.');
    if (dot && strcasecmp(dot, ".frozen") == 0) return DATA_FROZEN;
    int format = guess_name(path, separator);
    return format < 0 ? DATA_GUESS : format;
}

/* ---- Frozen files ---------------------------------------------------------------------------------------- */

struct opening {
    struct data_in *in;
    const char *why;
    int result;
};

static void open_guarded(void *argument) {
    struct opening *opening = argument;
    const struct plat_map *map = &opening->in->map;
    opening->result = frozen_open(map->data, map->size, &opening->in->frozen, &opening->why);
}

static int open_frozen(struct data_in *in, const char *path) {
    struct opening opening = { in, "", 0 };
    if (in->fd == STDIN_FILENO) return fail(in, -ESPIPE, "%s: frozen data is read where it lies, so give the file's name", in->name);
    int result = plat_map(path, &in->map);
    if (result < 0) return fail_errno(in, result);
    if (plat_guarded(open_guarded, &opening, in->map.data, in->map.data + in->map.size) < 0) return fail(in, -EIO, "%s: the file was cut short", path);
    if (opening.result < 0) return fail(in, opening.result, "%s: %s", path, opening.why);
    in->frozen.is_mapped = 1;
    in->size = in->frozen.size;
    in->is_rows = (in->frozen.flags & FROZEN_ROWS) != 0;
    return 0;
}

int data_in_walk(struct data_in *in, const struct frozen_value *value, int rows, uint32_t depth) {
    frozen_walk_close(in->walk);
    in->walk = NULL;
    int result = frozen_walk_open(&in->frozen, value, rows, depth, data_heap, &in->walk);
    return result < 0 ? fail_errno(in, result) : 0;
}

struct root {
    struct data_in *in;
    struct frozen_value value;
    int result;
};

static void read_root(void *argument) {
    struct root *root = argument;
    root->result = frozen_root(&root->in->frozen, &root->value);
}

int data_in_walk_root(struct data_in *in, int rows, uint32_t depth) {
    struct root root = { .in = in };
    if (frozen_guarded(&in->frozen, read_root, &root) < 0 || root.result < 0) return fail(in, -EILSEQ, "%s: the root is damaged", in->name);
    return data_in_walk(in, &root.value, rows, depth);
}

static int next_frozen(struct data_in *in) {
    if (data_stopped) return fail(in, -ECANCELED, "interrupted");
    int count = frozen_walk_next(in->walk, in->events, DATA_EVENTS);
    in->done = frozen_walk_bytes(in->walk);
    if (count >= 0) return count;
    if (count == -EILSEQ) return fail(in, count, "%s: the frozen data is damaged; `check` tells where", in->name);
    if (count == -E2BIG) return fail(in, count, "%s: more containers lie within each other than --depth allows", in->name);
    if (count == -EIO) return fail(in, count, "%s: the file was cut short while it was read", in->name);
    return fail_errno(in, count);
}

/* ---- Texts ----------------------------------------------------------------------------------------------- */

/* At most `size` bytes; fewer only at the end. */
static ssize_t read_chunk(int fd, char *to, size_t size) {
    size_t have = 0;
    while (have < size && !data_stopped) {
        ssize_t got = read(fd, to + have, size - have);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return -errno;
        if (got == 0) break;
        have += (size_t)got;
        if (have >= 4096) break; /* what a pipe has is worth parsing */
    }
    return (ssize_t)have;
}

static int open_text(struct data_in *in, const struct data_request *request) {
    struct data_options options = request->parser;
    char separator = options.separator;
    if (in->format == DATA_GUESS) in->format = guess_text(in->chunk, in->have, &separator);
    if (in->format < 0) return fail(in, -EINVAL, "%s: its format is told neither by its name nor by its beginning; say --from=json, lua, ndjson, csv or msgpack", in->name);
    options.separator = separator;
    options.single = in->format == DATA_MSGPACK && !request->is_stream;
    in->is_rows = in->format == DATA_NDJSON || in->format == DATA_CSV || (in->format == DATA_MSGPACK && request->is_stream);
    int result = data_parser_open((enum data_format)in->format, &options, data_heap, &in->parser);
    return result < 0 ? fail_errno(in, result) : 0;
}

static int parser_failed(struct data_in *in, int code) {
    struct data_error error;
    data_parser_error(in->parser, &error);
    const char *at = error.path[0] ? " (at " : "", *behind = error.path[0] ? ")" : "";
    if (!error.place.line) return fail(in, code, "%s: byte %" PRIu64 ": %s%s%s%s", in->name, error.place.byte + 1, error.text, at, error.path, behind);
    return fail(in, code, "%s:%" PRIu64 ":%" PRIu64 ": %s%s%s%s", in->name, error.place.line, error.place.column, error.text, at, error.path, behind);
}

static int feed(struct data_in *in) {
    ssize_t size = (ssize_t)in->have;
    in->have = 0;
    if (size == 0) size = read_chunk(in->fd, in->chunk, DATA_CHUNK);
    if (data_stopped) return fail(in, -ECANCELED, "interrupted");
    if (size < 0) return fail_errno(in, (int)size);
    in->is_over = size == 0;
    if (in->is_over) data_parser_finish(in->parser);
    else data_parser_feed(in->parser, in->chunk, (size_t)size);
    in->done += (uint64_t)size;
    return 0;
}

static int next_text(struct data_in *in) {
    for (;;) {
        int count = in->is_fed ? data_parser_next(in->parser, in->events, DATA_EVENTS) : 0;
        if (count > 0) return count;
        if (count < 0) return parser_failed(in, count);
        if (in->is_over) return 0;
        in->is_fed = 1;
        int result = feed(in);
        if (result < 0) return result;
    }
}

int data_in_next(struct data_in *in) {
    return in->walk ? next_frozen(in) : next_text(in);
}

/* ---- Opening --------------------------------------------------------------------------------------------- */

static int open_descriptor(struct data_in *in, const char *path) {
    struct stat status;
    int is_stdin = strcmp(path, "-") == 0;
    if (is_stdin) in->name = "standard input";
    in->fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (in->fd < 0) return fail_errno(in, -errno);
    if (fstat(in->fd, &status) != 0) return 0;
    if (S_ISDIR(status.st_mode)) return fail_errno(in, -EISDIR);
    if (S_ISREG(status.st_mode) && status.st_size > 0) in->size = (uint64_t)status.st_size;
    return 0;
}

int data_in_open(struct data_in *in, const char *path, const struct data_request *request) {
    char separator = 0;
    memset(in, 0, offsetof(struct data_in, events));
    memset(&in->error, 0, sizeof *in - offsetof(struct data_in, error));
    in->name = path;
    in->fd = -1;
    in->format = request->from;
    int result = open_descriptor(in, path);
    if (result < 0) return result;
    struct data_request mine = *request;
    if (in->format == DATA_GUESS && in->fd != STDIN_FILENO) in->format = data_format_of(path, &separator);
    if (!mine.parser.separator) mine.parser.separator = separator;
    in->chunk = malloc(DATA_CHUNK);
    if (!in->chunk) return fail_errno(in, -ENOMEM);
    ssize_t have = read_chunk(in->fd, in->chunk, DATA_CHUNK);
    if (data_stopped) return fail(in, -ECANCELED, "interrupted");
    if (have < 0) return fail_errno(in, (int)have);
    in->have = (size_t)have;
    if (have >= 8 && memcmp(in->chunk, FROZEN_MAGIC, 8) == 0) in->format = DATA_FROZEN;
    return in->format == DATA_FROZEN ? open_frozen(in, path) : open_text(in, &mine);
}

void data_in_close(struct data_in *in) {
    frozen_walk_close(in->walk);
    data_parser_close(in->parser);
    if (in->map.data) plat_unmap(&in->map);
    if (in->fd > STDERR_FILENO) close(in->fd);
    free(in->chunk);
}
