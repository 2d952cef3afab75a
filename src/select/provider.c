/* src/select/provider.c - whose records are these? by their templates, before anything else */
#include "base/le.h"
#include "file/file.h"
#include "select/select.h"

/*
 * Most templates name the provider as a literal: then one look at a template answers for all of its
 * records in the chunk, if they are whole. Others have it as a value, which is looked at.
 */
/* Is this UTF-16 text another one than a word? By letters alone, from the last one on: families of
 * names begin alike. */
static bool differs(const uint8_t *text, uint32_t bytes, const char *ascii, size_t len)
{
    if (bytes < 2 * len || (bytes > 2 * len && evxi_le16(text + 2 * len) != 0))
        return true;
    for (; len > 0; len--)
        if (text[2 * len - 1] != 0 || ((text[2 * len - 2] ^ (uint8_t)ascii[len - 1]) & 0xdf) != 0)
            return true;
    return false;
}

/* The value of a field that has one of its own, or EVXI_NO_INDEX. */
static uint16_t value_of(const evxi_locator *x, evxi_place place)
{
    const evxi_entry *e = &x->entries[x->at[place]];

    return (x->have >> place & 1) && e->slot < EVXI_NO_VALUE - 1
        && (e->depends == EVXI_NO_INDEX || e->depends == e->slot) ? e->slot : EVXI_NO_INDEX;
}

/* Where a definition was met; two that share a place push each other out. */
static inline evxi_met *met_at(evxi_asking *q, uint32_t definition)
{
    return &q->met[definition * 0x9e3779b1u >> 26];
}

enum {
    TOKEN = REC_HEADER + 4, HEAD = TOKEN + 1 + EVXI_INSTANCE_HEAD, FIXED = HEAD + 4
};

_Static_assert(EVXI_MET == 1 << (32 - 26), "met_at takes the upper bits");

/* The instance at a record's beginning, if it is one of a definition that was met, which stands
 * elsewhere; or NULL. */
static inline const evxi_met *met_before(const uint8_t *p, uint32_t size, uint32_t off,
                                         evxi_asking *q)
{
    uint32_t definition;
    const evxi_met *m;

    if (size < FIXED + REC_COPY || p[REC_HEADER] != EVXI_TOKEN_FRAGMENT
        || p[TOKEN] != EVXI_TOKEN_INSTANCE)
        return NULL;
    definition = evxi_le32(p + TOKEN + 6);
    m = met_at(q, definition);
    return m->definition == definition && m->last != 0 && m->id == evxi_le32(p + TOKEN + 2)
        && definition != off + HEAD ? m : NULL;
}

/* Does one of the first `last` values hold elements, into which the walk would go? */
static inline bool nested(const uint8_t *d, uint32_t last)
{
    const uint64_t type = 0x00ff000000ff0000u, is = (uint64_t)EVX_BINXML << 48 | EVX_BINXML << 16;
    const uint64_t other = 0x0100000001000000u;
    uint64_t found = other;          /* a bit of each type that is another one                */
    uint32_t i = 0;

    for (; i + 2 <= last; i += 2)
        found &= ((evxi_le64(d + EVXI_DESCRIPTOR * (size_t)i) ^ is) & type) + type;
    return (found & other) != other
        || (i < last && d[EVXI_DESCRIPTOR * (size_t)i + 2] == EVX_BINXML);
}

/* An instance's descriptors, and its values behind them. */
typedef struct values {
    const uint8_t *descriptors;
    uint32_t count, room;            /* bytes from the descriptors to the record's end        */
    uint64_t before[EVXI_USED_MAX / 2 + 1];      /* of each pair: bytes of those before it, in */
} values;                                        /* two numbers                                */

enum { SUMMED = EVXI_USED_MAX };

static inline uint32_t descriptor_of(const values *v, uint32_t slot)
{
    return evxi_le32(v->descriptors + EVXI_DESCRIPTOR * (size_t)slot);
}

/* Where does each pair of the first values begin, and do all fit? */
static inline bool fit(values *v)
{
    const uint64_t size = 0x0000ffff0000ffffu;
    uint32_t i = 0, behind;
    uint64_t all = 0;

    if (v->count > EVXI_VALUES_MAX || EVXI_DESCRIPTOR * v->count > v->room)
        return false;
    for (; i + 2 <= v->count && i < SUMMED; i += 2) {
        v->before[i / 2] = all;
        all += evxi_le64(v->descriptors + EVXI_DESCRIPTOR * (size_t)i) & size;
    }
    v->before[i / 2] = all;
    behind = (uint32_t)(all + (all >> 32)) + EVXI_DESCRIPTOR * v->count;
    return behind + evxi_sizes(v->descriptors + EVXI_DESCRIPTOR * (size_t)i, v->count - i)
        <= v->room;
}

static inline const uint8_t *at(const values *v, uint32_t slot)
{
    uint64_t before = v->before[slot / 2];
    uint32_t first = slot % 2 == 0 ? 0 : descriptor_of(v, slot - 1) & 0xffff;

    return v->descriptors + EVXI_DESCRIPTOR * (size_t)v->count
        + ((uint32_t)(before + (before >> 32)) + first);
}

/* One value, of this type, and of eight bytes: this number. */
static inline bool says(const values *v, uint32_t slot, uint32_t type, uint64_t number)
{
    return (descriptor_of(v, slot) & 0xffffff) == (8 | type << 16)
        && evxi_le64(at(v, slot)) == number;
}

/* One value: text, and another provider's name. */
static inline bool names_other(const values *v, uint32_t slot, const evxi_asking *q)
{
    uint32_t descriptor = descriptor_of(v, slot), size = descriptor & 0xffff;
    const uint8_t *text = at(v, slot);

    return (descriptor >> 16 & 0xff) == EVX_STRING && size >= 2 && evxi_le16(text) != 0
        && differs(text, size, q->ascii, q->len);
}

/* Another provider's, with the id and the time of its header, and its values fit. */
static bool is_other(const evx_reader *t, const evx_record *r, values *v, const evxi_met *m,
                     const evxi_asking *q)
{
    return m->answers && m->last <= v->count && fit(v) && !nested(v->descriptors, m->last)
        && m->steps + v->count + 2 <= evxi_walk_fuel(&t->walk, r)
        && says(v, m->id_at, EVX_UINT64, r->id) && says(v, m->time_at, EVX_FILETIME, r->written)
        && (m->other || names_other(v, m->provider_at, q));
}

/* What a template says of all its records; whether it can answer for them. */
static bool answer(const evx_chunk *c, const evxi_layout *p, const evxi_locator *x, evxi_met *m,
                   const evxi_asking *q)
{
    const evxi_entry *e = &x->entries[x->at[FIELD_PROVIDER]];
    const uint8_t *text = c->base + p->definition + EVXI_DEFINITION_HEAD + e->off;
    bool literal = (x->have >> FIELD_PROVIDER & 1) && e->slot == EVXI_LITERAL;

    m->id_at = value_of(x, FIELD_RECORD_ID);
    m->time_at = value_of(x, FIELD_TIME);
    m->provider_at = literal ? 0 : value_of(x, FIELD_PROVIDER);
    m->other = literal && e->depends == EVXI_NO_INDEX && differs(text, e->len, q->ascii, q->len);
    return (m->other || !literal) && m->last <= SUMMED && m->id_at != EVXI_NO_INDEX
        && m->time_at != EVXI_NO_INDEX && m->provider_at != EVXI_NO_INDEX;
}

/* Look at the record's template, then at the record. */
static bool meet(evx_reader *t, const evx_chunk *c, const evx_record *r, evxi_asking *q, values *v)
{
    const evxi_locator *x;
    uint32_t behind;
    evxi_layout p;
    evxi_met *m;

    x = evxi_locate_system(t, c, r, &p, &behind);
    if (!x || x->last > UINT16_MAX)
        return false;
    m = met_at(q, p.definition);
    m->definition = p.definition;
    m->id = p.id;
    m->steps = x->steps;
    m->last = (uint16_t)x->last;
    m->answers = answer(c, &p, x, m, q);
    v->descriptors = c->base + p.descriptors;
    v->count = p.count;
    v->room = r->off + r->size - REC_COPY - p.descriptors;
    return is_other(t, r, v, m, q);
}

bool evxi_provider_other(evx_reader *t, const evx_chunk *c, const evx_record *r, evxi_asking *q)
{
    const uint8_t *p = c->base + r->off;
    const evxi_met *m = met_before(p, r->size, r->off, q);
    values v;

    if (EVXI_UNLIKELY(m == NULL))
        return meet(t, c, r, q, &v);
    v.descriptors = p + FIXED;
    v.count = evxi_le32(p + HEAD);
    v.room = r->size - FIXED - REC_COPY;
    return is_other(t, r, &v, m, q);
}
