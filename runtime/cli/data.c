/* data.c: `moonbear data`: what is asked, and the signals while it works.
 * Invariant: a signal ends a verb only where it gives back what it holds; then the process ends by that signal.
 * SPDX-License-Identifier: MIT */
#include "cli/cli.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/data_io.h"

/* ---- Signals --------------------------------------------------------------------------------------------- */

volatile sig_atomic_t data_stopped;

/* The second time it ends at once. No SA_RESTART: a read that waits must end. */
static void stop(int number) {
    if (data_stopped) signal(number, SIG_DFL);
    data_stopped = number;
}

static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
enum { SIGNALS = sizeof signals / sizeof signals[0] };

/* A signal that was ignored when this program was started stays so. */
static void catch_signals(void) {
    struct sigaction action = { .sa_handler = stop }, old;
    for (int i = 0; i < SIGNALS; i++)
        if (sigaction(signals[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN) sigaction(signals[i], &action, NULL);
}

static void end_by_signal(void) {
    int number = (int)data_stopped;
    if (!number) return;
    signal(number, SIG_DFL);
    raise(number);
}

/* ---- Messages -------------------------------------------------------------------------------------------- */

int data_failed(const char *format, ...) {
    va_list arguments;
    if (data_stopped) return CLI_FAILED;
    va_start(arguments, format);
    fprintf(stderr, "%s data: ", report_program());
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    return CLI_FAILED;
}

static const char usage[] =
    "usage: moonbear data convert IN [OUT] [--from=FORMAT] [--to=FORMAT] [--indent=N]\n"
    "       moonbear data freeze IN OUT\n"
    "       moonbear data check FILE\n"
    "       moonbear data show FILE [--json]\n"
    "       moonbear data get FILE PATH [--to=FORMAT]\n"
    "FORMAT is json, ndjson, lua, csv, msgpack or frozen; FILE may be - for a pipe; see `moonbear help frozen`\n";

static int misused(const char *word, const char *why) {
    fprintf(stderr, "%s data: %s%s%s\n%s", report_program(), word, word[0] ? ": " : "", why, usage);
    return CLI_USAGE;
}

/* ---- Options --------------------------------------------------------------------------------------------- */

static const char *value_of(const char *word, const char *name) {
    size_t length = strlen(name);
    return strncmp(word, name, length) == 0 ? word + length : NULL;
}

static const char *read_format(const char *name, int *format) {
    *format = strcmp(name, "frozen") == 0 ? DATA_FROZEN : data_format_find(name);
    return *format < 0 ? "there is no such format: json, ndjson, lua, csv, msgpack or frozen is expected" : NULL;
}

static const char *read_number(const char *text, uint64_t most, uint64_t *number) {
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (end == text || *end || errno || text[0] == '-' || value > most) return "a number is expected";
    *number = value;
    return NULL;
}

static const char *read_separator(const char *text, struct data_request *request) {
    if (strcmp(text, "\\t") == 0 || strcmp(text, "tab") == 0) text = "\t";
    if (strlen(text) != 1 || strchr("\"\r\n", *text)) return "one character is expected, or tab";
    request->parser.separator = request->encoder.separator = *text;
    return NULL;
}

/* NULL, or what is wrong. */
static const char *read_option(const char *word, struct data_request *request) {
    const char *value, *wrong = NULL;
    uint64_t number = 0;
    size_t size = 0;
    if ((value = value_of(word, "--from="))) return read_format(value, &request->from);
    if ((value = value_of(word, "--to="))) return read_format(value, &request->to);
    if ((value = value_of(word, "--separator="))) return read_separator(value, request);
    if ((value = value_of(word, "--indent="))) {
        wrong = read_number(value, 16, &number);
        request->indent = (int)number;
    } else if ((value = value_of(word, "--depth="))) {
        wrong = read_number(value, 100000000, &number);
        request->parser.depth = request->encoder.depth = (uint32_t)number;
    } else if ((value = value_of(word, "--limit="))) {
        wrong = cli_size(value, &size) < 0 ? "needs a size such as 512K, 8M or 1G" : NULL;
        request->parser.limit = size;
    } else if (strcmp(word, "--no-header") == 0) request->parser.no_header = request->encoder.no_header = 1;
    else if (strcmp(word, "--stream") == 0) request->is_stream = 1;
    else if (strcmp(word, "--json") == 0) request->is_json = 1;
    else return "unknown option";
    return wrong;
}

static int read_words(char **words, int count, struct data_request *request) {
    for (int i = 0; i < count; i++) {
        const char *word = words[i], *wrong = NULL;
        if (word[0] == '-' && word[1] == '-') wrong = read_option(word, request);
        else if (word[0] == '-' && word[1]) wrong = "unknown option";
        else if (request->count == 2) wrong = "one word too many";
        else request->words[request->count++] = word;
        if (wrong) return misused(word, wrong);
    }
    return CLI_OK;
}

/* ---- Verbs ----------------------------------------------------------------------------------------------- */

static int convert(struct data_request *request) {
    char separator = 0; /* that of .tsv goes before --separator, which may be meant for what is read */
    int format = request->count > 1 ? data_format_of(request->words[1], &separator) : DATA_GUESS;
    if (request->to == DATA_GUESS) request->to = format;
    if (separator) request->encoder.separator = separator;
    if (request->to == DATA_GUESS) return misused("convert", "the name of the output tells no format: say --to=FORMAT");
    if (request->indent > 0) request->encoder.indent = request->indent;
    return data_convert(request);
}

static int freeze(struct data_request *request) {
    request->to = DATA_FROZEN;
    return data_convert(request);
}

static int check(struct data_request *request) {
    return data_check(request);
}

/* JSON for people has lines. */
static int show(struct data_request *request) {
    request->encoder.indent = request->indent < 0 ? 2 : request->indent;
    return data_show(request);
}

static int get(struct data_request *request) {
    request->encoder.indent = request->indent < 0 ? 2 : request->indent;
    return data_get(request);
}

static const struct {
    const char *name;
    int least, most; /* words behind it */
    int (*run)(struct data_request *request);
} verbs[] = {
    { "convert", 1, 2, convert }, { "freeze", 2, 2, freeze }, { "check", 1, 1, check }, { "show", 1, 1, show }, { "get", 2, 2, get },
};

static int run(size_t verb, char **words, int count) {
    struct data_request request = { .from = DATA_GUESS, .to = DATA_GUESS, .indent = -1 };
    int status = read_words(words, count, &request);
    if (status != CLI_OK) return status;
    if (request.count < verbs[verb].least || request.count > verbs[verb].most)
        return misused(verbs[verb].name, request.count < verbs[verb].least ? "a word is missing" : "one word too many");
    catch_signals();
    status = verbs[verb].run(&request);
    end_by_signal();
    return status;
}

int cli_data(const struct cli_options *o) {
    const char *name = o->first < o->argc ? o->argv[o->first] : "";
    if (strcmp(name, "--help") == 0) return plat_fputs(usage, stdout) < 0 ? CLI_FAILED : CLI_OK;
    for (size_t verb = 0; verb < sizeof verbs / sizeof verbs[0]; verb++)
        if (strcmp(verbs[verb].name, name) == 0) return run(verb, o->argv + o->first + 1, o->argc - o->first - 1);
    return misused(name, name[0] ? "unknown verb" : "a verb is expected");
}
