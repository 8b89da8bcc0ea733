/* queue.h: ids that other threads want released, until the owner's thread comes by.
 * Invariant: the queue lives while anybody holds it, also after its store and its Lua state are gone.
 * SPDX-License-Identifier: MIT
 *
 * Knows no Lua. Many threads push, one drains; nobody waits for anybody (a list whose head is exchanged atomically). */
#ifndef QUEUE_H
#define QUEUE_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

struct queue_node;

/* Fields are for queue.c and queue_pending. */
struct queue {
    _Atomic(struct queue_node *) head;
    atomic_uint holders;
    atomic_int closed;
};

/* A new queue with one holder, or NULL when memory is refused. */
struct queue *queue_new(void);

/* One more holder, and one less: the last frees what is left. Any thread. */
struct queue *queue_hold(struct queue *queue);
void queue_drop(struct queue *queue);

/* Any thread that holds the queue. Returns 0; -ENOMEM; -EPIPE after queue_close. */
int queue_push(struct queue *queue, uint64_t id);

/* Whether a drain would find something: one relaxed load. */
static inline int queue_pending(const struct queue *queue) {
    return atomic_load_explicit(&queue->head, memory_order_relaxed) != NULL;
}

/* The owner's thread: calls `visit` with each id that is in the queue now, in no certain order. */
void queue_drain(struct queue *queue, void (*visit)(void *context, uint64_t id), void *context);

/* The owner's thread: from now on pushes are refused; what is in the queue is thrown away. */
void queue_close(struct queue *queue);

#endif
