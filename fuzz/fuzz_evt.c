/* fuzz/fuzz_evt.c - legacy logs: forward, in bounds, linear, the same from every cut; images */
#include "fuzz.h"

#include "evx/evt.h"

static uint8_t memory[EVX_EVT_MEMORY], image[EVX_CHUNK_SIZE];
static uint64_t work[EVX_TEXT_WORK / 8 + 1], reading[EVX_READER_MEMORY / 8 + 1];
static uint8_t text[1 << 20];
static evx_reader reader;

typedef struct feed {
    evx_evt stream;
    uint64_t digest, records, covered;
    evx_status last;
} feed;

static void begin(feed *f, fuzz_dice *d, uint32_t flags)
{
    memset(f, 0, sizeof *f);
    fuzz_dirty(d, &f->stream, sizeof f->stream);
    fuzz_dirty(d, memory, fuzz_one_in(d, 8) ? sizeof memory : 1024);
    FUZZ_CHECK(evx_evt_init(&f->stream, sizeof f->stream + 1, memory, 0) == EVX_E_ABI);
    FUZZ_CHECK(evx_evt_init(&f->stream, sizeof f->stream, memory, flags) == EVX_OK);
    f->last = EVX_MORE;
}

/* ---- one record ------------------------------------------------------------------------------ */

static int inside(const evx_evt_record *r, const uint8_t *p, size_t len)
{
    return len == 0 || (p >= r->base && (size_t)(p - r->base) <= r->len
                        && len <= r->len - (size_t)(p - r->base));
}

static void check_record(const evx_evt_record *r)
{
    FUZZ_CHECK(r->len >= 56 && r->len <= EVX_EVT_RECORD_MAX + 60);
    FUZZ_CHECK(memcmp(r->base + 4, "LfLe", 4) == 0);
    FUZZ_CHECK(inside(r, r->source.ptr, 2 * (size_t)r->source.units));
    FUZZ_CHECK(inside(r, r->computer.ptr, 2 * (size_t)r->computer.units));
    FUZZ_CHECK(inside(r, r->sid.ptr, r->sid.len) && inside(r, r->strings.ptr, r->strings.len));
    FUZZ_CHECK(inside(r, r->data.ptr, r->data.len));
    FUZZ_CHECK(r->strings.len % 2 == 0 && (r->sid.len == 0 || r->sid.len >= 8));
    FUZZ_CHECK(r->origin <= EVX_ORIGIN_CARVED);
}

static void check_text(const evx_chunk *c, const evx_record *x, uint32_t format)
{
    static evx_text t;
    evx_text_config config;
    evx_out out;

    memset(&config, 0, sizeof config);
    config.format = format;
    config.work = (uint8_t *)work;
    config.work_len = sizeof work;
    FUZZ_CHECK(evx_text_init(&t, sizeof t, &config) == EVX_OK);
    evx_out_init(&out, text, sizeof text, NULL, NULL);
    FUZZ_CHECK(evx_text_record(&t, c, x, &out) == EVX_OK);
    FUZZ_CHECK(t.damage == 0 && t.failed == EVX_OK && out.len > 0);
    fuzz_stats.text += out.len;
}

/* However broken a record is, its image is a sound chunk that says the same. */
static uint64_t check_image(const evx_evt_record *r)
{
    static evx_evt_image m;
    static evx_fields f;
    evx_chunk c;
    evx_record x, again;
    evx_records it;

    if (!m.memory)
        FUZZ_CHECK(evx_evt_image_init(&m, sizeof m, image, NULL) == EVX_OK);
    FUZZ_CHECK(evx_evt_image_record(&m, r, &c, &x) == EVX_OK);
    FUZZ_CHECK(c.damage == 0 && x.id == r->number && c.file_off + x.off == r->file_off);
    evx_records_begin(&it, &c);
    FUZZ_CHECK(evx_records_next(&it, &again) == EVX_OK && again.size == x.size);
    FUZZ_CHECK(evx_records_next(&it, &again) == EVX_END);
    FUZZ_CHECK(evx_reader_init(&reader, sizeof reader, (uint8_t *)reading, sizeof reading, NULL)
               == EVX_OK);
    FUZZ_CHECK(evx_fields_read(&reader, &c, &x, &f) == EVX_OK && !f.damaged);
    FUZZ_CHECK(f.event_id == (r->event_id & 0xffff) && f.record_id == r->number);
    FUZZ_CHECK((x.damage & EVX_EVT_CLIPPED) || f.payload.raw.len == r->data.len);
    check_text(&c, &x, EVX_XML);
    check_text(&c, &x, EVX_JSON);
    return fuzz_hash(FUZZ_HASH_BEGIN, c.base + x.off, x.size);
}

/* ---- the stream ------------------------------------------------------------------------------ */

static void note(feed *f, evx_status st, const evx_evt_record *r, size_t len, int deep)
{
    FUZZ_CHECK(st == EVX_E_EVT_CUT || (r->file_off >= EVX_EVT_HEADER_SIZE && r->file_off < len));
    FUZZ_CHECK(r->len > 0);
    if (st != EVX_E_EVT_CUT)
        f->covered += r->len;
    f->digest = fuzz_mix(f->digest, (uint64_t)st);
    f->digest = fuzz_mix(f->digest, r->file_off ^ r->len << 40);
    if (st != EVX_OK)
        return;
    f->records++;
    f->digest = fuzz_mix(f->digest, r->damage ^ (uint64_t)r->origin << 32);
    f->digest = fuzz_hash(f->digest, r->base, (size_t)r->len);
    check_record(r);
    if (deep && (f->records <= 12 || f->records % 16 == 0))
        (void)check_image(r);
}

static void give(feed *f, const uint8_t *piece, size_t n, size_t len, int deep)
{
    evx_bytes in = { piece, n };
    evx_evt_record r;
    size_t before = n;

    while ((f->last = evx_evt_next(&f->stream, &in, &r)) != EVX_MORE && f->last != EVX_END) {
        FUZZ_CHECK(in.len <= before);
        before = in.len;
        if (f->stream.failed < 0) {
            FUZZ_CHECK(f->last == EVX_E_EVT_SIGNATURE || f->last == EVX_E_EVT_SHORT);
            FUZZ_CHECK(evx_evt_next(&f->stream, &in, &r) == f->last);
            return;
        }
        FUZZ_CHECK(f->last == EVX_OK || f->last == EVX_E_RECORD_SIGNATURE
                   || f->last == EVX_E_EVT_CUT);
        note(f, f->last, &r, len, deep);
    }
    FUZZ_CHECK(in.len == 0);
}

static void finish(feed *f, size_t len)
{
    const evx_evt *s = &f->stream;

    evx_evt_close(&f->stream);
    if (f->last == EVX_MORE)
        give(f, NULL, 0, len, 0);
    FUZZ_CHECK(f->last == EVX_END || f->last < 0);
    if (f->last == EVX_END) {
        FUZZ_CHECK(s->file_off == len);
        FUZZ_CHECK(f->covered <= len + EVX_EVT_RECORD_MAX);
        f->digest = fuzz_mix(f->digest, s->end_off ^ s->stale << 32 ^ (uint64_t)s->damage << 24);
    }
    f->digest = fuzz_mix(f->digest, (uint64_t)f->last);
}

static void feed_pieces(fuzz_dice *d, const uint8_t *data, size_t len, uint32_t most,
                        uint32_t flags, const feed *whole)
{
    static feed f;
    size_t at = 0;

    begin(&f, d, flags);
    while (at < len && f.last == EVX_MORE) {
        size_t n = 1 + fuzz_pick(d, most);
        uint8_t *piece;
        if (n > len - at)
            n = len - at;
        piece = fuzz_copy(data + at, n);
        give(&f, piece, n, len, 0);
        fuzz_drop(piece, n);
        at += n;
    }
    finish(&f, len);
    FUZZ_CHECK(f.last == whole->last && f.records == whole->records);
    FUZZ_CHECK(f.digest == whole->digest);
}

/* Carving finds every whole record that the stream found in order. */
static void carve(const uint8_t *data, size_t len)
{
    evx_bytes blob = { data, len };
    evx_evt_record r;
    size_t pos = 0, before = 0;

    while (evx_evt_carve_next(blob, &pos, &r) == EVX_OK) {
        FUZZ_CHECK(r.file_off >= before && pos == r.file_off + r.len && pos <= len);
        FUZZ_CHECK(r.origin == EVX_ORIGIN_CARVED && r.base == data + r.file_off);
        before = pos;
        check_record(&r);
    }
    FUZZ_CHECK(pos == len);
}

uint64_t fuzz_one(fuzz_dice *d, const uint8_t *data, size_t len)
{
    static feed whole;
    uint32_t flags = fuzz_pick(d, 2);

    begin(&whole, d, flags);
    evx_evt_close(&whole.stream);
    give(&whole, data, len, len, 1);
    finish(&whole, len);
    fuzz_stats.records += whole.records;
    fuzz_stats.tokens += whole.records;
    feed_pieces(d, data, len, 1 + fuzz_pick(d, 300000), flags, &whole);
    if (len <= 1024 || fuzz_one_in(d, 16))
        feed_pieces(d, data, len, 1, flags, &whole);
    carve(data, len);
    return whole.digest;
}
