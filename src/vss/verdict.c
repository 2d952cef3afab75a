/* src/vss/verdict.c - facts about sessions and losses -> states, verdicts */
#include "vss/vss.h"

static uint64_t time_of(const evx_vss_event *events, int32_t e)
{
    return e >= 0 && (events[e].flags & EVX_VSS_HAS_TIME) ? events[e].time : 0;
}

/* ---- sessions ------------------------------------------------------------------------------- */

static bool has_ended(const evx_vss_session *s)
{
    return (s->facts & (EVXI_COMPLETE | EVXI_SHUTDOWN)) != 0;
}

/* R5: a failed phase counts once the backup is over, for the flag or for its program. */
static bool has_failed(const evx_vss_session *s)
{
    return (s->facts & EVXI_FAILURE)
        && (s->facts & (EVXI_COMPLETE | EVXI_SHUTDOWN | EVXI_ABORTED));
}

/* What it is but for losses: R8 from top to bottom. */
static uint8_t known_state(const evx_vss_session *s)
{
    if (s->facts & EVXI_BLOCKED)
        return EVX_VSS_STATE_BLOCKED;
    if (s->facts & EVXI_REFUSED)
        return EVX_VSS_STATE_FAILED;
    if (s->facts & EVXI_PROVEN)
        return EVX_VSS_STATE_UNFINISHED;
    if (s->flags & EVX_VSS_LATE_START)
        return EVX_VSS_STATE_UNKNOWN;
    if (!(s->flags & EVX_VSS_SET_FLAG))
        return EVX_VSS_STATE_PROBE;
    if (s->facts & EVXI_RESTART)
        return EVX_VSS_STATE_INTERRUPTED;
    if (has_failed(s))
        return EVX_VSS_STATE_FAILED;
    if (s->flags & EVX_VSS_RESET_UNSEEN)
        return EVX_VSS_STATE_UNKNOWN;
    if (s->facts & EVXI_COMPLETE)
        return EVX_VSS_STATE_COMPLETED;
    if (s->facts & EVXI_SHUTDOWN)
        return EVX_VSS_STATE_SHUTDOWN;
    return s->facts & EVXI_ABORTED ? EVX_VSS_STATE_ABORTED : EVX_VSS_STATE_OPEN;
}

/* The end of a failed session is its last own event, whatever the flag does later. */
static uint32_t window_end(const evx_vss_event *events, const evx_vss_session *s, uint8_t state)
{
    return state == EVX_VSS_STATE_FAILED ? events[s->last_event].rank : s->to;
}

/* The event that `end` is the time of, or -1. */
static int32_t end_event(const evx_vss_session *s)
{
    switch (s->state) {
    case EVX_VSS_STATE_COMPLETED:
    case EVX_VSS_STATE_SHUTDOWN:
    case EVX_VSS_STATE_FAILED:
    case EVX_VSS_STATE_BLOCKED:
        return s->last_event;
    case EVX_VSS_STATE_INTERRUPTED:
    case EVX_VSS_STATE_UNFINISHED:
        return s->reset_event;
    case EVX_VSS_STATE_UNKNOWN:
        return has_ended(s) || (s->facts & EVXI_REFUSED) ? s->last_event : -1;
    default:
        return -1;
    }
}

void evxi_judge_session(const evx_vss_event *events, const evxi_host *h, evx_vss_session *s)
{
    uint8_t state = known_state(s);
    bool lost = evxi_lost(events, h, s->from, window_end(events, s, state));

    /* R10: two states stand whatever was lost, because an event says them outright */
    if (lost && state != EVX_VSS_STATE_UNFINISHED && state != EVX_VSS_STATE_BLOCKED)
        state = EVX_VSS_STATE_UNKNOWN;
    if (!lost)
        s->flags |= EVX_VSS_CERTAIN;
    s->state = state;
    s->begin = s->flags & EVX_VSS_INFERRED ? 0 : time_of(events, s->first_event);
    s->since = time_of(events, s->set_event);
    s->end = time_of(events, end_event(s));
}

/* ---- writers -------------------------------------------------------------------------------- */

static bool proves_set(const evx_vss_event *e)
{
    return e->outcome == EVX_VSS_BLOCKED || e->phase == EVX_VSS_PREPARE;
}

static bool any_unfinished(const evx_vss_result *out, const evx_vss_writer *w)
{
    for (uint32_t i = 0; i < w->sessions; i++) {
        const evx_vss_session *s = evxi_session(out, w->first_session + i);
        if (s && s->state == EVX_VSS_STATE_UNFINISHED)
            return true;
    }
    return false;
}

/* R9, but for losses. */
static uint8_t known_verdict(const evx_vss_event *events, const evx_vss_result *out,
                             const evx_vss_writer *w)
{
    const evx_vss_session *holder;

    if (w->proof < 0)
        return EVX_VSS_VERDICT_UNKNOWN;
    if (!proves_set(&events[w->proof]))
        return any_unfinished(out, w) ? EVX_VSS_WAS_STUCK : EVX_VSS_CLEAR;
    holder = evxi_session(out, (uint32_t)w->holder);
    return holder && holder->state == EVX_VSS_STATE_UNFINISHED ? EVX_VSS_STUCK
                                                               : EVX_VSS_IN_PROGRESS_OR_STUCK;
}

void evxi_judge_writer(const evx_vss_event *events, const evxi_host *h, evx_vss_result *out,
                       evx_vss_writer *w)
{
    bool set = w->proof >= 0 && proves_set(&events[w->proof]);

    w->blocked_by_candidate = -1;
    if (!set)
        w->holder = -1;              /* perhaps a session is open, but no proof says so        */
    w->last_known = w->verdict = known_verdict(events, out, w);
    if (w->proof >= 0 && evxi_lost(events, h, events[w->proof].rank, EVXI_NONE)) {
        w->flags |= EVX_VSS_WRITER_LOSS;
        w->verdict = EVX_VSS_VERDICT_UNKNOWN;
    }
    if (w->holder >= 0 && (uint32_t)w->holder < out->session_cap) {
        w->since = out->sessions[w->holder].since;
        out->sessions[w->holder].flags |= EVX_VSS_SESSION_HOLDS;
    }
}
