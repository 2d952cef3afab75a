/* src/select/provider.c - whose records are these? by their templates, before anything else */
#include "base/le.h"
#include "file/file.h"
#include "kern/kern.h"
#include "select/select.h"

/*
 * Most templates name the provider as a literal: then one look at a template answers for all of its
 * records in the chunk, if they are whole. Others have it as a value, which is looked at.
 */

/* Who asks for one provider, record by record of a chunk; and the definitions met on the way. */
enum { EVXI_MET = 64 };

typedef struct met_one {
    uint32_t id;                     /* as an instance's head says                            */
    uint16_t definition;             /* the same                                              */
    uint16_t steps;                  /* as its locator's                                      */
    uint8_t last;                    /* as its locator's; 0: nothing was met                  */
    uint8_t id_at, time_at, provider_at;         /* the values                                */
    uint8_t computer_at, channel_at;             /* the same, or LITERAL:                     */
    uint16_t computer, computer_len, channel, channel_len;   /* where that stands in the chunk */
    bool answers;                    /* records of it may be passed over                      */
    bool other;                      /* all of them are another provider's                    */
} met_one;

enum { LITERAL = 0xff, PLACED = 32 };            /* PLACED: values whose places are kept      */

typedef struct asking {
    evx_utf16 computer, channel;     /* of the records that were passed over; NULL: none were */
    const evx_kernels *kernels;
    const char *ascii;               /* `len` letters                                         */
    size_t len;
    met_one met[EVXI_MET];
} asking;

/* Is this UTF-16 text another one than a word? By letters alone, from the last one on: families of
 * names begin alike. */
static bool differs(const uint8_t *text, uint32_t bytes, const char *ascii, size_t len)
{
    bytes &= ~1u;                    /* half a unit is none                                   */
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
static inline met_one *met_at(asking *q, uint32_t definition)
{
    return &q->met[definition * 0x9e3779b1u >> 26];
}

enum {
    TOKEN = REC_HEADER + 4, HEAD = TOKEN + 1 + EVXI_INSTANCE_HEAD, FIXED = HEAD + 4
};

_Static_assert(EVXI_MET == 1 << (32 - 26), "met_at takes the upper bits");

/* The instance at a record's beginning, if it is one of a definition that was met, which stands
 * elsewhere; or NULL. */
static inline const met_one *met_before(const uint8_t *p, uint32_t size, uint32_t off,
                                         asking *q)
{
    uint32_t definition;
    const met_one *m;

    if (size < FIXED + REC_COPY || p[REC_HEADER] != EVXI_TOKEN_FRAGMENT
        || p[TOKEN] != EVXI_TOKEN_INSTANCE)
        return NULL;
    definition = evxi_le32(p + TOKEN + 6);
    m = met_at(q, definition);
    return m->definition == definition && m->last != 0 && m->id == evxi_le32(p + TOKEN + 2)
        && definition != off + HEAD ? m : NULL;
}

/* An instance's descriptors, and its values behind them. */
typedef struct values {
    const uint8_t *descriptors;
    uint32_t count, room;            /* bytes from the descriptors to the record's end        */
    uint32_t place[PLACED + 16];     /* of the first ones; see evx_kernels.places             */
} values;

/* Where are the first `last` values? False: one of them holds elements, into which the walk would
 * go, or not all values fit. */
static inline bool fit(values *v, uint32_t last, const evx_kernels *k)
{
    const uint32_t elements = (EVX_BINXML & ~1u) << 16;
    uint32_t types, end, i = last;

    if (v->count > EVXI_VALUES_MAX || EVXI_DESCRIPTOR * v->count > v->room || last > v->count)
        return false;
    end = k->places(v->descriptors, last, EVXI_DESCRIPTOR * v->count, v->place, &types);
    for (; i < v->count; i++)        /* mostly one: the event's data                           */
        end += evxi_le16(v->descriptors + EVXI_DESCRIPTOR * (size_t)i);
    return !(types & elements) && end <= v->room;
}

static inline uint32_t descriptor_of(const values *v, uint32_t slot)
{
    return evxi_le32(v->descriptors + EVXI_DESCRIPTOR * (size_t)slot);
}

static inline const uint8_t *at(const values *v, uint32_t slot)
{
    return v->descriptors + (v->place[slot] & 0xffff);
}

/* One value, of this type, and of eight bytes: this number. */
static inline bool says(const values *v, uint32_t slot, uint32_t type, uint64_t number)
{
    return (descriptor_of(v, slot) & 0xffffff) == (8 | type << 16)
        && evxi_le64(at(v, slot)) == number;
}

/* One value: text, and another provider's name. */
static inline bool names_other(const values *v, uint32_t slot, const asking *q)
{
    uint32_t descriptor = descriptor_of(v, slot), size = descriptor & 0xffff;
    const uint8_t *text = at(v, slot);

    return (descriptor >> 16 & 0xff) == EVX_STRING && size >= 2 && evxi_le16(text) != 0
        && differs(text, size, q->ascii, q->len);
}

/* A field's text, without what terminates it; NULL where it is none. */
static inline evx_utf16 text_of(const evx_chunk *c, const values *v, uint32_t slot,
                                uint32_t literal, uint32_t bytes)
{
    evx_utf16 x = { c->base + literal, bytes / 2 };
    uint32_t descriptor;

    if (slot == LITERAL)
        return x;
    descriptor = descriptor_of(v, slot);
    x.ptr = at(v, slot);
    x.units = (descriptor & 0xffff) / 2;
    while (x.units > 0 && evxi_le16(x.ptr + 2 * (size_t)x.units - 2) == 0)
        x.units--;
    if ((descriptor >> 16 & 0xff) != EVX_STRING || x.units == 0)
        x.ptr = NULL;
    return x;
}

static inline bool same(const evx_utf16 *a, const evx_utf16 *b)
{
    return a->units == b->units
        && (a->ptr == b->ptr || memcmp(a->ptr, b->ptr, 2 * (size_t)a->units) == 0);
}

/* Of the same computer and channel as those that were passed over before it? */
static inline bool same_place(const evx_chunk *c, const values *v, const met_one *m, asking *q)
{
    evx_utf16 computer = text_of(c, v, m->computer_at, m->computer, m->computer_len);
    evx_utf16 channel = text_of(c, v, m->channel_at, m->channel, m->channel_len);

    if (!computer.ptr || !channel.ptr)
        return false;
    if (q->computer.ptr)
        return same(&q->computer, &computer) && same(&q->channel, &channel);
    q->computer = computer;
    q->channel = channel;
    return true;
}

/* Another provider's, with the id and the time of its header, and its values fit. */
static inline bool is_other(const evx_reader *t, const evx_chunk *c, const evx_record *r, values *v,
                            const met_one *m, asking *q)
{
    return m->answers && fit(v, m->last, q->kernels)
        && m->steps + v->count + 2 <= evxi_walk_fuel(&t->walk, r)
        && says(v, m->id_at, EVX_UINT64, r->id) && says(v, m->time_at, EVX_FILETIME, r->written)
        && (m->other || names_other(v, m->provider_at, q)) && same_place(c, v, m, q);
}

/* Where a text field of a template is: *at, and of a literal, or of none, its place. False: neither
 * a literal nor a value. */
static bool find_text(const evxi_layout *p, const evxi_locator *x, evxi_place place, uint8_t *at,
                      uint16_t *literal, uint16_t *len)
{
    const evxi_entry *e = &x->entries[x->at[place]];
    bool have = x->have >> place & 1;
    uint32_t slot = value_of(x, place);

    *at = LITERAL;
    *literal = *len = 0;
    if (have && e->slot == EVXI_LITERAL && e->depends == EVXI_NO_INDEX) {
        *literal = (uint16_t)(p->definition + EVXI_DEFINITION_HEAD + e->off);
        *len = e->len;
    } else if (have) {
        *at = (uint8_t)slot;
        return slot < x->last;
    }
    return true;
}

/* What a template says of all its records; whether it can answer for them. */
static bool answer(const evx_chunk *c, const evxi_layout *p, const evxi_locator *x, met_one *m,
                   const asking *q)
{
    const evxi_entry *e = &x->entries[x->at[FIELD_PROVIDER]];
    const uint8_t *text = c->base + p->definition + EVXI_DEFINITION_HEAD + e->off;
    bool literal = (x->have >> FIELD_PROVIDER & 1) && e->slot == EVXI_LITERAL;
    uint32_t id = value_of(x, FIELD_RECORD_ID), time = value_of(x, FIELD_TIME);
    uint32_t provider = literal ? 0 : value_of(x, FIELD_PROVIDER);

    m->id_at = (uint8_t)id;
    m->time_at = (uint8_t)time;
    m->provider_at = (uint8_t)provider;
    m->other = literal && e->depends == EVXI_NO_INDEX && differs(text, e->len, q->ascii, q->len);
    return (m->other || !literal) && id < x->last && time < x->last && provider < x->last
        && find_text(p, x, FIELD_COMPUTER, &m->computer_at, &m->computer, &m->computer_len)
        && find_text(p, x, FIELD_CHANNEL, &m->channel_at, &m->channel, &m->channel_len);
}

/* Look at the record's template, then at the record. */
static bool meet(evx_reader *t, const evx_chunk *c, const evx_record *r, asking *q, values *v)
{
    const evxi_locator *x;
    uint32_t behind;
    evxi_layout p;
    met_one *m;

    x = evxi_locate_system(t, c, r, &p, &behind);
    if (!x || x->last > PLACED || x->steps > UINT16_MAX)
        return false;
    m = met_at(q, p.definition);
    m->definition = (uint16_t)p.definition;
    m->id = p.id;
    m->steps = (uint16_t)x->steps;
    m->last = (uint8_t)x->last;
    m->answers = answer(c, &p, x, m, q);
    v->descriptors = c->base + p.descriptors;
    v->count = p.count;
    v->room = r->off + r->size - REC_COPY - p.descriptors;
    return is_other(t, c, r, v, m, q);
}

/* Of a record without damage: certainly another provider's, with the id and the time of its header,
 * and whole as far as evxi_locator_read would see? Where it cannot tell at once: false. */
static inline bool not_asked_for(evx_reader *t, const evx_chunk *c, const evx_record *r,
                                 asking *q)
{
    const uint8_t *p = c->base + r->off;
    const met_one *m = met_before(p, r->size, r->off, q);
    values v;

    if (EVXI_UNLIKELY(m == NULL))
        return meet(t, c, r, q, &v);
    v.descriptors = p + FIXED;
    v.count = evxi_le32(p + HEAD);
    v.room = r->size - FIXED - REC_COPY;
    return is_other(t, c, r, &v, m, q);
}

/* ---- the next one --------------------------------------------------------------------------- */

static void begin_asking(asking *to, const evx_filter *q, const evx_kernels *k)
{
    bool named = q->provider && !(q->exclude & EVX_FILTER_PROVIDER) && evxi_is_ascii(q->provider);

    memset(to, 0, sizeof *to);
    to->kernels = k ? k : &evxi_kernels_portable;
    to->ascii = q->provider;
    to->len = named ? evxi_length(q->provider) : 0;
}

/* Behind the last one, in id and time, and undamaged? */
static bool is_in_order(const evx_ledger *l, const evx_record *r)
{
    return (r->damage & ~(uint32_t)EVX_RECORD_ID) == 0 && r->id > l->last_id
        && r->id - l->last_id == 1 && r->written >= l->last_written;
}

evx_status evx_filter_next(const evx_filter *q, const evx_kernels *k, evx_reader *t,
                           evx_records *it, evx_ledger *l, evx_record *r, evx_record *passed)
{
    asking provider;

    begin_asking(&provider, q, k);
    passed->size = 0;
    if (l->open == l->loss_count && provider.len != 0)
        while (evxi_records_peek(it, r) && is_in_order(l, r)
               && not_asked_for(t, it->chunk, r, &provider)) {
            evxi_records_take(it, r);
            evxi_ledger_pass(l, r);
            *passed = *r;
        }
    return evx_records_next(it, r);
}
