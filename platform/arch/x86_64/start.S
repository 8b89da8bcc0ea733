/* start.S: where the runner begins (x86-64, System V ABI): what every start reads and writes, which scripts/build/startup
 * lays side by side, is asked of the kernel in two calls of madvise(2) instead of a fault for each page. Then the C
 * library's own entry. A kernel before 5.14, or one that refuses, costs the faults again and nothing else.
 * Invariant: the stack and %rdx, which the C library's entry looks at, are as the kernel left them.
 * SPDX-License-Identifier: MIT */
    .set SYS_MADVISE, 28
    .set POPULATE_READ, 22
    .set POPULATE_WRITE, 23
    .section .text.start_ahead, "ax", @progbits
    .globl start_ahead
    .type start_ahead, @function
start_ahead:
    .cfi_startproc
    .cfi_undefined %rip
    endbr64
    leaq __ehdr_start(%rip), %rdi
    leaq startup_read_end(%rip), %rsi
    subq %rdi, %rsi
    movl $POPULATE_READ, %edx
    movl $SYS_MADVISE, %eax
    syscall
    leaq __init_array_start(%rip), %rdi
    andq $-4096, %rdi
    leaq startup_write_end(%rip), %rsi
    subq %rdi, %rsi
    movl $POPULATE_WRITE, %edx
    movl $SYS_MADVISE, %eax
    syscall
    xorl %edx, %edx
    jmp _start
    .cfi_endproc
    .size start_ahead, . - start_ahead
    .section .note.GNU-stack, "", @progbits
