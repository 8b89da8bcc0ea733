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

/* fputs(3), fwrite(3), fprintf(3) and fflush(3) that remember the first error on standard output for plat_exit.
 * EBADF is the errno for a stream that is not open for writing. */
int plat_fputs(const char *text, FILE *stream);
size_t plat_fwrite(const void *data, size_t size, size_t count, FILE *stream);
int plat_fprintf(FILE *stream, const char *format, ...) __attribute__((format(printf, 2, 3)));
int plat_fflush(FILE *stream);

/* Flushes standard output. Returns 0, or the negative errno of the first write to it that ever failed, which plat_exit
 * will report. */
int plat_flush(void);

/* To be called when the user has interrupted the program: forgets that a write to standard output was cut short by a
 * signal. Another error comes again with the next write. */
void plat_stdout_forgive(void);

/* clearerr(3) and fgets(3) for which a failure has an errno even where the C library sets none: EBADF for a stream that
 * is not open for reading. plat_clearerr speaks for the read that follows it. */
void plat_clearerr(FILE *stream);
char *plat_fgets(char *line, int size, FILE *stream);

/* The bytes of a stream that lie in its buffer, which is filled when it is empty: `*size` of them, at least one, valid until
 * the next use of the stream. NULL at the end and on errors, which feof(3) and ferror(3) tell apart; errno as for plat_fgets.
 * plat_stream_skip takes `size` of them as read. */
const char *plat_stream_ahead(FILE *stream, size_t *size);
void plat_stream_skip(FILE *stream, size_t size);

/* Flushes every stream and ends the process with `status`; when standard output lost anything on the way, says so on
 * standard error under the name the program was called by, and makes a status of 0 into 1. Runs atexit functions. */
_Noreturn void plat_exit(int status);

/* ---- Stack (stack.c and its answers stack_*.c) ------------------------------------------------------------ */

/* How far an answer may be trusted: EXACT comes from whoever made the stack, HIGH was confirmed by the kernel, MEDIUM
 * is what the host says unconfirmed, LOW is a lower bound or a guess. */
enum plat_confidence { PLAT_LOW = 1, PLAT_MEDIUM, PLAT_HIGH, PLAT_EXACT };

/* "exact", "high", "medium" or "low"; static text. */
const char *plat_confidence_name(enum plat_confidence confidence);

/* A stack: [lo, hi), both page aligned; below lo lie `guard` bytes that fault when touched (0: not known). */
struct plat_stack_bounds {
    uintptr_t lo, hi;
    size_t guard;
    const char *method; /* "own mapping", "pthread", "auxv+rlimit", "auxv+probe", "maps" or "guess"; static text */
    enum plat_confidence confidence;
};

/* The bounds of the stack that the calling thread runs on. Measures once per thread and then repeats its answer, which
 * inside plat_stack_run is the mapping's. Signal-safe when the thread has been measured. */
void plat_stack_bounds(struct plat_stack_bounds *bounds);

/* What one method says, for people to read side by side. */
struct plat_stack_answer {
    struct plat_stack_bounds bounds; /* lo and hi are 0 when the method has no answer; its name is always there */
    int error;                       /* 0, or the negative errno with which the host refused */
    int chosen;                      /* 1 for exactly one of the answers */
    const char *why;                 /* why it was chosen, kept in reserve, or not believed; static text */
};
enum { PLAT_STACK_METHODS = 6 };

/* Asks every method now, in the order in which they are preferred. Inside plat_stack_run "own mapping" is chosen, and
 * the others speak of the stack that the thread was given. Costs more than a measurement and changes nothing.
 * Not signal-safe. */
void plat_stack_answers(struct plat_stack_answer answers[PLAT_STACK_METHODS]);

/* The lowest address of the calling thread's stack (bounds.lo); 0 until plat_stack_measure has run on this thread.
 * Never 0 after a measurement. */
extern _Thread_local uintptr_t plat_stack_floor;

/* Finds the calling thread's stack bounds anew and sets plat_stack_floor. Cannot fail: the worst answer is a guess
 * that is safe. Costs up to 20 us. Not signal-safe. */
void plat_stack_measure(void);

/* Bytes between the caller's frame and the floor; negative below the floor, which says that the bounds were wrong.
 * Two loads and a subtraction once the thread has been measured. To ask whether to go on, use plat_stack_low. */
static inline ptrdiff_t plat_stack_remaining(void) {
    if (__builtin_expect(plat_stack_floor == 0, 0)) plat_stack_measure();
    return (ptrdiff_t)((uintptr_t)__builtin_frame_address(0) - plat_stack_floor);
}

/* Where recursion must stop: `limit` is the floor and a margin, `span` reaches from there to the top of the stack.
 * Both are 0 until the thread is measured. Only plat_stack_low reads them. */
extern _Thread_local struct plat_stack_check {
    uintptr_t limit, span;
} plat_stack_check;
int plat_stack_low_slow(uintptr_t frame);

/* Whether recursion must stop here: `bytes` below the caller's frame lies the margin above the floor (64 KiB, less on
 * small stacks: a quarter, at least 24 KiB), which is the room for an error, its handler and a traceback. Every function
 * that can be nested by a script's data asks this at each level, and then calls plat_overflow_begin and raises. Measures
 * the thread when need be, anew when the frame lies outside the bounds. Two loads, a subtraction, a comparison. */
static inline int plat_stack_low_for(size_t bytes) {
    uintptr_t frame = (uintptr_t)__builtin_frame_address(0) - bytes;
    return __builtin_expect(frame - plat_stack_check.limit >= plat_stack_check.span, 0) && plat_stack_low_slow(frame);
}

/* The same for a function whose own frame is small; one of more than 2 KiB asks for its size. */
static inline int plat_stack_low(void) {
    return plat_stack_low_for(0);
}

/* Call where plat_stack_low said 1, before the error is raised: half the margin is given free, so that the handler of
 * the error can run. Returns 1, or 0 when it had been given free already: the handler itself has overflown, and the
 * error must be one that calls no handler. */
int plat_overflow_begin(void);

/* Call where an error has been caught: takes the half margin back if the caller's frame is above the one that
 * began to overflow. Does nothing otherwise. */
void plat_overflow_end(void);

/* Whether the bounds can be relied on. 0 after a frame below a guessed floor has proved the guess wrong: then only
 * counting nested calls protects. */
int plat_stack_trusted(void);

/* Runs fn(arg) on a new mapping of `size` bytes (rounded up to pages, at least 64 KiB) with a guard below it, on the
 * same thread, and returns when fn does. When the host refuses the mapping, halves it down to 128 KiB, and at last runs
 * fn where it is; so it does when `size` is 0. fn runs exactly once, whatever the host allows. Returns the usable bytes
 * of the mapping, 0 when it ran on the caller's stack. plat_stack_remaining is right inside fn and again after it. fn
 * must not longjmp out. */
size_t plat_stack_run(size_t size, void (*fn)(void *arg), void *arg);

/* ---- Memory (memory.c) ------------------------------------------------------------------------------------ */

/* `size` zeroed bytes of new pages (size: a multiple of 4096), at an address that is a multiple of `alignment` (a power
 * of two; 4096 or less asks for nothing more). NULL when the host refuses. Give them back with plat_pages_unmap. */
void *plat_pages_map(size_t size, size_t alignment);

/* Gives pages back, all of a mapping or its end. A host that refuses keeps them; they are then lost. */
void plat_pages_unmap(void *pages, size_t size);

/* Makes a mapping of `size` bytes `wanted` bytes long, moved if need be; what is new is zero. Both sizes are multiples of
 * 4096. NULL when the host refuses (any errno); the mapping is then as it was. */
void *plat_pages_resize(void *pages, size_t size, size_t wanted);

/* Tells the host that the contents of these pages are not needed; they may read as zero later. Never fails. */
void plat_pages_discard(void *pages, size_t size);

/* Asks the kernel for the pages of a range that is about to be written to, all at once instead of one fault after the
 * other. Advice: old kernels (before 5.14) refuse, and nothing is lost. */
void plat_pages_ahead(void *pages, size_t size);

/* Says that a range will be written to from end to end, so that the host may back it with huge pages (madvise(2),
 * MADV_HUGEPAGE): one fault for 2 MiB instead of 512, wherever 2 MiB at a multiple of 2 MiB are all of that kind. The range
 * may then take up to 2 MiB more than was written to. Advice: never fails; hosts without huge pages ignore it. */
void plat_pages_huge(void *pages, size_t size);

/* The static reserve: PLAT_RESERVE zeroed bytes at a multiple of PLAT_RESERVE that cost no system call and are there
 * when the host refuses to map anything. One user at a time: NULL when it is taken. */
enum { PLAT_RESERVE = 1024 * 1024 };
void *plat_reserve_take(void);

/* Gives the reserve back if `memory` is it; returns whether it was. */
int plat_reserve_give(void *memory);

/* The memory in bytes that the control groups of this process allow it, as plat_host tells; 0 when there is no limit or
 * it cannot be found out. Opens files under /proc and /sys: so ask late. Uses 16 KB of the stack. */
uint64_t plat_memory_limit(void);

/* ---- Randomness (random.c) ------------------------------------------------------------------------------ */

/* Sixteen bytes that the kernel drew for this process when it started (AT_RANDOM, getauxval(3)): the same at every call and
 * in forked children, never told to scripts. Costs no system call. Returns 0, or -ENOENT where there are none. Do not
 * show what follows from them without a one-way function: the C library makes its stack guard of the same bytes. */
int plat_process_secret(unsigned char secret[16]);

/* ---- CPU time (cpu_time.c) ------------------------------------------------------------------------------ */

/* Seconds of CPU time that the calling thread has used; of time that has passed, where the host does not tell. */
double plat_cpu_seconds(void);

/* A timer of the calling thread's CPU time. The fields are its own. */
struct plat_cpu_timer {
    void (*fire)(void *context);
    void *context;
    int id; /* of the kernel's timer, or one of the kinds in cpu_time.c */
};

/* Prepares `timer`, which must stay where it is until plat_cpu_timer_close: plat_cpu_timer_set then makes a signal
 * handler in this thread call fire(context). Takes a signal that nobody else should use, SIGRTMAX - 6 or, where the host
 * has no timers of a thread's own, SIGPROF; the calls end with plat_cpu_timer_close. Returns 0, or a negative errno when
 * the host allows no timer at all. */
int plat_cpu_timer_open(struct plat_cpu_timer *timer, void (*fire)(void *context), void *context);

/* Fires once after `seconds` more of CPU time (rounded up to the clock's tick); replaces what was set before.
 * 0 sets nothing. Same thread as plat_cpu_timer_open. */
void plat_cpu_timer_set(struct plat_cpu_timer *timer, double seconds);
void plat_cpu_timer_close(struct plat_cpu_timer *timer);

/* ---- Locale (locale.c) ---------------------------------------------------------------------------------- */

/* setlocale(3), but true: the only locale of a static binary is "C", so NULL asks for it, "C", "POSIX" and "" set
 * it, and every other name is refused with NULL. Returns a static string. */
char *plat_setlocale(int category, const char *name);

/* For Lua inside a host program, which may have a locale of its own: the "C" locale as an object (NULL when memory is
 * refused), and its end. plat_locale_use makes an object the calling thread's locale, and returns what it was; NULL
 * changes nothing. Other threads keep theirs. Source: uselocale(3). */
void *plat_locale_new(void);
void plat_locale_free(void *locale);
void *plat_locale_use(void *locale);

/* ---- Running programs (process.c) ------------------------------------------------------------------------ */

/* 0 when this host has a shell that may be executed (/bin/sh, as system(3) and popen(3) need), else a negative errno. */
int plat_shell(void);

enum { PLAT_INHERIT = -1, PLAT_PIPE = -2, PLAT_NULL = -3 }; /* PLAT_NULL: /dev/null */

/* A program to run. No shell sees any of it. All pointers stay the caller's. */
struct plat_spawn {
    char *const *argv; /* ends with NULL; argv[0] without a slash is sought in PATH, of `env` where that has one */
    char *const *env;  /* "NAME=value", ends with NULL; NULL: this process's own */
    const char *cwd;   /* NULL: this process's own */
    int streams[3];    /* 0, 1 and 2 of the program: a descriptor, PLAT_INHERIT, PLAT_PIPE or PLAT_NULL */
    int group;         /* not 0: it leads a new process group */
};

struct plat_child {
    int pid;
    int group;      /* as asked */
    int streams[3]; /* our ends of its pipes, closed on exec; -1 where there is none. The caller closes them */
};

/* Starts a program. Returns 0 when the program itself runs, else a negative errno of whatever refused (the folder, the
 * file, its interpreter, a pipe, a process), and then nothing is left over. Uses vfork, fork or clone, whichever the
 * host allows first. Its handled signals get their default action. Where not even a pipe is allowed and memory is not
 * shared with the child, a program that cannot be executed shows as exit code 127. */
int plat_spawn(const struct plat_spawn *what, struct plat_child *child);

/* Waits until the child ends, at most `timeout_ms` when that is not negative; *code is its exit code, or 128 plus the
 * signal that ended it. Returns 0, -ETIMEDOUT (the child runs on), or -ECHILD. */
int plat_wait(const struct plat_child *child, int timeout_ms, int *code);

/* Sends a signal to the child, to its whole group when it leads one. 0 or a negative errno: -ESRCH also for a child that
 * plat_spawn has not made. */
int plat_signal(const struct plat_child *child, int number);

/* A status of waitpid(2) as one number: the exit code, or 128 plus the signal. */
int plat_exit_code(int status);

/* Makes this process the init of a container and returns 0 in a child that does the work. The parent never returns: it
 * passes SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1 and SIGUSR2 on to the child's group, reaps every process that is left to
 * it, and ends with the child's exit code. Returns a negative errno, in the one process there is, when the host
 * refuses a second one. Call before any thread or child exists. */
int plat_init(void);

/* ---- Replacing a file (replace.c) ------------------------------------------------------------------------ */

/* A file that is being replaced: the new content goes to `fd`, by plat_replace_write or, unless is_direct, by calls of
 * one's own (it may be read and sought). The other fields are its own. */
struct plat_replace {
    int fd;
    int is_direct; /* a device or a pipe, which is written to as it is */
    int folder, is_named, is_kept;
    unsigned mode, user, group;
    char target[256], name[32];
};

/* Begins to replace `path`, or to make it: until plat_replace_commit there is the old file, whole, whatever happens to
 * this process or the disk. A symbolic link stays, and what it leads to is replaced. The new file keeps mode, owner and
 * group of the old as far as the host lets us; other hard links keep the old content. Every begin that returns 0 has one
 * commit or abandon. Returns a negative errno otherwise: -EISDIR, -EACCES for a file that may not be written to or a folder
 * where none may be made, -ENOENT, -ELOOP, and those of open(2). Uses 5 KB of the stack. */
int plat_replace_begin(const char *path, struct plat_replace *r);

/* Writes all of it. Returns 0 or the negative errno of write(2); then abandon. */
int plat_replace_write(struct plat_replace *r, const void *data, size_t size);

/* Brings the content to the disk (fsync(2), where the host has it), puts it in place (rename(2)), and brings the folder to
 * the disk. Returns 0 or a negative errno; the old file is then whole, and nothing is left beside it. Only when the
 * folder's own fsync fails is the new file in place all the same. Either way the replacement has ended. */
int plat_replace_commit(struct plat_replace *r);

/* Ends it and leaves everything as it was. Allowed after every end. */
void plat_replace_abandon(struct plat_replace *r);

/* ---- Mapped files (map.c) --------------------------------------------------------------------------------- */

/* A file as memory. `data` is not NULL, also for an empty file. `file` is the descriptor of a file of at least
 * PLAT_MAP_KEPT bytes, for plat_send, else -1. */
struct plat_map {
    const char *data;
    size_t size;
    int file;
};
enum { PLAT_MAP_KEPT = 1 << 20 };

/* Maps a file for reading; it may be larger than memory. When somebody cuts it short, reading behind its new end raises
 * SIGBUS: read by plat_copy or plat_guarded. Returns 0 or the negative errno of open(2), fstat(2) or mmap(2); -EISDIR for a
 * folder; -ENODEV for what cannot be mapped: a pipe, a terminal, a file whose size the host does not tell. */
int plat_map(const char *path, struct plat_map *map);
void plat_unmap(struct plat_map *map);

/* ---- Descriptors (output.c) ------------------------------------------------------------------------------- */

/* One of several places that are written one after the other; laid out as struct iovec is. */
struct plat_span {
    const void *data;
    size_t size;
};
enum { PLAT_SPANS = 1024 }; /* the most of them in one call */

/* Writes the beginning of spans[count], not empty ones, to a descriptor: at least one byte, *written says how many. One that
 * does not block is waited for. Returns 0, or a negative errno with *written 0: -EINTR when a signal came, then call again;
 * -EFAULT for memory that is not there; those of writev(2). */
int plat_write(int fd, const struct plat_span *spans, int count, size_t *written);

/* Writes a part of a file to a descriptor inside the kernel (copy_file_range(2), sendfile(2)): at least one byte of the
 * `size` at `offset`. Returns as plat_write; -EFAULT when the file ends before; -ENOSYS when the host or this kind of
 * descriptor has no such way, then write. */
int plat_send(int to, int from, uint64_t offset, size_t size, size_t *written);

/* Reads up to `size` bytes, at least one unless it is the end (0 and *got 0). Returns 0, or a negative errno as plat_write. */
int plat_read(int fd, void *to, size_t size, size_t *got);

/* Opens a file for reading, closed on exec: the descriptor, or a negative errno of open(2). */
int plat_open(const char *path);
void plat_close(int fd);

/* How many bytes a regular file has behind where it will be read next; 0 when that cannot be told. Advice. */
size_t plat_left(int fd);

/* ---- Guarded memory (guard.c) ----------------------------------------------------------------------------- */

/* Runs fn(arg). When it touches memory in [lo, hi) that is not there (a mapped file that somebody cut short, a wild
 * pointer), abandons it and returns -EFAULT; else 0. fn must hold nothing at such a moment: no lock, no memory that only
 * it knows, no frame of Lua. Without plat_crash_begin there is nobody to notice, and fn runs as it is. May be nested.
 * Signal-safe when fn is. */
int plat_guarded(void (*fn)(void *arg), void *arg, const void *lo, const void *hi);

/* For a program without plat_crash_begin, such as a host program of the library, before plat_guarded: asks the kernel for
 * each page of [lo, hi) whether it is there. Returns -EFAULT when one is not, else 0; at once when there is a
 * plat_crash_begin. Who cuts a file short between the two goes unnoticed. Signal-safe. */
int plat_guard_ask(const void *lo, const void *hi);

/* memcpy(3) from memory that may not be there: 0, or -EFAULT and `to` holds no more than a part. Without plat_crash_begin
 * asks the kernel to copy; where that is refused, only asks for each page whether it is there. Signal-safe. */
int plat_copy(void *to, const void *from, size_t size);

/* Whether the byte at `address` can be read: 1 or 0; -1 where the host does not say. Signal-safe. */
int plat_readable(const void *address);

/* ---- Fatal signals (crash.c, report.c, symbols.c, crash_test.c) --------------------------------------------- */

/* Makes SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGABRT write a report on standard error before they do what they did
 * until now, so that a core shows the true place. Gives the calling thread an alternate stack. What the host refuses
 * of this is done without. Call once, before any other thread exists. */
void plat_crash_begin(void);

/* An alternate stack for one more thread, so that it can report an overflow of its own: 0 or a negative errno. The
 * thread gives it back with plat_crash_thread_end before it ends. */
int plat_crash_thread_begin(void);
void plat_crash_thread_end(void);

/* A part of the report that another layer writes. `write` runs in the handler: it must be signal-safe, and read what
 * it does not trust by plat_copy. When it faults all the same, the report goes on behind it. At most four. */
struct plat_report;
void plat_crash_section(const char *title, void (*write)(struct plat_report *report));

/* Write to the report; signal-safe, no memory, no lock. Control characters in texts become '?'. */
void plat_report_text(struct plat_report *report, const char *text);
void plat_report_bytes(struct plat_report *report, const char *text, size_t size);
void plat_report_number(struct plat_report *report, uint64_t number);
void plat_report_address(struct plat_report *report, uintptr_t address); /* 0x... */
void plat_report_size(struct plat_report *report, uint64_t bytes); /* "12 KiB" */
void plat_report_line(struct plat_report *report); /* ends a line */

/* The name of the function that `address` lies in, and how far from its start; NULL when this binary has no table of
 * names or none fits. Static memory. Signal-safe. */
const char *plat_symbol(uintptr_t address, size_t *offset);

/* Ends this process on purpose: "null", "overflow", "abort" or "bus" (a truncated mapping). Returns only when there is
 * no such kind (-EINVAL) or the host lacks what it takes (a negative errno). */
int plat_crash_test(const char *kind);

/* ---- Errors (errors.c) ------------------------------------------------------------------------------------ */

/* "EPERM" for an errno of either sign; "an unnamed error" for one that no host here gives. Static text. Signal-safe. */
const char *plat_error_name(int error);

/* ---- This program (self.c, seal.c) ---------------------------------------------------------------------- */

/* Makes the program's relocated constants (PT_GNU_RELRO of its ELF headers) read-only. A loader would have done so, but a
 * static program has none, and musl's start code leaves it out. Returns 0 or the negative errno of mprotect(2); advice. */
int plat_seal(void);

/* Remembers what plat_self needs. Call once, first in main; asks the kernel for the current directory only when
 * this program was started by a relative path. */
void plat_self_begin(char **argv);

/* The absolute path of this program into path[size], for messages and tools only: nothing may depend on it. Takes the
 * first of AT_EXECFN (getauxval(3)), argv[0], argv[0] sought in PATH, and /proc/self/exe that is a file with this
 * program's build id, or that may be executed but not read. Right after chdir. Returns the length, or
 * -ENOENT when nothing fits. */
int plat_self(char *path, size_t size);

/* The build id of this binary as lower-case hexadecimal text, or "" when it was linked without one. Static memory.
 * Signal-safe after plat_crash_begin, or any other call: the first asks the C library, which may take a lock. */
const char *plat_build_id(void);

/* The C library that this binary is linked with, such as "musl 1.2.3". Static memory. */
const char *plat_libc(void);

/* The architecture that this binary was built for, such as "x86_64". Static memory. */
const char *plat_arch(void);

/* ---- This host (host.c and one host_*.c for each kind of question) ----------------------------------------- */

/* One answer of the host, or the refusal of one. */
enum plat_kind { PLAT_TEXT, PLAT_NUMBER, PLAT_BYTES, PLAT_FLAG };
#define PLAT_UNLIMITED UINT64_MAX

struct plat_fact {
    const char *group, *name; /* "cgroup", "memory_limit": static memory */
    enum plat_kind kind;
    int error;                /* 0, or the errno with which the host refused; then the value below means nothing */
    uint64_t number;          /* PLAT_NUMBER, PLAT_BYTES: PLAT_UNLIMITED for no limit; PLAT_FLAG: 0 or 1 */
    char text[256];           /* PLAT_TEXT; longer answers are cut */
};
enum { PLAT_FACTS = 128 };    /* more than plat_host ever gives */

/* Asks the host everything of one group, or all groups when `group` is NULL, into facts[capacity], in a fixed order.
 * Returns how many there are; -EINVAL for a group that does not exist. Never fails otherwise. Leaves nothing open and
 * changes nothing. Groups: program, kernel, process, security, limits, cgroup, memory, proc, cwd, tmpdir, tmp, shm,
 * execute, terminal. */
int plat_host(const char *group, struct plat_fact *facts, int capacity);

#endif
