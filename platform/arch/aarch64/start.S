/* start.S: where the runner begins (AArch64, AAPCS64): what every start reads and writes, which scripts/build/startup
 * lays side by side, is asked of the kernel in two calls of madvise(2) instead of a fault for each page. Then the C
 * library's own entry. A kernel before 5.14, or one that refuses, costs the faults again and nothing else.
 * Invariant: the stack and x0, which the C library's entry looks at, are as the kernel left them.
 * SPDX-License-Identifier: MIT */
    .set SYS_MADVISE, 233
    .set POPULATE_READ, 22
    .set POPULATE_WRITE, 23
    .section .text.start_ahead, "ax", %progbits
    .globl start_ahead
    .type start_ahead, %function
start_ahead:
    .cfi_startproc
    .cfi_undefined x30
    hint #34 /* bti c */
    adrp x0, __ehdr_start
    add x0, x0, :lo12:__ehdr_start
    adrp x1, startup_read_end
    add x1, x1, :lo12:startup_read_end
    sub x1, x1, x0
    mov x2, #POPULATE_READ
    mov x8, #SYS_MADVISE
    svc #0
    adrp x0, __init_array_start /* its page */
    adrp x1, startup_write_end
    add x1, x1, :lo12:startup_write_end
    sub x1, x1, x0
    mov x2, #POPULATE_WRITE
    mov x8, #SYS_MADVISE
    svc #0
    mov x0, #0
    b _start
    .cfi_endproc
    .size start_ahead, . - start_ahead
    .section .note.GNU-stack, "", %progbits
