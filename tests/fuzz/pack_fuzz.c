/* pack_fuzz.c: any format is read or refused, with sane items; numbers that go in come out again.
 * SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include <errno.h>
#include <math.h>

#include "bytes/pack.h"

static void round_trip(const struct pack_item *item, const uint8_t *bytes) {
    unsigned char again[PACK_INTEGER_MOST];
    double number = 0, second = 0;
    uint64_t low;
    if (item->kind == PACK_FLOAT) {
        unpack_float(item, bytes, &number);
        pack_float(item, number, again);
        unpack_float(item, again, &second);
        HOLDS(number == second || (isnan(number) && isnan(second)));
        return;
    }
    if (unpack_integer(item, bytes, &number, &low) < 0) return;
    HOLDS(floor(number) == number);
    HOLDS(pack_integer(item, number, again) == 0);
    HOLDS(memcmp(bytes, again, item->size) == 0);
}

static void any_number(const struct pack_item *item, const uint8_t *bytes) {
    unsigned char packed[PACK_INTEGER_MOST];
    double number, back = 0;
    uint64_t low;
    memcpy(&number, bytes, sizeof number);
    if (pack_integer(item, number, packed) < 0) return;
    int result = unpack_integer(item, packed, &back, &low);
    HOLDS(result == 0 ? back == number || (number < 0 && item->kind == PACK_UNSIGNED) : number < 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    uint8_t bytes[PACK_INTEGER_MOST];
    struct pack_format format;
    struct pack_item item;
    size_t offset = 0, count = 0;
    int result;
    fuzz_take(&data, &size, bytes, sizeof bytes);
    char *text = malloc(size ? size : 1);
    memcpy(text, data, size);
    pack_begin(&format, text, size);
    while ((result = pack_next(&format, offset, &item)) == 1) {
        HOLDS(++count <= size);
        HOLDS(item.padding < 16 && (item.padding == 0 || format.align > 1));
        offset += item.padding + item.size;
        if (item.kind > PACK_FLOAT) continue;
        HOLDS(item.size >= 1 && item.size <= PACK_INTEGER_MOST);
        round_trip(&item, bytes);
        if (item.kind != PACK_FLOAT) any_number(&item, bytes);
    }
    HOLDS(result == 0 || (result == -EINVAL && format.error));
    free(text);
    return 0;
}
