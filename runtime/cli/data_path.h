/* data_path.h: places in a tree as text: items[3].name["a key"].
 * Invariant: numbers count from 1; what data_path_name writes data_path_step reads.
 * SPDX-License-Identifier: MIT */
#ifndef DATA_PATH_H
#define DATA_PATH_H

#include <stddef.h>

#include "data/event.h"
#include "data/frozen.h"

/* ---- Writing ---- */

struct data_path_text {
    char text[256];
    size_t used;
};

/* What has no room is left out. */
void data_path_add(struct data_path_text *path, const char *text, size_t size);

/* ".name", or ["..."] for a key that is no word. */
void data_path_name(struct data_path_text *path, const char *name, size_t size);

/* ---- Reading ---- */

/* Reads one step at *at, which moves on: a word (with a point before it, but for the first), [number], [true], [false] or
 * ["text"] with \" and \\ in it. The text of a key lies in `room`, which has as many bytes as the path. Returns 1; 0 at the
 * end; -EINVAL where there is no step. */
int data_path_step(const char **at, int is_first, char *room, struct frozen_value *key);

#endif
