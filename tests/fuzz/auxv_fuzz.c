/* auxv_fuzz.c: wherever the auxiliary vector says that the program's name lies, however long it is and whatever the limit
 * and the kernel say of the pages below, the stack ends above the name and no answer is less than a page.
 * SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include <errno.h>
#include <sys/auxv.h>

#include "stack.h"

enum { PAGE = 4096, NAMES = 3 * PAGE };

static char names[NAMES] __attribute__((aligned(PAGE)));
static struct {
    uint64_t limit;
    uint16_t at; /* of the name */
    int8_t limit_error, probe_error;
    uint32_t readable; /* pages below the name */
    uint8_t main, no_name, probe;
} host;

static unsigned long auxv(unsigned long type) {
    return type == AT_EXECFN && !(host.no_name & 1) ? (unsigned long)names + host.at % (NAMES - 64) : 0;
}

static int limit(uint64_t *bytes) {
    *bytes = host.limit;
    return host.limit_error < 0 ? host.limit_error : 0;
}

static int probe(uintptr_t address) {
    if (host.probe_error < 0) return host.probe_error;
    if (host.probe & 1) return address >> 20 & 1; /* an emulator that answers at random */
    return address < (uintptr_t)names + NAMES && address >= (uintptr_t)names - (uintptr_t)host.readable % 4096 * PAGE;
}

static int none(void) {
    return -ENOENT;
}

static int no_attributes(uintptr_t *lo, uintptr_t *hi, size_t *guard) {
    *lo = *hi = *guard = 0;
    return -ENOENT;
}

static void check_top(const struct stack_sources *s) {
    uintptr_t top = stack_top(s), name = auxv(AT_EXECFN);
    if (!name) {
        HOLDS(top == 0);
        return;
    }
    uintptr_t end = name + strlen((const char *)name) + 1 + sizeof(void *);
    HOLDS(top % PAGE == 0 && top >= end && top - end < PAGE);
}

static void check_answer(int (*ask)(const struct stack_sources *, struct plat_stack_bounds *), const struct stack_sources *s) {
    struct plat_stack_bounds b = { 0 };
    int result = ask(s, &b);
    HOLDS(b.method != NULL && result <= 0);
    if (result != 0) return;
    HOLDS(s->main && b.hi == stack_top(s) && b.lo <= b.hi && ((b.lo | b.hi) & (PAGE - 1)) == 0);
    HOLDS(b.confidence >= PLAT_LOW && b.confidence <= PLAT_HIGH);
    if (b.confidence == PLAT_HIGH) HOLDS(probe(b.lo) == 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct stack_sources s = { .auxv = auxv, .limit = limit, .probe = probe, .remap = none, .attributes = no_attributes,
                               .maps = none, .stat = none, .sp = (uintptr_t)names - 100, .page = PAGE };
    fuzz_take(&data, &size, &host, sizeof host);
    s.main = host.main & 1;
    memset(names, 0, sizeof names);
    fuzz_take(&data, &size, names, sizeof names - 1);
    check_top(&s);
    check_answer(stack_auxv, &s);
    check_answer(stack_probe, &s);
    return 0;
}
