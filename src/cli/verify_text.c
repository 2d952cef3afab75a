/* src/cli/verify_text.c - the books of a log, for people */
#include "info.h"

#include <string.h>

enum { TOP_HINTS = 20 };

typedef unsigned long long ull;

void verify_add(verify_total *t, const info *i)
{
    const evx_ledger *l = &i->log->ledger;

    t->logs++;
    t->chunks += l->chunks;
    t->records += l->records;
    t->decoded += l->decoded;
    t->recovered += l->recovered;
    t->lost += l->lost;
    t->vague |= i->log->vague && l->lost > 0;
    t->lost_bytes += l->lost_bytes;
    t->unexplained += l->unexplained;
    t->crc_failures += l->crc_failures;
    t->id_gaps += l->id_gaps;
    t->ids_missing += l->ids_missing;
    t->time_reversals += l->time_reversals;
    t->hidden += l->hidden;
    t->hints += l->hint_count;
    t->bytes_missing += i->log->bytes_missing;
}

static void put_hint(cli_output *o, const evx_hint *h)
{
    uint64_t seconds = h->detail / 10000000;

    cli_putf(o, "    0x%llx  record %llu: ", (ull)h->file_off, (ull)h->record);
    if (h->kind == EVX_HINT_HIDDEN)
        cli_putf(o, "hidden inside record %llu, which was made longer over it\n", (ull)h->detail);
    else if (h->kind == EVX_HINT_GAP)
        cli_putf(o, "%llu record id%s missing before it\n", (ull)h->detail,
                 h->detail == 1 ? " is" : "s are");
    else
        cli_putf(o, "written %lluh %llum before the record it follows\n",
                 (ull)(seconds / 3600), (ull)(seconds / 60 % 60));
}

static void put_hints(cli_output *o, const evx_ledger *l, bool all)
{
    size_t kept = l->hint_count < l->hint_cap ? l->hint_count : l->hint_cap;
    size_t shown = all || kept <= TOP_HINTS + 1 ? kept : TOP_HINTS;

    if (l->hint_count > 0)
        cli_putf(o, "  tamper hints  %llu\n", (ull)l->hint_count);
    for (size_t i = 0; i < shown; i++)
        put_hint(o, &l->hints[i]);
    if (l->hint_count > shown)
        cli_putf(o, "    and %llu more%s\n", (ull)(l->hint_count - shown),
                 kept > shown ? " (-v shows them)" : "");
}

/* What is wrong, behind a colon or a comma. */
typedef struct verdict {
    cli_output *o;
    bool any;
} verdict;

static void next_fact(verdict *v, bool holds)
{
    if (!holds)
        return;
    cli_put(v->o, v->any ? ", " : "damaged: ");
    v->any = true;
}

static void put_checksums(verdict *v, const info *i)
{
    bool header = (i->log->header.damage & EVX_FILE_CRC) != 0;
    uint64_t failures = i->log->ledger.crc_failures, chunks = failures - (header && failures > 0);

    next_fact(v, header);
    cli_put(v->o, header ? "the file header's checksum is wrong" : "");
    next_fact(v, chunks > 0);
    if (chunks > 0)
        cli_putf(v->o, "%llu chunk%s with a wrong checksum", (ull)chunks, cli_s(chunks));
}

/* One line that says it: is this evidence whole? */
static void put_result(cli_output *o, const info *i)
{
    const evx_ledger *l = &i->log->ledger;
    verdict v = { o, false };

    cli_put(o, "  result     ");
    next_fact(&v, l->loss_count > 0);
    if (l->lost > 0)
        cli_putf(o, "%s%llu of %llu record%s lost", i->log->vague ? "at least " : "",
                 (ull)l->lost, (ull)l->records, cli_s(l->records));
    else if (l->loss_count > 0)
        cli_putf(o, "%llu bytes lost, but no record", (ull)l->lost_bytes);
    next_fact(&v, i->log->partial > 0);
    if (i->log->partial > 0)
        cli_putf(o, "%llu read in part", (ull)i->log->partial);
    put_checksums(&v, i);
    next_fact(&v, l->hidden > 0);
    if (l->hidden > 0)
        cli_putf(o, "%llu hidden", (ull)l->hidden);
    next_fact(&v, i->log->bytes_missing > 0);
    if (i->log->bytes_missing > 0)
        cli_putf(o, "%lu bytes of the last slot missing", (unsigned long)i->log->bytes_missing);
    cli_put(o, v.any ? "\n" : "sound\n");
}

void verify_text(cli_output *o, const info *i, bool all)
{
    const evx_ledger *l = &i->log->ledger;

    info_text_file(o, i);
    info_text_books(o, i);
    if (l->unexplained > 0)
        cli_putf(o, "  unknown    %llu bytes among the records\n", (ull)l->unexplained);
    if (l->id_gaps > 0)
        cli_putf(o, "  id gaps    %llu, %llu id%s missing\n", (ull)l->id_gaps,
                 (ull)l->ids_missing, cli_s(l->ids_missing));
    if (l->time_reversals > 0)
        cli_putf(o, "  clock      %llu record%s written before the one it follows\n",
                 (ull)l->time_reversals, l->time_reversals == 1 ? "" : "s");
    put_hints(o, l, all);
    info_text_losses(o, i, all);
    put_result(o, i);
}

/* "3 logs", "1 log" */
static void put_count(cli_output *o, const char *before, uint64_t n, const char *what)
{
    cli_putf(o, "%s%llu %s%s", before, (ull)n, what, cli_s(n));
}

void verify_text_total(cli_output *o, const verify_total *t)
{
    put_count(o, "\n", t->logs, "log");
    put_count(o, ", ", t->chunks, "chunk");
    put_count(o, ", ", t->records, "record");
    cli_putf(o, ": %llu decoded, %llu recovered, %s%llu lost", (ull)t->decoded,
             (ull)t->recovered, t->vague ? "at least " : "", (ull)t->lost);
    if (t->lost_bytes > 0)
        cli_putf(o, " (%llu bytes)", (ull)t->lost_bytes);
    put_count(o, "\n", t->crc_failures, "wrong checksum");
    put_count(o, ", ", t->id_gaps, "id gap");
    put_count(o, ", ", t->hidden, "hidden record");
    put_count(o, ", ", t->failed, "path");
    cli_put(o, " not read");
    if (t->bytes_missing > 0)
        put_count(o, ", ", t->bytes_missing, "byte");
    cli_put(o, t->bytes_missing > 0 ? " missing\n" : "\n");
}
