/* crash_test.c: the report of a fatal signal, made by children that die.
 * SPDX-License-Identifier: MIT */
#include "crash.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static volatile char *forbidden;

static int map_page(void **state) {
    (void)state;
    forbidden = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return forbidden == MAP_FAILED;
}

static void fault(void) {
    forbidden[8] = 1;
}

/* cmocka has handlers of its own for faults. */
static void default_signals(void) {
    const int numbers[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) signal(numbers[i], SIG_DFL);
}

/* Runs `die` in a child with the report set up; its standard error, and how it ended. */
static int end_of(void (*die)(void), char *text, size_t size) {
    size_t have = 0;
    ssize_t got;
    int ends[2], status;
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        setrlimit(RLIMIT_CORE, &(struct rlimit){ 0 });
        dup2(ends[1], 2);
        close(ends[0]);
        close(ends[1]);
        default_signals();
        plat_stack_measure();
        die();
        _exit(0);
    }
    close(ends[1]);
    while (have + 1 < size && (got = read(ends[0], text + have, size - 1 - have)) > 0) have += (size_t)got;
    text[have] = 0;
    close(ends[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

static int count(const char *text, const char *part) {
    int found = 0;
    for (; (text = strstr(text, part)); text++) found++;
    return found;
}

static void assert_has(const char *text, const char *part) {
    if (!strstr(text, part)) fail_msg("no \"%s\" in:\n%s", part, text);
}

static void die_of_fault(void) {
    plat_crash_begin();
    fault();
}

static void a_fault_is_reported_and_kills(void **state) {
    char text[8192];
    (void)state;
    int status = end_of(die_of_fault, text, sizeof text);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGSEGV);
    assert_has(text, "was ended by SIGSEGV");
    assert_has(text, "memory that may not be used in this way");
    assert_has(text, plat_build_id());
    assert_has(text, "resident at most");
    assert_has(text, "native frames");
    assert_true(count(text, "\n   #") >= 4);
}

static void die_of_abort(void) {
    plat_crash_begin();
    abort();
}

static void die_of_kill(void) {
    plat_crash_begin();
    kill(getpid(), SIGFPE);
}

static void sent_signals_kill_too(void **state) {
    char text[8192];
    (void)state;
    int status = end_of(die_of_abort, text, sizeof text);
    assert_int_equal(WIFSIGNALED(status) ? WTERMSIG(status) : 0, SIGABRT);
    assert_has(text, "gave up on itself");
    status = end_of(die_of_kill, text, sizeof text);
    assert_int_equal(WIFSIGNALED(status) ? WTERMSIG(status) : 0, SIGFPE);
    assert_has(text, "sent by process");
    assert_int_equal(count(text, "was ended by"), 1);
}

static void *worker_fault(void *unused) {
    plat_crash_thread_begin();
    fault();
    return unused;
}

static int (*volatile again)(int depth);

static int descend(int depth) {
    volatile char page[2048];
    page[0] = (char)depth;
    return again(depth + 1) + page[0];
}

static void die_of_overflow(void) {
    plat_crash_begin();
    again = descend;
    descend(0);
}

static void *worker_overflow(void *unused) {
    plat_crash_thread_begin();
    plat_stack_measure();
    again = descend;
    return descend(0) ? unused : NULL;
}

static void in_worker(void *(*work)(void *), size_t stack) {
    pthread_t thread;
    pthread_attr_t how;
    plat_crash_begin();
    pthread_attr_init(&how);
    pthread_attr_setstacksize(&how, stack);
    pthread_create(&thread, &how, work, NULL);
    pthread_join(thread, NULL);
}

static void die_in_worker(void) {
    in_worker(worker_fault, 256 * 1024);
}

static void die_of_overflow_in_worker(void) {
    in_worker(worker_overflow, 256 * 1024);
}

static void overflows_and_workers_report(void **state) {
    static char text[16384];
    (void)state;
    int status = end_of(die_in_worker, text, sizeof text);
    assert_int_equal(WIFSIGNALED(status) ? WTERMSIG(status) : 0, SIGSEGV);
    assert_true(count(text, "\n   #") >= 2);
    status = end_of(die_of_overflow_in_worker, text, sizeof text);
    assert_int_equal(WIFSIGNALED(status) ? WTERMSIG(status) : 0, SIGSEGV);
    assert_has(text, "just below this thread's stack: it overflowed");
    assert_has(text, " frames more");
    status = end_of(die_of_overflow, text, sizeof text);
    assert_int_equal(WIFSIGNALED(status) ? WTERMSIG(status) : 0, SIGSEGV);
    assert_has(text, "just below this thread's stack: it overflowed");
}

static void faulty_section(struct plat_report *report) {
    plat_report_text(report, "    half a line");
    fault();
}

static void good_section(struct plat_report *report) {
    plat_report_text(report, "    control \n\033 characters");
    plat_report_line(report);
}

static void die_with_faulty_section(void) {
    plat_crash_begin();
    plat_crash_section("faulty", faulty_section);
    plat_crash_section("good", good_section);
    fault();
}

static void the_report_survives_a_fault_of_its_own(void **state) {
    char text[8192];
    (void)state;
    int status = end_of(die_with_faulty_section, text, sizeof text);
    assert_int_equal(WIFSIGNALED(status) ? WTERMSIG(status) : 0, SIGSEGV);
    assert_has(text, "  faulty\n    half a line\n  (the rest of this part could not be read)\n");
    assert_has(text, "  good\n    control ?? characters\n");
    assert_true(count(text, "\n   #") >= 4);
}

static void aborting_section(struct plat_report *report) {
    plat_report_line(report);
    abort();
}

static void die_with_aborting_section(void) {
    plat_crash_begin();
    plat_crash_section("aborting", aborting_section);
    fault();
}

static void what_no_guard_covers_gives_the_shorter_report(void **state) {
    char text[8192];
    (void)state;
    int status = end_of(die_with_aborting_section, text, sizeof text);
    assert_int_equal(WIFEXITED(status) ? WEXITSTATUS(status) : -1, 128 + SIGSEGV);
    assert_has(text, "was ended by SIGSEGV; the report failed with SIGABRT");
}

static void die_without_stderr(void) {
    plat_crash_begin();
    close(2);
    fault();
}

static void die_on_earlier_handler(void) {
    plat_crash_begin();
    fault();
}

static void earlier(int number) {
    (void)number;
    _exit(55);
}

static void die_with_earlier_handler(void) {
    signal(SIGSEGV, earlier);
    die_on_earlier_handler();
}

static void what_was_there_before_comes_after(void **state) {
    char text[8192];
    (void)state;
    int status = end_of(die_without_stderr, text, sizeof text);
    assert_int_equal(WIFSIGNALED(status) ? WTERMSIG(status) : 0, SIGSEGV);
    assert_string_equal(text, "");
    status = end_of(die_with_earlier_handler, text, sizeof text);
    assert_int_equal(WIFEXITED(status) ? WEXITSTATUS(status) : -1, 55);
    assert_has(text, "was ended by SIGSEGV");
}

/* What crash_cause says of a made-up signal, into a pipe and back. */
static void cause(char *text, size_t size, const siginfo_t *info, uintptr_t sp, const struct plat_stack_bounds *stack) {
    struct plat_report report;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    report_begin(&report, ends[1]);
    crash_cause(&report, info, sp, stack);
    close(ends[1]);
    ssize_t got = read(ends[0], text, size - 1);
    text[got > 0 ? got : 0] = 0;
    close(ends[0]);
}

static void causes_are_told_apart(void **state) {
    struct plat_stack_bounds own = { 0x100000, 0x200000, 0x10000, "own mapping", PLAT_EXACT };
    struct plat_stack_bounds given = { 0x800000, 0x900000, 0, "auxv+rlimit", PLAT_HIGH };
    const struct {
        int number, code;
        uintptr_t address, sp;
        const struct plat_stack_bounds *stack;
        const char *words;
    } cases[] = {
        { SIGSEGV, SEGV_MAPERR, 0, 0x1f0000, &own, "a null pointer" },
        { SIGSEGV, SEGV_ACCERR, 0xfff00, 0x100010, &own, "guard page of the Lua stack" },
        { SIGSEGV, SEGV_ACCERR, 0xfff00, 0x1f0000, &own, "may not be used in this way" },
        { SIGSEGV, SEGV_MAPERR, 0x7ff000, 0x7ff010, &given, "just below this thread's stack" },
        { SIGSEGV, SEGV_MAPERR, 0x5000000, 0x8f0000, &given, "no memory is there" },
        { SIGSEGV, SEGV_MAPERR, 0x5000000, 0, NULL, "no memory is there" },
        { SIGSEGV, SI_KERNEL, 0, 0, NULL, "an address that no memory can have" },
        { SIGBUS, BUS_ADRERR, 0x5000, 0, NULL, "cut short" },
        { SIGBUS, BUS_ADRALN, 0x5001, 0, NULL, "not aligned" },
        { SIGFPE, FPE_INTDIV, 0x5000, 0, NULL, "divided by zero" },
        { SIGILL, ILL_ILLOPN, 0x5000, 0, NULL, "an instruction" },
        { SIGABRT, SI_TKILL, 0, 0, NULL, "gave up on itself" },
        { SIGSEGV, SI_USER, 0, 0, NULL, "sent by process 0" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[512];
        siginfo_t info = { .si_signo = cases[i].number, .si_code = cases[i].code };
        if (cases[i].code > 0) info.si_addr = (void *)cases[i].address;
        cause(text, sizeof text, &info, cases[i].sp, cases[i].stack);
        assert_has(text, cases[i].words);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(causes_are_told_apart),
        cmocka_unit_test(a_fault_is_reported_and_kills),
        cmocka_unit_test(sent_signals_kill_too),
        cmocka_unit_test(overflows_and_workers_report),
        cmocka_unit_test(the_report_survives_a_fault_of_its_own),
        cmocka_unit_test(what_no_guard_covers_gives_the_shorter_report),
        cmocka_unit_test(what_was_there_before_comes_after),
    };
    return cmocka_run_group_tests_name("crash", tests, map_page, NULL);
}
