/* src/cli/info_text.c - what evx info knows about one log, for people; parts of evx verify */
#include "info.h"

#include <string.h>

/* Rows of a list before the rest is only counted. */
enum { TOP_NAMES = 10, TOP_RUNS = 8, TOP_LOSSES = 20 };

typedef unsigned long long ull;

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static const char *plural(uint64_t n)
{
    return n == 1 ? "" : "s";
}

/* Facts that hold, separated by commas; `none` when none does. */
typedef struct fact {
    bool holds;
    const char *words;
} fact;

static void put_facts(cli_output *o, const char *label, const fact *f, size_t n, const char *none)
{
    const char *before = "";

    cli_put(o, label);
    for (size_t i = 0; i < n; i++)
        if (f[i].holds) {
            cli_put(o, before);
            cli_put(o, f[i].words);
            before = ", ";
        }
    cli_put(o, *before ? "\n" : none);
}

/* ---- the file ------------------------------------------------------------------------------ */

static void put_size(cli_output *o, const info *i)
{
    cli_putf(o, "  size       %llu bytes", (ull)i->log->bytes);
    if (i->log->bytes >= 1048576)
        cli_putf(o, ", %.1f MiB", (double)i->log->bytes / 1048576);
    cli_put(o, "\n");
}

static void put_legacy(cli_output *o, const info *i)
{
    const evx_evt *e = i->log->evt;
    const evx_evt_header *h = &e->header;
    const fact flags[] = { { (h->flags & EVX_EVT_DIRTY) != 0,
                             "dirty (not closed, or copied live)" },
                           { (h->flags & EVX_EVT_WRAPPED) != 0, "wrapped" },
                           { (h->flags & EVX_EVT_FULL) != 0, "full" },
                           { (h->flags & EVX_EVT_ARCHIVE) != 0, "archive" } };
    const fact damage[] = { { (e->damage & EVX_EVT_VERSION) != 0, "version unknown" },
                            { (e->damage & EVX_EVT_GEOMETRY) != 0, "sizes unusual" } };
    const fact end[] = { { (e->damage & EVX_EVT_NO_END) != 0, "missing" },
                         { (e->damage & EVX_EVT_END_OFFSET) != 0, "speaks of another place" },
                         { (e->damage & EVX_EVT_TWO_ENDS) != 0, "there is a second one" } };

    cli_putf(o, "  version    %u.%u, legacy (EVT)\n", h->major, h->minor);
    put_facts(o, "  flags      ", flags, sizeof flags / sizeof *flags, "none\n");
    put_facts(o, "  header     ", damage, sizeof damage / sizeof *damage, "sound\n");
    put_facts(o, "  end record ", end, sizeof end / sizeof *end, "sound\n");
}

static void put_file(cli_output *o, const info *i)
{
    const evx_file_header *h = &i->log->header;
    const fact flags[] = { { (h->flags & EVX_FILE_DIRTY) != 0,
                             "dirty (not closed, or copied live)" },
                           { (h->flags & EVX_FILE_FULL) != 0, "full" },
                           { (h->flags & EVX_FILE_NO_CRC) != 0, "no checksums" } };
    const fact damage[] = { { (h->damage & EVX_FILE_CRC) != 0, "checksum wrong" },
                            { (h->damage & EVX_FILE_VERSION) != 0, "version unknown" },
                            { (h->damage & EVX_FILE_CUT) != 0, "cut short" },
                            { (h->damage & EVX_FILE_SIGNATURE) != 0, "lost" },
                            { (h->damage & EVX_FILE_GEOMETRY) != 0, "sizes unusual" } };

    if (h->damage & EVX_FILE_SIGNATURE)
        cli_put(o, "  version    unknown\n");
    else
        cli_putf(o, "  version    %u.%u\n", h->major, h->minor);
    put_facts(o, "  flags      ", flags, sizeof flags / sizeof *flags, "none\n");
    put_facts(o, "  header     ", damage, sizeof damage / sizeof *damage, "sound\n");
}

/* ---- chunks -------------------------------------------------------------------------------- */

static void put_damage(cli_output *o, const info_damage *d)
{
    const struct {
        uint64_t count;
        const char *words;
    } rows[] = { { d->no_signature, "without signature" },
                 { d->free_off, "free space offset wrong" },
                 { d->cut, "cut by the end of the file" },
                 { d->header_crc, "header checksum wrong" },
                 { d->data_crc, "data checksum wrong" } };

    cli_putf(o, "  damage     %llu chunk%s\n", (ull)d->any, plural(d->any));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].count > 0)
            cli_putf(o, "  %7llu %s\n", (ull)rows[i].count, rows[i].words);
}

static void put_chunks(cli_output *o, const info *i)
{
    const cli_log *log = i->log;
    const evx_ledger *l = &log->ledger;

    cli_putf(o, "  chunks     %llu in %llu slot%s, %llu empty\n", (ull)l->chunks,
             (ull)log->slots, plural(log->slots), (ull)(log->slots - l->chunks));
    if (i->damage.any > 0)
        put_damage(o, &i->damage);
    if (log->bytes_missing > 0)
        cli_putf(o, "  missing    %lu bytes of the last slot\n", (unsigned long)log->bytes_missing);
}

static void put_records(cli_output *o, const cli_log *log)
{
    const evx_ledger *l = &log->ledger;

    cli_putf(o, "  records    %llu: %llu decoded, %llu recovered, %s%llu lost", (ull)l->records,
             (ull)l->decoded, (ull)l->recovered, log->vague && l->lost > 0 ? "at least " : "",
             (ull)l->lost);
    if (l->lost_bytes > 0)
        cli_putf(o, " (%llu bytes)", (ull)l->lost_bytes);
    cli_put(o, "\n");
}

static void put_legacy_order(cli_output *o, const info *i)
{
    const evx_evt *e = i->log->evt;

    cli_putf(o, "  order      %s", info_order(i));
    if (e->end_off != 0)
        cli_putf(o, ": oldest record at 0x%llx, end record at 0x%llx", (ull)e->oldest_off,
                 (ull)e->end_off);
    cli_put(o, "\n");
    if (e->stale > 0)
        cli_putf(o, "  stale      %llu older records, left out\n", (ull)e->stale);
}

static void put_order(cli_output *o, const info *i, bool all)
{
    const evx_file_header *h = &i->log->header;
    size_t kept = least(i->runs, INFO_RUNS_MAX), shown = all ? kept : least(kept, TOP_RUNS);
    bool ring = strcmp(info_order(i), "ring") == 0, mixed = i->runs > 1 && !ring;

    cli_putf(o, "  order      %s", info_order(i));
    if (ring)
        cli_put(o, ", the log has wrapped");
    if (i->runs > 1)
        cli_putf(o, ": oldest slot %llu, newest %llu", (ull)i->oldest_slot, (ull)i->newest_slot);
    /* a dirty log's header is that of its last clean close, and no news */
    if (i->runs > 0 && !(h->flags & EVX_FILE_DIRTY) && !(h->damage & EVX_FILE_SIGNATURE)
        && (h->first_chunk != i->oldest_slot || h->last_chunk != i->newest_slot))
        cli_putf(o, "\n             the header says: oldest slot %llu, newest %llu",
                 (ull)h->first_chunk, (ull)h->last_chunk);
    cli_put(o, "\n");
    for (size_t k = 0; mixed && k < shown; k++)
        cli_putf(o, "    slots %llu to %llu: records %llu to %llu\n", (ull)i->run[k].first_slot,
                 (ull)i->run[k].last_slot, (ull)i->run[k].first_id, (ull)i->run[k].last_id);
    if (mixed && i->runs > shown)
        cli_putf(o, "    and %llu more runs\n", (ull)(i->runs - shown));
}

/* ---- ranges -------------------------------------------------------------------------------- */

static void put_ranges(cli_output *o, const info *i)
{
    const info_range *ids = i->ids.any ? &i->ids : &i->header_ids;
    char first[CLI_WHEN], last[CLI_WHEN];

    if (ids->any)
        cli_putf(o, "  ids        %llu to %llu", (ull)ids->first, (ull)ids->last);
    if (i->ids.any
        && (i->ids.first != i->header_ids.first || i->ids.last != i->header_ids.last))
        cli_putf(o, "; in the record headers %llu to %llu", (ull)i->header_ids.first,
                 (ull)i->header_ids.last);
    if (ids->any)
        cli_put(o, "\n");
    if (i->times.any)
        cli_putf(o, "  first      %s\n  last       %s\n", cli_when(first, i->times.first),
                 cli_when(last, i->times.last));
}

/* ---- lists --------------------------------------------------------------------------------- */

/* Ten names, and no remainder line that would take the place of the last one. */
static size_t rows_of(size_t count, size_t top, bool all)
{
    return all || count <= top + 1 ? count : top;
}

static void put_names(cli_output *o, const char *label, const cli_tally *t, bool all)
{
    size_t shown = rows_of(t->count, TOP_NAMES, all);
    uint64_t rest = 0;

    if (t->count > 0 || t->unlisted > 0)
        cli_putf(o, "  %-10s %llu%s\n", label, (ull)t->count, t->unlisted > 0 ? " and more" : "");
    for (size_t i = 0; i < t->count; i++) {
        if (i >= shown) {
            rest += t->names[i].count;
            continue;
        }
        cli_putf(o, "  %7llu ", (ull)t->names[i].count);
        cli_put_printable(o, t->names[i].text, t->names[i].len);
        cli_put(o, "\n");
    }
    if (rest > 0)
        cli_putf(o, "  %7llu of %llu others (-v shows them)\n", (ull)rest,
                 (ull)(t->count - shown));
    if (t->unlisted > 0)
        cli_putf(o, "  %7llu of names past the first %u\n", (ull)t->unlisted, CLI_NAMES_MAX);
    if (t->unnamed > 0 && t->count > 0)
        cli_putf(o, "  %7llu without\n", (ull)t->unnamed);
}

static void put_losses(cli_output *o, const evx_ledger *l, bool all)
{
    size_t kept = least(l->loss_count, l->loss_cap), shown = rows_of(kept, TOP_LOSSES, all);

    if (l->loss_count > 0)
        cli_putf(o, "  losses     %llu\n", (ull)l->loss_count);
    for (size_t i = 0; i < shown; i++) {
        const evx_loss *x = &l->losses[i];
        cli_putf(o, "    0x%llx  %llu bytes", (ull)x->file_off, (ull)x->len);
        if (x->records != 1)
            cli_putf(o, ", %llu records", (ull)x->records);
        cli_putf(o, "  %s\n", evx_status_text(x->reason));
    }
    if (l->loss_count > shown)
        cli_putf(o, "    and %llu more%s\n", (ull)(l->loss_count - shown),
                 kept > shown ? " (-v shows them)" : "");
}

void info_text_file(cli_output *o, const info *i)
{
    char hex[CLI_SHA256_HEX];

    cli_put_printable(o, i->log->path, strlen(i->log->path));
    cli_put(o, "\n");
    put_size(o, i);
    if (i->log->sha256) {
        cli_sha256_hex(i->log->sha256, hex);
        cli_putf(o, "  sha256     %s\n", hex);
    }
    if (i->log->evt)
        put_legacy(o, i);
    else
        put_file(o, i);
}

void info_text_books(cli_output *o, const info *i)
{
    if (!i->log->evt)
        put_chunks(o, i);
    put_records(o, i->log);
}

void info_text_losses(cli_output *o, const info *i, bool all)
{
    put_losses(o, &i->log->ledger, all);
}

void info_text(cli_output *o, const info *i, bool all)
{
    info_text_file(o, i);
    info_text_books(o, i);
    if (i->log->evt)
        put_legacy_order(o, i);
    else
        put_order(o, i, all);
    put_ranges(o, i);
    put_names(o, "providers", &i->providers, all);
    put_names(o, "channels", &i->channels, all);
    put_names(o, "computers", &i->computers, all);
    info_text_losses(o, i, all);
}
