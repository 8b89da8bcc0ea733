/* seccomp.c: seccomp CALL:ERRNO[,CALL:ERRNO...] -- PROGRAM [ARG...]: run a program to which these system calls are
 * refused with these errors, as a container's filter would. Exits with 77 when this CPU or this host has no such call or
 * no such filter, and says why.
 * SPDX-License-Identifier: MIT */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { CANNOT = 77, MOST = 24 };

#define CALL(name) { #name, SYS_##name }
#define ERROR(name) { #name, name }

/* Those of all CPUs, then those that newer CPUs were born without. */
static const struct named {
    const char *name;
    int number;
} calls[] = {
    CALL(prlimit64), CALL(mremap), CALL(sched_getaffinity), CALL(mincore), CALL(sigaltstack), CALL(process_vm_readv),
    CALL(pipe2), CALL(clone), CALL(clone3), CALL(rt_sigaction), CALL(rt_sigprocmask), CALL(getrandom), CALL(madvise), CALL(statx),
    CALL(faccessat2), CALL(mmap), CALL(mprotect), CALL(munmap), CALL(brk), CALL(prctl), CALL(gettid), CALL(getpid), CALL(ppoll),
    CALL(getuid), CALL(geteuid), CALL(getgid), CALL(tkill), CALL(fcntl), CALL(dup3), CALL(ioctl), CALL(getcwd), CALL(uname), CALL(sysinfo), CALL(statfs), CALL(memfd_create), CALL(openat),
    CALL(clock_gettime), CALL(getrusage), CALL(set_tid_address), CALL(tgkill), CALL(writev), CALL(close), CALL(readlinkat),
    CALL(landlock_create_ruleset), CALL(setpgid), CALL(wait4), CALL(futex), CALL(nanosleep), CALL(clock_nanosleep),
    CALL(copy_file_range), CALL(sendfile), CALL(pread64), CALL(lseek), CALL(write),
#ifdef SYS_fork
    CALL(getrlimit), CALL(fork), CALL(vfork), CALL(pipe), CALL(open), CALL(poll), CALL(access), CALL(stat), CALL(readlink),
    CALL(arch_prctl), CALL(dup2), CALL(alarm),
#endif
};

static const struct named errors[] = {
    ERROR(EPERM), ERROR(ENOSYS), ERROR(ENOMEM), ERROR(EINVAL), ERROR(EACCES), ERROR(EAGAIN), ERROR(ENOENT), ERROR(EFAULT),
};

#if defined __x86_64__
#define ARCH AUDIT_ARCH_X86_64
#elif defined __aarch64__
#define ARCH AUDIT_ARCH_AARCH64
#endif

static const struct named *find(const struct named *list, size_t count, const char *name, size_t size) {
    for (size_t i = 0; i < count; i++)
        if (strlen(list[i].name) == size && memcmp(list[i].name, name, size) == 0) return &list[i];
    return NULL;
}
#define FIND(list, name, size) find(list, sizeof list / sizeof list[0], name, size)

static int cannot(const char *what, const char *why) {
    fprintf(stderr, "seccomp: %s: %s\n", what, why);
    return CANNOT;
}

/* Two instructions for each refused call: is it this one? then the error. Returns how many rules, or < 0. */
static int add_rules(const char *words, struct sock_filter *filter) {
    int count = 0;
    while (*words) {
        size_t size = strcspn(words, ","), name = strcspn(words, ":");
        const struct named *call = FIND(calls, words, name);
        const struct named *error = name < size ? FIND(errors, words + name + 1, size - name - 1) : NULL;
        if (!call || !error || count == MOST) return -1;
        *filter++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)call->number, 0, 1);
        *filter++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)error->number);
        count++;
        words += size + (words[size] == ',');
    }
    return count;
}

int main(int argc, char **argv) {
    struct sock_filter filter[2 * MOST + 5] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    };
    if (argc < 4 || strcmp(argv[2], "--") != 0) {
        fputs("usage: seccomp CALL:ERRNO[,CALL:ERRNO...] -- PROGRAM [ARG...]\n", stderr);
        return 2;
    }
    int rules = add_rules(argv[1], filter + 4);
    if (rules < 0) return cannot(argv[1], "this CPU has no such call, or there is no such error");
    filter[4 + 2 * rules] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog program = { .len = (unsigned short)(5 + 2 * rules), .filter = filter };
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return cannot("no_new_privs", strerror(errno));
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) return cannot("filter", strerror(errno));
    execv(argv[3], argv + 3);
    perror(argv[3]);
    return 126;
}
