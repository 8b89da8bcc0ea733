/* process.c: running other programs without a shell.
 * Invariant: between the split and the exec the child calls only signal-safe functions and touches no heap; it may
 * share the parent's memory (vfork).
 * SPDX-License-Identifier: MIT */
#include "platform.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

int plat_shell(void) {
    return access("/bin/sh", X_OK) == 0 ? 0 : -errno;
}

/* What the child needs, and what it answers. `failed` is how it answers when memory is shared, `report` when not. */
struct job {
    const struct plat_spawn *what;
    int streams[3];           /* what becomes 0, 1, 2; -1: as it is */
    int report;               /* write end of a pipe that exec closes, or -1 */
    sigset_t mask;            /* the caller's */
    const char *search;       /* PATH, or NULL when argv[0] has a slash */
    volatile int failed;      /* errno of what went wrong in the child */
};

static int close_on_exec(int fd) {
    return fcntl(fd, F_SETFD, FD_CLOEXEC);
}

/* pipe2(2), or pipe(2) where a filter knows only that. */
static int make_pipe(int ends[2]) {
    if (pipe2(ends, O_CLOEXEC) == 0) return 0;
    if (errno != ENOSYS && errno != EPERM) return -errno;
    if (pipe(ends) != 0) return -errno;
    close_on_exec(ends[0]);
    close_on_exec(ends[1]);
    return 0;
}

/* How the child answers. Its own streams are put at 0, 1 and 2, so the answer must not come from there, where a pipe lies
 * when the caller has closed them. Without a pipe there is no answer, and memory that is shared must do. */
static void make_report(int ends[2]) {
    if (make_pipe(ends) != 0) return;
    if (ends[1] > 2) return;
    int moved = fcntl(ends[1], F_DUPFD_CLOEXEC, 3);
    close(ends[1]);
    ends[1] = moved;
    if (moved >= 0) return;
    close(ends[0]);
    ends[0] = -1;
}

/* ---- In the child ---- */

/* Every handler becomes the default; what is ignored stays so, as exec itself does. */
static void reset_signals(const sigset_t *mask) {
    struct sigaction now;
    for (int number = 1; number < NSIG; number++) {
        if (sigaction(number, NULL, &now) != 0 || now.sa_handler == SIG_DFL || now.sa_handler == SIG_IGN) continue;
        now.sa_handler = SIG_DFL;
        now.sa_flags = 0;
        sigaction(number, &now, NULL);
    }
    sigprocmask(SIG_SETMASK, mask, NULL);
}

/* A descriptor below 3 could be overwritten before its turn: all move out of the way first. */
static int place_streams(int streams[3]) {
    for (int i = 0; i < 3; i++) {
        if (streams[i] < 0 || streams[i] > 2 || streams[i] == i) continue;
        streams[i] = fcntl(streams[i], F_DUPFD, 3);
        if (streams[i] < 0) return -errno;
        close_on_exec(streams[i]);
    }
    for (int i = 0; i < 3; i++) {
        if (streams[i] < 0) continue;
        if (streams[i] == i ? fcntl(i, F_SETFD, 0) != 0 : dup2(streams[i], i) < 0) return -errno;
    }
    return 0;
}

/* As execvp(3): a folder that cannot be searched is passed over, but remembered. Never returns when it works. */
static int exec_search(const char *folders, char *const *argv, char *const *env) {
    char path[PATH_MAX];
    size_t name = strlen(argv[0]) + 1;
    int result = -ENOENT;
    for (const char *end; ; folders = end + 1) {
        end = strchrnul(folders, ':');
        size_t length = (size_t)(end - folders);
        if (length + 1 + name <= sizeof path) {
            memcpy(path, folders, length);
            path[length] = '/';
            memcpy(path + length + (length > 0), argv[0], name);
            execve(path, argv, env);
            if (errno == EACCES) result = -EACCES;
            else if (errno != ENOENT && errno != ENOTDIR) return -errno;
        }
        if (!*end) return result;
    }
}

static int become(struct job *job) {
    const struct plat_spawn *what = job->what;
    char *const *env = what->env ? what->env : environ;
    if (what->group && setpgid(0, 0) != 0) return -errno;
    int error = place_streams(job->streams);
    if (error) return error;
    if (what->cwd && chdir(what->cwd) != 0) return -errno;
    reset_signals(&job->mask);
    if (job->search) return exec_search(job->search, what->argv, env);
    execve(what->argv[0], what->argv, env);
    return -errno;
}

static _Noreturn void child(struct job *job) {
    int error = become(job);
    job->failed = -error;
    if (job->report >= 0)
        while (write(job->report, &error, sizeof error) < 0 && errno == EINTR) {}
    _exit(127);
}

/* ---- In the parent ---- */

/* vfork is the cheapest and needs no memory; a filter may refuse it and allow another. Whatever is refused here was
 * refused before anything ran. */
static pid_t split(struct job *job) {
    pid_t pid = vfork();
    if (pid == 0) child(job);
    if (pid > 0) return pid;
    pid = fork();
    if (pid == 0) child(job);
    if (pid > 0) return pid;
    pid = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    if (pid == 0) child(job);
    return pid < 0 ? -errno : pid;
}

static pid_t wait_eintr(pid_t pid, int *status, int flags) {
    pid_t got;
    do got = waitpid(pid, status, flags);
    while (got < 0 && errno == EINTR);
    return got;
}

/* The errno with which the child could not become the program; 0 when it did. */
static int child_error(struct job *job, int report) {
    int error = 0;
    ssize_t got;
    do got = report < 0 ? 0 : read(report, &error, sizeof error);
    while (got < 0 && errno == EINTR);
    if (got == sizeof error) return error;
    return -job->failed;
}

static pid_t split_quietly(struct job *job, int report[2]) {
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &job->mask);
    pid_t pid = split(job);
    sigprocmask(SIG_SETMASK, &job->mask, NULL);
    if (report[1] >= 0) close(report[1]);
    int error = pid < 0 ? (int)pid : child_error(job, report[0]);
    if (report[0] >= 0) close(report[0]);
    if (error == 0) return pid;
    if (pid > 0) wait_eintr(pid, NULL, 0);
    return error;
}

/* Our ends are kept in ends[]; the child's in job->streams, and in theirs[] to be closed. */
static int open_streams(const struct plat_spawn *what, struct job *job, int ends[3], int theirs[3]) {
    for (int i = 0; i < 3; i++) {
        int both[2];
        job->streams[i] = what->streams[i] >= 0 ? what->streams[i] : -1;
        if (what->streams[i] == PLAT_PIPE) {
            int error = make_pipe(both);
            if (error) return error;
            job->streams[i] = theirs[i] = both[i == 0 ? 0 : 1];
            ends[i] = both[i == 0 ? 1 : 0];
        } else if (what->streams[i] == PLAT_NULL) {
            job->streams[i] = theirs[i] = open("/dev/null", O_RDWR | O_CLOEXEC);
            if (theirs[i] < 0) return -errno;
        }
    }
    return 0;
}

static void close_all(const int fds[3]) {
    for (int i = 0; i < 3; i++)
        if (fds[i] >= 0) close(fds[i]);
}

static const char *search_path(const struct plat_spawn *what) {
    if (strchr(what->argv[0], '/')) return NULL;
    const char *path = getenv("PATH");
    for (char *const *one = what->env; one && *one; one++)
        if (strncmp(*one, "PATH=", 5) == 0) path = *one + 5;
    return path ? path : "/usr/local/bin:/bin:/usr/bin";
}

int plat_spawn(const struct plat_spawn *what, struct plat_child *made) {
    int ends[3] = { -1, -1, -1 }, theirs[3] = { -1, -1, -1 }, report[2] = { -1, -1 };
    struct job job = { .what = what, .report = -1 };
    if (!what->argv || !what->argv[0] || !what->argv[0][0]) return -EINVAL;
    job.search = search_path(what);
    int error = open_streams(what, &job, ends, theirs);
    if (error == 0) {
        make_report(report);
        job.report = report[1];
        pid_t pid = split_quietly(&job, report);
        error = pid < 0 ? (int)pid : 0;
        made->pid = pid;
    }
    close_all(theirs);
    if (error) {
        close_all(ends);
        return error;
    }
    made->group = what->group;
    memcpy(made->streams, ends, sizeof ends);
    return 0;
}

int plat_exit_code(int status) {
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int64_t now_ms(void) {
    struct timespec now = { 0 };
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Without a handler for SIGCHLD, which is not ours to take, the end of a child is asked for: at once, then after
 * pauses that grow from 1 to 20 ms. */
int plat_wait(const struct plat_child *child, int timeout_ms, int *code) {
    int status;
    if (timeout_ms < 0) {
        if (wait_eintr(child->pid, &status, 0) < 0) return -errno;
        *code = plat_exit_code(status);
        return 0;
    }
    int64_t end = now_ms() + timeout_ms;
    for (long pause = 1;; pause = pause < 20 ? pause * 2 : 20) {
        pid_t got = wait_eintr(child->pid, &status, WNOHANG);
        if (got < 0) return -errno;
        if (got > 0) break;
        if (now_ms() >= end) return -ETIMEDOUT;
        nanosleep(&(struct timespec){ .tv_nsec = pause * 1000000 }, NULL);
    }
    *code = plat_exit_code(status);
    return 0;
}

/* 0, -1 and their likes are no child but whole groups, or every process there is. */
int plat_signal(const struct plat_child *child, int number) {
    if (child->pid <= 1) return -ESRCH;
    return kill(child->group ? -child->pid : child->pid, number) == 0 ? 0 : -errno;
}
