/* src/binxml/proof.c - is a record that was found by signature what its bytes once were? */
#include "binxml/binxml.h"

/* h = 0; for each unit: h = h * 65599 + unit; its low half stands in front of the name. */
static bool is_sealed(const evx_utf16 *name)
{
    const uint8_t *entry = name->ptr - EVXI_NAME_TEXT;
    uint32_t hash = 0;

    for (uint32_t i = 0; i < name->units; i++)
        hash = hash * 65599 + evxi_le16(name->ptr + 2 * (size_t)i);
    return evxi_le16(entry + EVXI_NAME_HASH) == (hash & 0xffff)
        && evxi_le16(name->ptr + 2 * (size_t)name->units) == 0;
}

/* The units of names a record may look at; real ones have some hundreds. */
static uint32_t names_budget(const evx_record *r)
{
    return 4 * r->size + 16384;
}

static evx_status judge(const evx_token *t, uint32_t *units)
{
    switch (t->kind) {
    case EVX_TOKEN_OPEN: case EVX_TOKEN_ATTRIBUTE: case EVX_TOKEN_ENTITY: case EVX_TOKEN_PI_TARGET:
        if (t->name.units > *units)
            return EVX_E_FUEL;
        *units -= t->name.units;
        return is_sealed(&t->name) ? EVX_OK : EVX_E_NAME;
    case EVX_TOKEN_VALUE:
        return t->flags & EVX_TOKEN_MISSING ? EVX_E_VALUE : EVX_OK;
    default:
        return EVX_OK;
    }
}

evx_status evx_record_proves(evx_walk *w, const evx_chunk *c, const evx_record *r)
{
    evx_status st = evx_walk_begin(w, c, r);
    uint32_t units = names_budget(r);
    bool any = false;
    evx_token t;

    while (st == EVX_OK) {
        st = evx_walk_next(w, &t);
        if (st == EVX_OK) {
            any |= t.kind == EVX_TOKEN_OPEN;
            st = judge(&t, &units);
        }
    }
    if (st != EVX_END)
        return st;
    return any && w->lost_values == 0 ? EVX_OK : EVX_E_VALUE;
}
