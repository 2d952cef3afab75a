/* src/cli/report_fields.c - JSON: the fields of an event, and smaller pieces */
#include "report_json.h"

#include <stdio.h>
#include <string.h>

/* ---- small pieces ---------------------------------------------------------------------------- */

void json_time(cli_output *o, uint64_t filetime)
{
    char when[CLI_WHEN];

    if (filetime == 0)
        cli_put(o, "null");
    else
        cli_putf(o, "\"%s\"", cli_when(when, filetime));
}

/* "name": text, or null where there is none. */
void json_text(cli_output *o, const char *key, const char *text, size_t len)
{
    cli_put(o, key);
    if (text)
        cli_put_json(o, text, len);
    else
        cli_put(o, "null");
}

void json_words(cli_output *o, const char *key, const char *text)
{
    json_text(o, key, text, text ? strlen(text) : 0);
}

void json_number(cli_output *o, const char *key, uint64_t n)
{
    cli_put(o, key);
    cli_put_u64(o, n);
}

/* An index or -1. */
void json_index(cli_output *o, const char *key, int32_t i)
{
    cli_put(o, key);
    if (i < 0)
        cli_put(o, "null");
    else
        cli_put_u64(o, (uint64_t)i);
}

void json_flag(cli_output *o, const char *key, bool flag)
{
    cli_put(o, key);
    cli_put(o, flag ? "true" : "false");
}

void json_computer(cli_output *o, const report *r, uint32_t computer)
{
    size_t len;
    const char *name = report_text_of(&r->computers, computer, &len);

    json_text(o, "\"computer\": ", len > 0 ? name : NULL, len);
}

void json_instance(cli_output *o, const char *key, const evx_guid *g, bool has)
{
    char guid[37];

    report_guid(guid, g);
    json_words(o, key, has ? guid : NULL);
}

void json_candidate(cli_output *o, const report *r, int32_t writer)
{
    static const evx_guid none;
    const evx_vss_writer *w = writer >= 0 ? &r->out.writers[writer] : NULL;

    json_instance(o, ", \"blocked_by_candidate\": ", w ? &w->instance : &none,
                 w && (w->flags & EVX_VSS_WRITER_INSTANCE));
}

/* ---- events ---------------------------------------------------------------------------------- */

/* The code, as the event brought it: null where a phase succeeded, or nothing stands there. */
void json_error(cli_output *o, const char *key, const evx_vss_event *e)
{
    size_t len = 0;
    const char *raw = NULL;
    bool known = false;

    cli_put(o, key);
    if (e && (e->outcome == EVX_VSS_FAILED || e->outcome == EVX_VSS_BLOCKED)) {
        raw = report_string(e, e->code_at, &len);
        known = (e->flags & EVX_VSS_HAS_ERROR) != 0;
    }
    if (!known && len == 0) {
        cli_put(o, "null");
        return;
    }
    if (known)
        cli_putf(o, "{\"code\": %ld, \"hex\": \"0x%lx\"", (long)e->error,
                 (unsigned long)(uint32_t)e->error);
    else
        cli_put(o, "{\"code\": null, \"hex\": null");
    json_text(o, ", \"raw\": ", raw, len);
    json_words(o, ", \"name\": ", known ? evx_vss_error_text(e->error) : NULL);
    cli_put(o, "}");
}

static void put_payload(cli_output *o, const evx_vss_event *e)
{
    const uint8_t *p = e->text + e->strings_len;
    char text[REPORT_PAYLOAD], hex[2 * EVX_VSS_TEXT_MAX + 1] = "";
    size_t len = report_payload(text, e);

    for (size_t i = 0; i < e->payload_len; i++)
        (void)snprintf(hex + 2 * i, 3, "%02x", p[i]);
    json_text(o, ", \"payload\": ", e->flags & EVX_VSS_HAS_PAYLOAD ? text : NULL, len);
    json_words(o, ", \"payload_hex\": ", e->flags & EVX_VSS_HAS_PAYLOAD ? hex : NULL);
}

void json_event_fields(cli_output *o, const report *r, const evx_vss_event *e)
{
    const char *text;
    size_t len;

    cli_putf(o, "\"event_id\": %u, \"phase\": \"%s\", \"outcome\": \"%s\", \"time\": ",
             e->event_id, evx_vss_phase_text(e->phase), evx_vss_outcome_text(e->outcome));
    json_time(o, e->flags & EVX_VSS_HAS_TIME ? e->time : 0);
    cli_put(o, ", \"record_id\": ");
    if (e->flags & EVX_VSS_HAS_RECORD_ID)
        cli_put_u64(o, e->record_id);
    else
        cli_put(o, "null");
    cli_put(o, ", \"strings\": [");
    for (uint32_t i = 0; (text = report_string(e, i, &len)) != NULL; i++)
        json_text(o, i > 0 ? ", " : "", text, len);
    json_error(o, "], \"error\": ", e);
    put_payload(o, e);
    if (e->flags & EVX_VSS_TRUNCATED)
        cli_put(o, ", \"truncated\": true");
    json_words(o, ", \"file\": ", r->files[e->file].path);
    json_number(o, ", \"offset\": ", e->file_off);
}

void json_event(cli_output *o, const report *r, const evx_vss_event *e)
{
    cli_put(o, "{");
    json_event_fields(o, r, e);
    cli_put(o, "}");
}
