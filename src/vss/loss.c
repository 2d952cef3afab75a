/* src/vss/loss.c - R10: what was lost, as gaps between the events of a computer */
#include "vss/vss.h"

/*
 * A loss knows the times of its readable neighbours, and no event. The events of a computer stand
 * in one order of time, so its window becomes a run of gaps between them: gap g lies in front of
 * the event of rank g, one more behind the last event. Runs are noted as +1 and -1 at their ends
 * and summed once; then "could anything be lost between these two events?" is one subtraction,
 * however many losses there are.
 *
 * An event at the time of a neighbour stands on that neighbour's side. Only a loss whose
 * neighbours have one and the same time needs a closer look at the events of that time: those of
 * its own file tell by their offsets. Where more than LOOK_MAX events share the time, all gaps
 * around them count.
 *
 * Where the neighbour before a loss is later than the one behind it, the loss lies at the seam of
 * a ring: the lost records are later than all that is there, or earlier.
 */

enum {
    TAIL = 1,                        /* mark of slot h->begin: a loss reaches behind the last  */
    LOOK_MAX = 64
};

static const evx_vss_event *by_rank(const evx_vss_event *events, uint32_t rank)
{
    return &events[events[rank].at];
}

/* The first rank whose event is at this time or later; `behind`: later. */
static uint32_t rank_at(const evx_vss_event *events, const evxi_host *h, uint64_t time,
                        bool behind)
{
    uint32_t low = h->begin, high = h->end;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        uint64_t t = by_rank(events, mid)->time;
        if (t < time || (behind && t == time))
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* Gaps first to last, both included. */
static void cover(evx_vss_event *events, const evxi_host *h, uint32_t first, uint32_t last)
{
    if (first < h->end)
        events[first].cover++;
    if (last + 1 < h->end)
        events[last + 1].cover--;
    if (last == h->end)
        events[h->begin].mark = TAIL;
}

/* A loss among events of one time, which are those of ranks low to high - 1. */
static void cover_moment(evx_vss_event *events, const evxi_host *h, const evx_loss *l,
                         uint32_t low, uint32_t high)
{
    uint32_t first = low, last = high;

    if (high - low <= LOOK_MAX) {
        for (uint32_t r = low; r < high; r++)
            if (by_rank(events, r)->file == l->file && by_rank(events, r)->file_off < l->file_off)
                first = r + 1;
        for (uint32_t r = high; r-- > first; )
            if (by_rank(events, r)->file == l->file && by_rank(events, r)->file_off > l->file_off)
                last = r;
    }
    cover(events, h, first, last);
}

static void enter(evx_vss_event *events, const evxi_host *h, const evx_loss *l)
{
    uint32_t first = l->before == 0 ? h->begin : rank_at(events, h, l->before, true);
    uint32_t last = l->after == 0 ? h->end : rank_at(events, h, l->after, false);

    if (l->before != 0 && l->after != 0 && l->before > l->after) {
        cover(events, h, h->begin, last);
        cover(events, h, first, h->end);
    } else if (l->before != 0 && l->before == l->after)
        cover_moment(events, h, l, last, first);
    else
        cover(events, h, first, last);
}

/* ---- record ids that start again ------------------------------------------------------------ */

static bool is_placed(const evx_vss_event *e)
{
    const uint8_t both = EVX_VSS_HAS_TIME | EVX_VSS_HAS_RECORD_ID;

    return (e->flags & both) == both;
}

/*
 * Two events of one channel, neighbours in time: was the log cleared between them? A clock that
 * was set back makes ids fall too, but in the file they still rise.
 */
static bool starts_again(const evx_vss_event *a, const evx_vss_event *b)
{
    if (a->time >= b->time || b->record_id > a->record_id)
        return false;
    return a->file != b->file || a->file_off < b->file_off;
}

static bool same_log(const evx_vss_event *a, const evx_vss_event *b)
{
    return a->computer == b->computer && a->channel == b->channel
        && ((a->flags ^ b->flags) & EVX_VSS_HAS_CHANNEL) == 0;
}

/* The first event whose computer has this number or a higher one. */
static uint32_t computer_at(const evx_vss_event *events, uint32_t count, uint64_t computer)
{
    uint32_t low = 0, high = count;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (events[mid].computer < computer)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

evxi_host evxi_host_at(const evx_vss_event *events, uint32_t count, uint32_t begin)
{
    evxi_host h = { begin, begin };

    if (begin < count)
        h.end = computer_at(events, count, (uint64_t)events[begin].computer + 1);
    return h;
}

/* Uses `at` for its list; the slots' `cover` is that of ranks, whatever stands in them. */
static void enter_clearings(evx_vss_event *events, uint32_t count)
{
    uint32_t a = EVXI_NONE, *end = &a, b;

    for (uint32_t i = 0; i < count; i++)
        if (is_placed(&events[i])) {
            *end = i;
            end = &events[i].at;
        }
    *end = EVXI_NONE;
    a = evxi_list_sort(events, a, EVXI_BY_CHANNEL);
    for (; a != EVXI_NONE && (b = events[a].at) != EVXI_NONE; a = b)
        if (same_log(&events[a], &events[b]) && starts_again(&events[a], &events[b])) {
            evxi_host h = evxi_host_at(events, count,
                                       computer_at(events, count, events[a].computer));
            cover(events, &h, events[a].rank + 1, events[b].rank);
        }
}

/* ---- all of it ------------------------------------------------------------------------------ */

/* Let `at` of slot r be the index of the event of rank r, and see that there is one for each. */
static evx_status index_ranks(evx_vss_event *events, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (events[i].rank >= count)
            return EVX_E_ARG;
        else
            events[events[i].rank].at = i;
    for (uint32_t r = 0; r < count; r++)
        if (events[r].at >= count || by_rank(events, r)->rank != r
            || by_rank(events, r)->computer != events[r].computer)
            return EVX_E_ARG;
    return EVX_OK;
}

static void enter_for(const evx_vss_input *in, const evx_loss *l)
{
    uint32_t count = (uint32_t)in->event_count, i;
    evxi_host h;

    if (l->computer == EVX_ANY_COMPUTER) {
        for (i = 0; i < count; i = h.end) {
            h = evxi_host_at(in->events, count, i);
            enter(in->events, &h, l);
        }
        return;
    }
    i = computer_at(in->events, count, l->computer);
    if (i < count && in->events[i].computer == l->computer) {
        h = evxi_host_at(in->events, count, i);
        enter(in->events, &h, l);
    }
}

/* From +1 and -1 at the ends of runs to the number of covered gaps so far. */
static void sum_up(evx_vss_event *events, const evxi_host *h)
{
    uint32_t runs = 0, covered = 0;

    for (uint32_t r = h->begin; r < h->end; r++) {
        runs += events[r].cover;
        covered += runs > 0;
        events[r].cover = covered;
    }
}

evx_status evxi_losses(const evx_vss_input *in)
{
    uint32_t count = (uint32_t)in->event_count;
    evxi_host h = { 0, 0 };
    evx_status st = index_ranks(in->events, count);

    if (st != EVX_OK || count == 0)
        return st;
    for (uint32_t i = 0; i < count; i++) {
        in->events[i].cover = 0;
        in->events[i].mark = 0;
    }
    enter_clearings(in->events, count);
    (void)index_ranks(in->events, count);        /* the list has used `at` */
    for (size_t i = 0; i < in->loss_count; i++)
        enter_for(in, &in->losses[i]);
    for (uint32_t i = 0; i < count; i = h.end) {
        h = evxi_host_at(in->events, count, i);
        sum_up(in->events, &h);
    }
    return EVX_OK;
}

bool evxi_lost(const evx_vss_event *events, const evxi_host *h, uint32_t from, uint32_t to)
{
    uint32_t before = from == EVXI_NONE ? 0 : events[from].cover;

    if (to != EVXI_NONE)
        return events[to].cover > before;
    return events[h->end - 1].cover > before || events[h->begin].mark == TAIL;
}
