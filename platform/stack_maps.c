/* stack_maps.c: what /proc/self/maps says, where there is one.
 * Invariant: any text is taken; only lines that begin as a mapping does are believed.
 * SPDX-License-Identifier: MIT */
#include "stack.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

void stack_maps_begin(struct stack_maps *m, uintptr_t sp) {
    memset(m, 0, sizeof *m);
    m->sp = sp;
}

static int digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Both numbers of a line are there: lines are in the order of their addresses. */
static void take_line(struct stack_maps *m) {
    if (m->number[0] >= m->number[1]) return;
    if (m->number[1] <= m->sp && !m->hi) m->below = m->number[1];
    if (m->number[0] > m->sp || m->sp >= m->number[1] || m->hi) return;
    m->lo = m->number[0];
    m->hi = m->number[1];
}

static void feed_number(struct stack_maps *m, char c) {
    int value = digit(c);
    if (value >= 0 && m->digits < (int)(2 * sizeof(uintptr_t))) {
        m->number[m->field] = m->number[m->field] << 4 | (uintptr_t)value;
        m->digits++;
        return;
    }
    int ends = m->digits > 0 && c == (m->field == 0 ? '-' : ' ');
    m->field = ends ? m->field + 1 : 3;
    m->digits = 0;
    if (m->field == 2) take_line(m);
}

void stack_maps_feed(struct stack_maps *m, const char *text, size_t size) {
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '\n') m->field = m->digits = 0, m->number[0] = m->number[1] = 0;
        else if (m->field < 2) feed_number(m, text[i]);
    }
}

static int read_all(int file, struct stack_maps *m) {
    char text[1024];
    for (;;) {
        ssize_t got = read(file, text, sizeof text);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return got == 0 ? 0 : -errno;
        stack_maps_feed(m, text, (size_t)got);
        if (m->hi) return 0;
    }
}

/* The kernel's stack ends where the auxiliary vector says; where that says nothing, it is the mapping that it began in. */
static int is_kernels(const struct stack_sources *s, const struct stack_maps *m) {
    uintptr_t top = s->main ? stack_top(s) : 0, start;
    if (!s->main || top) return s->main && m->hi == top;
    start = stack_stat(s);
    return m->lo <= start && start < m->hi;
}

/* It shows what is mapped now, so the kernel's own stack may have more below. Of any other stack only as much as one
 * would guess is believed: two mappings side by side are shown as one. */
static void believe(const struct stack_sources *s, const struct stack_maps *m, struct plat_stack_bounds *bounds) {
    int kernels = is_kernels(s, m);
    uintptr_t guess = s->sp < STACK_GUESS ? 0 : (s->sp & -s->page) - STACK_GUESS;
    bounds->lo = kernels || m->lo > guess ? m->lo : guess;
    bounds->hi = m->hi;
    bounds->guard = kernels ? STACK_GAP : m->lo - m->below;
    bounds->confidence = kernels ? PLAT_MEDIUM : PLAT_LOW;
}

int stack_maps(const struct stack_sources *s, struct plat_stack_bounds *bounds) {
    struct stack_maps m;
    bounds->method = "maps";
    int file = s->maps();
    if (file < 0) return file;
    stack_maps_begin(&m, s->sp);
    int result = read_all(file, &m);
    close(file);
    if (result < 0) return result;
    if (!m.hi) return -ENOENT;
    believe(s, &m, bounds);
    return 0;
}
