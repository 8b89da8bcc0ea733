/* line_files.h: what a session keeps and looks up on disk: its history, and the names in a folder.
 * Invariant: the history of sessions at the same time holds whole lines of all of them.
 * SPDX-License-Identifier: MIT
 *
 * All return a count or 0, or a negative errno; any thread; not signal-safe. */
#ifndef LINE_FILES_H
#define LINE_FILES_H

#include <stddef.h>
#include <sys/types.h>

/* How much of a history is read at most; a file of twice the size loses its oldest lines when one is added. */
enum { LINE_FILES_HISTORY = 256 * 1024 };

/* Reads the newest whole lines of `path` that fit into `size` bytes. Returns the number of bytes. */
ssize_t line_files_read(const char *path, char *buffer, size_t size);

/* Adds one line, given without its newline, to `path`, which is made with mode 0600, and its folders with 0700, where
 * they are missing. The line is in the file whole or not at all. Waits at most a tenth of a second for other
 * sessions. Anything but a plain file is refused. */
int line_files_add(const char *path, const char *text, size_t size);

/* Fills `buffer` with the names in `folder`, each ended by a zero, as many as fit. Returns the number of bytes. */
ssize_t line_files_names(const char *folder, char *buffer, size_t size);

#endif
