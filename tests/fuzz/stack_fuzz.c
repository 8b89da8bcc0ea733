/* stack_fuzz.c: whatever the auxiliary vector, the limit, the probe, the C library and the files of /proc say, the bounds
 * hold the frame that asked; and the maps parser does not care how its text is cut.
 * SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include <errno.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

#include "stack.h"

/* What the made-up host answers. */
static struct {
    uint64_t limit;
    uintptr_t attributes_lo, attributes_hi;
    size_t guard;
    int8_t errors[4];
    uint8_t probe, has_name, main, promise, cut;
} host;
static char name[64];
static const uint8_t *text;
static size_t text_size;

static unsigned long auxv(unsigned long type) {
    return type == AT_EXECFN && host.has_name ? (unsigned long)name : 0;
}

static int limit(uint64_t *bytes) {
    *bytes = host.limit;
    return host.errors[0] < 0 ? host.errors[0] : 0;
}

static int probe(uintptr_t address) {
    return host.probe == 2 ? (int)(address >> 12 & 1) : host.probe & 1;
}

static int remap(void) {
    return host.errors[1] < 0 ? host.errors[1] : -EFAULT;
}

static int attributes(uintptr_t *lo, uintptr_t *hi, size_t *guard) {
    *lo = host.attributes_lo;
    *hi = host.attributes_hi;
    *guard = host.guard & 0xffff;
    return host.errors[2] < 0 ? host.errors[2] : 0;
}

static int text_file(int error) {
    if (error < 0) return error;
    int fd = memfd_create("text", 0);
    if (fd < 0 || write(fd, text, text_size) != (ssize_t)text_size || lseek(fd, 0, SEEK_SET) != 0) abort();
    return fd;
}

static int maps(void) {
    return text_file(host.errors[3]);
}

static int stat_line(void) {
    return text_file(host.errors[0]);
}

static void any_answers(void) {
    struct stack_sources sources = { auxv, limit, probe, remap, attributes, maps, stat_line, host.promise & 1,
                                     (uintptr_t)__builtin_frame_address(0), 4096, host.main & 1 };
    struct plat_stack_answer answers[PLAT_STACK_METHODS];
    struct plat_stack_bounds bounds;
    memset(answers, 0, sizeof answers);
    stack_choose(&sources, &bounds, answers);
    HOLDS(bounds.lo <= sources.sp && sources.sp < bounds.hi);
    HOLDS(((bounds.lo | bounds.hi) & 4095) == 0);
    HOLDS(bounds.confidence >= PLAT_LOW && bounds.confidence <= PLAT_EXACT);
    HOLDS(bounds.method != NULL);
}

static void any_cut(void) {
    struct stack_maps whole, pieces;
    uintptr_t sp = host.attributes_lo;
    size_t cut = host.cut < text_size ? host.cut : text_size;
    stack_maps_begin(&whole, sp);
    stack_maps_begin(&pieces, sp);
    stack_maps_feed(&whole, (const char *)text, text_size);
    stack_maps_feed(&pieces, (const char *)text, cut);
    stack_maps_feed(&pieces, (const char *)text + cut, text_size - cut);
    HOLDS(whole.lo == pieces.lo && whole.hi == pieces.hi && whole.below == pieces.below);
    HOLDS(whole.hi == 0 || (whole.lo <= sp && sp < whole.hi));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_take(&data, &size, &host, sizeof host);
    fuzz_take(&data, &size, name, sizeof name - 1);
    text = data;
    text_size = size;
    any_answers();
    any_cut();
    return 0;
}
