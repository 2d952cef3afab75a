/* fuzz/fuzz_text.c - a chunk image of any length -> XML and JSON that are what they claim to be */
#include "fuzz.h"

/*
 * Promises: output is valid UTF-8, a well-formed XML document or one JSON value; a record is
 * written whole or not at all; a small buffer with a flush, a big one, a mere count, and the same
 * again, with an arena or without, by a program or by the walk, give the same bytes; budgets hold;
 * a sink that refuses ends the call; the input is as it was.
 */
enum { BIG = (1u << 23), DEAR = 1u << 17 };   /* DEAR: steps of one input, enough to repeat */

static uint8_t big[BIG], again[BIG];
static uint64_t work[EVX_TEXT_WORK / 8 + 1], other_work[EVX_TEXT_WORK / 8 + 1];
static uint64_t arena[1u << 15], fast_arena[1u << 16];
static uint8_t third[BIG];
static evx_text text, twin, counter, fast;
static uint64_t repeated;

/* ---- sinks ----------------------------------------------------------------------------------- */

typedef struct sink {
    uint8_t *to;
    size_t cap, len, calls, refuse_at;
    bool broken;
} sink;

static evx_status take(void *user, const uint8_t *data, size_t len)
{
    sink *s = user;

    FUZZ_CHECK(!s->broken && len != 0);
    if (++s->calls == s->refuse_at) {
        s->broken = true;
        return EVX_E_ARG;
    }
    FUZZ_CHECK(len <= s->cap - s->len);
    memcpy(s->to + s->len, data, len);
    s->len += len;
    return EVX_OK;
}

/* ---- what the text must be ------------------------------------------------------------------- */

static uint64_t record_budget(const evx_text_config *config, const evx_record *r)
{
    uint64_t by_size = 64 * (uint64_t)r->size;

    if (config->limits.record_text != 0)
        return config->limits.record_text;
    return by_size > 1u << 20 ? by_size : 1u << 20;
}

static bool is_text_status(evx_status st)
{
    switch (st) {
    case EVX_OK: case EVX_E_SPACE: case EVX_E_TOKEN: case EVX_E_OFFSET: case EVX_E_DEPTH:
    case EVX_E_FUEL: case EVX_E_OPEN: case EVX_E_NAME: case EVX_E_BALANCE: case EVX_E_TEMPLATE:
    case EVX_E_VALUE: case EVX_E_TEXT_MAX: case EVX_E_CHUNK_TEXT:
        return true;
    default:
        return false;
    }
}

/* ---- ways to the same text ------------------------------------------------------------------- */

static void check_flushed(fuzz_dice *d, evx_text *t, const evx_chunk *c, const evx_record *r,
                          evx_status want, size_t len)
{
    static const uint8_t nothing[64];
    size_t cap = 1 + fuzz_pick(d, sizeof nothing);
    uint8_t *buf = fuzz_copy(nothing, cap);
    sink s = { again, BIG, 0, 0, 0, false };
    evx_out o;

    evx_out_init(&o, buf, cap, take, &s);
    FUZZ_CHECK(evx_text_record(t, c, r, &o) == want && o.failed == EVX_OK && o.len <= cap);
    FUZZ_CHECK(evx_out_flush(&o) == EVX_OK && o.len == 0);
    FUZZ_CHECK(o.total == len && s.len == len && memcmp(big, again, len) == 0);
    fuzz_drop(buf, cap);
}

static void check_refused(fuzz_dice *d, evx_text *t, const evx_chunk *c, const evx_record *r)
{
    uint8_t small[16];
    sink s = { again, BIG, 0, 0, 1 + fuzz_pick(d, 8), false };
    evx_out o;
    evx_status st;

    evx_out_init(&o, small, sizeof small, take, &s);
    st = evx_text_record(t, c, r, &o);
    if (!s.broken)
        st = evx_out_flush(&o);
    if (s.broken) {
        FUZZ_CHECK(st == EVX_E_SINK && o.failed == EVX_E_SINK);
        FUZZ_CHECK(evx_out_flush(&o) == EVX_E_SINK && evx_out_write(&o, "x", 1) == EVX_E_SINK);
        FUZZ_CHECK(evx_text_record(t, c, r, &o) == EVX_E_SINK);
    }
}

/* A buffer of just its size takes it; one byte less leaves everything as it was. */
static void check_exact(evx_text *t, const evx_chunk *c, const evx_record *r, size_t len)
{
    uint8_t *buf = fuzz_copy(big, len);
    evx_out o;

    memset(buf, 0x7e, len);
    evx_out_init(&o, buf, len, NULL, NULL);
    FUZZ_CHECK(evx_text_record(t, c, r, &o) == EVX_OK && o.len == len);
    FUZZ_CHECK(memcmp(buf, big, len) == 0);
    fuzz_drop(buf, len);
    if (len < 2)
        return;
    evx_out_init(&o, again, len - 1, NULL, NULL);
    FUZZ_CHECK(evx_text_record(t, c, r, &o) == EVX_E_SPACE);
    FUZZ_CHECK(o.len == 0 && o.total == 0 && o.failed == EVX_OK);
}

static void check_count(const evx_chunk *c, const evx_record *r, evx_status want, size_t len)
{
    evx_out o;

    evx_out_init(&o, NULL, 0, NULL, NULL);
    FUZZ_CHECK(evx_text_record(&counter, c, r, &o) == want);
    FUZZ_CHECK(o.total == len && o.len == 0 && o.failed == EVX_OK);
    FUZZ_CHECK(counter.damage == text.damage && counter.failed == text.failed);
}

/*
 * What was learned from a record writes the same record, and whatever looks like it, as the walk
 * does. Twice the same record begins a chunk anew for the budgets, so both are called until they
 * have the chunk's whole budget.
 */
static void check_fast(const evx_chunk *c, const evx_record *r)
{
    evx_out o, p;
    evx_status want, st;

    for (int i = 0; i < 2; i++) {
        evx_out_init(&o, again, BIG, NULL, NULL);
        want = evx_text_record(&twin, c, r, &o);
        repeated += twin.chunk_steps;
        if (repeated > DEAR)
            return;
    }
    for (int i = 0; i < 3; i++) {
        evx_out_init(&p, third, BIG, NULL, NULL);
        st = evx_text_record(&fast, c, r, &p);
        if (i == 0)
            continue;
        FUZZ_CHECK(st == want && p.len == o.len && p.total == o.total);
        FUZZ_CHECK(memcmp(again, third, o.len) == 0);
        FUZZ_CHECK(fast.damage == twin.damage && fast.failed == twin.failed);
        FUZZ_CHECK(fast.failed_off == twin.failed_off);
    }
}

/* Returns how many bytes of the chunk's budget the record took. */
static size_t check_record(fuzz_dice *d, const evx_text_config *config, const evx_chunk *c,
                             const evx_record *r)
{
    evx_out o;
    evx_status st;

    evx_out_init(&o, big, BIG, NULL, NULL);
    st = evx_text_record(&text, c, r, &o);
    FUZZ_CHECK(is_text_status(st) && o.failed == EVX_OK);
    FUZZ_CHECK((text.damage & ~(uint32_t)(EVX_TEXT_SALVAGED | EVX_TEXT_VALUES_LOST)) == 0);
    FUZZ_CHECK(text.failed <= 0 && text.failed_off <= c->len);
    FUZZ_CHECK(((text.damage & EVX_TEXT_SALVAGED) == 0) || text.failed < 0);
    fuzz_stats.records++;
    check_fast(c, r);
    if (st < 0) {
        FUZZ_CHECK(o.len == 0 && o.total == 0);
        check_count(c, r, st, 0);
        return 0;
    }
    FUZZ_CHECK(o.len != 0 && o.total == o.len && o.len <= record_budget(config, r));
    fuzz_stats.text += o.len;
    fuzz_check_text(config, big, o.len);
    check_count(c, r, st, o.len);
    switch (fuzz_pick(d, 4)) {
    case 0:
        check_exact(&twin, c, r, o.len);
        break;
    case 1:
        check_refused(d, &twin, c, r);
        break;
    default:
        check_flushed(d, &twin, c, r, st, o.len);
    }
    return o.len;
}

/* ---- one input ------------------------------------------------------------------------------- */

static void choose_limits(fuzz_dice *d, evx_limits *limits)
{
    if (!fuzz_one_in(d, 4))
        return;
    limits->instance_depth = fuzz_pick(d, 20);
    limits->open_elements = fuzz_pick(d, 300);
    limits->name_units = fuzz_pick(d, 100);
    limits->steps_per_byte = fuzz_pick(d, 5);
    limits->record_text = fuzz_pick(d, 20000);
    limits->chunk_text = fuzz_one_in(d, 2) ? fuzz_pick(d, 100000) : 0;
}

static void prepare(fuzz_dice *d, evx_text_config *config)
{
    fuzz_choose_text(d, config);
    choose_limits(d, &config->limits);
    config->work = (uint8_t *)work;
    config->work_len = fuzz_one_in(d, 4) ? 16384 + fuzz_pick(d, 32768) : EVX_TEXT_WORK;
}

/*
 * `text` writes with an arena where the dice say so, `twin` never has one; `counter` only counts.
 * The twin has no budget for the chunk, because not every record reaches it.
 */
static void init_all(fuzz_dice *d, evx_text_config *config)
{
    evx_text_config plain = *config;

    fuzz_dirty(d, &text, sizeof text);
    fuzz_dirty(d, &twin, sizeof twin);
    fuzz_dirty(d, &counter, sizeof counter);
    FUZZ_CHECK(evx_text_init(&text, sizeof text + 8, config) == EVX_E_ABI);
    plain.work = (uint8_t *)other_work;
    FUZZ_CHECK(evx_text_init(&counter, sizeof counter, &plain) == EVX_OK);
    plain.limits.chunk_text = UINT64_MAX;
    FUZZ_CHECK(evx_text_init(&twin, sizeof twin, &plain) == EVX_OK);
    plain.arena = (uint8_t *)fast_arena;
    plain.arena_len = sizeof fast_arena;
    FUZZ_CHECK(evx_text_init(&fast, sizeof fast, &plain) == EVX_OK);
    if (fuzz_one_in(d, 2)) {
        config->arena = (uint8_t *)arena;
        config->arena_len = fuzz_pick(d, sizeof arena + 1);
    }
    FUZZ_CHECK(evx_text_init(&text, sizeof text, config) == EVX_OK);
}

uint64_t fuzz_one(fuzz_dice *d, const uint8_t *data, size_t len)
{
    evx_text_config config;
    evx_chunk c;
    evx_records it;
    evx_record r;
    evx_status st;
    uint64_t spent = 0, most, digest = FUZZ_HASH_BEGIN;
    size_t n;

    prepare(d, &config);
    init_all(d, &config);
    repeated = 0;
    most = config.limits.chunk_text ? config.limits.chunk_text : 64u * 65536u + 65536u;
    if (fuzz_open(data, len, &c)) {
        evx_records_begin(&it, &c);
        while ((st = fuzz_record(&it, &r)) != EVX_END)
            if (st == EVX_OK) {
                n = check_record(d, &config, &c, &r);
                spent += n;
                digest = fuzz_mix(digest, text.damage ^ (uint64_t)text.failed << 32);
                digest = fuzz_hash(digest, big, n);
            }
    }
    FUZZ_CHECK(spent <= most);
    fuzz_stats.tokens += text.chunk_steps;
    return digest;
}
