/* line.c: linenoise, kept from harming the session: its memory, its terminal modes, its signals.
 * Invariant: see line.h.
 * SPDX-License-Identifier: MIT */
#include "cli/line.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "linenoise.h"

#include "cli/line_memory.h"
#include "platform.h"

static const int deadly[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGABRT, SIGSEGV, SIGBUS };
enum { DEADLY = sizeof deadly / sizeof deadly[0] };

static struct termios found;             /* the terminal as line_edit found it */
static struct sigaction deadly_before[DEADLY];
static const struct line_request *asked; /* what linenoise's callback works for */

/* The names of terminals that linenoise does not edit on, either. */
int line_terminal(void) {
    static const char *const plain[] = { "dumb", "cons25", "emacs" };
    const char *term = getenv("TERM");
    struct termios mode;
    if (tcgetattr(STDIN_FILENO, &mode) != 0) return 0;
    for (size_t i = 0; term && i < sizeof plain / sizeof plain[0]; i++)
        if (strcmp(term, plain[i]) == 0) return 0;
    return 1;
}

/* A fault comes again by itself and is then reported as what it is. */
static void restore_and_die(int number, siginfo_t *info, void *unused) {
    (void)unused;
    tcsetattr(STDIN_FILENO, TCSANOW, &found);
    for (int i = 0; i < DEADLY; i++)
        if (deadly[i] == number) sigaction(number, &deadly_before[i], NULL);
    if ((number != SIGSEGV && number != SIGBUS) || info->si_code <= 0) raise(number);
}

/* A handler of somebody else's stays, as it may mean to go on; only that for a crash does not. */
static void guard_begin(void) {
    struct sigaction guard = { .sa_sigaction = restore_and_die, .sa_flags = SA_SIGINFO | SA_ONSTACK };
    tcgetattr(STDIN_FILENO, &found);
    for (int i = 0; i < DEADLY; i++) {
        sigaction(deadly[i], NULL, &deadly_before[i]);
        int plain = !(deadly_before[i].sa_flags & SA_SIGINFO) && deadly_before[i].sa_handler == SIG_DFL;
        if (plain || deadly[i] == SIGSEGV || deadly[i] == SIGBUS) sigaction(deadly[i], &guard, NULL);
    }
}

static void guard_end(void) {
    tcsetattr(STDIN_FILENO, TCSADRAIN, &found);
    for (int i = 0; i < DEADLY; i++) sigaction(deadly[i], &deadly_before[i], NULL);
}

void line_choose(struct line_choices *choices, const char *text) {
    linenoiseAddCompletion((linenoiseCompletions *)choices, text);
}

/* What arrives faster than a hand types is pasted. */
static int pasting(void) {
    struct pollfd more = { .fd = STDIN_FILENO, .events = POLLIN };
    return poll(&more, 1, 0) == 1;
}

static void choose_tab(const char *text, linenoiseCompletions *choices) {
    size_t length = strlen(text);
    char *longer = line_malloc(length + 2);
    memcpy(longer, text, length);
    memcpy(longer + length, "\t", 2);
    linenoiseAddCompletion(choices, longer);
    line_free(longer);
}

static void complete(const char *text, linenoiseCompletions *choices, void *unused) {
    (void)unused;
    if (pasting()) choose_tab(text, choices);
    else asked->complete(asked->context, text, (struct line_choices *)choices);
}

/* linenoise changes its history while one walks through it: it is given a new one each time. */
static void recall_all(const struct line_request *request) {
    const char *line;
    linenoiseHistorySetMaxLen(1001); /* one more for the line that is edited */
    for (int i = 0; (line = request->recall(request->context, i)) != NULL; i++) linenoiseHistoryAdd(line);
}

/* linenoise says by errno whether it was Ctrl-C or the end (scripts/build/patches/linenoise/0002). */
static int edit(const struct line_request *request, const char **text) {
    asked = request;
    linenoiseSetMultiLine(1);
    linenoiseSetCompletionCallback(request->complete ? complete : NULL, NULL);
    recall_all(request);
    errno = 0;
    *text = linenoise(request->prompt);
    if (*text) return 0;
    return errno == EAGAIN ? -EINTR : -ENODATA;
}

int line_edit(const struct line_request *request, const char **text) {
    int result = -ENOMEM;
    if (!line_terminal()) return -ENOTTY;
    line_memory_drop(linenoiseHistoryFree);
    plat_fflush(stdout);
    guard_begin();
    if (setjmp(line_memory_refused) == 0) result = edit(request, text);
    else result = -ENOMEM;
    guard_end();
    return result;
}

/* The last line read without the editor. */
static struct {
    char *text;
    size_t size, room;
} plain;

static int plain_put(char c) {
    if (plain.size == plain.room) {
        char *bigger = realloc(plain.text, 2 * plain.room + 128);
        if (!bigger) return -ENOMEM;
        plain.text = bigger;
        plain.room = 2 * plain.room + 128;
    }
    plain.text[plain.size++] = c;
    return 0;
}

/* A huge line is not kept for ever. */
static void plain_clear(void) {
    plain.size = 0;
    if (plain.room <= 1024 * 1024) return;
    free(plain.text);
    plain.text = NULL;
    plain.room = 0;
}

/* Why getc has returned EOF. An end seen at a terminal is no end for those who read later. */
static int plain_ended(int cause) {
    int failed = ferror(stdin);
    if (failed || isatty(STDIN_FILENO)) clearerr(stdin);
    if (failed) return cause ? -cause : -EIO;
    return plain.size > 0 ? 0 : -ENODATA;
}

/* A line that is too long for the memory is read to its end all the same, as its rest is no line. */
static int plain_read(void) {
    int result = 0;
    for (;;) {
        errno = 0;
        int c = getc(stdin);
        if (c == '\n') return result;
        if (c == EOF) return result ? result : plain_ended(errno);
        if (result == 0) result = plain_put((char)c);
    }
}

int line_plain(const char *prompt, const char **text, size_t *size) {
    plat_fputs(prompt, stdout);
    plat_fflush(stdout);
    plain_clear();
    int result = plain_read();
    if (result < 0) return result;
    *text = plain.size ? plain.text : "";
    *size = plain.size;
    if (isatty(STDIN_FILENO)) return 0;
    plat_fwrite(*text, 1, *size, stdout);
    plat_fputs("\n", stdout);
    plat_fflush(stdout); /* before anything that the chunk says on standard error */
    return 0;
}

static int columns(void) {
    struct winsize window;
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0 ? window.ws_col : 0;
}

int line_columns(void) {
    int known = columns();
    return known > 0 ? known : 80;
}

/* One column more than fits is written: from the first column it ends in the same row, else in the next. */
void line_fresh(void) {
    int width = columns();
    if (width < 2 || !line_terminal()) return;
    plat_fprintf(stdout, "\x1b[7m%%\x1b[0m%*s\r\x1b[0K", width - 1, "");
    plat_fflush(stdout);
}
