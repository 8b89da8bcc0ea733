/* parsing.h: a table of texts and what a parser must make of each, however they are cut and whenever memory is short.
 * SPDX-License-Identifier: MIT */
#ifndef PARSING_H
#define PARSING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "events.h"

/* `size` 0: text ends with its zero. */
struct parsing {
    const char *text, *line;
    size_t size;
};

static inline void parsing_one(enum data_format format, const struct data_options *options, const char *text, size_t size, const char *line) {
    static const long cuts[] = { 0, 1, 2, 3, 5, -1, -2, -3, -77 };
    static const int capacities[] = { 64, 8, 13 };
    for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; i++)
        for (size_t k = 0; k < 3; k++) {
            struct events_meter meter = { .refuse_some = (i + k) % 3 == 1 };
            char *got = events_line(format, options, text, size, cuts[i], capacities[k], &meter);
            if (strcmp(got, line) != 0) print_message("# text %s, cut %ld, capacity %d\n", text, cuts[i], capacities[k]);
            assert_string_equal(got, line);
            free(got);
        }
}

static inline void parsing_all(enum data_format format, const struct data_options *options, const struct parsing *list, size_t count) {
    for (size_t i = 0; i < count; i++)
        parsing_one(format, options, list[i].text, list[i].size ? list[i].size : strlen(list[i].text), list[i].line);
}
#define PARSING(format, options, list) parsing_all((format), (options), (list), sizeof (list) / sizeof (list)[0])

#endif
