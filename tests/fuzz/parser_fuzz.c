/* parser_fuzz.c: every parser takes any text; what it makes of it does not depend on where the pieces end, on how many
 * events are wanted at once, or on memory that is refused now and then.
 * SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include "events.h"

struct choice {
    uint8_t format, depth, flags, cut, separator, seed;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct choice choice;
    fuzz_take(&data, &size, &choice, sizeof choice);
    enum data_format format = (enum data_format)(choice.format % DATA_FORMATS);
    struct data_options options = { .depth = choice.depth % 40, .limit = choice.flags & 1 ? choice.cut + 20u : 0, .no_header = choice.flags >> 1 & 1,
                                    .integers = (enum data_integers)(choice.flags >> 2 & 3), .single = choice.flags >> 4 & 1,
                                    .separator = choice.flags >> 5 & 1 ? ';' : 0 };
    char *whole = events_line(format, &options, (const char *)data, size, 0, 64, NULL);
    long cuts[] = { 1, choice.cut % 7 + 2, -1 - choice.seed };
    for (int i = 0; i < 3; i++) {
        struct events_meter meter = { .refuse_some = i == 1 };
        char *pieces = events_line(format, &options, (const char *)data, size, cuts[i], i == 2 ? 8 : 11, &meter);
        HOLDS(strcmp(whole, pieces) == 0);
        free(pieces);
    }
    free(whole);
    return 0;
}
