/* src/select/parse.c - numbers and times out of typed values and literal text */
#include "base/utf.h"
#include "select/select.h"

enum { TICKS_PER_SECOND = 10000000 };

/* Text of a value as bytes below 0x80, at most cap; 0 where it is no text, not ASCII or too long.
 * Numbers and times are never longer than 64 characters. */
static uint32_t ascii_of(const evx_value *v, char *out, uint32_t cap)
{
    evx_text_view view;
    uint32_t n = 0, i = 0, units;

    if (!evxi_view_of(v, &view))
        return 0;
    units = view.utf8 ? view.len : view.len / 2;
    if (units > cap)
        return 0;
    for (; i < units; i++) {
        unsigned unit = view.utf8 ? view.ptr[i] : evxi_le16(view.ptr + 2 * (size_t)i);
        if (unit >= 0x80)
            return 0;
        if (unit != ' ' || n != 0)
            out[n++] = (char)unit;
    }
    while (n > 0 && out[n - 1] == ' ')
        n--;
    return n;
}

static int digit_of(char c, unsigned base)
{
    int d = c >= '0' && c <= '9' ? c - '0'
          : c >= 'a' && c <= 'f' ? c - 'a' + 10
          : c >= 'A' && c <= 'F' ? c - 'A' + 10 : 99;
    return d < (int)base ? d : -1;
}

/* n digits, all of them; false on anything else or when 64 bits do not hold it. */
static bool digits(const char *p, uint32_t n, unsigned base, uint64_t *out)
{
    uint64_t x = 0;

    for (uint32_t i = 0; i < n; i++) {
        int d = digit_of(p[i], base);
        if (d < 0 || x > (UINT64_MAX - (unsigned)d) / base)
            return false;
        x = x * base + (unsigned)d;
    }
    *out = x;
    return n != 0;
}

bool evxi_parse_u64(const evx_value *v, uint64_t *out)
{
    char text[32];
    uint32_t n;
    bool negative;

    if (evx_value_u64(v, out) == EVX_OK)
        return true;
    n = ascii_of(v, text, sizeof text);
    if (n > 2 && text[0] == '0' && (text[1] | 0x20) == 'x')
        return digits(text + 2, n - 2, 16, out);
    negative = n > 1 && text[0] == '-';
    if (!digits(text + negative, n - negative, 10, out))
        return false;
    if (negative)
        *out = 0 - *out;
    return true;
}

/* Days from 1601-01-01 to a date of the Gregorian calendar. */
static bool days_of(uint64_t year, uint64_t month, uint64_t day, uint64_t *days)
{
    static const uint16_t before[13] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334,
                                         365 };
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    uint64_t y = year - 1601;

    if (year < 1601 || year > 9999 || month < 1 || month > 12 || day < 1
        || day > (uint64_t)(before[month] - before[month - 1]) + (leap && month == 2))
        return false;
    *days = 365 * y + y / 4 - y / 100 + y / 400 + before[month - 1] + (day - 1)
          + (leap && month > 2);
    return true;
}

static bool ticks_of(const uint64_t part[6], uint64_t fraction, uint64_t *out)
{
    uint64_t days;

    if (!days_of(part[0], part[1], part[2], &days) || part[3] > 23 || part[4] > 59 || part[5] > 60)
        return false;
    *out = (((days * 24 + part[3]) * 60 + part[4]) * 60 + part[5]) * TICKS_PER_SECOND + fraction;
    return true;
}

/* SYSTEMTIME: u16 year, month, day of week, day, hour, minute, second, millisecond. */
static bool system_time(const evx_value *v, uint64_t *out)
{
    const uint8_t *p = v->raw.ptr;
    uint64_t part[6];

    if (v->raw.len < 16)
        return false;
    part[0] = evxi_le16(p);
    part[1] = evxi_le16(p + 2);
    part[2] = evxi_le16(p + 6);
    part[3] = evxi_le16(p + 8);
    part[4] = evxi_le16(p + 10);
    part[5] = evxi_le16(p + 12);
    return ticks_of(part, evxi_le16(p + 14) * (uint64_t)10000, out);
}

/* What may follow the digits of a time: a fraction of any length, then Z or nothing. */
static bool tail_of(const char *p, uint32_t n, uint64_t *fraction)
{
    uint32_t i = 0;
    uint64_t unit = TICKS_PER_SECOND;

    *fraction = 0;
    if (n > 1 && p[0] == '.')
        for (i = 1; i < n && p[i] >= '0' && p[i] <= '9'; i++) {
            unit /= 10;
            *fraction += unit * (unsigned)(p[i] - '0');
        }
    return i == n || (i + 1 == n && p[i] == 'Z');
}

/* YYYY-MM-DDThh:mm:ss[.f...][Z], as Windows writes it in every version. */
static bool iso_time(const char *p, uint32_t n, uint64_t *out)
{
    static const char shape[] = "dddd-dd-ddTdd:dd:dd";
    static const uint8_t at[6] = { 0, 5, 8, 11, 14, 17 };
    const uint32_t fixed = sizeof shape - 1;
    uint64_t part[6], fraction;

    if (n < fixed)
        return false;
    for (uint32_t i = 0; i < fixed; i++)
        if (shape[i] != 'd' && p[i] != shape[i] && !(shape[i] == 'T' && p[i] == ' '))
            return false;
    for (uint32_t i = 0; i < 6; i++)
        if (!digits(p + at[i], i == 0 ? 4 : 2, 10, &part[i]))
            return false;
    return tail_of(p + fixed, n - fixed, &fraction) && ticks_of(part, fraction, out);
}

bool evxi_parse_time(const evx_value *v, uint64_t *out)
{
    char text[64];

    if (v->type == EVX_FILETIME)
        return evx_value_u64(v, out) == EVX_OK;
    if (v->type == EVX_SYSTEMTIME)
        return system_time(v, out);
    return iso_time(text, ascii_of(v, text, sizeof text), out);
}
