/* tests/vss/test_sort.c - R2: order and duplicates */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "scenario.h"

Test(rules, R2_order)
{
    static const row rows[] = {
        /* times decide, not the order of the input */
        { "@10 #10 9616 / @1 #1 9604 9606", "completed | clear" },
        /* at one time the record id decides */
        { "#2 9616 / #1 =9606", "completed | clear" },
        /* without one, the position */
        { "9606r / =9616r", "completed | clear" },
        { "9616r / =9606r", "unknown open | in-progress-or-stuck" },
        /* ... which an event without a record id keeps among those of its file */
        { "#5 9604 =9606r #6 =9608 =9616 / @9 9604", "completed probe | clear" },
        /* an event without a time keeps its place in its file */
        { "9604 9606t 9616 / @9 9604", "completed probe | clear" },
        { "#5 9606t @5 9616 / #1 @2 9614", "completed | clear" },
        { "9606t / @2 9600", "interrupted | clear" },
        { "#5 @5 9604 9616t / @1 #1 9606 #10 @9 9614", "completed probe | clear" }
    };

    RESULTS(rows);
}

Test(rules, R2_duplicates)
{
    static const row rows[] = {
        { "9604 9606 9616 /# @1 9604 9606 9616", "completed | clear" },
        { "9606t 9616 /# @1 9606t 9616", "completed | clear" },
        { "9606 /# @1 9606r", "unknown open | in-progress-or-stuck" },
        { "9606r /# @1 9606r", "unknown open | in-progress-or-stuck" },
        { "9606 /# @1 9606c", "open | in-progress-or-stuck" },
        { "9606c /# @1 9606", "open | in-progress-or-stuck" },
        { "9606 /# @1 *Other 9606", "unknown open | in-progress-or-stuck" },
        { "9606c /# @1 9606 /# @1 *Other 9606", "unknown open | in-progress-or-stuck" },
        { "9606 /# @2 9606", "unknown? open | in-progress-or-stuck" },
        { "9606 / @1 #2 9606", "unknown open | in-progress-or-stuck" },
        { "9606 /# @1 9606p", "unknown open | in-progress-or-stuck" },
        { "9606 /# @1 9616", "completed | clear" },
        { "9606 &1 /# @1 9606", "open | in-progress-or-stuck; open | in-progress-or-stuck" }
    };

    RESULTS(rows);
}

/* ---- whatever the input --------------------------------------------------------------------- */

enum { MANY = 20000 };

static evx_vss_event *many(void)
{
    evx_vss_event *events = calloc(MANY, sizeof *events);

    cr_assert(events != NULL);
    for (uint32_t i = 0; i < MANY; i++) {
        events[i].event_id = 9604;
        events[i].phase = EVX_VSS_BEGIN;
        events[i].outcome = EVX_VSS_SUCCEEDED;
        events[i].order = i;
        events[i].file_off = i;
        events[i].record_id = i;
        events[i].time = 1000 + i;
        events[i].flags = EVX_VSS_HAS_TIME | EVX_VSS_HAS_RECORD_ID;
    }
    return events;
}

/* Sorted, and nothing but copies lost. */
static void check_sorted(evx_vss_event *events, size_t expected)
{
    size_t n = evx_vss_sort(events, MANY);

    cr_expect(n == expected, "%zu events are left, not %zu", n, expected);
    for (size_t i = 1; i < n; i++)
        if (events[i].computer == events[i - 1].computer)
            cr_assert(events[i].time >= events[i - 1].time);
        else
            cr_assert(events[i].computer > events[i - 1].computer);
    free(events);
}

Test(sort, nothing_and_one)
{
    evx_vss_event *events = many();

    cr_expect(evx_vss_sort(events, 0) == 0);
    cr_expect(evx_vss_sort(events, 1) == 1);
    cr_expect(evx_vss_sort(NULL, 0) == 0);
    free(events);
}

Test(sort, hostile_orders, .timeout = 20)
{
    evx_vss_event *events = many();

    check_sorted(events, MANY);
    events = many();
    for (uint32_t i = 0; i < MANY; i++)                  /* backwards                           */
        events[i].time = MANY - i;
    check_sorted(events, MANY);
    events = many();
    for (uint32_t i = 0; i < MANY; i++)                  /* all at one time, ids backwards      */
        events[i].time = 1, events[i].record_id = MANY - i;
    check_sorted(events, MANY);
    events = many();
    for (uint32_t i = 0; i < MANY; i++)                  /* sawtooth, many computers            */
        events[i].time = i * 7919u % 1000, events[i].computer = i * 31 % 97;
    check_sorted(events, MANY);
    events = many();
    for (uint32_t i = 0; i < MANY; i++)                  /* copies of one                       */
        events[i].time = 5, events[i].record_id = 5;
    check_sorted(events, 1);
    events = many();
    for (uint32_t i = 0; i < MANY; i++)                  /* nothing to tell them apart by       */
        events[i].flags = 0, events[i].time = events[i].record_id = 0;
    check_sorted(events, MANY);
}

Test(sort, untimed_blocks, .timeout = 20)
{
    evx_vss_event *events = many();

    /* each file: nine events without a time, one with; times fall from file to file */
    for (uint32_t i = 0; i < MANY; i++) {
        events[i].file = i / 10;
        events[i].time = MANY - i;
        events[i].flags = i % 10 == 4 ? EVX_VSS_HAS_TIME | EVX_VSS_HAS_RECORD_ID : 0;
    }
    cr_assert(evx_vss_sort(events, MANY) == MANY);
    for (uint32_t i = 0; i < MANY; i++) {
        cr_assert(events[i].file == MANY / 10 - 1 - i / 10);
        cr_assert(events[i].order % 10 == i % 10);
        cr_assert(events[i].time == events[i - i % 10 + 4].time, "the place has a time");
    }
    free(events);
}

Test(sort, twice_is_once)
{
    evx_vss_event *events = many(), *copy = many();

    for (uint32_t i = 0; i < MANY; i++)
        events[i].time = i * 7919u % 1000, events[i].computer = i * 31 % 7;
    cr_assert(evx_vss_sort(events, MANY) == MANY);
    memcpy(copy, events, MANY * sizeof *events);
    cr_assert(evx_vss_sort(events, MANY) == MANY);
    for (uint32_t i = 0; i < MANY; i++)
        cr_assert(events[i].order == copy[i].order && events[i].rank == copy[i].rank);
    free(events);
    free(copy);
}
