/* elsewhere.c: FROM TO COMMAND [ARG...]: which of the command's own functions outside of [FROM, TO) it runs. Addresses are hexadecimal
 * as `nm` tells them; standard input has those of all its functions, one a line, and of each that runs the line is printed.
 * Invariant: where a function begins that was not met yet is no instruction; the command is stopped there, gets back what was
 * there, and goes on. Its status is ours, 125 that of a refusal, 126 when a signal ended it.
 * SPDX-License-Identifier: MIT */
#include <elf.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

enum { REFUSED = 125, KILLED = 126, FUNCTIONS = 20000 };

/* An illegal instruction of each CPU, no longer than any that a function begins with. */
#if defined __x86_64__
static const unsigned char illegal[1] = { 0x06 };
#else
static const unsigned char illegal[4] = { 0 };
#endif

static struct {
    uint64_t at;
    unsigned char was[sizeof illegal];
    int met;
} functions[FUNCTIONS];
static int count;

/* Where the next instruction lies: the program counter is the member of this name on each CPU. */
static uint64_t place(pid_t child) {
    struct user_regs_struct registers;
    struct iovec all = { &registers, sizeof registers };
    if (ptrace(PTRACE_GETREGSET, child, NT_PRSTATUS, &all) != 0) exit(REFUSED);
#if defined __x86_64__
    return registers.rip;
#else
    return registers.pc;
#endif
}

/* The pages of a program can be written through this file even where the program itself may not. */
static int memory_of(pid_t child) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/mem", (int)child);
    int memory = open(path, O_RDWR | O_CLOEXEC);
    if (memory < 0) exit(REFUSED);
    return memory;
}

/* Two names may have one address. */
static void hide(int memory, uint64_t moved) {
    for (int i = 0; i < count; i++) {
        if (pread(memory, functions[i].was, sizeof illegal, (off_t)(functions[i].at + moved)) != sizeof illegal) exit(REFUSED);
    }
    for (int i = 0; i < count; i++) {
        if (pwrite(memory, illegal, sizeof illegal, (off_t)(functions[i].at + moved)) != sizeof illegal) exit(REFUSED);
    }
}

static int meet(int memory, uint64_t moved, uint64_t at) {
    for (int i = 0; i < count; i++) {
        if (functions[i].at != at || functions[i].met) continue;
        functions[i].met = 1;
        printf("%llx\n", (unsigned long long)at);
        return pwrite(memory, functions[i].was, sizeof illegal, (off_t)(at + moved)) == sizeof illegal;
    }
    return 0;
}

/* The entry's own address and where it came to lie tell how far the program was moved. */
static int follow(pid_t child, uint64_t entry) {
    int status;
    waitpid(child, &status, 0);
    if (!WIFSTOPPED(status)) return REFUSED;
    uint64_t moved = place(child) - entry;
    int memory = memory_of(child), signal = 0;
    hide(memory, moved);
    for (;;) {
        if (ptrace(PTRACE_CONT, child, 0, signal) != 0) return REFUSED;
        waitpid(child, &status, 0);
        if (!WIFSTOPPED(status)) return WIFEXITED(status) ? WEXITSTATUS(status) : KILLED;
        signal = WSTOPSIG(status);
        if (signal == SIGILL && meet(memory, moved, place(child) - moved)) signal = 0;
    }
}

static uint64_t entry_of(const char *path) {
    Elf64_Ehdr head;
    FILE *file = fopen(path, "rb");
    if (!file || fread(&head, sizeof head, 1, file) != 1) exit(REFUSED);
    fclose(file);
    return head.e_entry;
}

int main(int argc, char **argv) {
    if (argc < 4) return REFUSED;
    uint64_t from = strtoull(argv[1], NULL, 16), to = strtoull(argv[2], NULL, 16);
    unsigned long long at;
    while (count < FUNCTIONS && scanf("%llx", &at) == 1) {
        if (at < from || at >= to) functions[count++].at = at;
    }
    if (count == 0 || count == FUNCTIONS) return REFUSED;
    pid_t child = fork();
    if (child < 0) return REFUSED;
    if (child == 0) {
        if (ptrace(PTRACE_TRACEME, 0, 0, 0) == 0) execv(argv[3], argv + 3);
        _exit(REFUSED);
    }
    return follow(child, entry_of(argv[3]));
}
