/* data_get.c: `moonbear data get`: prints the value at a place.
 * Invariant: of a frozen file only the way to the value is read, of a text all before it; memory does not grow with either.
 * SPDX-License-Identifier: MIT */
#include "cli/data_io.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/data_path.h"

/* The steps of a path. */
struct steps {
    struct frozen_value *keys;
    char *room;
    size_t count;
};

static void free_steps(struct steps *steps) {
    free(steps->keys);
    free(steps->room);
}

/* 0, or -EINVAL with the place of what is wrong. */
static int read_steps(const char *path, struct steps *steps, const char **wrong) {
    size_t size = strlen(path) + 1, used = 0;
    const char *at = path;
    int result;
    steps->count = 0;
    steps->keys = malloc(size * sizeof steps->keys[0]);
    steps->room = malloc(size);
    if (!steps->keys || !steps->room) return -ENOMEM;
    for (;;) {
        *wrong = at;
        result = data_path_step(&at, steps->count == 0, steps->room + used, &steps->keys[steps->count]);
        if (result <= 0) return result;
        if (steps->keys[steps->count].kind == DATA_STRING) used += steps->keys[steps->count].size;
        steps->count++;
    }
}

/* ---- Printing -------------------------------------------------------------------------------------------- */

/* A string is printed as it is, unless a format is wanted; the rest as JSON. */
struct printer {
    struct data_out out;
    const struct data_request *request;
    int is_open;
};

static int print(struct printer *printer, const struct data_event *events, int count) {
    if (count == 0) return 0;
    if (!printer->is_open && printer->request->to == DATA_GUESS && events[0].kind == DATA_STRING) {
        plat_fwrite(events[0].as.text, 1, events[0].size, stdout);
        plat_fputs("\n", stdout);
        return 0;
    }
    if (!printer->is_open) {
        int format = printer->request->to == DATA_GUESS ? DATA_JSON : printer->request->to;
        int result = data_out_open(&printer->out, "-", format, 0, 0, printer->request);
        printer->is_open = 1;
        if (result < 0) return result;
    }
    return data_out_put(&printer->out, events, count);
}

static int end_print(struct printer *printer, int result) {
    if (!printer->is_open) return result;
    if (result == 0) result = data_out_finish(&printer->out);
    if (result < 0 && !printer->out.is_lost && printer->out.problem[0]) data_failed("%s", printer->out.problem);
    data_out_close(&printer->out);
    return result;
}

static int missing(const struct data_request *request) {
    return data_failed("%s: there is nothing at %s", request->words[0], request->words[1]);
}

/* ---- From a frozen file ---------------------------------------------------------------------------------- */

struct search {
    const struct frozen *f;
    const struct steps *steps;
    struct frozen_value value;
    int result;
};

static void find(void *argument) {
    struct search *search = argument;
    struct frozen_node node;
    search->result = frozen_root(search->f, &search->value);
    for (size_t i = 0; search->result == 0 && i < search->steps->count; i++) {
        if (search->value.kind < DATA_ARRAY) search->result = -ENOENT;
        else search->result = frozen_enter(search->f, &search->value, &node);
        if (search->result == 0) search->result = frozen_find(search->f, &node, &search->steps->keys[i], &search->value);
    }
}

static int get_frozen(struct data_in *in, const struct steps *steps, const struct data_request *request) {
    struct search search = { .f = &in->frozen, .steps = steps };
    struct printer printer = { .request = request };
    int count = 0, result = 0;
    if (frozen_guarded(&in->frozen, find, &search) < 0) return data_failed("%s: the file was cut short", in->name);
    if (search.result == -ENOENT) return missing(request);
    if (search.result < 0) return data_failed("%s: the frozen data is damaged; `check` tells where", in->name);
    if (data_in_walk(in, &search.value, 0, request->parser.depth) < 0) return data_failed("%s", in->problem);
    while (result == 0 && (count = data_in_next(in)) > 0) result = print(&printer, in->events, count);
    if (count < 0) data_failed("%s", in->problem);
    return end_print(&printer, count < 0 ? count : result) < 0 ? CLI_FAILED : CLI_OK;
}

/* ---- From a text ----------------------------------------------------------------------------------------- */

/* What is needed of the containers on the way: how many of them have been entered as the path goes, and how deep others
 * are that lie beside it. */
struct filter {
    const struct steps *steps;
    size_t matched;    /* steps */
    uint64_t beside;   /* containers entered that are not on the way */
    uint64_t index;    /* values without a key so far in the container where the next step is sought */
    int is_here;       /* the next value has the key that is sought */
    int is_keyed;      /* it has a key at all */
    uint64_t inside;   /* containers open within the value */
    int is_taking, is_done, at_top;
};

static int is_key(const struct filter *filter, const struct data_event *key) {
    struct frozen_value mine = { .kind = key->kind, .size = key->size };
    if (filter->matched == filter->steps->count) return 0;
    if (key->kind == DATA_STRING) mine.as.text = key->as.text;
    else if (key->kind == DATA_NUMBER) mine.as.number = key->as.number;
    else mine.as.boolean = key->as.boolean;
    return frozen_order(&mine, &filter->steps->keys[filter->matched]) == 0;
}

static int is_index(const struct filter *filter) {
    if (filter->matched == filter->steps->count) return 0;
    const struct frozen_value *key = &filter->steps->keys[filter->matched];
    return key->kind == DATA_NUMBER && key->as.number == (double)filter->index;
}

/* A value on the way begins: a container is entered, or the value itself taken. */
static void step_into(struct filter *filter, int is_container) {
    filter->matched++;
    filter->index = 0;
    filter->is_here = filter->is_keyed = 0;
    if (filter->matched == filter->steps->count) filter->is_taking = 1;
    else if (!is_container) filter->is_done = 1;
}

/* Whether the event belongs to the value. */
static int take(struct filter *filter, const struct data_event *event) {
    int is_container = event->kind >= DATA_ARRAY && event->kind != DATA_END;
    if (filter->is_taking) {
        filter->inside += (uint64_t)is_container;
        filter->inside -= event->kind == DATA_END;
        filter->is_done = filter->inside == 0;
        return 1;
    }
    if (filter->beside > 0) {
        filter->beside += (uint64_t)is_container;
        filter->beside -= event->kind == DATA_END;
        return 0;
    }
    if (event->kind == DATA_END) {
        filter->is_done = 1; /* of the container where the next step was sought */
        return 0;
    }
    if (event->flags & (DATA_KEY | DATA_ENTRY)) {
        filter->is_here = is_key(filter, event);
        filter->is_keyed = 1;
        return 0;
    }
    filter->index += !filter->is_keyed;
    int is_here = filter->is_keyed ? filter->is_here : is_index(filter);
    filter->is_keyed = filter->is_here = 0;
    if (!is_here) {
        filter->beside = (uint64_t)is_container;
        return 0;
    }
    step_into(filter, is_container);
    return filter->is_taking && take(filter, event);
}

/* The one value of a file that is no row is entered without a step. */
static void begin(struct filter *filter, const struct data_in *in, const struct data_event *first) {
    int is_container = first->kind >= DATA_ARRAY;
    filter->at_top = in->is_rows || first->flags & (DATA_KEY | DATA_ENTRY);
    if (filter->at_top) return;
    if (filter->steps->count == 0) filter->is_taking = 1;
    else if (!is_container) filter->is_done = 1;
}

static int get_text(struct data_in *in, const struct steps *steps, const struct data_request *request) {
    struct filter filter = { .steps = steps };
    struct printer printer = { .request = request };
    int count = 0, result = 0, is_begun = 0, is_found = 0;
    while (result == 0 && !filter.is_done && (count = data_in_next(in)) > 0) {
        int first = 0, kept = 0;
        if (!is_begun) {
            begin(&filter, in, in->events);
            first = !filter.at_top && !filter.is_taking;
        }
        is_begun = 1;
        for (int i = first; i < count && !filter.is_done; i++)
            if (take(&filter, &in->events[i])) in->events[kept++] = in->events[i];
        is_found |= kept > 0;
        result = print(&printer, in->events, kept);
    }
    if (count < 0) data_failed("%s", in->problem);
    if (end_print(&printer, count < 0 ? count : result) < 0) return CLI_FAILED;
    return is_found ? CLI_OK : missing(request);
}

int data_get(const struct data_request *request) {
    struct data_in in;
    struct steps steps = { 0 };
    const char *wrong = "";
    int status = read_steps(request->words[1], &steps, &wrong);
    if (status < 0) {
        free_steps(&steps);
        if (status == -ENOMEM) return data_failed("%s", strerror(ENOMEM));
        data_failed("'%s' is no path: a step such as name, [3] or [\"a key\"] is expected at '%s'", request->words[1], wrong);
        return CLI_USAGE;
    }
    status = data_in_open(&in, request->words[0], request);
    if (status < 0) status = data_failed("%s", in.problem);
    else status = in.format == DATA_FROZEN ? get_frozen(&in, &steps, request) : get_text(&in, &steps, request);
    data_in_close(&in);
    free_steps(&steps);
    return status;
}
