/* threads.c: threads SIZE [fork] SCRIPT: run a Lua script on a thread of a host program whose stack has SIZE bytes, in
 * a child forked from that thread when asked.
 * SPDX-License-Identifier: MIT */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lauxlib.h"

#include "engine/engine.h"
#include "libs.h"
#include "platform.h"

static const char *script;
static int forked;

static int run(void) {
    lua_State *L = engine_new();
    if (!L) return 1;
    libs_open(L);
    int failed = luaL_loadfile(L, script) || lua_pcall(L, 0, 0, 0);
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

int main(int argc, char **argv) {
    pthread_t thread;
    pthread_attr_t how;
    int status = 1;
    if (argc < 3) return 2;
    script = argv[argc - 1];
    forked = argc > 3 && strcmp(argv[2], "fork") == 0;
    pthread_attr_init(&how);
    if (pthread_attr_setstacksize(&how, (size_t)atol(argv[1])) != 0 || pthread_create(&thread, &how, work, &status) != 0) return 77;
    pthread_join(thread, NULL);
    return status;
}
