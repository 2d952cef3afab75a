/* src/file/carve.c - any bytes -> what looks like a record or a chunk, by signature */
#include "base/le.h"
#include "file/file.h"
#include "file/layout.h"

enum { CARVED_MIN = 32, CARVED_MAX = EVX_CHUNK_SIZE - CHUNK_RECORDS, HEADER_SIZE = 128 };

/* Does binary XML begin here? A fragment header, an instance, or an element. */
static bool begins_body(const uint8_t *p)
{
    return (p[0] == 0x0f && p[1] == 1 && p[2] == 1) || p[0] == 0x0c || p[0] == 0x01
        || p[0] == 0x41;
}

static bool is_record(const uint8_t *p, uint32_t left)
{
    uint32_t size;

    if (left < CARVED_MIN || evxi_le32(p) != RECORD_SIGNATURE)
        return false;
    size = evxi_le32(p + REC_SIZE);
    return size >= CARVED_MIN && size <= CARVED_MAX && size % 8 == 0 && size <= left
        && evxi_le32(p + size - REC_COPY) == size && begins_body(p + REC_HEADER);
}

evx_status evx_carve_record(const evx_window *w, uint32_t *pos, uint32_t step, evx_record *r)
{
    uint32_t at = *pos, last = w->len < CARVED_MIN ? 0 : w->len - CARVED_MIN + 1;
    const uint8_t *p;

    for (; at < last; at += step)
        if (w->base[at] == '*' && is_record(w->base + at, w->len - at))
            break;
    if (at >= last) {
        *pos = w->len;
        return EVX_END;
    }
    p = w->base + at;
    memset(r, 0, sizeof *r);
    r->off = at;
    r->size = evxi_le32(p + REC_SIZE);
    r->id = evxi_le64(p + REC_ID);
    r->written = evxi_le64(p + REC_WRITTEN);
    r->origin = EVX_ORIGIN_CARVED;
    *pos = at + r->size - 8 * EVXI_PLANTED(10);
    return EVX_OK;
}

static bool is_chunk(const uint8_t *p, uint32_t left)
{
    return left >= CHUNK_RECORDS && memcmp(p, "ElfChnk", 8) == 0
        && evxi_le32(p + CHUNK_SIZE) == HEADER_SIZE;
}

static uint32_t find_chunk(const evx_window *w, uint32_t at, uint32_t end)
{
    for (; at < end; at++)
        if (w->base[at] == 'E' && is_chunk(w->base + at, w->len - at))
            break;
    return at < end ? at : end;
}

evx_status evx_carve_chunk(const evx_window *w, uint32_t *pos, evx_chunk *c)
{
    uint32_t at = *pos < w->len ? find_chunk(w, *pos, w->len) : w->len, end;
    evx_window found;

    *pos = at;
    if (at == w->len)
        return EVX_END;
    end = w->len - at < EVX_CHUNK_SIZE ? w->len : at + EVX_CHUNK_SIZE;
    end = find_chunk(w, at + CHUNK_RECORDS, end);
    found.base = w->base + at;
    found.len = end - at;
    found.file_off = w->file_off + at;
    return evx_chunk_open(c, &found) < 0 ? EVX_E_BUG : EVX_OK;
}
