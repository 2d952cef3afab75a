/* src/evt/find.c - where a record or the end record begins, and what proves it */
#include "evt/evt.h"

bool evxi_evt_sane(uint32_t size)
{
    return size >= RECORD_MIN && size <= EVX_EVT_RECORD_MAX && size % 4 == 0;
}

bool evxi_evt_signed(const evxi_evt_span *b, uint32_t at)
{
    return at < b->begins && b->ends - at >= RECORD_SIGNATURE + 4
        && evxi_le32(b->base + at + RECORD_SIGNATURE) == EVT_SIGNATURE;
}

uint32_t evxi_evt_sound(const evxi_evt_span *b, uint32_t at)
{
    uint32_t size;

    if (!evxi_evt_signed(b, at))
        return 0;
    size = evxi_le32(b->base + at);
    if (!evxi_evt_sane(size) || size > b->ends - at + 4 * EVXI_PLANTED(8))
        return 0;
    return evxi_le32(b->base + at + size - RECORD_COPY) == size ? size : 0;
}

static const uint8_t marks[END_OLDEST] = {
    END_SIZE, 0, 0, 0, 0x11, 0x11, 0x11, 0x11, 0x22, 0x22, 0x22, 0x22, 0x33, 0x33, 0x33, 0x33,
    0x44, 0x44, 0x44, 0x44
};

bool evxi_evt_is_end(const evxi_evt_span *b, uint32_t at)
{
    return at < b->begins && b->ends - at >= END_SIZE
        && memcmp(b->base + at, marks, sizeof marks) == 0
        && evxi_le32(b->base + at + END_COPY) == END_SIZE;
}

bool evxi_evt_is_torn_end(const evxi_evt_span *b, uint32_t at)
{
    uint32_t left = b->begins - at, n = left < END_OLDEST ? left : END_OLDEST;

    return left > 0 && left < END_SIZE && memcmp(b->base + at, marks, n) == 0;
}

uint32_t evxi_evt_search(const evxi_evt_span *b, uint32_t at, uint32_t to, bool ends_too)
{
    for (; at < to; at += 4)
        if (evxi_evt_sound(b, at) != 0 || (ends_too && evxi_evt_is_end(b, at)))
            return at;
    return to;
}

uint32_t evxi_evt_filler(const evxi_evt_span *b, uint32_t at)
{
    uint32_t next = at;

    while (next < b->begins && b->begins - next >= 4 && next - at < RECORD_HEAD
           && evxi_le32(b->base + next) == EVT_FILLER)
        next += 4;
    if (next - at >= RECORD_HEAD)
        return 0;
    if (next == b->begins || evxi_evt_sound(b, next) != 0 || evxi_evt_is_end(b, next))
        return next - at;
    return 0;
}

/* From `at` on: where the first letter of a signature stands at its place. */
static size_t next_letter(evx_bytes blob, size_t at)
{
    while (at + RECORD_SIGNATURE < blob.len && blob.ptr[at + RECORD_SIGNATURE] != 'L')
        at++;
    return at + RECORD_SIGNATURE < blob.len ? at : blob.len;
}

evx_status evx_evt_carve_next(evx_bytes blob, size_t *pos, evx_evt_record *out)
{
    for (*pos = next_letter(blob, *pos); *pos < blob.len; *pos = next_letter(blob, *pos + 1)) {
        size_t left = blob.len - *pos;
        uint32_t in_reach = left < EVX_EVT_RECORD_MAX ? (uint32_t)left : EVX_EVT_RECORD_MAX;
        evxi_evt_span b = { blob.ptr + *pos, in_reach, in_reach };
        uint32_t size = evxi_evt_sound(&b, 0);
        if (size == 0)
            continue;
        evxi_evt_load(out, b.base, size, 0);
        out->file_off = *pos;
        out->origin = EVX_ORIGIN_CARVED;
        *pos += size;
        return EVX_OK;
    }
    memset(out, 0, sizeof *out);
    return EVX_END;
}
