/* src/evt/image.c - a legacy record as the only record of a chunk, as Windows would convert it */
#include "evt/image.h"

/*
 * A chunk is binary XML around values (src/binxml/token.c explains it). The XML is the same for
 * every record: it is written once, as a template definition, from the table in shape.c. A record
 * then is the descriptors of its values and the values.
 */
/* Places in the chunk's and the record's headers (src/file/layout.h is another room's cellar). */
enum {
    AT_FIRST_NUMBER = 8, AT_LAST_NUMBER = 16, AT_FIRST_ID = 24, AT_LAST_ID = 32, AT_HEADER = 40,
    AT_LAST_RECORD = 44, AT_FREE = 48, AT_FLAGS = 120, IN_SIZE = 4, IN_ID = 8, IN_TIME = 16
};

/* ---- the part that is the same for all records ---------------------------------------------- */

static void put_chunk_header(uint8_t *p)
{
    static const uint8_t signature[8] = { 'E', 'l', 'f', 'C', 'h', 'n', 'k', 0 };

    memcpy(p, signature, sizeof signature);
    evxi_evt_set(p + AT_FIRST_NUMBER, 1, 8);
    evxi_evt_set(p + AT_LAST_NUMBER, 1, 8);
    evxi_evt_set(p + AT_HEADER, 128, 4);
    evxi_evt_set(p + AT_LAST_RECORD, IMAGE_RECORD, 4);
    evxi_evt_set(p + AT_FLAGS, NO_CRC, 4);
}

evx_status evx_evt_image_init(evx_evt_image *m, size_t size, uint8_t *memory, const char *channel)
{
    evxi_evt_writer w = { .p = memory, .at = IMAGE_RECORD };

    if (size != sizeof *m)
        return EVX_E_ABI;
    if (channel && evxi_evt_units(channel) > EVX_EVT_CHANNEL_MAX)
        return EVX_E_ARG;
    memset(memory, 0, EVX_CHUNK_SIZE);
    put_chunk_header(memory);
    evxi_evt_put(&w, 0x00002a2a, 4);
    w.at = IMAGE_BODY;
    evxi_evt_put_shape(&w, channel);
    evxi_evt_put(&w, VALUES, 4);
    m->memory = memory;
    m->begin = w.at;
    return EVX_OK;
}

/* ---- a record ------------------------------------------------------------------------------- */

static uint64_t filetime(uint32_t seconds)
{
    return seconds ? (seconds + 11644473600u) * 10000000u : 0;
}

static uint8_t level_of(uint16_t type)
{
    return type == 1 ? 2 : type == 2 ? 3 : type == 4 ? 4 : 0;
}

static uint64_t keywords_of(uint16_t type)
{
    return type == 8 ? 0xa0000000000000u : type == 16 ? 0x90000000000000u : 0x80000000000000u;
}

/* Descriptor i, and the value behind all values so far. */
static void put_value(evxi_evt_writer *w, uint32_t begin, uint32_t i, uint8_t type,
                      const void *p, uint32_t len)
{
    uint8_t *descriptor = w->p + begin + i * DESCRIPTOR;

    evxi_evt_set(descriptor, len, 2);
    evxi_evt_set(descriptor + 2, len ? type : (uint32_t)T_NULL, 2);
    if (len != 0)
        memcpy(w->p + w->at, p, len);
    w->at += len;
}

static void put_number(evxi_evt_writer *w, uint32_t begin, uint32_t i, uint8_t type,
                       uint64_t value, uint32_t bytes)
{
    uint8_t le[8];

    evxi_evt_set(le, value, bytes);
    put_value(w, begin, i, type, le, bytes);
}

/* Text is never NULL: an empty name is a name. */
static void put_text(evxi_evt_writer *w, uint32_t begin, uint32_t i, const evx_utf16 *text,
                     uint32_t units)
{
    put_value(w, begin, i, T_STRING, text->ptr, 2 * units);
    evxi_evt_set(w->p + begin + i * DESCRIPTOR + 2, T_STRING, 1);
}

/* Each string closed by a NUL, also one that was torn. */
static void put_strings(evxi_evt_writer *w, uint32_t begin, const evx_evt_record *r, uint32_t len)
{
    bool torn = len != 0 && evxi_le16(r->strings.ptr + len - 2) != 0;

    put_value(w, begin, V_STRINGS, T_STRINGS, r->strings.ptr, len);
    if (!torn)
        return;
    evxi_evt_put(w, 0, 2);
    evxi_evt_set(w->p + begin + V_STRINGS * DESCRIPTOR, len + 2, 2);
}

static uint32_t least(uint64_t a, uint32_t b)
{
    return a < b ? (uint32_t)a : b;
}

/* What fits: names, SID, strings and data, in this order. */
typedef struct lengths {
    uint32_t source, computer, sid, strings, data;   /* units, units, bytes ...                */
} lengths;

static bool share(uint32_t room, const evx_evt_record *r, lengths *x)
{
    room -= 2;                       /* the NUL of a torn string                               */
    x->source = least(r->source.units, room / 2);
    room -= 2 * x->source;
    x->computer = least(r->computer.units, room / 2);
    room -= 2 * x->computer;
    x->sid = r->sid.len <= room ? (uint32_t)r->sid.len : 0;
    room -= x->sid;
    x->strings = least(r->strings.len, room & ~1u);
    room -= x->strings;
    x->data = least(r->data.len, room);
    return x->source == r->source.units && x->computer == r->computer.units
        && x->sid == r->sid.len && x->strings == r->strings.len && x->data == r->data.len;
}

static void put_values(evxi_evt_writer *w, uint32_t begin, const evx_evt_record *r,
                       const lengths *x)
{
    put_text(w, begin, V_SOURCE, &r->source, x->source);
    put_number(w, begin, V_QUALIFIERS, T_UINT16, r->event_id >> 16, 2);
    put_number(w, begin, V_EVENT, T_UINT16, r->event_id, 2);
    put_number(w, begin, V_LEVEL, T_UINT8, level_of(r->type), 1);
    put_number(w, begin, V_TASK, T_UINT16, r->category, 2);
    put_number(w, begin, V_KEYWORDS, T_HEX64, keywords_of(r->type), 8);
    put_number(w, begin, V_TIME, T_TIME, filetime(r->generated), r->generated ? 8 : 0);
    put_number(w, begin, V_NUMBER, T_UINT64, r->number, 8);
    put_text(w, begin, V_COMPUTER, &r->computer, x->computer);
    put_value(w, begin, V_SID, T_SID, r->sid.ptr, x->sid);
    put_strings(w, begin, r, x->strings);
    put_value(w, begin, V_DATA, T_BINARY, r->data.ptr, x->data);
}

/* The record's header and the chunk's: all that the values do not say. */
static void seal(evxi_evt_writer *w, const evx_evt_record *r)
{
    uint8_t *record = w->p + IMAGE_RECORD;
    uint32_t size;

    evxi_evt_put(w, 0, 1);           /* the stream's end                                       */
    size = (w->at - IMAGE_RECORD + 4 + 7) & ~7u;
    memset(w->p + w->at, 0, IMAGE_RECORD + size - w->at);
    evxi_evt_set(record + IN_SIZE, size, 4);
    evxi_evt_set(record + IN_ID, r->number, 8);
    evxi_evt_set(record + IN_TIME, filetime(r->written), 8);
    evxi_evt_set(record + size - 4, size, 4);
    evxi_evt_set(w->p + AT_FIRST_ID, r->number, 8);
    evxi_evt_set(w->p + AT_LAST_ID, r->number, 8);
    evxi_evt_set(w->p + AT_FREE, IMAGE_RECORD + size, 4);
    w->at = IMAGE_RECORD + size;
}

evx_status evx_evt_image_record(evx_evt_image *m, const evx_evt_record *r, evx_chunk *c,
                                evx_record *out)
{
    enum { BEHIND = 1 + 4 + 7 };     /* the stream's end, the size's copy, bytes up to a multiple */
    evxi_evt_writer w = { .p = m->memory, .at = m->begin + VALUES * DESCRIPTOR };
    uint32_t numbers = 2 + 2 + 1 + 2 + 8 + 8 + 8;
    evx_window window = { m->memory, EVX_CHUNK_SIZE, r->file_off - IMAGE_RECORD };
    lengths x;
    bool whole;

    if (!r->base || r->len < RECORD_HEAD)
        return EVX_E_ARG;
    whole = share(EVX_CHUNK_SIZE - w.at - numbers - BEHIND, r, &x);
    put_values(&w, m->begin, r, &x);
    seal(&w, r);
    memset(out, 0, sizeof *out);
    out->id = r->number;
    out->written = filetime(r->written);
    out->off = IMAGE_RECORD;
    out->size = w.at - IMAGE_RECORD;
    out->damage = r->damage | (whole ? 0u : (uint32_t)EVX_EVT_CLIPPED);
    out->origin = r->origin;
    return evx_chunk_open(c, &window);
}
