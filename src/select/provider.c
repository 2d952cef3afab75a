/* src/select/provider.c - whose records are these? by their templates, before anything else */
#include "file/file.h"
#include "select/select.h"

/*
 * Nearly all templates name the provider, as a literal: then one look at a template answers for all
 * of its records in the chunk.
 */
enum {
    NEW_MOST = 6                     /* templates that a chunk may have, for a quick answer    */
};

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

/* Look at the record's template. False: the record has to be walked. */
static bool meet(evx_reader *t, const evx_chunk *c, const evx_record *r, evxi_asking *q,
                 evxi_met *m)
{
    uint32_t behind;
    evxi_layout p;

    m->x = evxi_locate_system(t, c, r, &p, &behind);
    if (!m->x)
        return false;
    m->definition = p.definition;
    m->id = p.id;
    m->other = is_other(c, &p, m->x, q->ascii, q->len);
    *met_at(q, m->definition) = *m;
    return true;
}

bool evxi_provider_other(evx_reader *t, const evx_chunk *c, const evx_record *r, evxi_asking *q)
{
    bool sound = (r->damage & ~(uint32_t)EVX_RECORD_ID) == 0;
    const evxi_met *met = sound ? met_whole(t, c, r, q) : NULL;
    evxi_met m;

    if (EVXI_LIKELY(met != NULL))
        return met->other;
    return meet(t, c, r, q, &m) && m.other;
}

/* ---- whole chunks --------------------------------------------------------------------------- */

/* A template that was not met before in this chunk. */
static EVXI_COLD bool is_new_other(evx_reader *t, const evx_chunk *c, const evx_record *r,
                                   evxi_asking *q)
{
    evxi_met m;

    if (q->news++ == NEW_MOST)
        return false;
    if (!meet(t, c, r, q, &m)
        && (evxi_fields_some(t, c, r, t->fields, 1u << FIELD_PROVIDER) != EVX_OK
            || !meet(t, c, r, q, &m)))
        return false;
    return m.other;
}

/* From `at` on: those of which there is nothing to say. Where the first other thing stands. */
static uint32_t skim_next(const evx_chunk *c, uint32_t at, evxi_asking *q, evx_ledger *l,
                          uint32_t *last)
{
    uint64_t id = l->last_id, written = l->last_written, count = 0;
    uint32_t size;

    for (; (size = evxi_sound_at(c, at)) != 0; at += size) {
        const evxi_met *m = met_before(c->base + at, size, at, q);
        if (!m || !m->other || !evxi_is_next(c->base + at, id, written))
            break;
        id++;
        written = evxi_le64(c->base + at + REC_WRITTEN);
        count++;
        *last = at;
    }
    l->records += count;
    l->decoded += count;
    l->last_id = id;
    l->last_written = written;
    return at;
}

evx_status evxi_provider_skim(evx_reader *t, const evx_chunk *c, evxi_asking *q, evx_ledger *l,
                              evx_record *first, evx_record *last)
{
    evx_ledger books = *l;
    uint32_t at = CHUNK_RECORDS, last_at = 0;

    if (!t->known || !evxi_skims(l, c))
        return EVX_SKIP;
    while ((at = skim_next(c, at, q, &books, &last_at)) < c->free_off) {
        const evxi_met *m;
        if (evxi_sound_at(c, at) == 0)
            return EVX_SKIP;
        evxi_sound_load(c, at, last);
        m = met_before(c->base + at, last->size, at, q);
        if (!(m ? m->other : is_new_other(t, c, last, q)))
            return EVX_SKIP;
        last_at = at;
        evx_ledger_read(&books, c, last, 0, false);
        at += last->size;
    }
    if (last_at == 0)
        return EVX_SKIP;
    evxi_sound_load(c, CHUNK_RECORDS, first);
    evxi_sound_load(c, last_at, last);
    *l = books;
    return EVX_OK;
}
