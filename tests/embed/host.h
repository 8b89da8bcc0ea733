/* host.h: what the host programs of this folder share: checks that end the program with the place that failed.
 * SPDX-License-Identifier: MIT */
#ifndef HOST_H
#define HOST_H

#include <moonbear.h>

#include <stdio.h>
#include <stdlib.h>

#define CHECK(condition) ((condition) ? (void)0 : host_failed(__FILE__, __LINE__, #condition, ""))
#define SUCCEEDS(runtime, call) host_succeeds((runtime), (call), __FILE__, __LINE__, #call)

static inline void host_failed(const char *file, int line, const char *what, const char *why) {
    fprintf(stderr, "%s:%d: %s: %s\n", file, line, what, why);
    exit(1);
}

static inline void host_succeeds(mb_runtime *runtime, int code, const char *file, int line, const char *what) {
    if (code != MB_OK) host_failed(file, line, what, runtime ? mb_traceback(runtime) : mb_strerror(code));
}

#endif
