/* src/evt/step.c - what stands at a place of a legacy log: record, end, remains, damage */
#include "evt/evt.h"

/* ---- what is handed out --------------------------------------------------------------------- */

static evx_status lose(evx_evt_record *out, uint64_t from, uint64_t to, evx_status why)
{
    out->file_off = from;
    out->len = to - from;
    return why;
}

/* Step over something that may go on behind the header. */
static void advance(evx_evt *s, uint32_t size)
{
    uint32_t left = s->have - s->pos;

    if (size > left) {
        s->head_used = size - left;
        size = left;
    }
    s->pos += size;
}

static evx_status hand_out(evx_evt *s, evx_evt_record *out, uint32_t size, uint32_t damage)
{
    evxi_evt_load(out, evxi_evt_window(s) + s->pos, size, damage);
    out->file_off = evxi_evt_here(s);
    if ((s->state & KNOWN) && out->number != s->last_number + 1)
        out->damage |= EVX_RECORD_ID;
    out->origin = s->state & AFTER ? EVX_ORIGIN_AFTER : EVX_ORIGIN_ORDER;
    s->last_number = out->number;
    s->state = (s->state | KNOWN) & ~(uint32_t)AFTER;
    advance(s, size);
    return EVX_OK;
}

/* The place of writing. What follows is older than all before it. */
static evx_status note_end(evx_evt *s)
{
    const uint8_t *p = evxi_evt_window(s) + s->pos;
    uint64_t off = evxi_evt_here(s), oldest = evxi_le32(p + END_OLDEST);

    advance(s, END_SIZE);
    if (s->end_off != 0) {
        s->damage |= EVX_EVT_TWO_ENDS;
        return EVX_SKIP;
    }
    if (evxi_le32(p + END_OFF) != off)
        s->damage |= EVX_EVT_END_OFFSET;
    s->end_off = off;
    s->oldest_off = oldest;
    s->next_number = evxi_le32(p + END_NEXT);
    s->oldest_number = evxi_le32(p + END_OLDEST_NUMBER);
    s->state &= ~(uint32_t)(KNOWN | AFTER);
    if (oldest < EVX_EVT_HEADER_SIZE)
        return EVX_SKIP;             /* it does not know: then all that follows is live */
    s->state |= SLACK;
    s->slack_to = oldest > off ? oldest : UINT64_MAX;
    if (oldest <= off)               /* the remains went over the seam */
        s->head_slack = oldest - EVX_EVT_HEADER_SIZE;
    return EVX_SKIP;
}

/* ---- behind the end record ------------------------------------------------------------------ */

static evx_status leave_slack(evx_evt *s)
{
    s->state &= ~(uint32_t)SLACK;
    return EVX_SKIP;
}

/* Remains, which nobody misses; whole records among them are worth a look. */
static evx_status look_in_slack(evx_evt *s, evx_evt_record *out, const evxi_evt_span *b)
{
    evxi_evt_span slack = { b->base, b->begins, b->begins };
    uint32_t to = s->pos + EVT_KEEP, size;
    evx_status st;

    if (evxi_evt_here(s) >= s->slack_to)
        return leave_slack(s);
    if (slack.begins - s->pos > s->slack_to - evxi_evt_here(s))
        slack.begins = slack.ends = s->pos + (uint32_t)(s->slack_to - evxi_evt_here(s));
    if (to > slack.begins)
        to = slack.begins;
    s->pos = evxi_evt_search(&slack, s->pos, to, false);
    if (s->pos >= to) {
        s->pos = to;
        return EVX_SKIP;
    }
    s->stale++;
    size = evxi_evt_sound(&slack, s->pos);
    if (!s->stale_too) {
        s->pos += size;
        return EVX_SKIP;
    }
    s->state &= ~(uint32_t)KNOWN;
    st = hand_out(s, out, size, 0);
    out->origin = EVX_ORIGIN_SLACK;
    s->state &= ~(uint32_t)KNOWN;
    return st;
}

/* ---- damage --------------------------------------------------------------------------------- */

static evx_status begin_loss(evx_evt *s)
{
    s->state = (s->state | LOST) & ~(uint32_t)LOST_ANY;
    s->lost_from = evxi_evt_here(s);
    return EVX_SKIP;
}

static void note_lost(evx_evt *s, const uint8_t *base, uint32_t to)
{
    for (uint32_t i = s->pos; i < to && !(s->state & LOST_ANY); i++)
        if (base[i] != 0)
            s->state |= LOST_ANY;
    s->pos = to;
}

/* Bytes right behind the header may be the end of the file's last record, unless the header says
 * that the ring was never closed; and only one that is not dirty can say so. */
static bool may_continue(const evx_evt *s, uint64_t from)
{
    const evx_evt_header *h = &s->header;

    return from == EVX_EVT_HEADER_SIZE
        && ((h->flags & (EVX_EVT_DIRTY | EVX_EVT_WRAPPED)) != 0
            || h->oldest_off != EVX_EVT_HEADER_SIZE);
}

static evx_status end_loss(evx_evt *s, evx_evt_record *out)
{
    uint64_t from = s->lost_from;

    s->state = (s->state | AFTER) & ~(uint32_t)LOST;
    if (may_continue(s, from)) {
        uint64_t len = evxi_evt_here(s) - from;
        s->head = len < EVT_KEEP ? (uint32_t)len : EVT_KEEP;
        from += s->head;
        if (from == evxi_evt_here(s)) {
            s->state &= ~(uint32_t)AFTER;
            return EVX_SKIP;
        }
    }
    return lose(out, from, evxi_evt_here(s), EVX_E_RECORD_SIGNATURE);
}

/* Search on for what proves itself. */
static evx_status look_on(evx_evt *s, evx_evt_record *out, const evxi_evt_span *b)
{
    uint32_t to = s->pos + EVT_KEEP, found;

    if (to > b->begins)
        to = b->begins;
    found = evxi_evt_search(b, s->pos, to, true);
    if (found >= to) {
        note_lost(s, b->base, to);
        return EVX_SKIP;
    }
    note_lost(s, b->base, found);
    return end_loss(s, out);
}

/* Do the fields of something that calls itself a record make sense, whatever its size says? */
static bool plausible(const uint8_t *p, uint32_t len)
{
    uint32_t strings = evxi_le32(p + RECORD_STRINGS), data = evxi_le32(p + RECORD_DATA);

    return strings >= RECORD_HEAD && strings <= len && data >= RECORD_HEAD && data <= len;
}

/* What is left of a record that another one, or the end of the file, breaks off. */
static evx_status hand_out_rest(evx_evt *s, evx_evt_record *out, uint32_t to, uint32_t damage)
{
    const uint8_t *p = evxi_evt_window(s) + s->pos;
    uint32_t len = to - s->pos;

    if (len < RECORD_HEAD || (damage == EVX_RECORD_SIZE && !plausible(p, len)))
        return begin_loss(s);
    return hand_out(s, out, len, damage);
}

static bool leads_on(const evxi_evt_span *b, uint32_t at)
{
    return evxi_evt_sound(b, at) != 0 || evxi_evt_is_end(b, at);
}

/* A record inside one that is in doubt: does it belong to the log, or to the other's data? */
static bool is_next(const evxi_evt_span *b, uint32_t at, uint32_t outer)
{
    uint32_t size = evxi_evt_sound(b, at);

    return size == 0 || leads_on(b, at + size) || !leads_on(b, outer);
}

/* A signature, but its size and the copy of it do not agree. */
static evx_status doubtful(evx_evt *s, evx_evt_record *out, const evxi_evt_span *b, bool end)
{
    uint32_t size = evxi_le32(b->base + s->pos), left = b->begins - s->pos, reach, next;
    bool sane = evxi_evt_sane(size), fits = sane && size <= left;

    reach = sane ? size : EVT_KEEP;
    if (reach > left)
        reach = left;
    next = evxi_evt_search(b, s->pos + 4, s->pos + reach, true);
    if (next < s->pos + reach && (!fits || is_next(b, next, s->pos + size)))
        return hand_out_rest(s, out, next, EVX_RECORD_SIZE);
    if (fits || (sane && end && size - left == s->head))
        return hand_out(s, out, size, EVX_RECORD_COPY);
    if (sane && end)
        return hand_out_rest(s, out, b->begins, EVX_RECORD_CUT);
    if (end && reach == left)
        return hand_out_rest(s, out, b->begins, EVX_RECORD_SIZE);
    return begin_loss(s);
}

/* ---- the end of the file -------------------------------------------------------------------- */

/* They continue nothing, and call themselves a record: so it was a damaged one. */
static evx_status hand_out_head(const evx_evt *s, evx_evt_record *out)
{
    uint32_t size = evxi_le32(s->memory);

    evxi_evt_load(out, s->memory, s->head,
                  size == s->head ? EVX_RECORD_COPY
                  : evxi_evt_sane(size) && size > s->head ? EVX_RECORD_CUT : EVX_RECORD_SIZE);
    out->file_off = EVX_EVT_HEADER_SIZE;
    return EVX_OK;
}

/* Bytes that no record ends with: a loss, but for the remains in front of the oldest record. */
static evx_status tell_head(evx_evt *s, evx_evt_record *out)
{
    evxi_evt_span kept = { s->memory, s->head, s->head };
    uint64_t from = s->head_used > s->head_slack ? s->head_used : s->head_slack;

    s->state |= HEAD_TOLD;
    if (from >= s->head)
        return EVX_SKIP;
    if (from == 0 && evxi_evt_signed(&kept, 0) && s->head >= RECORD_HEAD)
        return hand_out_head(s, out);
    return lose(out, EVX_EVT_HEADER_SIZE + from, EVX_EVT_HEADER_SIZE + (uint64_t)s->head,
                EVX_E_RECORD_SIGNATURE);
}

/* How far records reach at least. Only a header that is not dirty knows. */
static uint64_t least_size(const evx_evt *s)
{
    if ((s->state & SLACK) && s->slack_to != UINT64_MAX)
        return s->slack_to;
    if (s->end_off != 0 || (s->header.flags & EVX_EVT_DIRTY)
        || s->header.end_off >= s->header.max_size)
        return 0;
    return s->header.end_off;
}

static evx_status tell_cut(evx_evt *s, evx_evt_record *out)
{
    uint64_t least = least_size(s);

    s->state |= CUT_TOLD;
    if (s->end_off == 0)
        s->damage |= EVX_EVT_NO_END;
    return least > evxi_evt_here(s) ? lose(out, evxi_evt_here(s), least, EVX_E_EVT_CUT) : EVX_SKIP;
}

static evx_status finish(evx_evt *s, evx_evt_record *out)
{
    if (s->state & LOST) {
        /* zeros at the end of a file without end record were never used */
        if ((s->state & LOST_ANY) || s->end_off != 0)
            return end_loss(s, out);
        s->state &= ~(uint32_t)LOST;
    }
    if (!(s->state & HEAD_TOLD))
        return tell_head(s, out);
    if (!(s->state & CUT_TOLD))
        return tell_cut(s, out);
    return EVX_END;
}

/* ---- the step ------------------------------------------------------------------------------- */

evx_status evxi_evt_step(evx_evt *s, const evxi_evt_span *b, bool end, evx_evt_record *out)
{
    uint32_t size;

    if (s->pos == b->begins)
        return finish(s, out);
    if (s->state & SLACK)
        return look_in_slack(s, out, b);
    if (s->state & LOST)
        return look_on(s, out, b);
    if (evxi_evt_is_end(b, s->pos))
        return note_end(s);
    size = evxi_evt_sound(b, s->pos);
    if (size != 0)
        return hand_out(s, out, size, 0);
    size = evxi_evt_filler(b, s->pos);
    if (size != 0) {
        s->pos += size;
        return EVX_SKIP;
    }
    if (end && evxi_evt_is_torn_end(b, s->pos)) {
        s->pos = b->begins;          /* no record is lost with it */
        return EVX_SKIP;
    }
    if (evxi_evt_signed(b, s->pos) && !may_continue(s, evxi_evt_here(s)))
        return doubtful(s, out, b, end);
    return begin_loss(s);
}
