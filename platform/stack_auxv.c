/* stack_auxv.c: the main thread's stack, from what the kernel told the program at its start and the limit.
 * Invariant: the limit is only believed whole where the kernel let the stack reach it; emulators do not follow it.
 * SPDX-License-Identifier: MIT */
#include "stack.h"

#include <errno.h>
#include <string.h>
#include <sys/auxv.h>

/* The kernel writes the program's name last before the strings of the environment, and one word of zeros above it
 * (Linux fs/exec.c, fs/binfmt_elf.c); all else that the vector points at lies as much lower as the environment is big. */
uintptr_t stack_top(const struct stack_sources *s) {
    uintptr_t name = s->auxv(AT_EXECFN);
    if (!name) return 0;
    return (name + strlen((const char *)name) + 1 + sizeof(void *) + s->page - 1) & -s->page;
}

static uint64_t believable(uint64_t limit) {
    if (limit == UINT64_MAX) return STACK_USUAL;
    return limit > STACK_LARGEST ? STACK_LARGEST : limit;
}

int stack_auxv(const struct stack_sources *s, struct plat_stack_bounds *bounds) {
    uintptr_t top = stack_top(s);
    uint64_t limit;
    bounds->method = "auxv+rlimit";
    if (!s->main) return -ESRCH;
    if (!top) return -ENOENT;
    int result = s->limit(&limit);
    if (result < 0) return result;
    uint64_t size = believable(limit) & -(uint64_t)s->page;
    if (size >= top) return -ERANGE;
    bounds->lo = top - size;
    bounds->hi = top;
    bounds->guard = STACK_GAP;
    if (stack_probe_works(s) < 0) {
        stack_unconfirmed(s, bounds);
        return 0;
    }
    bounds->confidence = PLAT_HIGH;
    return s->probe(bounds->lo) == 1 ? 0 : -EFAULT;
}
