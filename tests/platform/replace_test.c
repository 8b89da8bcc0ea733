/* replace_test.c: a file is replaced as a whole or not at all, and nothing is left beside it.
 * SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "platform.h"

/* Every test runs in an empty folder of its own. */
static char folder[64];

static int enter(void **state) {
    (void)state;
    strcpy(folder, "/tmp/replace-XXXXXX");
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int count_names(void) {
    DIR *dir = opendir(".");
    int count = 0;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(dir);
    return count;
}

static int leave(void **state) {
    DIR *dir = opendir(".");
    (void)state;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
        if (unlink(entry->d_name) != 0) rmdir(entry->d_name);
    closedir(dir);
    return chdir("/") == 0 && rmdir(folder) == 0 ? 0 : -1;
}

static void put(const char *name, const char *text, mode_t mode) {
    int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    assert_int_equal(fchmod(fd, mode), 0);
    close(fd);
}

static void check(const char *name, const char *expected) {
    char text[256] = { 0 };
    int fd = open(name, O_RDONLY);
    assert_true(fd >= 0);
    assert_int_equal(read(fd, text, sizeof text - 1), strlen(expected));
    assert_string_equal(text, expected);
    close(fd);
}

static mode_t mode_of(const char *name) {
    struct stat what;
    assert_int_equal(lstat(name, &what), 0);
    return what.st_mode & 07777;
}

static int replace(const char *name, const char *text) {
    struct plat_replace r;
    int result = plat_replace_begin(name, &r);
    if (result < 0) return result;
    result = plat_replace_write(&r, text, strlen(text));
    if (result == 0) return plat_replace_commit(&r);
    plat_replace_abandon(&r);
    return result;
}

static void a_new_file_has_the_mode_of_the_umask(void **state) {
    (void)state;
    mode_t before = umask(027);
    assert_int_equal(replace("new", "hello"), 0);
    umask(before);
    check("new", "hello");
    assert_int_equal(mode_of("new"), 0640);
    assert_int_equal(count_names(), 1);
}

static void an_old_file_keeps_its_mode(void **state) {
    static const mode_t modes[] = { 0600, 0644, 0755, 0666, 0640, 01644 };
    (void)state;
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        put("old", "before", modes[i]);
        assert_int_equal(replace("old", "after"), 0);
        check("old", "after");
        assert_int_equal(mode_of("old"), modes[i]);
        unlink("old");
    }
    assert_int_equal(count_names(), 0);
}

static void an_old_file_keeps_its_owner(void **state) {
    struct stat what;
    (void)state;
    if (getuid() != 0) skip();
    put("old", "before", 0640);
    assert_int_equal(chown("old", 12345, 23456), 0);
    assert_int_equal(chmod("old", 06750), 0);
    assert_int_equal(replace("old", "after"), 0);
    assert_int_equal(stat("old", &what), 0);
    assert_int_equal(what.st_uid, 12345);
    assert_int_equal(what.st_gid, 23456);
    assert_int_equal(what.st_mode & 07777, 06750);
}

/* In a child, which is nobody: then the group cannot be kept either, and others never got more than they had. */
static void an_owner_that_cannot_be_kept_gives_nobody_more(void **state) {
    (void)state;
    if (getuid() != 0) skip();
    assert_int_equal(chmod(".", 0777), 0);
    put("old", "before", 0644);
    assert_int_equal(chown("old", 12345, 23456), 0);
    assert_int_equal(chmod("old", 06776), 0);
    pid_t child = fork();
    if (child == 0) _exit(setgid(54321) != 0 || setuid(54321) != 0 || replace("old", "after") != 0);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    check("old", "after");
    assert_int_equal(mode_of("old"), 0766);
}

static void an_abandoned_one_leaves_the_old_file(void **state) {
    struct plat_replace r;
    (void)state;
    put("old", "before", 0600);
    assert_int_equal(plat_replace_begin("old", &r), 0);
    assert_int_equal(plat_replace_write(&r, "half", 4), 0);
    check("old", "before");
    plat_replace_abandon(&r);
    check("old", "before");
    assert_int_equal(count_names(), 1);
    plat_replace_abandon(&r);
}

static void a_link_stays_and_its_target_is_replaced(void **state) {
    struct stat what;
    (void)state;
    assert_int_equal(mkdir("inner", 0700), 0);
    put("inner/file", "before", 0600);
    assert_int_equal(symlink("file", "inner/link"), 0);
    assert_int_equal(symlink("inner/link", "outer"), 0);
    assert_int_equal(replace("outer", "after"), 0);
    check("inner/file", "after");
    assert_int_equal(lstat("outer", &what), 0);
    assert_true(S_ISLNK(what.st_mode));
    assert_int_equal(unlink("inner/file"), 0);
    assert_int_equal(replace("outer", "again"), 0);
    check("inner/file", "again");
    assert_int_equal(unlink("inner/file") + unlink("inner/link"), 0);
}

static void a_circle_of_links_ends(void **state) {
    (void)state;
    assert_int_equal(symlink("b", "a"), 0);
    assert_int_equal(symlink("a", "b"), 0);
    assert_int_equal(replace("a", "text"), -ELOOP);
    assert_int_equal(count_names(), 2);
}

static void other_hard_links_keep_the_old_content(void **state) {
    (void)state;
    put("old", "before", 0600);
    assert_int_equal(link("old", "other"), 0);
    assert_int_equal(replace("old", "after"), 0);
    check("old", "after");
    check("other", "before");
}

static void what_cannot_be_replaced_says_why(void **state) {
    char longest[300];
    (void)state;
    assert_int_equal(replace(".", "x"), -EISDIR);
    assert_int_equal(replace("/", "x"), -EISDIR);
    assert_int_equal(replace("..", "x"), -EISDIR);
    assert_int_equal(replace("", "x"), -ENOENT);
    assert_int_equal(replace("none/file", "x"), -ENOENT);
    put("file", "before", 0600);
    assert_int_equal(replace("file/inner", "x"), -ENOTDIR);
    memset(longest, 'n', sizeof longest);
    longest[299] = 0;
    assert_int_equal(replace(longest, "x"), -ENAMETOOLONG);
    longest[255] = 0;
    assert_int_equal(replace(longest, "x"), 0);
    assert_int_equal(count_names(), 2);
}

static void a_file_that_is_read_only_stays(void **state) {
    (void)state;
    put("old", "before", 0444);
    pid_t child = fork();
    if (child == 0) _exit((getuid() == 0 && (chmod(".", 0777) != 0 || setuid(54321) != 0)) || replace("old", "after") != -EACCES);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    check("old", "before");
}

static void devices_and_pipes_are_written_to(void **state) {
    struct plat_replace r;
    char text[8] = { 0 };
    (void)state;
    assert_int_equal(replace("/dev/null", "nothing"), 0);
    assert_int_equal(replace("/dev/full", "text"), -ENOSPC);
    assert_int_equal(mkfifo("pipe", 0600), 0);
    int fd = open("pipe", O_RDONLY | O_NONBLOCK);
    assert_int_equal(plat_replace_begin("pipe", &r), 0);
    assert_true(r.is_direct);
    assert_int_equal(plat_replace_write(&r, "abc", 3), 0);
    assert_int_equal(read(fd, text, sizeof text), 3);
    assert_int_equal(plat_replace_commit(&r), 0);
    close(fd);
    assert_string_equal(text, "abc");
    assert_int_equal(count_names(), 1);
}

/* The file system has room for a byte less than what comes: a limit of the process says so as a disk would. */
static void a_full_disk_leaves_the_old_file(void **state) {
    static char much[100000];
    struct plat_replace r;
    struct rlimit was, little = { 65536, 65536 };
    (void)state;
    put("old", "before", 0600);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
    little.rlim_max = was.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
    assert_int_equal(plat_replace_begin("old", &r), 0);
    assert_int_equal(plat_replace_write(&r, much, sizeof much), -EFBIG);
    plat_replace_abandon(&r);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
    check("old", "before");
    assert_int_equal(count_names(), 1);
}

static void no_descriptor_is_left_open(void **state) {
    (void)state;
    int before = dup(0);
    close(before);
    for (int i = 0; i < 50; i++) {
        assert_int_equal(replace("file", "text"), 0);
        assert_int_equal(replace("none/file", "text"), -ENOENT);
    }
    int after = dup(0);
    close(after);
    assert_int_equal(after, before);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, enter, leave)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_new_file_has_the_mode_of_the_umask),
        TEST(an_old_file_keeps_its_mode),
        TEST(an_old_file_keeps_its_owner),
        TEST(an_owner_that_cannot_be_kept_gives_nobody_more),
        TEST(an_abandoned_one_leaves_the_old_file),
        TEST(a_link_stays_and_its_target_is_replaced),
        TEST(a_circle_of_links_ends),
        TEST(other_hard_links_keep_the_old_content),
        TEST(what_cannot_be_replaced_says_why),
        TEST(a_file_that_is_read_only_stays),
        TEST(devices_and_pipes_are_written_to),
        TEST(a_full_disk_leaves_the_old_file),
        TEST(no_descriptor_is_left_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
