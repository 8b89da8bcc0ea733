/* stack_host.c: the host's own answers to what stack.h lets a method ask.
 * Invariant: each function asks one thing and returns its errno; nothing is decided here.
 * SPDX-License-Identifier: MIT */
#include "stack.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static pthread_t first;
static int first_known;

/* A constructor runs on the main thread, except in a library that a worker loads: then nobody is known to be it. */
__attribute__((constructor)) static void remember_first(void) {
    first = pthread_self();
    first_known = gettid() == getpid();
}

/* The process id says nothing: after a fork from a worker the worker's stack belongs to the thread that has it.
 * Where the first thread is unknown, the distance to the end of the main stack tells: the kernel keeps 128 MiB
 * between that and other mappings. */
static int on_main_stack(const struct stack_sources *s) {
    if (first_known) return pthread_equal(first, pthread_self());
    uintptr_t top = stack_top(s);
    return top && s->sp < top && top - s->sp < STACK_LARGEST;
}

/* Some filters refuse the new call and forget the old one. */
static int limit(uint64_t *bytes) {
    struct rlimit got;
    int result = getrlimit(RLIMIT_STACK, &got);
#ifdef SYS_getrlimit
    if (result != 0) result = (int)syscall(SYS_getrlimit, RLIMIT_STACK, &got);
#endif
    if (result != 0) return -errno;
    *bytes = got.rlim_cur == RLIM_INFINITY ? UINT64_MAX : got.rlim_cur;
    return 0;
}

/* The kernel copies the new mask before it looks at `how`, which is wrong here: EINVAL says that it could read it
 * (kernel/signal.c, rt_sigprocmask). No descriptor is needed, and nothing is changed. */
static int probe(uintptr_t address) {
    if (syscall(SYS_rt_sigprocmask, -1, address, NULL, 8) == 0) return -ENOTSUP;
    if (errno == EINVAL) return 1;
    return errno == EFAULT ? 0 : -errno;
}

/* glibc does not use the call, so there it is as good as answered by the kernel. */
static int remap(void) {
#ifdef __GLIBC__
    return -EFAULT;
#else
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    return mremap((char *)page, page, 2 * page, 0) == MAP_FAILED ? -errno : 0;
#endif
}

/* Of the main thread, glibc tells the limit, musl what is mapped at this moment. */
#ifdef __GLIBC__
enum { PROMISE = 1 };
#else
enum { PROMISE = 0 };
#endif

/* musl's own data lie above a thread's stack, so its end is within a page. */
static int attributes(uintptr_t *lo, uintptr_t *hi, size_t *guard) {
    pthread_attr_t attr;
    void *address;
    size_t size;
    int result = pthread_getattr_np(pthread_self(), &attr);
    if (result != 0) return -result;
    result = pthread_attr_getstack(&attr, &address, &size);
    if (result == 0) result = pthread_attr_getguardsize(&attr, guard);
    pthread_attr_destroy(&attr);
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    *lo = ((uintptr_t)address + page - 1) & -page;
    *hi = ((uintptr_t)address + size + page - 1) & -page;
    return -result;
}

static int opened(const char *path) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    return file >= 0 ? file : -errno;
}

static int maps(void) {
    return opened("/proc/self/maps");
}

static int stat_line(void) {
    return opened("/proc/self/stat");
}

void stack_host(struct stack_sources *s, uintptr_t sp) {
    *s = (struct stack_sources){ .auxv = getauxval, .limit = limit, .probe = probe, .remap = remap,
                                 .attributes = attributes, .maps = maps, .stat = stat_line,
                                 .attributes_promise = PROMISE, .sp = sp, .page = (size_t)sysconf(_SC_PAGESIZE) };
    s->main = on_main_stack(s);
}
