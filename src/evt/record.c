/* src/evt/record.c - the bytes of a legacy record -> its fields, as far as they are there */
#include "base/cursor.h"
#include "evt/evt.h"

/*
 * Everything variable hangs on an offset and a length or count. A length of 0 says that there is
 * nothing, whatever the offset. What leaves the record is kept as far as it is there, and the rest
 * is told as damage.
 */
enum { SID_HEAD = 8, SID_REVISION = 1 };

static uint32_t word(const uint8_t *p, uint32_t field)
{
    return evxi_le32(p + field);
}

/* Where a field begins, if that is inside the record; else `end`. */
static uint32_t place(const uint8_t *p, uint32_t field, uint32_t end)
{
    uint32_t off = word(p, field);

    return off >= RECORD_HEAD && off < end ? off : end;
}

/* The names stand in front of whatever else there is. */
static uint32_t end_of_names(const evx_evt_record *r, const uint8_t *p, uint32_t end)
{
    uint32_t names = end, at;

    if (r->string_count != 0 && (at = place(p, RECORD_STRINGS, end)) < names)
        names = at;
    if (word(p, RECORD_SID_LEN) != 0 && (at = place(p, RECORD_SID, end)) < names)
        names = at;
    if (word(p, RECORD_DATA_LEN) != 0 && (at = place(p, RECORD_DATA, end)) < names)
        names = at;
    return names;
}

/* Units up to a NUL, which is stepped over; false when the bytes end before it. */
static bool take_string(evxi_cursor *in, evx_utf16 *text)
{
    const uint8_t *p;

    text->ptr = in->base + in->pos;
    text->units = 0;
    while (evxi_left(in) >= 2) {
        p = evxi_take(in, 2);
        if (evxi_le16(p) == 0)
            return true;
        text->units++;
    }
    return false;
}

static void load_names(evx_evt_record *r, const uint8_t *p, uint32_t end)
{
    evxi_cursor in = evxi_cursor_at(p, RECORD_HEAD, end_of_names(r, p, end));

    if (!take_string(&in, &r->source))
        r->damage |= EVX_EVT_LOST_NAMES;
    if (!take_string(&in, &r->computer))
        r->damage |= EVX_EVT_LOST_NAMES;
}

static void load_sid(evx_evt_record *r, const uint8_t *p, uint32_t end)
{
    uint32_t len = word(p, RECORD_SID_LEN), at = place(p, RECORD_SID, end), need;

    if (len == 0)
        return;
    need = end - at >= SID_HEAD ? SID_HEAD + 4u * p[at + 1] : SID_HEAD;
    if (need > len || need > end - at || p[at] != SID_REVISION) {
        r->damage |= EVX_EVT_LOST_SID;
        return;
    }
    r->sid.ptr = p + at;
    r->sid.len = need;
}

static void load_data(evx_evt_record *r, const uint8_t *p, uint32_t end)
{
    uint32_t len = word(p, RECORD_DATA_LEN), at = place(p, RECORD_DATA, end);

    if (len == 0)
        return;
    if (len > end - at) {
        r->damage |= EVX_EVT_LOST_DATA;
        len = end - at;
    }
    r->data.ptr = p + at;
    r->data.len = len;
}

/* Strings end where the data begins, if it stands behind them: a count that is too high must not
 * make text of it. */
static void load_strings(evx_evt_record *r, const uint8_t *p, uint32_t end)
{
    uint32_t at = place(p, RECORD_STRINGS, end), data = place(p, RECORD_DATA, end), left;
    evxi_cursor in = evxi_cursor_at(p, at, r->data.len != 0 && data >= at ? data : end);
    evx_utf16 text;

    for (left = r->string_count; left != 0 && take_string(&in, &text); left--)
        ;
    if (left != 0)
        r->damage |= EVX_EVT_LOST_STRINGS;
    r->strings.ptr = p + at;
    r->strings.len = r->string_count != 0 ? in.pos - at : 0;
}

void evxi_evt_load(evx_evt_record *r, const uint8_t *p, uint32_t len, uint32_t damage)
{
    bool whole = !(damage & (EVX_RECORD_CUT | EVX_RECORD_SIZE)) && len >= RECORD_MIN;
    uint32_t end = whole ? len - RECORD_COPY : len;

    memset(r, 0, sizeof *r);
    r->base = p;
    r->len = len;
    r->damage = damage;
    r->number = word(p, RECORD_NUMBER);
    r->generated = word(p, RECORD_GENERATED);
    r->written = word(p, RECORD_WRITTEN);
    r->event_id = word(p, RECORD_EVENT);
    r->closing = word(p, RECORD_CLOSING);
    r->type = evxi_le16(p + RECORD_TYPE);
    r->string_count = evxi_le16(p + RECORD_COUNT);
    r->category = evxi_le16(p + RECORD_CATEGORY);
    r->flags = evxi_le16(p + RECORD_FLAGS);
    load_names(r, p, end);
    load_sid(r, p, end);
    load_data(r, p, end);
    load_strings(r, p, end);
}
