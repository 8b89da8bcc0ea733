/* threads.c: threads SIZE [fork] SCRIPT: run a Lua script on a thread of a host program whose stack has SIZE bytes, in
 * a child forked from that thread when asked. threads locked LIMIT SCRIPT: on its main thread, after mlockall(2), with at
 * most LIMIT bytes of locked memory. Exits with 77 when this host allows neither.
 * SPDX-License-Identifier: MIT */
#include <linux/capability.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lauxlib.h"

#include "engine/engine.h"
#include "libs.h"
#include "platform.h"

static char script[64 * 1024];
static size_t size;
static int forked;

static int run(void) {
    lua_State *L = engine_new();
    if (!L) return 1;
    libs_open(L);
    int failed = luaL_loadbuffer(L, script, size, "=script") || lua_pcall(L, 0, 0, 0);
    if (failed) fprintf(stderr, "%s\n", lua_tostring(L, -1));
    lua_close(L);
    return failed;
}

static int run_in_child(void) {
    int status;
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        int failed = run();
        fflush(stdout);
        _exit(failed);
    }
    return waitpid(pid, &status, 0) == pid ? plat_exit_code(status) : 1;
}

static void *work(void *status) {
    *(int *)status = forked ? run_in_child() : run();
    return NULL;
}

/* From here on each new page counts, those of a growing stack too: whoever may lock without limit gives that up. */
static int lock_memory(rlim_t limit) {
    struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
    struct __user_cap_data_struct may[2];
    if (mlockall(MCL_CURRENT | MCL_FUTURE) != 0 || setrlimit(RLIMIT_MEMLOCK, &(struct rlimit){ limit, limit }) != 0) return -1;
    if (syscall(SYS_capget, &head, may) != 0) return -1;
    may[0].effective &= ~(1u << CAP_IPC_LOCK);
    return (int)syscall(SYS_capset, &head, may);
}

/* Before memory becomes scarce. */
static int read_script(const char *path) {
    FILE *file = fopen(path, "r");
    if (!file) return -1;
    size = fread(script, 1, sizeof script, file);
    return fclose(file);
}

int main(int argc, char **argv) {
    pthread_t thread;
    pthread_attr_t how;
    int status = 1;
    if (argc < 3 || read_script(argv[argc - 1]) != 0) return 2;
    if (strcmp(argv[1], "locked") == 0) {
        if (lock_memory((rlim_t)atol(argv[2])) == 0) return run();
        perror("mlockall");
        return 77;
    }
    forked = argc > 3 && strcmp(argv[2], "fork") == 0;
    pthread_attr_init(&how);
    if (pthread_attr_setstacksize(&how, (size_t)atol(argv[1])) != 0 || pthread_create(&thread, &how, work, &status) != 0) return 77;
    pthread_join(thread, NULL);
    return status;
}
