/* script.h: a script's file as the parser reads it: without a FILE, which costs a start four system calls and as many
 * pages. Standard input stays one, since what a script has read of it is not read again.
 * Invariant: bytes come once and in order; the first error is kept, as ferror and errno keep it.
 * SPDX-License-Identifier: MIT */
#ifndef SCRIPT_H
#define SCRIPT_H

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

struct script {
    int fd;        /* -1: standard input */
    int error;     /* errno of the read that failed, or 0 */
    char *next, *end;
    char buffer[4096];
};

/* Opens `path`, or standard input where it is NULL. Returns 0, or -1 with errno of open(2). */
static inline int script_open(struct script *s, const char *path) {
    s->error = 0;
    s->next = s->end = s->buffer;
    s->fd = path ? open(path, O_RDONLY) : -1;
    return path && s->fd < 0 ? -1 : 0;
}

static inline size_t script_ask(struct script *s) {
    if (s->fd < 0) {
        size_t got = feof(stdin) ? 0 : fread(s->buffer, 1, sizeof s->buffer, stdin);
        if (ferror(stdin)) s->error = errno;
        return got;
    }
    ssize_t got;
    do got = read(s->fd, s->buffer, sizeof s->buffer);
    while (got < 0 && errno == EINTR);
    if (got < 0) s->error = errno;
    return got > 0 ? (size_t)got : 0;
}

/* What has come and was not taken, or the next that comes, without taking it; *size is 0 at the end and after an error. */
static inline const char *script_peek(struct script *s, size_t *size) {
    if (s->next == s->end) {
        s->next = s->buffer;
        s->end = s->buffer + script_ask(s);
    }
    *size = (size_t)(s->end - s->next);
    return s->next;
}

/* As script_peek, and takes it. */
static inline const char *script_take(struct script *s, size_t *size) {
    const char *start = script_peek(s, size);
    s->next = s->end;
    return start;
}

/* Takes the rest of a line, and its end. */
static inline void script_skip_line(struct script *s) {
    size_t size;
    while (script_peek(s, &size), size > 0)
        if (*s->next++ == '\n') return;
}

/* Returns errno of what could not be read, or 0. Standard input stays open. */
static inline int script_close(struct script *s) {
    if (s->fd >= 0) close(s->fd);
    return s->error;
}

#endif
