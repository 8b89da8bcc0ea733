/* trail.c: the path of a value as text.
 * Invariant: see trail.h.
 * SPDX-License-Identifier: MIT */
#include "data/trail.h"

#include <string.h>

#include "data/shortest.h"

static void put(struct trail *trail, const char *text, size_t size) {
    for (size_t i = 0; i < size; i++, trail->size++) {
        char c = (unsigned char)text[i] < 32 || text[i] == 127 ? '?' : text[i];
        if (trail->size < TRAIL_HEAD) trail->head[trail->size] = c;
        else trail->tail[(trail->size - TRAIL_HEAD) % TRAIL_TAIL] = c;
    }
}

static int is_letter(char c) {
    return (unsigned char)((c | 32) - 'a') < 26 || c == '_';
}

static int is_name(const char *text, size_t size) {
    if (size == 0 || !is_letter(text[0])) return 0;
    for (size_t i = 1; i < size; i++)
        if (!is_letter(text[i]) && (unsigned char)(text[i] - '0') > 9) return 0;
    return 1;
}

void trail_text(struct trail *trail, const char *text, size_t size) {
    int is_cut = size > TRAIL_KEY;
    if (is_cut) size = TRAIL_KEY;
    if (is_name(text, size)) {
        if (trail->size) put(trail, ".", 1);
        put(trail, text, size);
        if (is_cut) put(trail, "...", 3);
    } else {
        put(trail, "[\"", 2);
        put(trail, text, size);
        put(trail, "...\"]" + (is_cut ? 0 : 3), is_cut ? 5 : 2);
    }
}

void trail_word(struct trail *trail, const char *word) {
    put(trail, "[", 1);
    put(trail, word, strlen(word));
    put(trail, "]", 1);
}

void trail_number(struct trail *trail, double number) {
    char text[SHORTEST_TEXT + 1];
    if (number - number != 0) {
        trail_word(trail, number > 0 ? "inf" : number < 0 ? "-inf" : "nan");
        return;
    }
    text[shortest_write(text, number)] = 0;
    trail_word(trail, text);
}

void trail_write(const struct trail *trail, char text[TRAIL_TEXT]) {
    size_t head = trail->size < TRAIL_HEAD ? trail->size : TRAIL_HEAD, rest = trail->size - head;
    size_t tail = rest < TRAIL_TAIL ? rest : TRAIL_TAIL;
    memcpy(text, trail->head, head);
    if (rest > tail) memcpy(text + head, "...", 3), head += 3;
    for (size_t i = 0; i < tail; i++) text[head + i] = trail->tail[(rest - tail + i) % TRAIL_TAIL];
    text[head + tail] = 0;
}
