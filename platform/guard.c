/* guard.c: touching memory that may not be there.
 * Invariant: a guard lives on the stack of the call that made it, and is taken down before that call returns.
 * SPDX-License-Identifier: MIT */
#include "crash.h"

#include <errno.h>
#include <setjmp.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

struct guard {
    sigjmp_buf jump;
    uintptr_t lo, hi;
    struct guard *outer;
};

static _Thread_local struct guard *innermost;
int guard_armed;

/* The mask need not be put back: our handlers block nothing (SA_NODEFER, an empty sa_mask). */
int plat_guarded(void (*fn)(void *arg), void *arg, const void *lo, const void *hi) {
    struct guard guard = { .lo = (uintptr_t)lo, .hi = (uintptr_t)hi, .outer = innermost };
    if (!guard_armed) {
        fn(arg);
        return 0;
    }
    if (sigsetjmp(guard.jump, 0)) return -EFAULT;
    innermost = &guard;
    fn(arg);
    innermost = guard.outer;
    return 0;
}

/* AddressSanitizer's, where the program is built with it: it forgets abandoned frames only on stacks that it knows, and
 * those of plat_stack_run it does not. */
extern void __asan_unpoison_memory_region(const volatile void *start, size_t size) __attribute__((weak));

/* The frames below the guard's, as far as fn can have come: they are nobody's any more. */
static void forget_frames(const struct guard *guard) {
    enum { FRAMES = 64 * 1024 };
    uintptr_t top = (uintptr_t)guard, size = top - plat_stack_floor;
    if (!__asan_unpoison_memory_region || top < plat_stack_floor) return;
    if (size > FRAMES) size = FRAMES;
    __asan_unpoison_memory_region((void *)(top - size), size);
}

void guard_abandon(const void *address) {
    for (struct guard *guard = innermost; guard; guard = guard->outer) {
        if ((uintptr_t)address < guard->lo || (uintptr_t)address >= guard->hi) continue;
        innermost = guard->outer;
        forget_frames(guard);
        siglongjmp(guard->jump, 1);
    }
}

/* rt_sigprocmask copies from the address before it finds that nobody can want its first argument. */
int plat_readable(const void *address) {
    int saved = errno;
    if (!address) return 0; /* which the call takes for "no set" */
    long result = syscall(SYS_rt_sigprocmask, -1, address, NULL, 8);
    int error = result < 0 ? errno : 0;
    errno = saved;
    return error == EINVAL ? 1 : error == EFAULT ? 0 : -1;
}

struct copy {
    void *to;
    const void *from;
    size_t size;
};

static void copy(void *argument) {
    const struct copy *job = argument;
    memcpy(job->to, job->from, job->size);
}

/* The probe reads eight bytes, so it is asked at the start of each page. */
static int pages_readable(const char *from, size_t size) {
    enum { LEAST_PAGE = 4096 };
    for (uintptr_t at = (uintptr_t)from & ~(uintptr_t)(LEAST_PAGE - 1); at < (uintptr_t)from + size; at += LEAST_PAGE)
        if (plat_readable((const void *)at) == 0) return 0;
    return 1;
}

int plat_guard_ask(const void *lo, const void *hi) {
    if (guard_armed) return 0;
    return pages_readable(lo, (size_t)((const char *)hi - (const char *)lo)) ? 0 : -EFAULT;
}

static int copy_by_kernel(void *to, const void *from, size_t size) {
    struct iovec local = { to, size }, remote = { (void *)from, size };
    int saved = errno;
    ssize_t copied = process_vm_readv(getpid(), &local, 1, &remote, 1, 0);
    int error = copied < 0 ? errno : 0;
    errno = saved;
    if (copied == (ssize_t)size) return 0;
    if (copied >= 0 || error == EFAULT) return -EFAULT;
    if (!pages_readable(from, size)) return -EFAULT;
    memcpy(to, from, size);
    return 0;
}

/* Above this no memory of a program lies, and a fault does not tell its address: x86-64 tells none, AArch64 leaves out
 * the highest byte. */
#if defined __x86_64__
#define HIGHEST ((uintptr_t)1 << 47)
#elif defined __aarch64__
#define HIGHEST ((uintptr_t)1 << 48)
#else
#define HIGHEST UINTPTR_MAX
#endif
enum { LOWEST = 4096 }; /* what a null pointer may have had added to it */

int plat_copy(void *to, const void *from, size_t size) {
    struct copy job = { to, from, size };
    if (size == 0) return 0;
    if ((uintptr_t)from < LOWEST || size > HIGHEST || (uintptr_t)from > HIGHEST - size) return -EFAULT;
    if (!guard_armed) return copy_by_kernel(to, from, size);
    return plat_guarded(copy, &job, from, (const void *)((uintptr_t)from + size));
}
