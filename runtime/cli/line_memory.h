/* line_memory.h: the line editor's memory: linenoise does not look whether memory was refused, so refusals jump out.
 * Invariant: every block that linenoise holds is in one list, so that nothing is lost when it is left by a jump.
 * SPDX-License-Identifier: MIT
 *
 * One thread, one editor. line_redirect.h makes linenoise's own source call these in the place of malloc(3) and so on.
 * A refused allocation longjmps to `line_memory_refused`, which the caller of linenoise has set; the frames between own
 * nothing but blocks of this list. */
#ifndef LINE_MEMORY_H
#define LINE_MEMORY_H

#include <setjmp.h>
#include <stddef.h>

extern jmp_buf line_memory_refused;

/* As their namesakes in the C library, but they do not return when memory is refused. */
void *line_malloc(size_t size);
void *line_calloc(size_t count, size_t size);
void *line_realloc(void *block, size_t size);
char *line_strdup(const char *text);
void line_free(void *block);

/* Runs `reset`, in which line_free does nothing (what the editor frees then may be freed already), and then frees every
 * block there is. */
void line_memory_drop(void (*reset)(void));

#endif
