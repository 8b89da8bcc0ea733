/* lua_source.h: random Lua source from a grammar: programs that nearly always compile, and call the library with arguments
 * that are mostly of the right kind.
 * Invariant: the same seed makes the same text; the text is never longer than the room for it.
 * SPDX-License-Identifier: MIT */
#ifndef LUA_SOURCE_H
#define LUA_SOURCE_H

#include <stdarg.h>

#include "fuzz.h"

#include "lua_words.h"

struct source {
    char *text;
    size_t size, room;
    uint64_t random;
    int depth;  /* of nesting, at this place */
    int left;   /* how many more nodes this program may have */
    int loop;   /* inside a loop, where `break` is allowed */
};

static const char *const source_names[] = { "a", "b", "c", "d", "e", "f1", "f2", "st", "ref", "res", "bb", "buf", "par", "frz", "file", "pt", "co", "tab", "str", "self" };

#define COUNT_OF(list) (sizeof(list) / sizeof *(list))
#define ONE_OF(s, list) ((list)[source_below((s), COUNT_OF(list))])

static inline unsigned source_below(struct source *s, size_t count) {
    s->random ^= s->random << 13;
    s->random ^= s->random >> 7;
    s->random ^= s->random << 17;
    return (unsigned)((s->random >> 11) % count);
}

static inline int source_chance(struct source *s, unsigned percent) {
    return source_below(s, 100) < percent;
}

__attribute__((format(printf, 2, 3))) static inline void source_put(struct source *s, const char *format, ...) {
    va_list list;
    va_start(list, format);
    int length = vsnprintf(s->text + s->size, s->room - s->size, format, list);
    va_end(list);
    if (length < 0 || (size_t)length >= s->room - s->size) s->left = 0;
    else s->size += (size_t)length;
    s->text[s->size] = 0;
}

static void source_expression(struct source *s);
static void source_block(struct source *s, int count);
static void source_kind(struct source *s, char kind);

static inline const char *source_name(struct source *s) {
    return ONE_OF(s, source_names);
}

/* ---- Expressions ---- */

static void source_function(struct source *s) {
    int loop = s->loop;
    s->loop = 0;
    source_put(s, source_chance(s, 30) ? "function(self, ...) " : source_chance(s, 50) ? "function(a, b) " : "function(...) ");
    source_block(s, 2);
    if (source_chance(s, 70)) {
        source_put(s, "return ");
        source_expression(s);
    }
    source_put(s, " end");
    s->loop = loop;
}

static void source_table(struct source *s) {
    int count = (int)source_below(s, 4);
    source_put(s, "{ ");
    for (int i = 0; i < count; i++) {
        switch (source_below(s, 4)) {
        case 0: source_put(s, "%s = ", source_name(s)); break;
        case 1:
            source_put(s, "[");
            source_expression(s);
            source_put(s, "] = ");
            break;
        case 2: source_put(s, "%s = ", ONE_OF(s, source_metamethods)); break;
        default: break;
        }
        source_expression(s);
        source_put(s, source_chance(s, 90) ? ", " : "; ");
    }
    if (source_chance(s, 10)) source_put(s, "unpack(tab)");
    source_put(s, "}");
}

static void source_call(struct source *s) {
    const struct source_call *call = &ONE_OF(s, source_calls);
    char last = ANY;
    int optional = 0, first = 1;
    source_put(s, "%s(", call->name);
    for (const char *at = call->arguments; *at; at++) {
        if (*at == OPTIONAL) {
            optional = 1;
            continue;
        }
        if (optional && source_chance(s, 40)) break;
        int times = *at == MANY ? (int)source_below(s, 4) : 1;
        if (*at != MANY) last = *at;
        while (times-- > 0) {
            if (!first) source_put(s, ", ");
            first = 0;
            source_kind(s, last);
        }
    }
    source_put(s, ")");
}

static void source_grammar(struct source *s) {
    static const char *const joins[] = { " * ", " + ", " - ", " / ", "^" };
    source_put(s, "(");
    if (source_chance(s, 50)) source_put(s, "pt");
    else source_put(s, "lpeg.P(%s)", source_chance(s, 70) ? ONE_OF(s, source_strings) : ONE_OF(s, source_numbers));
    const char *join = ONE_OF(s, joins);
    source_put(s, "%s", join);
    if (join[0] == '^') source_kind(s, COUNT);
    else source_kind(s, source_chance(s, 70) && s->left > 0 ? GRAMMAR : ANY);
    source_put(s, ")");
}

/* A value of a kind, nearly always. */
static void source_kind(struct source *s, char kind) {
    if (source_chance(s, 8)) kind = ANY;
    if (--s->left < 0 && strchr("vftl", kind)) kind = STRING;
    if (source_chance(s, 12)) {
        source_put(s, "%s", source_name(s));
        return;
    }
    switch (kind) {
    case NUMBER: source_put(s, "%s", ONE_OF(s, source_numbers)); break;
    case COUNT: source_put(s, "%d", (int)source_below(s, 12) - 3); break;
    case STRING: source_put(s, "%s", ONE_OF(s, source_strings)); break;
    case PATTERN: source_put(s, "%s", ONE_OF(s, source_patterns)); break;
    case PRINT_FORMAT: source_put(s, "%s", ONE_OF(s, source_formats)); break;
    case PACK_FORMAT: source_put(s, "%s", ONE_OF(s, source_packings)); break;
    case DOCUMENT: source_put(s, "%s", ONE_OF(s, source_documents)); break;
    case OPTIONS: source_put(s, "%s", ONE_OF(s, source_options)); break;
    case FORMAT_NAME: source_put(s, "%s", ONE_OF(s, source_format_names)); break;
    case FUNCTION:
        if (source_chance(s, 30)) source_put(s, "f%u", source_below(s, 2) + 1);
        else source_function(s);
        break;
    case TABLE:
        if (source_chance(s, 40)) source_put(s, "tab");
        else source_table(s);
        break;
    case COROUTINE: source_put(s, "co"); break;
    case BYTES:
        if (source_chance(s, 60)) source_put(s, "bb");
        else source_put(s, "bytes.from(%s)", ONE_OF(s, source_strings));
        break;
    case FROZEN: source_put(s, "frz"); break;
    case GRAMMAR: source_grammar(s); break;
    default: source_expression(s);
    }
}

static void source_operation(struct source *s) {
    source_put(s, "(");
    source_expression(s);
    source_put(s, "%s", ONE_OF(s, source_operators));
    source_expression(s);
    source_put(s, ")");
}

static void source_suffix(struct source *s) {
    source_put(s, "%s", source_name(s));
    switch (source_below(s, 4)) {
    case 0: source_put(s, ".%s", source_name(s)); break;
    case 1:
        source_put(s, "[");
        source_expression(s);
        source_put(s, "]");
        break;
    case 2:
        source_put(s, "(");
        source_expression(s);
        source_put(s, ")");
        break;
    default: source_put(s, ":%s(...)", source_name(s));
    }
}

static void source_expression(struct source *s) {
    static const char simple[] = "nnisspx";
    if (--s->left < 0 || s->depth > 12) {
        source_put(s, "%s", source_name(s));
        return;
    }
    s->depth++;
    switch (source_below(s, 12)) {
    case 0: source_kind(s, simple[source_below(s, sizeof simple - 1)]); break;
    case 1: source_put(s, "%s", source_chance(s, 50) ? "nil" : source_chance(s, 50) ? "true" : "false"); break;
    case 2: source_function(s); break;
    case 3: source_table(s); break;
    case 4: source_operation(s); break;
    case 5: source_suffix(s); break;
    case 6:
        source_put(s, "%s", source_chance(s, 40) ? "-" : source_chance(s, 50) ? "not " : "#");
        source_put(s, "%s", source_name(s));
        break;
    case 7: source_put(s, "(...)"); break;
    case 8: case 9: source_put(s, "%s", source_name(s)); break;
    default: source_call(s);
    }
    s->depth--;
}

/* ---- Statements ---- */

static void source_loop(struct source *s) {
    s->loop++;
    switch (source_below(s, 6)) {
    case 0:
        source_put(s, "for k, v in pairs(");
        source_kind(s, TABLE);
        source_put(s, ") do ");
        break;
    case 1:
        source_put(s, "for a, b in ");
        source_call(s);
        source_put(s, " do ");
        break;
    case 2:
        if (source_chance(s, 20)) {
            source_put(s, "while %s do ", source_name(s));
            break;
        } /* fall through */
    default: source_put(s, "for a = 1, %u do ", source_chance(s, 90) ? source_below(s, 40) : source_below(s, 5000));
    }
    source_block(s, 3);
    source_put(s, source_chance(s, 15) ? " break end\n" : " end\n");
    s->loop--;
}

static void source_assignment(struct source *s) {
    const char *name = source_name(s);
    switch (source_below(s, 6)) {
    case 0: source_put(s, "local %s = ", name); break;
    case 1: source_put(s, "%s.%s = ", name, source_name(s)); break;
    case 2: source_put(s, "tab[%s] = ", source_name(s)); break;
    case 3: source_put(s, "%s, %s = %s, ", name, source_name(s), source_name(s)); break;
    default: source_put(s, "%s = ", name);
    }
    source_expression(s);
    source_put(s, "\n");
}

static void source_condition(struct source *s) {
    source_put(s, "if ");
    source_expression(s);
    source_put(s, " then ");
    source_block(s, 2);
    if (source_chance(s, 40)) {
        source_put(s, " else ");
        source_block(s, 2);
    }
    source_put(s, " end\n");
}

/* Errors end a program early: most calls are protected. */
static void source_statement(struct source *s) {
    if (--s->left < 0) return;
    s->depth++;
    switch (source_below(s, 10)) {
    case 0: case 1: source_assignment(s); break;
    case 2: source_condition(s); break;
    case 3: source_loop(s); break;
    case 4:
        source_put(s, "try(");
        source_function(s);
        source_put(s, ", ...)\n");
        break;
    case 5:
        source_put(s, "%s = coroutine.wrap(", source_chance(s, 50) ? "f1" : "f2");
        source_function(s);
        source_put(s, ")\n");
        break;
    default:
        source_put(s, "%s, %s = try(function(...) return ", source_name(s), source_name(s));
        source_call(s);
        source_put(s, " end, ...)\n");
    }
    s->depth--;
}

static void source_block(struct source *s, int count) {
    for (int i = (int)source_below(s, (size_t)count + 1); i >= 0 && s->depth < 14; i--) source_statement(s);
}

/* A program's statements know of no error of the others, mostly. Locals end with a statement; other names are global. */
static void source_top(struct source *s) {
    int alone = source_chance(s, 80);
    if (alone) source_put(s, "try(function(...) ");
    source_statement(s);
    if (alone) source_put(s, " end)\n");
}

/* Writes a program of up to `nodes` parts into `text`, and returns its length. */
static inline size_t source_make(char *text, size_t room, uint64_t seed, int nodes) {
    struct source s = { .text = text, .room = room, .random = seed * 0x9e3779b97f4a7c15u + 1, .left = nodes };
    text[0] = 0;
    while (s.left > 0) source_top(&s);
    return s.size;
}

#endif
