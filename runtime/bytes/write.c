/* write.c: see write.h.
 * Invariant: see write.h.
 * SPDX-License-Identifier: MIT */
#include "bytes/write.h"

#include <errno.h>

/* Below it two calls cost more than copying does. */
enum { SEND_LEAST = 128 * 1024 };

int write_spans(const struct pieces *pieces) {
    return pieces->count < PLAT_SPANS ? (int)pieces->count : PLAT_SPANS;
}

/* What is left of a piece behind `offset`. */
static struct bytes_view rest(const struct pieces *pieces, size_t index, size_t offset) {
    struct bytes_view view;
    pieces_view(pieces, index, &view);
    size_t start = pieces_start(pieces, index), skip = offset > start ? offset - start : 0;
    return (struct bytes_view){ view.data + skip, view.size - skip, view.owner };
}

static int is_sent(const struct write_job *job, const struct bytes_view *view) {
    return !job->no_send && view->size >= SEND_LEAST && view->owner && bytes_descriptor(view->owner) >= 0;
}

/* Pieces between the first and the last one are whole: there may be thousands of them. */
static int gather(struct write_job *job, const struct pieces *pieces, size_t index) {
    const struct piece *piece = &pieces->list[pieces->first + index];
    size_t behind = pieces->count - 1 - index; /* the first */
    struct bytes_view view = rest(pieces, index, job->written);
    int count = 0;
    do {
        job->spans[count++] = (struct plat_span){ view.data, view.size };
        if ((size_t)count > behind || count == job->room) break;
        view = (size_t)count < behind ? piece[count].view : rest(pieces, pieces->count - 1, job->written);
    } while (!is_sent(job, &view));
    return count;
}

int write_some(struct write_job *job, struct pieces *pieces) {
    size_t written = 0;
    int result = -ENOSYS;
    if (job->written >= pieces->size) return 0;
    size_t index = pieces_find(pieces, job->written);
    struct bytes_view view = rest(pieces, index, job->written);
    if (is_sent(job, &view)) {
        result = plat_send(job->fd, bytes_descriptor(view.owner), (uint64_t)(view.data - view.owner->data), view.size, &written);
        if (result == -ENOSYS) job->no_send = 1;
    }
    if (result == -ENOSYS) result = plat_write(job->fd, job->spans, gather(job, pieces, index), &written);
    job->written += written;
    return result < 0 ? result : job->written < pieces->size;
}
