/* lua_token.h: the tokens of Lua 5.1 that literals are made of; for lua_literal.c and lua_token.c only.
 * Invariant: functions leave `at` where the token begins; they return 1 and where it ends, 0 when the window cuts it, 2 when
 * the events before must be given first, or what parse_fail returned.
 * SPDX-License-Identifier: MIT */
#ifndef LUA_TOKEN_H
#define LUA_TOKEN_H

#include "data/parse.h"

/* The window and the row, where the compiler can keep them in registers. */
struct lua_text {
    struct data_parser *p;
    const char *at, *end;
    struct data_event *events;
    int count, state;
};

/* Skips space and comments. 1: a token is at `at`; 0: the window has none. */
int lua_token_skip(struct lua_text *t);

/* For the first line of a file, which Lua skips when it begins with '#': as if a comment had begun. */
void lua_token_skip_line(struct lua_text *t);

/* "..." or '...', with all escapes of Lua 5.1; the text may lie in the parser's scratch. */
int lua_token_quoted(struct lua_text *t, const char **text, size_t *size, const char **behind);

/* [[...]], [=[...]=] and so on. lua_token_bracket: whether one begins at `at`, which is '[': 1 or 0, -1 when the window
 * ends before that can be told. */
int lua_token_bracket(const struct lua_text *t);
int lua_token_long(struct lua_text *t, const char **text, size_t *size, const char **behind);

/* A number, with a minus right before it or not. *is_sure: what stands behind it ends it; else a "/0" may follow, behind space and
 * comments: lua_token_zero reads that zero. */
int lua_token_number(struct lua_text *t, double *number, const char **behind, int *is_sure);
int lua_token_zero(struct lua_text *t, const char **behind);

/* A name or a word of Lua. */
int lua_token_name(struct lua_text *t, size_t *size);

/* Whether a name is a word that Lua keeps for itself. */
int lua_token_is_reserved(const char *name, size_t size);

static inline int lua_token_begins_name(char c) {
    return (unsigned char)((c | 32) - 'a') < 26 || c == '_';
}
static inline int lua_token_is_digit(char c) {
    return (unsigned char)(c - '0') < 10;
}
static inline int lua_token_in_name(char c) {
    return lua_token_begins_name(c) || lua_token_is_digit(c);
}

#endif
