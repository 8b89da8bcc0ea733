/* line_memory.c: a list of blocks that can be dropped as a whole.
 * Invariant: see line_memory.h.
 * SPDX-License-Identifier: MIT */
#include "cli/line_memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* In front of every block; its size keeps the block aligned for anything. */
struct head {
    struct head *next, **link; /* `link` is what points here */
};
_Static_assert(sizeof(struct head) % _Alignof(max_align_t) == 0, "what follows the head is aligned");

jmp_buf line_memory_refused;

static struct head *blocks;
static int dropping;

static void *enlist(struct head *head) {
    head->next = blocks;
    head->link = &blocks;
    if (blocks) blocks->link = &head->next;
    blocks = head;
    return head + 1;
}

static void delist(struct head *head) {
    *head->link = head->next;
    if (head->next) head->next->link = head->link;
}

void *line_malloc(size_t size) {
    struct head *head = size <= SIZE_MAX - sizeof *head ? malloc(sizeof *head + size) : NULL;
    if (!head) longjmp(line_memory_refused, 1);
    return enlist(head);
}

void *line_calloc(size_t count, size_t size) {
    size_t total;
    if (__builtin_mul_overflow(count, size, &total)) longjmp(line_memory_refused, 1);
    return memset(line_malloc(total), 0, total);
}

/* While it moves, the block is in no list; a refusal leaves it where it was. */
void *line_realloc(void *block, size_t size) {
    if (!block) return line_malloc(size);
    struct head *head = (struct head *)block - 1;
    delist(head);
    struct head *moved = size <= SIZE_MAX - sizeof *head ? realloc(head, sizeof *head + size) : NULL;
    if (moved) return enlist(moved);
    enlist(head);
    longjmp(line_memory_refused, 1);
}

char *line_strdup(const char *text) {
    size_t size = strlen(text) + 1;
    return memcpy(line_malloc(size), text, size);
}

void line_free(void *block) {
    if (!block || dropping) return;
    struct head *head = (struct head *)block - 1;
    delist(head);
    free(head);
}

void line_memory_drop(void (*reset)(void)) {
    dropping = 1;
    reset();
    dropping = 0;
    while (blocks) {
        struct head *head = blocks;
        delist(head);
        free(head);
    }
}
