/* stack_switch.S: calls a function on another stack (x86-64, System V ABI).
 * Invariant: the caller's frame is found through %rbp alone, so every unwinder crosses the switch.
 * SPDX-License-Identifier: MIT */
    .text
    .globl stack_switch
    .type stack_switch, @function
    /* void stack_switch(void *top, void (*fn)(void *arg), void *arg) */
stack_switch:
    .cfi_startproc
    endbr64
    pushq %rbp
    .cfi_def_cfa_offset 16
    .cfi_offset %rbp, -16
    movq %rsp, %rbp
    .cfi_def_cfa_register %rbp
    movq %rdi, %rsp
    movq %rdx, %rdi
    callq *%rsi
    movq %rbp, %rsp
    popq %rbp
    .cfi_def_cfa %rsp, 8
    .cfi_restore %rbp
    retq
    .cfi_endproc
    .size stack_switch, . - stack_switch
    .section .note.GNU-stack, "", @progbits
