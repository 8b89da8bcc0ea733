/* empty.c: the least that a C program can be; start-up times are told as multiples of its.
 * Invariant: does nothing.
 * SPDX-License-Identifier: MIT */
int main(void) {
    return 0;
}
