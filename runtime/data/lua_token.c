/* lua_token.c: comments, strings, numbers and names of Lua 5.1.
 * Invariant: see lua_token.h. A comment may be longer than any window: parser.mark says in which one we are.
 * SPDX-License-Identifier: MIT
 *
 * The forms are those of the reference manual, 2.1; what the manual leaves open (an escape before any other character, the
 * end of a line in a string) is what the stock llex.c does. */
#include "data/lua_token.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "data/text.h"

/* parser.mark: in a comment to the end of the line; 1 + level: in a long one; 0: in none. */
enum { LINE = -1 };

/* ---- Brackets and comments ---- */

/* Behind an opening bracket of any level; NULL: it is none, *cut: the window ends first. */
static const char *open_bracket(const char *at, const char *end, int *level, int *cut) {
    *level = *cut = 0;
    for (at++; at < end && *at == '='; at++) ++*level;
    *cut = at == end;
    return at < end && *at == '[' ? at + 1 : NULL;
}

/* The closing bracket of a level at or behind `at`; else NULL, and *at where to look next time. */
static const char *find_close(const char **at, const char *end, int level) {
    for (const char *from = *at; (from = memchr(from, ']', (size_t)(end - from))) != NULL; from++) {
        const char *to = from + 1;
        while (to < end && *to == '=' && to - from - 1 < level) to++;
        if (to == end) {
            *at = from;
            return NULL;
        }
        if (to - from - 1 == level && *to == ']') return from;
    }
    *at = end;
    return NULL;
}

static int in_comment(struct lua_text *t) {
    struct data_parser *p = t->p;
    if (p->mark == LINE) {
        const char *line = memchr(t->at, '\n', (size_t)(t->end - t->at));
        t->at = line ? line + 1 : t->end;
        if (!line) return 0;
    } else {
        const char *close = find_close(&t->at, t->end, p->mark - 1);
        if (!close) return p->last ? parse_fail(p, t->end, "a long comment without its end") : 0;
        t->at = close + p->mark + 1;
    }
    p->mark = 0;
    return 1;
}

/* At "--": what kind of comment. 0: the window ends first. */
static int begin_comment(struct lua_text *t) {
    int level, cut;
    if (t->end - t->at == 2 && !t->p->last) return 0;
    const char *inside = t->end - t->at > 2 && t->at[2] == '[' ? open_bracket(t->at + 2, t->end, &level, &cut) : (cut = 0, NULL);
    if (cut && !t->p->last) return 0;
    t->p->mark = inside ? level + 1 : LINE;
    t->at = inside ? inside : t->at + 2;
    return 1;
}

void lua_token_skip_line(struct lua_text *t) {
    t->p->mark = LINE;
}

int lua_token_skip(struct lua_text *t) {
    for (;;) {
        if (t->p->mark) {
            int result = in_comment(t);
            if (result <= 0) return result;
        }
        while (t->at < t->end && (*t->at == ' ' || (unsigned char)(*t->at - '\t') < 5)) t->at++;
        if (t->at == t->end) return 0;
        if (*t->at != '-') return 1;
        if (t->end - t->at == 1) return t->p->last;
        if (t->at[1] != '-') return 1;
        if (!begin_comment(t)) return 0;
    }
}

/* ---- Strings ---- */

#define ALL(byte) (UINT64_C(0x0101010101010101) * (byte))

/* The first quote, backslash or end of a line. */
static inline const char *quoted_end(const char *at, const char *end, char quote) {
    for (;; at++) {
        for (; end - at >= 8; at += 8) {
            uint64_t word, quotes, slashes;
            memcpy(&word, at, 8);
            word = le64toh(word);
            quotes = word ^ ALL((unsigned char)quote);
            slashes = word ^ ALL('\\');
            uint64_t hits = ((word - ALL(14)) & ~word) | ((quotes - ALL(1)) & ~quotes) | ((slashes - ALL(1)) & ~slashes);
            hits &= ALL(128);
            if (!hits) continue;
            at += __builtin_ctzll(hits) >> 3;
            break;
        }
        if (at == end || *at == quote || *at == '\\' || *at == '\n' || *at == '\r') return at;
    }
}

static int escape_value(char c) {
    static const char letters[] = "abfnrtv", values[] = "\a\b\f\n\r\t\v";
    const char *at = c ? strchr(letters, c) : NULL;
    return at ? values[at - letters] : (unsigned char)c;
}

/* \ddd: up to three digits. */
static int decimal_escape(struct lua_text *t, const char **at, const char *end, int *value) {
    const char *slash = *at - 1, *most = end - *at > 3 ? *at + 3 : end;
    *value = 0;
    for (; *at < most && lua_token_is_digit(**at); ++*at) *value = *value * 10 + (**at - '0');
    return *value <= 255 ? 1 : parse_fail(t->p, slash, "an escape above \\255");
}

/* Nothing gets longer by it. */
static int decode(struct lua_text *t, const char *at, const char *end, char **to) {
    while (at < end) {
        const char *slash = memchr(at, '\\', (size_t)(end - at));
        size_t run = (size_t)((slash ? slash : end) - at);
        memcpy(*to, at, run);
        *to += run;
        if (!slash) break;
        at = slash + 1;
        int value;
        if (lua_token_is_digit(*at)) {
            int result = decimal_escape(t, &at, end, &value);
            if (result < 0) return result;
        } else {
            value = *at == '\r' ? '\n' : escape_value(*at);
            if (value == '\n' && at + 1 < end && (at[0] == '\n' || at[0] == '\r') && (at[1] == '\n' || at[1] == '\r') && at[0] != at[1]) at++;
            at++;
        }
        *(*to)++ = (char)value;
    }
    return 1;
}

/* The closing quote. A backslash takes what follows with it, both bytes of an end of a line too. */
static int find_quote(struct lua_text *t, const char **quote) {
    struct data_parser *p = t->p;
    const char *at = t->at + (p->seen ? p->seen : 1);
    for (;;) {
        at = quoted_end(at, t->end, *t->at);
        size_t left = (size_t)(t->end - at);
        int is_line = left > 1 && *at == '\\' && (at[1] == '\n' || at[1] == '\r');
        if (left == 0 || (*at == '\\' && (left == 1 || (is_line && left == 2)))) {
            p->seen = (size_t)(at - t->at);
            return p->last ? parse_fail(p, t->at, "a string without its closing quote") : 0;
        }
        if (*at == *t->at) break;
        if (*at != '\\') return parse_fail(p, at, "the end of a line in a string; it is written as \\n");
        at += is_line && (at[2] == '\n' || at[2] == '\r') && at[1] != at[2] ? 3 : 2;
    }
    *quote = at;
    return 1;
}

int lua_token_quoted(struct lua_text *t, const char **text, size_t *size, const char **behind) {
    const char *quote = NULL;
    int result = find_quote(t, &quote);
    if (result != 1) return result;
    *text = t->at + 1;
    *size = (size_t)(quote - *text);
    *behind = quote + 1;
    if (!memchr(*text, '\\', *size)) return 1;
    char *room = parse_scratch(t->p, *size, &result), *to = room;
    if (!room) return result < 0 ? result : 2;
    result = decode(t, *text, quote, &to);
    if (result < 0) return result;
    parse_scratch_end(t->p, to);
    *text = room;
    *size = (size_t)(to - room);
    return 1;
}

int lua_token_bracket(const struct lua_text *t) {
    int level, cut;
    if (open_bracket(t->at, t->end, &level, &cut)) return 1;
    return cut && !t->p->last ? -1 : 0;
}

/* Every way to end a line becomes \n. */
static char *copy_lines(char *to, const char *at, const char *end) {
    while (at < end) {
        char c = *at++;
        if (c == '\r' || c == '\n') {
            if (at < end && (*at == '\r' || *at == '\n') && *at != c) at++;
            c = '\n';
        }
        *to++ = c;
    }
    return to;
}

int lua_token_long(struct lua_text *t, const char **text, size_t *size, const char **behind) {
    int level, cut, result;
    const char *inside = open_bracket(t->at, t->end, &level, &cut), *look = t->p->seen ? t->at + t->p->seen : inside;
    const char *close = find_close(&look, t->end, level);
    if (!close) {
        t->p->seen = (size_t)(look - t->at);
        return t->p->last ? parse_fail(t->p, t->at, "a long string without its end") : 0;
    }
    if (inside < close && (*inside == '\n' || *inside == '\r')) {
        int is_pair = inside + 1 < close && (inside[1] == '\n' || inside[1] == '\r') && inside[1] != inside[0];
        inside += 1 + is_pair;
    }
    *text = inside;
    *size = (size_t)(close - inside);
    *behind = close + level + 2;
    if (!memchr(inside, '\r', *size)) return 1;
    char *room = parse_scratch(t->p, *size, &result);
    if (!room) return result < 0 ? result : 2;
    char *to = copy_lines(room, inside, close);
    parse_scratch_end(t->p, to);
    *text = room;
    *size = (size_t)(to - room);
    return 1;
}

/* ---- Numbers ---- */

/* As llex.c cuts them: digits and points, a sign behind an E, and whatever a name could go on with. */
static const char *number_end(const char *start, const char *at, const char *end) {
    for (; at < end; at++) {
        int is_sign = (*at == '+' || *at == '-') && at > start && (at[-1] | 32) == 'e';
        if (!is_sign && !lua_token_in_name(*at) && *at != '.') break;
    }
    return at;
}

/* Hexadecimal, which strtod(3) reads. */
static int read_hexadecimal(const char *at, size_t size, double *number) {
    char copy[64], *stop;
    if (size >= sizeof copy || size < 3 || at[0] != '0' || (at[1] | 32) != 'x') return 0;
    memcpy(copy, at, size);
    copy[size] = 0;
    *number = strtod(copy, &stop);
    return stop == copy + size;
}

static int read_number(struct lua_text *t, const char *at, size_t size, double *number) {
    struct text_decimal decimal;
    if (text_decimal(at, size, &decimal) == size) return *number = text_double(decimal.digits, decimal.power, decimal.exact, at, size), 1;
    if (read_hexadecimal(at, size, number)) return 1;
    return parse_fail(t->p, at, "a malformed number");
}

/* Whether a number ends here for sure: no quotient can follow. */
static int is_separator(char c) {
    return c == ',' || c == '}' || c == ']' || c == ';';
}

/* Whole numbers up to 15 digits with a separator behind them, which most are. */
static int plain_number(const struct lua_text *t, double *number, const char **behind) {
    const char *at = t->at + (*t->at == '-'), *digits = at;
    uint64_t value = 0;
    while (at < t->end && lua_token_is_digit(*at)) value = value * 10 + (uint64_t)(*at++ - '0');
    if (at == t->end || at == digits || at - digits > 15 || !is_separator(*at)) return 0;
    *number = digits > t->at ? -(double)value : (double)value;
    *behind = at;
    return 1;
}

int lua_token_number(struct lua_text *t, double *number, const char **behind, int *is_sure) {
    *is_sure = 1;
    if (t->p->seen == 0 && plain_number(t, number, behind)) return 1;
    const char *at = t->at, *digits = at + (*at == '-'), *from = at + t->p->seen < digits ? digits : at + t->p->seen;
    const char *end = number_end(digits, from, t->end);
    if (end == t->end && !t->p->last) {
        t->p->seen = (size_t)(end - at);
        return 0;
    }
    int result = read_number(t, digits, (size_t)(end - digits), number);
    if (result != 1) return result;
    if (digits != at) *number = -*number;
    *behind = end;
    *is_sure = end < t->end && is_separator(*end);
    return 1;
}

int lua_token_zero(struct lua_text *t, const char **behind) {
    if (t->end - t->at < 2 && !t->p->last) return 0;
    *behind = t->at + 1;
    int is_zero = *t->at == '0' && (t->end - t->at < 2 || (!lua_token_in_name(t->at[1]) && t->at[1] != '.'));
    return is_zero ? 1 : parse_fail(t->p, t->at, "a quotient; only the forms 1/0, -1/0 and 0/0 are literals");
}

/* ---- Names ---- */

int lua_token_name(struct lua_text *t, size_t *size) {
    const char *at = t->at + t->p->seen;
    while (at < t->end && lua_token_in_name(*at)) at++;
    *size = (size_t)(at - t->at);
    if (at < t->end || t->p->last) return 1;
    t->p->seen = *size;
    return 0;
}

/* By their first letters; from[c] is where those with letter c begin. */
int lua_token_is_reserved(const char *name, size_t size) {
    static const struct {
        char text[9];
        uint8_t size;
    } words[] = {
        { "and", 3 }, { "break", 5 }, { "do", 2 },    { "else", 4 },   { "elseif", 6 }, { "end", 3 },  { "false", 5 },
        { "for", 3 }, { "function", 8 }, { "if", 2 }, { "in", 2 },     { "local", 5 },  { "nil", 3 },  { "not", 3 },
        { "or", 2 },  { "repeat", 6 }, { "return", 6 }, { "then", 4 }, { "true", 4 },   { "until", 5 }, { "while", 5 },
    };
    static const uint8_t from[27] = { 0, 1, 2, 2, 3, 6, 9, 9, 9, 11, 11, 11, 12, 12, 14, 15, 15, 15, 17, 17, 19, 20, 20, 21, 21, 21, 21 };
    unsigned letter = (unsigned char)(name[0] - 'a');
    if (letter >= 26 || size > 8) return 0;
    for (unsigned i = from[letter]; i < from[letter + 1]; i++)
        if (words[i].size == size && memcmp(words[i].text, name, size) == 0) return 1;
    return 0;
}
