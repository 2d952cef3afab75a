/* src/cli/scan_evt.c - one open legacy log -> records as chunks -> the command's visitor */
#include "cli.h"

#include <string.h>

/*
 * Behind the end record of a ring stand its oldest records, in front of it the newest. A file is
 * read twice, so that every command sees the oldest first: what comes behind the end record, then
 * what comes before it. Input that cannot be read twice is seen as it stands.
 */
typedef enum passing { AS_IT_STANDS, OLDER, NEWER } passing;

static uint8_t piece[EVX_CHUNK_SIZE], memory[EVX_EVT_MEMORY], chunk[EVX_CHUNK_SIZE];

typedef struct scanner {
    cli_run *run;
    const cli_visitor *v;
    cli_log *log;
    evx_evt stream, facts;           /* facts: what a pass over all of it has found            */
    evx_evt_image image;
    passing pass;
} scanner;

/* Is what was just handed out this pass's business? */
static bool wanted(const scanner *s)
{
    return s->pass == AS_IT_STANDS || (s->pass == NEWER) == (s->stream.end_off == 0);
}

static void one_record(scanner *s, const evx_evt_record *r)
{
    evx_chunk c;
    evx_record record;
    evx_status st = evx_evt_image_record(&s->image, r, &c, &record);

    if (st < 0)
        cli_lose(s->run, s->log, r->file_off, r->len, st, NULL);
    else
        cli_visit(s->run, s->v, s->log, &c, &record);
}

/* All that the bytes so far hold. EVX_MORE, EVX_END, or why this is no log. */
static evx_status take(scanner *s, evx_bytes *in)
{
    evx_evt_record r;
    evx_status st;

    while (!cli_stopping(s->run)) {
        st = evx_evt_next(&s->stream, in, &r);
        if (s->stream.failed < 0 || st == EVX_MORE || st == EVX_END)
            return st;
        if (s->pass == NEWER && s->stream.end_off != 0)
            return EVX_END;
        if (!wanted(s))
            continue;
        if (st == EVX_OK)
            one_record(s, &r);
        else
            cli_lose(s->run, s->log, r.file_off, r.len, st, NULL);
    }
    return EVX_END;
}

/* The header was read, and nothing was handed out: that needs more bytes than the first ones. */
static void begin(scanner *s)
{
    s->facts = s->stream;
    s->log->evt = &s->facts;
    evx_ledger_begin(&s->log->ledger, NULL, 0);
    if (s->v->begin)
        s->v->begin(s->v->user, s->log);
}

static evx_status run_pass(scanner *s, passing pass, int fd, evx_bytes in)
{
    evx_status st;
    int error = 0;

    s->pass = pass;
    s->log->bytes = in.len;
    if (pass != NEWER)
        cli_hash(s->log, in);
    (void)evx_evt_init(&s->stream, sizeof s->stream, memory, 0);
    while ((st = take(s, &in)) == EVX_MORE) {
        if (!s->log->evt && s->stream.file_off >= EVX_EVT_HEADER_SIZE)
            begin(s);
        in.ptr = piece;
        in.len = error == 0 ? cli_read(fd, piece, sizeof piece, &error) : 0;
        if (cli_stopping(s->run))
            break;
        s->log->bytes += in.len;
        if (pass != NEWER)
            cli_hash(s->log, in);
        cli_progress(s->run, s->log);
        if (error != 0 && wanted(s))
            cli_lose(s->run, s->log, s->log->bytes, 0, EVX_E_EVT_CUT, cli_error_text(error));
        if (in.len == 0)
            evx_evt_close(&s->stream);
    }
    if (pass != NEWER)
        s->facts = s->stream;
    return st;
}

static void say_facts(const scanner *s)
{
    const evx_evt *f = &s->facts;

    if (s->run->verbose > 0 && (f->damage & EVX_EVT_NO_END))
        cli_say("%s: no end record: which records are the newest cannot be told", s->log->path);
    if (s->run->verbose > 0 && f->stale > 0)
        cli_say("%s: %llu older records, behind the end of the log, were left out",
                s->log->path, (unsigned long long)f->stale);
}

evx_status cli_scan_evt(cli_run *run, const cli_visitor *v, cli_log *log, int fd, evx_bytes first)
{
    static scanner s;
    evx_status st;
    bool twice = cli_back(fd, first.len);

    memset(&s, 0, sizeof s);
    s.run = run;
    s.v = v;
    s.log = log;
    if (evx_evt_image_init(&s.image, sizeof s.image, chunk, NULL) < 0)
        return EVX_E_ABI;
    if (twice)
        first.len = 0;
    st = run_pass(&s, twice ? OLDER : AS_IT_STANDS, fd, first);
    if (!log->evt)
        return st;
    if (twice && !run->stopped && cli_back(fd, log->bytes))
        (void)run_pass(&s, NEWER, fd, first);
    else if (twice && !run->stopped && s.facts.end_off != 0)
        cli_lose(run, log, 0, s.facts.end_off, EVX_E_EVT_CUT, "it could not be read again");
    say_facts(&s);
    return EVX_OK;
}
