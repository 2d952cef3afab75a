/* src/file/account.c - what was present, decoded, recovered, lost: the completeness ledger */
#include "file/file.h"
#include "file/layout.h"

void evx_ledger_begin(evx_ledger *l, evx_loss *losses, size_t cap)
{
    memset(l, 0, sizeof *l);
    l->losses = losses;
    l->loss_cap = losses ? cap : 0;
}

void evx_ledger_chunk(evx_ledger *l, uint32_t damage)
{
    l->chunks++;
    l->chunks_damaged += damage != 0;
    l->crc_failures += (damage & (EVX_CHUNK_HEADER_CRC | EVX_CHUNK_DATA_CRC)) != 0;
}

void evx_ledger_lose(evx_ledger *l, uint64_t file_off, uint64_t len, evx_status reason)
{
    bool header = reason == EVX_E_FILE_SIGNATURE || reason == EVX_E_FILE_SHORT;

    l->lost += !header;
    l->records += !header;
    l->lost_bytes += len;
    if (reason == EVX_E_RECORD_SIGNATURE || reason == EVX_E_CHUNK_SIGNATURE)
        l->unexplained += len;
    if (l->loss_count < l->loss_cap) {
        evx_loss *x = &l->losses[l->loss_count];
        memset(x, 0, sizeof *x);
        x->file_off = file_off;
        x->len = len;
        x->reason = reason;
        x->before = l->last_time;
        x->before_id = l->last_id;
        x->records = !header;        /* no record stands in the header of a file           */
        x->computer = EVX_ANY_COMPUTER;
    }
    l->loss_count++;
}

static size_t kept(const evx_ledger *l)
{
    return l->loss_count < l->loss_cap ? l->loss_count : l->loss_cap;
}

/* Losses in a row share one gap of ids; the first of them carries what it is more. */
static void count_gap(evx_ledger *l, uint64_t gap)
{
    uint64_t waiting = l->loss_count - l->counted;

    if (gap > waiting) {
        l->lost += gap - waiting;
        l->records += gap - waiting;
        if (l->counted < l->loss_cap)
            l->losses[l->counted].records += gap - waiting;
    }
    l->counted = l->loss_count;
    l->counted_bytes = l->lost_bytes;
}

/* At the seam of a ring the oldest record follows the newest one. Which of both is in the chunk
 * where something was lost? The other one is no neighbour. */
static void part(const evx_ledger *l, const evx_chunk *c, evx_loss *x)
{
    if (x->file_off >= c->file_off)
        x->before = x->before_id = 0;
    else if (x->file_off >= l->last_chunk && x->file_off - l->last_chunk < EVX_CHUNK_SIZE)
        x->after = x->after_id = 0;
}

static void close_windows(evx_ledger *l, const evx_chunk *c, uint64_t id, uint64_t time)
{
    size_t end = kept(l);
    bool seam = c && l->chunks > 0 && id < l->last_id && time != 0 && time < l->last_time;
    uint64_t waiting = l->loss_count - l->counted;
    uint64_t gap = l->last_id != 0 && id > l->last_id ? id - l->last_id - 1 : 0;

    for (size_t i = l->open; i < end; i++) {
        l->losses[i].after = time;
        l->losses[i].after_id = id;
        if (seam)
            part(l, c, &l->losses[i]);
    }
    /* more ids than a chunk can hold records are a gap of another kind */
    count_gap(l, gap <= 2048 * waiting ? gap : 0);
    l->open = l->loss_count;
}

/* A header that was torn, or lies, cannot count more records than fit into the bytes. */
void evx_ledger_chunk_end(evx_ledger *l, const evx_chunk *c)
{
    uint64_t room = (l->lost_bytes - l->counted_bytes) / REC_MIN, last = c->last_record;
    bool known = l->last_id != 0 && l->last_id < last && last - l->last_id <= room;

    if (l->counted == l->loss_count || c->damage & EVX_CHUNK_SIGNATURE || l->last_id >= last
        || c->first_record > last || (!known && last - c->first_record >= room))
        return;
    count_gap(l, known ? last - l->last_id : last - c->first_record + 1);
    l->last_id = last;
}

void evx_ledger_hint(evx_ledger *l, uint8_t kind, uint64_t file_off, uint64_t record,
                     uint64_t detail)
{
    if (l->hints && l->hint_count < l->hint_cap) {
        evx_hint *h = &l->hints[l->hint_count];
        h->kind = kind;
        h->file_off = file_off;
        h->record = record;
        h->detail = detail;
    }
    l->hint_count++;
    l->hidden += kind == EVX_HINT_HIDDEN;
}

/* What a record says beside its predecessor, where nothing was lost between them. A ring that has
 * wrapped goes back in ids and times at once: that is no sign of anything. */
static void compare(evx_ledger *l, uint64_t off, const evx_record *r)
{
    uint64_t back;

    if (l->last_id == 0 || r->id <= l->last_id)
        return;
    if (r->id > l->last_id + 1) {
        l->id_gaps++;
        l->ids_missing += r->id - l->last_id - 1;
        evx_ledger_hint(l, EVX_HINT_GAP, off, r->id, r->id - l->last_id - 1);
    }
    if (r->written == 0 || r->written >= l->last_written)
        return;
    back = l->last_written - r->written;
    l->time_reversals++;
    if (back >= EVX_CLOCK_BACK)
        evx_ledger_hint(l, EVX_HINT_CLOCK, off, r->id, back);
}

/* Nothing more to say of it than that it was read. */
static inline bool is_plain(const evx_ledger *l, const evx_record *r)
{
    return l->open == l->loss_count && r->id == l->last_id + 1
        && (r->written >= l->last_written || r->written == 0) && r->origin == EVX_ORIGIN_ORDER
        && (r->damage & ~(uint32_t)EVX_RECORD_ID) == 0;
}

static void read_other(evx_ledger *l, const evx_chunk *c, const evx_record *r, uint64_t time,
                       bool recovered)
{
    if (l->open < l->loss_count)
        close_windows(l, c, r->id, time);
    else if (!recovered)
        compare(l, (c ? c->file_off : 0) + r->off, r);
    l->records++;
    if (recovered || r->damage & ~(uint32_t)EVX_RECORD_ID || r->origin != EVX_ORIGIN_ORDER)
        l->recovered++;
    else
        l->decoded++;
}

void evx_ledger_read(evx_ledger *l, const evx_chunk *c, const evx_record *r, uint64_t time,
                     bool recovered)
{
    if (EVXI_LIKELY(is_plain(l, r) && !recovered)) {
        l->records++;
        l->decoded++;
    } else {
        read_other(l, c, r, time, recovered);
    }
    l->last_id = r->id;
    l->last_written = r->written;
    l->last_chunk = c ? c->file_off : UINT64_MAX;
    if (time == 0)
        return;
    l->last_time = time;
    if (EVXI_UNLIKELY(l->first_time == 0)) {
        l->first_time = time;
        l->first_id = r->id;
        l->first_chunk = l->last_chunk;
    }
}

void evx_ledger_time(evx_ledger *l, uint64_t time)
{
    if (time != 0)
        l->last_time = time;
}

/* ---- both ends of an input ------------------------------------------------------------------- */

/* Of a ring that has wrapped: are the input's first record and its last one neighbours? */
static bool joined(const evx_ledger *l)
{
    return l->last_id != 0 && l->last_id < l->first_id && l->last_time != 0
        && l->last_time <= l->first_time;
}

static bool leads(const evx_ledger *l, const evx_loss *x)
{
    return x->before_id == 0 && x->after_id == l->first_id;
}

/* Only where ids are left for what was lost. */
static void join_ends(evx_ledger *l, size_t end)
{
    for (size_t i = l->open; i < end; i++)
        if (l->first_id - l->losses[i].before_id > 1) {
            l->losses[i].after = l->first_time;
            l->losses[i].after_id = l->first_id;
        }
    for (size_t i = 0; i < end && leads(l, &l->losses[i]) && l->first_id - l->last_id > 1; i++) {
        l->losses[i].before = l->last_time;
        l->losses[i].before_id = l->last_id;
    }
}

/* Slots of which nothing is left: behind all that is there, or in front of it. */
static void open_ends(evx_ledger *l, size_t end)
{
    if (l->first_time == 0 || l->last_time <= l->first_time)
        return;
    for (size_t i = 0; i < end && leads(l, &l->losses[i])
                       && l->losses[i].file_off < l->first_chunk; i++) {
        l->losses[i].before = l->last_time;
        l->losses[i].before_id = l->last_id;
    }
    for (size_t i = l->open; i < end; i++)
        if (l->losses[i].file_off > l->last_chunk
            && l->losses[i].file_off - l->last_chunk >= EVX_CHUNK_SIZE) {
            l->losses[i].after = l->first_time;
            l->losses[i].after_id = l->first_id;
        }
}

void evx_ledger_end(evx_ledger *l, bool wrapped)
{
    size_t end = kept(l);

    if (joined(l))
        join_ends(l, end);
    else if (wrapped)
        open_ends(l, end);
    for (size_t i = l->open; l->counted == l->loss_count && i < end; i++)
        if (l->losses[i].after_id == 0 && l->losses[i].after == 0 && l->last_id != UINT64_MAX)
            l->losses[i].after_id = l->last_id + 1;
}
