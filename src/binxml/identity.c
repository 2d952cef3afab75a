/* src/binxml/identity.c - is this definition one that was seen in another chunk? */
#include "base/same.h"
#include "binxml/token.h"

/*
 * Offsets of names count from the chunk, and so do the links in name entries: the same definition
 * has other bytes in every chunk. Equal means: the same GUID and size, the same bytes but for those
 * numbers, and every name that is referred to has the same text, resident where it was resident.
 * What was found once holds for the chunk: it is kept by offset.
 */
static evxi_known *known_at(evxi_known *table, uint32_t size, uint32_t off)
{
    return &table[off * 0x9e3779b1u >> 16 & (size - 1)];
}

static void keep(const evxi_identity *s, evxi_known *k, uint32_t off, void *what)
{
    k->generation = s->generation;
    k->off = off;
    k->what = what;
}

void evxi_learned_reset(evxi_learned *l)
{
    l->arena.used = l->begin;
    EVXI_PUBLISH(l->full, false);
    memset(l->definition_of, 0, sizeof l->definition_of);
    memset(l->word_of, 0, sizeof l->word_of);
}

void evxi_learned_begin(evxi_learned *l, const evxi_arena *a, uint32_t name_units)
{
    l->arena = *a;
    l->begin = a->used;
    l->name_units = name_units;
    evxi_learned_reset(l);
}

void evxi_identity_begin(evxi_identity *s, evxi_learned *l)
{
    s->learned = l;
    memset(s->definitions, 0, sizeof s->definitions);
    memset(s->words, 0, sizeof s->words);
    s->generation = 1;
}

/* What is known of offsets holds for one chunk. */
void evxi_identity_chunk(evxi_identity *s)
{
    if (++s->generation != 0)
        return;
    memset(s->definitions, 0, sizeof s->definitions);
    memset(s->words, 0, sizeof s->words);
    s->generation = 1;
}

/* ---- names ---------------------------------------------------------------------------------- */

static uint32_t hash_bytes(const uint8_t *p, size_t len)
{
    uint32_t h = 2166136261u;

    for (size_t i = 0; i < len; i++)
        h = (h ^ p[i]) * 16777619u;
    return h ^ h >> 15;
}

static bool same_word(const evxi_word *w, const evx_utf16 *name)
{
    return w->units == name->units
        && (EVXI_PLANTED(6) || evxi_same(w->text, name->ptr, 2 * (size_t)name->units));
}

static evxi_word *word_of(const evxi_identity *s, const evxi_ref *r)
{
    return (evxi_word *)(void *)(s->learned->arena.ptr + 8 * (size_t)r->word);
}

/* Does the name at an offset have this text? */
static bool word_is(evxi_identity *s, const evx_chunk *c, uint32_t off, evxi_word *word)
{
    evxi_known *k = known_at(s->words, EVXI_KNOWN_WORDS, off);
    evx_utf16 name;

    if (k->generation == s->generation && k->off == off)
        return k->what == word;
    if (evxi_name_get(c, off, s->learned->name_units, &name) < 0 || !same_word(word, &name))
        return false;
    keep(s, k, off, word);
    return true;
}

static evxi_word *word_learn(evxi_learned *l, const evx_chunk *c, uint32_t off)
{
    evx_utf16 name;
    evxi_word *w;
    uint8_t *text;
    uint32_t hash;

    if (evxi_name(c, off, l->name_units, &name) < 0)
        return NULL;
    hash = hash_bytes(name.ptr, 2 * (size_t)name.units);
    for (w = l->word_of[hash % EVXI_IDENTITIES]; w; w = w->next)
        if (w->hash == hash && same_word(w, &name))
            return w;
    w = evxi_learned_take(l, sizeof *w);
    text = evxi_learned_take(l, 2 * (size_t)name.units);
    if (!w || !text)
        return NULL;
    memcpy(text, name.ptr, 2 * (size_t)name.units);
    w->hash = hash;
    w->units = name.units;
    w->text = text;
    w->next = l->word_of[hash % EVXI_IDENTITIES];
    EVXI_PUBLISH(l->word_of[hash % EVXI_IDENTITIES], w);
    return w;
}

/* ---- definitions ---------------------------------------------------------------------------- */

/* For each bit of the number a byte, the lowest one first. */
#define BYTE(x, i) ((uint64_t)((x) >> (i) & 1 ? 0xff : 0) << 8 * (i))
#define FOUR(x) (BYTE(x, 0) | BYTE(x, 1) | BYTE(x, 2) | BYTE(x, 3))
#define ONE(x) (FOUR(x) | BYTE(x, 4) | BYTE(x, 5) | BYTE(x, 6) | BYTE(x, 7))
#define ROW(x) ONE(x), ONE((x) + 1), ONE((x) + 2), ONE((x) + 3), ONE((x) + 4), ONE((x) + 5), \
    ONE((x) + 6), ONE((x) + 7), ONE((x) + 8), ONE((x) + 9), ONE((x) + 10), ONE((x) + 11), \
    ONE((x) + 12), ONE((x) + 13), ONE((x) + 14), ONE((x) + 15)
static const uint64_t spread[256] = {
    ROW(0), ROW(16), ROW(32), ROW(48), ROW(64), ROW(80), ROW(96), ROW(112), ROW(128), ROW(144),
    ROW(160), ROW(176), ROW(192), ROW(208), ROW(224), ROW(240)
};

static uint32_t bucket_of(const uint8_t *head)
{
    return (evxi_le32(head + EVXI_DEFINITION_GUID) * 0x9e3779b1u
            ^ evxi_le32(head + EVXI_DEFINITION_SIZE)) % EVXI_IDENTITIES;
}

/* The head of a definition that lies in the chunk, with the id its instance asks for. */
static const uint8_t *head_at(const evx_chunk *c, uint32_t off, uint32_t id)
{
    const uint8_t *head = c->base + off;

    if (off < EVXI_FIRST_NAME || off > c->len || c->len - off < EVXI_DEFINITION_HEAD
        || evxi_le32(head + EVXI_DEFINITION_GUID) != id
        || evxi_le32(head + EVXI_DEFINITION_SIZE) > c->len - off - EVXI_DEFINITION_HEAD)
        return NULL;
    return head;
}

/* In what do eight bytes differ, where `fixed` has a bit? */
static inline uint64_t other_word(const uint8_t *a, const uint8_t *b, uint8_t fixed)
{
    return (evxi_le64(a) ^ evxi_le64(b)) & spread[fixed];
}

/* Are two streams equal where `fixed` has a bit, the lowest one for the first byte? */
static bool same_bytes(const uint8_t *a, const uint8_t *b, const uint8_t *fixed, uint32_t len)
{
    enum { WORD = 8, STEP = 4 * WORD };
    uint64_t other = 0;

    for (; len >= STEP; len -= STEP, a += STEP, b += STEP, fixed += STEP / WORD)
        other |= other_word(a, b, fixed[0]) | other_word(a + WORD, b + WORD, fixed[1])
               | other_word(a + 2 * WORD, b + 2 * WORD, fixed[2])
               | other_word(a + 3 * WORD, b + 3 * WORD, fixed[3]);
    for (; len >= WORD; len -= WORD, a += WORD, b += WORD, fixed++)
        other |= other_word(a, b, *fixed);
    for (uint32_t i = 0; i < len; i++)
        other |= (uint32_t)(a[i] ^ b[i]) & (uint32_t)spread[*fixed >> i & 1];
    return other == 0;
}

/* Does each reference refer to the name it should? Those to names behind them come first. */
static bool same_names(evxi_identity *s, const evx_chunk *c, uint32_t begin,
                       const evxi_definition *d)
{
    const uint8_t *stream = c->base + begin;
    const evxi_ref *r = d->refs, *end = r + d->ref_count;
    uint32_t other = 0, name;

    for (; r < d->refs + d->resident_count; r++)
        other |= evxi_le32(stream + r->at) ^ (begin + r->at + 4);
    for (; other == 0 && r < end; r++) {
        name = evxi_le32(stream + r->at);
        if (name == begin + r->at + 4 || !word_is(s, c, name, word_of(s, r)))
            other = 1;
    }
    return other == 0;
}

static evxi_definition *find(evxi_identity *s, const evx_chunk *c,
                                   uint32_t off, const uint8_t *head)
{
    evxi_definition *d = EVXI_LOOK(s->learned->definition_of[bucket_of(head)]);

    for (; d; d = d->next)
        if (d->size == evxi_le32(head + EVXI_DEFINITION_SIZE)
            && evxi_same(d->guid, head + EVXI_DEFINITION_GUID, 16)
            && same_bytes(head + EVXI_DEFINITION_HEAD, d->stream, d->fixed, d->size)
            && same_names(s, c, off + EVXI_DEFINITION_HEAD, d))
            return d;
    return NULL;
}

/* The first time in this chunk. */
static EVXI_COLD evxi_definition *look_up(evxi_identity *s,
                                                const evx_chunk *c, uint32_t off, uint32_t id,
                                                evxi_known *k)
{
    const uint8_t *head = head_at(c, off, id);
    evxi_definition *d = NULL;

    if (head) {
        d = find(s, c, off, head);
        keep(s, k, off, d);
    }
    return d;
}

evxi_definition *evxi_definition_find(evxi_identity *s, const evx_chunk *c,
                                            uint32_t off, uint32_t id)
{
    evxi_known *k = known_at(s->definitions, EVXI_KNOWN_DEFINITIONS, off);
    evxi_definition *d;

    if (EVXI_UNLIKELY(k->generation != s->generation || k->off != off))
        return look_up(s, c, off, id, k);
    d = k->what;
    return d && evxi_le32(d->guid) == id ? d : NULL;
}

/* ---- learning one --------------------------------------------------------------------------- */

/*
 * A pass over the tokens counts what the definition refers to, learns its names, and notes as many
 * references as there is room for. False: no room, or bytes that the walk refuses.
 */
static bool learn_tokens(evxi_learned *l, const evx_chunk *c, uint32_t begin,
                         evxi_definition *d, evxi_ref *refs, uint32_t most, uint8_t *used)
{
    evxi_scan scan;
    evxi_item item;
    evx_status st;

    d->ref_count = 0;
    evxi_scan_begin(&scan, c, begin, begin + d->size);
    while ((st = evxi_scan_next(&scan, &item)) == EVX_OK) {
        uint32_t at = evxi_scan_name_at(&item), index = evxi_scan_index(&item);
        if (at != 0) {
            evxi_word *w = word_learn(l, c, item.name);
            evxi_ref r = { (uint16_t)(at - begin), item.name == at + 4, 0 };
            if (!w)
                return false;
            r.word = (uint32_t)((size_t)((uint8_t *)w - l->arena.ptr) / 8);
            if (d->ref_count < most)
                refs[d->ref_count] = r;
            d->ref_count++;
        }
        if (index == EVXI_NO_INDEX)
            continue;
        if (index >= EVXI_VALUES_MAX)
            return false;
        used[index] = 1;
        d->value_count = index < d->value_count ? d->value_count : index + 1;
    }
    return st == EVX_END;
}

/* All bytes but the offsets of names, and the links of those that are resident. */
static void note_fixed(uint8_t *fixed, const evxi_definition *d)
{
    memset(fixed, 0xff, d->size / 8 + 1);
    for (uint32_t i = 0; i < d->ref_count; i++) {
        uint32_t at = d->refs[i].at, end = at + (d->refs[i].resident ? 8u : 4u);
        for (; at < end; at++)
            fixed[at / 8] &= (uint8_t)~(1u << at % 8);
    }
}

/* Those to names that stand right behind them come first. */
static void sort_refs(evxi_ref *refs, evxi_definition *d)
{
    for (uint32_t i = 0; i < d->ref_count; i++)
        if (refs[i].resident) {
            evxi_ref r = refs[i];
            refs[i] = refs[d->resident_count];
            refs[d->resident_count++] = r;
        }
}

static evxi_definition *learn(evxi_learned *l, const evx_chunk *c, uint32_t off,
                              const uint8_t *head)
{
    enum { FEW = 160 };              /* of most definitions all references, in one pass       */
    uint32_t begin = off + EVXI_DEFINITION_HEAD;
    uint8_t met[EVXI_VALUES_MAX] = { 0 }, *stream, *used, *fixed;
    evxi_definition counted, *d;
    evxi_ref few[FEW], *refs;

    memset(&counted, 0, sizeof counted);
    memcpy(counted.guid, head + EVXI_DEFINITION_GUID, 16);
    counted.size = evxi_le32(head + EVXI_DEFINITION_SIZE);
    if (!learn_tokens(l, c, begin, &counted, few, FEW, met))
        return NULL;
    d = evxi_learned_take(l, sizeof *d);
    stream = evxi_learned_take(l, counted.size);
    refs = evxi_learned_take(l, counted.ref_count * sizeof *refs);
    used = evxi_learned_take(l, counted.value_count);
    fixed = evxi_learned_take(l, counted.size / 8 + 1);
    if (!d || !stream || !refs || !used || !fixed)
        return NULL;
    memcpy(stream, head + EVXI_DEFINITION_HEAD, counted.size);
    memcpy(used, met, counted.value_count);
    *d = counted;
    d->stream = stream;
    d->refs = refs;
    d->used = used;
    d->fixed = fixed;
    if (d->ref_count <= FEW)
        memcpy(refs, few, d->ref_count * sizeof *refs);
    else if (!learn_tokens(l, c, begin, d, refs, d->ref_count, met))
        return NULL;
    note_fixed(fixed, d);
    sort_refs(refs, d);
    return d;
}

evxi_definition *evxi_definition_learn(evxi_identity *s, const evx_chunk *c,
                                             uint32_t off, uint32_t id)
{
    evxi_definition *found = evxi_definition_find(s, c, off, id);
    const uint8_t *head = head_at(c, off, id);
    evxi_definition *d;
    uint32_t bucket;

    if (found || !head)
        return found;
    d = find(s, c, off, head);       /* another reader may have learned it in the meantime    */
    if (d) {
        keep(s, known_at(s->definitions, EVXI_KNOWN_DEFINITIONS, off), off, d);
        return d;
    }
    d = learn(s->learned, c, off, head);
    if (!d)
        return NULL;
    bucket = bucket_of(head);
    d->next = s->learned->definition_of[bucket];
    EVXI_PUBLISH(s->learned->definition_of[bucket], d);
    keep(s, known_at(s->definitions, EVXI_KNOWN_DEFINITIONS, off), off, d);
    return d;
}
