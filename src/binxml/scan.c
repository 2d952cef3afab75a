/* src/binxml/scan.c - the tokens of a template definition, one after the other, without values */
#include "binxml/token.h"

enum {
    IN_LIST = 1u << 0, IN_ATTRIBUTE = 1u << 1,
    ON_WIRE = 1u << 2, NO_TEMPLATE = 1u << 3         /* what kind of stream it is: stays      */
};

void evxi_scan_begin(evxi_scan *s, const evx_chunk *c, uint32_t begin, uint32_t end)
{
    s->in = evxi_cursor_at(c->base, begin, end);
    s->open = s->state = 0;
}

void evxi_scan_begin_wire(evxi_scan *s, evx_bytes body)
{
    s->in = evxi_cursor_at(body.ptr, 0, (uint32_t)body.len);
    s->open = 0;
    s->state = ON_WIRE;
}

void evxi_scan_begin_plain(evxi_scan *s, const evx_chunk *c, uint32_t begin, uint32_t end)
{
    evxi_scan_begin(s, c, begin, end);
    s->state = NO_TEMPLATE;
}

static uint32_t place_of(const evxi_scan *s)
{
    uint32_t place = (s->state & NO_TEMPLATE ? 0u : PLACE_DEFINITION)
                   | (s->state & ON_WIRE ? PLACE_WIRE : 0u);

    if (s->state & IN_LIST)
        return place | (s->state & IN_ATTRIBUTE ? PLACE_ATTRIBUTE : PLACE_LIST);
    return place | (s->open == 0 ? PLACE_STREAM : PLACE_CONTENT);
}

/* Where the stream stands behind a token: as in walk.c, without what is substituted. */
static void move(evxi_scan *s, uint8_t token)
{
    if (token == TOKEN_OPEN) {
        s->open++;
        s->state = (s->state & (ON_WIRE | NO_TEMPLATE)) | IN_LIST;
    } else if (token == TOKEN_ATTRIBUTE) {
        s->state |= IN_ATTRIBUTE;
    } else if (token == TOKEN_BODY || token == TOKEN_EMPTY) {
        s->state &= ON_WIRE | NO_TEMPLATE;
    }
    if ((token == TOKEN_EMPTY || token == TOKEN_END) && s->open > 0)
        s->open--;
}

evx_status evxi_scan_next(evxi_scan *s, evxi_item *item)
{
    evx_status st;

    if (s->in.pos == s->in.end)
        return EVX_END;
    st = evxi_item_get(s->in.base, &s->in.pos, s->in.end, place_of(s), item);
    if (st < 0)
        return st;
    move(s, item->token);
    return item->token == TOKEN_EOF ? EVX_END : EVX_OK;
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
