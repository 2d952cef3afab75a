/* src/text/shape.c - record -> its instances and the types of their values -> what was learned */
#include "binxml/binxml.h"
#include "file/file.h"
#include "text/program.h"

/*
 * A descriptor is u16 size, u8 type, u8 0. What of it decides the text depends on its type: of a
 * number the size too, of a string only whether it has content, of a value that nothing refers to
 * nothing at all. So a shape has a mask and a wanted value for each descriptor, and guards for what
 * only the bytes tell.
 */
enum { DESCRIPTOR = 4, ANY = 0, TYPE_ONLY = 0x00ff0000, TYPE_AND_SIZE = 0x00ffffff };

/* ---- instances in the bytes ----------------------------------------------------------------- */

/* The items of an array of strings; not noted when there are too many, or none. */
static void split(evxi_match *m, uint32_t slot)
{
    evx_value array = { { m->chunk->base + evxi_off(m, slot), evxi_len(m, slot) },
                        EVX_STRING | EVX_ARRAY };
    evxi_items found = { slot, EVXI_ITEMS_AT + m->items, 0, 0 };
    uint32_t pos = 0, most = EVXI_ITEMS_MAX - m->items;
    evx_value item;

    most = most < 64 ? most : 64;
    while (evx_value_item(&array, &pos, &item) == EVX_OK) {
        uint32_t at = found.first + found.count;
        if (found.count == most)
            return;
        m->place[at] = (uint32_t)(item.raw.ptr - m->chunk->base) | (uint32_t)item.raw.len << 16;
        found.empty |= (uint64_t)(item.raw.len == 0) << found.count;
        found.count++;
    }
    if (found.count > 0 && m->arrays < EVXI_ARRAYS_MAX) {
        m->array[m->arrays++] = found;
        m->items += found.count;
    }
}

static const evxi_items *items_of(const evxi_match *m, uint32_t slot)
{
    for (uint32_t i = 0; i < m->arrays; i++)
        if (m->array[i].slot == slot)
            return &m->array[i];
    return NULL;
}

static bool is_used(const evxi_definition *d, uint32_t value)
{
    return value < d->value_count && d->used[value];
}

/* Of arrays that nothing refers to, a shape wants nothing: items of theirs would move the others'
 * numbers. */
static void split_all(evxi_match *m, const evxi_layout *p, const evxi_definition *def,
                      uint32_t slot)
{
    const uint8_t *d = m->chunk->base + p->descriptors;

    for (uint32_t i = 0; i < p->count; i++)
        if (d[DESCRIPTOR * (size_t)i + 2] == (EVX_STRING | EVX_ARRAY)
            && (EVXI_PLANTED(13) || is_used(def, i)))
            split(m, slot + i);
}

bool evxi_layout_values(evxi_match *m, const evxi_layout *p, const evxi_definition *def,
                        uint32_t end, const evx_kernels *k)
{
    const uint8_t *b = m->chunk->base, *d = b + p->descriptors;
    uint32_t at, slot = m->slots, types;

    if (p->count > EVXI_VALUES_MAX - slot)
        return false;
    if (slot == 0)
        m->bytes = end - p->values;
    at = k->places(d, p->count, p->values, m->place + slot, &types);
    if (at > end || (at < end && b[at] != 0))        /* 256 of 64 KiB: no overflow */
        return false;
    m->slots = slot + p->count;
    if (EVXI_UNLIKELY(types >> 16 & EVX_ARRAY))
        split_all(m, p, def, slot);
    return true;
}

/* ---- does an instance have a shape? --------------------------------------------------------- */

static bool is_empty(uint8_t type, const uint8_t *p, uint32_t len)
{
    evx_value v = { { p, len }, type };

    return evx_value_empty(&v);
}

EVXI_INLINE bool guard_holds(const evxi_guard *g, const evxi_match *m)
{
    const uint8_t *p = m->chunk->base + evxi_off(m, g->slot);
    uint32_t len = evxi_len(m, g->slot);
    const evxi_items *items;

    switch (g->kind) {
    case GUARD_ITEMS:
        items = items_of(m, g->slot);
        return items && items->count == g->count && items->empty == g->empty;
    case GUARD_NO_TEXT:
        return len < 2 || (p[0] | p[1]) == 0;
    case GUARD_BYTES:
        return len != 0;
    case GUARD_ANSI:
        return !is_empty(EVX_ANSI, p, len);
    case GUARD_NO_ANSI:
        return is_empty(EVX_ANSI, p, len);
    default:
        return len >= 8 && p[1] <= EVXI_SID_PART;
    }
}

/* Behind other instances its values have numbers higher by `shift`. */
EVXI_INLINE bool guards_hold(const evxi_shape *s, const evxi_match *m, int shift)
{
    const uint8_t *b = m->chunk->base;

    for (uint32_t i = 0; i < s->text_count; i++) {
        uint32_t slot = (uint16_t)(s->texts[i] + shift);
        if (evxi_len(m, slot) < 2 || (b[evxi_off(m, slot)] | b[evxi_off(m, slot) + 1]) == 0)
            return false;
    }
    for (uint32_t i = 0; i < s->guard_count; i++) {
        evxi_guard g = s->guards[i];
        g.slot = (uint16_t)(g.slot + shift);
        if (!guard_holds(&g, m))
            return false;
    }
    return true;
}

static uint32_t bucket_of(const evxi_shape *parent, const evxi_definition *d)
{
    uintptr_t x = (uintptr_t)parent / 8 * 31 + (uintptr_t)d / 8;

    return (uint32_t)((uint32_t)x * 0x9e3779b1u >> 16) % EVXI_BUCKETS;
}

EVXI_INLINE bool is_of(const evxi_shape *x, const evxi_shape *parent, const evxi_definition *d,
                       const evxi_match *m, const evxi_layout *p, const evx_kernels *k)
{
    return x->parent == parent && x->definition == d && x->count == p->count
        && k->match(m->chunk->base + p->descriptors, x->mask, x->want, x->count)
        && guards_hold(x, m, 0);
}

bool evxi_shape_fits(const evxi_shape *x, const evxi_match *m, const evxi_layout *p,
                     const evx_kernels *k)
{
    return x->count == p->count
        && k->match(m->chunk->base + p->descriptors, x->mask, x->want, x->count)
        && guards_hold(x, m, EVXI_PLANTED(14) ? 0 : (int)(m->slots - p->count) - x->first);
}

/* It is the first of those that were found last. */
static evxi_shape *found(evxi_shape **recent, uint32_t place, evxi_shape *x)
{
    for (; place > 0; place--)
        recent[place] = recent[place - 1];
    return recent[0] = x;
}

/* The others that were found last, then all. */
static evxi_shape *search_on(evxi_shape **recent, evxi_shape *const *all,
                                       const evxi_shape *parent, const evxi_definition *d,
                                       const evxi_match *m, const evxi_layout *p,
                                       const evx_kernels *k)
{
    evxi_shape *x;

    for (uint32_t n = 1; n < EVXI_RECENT && (x = recent[n]) != NULL; n++)
        if (is_of(x, parent, d, m, p, k))
            return found(recent, n, x);
    for (x = EVXI_LOOK(*all); x; x = x->next)
        if (is_of(x, parent, d, m, p, k))
            return found(recent, EVXI_RECENT - 1, x);
    return NULL;
}

/* Mostly it is the one that was found last. */
EVXI_INLINE evxi_shape *search(evxi_store *s, const evxi_shape *parent, const evxi_definition *d,
                          const evxi_match *m, const evxi_layout *p, const evx_kernels *k)
{
    uint32_t bucket = bucket_of(parent, d);
    evxi_shape **recent = s->recent[bucket];

    if (EVXI_LIKELY(recent[0] && is_of(recent[0], parent, d, m, p, k)))
        return recent[0];
    return search_on(recent, &s->library->shape_of[bucket], parent, d, m, p, k);
}

evxi_shape *evxi_shape_search(evxi_store *s, const evxi_shape *parent, const evxi_definition *d,
                              const evxi_match *m, const evxi_layout *p, const evx_kernels *k)
{
    return search(s, parent, d, m, p, k);
}

const evxi_shape *evxi_shape_find(evxi_store *s, const evx_text *t, const evx_chunk *c,
                                  const evx_record *r, evxi_match *m)
{
    evxi_shape *x = NULL, *parent;
    uint32_t begin, end;
    evxi_layout p;

    m->chunk = c;
    m->slots = m->instances = m->fragments = m->arrays = m->items = 0;
    evxi_record_body(c, r, &begin, &end);
    do {
        evxi_definition *d;
        if (evxi_plain_stands(c, begin, end))
            return evxi_plain_find(s, x, m, begin, end);
        if (!evxi_layout_read(c, begin, end, &p, &m->fragments))
            return NULL;
        d = evxi_definition_find(&s->ids, c, p.definition, p.id);
        if (!d || !evxi_layout_values(m, &p, d, end, t->config.kernels))
            return NULL;
        parent = x;
        x = search(s, parent, d, m, &p, t->config.kernels);
        m->instances++;
        if (EVXI_UNLIKELY(!x))
            x = evxi_compose(s, parent, d, m, &p, t->config.kernels);
        if (!x)
            return NULL;
        if (x->next_slot != EVXI_LEAF) {
            begin = evxi_off(m, x->next_slot);
            end = begin + evxi_len(m, x->next_slot);
        }
    } while (x->next_slot != EVXI_LEAF);
    return x;
}

/* ---- learning one --------------------------------------------------------------------------- */

static uint16_t guard_of(uint8_t type, bool empty, uint32_t len)
{
    switch (type) {
    case EVX_STRING:
        return empty ? (len < 2 ? 0 : GUARD_NO_TEXT) : GUARD_TEXT;
    case EVX_ANSI:
        return empty ? (len == 0 ? 0 : GUARD_NO_ANSI) : GUARD_ANSI;
    case EVX_SID:
        return len >= 8 ? GUARD_SID : 0;
    default:
        return len > 0 ? GUARD_BYTES : 0;
    }
}

static bool is_open(uint8_t type)
{
    return type == EVX_STRING || type == EVX_ANSI || type == EVX_BINARY || type == EVX_BINXML
        || type == EVX_SID;
}

/* What must be true of a value for the text to be made in the same way. */
static void learn_value(const evxi_definition *d, const evxi_match *m, uint32_t first, uint32_t i,
                        uint32_t *mask, evxi_guard *g)
{
    uint32_t slot = first + i, len = evxi_len(m, slot);
    const uint8_t *p = m->chunk->base + evxi_off(m, slot);
    uint8_t type = (uint8_t)(*mask >> 16);      /* the descriptor, as it came in */
    bool empty = is_empty(type, p, len);

    memset(g, 0, sizeof *g);
    g->slot = (uint16_t)slot;
    if (!is_used(d, i)) {
        *mask = ANY;
    } else if (type == (EVX_STRING | EVX_ARRAY)) {
        g->kind = GUARD_ITEMS;
        g->count = items_of(m, slot)->count;
        g->empty = items_of(m, slot)->empty;
        *mask = TYPE_ONLY;
    } else if (type == EVX_NULL) {
        *mask = TYPE_ONLY;
    } else if (!is_open(type)) {
        *mask = TYPE_AND_SIZE;
    } else {
        g->kind = guard_of(type, empty, len);
        *mask = empty || g->kind == 0 ? TYPE_AND_SIZE : TYPE_ONLY;
    }
}

/*
 * Not here: a type that the walk reads as another one, a SID with more than one call can write, an
 * ANSI string whose length is charged although it gives no text, and an array whose items are not
 * known: they decide how often and how an element is written, even if none of them is.
 */
static bool learnable(const evxi_definition *def, const evxi_match *m, const evxi_layout *p,
                      uint32_t first)
{
    const uint8_t *d = m->chunk->base + p->descriptors;

    for (uint32_t i = 0; i < p->count; i++, d += DESCRIPTOR) {
        const uint8_t *v = m->chunk->base + evxi_off(m, first + i);
        bool used = is_used(def, i);
        if (d[2] == EVX_UTF8 || (used && (d[2] & EVX_ARRAY) && !items_of(m, first + i))
            || (used && d[2] == EVX_ANSI && evxi_len(m, first + i) > EVXI_ANSI_SHORT
                && is_empty(EVX_ANSI, v, evxi_len(m, first + i)))
            || (d[2] == EVX_SID && evxi_len(m, first + i) >= 8 && v[1] > EVXI_SID_PART))
            return false;
    }
    return true;
}

static bool learn_values(evxi_store *s, evxi_shape *x, const evxi_match *m, const evxi_layout *p,
                         uint32_t first)
{
    uint32_t *mask = evxi_store_take(s, p->count * sizeof *mask);
    uint32_t *want = evxi_store_take(s, p->count * sizeof *want);
    uint16_t *texts = evxi_store_take(s, p->count * sizeof *texts);
    evxi_guard *guards = evxi_store_take(s, p->count * sizeof *guards), g;
    const uint8_t *d = m->chunk->base + p->descriptors;

    if (!mask || !want || !guards || !texts)
        return false;
    for (uint32_t i = 0; i < p->count; i++) {
        mask[i] = evxi_le32(d + DESCRIPTOR * (size_t)i);
        want[i] = mask[i];
        learn_value(x->definition, m, first, i, &mask[i], &g);
        want[i] &= mask[i];
        if (g.kind == GUARD_TEXT)
            texts[x->text_count++] = g.slot;
        else if (g.kind != 0)
            guards[x->guard_count++] = g;
    }
    /* they were taken last */
    s->library->learned.arena.used -= (p->count - x->guard_count) * sizeof *guards;
    x->mask = mask;
    x->want = want;
    x->guards = guards;
    x->texts = texts;
    return true;
}

void evxi_shape_add(evxi_store *s, evxi_shape *x)
{
    evxi_shape **head = &s->library->shape_of[bucket_of(x->parent, x->definition)];

    x->next = *head;
    EVXI_PUBLISH(*head, x);
}

evxi_shape *evxi_shape_learn(evxi_store *s, const evx_text *t, evxi_shape *parent,
                             evxi_definition *d, const evxi_match *m, const evxi_layout *p,
                             uint32_t first, uint16_t next)
{
    evxi_shape *x = evxi_shape_search(s, parent, d, m, p, t->config.kernels);

    if (x || !learnable(d, m, p, first))
        return x;
    x = evxi_store_take(s, sizeof *x);
    if (!x)
        return NULL;
    memset(x, 0, sizeof *x);
    x->parent = parent;
    x->definition = d;
    x->count = p->count;
    x->first = (uint16_t)first;
    x->next_slot = next;
    if (!learn_values(s, x, m, p, first))
        return NULL;
    evxi_shape_add(s, x);
    return x;
}
