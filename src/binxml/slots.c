/* src/binxml/slots.c - template instance -> definition and slots */
#include "binxml/binxml.h"

/* Behind the token: u8 1, u32 id, u32 offset of the definition; the definition, if that offset is
 * right here; u32 count, count descriptors (u16 size, u8 type, u8 0), the values back to back. */
enum { DEFINITION_GUID = 4, DEFINITION_SIZE = 20, DEFINITION_HEAD = 24, DESCRIPTOR = 4 };

/* A definition: u32 link, GUID, u32 size, then `size` bytes of stream. */
static evx_status find_definition(const evx_chunk *c, uint32_t off, uint32_t limit,
                                  evxi_instance *out)
{
    evxi_cursor in = evxi_cursor_at(c->base, off, limit);
    const uint8_t *head = off < EVXI_FIRST_NAME ? NULL : evxi_take(&in, DEFINITION_HEAD);
    uint32_t size;

    if (!head)
        return EVX_E_TEMPLATE;
    size = evxi_le32(head + DEFINITION_SIZE);
    if (size > evxi_left(&in) || evxi_le32(head + DEFINITION_GUID) != out->id)
        return EVX_E_TEMPLATE;
    out->guid = off + DEFINITION_GUID;
    out->begin = in.pos;
    out->end = in.pos + size;
    return EVX_OK;
}

bool evxi_definition_stands(const evx_chunk *c, uint32_t off, uint32_t limit, uint32_t id)
{
    evxi_instance found = { .id = id };

    return find_definition(c, off, limit, &found) == EVX_OK;
}

/* Lay the values out behind the descriptors; what the stream no longer holds becomes NULL. */
static uint32_t place_values(evxi_cursor *in, const uint8_t *descriptor, evx_slot *slots,
                             uint32_t count)
{
    uint32_t lost = 0;

    for (uint32_t i = 0; i < count; i++, descriptor += DESCRIPTOR) {
        uint32_t size = evxi_le16(descriptor);
        evx_slot s = { (uint16_t)in->pos, (uint16_t)size, descriptor[2], 0, 0 };
        if (s.type == EVX_UTF8)
            s.type = EVX_BINARY;     /* nobody's type in a log; in memory it is our own mark */
        if (size > evxi_left(in)) {
            s.len = 0;
            s.type = EVX_NULL;
            s.flags = EVX_SLOT_LOST;
            size = evxi_left(in);    /* and every value behind it is lost as well */
            lost++;
        }
        (void)evxi_take(in, size);
        slots[i] = s;
    }
    return lost;
}

static evx_status read_values(evxi_cursor *in, evx_slot *slots, uint32_t count,
                              evxi_instance *out)
{
    uint32_t n = evxi_u32(in);
    const uint8_t *descriptors;

    if (in->bad || n > evxi_left(in) / DESCRIPTOR)
        return EVX_E_OFFSET;
    if (n > count)
        return EVX_E_SPACE;
    descriptors = evxi_take(in, n * DESCRIPTOR);
    out->slots = n;
    out->lost = place_values(in, descriptors, slots, n);
    return EVX_OK;
}

evx_status evxi_instance_read(evxi_cursor *in, const evx_chunk *c, evx_slot *slots,
                              uint32_t count, evxi_instance *out)
{
    const uint8_t *head = evxi_take(in, 9);
    uint32_t off;
    bool resident;
    evx_status definition, values;

    memset(out, 0, sizeof *out);
    if (!head)
        return EVX_E_OFFSET;
    out->id = evxi_le32(head + 1);
    off = evxi_le32(head + 5);
    resident = off == in->pos;
    definition = find_definition(c, off, resident ? in->end : c->len, out);
    if (resident && definition < 0)
        return definition;           /* then nobody knows where the values begin */
    if (resident)
        (void)evxi_take(in, out->end - in->pos);
    values = read_values(in, slots, count, out);
    return values < 0 ? values : definition;
}
