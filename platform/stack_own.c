/* stack_own.c: running on a stack of our own, whose bounds are exact whatever the host's limits say.
 * Invariant: the function runs exactly once, and the stack it is given has a guard below that nobody can leap over.
 * SPDX-License-Identifier: MIT */
#include "stack.h"

#include <sys/mman.h>
#include <unistd.h>

/* The C library's frames of 8 KiB are not compiled to touch every page, so one page would not stop them. */
enum { GUARD = 64 * 1024, LEAST = 128 * 1024, SMALLEST = 64 * 1024 };

#if defined __SANITIZE_ADDRESS__
#define HAS_ASAN 1
#elif defined __has_feature
#define HAS_ASAN __has_feature(address_sanitizer)
#else
#define HAS_ASAN 0
#endif

#if defined __x86_64__ || defined __aarch64__
enum { CAN_SWITCH = 1 };
#else
enum { CAN_SWITCH = 0 };
void stack_switch(void *top, void (*fn)(void *arg), void *arg) {
    (void)top;
    fn(arg);
}
#endif

struct run {
    void (*fn)(void *arg);
    void *arg;
    struct plat_stack_bounds bounds;
    struct stack_saved saved;
    void *fake; /* the sanitizer's: which stack was left */
    const void *old_bottom;
    size_t old_size;
};

/* AddressSanitizer must be told of the switch, or it takes the new stack's frames for errors. */
#if HAS_ASAN
#include <sanitizer/common_interface_defs.h>
static void announce(void **fake, uintptr_t bottom, size_t size) {
    __sanitizer_start_switch_fiber(fake, (void *)bottom, size);
}
static void arrived(void *fake, const void **bottom, size_t *size) {
    __sanitizer_finish_switch_fiber(fake, bottom, size);
}
#else
static void announce(void **fake, uintptr_t bottom, size_t size) {
    (void)fake;
    (void)bottom;
    (void)size;
}
static void arrived(void *fake, const void **bottom, size_t *size) {
    (void)fake;
    (void)bottom;
    (void)size;
}
#endif

static void on_new_stack(void *context) {
    struct run *run = context;
    arrived(NULL, &run->old_bottom, &run->old_size);
    run->fn(run->arg);
    announce(NULL, (uintptr_t)run->old_bottom, run->old_size);
}

/* Where the host refuses to take the access to the guard away, one that never has it is mapped in its place. */
static char *map_guarded(size_t size) {
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK;
    char *base = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, -1, 0);
    if (base == MAP_FAILED) return NULL;
    if (mprotect(base, GUARD, PROT_NONE) == 0) return base;
    if (mmap(base, GUARD, PROT_NONE, flags | MAP_FIXED, -1, 0) != MAP_FAILED) return base;
    munmap(base, size);
    return NULL;
}

/* Huge pages would make 2 MiB of the first touched byte; that the host refuses to forbid them is no harm. */
static int map(size_t size, struct plat_stack_bounds *b) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE), usable = (size + page - 1) & -page;
    if (usable < size || usable + GUARD < usable) return -1;
    char *base = map_guarded(usable + GUARD);
    if (!base) return -1;
    madvise(base + GUARD, usable, MADV_NOHUGEPAGE);
    *b = (struct plat_stack_bounds){ (uintptr_t)base + GUARD, (uintptr_t)base + GUARD + usable, GUARD, "own mapping",
                                     PLAT_EXACT };
    return 0;
}

static int map_halving(size_t size, struct plat_stack_bounds *b) {
    if (size == 0 || !CAN_SWITCH) return -1;
    if (size < SMALLEST) size = SMALLEST;
    while (map(size, b) != 0) {
        if (size <= LEAST) return -1;
        size = size / 2 < LEAST ? LEAST : size / 2;
    }
    return 0;
}

/* Not inlined: the frame that is left behind must stay one that the unwinder sees. */
__attribute__((noinline)) size_t plat_stack_run(size_t size, void (*fn)(void *arg), void *arg) {
    struct run run = { .fn = fn, .arg = arg };
    if (map_halving(size, &run.bounds) != 0) {
        fn(arg);
        return 0;
    }
    stack_enter(&run.bounds, (uintptr_t)__builtin_frame_address(0), &run.saved);
    announce(&run.fake, run.bounds.lo, run.bounds.hi - run.bounds.lo);
    stack_switch((void *)run.bounds.hi, on_new_stack, &run);
    arrived(run.fake, NULL, NULL);
    stack_leave(&run.saved);
    munmap((char *)run.bounds.lo - GUARD, run.bounds.hi - run.bounds.lo + GUARD);
    return run.bounds.hi - run.bounds.lo;
}
