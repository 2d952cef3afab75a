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

/* What tells a chunk from another one in the same memory: its header's two checksums, and the end
 * of its records. */
EVXI_LOCAL uint64_t evxi_chunk_mark(const evx_chunk *c);

/* ---- chunks whose records nobody reads ------------------------------------------------------ */

/* Can a ledger take the records of this chunk by their headers, if they are sound? */
static inline bool evxi_skims(const evx_ledger *l, const evx_chunk *c)
{
    return l->open == l->loss_count && c->damage == 0 && c->claimed != 0
        && c->len >= CHUNK_RECORDS;
}

/* The size of the sound record at an offset up to the end of records; 0: there is none. */
static inline uint32_t evxi_sound_at(const evx_chunk *c, uint32_t at)
{
    const uint8_t *p = c->base + at;
    uint32_t left = c->free_off - at, size;

    if (left < REC_MIN || evxi_le32(p) != RECORD_SIGNATURE)
        return 0;
    size = evxi_le32(p + REC_SIZE);
    return size >= REC_MIN && size <= left && evxi_le32(p + size - REC_COPY) == size ? size : 0;
}

/* It, as evx_records_next hands it out. */
static inline void evxi_sound_load(const evx_chunk *c, uint32_t at, evx_record *r)
{
    const uint8_t *p = c->base + at;

    r->id = evxi_le64(p + REC_ID);
    r->written = evxi_le64(p + REC_WRITTEN);
    r->off = at;
    r->size = evxi_le32(p + REC_SIZE);
    r->damage = 0;
    r->origin = EVX_ORIGIN_ORDER;
}

/* Nothing that evx_ledger_read would have more to say about than that it was read. */
static inline bool evxi_is_next(const uint8_t *record, uint64_t last_id, uint64_t last_written)
{
    return evxi_le64(record + REC_ID) == last_id + 1
        && evxi_le64(record + REC_WRITTEN) >= last_written;
}

#endif
