/* stack_stat.c: where the main thread's stack began, as /proc/self/stat tells it, where the auxiliary vector does not.
 * Invariant: any text is taken; the program's name in it may hold blanks, brackets and newlines.
 * SPDX-License-Identifier: MIT */
#include "stack.h"

#include <errno.h>
#include <unistd.h>

/* proc(5): "pid (name) state ...", and startstack is the 28th field: the 26th behind the name, which ends with the last
 * bracket of all. */
enum { BEHIND_NAME = 26 };

static const char *skip(const char *at, const char *end, int fields) {
    for (; at < end && fields > 0; at++)
        if (*at == ' ') fields--;
    return at;
}

uintptr_t stack_stat_parse(const char *text, size_t size) {
    const char *at = text + size, *end = text + size;
    uintptr_t number = 0;
    while (at > text && at[-1] != ')') at--;
    if (at == text) return 0;
    for (at = skip(at, end, BEHIND_NAME); at < end && *at >= '0' && *at <= '9'; at++)
        if (__builtin_mul_overflow(number, 10u, &number) || __builtin_add_overflow(number, (unsigned)(*at - '0'), &number)) return 0;
    return at < end && *at == ' ' ? number : 0;
}

uintptr_t stack_stat(const struct stack_sources *s) {
    char text[1024];
    size_t have = 0;
    ssize_t got;
    int file = s->stat();
    if (file < 0) return 0;
    while (have < sizeof text && ((got = read(file, text + have, sizeof text - have)) > 0 || (got < 0 && errno == EINTR)))
        if (got > 0) have += (size_t)got;
    close(file);
    return stack_stat_parse(text, have);
}
