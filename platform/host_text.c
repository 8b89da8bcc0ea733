/* host_text.c: reading what the kernel's text files say.
 * Invariant: see host.h; no byte outside the span is read, whatever it holds.
 * SPDX-License-Identifier: MIT */
#include "host.h"

#include <errno.h>
#include <string.h>

int host_word(struct host_span *text, const char *ends, struct host_span *word) {
    size_t length = 0;
    if (text->size == 0) return 0;
    while (length < text->size && (text->at[length] == 0 || !strchr(ends, text->at[length]))) length++;
    *word = (struct host_span){ text->at, length };
    size_t taken = length < text->size ? length + 1 : length;
    text->at += taken;
    text->size -= taken;
    return 1;
}

int host_line(struct host_span *text, struct host_span *line) {
    return host_word(text, "\n", line);
}

int host_is(struct host_span span, const char *text) {
    return span.size == strlen(text) && memcmp(span.at, text, span.size) == 0;
}

int host_option(struct host_span list, const char *item, struct host_span *value) {
    struct host_span option, name;
    while (host_word(&list, ",", &option)) {
        if (!host_word(&option, "=", &name) || !host_is(name, item)) continue;
        if (value) *value = option;
        return 1;
    }
    return 0;
}

char *host_keep(struct host_span span, char *to, size_t size) {
    size_t length = span.size < size - 1 ? span.size : size - 1;
    memcpy(to, span.at, length);
    to[length] = 0;
    return to;
}

static int is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n';
}

static struct host_span trim(struct host_span text) {
    while (text.size && is_blank(text.at[0])) text.at++, text.size--;
    while (text.size && is_blank(text.at[text.size - 1])) text.size--;
    return text;
}

int host_parse_number(struct host_span text, uint64_t *number) {
    uint64_t sum = 0;
    text = trim(text);
    *number = PLAT_UNLIMITED;
    if (host_is(text, "max") || host_is(text, "-1")) return 0;
    if (text.size == 0) return -EINVAL;
    for (size_t i = 0; i < text.size; i++) {
        unsigned digit = (unsigned char)text.at[i] - (unsigned)'0';
        if (digit > 9) return -EINVAL;
        if (__builtin_mul_overflow(sum, 10u, &sum) || __builtin_add_overflow(sum, digit, &sum)) sum = PLAT_UNLIMITED;
    }
    if (sum < UINT64_C(1) << 62) *number = sum;
    return 0;
}

int host_parse_status(struct host_span text, const char *field, struct host_span *value) {
    struct host_span line, name;
    while (host_line(&text, &line)) {
        if (!host_word(&line, ":", &name) || !host_is(name, field)) continue;
        *value = trim(line);
        return 0;
    }
    return -ENOENT;
}

/* A line is "hierarchy:controllers:path"; version 2 is hierarchy 0 without controllers. The path may have colons. */
int host_parse_cgroup(struct host_span text, const char *controller, struct host_span *path) {
    struct host_span line, hierarchy, controllers;
    while (host_line(&text, &line)) {
        if (!host_word(&line, ":", &hierarchy) || !host_word(&line, ":", &controllers)) continue;
        int fits = controller ? host_option(controllers, controller, NULL)
                              : host_is(hierarchy, "0") && controllers.size == 0;
        if (!fits || line.size == 0 || line.at[0] != '/') continue;
        *path = line;
        return 0;
    }
    return -ENOENT;
}

/* "id parent device root point options [tag...] - type source super-options" */
static int read_mount(struct host_span line, struct host_span *type, struct host_mount *mount) {
    struct host_span word;
    for (int i = 0; i < 6; i++) {
        if (!host_word(&line, " ", &word)) return 0;
        if (i == 3) mount->root = word;
        if (i == 4) mount->point = word;
    }
    do if (!host_word(&line, " ", &word)) return 0;
    while (!host_is(word, "-"));
    return host_word(&line, " ", type) && host_word(&line, " ", &word) && host_word(&line, " ", &mount->options);
}

int host_parse_mount(struct host_span text, const char *type, const char *option, struct host_mount *mount) {
    struct host_span line, found;
    struct host_mount one;
    int result = -ENOENT;
    while (host_line(&text, &line)) {
        if (!read_mount(line, &found, &one) || !host_is(found, type)) continue;
        if (option && !host_option(one.options, option, NULL)) continue;
        *mount = one;
        result = 0;
    }
    return result;
}

int host_parse_cpu_max(struct host_span text, uint64_t *percent) {
    struct host_span quota_text;
    uint64_t quota, period;
    text = trim(text);
    if (!host_word(&text, " ", &quota_text)) return -EINVAL;
    if (host_parse_number(quota_text, &quota) != 0 || host_parse_number(text, &period) != 0) return -EINVAL;
    if (period == 0 || period == PLAT_UNLIMITED) return -EINVAL;
    /* The kernel's quota is at most 2^44 microseconds; anything above is not from it. */
    if (quota != PLAT_UNLIMITED && quota > UINT64_C(1) << 44) return -EINVAL;
    *percent = quota == PLAT_UNLIMITED ? PLAT_UNLIMITED : quota * 100 / period;
    return 0;
}
