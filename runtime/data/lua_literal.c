/* lua_literal.c: files of Lua that say only what is: `return {...}`, `Name = {...}`, `Word{...}`.
 * Invariant: see parse.h; nothing is executed and no name is looked up; no limit but depth and memory.
 * SPDX-License-Identifier: MIT */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "data/lua_token.h"

/* BEGUN: behind a byte order mark, before a line that may begin with '#'; FIRST: before the first statement; TOP: before
 * another one; NAMED: behind the word it begins with; RETURN: the one value of the file comes; LAST: behind it. ITEM: in a table; SPECIAL: behind its '['; CLOSE: behind that key; EQUALS: behind a
 * name or a key; VALUE: behind '='; BEHIND: behind a value in a table; ENDED: behind one at the top.
 * MINUS: behind a minus with space behind it; QUOTIENT: behind a number, which waits in parser.held for a '/'; ZERO: behind
 * that. parser.held_state is the state in which the value began. */
enum { START, BEGUN, FIRST, TOP, NAMED, RETURN, LAST, ITEM, SPECIAL, CLOSE, EQUALS, VALUE, BEHIND, ENDED, MINUS, QUOTIENT, ZERO };

static int expected(struct lua_text *t, const char *what) {
    return parse_expected(t->p, t->at, what);
}

static int fail(struct lua_text *t, const char *what) {
    return parse_fail(t->p, t->at, "%s", what);
}

static void move(struct lua_text *t, const char *behind, int state) {
    t->at = behind;
    t->p->seen = 0;
    t->state = state;
}

/* ---- Values ---- */

static int after_value(const struct lua_text *t) {
    if (t->p->depth) return BEHIND;
    return t->p->number ? LAST : ENDED;
}

/* A value has come where ITEM, VALUE or RETURN said; as a key where SPECIAL said. */
static inline int put(struct lua_text *t, struct data_event event, const char *behind) {
    struct data_parser *p = t->p;
    if (t->state == SPECIAL) {
        event.flags = DATA_KEY;
        p->frames[p->depth].count++;
        if (event.kind == DATA_STRING) parse_key_text(p, event.as.text, event.size);
        else if (event.kind == DATA_NUMBER) parse_key_number(p, event.as.number);
        else if (event.as.boolean) parse_key_text(p, "true", 4);
        else parse_key_text(p, "false", 5);
    } else if (t->state == ITEM) {
        parse_listed(p);
    }
    t->events[t->count++] = event;
    move(t, behind, t->state == SPECIAL ? CLOSE : after_value(t));
    return 1;
}

static int put_string(struct lua_text *t, int result, const char *const *text, const size_t *size, const char *const *behind) {
    if (result != 1) return result;
    return put(t, (struct data_event){ .kind = DATA_STRING, .size = *size, .as.text = *text }, *behind);
}

static int put_number(struct lua_text *t, double number, const char *behind) {
    if (t->state == SPECIAL && isnan(number)) return fail(t, "a key that is not a number");
    return put(t, (struct data_event){ .kind = DATA_NUMBER, .as.number = number }, behind);
}

/* Waits in another state for what may follow; so space is never kept. */
static int hold(struct lua_text *t, double number, const char *behind, int state) {
    t->p->held = number;
    if (t->state < MINUS) t->p->held_state = t->state;
    move(t, behind, state);
    return 1;
}

/* The value that waits comes, as if nothing had been between. */
static int put_held(struct lua_text *t, double number, const char *behind) {
    t->state = t->p->held_state;
    return put_number(t, number, behind);
}

static int number(struct lua_text *t) {
    double number = 0;
    int is_sure, is_minus = t->state == MINUS;
    const char *behind = t->at;
    int result = lua_token_number(t, &number, &behind, &is_sure);
    if (result != 1) return result;
    if (is_minus) number = -number;
    if (!is_sure) return hold(t, number, behind, QUOTIENT);
    return is_minus ? put_held(t, number, behind) : put_number(t, number, behind);
}

static int quotient(struct lua_text *t) {
    if (*t->at != '/') return put_held(t, t->p->held, t->at);
    move(t, t->at + 1, ZERO);
    return 1;
}

static int zero(struct lua_text *t) {
    const char *behind;
    int result = lua_token_zero(t, &behind);
    return result == 1 ? put_held(t, t->p->held / 0.0, behind) : result;
}

static int open_table(struct lua_text *t) {
    if (t->state == SPECIAL) return expected(t, "a string, a number or a boolean");
    int result = parse_push(t->p, DATA_TABLE, t->events, t->count, t->at);
    if (result < 0) return result;
    struct parse_frame *outer = &t->p->frames[t->p->depth - 1];
    if (t->state == ITEM) {
        outer->key_kind = PARSE_NO_KEY;
        outer->count++;
        outer->listed++;
    }
    t->count++;
    move(t, t->at + 1, ITEM);
    return 1;
}

static int close_table(struct lua_text *t) {
    parse_pop(t->p, t->events, t->count++);
    move(t, t->at + 1, after_value(t));
    return 1;
}

/* "huge" of math.huge, at `at`: 1 and *behind, or 0. */
static int is_huge(struct lua_text *t, const char *at, const char **behind) {
    size_t left = (size_t)(t->end - at);
    *behind = at + 5;
    if (memcmp(at, ".huge", left < 5 ? left : 5) != 0) return parse_fail(t->p, at, "expected math.huge; other names are not looked up");
    if (left < 6 && !t->p->last) return 0;
    if (left < 5 || (left > 5 && lua_token_in_name(at[5]))) return parse_fail(t->p, at, "expected math.huge; other names are not looked up");
    return 1;
}

static int put_huge(struct lua_text *t, const char *at, double number) {
    const char *behind;
    int result = is_huge(t, at, &behind);
    if (result != 1) return result;
    if (t->state == MINUS) t->state = t->p->held_state;
    return put(t, (struct data_event){ .kind = DATA_NUMBER, .as.number = number }, behind);
}

/* A key that is a name, or a value that is a word. */
static int put_name(struct lua_text *t) {
    size_t size;
    const char *name = t->at;
    if (!lua_token_name(t, &size)) return 0;
    const char *behind = name + size;
    if (size == 4 && memcmp(name, "true", 4) == 0) return put(t, (struct data_event){ .kind = DATA_BOOLEAN, .as.boolean = 1 }, behind);
    if (size == 5 && memcmp(name, "false", 5) == 0) return put(t, (struct data_event){ .kind = DATA_BOOLEAN }, behind);
    if (size == 3 && memcmp(name, "nil", 3) == 0) {
        if (t->state == SPECIAL) return fail(t, "a key that is nil");
        return put(t, (struct data_event){ .kind = DATA_NIL }, behind);
    }
    if (size == 4 && memcmp(name, "math", 4) == 0 && behind < t->end && *behind == '.') return put_huge(t, behind, HUGE_VAL);
    if (lua_token_is_reserved(name, size)) return fail(t, "a word of Lua; as a key it is written [\"...\"]");
    if (t->state != ITEM) return fail(t, "expected a literal; names are not looked up, and nothing is executed");
    t->events[t->count++] = (struct data_event){ .kind = DATA_STRING, .flags = DATA_KEY, .size = size, .as.text = name };
    t->p->frames[t->p->depth].count++;
    parse_key_text(t->p, name, size);
    move(t, behind, EQUALS);
    return 1;
}

static int begins_number(char c) {
    return lua_token_is_digit(c) || c == '.';
}

/* Behind a minus, at `at`: math.huge, or a number. */
static int put_negative(struct lua_text *t, const char *at) {
    size_t left = (size_t)(t->end - at);
    if (left == 0 && !t->p->last) return 0;
    if (left && begins_number(*at)) return number(t);
    if (left == 0 || *at != 'm') return parse_expected(t->p, at, "a number behind '-'");
    if (left < 5 && !t->p->last) return 0;
    if (left < 5 || memcmp(at, "math", 4) != 0) return parse_expected(t->p, at, "a number behind '-'");
    return put_huge(t, at + 4, -HUGE_VAL);
}

/* Space, or a comment, may stand behind it. */
static int minus(struct lua_text *t) {
    const char *at = t->at + 1;
    if (at < t->end && (*at == ' ' || (unsigned char)(*at - '\t') < 5)) return hold(t, 0, at, MINUS);
    return put_negative(t, at);
}

static inline int value(struct lua_text *t) {
    const char *text = NULL, *behind = NULL;
    size_t size = 0;
    int result;
    switch (*t->at) {
    case '{': return open_table(t);
    case '"': case '\'':
        result = lua_token_quoted(t, &text, &size, &behind);
        return put_string(t, result, &text, &size, &behind);
    case '[':
        result = lua_token_bracket(t);
        if (result < 0) return 0;
        if (result == 0) return t->state == ITEM ? (move(t, t->at + 1, SPECIAL), 1) : expected(t, "a value");
        result = lua_token_long(t, &text, &size, &behind);
        return put_string(t, result, &text, &size, &behind);
    case '-': return minus(t);
    case '.': return number(t);
    case '}':
        if (t->state == ITEM) return close_table(t);
        return expected(t, "a value");
    default:
        if (lua_token_is_digit(*t->at)) return number(t);
        if (lua_token_begins_name(*t->at)) return put_name(t);
        return expected(t, t->state == ITEM ? "a value, a key or '}'" : "a value");
    }
}

/* ---- Statements ---- */

static int statement(struct lua_text *t) {
    static const char wanted[] = "`return {...}`, `Name = {...}` or `Word{...}`";
    size_t size;
    if (!lua_token_begins_name(*t->at)) {
        if (t->state != FIRST) return expected(t, wanted);
        t->p->number = 1;
        move(t, t->at, RETURN);
        return 1;
    }
    if (!lua_token_name(t, &size)) return 0;
    if (size == 6 && memcmp(t->at, "return", 6) == 0) {
        t->p->number = 1;
        move(t, t->at + size, RETURN);
        return 1;
    }
    if (lua_token_is_reserved(t->at, size)) return expected(t, wanted);
    if (parse_grow(t->p, &t->p->word, size) < 0) return -ENOMEM;
    memcpy(t->p->word.data, t->at, size);
    t->p->word_size = size;
    move(t, t->at + size, NAMED);
    return 1;
}

/* The word's text must outlive the next one. */
static int named(struct lua_text *t) {
    struct data_parser *p = t->p;
    int result, is_word = *t->at == '{';
    if (*t->at != '=' && !is_word) return expected(t, "'=' or '{' behind a name; nothing is executed");
    char *text = parse_scratch(p, p->word_size, &result);
    if (!text) return result < 0 ? result : 2;
    memcpy(text, p->word.data, p->word_size);
    parse_scratch_end(p, text + p->word_size);
    t->events[t->count++] = (struct data_event){ .kind = DATA_STRING, .flags = is_word ? DATA_ENTRY : DATA_KEY, .size = p->word_size, .as.text = text };
    if (is_word) parse_listed(p);
    else parse_key_text(p, text, p->word_size);
    move(t, is_word ? t->at : t->at + 1, VALUE);
    return 1;
}

static int one(struct lua_text *t, char c, int state, const char *what) {
    if (*t->at != c) return expected(t, what);
    move(t, t->at + 1, state);
    return 1;
}

static int behind_value(struct lua_text *t) {
    if (*t->at == '}') return close_table(t);
    if (*t->at != ',' && *t->at != ';') return expected(t, "',' or '}'");
    t->p->frames[t->p->depth].key_kind = PARSE_NO_KEY;
    move(t, t->at + 1, ITEM);
    return 1;
}

static int is_item(const struct lua_text *t) {
    return (t->state < MINUS ? t->state : t->p->held_state) == ITEM;
}

static inline int step(struct lua_text *t) {
    t->p->unlisted = is_item(t);
    switch (t->state) {
    case FIRST: case TOP: return statement(t);
    case NAMED: return named(t);
    case CLOSE: return one(t, ']', EQUALS, "']'");
    case EQUALS: return one(t, '=', VALUE, "'=' behind a key, for no name is looked up or called");
    case BEHIND: return behind_value(t);
    case ENDED: move(t, *t->at == ';' ? t->at + 1 : t->at, TOP); return 1;
    case MINUS: return put_negative(t, t->at);
    case QUOTIENT: return quotient(t);
    case ZERO: return zero(t);
    case LAST: return one(t, ';', LAST, "nothing behind the value of the file");
    default: return value(t);
    }
}

/* Only space is left of the window. */
static int window_ends(struct lua_text *t) {
    t->p->unlisted = is_item(t);
    if (t->p->last && t->state == QUOTIENT) return put_held(t, t->p->held, t->at);
    static const char *const wanted[] = { [NAMED] = "'=' or '{' behind a name", [RETURN] = "a value", [ITEM] = "a value, a key or '}'",
                                          [SPECIAL] = "a key", [CLOSE] = "']'", [EQUALS] = "'='", [VALUE] = "a value", [BEHIND] = "',' or '}'",
                                          [ENDED] = NULL, [MINUS] = "a number behind '-'",
                                          [QUOTIENT] = NULL, [ZERO] = "0 behind '/'" };
    return t->p->last && wanted[t->state] ? expected(t, wanted[t->state]) : 0;
}

static int begin_text(struct lua_text *t) {
    if (t->state == START && !parse_skip_mark(t->p)) return 0;
    t->at = t->p->at;
    t->state = BEGUN;
    if (t->at == t->end && !t->p->last) return 0;
    if (t->at < t->end && *t->at == '#') lua_token_skip_line(t);
    t->state = FIRST;
    return 1;
}

static int literal_run(struct data_parser *p, struct data_event *events, int capacity) {
    struct lua_text t = { p, p->at, p->end, events, 0, p->state };
    int result = t.state <= BEGUN ? begin_text(&t) : 1;
    while (result == 1 && t.count < capacity) {
        result = lua_token_skip(&t);
        if (result == 0) result = window_ends(&t);
        else if (result > 0) result = step(&t);
    }
    p->at = t.at;
    p->state = t.state;
    p->status = result == 2 ? 1 : result;
    return t.count;
}

const struct parse_format parse_lua = { literal_run, 1 };
