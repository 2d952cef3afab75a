/* src/file/record.c - chunk -> records, always forward */
#include "base/le.h"
#include "file/file.h"
#include "file/layout.h"
#include "kern/kern.h"

/*
 * A sound record is one step: signature, size, equal copy. Everything else is damage, and the rule
 * is that damage costs only the bytes it stands in. Where the size is in doubt, the next record
 * that proves itself (signature, sane size, equal copy) bounds the doubtful one. Every call moves
 * `pos` forward, and what a search has found is kept until `pos` is there: so all calls together
 * are linear.
 */

void evx_records_begin(evx_records *it, const evx_chunk *c)
{
    it->chunk = c;
    it->end = c->free_off;
    it->pos = c->len < CHUNK_RECORDS ? it->end : CHUNK_RECORDS;
    it->last_id = 0;
    it->state = it->next = 0;
    if (c->claimed == 0)
        it->state |= OPEN_END;
    if (c->damage & EVX_CHUNK_SIGNATURE)
        it->state |= SILENT;
}

static bool proves_itself(const evx_records *it, uint32_t at)
{
    uint32_t size = evxi_sound_size(it->chunk->base, at, it->end);

    return size != 0 && size % 8 == 0;
}

/* From `at` on: the first record that proves itself, or `end`. */
static uint32_t search(const evx_records *it, uint32_t at)
{
    uint32_t last = it->end < REC_MIN ? 0 : it->end - REC_MIN + 1;

    while (at < last) {
        at = evxi_kernels_portable.find_record(it->chunk->base, at, last);
        if (at < last && proves_itself(it, at))
            return at;
        at += 8;
    }
    return it->end;
}

/* The next record that proves itself behind `pos`, or `end`. The last search began in front of
 * here: what it found, if that is still ahead, is the answer. */
static uint32_t resync(evx_records *it)
{
    if (it->next <= it->pos)
        it->next = search(it, (it->pos + 8) & ~7u);
    return it->next;
}

static inline evx_status hand_out(evx_records *it, evx_record *r, uint32_t size, uint32_t damage)
{
    evxi_record_load(r, it->chunk->base, it->pos, size, damage);
    if (it->state & RESYNCED)
        r->origin = EVX_ORIGIN_AFTER;
    if ((it->state & ID_KNOWN) && r->id != it->last_id + 1)
        r->damage |= EVX_RECORD_ID;
    it->last_id = r->id;
    it->state = (it->state | ID_KNOWN) & ~(uint32_t)RESYNCED;
    it->pos += size;
    return EVX_OK;
}

/* Bytes [pos, next) are lost; the next call goes on behind them. */
static evx_status skip_to(evx_records *it, evx_record *r, uint32_t next, evx_status reason)
{
    memset(r, 0, sizeof *r);
    r->off = it->pos;
    r->size = next - it->pos;
    it->pos = next;
    it->state |= RESYNCED;
    return it->state & SILENT ? EVX_SKIP : reason;
}

/* A signature, but its size and the copy behind it do not agree. */
static evx_status doubtful(evx_records *it, evx_record *r)
{
    uint32_t left = it->end - it->pos, size = evxi_le32(it->chunk->base + it->pos + REC_SIZE);
    bool sane = size >= REC_MIN && size % 8 == 0, resynced;
    uint32_t next;
    evx_status st;

    if (sane && size > left && it->end == it->chunk->len && (it->chunk->damage & EVX_CHUNK_CUT)
        && size <= EVX_CHUNK_SIZE - it->pos)
        return hand_out(it, r, left, EVX_RECORD_CUT);
    if (sane && size <= left && (size == left || proves_itself(it, it->pos + size)))
        return hand_out(it, r, size, EVX_RECORD_COPY);
    next = resync(it);
    if (sane && size <= next - it->pos)
        return hand_out(it, r, size, EVX_RECORD_COPY);
    if (next - it->pos < REC_HEADER)
        return skip_to(it, r, next, EVX_E_RECORD_SIZE);
    resynced = next < it->end;
    st = hand_out(it, r, next - it->pos, EVX_RECORD_SIZE);
    if (resynced)
        it->state |= RESYNCED;
    return st;
}

/* No record at pos: say so, and go on at the next one. */
static evx_status nothing_here(evx_records *it, evx_record *r)
{
    uint32_t next = resync(it);
    bool slack = (it->state & OPEN_END) && next == it->end;

    return skip_to(it, r, next, slack ? EVX_SKIP : EVX_E_RECORD_SIGNATURE);
}

/* What the chunk claims to hold behind the end of the input. */
static evx_status at_end(evx_records *it, evx_record *r)
{
    const evx_chunk *c = it->chunk;

    if ((it->state & (CUT_TOLD | SILENT)) || c->claimed <= c->len)
        return EVX_END;
    it->state |= CUT_TOLD;
    memset(r, 0, sizeof *r);
    r->off = c->len;
    r->size = c->claimed - c->len;
    return EVX_E_CHUNK_CUT;
}

static EVXI_COLD evx_status unsound(evx_records *it, evx_record *r)
{
    uint32_t left = it->end - it->pos;

    if (left < REC_MIN || evxi_le32(it->chunk->base + it->pos) != RECORD_SIGNATURE)
        return nothing_here(it, r);
    return doubtful(it, r);
}

evx_status evx_records_next(evx_records *it, evx_record *r)
{
    while (it->pos < it->end) {
        uint32_t size = evxi_sound_size(it->chunk->base, it->pos, it->end);
        evx_status st = EVXI_LIKELY(size != 0) ? hand_out(it, r, size, 0) : unsound(it, r);
        if (st != EVX_SKIP)
            return st;
    }
    return at_end(it, r);
}

void evxi_record_body(const evx_chunk *c, const evx_record *r, uint32_t *begin, uint32_t *end)
{
    uint32_t stop = r->size <= c->len - r->off ? r->off + r->size : c->len;

    /* A record that was cut, or ends at its neighbour, has no copy of its size to leave out. */
    if (!(r->damage & (EVX_RECORD_CUT | EVX_RECORD_SIZE)) && stop - r->off >= REC_MIN)
        stop -= REC_COPY;
    *begin = r->off + REC_HEADER < stop ? r->off + REC_HEADER : stop;
    *end = stop;
}
