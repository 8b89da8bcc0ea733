/* stack.c: what the questions about the stack cost: one line "NAME<tab>nanoseconds" each, the least of many rounds.
 * Invariant: prints and never judges.
 * SPDX-License-Identifier: MIT */
#include "platform.h"

#include <pthread.h>
#include <stdio.h>
#include <time.h>

enum { ROUNDS = 200 };

static volatile ptrdiff_t sink;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void nothing(int times) {
    for (int i = 0; i < times; i++) sink = i;
}

static void remaining(int times) {
    for (int i = 0; i < times; i++) sink = plat_stack_remaining();
}

static void low(int times) {
    for (int i = 0; i < times; i++) sink = plat_stack_low();
}

static void measure(int times) {
    for (int i = 0; i < times; i++) plat_stack_measure();
}

static void answers(int times) {
    struct plat_stack_answer all[PLAT_STACK_METHODS];
    for (int i = 0; i < times; i++) plat_stack_answers(all);
}

static void visit(void *unused) {
    (void)unused;
    sink = plat_stack_remaining();
}

static void run(int times) {
    for (int i = 0; i < times; i++) plat_stack_run(8 << 20, visit, NULL);
}

static double least(void (*work)(int times), int times) {
    double best = 1e18;
    for (int i = 0; i < ROUNDS; i++) {
        double start = now();
        work(times);
        double took = (now() - start) / times;
        if (took < best) best = took;
    }
    return best;
}

static void print(const char *name, void (*work)(int times), int times) {
    printf("%s\t%.2f\n", name, least(work, times));
}

static void *on_thread(void *unused) {
    print("bounds of a thread", measure, 100);
    return unused;
}

int main(void) {
    pthread_t thread;
    print("an empty loop", nothing, 100000);
    print("plat_stack_remaining", remaining, 100000);
    print("plat_stack_low", low, 100000);
    print("bounds of the main thread", measure, 100);
    if (pthread_create(&thread, NULL, on_thread, NULL) == 0) pthread_join(thread, NULL);
    print("all methods side by side", answers, 10);
    print("plat_stack_run of 8 MiB", run, 100);
    return 0;
}
