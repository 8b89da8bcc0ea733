/* line.h: reading a line from the user: edited on a terminal, plainly elsewhere.
 * Invariant: between two calls the terminal is as it was found, and standard input has lost nothing.
 * SPDX-License-Identifier: MIT
 *
 * One thread. Nothing here is signal-safe. No function keeps a pointer that it was given. Results are negative errnos:
 * -EINTR the user pressed Ctrl-C, -ENODATA the input has ended, -ENOMEM, else what the host says. */
#ifndef LINE_H
#define LINE_H

#include <stddef.h>

/* The list that `complete` adds to. */
struct line_choices;

struct line_request {
    const char *prompt;
    /* The line `index` lines after the oldest that can be recalled, counted from 0; NULL behind the newest.
     * Each must be valid UTF-8. */
    const char *(*recall)(void *context, int index);
    /* Tab at the end of `text`: call line_choose for each text that could replace it, all of them valid UTF-8. NULL
     * for no completion. While pasted text comes in, a Tab is a Tab and this is not called. */
    void (*complete)(void *context, const char *text, struct line_choices *choices);
    void *context;
};

void line_choose(struct line_choices *choices, const char *text);

/* Whether line_edit can work: standard input is a terminal that moves its cursor when told. */
int line_terminal(void);

/* Reads a line with the editor. `*text` is valid until the next call. Both callbacks may be left by a jump when
 * memory is refused: they must own nothing. -ENOTTY where line_terminal says no. A signal that ends the process
 * restores the terminal first. */
int line_edit(const struct line_request *request, const char **text);

/* Reads a line without an editor, after writing `prompt` to standard output; `*text` is valid until the next call and
 * its `*size` bytes may contain zeros. What does not come from a terminal is written to standard output too, so that
 * a transcript reads like a session. Uses stdio, as io.read does. -EINTR comes only if SIGINT has a handler without
 * SA_RESTART. */
int line_plain(const char *prompt, const char **text, size_t *size);

/* Sees to it that the next prompt begins on a line of its own and hides nothing that a chunk wrote without a newline:
 * such output gets an inverse "%" behind it. Does nothing where standard output is no terminal. */
void line_fresh(void);

/* The width of the terminal on standard output; 80 when it does not tell. */
int line_columns(void);

#endif
