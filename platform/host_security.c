/* host_security.c: what confines this process.
 * Invariant: see host.h; every question here is one that cannot change what it asks about.
 * SPDX-License-Identifier: MIT */
#include "host.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

/* From linux/landlock.h of later kernels than the one this may be built on. */
enum { LANDLOCK_CREATE_RULESET = 444, LANDLOCK_GIVE_VERSION = 1 };

/* A number that /proc/self/status gives, when the direct question was refused with `error`. */
static int from_status(const char *field, int error, uint64_t *number) {
    char text[4096];
    struct host_span value;
    int got = host_read("/proc/self/status", text, sizeof text);
    if (got < 0 || host_parse_status((struct host_span){ text, (size_t)got }, field, &value) != 0) return error;
    return host_parse_number(value, number) == 0 ? 0 : error;
}

static void seccomp(struct host *host) {
    static const char *const modes[] = { "none", "strict", "filter" };
    uint64_t mode = 0;
    int answer = prctl(PR_GET_SECCOMP), error = 0;
    if (answer >= 0) mode = (uint64_t)answer;
    else error = from_status("Seccomp", errno, &mode);
    if (error == 0 && mode <= 2) host_text(host, "seccomp", modes[mode]);
    else host_unknown(host, "seccomp", PLAT_TEXT, error ? error : EINVAL);
}

static void no_new_privs(struct host *host) {
    uint64_t flag = 0;
    int answer = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), error = 0;
    if (answer >= 0) flag = (uint64_t)answer;
    else error = from_status("NoNewPrivs", errno, &flag);
    host_answer(host, "no_new_privs", PLAT_FLAG, error, flag != 0);
}

/* The version of Landlock's interface; 0 where there is none, which ENOSYS and EOPNOTSUPP say. */
static void landlock(struct host *host) {
    long version = syscall(LANDLOCK_CREATE_RULESET, NULL, (size_t)0, LANDLOCK_GIVE_VERSION);
    int none = version < 0 && (errno == ENOSYS || errno == EOPNOTSUPP);
    int error = version < 0 && !none ? errno : 0;
    host_answer(host, "landlock", PLAT_NUMBER, error, version > 0 ? (uint64_t)version : 0);
}

/* Where random bytes come from: the kernel, its device, or only the 16 bytes it put beside our arguments. */
static void entropy(struct host *host) {
    char byte;
    int refused;
    if (getrandom(&byte, 1, GRND_NONBLOCK) == 1) {
        host_text(host, "entropy", "getrandom");
        return;
    }
    refused = errno;
    if (host_read("/dev/urandom", &byte, 1) == 1) host_text(host, "entropy", "/dev/urandom");
    else if (getauxval(AT_RANDOM)) host_text(host, "entropy", "AT_RANDOM only");
    else host_unknown(host, "entropy", PLAT_TEXT, refused);
}

void host_security(struct host *host) {
    seccomp(host);
    no_new_privs(host);
    landlock(host);
    entropy(host);
}
