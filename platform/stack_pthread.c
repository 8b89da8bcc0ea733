/* stack_pthread.c: what the C library says of a thread's stack.
 * Invariant: musl is only asked about the main thread when it is sure to come to an end.
 * SPDX-License-Identifier: MIT */
#include "stack.h"

#include <errno.h>

/* About the main thread musl moves page after page with mremap(2) for as long as the answer is ENOMEM; glibc adds up
 * the limit and /proc/self/maps. A filter that says ENOMEM to everything makes musl go on for ever, one that says
 * anything else makes it stop at once, maybe above the frame that asks. The kernel's own answer is EFAULT. */
static int safe_on_main(const struct stack_sources *s) {
    int answer = s->remap();
    return answer == -EFAULT || answer == -EINVAL ? 0 : answer == 0 ? -EINVAL : answer;
}

/* Some versions of glibc count the guard into the stack: what cannot be asked is left out. */
static int confirm(const struct stack_sources *s, struct plat_stack_bounds *bounds) {
    int works = stack_probe_works(s) == 0;
    if (works && s->probe(bounds->lo) == 1) return 0;
    bounds->lo += bounds->guard;
    return !works || s->probe(bounds->lo) == 1 ? 0 : -EFAULT;
}

int stack_pthread(const struct stack_sources *s, struct plat_stack_bounds *bounds) {
    bounds->method = "pthread";
    int result = s->main ? safe_on_main(s) : 0;
    if (result == 0) result = s->attributes(&bounds->lo, &bounds->hi, &bounds->guard);
    if (result < 0) return result;
    if (s->main) {
        if (s->attributes_promise) stack_unconfirmed(s, bounds);
        bounds->confidence = PLAT_LOW;
        bounds->guard = STACK_GAP;
        return 0;
    }
    bounds->confidence = PLAT_EXACT;
    return confirm(s, bounds);
}
