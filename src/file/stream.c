/* src/file/stream.c - bytes in any pieces -> file header, chunk windows */
#include "base/le.h"
#include "evx/stream.h"
#include "file/layout.h"
#include "kern/kern.h"

enum { IN_HEADER, IN_SLOTS, CLOSED_HEADER, CLOSED_SLOTS, FINISHED };

evx_status evx_stream_init(evx_stream *s, size_t size, uint8_t *window)
{
    if (size != sizeof *s)
        return EVX_E_ABI;
    memset(s, 0, sizeof *s);
    s->window = window;
    return EVX_OK;
}

void evx_stream_headless(evx_stream *s)
{
    s->header.damage = EVX_FILE_SIGNATURE;
}

void evx_stream_beheaded(evx_stream *s)
{
    s->header.damage = EVX_FILE_SIGNATURE;
    s->state = IN_SLOTS;
}

void evx_stream_close(evx_stream *s)
{
    if (s->state == IN_HEADER)
        s->state = CLOSED_HEADER;
    else if (s->state == IN_SLOTS)
        s->state = CLOSED_SLOTS;
}

static uint32_t header_damage(const evx_file_header *h, const uint8_t *p, uint32_t have)
{
    uint32_t damage = 0;

    if (!(h->flags & EVX_FILE_NO_CRC)
        && evxi_kernels_portable.crc32(0, p, FILE_FLAGS) != evxi_le32(p + FILE_CRC))
        damage |= EVX_FILE_CRC;
    if (h->major != 3)
        damage |= EVX_FILE_VERSION;
    if (have < EVX_FILE_HEADER_SIZE)
        damage |= EVX_FILE_CUT;
    if (evxi_le32(p + FILE_SIZE) != FILE_HEADER
        || evxi_le16(p + FILE_BLOCK) != EVX_FILE_HEADER_SIZE)
        damage |= EVX_FILE_GEOMETRY;
    return damage;
}

static evx_status read_header(evx_file_header *h, const uint8_t *p, uint32_t have)
{
    static const uint8_t signature[8] = { 'E', 'l', 'f', 'F', 'i', 'l', 'e', 0 };

    if (have < sizeof signature || memcmp(p, signature, sizeof signature) != 0)
        return EVX_E_FILE_SIGNATURE;
    if (have < FILE_HEADER)
        return EVX_E_FILE_SHORT;
    h->first_chunk = evxi_le64(p + FILE_FIRST_CHUNK);
    h->last_chunk = evxi_le64(p + FILE_LAST_CHUNK);
    h->next_record = evxi_le64(p + FILE_NEXT_RECORD);
    h->flags = evxi_le32(p + FILE_FLAGS);
    h->major = evxi_le16(p + FILE_MAJOR);
    h->minor = evxi_le16(p + FILE_MINOR);
    h->chunk_count = evxi_le16(p + FILE_COUNT);
    h->damage = header_damage(h, p, have);
    return EVX_OK;
}

/*
 * The next `want` bytes in one piece: straight from the input where they stand there whole, else
 * collected in the window. NULL: not yet, or fewer are left for ever; then *got says how many.
 */
static const uint8_t *gather(evx_stream *s, evx_bytes *in, uint32_t want, bool closed,
                             uint32_t *got)
{
    uint32_t need = want - s->have - (EVXI_PLANTED(11) && s->have == 1);
    uint32_t take = in->len < need ? (uint32_t)in->len : need;
    const uint8_t *from = in->ptr;

    if (s->have == 0 && (take == want || (closed && take > 0)))
        s->have = take;
    else if (take > 0 && s->window) {
        memcpy(s->window + s->have, from, take);
        s->have += take;
        from = s->window;
    } else if (take > 0) {
        *got = 0;
        return NULL;         /* nowhere to keep it: the caller's contract is broken */
    } else
        from = s->window;
    if (take > 0)
        in->ptr += take;
    in->len -= take;
    s->file_off += take;
    *got = s->have;
    return s->have == want || (closed && in->len == 0) ? from : NULL;
}

static evx_status next_header(evx_stream *s, evx_bytes *in)
{
    uint32_t got;
    bool closed = s->state == CLOSED_HEADER;
    const uint8_t *p = gather(s, in, EVX_FILE_HEADER_SIZE, closed, &got);

    if (!p && got == 0 && closed)
        return s->failed = EVX_E_FILE_SIGNATURE;
    if (!p)
        return in->len > 0 ? EVX_E_SPACE : EVX_MORE;
    if (s->header.damage == 0)
        s->failed = read_header(&s->header, p, got);
    s->have = 0;
    s->window_off = s->file_off;
    s->state = closed ? CLOSED_SLOTS : IN_SLOTS;
    return s->failed;
}

static evx_status next_slot(evx_stream *s, evx_bytes *in, evx_window *out)
{
    uint32_t got;
    bool closed = s->state == CLOSED_SLOTS;
    const uint8_t *p = gather(s, in, EVX_CHUNK_SIZE, closed, &got);

    if (closed && got == 0 && in->len == 0) {
        s->state = FINISHED;
        return EVX_END;
    }
    if (!p)
        return in->len > 0 ? EVX_E_SPACE : EVX_MORE;
    out->base = p;
    out->len = got;
    out->file_off = s->window_off;
    s->window_off += got;
    s->have = 0;
    return EVX_OK;
}

evx_status evx_stream_next(evx_stream *s, evx_bytes *in, evx_window *out)
{
    if (s->failed < 0)
        return s->failed;
    if (s->state == IN_HEADER || s->state == CLOSED_HEADER) {
        evx_status st = next_header(s, in);
        if (st != EVX_OK)
            return st;
    }
    return s->state == FINISHED ? EVX_END : next_slot(s, in, out);
}
