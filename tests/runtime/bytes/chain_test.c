/* chain_test.c: rows of pieces: what joining and slicing cost, who holds what, and writing them.
 * SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "bytes/builder.h"
#include "bytes/chain.h"
#include "bytes/find.h"
#include "bytes/write.h"

static struct bytes_owner *block(size_t size, char fill) {
    struct bytes_owner *owner = NULL;
    char *memory;
    assert_int_equal(bytes_block(size, &owner, &memory), 0);
    memset(memory, fill, size);
    return owner;
}

static struct bytes_view view(struct bytes_owner *owner, size_t offset, size_t size) {
    return (struct bytes_view){ owner->data + offset, size, owner };
}

static struct chain *join(struct chain *chain, struct chain *other, struct bytes_view one) {
    assert_int_equal(chain_begin(chain, other, 1), 0);
    chain_push(chain, one);
    return chain;
}

/* Story 5: what a join and a slice take does not depend on how long the parts are. */
static void test_cost_does_not_depend_on_length(void **unused) {
    (void)unused;
    size_t costs[3];
    for (int i = 0; i < 3; i++) {
        size_t size = i == 0 ? 1000 : i == 1 ? 1000000 : 100000000;
        struct bytes_owner *a = block(size, 'a'), *b = block(size, 'b');
        struct chain first, both, part;
        join(&first, NULL, view(a, 0, size));
        join(&both, &first, view(b, 0, size));
        assert_int_equal(chain_slice(&part, &both, size / 2, size), 0);
        costs[i] = chain_row_cost(both.row) + chain_row_cost(part.row);
        assert_int_equal(a->holders, 3);
        assert_ptr_equal(first.row, both.row);
        chain_close(&first);
        chain_close(&both);
        chain_close(&part);
        assert_int_equal(a->holders, 1);
        bytes_drop(a);
        bytes_drop(b);
    }
    assert_int_equal(costs[0], costs[1]);
    assert_int_equal(costs[1], costs[2]);
    assert_true(costs[0] < 1000);
}

/* Each of ten thousand joins takes the same: the row grows by half, is never copied for a new chain, and what was found alive
 * is not looked through again. */
static void test_joining_again_and_again(void **unused) {
    (void)unused;
    struct bytes_owner *a = block(20000, 'a');
    static struct chain chains[10001];
    size_t grown = 0;
    assert_int_equal(chain_begin(&chains[0], NULL, 0), 0);
    assert_true(chain_alive(&chains[0]));
    for (size_t i = 1; i <= 10000; i++) {
        size_t before = chain_row_cost(chains[i - 1].row);
        join(&chains[i], &chains[i - 1], view(a, 2 * (i % 5000), 1));
        assert_ptr_equal(chains[i].row, chains[0].row);
        assert_int_equal(chains[i].alive, bytes_released() + 1);
        grown += chain_row_cost(chains[i].row) > before;
    }
    assert_true(grown < 30);
    assert_int_equal(chains[10000].size, 10000);
    for (size_t i = 10000; i > 0; i--) chain_close(&chains[i]);
    assert_int_equal(chains[0].row->count, 0); /* the row is cut to what is left */
    assert_int_equal(a->holders, 1);
    chain_close(&chains[0]);
    bytes_drop(a);
}

static void test_neighbours_meet(void **unused) {
    (void)unused;
    struct bytes_owner *a = block(100, 'a');
    struct chain first, second, third;
    struct pieces pieces;
    join(&first, NULL, view(a, 0, 10));
    join(&second, &first, view(a, 10, 10));
    join(&third, &second, view(a, 21, 5));
    chain_pieces(&second, &pieces);
    assert_int_equal(pieces.count, 1);
    assert_int_equal(pieces.size, 20);
    chain_pieces(&first, &pieces);
    assert_int_equal(pieces.count, 1);
    struct bytes_view seen;
    pieces_view(&pieces, 0, &seen);
    assert_int_equal(seen.size, 10); /* the piece has grown, the chain has not */
    chain_pieces(&third, &pieces);
    assert_int_equal(pieces.count, 2);
    chain_close(&third);
    chain_close(&second);
    assert_int_equal(first.row->list[0].view.size, 10);
    chain_close(&first);
    bytes_drop(a);
}

/* What is joined behind a chain that is not the longest of its row must not be seen by the longer one. */
static void test_a_row_divides(void **unused) {
    (void)unused;
    struct bytes_owner *a = block(10, 'a'), *b = block(10, 'b');
    struct chain first, one, two;
    struct pieces pieces;
    char text[3] = "";
    join(&first, NULL, view(a, 0, 1));
    join(&one, &first, view(a, 5, 1));
    join(&two, &first, view(b, 5, 1));
    assert_ptr_not_equal(one.row, two.row);
    chain_pieces(&one, &pieces);
    assert_int_equal(pieces_copy(&pieces, 0, 2, text), 0);
    assert_string_equal(text, "aa");
    chain_pieces(&two, &pieces);
    assert_int_equal(pieces_copy(&pieces, 0, 2, text), 0);
    assert_string_equal(text, "ab");
    chain_close(&first);
    chain_close(&one);
    chain_close(&two);
    bytes_drop(a);
    bytes_drop(b);
}

static void test_a_slice_of_many_pieces_shares_the_row(void **unused) {
    (void)unused;
    struct bytes_owner *a = block(5000, 'a');
    struct chain whole, part, behind;
    assert_int_equal(chain_begin(&whole, NULL, 2000), 0);
    for (size_t i = 0; i < 2000; i++) chain_push(&whole, view(a, 2 * i, 1));
    assert_int_equal(chain_slice(&part, &whole, 10, 1900), 0);
    assert_ptr_equal(part.row, whole.row);
    assert_int_equal(chain_slice(&behind, &whole, 10, 20), 0);
    assert_ptr_not_equal(behind.row, whole.row);
    chain_close(&whole);
    struct pieces pieces;
    chain_pieces(&part, &pieces);
    assert_int_equal(pieces.count, 1900);
    chain_close(&part);
    assert_int_equal(a->holders, 21);
    chain_close(&behind);
    assert_int_equal(a->holders, 1);
    bytes_drop(a);
}

static void test_release_is_seen_by_all(void **unused) {
    (void)unused;
    struct bytes_owner *a = block(10, 'a'), *b = block(10, 'b');
    struct chain first, both, late;
    struct bytes_view part = view(b, 5, 5);
    join(&first, NULL, view(a, 0, 5));
    join(&both, &first, view(b, 0, 5));
    assert_true(chain_alive(&both));
    assert_int_equal(bytes_release(b), 1);
    assert_int_equal(bytes_release(b), 0);
    assert_null(b->data);
    assert_false(chain_alive(&both));
    assert_true(chain_alive(&first));
    chain_close(&both);
    assert_false(chain_alive(join(&late, &first, part)));
    chain_close(&late);
    chain_close(&first);
    bytes_drop(a);
    bytes_drop(b);
}

/* This program has no handler for the signal, as a host program of the library has none. */
static void test_a_file_that_is_cut_short_without_a_handler(void **unused) {
    (void)unused;
    char path[] = "/tmp/moonbear-chain-XXXXXX", text[10];
    struct bytes_owner *owner = NULL;
    struct pieces a, b;
    struct piece first, second;
    size_t found;
    int order, fd = mkstemp(path);
    assert_int_equal(ftruncate(fd, 100000), 0);
    assert_int_equal(bytes_map(path, &owner), 0);
    pieces_one(&a, &first, view(owner, 0, 100000));
    pieces_one(&b, &second, view(owner, 1, 99999));
    assert_int_equal(find_pieces(&a, 0, "x", 1, NULL, NULL, &found), 0);
    assert_int_equal(ftruncate(fd, 50), 0);
    assert_int_equal(find_pieces(&a, 0, "x", 1, NULL, NULL, &found), -EFAULT);
    assert_int_equal(pieces_compare(&a, &b, NULL, &order), -EFAULT);
    assert_int_equal(pieces_copy(&a, 90000, 10, text), -EFAULT);
    assert_int_equal(pieces_copy(&a, 40, 10, text), 0);
    bytes_drop(owner);
    close(fd);
    unlink(path);
}

/* ---- Writing --------------------------------------------------------------------------------------------- */

static struct write_job *job_for(const struct pieces *pieces, int fd) {
    int room = write_spans(pieces);
    struct write_job *job = calloc(1, sizeof *job + (size_t)room * sizeof job->spans[0]);
    assert_non_null(job);
    job->fd = fd;
    job->room = room;
    return job;
}

static void test_ten_thousand_pieces_take_ten_calls(void **unused) {
    (void)unused;
    struct bytes_owner *a = block(40000, 'a');
    struct chain chain;
    struct pieces pieces;
    int calls = 1, out = open("/dev/null", O_WRONLY);
    assert_int_equal(chain_begin(&chain, NULL, 10000), 0);
    for (size_t i = 0; i < 10000; i++) chain_push(&chain, view(a, 4 * i, 3));
    chain_pieces(&chain, &pieces);
    assert_int_equal(pieces.count, 10000);
    struct write_job *job = job_for(&pieces, out);
    while (write_some(job, &pieces) == 1) calls++;
    assert_int_equal(calls, 10);
    assert_int_equal(job->written, 30000);
    free(job);
    close(out);
    chain_close(&chain);
    bytes_drop(a);
}

static void fill_pattern(char *to, size_t size) {
    for (size_t i = 0; i < size; i++) to[i] = (char)(i * 7 + i / 251);
}

/* A pipe that does not block takes a part of each write. */
static void test_small_pieces_into_a_narrow_pipe(void **unused) {
    (void)unused;
    enum { PIECES = 3000, STEP = 101, ALL = PIECES * (STEP - 1) };
    char *memory, *got = malloc(ALL);
    struct bytes_owner *a = NULL;
    struct chain chain;
    struct pieces pieces;
    int ends[2];
    assert_int_equal(bytes_block(PIECES * STEP, &a, &memory), 0);
    fill_pattern(memory, PIECES * STEP);
    assert_int_equal(chain_begin(&chain, NULL, PIECES), 0);
    for (size_t i = 0; i < PIECES; i++) chain_push(&chain, view(a, STEP * i, STEP - 1));
    chain_pieces(&chain, &pieces);
    assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
    fcntl(ends[1], F_SETPIPE_SZ, 4096);
    struct write_job *job = job_for(&pieces, ends[1]);
    size_t read_so_far = 0;
    for (int result = 1; result == 1;) {
        result = write_some(job, &pieces);
        assert_true(result >= 0);
        ssize_t now = read(ends[0], got + read_so_far, ALL - read_so_far);
        assert_true(now > 0);
        read_so_far += (size_t)now;
    }
    assert_int_equal(read_so_far, ALL);
    for (size_t i = 0; i < PIECES; i++) assert_memory_equal(got + i * (STEP - 1), memory + i * STEP, STEP - 1);
    free(job);
    free(got);
    close(ends[0]);
    close(ends[1]);
    chain_close(&chain);
    bytes_drop(a);
}

/* A file may not grow beyond a limit: what was written until then is known, and is the beginning. */
static void test_a_disk_that_is_full_in_the_middle(void **unused) {
    (void)unused;
    char path[] = "/tmp/moonbear-chain-XXXXXX";
    struct bytes_owner *a = block(3000, 'a'), *b = block(3000, 'b');
    struct chain chain, both;
    struct pieces pieces;
    int fd = mkstemp(path), result;
    join(&chain, NULL, view(a, 0, 3000));
    join(&both, &chain, view(b, 0, 3000));
    chain_pieces(&both, &pieces);
    struct rlimit before, limit;
    getrlimit(RLIMIT_FSIZE, &before);
    limit = before;
    limit.rlim_cur = 4000;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    struct write_job *job = job_for(&pieces, fd);
    do result = write_some(job, &pieces);
    while (result == 1);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_int_equal(result, -EFBIG);
    assert_int_equal(job->written, 4000);
    assert_int_equal(lseek(fd, 0, SEEK_END), 4000);
    free(job);
    close(fd);
    unlink(path);
    chain_close(&chain);
    chain_close(&both);
    bytes_drop(a);
    bytes_drop(b);
}

/* ---- Seeking --------------------------------------------------------------------------------------------- */

static void test_flat_search_at_every_place(void **unused) {
    (void)unused;
    char text[300];
    for (size_t size = 1; size < 200; size++) {
        for (size_t at = 0; at + 3 <= size; at++) {
            char *copy = malloc(size); /* of exact size, so that sanitizers see one byte too far */
            memset(text, 'a', sizeof text);
            memcpy(text + at, "bac", 3);
            memcpy(copy, text, size);
            assert_ptr_equal(find_flat(copy, size, "bac", 3), copy + at);
            assert_null(find_flat(copy, size, "bab", 3));
            free(copy);
        }
    }
}

/* The builder: what is taken from the front is used again. */
static void test_a_builder_moves_rather_than_grows(void **unused) {
    (void)unused;
    struct builder b = { NULL, 0, 0, 0 };
    for (int i = 0; i < 10000; i++) {
        assert_int_equal(builder_reserve(&b, 10), 0);
        builder_put(&b, "0123456789", 10);
        if (i % 4) builder_skip(&b, 13);
        if (builder_size(&b) > 100) builder_skip(&b, 60);
    }
    assert_true(b.room <= 1024);
    assert_int_equal(builder_growth(&b, SIZE_MAX - 100), SIZE_MAX);
    assert_int_equal(builder_reserve(&b, SIZE_MAX - 100), -ENOMEM);
    builder_close(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cost_does_not_depend_on_length), cmocka_unit_test(test_joining_again_and_again),
        cmocka_unit_test(test_neighbours_meet),                cmocka_unit_test(test_a_row_divides),
        cmocka_unit_test(test_a_slice_of_many_pieces_shares_the_row), cmocka_unit_test(test_release_is_seen_by_all),
        cmocka_unit_test(test_a_file_that_is_cut_short_without_a_handler),
        cmocka_unit_test(test_ten_thousand_pieces_take_ten_calls),
        cmocka_unit_test(test_small_pieces_into_a_narrow_pipe), cmocka_unit_test(test_a_disk_that_is_full_in_the_middle),
        cmocka_unit_test(test_flat_search_at_every_place),     cmocka_unit_test(test_a_builder_moves_rather_than_grows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
