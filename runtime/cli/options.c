/* options.c: reading argv.
 * Invariant: see cli.h; nothing is printed or run here.
 * SPDX-License-Identifier: MIT */
#include "cli/cli.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    enum cli_command command;
} commands[] = {
    { "repl", CLI_REPL },
    { "help", CLI_HELP },
    { "doctor", CLI_DOCTOR },
    { "data", CLI_DATA },
};

/* Called under one of stock Lua's names, moonbear is stock Lua. */
static int is_stock(const char *program) {
    const char *slash = strrchr(program, '/');
    const char *base = slash ? slash + 1 : program;
    return strcmp(base, "lua") == 0 || strcmp(base, "lua5.1") == 0;
}

static int refuse(struct cli_options *o, const char *error, const char *culprit) {
    o->error = error;
    o->culprit = culprit;
    return -EINVAL;
}

static int is_command(struct cli_options *o, const char *word) {
    if (o->stock) return 0;
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (strcmp(commands[i].name, word) != 0) continue;
        o->command = commands[i].command;
        return 1;
    }
    return 0;
}

int cli_size(const char *text, size_t *size) {
    size_t number = 0, shift = 0;
    const char *c = text;
    for (; *c >= '0' && *c <= '9'; c++)
        if (__builtin_mul_overflow(number, 10, &number) || __builtin_add_overflow(number, *c - '0', &number)) return -EINVAL;
    if (c == text) return -EINVAL;
    if (*c == 'K' || *c == 'M' || *c == 'G') shift = *c == 'K' ? 10 : *c == 'M' ? 20 : 30, c++;
    if (*c || number > SIZE_MAX >> shift) return -EINVAL;
    *size = number << shift;
    return 0;
}

enum { DEFAULT_STACK = 8 << 20, LEAST_STACK = 64 << 10 };

static int stack_option(struct cli_options *o, const char *word, const char *value) {
    if (cli_size(value, &o->stack_size) != 0) return refuse(o, "needs a size such as 512K, 8M or 1G", word);
    if (o->stack_size > 0 && o->stack_size < LEAST_STACK)
        return refuse(o, "must be at least 64K, or 0 for the stack that the host gives", word);
    return 0;
}

static int memory_option(struct cli_options *o, const char *word, const char *value) {
    if (cli_size(value, &o->engine.memory) != 0) return refuse(o, "needs a size such as 512K, 8M or 1G", word);
    if (o->engine.memory > 0 && o->engine.memory < ENGINE_MEMORY_LEAST)
        return refuse(o, "must be at least 64K, or 0 for no limit", word);
    return 0;
}

static int time_option(struct cli_options *o, const char *word, const char *value) {
    char *end;
    o->seconds = strtod(value, &end);
    if (end == value || *end || !(o->seconds > 0 && o->seconds < 1e9))
        return refuse(o, "needs a number of seconds of CPU time, such as 10 or 0.5", word);
    return 0;
}

static const struct {
    char name[16], lacks[48];
    int (*read)(struct cli_options *o, const char *word, const char *value);
} valued[] = {
    { "--stack-size", "needs a size, as in --stack-size=1M", stack_option },
    { "--memory-limit", "needs a size, as in --memory-limit=64M", memory_option },
    { "--time-limit", "needs seconds, as in --time-limit=10", time_option },
};

static int long_option(struct cli_options *o, const char *word) {
    for (size_t i = 0; i < sizeof valued / sizeof valued[0]; i++) {
        size_t length = strlen(valued[i].name);
        if (strncmp(word, valued[i].name, length) != 0) continue;
        if (word[length] == '=') return valued[i].read(o, word, word + length + 1);
        if (!word[length]) return refuse(o, valued[i].lacks, word);
    }
    if (strcmp(word, "--allow-bytecode") == 0) return o->engine.bytecode = 1, 0;
    if (strcmp(word, "--version") == 0) o->command = CLI_VERSION;
    else if (strcmp(word, "--help") == 0) o->command = CLI_HELP;
    else if (strcmp(word, "--init") == 0) o->init = 1;
    else return refuse(o, "unknown option", word);
    return 0;
}

/* One word of short options, "-v" or "-iE" or "-e" or "-lname". -e and -l take the rest of the word or the next one.
 * Stock Lua refuses words of several options; as `lua` so do we. Returns how many words were used, or < 0. */
static int short_options(struct cli_options *o, int at) {
    for (const char *c = o->argv[at] + 1; *c; c++) {
        switch (*c) {
        case 'i': o->interactive = o->version = 1; break;
        case 'v': o->version = 1; break;
        case 'E': o->ignore_env = 1; break;
        case 'e':
        case 'l':
            o->execute |= *c == 'e';
            if (c[1]) return 1;
            if (!o->argv[at + 1]) return refuse(o, "needs an argument", o->argv[at]);
            return 2;
        default: return refuse(o, "unknown option", o->argv[at]);
        }
        if (o->stock && c[1]) return refuse(o, "unknown option", o->argv[at]);
    }
    return 1;
}

/* The words before the script. Leaves the index of the first word that is none of them. */
static int read_options(struct cli_options *o, int *at) {
    while (o->argv[*at] && o->argv[*at][0] == '-' && o->argv[*at][1]) {
        const char *word = o->argv[*at];
        int used = 1;
        if (strcmp(word, "--") == 0) {
            ++*at;
            return 0;
        }
        if (word[1] == '-') used = o->stock ? refuse(o, "unknown option", word) : long_option(o, word) + 1;
        else used = short_options(o, *at);
        if (o->error) return -EINVAL;
        if (o->command == CLI_VERSION || o->command == CLI_HELP) return 0;
        *at += used;
    }
    return 0;
}

/* What follows a command's name. `data` has words of its own, and a usage. */
static int ask_command(struct cli_options *o) {
    const char *word = o->argv[2];
    o->first = 2;
    if (!word || (o->command != CLI_REPL && o->command != CLI_DOCTOR)) return 0;
    if (strcmp(word, "--help") != 0) return o->command == CLI_REPL ? refuse(o, "repl takes no arguments", word) : 0;
    o->command = CLI_HELP;
    o->first = 1;
    o->argc = 2;
    return 0;
}

int cli_parse(int argc, char **argv, struct cli_options *o) {
    int at = 1;
    memset(o, 0, sizeof *o);
    o->argv = argv;
    o->argc = argc;
    o->stack_size = DEFAULT_STACK;
    o->engine.memory = ENGINE_MEMORY_AUTO;
    if (argc == 0) return 0;
    o->stock = o->engine.bytecode = is_stock(argv[0]);
    if (argv[1] && is_command(o, argv[1])) return ask_command(o);
    int result = read_options(o, &at);
    o->first = at;
    if (result == 0 && argv[at] && o->command == CLI_RUN) o->script = at;
    return result;
}

int cli_each_option(const struct cli_options *o, int (*visit)(void *, char, const char *), void *context) {
    int end = o->script ? o->script : o->first;
    for (int at = 1; at < end; at++) {
        const char *c = o->argv[at] + 1;
        if (*c == '-') continue;
        while (*c && *c != 'e' && *c != 'l') c++;
        if (!*c) continue;
        const char *value = c[1] ? c + 1 : o->argv[++at];
        int result = visit(context, *c, value);
        if (result != 0) return result;
    }
    return 0;
}
