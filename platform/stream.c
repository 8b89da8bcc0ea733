/* stream.c: looking into the buffer of a stream, which both C libraries allow in their own way.
 * Invariant: see platform.h; what is not taken with plat_stream_skip is read again.
 * SPDX-License-Identifier: MIT */
#include "platform.h"

#include <errno.h>
#include <stdio.h>

#ifdef __GLIBC__

static const char *peek(FILE *stream, size_t *size) {
    *size = (size_t)(stream->_IO_read_end - stream->_IO_read_ptr);
    return *size ? stream->_IO_read_ptr : NULL;
}

void plat_stream_skip(FILE *stream, size_t size) {
    stream->_IO_read_ptr += size;
}

#else
#include <stdio_ext.h>

static const char *peek(FILE *stream, size_t *size) {
    return __freadptr(stream, size);
}

void plat_stream_skip(FILE *stream, size_t size) {
    __freadptrinc(stream, size);
}

#endif

const char *plat_stream_ahead(FILE *stream, size_t *size) {
    const char *bytes = peek(stream, size);
    if (bytes) return bytes;
    errno = EBADF;
    int first = getc(stream);
    if (first == EOF) return NULL;
    ungetc(first, stream);
    return peek(stream, size);
}
