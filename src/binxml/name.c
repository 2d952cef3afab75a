/* src/binxml/name.c - chunk offset -> checked UTF-16 name */
#include "binxml/binxml.h"

/* Link and hash are not followed, not trusted; behind the text stands a NUL: its room counts,
 * whatever it holds. */
evx_status evxi_name(const evx_chunk *c, uint32_t off, uint32_t max_units, evx_utf16 *name)
{
    uint32_t left = off < c->len ? c->len - off : 0, units;

    name->ptr = NULL;
    name->units = 0;
    if (off < EVXI_FIRST_NAME || left < EVXI_NAME_MIN)
        return EVX_E_OFFSET;
    units = evxi_le16(c->base + off + EVXI_NAME_UNITS);
    if (2 * units > left - EVXI_NAME_MIN)
        return EVX_E_OFFSET;
    name->ptr = c->base + off + EVXI_NAME_TEXT;
    name->units = units;
    return units <= max_units ? EVX_OK : EVX_E_NAME;
}
