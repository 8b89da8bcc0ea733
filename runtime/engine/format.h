/* format.h: the conversions of string.format that scripts ask for most, without the C library.
 * Invariant: the bytes of sprintf(3); what is not done here is said, and left to it.
 * SPDX-License-Identifier: MIT */
#ifndef FORMAT_H
#define FORMAT_H

#include <stddef.h>

struct format {
    char conversion;
    int left, zero; /* flags '-' and '0' */
    int width;
    int precision;  /* -1: none given */
};

/* Room for any item of two-digit width and precision. */
enum { FORMAT_TEXT = 512 };

/* Reads what follows a '%'. Returns where it ends, or NULL for the C library or an error message: other flags, wrong forms. */
const char *format_read(const char *text, struct format *format);

/* Writes a number as conversions d i u o x X f g have it into text[FORMAT_TEXT]; returns its length, 0: not done here. */
size_t format_number(char *text, const struct format *format, double number);

#endif
