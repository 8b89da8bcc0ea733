/* stack_switch.S: calls a function on another stack (AArch64, AAPCS64).
 * Invariant: the caller's frame is found through x29 alone, so every unwinder crosses the switch.
 * SPDX-License-Identifier: MIT */
    .text
    .globl stack_switch
    .type stack_switch, %function
    /* void stack_switch(void *top, void (*fn)(void *arg), void *arg) */
stack_switch:
    .cfi_startproc
    hint #34 /* bti c */
    stp x29, x30, [sp, #-16]!
    .cfi_def_cfa_offset 16
    .cfi_offset x29, -16
    .cfi_offset x30, -8
    mov x29, sp
    .cfi_def_cfa_register x29
    mov sp, x0
    mov x0, x2
    blr x1
    mov sp, x29
    .cfi_def_cfa_register sp
    ldp x29, x30, [sp], #16
    .cfi_def_cfa_offset 0
    .cfi_restore x29
    .cfi_restore x30
    ret
    .cfi_endproc
    .size stack_switch, . - stack_switch
    .section .note.GNU-stack, "", %progbits
