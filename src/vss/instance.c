/* src/vss/instance.c - R11: which other instance may have blocked this one */
#include "vss/vss.h"

/*
 * One more walk over a computer's events, in the order of time and across its writers. It keeps
 * how many writers have a session open that was seen, and the sum of their numbers: where one is
 * open, the sum is its number. `opened` of a writer is the era of its opening; a restart of the
 * whole computer begins a new era, in which nothing is open.
 */
typedef struct census {
    evx_vss_result *out;
    uint32_t first, count;           /* the computer's writers                                 */
    uint32_t era, open, sum;
} census;

/* The writer that an event belongs to, by where it stands; or NULL. */
static evx_vss_writer *owner_of(const census *k, uint32_t e)
{
    uint32_t low = 0, high = k->count;
    evx_vss_writer *w = k->out->writers + k->first;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (w[mid].first_event <= e)
            low = mid + 1;
        else
            high = mid;
    }
    if (low == 0 || e - w[low - 1].first_event >= w[low - 1].events)
        return NULL;
    return &w[low - 1];
}

static void set_open(census *k, evx_vss_writer *w, bool open)
{
    uint32_t number = (uint32_t)(w - k->out->writers);

    if (open == (w->opened == k->era))
        return;
    w->opened = open ? k->era : 0;
    k->open += open ? 1u : 0u - 1u;
    k->sum += open ? number : 0u - number;
}

static void blocked(const census *k, evx_vss_writer *w, evx_vss_session *s)
{
    if (s->blocked_by < 0 || !(k->out->sessions[s->blocked_by].flags & EVX_VSS_INFERRED)
        || k->open != 1)
        return;
    s->blocked_by_candidate = w->blocked_by_candidate = (int32_t)k->sum;
}

static void count_event(census *k, const evx_vss_event *events, uint32_t e)
{
    evx_vss_writer *w = owner_of(k, e);
    evx_vss_session *s;

    if (!w)
        return;
    if (events[e].phase == EVX_VSS_INITIALIZE)
        set_open(k, w, false);
    if (events[e].session < 0)
        return;
    s = &k->out->sessions[events[e].session];
    if (s->set_event == (int32_t)e
        || ((s->flags & EVX_VSS_LATE_START) && s->first_event == (int32_t)e))
        set_open(k, w, true);
    if (s->reset_event == (int32_t)e)
        set_open(k, w, false);
    if (events[e].outcome == EVX_VSS_BLOCKED)
        blocked(k, w, s);
}

void evxi_candidates(const evx_vss_event *events, const evxi_host *h, evx_vss_result *out,
                     uint32_t first_writer, uint32_t writers)
{
    census k = { out, first_writer, writers, 1, 0, 0 };

    if (writers < 2)
        return;
    for (uint32_t rank = h->begin; rank < h->end; rank++) {
        uint32_t e = events[rank].at;
        if (evxi_is_reset(&events[e])) {
            k.era++;
            k.open = k.sum = 0;
        } else
            count_event(&k, events, e);
    }
}
