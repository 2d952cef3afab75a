/* src/vss/solve.c - sorted events -> writers, each solved by itself */
#include "vss/vss.h"

#define EVENTS_MAX 0x3fffffffu       /* a session's index must fit 32 bits with a sign         */

static bool same_writer(const evx_vss_event *events, uint32_t a, uint32_t b)
{
    return evxi_compare(events, a, b, EVXI_BY_WRITER) == 0;
}

/* Are the events as evx_vss_sort leaves them? Ranks are checked where they are used. */
static bool is_sorted(const evx_vss_input *in)
{
    const evx_vss_event *e = in->events;

    for (uint32_t i = 0; i < in->event_count; i++) {
        int d = i > 0 ? evxi_compare(e, i - 1, i, EVXI_BY_WRITER) : -1;
        if (e[i].computer >= in->computer_count || d > 0
            || (d == 0 && e[i - 1].rank >= e[i].rank))
            return false;
    }
    return true;
}

/* One computer. */
typedef struct solver {
    const evx_vss_input *in;
    evx_vss_result *out;
    evxi_host host;
    uint32_t resets;                 /* how many of its events, the first ones, concern all    */
    uint32_t first_writer;
    uint64_t last_seen;
} solver;

/* The time of the computer's last event: the caller's word, or what its own events say. */
static uint64_t last_seen(const solver *s)
{
    uint32_t computer = s->in->events[s->host.begin].computer;
    uint64_t last = s->in->last_seen ? s->in->last_seen[computer] : 0;

    for (uint32_t i = s->host.end; i-- > s->host.begin; ) {
        const evx_vss_event *e = &s->in->events[s->in->events[i].at];
        if (e->flags & EVX_VSS_HAS_TIME)
            return e->time > last ? e->time : last;
    }
    return last;
}

/* The events [begin, end) are one writer's. */
static void solve_writer(const solver *s, uint32_t begin, uint32_t end)
{
    const evx_vss_event *first = &s->in->events[begin < end ? begin : s->host.begin];
    evx_vss_writer w;

    memset(&w, 0, sizeof w);
    w.computer = first->computer;
    w.instance = first->instance;
    w.flags = first->flags & EVX_VSS_HAS_INSTANCE ? EVX_VSS_WRITER_INSTANCE : 0;
    w.first_event = begin;
    w.events = end - begin;
    w.first_reset = s->host.begin;
    w.resets = s->resets;
    evxi_replay(s->in->events, s->out, &w);
    for (uint32_t i = 0; i < w.sessions; i++) {
        evx_vss_session *session = evxi_session(s->out, w.first_session + i);
        if (session)
            evxi_judge_session(s->in->events, &s->host, session);
    }
    evxi_judge_writer(s->in->events, &s->host, s->out, &w);
    w.last_seen = s->last_seen;
    if (s->out->writer_count < s->out->writer_cap)
        s->out->writers[s->out->writer_count] = w;
    s->out->writer_count++;
}

static bool any_tracked(const evx_vss_event *events, uint32_t begin, uint32_t end)
{
    while (begin < end && !evx_vss_tracked(&events[begin]))
        begin++;
    return begin < end;
}

static void solve_computer(solver *s)
{
    const evx_vss_event *events = s->in->events;
    uint32_t begin = s->host.begin, end;

    while (begin < s->host.end && evxi_is_reset(&events[begin]))
        begin++;
    s->resets = begin - s->host.begin;
    s->first_writer = (uint32_t)s->out->writer_count;
    s->last_seen = last_seen(s);
    for (; begin < s->host.end; begin = end) {
        for (end = begin + 1; end < s->host.end && same_writer(events, begin, end); end++)
            ;
        if (any_tracked(events, begin, end))
            solve_writer(s, begin, end);
    }
    /* restarts alone make a writer too: the flag is clear */
    if (s->resets > 0 && s->out->writer_count == s->first_writer)
        solve_writer(s, begin, begin);
    if (s->out->writer_count <= s->out->writer_cap
        && s->out->session_count <= s->out->session_cap)
        evxi_candidates(events, &s->host, s->out, s->first_writer,
                        (uint32_t)s->out->writer_count - s->first_writer);
}

evx_status evx_vss_solve(const evx_vss_input *in, evx_vss_result *out)
{
    uint32_t count = (uint32_t)in->event_count;
    solver s = { .in = in, .out = out };
    evx_status st;

    out->session_count = out->writer_count = 0;
    if (in->event_count > EVENTS_MAX || !is_sorted(in))
        return EVX_E_ARG;
    for (uint32_t i = 0; i < count; i++)
        in->events[i].session = -1;
    st = evxi_losses(in);
    if (st != EVX_OK)
        return st;
    for (uint32_t i = 0; i < count; i = s.host.end) {
        s.host = evxi_host_at(in->events, count, i);
        solve_computer(&s);
    }
    return out->session_count <= out->session_cap && out->writer_count <= out->writer_cap
               ? EVX_OK : EVX_E_SPACE;
}
