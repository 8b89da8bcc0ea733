/* data_path.c: see data_path.h.
 * Invariant: see data_path.h.
 * SPDX-License-Identifier: MIT */
#include "cli/data_path.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' || (unsigned char)c >= 0x80;
}

static int is_digit(char c) {
    return c >= '0' && c <= '9';
}

void data_path_add(struct data_path_text *path, const char *text, size_t size) {
    if (size > sizeof path->text - 1 - path->used) size = sizeof path->text - 1 - path->used;
    memcpy(path->text + path->used, text, size);
    path->used += size;
    path->text[path->used] = 0;
}

static int is_word(const char *name, size_t size) {
    if (size == 0 || !is_letter(name[0]) || name[0] == '-') return 0;
    for (size_t i = 0; i < size; i++)
        if (!is_letter(name[i]) && !is_digit(name[i])) return 0;
    return 1;
}

void data_path_name(struct data_path_text *path, const char *name, size_t size) {
    if (is_word(name, size)) {
        if (path->used) data_path_add(path, ".", 1);
        data_path_add(path, name, size);
        return;
    }
    data_path_add(path, "[\"", 2);
    for (size_t i = 0; i < size; i++) {
        if (name[i] == '"' || name[i] == '\\') data_path_add(path, "\\", 1);
        data_path_add(path, (unsigned char)name[i] < 32 ? "?" : name + i, 1);
    }
    data_path_add(path, "\"]", 2);
}

/* ---- Reading --------------------------------------------------------------------------------------------- */

static int read_word(const char **at, char *room, struct frozen_value *key) {
    size_t size = 0;
    while (is_letter((*at)[size]) || is_digit((*at)[size])) size++;
    if (size == 0) return -EINVAL;
    memcpy(room, *at, size);
    *at += size;
    *key = (struct frozen_value){ .kind = DATA_STRING, .size = size, .as.text = room };
    return 1;
}

static int read_text(const char **at, char *room, struct frozen_value *key) {
    const char *c = *at + 1;
    size_t size = 0;
    for (; *c && *c != '"'; c++) {
        if (*c == '\\' && (c[1] == '"' || c[1] == '\\')) c++;
        room[size++] = *c;
    }
    if (*c != '"') return -EINVAL;
    *at = c + 1;
    *key = (struct frozen_value){ .kind = DATA_STRING, .size = size, .as.text = room };
    return 1;
}

static int read_constant(const char **at, struct frozen_value *key) {
    int is_true = strncmp(*at, "true", 4) == 0;
    if (!is_true && strncmp(*at, "false", 5) != 0) return -EINVAL;
    *at += is_true ? 4 : 5;
    *key = (struct frozen_value){ .kind = DATA_BOOLEAN, .as.boolean = is_true };
    return 1;
}

static int read_number(const char **at, struct frozen_value *key) {
    char *end;
    *key = (struct frozen_value){ .kind = DATA_NUMBER, .as.number = strtod(*at, &end) };
    if (end == *at) return -EINVAL;
    *at = end;
    return 1;
}

int data_path_step(const char **at, int is_first, char *room, struct frozen_value *key) {
    int result;
    if (!**at) return 0;
    if (**at != '[') {
        if (**at == '.') ++*at;
        else if (!is_first) return -EINVAL;
        return read_word(at, room, key);
    }
    ++*at;
    if (**at == '"') result = read_text(at, room, key);
    else if (**at == 't' || **at == 'f') result = read_constant(at, key);
    else result = read_number(at, key);
    if (result < 0 || **at != ']') return -EINVAL;
    ++*at;
    return 1;
}
