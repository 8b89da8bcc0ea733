/* names.h: the names of a table's columns: in their order, each once, found in constant time.
 * Invariant: nobody who chooses the names can foresee where they lie in the hash.
 * SPDX-License-Identifier: MIT */
#ifndef NAMES_H
#define NAMES_H

#include <stddef.h>
#include <stdint.h>

#include "data/parser.h"

struct name {
    size_t at, size; /* within `text` */
};

struct names {
    struct data_memory memory;
    struct name *list;
    size_t count, room;
    char *text;
    size_t used, text_room;
    uint32_t *slots; /* index + 1; at most half of them are taken */
    size_t slot_room;
    uint64_t secret[2];
};

void names_open(struct names *names, struct data_memory memory);
void names_close(struct names *names);

/* None is left; the memory stays. */
void names_clear(struct names *names);

/* The index of a name, or -ENOENT. */
int64_t names_find(const struct names *names, const char *text, size_t size);

/* One more, which is not there yet, copied. 0, or -ENOMEM, and then all is as before. Texts may move. */
int names_add(struct names *names, const char *text, size_t size);

static inline const char *names_text(const struct names *names, size_t index) {
    return names->text + names->list[index].at;
}
static inline size_t names_size(const struct names *names, size_t index) {
    return names->list[index].size;
}

#endif
