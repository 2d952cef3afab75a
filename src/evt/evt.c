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
enum { LOOK = 2 * EVX_EVT_RECORD_MAX, WINDOW = 4 * EVX_EVT_RECORD_MAX };

_Static_assert(EVX_EVT_MEMORY >= EVT_KEEP + WINDOW, "what is kept, and the window");
_Static_assert(LOOK + EVT_KEEP <= WINDOW, "the end of the file, and what continues it");

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
    memmove(evxi_evt_window(s), evxi_evt_window(s) + s->pos, s->have - s->pos);
    s->window_off += s->pos;
    s->have -= s->pos;
    s->pos = 0;
}

static void take(evx_evt *s, evx_bytes *in)
{
    uint32_t room, n;

    if (in->len == 0 || (s->state & EXTENDED))
        return;
    if (s->have - s->pos <= LOOK && in->len > WINDOW - s->have)
        compact(s);
    room = WINDOW - s->have;
    n = in->len < room ? (uint32_t)in->len : room;
    memcpy(evxi_evt_window(s) + s->have, in->ptr, n);
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
        memcpy(evxi_evt_window(s) + s->have, s->memory, s->head);
    s->extra = s->head;
    s->state |= EXTENDED;
}

static evxi_evt_span span(const evx_evt *s, bool end)
{
    evxi_evt_span b = { evxi_evt_window(s), s->have, s->have + s->extra };

    if (!end)
        b.begins = b.ends = s->pos + LOOK;
    return b;
}

/* ---- the header ----------------------------------------------------------------------------- */

static void load_header(evx_evt *s)
{
    const uint8_t *p = evxi_evt_window(s);
    evx_evt_header *h = &s->header;

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
}

static evx_status begin(evx_evt *s, bool end)
{
    static const uint8_t signature[8] = { EVX_EVT_HEADER_SIZE, 0, 0, 0, 'L', 'f', 'L', 'e' };

    if (s->have < EVX_EVT_HEADER_SIZE && !end)
        return EVX_MORE;
    if (s->have < sizeof signature
        || memcmp(evxi_evt_window(s), signature, sizeof signature) != 0)
        return s->failed = EVX_E_EVT_SIGNATURE;
    if (s->have < EVX_EVT_HEADER_SIZE)
        return s->failed = EVX_E_EVT_SHORT;
    load_header(s);
    s->pos = EVX_EVT_HEADER_SIZE;
    s->state |= STARTED;
    return EVX_SKIP;
}

/* What may continue the last record. It is in the window before anything is decided. */
static void keep(evx_evt *s)
{
    uint32_t n = s->have - s->pos < EVT_KEEP ? s->have - s->pos : EVT_KEEP;

    memcpy(s->memory, evxi_evt_window(s) + s->pos, n);
    s->state |= KEPT;
}

/* ---- the stream ----------------------------------------------------------------------------- */

static evx_status decide(evx_evt *s, bool end, evx_evt_record *out)
{
    evxi_evt_span b;
    bool head_open = evxi_evt_here(s) == EVX_EVT_HEADER_SIZE
                  || ((s->state & LOST) && s->lost_from == EVX_EVT_HEADER_SIZE);

    if (!end && s->have - s->pos <= LOOK)
        return EVX_MORE;
    if (!(s->state & KEPT))
        keep(s);
    if (end && !(s->state & EXTENDED) && !head_open)
        extend(s);
    b = span(s, end);
    return evxi_evt_step(s, &b, end, out);
}

evx_status evx_evt_next(evx_evt *s, evx_bytes *in, evx_evt_record *out)
{
    evx_status st = s->failed < 0 ? s->failed : EVX_SKIP;
    bool end;

    memset(out, 0, sizeof *out);
    while (st == EVX_SKIP) {
        take(s, in);
        end = at_end(s, in);
        st = s->state & STARTED ? decide(s, end, out) : begin(s, end);
    }
    return st;
}
