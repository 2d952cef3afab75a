/* src/binxml/token.h - bytes -> one token, driven by the table; inline for the walk */
#ifndef EVXI_TOKEN_H
#define EVXI_TOKEN_H

#include "binxml/binxml.h"

enum {
    HAS_DEPENDENCY = 1u << 0, HAS_NAME = 1u << 1, HAS_LIST = 1u << 2, HAS_INDEX = 1u << 3,
    HAS_TYPE = 1u << 4, HAS_TEXT = 1u << 5,
    MAY_CONTINUE = 1u << 6           /* 0x40 is legal */
};

typedef struct evxi_token_shape {
    uint8_t parts;                   /* HAS_...                                                */
    uint8_t size;                    /* bytes, its own with them: up to a name's entry or text;
                                        without a dependency id                                */
    uint8_t plain, inside;           /* PLACE_...; outside of definitions, and in them         */
} evxi_token_shape;

EVXI_LOCAL extern const evxi_token_shape evxi_token_shapes[TOKEN_COUNT];

/* A name that ends `size` bytes behind p. Returns the bytes of an entry that stands there. */
static inline uint32_t evxi_name_read(const uint8_t *p, uint32_t size, uint32_t left, bool wire,
                                      evxi_item *item)
{
    uint32_t units_at = wire ? EVXI_NAME_UNITS - EVXI_NAME_HASH : EVXI_NAME_UNITS;

    item->name = wire ? 0 : evxi_le32(p + size - 4);
    if (!wire && item->name != item->off + size)
        return 0;
    if (units_at + 2 > left - size)
        return left;                 /* more than there is */
    return units_at + 4 + 2u * evxi_le16(p + size + units_at);
}

/* What stands behind a token's byte, all of whose fixed part is there. Returns the bytes of all. */
static inline uint32_t evxi_parts_read(const uint8_t *p, uint32_t parts, uint32_t size,
                                       uint32_t left, uint32_t place, evxi_item *item)
{
    uint32_t more;

    if (parts & HAS_NAME) {
        if ((parts & HAS_DEPENDENCY) && (place & PLACE_DEFINITION))
            item->index = evxi_le16(p + 1);
        more = evxi_name_read(p, size, left, (place & PLACE_WIRE) != 0, item);
        return size + more + (parts & HAS_LIST ? 4 : 0);
    }
    if (parts & HAS_INDEX)
        item->index = evxi_le16(p + 1);
    if (parts & HAS_TYPE)
        item->type = p[parts & HAS_INDEX ? 3 : 1];
    if (!(parts & HAS_TEXT))
        return size;
    item->units = evxi_le16(p + size - 2);
    item->text = item->off + size;
    return size + (EVXI_PLANTED(2) ? (uint16_t)(2 * item->units) : 2 * item->units);
}

/* What of a shape is there, given its byte and the kind of stream; the length of its fixed part. */
static inline uint32_t evxi_parts_here(const evxi_token_shape *shape, uint32_t byte, uint32_t place,
                                       uint32_t *size)
{
    uint32_t parts = shape->parts;

    *size = shape->size;
    if ((parts & HAS_DEPENDENCY) && (place & PLACE_DEFINITION))
        *size += 2;
    if ((parts & HAS_NAME) && (place & PLACE_WIRE))
        *size -= 4;
    return byte & 0x40 ? parts : parts & ~(uint32_t)HAS_LIST;
}

/* evxi_item_read on the bytes [*pos, end) of base; *pos moves as its cursor would. */
static inline evx_status evxi_item_get(const uint8_t *base, uint32_t *pos, uint32_t end,
                                       uint32_t place, evxi_item *item)
{
    const uint8_t *p = base + *pos;
    uint32_t left = end - *pos, byte = left > 0 ? *p : 0, token = byte & 0x3f, parts, size;
    const evxi_token_shape *shape = &evxi_token_shapes[token & (TOKEN_COUNT - 1)];

    memset(item, 0, sizeof *item);
    item->off = *pos;
    item->token = (uint8_t)token;
    if (token >= TOKEN_COUNT || (byte & 0x80) || ((byte & 0x40) && !(shape->parts & MAY_CONTINUE))
        || !(place & (place & PLACE_DEFINITION ? shape->inside : shape->plain))) {
        *pos += left > 0;
        return EVX_E_TOKEN;
    }
    parts = evxi_parts_here(shape, byte, place, &size);
    if (size <= left)
        size = evxi_parts_read(p, parts, size, left, place, item);
    *pos = size > left ? end : *pos + size;
    if (size > left)
        return EVX_E_OFFSET;
    return token == TOKEN_VALUE && item->type != EVX_STRING ? EVX_E_VALUE : EVX_OK;
}

#endif
