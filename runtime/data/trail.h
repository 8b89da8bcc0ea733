/* trail.h: the path of a value as text, such as items[3].name: built from the outermost container to the innermost.
 * Invariant: the text is bounded, whatever the depth: a long one is cut in its middle; it has no control characters.
 * SPDX-License-Identifier: MIT */
#ifndef TRAIL_H
#define TRAIL_H

#include <stddef.h>

enum { TRAIL_HEAD = 56, TRAIL_TAIL = 64, TRAIL_TEXT = 128, TRAIL_KEY = 40 };

/* Zeroed, it is empty. The first characters stay, of the others the last. */
struct trail {
    char head[TRAIL_HEAD], tail[TRAIL_TAIL];
    size_t size;
};

/* One step: a key that is text (of a long one the beginning), a number, or any word. */
void trail_text(struct trail *trail, const char *text, size_t size);
void trail_number(struct trail *trail, double number);
void trail_word(struct trail *trail, const char *word);

/* The whole; "" when there were no steps. */
void trail_write(const struct trail *trail, char text[TRAIL_TEXT]);

#endif
