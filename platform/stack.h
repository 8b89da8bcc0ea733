/* stack.h: what the files stack*.c share; nobody else includes it but their tests.
 * Invariant: a method asks the host only through its sources, so that a test can make up every answer.
 * SPDX-License-Identifier: MIT */
#ifndef STACK_H
#define STACK_H

#include "platform.h"

enum {
    STACK_SMALLEST = 32 * 1024,       /* an answer below this is not believed */
    STACK_USUAL = 8 * 1024 * 1024,    /* what "no limit" is taken for */
    STACK_MODEST = 1024 * 1024,       /* what is looked for when the limit cannot be reached */
    STACK_LARGEST = 64 * 1024 * 1024, /* more of the main thread's stack than this is never reserved */
    STACK_GUESS = 128 * 1024,
    STACK_SHALLOW = 1024 * 1024, /* as far down pages of an own stack come one by one */
    STACK_GAP = 1024 * 1024, /* what the kernel keeps free below the main thread's stack */
};

/* Whom to ask, and for whom. Functions that can be refused return a negative errno. */
struct stack_sources {
    unsigned long (*auxv)(unsigned long type);                              /* getauxval(3): 0 when it is missing */
    int (*limit)(uint64_t *bytes);                                          /* soft RLIMIT_STACK; UINT64_MAX: none */
    int (*probe)(uintptr_t address);                                        /* 1 readable, 0 not */
    int (*remap)(void);                                                     /* mremap(2) of what is not mapped: < 0 */
    int (*attributes)(uintptr_t *lo, uintptr_t *hi, size_t *guard);         /* pthread_getattr_np(3) */
    int (*maps)(void);                                                      /* a descriptor of /proc/self/maps */
    int (*stat)(void);                                                      /* a descriptor of /proc/self/stat */
    int attributes_promise;                /* on the main thread `attributes` tells what may be, not what is mapped */
    uintptr_t sp;                          /* the frame in question */
    size_t page;
    int main; /* whether it is on the stack that the kernel made */
};

/* The host itself, for a frame of the calling thread. */
void stack_host(struct stack_sources *sources, uintptr_t sp);

/* One answer each: 0 and `bounds`, or a negative errno; -ESRCH: says nothing about a thread of this kind.
 * `bounds->method` is always set. None of them judges whether the answer makes sense. */
int stack_pthread(const struct stack_sources *sources, struct plat_stack_bounds *bounds);
int stack_auxv(const struct stack_sources *sources, struct plat_stack_bounds *bounds);
int stack_probe(const struct stack_sources *sources, struct plat_stack_bounds *bounds);
int stack_maps(const struct stack_sources *sources, struct plat_stack_bounds *bounds);
int stack_guess(const struct stack_sources *sources, struct plat_stack_bounds *bounds);

/* The answer to believe; `bounds` and, when not NULL, all of them with the reason (the own mapping's stays empty). */
void stack_choose(const struct stack_sources *sources, struct plat_stack_bounds *bounds, struct plat_stack_answer *answers);

/* Why an answer is not believed for a frame at `sp`, or NULL when it is. Static text. */
const char *stack_doubt(const struct plat_stack_bounds *bounds, uintptr_t sp, size_t page);

/* An answer that says how far the stack may grow, but was not confirmed: nothing further down than a guess is believed. */
void stack_unconfirmed(const struct stack_sources *sources, struct plat_stack_bounds *bounds);

/* How much of a stack of `size` bytes is kept for an error, its handler and a traceback. */
size_t stack_margin(size_t size);

/* The exact end of the main thread's stack, from the name that the kernel writes there last; 0 when it is not told. */
uintptr_t stack_top(const struct stack_sources *sources);

/* Whether the probe tells readable from unreadable here; a filter or an emulator may answer always the same. */
int stack_probe_works(const struct stack_sources *sources);

/* What the text of /proc/self/maps says of the mapping that holds `sp`: its bounds and the end of the one before.
 * Fed in pieces of any size; takes any bytes. `lo` and `hi` stay 0 when no line holds sp. */
struct stack_maps {
    uintptr_t sp, lo, hi, below;
    uintptr_t number[2]; /* of the line being read */
    int field;           /* 0 and 1: the two numbers; 2: the rest of the line; 3: not a line of the format */
    int digits;
};
void stack_maps_begin(struct stack_maps *maps, uintptr_t sp);
void stack_maps_feed(struct stack_maps *maps, const char *text, size_t size);

/* An address on the main thread's stack, from the text of /proc/self/stat or the file itself; 0 when it is not told. */
uintptr_t stack_stat_parse(const char *text, size_t size);
uintptr_t stack_stat(const struct stack_sources *sources);

/* Makes `bounds` the calling thread's, until stack_leave gives the old ones back. */
struct stack_saved {
    struct plat_stack_bounds known, own;
    uintptr_t given_sp, overflow_at;
    uintptr_t shallow; /* of an own stack: what lies below has not been needed yet; 0 when it has */
    int disproved;
};
void stack_enter(const struct plat_stack_bounds *bounds, uintptr_t given_sp, struct stack_saved *saved);
void stack_leave(const struct stack_saved *saved);

/* Calls fn(arg) with the stack pointer at `top`, which is 16-byte aligned; arch/ has it, with unwind information. */
void stack_switch(void *top, void (*fn)(void *arg), void *arg);

#endif
