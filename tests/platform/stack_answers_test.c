/* stack_answers_test.c: which answer about a stack is believed, when a made-up host gives them.
 * SPDX-License-Identifier: MIT */
#include "stack.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- A made-up host ---------------------------------------------------------------------------------------- */

enum { PAGE = 4096, STACK = 1024 * 1024 };

/* How each question is answered: truly, with that errno, or with nonsense. */
enum { TRUE = 0, NONSENSE = -1 };

static char *top_page; /* mapped, and so far above the numbers that are taken from its address */
static struct {
    int auxv, limit, probe, attributes, remap, maps, stat;
    uint64_t bytes;      /* the limit */
    uintptr_t lo, hi;    /* the main thread's real stack */
    const char *text;    /* of maps, instead of the true one */
    int asked_attributes;
    int nonsense;        /* which kind */
} host;

static unsigned long fake_auxv(unsigned long type) {
    return type == AT_EXECFN && host.auxv == TRUE ? (unsigned long)(top_page + PAGE - 32) : 0;
}

static int fake_limit(uint64_t *bytes) {
    static const uint64_t nonsense[] = { 0, 1, UINT64_MAX, UINT64_MAX - 1, 64 << 20, (uint64_t)1 << 50 };
    if (host.limit > 0) return -host.limit;
    *bytes = host.limit == TRUE ? host.bytes : nonsense[host.nonsense % 6];
    return 0;
}

static int fake_probe(uintptr_t address) {
    if (host.probe > 0) return -host.probe;
    if (host.probe == NONSENSE) return host.nonsense % 2;
    return address >= host.lo && address < host.hi;
}

static int fake_remap(void) {
    return host.remap == TRUE ? -EFAULT : host.remap == NONSENSE ? 0 : -host.remap;
}

static int fake_attributes(uintptr_t *lo, uintptr_t *hi, size_t *guard) {
    const uintptr_t nonsense[][2] = { { 0, 0 }, { host.hi, host.lo }, { host.lo + 1, host.hi }, { 4096, 8192 },
                                      { host.hi - PAGE, host.hi }, { 0, UINTPTR_MAX } };
    host.asked_attributes++;
    if (host.attributes > 0) return -host.attributes;
    *guard = PAGE;
    *lo = host.attributes == TRUE ? host.lo : nonsense[host.nonsense % 6][0];
    *hi = host.attributes == TRUE ? host.hi : nonsense[host.nonsense % 6][1];
    return 0;
}

static int text_file(const char *text) {
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], text, strlen(text)), (int)strlen(text));
    close(ends[1]);
    return ends[0];
}

static int fake_maps(void) {
    static const char *const nonsense[] = { "", "\n\n\n", "zzzz-yyyy rw-p", "ffffffffffffffffffffffffffffff-0 ", "0-0 0-0\n", "-" };
    char text[256];
    if (host.maps > 0) return -host.maps;
    if (host.maps == NONSENSE) return text_file(nonsense[host.nonsense % 6]);
    if (host.text) return text_file(host.text);
    snprintf(text, sizeof text, "1000-2000 r-xp 00000000 00:00 0 /b\n%lx-%lx rw-p 00000000 00:00 0 [stack]\n",
             (unsigned long)host.lo, (unsigned long)host.hi);
    return text_file(text);
}

static int fake_stat(void) {
    static const char *const nonsense[] = { "", ")", "1 (", "1 (x) S 1", "1 (a) b) 99999999999999999999999999", "))))\n" };
    char text[512];
    if (host.stat > 0) return -host.stat;
    if (host.stat == NONSENSE) return text_file(nonsense[host.nonsense % 6]);
    snprintf(text, sizeof text, "7 (a) S 3 (b) S 1 1 1 0 -1 1 1 1 1 1 1 1 1 1 20 0 1 0 1 1 1 1 1 1 %lu 1 1", (unsigned long)host.hi - 9000);
    return text_file(text);
}

static struct stack_sources fake(int main_thread, uintptr_t below_top) {
    memset(&host, 0, sizeof host);
    if (!top_page) top_page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(top_page != MAP_FAILED);
    host.hi = (uintptr_t)top_page + PAGE;
    host.lo = host.hi - STACK;
    host.bytes = STACK;
    return (struct stack_sources){ fake_auxv, fake_limit, fake_probe, fake_remap, fake_attributes, fake_maps, fake_stat, 1,
                                   host.hi - below_top, PAGE, main_thread };
}

static struct plat_stack_bounds choose(const struct stack_sources *s) {
    struct plat_stack_bounds b;
    stack_choose(s, &b, NULL);
    return b;
}

static int holds(const struct plat_stack_bounds *b, const void *frame) {
    return b->lo <= (uintptr_t)frame && (uintptr_t)frame < b->hi;
}

/* Whatever was answered: a stack that the frame is on, no lower than the real one. */
static void assert_safe(const struct stack_sources *s, const struct plat_stack_bounds *b) {
    assert_true(b->lo <= s->sp && s->sp < b->hi);
    assert_true(b->lo >= host.lo);
    assert_true(((b->lo | b->hi) & (PAGE - 1)) == 0);
    assert_non_null(b->method);
    assert_true(b->confidence >= PLAT_LOW && b->confidence <= PLAT_EXACT);
}

static void main_thread_is_confirmed_by_the_kernel(void **state) {
    struct stack_sources s = fake(1, 16384);
    struct plat_stack_bounds b = choose(&s);
    (void)state;
    assert_string_equal(b.method, "auxv+rlimit");
    assert_int_equal(b.confidence, PLAT_HIGH);
    assert_true(b.lo == host.lo && b.hi == host.hi);
    assert_int_equal(host.asked_attributes, 0);
}

static void thread_is_told_exactly(void **state) {
    struct stack_sources s = fake(0, 16384);
    struct plat_stack_bounds b = choose(&s);
    (void)state;
    assert_string_equal(b.method, "pthread");
    assert_int_equal(b.confidence, PLAT_EXACT);
    assert_true(b.lo == host.lo && b.hi == host.hi);
}

static void guard_counted_into_a_thread_is_left_out(void **state) {
    struct stack_sources s = fake(0, 16384);
    (void)state;
    host.probe = EPERM;
    assert_true(choose(&s).lo == host.lo + PAGE);
    host.probe = TRUE;
    host.lo += PAGE; /* the guard: attributes begin one page lower */
    struct plat_stack_bounds b = { 0 };
    s.attributes = fake_attributes;
    assert_int_equal(stack_pthread(&s, &b), 0);
    assert_true(b.lo >= host.lo);
}

static void limit_that_the_stack_does_not_follow(void **state) {
    struct stack_sources s = fake(1, 16384);
    (void)state;
    host.bytes = 8 * STACK; /* as QEMU_STACK_SIZE or gVisor have it */
    struct plat_stack_bounds b = choose(&s);
    assert_string_equal(b.method, "auxv+probe");
    assert_true(b.lo == host.lo);
    assert_safe(&s, &b);
    host.probe = EPERM;
    b = choose(&s);
    assert_safe(&s, &b);
    assert_true(s.sp - b.lo >= STACK_GUESS);
}

static void no_limit_is_eight_megabytes_at_most(void **state) {
    struct stack_sources s = fake(1, 16384);
    (void)state;
    host.bytes = UINT64_MAX;
    host.lo = host.hi - 2 * STACK_USUAL;
    struct plat_stack_bounds b = choose(&s);
    assert_true(b.hi - b.lo == STACK_USUAL);
    assert_int_equal(b.confidence, PLAT_HIGH);
    host.bytes = (uint64_t)1 << 40;
    assert_true(choose(&s).lo == host.hi - STACK_MODEST); /* not followed, so the probe looks, that far at most */
}

static void denied_limit_is_found_by_bisecting(void **state) {
    static const uintptr_t sizes[] = { 65536, 100 * PAGE, STACK, 3 * STACK + 5 * PAGE, STACK_USUAL };
    (void)state;
    for (int i = 0; i < 5; i++) {
        struct stack_sources s = fake(1, 16384);
        host.limit = EPERM;
        host.lo = host.hi - sizes[i];
        struct plat_stack_bounds b = choose(&s);
        assert_string_equal(b.method, "auxv+probe");
        assert_int_equal(b.confidence, PLAT_MEDIUM);
        assert_true(b.lo == host.lo && b.hi == host.hi);
    }
}

static void musl_is_not_asked_where_it_would_not_stop(void **state) {
    struct stack_sources s = fake(1, 16384);
    (void)state;
    host.auxv = host.limit = host.probe = host.maps = EPERM;
    s.attributes_promise = 0;
    const int errors[] = { ENOMEM, EPERM, ENOSYS, NONSENSE };
    for (int i = 0; i < 4; i++) {
        host.remap = errors[i];
        struct plat_stack_bounds b = choose(&s);
        assert_string_equal(b.method, "guess");
        assert_int_equal(host.asked_attributes, 0);
        assert_safe(&s, &b);
    }
    host.remap = TRUE;
    assert_string_equal(choose(&s).method, "pthread");
}

static const int answers[] = { TRUE, EPERM, ENOSYS, ENOMEM, ENOENT, NONSENSE };
enum { ANSWERS = 6 };

static void every_combination_of_refusals_and_nonsense_is_safe(void **state) {
    (void)state;
    for (int n = 0; n < 2 * 2 * ANSWERS * ANSWERS * ANSWERS * ANSWERS * 6; n++) {
        struct stack_sources s = fake(n % 2, 16384);
        int rest = n / 2;
        host.auxv = rest % 2 ? ENOENT : TRUE, rest /= 2;
        host.limit = host.stat = answers[rest % ANSWERS], rest /= ANSWERS; /* the second only without the vector */
        host.probe = answers[rest % ANSWERS], rest /= ANSWERS;
        host.maps = answers[rest % ANSWERS], rest /= ANSWERS;
        host.attributes = host.remap = answers[rest % ANSWERS], rest /= ANSWERS;
        host.nonsense = rest;
        struct plat_stack_bounds b = choose(&s);
        assert_safe(&s, &b);
    }
}

/* With 10 KiB left no answer is comfortable, but none may be made up below the end that is known. */
static void nearly_full_stack_keeps_its_end(void **state) {
    (void)state;
    for (int thread = 0; thread < 2; thread++)
        for (int i = 0; i < ANSWERS; i++) {
            struct stack_sources s = fake(!thread, STACK - 10 * 1024);
            host.probe = answers[i];
            struct plat_stack_bounds b = choose(&s);
            assert_safe(&s, &b);
            assert_string_equal(b.method, "guess");
        }
}

/* Found by fuzzing: the end of a stack that is too full to be believed stayed, and it was not one of a page. */
static void an_end_within_a_page_is_not_kept(void **state) {
    struct stack_sources s = fake(0, 16384);
    (void)state;
    host.auxv = host.maps = host.probe = ENOENT;
    host.lo = s.sp - 5000;
    struct plat_stack_bounds b = choose(&s);
    assert_string_equal(b.method, "guess");
    assert_int_equal((b.lo | b.hi) & (PAGE - 1), 0);
    assert_true(holds(&b, (void *)s.sp));
}

static void all_answers_stand_side_by_side(void **state) {
    struct stack_sources s = fake(1, 16384);
    struct plat_stack_answer a[PLAT_STACK_METHODS];
    struct plat_stack_bounds b;
    int chosen = 0;
    (void)state;
    host.limit = EPERM;
    stack_choose(&s, &b, a);
    for (int i = 1; i < PLAT_STACK_METHODS; i++) {
        assert_non_null(a[i].why);
        assert_non_null(a[i].bounds.method);
        chosen += a[i].chosen;
        if (strcmp(a[i].bounds.method, "auxv+rlimit") == 0) assert_int_equal(a[i].error, -EPERM);
        if (a[i].chosen) assert_string_equal(a[i].bounds.method, "auxv+probe");
    }
    assert_int_equal(chosen, 1);
}

static void margin_follows_the_size(void **state) {
    (void)state;
    assert_int_equal(stack_margin(8 << 20), 65536);
    assert_int_equal(stack_margin(256 * 1024), 65536);
    assert_int_equal(stack_margin(128 * 1024), 32768);
    assert_int_equal(stack_margin(64 * 1024), 24 * 1024);
    assert_int_equal(stack_margin(32 * 1024), 16 * 1024);
}

static void nonsense_bounds_are_doubted(void **state) {
    const struct {
        uintptr_t lo, hi, sp;
    } bad[] = {
        { 0, 0, 0x18000 },           { 0x20000, 0x10000, 0x18000 }, { 0x10001, 0x20000, 0x18000 }, { 0x10000, 0x20001, 0x18000 },
        { 0x10000, 0x20000, 0xf000 }, { 0x10000, 0x20000, 0x20000 }, { 0x10000, 0x17000, 0x16ff0 }, { 0x10000, 0x20000, 0x10100 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_non_null(stack_doubt(&(struct plat_stack_bounds){ .lo = bad[i].lo, .hi = bad[i].hi }, bad[i].sp, PAGE));
    assert_null(stack_doubt(&(struct plat_stack_bounds){ .lo = 0x10000, .hi = 0x20000 }, 0x1f000, PAGE));
}

/* ---- The parser of maps ------------------------------------------------------------------------------------ */

static void maps_of_any_shape(void **state) {
    static const struct {
        const char *text;
        uintptr_t lo, hi, below;
    } cases[] = {
        { "1000-2000 r-xp 0 00:00 0\n5000-9000 rw-p 0 00:00 0 [stack]\n", 0x5000, 0x9000, 0x2000 },
        { "5000-9000 rw-p 0 00:00 0 [stack]", 0x5000, 0x9000, 0 },
        { "5000-9000 ", 0x5000, 0x9000, 0 },
        { "5000-9000\n", 0, 0, 0 },
        { "9000-5000 rw-p\n", 0, 0, 0 },
        { "1000-6000 r--p\n6000-7000 rw-p 6000-7000\n", 0x6000, 0x7000, 0x6000 },
        { "x5000-9000 rw-p\n6000-7000 rw-p\n", 0x6000, 0x7000, 0 },
        { "00000000000000005000-9000 rw-p\n", 0, 0, 0 },
        { "5000-9000 rw-p /a\n6000-7000 rw-p lies\n", 0x5000, 0x9000, 0 },
        { "", 0, 0, 0 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (size_t piece = 1; piece < 80; piece += 13) {
            struct stack_maps m;
            size_t length = strlen(cases[i].text);
            stack_maps_begin(&m, 0x6800);
            for (size_t at = 0; at < length; at += piece)
                stack_maps_feed(&m, cases[i].text + at, length - at < piece ? length - at : piece);
            assert_true(m.lo == cases[i].lo && m.hi == cases[i].hi);
            if (m.hi) assert_true(m.below == cases[i].below);
        }
}

static void mapping_that_is_no_kernel_stack_is_believed_as_a_guess(void **state) {
    struct stack_sources s = fake(1, 16384);
    char text[64];
    (void)state;
    host.auxv = host.stat = ENOENT;
    host.attributes = host.probe = EPERM;
    snprintf(text, sizeof text, "1000-%lx rw-p [heap]\n", (unsigned long)host.hi);
    host.text = text;
    struct plat_stack_bounds b = choose(&s);
    assert_string_equal(b.method, "maps");
    assert_int_equal(b.confidence, PLAT_LOW);
    assert_safe(&s, &b);
}

/* A program may be called ") S 1": what counts is the last bracket. */
static void stat_of_any_shape(void **state) {
    static const struct {
        const char *text;
        uintptr_t start;
    } cases[] = {
        { "1 (x) S 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30\n", 28 },
        { "1 () 3) S 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29\n", 28 },
        { "1 (x) S 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28", 0 },
        { "1 (x) S 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 -8 29", 0 },
        { "1 (x) S 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 18446744073709551616 1", 0 },
        { "1 x S 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29", 0 },
        { "1 (x)", 0 },
        { "", 0 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_true(stack_stat_parse(cases[i].text, strlen(cases[i].text)) == cases[i].start);
}

static void stat_names_the_kernels_stack_where_the_vector_does_not(void **state) {
    struct stack_sources s = fake(1, 300 * 1024);
    (void)state;
    host.auxv = ENOENT;
    host.attributes = EPERM;
    struct plat_stack_bounds b = choose(&s);
    assert_string_equal(b.method, "maps");
    assert_int_equal(b.confidence, PLAT_MEDIUM);
    assert_true(b.lo == host.lo && b.hi == host.hi);
    host.stat = ENOENT;
    b = choose(&s);
    assert_int_equal(b.confidence, PLAT_LOW);
    assert_safe(&s, &b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(main_thread_is_confirmed_by_the_kernel),
        cmocka_unit_test(thread_is_told_exactly),
        cmocka_unit_test(guard_counted_into_a_thread_is_left_out),
        cmocka_unit_test(limit_that_the_stack_does_not_follow),
        cmocka_unit_test(no_limit_is_eight_megabytes_at_most),
        cmocka_unit_test(denied_limit_is_found_by_bisecting),
        cmocka_unit_test(musl_is_not_asked_where_it_would_not_stop),
        cmocka_unit_test(every_combination_of_refusals_and_nonsense_is_safe),
        cmocka_unit_test(nearly_full_stack_keeps_its_end),
        cmocka_unit_test(an_end_within_a_page_is_not_kept),
        cmocka_unit_test(all_answers_stand_side_by_side),
        cmocka_unit_test(margin_follows_the_size),
        cmocka_unit_test(nonsense_bounds_are_doubted),
        cmocka_unit_test(maps_of_any_shape),
        cmocka_unit_test(mapping_that_is_no_kernel_stack_is_believed_as_a_guess),
        cmocka_unit_test(stat_of_any_shape),
        cmocka_unit_test(stat_names_the_kernels_stack_where_the_vector_does_not),
    };
    return cmocka_run_group_tests_name("stack_answers", tests, NULL, NULL);
}
