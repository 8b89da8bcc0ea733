/* line_files_test.c: a history that sessions share, and the names in a folder.
 * SPDX-License-Identifier: MIT */
#include "cli/line_files.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/line-files-XXXXXX";
static char path[128], content[4 * LINE_FILES_HISTORY];

static int set_up(void **state) {
    (void)state;
    strcpy(strrchr(folder, '-'), "-XXXXXX");
    if (!mkdtemp(folder)) return -1;
    snprintf(path, sizeof path, "%s/a/b/history", folder);
    return 0;
}

static int tear_down(void **state) {
    char line[128];
    (void)state;
    snprintf(line, sizeof line, "rm -rf '%s'", folder);
    return system(line);
}

static int add(const char *text) {
    return line_files_add(path, text, strlen(text));
}

static const char *read_all(void) {
    ssize_t size = line_files_read(path, content, sizeof content - 1);
    assert_true(size >= 0);
    content[size] = '\0';
    return content;
}

static void write_file(const char *text) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static mode_t mode_of(const char *name) {
    struct stat info;
    assert_int_equal(stat(name, &info), 0);
    return info.st_mode & 0777;
}

static void makes_file_and_folders_for_the_user_alone(void **state) {
    char parent[64];
    (void)state;
    mode_t mask = umask(0);
    assert_int_equal(add("first"), 0);
    umask(mask);
    assert_int_equal(add(""), 0);
    assert_string_equal(read_all(), "first\n\n");
    assert_int_equal(mode_of(path), 0600);
    snprintf(parent, sizeof parent, "%s/a", folder);
    assert_int_equal(mode_of(parent), 0700);
}

static void an_open_line_gets_its_end(void **state) {
    (void)state;
    assert_int_equal(add("x"), 0);
    write_file("no end");
    assert_int_equal(add("next"), 0);
    assert_string_equal(read_all(), "no end\nnext\n");
}

static void reads_whole_lines_from_the_end(void **state) {
    char small[8];
    (void)state;
    assert_int_equal(line_files_read(path, small, sizeof small), -ENOENT);
    assert_int_equal(add("one"), 0);
    assert_int_equal(add("two"), 0);
    assert_int_equal(add("three"), 0);
    assert_int_equal(line_files_read(path, small, sizeof small), 6);
    assert_memory_equal(small, "three\n", 6);
    assert_int_equal(line_files_read(path, small, 3), 0);
}

static void takes_plain_files_only(void **state) {
    (void)state;
    assert_int_equal(add("x"), 0);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(add("x"), -EINVAL);
    assert_int_equal(line_files_read(path, content, sizeof content), -EINVAL);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_true(add("x") < 0);
    assert_true(line_files_add("/dev/null/x/history", "x", 1) < 0);
    assert_int_equal(line_files_add("/dev/full", "x", 1), -EINVAL);
}

/* Lines of 1000 bytes, each with its number, until the file has been cut. */
static void loses_its_oldest_lines_when_it_is_long(void **state) {
    char line[1001];
    struct stat info;
    (void)state;
    for (int i = 0; i < 600; i++) {
        snprintf(line, sizeof line, "%0999d", i);
        assert_int_equal(add(line), 0);
    }
    assert_int_equal(stat(path, &info), 0);
    assert_true(info.st_size < 2 * LINE_FILES_HISTORY);
    const char *text = read_all();
    int last = 599, lines = (int)strlen(text) / 1000;
    assert_true(lines >= 200);
    for (int i = 0; i < lines; i++) assert_int_equal(atoi(text + 1000 * i), last - lines + 1 + i);
}

/* Four processes add to one file that is cut meanwhile; what is in it are whole lines, and all the newest. */
static void sessions_at_once_lose_nothing(void **state) {
    char line[1001];
    int seen[4] = { 0 };
    (void)state;
    for (int child = 0; child < 4; child++) {
        if (fork() != 0) continue;
        for (int i = 0; i < 150; i++) {
            snprintf(line, sizeof line, "%d %0997d", child, i);
            if (add(line) != 0) _exit(1);
        }
        _exit(0);
    }
    for (int child = 0, status; child < 4; child++) assert_true(wait(&status) > 0 && status == 0);
    const char *text = read_all();
    size_t size = strlen(text);
    assert_int_equal(size % 1000, 0);
    for (const char *at = text; at < text + size; at += 1000) {
        assert_int_equal(at[999], '\n');
        int child = at[0] - '0', number = atoi(at + 2);
        assert_true(seen[child] == 0 || number == seen[child] + 1);
        seen[child] = number;
    }
    for (int child = 0; child < 4; child++) assert_true(seen[child] == 0 || seen[child] == 149);
}

static off_t size_of(const char *name) {
    struct stat info;
    assert_int_equal(stat(name, &info), 0);
    return info.st_size;
}

static void what_another_session_has_locked_is_not_cut(void **state) {
    off_t before = 3 * LINE_FILES_HISTORY;
    (void)state;
    assert_int_equal(add("x"), 0);
    assert_int_equal(truncate(path, before), 0);
    int fd = open(path, O_RDONLY);
    assert_int_equal(flock(fd, LOCK_EX), 0);
    assert_int_equal(add("added"), 0);
    assert_int_equal(size_of(path), before + 7); /* with the newline that the last line lacked */
    assert_int_equal(flock(fd, LOCK_UN), 0);
    close(fd);
    assert_int_equal(add("cut"), 0);
    assert_string_equal(read_all(), "added\ncut\n");
}

static void a_full_disk_leaves_whole_lines(void **state) {
    struct rlimit limit, small;
    (void)state;
    assert_int_equal(add("kept"), 0);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    small = limit;
    small.rlim_cur = 10;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    int partly = add("too long for it"), not_at_all = add("12345678");
    setrlimit(RLIMIT_FSIZE, &limit);
    assert_true(partly < 0 && not_at_all < 0);
    assert_string_equal(read_all(), "kept\n");
}

static void names_in_a_folder(void **state) {
    char names[64], tiny[3];
    (void)state;
    assert_int_equal(add("x"), 0);
    *strrchr(path, '/') = '\0';
    ssize_t size = line_files_names(path, names, sizeof names);
    assert_int_equal(size, sizeof "history" + sizeof "." + sizeof "..");
    int found = 0;
    for (char *at = names; at < names + size; at += strlen(at) + 1) found += strcmp(at, "history") == 0;
    assert_int_equal(found, 1);
    assert_true(line_files_names(path, tiny, sizeof tiny) <= (ssize_t)sizeof tiny);
    assert_int_equal(line_files_names("/nowhere/at/all", names, sizeof names), -ENOENT);
}

#define each(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        each(makes_file_and_folders_for_the_user_alone),
        each(an_open_line_gets_its_end),
        each(reads_whole_lines_from_the_end),
        each(takes_plain_files_only),
        each(loses_its_oldest_lines_when_it_is_long),
        each(sessions_at_once_lose_nothing),
        each(what_another_session_has_locked_is_not_cut),
        each(a_full_disk_leaves_whole_lines),
        each(names_in_a_folder),
    };
    return cmocka_run_group_tests_name("line_files", tests, NULL, NULL);
}
