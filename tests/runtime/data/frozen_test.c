/* frozen_test.c: what is frozen is read as it was, whatever its shape and size, and damaged files only give errors.
 * SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "data/frozen.h"
#include "data/frozen_format.h"
#include "data/frozen_stack.h"
#include "data/frozen_write.h"
#include "platform.h"

/* ---- Memory that counts ---------------------------------------------------------------------------------- */

struct meter {
    size_t bytes, most;
    long requests, refuse_at; /* 0: none */
};

static void *metered(void *context, void *block, size_t old_size, size_t new_size) {
    struct meter *meter = context;
    if (new_size == 0) {
        assert_true(meter->bytes >= old_size);
        meter->bytes -= old_size;
        free(block);
        return NULL;
    }
    if (++meter->requests == meter->refuse_at) return NULL;
    void *fresh = realloc(block, new_size);
    assert_non_null(fresh);
    meter->bytes += new_size - old_size;
    if (meter->bytes > meter->most) meter->most = meter->bytes;
    return fresh;
}

/* ---- Rows of events -------------------------------------------------------------------------------------- */

struct row {
    struct data_event *events;
    size_t count, capacity;
};

static struct data_event *add(struct row *row, int kind, int flags) {
    if (row->count == row->capacity) {
        row->capacity = row->capacity ? 2 * row->capacity : 64;
        row->events = realloc(row->events, row->capacity * sizeof row->events[0]);
        assert_non_null(row->events);
    }
    struct data_event *event = &row->events[row->count++];
    memset(event, 0, sizeof *event);
    event->kind = (uint8_t)kind;
    event->flags = (uint8_t)flags;
    if (kind >= DATA_ARRAY) event->size = DATA_UNKNOWN;
    return event;
}

static void add_number(struct row *row, double number, int flags) {
    add(row, DATA_NUMBER, flags)->as.number = number;
}

/* Copies the text. */
static void add_text(struct row *row, const char *text, size_t size, int flags) {
    char *copy = malloc(size + 1);
    memcpy(copy, text, size);
    struct data_event *event = add(row, DATA_STRING, flags);
    event->as.text = copy;
    event->size = size;
}

static void free_row(struct row *row) {
    for (size_t i = 0; i < row->count; i++)
        if (row->events[i].kind == DATA_STRING) free((char *)row->events[i].as.text);
    free(row->events);
}

static uint64_t state;
static uint32_t any(uint32_t below) {
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((state >> 33) % below);
}

static const double numbers[] = { 0, -0.0, 1, -1, 0.5, 268435455, 268435456, -268435456, -268435457, 4294967296.0, 1e300, -1e-300, 5e-324,
                                  1.0 / 0.0, -1.0 / 0.0, 9007199254740993.0, 3.141592653589793 };

static void add_scalar(struct row *row) {
    static const size_t sizes[] = { 0, 1, 3, 4, 7, 43, 44, 125, 126, 127, 300, 5000 };
    char text[5000];
    switch (any(6)) {
    case 0: add(row, DATA_NIL, 0); break;
    case 1: add(row, DATA_BOOLEAN, 0)->as.boolean = (int)any(2); break;
    case 2: add_number(row, numbers[any(sizeof numbers / sizeof numbers[0])], 0); break;
    case 3: add_number(row, (double)any(100000) - 50000, 0); break;
    default: {
        size_t size = any(4) ? any(12) : sizes[any(sizeof sizes / sizeof sizes[0])];
        memset(text, 'a' + (int)any(3), size);
        add_text(row, text, size, any(5) ? 0 : DATA_BINARY);
    }
    }
}

/* Keys of one map are all different: their number is in them. */
static void add_key(struct row *row, uint32_t i, uint32_t kind) {
    char text[64];
    if (kind == 0) add_number(row, i * 1.5 - 7, DATA_KEY);
    else if (kind == 1 && i < 2) add(row, DATA_BOOLEAN, DATA_KEY)->as.boolean = (int)i;
    else add_text(row, text, (size_t)snprintf(text, sizeof text, "%s%u", kind == 2 ? "k" : "a longer key, which is not shared ", i), DATA_KEY);
}

static void add_tree(struct row *row, uint32_t depth) {
    uint32_t kind = any(depth ? 5 : 1), count = any(3) ? any(6) : any(40), keys = any(4);
    if (kind < 2 && row->count > 0) {
        add_scalar(row);
        return;
    }
    int is_map = any(2) == 0;
    add(row, is_map ? DATA_MAP : DATA_ARRAY, 0);
    for (uint32_t i = 0; i < count; i++) {
        if (is_map) add_key(row, i, keys == 3 ? i % 3 : keys);
        add_tree(row, depth ? depth - 1 : 0);
    }
    add(row, DATA_END, 0);
}

/* ---- Writing and reading --------------------------------------------------------------------------------- */

struct file {
    struct meter meter;
    struct data_memory memory;
    char *data;
    size_t size;
    struct frozen f;
};

static int write_row(struct file *file, const struct row *row, int rows) {
    struct frozen_write_options options = { .fd = -1, .rows = rows };
    struct frozen_writer *writer;
    file->memory = (struct data_memory){ metered, &file->meter };
    file->data = NULL;
    int result = frozen_writer_open(&options, file->memory, &writer);
    if (result < 0) return result;
    result = frozen_writer_put(writer, row->events, (int)row->count);
    if (result == 0) result = frozen_writer_finish(writer);
    if (result == 0 && !(file->data = frozen_writer_take(writer, &file->size))) result = -ENOMEM;
    frozen_writer_close(writer);
    return result;
}

static void open_file(struct file *file, const struct row *row, int rows) {
    memset(file, 0, sizeof *file);
    assert_int_equal(write_row(file, row, rows), 0);
    assert_int_equal(frozen_open(file->data, file->size, &file->f, NULL), 0);
}

static void close_file(struct file *file) {
    if (file->data) file->memory.resize(file->memory.context, file->data, file->size, 0);
    assert_int_equal(file->meter.bytes, 0);
}

static int same_scalar(const struct data_event *a, const struct data_event *b) {
    if (a->kind != b->kind || a->flags != b->flags) return 0;
    if (a->kind == DATA_BOOLEAN) return a->as.boolean == b->as.boolean;
    if (a->kind == DATA_NUMBER) return memcmp(&a->as.number, &b->as.number, sizeof(double)) == 0;
    if (a->kind == DATA_STRING) return a->size == b->size && memcmp(a->as.text, b->as.text, a->size) == 0;
    return 1;
}

/* The events of the file are those of the row. */
static void assert_walk(const struct frozen *f, const struct row *row, int rows, struct data_memory memory) {
    struct data_event events[16];
    struct frozen_value root;
    struct frozen_walk *walk;
    size_t at = 0;
    int count;
    assert_int_equal(frozen_root(f, &root), 0);
    assert_int_equal(frozen_walk_open(f, &root, rows, 0, memory, &walk), 0);
    while ((count = frozen_walk_next(walk, events, 8 + (int)any(8))) > 0)
        for (int i = 0; i < count; i++, at++) {
            assert_true(at < row->count);
            assert_true(same_scalar(&events[i], &row->events[at]));
        }
    assert_int_equal(count, 0);
    assert_int_equal(at, row->count);
    frozen_walk_close(walk);
}

static struct data_event as_event(const struct frozen_value *value, int flags) {
    struct data_event event = { .kind = value->kind, .flags = (uint8_t)(value->flags | flags), .size = value->size };
    if (value->kind == DATA_BOOLEAN) event.as.boolean = value->as.boolean;
    else if (value->kind == DATA_NUMBER) event.as.number = value->as.number;
    else if (value->kind == DATA_STRING) event.as.text = value->as.text;
    return event;
}

/* Every value of the row is found by its key. Returns the place behind the value at `at`. */
static size_t assert_found(const struct frozen *f, const struct row *row, size_t at, const struct frozen_value *value) {
    const struct data_event *event = &row->events[at++];
    struct data_event mine = as_event(value, 0);
    struct frozen_node node;
    uint64_t i = 0;
    assert_int_equal(value->kind, event->kind);
    if (value->kind < DATA_ARRAY) {
        assert_true(same_scalar(&mine, event));
        return at;
    }
    assert_int_equal(frozen_enter(f, value, &node), 0);
    for (; row->events[at].kind != DATA_END; i++) {
        struct frozen_value found, key = { .kind = DATA_NUMBER, .as.number = (double)i + 1 };
        if (event->kind == DATA_MAP) {
            const struct data_event *name = &row->events[at++];
            key = (struct frozen_value){ .kind = name->kind, .size = name->size };
            if (name->kind == DATA_STRING) key.as.text = name->as.text;
            else if (name->kind == DATA_NUMBER) key.as.number = name->as.number;
            else key.as.boolean = name->as.boolean;
        }
        assert_int_equal(frozen_find(f, &node, &key, &found), 0);
        at = assert_found(f, row, at, &found);
    }
    assert_int_equal(frozen_count(&node), i);
    return at + 1;
}

static void assert_same(struct file *file, const struct row *row) {
    struct frozen_report report;
    struct frozen_value root;
    assert_int_equal(frozen_root(&file->f, &root), 0);
    assert_int_equal(assert_found(&file->f, row, 0, &root), row->count);
    assert_walk(&file->f, row, 0, file->memory);
    assert_int_equal(frozen_check(&file->f, file->memory, NULL, &report), 0);
}

/* ---- Tests ----------------------------------------------------------------------------------------------- */

static void random_trees_are_read_as_they_were(void **unused) {
    (void)unused;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        struct row row = { NULL, 0, 0 };
        struct file file;
        state = seed;
        add_tree(&row, 1 + any(5));
        open_file(&file, &row, 0);
        assert_same(&file, &row);
        close_file(&file);
        free_row(&row);
    }
}

static void every_scalar_can_be_the_root(void **unused) {
    (void)unused;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        struct row row = { NULL, 0, 0 };
        struct file file;
        state = seed;
        add_scalar(&row);
        open_file(&file, &row, 0);
        assert_same(&file, &row);
        close_file(&file);
        free_row(&row);
    }
}

static void every_double_is_exact(void **unused) {
    struct row row = { NULL, 0, 0 };
    struct file file;
    (void)unused;
    state = 99;
    add(&row, DATA_ARRAY, 0);
    for (int i = 0; i < 50000; i++) {
        uint64_t bits = ((uint64_t)any(UINT32_MAX) << 33) ^ ((uint64_t)any(UINT32_MAX) << 11) ^ any(UINT32_MAX);
        double number = frozen_double(bits);
        if (number == number) add_number(&row, number, 0);
        if (i % 7 == 0) add_number(&row, i, 0);
    }
    add(&row, DATA_END, 0);
    open_file(&file, &row, 0);
    assert_same(&file, &row);
    close_file(&file);
    free_row(&row);
}

static void not_a_number_stays_one(void **unused) {
    struct row row = { NULL, 0, 0 };
    struct file file;
    struct frozen_value root;
    (void)unused;
    add_number(&row, frozen_double(UINT64_C(0xffffdeadbeef1234)), 0);
    open_file(&file, &row, 0);
    assert_int_equal(frozen_root(&file.f, &root), 0);
    assert_int_equal(root.kind, DATA_NUMBER);
    assert_true(root.as.number != root.as.number);
    close_file(&file);
    free_row(&row);
}

static struct frozen_node enter_root(const struct frozen *f) {
    struct frozen_value root;
    struct frozen_node node;
    assert_int_equal(frozen_root(f, &root), 0);
    assert_int_equal(frozen_enter(f, &root, &node), 0);
    return node;
}

static void of_equal_keys_the_last_value_stays(void **unused) {
    (void)unused;
    for (uint32_t count = 1; count <= 200; count = count * 3 + 1) {
        struct row row = { NULL, 0, 0 };
        struct file file;
        char key[32];
        add(&row, DATA_MAP, 0);
        for (uint32_t i = 0; i < 3 * count; i++) {
            add_text(&row, key, (size_t)snprintf(key, sizeof key, "key %u", i % count), DATA_KEY);
            add_number(&row, i, 0);
        }
        add_number(&row, 0, DATA_KEY);
        add_number(&row, 1, 0);
        add_number(&row, -0.0, DATA_KEY);
        add_number(&row, 2, 0);
        add(&row, DATA_END, 0);
        open_file(&file, &row, 0);
        struct frozen_node node = enter_root(&file.f);
        struct frozen_report report;
        struct frozen_value value;
        assert_int_equal(frozen_count(&node), count + 1);
        for (uint32_t i = 0; i < count; i++) {
            assert_int_equal(frozen_find_text(&file.f, &node, key, (size_t)snprintf(key, sizeof key, "key %u", i), &value), 0);
            assert_true(value.as.number == 2.0 * count + i);
        }
        assert_int_equal(frozen_find_number(&file.f, &node, 0, &value), 0);
        assert_true(value.as.number == 2);
        assert_int_equal(frozen_check(&file.f, file.memory, NULL, &report), 0);
        close_file(&file);
        free_row(&row);
    }
}

/* More often than keys of one hash may be different. */
static void one_key_may_come_very_often(void **unused) {
    struct row row = { NULL, 0, 0 };
    struct file file;
    struct frozen_value value;
    (void)unused;
    add(&row, DATA_MAP, 0);
    for (uint32_t i = 0; i < 50000; i++) {
        add_text(&row, i % 2 ? "odd" : "even", i % 2 ? 3 : 4, DATA_KEY);
        add_number(&row, i, 0);
    }
    add(&row, DATA_END, 0);
    open_file(&file, &row, 0);
    struct frozen_node node = enter_root(&file.f);
    assert_int_equal(frozen_count(&node), 2);
    assert_int_equal(frozen_find_text(&file.f, &node, "odd", 3, &value), 0);
    assert_true(value.as.number == 49999);
    assert_int_equal(frozen_find_text(&file.f, &node, "even", 4, &value), 0);
    assert_true(value.as.number == 49998);
    close_file(&file);
    free_row(&row);
}

static void missing_keys_are_not_found(void **unused) {
    struct row row = { NULL, 0, 0 };
    struct file file;
    struct frozen_value value;
    char key[32];
    (void)unused;
    add(&row, DATA_MAP, 0);
    for (uint32_t i = 0; i < 1000; i++) {
        add_key(&row, i, i % 3);
        add(&row, DATA_NIL, 0);
    }
    add(&row, DATA_END, 0);
    open_file(&file, &row, 0);
    struct frozen_node node = enter_root(&file.f);
    for (uint32_t i = 0; i < 1000; i++) {
        assert_int_equal(frozen_find_text(&file.f, &node, key, (size_t)snprintf(key, sizeof key, "none %u", i), &value), -ENOENT);
        assert_int_equal(frozen_find_number(&file.f, &node, i + 0.25, &value), -ENOENT);
    }
    assert_int_equal(frozen_find_number(&file.f, &node, 0.0 / 0.0, &value), -ENOENT);
    close_file(&file);
    free_row(&row);
}

/* A Lua table: { "a", x = 1, "b", [2] = "hidden", [3] = "c", y = nil }. */
static void tables_have_both_kinds_of_values(void **unused) {
    struct row row = { NULL, 0, 0 };
    struct file file;
    struct frozen_value value;
    struct frozen_report report;
    uint64_t length;
    (void)unused;
    add(&row, DATA_TABLE, 0);
    add_text(&row, "a", 1, 0);
    add_text(&row, "x", 1, DATA_KEY);
    add_number(&row, 1, 0);
    add_text(&row, "b", 1, 0);
    add_number(&row, 2, DATA_KEY);
    add_text(&row, "hidden", 6, 0);
    add_number(&row, 3, DATA_KEY);
    add_text(&row, "c", 1, 0);
    add_text(&row, "y", 1, DATA_KEY);
    add(&row, DATA_NIL, DATA_HOLE);
    add(&row, DATA_END, 0);
    open_file(&file, &row, 0);
    struct frozen_node node = enter_root(&file.f);
    assert_int_equal(node.kind, DATA_TABLE);
    assert_int_equal(frozen_count(&node), 4);
    assert_int_equal(frozen_find_number(&file.f, &node, 2, &value), 0);
    assert_int_equal(value.as.text[0], 'b');
    assert_int_equal(frozen_find_text(&file.f, &node, "x", 1, &value), 0);
    assert_int_equal(frozen_find_text(&file.f, &node, "y", 1, &value), -ENOENT);
    assert_int_equal(frozen_length(&file.f, &node, &length), 0);
    assert_int_equal(length, 3);
    assert_int_equal(frozen_check(&file.f, file.memory, NULL, &report), 0);
    close_file(&file);
    free_row(&row);
}

static void strings_and_keys_are_shared(void **unused) {
    struct row row = { NULL, 0, 0 };
    struct file file;
    (void)unused;
    add(&row, DATA_ARRAY, 0);
    for (int i = 0; i < 1000; i++) {
        add(&row, DATA_MAP, 0);
        add_text(&row, "the name of the first field", 27, DATA_KEY);
        add_text(&row, "the value that every one of them has", 36, 0);
        add_text(&row, "the second", 10, DATA_KEY);
        add_number(&row, i, 0);
        add(&row, DATA_END, 0);
    }
    add(&row, DATA_END, 0);
    open_file(&file, &row, 0);
    assert_true(file.size < 1000 * 20 + 1000);
    assert_same(&file, &row);
    close_file(&file);
    free_row(&row);
}

static void rows_are_an_array_that_can_be_walked_without_it(void **unused) {
    (void)unused;
    for (int count = 0; count < 4; count++) {
        struct row row = { NULL, 0, 0 };
        struct file file;
        for (int i = 0; i < count; i++) add_number(&row, i, 0);
        open_file(&file, &row, 1);
        assert_int_equal(file.f.flags & FROZEN_ROWS, FROZEN_ROWS);
        assert_int_equal(frozen_count(&(struct frozen_node){ 0 }) + enter_root(&file.f).items.count, count);
        assert_walk(&file.f, &row, 1, file.memory);
        close_file(&file);
        free_row(&row);
    }
}

static void wrong_events_are_refused(void **unused) {
    const struct { int count, kinds[4], flags[4], error; } rows[] = {
        { 1, { DATA_END }, { 0 }, -EPROTO },
        { 2, { DATA_MAP, DATA_NUMBER }, { 0, 0 }, -EPROTO },
        { 3, { DATA_MAP, DATA_NUMBER, DATA_END }, { 0, DATA_KEY, 0 }, -EPROTO },
        { 3, { DATA_MAP, DATA_NUMBER, DATA_NUMBER }, { 0, DATA_KEY, DATA_KEY }, -EPROTO },
        { 2, { DATA_ARRAY, DATA_NUMBER }, { 0, DATA_KEY }, -EPROTO },
        { 2, { DATA_MAP, DATA_NIL }, { 0, DATA_KEY }, -EDOM },
        { 2, { DATA_MAP, DATA_ARRAY }, { 0, DATA_KEY }, -EDOM },
        { 1, { DATA_MAP }, { 0 }, -EPROTO },
        { 0, { 0 }, { 0 }, -ENODATA },
    };
    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct row row = { NULL, 0, 0 };
        struct file file;
        memset(&file, 0, sizeof file);
        for (int j = 0; j < rows[i].count; j++) add(&row, rows[i].kinds[j], rows[i].flags[j]);
        assert_int_equal(write_row(&file, &row, 0), rows[i].error);
        close_file(&file);
        free_row(&row);
    }
}

static void a_refused_allocation_loses_nothing(void **unused) {
    struct row row = { NULL, 0, 0 };
    (void)unused;
    state = 5;
    add(&row, DATA_ARRAY, 0);
    for (int i = 0; i < 12; i++) add_tree(&row, 4);
    add(&row, DATA_END, 0);
    for (long n = 1;; n++) {
        struct file file = { .meter = { .refuse_at = n } };
        int result = write_row(&file, &row, 0);
        int refused = file.meter.requests >= n;
        file.meter.refuse_at = 0;
        if (result == 0) {
            assert_int_equal(frozen_open(file.data, file.size, &file.f, NULL), 0);
            assert_same(&file, &row);
        } else {
            assert_int_equal(result, -ENOMEM);
        }
        close_file(&file);
        if (!refused) break;
    }
    free_row(&row);
}

/* ---- Files that are larger than memory ------------------------------------------------------------------- */

static void put_one(struct frozen_writer *writer, struct data_event event) {
    assert_int_equal(frozen_writer_put(writer, &event, 1), 0);
}

enum { MANY = 250000 };

/* An array of maps within a map of many keys, some of which come twice; bounded memory. */
static void much_data_needs_little_memory(void **unused) {
    char path[] = "/tmp/frozen_test.XXXXXX", text[32];
    struct meter meter = { 0 };
    struct data_memory memory = { metered, &meter };
    struct frozen_writer *writer;
    struct frozen_value value;
    struct frozen_report report;
    struct frozen f;
    (void)unused;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    struct frozen_write_options options = { .fd = fd, .beside = path };
    assert_int_equal(frozen_writer_open(&options, memory, &writer), 0);
    put_one(writer, (struct data_event){ .kind = DATA_MAP });
    for (int i = 0; i < MANY + 3; i++) {
        size_t size = (size_t)snprintf(text, sizeof text, "key %d", i % MANY);
        put_one(writer, (struct data_event){ .kind = DATA_STRING, .flags = DATA_KEY, .size = size, .as.text = text });
        put_one(writer, (struct data_event){ .kind = DATA_NUMBER, .as.number = i + 0.5 });
    }
    put_one(writer, (struct data_event){ .kind = DATA_STRING, .flags = DATA_KEY, .size = 4, .as.text = "list" });
    put_one(writer, (struct data_event){ .kind = DATA_ARRAY });
    for (int i = 0; i < MANY; i++) put_one(writer, (struct data_event){ .kind = DATA_NUMBER, .as.number = i });
    put_one(writer, (struct data_event){ .kind = DATA_END });
    put_one(writer, (struct data_event){ .kind = DATA_END });
    assert_int_equal(frozen_writer_finish(writer), 0);
    assert_true(frozen_writer_scratch(writer) > 8 * MANY);
    size_t file_size = (size_t)frozen_writer_bytes(writer);
    frozen_writer_close(writer);
    assert_int_equal(meter.bytes, 0);
    assert_true(meter.most < 7 << 20);
    const char *data = mmap(NULL, file_size, PROT_READ, MAP_SHARED, fd, 0);
    assert_true(data != MAP_FAILED);
    assert_int_equal(frozen_open(data, file_size, &f, NULL), 0);
    struct frozen_node node = enter_root(&f);
    assert_int_equal(frozen_count(&node), MANY + 1);
    for (int i = 0; i < MANY; i++) {
        size_t size = (size_t)snprintf(text, sizeof text, "key %d", i);
        assert_int_equal(frozen_find_text(&f, &node, text, size, &value), 0);
        assert_true(value.as.number == i + 0.5 + (i < 3 ? MANY : 0));
    }
    assert_int_equal(frozen_find_text(&f, &node, "list", 4, &value), 0);
    assert_int_equal(frozen_enter(&f, &value, &node), 0);
    assert_int_equal(frozen_find_number(&f, &node, MANY, &value), 0);
    assert_true(value.as.number == MANY - 1);
    assert_int_equal(frozen_check(&f, memory, NULL, &report), 0);
    munmap((void *)data, file_size);
    close(fd);
    unlink(path);
}

static void deep_data_needs_no_stack(void **unused) {
    enum { DEEP = 200000 };
    struct row row = { NULL, 0, 0 };
    struct file file;
    struct frozen_walk *walk;
    struct frozen_value root;
    struct frozen_report report;
    struct data_event events[64];
    int count;
    (void)unused;
    for (int i = 0; i < DEEP; i++) add(&row, DATA_ARRAY, 0);
    for (int i = 0; i < DEEP; i++) add(&row, DATA_END, 0);
    open_file(&file, &row, 0);
    assert_int_equal(file.f.depth, DEEP);
    assert_int_equal(frozen_check(&file.f, file.memory, NULL, &report), 0);
    assert_int_equal(frozen_root(&file.f, &root), 0);
    assert_int_equal(frozen_walk_open(&file.f, &root, 0, 0, file.memory, &walk), 0);
    while ((count = frozen_walk_next(walk, events, 64)) > 0) {}
    assert_int_equal(count, -E2BIG);
    frozen_walk_close(walk);
    close_file(&file);
    free_row(&row);
}

/* ---- Damage ---------------------------------------------------------------------------------------------- */

/* Reads everything there is in every way there is. Whether all of it was right. */
static int read_all(const char *data, size_t size, struct data_memory memory) {
    struct data_event events[32];
    struct frozen f;
    struct frozen_value root, key, value;
    struct frozen_walk *walk;
    struct frozen_node node;
    struct frozen_report report;
    uint64_t length;
    int count;
    if (frozen_open(data, size, &f, NULL) < 0) return 0;
    assert_int_equal(frozen_root(&f, &root), 0);
    if (frozen_enter(&f, &root, &node) == 0) {
        for (uint64_t i = 0; i < frozen_count(&node) && i < 100; i++)
            if (frozen_pair(&f, &node, i, &key, &value) == 0 && frozen_find(&f, &node, &key, &value) == 0) continue;
        frozen_length(&f, &node, &length);
    }
    assert_int_equal(frozen_walk_open(&f, &root, 0, 100, memory, &walk), 0);
    uint64_t total = 0;
    while ((count = frozen_walk_next(walk, events, 32)) > 0) {
        total += (uint64_t)count;
        for (int i = 0; i < count; i++)
            if (events[i].kind == DATA_STRING && events[i].size) assert_non_null(memchr(events[i].as.text, events[i].as.text[events[i].size - 1], events[i].size));
    }
    assert_true(total <= size);
    frozen_walk_close(walk);
    int is_right = frozen_check(&f, memory, NULL, &report) == 0;
    if (is_right && f.depth <= 100) assert_int_equal(count, 0); /* what is checked can be walked to its end */
    return is_right;
}

static void reseal(char *data, size_t size) {
    frozen_store64(data + FROZEN_AT_CHECKSUM, frozen_hash(frozen_hash_begin(0), data + FROZEN_HEADER, size - FROZEN_HEADER));
    frozen_store64(data + FROZEN_AT_HEADER, frozen_hash(frozen_hash_begin(FROZEN_AT_HEADER), data, FROZEN_AT_HEADER));
}

/* A block of exactly that size, so that one byte too far is seen. */
static char *exact(const char *data, size_t size) {
    char *copy = malloc(size ? size : 1);
    assert_non_null(copy);
    memcpy(copy, data, size);
    return copy;
}

/* One of everything. */
static void some_file(struct file *file) {
    struct row row = { NULL, 0, 0 };
    state = 7;
    add(&row, DATA_ARRAY, 0);
    for (int keys = 0; keys < 2; keys++) {
        add(&row, DATA_MAP, 0);
        for (uint32_t i = 0; i < (keys ? 20 : 4); i++) {
            add_key(&row, i, i % 4);
            add_scalar(&row);
        }
        add(&row, DATA_END, 0);
    }
    add(&row, DATA_TABLE, 0);
    add_number(&row, 0.5, 0);
    add_text(&row, "key", 3, DATA_KEY);
    add_number(&row, 1e100, 0);
    add(&row, DATA_END, 0);
    add(&row, DATA_END, 0);
    open_file(file, &row, 0);
    free_row(&row);
}

static void every_truncation_is_an_error(void **unused) {
    struct file file;
    (void)unused;
    some_file(&file);
    for (size_t size = 0; size < file.size; size++) {
        char *copy = exact(file.data, size);
        assert_int_equal(read_all(copy, size, file.memory), 0);
        if (size >= FROZEN_HEADER) {
            frozen_store64(copy + FROZEN_AT_SIZE, size);
            reseal(copy, size);
            read_all(copy, size, file.memory);
        }
        free(copy);
    }
    close_file(&file);
}

/* As it comes, the checksums show each; with checksums made anew, nothing is read outside. Each bit, all of them, and none. */
static void every_changed_byte_is_an_error(void **unused) {
    struct file file;
    (void)unused;
    some_file(&file);
    for (size_t change = 0; change < 10 * file.size; change++) {
        char *copy = exact(file.data, file.size), *byte = copy + change / 10, was = *byte;
        if (change % 10 < 8) *byte ^= (char)(1 << change % 10);
        else *byte = change % 10 == 8 ? (char)~was : 0;
        assert_int_equal(read_all(copy, file.size, file.memory), *byte == was);
        reseal(copy, file.size);
        read_all(copy, file.size, file.memory);
        free(copy);
    }
    close_file(&file);
}

static void random_damage_gives_only_errors(void **unused) {
    struct file file;
    (void)unused;
    some_file(&file);
    for (int round = 0; round < 20000; round++) {
        char *copy = exact(file.data, file.size);
        for (uint32_t n = 1 + any(6); n > 0; n--) {
            size_t at = FROZEN_AT_ROOT + any((uint32_t)(file.size - FROZEN_AT_ROOT - 4)) / 4 * 4;
            uint32_t word = any(4) ? any(UINT32_MAX) : any(2) ? any(256) : UINT32_MAX - any(64);
            frozen_store32(copy + at, word);
        }
        reseal(copy, file.size);
        read_all(copy, file.size, file.memory);
        free(copy);
    }
    close_file(&file);
}

/* Each array holds the one before it twice: 2 to the power of 60 values in 60 arrays. */
static void sharing_makes_no_endless_walk(void **unused) {
    char data[FROZEN_HEADER + 12 * 60 + 8] = FROZEN_MAGIC;
    struct meter meter = { 0 };
    struct data_memory memory = { metered, &meter };
    struct frozen_value root;
    struct frozen_walk *walk;
    struct frozen f;
    struct data_event events[64];
    int count;
    (void)unused;
    size_t at = FROZEN_HEADER;
    frozen_store32(data + at, 0);
    at += 4;
    for (uint32_t i = 0; i < 60; i++, at += 12) {
        uint32_t slot = (i ? 3u : 1u) << 3 | FROZEN_TO_ARRAY;
        frozen_store32(data + at, 2 << FROZEN_COUNT_SHIFT | FROZEN_ARRAY);
        frozen_store32(data + at + 4, slot);
        frozen_store32(data + at + 8, slot);
    }
    frozen_store16(data + FROZEN_AT_MAJOR, FROZEN_MAJOR);
    frozen_store64(data + FROZEN_AT_SIZE, sizeof data);
    frozen_store64(data + FROZEN_AT_ROOT, FROZEN_WIDE_TAG(FROZEN_TO_ARRAY) | (at - 12) / 4);
    reseal(data, sizeof data);
    assert_int_equal(frozen_open(data, sizeof data, &f, NULL), 0);
    assert_int_equal(frozen_root(&f, &root), 0);
    assert_int_equal(frozen_walk_open(&f, &root, 0, 0, memory, &walk), 0);
    while ((count = frozen_walk_next(walk, events, 64)) > 0) {}
    assert_int_equal(count, -EILSEQ);
    frozen_walk_close(walk);
    assert_int_equal(read_all(data, sizeof data, memory), 0);
}

static void a_newer_file_says_so(void **unused) {
    struct file file;
    const char *why;
    (void)unused;
    some_file(&file);
    frozen_store16(file.data + FROZEN_AT_MAJOR, FROZEN_MAJOR + 1);
    reseal(file.data, file.size);
    assert_int_equal(frozen_open(file.data, file.size, &file.f, &why), -ENOTSUP);
    assert_non_null(strstr(why, "newer version"));
    frozen_store16(file.data + FROZEN_AT_MAJOR, FROZEN_MAJOR);
    frozen_store16(file.data + FROZEN_AT_MINOR, FROZEN_MINOR + 1);
    reseal(file.data, file.size);
    assert_int_equal(frozen_open(file.data, file.size, &file.f, &why), 0);
    close_file(&file);
}

/* A mapped file that somebody else cuts short. */
static void a_file_cut_short_is_an_error(void **unused) {
    char path[] = "/tmp/frozen_test.XXXXXX";
    struct file file;
    struct row row = { NULL, 0, 0 };
    struct data_event events[32];
    struct frozen_value root;
    struct frozen_walk *walk;
    struct frozen_report report;
    int count;
    (void)unused;
    plat_crash_begin(); /* cmocka has handlers of its own around each test */
    state = 11;
    add(&row, DATA_ARRAY, 0);
    for (int i = 0; i < 20000; i++) add_scalar(&row);
    add(&row, DATA_END, 0);
    open_file(&file, &row, 0);
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, file.data, file.size), file.size);
    const char *data = mmap(NULL, file.size, PROT_READ, MAP_SHARED, fd, 0);
    struct frozen f;
    assert_int_equal(frozen_open(data, file.size, &f, NULL), 0);
    f.is_mapped = 1;
    assert_walk(&f, &row, 0, file.memory);
    assert_int_equal(frozen_root(&f, &root), 0);
    assert_int_equal(frozen_walk_open(&f, &root, 0, 0, file.memory, &walk), 0);
    assert_int_equal(ftruncate(fd, 4096), 0);
    while ((count = frozen_walk_next(walk, events, 32)) > 0) {}
    assert_int_equal(count, -EIO);
    assert_int_equal(frozen_walk_next(walk, events, 32), -EIO);
    assert_int_equal(frozen_check(&f, file.memory, NULL, &report), -EIO);
    frozen_walk_close(walk);
    munmap((void *)data, file.size);
    close(fd);
    unlink(path);
    close_file(&file);
    free_row(&row);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_trees_are_read_as_they_were),
        cmocka_unit_test(every_scalar_can_be_the_root),
        cmocka_unit_test(every_double_is_exact),
        cmocka_unit_test(not_a_number_stays_one),
        cmocka_unit_test(of_equal_keys_the_last_value_stays),
        cmocka_unit_test(one_key_may_come_very_often),
        cmocka_unit_test(missing_keys_are_not_found),
        cmocka_unit_test(tables_have_both_kinds_of_values),
        cmocka_unit_test(strings_and_keys_are_shared),
        cmocka_unit_test(rows_are_an_array_that_can_be_walked_without_it),
        cmocka_unit_test(wrong_events_are_refused),
        cmocka_unit_test(a_refused_allocation_loses_nothing),
        cmocka_unit_test(much_data_needs_little_memory),
        cmocka_unit_test(deep_data_needs_no_stack),
        cmocka_unit_test(every_truncation_is_an_error),
        cmocka_unit_test(every_changed_byte_is_an_error),
        cmocka_unit_test(random_damage_gives_only_errors),
        cmocka_unit_test(sharing_makes_no_endless_walk),
        cmocka_unit_test(a_newer_file_says_so),
        cmocka_unit_test(a_file_cut_short_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
