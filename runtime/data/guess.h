/* guess.h: the format of a text that nobody has told.
 * Invariant: a text that is nothing for sure is not guessed.
 * SPDX-License-Identifier: MIT */
#ifndef GUESS_H
#define GUESS_H

#include <stddef.h>

/* By the ending of a file's name, or by the beginning of a text: an enum data_format, or -1. *separator, unless it is set
 * already, becomes that of a table whose fields are not separated by commas. */
int guess_name(const char *name, char *separator);
int guess_text(const char *text, size_t size, char *separator);

#endif
