/* src/file/hidden.c - records inside another record's size */
#include "base/le.h"
#include "file/file.h"
#include "file/layout.h"
#include "kern/kern.h"

/* The size of a record that could stand at `at` and end by `end`; 0: none could. Its copy may be
 * gone: the last one's is the parent's now. */
static uint32_t size_at(const uint8_t *base, uint32_t at, uint32_t end)
{
    uint32_t size;

    if (end - at < REC_MIN || evxi_le32(base + at) != RECORD_SIGNATURE)
        return 0;
    size = evxi_le32(base + at + REC_SIZE);
    return size >= REC_MIN && size % 8 == 0 && size <= end - at ? size : 0;
}

/* Records back to back from `at` that end exactly at `end`. */
static bool chain_ends(const uint8_t *base, uint32_t at, uint32_t end)
{
    uint32_t size = 1;

    while (at < end && size != 0) {
        size = size_at(base, at, end);
        at += size;
    }
    return at == end;
}

evx_status evx_record_hidden(const evx_chunk *c, const evx_record *parent, uint32_t from,
                             evx_record *r)
{
    uint32_t end, last, at;
    const uint8_t *p;

    if (parent->off > c->len || parent->size > c->len - parent->off)
        return EVX_END;
    end = parent->off + parent->size;
    at = from < parent->off + REC_HEADER ? parent->off + REC_HEADER : from;
    at = (at + 7) & ~7u;
    if (end < REC_MIN || at > end - REC_MIN)
        return EVX_END;
    for (last = end - REC_MIN + 1; at < last; at += 8) {
        at = evxi_kernels_portable.find_record(c->base, at, last);
        if (at >= last || EVXI_PLANTED(12) || chain_ends(c->base, at, end))
            break;
    }
    if (at >= last)
        return EVX_END;
    p = c->base + at;
    memset(r, 0, sizeof *r);
    r->off = at;
    r->size = size_at(c->base, at, end);
    r->id = evxi_le64(p + REC_ID);
    r->written = evxi_le64(p + REC_WRITTEN);
    r->damage = evxi_le32(p + r->size - REC_COPY) == r->size ? 0 : EVX_RECORD_COPY;
    r->origin = EVX_ORIGIN_HIDDEN;
    return EVX_OK;
}
