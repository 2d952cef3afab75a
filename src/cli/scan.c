/* src/cli/scan.c - one open log -> chunks -> records -> the command's visitor; what was lost */
#include "cli.h"

#include <stdio.h>
#include <string.h>

/* Lines about one log before the rest is only counted: a screenful and a half. */
enum { LINES_MAX = 36 };

/*
 * The first piece is the file header's block and every other one a slot, so that a file's chunks
 * are read where they land and never copied. The stream's own window serves what was cut.
 */
static uint8_t piece[EVX_CHUNK_SIZE], window[EVX_CHUNK_SIZE];

typedef struct scanner {
    cli_run *run;
    const cli_visitor *v;
    cli_log *log;
    const evx_kernels *kernels;
    evx_stream stream;
} scanner;

static bool is_legacy(const uint8_t *bytes)
{
    return memcmp(bytes, "\x30\0\0\0LfLe", 8) == 0;
}

/* A chunk where the first one stands: a log whose header was written over. */
static bool is_headless(const uint8_t *bytes, size_t len)
{
    return len >= CLI_LOG_HEAD && memcmp(bytes, "ElfFile", 8) != 0
        && memcmp(bytes + EVX_FILE_HEADER_SIZE, "ElfChnk", 8) == 0;
}

bool cli_is_log(const uint8_t *bytes, size_t len)
{
    return len >= 8 && (memcmp(bytes, "ElfFile", 8) == 0 || is_legacy(bytes)
                        || is_headless(bytes, len));
}

void cli_hash(cli_log *log, evx_bytes in)
{
    if (log->sha256)
        cli_sha256_take(log->sha256, in.ptr, in.len);
}

static bool may_speak(const cli_run *run, cli_log *log)
{
    return run->verbose > 0 || (log->lines++ < LINES_MAX && !run->lists);
}

void cli_lose(cli_run *run, cli_log *log, uint64_t off, uint64_t len, evx_status why,
              const char *words)
{
    evx_ledger_lose(&log->ledger, off, len, why);
    log->vague |= why == EVX_E_CHUNK_SIGNATURE || why == EVX_E_CHUNK_CUT || why == EVX_E_CHUNK_CRC
               || why == EVX_E_EVT_CUT;
    if (may_speak(run, log))
        cli_say("%s: at offset %llu (0x%llx): %llu bytes lost: %s", log->path,
                (unsigned long long)off, (unsigned long long)off, (unsigned long long)len,
                words ? words : evx_status_text(why));
    run->stopped |= run->stop_after_one;
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
    evx_status st;

    memset(&seen, 0, sizeof seen);
    st = v->record(v->user, log, c, r, &seen);
    if (st == EVX_END)
        run->stopped = true;
    else if (st < 0)
        lose_record(run, log, c, r, &seen, st);
    else {
        seen.partial |= st == EVX_OK && (r->damage & EVX_EVT_PARTIAL) != 0;
        evx_ledger_read(&log->ledger, c, r, seen.time, seen.partial);
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
static void lose_between(scanner *s, const evx_chunk *c, uint32_t from, uint32_t to)
{
    if (holds_anything(c, from, to))
        cli_lose(s->run, s->log, c->file_off + from, to - from,
                 c->damage & EVX_CHUNK_SIGNATURE ? EVX_E_CHUNK_SIGNATURE : EVX_E_RECORD_SIGNATURE,
                 NULL);
}

static void each_record(scanner *s, const evx_chunk *c)
{
    bool silent = (c->damage & EVX_CHUNK_SIGNATURE) || c->claimed == 0, last = false;
    uint32_t stop = c->claimed != 0 && c->claimed < c->len ? c->claimed : c->len;
    uint32_t end;                    /* of the record before, from the start of the chunk      */
    evx_records it;
    evx_record r;
    evx_status st;

    evx_records_begin(&it, c);
    end = it.pos;
    while (!s->run->stopped && (st = evx_records_next(&it, &r)) != EVX_END) {
        if (silent)
            lose_between(s, c, end, r.off);
        end = r.off + r.size;
        last = st == EVX_OK && r.id == c->last_record;
        if (st == EVX_OK)
            cli_visit(s->run, s->v, s->log, c, &r);
        else
            cli_lose(s->run, s->log, c->file_off + r.off, r.size, st, NULL);
    }
    if (silent && !last && !s->run->stopped)
        lose_between(s, c, end, stop);
}

/* ---- chunks -------------------------------------------------------------------------------- */

static void say_damage(const scanner *s, const evx_chunk *c, uint32_t damage)
{
    if (s->run->verbose > 1)
        cli_say("%s: chunk at offset %llu: records %llu to %llu%s%s%s%s%s", s->log->path,
                (unsigned long long)c->file_off, (unsigned long long)c->first_record,
                (unsigned long long)c->last_record,
                damage & EVX_CHUNK_SIGNATURE ? ", no signature" : "",
                damage & EVX_CHUNK_FREE_OFF ? ", free space offset impossible" : "",
                damage & EVX_CHUNK_CUT ? ", cut" : "",
                damage & EVX_CHUNK_HEADER_CRC ? ", header checksum wrong" : "",
                damage & EVX_CHUNK_DATA_CRC ? ", data checksum wrong" : "");
}

/* A wrong checksum is no loss: the chunk's records are read, and judged one by one. */
static void say_crc(const scanner *s, const evx_chunk *c, uint32_t bad)
{
    if (may_speak(s->run, s->log))
        cli_say("%s: at offset %llu (0x%llx): the checksum of the chunk's %s is wrong",
                s->log->path, (unsigned long long)c->file_off, (unsigned long long)c->file_off,
                bad == EVX_CHUNK_HEADER_CRC ? "header"
                : bad == EVX_CHUNK_DATA_CRC ? "records" : "header and that of its records");
}

static void one_chunk(scanner *s, const evx_chunk *c)
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

static void one_window(scanner *s, const evx_window *w)
{
    evx_chunk c;
    evx_status st = evx_chunk_open(&c, w);

    s->log->slots++;
    if (st == EVX_OK || st == EVX_E_CHUNK_SIGNATURE) {
        one_chunk(s, &c);
    } else if (st < 0) {
        evx_ledger_chunk(&s->log->ledger, c.damage);
        cli_lose(s->run, s->log, w->file_off, w->len, st, NULL);
    }
}

/* ---- the log ------------------------------------------------------------------------------- */

static void begin(scanner *s)
{
    cli_log *log = s->log;

    log->header = s->stream.header;
    evx_ledger_begin(&log->ledger, NULL, 0);
    if (s->v->begin)
        s->v->begin(s->v->user, log);
    if (log->header.damage & EVX_FILE_SIGNATURE)
        cli_lose(s->run, log, 0, EVX_FILE_HEADER_SIZE, EVX_E_FILE_SIGNATURE,
                 "the file has no header; its chunks are read");
    if (log->header.damage & EVX_FILE_CUT)
        cli_lose(s->run, log, log->bytes, EVX_FILE_HEADER_SIZE - log->bytes, EVX_E_FILE_SHORT,
                 NULL);
}

/*
 * The header's count is that of the last clean close: a dirty log holds more, never fewer. Where it
 * counts more than there are, the file was cut, even if exactly between two chunks.
 */
static void miss_chunks(scanner *s)
{
    const evx_file_header *h = &s->log->header;
    uint64_t missing = h->chunk_count > s->log->slots ? h->chunk_count - s->log->slots : 0;
    char words[96];

    if (missing == 0 || (h->damage & (EVX_FILE_CRC | EVX_FILE_CUT)))
        return;
    (void)snprintf(words, sizeof words, "the file ends before %llu of its %u chunks",
                   (unsigned long long)missing, (unsigned)h->chunk_count);
    cli_lose(s->run, s->log, s->log->bytes, missing * EVX_CHUNK_SIZE, EVX_E_CHUNK_CUT, words);
}

static void finish(scanner *s)
{
    cli_run *run = s->run;
    cli_log *log = s->log;
    const evx_ledger *l = &log->ledger;

    if (!run->stopped && !log->evt)
        miss_chunks(s);
    if (s->v->end)
        s->v->end(s->v->user, log);
    run->records += l->records;
    run->lost += l->lost;
    run->partial += log->partial;
    run->crc_failures += l->crc_failures;
    run->hidden += l->hidden;
    run->damaged_logs += l->loss_count > 0 || log->partial > 0;
    if (l->loss_count > 0 || log->partial > 0)
        cli_say("%s: %s%llu of %llu records lost, %llu read in part%s", log->path,
                log->vague ? "at least " : "", (unsigned long long)l->lost,
                (unsigned long long)l->records, (unsigned long long)log->partial,
                run->verbose == 0 && !run->lists && log->lines > LINES_MAX ? " (-v shows all)"
                                                                           : "");
    else if (run->verbose > 0 && log->evt)
        cli_say("%s: %llu record%s, none lost", log->path, (unsigned long long)l->records,
                cli_s(l->records));
    else if (run->verbose > 0)
        cli_say("%s: %llu record%s in %llu chunk%s, none lost", log->path,
                (unsigned long long)l->records, cli_s(l->records), (unsigned long long)l->chunks,
                cli_s(l->chunks));
}

/* What of the log stands behind the first piece. */
static void read_slots(scanner *s, int fd, evx_bytes in)
{
    evx_window w;
    evx_status st = EVX_MORE;
    /* what was read of the first slot already; behind it slots are pieces, and are not copied */
    size_t ask = sizeof piece - (s->log->bytes - EVX_FILE_HEADER_SIZE) % sizeof piece;
    int error = 0;

    while (st == EVX_MORE && !s->run->stopped) {
        while ((st = evx_stream_next(&s->stream, &in, &w)) == EVX_OK && !s->run->stopped)
            one_window(s, &w);
        if (st != EVX_MORE || s->run->stopped)
            return;
        in.ptr = piece;
        in.len = error == 0 ? cli_read(fd, piece, ask, &error) : 0;
        ask = sizeof piece;
        s->log->bytes += in.len;
        cli_hash(s->log, in);
        cli_progress(s->run, s->log);
        if (error != 0)
            cli_lose(s->run, s->log, s->log->bytes, 0, EVX_E_CHUNK_CUT, cli_error_text(error));
        if (in.len == 0)
            evx_stream_close(&s->stream);
    }
}

static evx_status scan_evtx(scanner *s, int fd, evx_bytes in)
{
    evx_window w;
    evx_status st = evx_stream_init(&s->stream, sizeof s->stream, window);

    if (st < 0)
        return st;
    if (is_headless(in.ptr, in.len))
        evx_stream_headless(&s->stream);
    st = evx_stream_next(&s->stream, &in, &w);
    if (s->log->bytes < EVX_FILE_HEADER_SIZE) {
        evx_stream_close(&s->stream);
        st = evx_stream_next(&s->stream, &in, &w);
    }
    if (st < 0)
        return st;
    begin(s);
    if (!s->run->stopped)
        read_slots(s, fd, in);
    return EVX_OK;
}

evx_status cli_scan(cli_run *run, const cli_visitor *v, cli_log *log, int fd, int *error)
{
    scanner s = { .run = run, .v = v, .log = log, .kernels = evx_kernels_best() };
    evx_bytes in = { piece, cli_read(fd, piece, CLI_LOG_HEAD, error) };
    static cli_sha256 hash;
    evx_status st;

    if (*error != 0)
        return EVX_OK;
    log->bytes = in.len;
    if (!cli_is_log(in.ptr, in.len))
        return EVX_E_FILE_SIGNATURE;
    if (run->hash) {
        log->sha256 = &hash;
        cli_sha256_begin(&hash);
    }
    if (!is_legacy(in.ptr))
        cli_hash(log, in);
    st = is_legacy(in.ptr) ? cli_scan_evt(run, v, log, fd, in) : scan_evtx(&s, fd, in);
    if (st >= 0)
        finish(&s);
    return st;
}
