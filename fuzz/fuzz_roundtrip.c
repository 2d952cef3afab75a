/* fuzz/fuzz_roundtrip.c - structure bytes -> a sound log by the kit -> read, token for token */
#include "structure.h"

/*
 * The input says what to build: records, their templates, elements, attributes, text of any units,
 * values of any type and size, streams in values. While the kit's spec is put together, so is the
 * list of tokens that the walk must give. So nothing here is damaged, ever: records, ids, times,
 * tokens, sums and proofs must be what was asked for, and text must come out in every shape.
 */
static evx_walk walk;
static evx_slot slots[EVX_SLOTS_WORST];
static evx_text text;
static uint64_t work[EVX_TEXT_WORK / 8 + 1];
static uint8_t written[1 << 21];

static bool name_is(const evx_utf16 *n, const char *utf8)
{
    uint8_t out[64];
    evx_text_view v = { n->ptr, 2 * n->units, 0 };

    return evx_text_view_utf8(&v, out, sizeof out) == strlen(utf8)
        && memcmp(out, utf8, strlen(utf8)) == 0;
}

static bool fits(const evx_token *t, const expected *e)
{
    if (t->kind != e->kind || (t->flags & EXACT) != e->flags)
        return false;
    if (e->name && !name_is(&t->name, e->name))
        return false;
    if (t->kind == EVX_TOKEN_ENTER || (e->type == 0 && t->kind != EVX_TOKEN_VALUE))
        return true;
    return t->value.type == e->type && t->value.raw.len == e->len
        && (e->len == 0 || memcmp(t->value.raw.ptr, e->bytes, e->len) == 0);
}

static void check_tokens(const evx_chunk *c, const evx_record *r, const build *b)
{
    evx_token t;
    size_t i;

    FUZZ_CHECK(evx_walk_begin(&walk, c, r) == EVX_OK);
    for (i = 0; i < b->count; i++) {
        FUZZ_CHECK(evx_walk_next(&walk, &t) == EVX_OK);
        if (!fits(&t, &b->want[i]))
            fprintf(stderr, "token %zu: kind %u flags %u type %u len %zu, not %u %u %u %zu\n%s\n",
                    i, t.kind, t.flags, t.value.type, t.value.raw.len, b->want[i].kind,
                    b->want[i].flags, b->want[i].type, b->want[i].len, b->spec);
        FUZZ_CHECK(fits(&t, &b->want[i]));
    }
    FUZZ_CHECK(evx_walk_next(&walk, &t) == EVX_END && walk.lost_values == 0);
    fuzz_stats.tokens += b->count;
    if (!b->missing)
        FUZZ_CHECK(evx_record_proves(&walk, c, r) == EVX_OK);
}

static uint64_t check_text(fuzz_dice *d, const evx_chunk *c, const evx_record *r)
{
    evx_text_config config;
    evx_out o;
    evx_status st;

    fuzz_choose_text(d, &config);
    config.work = (uint8_t *)work;
    config.work_len = sizeof work;
    FUZZ_CHECK(evx_text_init(&text, sizeof text, &config) == EVX_OK);
    evx_out_init(&o, written, sizeof written, NULL, NULL);
    st = evx_text_record(&text, c, r, &o);
    /* Elements around arrays are written for each item, those around them for each of these. */
    if (st == EVX_E_TEXT_MAX || st == EVX_E_FUEL)
        return (uint64_t)st;
    FUZZ_CHECK(st == EVX_OK && text.damage == 0);
    fuzz_check_text(&config, written, o.len);
    fuzz_stats.text += o.len;
    return fuzz_hash(FUZZ_HASH_BEGIN, written, o.len);
}

/* Where the log's last record ends, the file may end as well. */
static uint64_t read_log(fuzz_dice *d, mk_bytes log, const build *builds, size_t records)
{
    evx_stream s;
    evx_bytes in = { log.ptr, log.len };
    evx_window w;
    evx_chunk c;
    evx_records it;
    evx_record r;
    size_t seen = 0;
    uint64_t digest = FUZZ_HASH_BEGIN;

    FUZZ_CHECK(evx_stream_init(&s, sizeof s, NULL) == EVX_OK);
    evx_stream_close(&s);
    while (evx_stream_next(&s, &in, &w) == EVX_OK) {
        FUZZ_CHECK(fuzz_open(w.base, w.len, &c) && c.damage == 0);
        FUZZ_CHECK(evx_chunk_check(&c, fuzz_best()) == 0);
        evx_records_begin(&it, &c);
        while (fuzz_record(&it, &r) != EVX_END) {
            FUZZ_CHECK(seen < records && r.id == seen + 1 && r.written == 1000 + seen);
            FUZZ_CHECK(r.damage == 0 && r.origin == EVX_ORIGIN_ORDER);
            check_tokens(&c, &r, &builds[seen]);
            digest = fuzz_mix(digest, check_text(d, &c, &r));
            seen++;
        }
    }
    FUZZ_CHECK(seen == records && s.header.damage == 0 && s.header.next_record == records + 1);
    return digest;
}

uint64_t fuzz_one(fuzz_dice *d, const uint8_t *data, size_t len)
{
    const build *builds;
    size_t records;
    mk_bytes log = structure_build(data, len, &builds, &records);

    FUZZ_CHECK(evx_walk_init(&walk, sizeof walk, slots, EVX_SLOTS_WORST, NULL) == EVX_OK);
    fuzz_stats.records += records;
    return read_log(d, log, builds, records);
}
