/* steps.c: FROM TO COMMAND [ARG...]: which of the command's own instructions lie outside of [FROM, TO), hexadecimal addresses as
 * `nm` tells them: one line "ADDRESS" for each page of 4 KiB with such an instruction, the first that was met there.
 * Invariant: the command runs to its end, step by step, as ptrace(2) lets it; its status is ours, 125 that of a refusal.
 * SPDX-License-Identifier: MIT */
#include <elf.h>
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

enum { REFUSED = 125, PAGE = 4096, PAGES = 4096 };

static char met[PAGES];

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

static void look(uint64_t at, uint64_t from, uint64_t to) {
    uint64_t page = at / PAGE;
    if ((at >= from && at < to) || page >= PAGES || met[page]) return;
    met[page] = 1;
    printf("%llx\n", (unsigned long long)at);
}

/* The entry's own address and where it came to lie tell how far the program was moved. */
static int follow(pid_t child, uint64_t entry, uint64_t from, uint64_t to) {
    int status;
    waitpid(child, &status, 0);
    uint64_t moved = place(child) - entry;
    while (WIFSTOPPED(status)) {
        look(place(child) - moved, from, to);
        int number = WSTOPSIG(status) == SIGTRAP ? 0 : WSTOPSIG(status);
        if (ptrace(PTRACE_SINGLESTEP, child, 0, number) != 0) return REFUSED;
        waitpid(child, &status, 0);
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : REFUSED;
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
    pid_t child = fork();
    if (child < 0) return REFUSED;
    if (child == 0) {
        if (ptrace(PTRACE_TRACEME, 0, 0, 0) == 0) execv(argv[3], argv + 3);
        _exit(REFUSED);
    }
    return follow(child, entry_of(argv[3]), strtoull(argv[1], NULL, 16), strtoull(argv[2], NULL, 16));
}
