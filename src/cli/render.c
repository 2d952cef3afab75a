/* src/cli/render.c - chosen records -> text: what evx dump does with one, here or in a thread */
#include "render.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Compiled templates of one host's logs; of many hosts', where threads share them. */
enum { ARENA = 2112 * 1024, SHARED = 2 * ARENA, HEADING_MAX = RENDER_HEADING };

/* As many records, and as much text, as a chunk can have. */
enum {
    RECORDS_MAX = EVX_CHUNK_SIZE / 24,
    TEXT_MAX = 65 * EVX_CHUNK_SIZE + RECORDS_MAX * (HEADING_MAX + 1) + 4096
};

struct rendered_chunk {
    uint32_t count, next;            /* records; how many were asked for                       */
    size_t at;                       /* of the next one's text                                 */
    size_t len;                      /* of all text                                            */
    bool whole;                      /* sound records, read to their ends: books, first, last  */
    evx_ledger books;
    evx_record first, last;
    rendered record[RECORDS_MAX];
    uint8_t text[TEXT_MAX];
};

static bool begin(renderer *x, const dump_options *is, evx_programs *shared, unsigned sharer)
{
    evx_text_config config = is->config;

    memset(x, 0, sizeof *x);
    x->is = is;
    config.arena_len = shared ? EVX_SHARER_ARENA : ARENA;
    x->work = malloc(EVX_TEXT_WORK);
    x->arena = malloc(config.arena_len);
    x->memory = malloc(EVX_READER_MEMORY);
    if (!x->work || !x->arena || !x->memory)
        return false;
    config.kernels = cli_kernels();
    config.work = (uint8_t *)x->work;
    config.work_len = EVX_TEXT_WORK;
    config.arena = (uint8_t *)x->arena;
    config.programs = shared;
    config.sharer = sharer;
    /* without conditions nobody asks for fields, and templates need no memory there */
    return evx_text_init(&x->text, sizeof x->text, &config) == EVX_OK
        && evx_reader_init(&x->reader, sizeof x->reader, (uint8_t *)x->memory,
                           is->filtered ? EVX_READER_MEMORY : EVX_READER_LEAST,
                           NULL) == EVX_OK;
}

bool render_begin(renderer *x, const dump_options *is)
{
    return begin(x, is, NULL, 0);
}

void render_end(renderer *x)
{
    free(x->work);
    free(x->arena);
    free(x->memory);
}

void render_renew(renderer *x)
{
    evx_text_renew(&x->text);
    evx_reader_renew(&x->reader);
}

/* ---- one record ----------------------------------------------------------------------------- */

static bool numbered_so(const dump_options *d, uint64_t number)
{
    for (size_t i = 0; i < d->range_count; i++)
        if (number >= d->ranges[i].first && number <= d->ranges[i].last)
            return true;
    return d->range_count == 0;
}

bool render_wanted(renderer *x, const evx_chunk *c, const evx_record *r)
{
    return numbered_so(x->is, r->id)
        && (!x->is->filtered || evx_filter_record(&x->is->filter, &x->reader, c, r) != EVX_SKIP);
}

evx_status render_next(renderer *x, cli_log *log, evx_records *it, evx_record *r)
{
    const evx_chunk *c = it->chunk;
    /* else what lies between records counts, or the text of all is waiting in their order */
    bool sound = c->damage == 0 && c->claimed != 0 && !log->ahead;
    evx_ledger *l = &log->ledger;
    evx_status st;

    while ((st = evx_records_next(it, r)) == EVX_OK && sound && r->damage == 0
           && l->open == l->loss_count && !log->doubt) {
        if (render_wanted(x, c, r)) {
            x->chosen = r->off;
            break;
        }
        evx_ledger_read(l, c, r, r->written, false);
    }
    return st;
}

/* "Record N": mostly one more than the last one. */
static void make_heading(renderer *x, uint64_t number)
{
    static const char record[] = "Record ";
    char *last = x->heading + (x->heading_len > 1 ? x->heading_len - 2 : 0);

    if (x->heading_len != 0 && number != 0 && number - 1 == x->headed && *last != '9')
        ++*last;
    else {
        memcpy(x->heading, record, sizeof record - 1);
        x->heading_len = (uint32_t)(sizeof record - 1);
        x->heading_len += (uint32_t)cli_digits(x->heading + x->heading_len, number);
        x->heading[x->heading_len++] = '\n';
    }
    x->headed = number;
}

/*
 * The heading stands in front of text that may turn out not to exist. There is room for it, so it
 * stays in the buffer until the record is judged, and can be taken back.
 */
static size_t put_heading(renderer *x, evx_out *out, uint64_t number)
{
    uint64_t before = out->total;

    make_heading(x, number);
    if (out->cap - out->len < HEADING_MAX) {
        (void)evx_out_flush(out);
        (void)evx_out_write(out, x->heading, x->heading_len);
    } else {
        memcpy(out->buf + out->len, x->heading, HEADING_MAX);
        out->len += x->heading_len;
        out->total += x->heading_len;
    }
    return (size_t)(out->total - before);
}

static void put_line_end(evx_out *out)
{
    if (out->failed < 0 || out->len == out->cap) {
        (void)evx_out_write(out, "\n", 1);
        return;
    }
    out->buf[out->len++] = '\n';
    out->total++;
}

void render_record(renderer *x, const evx_chunk *c, const evx_record *r, evx_out *out,
                   rendered *to)
{
    uint64_t before = out->total;
    size_t heading;

    memset(to, 0, sizeof *to);
    to->wanted = (x->chosen != 0 && x->chosen == r->off) || render_wanted(x, c, r);
    x->chosen = 0;
    if (!to->wanted)
        return;
    heading = x->is->numbered ? put_heading(x, out, r->id) : 0;
    to->st = evx_text_record(&x->text, c, r, out);
    to->failed = x->text.failed;
    to->failed_off = x->text.failed_off;
    to->damage = x->text.damage;
    if (to->st < 0 && out->failed == EVX_OK) {
        out->len -= heading;
        out->total -= heading;
    } else if (x->is->lines) {
        put_line_end(out);
    }
    to->len = (uint32_t)(out->total - before);
}

/* ---- chunks, ahead -------------------------------------------------------------------------- */

/* What threads have in common. */
typedef struct together {
    const dump_options *is;
    evx_programs programs;
    uint64_t *arena;
    bool share;
} together;

static void *begin_thread(void *user, unsigned number)
{
    together *all = user;
    renderer *x = malloc(sizeof *x);

    if (x && !begin(x, all->is, all->share ? &all->programs : NULL, number)) {
        render_end(x);
        free(x);
        x = NULL;
    }
    return x;
}

static void end_thread(void *own)
{
    if (own)
        render_end(own);
    free(own);
}

static void note_whole(rendered_chunk *x, const evx_chunk *c)
{
    evx_records it;

    evx_records_begin(&it, c);
    evx_ledger_begin(&x->books, NULL, 0);
    x->whole = evx_ledger_skim(&x->books, &it, &x->first, &x->last) == EVX_OK
            && x->books.records == x->count;
    for (uint32_t i = 0; i < x->count; i++)
        x->whole &= !x->record[i].wanted || (x->record[i].st == EVX_OK && x->record[i].damage == 0);
}

static void render_chunk(void *own, const evx_window *w, void *result)
{
    rendered_chunk *to = result;
    evx_records it;
    evx_record r;
    evx_status st;
    evx_chunk c;
    evx_out out;

    to->count = to->next = 0;
    to->at = 0;
    to->whole = false;
    if (!own || evx_chunk_open(&c, w) == EVX_SKIP)
        return;
    render_renew(own);
    evx_out_init(&out, to->text, sizeof to->text, NULL, NULL);
    evx_records_begin(&it, &c);
    while (to->count < RECORDS_MAX && (st = evx_records_next(&it, &r)) != EVX_END)
        if (st == EVX_OK)
            render_record(own, &c, &r, &out, &to->record[to->count++]);
    to->len = out.len;
    render_renew(own);               /* nobody waits for one that has nothing to do           */
    note_whole(to, &c);
}

/* Without memory to share, each thread learns for itself. */
cli_pool *render_ahead(dump_options *is, unsigned threads)
{
    static together all;
    cli_work work = { begin_thread, end_thread, render_chunk, &all, sizeof(rendered_chunk) };

    all.is = is;
    all.arena = malloc(SHARED);
    all.share = all.arena
             && evx_programs_init(&all.programs, sizeof all.programs, &is->config,
                                  (uint8_t *)all.arena, SHARED) == EVX_OK;
    return cli_pool_begin(&work, threads);
}

const rendered *rendered_next(rendered_chunk *c, const uint8_t **text)
{
    const rendered *r = &c->record[c->next];

    if (c->next == c->count)
        return NULL;
    *text = c->text + c->at;
    c->at += r->len;
    c->next++;
    return r;
}

bool rendered_whole(rendered_chunk *x, const evx_chunk *c, evx_ledger *l, const uint8_t **text,
                    size_t *len)
{
    if (!x->whole || evx_ledger_join(l, &x->books, c, &x->first) != EVX_OK)
        return false;
    evx_ledger_time(l, x->last.written);
    *text = x->text;
    *len = x->len;
    return true;
}
