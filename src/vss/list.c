/* src/vss/list.c - events sorted as a linked list: no second array, no recursion */
#include "vss/vss.h"

/*
 * A merge sort over links finds the runs that are in order already, which in a log is nearly all
 * of it, and merges them two by two. It moves no event until the order is known, and its worst case
 * is O(n log n) whatever the order of the input.
 */

enum { BINS = 32 };                  /* one for each power of two of runs                      */

static int compare_u64(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

/* None first; then as they are printed: the first three fields are stored backwards. */
static int compare_guid(const evx_vss_event *a, const evx_vss_event *b)
{
    static const uint8_t printed[16] = { 3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15 };
    int with_a = (a->flags & EVX_VSS_HAS_INSTANCE) != 0;
    int with_b = (b->flags & EVX_VSS_HAS_INSTANCE) != 0;

    if (with_a != with_b)
        return with_a - with_b;
    for (size_t i = 0; with_a && i < sizeof printed; i++)
        if (a->instance.b[printed[i]] != b->instance.b[printed[i]])
            return a->instance.b[printed[i]] < b->instance.b[printed[i]] ? -1 : 1;
    return 0;
}

static int compare_channel(const evx_vss_event *a, const evx_vss_event *b)
{
    int with_a = (a->flags & EVX_VSS_HAS_CHANNEL) != 0;
    int with_b = (b->flags & EVX_VSS_HAS_CHANNEL) != 0;

    if (with_a != with_b)
        return with_b - with_a;
    return with_a ? compare_u64(a->channel, b->channel) : 0;
}

static int compare_input(const evx_vss_event *a, const evx_vss_event *b)
{
    int d = compare_u64(a->file, b->file);

    return d ? d : compare_u64(a->order, b->order);
}

/* An anchor without a time stands in front of all that have one, in order of position. */
static int compare_time(const evx_vss_event *a, const evx_vss_event *b)
{
    int timed_a = (a->flags & EVX_VSS_HAS_TIME) != 0;
    int timed_b = (b->flags & EVX_VSS_HAS_TIME) != 0, d = timed_a - timed_b;

    if (d == 0 && timed_a)
        d = compare_u64(a->time, b->time);
    if (d == 0 && timed_a)
        d = compare_u64(a->record_id, b->record_id);
    return d ? d : compare_u64(a->order, b->order);
}

static int compare_writer(const evx_vss_event *a, const evx_vss_event *b)
{
    int d = evxi_is_reset(b) - evxi_is_reset(a);

    return d ? d : compare_guid(a, b);
}

/* R2, but for the channel: an absent one matches any, which no order can express. */
static int compare_copy(const evx_vss_event *a, const evx_vss_event *b)
{
    int timed_a = (a->flags & EVX_VSS_HAS_TIME) != 0;
    int timed_b = (b->flags & EVX_VSS_HAS_TIME) != 0, d = compare_u64(a->record_id, b->record_id);

    if (d == 0)
        d = timed_a - timed_b;
    if (d == 0 && timed_a)
        d = compare_u64(a->time, b->time);
    if (d == 0)
        d = compare_u64(a->event_id, b->event_id);
    if (d == 0)
        d = compare_u64(a->digest, b->digest);
    return d ? d : compare_guid(a, b);
}

bool evxi_same_event(const evx_vss_event *a, const evx_vss_event *b)
{
    if (a->computer != b->computer || compare_copy(a, b) != 0)
        return false;
    return !(b->flags & EVX_VSS_HAS_CHANNEL) || compare_channel(a, b) == 0;
}

int evxi_compare(const evx_vss_event *events, uint32_t a, uint32_t b, evxi_key key)
{
    const evx_vss_event *x = &events[a], *y = &events[b];
    int d = compare_u64(x->computer, y->computer);

    if (d != 0)
        return d;
    switch (key) {
    case EVXI_BY_INPUT:
        return compare_input(x, y);
    case EVXI_BY_TIME:
        return compare_time(&events[x->rank], &events[y->rank]);
    case EVXI_BY_WRITER:
        return compare_writer(x, y);
    case EVXI_BY_COPY:
        d = compare_copy(x, y);
        return d ? d : compare_channel(x, y);
    default:
        d = compare_channel(x, y);
        return d ? d : compare_u64(x->rank, y->rank);
    }
}

/* Two sorted lists -> one; on ties the events of the first come first. */
static uint32_t merge(evx_vss_event *events, uint32_t a, uint32_t b, evxi_key key)
{
    uint32_t head = EVXI_NONE, *end = &head;

    while (a != EVXI_NONE && b != EVXI_NONE) {
        uint32_t *from = evxi_compare(events, b, a, key) < EVXI_PLANTED(9) ? &b : &a;
        *end = *from;
        end = &events[*from].at;
        *from = *end;
    }
    *end = a != EVXI_NONE ? a : b;
    return head;
}

/* Cut the first run off a list: events in order. Returns what is left. */
static uint32_t cut_run(evx_vss_event *events, uint32_t head, evxi_key key)
{
    uint32_t last = head, next = events[head].at;

    while (next != EVXI_NONE && evxi_compare(events, last, next, key) <= 0) {
        last = next;
        next = events[last].at;
    }
    events[last].at = EVXI_NONE;
    return next;
}

uint32_t evxi_list_sort(evx_vss_event *events, uint32_t head, evxi_key key)
{
    uint32_t bins[BINS], sorted = EVXI_NONE, run;
    size_t k;

    for (k = 0; k < BINS; k++)
        bins[k] = EVXI_NONE;
    while (head != EVXI_NONE) {
        run = head;
        head = cut_run(events, head, key);
        for (k = 0; k < BINS - 1 && bins[k] != EVXI_NONE; k++) {
            run = merge(events, bins[k], run, key);
            bins[k] = EVXI_NONE;
        }
        bins[k] = run;
    }
    for (k = 0; k < BINS; k++)
        if (bins[k] != EVXI_NONE)
            sorted = merge(events, bins[k], sorted, key);
    return sorted;
}

/*
 * The i-th event of the list belongs into slot i. Whoever stands there trades places with it, and
 * its old slot's link, now behind the walk, tells where it went.
 */
void evxi_list_arrange(evx_vss_event *events, uint32_t head)
{
    uint32_t next;

    for (uint32_t i = 0; head != EVXI_NONE; i++, head = next) {
        while (head < i)
            head = events[head].at;
        next = events[head].at;
        if (head != i) {
            evx_vss_event there = events[i];
            events[i] = events[head];
            events[head] = there;
        }
        events[i].at = head;
    }
}
