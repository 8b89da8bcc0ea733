/* number.h: numbers to text and back, as C's "%.*g", "%.*f" and strtod have them but without their cost.
 * Invariant: bit for bit the C library's answers; what the quick way cannot do exactly goes to the C library.
 * SPDX-License-Identifier: MIT */
#ifndef NUMBER_H
#define NUMBER_H

#include <stddef.h>

/* Room for any number in any of these forms. */
enum { NUMBER_TEXT = 512 };

/* Writes sprintf(text, "%.14g", number) into text[32] and returns its length. */
int number_text(char *text, double number);

/* Writes sprintf(text, "%.*g", precision, number) into text[NUMBER_TEXT] and returns its length; precision: 0 to 99. */
int number_general(char *text, double number, int precision);

/* Writes sprintf(text, "%.*f", digits, number) into text[NUMBER_TEXT] and returns its length; digits: 0 to 99. */
int number_fixed(char *text, double number, int digits);

/* Writes the decimal digits of a whole number into text[24] and returns their count, with the sign. */
int number_integer(char *text, long long number);

/* strtod(text, end). */
double number_read(const char *text, char **end);

#endif
