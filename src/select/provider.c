/* src/select/provider.c - whose records are these? by their templates, before anything else */
#include "base/same.h"
#include "base/utf.h"
#include "file/file.h"
#include "select/provider.h"

/*
 * Most templates name the provider as a literal: then one look at a template answers for all of its
 * records in the chunk, if they are whole. Others have it as a value, which is looked at.
 */

enum {
    ELEMENTS = EVX_BINXML & ~1,      /* the types of values into which the walk would go       */
    LEAST_FUEL = 4096,               /* any record has as much                                */
    FEW = 4                          /* values, for a comparison of blocks                    */
};

/* An instance's descriptors, and its values behind them. */
typedef struct values {
    const uint8_t *descriptors;
    uint32_t count, room;            /* bytes from the descriptors to the record's end        */
} values;

/* ---- where this one has them ----------------------------------------------------------------- */

_Static_assert(FIXED - REC_HEADER + EVXI_DESCRIPTOR * FEW >= 32, "a block");
_Static_assert(FIXED - REC_HEADER + EVXI_DESCRIPTOR * EVXI_PLACED <= EVXI_IMAGE, "all of them");

static inline uint32_t descriptor_of(const values *v, uint32_t slot)
{
    return evxi_le32(v->descriptors + EVXI_DESCRIPTOR * (size_t)slot);
}

/* Where are the first values, from the descriptors on? False: one of them holds elements, or not
 * all values fit. */
static bool fit(const values *v, uint32_t last, uint16_t *place, uint32_t *behind)
{
    uint32_t end = EVXI_DESCRIPTOR * v->count, types = 0;

    if (v->count > EVXI_VALUES_MAX || end > v->room || last > v->count)
        return false;
    for (uint32_t i = 0; i < last; i++) {
        uint32_t descriptor = descriptor_of(v, i);
        place[i] = (uint16_t)end;
        end += descriptor & 0xffff;
        types |= descriptor >> 16;
    }
    *behind = end;
    return !(types & ELEMENTS)
        && end + evxi_sizes(v->descriptors + EVXI_DESCRIPTOR * (size_t)last, v->count - last)
               <= v->room;
}

/* Is a value of this type, and of eight bytes? */
static bool is_number(const values *v, uint32_t slot, uint32_t type)
{
    return (descriptor_of(v, slot) & 0xffffff) == (8 | type << 16);
}

/* The first of a run has any id, and a time, or who reads only the ends of runs would not know of
 * others'. */
static bool in_order(const values *v, const evxi_like *k, const evxi_asking *q)
{
    uint64_t id = evxi_le64(v->descriptors + k->id_off - FIXED);
    uint64_t time = evxi_le64(v->descriptors + k->time_off - FIXED);

    return q->computer.ptr ? evxi_follows(q, id, time) : time != 0;
}

/* A text value's place, that it may be asked for. False: no text. */
static bool find_value(const values *v, const uint16_t *place, evxi_met_text *x)
{
    uint32_t descriptor;

    if (x->slot == LITERAL)
        return true;
    descriptor = descriptor_of(v, x->slot);
    x->off = place[x->slot];
    x->len = (uint16_t)descriptor;
    return (descriptor >> 16 & 0xff) == EVX_STRING;
}

/* Of the same text as in those that were passed over before it? Text goes up to its first NUL, and
 * theirs has none; a value without any is none. */
static bool same_text(const evx_chunk *c, const values *v, const evxi_met_text *x,
                      evx_text_view *of_run)
{
    const uint8_t *p = evxi_text_at(c, v->descriptors, x);
    uint32_t len;

    if (of_run->ptr && x->len == of_run->len && evxi_same(of_run->ptr, p, x->len))
        return x->len != 0 || x->slot == LITERAL;
    len = 2 * evxi_utf16_length(p, x->len / 2);
    if (len == 0 && x->slot != LITERAL)
        return false;
    if (of_run->ptr)
        return of_run->len == len && evxi_same(of_run->ptr, p, len);
    of_run->ptr = p;
    of_run->len = len;
    return true;
}

/* The first of a run says what the others have to. */
static bool same_place(const evx_chunk *c, const values *v, const evxi_met *m, evxi_asking *q)
{
    evx_text_view computer = q->computer, channel = q->channel;

    if (!same_text(c, v, &m->computer, &computer) || !same_text(c, v, &m->channel, &channel))
        return false;
    q->computer = computer;
    q->channel = channel;
    return true;
}

/* Which unit of the provider's name tells it from the one that is asked for, and what that one has
 * there; the first one, if it is the shorter one. False: none does, a space is folded to a NUL. */
static bool look_at(const uint8_t *d, const evxi_met_text *x, const evxi_asking *q, evxi_like *k)
{
    const uint8_t *name = d + x->off;
    uint32_t units = x->len / 2, i = 0;

    k->unlike = 0;
    if (units > q->len && evxi_folded(name + 2 * q->len) != 0)
        i = q->len;
    else if (units >= q->len) {
        while (i < q->len && evxi_folded(name + 2 * i) == ((uint8_t)q->ascii[i] & 0xdfu))
            i++;
        if (i == q->len)
            return false;
        k->unlike = (uint8_t)q->ascii[i] & 0xdf;
    }
    k->look[0] = (uint16_t)(FIXED + x->off);
    k->look[1] = (uint16_t)(FIXED + x->off + 2 * i);
    return true;
}

/* The text that others must have as well; in one piece, if it stands side by side. */
static void note_texts(const evxi_met *m, evxi_like *k)
{
    uint16_t x = m->channel.slot == LITERAL ? 0 : m->channel.len;
    uint16_t y = m->computer.slot == LITERAL ? 0 : m->computer.len;

    k->off[0] = (uint16_t)(FIXED + (x ? m->channel.off : m->computer.off));
    k->len[0] = x ? x : y;
    k->off[1] = (uint16_t)(FIXED + m->computer.off);
    k->len[1] = x ? y : 0;
    if (k->len[1] != 0 && k->off[0] + k->len[0] == k->off[1]) {
        k->len[0] = (uint16_t)(x + y);
        k->len[1] = 0;
    }
    k->named = !m->other;
    k->plain = m->other && k->len[0] == 0;
}

/* What begins a record that is like this one: as this one begins, but for the definition that it
 * may hold. NULL: it begins in another way. */
static const uint8_t *image_of(const evx_chunk *c, const evx_record *r, const values *v,
                               uint32_t bytes, uint8_t *image)
{
    enum { BEFORE = HEAD - REC_HEADER };         /* bytes in front of the number of values    */
    const uint8_t *p = c->base + r->off;

    if (v->descriptors == p + FIXED)
        return p + REC_HEADER;
    if (p[REC_HEADER] != EVXI_TOKEN_FRAGMENT || p[TOKEN] != EVXI_TOKEN_INSTANCE)
        return NULL;
    memcpy(image, p + REC_HEADER, BEFORE);
    memcpy(image + BEFORE, v->descriptors - (FIXED - HEAD), bytes - BEFORE);
    return image;
}

/* The next one may be like this one. Its definition stands in front of this one, or in it: none
 * behind it holds it. */
static void be_like(const evx_chunk *c, const evx_record *r, const values *v, const evxi_met *m,
                    evxi_asking *q, evxi_like *k)
{
    k->rest = FIXED + (uint32_t)EVXI_DESCRIPTOR * m->last;
    k->image = image_of(c, r, v, k->rest - REC_HEADER, q->image[m - q->met]);
    if (!k->image || m->definition >= r->off + r->size || m->last < FEW
        || !(m->other || look_at(v->descriptors, &m->provider, q, k)))
        return;
    note_texts(m, k);
    k->record = v->descriptors - FIXED;
    k->others = v->count - m->last;
    k->least = FIXED + EVXI_DESCRIPTOR * v->count + REC_COPY;
    k->key = evxi_met_key(q->run, m->definition);
}

/* Another provider's, in order, and its values fit. */
static bool is_other(const evx_chunk *c, const evx_record *r, const values *v, uint32_t fuel,
                     evxi_met *m, evxi_asking *q)
{
    evxi_like *k = &q->like[m - q->met];
    uint16_t place[EVXI_PLACED];
    uint32_t end;

    k->key = 0;
    if (!m->answers || !fit(v, m->last, place, &end) || m->steps + v->count + 2 > fuel
        || !is_number(v, m->id_at, EVX_UINT64) || !is_number(v, m->time_at, EVX_FILETIME))
        return false;
    k->id_off = FIXED + place[m->id_at];
    k->time_off = FIXED + place[m->time_at];
    k->over = FIXED + end + REC_COPY;
    if (!find_value(v, place, &m->provider) || !find_value(v, place, &m->computer)
        || !find_value(v, place, &m->channel)
        || !(m->other || evxi_names_other(evxi_text_at(c, v->descriptors, &m->provider),
                                          m->provider.len, q))
        || !in_order(v, k, q) || !same_place(c, v, m, q))
        return false;
    (void)evxi_pass_over(q, evxi_le64(v->descriptors + k->id_off - FIXED),
                         evxi_le64(v->descriptors + k->time_off - FIXED));
    if (m->steps + v->count + 2 <= LEAST_FUEL)
        be_like(c, r, v, m, q, k);
    return true;
}

/* ---- templates ------------------------------------------------------------------------------- */

/* The value of a field that has one of its own, or EVXI_NO_INDEX. */
static uint16_t value_of(const evxi_locator *x, evxi_place place)
{
    const evxi_entry *e = &x->entries[x->at[place]];

    return (x->have >> place & 1) && e->slot < EVXI_NO_VALUE - 1
        && (e->depends == EVXI_NO_INDEX || e->depends == e->slot) ? e->slot : EVXI_NO_INDEX;
}

/* Where a text field of a template is: of a literal, or of none, its place; or which value. False:
 * neither. */
static bool find_text(const evxi_layout *p, const evxi_locator *x, evxi_place place,
                      evxi_met_text *to)
{
    const evxi_entry *e = &x->entries[x->at[place]];
    bool have = x->have >> place & 1;
    uint32_t slot = value_of(x, place);

    *to = (evxi_met_text){ 0, 0, LITERAL };
    if (have && e->slot == EVXI_LITERAL && e->depends == EVXI_NO_INDEX) {
        to->off = (uint16_t)(p->definition + EVXI_DEFINITION_HEAD + e->off);
        to->len = e->len;
    } else if (have) {
        to->slot = (uint8_t)slot;
        return slot < x->last;
    }
    return true;
}

/* What a template says of all its records; whether it can answer for them. */
static bool answer(const evx_chunk *c, const evxi_layout *p, const evxi_locator *x, evxi_met *m,
                   const evxi_asking *q)
{
    uint32_t id = value_of(x, FIELD_RECORD_ID), time = value_of(x, FIELD_TIME);

    if (!(x->have >> FIELD_PROVIDER & 1) || !find_text(p, x, FIELD_PROVIDER, &m->provider)
        || !find_text(p, x, FIELD_COMPUTER, &m->computer)
        || !find_text(p, x, FIELD_CHANNEL, &m->channel))
        return false;
    m->id_at = (uint8_t)id;
    m->time_at = (uint8_t)time;
    m->other = m->provider.slot == LITERAL
            && evxi_differs(c->base + m->provider.off, m->provider.len, q->ascii, q->len);
    return (m->other || m->provider.slot != LITERAL) && id < x->last && time < x->last;
}

/* Look at the record's template, which is a new one in this chunk, or is asked for again. */
static evxi_met *meet(evx_reader *t, const evx_chunk *c, const evx_record *r, evxi_asking *q,
                      values *v)
{
    const evxi_locator *x;
    uint32_t behind;
    evxi_layout p;
    evxi_met *m;

    x = evxi_locate_system(t, c, r, &p, &behind);
    if (!x || x->last > EVXI_PLACED || x->steps > UINT16_MAX)
        return NULL;
    m = &q->met[evxi_met_place(p.definition)];
    if (m->generation != q->generation || m->definition != p.definition || m->id != p.id) {
        m->generation = q->generation;
        m->definition = (uint16_t)p.definition;
        m->id = p.id;
        m->steps = (uint16_t)x->steps;
        m->last = (uint8_t)x->last;
        m->answers = answer(c, &p, x, m, q);
    }
    v->descriptors = c->base + p.descriptors;
    v->count = p.count;
    v->room = r->off + r->size - REC_COPY - p.descriptors;
    return m;
}

/* The instance at a record's beginning, if it is one of a definition that was met, which stands
 * elsewhere; or NULL. */
static evxi_met *met_before(const evx_chunk *c, const evx_record *r, evxi_asking *q, values *v)
{
    const uint8_t *p = c->base + r->off;
    uint32_t definition;
    evxi_met *m;

    if (r->size < FIXED + REC_COPY || p[REC_HEADER] != EVXI_TOKEN_FRAGMENT
        || p[TOKEN] != EVXI_TOKEN_INSTANCE)
        return NULL;
    definition = evxi_le32(p + TOKEN + 6);
    m = &q->met[evxi_met_place(definition)];
    v->descriptors = p + FIXED;
    v->count = evxi_le32(p + HEAD);
    v->room = r->size - FIXED - REC_COPY;
    return m->generation == q->generation && m->definition == definition
        && m->id == evxi_le32(p + TOKEN + 2) && definition != r->off + HEAD ? m : NULL;
}

bool evxi_meet(evx_reader *t, const evx_chunk *c, const evx_record *r, evxi_asking *q)
{
    values v;
    evxi_met *m = met_before(c, r, q, &v);

    if (!m)
        m = meet(t, c, r, q, &v);
    return m && is_other(c, r, &v, evxi_walk_fuel(&t->walk, r), m, q);
}
