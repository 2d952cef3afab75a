/* tests/kit/cuts.c - a finished log read in every shape; a digest of all that is said of it */
#include "cuts.h"

#include <string.h>

#include "cliff.h"
#include "kit.h"

enum { TEXT_CAP = 20 << 20, LINE = 64, SMALL = 1 << 17 };

static uint64_t work[(EVX_TEXT_WORK + 7) / 8], memory[(EVX_READER_MEMORY + 7) / 8];
static uint8_t rendered[TEXT_CAP + 1];

uint64_t kit_digest(uint64_t h, const void *p, size_t n)
{
    const uint8_t *b = (const uint8_t *)p;

    for (size_t i = 0; i < n; i++)
        h = (h ^ b[i]) * 0x100000001b3u;
    return h ^ h >> 31;
}

uint64_t kit_digest_int(uint64_t h, uint64_t v)
{
    uint8_t b[8];

    for (size_t i = 0; i < sizeof b; i++)
        b[i] = (uint8_t)(v >> (8 * i));
    return kit_digest(h, b, sizeof b);
}

/* ---- one chunk, one record, one text ----------------------------------------------------- */

evx_status kit_chunk(const uint8_t *log, size_t len, size_t i, evx_chunk *c)
{
    size_t at = EVX_FILE_HEADER_SIZE + i * EVX_CHUNK_SIZE, left = len > at ? len - at : 0;
    evx_window w;

    w.base = log + at;
    w.len = (uint32_t)(left < EVX_CHUNK_SIZE ? left : EVX_CHUNK_SIZE);
    w.file_off = at;
    return evx_chunk_open(c, &w);
}

evx_status kit_record(const evx_chunk *c, size_t n, evx_record *r)
{
    evx_records it;
    evx_status st = EVX_OK;

    evx_records_begin(&it, c);
    for (size_t i = 0; i <= n && st != EVX_END; i++)
        st = evx_records_next(&it, r);
    return st;
}

static void setup(evx_text *t, uint32_t format, uint32_t flags, const evx_limits *limits)
{
    evx_text_config config;

    memset(&config, 0, sizeof config);
    config.format = format;
    config.flags = flags;
    if (limits)
        config.limits = *limits;
    config.work = (uint8_t *)work;
    config.work_len = sizeof work;
    kit_check(evx_text_init(t, sizeof *t, &config) == EVX_OK);
}

static kit_text result(const evx_text *t, evx_status st, size_t len)
{
    kit_text out;

    rendered[len] = 0;
    out.text = (const char *)rendered;
    out.len = len;
    out.status = st;
    out.failed = t->failed;
    out.damage = t->damage;
    out.failed_off = t->failed_off;
    return out;
}

kit_text kit_render(const evx_chunk *c, const evx_record *r, uint32_t format, uint32_t flags,
                    const evx_limits *limits)
{
    static evx_text t;
    evx_out o;
    evx_status st;

    setup(&t, format, flags, limits);
    evx_out_init(&o, rendered, TEXT_CAP, NULL, NULL);
    st = evx_text_record(&t, c, r, &o);
    kit_check(o.len == o.total && (st >= 0 || o.len == 0));
    return result(&t, st, o.len);
}

typedef struct gathered { size_t len; } gathered;

static evx_status gather(void *user, const uint8_t *data, size_t len)
{
    gathered *g = (gathered *)user;

    if (len > TEXT_CAP - g->len)
        return EVX_E_SPACE;
    memcpy(rendered + g->len, data, len);
    g->len += len;
    return EVX_OK;
}

kit_text kit_render_through(const evx_chunk *c, const evx_record *r, uint32_t format,
                            uint32_t flags, size_t cap)
{
    static evx_text t;
    uint8_t *cliff = kit_cliff(cap);
    gathered g = { 0 };
    evx_out o;
    evx_status st;

    setup(&t, format, flags, NULL);
    evx_out_init(&o, cliff - cap, cap, gather, &g);
    st = evx_text_record(&t, c, r, &o);
    kit_check(evx_out_flush(&o) == EVX_OK && (st < 0 || o.total == g.len));
    kit_cliff_free(cliff, cap);
    return result(&t, st, g.len);
}

/* ---- feeding ---------------------------------------------------------------------------- */

static void note(kit_feed *f, uint64_t v) { f->digest = kit_digest_int(f->digest, v); }

static void note_fields(kit_feed *f, const evx_chunk *c, const evx_record *r)
{
    static evx_reader reader;
    static evx_fields x;
    uint8_t line[LINE];

    kit_check(evx_reader_init(&reader, sizeof reader, (uint8_t *)memory, sizeof memory, NULL)
              == EVX_OK);
    note(f, (uint64_t)evx_fields_read(&reader, c, r, &x));
    note(f, x.event_id ^ x.record_id << 16 ^ (uint64_t)x.present << 32);
    note(f, x.time ^ x.keywords ^ x.payload.raw.len);
    note(f, x.data_total);
    note(f, evx_text_view_utf8(&x.provider, line, sizeof line));
    f->digest = kit_digest(f->digest, line, x.provider.len < LINE ? x.provider.len / 2 : 0);
}

static void note_text(kit_feed *f, const evx_chunk *c, const evx_record *r)
{
    for (uint32_t format = EVX_XML; format <= EVX_JSON; format++) {
        kit_text t = kit_render(c, r, format, 0, NULL);
        note(f, (uint64_t)t.status ^ (uint64_t)t.damage << 32 ^ (uint64_t)t.failed);
        f->digest = kit_digest(f->digest, t.text, t.len);
        f->text += t.len;
    }
}

static void note_window(kit_feed *f, const evx_window *w)
{
    evx_chunk c;
    evx_records it;
    evx_record r;
    evx_status st = evx_chunk_open(&c, w);

    f->windows++;
    note(f, (uint64_t)st ^ (uint64_t)c.damage << 32);
    note(f, w->file_off ^ (uint64_t)w->len << 40);
    evx_records_begin(&it, &c);
    while ((st = evx_records_next(&it, &r)) != EVX_END) {
        note(f, (uint64_t)st ^ (uint64_t)r.damage << 32);
        note(f, r.off ^ (uint64_t)r.size << 20 ^ (uint64_t)r.origin << 60);
        f->failed += st < 0;
        f->records += st == EVX_OK;
        if (st != EVX_OK || f->plain)
            continue;
        note(f, r.id ^ r.written);
        note_fields(f, &c, &r);
        note_text(f, &c, &r);
    }
}

void kit_feed_begin(kit_feed *f)
{
    memset(f, 0, sizeof *f);
    f->digest = KIT_DIGEST;
    f->last = EVX_MORE;
    kit_check(evx_stream_init(&f->stream, sizeof f->stream, f->window) == EVX_OK);
}

static void give(kit_feed *f, evx_bytes in)
{
    evx_window w;
    size_t left = in.len;

    f->stream.window = f->window;    /* the feed itself may have been copied */
    while ((f->last = evx_stream_next(&f->stream, &in, &w)) == EVX_OK) {
        kit_check(in.len <= left);
        left = in.len;
        note_window(f, &w);
    }
    kit_check(f->last != EVX_MORE || in.len == 0);
}

/* Small pieces share one cliff, for speed; what they held is overwritten after the call. */
void kit_feed_piece(kit_feed *f, const uint8_t *p, size_t n)
{
    static uint8_t *small;
    uint8_t *cliff;
    evx_bytes in;

    if (f->last != EVX_MORE)
        return;
    if (!small)
        small = kit_cliff(SMALL);
    cliff = n > SMALL ? kit_cliff(n) : small;
    if (n)
        memcpy(cliff - n, p, n);
    in.ptr = cliff - n;
    in.len = n;
    give(f, in);
    if (n > SMALL)
        kit_cliff_free(cliff, n);
    else
        memset(cliff - n, 0xdd, n);
}

uint64_t kit_feed_end(kit_feed *f)
{
    evx_bytes none = { NULL, 0 };
    const evx_file_header *h = &f->stream.header;

    evx_stream_close(&f->stream);
    if (f->last == EVX_MORE)
        give(f, none);
    note(f, (uint64_t)f->last);
    note(f, h->first_chunk ^ h->last_chunk << 16 ^ h->next_record << 32);
    note(f, h->flags ^ (uint64_t)h->damage << 32);
    note(f, h->major ^ (uint64_t)h->minor << 16 ^ (uint64_t)h->chunk_count << 32);
    return f->digest;
}

uint64_t kit_feed_every(const uint8_t *p, size_t n, size_t step)
{
    static kit_feed f;

    kit_feed_begin(&f);
    for (size_t at = 0; at < n; at += step)
        kit_feed_piece(&f, p + at, step < n - at ? step : n - at);
    return kit_feed_end(&f);
}

uint64_t kit_feed_whole(const uint8_t *p, size_t n)
{
    return kit_feed_every(p, n, n + 1);
}

uint64_t kit_feed_cut(const uint8_t *p, size_t n, size_t cut)
{
    static kit_feed f;

    kit_feed_begin(&f);
    kit_feed_piece(&f, p, cut);
    kit_feed_piece(&f, p + cut, n - cut);
    return kit_feed_end(&f);
}
