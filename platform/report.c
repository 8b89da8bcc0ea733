/* report.c: writing text where nothing but write(2) may be called.
 * Invariant: no memory, no lock, no stdio; a failed write loses text and nothing else.
 * SPDX-License-Identifier: MIT */
#include "crash.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

void report_begin(struct plat_report *report, int fd) {
    report->fd = fd;
    report->used = 0;
}

void report_flush(struct plat_report *report) {
    size_t written = 0;
    while (written < report->used) {
        ssize_t now = write(report->fd, report->text + written, report->used - written);
        if (now < 0 && errno == EINTR) continue;
        if (now <= 0) break;
        written += (size_t)now;
    }
    report->used = 0;
}

static void put(struct plat_report *report, char c) {
    if (report->used == sizeof report->text) report_flush(report);
    report->text[report->used++] = c;
}

void plat_report_bytes(struct plat_report *report, const char *text, size_t size) {
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)text[i];
        put(report, c < 32 || c == 127 ? '?' : text[i]);
    }
}

void plat_report_text(struct plat_report *report, const char *text) {
    plat_report_bytes(report, text, strlen(text));
}

static void digits(struct plat_report *report, uint64_t number, unsigned base) {
    char text[20];
    size_t at = sizeof text;
    do text[--at] = "0123456789abcdef"[number % base];
    while ((number /= base) != 0);
    plat_report_bytes(report, text + at, sizeof text - at);
}

void plat_report_number(struct plat_report *report, uint64_t number) {
    digits(report, number, 10);
}

void plat_report_address(struct plat_report *report, uintptr_t address) {
    plat_report_text(report, "0x");
    digits(report, address, 16);
}

/* Whole units, rounded down: enough for people, and no division of doubles in a handler. */
void plat_report_size(struct plat_report *report, uint64_t bytes) {
    static const char *const units[] = { " bytes", " KiB", " MiB", " GiB" };
    int unit = 0;
    for (; unit < 3 && bytes >= 10240; unit++) bytes /= 1024;
    digits(report, bytes, 10);
    plat_report_text(report, units[unit]);
}

void plat_report_line(struct plat_report *report) {
    put(report, '\n');
    report_flush(report);
}
