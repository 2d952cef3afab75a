/* src/binxml/token.c - bytes -> one token, driven by a table of token shapes */
#include "binxml/binxml.h"

/*
 * Binary XML (MS-EVEN6 2.2.12; the form in files differs where noted) is a stream of tokens:
 *
 *   stream    = { fragment header | element | template instance | PI } EOF
 *   element   = 01 head { attribute } ( 02 content 04 | 03 )
 *   attribute = 06 name { text | substitution | CharRef | EntityRef }
 *   content   = { element | text | substitution | CDATA | CharRef | EntityRef | PI | instance }
 *
 * The low six bits of a token's byte name it; 0x40 says that more of its kind follows. Only for 01
 * does that change the layout: the element has an attribute list, and its size stands behind the
 * name. For the others the next token tells the same, so the flag is read and ignored.
 *
 * A name is a chunk offset. Where it equals the position behind itself, the entry stands right
 * there and is stepped over; anywhere else nothing follows. In the form on the wire, which is also
 * that of provider resources, the entry always follows, without offset and link.
 *
 * Streams occur in three places: a record's body, a value of type 0x21, and a template definition.
 * Only in a definition does an element carry a dependency id, and only there may substitutions
 * stand; a template instance may stand in the two others. Lengths of elements and attribute lists
 * are not needed to read them, so they cannot lie: tokens rule.
 */
enum {
    HAS_DEPENDENCY = 1u << 0, HAS_LENGTH = 1u << 1, HAS_NAME = 1u << 2, HAS_LIST = 1u << 3,
    HAS_TYPE = 1u << 4, HAS_TEXT = 1u << 5, HAS_INDEX = 1u << 6, HAS_DECLARED = 1u << 7,
    HAS_VERSION = 1u << 8,
    MAY_CONTINUE = 1u << 9           /* 0x40 is legal */
};

typedef struct token_shape {
    uint16_t parts;                  /* HAS_..., in the order of their bits */
    uint8_t places;                  /* PLACE_...                           */
} token_shape;

#define INNER (PLACE_CONTENT | PLACE_ATTRIBUTE)

static const token_shape shapes[TOKEN_COUNT] = {
    [TOKEN_EOF]       = { 0, PLACE_STREAM | PLACE_CONTENT | PLACE_LIST | PLACE_ATTRIBUTE },
    [TOKEN_OPEN]      = { HAS_DEPENDENCY | HAS_LENGTH | HAS_NAME | HAS_LIST | MAY_CONTINUE,
                          PLACE_STREAM | PLACE_CONTENT },
    [TOKEN_BODY]      = { 0, PLACE_LIST | PLACE_ATTRIBUTE },
    [TOKEN_EMPTY]     = { 0, PLACE_LIST | PLACE_ATTRIBUTE },
    [TOKEN_END]       = { 0, PLACE_CONTENT },
    [TOKEN_VALUE]     = { HAS_TYPE | HAS_TEXT | MAY_CONTINUE, INNER },
    [TOKEN_ATTRIBUTE] = { HAS_NAME | MAY_CONTINUE, PLACE_LIST | PLACE_ATTRIBUTE },
    [TOKEN_CDATA]     = { HAS_TEXT | MAY_CONTINUE, INNER },
    [TOKEN_CHARREF]   = { HAS_INDEX | MAY_CONTINUE, INNER },
    [TOKEN_ENTITY]    = { HAS_NAME | MAY_CONTINUE, INNER },
    [TOKEN_PI_TARGET] = { HAS_NAME, PLACE_STREAM | PLACE_CONTENT },
    [TOKEN_PI_DATA]   = { HAS_TEXT, PLACE_STREAM | PLACE_CONTENT },
    [TOKEN_INSTANCE]  = { 0, PLACE_STREAM | PLACE_CONTENT },
    [TOKEN_SUBST]     = { HAS_INDEX | HAS_DECLARED, INNER | PLACE_DEFINITION },
    [TOKEN_OPTIONAL]  = { HAS_INDEX | HAS_DECLARED, INNER | PLACE_DEFINITION },
    [TOKEN_FRAGMENT]  = { HAS_VERSION, PLACE_STREAM }
};

static void read_name(evxi_cursor *in, uint32_t place, evxi_item *item)
{
    bool wire = (place & PLACE_WIRE) != 0;

    item->name = wire ? 0 : evxi_u32(in);
    if (wire || (item->name == in->pos && !in->bad)) {
        (void)evxi_take(in, wire ? EVXI_NAME_UNITS - EVXI_NAME_HASH : EVXI_NAME_UNITS);
        (void)evxi_take(in, 2u * evxi_u16(in) + 2u);
    }
}

static void read_text(evxi_cursor *in, evxi_item *item)
{
    item->units = evxi_u16(in);
    item->text = in->pos;
    (void)evxi_take(in, EVXI_PLANTED(2) ? (uint16_t)(2 * item->units) : 2 * item->units);
}

static void read_parts(evxi_cursor *in, uint32_t parts, uint32_t place, evxi_item *item)
{
    if (parts & HAS_DEPENDENCY)
        item->index = evxi_u16(in);
    if (parts & HAS_LENGTH)
        (void)evxi_u32(in);
    if (parts & HAS_NAME)
        read_name(in, place, item);
    if (parts & HAS_LIST)
        (void)evxi_u32(in);
    if (parts & HAS_TYPE)
        item->type = evxi_u8(in);
    if (parts & HAS_TEXT)
        read_text(in, item);
    if (parts & HAS_INDEX)
        item->index = evxi_u16(in);
    if (parts & HAS_DECLARED)
        item->type = evxi_u8(in);
    if (parts & HAS_VERSION)
        (void)evxi_take(in, 3);
}

/* What of a shape is there, given the flag and the kind of stream. */
static uint32_t parts_here(const token_shape *shape, bool more, uint32_t place)
{
    uint32_t parts = shape->parts;

    if (!more)
        parts &= ~(uint32_t)HAS_LIST;
    if (!(place & PLACE_DEFINITION))
        parts &= ~(uint32_t)HAS_DEPENDENCY;
    return parts;
}

static bool in_place(const token_shape *shape, uint8_t token, uint32_t place)
{
    if (!(shape->places & place & ~(uint32_t)(PLACE_DEFINITION | PLACE_WIRE)))
        return false;
    if (shape->places & PLACE_DEFINITION)
        return (place & PLACE_DEFINITION) != 0;
    return token != TOKEN_INSTANCE || !(place & PLACE_DEFINITION);
}

evx_status evxi_item_read(evxi_cursor *in, uint32_t place, evxi_item *item)
{
    uint8_t byte, token;
    const token_shape *shape;
    bool more;

    memset(item, 0, sizeof *item);
    item->off = in->pos;
    byte = evxi_u8(in);
    token = byte & 0x3f;
    more = (byte & 0x40) != 0;
    if (token >= TOKEN_COUNT || (byte & 0x80))
        return EVX_E_TOKEN;
    shape = &shapes[token];
    if ((more && !(shape->parts & MAY_CONTINUE)) || !in_place(shape, token, place))
        return EVX_E_TOKEN;
    item->token = token;
    read_parts(in, parts_here(shape, more, place), place, item);
    if (in->bad)
        return EVX_E_OFFSET;
    return token == TOKEN_VALUE && item->type != EVX_STRING ? EVX_E_VALUE : EVX_OK;
}
