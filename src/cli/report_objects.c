/* src/cli/report_objects.c - JSON: the fields of a session, a writer, a file */
#include "report_json.h"

enum { LISTED_MAX = 200000 };        /* resets, or clearings, over all writers                 */

/* ---- sessions -------------------------------------------------------------------------------- */

static void put_near(cli_output *o, const report *r, int32_t session)
{
    const report_near *n = report_near_of(r, session);
    char command[4096];

    cli_put(o, ", \"near\": [");
    for (size_t i = 0; n && i < n->providers; i++) {
        const report_provider *p = &n->provider[i];
        size_t len;
        const char *name = report_text_of(&r->providers, p->provider, &len);
        json_text(o, i > 0 ? ", {\"provider\": " : "{\"provider\": ", name, len);
        json_number(o, ", \"events\": ", p->events);
        cli_put(o, ", \"event_ids\": [");
        for (uint32_t k = 0; k < p->ids; k++)
            json_number(o, k > 0 ? ", " : "", p->event_ids[k]);
        cli_put(o, "]}");
    }
    if (n)
        report_command(r, n, command, sizeof command);
    json_words(o, "], \"command\": ", n ? command : NULL);
}

/* Of a session, shown or not, among those of its writer. */
static int32_t number_of(const report *r, int32_t session)
{
    const evx_vss_session *s = &r->out.sessions[session];

    return session - (int32_t)r->out.writers[s->writer].first_session;
}

static void put_blocks(cli_output *o, const report *r, const evx_vss_session *s)
{
    bool any = false;

    cli_put(o, ", \"blocks\": [");
    for (int32_t k = r->first_block[s - r->out.sessions]; k >= 0; k = r->next_block[k]) {
        json_index(o, any ? ", " : "", number_of(r, k));
        any = true;
    }
    cli_put(o, "]");
}

void json_session(cli_output *o, const report *r, const evx_vss_session *s)
{
    int32_t mine = (int32_t)(s - r->out.sessions);

    json_words(o, "\"state\": ", evx_vss_state_text(s->state));
    json_flag(o, ", \"certain\": ", (s->flags & EVX_VSS_CERTAIN) != 0);
    json_words(o, ", \"reason\": ", report_reason(s));
    cli_put(o, ", \"begin\": ");
    json_time(o, s->begin);
    cli_put(o, ", \"end\": ");
    json_time(o, s->end);
    put_blocks(o, r, s);
    json_index(o, ", \"blocked_by\": ", s->blocked_by < 0 ? -1 : number_of(r, s->blocked_by));
    json_candidate(o, r, s->blocked_by_candidate);
    json_error(o, ", \"error\": ", s->error_event < 0 ? NULL : &r->events[s->error_event]);
    put_near(o, r, mine);
    cli_put(o, ", \"events\": [");
    for (int32_t e = s->first_event; e >= 0; e = report_next_event(r, s, e)) {
        cli_put(o, e != s->first_event ? json_between : "");
        json_event(o, r, &r->events[e]);
    }
    cli_put(o, "]");
}

/* ---- writers --------------------------------------------------------------------------------- */

static void put_listed(cli_output *o, const report *r, const evx_vss_event *e, bool *any)
{
    if (!report_shows_time(r, e->flags & EVX_VSS_HAS_TIME ? e->time : 0))
        return;
    cli_put(o, *any ? json_between : "");
    json_event(o, r, e);
    *any = true;
}

/*
 * The restarts that concern a writer: the computer's, and its own. With very many of both, only
 * those which ended one of its sessions, and the one that its verdict rests on.
 */
static void put_resets(cli_output *o, const report *r, const evx_vss_writer *w)
{
    bool any = false, all = w->resets <= LISTED_MAX / (r->out.writer_count + 1);
    int32_t last = -1;

    for (uint32_t i = 0; all && i < w->resets; i++)
        put_listed(o, r, &r->events[w->first_reset + i], &any);
    for (uint32_t i = 0; !all && i <= w->sessions; i++) {
        int32_t e = i < w->sessions ? r->out.sessions[w->first_session + i].reset_event : w->proof;
        if (e < 0 || e == last || (uint32_t)e - w->first_reset >= w->resets)
            continue;
        put_listed(o, r, &r->events[e], &any);
        last = e;
    }
    for (uint32_t i = 0; i < w->events; i++)
        if (r->events[w->first_event + i].phase == EVX_VSS_INITIALIZE)
            put_listed(o, r, &r->events[w->first_event + i], &any);
}

/* Events that belong to no session: aborts with nothing to abort, restores. */
static void put_stray(cli_output *o, const report *r, const evx_vss_writer *w)
{
    bool any = false;

    for (uint32_t i = 0; i < w->events; i++) {
        const evx_vss_event *e = &r->events[w->first_event + i];
        if (e->session < 0 && e->phase != EVX_VSS_INITIALIZE)
            put_listed(o, r, e, &any);
    }
}

static void put_verdict(cli_output *o, const report *r, const evx_vss_writer *w)
{
    report_evidence list[REPORT_EVIDENCE];
    size_t n = report_evidence_of(r, w, list);
    const char *words;

    json_words(o, "\"verdict\": ", evx_vss_verdict_text(w->verdict));
    json_words(o, ", \"last_known\": ", w->flags & EVX_VSS_WRITER_LOSS
                                           ? evx_vss_verdict_text(w->last_known) : NULL);
    cli_put(o, ", \"since\": ");
    json_time(o, w->since);
    cli_put(o, ", \"last_seen\": ");
    json_time(o, w->last_seen);
    json_candidate(o, r, w->blocked_by_candidate);
    cli_put(o, ", \"remedy\": [");
    for (size_t i = 0; (words = report_remedy(r, w, i)) != NULL; i++)
        json_words(o, i > 0 ? ", " : "", words);
    cli_put(o, "], \"evidence\": [");
    for (size_t i = 0; i < n; i++) {
        json_words(o, i > 0 ? ", {\"proves\": " : "{\"proves\": ", list[i].proves);
        cli_put(o, ", ");
        json_event_fields(o, r, &r->events[list[i].event]);
        cli_put(o, "}");
    }
    cli_put(o, "]");
}

/* The computer's clearings, repeated for each of its writers. With very many of both, only the
 * latest: no clearing before it has any say in a verdict. */
static void put_cleared(cli_output *o, const report *r, uint32_t computer)
{
    size_t i = report_clearings_of(r, computer), end = report_clearings_of(r, computer + 1);
    const char *before = "";

    if (end - i > LISTED_MAX / (r->out.writer_count + 1))
        i = end - 1;
    cli_put(o, ", \"cleared\": [");
    for (; i < end; i++) {
        cli_putf(o, "%s{\"from\": ", before);
        json_time(o, r->clearings[i].from);
        cli_put(o, ", \"to\": ");
        json_time(o, r->clearings[i].to);
        cli_put(o, "}");
        before = ", ";
    }
    cli_put(o, "]");
}

void json_writer(cli_output *o, const report *r, const evx_vss_writer *w)
{
    json_computer(o, r, w->computer);
    json_instance(o, ", \"instance\": ", &w->instance, (w->flags & EVX_VSS_WRITER_INSTANCE) != 0);
    cli_put(o, ", ");
    put_verdict(o, r, w);
    put_cleared(o, r, w->computer);
    cli_put(o, ", \"resets\": [");
    put_resets(o, r, w);
    cli_put(o, "], \"stray\": [");
    put_stray(o, r, w);
    cli_put(o, "]");
}

/* ---- files ----------------------------------------------------------------------------------- */

static void put_losses(cli_output *o, const report *r, const report_file *f)
{
    for (size_t i = 0; i < f->losses; i++) {
        const evx_loss *l = &r->losses[f->first_loss + i];
        json_number(o, i > 0 ? ", {\"offset\": " : "{\"offset\": ", l->file_off);
        json_number(o, ", \"bytes\": ", l->len);
        json_number(o, ", \"records\": ", l->records);
        cli_put(o, ", \"from\": ");
        json_time(o, l->before);
        cli_put(o, ", \"to\": ");
        json_time(o, l->after);
        json_words(o, ", \"reason\": ", evx_status_text(l->reason));
        cli_put(o, "}");
    }
}

void json_file(cli_output *o, const report *r, const report_file *f)
{
    json_words(o, "\"path\": ", f->path);
    json_words(o, ", \"format\": ", f->error ? NULL : f->legacy ? "evt" : "evtx");
    json_number(o, ", \"records\": ", f->records);
    json_number(o, ", \"vss_events\": ", f->vss_events);
    json_number(o, ", \"lost_records\": ", f->lost_records);
    json_flag(o, ", \"lost_is_minimum\": ", f->vague);
    json_number(o, ", \"lost_bytes\": ", f->lost_bytes);
    json_number(o, ", \"crc_failures\": ", f->crc_failures);
    cli_put(o, ", \"losses\": [");
    put_losses(o, r, f);
    json_words(o, "], \"error\": ", f->error);
}
