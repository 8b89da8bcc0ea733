/* guess.c: the format of a text from its name or its beginning.
 * Invariant: see guess.h.
 * SPDX-License-Identifier: MIT */
#include "data/guess.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "data/parser.h"

int guess_name(const char *name, char *separator) {
    static const struct {
        char ending[9];
        uint8_t format;
        char separator;
    } endings[] = {
        { "lua", DATA_LUA, 0 },       { "json", DATA_JSON, 0 }, { "ndjson", DATA_NDJSON, 0 },   { "jsonl", DATA_NDJSON, 0 },
        { "csv", DATA_CSV, 0 },       { "tsv", DATA_CSV, '\t' }, { "msgpack", DATA_MSGPACK, 0 }, { "mpk", DATA_MSGPACK, 0 },
        { "geojson", DATA_JSON, 0 },
    };
    const char *dot = strrchr(name, '.'), *slash = strrchr(name, '/');
    if (!dot || (slash && slash > dot)) return -1;
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        if (strcasecmp(dot + 1, endings[i].ending) != 0) continue;
        if (endings[i].separator && !*separator) *separator = endings[i].separator;
        return endings[i].format;
    }
    return -1;
}

static const char *skip_space(const char *at, const char *end) {
    while (at < end && strchr(" \t\r\n", *at) && *at) at++;
    return at;
}

/* Behind the string that begins at `at`, or `end`. */
static const char *skip_string(const char *at, const char *end) {
    for (at++; at < end && *at != '"'; at++)
        if (*at == '\\') at++;
    return at < end ? at + 1 : end;
}

/* Behind the first value in brackets that begins at `at`, on its line; NULL when it does not end there. */
static const char *skip_value(const char *at, const char *end) {
    int depth = 0;
    while (at < end && *at != '\n') {
        if (*at == '"') {
            at = skip_string(at, end);
            continue;
        }
        depth += (*at == '{') + (*at == '[') - (*at == '}') - (*at == ']');
        at++;
        if (depth == 0) return at;
    }
    return NULL;
}

/* A map of JSON has a quoted key and a colon; a table of Lua has neither. */
static int guess_brackets(const char *at, const char *end) {
    const char *inside = skip_space(at + 1, end), *behind;
    if (*at == '{' && inside < end && *inside != '}') {
        if (*inside != '"') return DATA_LUA;
        inside = skip_space(skip_string(inside, end), end);
        if (inside < end && *inside != ':') return DATA_LUA;
    }
    behind = skip_value(at, end);
    if (!behind || (behind = memchr(behind, '\n', (size_t)(end - behind))) == NULL) return DATA_JSON;
    behind = skip_space(behind, end);
    return behind < end && (*behind == '{' || *behind == '[') ? DATA_NDJSON : DATA_JSON;
}

static int is_word(const char *at, const char *end, const char *word) {
    size_t size = strlen(word);
    return (size_t)(end - at) >= size && memcmp(at, word, size) == 0 && (at + size == end || !isalnum((unsigned char)at[size]));
}

/* `return`, a comment, `Name =` or `Word {`. */
static int is_lua(const char *at, const char *end) {
    if (is_word(at, end, "return") || (end - at >= 2 && memcmp(at, "--", 2) == 0)) return 1;
    const char *name = at;
    while (at < end && (isalnum((unsigned char)*at) || *at == '_')) at++;
    if (at == name || isdigit((unsigned char)*name)) return 0;
    at = skip_space(at, end);
    return at < end && (*at == '{' || (*at == '=' && at + 1 < end && at[1] != '='));
}

/* The first line has a separator. */
static int guess_table(const char *at, const char *end, char *separator) {
    static const char separators[] = ",\t;";
    const char *line = memchr(at, '\n', (size_t)(end - at));
    if (!line) line = end;
    for (const char *one = separators; *one; one++) {
        if (!memchr(at, *one, (size_t)(line - at))) continue;
        if (!*separator) *separator = *one;
        return DATA_CSV;
    }
    return -1;
}

int guess_text(const char *text, size_t size, char *separator) {
    const char *end = text + size, *at = text;
    unsigned char first = size ? (unsigned char)*text : 0;
    if (size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) at += 3;
    else if (size && (first >= 0x80 || (first < 32 && !strchr("\t\r\n", first)))) return DATA_MSGPACK;
    at = skip_space(at, end);
    if (at == end) return -1;
    if (*at == '{' || *at == '[') return guess_brackets(at, end);
    if (is_lua(at, end)) return DATA_LUA;
    return guess_table(at, end, separator);
}
