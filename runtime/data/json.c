/* json.c: JSON as RFC 8259 has it, and NDJSON, a value on each line.
 * Invariant: see parse.h; what is no JSON is refused, so are numbers that no double can come near.
 * SPDX-License-Identifier: MIT */
#include <endian.h>
#include <errno.h>
#include <math.h>
#include <string.h>

#include "data/parse.h"
#include "data/text.h"

/* FIRST_VALUE and FIRST_KEY: an empty container may end here; BEHIND: a value in a container is complete; DONE: one at
 * the top is. */
enum { START, VALUE, FIRST_VALUE, FIRST_KEY, KEY, COLON, BEHIND, DONE };

/* The window and the row, where the compiler can keep them in registers. */
struct json {
    struct data_parser *p;
    const char *at, *end;
    struct data_event *events;
    int count, state, is_lines;
};

#define ALL(byte) (UINT64_C(0x0101010101010101) * (byte))

/* The first byte from `at` on that is a quote, a backslash, a control character or, if wanted, not ASCII. */
static inline const char *plain_end(const char *at, const char *end, int want_ascii) {
    for (; end - at >= 8; at += 8) {
        uint64_t word, quote, slash;
        memcpy(&word, at, 8);
        word = le64toh(word);
        quote = word ^ ALL('"');
        slash = word ^ ALL('\\');
        uint64_t hits = ((word - ALL(32)) & ~word) | ((quote - ALL(1)) & ~quote) | ((slash - ALL(1)) & ~slash);
        if (want_ascii) hits |= word;
        hits &= ALL(128);
        if (hits) return at + (__builtin_ctzll(hits) >> 3);
    }
    for (; at < end; at++) {
        unsigned char c = (unsigned char)*at;
        if (c == '"' || c == '\\' || c < 32 || (want_ascii && c >= 128)) break;
    }
    return at;
}

/* For the path: whether the value that fails has no key. */
static void note(struct json *j) {
    int is_value = j->state == VALUE || j->state == FIRST_VALUE;
    j->p->unlisted = is_value && (j->p->depth ? j->p->frames[j->p->depth].kind == DATA_ARRAY : j->is_lines);
}

static int fail(struct json *j, const char *at, const char *what) {
    note(j);
    return parse_fail(j->p, at, "%s", what);
}

static int expected(struct json *j, const char *what) {
    note(j);
    return parse_expected(j->p, j->at, what);
}

/* ---- Strings: the functions leave `at` at the token's beginning, return 1 and set where its end is ---- */

/* Four digits. */
static int unicode(struct json *j, const char *at, const char *end, uint32_t *value) {
    *value = 0;
    for (int i = 0; i < 4; i++) {
        int digit = at + i < end ? text_hex(at[i]) : -1;
        if (digit < 0) return fail(j, at - 2, "\\u wants four hexadecimal digits");
        *value = *value << 4 | (uint32_t)digit;
    }
    return 1;
}

/* Behind \u: one or two units of UTF-16. Returns the bytes read, from the first digit on. */
static int character(struct json *j, const char *at, const char *end, uint32_t *value) {
    uint32_t low;
    if (unicode(j, at, end, value) < 0) return -EILSEQ;
    if (*value < 0xd800 || *value > 0xdfff) return 4;
    if (*value > 0xdbff) return fail(j, at - 2, "the second half of a surrogate pair without the first");
    if (end - at < 6 || at[4] != '\\' || at[5] != 'u') return fail(j, at - 2, "the first half of a surrogate pair without the second");
    if (unicode(j, at + 6, end, &low) < 0) return -EILSEQ;
    if (low < 0xdc00 || low > 0xdfff) return fail(j, at - 2, "the first half of a surrogate pair without the second");
    *value = 0x10000 + ((*value - 0xd800) << 10) + (low - 0xdc00);
    return 10;
}

static char simple_escape(char c) {
    switch (c) {
    case 'n': return '\n';
    case 't': return '\t';
    case 'r': return '\r';
    case 'b': return '\b';
    case 'f': return '\f';
    case '"': case '\\': case '/': return c;
    default: return 0;
    }
}

/* Decodes [at, end), which contains no quote but behind a backslash. Nothing gets longer by it. */
static int decode(struct json *j, const char *at, const char *end, char **to) {
    while (at < end) {
        const char *slash = memchr(at, '\\', (size_t)(end - at));
        size_t run = (size_t)((slash ? slash : end) - at);
        memcpy(*to, at, run);
        *to += run;
        if (!slash) break;
        at = slash + 2;
        if (slash[1] == 'u') {
            uint32_t value;
            int used = character(j, at, end, &value);
            if (used < 0) return used;
            *to = text_put_utf8(*to, value);
            at += used;
        } else if ((*(*to)++ = simple_escape(slash[1])) == 0) {
            return fail(j, slash, "an unknown escape in a string; there are \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four digits");
        }
    }
    return 1;
}

/* The closing quote of a string that is more than plain ASCII; 0 when the window ends before. parser.mark: it has escapes. */
static int find_quote(struct json *j, const char *at, const char **quote) {
    for (;;) {
        at = plain_end(at, j->end, 0);
        if (at == j->end || (*at == '\\' && at + 1 == j->end)) {
            j->p->seen = (size_t)(at - j->at);
            return j->p->last ? fail(j, j->at, "a string without its closing quote") : 0;
        }
        if (*at == '"') break;
        if (*at != '\\') return fail(j, at, "a control character in a string; it is written as an escape, such as \\n or \\u0001");
        j->p->mark = 1;
        at += 2;
    }
    *quote = at;
    return 1;
}

static __attribute__((noinline)) int long_string(struct json *j, const char *at, const char **text, size_t *size, const char **behind) {
    const char *start = j->at + 1, *quote = NULL;
    int result = find_quote(j, j->p->seen ? j->at + j->p->seen : at, &quote);
    if (result <= 0) return result;
    size_t length = (size_t)(quote - start), good = text_utf8(start, length);
    if (good < length) return fail(j, start + good, "a byte that does not belong to UTF-8");
    *text = start;
    *size = length;
    if (j->p->mark) {
        char *room = parse_scratch(j->p, length, &result), *to = room;
        if (!room) return result < 0 ? result : 2;
        result = decode(j, start, quote, &to);
        if (result < 0) return result;
        parse_scratch_end(j->p, to);
        *text = room;
        *size = (size_t)(to - room);
        j->p->mark = 0;
    }
    *behind = quote + 1;
    return 1;
}

/* 2: the events before must be given first. */
static inline int string(struct json *j, const char **text, size_t *size, const char **behind) {
    if (j->p->seen) return long_string(j, j->at + 1, text, size, behind);
    const char *at = plain_end(j->at + 1, j->end, 1);
    if (at == j->end || *at != '"') return long_string(j, at, text, size, behind);
    *text = j->at + 1;
    *size = (size_t)(at - *text);
    *behind = at + 1;
    return 1;
}

/* ---- Numbers and words ---- */

static int is_digit(char c) {
    return (unsigned char)(c - '0') < 10;
}

static int is_number_part(char c) {
    return is_digit(c) || c == '-' || c == '+' || c == '.' || (c | 32) == 'e';
}

/* Whether text_decimal's number is one of JSON's too: no zero before another digit, digits on both sides of the point. */
static int is_strict(const char *at, size_t size) {
    const char *point = memchr(at, '.', size);
    if (!is_digit(at[0]) || (size > 1 && at[0] == '0' && is_digit(at[1]))) return 0;
    return !point || (point + 1 < at + size && is_digit(point[1]));
}

static int is_exact(const struct text_decimal *decimal, double number) {
    if (!decimal->exact || decimal->power != 0) return 0;
    return decimal->digits <= UINT64_C(1) << 53 || (number < 0x1p64 && (uint64_t)number == decimal->digits);
}

/* A whole number that is not to be rounded: 1 and its event, 0 when it may be a double. */
static int put_integer(struct json *j, const struct text_decimal *decimal, const char *at, size_t size, double number) {
    enum data_integers how = j->p->options.integers;
    int result;
    if (how == DATA_INTEGERS_DEFAULT || how == DATA_INTEGERS_NEAREST || is_exact(decimal, number)) return 0;
    if (how == DATA_INTEGERS_REFUSE) return fail(j, at, "an integer that no double holds exactly; integers=\"text\" or \"nearest\" takes it");
    char *room = parse_scratch(j->p, size, &result);
    if (!room) return result < 0 ? result : 2;
    memcpy(room, at, size);
    parse_scratch_end(j->p, room + size);
    j->events[j->count] = (struct data_event){ .kind = DATA_STRING, .size = size, .as.text = room };
    return 1;
}

static __attribute__((noinline)) int any_number(struct json *j, const char **behind) {
    const char *at = j->at + j->p->seen, *digits = j->at + (*j->at == '-');
    struct text_decimal decimal;
    while (at < j->end && is_number_part(*at)) at++;
    if (at == j->end && !j->p->last) {
        j->p->seen = (size_t)(at - j->at);
        return 0;
    }
    size_t size = (size_t)(at - digits);
    if (size == 0 || text_decimal(digits, size, &decimal) != size || !is_strict(digits, size)) return fail(j, j->at, "a malformed number");
    double number = text_double(decimal.digits, decimal.power, decimal.exact, digits, size);
    if (isinf(number)) return fail(j, j->at, "a number beyond what a double holds");
    int result = decimal.whole ? put_integer(j, &decimal, j->at, (size_t)(at - j->at), number) : 0;
    if (result < 0 || result == 2) return result;
    if (result == 0) j->events[j->count] = (struct data_event){ .kind = DATA_NUMBER, .as.number = digits > j->at ? -number : number };
    *behind = at;
    return 1;
}

/* Whole numbers up to 15 digits at once. */
static inline int number(struct json *j, const char **behind) {
    const char *at = j->at + (*j->at == '-'), *digits = at;
    uint64_t value = 0;
    if (j->p->seen) return any_number(j, behind);
    while (at < j->end && is_digit(*at)) value = value * 10 + (uint64_t)(*at++ - '0');
    if (at == j->end || at - digits > 15 || at == digits || is_number_part(*at) || (*digits == '0' && at - digits > 1)) return any_number(j, behind);
    j->events[j->count] = (struct data_event){ .kind = DATA_NUMBER, .as.number = digits > j->at ? -(double)value : (double)value };
    *behind = at;
    return 1;
}

/* A word that is not whole in the window, or none. */
static __attribute__((noinline)) int cut_word(struct json *j, const char *text, size_t size) {
    size_t have = (size_t)(j->end - j->at);
    if (have >= size || memcmp(j->at, text, have) != 0 || j->p->last) return expected(j, "a value");
    return 0;
}

/* With `text` and `size` constant, the comparison is one of a machine word. */
static inline int word(struct json *j, const char *text, size_t size, enum data_kind kind, int value, const char **behind) {
    if ((size_t)(j->end - j->at) < size || memcmp(j->at, text, size) != 0) return cut_word(j, text, size);
    j->events[j->count] = (struct data_event){ .kind = (uint8_t)kind, .as.boolean = value };
    *behind = j->at + size;
    return 1;
}

/* ---- The grammar. Steps return 1 and have moved `at`, 0 for a cut token, 2 when the row must be given first, or an error ---- */

static inline void value_ends(struct json *j) {
    j->state = j->p->depth ? BEHIND : DONE;
}

static inline void count_value(struct json *j) {
    struct parse_frame *frame = &j->p->frames[j->p->depth];
    if (frame->kind == DATA_ARRAY) frame->count++, frame->listed++;
    else if (j->p->depth) frame->count++;
    else if (j->is_lines) frame->listed++;
}

/* A comma inside a container. */
static inline void comma(struct json *j) {
    struct parse_frame *frame = &j->p->frames[j->p->depth];
    int is_map = frame->kind == DATA_MAP;
    if (is_map) frame->key_kind = PARSE_NO_KEY;
    j->state = is_map ? KEY : VALUE;
    j->at++;
}

/* The comma behind it most often stands there at once. */
static inline int scalar(struct json *j, int result, const char *const *behind) {
    if (result != 1) return result;
    j->at = *behind;
    j->p->seen = 0;
    j->count++;
    count_value(j);
    value_ends(j);
    if (j->at < j->end && *j->at == ',' && j->state == BEHIND) comma(j);
    return 1;
}

static inline int open_container(struct json *j) {
    enum data_kind kind = *j->at == '[' ? DATA_ARRAY : DATA_MAP;
    if (j->p->depth == j->p->options.depth) note(j);
    int result = parse_push(j->p, kind, j->events, j->count, j->at);
    if (result < 0) return result;
    struct parse_frame *outer = &j->p->frames[j->p->depth - 1];
    outer->count++;
    outer->listed += (outer->kind == DATA_ARRAY) | j->is_lines;
    j->at++;
    j->count++;
    j->state = kind == DATA_ARRAY ? FIRST_VALUE : FIRST_KEY;
    return 1;
}

static int close_container(struct json *j) {
    parse_pop(j->p, j->events, j->count++);
    j->at++;
    value_ends(j);
    return 1;
}

static inline int value(struct json *j) {
    const char *text, *behind = NULL;
    size_t size;
    int result;
    switch (*j->at) {
    case '"':
        result = string(j, &text, &size, &behind);
        if (result == 1) j->events[j->count] = (struct data_event){ .kind = DATA_STRING, .size = size, .as.text = text };
        return scalar(j, result, &behind);
    case '{': case '[': return open_container(j);
    case 't': return scalar(j, word(j, "true", 4, DATA_BOOLEAN, 1, &behind), &behind);
    case 'f': return scalar(j, word(j, "false", 5, DATA_BOOLEAN, 0, &behind), &behind);
    case 'n': return scalar(j, word(j, "null", 4, DATA_NIL, 0, &behind), &behind);
    case '-': case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7': case '8': case '9':
        return scalar(j, number(j, &behind), &behind);
    case ']':
        if (j->state == FIRST_VALUE) return close_container(j);
        /* fall through */
    default: return expected(j, j->state == FIRST_VALUE ? "a value or ']'" : "a value");
    }
}

static inline int key(struct json *j) {
    const char *text, *behind;
    size_t size;
    if (*j->at != '"') {
        if (*j->at == '}' && j->state == FIRST_KEY) return close_container(j);
        return expected(j, j->state == FIRST_KEY ? "a key in quotes or '}'" : "a key in quotes");
    }
    int result = string(j, &text, &size, &behind);
    if (result != 1) return result;
    j->events[j->count++] = (struct data_event){ .kind = DATA_STRING, .flags = DATA_KEY, .size = size, .as.text = text };
    parse_key_text(j->p, text, size);
    int has_colon = behind < j->end && *behind == ':';
    j->at = behind + has_colon;
    j->p->seen = 0;
    j->state = has_colon ? VALUE : COLON;
    return 1;
}

static inline int behind_value(struct json *j) {
    int is_map = j->p->frames[j->p->depth].kind == DATA_MAP;
    if (*j->at == ',') {
        comma(j);
        return 1;
    }
    if (*j->at == (is_map ? '}' : ']')) return close_container(j);
    return expected(j, is_map ? "',' or '}'" : "',' or ']'");
}

static int colon(struct json *j) {
    if (*j->at != ':') return expected(j, "':'");
    j->at++;
    j->state = VALUE;
    return 1;
}

/* A line ends: between values of NDJSON, and nowhere else. */
static int line_ends(struct json *j) {
    if (j->p->depth || (j->state != DONE && j->state != VALUE)) return expected(j, "the rest of the value, for each is on a line of its own");
    j->at++;
    j->state = VALUE;
    return 1;
}

static inline int step(struct json *j) {
    switch (j->state) {
    case VALUE: case FIRST_VALUE: return value(j);
    case FIRST_KEY: case KEY: return key(j);
    case COLON: return colon(j);
    case BEHIND: return behind_value(j);
    default: return expected(j, j->is_lines ? "the end of the line" : "nothing behind the value; the format of several values is ndjson");
    }
}

/* The end of a run of blanks: texts for people are indented by many. */
static inline const char *blanks_end(const char *at, const char *end) {
    for (; end - at >= 8; at += 8) {
        uint64_t word;
        memcpy(&word, at, 8);
        word = le64toh(word) ^ ALL(' ');
        if (word) return at + (__builtin_ctzll(word) >> 3);
    }
    while (at < end && *at == ' ') at++;
    return at;
}

static inline int skip_run(struct json *j) {
    while (j->at < j->end) {
        char c = *j->at;
        if (c == '\n' && j->is_lines) {
            int result = line_ends(j);
            if (result < 0) return result;
        } else if (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
            j->at = blanks_end(j->at + 1, j->end);
        } else {
            return 1;
        }
    }
    return 0;
}

/* 1: at a token; 0: the window ends. Most often there is no blank, or one. */
static inline int skip_space(struct json *j) {
    if (j->end - j->at > 1) {
        j->at += *j->at == ' ';
        if ((unsigned char)*j->at > ' ') return 1;
    }
    return skip_run(j);
}

/* Nothing but space is left of the window. */
static int window_ends(struct json *j) {
    if (!j->p->last || j->state == DONE) return 0;
    if (j->is_lines && j->p->depth == 0) return 0;
    static const char *const wanted[] = { "a value", "a value", "a value or ']'", "a key in quotes or '}'", "a key in quotes", "':'" };
    if (j->state == BEHIND) return expected(j, j->p->frames[j->p->depth].kind == DATA_MAP ? "',' or '}'" : "',' or ']'");
    return expected(j, wanted[j->state]);
}

static int json_run(struct data_parser *p, struct data_event *events, int capacity) {
    struct json j = { p, p->at, p->end, events, 0, p->state, p->format == DATA_NDJSON };
    int result = 1;
    if (j.state == START) {
        if (!parse_skip_mark(p)) return 0;
        j.at = p->at;
        j.state = VALUE;
    }
    while (j.count < capacity) {
        result = skip_space(&j);
        if (result == 0) result = window_ends(&j);
        else if (result > 0) result = step(&j);
        if (result != 1) break;
    }
    p->at = j.at;
    p->state = j.state;
    p->status = result == 2 ? 1 : result;
    return j.count;
}

const struct parse_format parse_json = { json_run, 1 };
