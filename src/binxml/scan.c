/* src/binxml/scan.c - the tokens of a template definition, one after the other, without values */
#include "binxml/token.h"

void evxi_scan_begin(evxi_scan *s, const evx_chunk *c, uint32_t begin, uint32_t end)
{
    s->in = evxi_cursor_at(c->base, begin, end);
    s->open = 0;
    s->place = PLACE_DEFINITION | PLACE_STREAM;
}

void evxi_scan_begin_wire(evxi_scan *s, evx_bytes body)
{
    s->in = evxi_cursor_at(body.ptr, 0, (uint32_t)body.len);
    s->open = 0;
    s->place = PLACE_DEFINITION | PLACE_WIRE | PLACE_STREAM;
}

void evxi_scan_begin_plain(evxi_scan *s, const evx_chunk *c, uint32_t begin, uint32_t end)
{
    evxi_scan_begin(s, c, begin, end);
    s->place = PLACE_STREAM;
}

evx_status evxi_scan_next(evxi_scan *s, evxi_item *item)
{
    return evxi_scan_get(s, item);
}

uint32_t evxi_scan_name_at(const evxi_item *item)
{
    switch (item->token) {
    case TOKEN_OPEN:
        return item->off + 7;        /* u16 dependency id, u32 length                         */
    case TOKEN_ATTRIBUTE: case TOKEN_ENTITY: case TOKEN_PI_TARGET:
        return item->off + 1;
    default:
        return 0;
    }
}

uint32_t evxi_scan_index(const evxi_item *item)
{
    if (item->token == TOKEN_OPEN || item->token == TOKEN_SUBST || item->token == TOKEN_OPTIONAL)
        return item->index;
    return EVXI_NO_INDEX;
}
