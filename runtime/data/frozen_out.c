/* frozen_out.c: see frozen_out.h.
 * Invariant: a file's buffer is full when it is written, but for the last time, so that its size is a multiple of 8.
 * SPDX-License-Identifier: MIT */
#include "data/frozen_out.h"

#include <errno.h>
#include <string.h>

#include "data/frozen_format.h"
#include "data/scratch.h"

enum { OUT_LEAST = 1024, OUT_FILE = 256 * 1024 };

static void *resize(struct frozen_out *out, void *block, size_t old_size, size_t new_size) {
    return out->memory.resize(out->memory.context, block, old_size, new_size);
}

void frozen_out_open(struct frozen_out *out, int fd, struct data_memory memory) {
    memset(out, 0, sizeof *out);
    out->fd = fd;
    out->memory = memory;
    out->checksum = frozen_hash_begin(0);
}

void frozen_out_close(struct frozen_out *out) {
    if (out->buffer) resize(out, out->buffer, out->capacity, 0);
    out->buffer = NULL;
}

static int fail(struct frozen_out *out, int error) {
    out->error = error;
    return error;
}

/* The header's bytes, which come first, are not part of the checksum. */
static void sum(struct frozen_out *out) {
    size_t skip = out->flushed == 0 ? FROZEN_HEADER : 0;
    out->checksum = frozen_hash(out->checksum, out->buffer + skip, out->used - skip);
}

static int flush(struct frozen_out *out) {
    sum(out);
    int result = scratch_write(out->fd, out->flushed, out->buffer, out->used);
    if (result < 0) return fail(out, result);
    out->flushed += out->used;
    out->used = 0;
    return 0;
}

/* Makes room for at least one byte more. */
static int make_room(struct frozen_out *out) {
    if (out->fd >= 0 && out->capacity == OUT_FILE) return flush(out);
    size_t wanted = out->fd >= 0 ? OUT_FILE : out->capacity + out->capacity / 2;
    if (wanted < OUT_LEAST) wanted = OUT_LEAST;
    char *buffer = resize(out, out->buffer, out->capacity, wanted);
    if (!buffer) return fail(out, -ENOMEM);
    out->buffer = buffer;
    out->capacity = wanted;
    return 0;
}

int frozen_out_put(struct frozen_out *out, const void *data, size_t size) {
    const char *from = data;
    if (out->error) return out->error;
    while (size > 0) {
        size_t room = out->capacity - out->used;
        if (room == 0) {
            int result = make_room(out);
            if (result < 0) return result;
            continue;
        }
        if (room > size) room = size;
        memcpy(out->buffer + out->used, from, room);
        out->used += room;
        from += room;
        size -= room;
    }
    return 0;
}

int frozen_out_put32(struct frozen_out *out, uint32_t word) {
    if (out->error || out->capacity - out->used < 4) return frozen_out_put(out, &word, 4);
    frozen_store32(out->buffer + out->used, word);
    out->used += 4;
    return 0;
}

int frozen_out_put64(struct frozen_out *out, uint64_t word) {
    if (out->error || out->capacity - out->used < 8) return frozen_out_put(out, &word, 8);
    frozen_store64(out->buffer + out->used, word);
    out->used += 8;
    return 0;
}

int frozen_out_align(struct frozen_out *out, size_t to) {
    static const char zeros[8];
    return frozen_out_put(out, zeros, (size_t)(-frozen_out_offset(out) & (to - 1)));
}

int frozen_out_read(struct frozen_out *out, uint64_t at, void *to, size_t size) {
    size_t early = at >= out->flushed ? 0 : size < out->flushed - at ? size : (size_t)(out->flushed - at);
    if (out->error) return out->error;
    if (early > 0) {
        int result = scratch_read(out->fd, at, to, early);
        if (result < 0) return fail(out, result);
    }
    if (size > early) memcpy((char *)to + early, out->buffer + (at + early - out->flushed), size - early);
    return 0;
}

static void seal(struct frozen_out *out, char *header) {
    frozen_store64(header + FROZEN_AT_CHECKSUM, out->checksum);
    frozen_store64(header + FROZEN_AT_HEADER, frozen_hash(frozen_hash_begin(FROZEN_AT_HEADER), header, FROZEN_AT_HEADER));
}

int frozen_out_finish(struct frozen_out *out, char *header) {
    if (out->error) return out->error;
    if (out->fd >= 0) {
        int result = flush(out);
        seal(out, header);
        if (result == 0) result = scratch_write(out->fd, 0, header, FROZEN_HEADER);
        return result < 0 ? fail(out, result) : 0;
    }
    sum(out);
    seal(out, header);
    memcpy(out->buffer, header, FROZEN_HEADER);
    return 0;
}
