/* frozen_fuzz.c: whatever the bytes, a frozen file is read within them and in bounded time; and whatever row of events is
 * written reads back as it was.
 * SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include "data/frozen.h"
#include "data/frozen_format.h"
#include "data/frozen_write.h"

static void *resize(void *unused, void *block, size_t old_size, size_t new_size) {
    (void)unused;
    (void)old_size;
    if (new_size) return realloc(block, new_size);
    free(block);
    return NULL;
}

static const struct data_memory memory = { resize, NULL };

/* Makes the checksums right, so that what lies behind them is reached. */
static void seal(char *data, size_t size) {
    memcpy(data, FROZEN_MAGIC, 8);
    frozen_store16(data + FROZEN_AT_MAJOR, FROZEN_MAJOR);
    frozen_store64(data + FROZEN_AT_SIZE, size);
    frozen_store64(data + FROZEN_AT_CHECKSUM, frozen_hash(frozen_hash_begin(0), data + FROZEN_HEADER, size - FROZEN_HEADER));
    frozen_store64(data + FROZEN_AT_HEADER, frozen_hash(frozen_hash_begin(FROZEN_AT_HEADER), data, FROZEN_AT_HEADER));
}

static void look_up(const struct frozen *f, const struct frozen_value *root) {
    struct frozen_node node;
    struct frozen_value key, value, found;
    uint64_t length;
    if (root->kind < DATA_ARRAY || frozen_enter(f, root, &node) < 0) return;
    for (uint64_t i = 0; i < frozen_count(&node) && i < 64; i++)
        if (frozen_pair(f, &node, i, &key, &value) == 0) frozen_find(f, &node, &key, &found);
    frozen_find_text(f, &node, "name", 4, &found);
    frozen_length(f, &node, &length);
}

/* 1 when all of it was walked. */
static int walk(const struct frozen *f, const struct frozen_value *root) {
    struct data_event events[64];
    struct frozen_walk *steps;
    uint64_t total = 0;
    int count;
    HOLDS(frozen_walk_open(f, root, 0, 1000, memory, &steps) == 0);
    while ((count = frozen_walk_next(steps, events, 64)) > 0) {
        total += (uint64_t)count;
        for (int i = 0; i < count; i++)
            if (events[i].kind == DATA_STRING) frozen_hash(0, events[i].as.text, events[i].size < 256 ? events[i].size : 256);
    }
    HOLDS(total <= 3 * f->size + 3);
    frozen_walk_close(steps);
    return count == 0;
}

static void read_bytes(const char *data, size_t size) {
    struct frozen f;
    struct frozen_value root;
    struct frozen_report report;
    if (frozen_open(data, size, &f, NULL) < 0) return;
    HOLDS(frozen_root(&f, &root) == 0);
    look_up(&f, &root);
    int is_whole = walk(&f, &root);
    if (frozen_check(&f, memory, NULL, &report) == 0 && f.depth < 1000) HOLDS(is_whole);
}

/* Events of the input's making: each byte is one. */
static void write_events(const uint8_t *data, size_t size) {
    struct frozen_write_options options = { .fd = -1, .rows = size & 1 };
    struct frozen_writer *writer;
    HOLDS(frozen_writer_open(&options, memory, &writer) == 0);
    int result = 0;
    for (size_t i = 0; i < size && result == 0; i++) {
        struct data_event event = { .kind = data[i] & 7, .flags = data[i] >> 3 & 15, .size = DATA_UNKNOWN };
        if (event.kind == DATA_STRING) event.as.text = (const char *)data + i, event.size = size - i < 5 ? size - i : 5;
        else if (event.kind == DATA_NUMBER) event.as.number = (double)data[i] / 8;
        else if (event.kind == DATA_BOOLEAN) event.as.boolean = data[i] >> 7;
        result = frozen_writer_put(writer, &event, 1);
    }
    if (result == 0) result = frozen_writer_finish(writer);
    if (result == 0) {
        size_t written;
        char *file = frozen_writer_take(writer, &written);
        struct frozen f;
        struct frozen_report report;
        HOLDS(file && frozen_open(file, written, &f, NULL) == 0);
        HOLDS(frozen_check(&f, memory, NULL, &report) == 0);
        free(file);
    }
    frozen_writer_close(writer);
}

/* A copy of exact size, so that one byte too far is seen. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *copy = malloc(size ? size : 1);
    memcpy(copy, data, size);
    read_bytes(copy, size);
    if (size >= FROZEN_HEADER) {
        seal(copy, size);
        read_bytes(copy, size);
    }
    free(copy);
    write_events(data, size);
    return 0;
}
