/* src/binxml/name.c - chunk offset -> checked UTF-16 name */
#include "binxml/binxml.h"

evx_status evxi_name(const evx_chunk *c, uint32_t off, uint32_t max_units, evx_utf16 *name)
{
    evxi_cursor in = evxi_cursor_at(c->base, off, c->len);

    name->ptr = NULL;
    name->units = 0;
    if (off < EVXI_FIRST_NAME)
        return EVX_E_OFFSET;
    (void)evxi_take(&in, EVXI_NAME_UNITS);          /* link and hash: not followed, not trusted */
    name->units = evxi_u16(&in);
    name->ptr = evxi_take(&in, 2 * name->units);    /* 16 bits doubled cannot wrap              */
    (void)evxi_u16(&in);                            /* the NUL: its room, whatever it holds     */
    if (in.bad)
        return EVX_E_OFFSET;
    return name->units <= max_units ? EVX_OK : EVX_E_NAME;
}
