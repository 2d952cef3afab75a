/* src/cli/info_json.c - what evx info knows about a log: schema evx.info/1; parts of evx verify */
#include "info.h"

#include <string.h>

/* A member's comma and key; `first` has no comma before it. */
static void key(cli_output *o, const char *name, bool first)
{
    cli_put(o, first ? "\"" : ",\"");
    cli_put(o, name);
    cli_put(o, "\":");
}

static void number(cli_output *o, const char *name, uint64_t n, bool first)
{
    key(o, name, first);
    cli_put_u64(o, n);
}

static void text(cli_output *o, const char *name, const char *value, bool first)
{
    key(o, name, first);
    cli_put_json(o, value, strlen(value));
}

static void truth(cli_output *o, const char *name, bool value, bool first)
{
    key(o, name, first);
    cli_put(o, value ? "true" : "false");
}

static void time_or_null(cli_output *o, const char *name, uint64_t time, bool first)
{
    char when[CLI_WHEN];

    if (time != 0) {
        text(o, name, cli_when(when, time), first);
        return;
    }
    key(o, name, first);
    cli_put(o, "null");
}

/* ---- the parts ----------------------------------------------------------------------------- */

static void put_header(cli_output *o, const evx_file_header *h)
{
    key(o, "header", false);
    cli_putf(o, "{\"version\":\"%u.%u\"", h->major, h->minor);
    truth(o, "dirty", (h->flags & EVX_FILE_DIRTY) != 0, false);
    truth(o, "full", (h->flags & EVX_FILE_FULL) != 0, false);
    truth(o, "no_checksums", (h->flags & EVX_FILE_NO_CRC) != 0, false);
    truth(o, "checksum_wrong", (h->damage & EVX_FILE_CRC) != 0, false);
    truth(o, "version_unknown", (h->damage & EVX_FILE_VERSION) != 0, false);
    truth(o, "cut", (h->damage & EVX_FILE_CUT) != 0, false);
    truth(o, "signature_wrong", (h->damage & EVX_FILE_SIGNATURE) != 0, false);
    truth(o, "sizes_unusual", (h->damage & EVX_FILE_GEOMETRY) != 0, false);
    number(o, "oldest_slot", h->first_chunk, false);
    number(o, "newest_slot", h->last_chunk, false);
    number(o, "chunk_count", h->chunk_count, false);
    number(o, "next_record", h->next_record, false);
    cli_put(o, "}");
}

/* Members with the names of the other format's mean the same. */
static void put_legacy(cli_output *o, const evx_evt *e)
{
    const evx_evt_header *h = &e->header;

    key(o, "header", false);
    cli_putf(o, "{\"version\":\"%u.%u\"", h->major, h->minor);
    truth(o, "dirty", (h->flags & EVX_EVT_DIRTY) != 0, false);
    truth(o, "full", (h->flags & EVX_EVT_FULL) != 0, false);
    truth(o, "wrapped", (h->flags & EVX_EVT_WRAPPED) != 0, false);
    truth(o, "archive", (h->flags & EVX_EVT_ARCHIVE) != 0, false);
    truth(o, "version_unknown", (e->damage & EVX_EVT_VERSION) != 0, false);
    truth(o, "sizes_unusual", (e->damage & EVX_EVT_GEOMETRY) != 0, false);
    number(o, "oldest_offset", h->oldest_off, false);
    number(o, "end_offset", h->end_off, false);
    number(o, "max_size", h->max_size, false);
    number(o, "next_record", h->next_number, false);
    cli_put(o, "}");
    key(o, "end_record", false);
    cli_put(o, e->end_off != 0 ? "{" : "null");
    if (e->end_off == 0)
        return;
    number(o, "offset", e->end_off, true);
    number(o, "oldest_offset", e->oldest_off, false);
    number(o, "next_record", e->next_number, false);
    truth(o, "offset_wrong", (e->damage & EVX_EVT_END_OFFSET) != 0, false);
    truth(o, "second", (e->damage & EVX_EVT_TWO_ENDS) != 0, false);
    cli_put(o, "}");
}

static void put_chunks(cli_output *o, const info *i)
{
    const info_damage *d = &i->damage;

    key(o, "chunks", false);
    cli_put(o, "{");
    number(o, "slots", i->log->slots, true);
    number(o, "present", i->log->ledger.chunks, false);
    number(o, "empty", i->log->slots - i->log->ledger.chunks, false);
    number(o, "damaged", d->any, false);
    number(o, "no_signature", d->no_signature, false);
    number(o, "free_offset", d->free_off, false);
    number(o, "cut", d->cut, false);
    number(o, "header_checksum", d->header_crc, false);
    number(o, "data_checksum", d->data_crc, false);
    number(o, "bytes_missing", i->log->bytes_missing, false);
    cli_put(o, "}");
}

static void put_records(cli_output *o, const cli_log *log)
{
    const evx_ledger *l = &log->ledger;

    key(o, "records", false);
    cli_put(o, "{");
    number(o, "present", l->records, true);
    number(o, "decoded", l->decoded, false);
    number(o, "recovered", l->recovered, false);
    number(o, "lost", l->lost, false);
    number(o, "lost_bytes", l->lost_bytes, false);
    truth(o, "lost_is_minimum", log->vague && l->lost > 0, false);
    cli_put(o, "}");
}

static void put_slot(cli_output *o, const char *name, const info *i, uint64_t slot)
{
    key(o, name, false);
    if (i->runs > 0)
        cli_put_u64(o, slot);
    else
        cli_put(o, "null");
}

static void put_legacy_order(cli_output *o, const info *i)
{
    key(o, "order", false);
    cli_put(o, "{");
    text(o, "kind", info_order(i), true);
    number(o, "stale_records", i->log->evt->stale, false);
    cli_put(o, "}");
}

static void put_order(cli_output *o, const info *i)
{
    size_t kept = i->runs < INFO_RUNS_MAX ? i->runs : INFO_RUNS_MAX;

    key(o, "order", false);
    cli_put(o, "{");
    text(o, "kind", info_order(i), true);
    put_slot(o, "oldest_slot", i, i->oldest_slot);
    put_slot(o, "newest_slot", i, i->newest_slot);
    key(o, "runs", false);
    for (size_t k = 0; k < kept; k++) {
        const info_run *r = &i->run[k];
        cli_put(o, k == 0 ? "[{" : ",{");
        number(o, "first_slot", r->first_slot, true);
        number(o, "last_slot", r->last_slot, false);
        number(o, "first_id", r->first_id, false);
        number(o, "last_id", r->last_id, false);
        cli_put(o, "}");
    }
    cli_put(o, kept == 0 ? "[]" : "]");
    number(o, "runs_unlisted", i->runs - kept, false);
    cli_put(o, "}");
}

static void put_ids(cli_output *o, const char *name, const info_range *r)
{
    key(o, name, false);
    if (!r->any) {
        cli_put(o, "null");
        return;
    }
    cli_put(o, "{");
    number(o, "first", r->first, true);
    number(o, "last", r->last, false);
    cli_put(o, "}");
}

static void put_times(cli_output *o, const info_range *r)
{
    char when[CLI_WHEN];

    key(o, "times", false);
    if (!r->any) {
        cli_put(o, "null");
        return;
    }
    cli_put(o, "{");
    text(o, "first", cli_when(when, r->first), true);
    text(o, "last", cli_when(when, r->last), false);
    cli_put(o, "}");
}

static void put_names(cli_output *o, const char *name, const cli_tally *t)
{
    key(o, name, false);
    cli_put(o, "{");
    number(o, "without", t->unnamed, true);
    number(o, "unlisted", t->unlisted, false);
    key(o, "names", false);
    cli_put(o, "[");
    for (size_t i = 0; i < t->count; i++) {
        cli_put(o, i == 0 ? "{" : ",{");
        key(o, "name", true);
        cli_put_json(o, t->names[i].text, t->names[i].len);
        number(o, "records", t->names[i].count, false);
        cli_put(o, "}");
    }
    cli_put(o, "]}");
}

void info_json_losses(cli_output *o, const info *of)
{
    const evx_ledger *l = &of->log->ledger;
    size_t kept = l->loss_count < l->loss_cap ? l->loss_count : l->loss_cap;

    key(o, "losses", false);
    cli_put(o, "[");
    for (size_t i = 0; i < kept; i++) {
        const evx_loss *x = &l->losses[i];
        cli_put(o, i == 0 ? "{" : ",{");
        number(o, "offset", x->file_off, true);
        number(o, "bytes", x->len, false);
        number(o, "records", x->records, false);
        key(o, "status", false);
        cli_putf(o, "%d", (int)x->reason);
        text(o, "reason", evx_status_text(x->reason), false);
        time_or_null(o, "from", x->before, false);
        time_or_null(o, "to", x->after, false);
        cli_put(o, "}");
    }
    cli_put(o, "]");
    number(o, "losses_unlisted", l->loss_count - kept, false);
}

void info_json_key(cli_output *o, const char *name, bool first)
{
    key(o, name, first);
}

void info_json_file(cli_output *o, const info *i)
{
    char hex[CLI_SHA256_HEX];

    cli_put(o, "{");
    text(o, "path", i->log->given, true);
    key(o, "error", false);
    cli_put(o, "null");
    text(o, "format", i->log->evt ? "evt" : "evtx", false);
    number(o, "bytes", i->log->bytes, false);
    if (i->log->sha256) {
        cli_sha256_hex(i->log->sha256, hex);
        text(o, "sha256", hex, false);
    }
    if (i->log->evt)
        put_legacy(o, i->log->evt);
    else
        put_header(o, &i->log->header);
}

void info_json_books(cli_output *o, const info *i)
{
    if (!i->log->evt)
        put_chunks(o, i);
    put_records(o, i->log);
}

void info_json(cli_output *o, const info *i)
{
    info_json_file(o, i);
    info_json_books(o, i);
    if (i->log->evt)
        put_legacy_order(o, i);
    else
        put_order(o, i);
    put_ids(o, "record_ids", &i->ids);
    put_ids(o, "header_ids", &i->header_ids);
    put_times(o, &i->times);
    put_names(o, "providers", &i->providers);
    put_names(o, "channels", &i->channels);
    put_names(o, "computers", &i->computers);
    info_json_losses(o, i);
    cli_put(o, "}");
}

void info_json_failed(cli_output *o, const char *path, const char *why)
{
    cli_put(o, "{");
    text(o, "path", path, true);
    text(o, "error", why, false);
    cli_put(o, "}");
}
