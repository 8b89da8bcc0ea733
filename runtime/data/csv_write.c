/* csv_write.c: events as CSV (RFC 4180): each value at the top a row.
 * Invariant: see writer.h; every row of maps has the cells of all columns, in the columns' order.
 * SPDX-License-Identifier: MIT
 *
 * A row with keys is gathered first, since its cells may come in any order. The first such row names the columns, unless they
 * were given. */
#include <math.h>

#include "data/names.h"
#include "data/shortest.h"
#include "data/writer.h"

enum { BLOCK_LEAST = 256, SCALAR = 48 };

struct block {
    char *data;
    size_t used, size;
};

struct column {
    size_t cell, cell_size; /* within `row` */
    uint64_t row;           /* the number of the row that the cell is of */
};

struct csv {
    struct names names;
    struct block row, columns; /* columns: one for each name */
    size_t expected;        /* the column that comes next if all goes on as before */
    uint64_t rows;          /* the number of this row */
    int fixed;              /* no column is added any more */
    int gathers;            /* this row has keys */
};

/* ---- Memory ---------------------------------------------------------------------------------------------- */

static int grow(struct data_encoder *e, struct block *block, size_t size) {
    if (block->data && block->size - block->used >= size) return 0;
    size_t wanted = 2 * block->size > BLOCK_LEAST ? 2 * block->size : BLOCK_LEAST;
    if (wanted - block->used < size) wanted = block->used + size;
    char *data = e->memory.resize(e->memory.context, block->data, block->size, wanted);
    if (!data) return -ENOMEM;
    block->data = data;
    block->size = wanted;
    return 0;
}

static void give(struct data_encoder *e, struct block *block) {
    if (block->data) e->memory.resize(e->memory.context, block->data, block->size, 0);
}

static int append(struct data_encoder *e, struct block *block, const char *text, size_t size) {
    int result = grow(e, block, size);
    if (result < 0) return result;
    memcpy(block->data + block->used, text, size);
    block->used += size;
    return 0;
}

/* ---- Columns --------------------------------------------------------------------------------------------- */

static struct column *columns(const struct csv *csv) {
    return (struct column *)(void *)csv->columns.data;
}

static int is_name(const struct csv *csv, size_t i, const char *text, size_t size) {
    return names_size(&csv->names, i) == size && memcmp(names_text(&csv->names, i), text, size) == 0;
}

static int add_column(struct data_encoder *e, const char *text, size_t size) {
    struct csv *csv = e->state;
    struct column column = { .row = UINT64_MAX };
    int result = grow(e, &csv->columns, sizeof column);
    if (result == 0) result = names_add(&csv->names, text, size);
    return result < 0 ? result : append(e, &csv->columns, (const char *)&column, sizeof column);
}

/* Most rows have their keys in the same order. Returns the column's index, or a negative errno. */
static int64_t find_column(struct data_encoder *e, const char *text, size_t size) {
    struct csv *csv = e->state;
    if (csv->expected < csv->names.count && is_name(csv, csv->expected, text, size)) return (int64_t)csv->expected++;
    int64_t found = names_find(&csv->names, text, size);
    if (found < 0 && csv->fixed)
        return writer_fail(e, -EDOM, "there is no such column: the header has been written; name all in the option `columns`");
    int result = found < 0 ? add_column(e, text, size) : 0;
    if (result < 0) return result;
    csv->expected = found < 0 ? csv->names.count : (size_t)found + 1;
    return (int64_t)csv->expected - 1;
}

/* ---- Cells ----------------------------------------------------------------------------------------------- */

/* A cell's text; a number is written into `number`. */
static int cell_text(struct data_encoder *e, const struct data_event *event, char number[SHORTEST_TEXT], const char **text, size_t *size) {
    *text = "";
    *size = 0;
    if (event->kind >= DATA_ARRAY) return writer_fail(e, -EDOM, "a cell of CSV holds no table");
    if (event->kind == DATA_STRING) *text = event->as.text, *size = event->size;
    if (event->kind == DATA_BOOLEAN) *text = event->as.boolean ? "true" : "false", *size = event->as.boolean ? 4 : 5;
    if (event->kind != DATA_NUMBER) return 0;
    *text = number;
    if (isfinite(event->as.number)) *size = (size_t)shortest_write(number, event->as.number);
    else *text = isnan(event->as.number) ? "nan" : event->as.number > 0 ? "inf" : "-inf", *size = strlen(*text);
    return 0;
}

/* What begins as a byte order mark does would be taken for one at the beginning of the text. */
static int wants_quotes(char separator, const char *text, size_t size) {
    if (size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) return 1;
    for (size_t i = 0; i < size; i++)
        if (text[i] == separator || text[i] == '"' || text[i] == '\n' || text[i] == '\r') return 1;
    return 0;
}

/* With every quote twice. */
static int write_quoted(struct data_encoder *e, const char *text, size_t size) {
    int result = writer_room(e, 2);
    if (result == 0) writer_byte(e, '"');
    while (size && result == 0) {
        const char *quote = memchr(text, '"', size);
        size_t run = quote ? (size_t)(quote - text) + 1 : size;
        result = writer_text(e, text, run);
        if (result == 0) result = writer_room(e, 2);
        if (result == 0 && quote) writer_byte(e, '"');
        text += run;
        size -= run;
    }
    if (result == 0) writer_byte(e, '"');
    return result;
}

static int write_cell(struct data_encoder *e, uint64_t index, const char *text, size_t size) {
    int result = writer_room(e, 2);
    if (result < 0) return result;
    if (index) writer_byte(e, e->options.separator);
    return wants_quotes(e->options.separator, text, size) ? write_quoted(e, text, size) : writer_text(e, text, size);
}

/* A row of one empty cell would be an empty line. */
static int end_row(struct data_encoder *e, uint64_t cells, int is_empty) {
    int result = writer_room(e, 4);
    if (result < 0) return result;
    if (cells == 1 && is_empty) writer_put(e, "\"\"", 2);
    if (!e->options.plain_newline) writer_byte(e, '\r');
    writer_byte(e, '\n');
    return 0;
}

/* ---- Rows ------------------------------------------------------------------------------------------------ */

static int write_header(struct data_encoder *e) {
    struct csv *csv = e->state;
    int result = 0;
    csv->fixed = 1;
    if (e->options.no_header || csv->names.count == 0) return 0;
    for (size_t i = 0; i < csv->names.count && result == 0; i++)
        result = write_cell(e, i, names_text(&csv->names, i), names_size(&csv->names, i));
    return result < 0 ? result : end_row(e, csv->names.count, names_size(&csv->names, 0) == 0);
}

static int write_row(struct data_encoder *e) {
    struct csv *csv = e->state;
    int result = csv->fixed ? 0 : write_header(e);
    size_t size = 0;
    for (size_t i = 0; i < csv->names.count && result == 0; i++) {
        const struct column *column = &columns(csv)[i];
        size = column->row == csv->rows ? column->cell_size : 0;
        result = write_cell(e, i, size ? csv->row.data + column->cell : "", size);
    }
    return result < 0 ? result : end_row(e, csv->names.count, size == 0);
}

/* A row without keys may be shorter than the others. */
static int fill_row(struct data_encoder *e, uint64_t cells, int is_empty) {
    const struct csv *csv = e->state;
    int result = writer_room(e, csv->names.count + 4);
    if (result < 0) return result;
    for (uint64_t i = cells; i < csv->names.count; i++)
        if (i) writer_byte(e, e->options.separator);
    return end_row(e, cells > csv->names.count ? cells : csv->names.count, is_empty);
}

static int end(struct data_encoder *e) {
    struct csv *csv = e->state;
    uint64_t cells = e->levels[1].count;
    int result, is_empty = cells == 0 || csv->row.used == 0;
    if (cells == 0 && csv->names.count == 0 && e->depth) return writer_fail(e, -EDOM, "a row without cells");
    result = writer_pop(e);
    if (result < 0) return result;
    return csv->gathers ? write_row(e) : fill_row(e, cells, is_empty);
}

static int begin(struct data_encoder *e, const struct data_event *event) {
    struct csv *csv = e->state;
    int result = writer_value(e, event);
    if (result < 0) return result;
    if (event->kind < DATA_ARRAY) return writer_fail(e, -EDOM, "a row of CSV is an array or a map of cells");
    csv->row.used = csv->expected = 0;
    csv->gathers = 0;
    csv->rows++;
    return writer_push(e, event);
}

/* ---- Events ---------------------------------------------------------------------------------------------- */

static int key(struct data_encoder *e, const struct data_event *event) {
    struct csv *csv = e->state;
    char number[SHORTEST_TEXT];
    const char *text;
    size_t size;
    if (e->depth == 0) return writer_fail(e, -EDOM, "CSV has no place for the name of a row");
    int result = writer_key(e, event);
    if (result < 0) return result;
    if (event->kind != DATA_STRING && event->kind != DATA_NUMBER) return writer_fail(e, -EDOM, "the name of a column is a string");
    if (csv->rows > 1 && !csv->fixed)
        return writer_fail(e, -EDOM, "a row with keys behind rows without: name the columns in the option `columns`");
    result = cell_text(e, event, number, &text, &size);
    int64_t column = result < 0 ? result : find_column(e, text, size);
    if (column < 0) return (int)column;
    csv->gathers = 1;
    if (columns(csv)[column].row == csv->rows) return writer_fail(e, -EDOM, "this column comes twice in its row");
    columns(csv)[column].row = csv->rows;
    columns(csv)[column].cell_size = 0;
    return 0;
}

static int gather(struct data_encoder *e, const char *text, size_t size) {
    struct csv *csv = e->state;
    struct column *column = &columns(csv)[csv->expected - 1];
    column->cell = csv->row.used;
    column->cell_size = size;
    return append(e, &csv->row, text, size);
}

/* `row` holds nothing of a row without keys but tells whether it has any text. */
static int listed(struct data_encoder *e, const char *text, size_t size) {
    struct csv *csv = e->state;
    uint64_t index = writer_top(e)->listed - 1;
    if (csv->fixed && csv->names.count && index >= csv->names.count)
        return writer_fail(e, -EDOM, "more cells than the %.0f columns of the header", (double)csv->names.count);
    if (size) csv->row.used = 1;
    return write_cell(e, index, text, size);
}

static int cell(struct data_encoder *e, const struct data_event *event) {
    char number[SHORTEST_TEXT];
    const char *text;
    size_t size;
    int has_key = e->awaits, result = writer_value(e, event);
    if (result == 0) result = cell_text(e, event, number, &text, &size);
    if (result < 0) return result;
    return has_key ? gather(e, text, size) : listed(e, text, size);
}

static int put(struct data_encoder *e, const struct data_event *events, int count) {
    int result = 0;
    for (const struct data_event *event = events; event < events + count && result == 0; event++) {
        if (event->flags & (DATA_KEY | DATA_ENTRY)) result = key(e, event);
        else if (event->kind == DATA_END) result = end(e);
        else result = e->depth ? cell(e, event) : begin(e, event);
    }
    return result;
}

static int finish(struct data_encoder *e) {
    (void)e;
    return 0;
}

static int take_columns(struct data_encoder *e) {
    const struct csv *csv = e->state;
    if (!e->options.columns) return 0;
    for (size_t i = 0; i < e->options.column_count; i++) {
        const char *name = e->options.columns[i];
        if (names_find(&csv->names, name, strlen(name)) >= 0) return writer_fail(e, -EDOM, "`columns` names '%.40s' twice", name);
        int result = add_column(e, name, strlen(name));
        if (result < 0) return result;
    }
    return write_header(e);
}

static int open_csv(struct data_encoder *e) {
    struct csv *csv = e->memory.resize(e->memory.context, NULL, 0, sizeof *csv);
    if (!csv) return -ENOMEM;
    *csv = (struct csv){ 0 };
    names_open(&csv->names, e->memory);
    e->state = csv;
    e->code = take_columns(e);
    return e->code == -ENOMEM ? -ENOMEM : 0;
}

static void close_csv(struct data_encoder *e) {
    struct csv *csv = e->state;
    if (!csv) return;
    names_close(&csv->names);
    give(e, &csv->row);
    give(e, &csv->columns);
    e->memory.resize(e->memory.context, csv, sizeof *csv, 0);
}

const struct writer_format writer_csv = { .open = open_csv, .put = put, .finish = finish, .close = close_csv, .is_stream = 1 };
