/* crash.c: the handler of fatal signals.
 * Invariant: one thread reports; a part of the report that faults is left out; then the signal does what it would have
 * done, in the frame where it came from.
 * SPDX-License-Identifier: MIT */
#include "crash.h"

#include <errno.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static const int fatal[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };
enum { FATAL = sizeof fatal / sizeof fatal[0], SECTIONS = 4, PATIENCE = 5 };
static struct sigaction before[FATAL];

static struct {
    const char *title;
    void (*write)(struct plat_report *report);
} sections[SECTIONS];
static int section_count;

/* The thread that reports; 0 while nothing is wrong. */
static int reporter;
static int reported_signal;

/* What the parts of the report need. */
struct crash {
    struct plat_report report;
    const siginfo_t *info;
    void *context;
    uintptr_t sp;
    struct plat_stack_bounds bounds, *stack; /* NULL: this thread was never measured */
    int section;
};

/* ---- The parts of the report ---- */

static void find_stack(void *argument) {
    struct crash *crash = argument;
    crash->sp = frames_sp(crash->context);
    if (plat_stack_floor == 0) return;
    plat_stack_bounds(&crash->bounds);
    crash->stack = &crash->bounds;
}

static void write_head(void *argument) {
    struct crash *crash = argument;
    struct plat_report *report = &crash->report;
    plat_report_line(report);
    plat_report_text(report, "moonbear " MOONBEAR_VERSION " was ended by ");
    plat_report_text(report, crash_signal(crash->info->si_signo));
    plat_report_line(report);
    crash_cause(report, crash->info, crash->sp, crash->stack);
    plat_report_text(report, "  build    ");
    plat_report_text(report, plat_build_id());
    plat_report_text(report, " ");
    plat_report_text(report, plat_arch());
    plat_report_text(report, ", ");
    plat_report_text(report, plat_libc());
    plat_report_line(report);
}

static void write_stack(void *argument) {
    struct crash *crash = argument;
    struct plat_report *report = &crash->report;
    const struct plat_stack_bounds *stack = crash->stack;
    if (!stack) return;
    plat_report_text(report, "  stack    ");
    plat_report_address(report, stack->lo);
    plat_report_text(report, " to ");
    plat_report_address(report, stack->hi);
    plat_report_text(report, ", ");
    plat_report_size(report, stack->hi - stack->lo);
    plat_report_text(report, " (");
    plat_report_text(report, stack->method);
    plat_report_text(report, ", ");
    plat_report_text(report, plat_confidence_name(stack->confidence));
    plat_report_text(report, "); ");
    if (crash->sp >= stack->lo && crash->sp < stack->hi) {
        plat_report_size(report, stack->hi - crash->sp);
        plat_report_text(report, " in use");
    } else {
        plat_report_text(report, "the code ran at ");
        plat_report_address(report, crash->sp);
    }
    plat_report_line(report);
}

/* getrusage(2) needs no /proc. */
static void write_memory(void *argument) {
    struct crash *crash = argument;
    struct rusage usage;
    struct rlimit limit;
    if (getrusage(RUSAGE_SELF, &usage) != 0) return;
    plat_report_text(&crash->report, "  memory   ");
    plat_report_size(&crash->report, (uint64_t)usage.ru_maxrss * 1024);
    plat_report_text(&crash->report, " resident at most");
    if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) {
        plat_report_text(&crash->report, ", address space limited to ");
        plat_report_size(&crash->report, limit.rlim_cur);
    }
    plat_report_line(&crash->report);
}

static void write_frames(void *argument) {
    struct crash *crash = argument;
    plat_report_text(&crash->report, "  native frames");
    plat_report_line(&crash->report);
    frames_write(&crash->report, crash->context, crash->stack);
}

static void write_section(void *argument) {
    struct crash *crash = argument;
    plat_report_text(&crash->report, "  ");
    plat_report_text(&crash->report, sections[crash->section].title);
    plat_report_line(&crash->report);
    sections[crash->section].write(&crash->report);
}

static void write_end(void *argument) {
    struct crash *crash = argument;
    plat_report_text(&crash->report, "This is a defect of moonbear. Please report it with these lines; see `moonbear help crash`.");
    plat_report_line(&crash->report);
}

/* A fault while reporting leaves out the rest of one part. */
static void part(struct crash *crash, void (*write)(void *crash)) {
    if (plat_guarded(write, crash, NULL, (const void *)UINTPTR_MAX) == 0) return;
    plat_report_line(&crash->report);
    plat_report_text(&crash->report, "  (the rest of this part could not be read)");
    plat_report_line(&crash->report);
}

static void report(const siginfo_t *info, void *context) {
    struct crash crash = { .info = info, .context = context };
    report_begin(&crash.report, STDERR_FILENO);
    part(&crash, find_stack);
    part(&crash, write_head);
    part(&crash, write_stack);
    part(&crash, write_memory);
    for (crash.section = 0; crash.section < section_count; crash.section++) part(&crash, write_section);
    part(&crash, write_frames);
    part(&crash, write_end);
}

/* ---- The handler ---- */

static void restore(int number) {
    for (int i = 0; i < FATAL; i++)
        if (fatal[i] == number) sigaction(number, &before[i], NULL);
}

/* A filter may refuse any of these, and a refused getpid is -1, which kill(2) takes for every process there is. */
static void send_again(int number) {
    pid_t pid = getpid();
    if (pid > 0 && syscall(SYS_tgkill, pid, (int)syscall(SYS_gettid), number) == 0) return;
    if (raise(number) != 0 && pid > 0) kill(pid, number);
}

/* What the CPU refused, it refuses again when the handler returns. A signal that was sent must be sent anew: blocked
 * until the return, so that it arrives in the frame that it interrupted. */
static void pass_on(int number, const siginfo_t *info) {
    sigset_t one;
    restore(number);
    if (info->si_code > 0) return;
    sigemptyset(&one);
    sigaddset(&one, number);
    sigprocmask(SIG_BLOCK, &one, NULL);
    send_again(number);
}

/* The reporter itself failed, in a place that no guard covers. */
static void shorter_report(int number) {
    struct plat_report report;
    report_begin(&report, STDERR_FILENO);
    plat_report_line(&report);
    plat_report_text(&report, "moonbear " MOONBEAR_VERSION " was ended by ");
    plat_report_text(&report, crash_signal(reported_signal));
    plat_report_text(&report, "; the report failed with ");
    plat_report_text(&report, crash_signal(number));
    plat_report_line(&report);
    _exit(128 + reported_signal);
}

/* Standard error may be a pipe that nobody reads. */
static void lost_patience(int unused) {
    (void)unused;
    _exit(128 + reported_signal);
}

static void limit_time(void) {
    struct sigaction action = { .sa_handler = lost_patience };
    sigset_t one;
    sigaction(SIGALRM, &action, NULL);
    sigemptyset(&one);
    sigaddset(&one, SIGALRM);
    sigprocmask(SIG_UNBLOCK, &one, NULL);
    alarm(PATIENCE);
}

static void on_fatal(int number, siginfo_t *info, void *context) {
    int saved = errno, nobody = 0, self = (int)syscall(SYS_gettid);
    if (info->si_code > 0 && (number == SIGSEGV || number == SIGBUS))
        guard_abandon(info->si_code == SI_KERNEL ? NULL : info->si_addr);
    if (!__atomic_compare_exchange_n(&reporter, &nobody, self, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
        if (nobody == self) shorter_report(number);
        for (;;) pause();
    }
    reported_signal = number;
    limit_time();
    frames_warm();
    report(info, context);
    pass_on(number, info);
    errno = saved;
}

/* ---- Beginning ---- */

/* Room for the handler's frames and libunwind's, above what the CPU's registers take. */
static size_t stack_size(void) {
    size_t registers = getauxval(AT_MINSIGSTKSZ), page = getauxval(AT_PAGESZ);
    size_t size = registers + 32 * 1024 > 64 * 1024 ? registers + 32 * 1024 : 64 * 1024;
    return (size + page - 1) & ~(page - 1);
}

int plat_crash_thread_begin(void) {
    size_t page = getauxval(AT_PAGESZ), size = stack_size();
    char *map = mmap(NULL, page + size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (map == MAP_FAILED) return -errno;
    stack_t stack = { .ss_sp = map + page, .ss_size = size };
    if (mprotect(map + page, size, PROT_READ | PROT_WRITE) == 0 && sigaltstack(&stack, NULL) == 0) return 0;
    int error = errno;
    munmap(map, page + size);
    return -error;
}

void plat_crash_thread_end(void) {
    stack_t none = { .ss_flags = SS_DISABLE }, stack;
    size_t page = getauxval(AT_PAGESZ);
    if (sigaltstack(&none, &stack) == 0 && !(stack.ss_flags & SS_DISABLE)) munmap((char *)stack.ss_sp - page, stack.ss_size + page);
}

/* Without an alternate stack everything but an overflow can still be reported. */
void plat_crash_begin(void) {
    struct sigaction action = { .sa_sigaction = on_fatal, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER };
    plat_crash_thread_begin();
    plat_build_id();
    for (int i = 0; i < FATAL; i++)
        if (sigaction(fatal[i], &action, &before[i]) == 0 && fatal[i] == SIGSEGV) guard_armed = 1;
}

void plat_crash_section(const char *title, void (*write)(struct plat_report *report)) {
    if (section_count == SECTIONS) return;
    sections[section_count].title = title;
    sections[section_count].write = write;
    section_count++;
}
