/* tests/kit/lent.h - which bytes of a chunk do its other records need? */
#ifndef EVX_KIT_LENT_H
#define EVX_KIT_LENT_H

#include <evx.h>

/* Does record r refer to any of these bytes, as to a template definition or a name? */
bool kit_borrows(const evx_chunk *c, const evx_record *r, uint32_t off, uint32_t len);

/* Does any other record of the chunk refer to bytes of record r? */
bool kit_lends(const evx_chunk *c, const evx_record *r);

#endif
