/* stack_test.c: the bounds of this host's own stacks, and recursion that ends in time; stack_answers_test.c makes the answers up.
 * SPDX-License-Identifier: MIT */
#include "stack.h"

#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { PAGE = 4096 };

static int holds(const struct plat_stack_bounds *b, const void *frame) {
    return b->lo <= (uintptr_t)frame && (uintptr_t)frame < b->hi;
}

/* ---- This host --------------------------------------------------------------------------------------------- */

/* The field as this kernel has it, read through the host's own door. */
static void stat_of_this_process_points_into_its_stack(void **state) {
    struct stack_sources s;
    (void)state;
    stack_host(&s, (uintptr_t)__builtin_frame_address(0));
    uintptr_t start = stack_stat(&s), top = stack_top(&s);
    if (!start) skip(); /* no /proc */
    assert_true(start > s.sp && start < top);
}

static size_t page_of_host(void) {
    return (size_t)sysconf(_SC_PAGESIZE);
}

static void own_frames_lie_inside(void **state) {
    struct plat_stack_bounds b;
    (void)state;
    plat_stack_measure();
    plat_stack_bounds(&b);
    assert_true(holds(&b, __builtin_frame_address(0)));
    assert_true(b.lo == plat_stack_floor);
    assert_true(plat_stack_remaining() > (ptrdiff_t)stack_margin(b.hi - b.lo));
    assert_false(plat_stack_low());
    assert_true(plat_stack_low_for(b.hi - b.lo));
    assert_true(plat_stack_trusted());
}

/* Every byte down to the margin is used for real. */
static __attribute__((noinline)) int descend(int depth) {
    int block[256];
    __asm__ volatile("" : : "r"(block) : "memory"); /* all of it is needed, as far as the compiler knows */
    if (plat_stack_low()) return depth;
    block[0] = descend(depth + 1);
    __asm__ volatile("" : : "r"(block) : "memory"); /* also after the call, so that it is no loop */
    return block[0];
}

struct thread {
    size_t size;
    struct plat_stack_bounds bounds;
    int depth;
    int inside;
};

static void *thread_main(void *argument) {
    struct thread *t = argument;
    plat_stack_measure();
    plat_stack_bounds(&t->bounds);
    t->inside = holds(&t->bounds, &t);
    t->depth = descend(0);
    return NULL;
}

static void run_thread(struct thread *t) {
    pthread_t id;
    pthread_attr_t attr;
    assert_int_equal(pthread_attr_init(&attr), 0);
    assert_int_equal(pthread_attr_setstacksize(&attr, t->size), 0);
    assert_int_equal(pthread_create(&id, &attr, thread_main, t), 0);
    assert_int_equal(pthread_join(id, NULL), 0);
    pthread_attr_destroy(&attr);
}

static void threads_of_every_size_are_exact(void **state) {
    static const size_t sizes[] = { 64 * 1024, 128 * 1024, 1 << 20, 8 << 20 };
    (void)state;
    for (int i = 0; i < 4; i++) {
        struct thread t = { .size = sizes[i] };
        run_thread(&t);
        assert_true(t.inside);
        assert_int_equal(t.bounds.confidence, PLAT_EXACT);
        assert_string_equal(t.bounds.method, "pthread");
        assert_true(t.bounds.hi - t.bounds.lo <= sizes[i] + page_of_host());
        assert_true(t.depth > 0 && (size_t)t.depth < sizes[i] / 1024);
    }
}

/* The child's only thread has the worker's stack, and its process id says that it is the main one. */
static void *fork_main(void *argument) {
    const char **complaint = argument;
    struct plat_stack_bounds mine, childs;
    int status = 0;
    plat_stack_bounds(&mine);
    pid_t child = fork();
    if (child == 0) {
        plat_stack_measure();
        plat_stack_bounds(&childs);
        _exit(childs.lo == mine.lo && childs.hi == mine.hi && childs.confidence == PLAT_EXACT && descend(0) > 0 ? 0 : 1);
    }
    if (child < 0 || waitpid(child, &status, 0) != child) *complaint = "fork failed";
    else if (status != 0) *complaint = "the child's bounds are not the worker's";
    return NULL;
}

static void fork_from_a_worker(void **state) {
    pthread_t id;
    const char *complaint = NULL;
    (void)state;
    assert_int_equal(pthread_create(&id, NULL, fork_main, &complaint), 0);
    assert_int_equal(pthread_join(id, NULL), 0);
    assert_null(complaint);
}

static struct plat_stack_bounds on_signal;
static int low_on_signal;

static void handler(int number) {
    (void)number;
    low_on_signal = plat_stack_low();
    plat_stack_bounds(&on_signal);
}

/* 11,952 bytes is what the kernel asks for the registers of one CPU: no room for Lua, and no fault from asking. */
static void tiny_alternate_stack_is_low(void **state) {
    size_t page = page_of_host(), size = 11952;
    char *map = mmap(NULL, 8 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    (void)state;
    assert_true(map != MAP_FAILED);
    char *stack = map + 4 * page - size;
    assert_int_equal(mprotect(map + page, 3 * page, PROT_READ | PROT_WRITE), 0);
    stack_t alternate = { .ss_sp = stack, .ss_size = size }, old;
    if (sigaltstack(&alternate, &old) != 0) skip();
    struct sigaction action = { .sa_handler = handler, .sa_flags = SA_ONSTACK }, previous;
    sigaction(SIGUSR1, &action, &previous);
    plat_stack_measure();
    raise(SIGUSR1);
    sigaction(SIGUSR1, &previous, NULL);
    sigaltstack(&old, NULL);
    assert_true(on_signal.lo >= (uintptr_t)map + page && on_signal.lo < (uintptr_t)stack + size);
    assert_true(low_on_signal);
    assert_false(plat_stack_low());
    munmap(map, 8 * page);
}

/* What a function only plans to use proves nothing about a guess; a frame below it does, and the real bounds are found. */
static void only_a_real_frame_disproves_a_guess(void **state) {
    uintptr_t here = (uintptr_t)__builtin_frame_address(0), page = here & -(uintptr_t)PAGE;
    struct plat_stack_bounds guess = { page - 10 * PAGE, page + 4 * PAGE, 0, "guess", PLAT_LOW }, found;
    struct stack_saved saved;
    (void)state;
    plat_stack_measure();
    stack_enter(&guess, here, &saved);
    int low = plat_stack_low_for(16 * PAGE), trusted = plat_stack_trusted();
    stack_leave(&saved);
    assert_true(low);
    assert_true(trusted);
    guess.lo = page + 2 * PAGE;
    stack_enter(&guess, here, &saved);
    low = plat_stack_low();
    trusted = plat_stack_trusted();
    plat_stack_bounds(&found);
    stack_leave(&saved);
    assert_false(low);
    assert_false(trusted);
    assert_true(holds(&found, (void *)here) && strcmp(found.method, "guess") != 0);
}

/* ---- A stack of our own ------------------------------------------------------------------------------------ */

struct visit {
    int times;
    int inside;
    int depth;
    int again; /* how many more stacks to nest */
    struct plat_stack_bounds bounds;
    struct plat_stack_answer answers[PLAT_STACK_METHODS];
};

static void visit(void *argument) {
    struct visit *v = argument;
    v->times++;
    plat_stack_bounds(&v->bounds);
    v->inside = holds(&v->bounds, &v);
    if (v->again) {
        struct visit next = { .again = v->again - 1 };
        assert_true(plat_stack_run(256 * 1024, visit, &next) > 0);
        assert_int_equal(next.times, 1);
    }
    plat_stack_answers(v->answers);
    if (v->bounds.hi - v->bounds.lo <= 8 << 20) v->depth = descend(0);
}

static void own_stack_is_exact(void **state) {
    struct plat_stack_bounds before, after;
    (void)state;
    plat_stack_bounds(&before);
    for (size_t size = 65536; size <= 8 << 20; size *= 2) {
        struct visit v = { .times = 0 };
        assert_int_equal(plat_stack_run(size, visit, &v), size);
        assert_int_equal(v.times, 1);
        assert_true(v.inside);
        assert_string_equal(v.bounds.method, "own mapping");
        assert_int_equal(v.bounds.confidence, PLAT_EXACT);
        assert_int_equal(v.bounds.hi - v.bounds.lo, size);
        assert_true(v.depth > 0 && (size_t)v.depth < size / 1024);
        assert_true(v.answers[0].chosen);
        for (int i = 1; i < PLAT_STACK_METHODS; i++) assert_false(v.answers[i].chosen);
    }
    plat_stack_bounds(&after);
    assert_true(memcmp(&before, &after, sizeof before) == 0);
    assert_false(plat_stack_low());
}

static void own_stacks_nest(void **state) {
    struct visit v = { .again = 3 };
    (void)state;
    assert_true(plat_stack_run(1 << 20, visit, &v) > 0);
    assert_string_equal(v.bounds.method, "own mapping");
    assert_true(v.inside && v.depth > 400);
}

static void odd_sizes_run_the_function_once(void **state) {
    static const size_t sizes[] = { 0, 1, 5000, 100001, SIZE_MAX, SIZE_MAX - 65536, SIZE_MAX / 2 };
    (void)state;
    for (int i = 0; i < 7; i++) {
        struct visit v = { .times = 0 };
        size_t got = plat_stack_run(sizes[i], visit, &v);
        assert_int_equal(v.times, 1);
        assert_true(v.inside);
        assert_true(sizes[i] == 0 ? got == 0 : got > 0);
    }
}

/* Whether more than that can be mapped all the same: emulators do not follow the limit. */
static int limit_is_not_followed(size_t more) {
    return mmap(NULL, more + (64 << 20), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}

/* Runs in a child, since a lowered limit cannot be raised again by everybody. */
static int with_address_space(size_t more, size_t wanted) {
    struct visit v = { .times = 0 };
    char text[64] = "";
    int statm = open("/proc/self/statm", O_RDONLY); /* no stream: its buffer would be counted, and then be free */
    if (statm < 0 || read(statm, text, sizeof text - 1) <= 0) return 77;
    long pages = atol(text);
    close(statm);
    rlim_t bytes = (rlim_t)pages * page_of_host() + more;
    if (setrlimit(RLIMIT_AS, &(struct rlimit){ bytes, bytes }) != 0 || limit_is_not_followed(more)) return 77;
    size_t got = plat_stack_run(8 << 20, visit, &v);
    return got == wanted && v.times == 1 && v.inside ? 0 : 1;
}

static int status_of_child(size_t more, size_t wanted) {
    int status;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) _exit(with_address_space(more, wanted));
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void refused_mapping_is_halved_and_then_done_without(void **state) {
    (void)state;
    if (getenv("VARIANT") && *getenv("VARIANT")) skip(); /* sanitizers need the address space */
    int status = status_of_child(3 << 20, 2 << 20);
    if (status == 77) skip();
    assert_int_equal(status, 0);
    assert_int_equal(status_of_child(300 * 1024, 128 * 1024), 0);
    assert_int_equal(status_of_child(100 * 1024, 0), 0);
}

/* Whether the mapping around `address` is one that huge pages were asked for; -1 where the host does not tell. */
static int is_huge(uintptr_t address) {
    char line[512];
    unsigned long lo, hi;
    int inside = 0, huge = -1;
    FILE *file = access("/sys/kernel/mm/transparent_hugepage", F_OK) == 0 ? fopen("/proc/self/smaps", "r") : NULL;
    while (file && huge < 0 && fgets(line, sizeof line, file)) {
        if (sscanf(line, "%lx-%lx", &lo, &hi) == 2) inside = lo <= address && address < hi;
        if (inside && strncmp(line, "VmFlags:", 8) == 0) huge = strstr(line, " hg") != NULL;
    }
    if (file) fclose(file);
    return huge;
}

struct deepening {
    int before, shallow, after, ends_alike;
};

static void deepen_twice(void *argument) {
    struct deepening *d = argument;
    struct plat_stack_bounds b;
    plat_stack_bounds(&b);
    d->before = is_huge(b.lo);
    d->shallow = plat_stack_low_for(256 * 1024) ? 1 : is_huge(b.lo);
    int depth = descend(0);
    d->after = is_huge(b.lo);
    d->ends_alike = depth == descend(0) && depth > 1000;
}

static void only_a_deep_recursion_asks_for_huge_pages(void **state) {
    struct deepening d = { 0 };
    (void)state;
    assert_int_equal(plat_stack_run(8 << 20, deepen_twice, &d), 8 << 20);
    assert_true(d.ends_alike);
    if (d.after < 0) skip();
    assert_int_equal(d.before, 0);
    assert_int_equal(d.shallow, 0);
    assert_int_equal(d.after, 1);
}

/* ---- Handling an overflow ---------------------------------------------------------------------------------- */

struct handling {
    int first, second, low_before, low_inside, low_after;
    size_t limit_before, limit_inside, limit_kept, limit_after;
};

static __attribute__((noinline)) void end_in_a_deeper_frame(void) {
    volatile char block[256];
    block[0] = 0;
    plat_overflow_end();
    (void)block[0];
}

static __attribute__((noinline)) void overflow(struct handling *h) {
    volatile char block[4096];
    block[0] = 0;
    h->first = plat_overflow_begin();
    h->second = plat_overflow_begin();
    h->limit_inside = plat_stack_check.limit;
    end_in_a_deeper_frame();
    h->limit_kept = plat_stack_check.limit;
    (void)block[0];
}

static void half_the_margin_is_given_and_taken_back(void **state) {
    struct handling h;
    struct plat_stack_bounds b;
    (void)state;
    plat_stack_measure();
    plat_stack_bounds(&b);
    size_t margin = stack_margin(b.hi - b.lo);
    h.limit_before = plat_stack_check.limit;
    overflow(&h);
    plat_overflow_end();
    assert_int_equal(h.first, 1);
    assert_int_equal(h.second, 0);
    assert_int_equal(h.limit_before - b.lo, margin);
    assert_int_equal(h.limit_inside - b.lo, margin / 2);
    assert_int_equal(h.limit_kept, h.limit_inside);
    assert_int_equal(plat_stack_check.limit, h.limit_before);
    plat_overflow_end();
    assert_int_equal(plat_stack_check.limit, h.limit_before);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stat_of_this_process_points_into_its_stack),
        cmocka_unit_test(own_frames_lie_inside),
        cmocka_unit_test(threads_of_every_size_are_exact),
        cmocka_unit_test(fork_from_a_worker),
        cmocka_unit_test(tiny_alternate_stack_is_low),
        cmocka_unit_test(only_a_real_frame_disproves_a_guess),
        cmocka_unit_test(own_stack_is_exact),
        cmocka_unit_test(own_stacks_nest),
        cmocka_unit_test(odd_sizes_run_the_function_once),
        cmocka_unit_test(refused_mapping_is_halved_and_then_done_without),
        cmocka_unit_test(only_a_deep_recursion_asks_for_huge_pages),
        cmocka_unit_test(half_the_margin_is_given_and_taken_back),
    };
    return cmocka_run_group_tests_name("stack", tests, NULL, NULL);
}
