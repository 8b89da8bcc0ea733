/* shortest.h: a double as the shortest decimal text that reads back as the same double.
 * Invariant: strtod(3) of the text is the number, bit for bit; of the shortest such texts it is the one nearest to it.
 * SPDX-License-Identifier: MIT */
#ifndef SHORTEST_H
#define SHORTEST_H

enum { SHORTEST_TEXT = 32 };

/* Writes a finite number into text[SHORTEST_TEXT] and returns the length; no zero behind it. Whole numbers below 2^53, and
 * what has a decimal exponent from -5 to 16, are written without an exponent: "-0", "100", "0.1", "1e17", "5e-324". Every
 * such text is a number of JSON and of Lua. Source: Raffaello Giulietti, "The Schubfach way to render doubles", 2020. */
int shortest_write(char *text, double number);

#endif
