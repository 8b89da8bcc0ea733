/* queue.c: see queue.h.
 * Invariant: a node belongs to the list of `head`, or to the one thread that took that list whole.
 * SPDX-License-Identifier: MIT */
#include "store/queue.h"

#include <errno.h>
#include <stdlib.h>

struct queue_node {
    struct queue_node *next;
    uint64_t id;
};

struct queue *queue_new(void) {
    struct queue *queue = malloc(sizeof *queue);
    if (!queue) return NULL;
    atomic_init(&queue->head, NULL);
    atomic_init(&queue->holders, 1);
    atomic_init(&queue->closed, 0);
    return queue;
}

struct queue *queue_hold(struct queue *queue) {
    atomic_fetch_add_explicit(&queue->holders, 1, memory_order_relaxed);
    return queue;
}

static void ignore(void *context, uint64_t id) {
    (void)context;
    (void)id;
}

void queue_drop(struct queue *queue) {
    if (atomic_fetch_sub_explicit(&queue->holders, 1, memory_order_acq_rel) != 1) return;
    queue_drain(queue, ignore, NULL);
    free(queue);
}

/* A push that races with queue_close may still get in: the last holder frees it. */
int queue_push(struct queue *queue, uint64_t id) {
    if (atomic_load_explicit(&queue->closed, memory_order_acquire)) return -EPIPE;
    struct queue_node *node = malloc(sizeof *node);
    if (!node) return -ENOMEM;
    node->id = id;
    node->next = atomic_load_explicit(&queue->head, memory_order_relaxed);
    while (!atomic_compare_exchange_weak_explicit(&queue->head, &node->next, node, memory_order_release, memory_order_relaxed)) {}
    return 0;
}

void queue_drain(struct queue *queue, void (*visit)(void *context, uint64_t id), void *context) {
    struct queue_node *node = atomic_exchange_explicit(&queue->head, NULL, memory_order_acquire);
    while (node) {
        struct queue_node *next = node->next;
        visit(context, node->id);
        free(node);
        node = next;
    }
}

void queue_close(struct queue *queue) {
    atomic_store_explicit(&queue->closed, 1, memory_order_release);
    queue_drain(queue, ignore, NULL);
}
