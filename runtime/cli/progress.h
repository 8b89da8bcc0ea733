/* progress.h: a line on the terminal that tells how far a long work is.
 * Invariant: nothing is written when standard error is no terminal; the line is gone when the work ends.
 * SPDX-License-Identifier: MIT */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdint.h>

struct progress {
    int is_on;
    const char *name;
    uint64_t total;      /* bytes, 0: not known */
    double begun, shown; /* seconds */
};

void progress_begin(struct progress *progress, const char *name, uint64_t total);

/* Shows the line anew, at most ten times a second. Asks the clock, so call it now and then only. */
void progress_at(struct progress *progress, uint64_t done);
void progress_end(struct progress *progress);

/* A number of bytes for people, "1.5 GB" (powers of 1000), into text, which is returned. */
enum { PROGRESS_SIZE = 24 };
char *progress_size(double bytes, char text[PROGRESS_SIZE]);

#endif
