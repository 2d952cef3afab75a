/* src/vss/sort.c - events in any order -> R2's order, without duplicates */
#include "vss/vss.h"

/*
 * Three steps, each in place: time order within a computer, duplicates out, writers apart (a
 * stable step, so the first order survives). `rank` then says which event came when, across the
 * writers of a computer: a restart may concern all of them.
 *
 * An event without a time keeps its place in its file. No comparison of two events can say that
 * without contradicting itself, so such an event does not take part: it stands in a block behind
 * an event with a time, its anchor, and blocks are sorted by their anchors. An event without a
 * record id takes that of the event before it in its file, if they have the same time: position
 * then decides between the two.
 */

enum { FOLLOWS = 1, COPY = 2 };      /* evx_vss_event.mark: inside a block; a duplicate        */

static bool is_timed(const evx_vss_event *e)
{
    return (e->flags & EVX_VSS_HAS_TIME) != 0;
}

static uint32_t chain_all(evx_vss_event *events, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        events[i].at = i + 1 < n ? i + 1 : EVXI_NONE;
    return n > 0 ? 0 : EVXI_NONE;
}

static void arrange_by(evx_vss_event *events, uint32_t n, evxi_key key)
{
    evxi_list_arrange(events, evxi_list_sort(events, chain_all(events, n), key));
}

/* ---- blocks --------------------------------------------------------------------------------- */

/* Give the events of one computer in one file their anchors, and ids to those without. Events in
 * front of the first time stand in the first block. */
static void anchor(evx_vss_event *events, uint32_t begin, uint32_t end)
{
    uint32_t first = begin, a;

    while (first < end && !is_timed(&events[first]))
        first++;
    a = first < end ? first : begin; /* no time anywhere: one block                            */
    for (uint32_t i = begin; i < end; i++) {
        evx_vss_event *e = &events[i];
        bool heads = is_timed(e) && i > first;
        if (!(e->flags & EVX_VSS_HAS_RECORD_ID))
            e->record_id = heads && e->time == events[a].time ? events[a].record_id : 0;
        if (heads)
            a = i;
        e->rank = a;
        e->mark = heads || i == begin ? 0 : FOLLOWS;
    }
}

static void anchor_all(evx_vss_event *events, uint32_t n)
{
    for (uint32_t begin = 0, end; begin < n; begin = end) {
        for (end = begin + 1; end < n; end++)
            if (events[end].computer != events[begin].computer
                || events[end].file != events[begin].file)
                break;
        anchor(events, begin, end);
    }
}

/* Times for those without, once their blocks are known. They are kept apart by their flag. */
static void borrow_times(evx_vss_event *events, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (!is_timed(&events[i]))
            events[i].time = is_timed(&events[events[i].rank]) ? events[events[i].rank].time : 0;
}

/* A list of blocks -> a list of events. */
static uint32_t unfold(evx_vss_event *events, uint32_t n, uint32_t head)
{
    uint32_t next, last;

    for (uint32_t i = head; i != EVXI_NONE; i = next) {
        next = events[i].at;
        for (last = i; last + 1 < n && events[last + 1].mark == FOLLOWS; last++)
            events[last].at = last + 1;
        events[last].at = next;
    }
    return head;
}

static uint32_t chain_blocks(evx_vss_event *events, uint32_t n)
{
    uint32_t head = EVXI_NONE, *end = &head;

    for (uint32_t i = 0; i < n; i++)
        if (events[i].mark != FOLLOWS) {
            *end = i;
            end = &events[i].at;
        }
    *end = EVXI_NONE;
    return head;
}

/* ---- the three steps ------------------------------------------------------------------------ */

static bool all_placed(const evx_vss_event *events, uint32_t n)
{
    const uint8_t both = EVX_VSS_HAS_TIME | EVX_VSS_HAS_RECORD_ID;

    for (uint32_t i = 0; i < n; i++)
        if ((events[i].flags & both) != both)
            return false;
    return true;
}

static void order_by_time(evx_vss_event *events, uint32_t n)
{
    if (all_placed(events, n)) {
        for (uint32_t i = 0; i < n; i++)
            events[i].rank = i;
        arrange_by(events, n, EVXI_BY_TIME);
        return;
    }
    arrange_by(events, n, EVXI_BY_INPUT);
    anchor_all(events, n);
    borrow_times(events, n);
    evxi_list_arrange(events, unfold(events, n,
                                     evxi_list_sort(events, chain_blocks(events, n),
                                                    EVXI_BY_TIME)));
}

/*
 * Mark all but one of each set of copies. The list is sorted by channel last, those without one
 * behind those with: such a copy goes if there is any other.
 */
static void mark_copies(evx_vss_event *events, uint32_t n)
{
    uint32_t head = EVXI_NONE, *end = &head, kept;

    for (uint32_t i = 0; i < n; i++) {
        events[i].mark = 0;
        if (events[i].flags & EVX_VSS_HAS_RECORD_ID) {
            *end = i;
            end = &events[i].at;
        }
    }
    *end = EVXI_NONE;
    kept = evxi_list_sort(events, head, EVXI_BY_COPY);
    for (uint32_t i = kept == EVXI_NONE ? kept : events[kept].at; i != EVXI_NONE;
         i = events[i].at) {
        if (evxi_same_event(&events[kept], &events[i]))
            events[i].mark = COPY;
        else
            kept = i;
    }
}

static uint32_t drop_copies(evx_vss_event *events, uint32_t n)
{
    uint32_t left = 0;

    mark_copies(events, n);
    for (uint32_t i = 0; i < n; i++)
        if (events[i].mark != COPY) {
            if (left != i)
                events[left] = events[i];
            events[left].mark = 0;
            events[left].rank = left;
            left++;
        }
    return left;
}

size_t evx_vss_sort(evx_vss_event *events, size_t n)
{
    uint32_t count = (uint32_t)n;

    order_by_time(events, count);
    count = drop_copies(events, count);
    arrange_by(events, count, EVXI_BY_WRITER);
    return count;
}
