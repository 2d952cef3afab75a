/* src/select/locator.c - record -> fields, by what is known of its templates */
#include "base/arena.h"
#include "base/le.h"
#include "file/file.h"
#include "select/select.h"

/*
 * What learn.c found out about a template answers for each of its records: that costs the
 * instance's head, a look at the descriptors, and the fields that are asked for. Whatever is not
 * plain (content in several pieces, a field twice, references, something that may hold elements
 * before the end of the System section, values behind the record's end) is left to the walk, whose
 * answer is the one.
 */
enum { MANY_MISSES = 4096, DATA_OPEN = 3, DATA_INSTANCES = 2 };

typedef struct known {
    evxi_learned learned;
    evxi_identity ids;
    evxi_locator scratch, refused;   /* refused: of templates that are not plain              */
    evxi_asking asking;
} known;

void evxi_locators_begin(evx_reader *t, uint8_t *memory, size_t len)
{
    evxi_arena a = { memory, len, 0 };
    known *k = len > 2 * sizeof *k ? evxi_bump(&a, sizeof *k) : NULL;

    t->known = k;
    t->misses = 0;
    t->chunk_base = NULL;
    t->chunk_off = t->chunk_mark = 0;
    t->last_off = UINT32_MAX;
    if (t->walk.limits.open_elements < DATA_OPEN)
        t->known = NULL;
    if (!t->known)
        return;
    evxi_learned_begin(&k->learned, &a, t->walk.limits.name_units);
    evxi_identity_begin(&k->ids, &k->learned);
    memset(&k->refused, 0, sizeof k->refused);
    memset(&k->asking, 0, sizeof k->asking);
}

void evx_reader_renew(evx_reader *t)
{
    t->last_off = UINT32_MAX;
}

/* What was met is kept with its chunk's number, and numbers begin anew after the last one. */
static void next_generation(known *k)
{
    evxi_identity_chunk(&k->ids);
    if (k->ids.generation == 1)
        memset(&k->asking, 0, sizeof k->asking);
}

/* Another chunk than the last one; or a record in front of the last one, which may be another's. */
static void enter_chunk(evx_reader *t, const evx_chunk *c, uint32_t off)
{
    uint64_t mark = evxi_chunk_mark(c);

    if (t->chunk_base != c->base || t->chunk_off != c->file_off || t->chunk_mark != mark
        || off < t->last_off || t->last_off == UINT32_MAX)
        next_generation(t->known);
    t->chunk_base = c->base;
    t->chunk_off = c->file_off;
    t->chunk_mark = mark;
    t->last_off = off;
}

/* Is this the name that was asked for before? */
static bool asks_again(const evxi_asking *q, const char *provider)
{
    uint32_t i = 0;

    while (i < q->len && provider[i] == q->ascii[i])
        i++;
    return i == q->len && i != 0 && provider[i] == 0;
}

static bool ask_for(evxi_asking *q, const char *provider)
{
    size_t len = evxi_is_ascii(provider) ? evxi_length(provider) : 0;

    if (len == 0 || len > EVXI_ASKED_MAX)
        return false;
    memset(q, 0, sizeof *q);
    memcpy(q->ascii, provider, len);
    q->len = (uint32_t)len;
    return true;
}

evxi_asking *evxi_asking_at(evx_reader *t, const evx_chunk *c, uint32_t off, const char *provider)
{
    known *k = t->known;

    if (!k || (!asks_again(&k->asking, provider) && !ask_for(&k->asking, provider)))
        return NULL;
    enter_chunk(t, c, off);
    k->asking.generation = k->ids.generation;
    return &k->asking;
}

/* ---- values --------------------------------------------------------------------------------- */

static uint8_t type_of(const evx_chunk *c, const evxi_layout *p, uint32_t index)
{
    return index < p->count ? c->base[p->descriptors + EVXI_DESCRIPTOR * (size_t)index + 2]
                            : (uint8_t)EVX_NULL;
}

/* Where values stand, as far as anybody asked. */
typedef struct places {
    uint32_t count, next;            /* known; where the next one begins                      */
    uint32_t place[EVXI_VALUES_MAX]; /* offset | length << 16                                 */
} places;

static void begin_places(places *x, const evxi_layout *p)
{
    x->count = 0;
    x->next = p->values;
}

static uint32_t place_of(places *x, const evx_chunk *c, const evxi_layout *p, uint32_t slot)
{
    const uint8_t *d = c->base + p->descriptors;

    for (; x->count <= slot; x->count++) {
        uint32_t size = evxi_le16(d + EVXI_DESCRIPTOR * (size_t)x->count);
        x->place[x->count] = (x->next & 0xffff) | size << 16;
        x->next += size;
    }
    return x->place[slot];
}

/* ---- learning ------------------------------------------------------------------------------- */

/* The locator of a definition, learned now if need be; or NULL. */
static const evxi_locator *learn(evx_reader *t, const evx_chunk *c, const evxi_layout *p,
                                 uint8_t kind)
{
    known *k = t->known;
    evxi_definition *d = evxi_definition_learn(&k->ids, c, p->definition, p->id);
    evxi_locator *x = &k->refused;
    size_t size;

    if (!d || d->more)
        return d ? d->more : NULL;
    if (evxi_locator_of(c, p->definition + EVXI_DEFINITION_HEAD, d->size, k->learned.name_units,
                        kind, &k->scratch)) {
        size = offsetof(evxi_locator, entries) + k->scratch.count * sizeof *x->entries;
        x = evxi_learned_take(&k->learned, size);
        if (x)
            memcpy(x, &k->scratch, size);
    }
    d->more = x;
    return x;
}

void evxi_locator_learn(evx_reader *t, const evx_chunk *c, const evx_record *r, bool data)
{
    uint32_t begin, end, fragments = 0;
    known *k = t->known;
    const evxi_locator *x;
    evxi_layout p;
    places at;

    if (!k)
        return;
    if (k->learned.full && ++t->misses > MANY_MISSES) {
        evxi_learned_reset(&k->learned);
        evxi_identity_begin(&k->ids, &k->learned);           /* generations begin anew        */
        memset(&k->asking, 0, sizeof k->asking);
        t->misses = 0;
    }
    evxi_record_body(c, r, &begin, &end);
    if (!evxi_layout_read(c, begin, end, &p, &fragments))
        return;
    x = learn(t, c, &p, EVXI_OF_SYSTEM);
    if (!data || !x || x->kind != EVXI_OF_SYSTEM || x->data >= p.count
        || type_of(c, &p, x->data) != EVX_BINXML)
        return;
    begin_places(&at, &p);
    begin = place_of(&at, c, &p, x->data);
    if (evxi_layout_read(c, begin & 0xffff, (begin & 0xffff) + (begin >> 16), &p, &fragments))
        (void)learn(t, c, &p, EVXI_OF_DATA);
}

/* ---- reading -------------------------------------------------------------------------------- */

/* Where the values end. 0: they do not fit, or one of them holds elements, into which the walk
 * would go. */
static uint32_t plain_end(const evx_chunk *c, const evxi_layout *p, const evxi_locator *x,
                          uint32_t end)
{
    const uint64_t nested = (uint64_t)(EVX_BINXML & ~1u) << 48 | (EVX_BINXML & ~1u) << 16;
    const uint8_t *d = c->base + p->descriptors;
    uint32_t last = x->last < p->count ? x->last : p->count, all;
    uint64_t types = 0;

    for (uint32_t i = 0; i + 2 <= last; i += 2)      /* the event's data stand behind these */
        types |= evxi_le64(d + EVXI_DESCRIPTOR * (size_t)i);
    if (last % 2 != 0)
        types |= evxi_le32(d + EVXI_DESCRIPTOR * (size_t)(last - 1));
    for (uint32_t i = 0; (types & nested) && i < x->used_count; i++)
        if (type_of(c, p, x->used[i]) == EVX_BINXML)
            return 0;
    all = evxi_sizes(d, p->count);
    return all <= end - p->values ? p->values + all : 0;
}

/* As slots.c and walk.c make a value of it. */
static evx_value value_of(places *x, const evx_chunk *c, const evxi_layout *p, const evxi_entry *e)
{
    evx_value v = { { c->base, 0 }, EVX_NULL };
    uint32_t place;

    if (e->slot == EVXI_LITERAL) {
        v.type = EVX_STRING;
        v.raw.ptr += p->definition + EVXI_DEFINITION_HEAD + e->off;
        v.raw.len = e->len;
    } else if (e->slot < p->count) {
        place = place_of(x, c, p, e->slot);
        v.type = type_of(c, p, e->slot);
        if (v.type == EVX_UTF8)
            v.type = EVX_BINARY;
        v.raw.ptr += place & 0xffff;
        v.raw.len = place >> 16;
    } else if (e->slot == EVXI_NO_VALUE) {
        v.raw.ptr = NULL;
    }
    return v;
}

static void read_field(evxi_gather *k, places *at, const evx_chunk *c, const evxi_layout *p,
                       const evxi_entry *e)
{
    if (e->depends != EVXI_NO_INDEX && type_of(c, p, e->depends) == EVX_NULL)
        return;
    k->place = (evxi_place)e->place;
    k->value = value_of(at, c, p, e);
    evxi_store_field(k);
}

/* What there is to know of the template of an instance in [begin, end), which ends at *behind.
 * NULL: the record has to be walked. The chunk was entered. */
static const evxi_locator *locate(evx_reader *t, const evx_chunk *c, uint32_t begin, uint32_t end,
                                  uint8_t kind, evxi_layout *p, uint32_t *behind)
{
    uint32_t fragments = 0;
    const evxi_definition *d;
    const evxi_locator *x;

    if (!evxi_layout_read(c, begin, end, p, &fragments))
        return NULL;
    d = evxi_definition_find(&((known *)t->known)->ids, c, p->definition, p->id);
    x = d ? d->more : NULL;
    if (!x || x->kind != kind)
        return NULL;
    *behind = plain_end(c, p, x, end);
    return *behind != 0 ? x : NULL;
}

const evxi_locator *evxi_locate_system(evx_reader *t, const evx_chunk *c, const evx_record *r,
                                       evxi_layout *p, uint32_t *behind)
{
    const evxi_locator *x;
    uint32_t begin, end;

    if (!t->known || r->off > c->len || r->size > c->len - r->off)
        return NULL;
    enter_chunk(t, c, r->off);
    evxi_record_body(c, r, &begin, &end);
    x = locate(t, c, begin, end, EVXI_OF_SYSTEM, p, behind);
    return x && x->steps + p->count + 2 <= evxi_walk_fuel(&t->walk, r) ? x : NULL;
}

/* The same of a record that is no instance of a template: as if all of it were literals. It is not
 * walked first, so whatever a walk would refuse has to be refused here. */
static const evxi_locator *locate_plain(evx_reader *t, const evx_chunk *c, const evx_record *r,
                                        evxi_layout *p)
{
    known *k = t->known;
    uint32_t begin, end;

    if (!k || r->off > c->len || r->size > c->len - r->off)
        return NULL;
    evxi_record_body(c, r, &begin, &end);
    if (end - begin < 5 || c->base[begin] != EVXI_TOKEN_FRAGMENT
        || (c->base[begin + 4] & 0xbf) != TOKEN_OPEN
        || !evxi_locator_of(c, begin, end - begin, k->learned.name_units, EVXI_OF_RECORD,
                            &k->scratch)
        || k->scratch.steps > evxi_walk_fuel(&t->walk, r))
        return NULL;
    memset(p, 0, sizeof *p);
    p->definition = begin - EVXI_DEFINITION_HEAD;
    return &k->scratch;
}

static void begin_fields(evx_reader *t, const evx_record *r, evx_fields *out, size_t cleared)
{
    memset(out, 0, cleared);
    t->scratch_used = 0;
    out->written = r->written;
    out->header_id = r->id;
}

evx_status evxi_locator_read(evx_reader *t, const evx_chunk *c, const evx_record *r,
                             evx_fields *out, uint32_t wanted)
{
    evxi_gather k = { .t = t, .f = out };
    const evxi_locator *x;
    uint32_t behind;
    evxi_layout p;
    places at;

    x = evxi_locate_system(t, c, r, &p, &behind);
    if (!x)
        x = locate_plain(t, c, r, &p);
    if (!x)
        return EVX_SKIP;
    begin_fields(t, r, out, offsetof(evx_fields, data_name));
    begin_places(&at, &p);
    for (wanted &= x->have; wanted != 0; wanted &= wanted - 1)
        read_field(&k, &at, c, &p, &x->entries[x->at[evxi_bits(wanted & (~wanted + 1)) - 1]]);
    return EVX_OK;
}

/* ---- with the event's data ------------------------------------------------------------------ */

/* Nothing stands behind an instance's values. */
static bool is_over(const evx_chunk *c, uint32_t behind, uint32_t end)
{
    return behind == end || c->base[behind] == TOKEN_EOF;
}

/* `at` is memory for its places: there is one on the stack, not three. */
static void read_all(evx_reader *t, const evx_chunk *c, places *at, const evxi_layout *p,
                     const evxi_locator *x, evx_fields *out)
{
    evxi_gather k = { .t = t, .f = out };

    begin_places(at, p);
    for (uint32_t i = 0; i < x->count; i++)
        read_field(&k, at, c, p, &x->entries[i]);
}

evx_status evxi_locator_all(evx_reader *t, const evx_chunk *c, const evx_record *r,
                            evx_fields *out)
{
    const evxi_locator *x, *y;
    uint32_t fuel = evxi_walk_fuel(&t->walk, r), behind, end, steps;
    evxi_layout p, q;
    places at;

    x = evxi_locate_system(t, c, r, &p, &behind);
    if (!x || x->data >= p.count || type_of(c, &p, x->data) != EVX_BINXML
        || !is_over(c, behind, r->off + r->size - 4) || r->damage != 0
        || t->walk.limits.instance_depth < DATA_INSTANCES)
        return EVX_SKIP;
    begin_places(&at, &p);
    end = place_of(&at, c, &p, x->data);
    end = (end & 0xffff) + (end >> 16);
    y = locate(t, c, at.place[x->data] & 0xffff, end, EVXI_OF_DATA, &q, &behind);
    if (!y || !is_over(c, behind, end))
        return EVX_SKIP;
    /* an item of an array is a step; it takes a byte or more */
    steps = x->steps + p.count + y->steps + q.count + 16;
    if (fuel < steps + r->size)
        return EVX_SKIP;
    t->walk.fuel = fuel - steps;
    begin_fields(t, r, out, sizeof *out);
    read_all(t, c, &at, &p, x, out);
    read_all(t, c, &at, &q, y, out);
    return EVX_OK;
}
