/* src/text/format.c - typed value -> characters */
#include "base/utf.h"
#include "text/text.h"

/* A real number costs some 10 us, a node 50 ns: a budget of steps must know. */
enum { REAL_STEPS = 200 };

static const char digits_upper[] = "0123456789ABCDEF";
static const char digits_lower[] = "0123456789abcdef";

void evxi_put_u64(evxi_sink *s, uint64_t x)
{
    uint8_t text[20];
    size_t at = sizeof text;

    do
        text[--at] = (uint8_t)('0' + x % 10);
    while ((x /= 10) != 0);
    evxi_put(s, text + at, sizeof text - at);
}

static void put_i64(evxi_sink *s, uint64_t x)
{
    if (x >> 63)
        evxi_put_byte(s, '-');
    evxi_put_u64(s, x >> 63 ? 0 - x : x);
}

/* "0x" and as few lower-case digits as it takes. */
static void put_hex(evxi_sink *s, uint64_t x)
{
    uint8_t text[18];
    size_t at = sizeof text;

    do
        text[--at] = (uint8_t)digits_lower[x & 15];
    while ((x >>= 4) != 0);
    text[--at] = 'x';
    text[--at] = '0';
    evxi_put(s, text + at, sizeof text - at);
}

static void put_binary(evxi_sink *s, const uint8_t *p, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        uint8_t two[2] = { (uint8_t)digits_upper[p[i] >> 4], (uint8_t)digits_upper[p[i] & 15] };
        evxi_put(s, two, 2);
    }
}

/* u32, u16, u16 little-endian, then eight bytes; no braces, as evtx_dump has it. */
static void put_guid(evxi_sink *s, const uint8_t *p)
{
    static const uint8_t order[16] = { 3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15 };

    for (unsigned i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            evxi_put_byte(s, '-');
        put_binary(s, p + order[i], 1);
    }
}

/* u8 revision, u8 count, 48-bit big-endian authority, count u32. Its own count rules, within the
 * bytes that are there. */
static void put_sid(evxi_sink *s, const uint8_t *p, size_t len)
{
    uint64_t authority = 0;

    for (unsigned i = 2; i < 8; i++)
        authority = authority << 8 | p[i];
    EVXI_PUT(s, "S-");
    evxi_put_u64(s, p[0]);
    evxi_put_byte(s, '-');
    evxi_put_u64(s, authority);
    for (unsigned i = 0; i < p[1] && len >= 12 + 4 * (size_t)i; i++) {
        evxi_put_byte(s, '-');
        evxi_put_u64(s, evxi_le32(p + 8 + 4 * (size_t)i));
    }
}

/* ---- times ---------------------------------------------------------------------------------- */

/* With zeros in front up to a width, and no digit less than it takes. */
static void put_padded(evxi_sink *s, uint64_t x, unsigned width)
{
    uint8_t text[20];
    unsigned n = 0;

    for (; n < width || x != 0; n++, x /= 10)
        text[sizeof text - 1 - n] = (uint8_t)('0' + x % 10);
    evxi_put(s, text + sizeof text - n, n);
}

/* year, month, day, hour, minute, second */
static void put_time(evxi_sink *s, const uint64_t part[6], uint64_t fraction, unsigned width)
{
    static const char before[6] = { 0, '-', '-', 'T', ':', ':' };

    for (unsigned i = 0; i < 6; i++) {
        if (before[i])
            evxi_put_byte(s, (uint8_t)before[i]);
        put_padded(s, part[i], i == 0 ? 4 : 2);
    }
    evxi_put_byte(s, '.');
    put_padded(s, fraction, width);
    evxi_put_byte(s, 'Z');
}

/* A day, counted from 1601-01-01, as a date. The year is taken to begin in March, so that the leap
 * day is its last; 584,694 days lie between 1601-01-01 and the year 0 of that count. */
static void date_of(uint64_t days, uint64_t part[3])
{
    uint64_t z = days + 584694, era = z / 146097, day = z % 146097;
    uint64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    uint64_t rest = day - (365 * year + year / 4 - year / 100), month = (5 * rest + 2) / 153;

    part[2] = rest - (153 * month + 2) / 5 + 1;
    part[1] = month < 10 ? month + 3 : month - 9;
    part[0] = year + 400 * era + (part[1] <= 2);
}

static void put_filetime(evxi_sink *s, uint64_t ticks)
{
    const uint64_t end_of_9999 = 2650467744000000000u;
    uint64_t seconds = ticks / 10000000, part[6];

    if (ticks >= end_of_9999) {
        evxi_put_u64(s, ticks);
        return;
    }
    date_of(seconds / 86400, part);
    part[3] = seconds / 3600 % 24;
    part[4] = seconds / 60 % 60;
    part[5] = seconds % 60;
    put_time(s, part, ticks % 10000000 / 10, 6);
}

/* u16 year, month, day of week, day, hour, minute, second, millisecond: as they are. */
static void put_systemtime(evxi_sink *s, const uint8_t *p)
{
    static const uint8_t at[6] = { 0, 2, 6, 8, 10, 12 };
    static const uint8_t zeros[16] = { 0 };
    uint64_t part[6];

    if (memcmp(p, zeros, sizeof zeros) == 0) {
        put_filetime(s, 0);
        return;
    }
    for (unsigned i = 0; i < 6; i++)
        part[i] = evxi_le16(p + at[i]);
    put_time(s, part, evxi_le16(p + 14) * (uint64_t)1000, 6);
}

/* ---- by type -------------------------------------------------------------------------------- */

static void put_number(evxi_sink *s, const evx_value *v, uint64_t x)
{
    switch (v->type) {
    case EVX_INT8: case EVX_INT16: case EVX_INT32: case EVX_INT64:
        put_i64(s, x);
        break;
    case EVX_SIZE: case EVX_HEX32: case EVX_HEX64:
        put_hex(s, x);
        break;
    case EVX_BOOL:
        if (x != 0)
            EVXI_PUT(s, "true");
        else
            EVXI_PUT(s, "false");
        break;
    case EVX_FILETIME:
        put_filetime(s, x);
        break;
    default:
        evxi_put_u64(s, x);
        break;
    }
}

/* Types of a fixed layout that are no numbers; false when it is none, or too short for it. */
static bool put_structure(evxi_sink *s, const evx_value *v)
{
    if (v->raw.len < evxi_value_width(v->type))
        return false;
    switch (v->type) {
    case EVX_GUID:
        put_guid(s, v->raw.ptr);
        return true;
    case EVX_SYSTEMTIME:
        put_systemtime(s, v->raw.ptr);
        return true;
    case EVX_REAL32:
        evxi_put_real(s, evxi_le32(v->raw.ptr), false);
        return true;
    case EVX_REAL64:
        evxi_put_real(s, evxi_le64(v->raw.ptr), true);
        return true;
    default:
        return false;
    }
}

static void put_single(evxi_writer *w, evxi_sink *s, const evx_value *v, unsigned mode)
{
    evx_utf16 text;
    uint64_t x;

    if (v->type == EVX_REAL32 || v->type == EVX_REAL64)
        w->steps += REAL_STEPS;

    if (v->type == EVX_STRING) {
        text = evx_value_utf16(v);
        evxi_put_utf16(s, w->kernels, text.ptr, text.units, mode);
    } else if (v->type == EVX_ANSI) {
        evxi_put_ansi(s, w->ansi, v->raw.ptr, (uint32_t)v->raw.len, mode);
    } else if (evx_value_u64(v, &x) == EVX_OK) {
        put_number(s, v, x);
    } else if (v->type == EVX_SID && v->raw.len >= 8) {
        put_sid(s, v->raw.ptr, v->raw.len);
    } else if (!put_structure(s, v) && v->type != EVX_NULL && v->type != EVX_BINXML) {
        put_binary(s, v->raw.ptr, v->raw.len);       /* what has no other form shows its bytes */
    }
}

/* An array where no element can be repeated for it: its items with commas between them. */
static void put_list(evxi_writer *w, evxi_sink *s, const evx_value *v, unsigned mode)
{
    evx_value item;
    uint32_t pos = 0, n = 0;
    evx_status st;

    while ((st = evx_value_item(v, &pos, &item)) == EVX_OK && s->count <= s->limit
           && evxi_step(w)) {
        if (n++ > 0)
            evxi_put_byte(s, ',');
        put_single(w, s, &item, mode);
    }
    if (st < 0 && n == 0)
        put_binary(s, v->raw.ptr, v->raw.len);
}

void evxi_put_value(evxi_writer *w, evxi_sink *s, const evx_value *v, unsigned mode)
{
    if (v->type & EVX_ARRAY)
        put_list(w, s, v, mode);
    else
        put_single(w, s, v, mode);
}

bool evxi_value_is_bare(const evx_value *v)
{
    uint64_t x;

    return ((v->type >= EVX_INT8 && v->type <= EVX_UINT64) || v->type == EVX_BOOL)
        && evx_value_u64(v, &x) == EVX_OK;
}
