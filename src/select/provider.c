/* src/select/provider.c - whose records are these? by their templates, before anything else */
#include "base/le.h"
#include "file/file.h"
#include "select/select.h"

/*
 * Many templates name the provider as a literal: then one look at a template answers for all of its
 * records in the chunk, if they are whole.
 */
/* Is the provider of all records of this template another one? By letters alone, from the last one
 * on: families of names begin alike. */
static bool is_other(const evx_chunk *c, const evxi_layout *p, const evxi_locator *x,
                     const char *ascii, size_t len)
{
    const evxi_entry *e = &x->entries[x->at[FIELD_PROVIDER]];
    const uint8_t *text = c->base + p->definition + EVXI_DEFINITION_HEAD + e->off;

    if (!(x->have >> FIELD_PROVIDER & 1) || e->slot != EVXI_LITERAL || e->depends != EVXI_NO_INDEX)
        return false;
    if (e->len < 2 * len || (e->len > 2 * len && evxi_le16(text + 2 * len) != 0))
        return true;
    for (; len > 0; len--)
        if (text[2 * len - 1] != 0 || ((text[2 * len - 2] ^ (uint8_t)ascii[len - 1]) & 0xdf) != 0)
            return true;
    return false;
}

/* The values of an instance, descriptors first: do they fit, none of them an instance? */
static bool fit(const uint8_t *d, uint32_t count, uint32_t last, uint32_t room)
{
    const uint64_t type = 0x00ff000000ff0000u, is = (uint64_t)EVX_BINXML << 48 | EVX_BINXML << 16;
    uint32_t all = evxi_sizes(d, count), i = 0;
    uint64_t x;

    for (last = last < count ? last : count; i + 2 <= last; i += 2) {
        x = (evxi_le64(d + EVXI_DESCRIPTOR * (size_t)i) ^ is) & type;
        if ((x & type & 0xffffffffu) == 0 || x >> 32 == 0)
            return false;
    }
    return all <= room && (i == last || d[EVXI_DESCRIPTOR * (size_t)i + 2] != EVX_BINXML);
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
    return m->definition == definition && m->x && m->id == evxi_le32(p + TOKEN + 2)
        && definition != off + HEAD ? m : NULL;
}

/* And its values fit. */
static const evxi_met *met_whole(const evx_reader *t, const evx_chunk *c, const evx_record *r,
                                  evxi_asking *q)
{
    const uint8_t *p = c->base + r->off;
    const evxi_met *m = met_before(p, r->size, r->off, q);
    uint32_t count, room;

    if (!m)
        return NULL;
    count = evxi_le32(p + HEAD);
    room = r->size - FIXED - REC_COPY;
    return count <= EVXI_VALUES_MAX && EVXI_DESCRIPTOR * count <= room
        && fit(p + FIXED, count, m->x->last, room - EVXI_DESCRIPTOR * count)
        && m->x->steps + count + 2 <= evxi_walk_fuel(&t->walk, r) ? m : NULL;
}

/* Does the record itself say this number, in eight bytes of this type? */
static bool says(const evxi_met *m, const uint8_t *d, uint32_t count, evxi_place place,
                 uint32_t type, uint64_t number)
{
    const evxi_entry *e = &m->x->entries[m->x->at[place]];

    return (m->x->have >> place & 1) && e->slot < count
        && (e->depends == EVXI_NO_INDEX || e->depends == e->slot)
        && (evxi_le32(d + EVXI_DESCRIPTOR * (size_t)e->slot) & 0xffffff) == (8 | type << 16)
        && evxi_le64(d + EVXI_DESCRIPTOR * (size_t)count + evxi_sizes(d, e->slot)) == number;
}

/* Are its id and its time those of its header? */
static bool agrees(const evx_chunk *c, const evx_record *r, const evxi_met *m)
{
    const uint8_t *p = c->base + r->off;
    uint32_t count = evxi_le32(p + HEAD);

    return says(m, p + FIXED, count, FIELD_RECORD_ID, EVX_UINT64, r->id)
        && says(m, p + FIXED, count, FIELD_TIME, EVX_FILETIME, r->written);
}

/* Look at the record's template. */
static void meet(evx_reader *t, const evx_chunk *c, const evx_record *r, evxi_asking *q)
{
    evxi_met m;
    uint32_t behind;
    evxi_layout p;

    m.x = evxi_locate_system(t, c, r, &p, &behind);
    if (!m.x)
        return;
    m.definition = p.definition;
    m.id = p.id;
    m.other = is_other(c, &p, m.x, q->ascii, q->len);
    *met_at(q, m.definition) = m;
}

bool evxi_provider_other(evx_reader *t, const evx_chunk *c, const evx_record *r, evxi_asking *q)
{
    const evxi_met *met = met_whole(t, c, r, q);

    if (EVXI_LIKELY(met != NULL))
        return met->other && agrees(c, r, met);
    meet(t, c, r, q);
    return false;
}
