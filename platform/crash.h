/* crash.h: what the files of the crash report share; nobody else includes it but their tests.
 * Invariant: everything declared here is signal-safe.
 * SPDX-License-Identifier: MIT */
#ifndef CRASH_H
#define CRASH_H

#include <signal.h>

#include "platform.h"

/* Collects a report and writes it to a descriptor whenever it is full. */
struct plat_report {
    int fd;
    size_t used;
    char text[480];
};
void report_begin(struct plat_report *report, int fd);
void report_flush(struct plat_report *report);

/* Whether somebody handles faults, so that plat_guarded can rely on it. */
extern int guard_armed;

/* Called by the handler first: jumps out of the innermost plat_guarded of this thread that covers `address`. Returns
 * when there is none. */
void guard_abandon(const void *address);

/* "SIGSEGV"; what the signal means; what is known of the address. The stack's bounds may be NULL. */
const char *crash_signal(int number);
void crash_cause(struct plat_report *report, const siginfo_t *info, uintptr_t sp, const struct plat_stack_bounds *stack);

/* The frames of the code that `context` interrupted, and its stack pointer (0: not known). */
void frames_warm(void);
uintptr_t frames_sp(void *context);
void frames_write(struct plat_report *report, void *context, const struct plat_stack_bounds *stack);

#endif
