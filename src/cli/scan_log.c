/* src/cli/scan_log.c - one open log: told by content, read slot by slot, closed with its sums */
#include "pool.h"
#include "scan.h"

#include <stdio.h>
#include <string.h>

/*
 * The first piece is the file header's block and every other one some slots, so that a file's
 * chunks are read where they land and never copied. What comes through a pipe is taken by the slot:
 * nothing waits for what has not come yet. The stream's own window serves what was cut.
 */
static _Alignas(4096) uint8_t piece[EVX_CHUNK_SIZE];
static uint8_t window[EVX_CHUNK_SIZE];

void cli_hash(cli_log *log, evx_bytes in)
{
    if (log->sha256)
        cli_sha256_take(log->sha256, in.ptr, in.len);
}

/* ---- the log ------------------------------------------------------------------------------- */

static void begin(cli_scanner *s)
{
    cli_log *log = s->log;

    log->header = s->stream.header;
    evx_ledger_begin(&log->ledger, NULL, 0);
    if (s->v->begin)
        s->v->begin(s->v->user, log);
    if (log->header.damage & EVX_FILE_SIGNATURE)
        cli_lose(s->run, log, 0, EVX_FILE_HEADER_SIZE, EVX_E_FILE_SIGNATURE,
                 log->base == 0 ? "the file's header is cut off; its chunks are read"
                                : "the file has no header; its chunks are read");
    if (s->run->count_crc && (log->header.damage & EVX_FILE_CRC)) {
        log->ledger.crc_failures++;
        cli_say("%s: the checksum of the file header is wrong", log->path);
    }
    if (log->header.damage & EVX_FILE_CUT)
        cli_lose(s->run, log, log->bytes, EVX_FILE_HEADER_SIZE - log->bytes, EVX_E_FILE_SHORT,
                 NULL);
}

/*
 * The header's count is that of the last clean close: a dirty log holds more, never fewer. Where it
 * counts more than there are, the file was cut, even if exactly between two chunks. A header that
 * is not sound counts nothing.
 */
static void miss_chunks(cli_scanner *s)
{
    const evx_file_header *h = &s->log->header;
    uint64_t missing = h->chunk_count > s->log->slots ? h->chunk_count - s->log->slots : 0;
    char words[96];

    if (missing == 0 || (h->damage & ~(uint32_t)EVX_FILE_CUT) != 0)
        return;
    (void)snprintf(words, sizeof words, "the file ends before %llu of its %u chunks",
                   (unsigned long long)missing, (unsigned)h->chunk_count);
    cli_lose(s->run, s->log, s->log->bytes, missing * EVX_CHUNK_SIZE, EVX_E_CHUNK_CUT, words);
}

/* A file that ends before its size became shorter while it was read: somebody cleared it, say. */
static void miss_bytes(cli_scanner *s)
{
    cli_log *log = s->log;
    evx_status why = log->evt ? EVX_E_EVT_CUT : EVX_E_CHUNK_CUT;

    if (log->bytes < log->size)
        cli_lose(s->run, log, log->bytes, log->size - log->bytes, why,
                 "the file became shorter while it was read");
}

/* What a log lost, in a line: what there is to say, and no noughts. */
static void sum_up(const cli_run *run, const cli_log *log)
{
    const evx_ledger *l = &log->ledger;
    const char *least = log->vague ? "at least " : "";
    char lost[96] = "", part[64] = "";

    if (l->lost > 0)
        (void)snprintf(lost, sizeof lost, "%s%llu of %llu record%s lost", least,
                       (unsigned long long)l->lost, (unsigned long long)l->records,
                       cli_s(l->records));
    else if (l->loss_count > 0)
        (void)snprintf(lost, sizeof lost, "%llu byte%s lost, none of the %llu record%s",
                       (unsigned long long)l->lost_bytes, cli_s(l->lost_bytes),
                       (unsigned long long)l->records, cli_s(l->records));
    if (log->partial > 0)
        (void)snprintf(part, sizeof part, "%s%llu read in part", *lost ? ", " : "",
                       (unsigned long long)log->partial);
    cli_say("%s: %s%s%s", log->path, lost, part,
            run->verbose == 0 && !run->lists && log->lines > LINES_MAX ? " (-v shows all)" : "");
}

static void finish(cli_scanner *s)
{
    cli_run *run = s->run;
    cli_log *log = s->log;
    const evx_ledger *l = &log->ledger;

    log->broken_off = cli_interrupted() != 0;
    if (!run->stopped)
        miss_bytes(s);
    if (!run->stopped && !log->evt)
        miss_chunks(s);
    log->vague |= log->doubt;        /* no record behind the last losses                       */
    if (s->v->end && !log->broken_off)
        s->v->end(s->v->user, log);
    run->records += l->records;
    run->lost += l->lost;
    run->vague |= log->vague && l->lost > 0;
    run->partial += log->partial;
    run->crc_failures += l->crc_failures;
    run->hidden += l->hidden;
    run->damaged_logs += l->loss_count > 0 || log->partial > 0;
    if (log->broken_off)
        return;
    if (l->loss_count > 0 || log->partial > 0)
        sum_up(run, log);
    else if (run->verbose > 0 && log->evt)
        cli_say("%s: %llu record%s, none lost", log->path, (unsigned long long)l->records,
                cli_s(l->records));
    else if (run->verbose > 0)
        cli_say("%s: %llu record%s in %llu chunk%s, none lost", log->path,
                (unsigned long long)l->records, cli_s(l->records), (unsigned long long)l->chunks,
                cli_s(l->chunks));
}

/* Bytes of the log that were read: hand them over, and look at the chunks in them. */
static evx_status take(cli_scanner *s, evx_bytes in)
{
    evx_window w;
    evx_status st = EVX_OK;

    while (!cli_stopping(s->run) && (st = evx_stream_next(&s->stream, &in, &w)) == EVX_OK)
        cli_scan_window(s, &w);
    return st;
}

/* What of the log stands behind the first piece. */
static void read_slots(cli_scanner *s, int fd, evx_bytes in)
{
    size_t most = s->log->size != 0 ? sizeof piece : EVX_CHUNK_SIZE;
    /* what was read of the first slot already */
    size_t ask = most - (s->log->bytes - s->log->base) % EVX_CHUNK_SIZE;
    int error = 0;

    while (take(s, in) == EVX_MORE && !s->run->stopped) {
        in.ptr = piece;
        in.len = error == 0 ? cli_read(fd, piece, ask, &error) : 0;
        if (cli_stopping(s->run))
            break;
        ask = most;
        s->log->bytes += in.len;
        cli_hash(s->log, in);
        cli_progress(s->run, s->log);
        if (error != 0)
            cli_lose(s->run, s->log, s->log->bytes, 0, EVX_E_CHUNK_CUT, cli_error_text(error));
        if (in.len == 0)
            evx_stream_close(&s->stream);
    }
}

/* ---- with threads -------------------------------------------------------------------------- */

/* A slot, worked on or not, as read_slots has it. `skip` of its bytes were counted before. */
static void take_slot(cli_scanner *s, const cli_slot *slot, size_t skip)
{
    evx_bytes all = { slot->ptr, slot->len }, fresh = { slot->ptr, 0 };

    if (slot->len > skip)
        fresh = (evx_bytes){ slot->ptr + skip, slot->len - skip };
    s->log->bytes += fresh.len;
    cli_hash(s->log, fresh);
    cli_progress(s->run, s->log);
    s->log->ahead = slot->len == EVX_CHUNK_SIZE ? slot->result : NULL;
    (void)take(s, all);
    s->log->ahead = NULL;
}

/* Whole slots by the pool; `skip` bytes of the first one were read before. Then what stands behind
 * them, or has come in the meantime. */
static void read_ahead(cli_scanner *s, int fd, size_t skip)
{
    uint64_t base = s->log->base, count = (s->log->size - base) / EVX_CHUNK_SIZE;
    uint64_t start = cli_place(fd) - s->log->bytes;
    cli_slot slot = { NULL, EVX_CHUNK_SIZE, 0, NULL };
    evx_bytes none = { NULL, 0 };

    cli_pool_file(s->run->pool, fd, start, base, count);
    while (!cli_stopping(s->run) && slot.len == EVX_CHUNK_SIZE
           && cli_pool_take(s->run->pool, &slot)) {
        take_slot(s, &slot, skip);
        skip = 0;
    }
    if (slot.error != 0 && !cli_stopping(s->run))
        cli_lose(s->run, s->log, s->log->bytes, 0, EVX_E_CHUNK_CUT, cli_error_text(slot.error));
    cli_pool_clear(s->run->pool);
    if (cli_stopping(s->run))
        return;
    if (slot.len == EVX_CHUNK_SIZE && cli_seek(fd, start + base + count * EVX_CHUNK_SIZE)) {
        read_slots(s, fd, none);
    } else {
        evx_stream_close(&s->stream);
        (void)take(s, none);
    }
}

static evx_status scan_evtx(cli_scanner *s, int fd, evx_bytes in, int is)
{
    uint32_t base = is == CLI_HEAD_CUT_OFF ? 0 : EVX_FILE_HEADER_SIZE;
    evx_bytes head = { in.ptr, in.len < base ? in.len : base };
    evx_bytes rest = { in.ptr + head.len, in.len - head.len };
    evx_window w;
    evx_status st = evx_stream_init(&s->stream, sizeof s->stream, window);

    if (st < 0)
        return st;
    s->log->base = base;
    s->log->head = is;
    if (is == CLI_HEAD_LOST)
        evx_stream_headless(&s->stream);
    if (is == CLI_HEAD_CUT_OFF)
        evx_stream_beheaded(&s->stream);
    st = evx_stream_next(&s->stream, &head, &w);
    if (s->log->bytes < base) {
        evx_stream_close(&s->stream);
        st = evx_stream_next(&s->stream, &head, &w);
    }
    if (st < 0)
        return st;
    begin(s);
    if (s->run->stopped)
        return EVX_OK;
    /* of what comes through a pipe, nothing waits for what has not come yet */
    if (s->run->pool && s->log->size > EVX_FILE_HEADER_SIZE + 2 * EVX_CHUNK_SIZE)
        read_ahead(s, fd, rest.len);
    else
        read_slots(s, fd, rest);
    return EVX_OK;
}

evx_status cli_scan(cli_run *run, const cli_visitor *v, cli_log *log, int fd, int *error)
{
    cli_scanner s = { .run = run, .v = v, .log = log, .kernels = cli_kernels() };
    evx_bytes in = { piece, cli_read(fd, piece, CLI_LOG_HEAD, error) };
    static cli_sha256 hash;
    evx_status st;
    int is;

    if (*error != 0)
        return EVX_OK;
    log->bytes = in.len;
    is = cli_head(in.ptr, in.len);
    if (is == CLI_HEAD_NONE && in.len == CLI_LOG_HEAD)
        is = cli_head_search(fd, log->given);
    if (is == CLI_HEAD_NONE)
        return EVX_E_FILE_SIGNATURE;
    if (run->hash) {
        log->sha256 = &hash;
        cli_sha256_begin(&hash);
    }
    if (is != CLI_HEAD_LEGACY)
        cli_hash(log, in);
    st = is == CLI_HEAD_LEGACY ? cli_scan_evt(run, v, log, fd, in) : scan_evtx(&s, fd, in, is);
    if (st >= 0)
        finish(&s);
    return st;
}
