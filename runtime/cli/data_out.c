/* data_out.c: writing events as a text or a frozen file, atomically, or as a text to standard output.
 * Invariant: see data_io.h.
 * SPDX-License-Identifier: MIT */
#include "cli/data_io.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static int fail(struct data_out *out, int error, const char *format, ...) __attribute__((format(printf, 3, 4)));
static int fail(struct data_out *out, int error, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(out->problem, sizeof out->problem, format, arguments);
    va_end(arguments);
    return error;
}

static int write_file(void *context, const char *data, size_t size) {
    struct data_out *out = context;
    return plat_replace_write(&out->file, data, size);
}

/* plat_exit tells of what was lost. */
static int write_stdout(void *context, const char *data, size_t size) {
    struct data_out *out = context;
    errno = 0;
    if (plat_fwrite(data, 1, size, stdout) == size) return data_stopped ? -ECANCELED : 0;
    out->is_lost = 1;
    return errno ? -errno : -EIO;
}

/* ---- Opening --------------------------------------------------------------------------------------------- */

static int open_frozen(struct data_out *out, const char *path, int is_rows, int holes) {
    if (!out->is_file || out->file.is_direct) return fail(out, -ESPIPE, "%s: a frozen file cannot go to a pipe or a device, give a file's name", out->name);
    struct frozen_write_options options = { .fd = out->file.fd, .beside = path, .rows = is_rows, .holes = holes, .stop = &data_stopped };
    int result = frozen_writer_open(&options, data_heap, &out->writer);
    return result < 0 ? fail(out, result, "%s: %s", out->name, strerror(-result)) : 0;
}

static int open_text(struct data_out *out, const struct data_encode_options *options) {
    struct data_output output = { out->is_file ? write_file : write_stdout, out };
    int result = data_encoder_open((enum data_format)out->format, options, data_heap, output, &out->encoder);
    return result < 0 ? fail(out, result, "%s: %s", out->name, strerror(-result)) : 0;
}

int data_out_open(struct data_out *out, const char *path, int format, int is_rows, int holes, const struct data_request *request) {
    memset(out, 0, sizeof *out);
    out->name = strcmp(path, "-") == 0 ? "standard output" : path;
    out->format = format;
    out->has_lines = request->encoder.indent > 0;
    if (out->name == path) {
        int result = plat_replace_begin(path, &out->file);
        if (result < 0) return fail(out, result, "%s: %s", path, strerror(-result));
        out->is_file = 1;
    }
    return format == DATA_FROZEN ? open_frozen(out, path, is_rows, holes) : open_text(out, &request->encoder);
}

/* ---- Writing --------------------------------------------------------------------------------------------- */

static int writer_failed(struct data_out *out, int error) {
    const char *why = frozen_writer_why(out->writer);
    if (error == -ENODATA) return fail(out, error, "%s: there is no value to freeze", out->name);
    return fail(out, error, "%s: %s", out->name, why && (error == -EDOM || error == -EPROTO) ? why : strerror(-error));
}

static int encoder_failed(struct data_out *out, int error) {
    struct data_error why;
    data_encoder_error(out->encoder, &why);
    if (why.path[0]) return fail(out, error, "%s: %s (at %s)", out->name, why.text, why.path);
    return fail(out, error, "%s: %s", out->name, why.text[0] ? why.text : strerror(-error));
}

int data_out_put(struct data_out *out, const struct data_event *events, int count) {
    if (data_stopped) return fail(out, -ECANCELED, "interrupted");
    int result = out->writer ? frozen_writer_put(out->writer, events, count) : data_encoder_put(out->encoder, events, count);
    if (result == 0) return 0;
    return out->writer ? writer_failed(out, result) : encoder_failed(out, result);
}

/* A file of text ends in a newline; JSON on one line has none of its own. */
static int end_line(struct data_out *out) {
    if (out->format != DATA_JSON || out->has_lines) return 0;
    return out->is_file ? write_file(out, "\n", 1) : write_stdout(out, "\n", 1);
}

int data_out_finish(struct data_out *out) {
    int result = out->writer ? frozen_writer_finish(out->writer) : data_encoder_finish(out->encoder);
    if (result < 0) return out->writer ? writer_failed(out, result) : encoder_failed(out, result);
    result = end_line(out);
    if (data_stopped) return fail(out, -ECANCELED, "interrupted");
    if (result < 0) return fail(out, result, "%s: %s", out->name, strerror(-result));
    if (!out->is_file) {
        if (plat_flush() < 0) out->is_lost = 1;
        return out->is_lost ? -EIO : 0;
    }
    out->is_file = 0;
    result = plat_replace_commit(&out->file);
    return result < 0 ? fail(out, result, "%s: %s", out->name, strerror(-result)) : 0;
}

void data_out_close(struct data_out *out) {
    data_encoder_close(out->encoder);
    frozen_writer_close(out->writer);
    if (out->is_file) plat_replace_abandon(&out->file);
}
