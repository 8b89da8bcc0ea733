/* interleave.c: runs commands in turn, many times, and says what each one cost.
 * Invariant: the commands alternate run by run, so that what disturbs the machine disturbs all of them alike.
 * SPDX-License-Identifier: MIT
 *
 *   interleave [-n ROUNDS] [-s SECONDS] [-t] ::: NAME COMMAND [ARG...] [::: NAME COMMAND [ARG...]]...
 *
 * Stops after ROUNDS rounds (default 20), or after the round in which SECONDS have passed. Per command: wall time from
 * before the process is made until it has been waited for, CPU time (user and system), least and median of each, peak
 * memory and least number of page faults, all but the wall time as wait4(2) gives them. -t prints them as tab-separated
 * fields, without ratios: name, runs, wall least, wall median, CPU least, CPU median (microseconds), KiB, faults, and a
 * hash of the standard output.
 * A command that fails, or prints other bytes than it did before, ends everything with status 1.
 *
 * Peak memory is never less than interleave's own, which a process has until it becomes the command; that is why
 * this is a small static program. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct command {
    const char *name;
    char **argv;
    char path[4096];
    double *wall, *cpu; /* microseconds, one per run */
    long peak, faults;  /* KiB; the least of all runs */
    uint64_t output;    /* hash of what it prints */
};

static struct command *commands;
static int count, rounds = 20, done, as_fields, output_fd;
static double seconds;

static _Noreturn void fail(const char *what, const char *why) {
    fprintf(stderr, "interleave: %s: %s\n", what, why);
    exit(1);
}

static void *need(size_t items, size_t size) {
    void *block = calloc(items, size);
    if (!block) fail("out of memory", strerror(errno));
    return block;
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static double microseconds(struct timeval t) {
    return (double)t.tv_sec * 1e6 + (double)t.tv_usec;
}

/* Searched once here, so that no search is measured. */
static void find_program(struct command *c) {
    const char *name = c->argv[0], *at = getenv("PATH");
    if (strchr(name, '/')) {
        snprintf(c->path, sizeof c->path, "%s", name);
        return;
    }
    for (; at && *at; at += strcspn(at, ":"), at += *at == ':') {
        snprintf(c->path, sizeof c->path, "%.*s/%s", (int)strcspn(at, ":"), at, name);
        if (access(c->path, X_OK) == 0) return;
    }
    fail(name, "not found in PATH");
}

/* FNV-1a, as its authors give it. */
static uint64_t hash_output(void) {
    unsigned char block[4096];
    uint64_t hash = 14695981039346656037u;
    ssize_t got;
    lseek(output_fd, 0, SEEK_SET);
    while ((got = read(output_fd, block, sizeof block)) > 0)
        for (ssize_t i = 0; i < got; i++) hash = (hash ^ block[i]) * 1099511628211u;
    return hash;
}

static void empty_output(void) {
    if (ftruncate(output_fd, 0) != 0 || lseek(output_fd, 0, SEEK_SET) != 0) fail("output", strerror(errno));
}

/* vfork: what a process costs must not grow with the size of this one. */
static pid_t start(const struct command *c, int input) {
    pid_t pid = vfork();
    if (pid == 0) {
        if (input >= 0) dup2(input, 0);
        dup2(output_fd, 1);
        execv(c->path, c->argv);
        _exit(127);
    }
    if (pid < 0) fail(c->name, strerror(errno));
    return pid;
}

static void check(struct command *c, int status) {
    uint64_t output = hash_output();
    if (WIFSIGNALED(status)) fail(c->name, strsignal(WTERMSIG(status)));
    if (WEXITSTATUS(status) == 127) fail(c->path, "could not be run");
    if (status != 0) fail(c->name, "ended with an error");
    if (done > 0 && output != c->output) fail(c->name, "prints other bytes than in its first run");
    c->output = output;
}

static void run(struct command *c, int input) {
    struct rusage usage;
    int status;
    empty_output();
    double begin = now();
    pid_t pid = start(c, input);
    while (wait4(pid, &status, 0, &usage) < 0)
        if (errno != EINTR) fail("wait4", strerror(errno));
    c->wall[done] = now() - begin;
    c->cpu[done] = microseconds(usage.ru_utime) + microseconds(usage.ru_stime);
    if (usage.ru_maxrss > c->peak) c->peak = usage.ru_maxrss;
    if (done == 0 || usage.ru_minflt < c->faults) c->faults = usage.ru_minflt;
    check(c, status);
}

static void run_all(void) {
    int input = open("/dev/null", O_RDONLY | O_CLOEXEC);
    double end = now() + seconds * 1e6;
    while (done < rounds) {
        for (int i = 0; i < count; i++) run(&commands[i], input);
        done++;
        if (seconds > 0 && now() >= end) break;
    }
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void print_fields(const struct command *c) {
    printf("%s\t%d\t%.1f\t%.1f\t%.1f\t%.1f\t%ld\t%ld\t%016llx\n", c->name, done, c->wall[0], c->wall[done / 2],
           c->cpu[0], c->cpu[done / 2], c->peak, c->faults, (unsigned long long)c->output);
}

static void print_row(const struct command *c) {
    const struct command *base = &commands[0];
    printf("%-24s %10.3f %10.3f %6.2f %10.3f %10.3f %6.2f %8ld %7ld  %s\n", c->name, c->wall[0] / 1e3,
           c->wall[done / 2] / 1e3, c->wall[0] / base->wall[0], c->cpu[0] / 1e3, c->cpu[done / 2] / 1e3,
           c->cpu[0] / base->cpu[0], c->peak, c->faults, c->output == base->output ? "same" : "differs");
}

static void report(void) {
    for (int i = 0; i < count; i++) {
        qsort(commands[i].wall, (size_t)done, sizeof(double), ascending);
        qsort(commands[i].cpu, (size_t)done, sizeof(double), ascending);
    }
    if (!as_fields)
        printf("%-24s %10s %10s %6s %10s %10s %6s %8s %7s  %s\n", "milliseconds", "wall least", "median", "ratio",
               "CPU least", "median", "ratio", "KiB", "faults", "output");
    for (int i = 0; i < count; i++) as_fields ? print_fields(&commands[i]) : print_row(&commands[i]);
}

static _Noreturn void usage(void) {
    fputs("usage: interleave [-n ROUNDS] [-s SECONDS] [-t] ::: NAME COMMAND [ARG...] [::: NAME COMMAND [ARG...]]...\n",
          stderr);
    exit(2);
}

static void read_options(int argc, char **argv) {
    for (int option; (option = getopt(argc, argv, "+n:s:t")) != -1;) {
        if (option == 'n') rounds = atoi(optarg);
        else if (option == 's') seconds = atof(optarg);
        else if (option == 't') as_fields = 1;
        else usage();
    }
    if (rounds < 1) usage();
}

/* Splits argv at each ":::" in place; execv wants every part to end in NULL. */
static void read_commands(char **words) {
    for (char **at = words; *at; at++) count += strcmp(*at, ":::") == 0;
    if (!*words || strcmp(*words, ":::") != 0) usage();
    commands = need((size_t)count, sizeof *commands);
    struct command *c = commands;
    for (char **at = words; *at; c++) {
        *at++ = NULL;
        if (!at[0] || !at[1] || strcmp(at[0], ":::") == 0 || strcmp(at[1], ":::") == 0) usage();
        c->name = at[0];
        c->argv = at + 1;
        c->wall = need((size_t)rounds, sizeof(double));
        c->cpu = need((size_t)rounds, sizeof(double));
        while (*at && strcmp(*at, ":::") != 0) at++;
        find_program(c);
    }
}

int main(int argc, char **argv) {
    read_options(argc, argv);
    read_commands(argv + optind);
    output_fd = memfd_create("output", MFD_CLOEXEC);
    if (output_fd < 0) fail("memfd_create", strerror(errno));
    run_all();
    report();
    return 0;
}
