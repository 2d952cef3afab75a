/* tests/vss/answer.c - what the library says about a log, as the model's list of numbers */
#include "model.h"

#include <string.h>

static int64_t name_of(const evx_vss_event *events, int32_t e)
{
    return e >= 0 ? (int64_t)events[e].order : -1;
}

/* Its events, in the order of time: the ranks of one writer rise. */
static void put_session(const evx_vss_event *events, size_t n, const evx_vss_result *r, uint32_t i,
                        uint32_t first_writer, answer *out)
{
    const evx_vss_session *s = &r->sessions[i];
    uint32_t base = r->writers[s->writer].first_session;

    answer_put(out, s->state);
    answer_put(out, (s->flags & EVX_VSS_CERTAIN) != 0);
    answer_put(out, (int64_t)s->begin);
    answer_put(out, (int64_t)s->end);
    answer_put(out, (int64_t)s->since);
    answer_put(out, name_of(events, s->error_event));
    answer_put(out, s->blocked_by < 0 ? -1 : s->blocked_by - (int64_t)base);
    answer_put(out, s->blocked_by_candidate < 0
                        ? -1 : s->blocked_by_candidate - (int64_t)first_writer);
    answer_put(out, s->blocks);
    answer_put(out, s->events);
    for (size_t e = 0; e < n; e++)
        if (events[e].session == (int32_t)i)
            answer_put(out, events[e].order);
}

static void put_writer(const evx_vss_event *events, size_t n, const evx_vss_result *r, uint32_t i,
                       uint32_t first_writer, answer *out)
{
    const evx_vss_writer *w = &r->writers[i];

    answer_put(out, w->computer);
    answer_put(out, w->flags & EVX_VSS_WRITER_INSTANCE ? w->instance.b[3] : -1);
    answer_put(out, w->verdict);
    answer_put(out, w->last_known);
    answer_put(out, (int64_t)w->since);
    answer_put(out, name_of(events, w->proof));
    answer_put(out, w->holder < 0 ? -1 : w->holder - (int64_t)w->first_session);
    answer_put(out, w->blocked_by_candidate < 0
                        ? -1 : w->blocked_by_candidate - (int64_t)first_writer);
    answer_put(out, w->sessions);
    for (uint32_t k = 0; k < w->sessions; k++)
        put_session(events, n, r, w->first_session + k, first_writer, out);
}

evx_status library_solve(const evx_vss_event *raw, size_t n, const evx_loss *losses,
                         size_t loss_count, answer *out)
{
    static evx_vss_event events[MODEL_EVENTS];
    static evx_vss_session sessions[2 * MODEL_EVENTS];
    static evx_vss_writer writers[MODEL_EVENTS];
    evx_vss_result r = { sessions, 2 * n, 0, writers, n, 0 };
    evx_vss_input in = { events, n, losses, loss_count, NULL, 4 };
    evx_status st;
    uint32_t first = 0;

    memcpy(events, raw, n * sizeof *events);
    in.event_count = evx_vss_sort(events, n);
    st = evx_vss_solve(&in, &r);
    out->count = 0;
    for (uint32_t i = 0; st == EVX_OK && i < r.writer_count; i++) {
        if (i > 0 && writers[i].computer != writers[i - 1].computer)
            first = i;
        put_writer(events, in.event_count, &r, i, first, out);
    }
    return st;
}
