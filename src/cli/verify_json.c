/* src/cli/verify_json.c - the books of logs, for programs and case files: schema evx.verify/1 */
#include "info.h"

#include <string.h>

static void number(cli_output *o, const char *name, uint64_t n, bool first)
{
    info_json_key(o, name, first);
    cli_put_u64(o, n);
}

static void text(cli_output *o, const char *name, const char *value, bool first)
{
    info_json_key(o, name, first);
    cli_put_json(o, value, strlen(value));
}

static const char *kind_of(const evx_hint *h)
{
    return h->kind == EVX_HINT_HIDDEN ? "hidden_record"
         : h->kind == EVX_HINT_GAP ? "id_gap" : "clock_reversal";
}

/* What `detail` is depends on the kind, and so does its name. */
static const char *detail_of(const evx_hint *h)
{
    return h->kind == EVX_HINT_HIDDEN ? "inside_record"
         : h->kind == EVX_HINT_GAP ? "ids_missing" : "back_100ns";
}

static void put_hints(cli_output *o, const evx_ledger *l)
{
    size_t kept = l->hint_count < l->hint_cap ? l->hint_count : l->hint_cap;

    info_json_key(o, "tamper_hints", false);
    cli_put(o, "[");
    for (size_t i = 0; i < kept; i++) {
        const evx_hint *h = &l->hints[i];
        cli_put(o, i == 0 ? "{" : ",{");
        text(o, "kind", kind_of(h), true);
        number(o, "offset", h->file_off, false);
        number(o, "record", h->record, false);
        number(o, detail_of(h), h->detail, false);
        cli_put(o, "}");
    }
    cli_put(o, "]");
    number(o, "tamper_hints_unlisted", l->hint_count - kept, false);
}

void verify_json_begin(cli_output *o, const char *command)
{
    cli_put(o, "{\"schema\":\"evx.verify/1\",\"program\":\"evx " EVX_VERSION
               "\",\"command\":");
    cli_put_json(o, command, strlen(command));
    cli_put(o, ",\"files\":[");
}

static void next(cli_output *o, const verify_total *before)
{
    cli_put(o, before->logs + before->failed > 0 ? ",\n" : "\n");
}

void verify_json(cli_output *o, const info *i, const verify_total *before)
{
    const evx_ledger *l = &i->log->ledger;

    next(o, before);
    info_json_file(o, i);
    info_json_books(o, i);
    number(o, "partial", i->log->partial, false);
    number(o, "bytes_unexplained", l->unexplained, false);
    number(o, "crc_failures", l->crc_failures, false);
    number(o, "id_gaps", l->id_gaps, false);
    number(o, "ids_missing", l->ids_missing, false);
    number(o, "time_reversals", l->time_reversals, false);
    number(o, "hidden_records", l->hidden, false);
    put_hints(o, l);
    info_json_losses(o, i);
    cli_put(o, "}");
}

void verify_json_failed(cli_output *o, const char *path, const char *why,
                        const verify_total *before)
{
    next(o, before);
    info_json_failed(o, path, why);
}

void verify_json_end(cli_output *o, const verify_total *t)
{
    cli_put(o, "\n],\"total\":{");
    number(o, "logs", t->logs, true);
    number(o, "not_read", t->failed, false);
    number(o, "chunks", t->chunks, false);
    number(o, "records", t->records, false);
    number(o, "decoded", t->decoded, false);
    number(o, "recovered", t->recovered, false);
    number(o, "lost", t->lost, false);
    number(o, "lost_bytes", t->lost_bytes, false);
    info_json_key(o, "lost_is_minimum", false);
    cli_put(o, t->vague ? "true" : "false");
    number(o, "bytes_unexplained", t->unexplained, false);
    number(o, "bytes_missing", t->bytes_missing, false);
    number(o, "crc_failures", t->crc_failures, false);
    number(o, "id_gaps", t->id_gaps, false);
    number(o, "ids_missing", t->ids_missing, false);
    number(o, "time_reversals", t->time_reversals, false);
    number(o, "hidden_records", t->hidden, false);
    number(o, "tamper_hints", t->hints, false);
    cli_put(o, "}}\n");
}
