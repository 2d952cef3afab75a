/* src/file/file.h - what other rooms may ask of this one */
#ifndef EVXI_FILE_H
#define EVXI_FILE_H

#include "base/defs.h"
#include "base/le.h"
#include "evx/chunk.h"
#include "file/layout.h"

/* Where a record's binary XML stands: bytes from the start of the chunk, begin <= end. */
EVXI_LOCAL void evxi_record_body(const evx_chunk *c, const evx_record *r,
                                 uint32_t *begin, uint32_t *end);

/* ---- sound records, in place ---------------------------------------------------------------- */

/* evx_records.state */
enum {
    RESYNCED = 1u << 0,      /* pos was found by signature                          */
    OPEN_END = 1u << 1,      /* `end` is only the end of the bytes, not of records  */
    SILENT   = 1u << 2,      /* no chunk header: what is between records is unknown */
    CUT_TOLD = 1u << 3,
    ID_KNOWN = 1u << 4
};

/* The size of the sound record at `at`, or 0: signature, a sane size, an equal copy. */
static inline uint32_t evxi_sound_size(const uint8_t *base, uint32_t at, uint32_t end)
{
    const uint8_t *p = base + at;
    uint32_t left = end - at, size;

    if (left < REC_MIN || evxi_le32(p) != RECORD_SIGNATURE)
        return 0;
    size = evxi_le32(p + REC_SIZE);
    return size >= REC_MIN && size <= left && evxi_le32(p + size - REC_COPY) == size ? size : 0;
}

static inline void evxi_record_load(evx_record *r, const uint8_t *base, uint32_t at, uint32_t size,
                                    uint32_t damage)
{
    r->off = at;
    r->size = size;
    r->id = evxi_le64(base + at + REC_ID);
    r->written = evxi_le64(base + at + REC_WRITTEN);
    r->damage = damage;
    r->origin = EVX_ORIGIN_ORDER;
}

/* The next record, if it is sound and stands where it should, without a step to it. */
static inline bool evxi_records_peek(const evx_records *it, evx_record *r)
{
    const uint8_t *base = it->chunk->base;
    uint32_t size = it->pos < it->end && !(it->state & RESYNCED)
                  ? evxi_sound_size(base, it->pos, it->end) : 0;

    if (size == 0)
        return false;
    evxi_record_load(r, base, it->pos, size, 0);
    if ((it->state & ID_KNOWN) && r->id != it->last_id + 1)
        r->damage = EVX_RECORD_ID;
    return true;
}

/* The step. */
static inline void evxi_records_take(evx_records *it, const evx_record *r)
{
    it->last_id = r->id;
    it->state |= ID_KNOWN;
    it->pos += r->size;
}

/* As evx_ledger_read, of a record of which there is nothing else to say. */
static inline void evxi_ledger_pass(evx_ledger *l, const evx_record *r)
{
    l->records++;
    l->decoded++;
    l->last_id = r->id;
    l->last_written = r->written;
}

/* What tells a chunk from another one in the same memory: its header's two checksums, and the end
 * of its records. */
EVXI_LOCAL uint64_t evxi_chunk_mark(const evx_chunk *c);

#endif
