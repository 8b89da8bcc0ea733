/* format.c: reading a format and laying out numbers.
 * Invariant: see format.h.
 * SPDX-License-Identifier: MIT */
#include "engine/format.h"

#include <math.h>
#include <string.h>

#include "engine/number.h"

static int is_digit(char c) {
    return (unsigned char)(c - '0') < 10;
}

static const char *read_two(const char *text, int *number) {
    *number = 0;
    for (int i = 0; i < 2 && is_digit(*text); i++) *number = *number * 10 + (*text++ - '0');
    return text;
}

const char *format_read(const char *text, struct format *format) {
    *format = (struct format){ .precision = -1 };
    if (*text == '-') format->left = 1, text++;
    else if (*text == '0') format->zero = 1, text++;
    text = read_two(text, &format->width);
    if (*text == '.') text = read_two(text + 1, &format->precision);
    format->conversion = *text;
    return strchr("diuoxXfgs", *text) && *text ? text + 1 : NULL;
}

static int write_base(char *text, unsigned long number, unsigned shift, const char *digits) {
    char reversed[24];
    int count = 0;
    do reversed[count++] = digits[number & ((1u << shift) - 1)];
    while (number >>= shift);
    for (int i = 0; i < count; i++) text[i] = reversed[count - 1 - i];
    return count;
}

/* The number without padding. */
static int write_number(char *text, const struct format *format, double number) {
    int digits = format->precision < 0 ? 6 : format->precision;
    switch (format->conversion) {
        case 'f': return number_fixed(text, number, digits);
        case 'g': return number_general(text, number, digits);
        case 'x': return write_base(text, (unsigned long)number, 4, "0123456789abcdef");
        case 'X': return write_base(text, (unsigned long)number, 4, "0123456789ABCDEF");
        case 'o': return write_base(text, (unsigned long)number, 3, "01234567");
        default: return number_integer(text, (long)number);
    }
}

/* Zeros go behind the sign, spaces before or behind everything. */
static size_t pad(char *text, size_t length, const struct format *format) {
    size_t width = (size_t)format->width, more = width - length, sign = format->zero && *text == '-';
    if (length >= width) return length;
    if (format->left) {
        memset(text + length, ' ', more);
    } else {
        memmove(text + sign + more, text + sign, length - sign);
        memset(text + sign, format->zero ? '0' : ' ', more);
    }
    return width;
}

/* Whole numbers that no long holds, NaN among them, are for the C library, which has stock Lua's answer for them. */
#define INTEGER_MOST 9e18

static int is_here(const struct format *format, double number) {
    if (format->conversion == 'f' || format->conversion == 'g') return isfinite(number);
    if (format->precision >= 0 || format->conversion == 's') return 0;
    int is_signed = format->conversion == 'd' || format->conversion == 'i';
    return number >= (is_signed ? -INTEGER_MOST : 0) && number < INTEGER_MOST;
}

size_t format_number(char *text, const struct format *format, double number) {
    if (!is_here(format, number)) return 0;
    return pad(text, (size_t)write_number(text, format, number), format);
}
