/* host.h: what the files host_*.c share: adding a fact, reading a small file, and the parsers of what it says.
 * Invariant: parsers take text and its size, need no final zero, and accept any bytes.
 * SPDX-License-Identifier: MIT
 *
 * For platform/host*.c, their tests and fuzzers only; all others include platform.h. */
#ifndef HOST_H
#define HOST_H

#include "platform.h"

/* The list being filled, and the group that is filling it. */
struct host {
    struct plat_fact *facts;
    int count, capacity;
    const char *group;
    struct plat_fact dropped; /* what did not fit */
};

/* Add one fact. What does not fit into the list is dropped. `text` may be NULL for "". */
void host_text(struct host *host, const char *name, const char *text);
void host_number(struct host *host, const char *name, uint64_t number);
void host_bytes(struct host *host, const char *name, uint64_t bytes);
void host_flag(struct host *host, const char *name, int flag);
/* The host refused: `error` is an errno of either sign. */
void host_unknown(struct host *host, const char *name, enum plat_kind kind, int error);
/* A number of that kind when error is 0, else unknown. */
void host_answer(struct host *host, const char *name, enum plat_kind kind, int error, uint64_t number);

/* The groups; each asks its own questions. */
void host_program(struct host *host);
void host_kernel(struct host *host);
void host_process(struct host *host);
void host_security(struct host *host);
void host_limits(struct host *host);
void host_cgroup(struct host *host);
void host_memory(struct host *host);
void host_proc(struct host *host);
void host_folder(struct host *host); /* which folder: host->group */
void host_execute(struct host *host);
void host_terminal(struct host *host);

/* Reads up to `size` bytes from the start of a file. Returns how many, or a negative errno. */
int host_read(const char *path, char *data, size_t size);

/* A piece of a text that somebody else owns. */
struct host_span {
    const char *at;
    size_t size;
};

/* Takes the next line (without its newline) off the text. Returns 0 at the end. */
int host_line(struct host_span *text, struct host_span *line);
/* Takes the next word, ended by any of the characters in `ends` (which is taken too), off the text. 0 at the end. */
int host_word(struct host_span *text, const char *ends, struct host_span *word);
int host_is(struct host_span span, const char *text);
/* Does a list such as "rw,nosuid,hidepid=2" have this item, and what follows its '='? `value` may be NULL. */
int host_option(struct host_span list, const char *item, struct host_span *value);
/* A copy with a final zero; what does not fit is cut. Returns `to`. */
char *host_keep(struct host_span span, char *to, size_t size);

/* A decimal number, blanks around it allowed; "max" and "-1" and what is 2^62 or more mean PLAT_UNLIMITED, as the
 * cgroup files of both versions have it. Returns 0 or -EINVAL. */
int host_parse_number(struct host_span text, uint64_t *number);

/* The value of one line of /proc/self/status ("Seccomp:\t2"). Returns 0 or -ENOENT. */
int host_parse_status(struct host_span text, const char *field, struct host_span *value);

/* The path in /proc/self/cgroup: of version 2 when `controller` is NULL, else of the version 1 hierarchy that has
 * this controller. Returns 0 or -ENOENT. */
int host_parse_cgroup(struct host_span text, const char *controller, struct host_span *path);

/* One mount of /proc/self/mountinfo (proc(5)): the last of file system type `type`, whose super options have `option`
 * unless that is NULL. `root` is the part of the file system that is mounted, `point` where; octal escapes are left
 * in. Returns 0 or -ENOENT. */
struct host_mount {
    struct host_span root, point, options;
};
int host_parse_mount(struct host_span text, const char *type, const char *option, struct host_mount *mount);

/* cgroup v2's cpu.max: "150000 100000" is 150 percent of one CPU. Returns 0 or -EINVAL. */
int host_parse_cpu_max(struct host_span text, uint64_t *percent);

/* The group "cgroup" for these texts of /proc/self/cgroup and /proc/self/mountinfo; reads the files they lead to. */
void host_cgroup_answer(struct host *host, struct host_span groups, struct host_span mounts);

/* What tells the kind of container. Any member may be NULL or 0. */
struct host_signs {
    const char *release, *version;   /* uname */
    const char *container, *kubernetes; /* environment: container, KUBERNETES_SERVICE_HOST */
    const char *cgroup;              /* text of /proc/self/cgroup */
    int dockerenv, containerenv;     /* /.dockerenv, /run/.containerenv exist */
    int pid1;                        /* this process is PID 1 */
};
/* "none seen" or the kind in words. Static memory, or `container` itself. */
const char *host_container(const struct host_signs *signs);

#endif
