/* data_verbs.c: `moonbear data convert`, `freeze` and `check`.
 * Invariant: what was being written when something failed is given up as a whole.
 * SPDX-License-Identifier: MIT */
#include "cli/data_io.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

/* ---- Rows and single values ------------------------------------------------------------------------------ */

/* A stream of values becomes one array, or the array at the top becomes a stream: as the output needs it. */
struct fitting {
    int wraps, unwraps;
    int is_begun, is_open; /* the first event has come; the array at the top is open, or taken away */
    uint64_t depth;
};

static const struct data_event array_begins = { .kind = DATA_ARRAY, .size = DATA_UNKNOWN }, container_ends = { .kind = DATA_END };

/* Takes the beginning and the end of the outer array away from events, in place. */
static int unwrap(struct fitting *fitting, struct data_event *events, int count) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
        int is_begin = events[i].kind >= DATA_ARRAY && events[i].kind != DATA_END;
        if (!fitting->is_begun) {
            fitting->is_begun = 1;
            fitting->is_open = events[i].kind == DATA_ARRAY || events[i].kind == DATA_TABLE;
            if (fitting->is_open) continue;
        }
        if (events[i].kind == DATA_END && fitting->is_open && fitting->depth == 0) {
            fitting->is_open = 0;
            continue;
        }
        if (events[i].kind == DATA_END) fitting->depth--;
        events[kept++] = events[i];
        fitting->depth += (uint64_t)is_begin;
    }
    return kept;
}

static int put(struct fitting *fitting, struct data_out *out, struct data_event *events, int count) {
    if (fitting->unwraps) count = unwrap(fitting, events, count);
    if (fitting->wraps && !fitting->is_begun) {
        fitting->is_begun = 1;
        int result = data_out_put(out, &array_begins, 1);
        if (result < 0) return result;
    }
    return count ? data_out_put(out, events, count) : 0;
}

static int finish(struct fitting *fitting, struct data_out *out) {
    int result = fitting->wraps && !fitting->is_begun ? put(fitting, out, NULL, 0) : 0;
    if (result == 0 && fitting->wraps) result = data_out_put(out, &container_ends, 1);
    return result < 0 ? result : data_out_finish(out);
}

/* ---- convert, freeze ------------------------------------------------------------------------------------- */

static int is_row_format(int format) {
    return format == DATA_NDJSON || format == DATA_CSV;
}

static int pump(struct data_in *in, struct data_out *out) {
    struct fitting fitting = { 0 };
    struct progress progress;
    int count, result = 0, wants_rows = is_row_format(out->format);
    if (in->walk) in->is_rows = wants_rows;
    fitting.wraps = in->is_rows && !wants_rows && out->format != DATA_FROZEN;
    fitting.unwraps = !in->is_rows && wants_rows;
    progress_begin(&progress, in->name, in->size);
    while ((count = data_in_next(in)) > 0) {
        result = put(&fitting, out, in->events, count);
        if (result < 0) break;
        progress_at(&progress, in->done);
    }
    if (count == 0 && result == 0) result = finish(&fitting, out);
    progress_end(&progress);
    return count < 0 ? count : result;
}

/* Both are open. */
static int convert(struct data_in *in, const char *path, int format, const struct data_request *request) {
    struct data_out out;
    int is_frozen = in->format == DATA_FROZEN, rows = in->is_rows;
    if (is_frozen && data_in_walk_root(in, is_row_format(format) || (format == DATA_FROZEN && rows), request->parser.depth) < 0) return data_failed("%s", in->problem);
    int result = data_out_open(&out, path, format, rows, in->format == DATA_LUA, request);
    if (result == 0) result = pump(in, &out);
    if (result < 0 && in->problem[0]) data_failed("%s", in->problem);
    else if (result < 0 && !out.is_lost) data_failed("%s", out.problem);
    data_out_close(&out);
    return result < 0 ? CLI_FAILED : CLI_OK;
}

int data_convert(const struct data_request *request) {
    struct data_in in;
    const char *path = request->count > 1 ? request->words[1] : "-";
    int status = data_in_open(&in, request->words[0], request);
    if (status < 0) status = data_failed("%s", in.problem);
    else status = convert(&in, path, request->to, request);
    data_in_close(&in);
    return status;
}

/* ---- check ----------------------------------------------------------------------------------------------- */

static int check_frozen(const struct data_in *in) {
    struct frozen_report report = { 0, "" };
    char size[PROGRESS_SIZE];
    int result = frozen_check(&in->frozen, data_heap, &data_stopped, &report);
    if (result == -EILSEQ) return data_failed("%s: byte %" PRIu64 ": %s", in->name, report.at + 1, report.text);
    if (result == -EIO) return data_failed("%s: the file was cut short while it was read", in->name);
    if (result < 0) return data_failed("%s: %s", in->name, strerror(-result));
    plat_fprintf(stdout, "%s: sound, frozen, %s, %" PRIu64 " values\n", in->name, progress_size((double)in->frozen.size, size), in->frozen.values);
    return CLI_OK;
}

static int check_text(struct data_in *in) {
    struct progress progress;
    char size[PROGRESS_SIZE];
    uint64_t values = 0;
    int count;
    progress_begin(&progress, in->name, in->size);
    while ((count = data_in_next(in)) > 0) {
        for (int i = 0; i < count; i++) values += in->events[i].kind != DATA_END && !(in->events[i].flags & (DATA_KEY | DATA_ENTRY));
        progress_at(&progress, in->done);
    }
    progress_end(&progress);
    if (count < 0) return data_failed("%s", in->problem);
    plat_fprintf(stdout, "%s: sound, %s, %s, %" PRIu64 " values\n", in->name, data_format_name((enum data_format)in->format),
                 progress_size((double)in->done, size), values);
    return CLI_OK;
}

int data_check(const struct data_request *request) {
    struct data_in in;
    int status = data_in_open(&in, request->words[0], request);
    if (status < 0) status = data_failed("%s", in.problem);
    else status = in.format == DATA_FROZEN ? check_frozen(&in) : check_text(&in);
    data_in_close(&in);
    return status;
}
