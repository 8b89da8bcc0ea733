/* text.h: UTF-8 and numbers in runs of bytes that no zero ends.
 * Invariant: nothing outside [text, text + size) is read.
 * SPDX-License-Identifier: MIT */
#ifndef DATA_TEXT_H
#define DATA_TEXT_H

#include <stddef.h>
#include <stdint.h>

/* How many bytes at the beginning of `text` are whole characters of UTF-8 (RFC 3629: no surrogates, no longer form than
 * needed, none above U+10FFFF): `size` when all are. */
size_t text_utf8(const char *text, size_t size);

/* Writes a character (up to U+10FFFF) as UTF-8 and returns behind it; needs up to 4 bytes. */
char *text_put_utf8(char *to, uint32_t character);

/* The value of a hexadecimal digit, or -1. */
int text_hex(char c);

/* The double next to digits * 10^power, halves to even, for any power; 0 or HUGE_VAL beyond what doubles reach. `exact`
 * is 0 when `digits` are only the first 19 of more, the others being in the text, of any length, that text_decimal read. */
double text_double(uint64_t digits, int64_t power, int exact, const char *text, size_t size);

/* A decimal number at the beginning of text: digits, a point, an exponent, as JSON and Lua share them; no sign. Returns how
 * many bytes were read; 0: this is none. */
struct text_decimal {
    uint64_t digits; /* the first 19 */
    int64_t power;   /* of ten, of the last of them */
    int exact;       /* they are all */
    int whole;       /* neither point nor exponent */
};
size_t text_decimal(const char *text, size_t size, struct text_decimal *decimal);

#endif
