/* crash_cause.c: what a fatal signal and its address mean, in words.
 * Invariant: see crash.h; nothing at the address is read.
 * SPDX-License-Identifier: MIT */
#include "crash.h"

#include <string.h>

const char *crash_signal(int number) {
    switch (number) {
    case SIGSEGV: return "SIGSEGV";
    case SIGBUS: return "SIGBUS";
    case SIGFPE: return "SIGFPE";
    case SIGILL: return "SIGILL";
    case SIGABRT: return "SIGABRT";
    default: return "signal";
    }
}

enum { NULL_PAGES = 64 * 1024, NEAR = 64 * 1024, MAIN_GAP = 1024 * 1024 };

/* Below the floor, and near where the code was: a wild pointer that happens to lie there is far from SP. */
static int is_overflow(uintptr_t address, uintptr_t sp, const struct plat_stack_bounds *stack) {
    size_t gap = stack->guard ? stack->guard : MAIN_GAP;
    if (address >= stack->lo + 4096 || address < stack->lo - gap) return 0;
    return sp == 0 || (address < sp + NEAR && sp < address + gap + NEAR);
}

static const char *bad_memory(const siginfo_t *info, uintptr_t sp, const struct plat_stack_bounds *stack) {
    uintptr_t address = (uintptr_t)info->si_addr;
    if (info->si_code == SI_KERNEL) return "an address that no memory can have";
    if (stack && is_overflow(address, sp, stack)) {
        if (strcmp(stack->method, "own mapping") == 0) return "guard page of the Lua stack: it overflowed";
        return "just below this thread's stack: it overflowed";
    }
    if (address < NULL_PAGES) return "a null pointer was used";
    if (info->si_code == SEGV_MAPERR) return "no memory is there";
    return "memory that may not be used in this way";
}

static const char *bus(const siginfo_t *info) {
    if (info->si_code == BUS_ADRERR) return "behind the end of a mapped file: it was cut short while it was in use";
    if (info->si_code == BUS_ADRALN) return "an address that is not aligned";
    return "the memory behind this address failed";
}

static const char *arithmetic(const siginfo_t *info) {
    if (info->si_code == FPE_INTDIV) return "an integer was divided by zero";
    if (info->si_code == FPE_INTOVF) return "an integer overflowed";
    return "an arithmetic operation failed";
}

static const char *meaning(const siginfo_t *info, uintptr_t sp, const struct plat_stack_bounds *stack) {
    switch (info->si_signo) {
    case SIGSEGV: return bad_memory(info, sp, stack);
    case SIGBUS: return bus(info);
    case SIGFPE: return arithmetic(info);
    case SIGILL: return "an instruction that this CPU does not have, or that says \"never here\"";
    default: return "the program gave up on itself (abort)";
    }
}

void crash_cause(struct plat_report *report, const siginfo_t *info, uintptr_t sp, const struct plat_stack_bounds *stack) {
    if (info->si_code == SI_USER || info->si_code == SI_QUEUE) {
        plat_report_text(report, "  cause    sent by process ");
        plat_report_number(report, (uint64_t)info->si_pid);
        plat_report_line(report);
        return;
    }
    if (info->si_code > 0 && info->si_signo != SIGABRT) {
        plat_report_text(report, "  address  ");
        plat_report_address(report, (uintptr_t)info->si_addr);
        plat_report_line(report);
    }
    plat_report_text(report, "  cause    ");
    plat_report_text(report, meaning(info, sp, stack));
    plat_report_line(report);
}
