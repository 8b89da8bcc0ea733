/* platform.h: what moonbear asks of Linux and the C library; nobody includes another header of this folder.
 * Invariant: every question may be refused by the host with any errno; no function here aborts because of it.
 * SPDX-License-Identifier: MIT
 *
 * Conventions. A function that can fail returns 0 or a negative errno unless it says otherwise. Memory is the
 * caller's unless it says otherwise. "Signal-safe" functions may be called from a signal handler. All functions may
 * be called from any thread unless they say otherwise. Nothing here knows Lua. */
#ifndef PLATFORM_H
#define PLATFORM_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* ---- Standard streams (stdio.c) ------------------------------------------------------------------------- */

/* Occupies each of the descriptors 0, 1 and 2 that is closed, so that a file opened later cannot land there and receive
 * the program's output. Their use still fails with EBADF: 0 cannot be read, 1 and 2 cannot be written. Call first in
 * main. Never fails: a host that refuses descriptors cannot open such a file either. Source of the hazard: POSIX
 * open(2), "lowest numbered". */
void plat_streams_reserve(void);

/* fputs(3), fwrite(3), fprintf(3) and fflush(3) that remember the first error on standard output for plat_exit. */
int plat_fputs(const char *text, FILE *stream);
size_t plat_fwrite(const void *data, size_t size, size_t count, FILE *stream);
int plat_fprintf(FILE *stream, const char *format, ...) __attribute__((format(printf, 2, 3)));
int plat_fflush(FILE *stream);

/* Flushes every stream and ends the process with `status`; when standard output lost anything on the way, says so on
 * standard error under the name the program was called by, and makes a status of 0 into 1. Runs atexit functions. */
_Noreturn void plat_exit(int status);

/* ---- Stack (stack.c and its answers stack_*.c) ------------------------------------------------------------ */

/* The lowest usable address of the calling thread's stack; 0 until plat_stack_measure has run on this thread.
 * Below it lies only what the margins of the engine's checks are for. Never 0 after a measurement. */
extern _Thread_local uintptr_t plat_stack_floor;

/* Finds the calling thread's stack bounds anew and sets plat_stack_floor. Cannot fail: the worst answer is a guess
 * that is safe. Costs up to 20 us. Not signal-safe. */
void plat_stack_measure(void);

/* Bytes between the caller's frame and the floor; negative below the floor, which says that the bounds were wrong.
 * Two loads and a subtraction once the thread has been measured. */
static inline ptrdiff_t plat_stack_remaining(void) {
    if (__builtin_expect(plat_stack_floor == 0, 0)) plat_stack_measure();
    return (ptrdiff_t)((uintptr_t)__builtin_frame_address(0) - plat_stack_floor);
}

/* Runs fn(arg) on a new mapping of `size` bytes (rounded up to pages) with a guard page below it, on the same thread,
 * and returns when fn does. When the host refuses the mapping, halves it down to 128 KiB, and at last runs fn where
 * it is. fn runs exactly once, whatever the host allows. Returns the usable bytes of the mapping, 0 when it ran on
 * the caller's stack. plat_stack_remaining is right inside fn and again after it. fn must not longjmp out. */
size_t plat_stack_run(size_t size, void (*fn)(void *arg), void *arg);

/* ---- Locale (locale.c) ---------------------------------------------------------------------------------- */

/* setlocale(3), but true: the only locale of a static binary is "C", so NULL asks for it, "C", "POSIX" and "" set
 * it, and every other name is refused with NULL. Returns a static string. */
char *plat_setlocale(int category, const char *name);

/* ---- Running commands (process.c) ----------------------------------------------------------------------- */

/* 0 when this host has a shell that may be executed (/bin/sh, as system(3) and popen(3) need), else a negative errno. */
int plat_shell(void);

/* ---- Native frames (symbols.c) -------------------------------------------------------------------------- */

/* Makes the unwinder ready, so that a later trace in a signal handler neither allocates nor takes a lock for the
 * first time. Returns the number of frames that it sees from here, 0 when it sees none. */
int plat_unwind_warm(void);

/* ---- This program (host.c) ------------------------------------------------------------------------------ */

/* The build id of this binary as lower-case hexadecimal text, or "" when it was linked without one. Static memory. */
const char *plat_build_id(void);

/* The C library that this binary is linked with, such as "musl 1.2.3". Static memory. */
const char *plat_libc(void);

/* The architecture that this binary was built for, such as "x86_64". Static memory. */
const char *plat_arch(void);

#endif
