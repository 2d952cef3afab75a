/* src/binxml/name.c - chunk offset -> checked UTF-16 name */
#include "binxml/token.h"

evx_status evxi_name(const evx_chunk *c, uint32_t off, uint32_t max_units, evx_utf16 *name)
{
    return evxi_name_get(c, off, max_units, name);
}
