/* src/text/plain.c - elements that stand in no template -> what was learned of others like them */
#include "base/same.h"
#include "binxml/token.h"
#include "text/program.h"

/*
 * Forwarded events, and some values of type 0x21, are streams of elements without a template. Their
 * literal texts take the place of values: each has a number, and all else that decides about the
 * text around them is put into a key, line by line: a token's kind, its name or code unit, whether
 * a text has content, and up to two tokens behind it that have none of these. Names are words, of
 * which each has an address. The text of an attribute Name of a Data is a word as well, and no
 * value: JSON makes a key of it.
 *
 * Left to the walk: sections of CDATA, processing instructions, instances in between; and whatever
 * is no stream of one well-nested document to its end, which only the walk knows how to salvage.
 */
enum { TOKEN_BITS = 4, CONTENT = 1u << TOKEN_BITS, NUMBER_AT = TOKEN_BITS + 1, NEXT_AT = 28 };

/* Who knows the hash can make any number of words, or keys, meet in one bucket: no more are looked
 * at. A few are what real logs have. */
enum { LOOKED_AT = 48 };

typedef struct reading {
    evxi_store *s;
    evxi_match *m;
    bool learns;                     /* words that are not known                              */
    bool data, literal;              /* in a Data; in its attribute Name                      */
    uint32_t count;                  /* lines                                                 */
} reading;

/* ---- words ---------------------------------------------------------------------------------- */

static uint32_t hash_text(const uint8_t *p, size_t len)
{
    uint64_t h = len, last = 0;
    size_t i = 0;

    for (; len - i >= 8; i += 8) {
        h = (h ^ evxi_le64(p + i)) * 0x9e3779b97f4a7c15u;
        h ^= h >> 32;
    }
    for (; i < len; i += 2)
        last = last << 16 | evxi_le16(p + i);
    h = (h ^ last) * 0x9e3779b97f4a7c15u;
    return (uint32_t)(h >> 32);
}

static evxi_word *word_learn(evxi_store *s, const evx_utf16 *text, uint32_t hash)
{
    evxi_word *w = evxi_store_take(s, sizeof *w);
    uint8_t *kept = evxi_store_take(s, 2 * (size_t)text->units);

    if (!w || !kept)
        return NULL;
    if (text->units != 0)
        memcpy(kept, text->ptr, 2 * (size_t)text->units);
    w->hash = hash;
    w->units = text->units;
    w->text = kept;
    w->next = s->library->plain_word_of[hash % EVXI_BUCKETS];
    EVXI_PUBLISH(s->library->plain_word_of[hash % EVXI_BUCKETS], w);
    return w;
}

static evxi_word *word_of(const reading *r, const evx_utf16 *text)
{
    uint32_t hash = hash_text(text->ptr, 2 * (size_t)text->units);
    evxi_word *w = EVXI_LOOK(r->s->library->plain_word_of[hash % EVXI_BUCKETS]);
    uint32_t n = 0;

    for (; w && n < LOOKED_AT; w = w->next, n++)
        if (w->hash == hash && w->units == text->units
            && evxi_same(w->text, text->ptr, 2 * (size_t)text->units))
            return w;
    return r->learns && !w ? word_learn(r->s, text, hash) : NULL;
}

/* The word at a name's offset, which holds for the chunk. */
static evxi_word *name_at(const reading *r, uint32_t off)
{
    evxi_known *k = &r->s->plain_words[off * 0x9e3779b1u >> 16 & (EVXI_KNOWN_WORDS - 1)];
    evxi_word *w;
    evx_utf16 name;

    if (EVXI_LIKELY(k->generation == r->s->ids.generation && k->off == off))
        return k->what;
    if (evxi_name_get(r->m->chunk, off, r->s->library->learned.name_units, &name) < 0)
        return NULL;
    w = word_of(r, &name);
    if (w) {
        k->generation = r->s->ids.generation;
        k->off = off;
        k->what = w;
    }
    return w;
}

static bool is_word(const evxi_word *w, const char *text, uint32_t len)
{
    evx_utf16 name = { w->text, w->units };

    return evxi_name_is(&name, text, len);
}

/* ---- the key -------------------------------------------------------------------------------- */

static bool put(reading *r, uint32_t kind, uint64_t number)
{
    if (r->count == EVXI_PLAIN_MAX || number >> (NEXT_AT - NUMBER_AT) != 0)
        return false;
    r->s->plain[r->count++] = kind | (uint32_t)number << NUMBER_AT;
    return true;
}

/* Body, empty, end: two bits, and two of them, in the line before. */
static bool put_mark(reading *r, uint8_t token)
{
    uint32_t *line = &r->s->plain[r->count > 0 ? r->count - 1 : 0];
    uint32_t code = token == TOKEN_END ? 1 : token;

    if (r->count == 0 || *line >> (NEXT_AT + 2) != 0)
        return put(r, token, 0);
    *line |= code << (*line >> NEXT_AT != 0 ? NEXT_AT + 2 : NEXT_AT);
    return true;
}

/* Words lie in the arena, behind the store: none has the number 0. */
static bool put_word(reading *r, uint32_t kind, const evxi_word *w)
{
    return w && put(r, kind, (uint64_t)((const uint8_t *)w - r->s->library->learned.arena.ptr) / 8);
}

static bool put_named(reading *r, const evxi_item *item)
{
    const evxi_word *w = name_at(r, item->name);

    if (!w)
        return false;
    if (item->token == TOKEN_OPEN)
        r->data = is_word(w, "Data", 4);
    r->literal = item->token == TOKEN_ATTRIBUTE ? r->data && is_word(w, "Name", 4)
                                                : r->literal && item->token == TOKEN_ENTITY;
    return put_word(r, item->token, w);
}

static bool put_text(reading *r, const evxi_item *item)
{
    evx_utf16 text = { r->m->chunk->base + item->text, item->units };
    uint32_t kind = item->token;

    if (text.units > 0 && evxi_le16(text.ptr) != 0)
        kind |= CONTENT;
    if (r->literal)
        return put_word(r, kind, word_of(r, &text));
    if (r->m->slots == EVXI_VALUES_MAX)
        return false;
    r->m->place[r->m->slots++] = item->text | 2 * item->units << 16;
    return put(r, kind, 0);
}

static bool put_token(reading *r, const evxi_item *item)
{
    switch (item->token) {
    case TOKEN_OPEN: case TOKEN_ATTRIBUTE: case TOKEN_ENTITY:
        return put_named(r, item);
    case TOKEN_VALUE:
        return put_text(r, item);
    case TOKEN_CHARREF:
        return put(r, item->token, item->index);
    case TOKEN_BODY: case TOKEN_EMPTY: case TOKEN_END:
        r->literal = false;
        return put_mark(r, item->token);
    default:
        return false;
    }
}

/* Read a stream: its texts become values of the match, all else the key. */
static bool read_stream(reading *r, uint32_t begin, uint32_t end)
{
    const evx_chunk *c = r->m->chunk;
    evxi_scan scan;
    evxi_item item;
    evx_status st;

    if (r->m->slots == 0)
        r->m->bytes = end - begin;
    if (end - begin >= 4 && c->base[begin] == EVXI_TOKEN_FRAGMENT) {
        begin += 4;
        r->m->fragments++;
    }
    evxi_scan_begin_plain(&scan, c, begin, end);
    while ((st = evxi_scan_get(&scan, &item)) == EVX_OK)
        if (!put_token(r, &item))
            return false;
    return st == EVX_END && scan.open == 0 && r->count > 0;
}

/* ---- shapes --------------------------------------------------------------------------------- */

static evxi_shape **bucket_of(const reading *r, const evxi_shape *parent)
{
    uint64_t h = (uintptr_t)parent;

    for (uint32_t i = 0; i < r->count; i++) {
        h = (h ^ r->s->plain[i]) * 0x9e3779b97f4a7c15u;
        h ^= h >> 32;
    }
    return &r->s->library->plain_of[h % EVXI_BUCKETS];
}

static bool same_key(const reading *r, const evxi_shape *x)
{
    return evxi_same((const uint8_t *)x->want, (const uint8_t *)r->s->plain,
                     r->count * sizeof *x->want);
}

static evxi_shape *search(const reading *r, const evxi_shape *parent, evxi_shape *x)
{
    for (uint32_t n = 0; x && n < LOOKED_AT; x = x->next, n++)
        if (x->parent == parent && x->count == r->count && same_key(r, x))
            return x;
    return NULL;
}

const evxi_shape *evxi_plain_find(evxi_store *s, const evxi_shape *parent, evxi_match *m,
                                  uint32_t begin, uint32_t end)
{
    reading r = { s, m, false, false, false, 0 };

    return read_stream(&r, begin, end) ? search(&r, parent, EVXI_LOOK(*bucket_of(&r, parent)))
                                      : NULL;
}

evxi_shape *evxi_plain_learn(evxi_store *s, evxi_shape *parent, evxi_match *m, uint32_t begin,
                             uint32_t end)
{
    reading r = { s, m, true, false, false, 0 };
    uint16_t first = (uint16_t)m->slots;
    evxi_shape **head, *x;
    uint32_t *key;

    if (!read_stream(&r, begin, end))
        return NULL;
    head = bucket_of(&r, parent);
    x = search(&r, parent, *head);
    if (x)
        return x;
    x = evxi_store_take(s, sizeof *x);
    key = evxi_store_take(s, r.count * sizeof *key);
    if (!x || !key)
        return NULL;
    memset(x, 0, sizeof *x);
    memcpy(key, s->plain, r.count * sizeof *key);
    x->parent = parent;
    x->count = r.count;
    x->want = key;
    x->first = first;
    x->next_slot = EVXI_LEAF;
    x->next = *head;
    EVXI_PUBLISH(*head, x);
    return x;
}
