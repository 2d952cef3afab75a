/* src/select/locator.c - template -> where its System fields sit: looked up once per template */
#include "base/arena.h"
#include "base/le.h"
#include "file/file.h"
#include "select/select.h"

/*
 * A template is walked once, without values, as fields.c walks a record: what the walk would gather
 * for each field is written down, a value's index or a literal's place. A record then costs its
 * instance's head, a look at the descriptors, and the fields that are asked for. Whatever is not
 * plain (content in several pieces, a field twice, references, something that may hold elements
 * before the end of the System section, values behind the record's end) is left to the walk, whose
 * answer is the one.
 */
enum { ENTRIES_MAX = 32, USED_MAX = 64, NO_VALUE = 0xfffe, LITERAL = 0xfffd, MANY_MISSES = 4096 };

enum { SECTION_DEPTH = 1, ELEMENT_DEPTH = 2 };

typedef struct entry {
    uint16_t place, depends;         /* FIELD_...; EVXI_NO_INDEX: on nothing                  */
    uint16_t slot;                   /* of the value, or LITERAL, or NO_VALUE                 */
    uint16_t len;                    /* of a literal, bytes                                   */
    uint32_t off;                    /* from the beginning of the definition's stream         */
} entry;

typedef struct locator {
    uint32_t count, used_count, last;            /* last: one more than the highest index used */
    uint32_t have;                   /* 1 << FIELD_..: `at` says which entry it is            */
    uint32_t steps;                  /* that the walk would take                              */
    uint16_t used[USED_MAX];         /* every value that is referred to on the way            */
    uint8_t at[32];
    entry entries[ENTRIES_MAX];
} locator;

typedef struct known {
    evxi_identity ids;
    locator scratch;
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
    if (t->walk.limits.open_elements <= ELEMENT_DEPTH)
        t->known = NULL;
    if (t->known)
        evxi_identity_begin(&k->ids, &a, t->walk.limits.name_units);
}

void evx_reader_renew(evx_reader *t)
{
    t->last_off = UINT32_MAX;
}

/* Another chunk than the last one; or a record in front of the last one, which may be another's. */
static void enter_chunk(evx_reader *t, const evx_chunk *c, const evx_record *r)
{
    uint64_t mark = evxi_chunk_mark(c);

    if (t->chunk_base != c->base || t->chunk_off != c->file_off || t->chunk_mark != mark
        || r->off < t->last_off || t->last_off == UINT32_MAX)
        evxi_identity_chunk(&((known *)t->known)->ids);
    t->chunk_base = c->base;
    t->chunk_off = c->file_off;
    t->chunk_mark = mark;
    t->last_off = r->off;
}

/* ---- learning ------------------------------------------------------------------------------- */

/* Where the walk over the definition stands. */
typedef struct pass {
    locator *to;
    entry now;
    uint32_t pieces, open, begin;
    uint8_t section, element;
    uint16_t depends;
    bool list, refused, done;
} pass;

static void begin_place(pass *p, evxi_place place)
{
    locator *x = p->to;

    if (p->now.place != FIELD_NONE) {
        p->refused |= p->pieces > 1 || x->count == ENTRIES_MAX || (x->have >> p->now.place & 1);
        x->have |= 1u << p->now.place;
        x->at[p->now.place] = (uint8_t)x->count;
        if (!p->refused)
            x->entries[x->count++] = p->now;
    }
    memset(&p->now, 0, sizeof p->now);
    p->now.place = (uint16_t)place;
    p->now.depends = p->depends;
    p->now.slot = NO_VALUE;
    p->pieces = 0;
}

static void on_open(pass *p, const evxi_item *item, const evx_utf16 *name)
{
    uint32_t depth = p->open++;

    begin_place(p, FIELD_NONE);
    p->list = true;
    if (depth == SECTION_DEPTH)
        p->section = evxi_locate_section(name);
    if (depth == ELEMENT_DEPTH) {
        p->element = evxi_locate_element(p->section, name);
        p->depends = item->index;
    }
}

static void on_close(pass *p)
{
    begin_place(p, FIELD_NONE);
    p->list = false;
    p->open--;
    if (p->open == ELEMENT_DEPTH) {
        p->element = 0;
        p->depends = EVXI_NO_INDEX;
    }
    p->done = p->open == SECTION_DEPTH && p->section == SECTION_SYSTEM;
    if (p->open <= SECTION_DEPTH)
        p->section = SECTION_NONE;
}

static bool at_element(const pass *p)
{
    return p->open == ELEMENT_DEPTH + 1 && p->section != SECTION_NONE;
}

static void on_value(pass *p, const evxi_item *item)
{
    locator *x = p->to;

    p->refused |= (!p->list && p->section != SECTION_SYSTEM) || x->used_count == USED_MAX;
    if (p->refused)
        return;
    x->used[x->used_count++] = item->index;
    if (x->last <= item->index)
        x->last = item->index + 1u;
    p->pieces++;
    p->now.slot = item->index;
}

static void on_text(pass *p, const evxi_item *item)
{
    p->pieces++;
    p->now.slot = LITERAL;
    p->now.off = item->text - p->begin;
    p->now.len = (uint16_t)(2 * item->units);
}

static void on_item(pass *p, const evxi_item *item, const evx_utf16 *name)
{
    switch (item->token) {
    case TOKEN_OPEN:
        on_open(p, item, name);
        break;
    case TOKEN_ATTRIBUTE:
        begin_place(p, at_element(p) ? evxi_locate_attribute(p->element, name) : FIELD_NONE);
        break;
    case TOKEN_BODY:
        p->list = false;
        begin_place(p, at_element(p) ? evxi_locate_content(p->element) : FIELD_NONE);
        break;
    case TOKEN_EMPTY: case TOKEN_END:
        on_close(p);
        break;
    case TOKEN_SUBST: case TOKEN_OPTIONAL:
        on_value(p, item);
        break;
    case TOKEN_VALUE:
        on_text(p, item);
        break;
    case TOKEN_FRAGMENT:
        break;
    default:
        p->refused = true;
        break;
    }
}

/* All of a definition up to the end of its System section. False: not so plain. */
static bool learn(const evx_chunk *c, uint32_t begin, uint32_t size, uint32_t name_units,
                  locator *to)
{
    pass p = { .to = to, .begin = begin, .depends = EVXI_NO_INDEX };
    evxi_scan scan;
    evxi_item item;

    to->count = to->used_count = to->last = to->have = to->steps = 0;
    begin_place(&p, FIELD_NONE);
    evxi_scan_begin(&scan, c, begin, begin + size);
    while (!p.done && !p.refused && evxi_scan_next(&scan, &item) == EVX_OK) {
        evx_utf16 name = { NULL, 0 };
        to->steps++;
        if (item.name != 0 && evxi_name(c, item.name, name_units, &name) < 0)
            return false;
        on_item(&p, &item, &name);
    }
    return p.done && !p.refused;
}

void evxi_locator_learn(evx_reader *t, const evx_chunk *c, const evx_record *r)
{
    known *k = t->known;
    uint32_t begin, end, fragments = 0;
    evxi_definition *d;
    evxi_layout p;
    locator *x;

    if (!k)
        return;
    if (k->ids.full && ++t->misses > MANY_MISSES) {
        evxi_identity_reset(&k->ids);
        t->misses = 0;
    }
    evxi_record_body(c, r, &begin, &end);
    if (!evxi_layout_read(c, begin, end, &p, &fragments))
        return;
    d = evxi_definition_learn(&k->ids, c, p.definition, p.id);
    if (!d || d->more
        || !learn(c, p.definition + EVXI_DEFINITION_HEAD, d->size, k->ids.name_units, &k->scratch))
        return;
    x = evxi_identity_take(&k->ids, sizeof *x);
    if (x)
        *x = k->scratch;
    d->more = x;
}

/* ---- reading -------------------------------------------------------------------------------- */

static uint8_t type_of(const evx_chunk *c, const evxi_layout *p, uint32_t index)
{
    return index < p->count ? c->base[p->descriptors + EVXI_DESCRIPTOR * (size_t)index + 2]
                            : (uint8_t)EVX_NULL;
}

/* The sum of all sizes, two descriptors at a time: 256 of 64 KiB, no overflow. */
static uint32_t sizes(const uint8_t *d, uint32_t count)
{
    const uint64_t size = 0x0000ffff0000ffffu;
    uint64_t all = 0;
    uint32_t i = 0;

    for (; i + 2 <= count; i += 2)
        all += evxi_le64(d + EVXI_DESCRIPTOR * (size_t)i) & size;
    if (i < count)
        all += evxi_le16(d + EVXI_DESCRIPTOR * (size_t)i);
    return (uint32_t)all + (uint32_t)(all >> 32);
}

/* False: the values do not fit, or one of them holds elements, into which the walk would go. */
static bool is_plain(const evx_chunk *c, const evxi_layout *p, const locator *x, uint32_t end)
{
    const uint8_t *d = c->base + p->descriptors;
    uint32_t nested = 0, last = x->last < p->count ? x->last : p->count;

    for (uint32_t i = 0; i < last; i++)              /* the event's data stand behind these */
        nested |= d[EVXI_DESCRIPTOR * (size_t)i + 2] == EVX_BINXML;
    for (uint32_t i = 0; nested && i < x->used_count; i++)
        if (type_of(c, p, x->used[i]) == EVX_BINXML)
            return false;
    return sizes(d, p->count) <= end - p->values;
}

/* Where values stand, as far as anybody asked. */
typedef struct places {
    uint32_t count, next;            /* known; where the next one begins                      */
    uint32_t place[EVXI_VALUES_MAX]; /* offset | length << 16                                 */
} places;

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

/* As slots.c and walk.c make a value of it. */
static evx_value value_of(places *x, const evx_chunk *c, const evxi_layout *p, const entry *e)
{
    evx_value v = { { c->base, 0 }, EVX_NULL };
    uint32_t place;

    if (e->slot == LITERAL) {
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
    } else if (e->slot == NO_VALUE) {
        v.raw.ptr = NULL;
    }
    return v;
}

static void read_fields(evx_reader *t, const evx_chunk *c, const evxi_layout *p, const locator *x,
                        evx_fields *out, uint32_t wanted)
{
    evxi_gather k = { .t = t, .f = out };
    places at;

    at.count = 0;
    at.next = p->values;
    for (wanted &= x->have; wanted != 0; wanted &= wanted - 1) {
        const entry *e = &x->entries[x->at[evxi_bits(wanted & (0 - wanted)) - 1]];
        if (e->depends != EVXI_NO_INDEX && type_of(c, p, e->depends) == EVX_NULL)
            continue;
        k.place = (evxi_place)e->place;
        k.value = value_of(&at, c, p, e);
        evxi_store_field(&k);
    }
}

/* What there is to know of a record's template; NULL: the record has to be walked. The chunk was
 * entered. */
static const locator *locate(evx_reader *t, const evx_chunk *c, const evx_record *r,
                             evxi_layout *p)
{
    uint32_t begin, end, fragments = 0;
    const evxi_definition *d;
    const locator *x;

    evxi_record_body(c, r, &begin, &end);
    if (!evxi_layout_read(c, begin, end, p, &fragments))
        return NULL;
    d = evxi_definition_find(&((known *)t->known)->ids, c, p->definition, p->id);
    x = d ? d->more : NULL;
    return x && is_plain(c, p, x, end) && x->steps + p->count + 2 <= evxi_walk_fuel(&t->walk, r)
           ? x : NULL;
}

evx_status evxi_locator_read(evx_reader *t, const evx_chunk *c, const evx_record *r,
                             evx_fields *out, uint32_t wanted)
{
    const locator *x;
    evxi_layout p;

    if (!t->known || r->off > c->len || r->size > c->len - r->off)
        return EVX_SKIP;
    enter_chunk(t, c, r);
    x = locate(t, c, r, &p);
    if (!x)
        return EVX_SKIP;
    memset(out, 0, offsetof(evx_fields, data_name));
    t->scratch_used = 0;
    out->written = r->written;
    out->header_id = r->id;
    read_fields(t, c, &p, x, out, wanted);
    return EVX_OK;
}

/* Is the provider of all records of this template another one? By letters alone, from the last one
 * on: families of names begin alike. */
static bool is_other(const evx_chunk *c, const evxi_layout *p, const locator *x, const char *ascii,
                     size_t len)
{
    const entry *e = &x->entries[x->at[FIELD_PROVIDER]];
    const uint8_t *text = c->base + p->definition + EVXI_DEFINITION_HEAD + e->off;

    if (!(x->have >> FIELD_PROVIDER & 1) || e->slot != LITERAL || e->depends != EVXI_NO_INDEX)
        return false;
    if (e->len < 2 * len)
        return true;
    while (len-- > 0)
        if (text[2 * len + 1] != 0 || ((text[2 * len] ^ (uint8_t)ascii[len]) & 0xdf) != 0)
            return true;
    return false;
}

bool evxi_locator_other(evx_reader *t, const evx_chunk *c, const evx_record *r, const char *ascii,
                        size_t len)
{
    const locator *x;
    evxi_layout p;

    if (!t->known || r->off > c->len || r->size > c->len - r->off)
        return false;
    enter_chunk(t, c, r);
    x = locate(t, c, r, &p);
    return x && is_other(c, &p, x, ascii, len);
}
