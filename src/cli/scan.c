/* src/cli/scan.c - a slot -> chunk -> records -> the command's visitor; what was lost */
#include "scan.h"

#include <stdio.h>
#include <string.h>

enum { RECORD_LEAST = 28 };          /* bytes of the smallest record                           */

static bool may_speak(const cli_run *run, cli_log *log)
{
    return run->verbose > 0 || (log->lines++ < LINES_MAX && !run->lists);
}

void cli_lose(cli_run *run, cli_log *log, uint64_t off, uint64_t len, evx_status why,
              const char *words)
{
    evx_ledger_lose(&log->ledger, off, len, why);
    log->doubt |= why == EVX_E_CHUNK_SIGNATURE || why == EVX_E_CHUNK_CUT || why == EVX_E_CHUNK_CRC
               || why == EVX_E_EVT_CUT;
    if (may_speak(run, log))
        cli_say("%s: at offset %llu (0x%llx): %llu bytes lost: %s", log->path,
                (unsigned long long)off, (unsigned long long)off, (unsigned long long)len,
                words ? words : evx_status_text(why));
    run->stopped |= run->stop_after_one;
}

/* A record closes the losses before it; the ledger had `lost` in front of it. If it has more now,
 * ids have told how many they were. */
static void settle(cli_log *log, uint64_t lost)
{
    log->vague |= log->doubt && log->ledger.lost == lost;
    log->doubt = false;
}

static void note_partial(cli_run *run, cli_log *log, const evx_chunk *c, const evx_record *r,
                         const cli_seen *seen)
{
    uint64_t off = c->file_off + (seen->off != 0 ? seen->off : r->off);

    log->partial++;
    if (may_speak(run, log))
        cli_say("%s: at offset %llu (0x%llx): record %llu was read in part: %s", log->path,
                (unsigned long long)off, (unsigned long long)off, (unsigned long long)r->id,
                seen->why < 0 ? evx_status_text(seen->why)
                : log->evt ? "not all that it counts is there" : "values behind its end");
    run->stopped |= run->stop_after_one;
}

/* ---- records ------------------------------------------------------------------------------- */

static void lose_record(cli_run *run, cli_log *log, const evx_chunk *c, const evx_record *r,
                        const cli_seen *seen, evx_status why)
{
    unsigned long long at = c->file_off + (seen->off != 0 ? seen->off : r->off);
    char words[160];

    (void)snprintf(words, sizeof words, "record %llu: %s, at 0x%llx", (unsigned long long)r->id,
                   evx_status_text(why), at);
    cli_lose(run, log, c->file_off + r->off, r->size, why, words);
}

void cli_visit(cli_run *run, const cli_visitor *v, cli_log *log, const evx_chunk *c,
               const evx_record *r)
{
    cli_seen seen;
    uint64_t lost;
    evx_status st;

    memset(&seen, 0, sizeof seen);
    st = v->record(v->user, log, c, r, &seen);
    if (st == EVX_END)
        run->stopped = true;
    else if (st < 0)
        lose_record(run, log, c, r, &seen, st);
    else {
        seen.partial |= st == EVX_OK && (r->damage & EVX_EVT_PARTIAL) != 0;
        lost = log->ledger.lost;
        evx_ledger_read(&log->ledger, c, r, seen.time, seen.partial);
        settle(log, lost);
        if (seen.partial)
            note_partial(run, log, c, r, &seen);
    }
}

static bool holds_anything(const evx_chunk *c, uint32_t from, uint32_t to)
{
    while (from < to && c->base[from] == 0)
        from++;
    return from < to;
}

/*
 * Without a chunk header, or without the end of its records, the library finds what proves itself
 * a record and says nothing about other bytes. They may have been records: unless they are zero,
 * or the last record is the one that the header names, they are a loss.
 */
static void lose_between(cli_scanner *s, const evx_chunk *c, uint32_t from, uint32_t to)
{
    if (holds_anything(c, from, to))
        cli_lose(s->run, s->log, c->file_off + from, to - from,
                 c->damage & EVX_CHUNK_SIGNATURE ? EVX_E_CHUNK_SIGNATURE : EVX_E_RECORD_SIGNATURE,
                 NULL);
}

/*
 * The header contradicts itself about where the records end. All up to its free space offset were
 * read, but it names a later one: the offset was wrong, and nothing tells where the others end.
 */
static void lose_behind(cli_scanner *s, const evx_chunk *c, uint32_t end, uint64_t last_id)
{
    uint64_t missing = c->last_record - last_id;

    if ((c->damage & EVX_CHUNK_FREE_OFF) && c->last_record > last_id
        && c->first_record <= c->last_record && c->last_record != UINT64_MAX
        && missing <= (c->len - end) / RECORD_LEAST)
        cli_lose(s->run, s->log, c->file_off + end, c->len - end, EVX_E_RECORD_SIGNATURE, NULL);
}

static evx_status next_record(cli_scanner *s, evx_records *it, evx_record *r)
{
    return s->v->next ? s->v->next(s->v->user, s->log, it, r) : evx_records_next(it, r);
}

static void each_record(cli_scanner *s, const evx_chunk *c)
{
    uint64_t last_id = c->first_record - 1;
    bool silent = (c->damage & EVX_CHUNK_SIGNATURE) || c->claimed == 0, last = false;
    uint32_t stop = c->claimed != 0 && c->claimed < c->len ? c->claimed : c->len;
    uint32_t end;                    /* of the record before, from the start of the chunk      */
    evx_records it;
    evx_record r;
    evx_status st;

    evx_records_begin(&it, c);
    end = it.pos;
    while (!s->run->stopped && (st = next_record(s, &it, &r)) != EVX_END) {
        if (silent)
            lose_between(s, c, end, r.off);
        end = r.off + r.size;
        last = st == EVX_OK && r.id == c->last_record;
        last_id = st == EVX_OK ? r.id : UINT64_MAX;
        if (st == EVX_OK)
            cli_visit(s->run, s->v, s->log, c, &r);
        else
            cli_lose(s->run, s->log, c->file_off + r.off, r.size, st, NULL);
    }
    if (silent && !last && !s->run->stopped)
        lose_between(s, c, end, stop);
    if (!silent && !s->run->stopped)
        lose_behind(s, c, end, last_id);
    evx_ledger_chunk_end(&s->log->ledger, c);
}

/* ---- chunks -------------------------------------------------------------------------------- */

static void say_damage(const cli_scanner *s, const evx_chunk *c, uint32_t damage)
{
    if (s->run->verbose > 1)
        cli_say("%s: chunk at offset %llu: records %llu to %llu%s%s%s%s%s", s->log->path,
                (unsigned long long)c->file_off, (unsigned long long)c->first_record,
                (unsigned long long)c->last_record,
                damage & EVX_CHUNK_SIGNATURE ? ", no signature" : "",
                damage & EVX_CHUNK_FREE_OFF ? ", free space offset wrong" : "",
                damage & EVX_CHUNK_CUT ? ", cut" : "",
                damage & EVX_CHUNK_HEADER_CRC ? ", header checksum wrong" : "",
                damage & EVX_CHUNK_DATA_CRC ? ", data checksum wrong" : "");
}

/* A wrong checksum is no loss: the chunk's records are read, and judged one by one. */
static void say_crc(const cli_scanner *s, const evx_chunk *c, uint32_t bad)
{
    if (may_speak(s->run, s->log))
        cli_say("%s: at offset %llu (0x%llx): the checksum of the chunk's %s is wrong",
                s->log->path, (unsigned long long)c->file_off, (unsigned long long)c->file_off,
                bad == EVX_CHUNK_HEADER_CRC ? "header"
                : bad == EVX_CHUNK_DATA_CRC ? "records" : "header and that of its records");
}

static void one_chunk(cli_scanner *s, const evx_chunk *c)
{
    bool check = (s->run->check_crc || s->run->count_crc) && !(c->damage & EVX_CHUNK_SIGNATURE);
    uint32_t bad = check ? evx_chunk_check(c, s->kernels) : 0;
    evx_status st = EVX_OK;

    s->log->damage = c->damage | bad;
    evx_ledger_chunk(&s->log->ledger, c->damage | bad);
    say_damage(s, c, c->damage | bad);
    if (bad != 0 && s->run->check_crc) {
        cli_lose(s->run, s->log, c->file_off, c->len, EVX_E_CHUNK_CRC, NULL);
        return;
    }
    if (bad != 0)
        say_crc(s, c, bad);
    if (s->v->chunk)
        st = s->v->chunk(s->v->user, s->log, c);
    if (st == EVX_END)
        s->run->stopped = true;
    else if (st == EVX_OK)
        each_record(s, c);
    if (st == EVX_OK && !s->run->stopped && s->v->chunk_end
        && s->v->chunk_end(s->v->user, s->log, c) == EVX_END)
        s->run->stopped = true;
}

/*
 * Slots are used from the first one on. So one that a sound header counts is not empty but lost,
 * and so is one in front of all chunks of a log without a header.
 */
static void empty_slot(cli_scanner *s, const evx_window *w)
{
    const evx_file_header *h = &s->log->header;

    if ((h->damage == 0 && s->log->slots < h->chunk_count)
        || ((h->damage & EVX_FILE_SIGNATURE) && s->log->ledger.chunks == 0))
        cli_lose(s->run, s->log, w->file_off, w->len, EVX_E_CHUNK_SIGNATURE,
                 "zeros where a chunk was");
}

/* The last slot is not whole. Where its header does not say that all of its records are there,
 * some may have stood in what is missing. */
static void cut_slot(cli_scanner *s, const evx_window *w, const evx_chunk *c, evx_status st)
{
    uint32_t missing = EVX_CHUNK_SIZE - w->len;

    s->log->bytes_missing = missing;
    s->run->bytes_missing += missing;
    if (st == EVX_E_CHUNK_SIGNATURE || (st == EVX_OK && c->claimed == 0))
        cli_lose(s->run, s->log, w->file_off + w->len, missing, EVX_E_CHUNK_CUT, NULL);
    else if (s->run->verbose > 0 && st >= 0)
        cli_say("%s: %lu bytes of the last slot are missing behind offset %llu", s->log->path,
                (unsigned long)missing, (unsigned long long)w->file_off + w->len);
}

void cli_scan_window(cli_scanner *s, const evx_window *w)
{
    evx_chunk c;
    evx_status st = evx_chunk_open(&c, w);

    if (st == EVX_SKIP)
        empty_slot(s, w);
    s->log->slots++;
    if (st == EVX_OK || st == EVX_E_CHUNK_SIGNATURE) {
        one_chunk(s, &c);
    } else if (st < 0) {
        evx_ledger_chunk(&s->log->ledger, c.damage);
        cli_lose(s->run, s->log, w->file_off, w->len, st, NULL);
    }
    if (w->len < EVX_CHUNK_SIZE && !s->run->stopped)
        cut_slot(s, w, &c, st);
}
