/* ascii.h: the classes of characters in the only locale there is, without a call; redirect.h puts them in the place of ctype.h.
 * Invariant: the truth of the functions of their names in the locale C, for every value of unsigned char and for EOF.
 * SPDX-License-Identifier: MIT */
#ifndef ASCII_H
#define ASCII_H

static inline int ascii_between(int c, int low, int high) {
    return (unsigned)c - (unsigned)low <= (unsigned)(high - low);
}

static inline int ascii_upper(int c) { return ascii_between(c, 'A', 'Z'); }
static inline int ascii_lower(int c) { return ascii_between(c, 'a', 'z'); }
static inline int ascii_digit(int c) { return ascii_between(c, '0', '9'); }
static inline int ascii_alpha(int c) { return ascii_lower(c | 32); }
static inline int ascii_alnum(int c) { return ascii_alpha(c) || ascii_digit(c); }
static inline int ascii_xdigit(int c) { return ascii_digit(c) || ascii_between(c | 32, 'a', 'f'); }
static inline int ascii_space(int c) { return c == ' ' || ascii_between(c, '\t', '\r'); }

static inline int ascii_graph(int c) { return ascii_between(c, '!', '~'); }
static inline int ascii_punct(int c) { return ascii_graph(c) && !ascii_alnum(c); }
static inline int ascii_control(int c) { return ascii_between(c, 0, 31) || c == 127; }
static inline int ascii_to_lower(int c) { return ascii_upper(c) ? c | 32 : c; }
static inline int ascii_to_upper(int c) { return ascii_lower(c) ? c & ~32 : c; }

#endif
