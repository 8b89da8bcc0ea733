/* convert_fuzz.c: any text through any parser into any encoder: what was written is read again, and written again the same.
 * SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include <errno.h>

#include "data/encoder.h"
#include "data/parser.h"

static void *resize(void *context, void *block, size_t old_size, size_t new_size) {
    (void)context;
    (void)old_size;
    if (new_size) return realloc(block, new_size);
    free(block);
    return NULL;
}

static const struct data_memory memory = { resize, NULL };

/* Events of one parser into one encoder; 0 when both came to their ends, else the first negative answer. */
static int convert(struct data_parser *parser, struct data_encoder *encoder, int capacity) {
    struct data_event events[64];
    int count, result = 0;
    while (result == 0 && (count = data_parser_next(parser, events, capacity)) != 0)
        result = count < 0 ? count : data_encoder_put(encoder, events, count);
    return result < 0 ? result : data_encoder_finish(encoder);
}

/* The text of a conversion, to be freed; NULL when the parser or the encoder refused, which must say why. */
static char *converted(enum data_format from, const char *text, size_t size, enum data_format to, const struct data_encode_options *options,
                       int capacity, size_t *written) {
    struct data_options reading = { .depth = 200, .no_header = from == DATA_CSV && options->no_header };
    struct data_output output = { NULL, NULL };
    struct data_parser *parser;
    struct data_encoder *encoder;
    struct data_error error;
    size_t room;
    HOLDS(data_parser_open(from, &reading, memory, &parser) == 0);
    HOLDS(data_encoder_open(to, options, memory, output, &encoder) == 0);
    data_parser_feed(parser, text, size);
    data_parser_finish(parser);
    int result = convert(parser, encoder, capacity);
    if (result == -EDOM || result == -EINVAL) {
        data_encoder_error(encoder, &error);
        HOLDS(error.code == result && error.text[0] && memchr(error.path, 0, sizeof error.path));
    }
    HOLDS(result == 0 || result == -EDOM || result == -EILSEQ || result == -E2BIG);
    char *data = data_encoder_take(encoder, written, &room);
    data_encoder_close(encoder);
    data_parser_close(parser);
    if (result == 0) return data ? data : calloc(1, 1);
    free(data);
    return NULL;
}

/* A header is read again as a row like the others: rows without keys may begin with anything. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    unsigned char how[4];
    size_t first_size, second_size, other_size;
    fuzz_take(&data, &size, how, sizeof how);
    enum data_format from = how[0] % DATA_FORMATS, to = how[1] % DATA_FORMATS;
    struct data_encode_options options = { .depth = 210, .indent = how[2] % 4, .empty_array = how[2] >> 2 & 1, .no_header = to == DATA_CSV && how[2] >> 3 & 1 };
    char *copy = malloc(size ? size : 1);
    memcpy(copy, data, size);
    char *first = converted(from, copy, size, to, &options, 64, &first_size);
    char *other = converted(from, copy, size, to, &options, 8, &other_size);
    HOLDS(!first == !other && (!first || (first_size == other_size && memcmp(first, other, first_size) == 0)));
    if (first && first_size) {
        options.no_header = 1;
        char *second = converted(to, first, first_size, to, &options, 64, &second_size);
        HOLDS(second);
        HOLDS(second_size == first_size && memcmp(first, second, first_size) == 0);
        free(second);
    }
    free(other);
    free(first);
    free(copy);
    return 0;
}
