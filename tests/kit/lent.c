/* tests/kit/lent.c - which bytes of a chunk do its other records need? */
#include "lent.h"

#include <string.h>

enum { DEFINITION_HEAD = 24, GUID_AT = 4, SIZE_AT = 20, NAME_HEAD = 8, NAME_END = 2 };

static bool meet(uint32_t a, uint64_t a_len, uint32_t b, uint64_t b_len)
{
    return a < b + b_len && b < a + a_len;
}

/* What one token was read from, by its views: they point into the chunk. */
static bool token_meets(const evx_chunk *c, const evx_token *t, uint32_t off, uint32_t len)
{
    const uint8_t *p = t->value.raw.ptr;
    uint32_t at, size = 0;

    if (t->name.ptr && t->name.ptr >= c->base + NAME_HEAD) {
        at = (uint32_t)(t->name.ptr - c->base);
        if (meet(at - NAME_HEAD, NAME_HEAD + 2ull * t->name.units + NAME_END, off, len))
            return true;
    }
    if (t->kind != EVX_TOKEN_ENTER || !(t->flags & EVX_TOKEN_INSTANCE) || !p)
        return false;
    at = (uint32_t)(p - c->base) - GUID_AT;
    for (unsigned i = 0; i < 4; i++)
        size |= (uint32_t)c->base[at + SIZE_AT + i] << (8 * i);
    return meet(at, (uint64_t)DEFINITION_HEAD + size, off, len);
}

bool kit_borrows(const evx_chunk *c, const evx_record *r, uint32_t off, uint32_t len)
{
    static evx_walk w;
    static evx_slot slots[EVX_SLOTS_WORST];
    evx_token t;
    evx_status st;

    if (evx_walk_init(&w, sizeof w, slots, EVX_SLOTS_WORST, NULL) != EVX_OK
        || evx_walk_begin(&w, c, r) != EVX_OK)
        return false;
    do {
        while ((st = evx_walk_next(&w, &t)) == EVX_OK)
            if (token_meets(c, &t, off, len))
                return true;
    } while (st < 0 && evx_walk_salvage(&w) == EVX_OK);
    return false;
}

bool kit_lends(const evx_chunk *c, const evx_record *r)
{
    evx_records it;
    evx_record other;
    evx_status st;

    evx_records_begin(&it, c);
    while ((st = evx_records_next(&it, &other)) != EVX_END)
        if (st == EVX_OK && other.off != r->off && kit_borrows(c, &other, r->off, r->size))
            return true;
    return false;
}
