/* slots_test.c: slots, generations and pages, and that no refused allocation loses anything.
 * SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "store/leaks.h"
#include "store/slots.h"

/* Counts what it gave, checks the sizes it is told, and refuses one request. */
struct meter {
    size_t bytes;
    long requests, refuse_at; /* 0: none */
};

static void *metered(void *context, void *block, size_t old_size, size_t new_size) {
    struct meter *meter = context;
    if (new_size == 0) {
        assert_true(meter->bytes >= old_size);
        meter->bytes -= old_size;
        free(block);
        return NULL;
    }
    if (++meter->requests == meter->refuse_at) return NULL;
    void *fresh = malloc(new_size);
    assert_non_null(fresh);
    if (block) memcpy(fresh, block, old_size < new_size ? old_size : new_size);
    free(block);
    meter->bytes += new_size - old_size;
    return fresh;
}

struct world {
    struct meter meter;
    struct slots_pool pool;
    struct slots slots;
};

static void open_world(struct world *w, uint64_t max) {
    memset(w, 0, sizeof *w);
    struct slots_memory memory = { metered, &w->meter };
    slots_pool_open(&w->pool, memory);
    slots_open(&w->slots, &w->pool, memory, max);
}

static void close_world(struct world *w) {
    slots_close(&w->slots, NULL, NULL);
    slots_pool_close(&w->pool);
    assert_int_equal(w->meter.bytes, 0);
}

/* 0 when it cannot be had. */
static uint64_t take(struct slots *slots) {
    while (slots_room(slots) == -EAGAIN)
        if (slots_grow(slots) < 0) return 0;
    return slots_room(slots) == 0 ? slots_id(slots_take(slots)) : 0;
}

static int give(struct slots *slots, uint64_t id) {
    struct slots_at at = slots_find(slots, id);
    assert_non_null(at.page);
    return slots_give(slots, at);
}

static void an_id_is_live_until_it_is_given_back(void **state) {
    struct world w;
    (void)state;
    open_world(&w, 10);
    uint64_t id = take(&w.slots);
    assert_true(id > UINT32_MAX && id < UINT64_C(1) << 53);
    assert_int_equal(slots_id(slots_find(&w.slots, id)), id);
    give(&w.slots, id);
    assert_null(slots_find(&w.slots, id).page);
    assert_int_equal(slots_why(&w.slots, id), -ESTALE);
    uint64_t next = take(&w.slots);
    assert_true(next != id);
    assert_int_equal((uint32_t)next, (uint32_t)id);
    close_world(&w);
}

static void invented_ids_are_told_from_stale_ones(void **state) {
    struct world w;
    (void)state;
    open_world(&w, 10);
    uint64_t id = take(&w.slots);
    const uint64_t invented[] = { 0, 1, 42, UINT32_MAX, id + 1, id + SLOTS_PAGE, id + (UINT64_C(1) << 32), UINT64_MAX, (UINT64_C(1) << 53) - 1 };
    for (size_t i = 0; i < sizeof invented / sizeof invented[0]; i++) {
        assert_null(slots_find(&w.slots, invented[i]).page);
        assert_int_equal(slots_why(&w.slots, invented[i]), -EINVAL);
    }
    close_world(&w);
}

static void an_id_of_another_owner_is_recognised(void **state) {
    struct world w;
    struct slots other;
    (void)state;
    open_world(&w, 10);
    slots_open(&other, &w.pool, w.pool.memory, 10);
    uint64_t mine = take(&w.slots), theirs = take(&other);
    assert_true(mine != theirs);
    assert_null(slots_find(&w.slots, theirs).page);
    assert_int_equal(slots_why(&w.slots, theirs), -EXDEV);
    slots_close(&other, NULL, NULL);
    assert_int_equal(slots_why(&w.slots, theirs), -ESTALE);
    close_world(&w);
}

static void only_exact_numbers_are_ids(void **state) {
    (void)state;
    assert_int_equal(slots_number(4294967296.0), UINT64_C(4294967296));
    assert_int_equal(slots_number(9007199254740991.0), UINT64_C(9007199254740991));
    const double no[] = { -1.0, 0.5, 4294967296.5, 9007199254740992.0, 1e300, -0.0, 0.0 / 0.0, 1.0 / 0.0, -1.0 / 0.0 };
    for (size_t i = 0; i < sizeof no / sizeof no[0]; i++) assert_int_equal(slots_number(no[i]), 0);
}

static void the_limit_is_a_refusal(void **state) {
    struct world w;
    (void)state;
    open_world(&w, 2);
    uint64_t id = take(&w.slots);
    assert_true(take(&w.slots));
    assert_int_equal(slots_room(&w.slots), -ENOSPC);
    give(&w.slots, id);
    assert_int_equal(slots_room(&w.slots), 0);
    close_world(&w);
}

static void a_slot_without_generations_left_is_retired(void **state) {
    struct world w;
    (void)state;
    open_world(&w, 10);
    w.pool.first_generation = (1u << 21) - 2;
    uint64_t first = take(&w.slots), kept = take(&w.slots);
    give(&w.slots, first);
    uint64_t last = take(&w.slots);
    assert_int_equal((uint32_t)last, (uint32_t)first);
    assert_true(last < UINT64_C(1) << 53);
    give(&w.slots, last);
    assert_int_equal(w.slots.retired, 1);
    assert_int_equal(slots_why(&w.slots, last), -ESTALE);
    for (int i = 0; i < 5000; i++) {
        uint64_t id = take(&w.slots);
        assert_true(id && (uint32_t)id != (uint32_t)first);
        give(&w.slots, id);
    }
    assert_non_null(slots_find(&w.slots, kept).page);
    close_world(&w);
}

/* Every slot of page after page is used up; ids go on, and memory does not grow with them. */
static void pages_without_generations_left_are_let_go(void **state) {
    struct world w;
    uint64_t before = 0;
    (void)state;
    open_world(&w, 10);
    w.pool.first_generation = (1u << 21) - 1;
    for (int i = 0; i < 20000; i++) {
        uint64_t id = take(&w.slots);
        assert_true(id > before);
        give(&w.slots, id);
        before = id;
    }
    assert_int_equal(w.slots.retired, 20000);
    assert_true(w.slots.pages <= 1);
    close_world(&w);
}

static void empty_pages_go_and_one_stays(void **state) {
    struct world w;
    enum { COUNT = 10 * SLOTS_PAGE };
    static uint64_t ids[COUNT];
    int gone = 0;
    (void)state;
    open_world(&w, UINT64_MAX);
    for (int i = 0; i < COUNT; i++) ids[i] = take(&w.slots);
    size_t full = w.meter.bytes;
    assert_int_equal(w.slots.pages, 10);
    for (int i = 0; i < COUNT; i++) gone += give(&w.slots, ids[i]);
    assert_int_equal(gone, 9);
    assert_true(w.meter.bytes < full / 5);
    assert_int_equal(w.slots.live, 0);
    assert_int_equal(w.slots.peak, COUNT);
    for (int i = 0; i < COUNT; i++) assert_int_equal(slots_why(&w.slots, ids[i]), -ESTALE);
    uint64_t id = take(&w.slots);
    for (int i = 0; i < COUNT; i++) assert_true(id != ids[i]);
    close_world(&w);
}

/* A put and a release at the edge of a page must not make and free a page each time. */
static void the_edge_of_a_page_is_cheap(void **state) {
    struct world w;
    (void)state;
    open_world(&w, UINT64_MAX);
    for (int i = 0; i < 2 * SLOTS_PAGE; i++) assert_true(take(&w.slots));
    give(&w.slots, take(&w.slots));
    long requests = w.meter.requests;
    for (int i = 0; i < 10000; i++) give(&w.slots, take(&w.slots));
    assert_int_equal(w.meter.requests, requests);
    close_world(&w);
}

static void iteration_sees_each_live_id_once(void **state) {
    struct world w;
    enum { COUNT = 3 * SLOTS_PAGE };
    static uint64_t ids[COUNT];
    struct slots_at at;
    uint64_t cursor = 0;
    int seen = 0;
    (void)state;
    open_world(&w, UINT64_MAX);
    for (int i = 0; i < COUNT; i++) ids[i] = take(&w.slots);
    for (int i = 0; i < COUNT; i += 3) give(&w.slots, ids[i]);
    while (slots_each(&w.slots, &cursor, &at)) {
        seen++;
        slots_give(&w.slots, at);
    }
    assert_int_equal(seen, COUNT - COUNT / 3);
    assert_int_equal(w.slots.live, 0);
    close_world(&w);
}

static void marks_survive_growth(void **state) {
    struct world w;
    (void)state;
    open_world(&w, UINT64_MAX);
    uint64_t id = take(&w.slots);
    assert_int_equal(slots_mark(&w.slots, slots_find(&w.slots, id), 77), 0);
    for (int i = 0; i < 2000; i++) assert_int_equal(slots_marked(slots_find(&w.slots, take(&w.slots))), 0);
    assert_int_equal(slots_marked(slots_find(&w.slots, id)), 77);
    slots_mark(&w.slots, slots_find(&w.slots, id), 0);
    assert_int_equal(slots_marked(slots_find(&w.slots, id)), 0);
    close_world(&w);
}

/* A small generator, so that every run is the same (xorshift, G. Marsaglia 2003). */
static uint32_t random_number(uint32_t *seed) {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    return *seed ^= *seed << 5;
}

enum { MODEL = 3000 };

/* A plain model: what is live must be found, what is not must not, whatever was refused on the way. */
static void run_model(struct world *w, int steps, uint32_t seed) {
    static uint64_t live[MODEL], dead[MODEL];
    size_t live_count = 0, dead_count = 0;
    for (int i = 0; i < steps; i++) {
        uint32_t random = random_number(&seed);
        if (live_count == 0 || (random % 100 < 55 && live_count < MODEL)) {
            uint64_t id = take(&w->slots);
            if (!id) continue;
            live[live_count++] = id;
            if (random % 7 == 0 && slots_mark(&w->slots, slots_find(&w->slots, id), random) == 0)
                assert_int_equal(slots_marked(slots_find(&w->slots, id)), random);
        } else {
            size_t which = random_number(&seed) % live_count;
            give(&w->slots, live[which]);
            dead[dead_count++ % MODEL] = live[which];
            live[which] = live[--live_count];
        }
    }
    assert_int_equal(w->slots.live, live_count);
    for (size_t i = 0; i < live_count; i++) assert_int_equal(slots_id(slots_find(&w->slots, live[i])), live[i]);
    for (size_t i = 0; i < dead_count && i < MODEL; i++) assert_int_equal(slots_why(&w->slots, dead[i]), -ESTALE);
}

static void a_model_agrees(void **state) {
    struct world w;
    (void)state;
    for (uint32_t seed = 1; seed <= 5; seed++) {
        open_world(&w, UINT64_MAX);
        run_model(&w, 40000, seed);
        close_world(&w);
    }
}

static void nothing_is_lost_when_the_nth_request_is_refused(void **state) {
    struct world w;
    (void)state;
    for (long n = 1;; n++) {
        open_world(&w, UINT64_MAX);
        w.meter.refuse_at = n;
        run_model(&w, 8000, 9);
        long requests = w.meter.requests;
        close_world(&w);
        if (requests < n) break;
    }
}

/* ---- leaks.c ---------------------------------------------------------------------------------------------- */

static void places_are_remembered(void **state) {
    struct meter meter = { 0, 0, 0 };
    struct leaks leaks;
    struct leaks_record oldest[2];
    struct leaks_count counts[2];
    uint64_t total;
    (void)state;
    leaks_open(&leaks, (struct slots_memory){ metered, &meter }, LEAKS_FULL);
    for (uint64_t i = 0; i < 1000; i++) {
        char place[32];
        snprintf(place, sizeof place, "file.lua:%d", (int)(i % 300));
        assert_true(leaks_wanted(&leaks));
        assert_int_equal(leaks_put(&leaks, (UINT64_C(1) << 32) + i, place, 1000.0 - (double)i), 0);
    }
    leaks_release(&leaks, (UINT64_C(1) << 32) + 999, "other.lua:1");
    const struct leaks_record *record = leaks_find(&leaks, (UINT64_C(1) << 32) + 999);
    assert_string_equal(leaks_place(&leaks, record->put), "file.lua:99");
    assert_string_equal(leaks_place(&leaks, record->released), "other.lua:1");
    assert_null(leaks_find(&leaks, (UINT64_C(2) << 32) + 999));
    assert_int_equal(leaks_oldest(&leaks, oldest, 2), 2);
    assert_int_equal((uint32_t)oldest[0].id, 998);
    assert_int_equal((uint32_t)oldest[1].id, 997);
    assert_int_equal(leaks_summary(&leaks, counts, 2, &total), 2);
    assert_int_equal(total, 999);
    assert_int_equal(counts[0].live, 4);
    leaks_close(&leaks);
    assert_int_equal(meter.bytes, 0);
}

static void samples_stay_small(void **state) {
    struct meter meter = { 0, 0, 0 };
    struct leaks leaks;
    (void)state;
    leaks_open(&leaks, (struct slots_memory){ metered, &meter }, LEAKS_SAMPLE);
    int tracked = 0;
    for (uint64_t i = 0; i < 128 * 20000; i++) {
        if (!leaks_wanted(&leaks)) continue;
        uint64_t id = (UINT64_C(1) << 32) + i;
        assert_int_equal(leaks_put(&leaks, id, "x", 0), 0);
        leaks_release(&leaks, id, "y");
        tracked++;
    }
    assert_int_equal(tracked, 20000);
    assert_true(leaks.capacity <= 256);
    leaks_close(&leaks);
    assert_int_equal(meter.bytes, 0);
}

static void tracking_survives_refusals(void **state) {
    (void)state;
    for (long n = 1; n < 260; n++) {
        struct meter meter = { 0, 0, n };
        struct leaks leaks;
        struct leaks_count counts[4];
        uint64_t total = 0, put = 0;
        leaks_open(&leaks, (struct slots_memory){ metered, &meter }, LEAKS_FULL);
        for (uint64_t i = 1; i <= 200; i++) {
            char place[32];
            snprintf(place, sizeof place, "p%d", (int)i);
            put += leaks_put(&leaks, i, place, 0) == 0;
        }
        leaks_summary(&leaks, counts, 4, &total);
        assert_int_equal(total, put);
        assert_true(put >= 199);
        leaks_close(&leaks);
        assert_int_equal(meter.bytes, 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_id_is_live_until_it_is_given_back),
        cmocka_unit_test(invented_ids_are_told_from_stale_ones),
        cmocka_unit_test(an_id_of_another_owner_is_recognised),
        cmocka_unit_test(only_exact_numbers_are_ids),
        cmocka_unit_test(the_limit_is_a_refusal),
        cmocka_unit_test(a_slot_without_generations_left_is_retired),
        cmocka_unit_test(pages_without_generations_left_are_let_go),
        cmocka_unit_test(empty_pages_go_and_one_stays),
        cmocka_unit_test(the_edge_of_a_page_is_cheap),
        cmocka_unit_test(iteration_sees_each_live_id_once),
        cmocka_unit_test(marks_survive_growth),
        cmocka_unit_test(a_model_agrees),
        cmocka_unit_test(nothing_is_lost_when_the_nth_request_is_refused),
        cmocka_unit_test(places_are_remembered),
        cmocka_unit_test(samples_stay_small),
        cmocka_unit_test(tracking_survives_refusals),
    };
    return cmocka_run_group_tests_name("slots", tests, NULL, NULL);
}
