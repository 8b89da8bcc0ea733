/* progress.c: see progress.h.
 * Invariant: see progress.h.
 * SPDX-License-Identifier: MIT */
#include "cli/progress.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { COLUMNS = 80, BAR = 20, LINE = 256 };

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

char *progress_size(double bytes, char text[PROGRESS_SIZE]) {
    static const char *const units[] = { "bytes", "kB", "MB", "GB", "TB", "PB", "EB" };
    int unit = 0;
    while (bytes >= 1000 && unit < 6) bytes /= 1000, unit++;
    snprintf(text, PROGRESS_SIZE, unit && bytes < 100 ? "%.1f %s" : "%.0f %s", bytes, units[unit]);
    return text;
}

void progress_begin(struct progress *progress, const char *name, uint64_t total) {
    const char *slash = strrchr(name, '/');
    memset(progress, 0, sizeof *progress);
    progress->is_on = isatty(STDERR_FILENO);
    if (!progress->is_on) return;
    progress->name = slash && slash[1] ? slash + 1 : name;
    progress->total = total;
    progress->begun = progress->shown = seconds();
}

/* "[=====>    ]  45%", and how long it will take. */
static int write_share(const struct progress *progress, char *line, uint64_t done, double rate) {
    char bar[BAR + 1];
    double share = done < progress->total ? (double)done / (double)progress->total : 1;
    for (int i = 0; i < BAR; i++) bar[i] = i < (int)(share * BAR) ? '=' : ' ';
    bar[BAR] = 0;
    double left = rate > 0 ? (double)(progress->total - (done < progress->total ? done : progress->total)) / rate : 0;
    long minutes = left < 1e7 ? (long)left / 60 : 0;
    return snprintf(line, LINE, " [%s] %3.0f%%  %ld:%02ld left", bar, share * 100, minutes, left < 1e7 ? (long)left % 60 : 0L);
}

static int columns(void) {
    struct winsize window;
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col ? window.ws_col : COLUMNS;
}

static void show(const struct progress *progress, uint64_t done, double elapsed) {
    char line[LINE], share[LINE] = "", size[PROGRESS_SIZE], speed[PROGRESS_SIZE];
    double rate = elapsed > 0 ? (double)done / elapsed : 0;
    if (progress->total) write_share(progress, share, done, rate);
    int length = snprintf(line, sizeof line, "%.40s%s  %s  %s/s", progress->name, share, progress_size((double)done, size), progress_size(rate, speed));
    int most = columns() - 1;
    if (length > most) length = most;
    fprintf(stderr, "\r%.*s\033[K", length, line);
    fflush(stderr);
}

void progress_at(struct progress *progress, uint64_t done) {
    if (!progress->is_on) return;
    double now = seconds();
    if (now - progress->shown < 0.1) return;
    progress->shown = now;
    show(progress, done, now - progress->begun);
}

void progress_end(struct progress *progress) {
    if (progress->is_on && progress->shown > progress->begun) fputs("\r\033[K", stderr);
    progress->is_on = 0;
}
