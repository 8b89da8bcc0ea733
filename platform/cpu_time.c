/* cpu_time.c: the CPU time of a thread, and a signal when it is used up.
 * Invariant: see platform.h; a handler runs only in the thread that opened its timer.
 * SPDX-License-Identifier: MIT */
#include "platform.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* The process has one interval timer; whoever holds it is known to the handler. */
enum { INTERVAL = -1 };
static struct plat_cpu_timer *_Atomic interval_owner;

double plat_cpu_seconds(void) {
    struct timespec now;
    if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) != 0 && clock_gettime(CLOCK_MONOTONIC, &now) != 0) return time(NULL);
    return now.tv_sec + now.tv_nsec * 1e-9;
}

/* The kernel's form of struct sigevent, whose thread id C libraries hide under different names. */
struct kernel_event {
    union sigval value;
    int signal, notify, thread;
    int unused[11];
};

static int timer_signal(void) {
    return SIGRTMAX - 6;
}

static void on_timer(int number, siginfo_t *info, void *unused) {
    (void)unused;
    struct plat_cpu_timer *timer = info->si_code == SI_TIMER ? info->si_value.sival_ptr : NULL;
    if (number == SIGPROF) timer = interval_owner;
    if (timer) timer->fire(timer->context);
}

static int take_signal(int number) {
    struct sigaction action = { .sa_sigaction = on_timer, .sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK };
    return sigaction(number, &action, NULL) == 0 ? 0 : -errno;
}

static int open_interval(struct plat_cpu_timer *timer) {
    struct plat_cpu_timer *nobody = NULL;
    struct itimerval never = { .it_value = { 0 } };
    if (setitimer(ITIMER_PROF, &never, NULL) != 0) return -errno;
    if (!atomic_compare_exchange_strong(&interval_owner, &nobody, timer)) return -EBUSY;
    timer->id = INTERVAL;
    return take_signal(SIGPROF);
}

int plat_cpu_timer_open(struct plat_cpu_timer *timer, void (*fire)(void *context), void *context) {
    struct kernel_event event = { .value = { .sival_ptr = timer }, .signal = timer_signal(), .notify = SIGEV_THREAD_ID };
    event.thread = (int)syscall(SYS_gettid);
    timer->fire = fire;
    timer->context = context;
    int refused = take_signal(event.signal);
    if (refused) return refused;
    if (syscall(SYS_timer_create, CLOCK_THREAD_CPUTIME_ID, &event, &timer->id) == 0) return 0;
    return open_interval(timer);
}

void plat_cpu_timer_set(struct plat_cpu_timer *timer, double seconds) {
    long whole = (long)seconds, nanoseconds = (long)((seconds - (double)whole) * 1e9);
    if (seconds > 0 && whole == 0 && nanoseconds < 1000) nanoseconds = 1000;
    if (timer->id == INTERVAL) {
        struct itimerval value = { .it_value = { whole, nanoseconds / 1000 } };
        setitimer(ITIMER_PROF, &value, NULL);
    } else {
        struct itimerspec value = { .it_value = { whole, nanoseconds } };
        syscall(SYS_timer_settime, timer->id, 0, &value, NULL);
    }
}

void plat_cpu_timer_close(struct plat_cpu_timer *timer) {
    plat_cpu_timer_set(timer, 0);
    if (timer->id == INTERVAL) interval_owner = NULL;
    else syscall(SYS_timer_delete, timer->id);
}
