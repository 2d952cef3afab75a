/* src/cli/report_json.c - the report that programs read: one document, or one object per line */
#include "report.h"

#include <stdio.h>
#include <string.h>

/*
 * Schema evx.sessions/1, tests/cli/sessions.schema.json. Fields are added, never changed. The
 * document breaks lines between objects; in JSON lines an object is one line, and has a "type".
 */

static const char *between;          /* objects of a list: ",\n" and blanks, or ", "           */

/* ---- small pieces ---------------------------------------------------------------------------- */

static void put_time(cli_output *o, uint64_t filetime)
{
    char when[CLI_WHEN];

    if (filetime == 0)
        cli_put(o, "null");
    else
        cli_putf(o, "\"%s\"", cli_when(when, filetime));
}

/* "name": text, or null where there is none. */
static void put_text(cli_output *o, const char *key, const char *text, size_t len)
{
    cli_put(o, key);
    if (text)
        cli_put_json(o, text, len);
    else
        cli_put(o, "null");
}

static void put_words(cli_output *o, const char *key, const char *text)
{
    put_text(o, key, text, text ? strlen(text) : 0);
}

static void put_number(cli_output *o, const char *key, uint64_t n)
{
    cli_put(o, key);
    cli_put_u64(o, n);
}

/* An index or -1. */
static void put_index(cli_output *o, const char *key, int32_t i)
{
    cli_put(o, key);
    if (i < 0)
        cli_put(o, "null");
    else
        cli_put_u64(o, (uint64_t)i);
}

static void put_flag(cli_output *o, const char *key, bool flag)
{
    cli_put(o, key);
    cli_put(o, flag ? "true" : "false");
}

static void put_computer(cli_output *o, const report *r, uint32_t computer)
{
    size_t len;
    const char *name = report_text_of(&r->computers, computer, &len);

    put_text(o, "\"computer\": ", len > 0 ? name : NULL, len);
}

static void put_instance(cli_output *o, const char *key, const evx_guid *g, bool has)
{
    char guid[37];

    report_guid(guid, g);
    put_words(o, key, has ? guid : NULL);
}

static void put_candidate(cli_output *o, const report *r, int32_t writer)
{
    static const evx_guid none;
    const evx_vss_writer *w = writer >= 0 ? &r->out.writers[writer] : NULL;

    put_instance(o, ", \"blocked_by_candidate\": ", w ? &w->instance : &none,
                 w && (w->flags & EVX_VSS_WRITER_INSTANCE));
}

/* ---- events ---------------------------------------------------------------------------------- */

/* The code, as the event brought it: null where a phase succeeded. */
static void put_error(cli_output *o, const char *key, const evx_vss_event *e)
{
    size_t len = 0;
    const char *raw = NULL;
    bool known;

    cli_put(o, key);
    if (!e || (e->outcome != EVX_VSS_FAILED && e->outcome != EVX_VSS_BLOCKED)) {
        cli_put(o, "null");
        return;
    }
    raw = report_string(e, e->code_at, &len);
    known = (e->flags & EVX_VSS_HAS_ERROR) != 0;
    if (known)
        cli_putf(o, "{\"code\": %ld, \"hex\": \"0x%lx\"", (long)e->error,
                 (unsigned long)(uint32_t)e->error);
    else
        cli_put(o, "{\"code\": null, \"hex\": null");
    put_text(o, ", \"raw\": ", raw, len);
    put_words(o, ", \"name\": ", known ? evx_vss_error_text(e->error) : NULL);
    cli_put(o, "}");
}

/* ANSI text up to its NUL; what is no ASCII is taken for Latin-1. */
static void put_payload(cli_output *o, const evx_vss_event *e)
{
    const uint8_t *p = e->text + e->strings_len;
    char text[2 * EVX_VSS_TEXT_MAX], hex[2 * EVX_VSS_TEXT_MAX + 1] = "";
    size_t len = 0;

    for (size_t i = 0; i < e->payload_len && p[i] != 0; i++) {
        if (p[i] >= 0x80)
            text[len++] = (char)(0xc0 | p[i] >> 6);
        text[len++] = (char)(p[i] < 0x80 ? p[i] : 0x80 | (p[i] & 0x3f));
    }
    for (size_t i = 0; i < e->payload_len; i++)
        (void)snprintf(hex + 2 * i, 3, "%02x", p[i]);
    put_text(o, ", \"payload\": ", e->flags & EVX_VSS_HAS_PAYLOAD ? text : NULL, len);
    put_words(o, ", \"payload_hex\": ", e->flags & EVX_VSS_HAS_PAYLOAD ? hex : NULL);
}

static void put_event_fields(cli_output *o, const report *r, const evx_vss_event *e)
{
    const char *text;
    size_t len;

    cli_putf(o, "\"event_id\": %u, \"phase\": \"%s\", \"outcome\": \"%s\", \"time\": ",
             e->event_id, evx_vss_phase_text(e->phase), evx_vss_outcome_text(e->outcome));
    put_time(o, e->flags & EVX_VSS_HAS_TIME ? e->time : 0);
    cli_put(o, ", \"record_id\": ");
    if (e->flags & EVX_VSS_HAS_RECORD_ID)
        cli_put_u64(o, e->record_id);
    else
        cli_put(o, "null");
    cli_put(o, ", \"strings\": [");
    for (uint32_t i = 0; (text = report_string(e, i, &len)) != NULL; i++)
        put_text(o, i > 0 ? ", " : "", text, len);
    put_error(o, "], \"error\": ", e);
    put_payload(o, e);
    if (e->flags & EVX_VSS_TRUNCATED)
        cli_put(o, ", \"truncated\": true");
    put_words(o, ", \"file\": ", r->files[e->file].path);
    put_number(o, ", \"offset\": ", e->file_off);
}

static void put_event(cli_output *o, const report *r, const evx_vss_event *e)
{
    cli_put(o, "{");
    put_event_fields(o, r, e);
    cli_put(o, "}");
}

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
        put_text(o, i > 0 ? ", {\"provider\": " : "{\"provider\": ", name, len);
        put_number(o, ", \"events\": ", p->events);
        cli_put(o, ", \"event_ids\": [");
        for (uint32_t k = 0; k < p->ids; k++)
            put_number(o, k > 0 ? ", " : "", p->event_ids[k]);
        put_flag(o, "], \"usual\": ", p->usual);
        cli_put(o, "}");
    }
    if (n)
        report_command(r, n, command, sizeof command);
    put_words(o, "], \"command\": ", n ? command : NULL);
}

static void put_blocks(cli_output *o, const report *r, const evx_vss_session *s)
{
    const evx_vss_writer *w = &r->out.writers[s->writer];
    int32_t mine = (int32_t)(s - r->out.sessions);
    bool any = false;

    cli_put(o, ", \"blocks\": [");
    for (uint32_t i = 0; s->blocks > 0 && i < w->sessions; i++) {
        int32_t k = (int32_t)(w->first_session + i);
        if (r->out.sessions[k].blocked_by != mine || r->place[k] < 0)
            continue;
        put_index(o, any ? ", " : "", r->place[k]);
        any = true;
    }
    cli_put(o, "]");
}

static void put_session_fields(cli_output *o, const report *r, const evx_vss_session *s)
{
    int32_t mine = (int32_t)(s - r->out.sessions);

    put_words(o, "\"state\": ", evx_vss_state_text(s->state));
    put_flag(o, ", \"certain\": ", (s->flags & EVX_VSS_CERTAIN) != 0);
    put_words(o, ", \"reason\": ", report_reason(s));
    cli_put(o, ", \"begin\": ");
    put_time(o, s->begin);
    cli_put(o, ", \"end\": ");
    put_time(o, s->end);
    put_blocks(o, r, s);
    put_index(o, ", \"blocked_by\": ", s->blocked_by < 0 ? -1 : r->place[s->blocked_by]);
    put_candidate(o, r, s->blocked_by_candidate);
    put_error(o, ", \"error\": ", s->error_event < 0 ? NULL : &r->events[s->error_event]);
    put_near(o, r, mine);
    cli_put(o, ", \"events\": [");
    for (int32_t e = s->first_event; e >= 0; e = report_next_event(r, s, e)) {
        cli_put(o, e != s->first_event ? between : "");
        put_event(o, r, &r->events[e]);
    }
    cli_put(o, "]");
}

/* ---- writers --------------------------------------------------------------------------------- */

/* Events that belong to no session: restarts, or the rest. */
static void put_others(cli_output *o, const report *r, const evx_vss_writer *w, bool restarts)
{
    bool any = false;

    for (uint32_t k = 0; k < w->resets + w->events; k++) {
        const evx_vss_event *e = &r->events[k < w->resets ? w->first_reset + k
                                                          : w->first_event + k - w->resets];
        if (e->session >= 0 || (e->phase == EVX_VSS_INITIALIZE) != restarts
            || !report_shows_time(r, e->flags & EVX_VSS_HAS_TIME ? e->time : 0))
            continue;
        cli_put(o, any ? between : "");
        put_event(o, r, e);
        any = true;
    }
}

static void put_verdict(cli_output *o, const report *r, const evx_vss_writer *w)
{
    report_evidence list[REPORT_EVIDENCE];
    size_t n = report_evidence_of(r, w, list);
    const char *words;

    put_words(o, "\"verdict\": ", evx_vss_verdict_text(w->verdict));
    put_words(o, ", \"last_known\": ", w->flags & EVX_VSS_WRITER_LOSS
                                           ? evx_vss_verdict_text(w->last_known) : NULL);
    cli_put(o, ", \"since\": ");
    put_time(o, w->since);
    cli_put(o, ", \"last_seen\": ");
    put_time(o, w->last_seen);
    put_candidate(o, r, w->blocked_by_candidate);
    cli_put(o, ", \"remedy\": [");
    for (size_t i = 0; (words = report_remedy(w, i)) != NULL; i++)
        put_words(o, i > 0 ? ", " : "", words);
    cli_put(o, "], \"evidence\": [");
    for (size_t i = 0; i < n; i++) {
        put_words(o, i > 0 ? ", {\"proves\": " : "{\"proves\": ", list[i].proves);
        cli_put(o, ", ");
        put_event_fields(o, r, &r->events[list[i].event]);
        cli_put(o, "}");
    }
    cli_put(o, "]");
}

static void put_cleared(cli_output *o, const report *r, uint32_t computer)
{
    bool any = false;

    cli_put(o, ", \"cleared\": [");
    for (size_t i = 0; i < r->clearing_count; i++) {
        if (r->clearings[i].computer != computer)
            continue;
        cli_put(o, any ? ", {\"from\": " : "{\"from\": ");
        put_time(o, r->clearings[i].from);
        cli_put(o, ", \"to\": ");
        put_time(o, r->clearings[i].to);
        cli_put(o, "}");
        any = true;
    }
    cli_put(o, "]");
}

static void put_writer_fields(cli_output *o, const report *r, const evx_vss_writer *w)
{
    put_computer(o, r, w->computer);
    put_instance(o, ", \"instance\": ", &w->instance, (w->flags & EVX_VSS_WRITER_INSTANCE) != 0);
    cli_put(o, ", ");
    put_verdict(o, r, w);
    put_cleared(o, r, w->computer);
    cli_put(o, ", \"resets\": [");
    put_others(o, r, w, true);
    cli_put(o, "], \"stray\": [");
    put_others(o, r, w, false);
    cli_put(o, "]");
}

/* ---- files ----------------------------------------------------------------------------------- */

static void put_losses(cli_output *o, const report *r, const report_file *f)
{
    for (size_t i = 0; i < f->losses; i++) {
        const evx_loss *l = &r->losses[f->first_loss + i];
        put_number(o, i > 0 ? ", {\"offset\": " : "{\"offset\": ", l->file_off);
        put_number(o, ", \"bytes\": ", l->len);
        put_number(o, ", \"records\": ", l->records);
        cli_put(o, ", \"from\": ");
        put_time(o, l->before);
        cli_put(o, ", \"to\": ");
        put_time(o, l->after);
        put_words(o, ", \"reason\": ", evx_status_text(l->reason));
        cli_put(o, "}");
    }
}

static void put_file_fields(cli_output *o, const report *r, const report_file *f)
{
    put_words(o, "\"path\": ", f->path);
    put_words(o, ", \"format\": ", f->error ? NULL : "evtx");
    put_number(o, ", \"records\": ", f->records);
    put_number(o, ", \"vss_events\": ", f->vss_events);
    put_number(o, ", \"lost_records\": ", f->lost_records);
    put_number(o, ", \"lost_bytes\": ", f->lost_bytes);
    put_number(o, ", \"crc_failures\": ", f->crc_failures);
    cli_put(o, ", \"losses\": [");
    put_losses(o, r, f);
    put_words(o, "], \"error\": ", f->error);
}

/* ---- the document ---------------------------------------------------------------------------- */

static void put_sessions(cli_output *o, const report *r, const evx_vss_writer *w)
{
    bool any = false;

    for (uint32_t i = 0; i < w->sessions; i++) {
        if (r->place[w->first_session + i] < 0)
            continue;
        cli_put(o, any ? ",\n    {" : "\n    {");
        put_session_fields(o, r, &r->out.sessions[w->first_session + i]);
        cli_put(o, "}");
        any = true;
    }
}

/* One object of the raw list. */
static void put_raw(cli_output *o, const report *r, const evx_vss_event *e)
{
    put_computer(o, r, e->computer);
    put_instance(o, ", \"instance\": ", &e->instance, (e->flags & EVX_VSS_HAS_INSTANCE) != 0);
    cli_put(o, ", ");
    put_event_fields(o, r, e);
}

static bool shows_event(const report *r, const evx_vss_event *e)
{
    return report_shows_computer(r, e->computer)
        && report_shows_time(r, e->flags & EVX_VSS_HAS_TIME ? e->time : 0);
}

static void put_raw_list(cli_output *o, const report *r)
{
    bool any = false;

    cli_put(o, ",\n \"events\": [");
    for (size_t rank = 0; rank < r->event_count; rank++) {
        const evx_vss_event *e = &r->events[r->by_rank[rank]];
        if (!shows_event(r, e))
            continue;
        cli_put(o, any ? ",\n  {" : "\n  {");
        put_raw(o, r, e);
        cli_put(o, "}");
        any = true;
    }
    cli_put(o, "]");
}

void report_json(report *r, cli_output *o)
{
    bool any = false;

    between = ",\n      ";
    cli_put(o, "{\"schema\": \"evx.sessions/1\",\n \"writers\": [");
    for (size_t i = 0; i < r->out.writer_count; i++) {
        const evx_vss_writer *w = &r->out.writers[i];
        if (!report_shows_computer(r, w->computer))
            continue;
        cli_put(o, any ? ",\n  {" : "\n  {");
        put_writer_fields(o, r, w);
        cli_put(o, ",\n   \"sessions\": [");
        put_sessions(o, r, w);
        cli_put(o, "]}");
        any = true;
    }
    cli_put(o, "],\n \"files\": [");
    for (size_t i = 0; i < r->file_count; i++) {
        cli_put(o, i > 0 ? ",\n  {" : "\n  {");
        put_file_fields(o, r, &r->files[i]);
        cli_put(o, "}");
    }
    cli_put(o, "]");
    if (r->args.events)
        put_raw_list(o, r);
    cli_put(o, "}\n");
}
