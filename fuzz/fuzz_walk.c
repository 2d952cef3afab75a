/* fuzz/fuzz_walk.c - a chunk image of any length -> records, tokens, values, fields, filters */
#include "check.h"
#include "fuzz.h"

/*
 * Promises: tokens are well nested, and every view lies in the chunk; the work is within the
 * budget; errors are repeated until salvage, and salvage closes what was open; the same record
 * gives the same tokens again, also from a snapshot made by assignment; no kind of memory or limit
 * leads to EVX_E_BUG; fields, strings and filters agree with each other; the input is as it was.
 */
const size_t fuzz_chunk_at = 0;

enum { STREAM_FLAG = 1 << 30 };

static evx_walk walk, twin;
static evx_slot slots[EVX_SLOTS_WORST], twin_slots[EVX_SLOTS_WORST], kept[EVX_SLOTS_WORST];
static evx_reader reader;
static uint64_t reader_memory[EVX_READER_MEMORY / 8 + 1];

/* What a caller who draws the tree would keep: open elements and streams in one stack. */
typedef struct shape {
    const evx_chunk *chunk;
    uint32_t stack[EVX_OPEN_MAX + EVX_FRAMES_MAX + 1];   /* name offset, or STREAM_FLAG */
    uint32_t len, elements, tokens;
    bool in_list, in_attribute, salvaging;
    uint64_t digest;
} shape;

static bool same_name(const evx_utf16 *a, const uint8_t *b)
{
    return memcmp(a->ptr, b, 2 * (size_t)a->units) == 0;
}

static void check_open(shape *s, const evx_token *t)
{
    FUZZ_CHECK(!s->in_list && t->depth == s->elements);
    FUZZ_CHECK(s->elements < EVX_OPEN_MAX);
    s->stack[s->len++] = (uint32_t)(t->name.ptr - s->chunk->base);
    s->elements++;
    s->in_list = true;
    s->in_attribute = false;
}

static void check_close(shape *s, const evx_token *t)
{
    FUZZ_CHECK(s->len > 0 && !(s->stack[s->len - 1] & STREAM_FLAG));
    if (!(t->flags & EVX_TOKEN_SALVAGED))
        FUZZ_CHECK(s->in_list == ((t->flags & EVX_TOKEN_BARE) != 0));
    s->len--;
    s->elements--;
    FUZZ_CHECK(t->depth == s->elements && same_name(&t->name, s->chunk->base + s->stack[s->len]));
    s->in_list = s->in_attribute = false;
}

static void check_stream(shape *s, const evx_token *t)
{
    FUZZ_CHECK(t->depth == s->elements);
    if (t->kind == EVX_TOKEN_ENTER) {
        FUZZ_CHECK(!s->in_list && s->len < sizeof s->stack / sizeof s->stack[0]);
        if (t->flags & EVX_TOKEN_INSTANCE)
            FUZZ_CHECK(t->value.type == EVX_GUID && t->value.raw.len == 16);
        else
            FUZZ_CHECK(t->value.type == EVX_BINXML && t->value.raw.len != 0);
        s->stack[s->len++] = (uint32_t)STREAM_FLAG | (t->flags & EVX_TOKEN_INSTANCE);
    } else {
        FUZZ_CHECK(s->len > 0 && (s->stack[s->len - 1] & STREAM_FLAG));
        s->len--;
        FUZZ_CHECK((s->stack[s->len] & EVX_TOKEN_INSTANCE) == (t->flags & EVX_TOKEN_INSTANCE));
        /* A definition or value that broke off inside a start tag leaves none behind. */
        s->in_list = s->in_attribute = false;
    }
}

static void check_content(shape *s, const evx_token *t)
{
    FUZZ_CHECK(t->depth == s->elements);
    FUZZ_CHECK(!s->in_list || s->in_attribute);
    FUZZ_CHECK(((t->flags & EVX_TOKEN_IN_ATTRIBUTE) != 0) == s->in_attribute);
    if (t->kind == EVX_TOKEN_TEXT || t->kind == EVX_TOKEN_CDATA)
        FUZZ_CHECK(t->value.type == EVX_STRING && t->value.raw.len % 2 == 0);
    if (t->kind == EVX_TOKEN_CHARREF)
        FUZZ_CHECK(t->value.type == EVX_UINT16 && t->value.raw.len == 2);
    if (t->kind == EVX_TOKEN_VALUE) {
        if (t->flags & EVX_TOKEN_MISSING)
            FUZZ_CHECK(t->value.type == EVX_NULL);
        FUZZ_CHECK(t->value.type != EVX_BINXML || t->value.raw.len == 0 || s->in_attribute);
    }
}

static void check_token(shape *s, const evx_token *t)
{
    const evx_chunk *c = s->chunk;

    FUZZ_CHECK(t->kind >= EVX_TOKEN_OPEN && t->kind <= EVX_TOKEN_LEAVE && t->off <= c->len);
    FUZZ_CHECK(fuzz_inside(c, t->name.ptr, 2 * (size_t)t->name.units));
    FUZZ_CHECK(fuzz_inside(c, t->value.raw.ptr, t->value.raw.len));
    switch (t->kind) {
    case EVX_TOKEN_OPEN:
        check_open(s, t);
        break;
    case EVX_TOKEN_ATTRIBUTE:
        FUZZ_CHECK(s->in_list && t->depth == s->elements);
        s->in_attribute = true;
        break;
    case EVX_TOKEN_BODY:
        FUZZ_CHECK(s->in_list && t->depth == s->elements);
        s->in_list = s->in_attribute = false;
        break;
    case EVX_TOKEN_CLOSE:
        check_close(s, t);
        break;
    case EVX_TOKEN_ENTER: case EVX_TOKEN_LEAVE:
        check_stream(s, t);
        break;
    case EVX_TOKEN_PI_TARGET: case EVX_TOKEN_PI_DATA:
        FUZZ_CHECK(!s->in_list && t->depth == s->elements);
        break;
    default:
        check_content(s, t);
    }
    s->digest = fuzz_mix(s->digest, (uint64_t)t->kind << 48 | (uint64_t)t->flags << 40
                                    | (uint64_t)t->depth << 32 | t->off);
    s->digest = fuzz_mix(s->digest, t->name.units + (uint64_t)t->index * 65537u);
    if (t->value.raw.len != 0 || t->value.type != EVX_NULL)
        s->digest = fuzz_mix(s->digest, fuzz_value(c, &t->value));
}

static bool is_walk_status(evx_status st)
{
    switch (st) {
    case EVX_E_ARG: case EVX_E_SPACE: case EVX_E_TOKEN: case EVX_E_OFFSET: case EVX_E_DEPTH:
    case EVX_E_FUEL: case EVX_E_OPEN: case EVX_E_NAME: case EVX_E_BALANCE: case EVX_E_TEMPLATE:
    case EVX_E_VALUE:
        return true;
    default:
        return false;
    }
}

/* One step of the walk, with salvage if it is wanted. EVX_OK: a token was checked. */
static evx_status one_step(evx_walk *w, shape *s, bool salvage)
{
    evx_token t, again;
    evx_status st = evx_walk_next(w, &t), first = w->failed;

    if (st == EVX_OK) {
        s->tokens++;
        check_token(s, &t);
        return EVX_OK;
    }
    FUZZ_CHECK(evx_walk_next(w, &again) == st);
    if (st == EVX_END) {
        FUZZ_CHECK(s->len == 0 && s->elements == 0);
        return st;
    }
    FUZZ_CHECK(is_walk_status(st) && w->failed < 0 && w->failed_off <= s->chunk->len);
    if (!salvage)
        return st;
    st = evx_walk_salvage(w);
    FUZZ_CHECK(st == EVX_OK || is_walk_status(st));
    FUZZ_CHECK(w->failed == first);
    s->digest = fuzz_mix(s->digest, (uint64_t)st);
    return st;
}

static void begin(evx_walk *w, shape *s, const evx_chunk *c, const evx_record *r)
{
    memset(s, 0, sizeof *s);
    s->chunk = c;
    FUZZ_CHECK(evx_walk_begin(w, c, r) == EVX_OK);
    FUZZ_CHECK(w->failed == EVX_OK && w->lost_values == 0);
}

/* Walk to the end. At step `snapshot` the walk is copied; the copy must say what the walk said. */
static evx_status run(evx_walk *w, shape *s, bool salvage, uint32_t snapshot)
{
    evx_status st = EVX_OK;
    evx_walk fork;
    shape there;
    uint32_t steps = 0, slots_kept = 0;
    bool forked = false;

    while (st == EVX_OK) {
        if (steps++ == snapshot) {
            fork = *w;
            there = *s;
            slots_kept = w->slot_len;
            memcpy(kept, slots, slots_kept * sizeof *kept);
            forked = true;
        }
        st = one_step(w, s, salvage);
    }
    if (forked) {
        evx_status same = EVX_OK;
        memcpy(slots, kept, slots_kept * sizeof *kept);
        while (same == EVX_OK)
            same = one_step(&fork, &there, salvage);
        FUZZ_CHECK(same == st && there.digest == s->digest && there.tokens == s->tokens);
        FUZZ_CHECK(fork.failed == w->failed && fork.failed_off == w->failed_off);
    }
    return st;
}

static void check_walk(fuzz_dice *d, const evx_chunk *c, const evx_record *r)
{
    static shape strict, again, rescued;
    uint32_t snapshot = fuzz_one_in(d, 4) ? fuzz_pick(d, 64) : UINT32_MAX;
    evx_status st, other;

    begin(&walk, &strict, c, r);
    st = run(&walk, &strict, false, snapshot);
    FUZZ_CHECK(strict.tokens <= 4 * r->size + 4096);
    fuzz_stats.records++;
    fuzz_stats.tokens += strict.tokens;

    begin(&twin, &again, c, r);
    other = run(&twin, &again, false, UINT32_MAX);
    FUZZ_CHECK(other == st && again.digest == strict.digest && again.tokens == strict.tokens);
    if (st == EVX_END)
        return;
    FUZZ_CHECK(walk.failed == st && twin.failed == st && twin.failed_off == walk.failed_off);

    begin(&walk, &rescued, c, r);
    rescued.salvaging = true;
    (void)run(&walk, &rescued, true, snapshot);
    FUZZ_CHECK(rescued.tokens >= strict.tokens);
    FUZZ_CHECK(rescued.tokens <= 2 * (4 * r->size + 4096));     /* each end tag was paid for */
    FUZZ_CHECK(walk.failed == st && walk.failed_off == twin.failed_off);
}

/* ---- fields, strings, filters ---------------------------------------------------------------- */

static bool in_reader(const evx_chunk *c, const uint8_t *p, size_t len)
{
    const uint8_t *m = (const uint8_t *)reader_memory;

    return fuzz_inside(c, p, len)
        || (p >= m && len <= sizeof reader_memory
            && (size_t)(p - m) <= sizeof reader_memory - len);
}

static uint64_t check_view(const evx_chunk *c, const evx_text_view *v)
{
    uint8_t small[8], big[512];
    size_t whole, part, cap = v->len % sizeof small;
    check_result r;

    FUZZ_CHECK(in_reader(c, v->ptr, v->len) && v->utf8 <= 1);
    FUZZ_CHECK(v->utf8 == 0 || check_utf8(v->ptr, v->len).ok);
    whole = evx_text_view_utf8(v, NULL, 0);
    FUZZ_CHECK(evx_text_view_utf8(v, small, cap) == whole);
    part = evx_text_view_utf8(v, big, sizeof big);
    FUZZ_CHECK(part == whole && whole <= 3 * (size_t)v->len);
    if (whole <= sizeof big) {
        r = check_utf8(big, whole);
        FUZZ_CHECK(r.ok);
        if (whole <= cap)
            FUZZ_CHECK(memcmp(small, big, whole) == 0);
        return fuzz_hash(FUZZ_HASH_BEGIN, big, whole);
    }
    return whole;
}

static void check_strings(const evx_chunk *c, const evx_fields *f)
{
    evx_text_view v;
    evx_status st;

    FUZZ_CHECK(f->data_count == (f->data_total < EVX_FIELDS_MAX ? f->data_total : EVX_FIELDS_MAX));
    for (uint32_t i = 0; i < f->data_count; i++) {
        FUZZ_CHECK(in_reader(c, f->data[i].raw.ptr, f->data[i].raw.len));
        FUZZ_CHECK(!(f->data[i].type & EVX_ARRAY));
        (void)check_view(c, &f->data_name[i]);
        st = evx_fields_string(f, i, &v);
        FUZZ_CHECK(st == EVX_OK || st == EVX_SKIP);
        if (st == EVX_OK)
            (void)check_view(c, &v);
    }
    FUZZ_CHECK(evx_fields_string(f, f->data_count, &v) == EVX_END);
    FUZZ_CHECK(evx_fields_string(f, UINT32_MAX, &v) == EVX_END);
}

static uint64_t check_fields(const evx_chunk *c, const evx_record *r, const evx_fields *f)
{
    uint64_t h = fuzz_mix(f->present, f->event_id);

    FUZZ_CHECK(f->header_id == r->id && f->written == r->written && f->damaged <= 1);
    FUZZ_CHECK(f->present >> 18 == 0);
    if (f->present & EVX_HAS_PROVIDER)
        h = fuzz_mix(h, check_view(c, &f->provider));
    if (f->present & EVX_HAS_CHANNEL)
        h = fuzz_mix(h, check_view(c, &f->channel));
    if (f->present & EVX_HAS_COMPUTER)
        h = fuzz_mix(h, check_view(c, &f->computer));
    if (f->present & EVX_HAS_PAYLOAD)
        FUZZ_CHECK(in_reader(c, f->payload.raw.ptr, f->payload.raw.len));
    if (f->present & EVX_HAS_USER)
        FUZZ_CHECK(in_reader(c, f->user_sid.raw.ptr, f->user_sid.raw.len));
    if (f->present & EVX_HAS_PROVIDER_GUID)
        FUZZ_CHECK(in_reader(c, f->provider_guid.raw.ptr, f->provider_guid.raw.len));
    if (f->present & EVX_HAS_ACTIVITY)
        FUZZ_CHECK(in_reader(c, f->activity.raw.ptr, f->activity.raw.len));
    check_strings(c, f);
    h = fuzz_mix(h, f->time ^ f->record_id ^ f->keywords);
    h = fuzz_mix(h, f->data_total + ((uint64_t)f->damaged << 32));
    return h;
}

static void check_event(const evx_fields *f)
{
    evx_vss_event e;
    evx_status st;

    memset(&e, 0x5a, sizeof e);
    st = evx_vss_event_read(f, &e);
    FUZZ_CHECK(st == EVX_OK || st == EVX_SKIP);
    if (st == EVX_SKIP)
        return;
    FUZZ_CHECK(e.strings_len <= EVX_VSS_TEXT_MAX
               && e.payload_len <= EVX_VSS_TEXT_MAX - e.strings_len);
    FUZZ_CHECK(e.phase >= EVX_VSS_INITIALIZE && e.phase <= EVX_VSS_POST_RESTORE);
    FUZZ_CHECK(e.outcome >= EVX_VSS_SUCCEEDED && e.outcome <= EVX_VSS_IGNORED);
    FUZZ_CHECK(e.strings_len == 0 || e.text[e.strings_len - 1] == 0);
    FUZZ_CHECK(check_utf8(e.text, e.strings_len).ok);
}

static void choose_filter(fuzz_dice *d, evx_filter *q, uint32_t *ids, const evx_fields *f)
{
    memset(q, 0, sizeof *q);
    if (fuzz_one_in(d, 3)) {
        ids[0] = fuzz_one_in(d, 2) && f ? f->event_id : fuzz_pick(d, 65536);
        q->event_ids = ids;
        q->event_id_count = 1;
    }
    if (fuzz_one_in(d, 3))
        q->provider = fuzz_one_in(d, 2) ? "MSExchangeIS" : "Microsoft-Windows-Sysmon";
    if (fuzz_one_in(d, 6))
        q->channel = "application";
    if (fuzz_one_in(d, 6))
        q->computer = "host";
    if (fuzz_one_in(d, 4))
        q->since = f ? f->time : fuzz_next(d);
    if (fuzz_one_in(d, 4))
        q->until = fuzz_next(d);
    if (fuzz_one_in(d, 4))
        q->last_id = fuzz_pick(d, 1000);
    if (fuzz_one_in(d, 4))
        q->levels = fuzz_pick(d, 256);
    if (fuzz_one_in(d, 3))
        q->exclude = fuzz_pick(d, 128);
}

static void check_filter(fuzz_dice *d, const evx_chunk *c, const evx_record *r,
                         const evx_fields *f, evx_status fields)
{
    evx_filter q;
    uint32_t id;
    evx_status st, by_fields;

    choose_filter(d, &q, &id, fields == EVX_OK ? f : NULL);
    if (fields == EVX_OK) {
        by_fields = evx_filter_fields(&q, f);
        FUZZ_CHECK(by_fields == EVX_OK || by_fields == EVX_SKIP);
        st = evx_filter_record(&q, &reader, c, r);
        /* The filter reads no further than it must, so it may miss damage, but nothing else. */
        FUZZ_CHECK(st == by_fields || f->damaged);
        if (st == EVX_OK)
            for (size_t i = 0; evx_kernels_at(i); i++)
                FUZZ_CHECK(evx_filter_chunk(&q, evx_kernels_at(i), c) == EVX_OK);
    } else {
        st = evx_filter_record(&q, &reader, c, r);
        FUZZ_CHECK(st <= 0 || st == EVX_SKIP);
    }
    FUZZ_CHECK(st != EVX_E_BUG && st != EVX_E_ABI);
}

static void check_select(fuzz_dice *d, const evx_chunk *c, const evx_record *r)
{
    static evx_fields f, g;
    evx_status st, again;
    uint64_t digest;

    memset(&f, 0xee, sizeof f);
    memset(&g, 0x11, sizeof g);
    st = evx_fields_read(&reader, c, r, &f);
    FUZZ_CHECK(st == EVX_OK || is_walk_status(st));
    if (st == EVX_OK) {
        digest = check_fields(c, r, &f);
        check_event(&f);
        again = evx_fields_read(&reader, c, r, &g);
        FUZZ_CHECK(again == EVX_OK && check_fields(c, r, &g) == digest);
        check_filter(d, c, r, &g, st);
    } else
        check_filter(d, c, r, &f, st);
}

/* ---- one input ------------------------------------------------------------------------------- */

static void prepare(fuzz_dice *d)
{
    static const uint32_t counts[] = { EVX_SLOTS_WORST, EVX_SLOTS_WORST, 64, 3, 0 };
    evx_limits limits = { 0, 0, 0, 0, 0, 0 };
    uint32_t count = counts[fuzz_pick(d, 5)];
    size_t memory = fuzz_one_in(d, 4) ? 8192 + fuzz_pick(d, 8192) : EVX_READER_MEMORY;

    if (fuzz_one_in(d, 4)) {
        limits.instance_depth = fuzz_pick(d, 20);
        limits.open_elements = fuzz_pick(d, 300);
        limits.name_units = fuzz_pick(d, 100);
        limits.steps_per_byte = fuzz_pick(d, 5);
    }
    fuzz_dirty(d, &walk, sizeof walk);
    fuzz_dirty(d, &twin, sizeof twin);
    fuzz_dirty(d, &reader, sizeof reader);
    FUZZ_CHECK(evx_walk_init(&walk, sizeof walk - 1, slots, count, NULL) == EVX_E_ABI);
    FUZZ_CHECK(evx_walk_init(&walk, sizeof walk, slots, count, &limits) == EVX_OK);
    FUZZ_CHECK(evx_walk_init(&twin, sizeof twin, twin_slots, count, &limits) == EVX_OK);
    FUZZ_CHECK(evx_reader_init(&reader, sizeof reader, (uint8_t *)reader_memory, memory, &limits)
               == EVX_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t len = size < EVX_CHUNK_SIZE ? size : EVX_CHUNK_SIZE;
    fuzz_dice d = { fuzz_hash(FUZZ_HASH_BEGIN, data, len) };
    uint8_t *copy = fuzz_copy(data, len);
    evx_chunk c;
    evx_records it;
    evx_record r;
    evx_status st;
    uint64_t before = fuzz_stats.tokens;

    fuzz_count_run();
    prepare(&d);
    if (fuzz_open(copy, len, &c)) {
        evx_records_begin(&it, &c);
        while ((st = fuzz_record(&it, &r)) != EVX_END) {
            if (st != EVX_OK)
                continue;
            check_walk(&d, &c, &r);
            check_select(&d, &c, &r);
        }
    }
    FUZZ_CHECK(len == 0 || memcmp(copy, data, len) == 0);
    fuzz_drop(copy, len);
    fuzz_stats.deep += fuzz_stats.tokens > before;
    return 0;
}
