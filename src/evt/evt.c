/* src/evt/evt.c - legacy log in any pieces -> header, records, losses */
#include "evt/evt.h"

/*
 * The input passes through a window. A decision about the bytes at `pos` is made only when the
 * window holds LOOK bytes behind it, or the rest of the file, and it looks no further: so it never
 * depends on how the input was cut. LOOK is twice a record: a record is in doubt until one that
 * begins inside it has been proved or not.
 *
 * The ring. The first bytes behind the header are kept aside. Where no record begins with them they
 * belong, most likely, to the record at the end of the file; once that end is reached they are put
 * behind it in the window, and the record is as whole as any other.
 */
enum { KEEP = EVX_EVT_RECORD_MAX, LOOK = 2 * EVX_EVT_RECORD_MAX, WINDOW = 4 * EVX_EVT_RECORD_MAX };

_Static_assert(EVX_EVT_MEMORY >= KEEP + WINDOW, "what is kept, and the window");
_Static_assert(LOOK + KEEP <= WINDOW, "the end of the file, and what continues it");
_Static_assert(RECORD_HEAD < LOOK && END_SIZE < LOOK, "fields are in reach");

enum {
    STARTED = 1u << 0, CLOSED = 1u << 1,
    LOST = 1u << 2,                  /* since lost_from nothing proved itself a record         */
    LOST_ANY = 1u << 3,              /* and not all of it is zero                              */
    AFTER = 1u << 4,                 /* the next record was found by signature                 */
    KNOWN = 1u << 5,                 /* last_number is that of the record before               */
    SLACK = 1u << 6,                 /* behind the end record, in front of the oldest          */
    EXTENDED = 1u << 7,              /* the kept bytes stand behind the window's               */
    HEAD_TOLD = 1u << 8, CUT_TOLD = 1u << 9
};

static uint8_t *window(const evx_evt *s)
{
    return s->memory + KEEP;
}

static uint64_t here(const evx_evt *s)
{
    return s->window_off + s->pos;
}

evx_status evx_evt_init(evx_evt *s, size_t size, uint8_t *memory, uint32_t flags)
{
    if (size != sizeof *s)
        return EVX_E_ABI;
    if (flags & ~(uint32_t)EVX_EVT_STALE)
        return EVX_E_ARG;
    memset(s, 0, sizeof *s);
    s->memory = memory;
    s->stale_too = (flags & EVX_EVT_STALE) != 0;
    return EVX_OK;
}

void evx_evt_close(evx_evt *s)
{
    s->state |= CLOSED;
}

/* ---- the window ----------------------------------------------------------------------------- */

static void compact(evx_evt *s)
{
    memmove(window(s), window(s) + s->pos, s->have - s->pos);
    s->window_off += s->pos;
    s->have -= s->pos;
    s->pos = 0;
}

static void take(evx_evt *s, evx_bytes *in)
{
    uint32_t room, n;

    if (in->len == 0 || (s->state & EXTENDED))
        return;
    if (s->have == WINDOW)
        compact(s);
    room = WINDOW - s->have;
    n = in->len < room ? (uint32_t)in->len : room;
    memcpy(window(s) + s->have, in->ptr, n);
    s->have += n;
    s->file_off += n;
    in->ptr += n;
    in->len -= n;
}

/* Does the window reach the end of the file, and do decisions see it? */
static bool at_end(const evx_evt *s, const evx_bytes *in)
{
    return (s->state & CLOSED) && in->len == 0 && s->have - s->pos <= LOOK;
}

/* Behind the end of the file comes what was kept from its beginning. */
static void extend(evx_evt *s)
{
    if (s->have + s->head > WINDOW)
        compact(s);
    if (s->head != 0)
        memcpy(window(s) + s->have, s->memory, s->head);
    s->extra = s->head;
    s->state |= EXTENDED;
}

static evxi_evt_span span(const evx_evt *s, bool end)
{
    evxi_evt_span b = { window(s), s->have, s->have + s->extra };

    if (!end)
        b.begins = b.ends = s->pos + LOOK;
    return b;
}

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
    evxi_evt_load(out, window(s) + s->pos, size, damage);
    out->file_off = here(s);
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
    const uint8_t *p = window(s) + s->pos;
    uint64_t off = here(s), oldest = evxi_le32(p + END_OLDEST);

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
    uint32_t to = s->pos + KEEP, size;
    evx_status st;

    if (here(s) >= s->slack_to)
        return leave_slack(s);
    if (slack.begins - s->pos > s->slack_to - here(s))
        slack.begins = slack.ends = s->pos + (uint32_t)(s->slack_to - here(s));
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
    s->lost_from = here(s);
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
static bool may_continue(const evx_evt *s)
{
    return s->lost_from == EVX_EVT_HEADER_SIZE
        && (s->header.flags & (EVX_EVT_DIRTY | EVX_EVT_WRAPPED)) != 0;
}

static evx_status end_loss(evx_evt *s, evx_evt_record *out)
{
    uint64_t from = s->lost_from;

    s->state = (s->state | AFTER) & ~(uint32_t)LOST;
    if (may_continue(s)) {
        uint64_t len = here(s) - from;
        s->head = len < KEEP ? (uint32_t)len : KEEP;
        s->state &= ~(uint32_t)AFTER;
        from += s->head;
        if (from == here(s))
            return EVX_SKIP;
    }
    return lose(out, from, here(s), EVX_E_RECORD_SIGNATURE);
}

/* Search on for what proves itself. */
static evx_status look_on(evx_evt *s, evx_evt_record *out, const evxi_evt_span *b)
{
    uint32_t to = s->pos + KEEP, found;

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
    uint32_t len = to - s->pos;

    if (len < RECORD_HEAD || (damage == EVX_RECORD_SIZE && !plausible(window(s) + s->pos, len)))
        return begin_loss(s);
    return hand_out(s, out, len, damage);
}

static bool leads_on(const evxi_evt_span *b, uint32_t at)
{
    return evxi_evt_sound(b, at) != 0 || evxi_evt_is_end(b, at);
}

/* A signature, but its size and the copy of it do not agree. */
static evx_status doubtful(evx_evt *s, evx_evt_record *out, const evxi_evt_span *b, bool end)
{
    uint32_t size = evxi_le32(b->base + s->pos), left = b->begins - s->pos, reach, next;
    bool sane = evxi_evt_sane(size), fits = sane && size <= left;

    if (fits && leads_on(b, s->pos + size))
        return hand_out(s, out, size, EVX_RECORD_COPY);
    reach = sane ? size : KEEP;
    if (reach > left)
        reach = left;
    next = evxi_evt_search(b, s->pos + 4, s->pos + reach, true);
    if (next < s->pos + reach)
        return hand_out_rest(s, out, next, EVX_RECORD_SIZE);
    if (fits)
        return hand_out(s, out, size, EVX_RECORD_COPY);
    if (sane && end && size - left == s->head)
        return hand_out(s, out, size, EVX_RECORD_COPY);
    if (sane && end)
        return hand_out_rest(s, out, b->begins, EVX_RECORD_CUT);
    if (end && reach == left)
        return hand_out_rest(s, out, b->begins, EVX_RECORD_SIZE);
    return begin_loss(s);
}

/* ---- the end of the file -------------------------------------------------------------------- */

/* Bytes that no record ends with: a loss, unless the end record went over the seam. */
static evx_status tell_head(evx_evt *s, evx_evt_record *out)
{
    uint64_t from = EVX_EVT_HEADER_SIZE + (uint64_t)s->head_used;

    s->state |= HEAD_TOLD;
    if (s->head_used >= s->head || (s->state & SLACK))
        return EVX_SKIP;
    return lose(out, from, EVX_EVT_HEADER_SIZE + (uint64_t)s->head, EVX_E_RECORD_SIGNATURE);
}

/* Where the file should end at least. Only a header that is not dirty knows. */
static uint64_t least_size(const evx_evt *s)
{
    if ((s->state & SLACK) && s->slack_to != UINT64_MAX)
        return s->slack_to;
    if (s->end_off != 0 || (s->header.flags & EVX_EVT_DIRTY))
        return 0;
    return (uint64_t)s->header.end_off + END_SIZE;
}

static evx_status tell_cut(evx_evt *s, evx_evt_record *out)
{
    uint64_t least = least_size(s);

    s->state |= CUT_TOLD;
    if (s->end_off == 0)
        s->damage |= EVX_EVT_NO_END;
    return least > here(s) ? lose(out, here(s), least, EVX_E_EVT_CUT) : EVX_SKIP;
}

static evx_status finish(evx_evt *s, evx_evt_record *out)
{
    if (s->state & LOST) {
        s->state &= ~(uint32_t)LOST;
        /* zeros at the end of a file without end record were never used */
        if ((s->state & LOST_ANY) || s->end_off != 0)
            return lose(out, s->lost_from, here(s), EVX_E_RECORD_SIGNATURE);
    }
    if (!(s->state & HEAD_TOLD))
        return tell_head(s, out);
    if (!(s->state & CUT_TOLD))
        return tell_cut(s, out);
    return EVX_END;
}

/* ---- the step ------------------------------------------------------------------------------- */

static evx_status one(evx_evt *s, evx_evt_record *out, bool end)
{
    evxi_evt_span b = span(s, end);
    uint32_t size;

    if (s->pos == b.begins)
        return finish(s, out);
    if (s->state & SLACK)
        return look_in_slack(s, out, &b);
    if (s->state & LOST)
        return look_on(s, out, &b);
    if (evxi_evt_is_end(&b, s->pos))
        return note_end(s);
    size = evxi_evt_sound(&b, s->pos);
    if (size != 0)
        return hand_out(s, out, size, 0);
    size = evxi_evt_filler(&b, s->pos);
    if (size != 0) {
        s->pos += size;
        return EVX_SKIP;
    }
    return evxi_evt_signed(&b, s->pos) ? doubtful(s, out, &b, end) : begin_loss(s);
}

/* Keep what may continue the last record; then the next thing stands behind the header. */
static void begin(evx_evt *s)
{
    const uint8_t *p = window(s);
    evx_evt_header *h = &s->header;
    uint32_t data = s->have - EVX_EVT_HEADER_SIZE;

    h->major = evxi_le32(p + HEADER_MAJOR);
    h->minor = evxi_le32(p + HEADER_MINOR);
    h->oldest_off = evxi_le32(p + HEADER_OLDEST);
    h->end_off = evxi_le32(p + HEADER_END);
    h->next_number = evxi_le32(p + HEADER_NEXT);
    h->oldest_number = evxi_le32(p + HEADER_OLDEST_NUMBER);
    h->max_size = evxi_le32(p + HEADER_MAX);
    h->flags = evxi_le32(p + HEADER_FLAGS);
    h->retention = evxi_le32(p + HEADER_RETENTION);
    if (h->major != 1 || h->minor != 1)
        s->damage |= EVX_EVT_VERSION;
    if (evxi_le32(p + HEADER_COPY) != EVX_EVT_HEADER_SIZE)
        s->damage |= EVX_EVT_GEOMETRY;
    memcpy(s->memory, p + EVX_EVT_HEADER_SIZE, data < KEEP ? data : KEEP);
    s->pos = EVX_EVT_HEADER_SIZE;
    s->state |= STARTED;
}

static evx_status check_signature(evx_evt *s)
{
    static const uint8_t signature[8] = { EVX_EVT_HEADER_SIZE, 0, 0, 0, 'L', 'f', 'L', 'e' };

    if (s->have < sizeof signature || memcmp(window(s), signature, sizeof signature) != 0)
        return s->failed = EVX_E_EVT_SIGNATURE;
    return s->have < EVX_EVT_HEADER_SIZE ? s->failed = EVX_E_EVT_SHORT : EVX_OK;
}

evx_status evx_evt_next(evx_evt *s, evx_bytes *in, evx_evt_record *out)
{
    evx_status st = s->failed < 0 ? s->failed : EVX_SKIP;
    bool end;

    memset(out, 0, sizeof *out);
    while (st == EVX_SKIP) {
        take(s, in);
        end = at_end(s, in);
        if (!end && s->have - s->pos <= LOOK)
            return EVX_MORE;
        if (!(s->state & STARTED)) {
            if (check_signature(s) < 0)
                return s->failed;
            begin(s);
            continue;
        }
        if (end && !(s->state & EXTENDED)
            && !((s->state & LOST) && s->lost_from == EVX_EVT_HEADER_SIZE))
            extend(s);
        st = one(s, out, end);
    }
    return st;
}
