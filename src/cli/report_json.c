/* src/cli/report_json.c - the report that programs read: one document, or one object per line */
#include "report_json.h"

/*
 * Schema evx.sessions/1, see tests/cli/sessions.schema.json. Fields are added, never changed. In
 * JSON lines each object has a "type", and a session repeats computer and instance.
 */

/* ---- the document ---------------------------------------------------------------------------- */

static void put_sessions(cli_output *o, const report *r, const evx_vss_writer *w)
{
    bool any = false;

    for (uint32_t i = 0; i < w->sessions; i++) {
        if (r->place[w->first_session + i] < 0)
            continue;
        cli_put(o, any ? ",\n    {" : "\n    {");
        json_number(o, "\"index\": ", i);
        cli_put(o, ", ");
        json_session(o, r, &r->out.sessions[w->first_session + i]);
        cli_put(o, "}");
        any = true;
    }
}

/* One object of the raw list. */
static void put_raw(cli_output *o, const report *r, const evx_vss_event *e)
{
    json_computer(o, r, e->computer);
    json_instance(o, ", \"instance\": ", &e->instance, (e->flags & EVX_VSS_HAS_INSTANCE) != 0);
    cli_put(o, ", ");
    json_event_fields(o, r, e);
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

    cli_put(o, "{\"schema\": \"evx.sessions/1\",\n \"writers\": [");
    for (size_t i = 0; i < r->out.writer_count; i++) {
        const evx_vss_writer *w = &r->out.writers[i];
        if (!report_shows_computer(r, w->computer))
            continue;
        cli_put(o, any ? ",\n  {" : "\n  {");
        json_writer(o, r, w);
        cli_put(o, ",\n   \"sessions\": [");
        put_sessions(o, r, w);
        cli_put(o, "]}");
        any = true;
    }
    cli_put(o, "],\n \"files\": [");
    for (size_t i = 0; i < r->file_count; i++) {
        cli_put(o, i > 0 ? ",\n  {" : "\n  {");
        json_file(o, r, &r->files[i]);
        cli_put(o, "}");
    }
    cli_put(o, "]");
    if (r->args.events)
        put_raw_list(o, r);
    cli_put(o, "}\n");
}

/* ---- JSON lines ------------------------------------------------------------------------------ */

static void put_session_lines(cli_output *o, const report *r, const evx_vss_writer *w)
{
    for (uint32_t i = 0; i < w->sessions; i++) {
        int32_t place = r->place[w->first_session + i];
        if (place < 0)
            continue;
        cli_put(o, "{\"type\": \"session\", ");
        json_computer(o, r, w->computer);
        json_instance(o, ", \"instance\": ", &w->instance,
                      (w->flags & EVX_VSS_WRITER_INSTANCE) != 0);
        json_index(o, ", \"index\": ", place);
        cli_put(o, ", ");
        json_session(o, r, &r->out.sessions[w->first_session + i]);
        cli_put(o, "}\n");
    }
}

void report_json_lines(report *r, cli_output *o)
{
    for (size_t i = 0; i < r->out.writer_count; i++) {
        const evx_vss_writer *w = &r->out.writers[i];
        if (!report_shows_computer(r, w->computer))
            continue;
        put_session_lines(o, r, w);
        cli_put(o, "{\"type\": \"writer\", ");
        json_writer(o, r, w);
        cli_put(o, "}\n");
    }
    for (size_t i = 0; i < r->file_count; i++) {
        cli_put(o, "{\"type\": \"file\", ");
        json_file(o, r, &r->files[i]);
        cli_put(o, "}\n");
    }
    for (size_t rank = 0; r->args.events && rank < r->event_count; rank++) {
        const evx_vss_event *e = &r->events[r->by_rank[rank]];
        if (!shows_event(r, e))
            continue;
        cli_put(o, "{\"type\": \"event\", ");
        put_raw(o, r, e);
        cli_put(o, "}\n");
    }
}
