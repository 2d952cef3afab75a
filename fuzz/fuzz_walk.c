/* fuzz/fuzz_walk.c - a chunk image of any length -> records, tokens, values */
#include "fuzz.h"

/*
 * Promises: tokens are well nested, and every view lies in the chunk; the work is within the
 * budget; errors are repeated until salvage, and salvage closes what was open; the same record
 * gives the same tokens again, also from a snapshot made by assignment; no kind of memory or limit
 * leads to EVX_E_BUG; the input is as it was.
 */
enum { STREAM_FLAG = 1 << 30 };

static evx_walk walk, twin;
static evx_slot slots[EVX_SLOTS_WORST], twin_slots[EVX_SLOTS_WORST], kept[EVX_SLOTS_WORST];

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
    FUZZ_CHECK(fuzz_is_walk_status(st) && w->failed < 0 && w->failed_off <= s->chunk->len);
    if (!salvage)
        return st;
    st = evx_walk_salvage(w);
    FUZZ_CHECK(st == EVX_OK || fuzz_is_walk_status(st));
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

/* Returns a digest of the tokens, with those behind an error. */
static uint64_t check_walk(fuzz_dice *d, const evx_chunk *c, const evx_record *r)
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
        return strict.digest;
    FUZZ_CHECK(walk.failed == st && twin.failed == st && twin.failed_off == walk.failed_off);

    begin(&walk, &rescued, c, r);
    rescued.salvaging = true;
    (void)run(&walk, &rescued, true, snapshot);
    FUZZ_CHECK(rescued.tokens >= strict.tokens);
    FUZZ_CHECK(rescued.tokens <= 2 * (4 * r->size + 4096));     /* each end tag was paid for */
    FUZZ_CHECK(walk.failed == st && walk.failed_off == twin.failed_off);
    return fuzz_mix(rescued.digest, walk.lost_values);
}

/* ---- one input ------------------------------------------------------------------------------- */

static void prepare(fuzz_dice *d)
{
    static const uint32_t counts[] = { EVX_SLOTS_WORST, EVX_SLOTS_WORST, 64, 3, 0 };
    evx_limits limits = { 0, 0, 0, 0, 0, 0 };
    uint32_t count = counts[fuzz_pick(d, 5)];

    if (fuzz_one_in(d, 4)) {
        limits.instance_depth = fuzz_pick(d, 20);
        limits.open_elements = fuzz_pick(d, 300);
        limits.name_units = fuzz_pick(d, 100);
        limits.steps_per_byte = fuzz_pick(d, 5);
    }
    fuzz_dirty(d, &walk, sizeof walk);
    fuzz_dirty(d, &twin, sizeof twin);
    FUZZ_CHECK(evx_walk_init(&walk, sizeof walk - 1, slots, count, NULL) == EVX_E_ABI);
    FUZZ_CHECK(evx_walk_init(&walk, sizeof walk, slots, count, &limits) == EVX_OK);
    FUZZ_CHECK(evx_walk_init(&twin, sizeof twin, twin_slots, count, &limits) == EVX_OK);
}

uint64_t fuzz_one(fuzz_dice *d, const uint8_t *data, size_t len)
{
    evx_chunk c;
    evx_records it;
    evx_record r;
    evx_status st;
    uint64_t digest = FUZZ_HASH_BEGIN;

    prepare(d);
    if (!fuzz_open(data, len, &c))
        return 0;
    evx_records_begin(&it, &c);
    while ((st = fuzz_record(&it, &r)) != EVX_END)
        if (st == EVX_OK)
            digest = fuzz_mix(digest, check_walk(d, &c, &r));
    return digest;
}
