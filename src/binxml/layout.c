/* src/binxml/layout.c - where an instance and its values stand, without its definition */
#include "binxml/binxml.h"

bool evxi_layout_read(const evx_chunk *c, uint32_t begin, uint32_t end, evxi_layout *p,
                     uint32_t *fragments)
{
    const uint8_t *b = c->base;
    uint32_t at = begin, size;

    p->descriptors = 0;
    if (end - at >= 4 && b[at] == EVXI_TOKEN_FRAGMENT) {
        at += 4;
        ++*fragments;
    }
    if (end - at < 1 + EVXI_INSTANCE_HEAD + 4 || b[at] != EVXI_TOKEN_INSTANCE)
        return false;
    p->id = evxi_le32(b + at + 2);
    p->definition = evxi_le32(b + at + 6);
    at += 1 + EVXI_INSTANCE_HEAD;
    p->resident = p->definition == at;
    if (p->resident) {
        if (end - at < EVXI_DEFINITION_HEAD + 4)
            return false;
        size = evxi_le32(b + at + EVXI_DEFINITION_SIZE);
        if (size > end - at - EVXI_DEFINITION_HEAD - 4)
            return false;
        at += EVXI_DEFINITION_HEAD + size;
    }
    p->count = evxi_le32(b + at);
    p->descriptors = at + 4;
    if (p->count > EVXI_VALUES_MAX || p->count * EVXI_DESCRIPTOR > end - p->descriptors)
        return false;
    p->values = p->descriptors + p->count * EVXI_DESCRIPTOR;
    return true;
}
