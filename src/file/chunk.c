/* src/file/chunk.c - window -> chunk: signature, clipped offsets, damage bits */
#include "base/le.h"
#include "base/same.h"
#include "file/file.h"
#include "file/layout.h"
#include "kern/kern.h"

/* The end of what the header calls its last record; 0 when no record stands there. `proved`: only
 * when its id is the one that the header names, and the copy of its size is right. */
static uint32_t end_of_last_record(const evx_chunk *c, bool proved)
{
    uint32_t at = evxi_le32(c->base + CHUNK_LAST_OFF), size;

    if (at < CHUNK_RECORDS || at > c->len || c->len - at < REC_MIN
        || evxi_le32(c->base + at) != RECORD_SIGNATURE)
        return 0;
    size = evxi_le32(c->base + at + REC_SIZE);
    if (size < REC_MIN || size > c->len - at)
        return 0;
    if (proved && (evxi_le64(c->base + at + REC_ID) != c->last_record
                   || evxi_le32(c->base + at + size - REC_COPY) != size))
        return 0;
    return at + size;
}

/*
 * A free space offset in front of the end of the last record would hide all records behind it. If
 * that record proves itself, its end is taken; if not, the header contradicts itself, and no more.
 */
static void find_end(evx_chunk *c)
{
    uint32_t free_off = evxi_le32(c->base + CHUNK_FREE_OFF);
    uint32_t at = evxi_le32(c->base + CHUNK_LAST_OFF);
    bool in_range = free_off >= CHUNK_RECORDS && free_off <= EVX_CHUNK_SIZE;
    uint32_t last = end_of_last_record(c, in_range);

    if (!in_range || last > free_off) {
        c->damage |= EVX_CHUNK_FREE_OFF;
        c->claimed = last;
        c->free_off = last != 0 ? last : c->len;
        return;
    }
    if (at < CHUNK_RECORDS ? free_off > CHUNK_RECORDS : at > free_off - REC_MIN)
        c->damage |= EVX_CHUNK_FREE_OFF;
    c->claimed = free_off;
    c->free_off = free_off < c->len ? free_off : c->len;
}

static void load_header(evx_chunk *c)
{
    const uint8_t *p = c->base;

    c->first_number = evxi_le64(p + CHUNK_FIRST_NUMBER);
    c->last_number = evxi_le64(p + CHUNK_LAST_NUMBER);
    c->first_record = evxi_le64(p + CHUNK_FIRST_ID);
    c->last_record = evxi_le64(p + CHUNK_LAST_ID);
    c->flags = evxi_le32(p + CHUNK_FLAGS);
    find_end(c);
}

evx_status evx_chunk_open(evx_chunk *c, const evx_window *w)
{
    static const uint8_t signature[8] = { 'E', 'l', 'f', 'C', 'h', 'n', 'k', 0 };

    memset(c, 0, sizeof *c);
    c->base = w->base;
    c->len = w->len < EVX_CHUNK_SIZE ? w->len : EVX_CHUNK_SIZE;
    c->file_off = w->file_off;
    if (c->len < EVX_CHUNK_SIZE)
        c->damage |= EVX_CHUNK_CUT;
    if (evxi_zeros(c->base, c->len))
        return EVX_SKIP;
    if (c->len < CHUNK_RECORDS)
        return EVX_E_CHUNK_CUT;
    load_header(c);
    if (memcmp(c->base, signature, sizeof signature) == 0)
        return EVX_OK;
    c->damage |= EVX_CHUNK_SIGNATURE;
    return EVX_E_CHUNK_SIGNATURE;
}

uint32_t evx_chunk_check(const evx_chunk *c, const evx_kernels *k)
{
    const uint8_t *p = c->base;
    uint32_t damage = 0, crc;

    if (c->free_off < CHUNK_RECORDS || (c->flags & EVX_FILE_NO_CRC))
        return 0;                    /* an unused slot, or too short to be more */
    if (!k)
        k = &evxi_kernels_portable;
    crc = k->crc32(0, p, CHUNK_FLAGS);
    crc = k->crc32(crc, p + CHUNK_NAMES, CHUNK_RECORDS - CHUNK_NAMES);
    if (crc != evxi_le32(p + CHUNK_HEADER_CRC))
        damage |= EVX_CHUNK_HEADER_CRC;
    if ((c->damage & EVX_CHUNK_FREE_OFF) || c->claimed > c->len)
        return damage;
    if (k->crc32(0, p + CHUNK_RECORDS, c->free_off - CHUNK_RECORDS)
        != evxi_le32(p + CHUNK_DATA_CRC))
        damage |= EVX_CHUNK_DATA_CRC;
    return damage;
}

uint64_t evxi_chunk_mark(const evx_chunk *c)
{
    return c->len < CHUNK_NAMES ? 0 : evxi_le64(c->base + CHUNK_FREE_OFF) * 0x9e3779b97f4a7c15u
                                          ^ evxi_le32(c->base + CHUNK_HEADER_CRC);
}
