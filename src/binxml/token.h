/* src/binxml/token.h - bytes -> one token: the shape of each; inline for the walk */
#ifndef EVXI_TOKEN_H
#define EVXI_TOKEN_H

#include "binxml/binxml.h"

enum {
    MORE = 0x40,                     /* in a token's byte                                     */
    OUTER = PLACE_STREAM | PLACE_CONTENT, INNER = PLACE_CONTENT | PLACE_ATTRIBUTE,
    LISTS = PLACE_LIST | PLACE_ATTRIBUTE
};

/* evxi_name, inline. Link and hash are not followed, not trusted; behind the text stands a NUL: its
 * room counts, whatever it holds. */
static inline evx_status evxi_name_get(const evx_chunk *c, uint32_t off, uint32_t max_units,
                                       evx_utf16 *name)
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

/* Where a token stands, and what of it has been read. */
typedef struct evxi_token_in {
    const uint8_t *p;
    uint32_t left, size;             /* bytes; once size > left it is out of bounds           */
    uint32_t place;
} evxi_token_in;

/* May it stand here? If so, its fixed part has so many bytes. */
static inline bool evxi_token_fits(evxi_token_in *in, uint32_t places, uint32_t size)
{
    in->size = size;
    return (in->place & places) != 0;
}

/* Behind what was read: a name, and its entry where that stands there. */
static inline void evxi_token_name(evxi_token_in *in, evxi_item *item)
{
    bool wire = (in->place & PLACE_WIRE) != 0;
    uint32_t units_at = wire ? EVXI_NAME_UNITS - EVXI_NAME_HASH : EVXI_NAME_UNITS;

    in->size += wire ? 0 : 4;
    if (in->size > in->left)
        return;
    item->name = wire ? 0 : evxi_le32(in->p + in->size - 4);
    if (!wire && item->name != item->off + in->size)
        return;
    if (units_at + 2 > in->left - in->size)
        in->size = UINT32_MAX;
    else
        in->size += units_at + 4 + 2u * evxi_le16(in->p + in->size + units_at);
}

/* A text's units and itself. */
static inline void evxi_token_text(evxi_token_in *in, evxi_item *item)
{
    in->size += 2;
    if (in->size > in->left)
        return;
    item->units = evxi_le16(in->p + in->size - 2);
    item->text = item->off + in->size;
    in->size += EVXI_PLANTED(2) ? (uint16_t)(2 * item->units) : 2 * item->units;
}

static inline void evxi_token_index(const evxi_token_in *in, evxi_item *item)
{
    if (in->size <= in->left)
        item->index = evxi_le16(in->p + 1);
}

static inline bool evxi_token_element(evxi_token_in *in, uint32_t list, evxi_item *item)
{
    bool inside = (in->place & PLACE_DEFINITION) != 0;

    if (!evxi_token_fits(in, OUTER, inside ? 7 : 5))
        return false;
    if (inside)
        evxi_token_index(in, item);
    evxi_token_name(in, item);
    in->size += in->size <= in->left ? list : 0;
    return true;
}

static inline bool evxi_token_substitution(evxi_token_in *in, evxi_item *item)
{
    if (!(in->place & PLACE_DEFINITION) || !evxi_token_fits(in, INNER, 4))
        return false;
    evxi_token_index(in, item);
    if (in->left >= 4)
        item->type = in->p[3];
    return true;
}

/* Those that real logs hardly have. */
static inline bool evxi_token_seldom(evxi_token_in *in, uint32_t byte, evxi_item *item)
{
    switch (byte) {
    case TOKEN_CHARREF: case TOKEN_CHARREF | MORE:
        if (!evxi_token_fits(in, INNER, 3))
            return false;
        evxi_token_index(in, item);
        return true;
    case TOKEN_CDATA: case TOKEN_CDATA | MORE:
    case TOKEN_PI_DATA:
        if (!evxi_token_fits(in, byte == TOKEN_PI_DATA ? OUTER : INNER, 1))
            return false;
        evxi_token_text(in, item);
        return true;
    case TOKEN_ENTITY: case TOKEN_ENTITY | MORE:
    case TOKEN_PI_TARGET:
        if (!evxi_token_fits(in, byte == TOKEN_PI_TARGET ? OUTER : INNER, 1))
            return false;
        evxi_token_name(in, item);
        return true;
    default:
        return false;
    }
}

/* The shape of each token, by its byte. False: there is no such token, or not here. */
static inline bool evxi_token_shape(evxi_token_in *in, uint32_t byte, evxi_item *item)
{
    switch (byte) {
    case TOKEN_EOF:
        return evxi_token_fits(in, OUTER | LISTS, 1);
    case TOKEN_OPEN:
        return evxi_token_element(in, 0, item);
    case TOKEN_OPEN | MORE:
        return evxi_token_element(in, 4, item);
    case TOKEN_BODY: case TOKEN_EMPTY:
        return evxi_token_fits(in, LISTS, 1);
    case TOKEN_END:
        return evxi_token_fits(in, PLACE_CONTENT, 1);
    case TOKEN_VALUE: case TOKEN_VALUE | MORE:
        item->type = in->left >= 2 ? in->p[1] : 0;
        if (!evxi_token_fits(in, INNER, 2))
            return false;
        evxi_token_text(in, item);
        return true;
    case TOKEN_ATTRIBUTE: case TOKEN_ATTRIBUTE | MORE:
        if (!evxi_token_fits(in, LISTS, 1))
            return false;
        evxi_token_name(in, item);
        return true;
    case TOKEN_SUBST: case TOKEN_OPTIONAL:
        return evxi_token_substitution(in, item);
    case TOKEN_INSTANCE:
        return !(in->place & PLACE_DEFINITION) && evxi_token_fits(in, OUTER, 1);
    case TOKEN_FRAGMENT:
        return evxi_token_fits(in, PLACE_STREAM, 4);
    default:
        return evxi_token_seldom(in, byte, item);
    }
}

/* evxi_item_read on the bytes [*pos, end) of base; *pos moves as its cursor would. */
static inline evx_status evxi_item_get(const uint8_t *base, uint32_t *pos, uint32_t end,
                                       uint32_t place, evxi_item *item)
{
    evxi_token_in in = { base + *pos, end - *pos, 0, place };
    uint32_t byte = in.left > 0 ? *in.p : 0;
    bool legal;

    memset(item, 0, sizeof *item);
    item->off = *pos;
    item->token = byte & 0x3f;
    legal = evxi_token_shape(&in, byte, item);
    if (!legal)
        in.size = in.left > 0;
    *pos = in.size > in.left ? end : *pos + in.size;
    if (!legal)
        return EVX_E_TOKEN;
    if (in.size > in.left)
        return EVX_E_OFFSET;
    return item->token == TOKEN_VALUE && item->type != EVX_STRING ? EVX_E_VALUE : EVX_OK;
}

/* Where a stream stands behind a token: as in walk.c, without what is substituted. */
static inline void evxi_scan_move(evxi_scan *s, uint32_t token)
{
    uint32_t kind = s->place & (PLACE_DEFINITION | PLACE_WIRE);

    switch (token) {
    case TOKEN_OPEN:
        s->open++;
        s->place = kind | PLACE_LIST;
        break;
    case TOKEN_ATTRIBUTE:
        s->place = kind | PLACE_ATTRIBUTE;
        break;
    case TOKEN_BODY:
        s->place = kind | PLACE_CONTENT;
        break;
    case TOKEN_EMPTY: case TOKEN_END:
        s->open--;
        s->place = kind | (s->open == 0 ? PLACE_STREAM : PLACE_CONTENT);
        break;
    default:
        break;
    }
}

/* evxi_scan_next, inline. */
static inline evx_status evxi_scan_get(evxi_scan *s, evxi_item *item)
{
    evx_status st;

    if (s->in.pos == s->in.end)
        return EVX_END;
    st = evxi_item_get(s->in.base, &s->in.pos, s->in.end, s->place, item);
    if (st < 0)
        return st;
    evxi_scan_move(s, item->token);
    return item->token == TOKEN_EOF ? EVX_END : EVX_OK;
}

#endif
