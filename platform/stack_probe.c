/* stack_probe.c: asking the kernel whether an address can be read, without touching it.
 * Invariant: an address is only believed readable or not where the probe has been seen to tell the two apart.
 * SPDX-License-Identifier: MIT */
#include "stack.h"

#include <errno.h>

/* Less than STACK_GAP, so that a step cannot leap from the stack over the gap below it into another mapping. */
enum { STRIDE = 512 * 1024 };

/* The first page of the address space is never mapped; an address that is not mapped is the harder of the two. */
int stack_probe_works(const struct stack_sources *s) {
    int mapped = s->probe(s->sp & -s->page);
    int unmapped = mapped == 1 ? s->probe(8) : mapped;
    if (mapped == 1 && unmapped == 0) return 0;
    return unmapped < 0 ? unmapped : -ENOTSUP;
}

/* `readable` is, `limit` need not be; the lowest readable page between them when all above it are. */
static uintptr_t bisect(const struct stack_sources *s, uintptr_t readable, uintptr_t limit) {
    while (readable - limit > s->page) {
        uintptr_t middle = (limit + (readable - limit) / 2) & -s->page;
        if (s->probe(middle) == 1) readable = middle;
        else limit = middle;
    }
    return readable;
}

/* Below a stack that grows, the probe grows it: what it finds is reserved from then on. */
static uintptr_t descend(const struct stack_sources *s, uintptr_t from, uintptr_t end) {
    uintptr_t readable = from;
    while (readable > end) {
        uintptr_t next = readable - end > STRIDE ? readable - STRIDE : end;
        if (s->probe(next) != 1) return bisect(s, readable, next);
        readable = next;
    }
    return readable;
}

/* Where the stack stops short of its own limit, something else is short, such as memory that may be locked: what is
 * reserved here would be missing elsewhere. */
static size_t farthest(const struct stack_sources *s) {
    struct plat_stack_bounds told = { 0 };
    return stack_auxv(s, &told) == -EFAULT ? STACK_MODEST : STACK_USUAL;
}

int stack_probe(const struct stack_sources *s, struct plat_stack_bounds *bounds) {
    uintptr_t top = stack_top(s), sp_page = s->sp & -s->page;
    bounds->method = "auxv+probe";
    if (!s->main) return -ESRCH;
    if (!top || s->sp >= top || top < STACK_USUAL) return -ENOENT;
    int result = stack_probe_works(s);
    if (result < 0) return result;
    uintptr_t end = top - farthest(s);
    bounds->lo = sp_page > end ? descend(s, sp_page, end) : sp_page;
    bounds->hi = top;
    bounds->guard = STACK_GAP;
    bounds->confidence = PLAT_MEDIUM;
    return 0;
}

void stack_unconfirmed(const struct stack_sources *s, struct plat_stack_bounds *bounds) {
    uintptr_t page = s->sp & -s->page, guess = page > STACK_GUESS ? page - STACK_GUESS : 0;
    if (bounds->lo < guess && s->sp < bounds->hi) bounds->lo = guess;
    bounds->confidence = PLAT_LOW;
}

/* One page after the other, since nothing is known of what lies below this stack. */
int stack_guess(const struct stack_sources *s, struct plat_stack_bounds *bounds) {
    uintptr_t page = s->sp & -s->page, end = page > STACK_GUESS ? page - STACK_GUESS : 0;
    bounds->method = "guess";
    bounds->confidence = PLAT_LOW;
    bounds->guard = 0;
    bounds->hi = page + STACK_GAP < page ? -s->page : page + STACK_GAP;
    bounds->lo = end;
    if (stack_probe_works(s) < 0) return 0;
    for (bounds->lo = page; bounds->lo > end && s->probe(bounds->lo - s->page) == 1;) bounds->lo -= s->page;
    return 0;
}
