/* newcalls.c: ask the C library for things that it has a new and an old system call for, and print each answer.
 * SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static void say(const char *what, int worked) {
    printf("%s %s\n", what, worked ? "works" : "fails");
}

int main(void) {
    struct stat about;
    struct rlimit limit;
    int ends[2] = { -1, -1 };
    say("faccessat", faccessat(AT_FDCWD, "/", R_OK, AT_EACCESS) == 0);
    say("stat", stat("/", &about) == 0 && S_ISDIR(about.st_mode));
    say("pipe2", pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0);
    say("pipe2 flags", fcntl(ends[0], F_GETFD) == FD_CLOEXEC && (fcntl(ends[1], F_GETFL) & O_NONBLOCK));
    say("dup3", dup3(ends[0], 60, O_CLOEXEC) == 60 && fcntl(60, F_GETFD) == FD_CLOEXEC);
    say("getrlimit", getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur > 0);
    return 0;
}
