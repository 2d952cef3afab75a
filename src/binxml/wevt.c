/* src/binxml/wevt.c - any bytes -> the templates of a provider's resource, by signature */
#include "binxml/binxml.h"
#include "evx/wevt.h"

/*
 * TEMP: u32 signature, u32 size, u32 item descriptors, u32 item names, u32 offset of the items,
 * u32 kind, 16 bytes GUID, binary XML up to where the items begin. The offset counts from the start
 * of the resource, which is not known here: so the body is cut where its own stream ends.
 */
enum {
    TEMP_SIGNATURE = 0x504d4554, TEMP_SIZE = 4, TEMP_VALUES = 8, TEMP_NAMES = 12, TEMP_KIND = 20,
    TEMP_GUID = 24, TEMP_BODY = 40, TEMP_MIN = TEMP_BODY + 4 + 12, ITEM = 20, KIND_MAX = 2
};

static uint32_t sane_size(const uint8_t *p, size_t left)
{
    uint32_t size, items;

    if (left < TEMP_MIN || evxi_le32(p) != TEMP_SIGNATURE)
        return 0;
    size = evxi_le32(p + TEMP_SIZE);
    items = evxi_le32(p + TEMP_NAMES);
    if (size < TEMP_MIN || size > EVX_CHUNK_SIZE || size > left
        || evxi_le32(p + TEMP_KIND) > KIND_MAX
        || evxi_le32(p + TEMP_VALUES) > items || items > (size - TEMP_MIN) / ITEM + 1)
        return 0;
    return p[TEMP_BODY] == EVXI_TOKEN_FRAGMENT && p[TEMP_BODY + 1] == 1 ? size : 0;
}

/* Where the stream ends, by its own tokens; 0 when it is none. */
static uint32_t stream_length(evx_bytes body)
{
    evxi_scan scan;
    evxi_item item;
    evx_status st;

    evxi_scan_begin_wire(&scan, body);
    do
        st = evxi_scan_next(&scan, &item);
    while (st == EVX_OK);
    return st == EVX_END && scan.open == 0 ? scan.in.pos : 0;
}

evx_status evx_wevt_next(evx_bytes blob, size_t *pos, evx_wevt_template *out)
{
    for (; *pos < blob.len; ++*pos) {
        const uint8_t *p = blob.ptr + *pos;
        uint32_t size = *p == 'T' ? sane_size(p, blob.len - *pos) : 0;
        if (size == 0)
            continue;
        out->body.ptr = p + TEMP_BODY;
        out->body.len = size - TEMP_BODY;
        out->body.len = stream_length(out->body);
        if (out->body.len == 0)
            continue;
        memcpy(out->guid, p + TEMP_GUID, sizeof out->guid);
        out->kind = evxi_le32(p + TEMP_KIND);
        out->values = evxi_le32(p + TEMP_VALUES);
        *pos += size;
        return EVX_OK;
    }
    return EVX_END;
}
