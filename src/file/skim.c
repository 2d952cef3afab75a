/* src/file/skim.c - a chunk whose records nobody reads: their headers, into the books at once */
#include "file/file.h"

/* From `at` on: those of which there is nothing to say. Where the first other thing stands. */
static uint32_t skim_next(const evx_chunk *c, uint32_t at, evx_ledger *l, uint32_t *last)
{
    uint64_t id = l->last_id, written = l->last_written, count = 0;
    uint32_t size;

    for (; (size = evxi_sound_at(c, at)) != 0; at += size) {
        if (!evxi_is_next(c->base + at, id, written))
            break;
        id++;
        written = evxi_le64(c->base + at + REC_WRITTEN);
        count++;
        *last = at;
    }
    l->records += count;
    l->decoded += count;
    l->last_id = id;
    l->last_written = written;
    return at;
}

evx_status evx_ledger_skim(evx_ledger *l, const evx_chunk *c, evx_record *first, evx_record *last)
{
    evx_ledger books = *l;
    uint32_t at = CHUNK_RECORDS, last_at = 0;

    if (!evxi_skims(l, c))
        return EVX_SKIP;
    while ((at = skim_next(c, at, &books, &last_at)) < c->free_off) {
        if (evxi_sound_at(c, at) == 0)
            return EVX_SKIP;
        last_at = at;
        evxi_sound_load(c, at, last);
        evx_ledger_read(&books, c, last, 0, false);
        at += last->size;
    }
    if (last_at == 0)
        return EVX_SKIP;
    evxi_sound_load(c, CHUNK_RECORDS, first);
    evxi_sound_load(c, last_at, last);
    *l = books;
    return EVX_OK;
}

evx_status evx_ledger_join(evx_ledger *l, const evx_ledger *chunk, const evx_chunk *c,
                           const evx_record *first)
{
    if (l->open < l->loss_count || chunk->hint_count > 0 || chunk->records == 0)
        return EVX_SKIP;
    evx_ledger_read(l, c, first, 0, false);
    l->records += chunk->records - 1;
    l->decoded += chunk->decoded - 1;
    l->id_gaps += chunk->id_gaps;
    l->ids_missing += chunk->ids_missing;
    l->time_reversals += chunk->time_reversals;
    l->last_id = chunk->last_id;
    l->last_written = chunk->last_written;
    return EVX_OK;
}
