/* init.c: the first process of a container: it runs one child, passes signals on, and reaps what others leave behind.
 * Invariant: no call of this file but fork and waitpid is needed; every other refusal makes it less, not fail.
 * SPDX-License-Identifier: MIT */
#include "platform.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static const int passed_on[] = { SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2 };
enum { PASSED_ON = sizeof passed_on / sizeof passed_on[0] };

static volatile pid_t child;

/* The group is the child's own; a host that refused it has only the child. */
static void pass_on(int number) {
    int saved = errno;
    if (kill(-child, number) != 0) kill(child, number);
    errno = saved;
}

static void take_signals(struct sigaction before[PASSED_ON]) {
    struct sigaction action = { .sa_handler = pass_on, .sa_flags = SA_RESTART };
    sigfillset(&action.sa_mask);
    for (int i = 0; i < PASSED_ON; i++) sigaction(passed_on[i], &action, &before[i]);
}

/* The child gets the terminal, if there is one, as a shell's job would: else its own group could not read from it.
 * Writing that down stops a background process, unless it ignores SIGTTOU. */
static void lead_group(void) {
    struct sigaction ignore = { .sa_handler = SIG_IGN }, before;
    if (setpgid(0, 0) != 0) return;
    sigaction(SIGTTOU, &ignore, &before);
    tcsetpgrp(STDIN_FILENO, getpid());
    sigaction(SIGTTOU, &before, NULL);
}

static _Noreturn void reap(void) {
    for (;;) {
        int status;
        pid_t ended = waitpid(-1, &status, 0);
        if (ended == child) _exit(plat_exit_code(status));
        /* Somebody else took our child's status, which only a ptrace or SIGCHLD ignored by the caller can do. */
        if (ended < 0 && errno != EINTR) _exit(1);
    }
}

static pid_t split(void) {
    pid_t pid = fork();
    if (pid < 0) pid = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    return pid;
}

/* A signal between the fork and the note of the child's number waits: it would be passed on to nobody. */
int plat_init(void) {
    sigset_t all, mask;
    struct sigaction before[PASSED_ON];
    signal(SIGCHLD, SIG_DFL);
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &mask);
    take_signals(before);
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    child = split();
    int error = errno;
    if (child > 0) {
        setpgid(child, child);
        sigprocmask(SIG_SETMASK, &mask, NULL);
        reap();
    }
    for (int i = 0; i < PASSED_ON; i++) sigaction(passed_on[i], &before[i], NULL);
    if (child == 0) lead_group();
    sigprocmask(SIG_SETMASK, &mask, NULL);
    return child == 0 ? 0 : -error;
}
