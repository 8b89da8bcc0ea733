/* data_show.c: `moonbear data show`: what is in a file, as a table for people or as JSON.
 * Invariant: all that is shown comes from the summary, in memory that does not grow with the file.
 * SPDX-License-Identifier: MIT */
#include "cli/data_io.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/data_path.h"
#include "data/summary.h"

/* ---- Paths of places ------------------------------------------------------------------------------------- */

enum { CHAIN = 24 };

static void put_step(struct data_path_text *path, const struct summary_place *place) {
    switch (place->step) {
    case SUMMARY_ITEM: data_path_add(path, "[]", 2); break;
    case SUMMARY_NUMBERED: data_path_add(path, "[number]", 8); break;
    case SUMMARY_OTHERS: data_path_add(path, "[other key]", 11); break;
    case SUMMARY_NAMED:
        data_path_name(path, place->name, place->size);
        if (place->is_cut) data_path_add(path, "...", 3);
        break;
    default: break;
    }
}

/* The outer steps of a long one are left out. */
static const char *path_of(const struct summary *summary, uint16_t number, struct data_path_text *path) {
    uint16_t chain[CHAIN];
    int count = 0;
    path->used = 0;
    path->text[0] = 0;
    for (; number != SUMMARY_NONE && number != 0; number = summary_place(summary, number)->parent) {
        if (count == CHAIN) break;
        chain[count++] = number;
    }
    if (count == CHAIN) data_path_add(path, "...", 3);
    while (count > 0) put_step(path, summary_place(summary, chain[--count]));
    return path->text;
}

/* ---- For people ------------------------------------------------------------------------------------------ */

/* "1 to 20", or "7" where all are the same. */
static void write_range(char *text, size_t size, const struct summary_range *range) {
    if (range->least == range->most) snprintf(text, size, "%.15g", range->least);
    else snprintf(text, size, "%.15g to %.15g", range->least, range->most);
}

static void put_kind(const char **separator, const char *what, const struct summary_range *range, const char *unit, uint64_t all) {
    char text[80];
    if (range->count == 0) return;
    write_range(text, sizeof text, range);
    plat_fprintf(stdout, "%s%s", *separator, what);
    if (range->count < all) plat_fprintf(stdout, " x%" PRIu64, range->count);
    plat_fprintf(stdout, " %s%s", text, unit);
    *separator = ", ";
}

static void put_count(const char **separator, const char *what, uint64_t count, uint64_t all) {
    if (count == 0) return;
    plat_fprintf(stdout, "%s%s", *separator, what);
    if (count < all) plat_fprintf(stdout, " x%" PRIu64, count);
    *separator = ", ";
}

static void put_place(const char *path, const struct summary_place *place) {
    uint64_t all = summary_count(place);
    const char *separator = "  ";
    plat_fprintf(stdout, "%-40s %12" PRIu64, path[0] ? path : "(the whole)", all);
    put_kind(&separator, "map of", &place->maps, "", all);
    put_kind(&separator, "array of", &place->arrays, "", all);
    put_kind(&separator, "string of", &place->strings, " bytes", all);
    put_kind(&separator, place->whole == place->numbers.count ? "integer" : "number", &place->numbers, "", all);
    put_count(&separator, "true", place->trues, all);
    put_count(&separator, "false", place->falses, all);
    put_count(&separator, "null", place->nils, all);
    plat_fputs("\n", stdout);
}

static void show_text(const struct data_in *in, const struct summary *summary) {
    char size[PROGRESS_SIZE];
    struct summary_place sum = { .nils = 0 };
    uint64_t values = 0;
    double bytes = 0;
    struct data_path_text path;
    for (uint16_t n = 0; n != SUMMARY_NONE; n = summary_after(summary, n)) {
        const struct summary_place *place = summary_place(summary, n);
        values += summary_count(place);
        bytes += place->strings.sum;
        sum.strings.count += place->strings.count;
    }
    plat_fprintf(stdout, "%s: %s, %s\n", in->name, in->format == DATA_FROZEN ? "frozen" : data_format_name((enum data_format)in->format),
                 progress_size((double)(in->size ? in->size : in->done), size));
    plat_fprintf(stdout, "%" PRIu64 " values, %" PRIu64 " keys, %" PRIu64 " at the top, depth %" PRIu64, values, summary_keys(summary),
                 summary_rows(summary), summary_depth(summary));
    plat_fprintf(stdout, ", %" PRIu64 " strings of %s\n\n", sum.strings.count, progress_size(bytes, size));
    plat_fprintf(stdout, "%-40s %12s  %s\n", "place", "count", "what is there");
    for (uint16_t n = 0; n != SUMMARY_NONE; n = summary_after(summary, n)) {
        const struct summary_place *place = summary_place(summary, n);
        if (n != 0 || summary_count(place) > 0) put_place(path_of(summary, n, &path), place);
    }
}

/* ---- For machines ---------------------------------------------------------------------------------------- */

struct writer {
    struct data_out *out;
    int result;
};

static void put(struct writer *w, struct data_event event) {
    if (w->result == 0) w->result = data_out_put(w->out, &event, 1);
}

static void put_text(struct writer *w, const char *text, int flags) {
    put(w, (struct data_event){ .kind = DATA_STRING, .flags = (uint8_t)flags, .size = strlen(text), .as.text = text });
}

static void put_number(struct writer *w, const char *key, double number) {
    put_text(w, key, DATA_KEY);
    put(w, (struct data_event){ .kind = DATA_NUMBER, .as.number = number });
}

static void begin(struct writer *w, const char *key, int kind) {
    if (key) put_text(w, key, DATA_KEY);
    put(w, (struct data_event){ .kind = (uint8_t)kind, .size = DATA_UNKNOWN });
}

static void end(struct writer *w) {
    put(w, (struct data_event){ .kind = DATA_END });
}

/* JSON has no infinity. */
static double within_json(double number) {
    return number > 1.7976931348623157e308 ? 1.7976931348623157e308 : number < -1.7976931348623157e308 ? -1.7976931348623157e308 : number;
}

static void put_range(struct writer *w, const char *key, const struct summary_range *range) {
    if (range->count == 0) return;
    begin(w, key, DATA_MAP);
    put_number(w, "count", (double)range->count);
    if (range->least <= range->most) {
        put_number(w, "least", within_json(range->least));
        put_number(w, "most", within_json(range->most));
        if (range->sum == range->sum) put_number(w, "sum", within_json(range->sum));
    }
    end(w);
}

static void put_json_place(struct writer *w, const char *path, const struct summary_place *place) {
    begin(w, NULL, DATA_MAP);
    put_text(w, "path", DATA_KEY);
    put_text(w, path, 0);
    put_number(w, "count", (double)summary_count(place));
    put_range(w, "maps", &place->maps);
    put_range(w, "arrays", &place->arrays);
    put_range(w, "strings", &place->strings);
    put_range(w, "numbers", &place->numbers);
    if (place->numbers.count) put_number(w, "integers", (double)place->whole);
    if (place->trues) put_number(w, "trues", (double)place->trues);
    if (place->falses) put_number(w, "falses", (double)place->falses);
    if (place->nils) put_number(w, "nulls", (double)place->nils);
    end(w);
}

static int show_json(const struct data_in *in, const struct summary *summary, const struct data_request *request) {
    struct data_out out;
    struct data_path_text path;
    struct writer w = { &out, data_out_open(&out, "-", DATA_JSON, 0, 0, request) };
    begin(&w, NULL, DATA_MAP);
    put_text(&w, "name", DATA_KEY);
    put_text(&w, in->name, 0);
    put_text(&w, "format", DATA_KEY);
    put_text(&w, in->format == DATA_FROZEN ? "frozen" : data_format_name((enum data_format)in->format), 0);
    put_number(&w, "bytes", (double)(in->size ? in->size : in->done));
    put_number(&w, "depth", (double)summary_depth(summary));
    put_number(&w, "rows", (double)summary_rows(summary));
    put_number(&w, "keys", (double)summary_keys(summary));
    begin(&w, "places", DATA_ARRAY);
    for (uint16_t n = 0; n != SUMMARY_NONE; n = summary_after(summary, n)) put_json_place(&w, path_of(summary, n, &path), summary_place(summary, n));
    end(&w);
    end(&w);
    if (w.result == 0) w.result = data_out_finish(&out);
    int status = w.result == 0 ? CLI_OK : out.is_lost ? CLI_FAILED : data_failed("%s", out.problem);
    data_out_close(&out);
    return status;
}

/* ---- The verb -------------------------------------------------------------------------------------------- */

static int summarize(struct data_in *in, struct summary *summary) {
    struct progress progress;
    int count, result = 0;
    progress_begin(&progress, in->name, in->size);
    while (result == 0 && (count = data_in_next(in)) > 0) {
        result = summary_put(summary, in->events, count);
        progress_at(&progress, in->done);
    }
    progress_end(&progress);
    if (result < 0) return data_failed("%s: %s", in->name, strerror(-result));
    return count < 0 ? data_failed("%s", in->problem) : CLI_OK;
}

static int show(struct data_in *in, const struct data_request *request) {
    struct summary *summary;
    int status = in->format == DATA_FROZEN && data_in_walk_root(in, in->is_rows, request->parser.depth) < 0 ? data_failed("%s", in->problem) : CLI_OK;
    if (status != CLI_OK) return status;
    if (summary_open(data_heap, &summary) < 0) return data_failed("%s", strerror(ENOMEM));
    status = summarize(in, summary);
    if (status == CLI_OK && request->is_json) status = show_json(in, summary, request);
    else if (status == CLI_OK) show_text(in, summary);
    summary_close(summary);
    return status;
}

int data_show(const struct data_request *request) {
    struct data_in in;
    int status = data_in_open(&in, request->words[0], request);
    status = status < 0 ? data_failed("%s", in.problem) : show(&in, request);
    data_in_close(&in);
    return status;
}
