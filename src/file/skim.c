/* src/file/skim.c - records that nobody reads, to their chunk's end: into the books at once */
#include "base/le.h"
#include "file/file.h"
#include "file/layout.h"

/* Nothing that evx_ledger_read would have more to say about than that it was read. */
static bool is_next(const evx_ledger *l, const evx_record *r)
{
    return r->id == l->last_id + 1 && (r->written >= l->last_written || r->written == 0);
}

evx_status evx_ledger_skim(evx_ledger *l, const evx_records *it, evx_record *first,
                           evx_record *last)
{
    const evx_chunk *c = it->chunk;
    evx_ledger books = *l;
    uint32_t at = it->pos, size;

    if (l->open < l->loss_count || c->damage != 0 || c->claimed == 0 || at >= it->end
        || (it->state & RESYNCED))
        return EVX_SKIP;
    for (; at < it->end; at += size) {
        size = evxi_sound_size(c->base, at, it->end);
        if (size == 0)
            return EVX_SKIP;
        evxi_record_load(last, c->base, at, size, 0);
        if (at == it->pos)
            *first = *last;
        if (EVXI_LIKELY(is_next(&books, last)))
            evxi_ledger_pass(&books, last);
        else
            evx_ledger_read(&books, c, last, 0, false);
    }
    books.last_chunk = c->file_off;
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
