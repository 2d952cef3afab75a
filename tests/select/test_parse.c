/* tests/select/test_parse.c - numbers and times from values and text; a calendar of its own */
#include <criterion/criterion.h>
#include <stdio.h>

#include "select/select.h"

static uint8_t units[512];

static evx_value text16(const char *text)
{
    evx_value v = { { units, 2 * strlen(text) }, EVX_STRING };

    for (size_t i = 0; text[i]; i++) {
        units[2 * i] = (uint8_t)text[i];
        units[2 * i + 1] = 0;
    }
    return v;
}

static evx_value text8(const char *text)
{
    evx_value v = { { (const uint8_t *)text, strlen(text) }, EVX_UTF8 };

    return v;
}

Test(parse, numbers_in_text)
{
    static const struct { const char *text; bool ok; uint64_t want; } rows[] = {
        { "0", true, 0 }, { "1", true, 1 }, { "4624", true, 4624 }, { "007", true, 7 },
        { "18446744073709551615", true, UINT64_MAX }, { "18446744073709551616", false, 0 },
        { "99999999999999999999", false, 0 }, { "-1", true, UINT64_MAX }, { "-0", true, 0 },
        { "0x0", true, 0 }, { "0x8020000000000000", true, 0x8020000000000000u },
        { "0XfF", true, 255 }, { "0xffffffffffffffff", true, UINT64_MAX },
        { "0x10000000000000000", false, 0 }, { "", false, 0 }, { "-", false, 0 },
        { "0x", false, 0 }, { "x1", false, 0 }, { "1x", false, 0 }, { "1 2", false, 0 },
        { " 12 ", true, 12 }, { "+1", false, 0 }, { "1.0", false, 0 }, { "a", false, 0 },
        { "--1", false, 0 }, { "0x-1", false, 0 }, { "1e3", false, 0 },
        { "0x:", false, 0 }, { "0x@", false, 0 }, { "0xg", false, 0 }, { "0xG", false, 0 },
        { "0x`", false, 0 }, { "0x/", false, 0 }, { ":", false, 0 }, { "/", false, 0 },
        { "00000000000000000000000000000001", true, 1 },
        { "000000000000000000000000000000001", false, 0 }
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (int wide = 0; wide < 2; wide++) {
            evx_value v = wide ? text16(rows[i].text) : text8(rows[i].text);
            uint64_t x = 0;
            cr_assert(evxi_parse_u64(&v, &x) == rows[i].ok, "\"%s\"", rows[i].text);
            cr_assert(!rows[i].ok || x == rows[i].want, "\"%s\"", rows[i].text);
        }
}

Test(parse, numbers_that_are_no_text)
{
    static const uint8_t p[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
    evx_value v = { { p, 2 }, EVX_UINT16 };
    uint64_t x;

    cr_assert(evxi_parse_u64(&v, &x) && x == 0x201);
    v.type = EVX_BINARY;
    cr_assert(!evxi_parse_u64(&v, &x));
    v.type = EVX_GUID;
    cr_assert(!evxi_parse_u64(&v, &x));
    v = text16("1");
    units[1] = 1;                    /* U+0131: no digit */
    cr_assert(!evxi_parse_u64(&v, &x));
}

/* ---- times ----------------------------------------------------------------------------------- */

static bool is_leap(unsigned y) { return y % 400 == 0 || (y % 4 == 0 && y % 100 != 0); }

/* Counted day by day, from the first one. */
Test(parse, every_day_of_the_calendar)
{
    static const uint8_t days[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    uint64_t day = 0;
    char text[40];

    for (unsigned y = 1601; y <= 2700; y++)
        for (unsigned m = 1; m <= 12; m++)
            for (unsigned d = 1; d <= days[m - 1] + (m == 2 && is_leap(y) ? 1u : 0u); d++, day++) {
                uint64_t x = 0;
                evx_value v;
                snprintf(text, sizeof text, "%04u-%02u-%02uT%02u:%02u:%02u.%07uZ", y, m, d, d % 24,
                         (d + m) % 60, (d + y) % 60, d * 1234);
                v = text8(text);
                cr_assert(evxi_parse_time(&v, &x), "%s", text);
                cr_assert(x == (day * 86400 + d % 24 * 3600 + (d + m) % 60 * 60 + (d + y) % 60)
                               * 10000000 + d * 1234, "%s: %llu", text, (unsigned long long)x);
            }
}

Test(parse, shapes_of_times)
{
    static const struct { const char *text; bool ok; uint64_t ticks; } rows[] = {
        { "1601-01-01T00:00:00", true, 0 }, { "1601-01-01T00:00:00Z", true, 0 },
        { "1601-01-01 00:00:01", true, 10000000 }, { "1601-01-01T00:00:00.1Z", true, 1000000 },
        { "1601-01-01T00:00:00.123", true, 1230000 },
        { "1601-01-01T00:00:00.1234567Z", true, 1234567 },
        { "1601-01-01T00:00:00.123456789Z", true, 1234567 },
        { "1601-01-01T00:00:00.12345678901234567890Z", true, 1234567 },
        { "1601-01-01T00:00:00.1234567890123456789012345678901234567890123", true, 1234567 },
        { "1601-01-01T00:00:00.12345678901234567890123456789012345678901234", true, 1234567 },
        { "1601-01-01T00:00:00.123456789012345678901234567890123456789012345", false, 0 },
        { "  1601-01-01T00:01:00Z ", true, 600000000 },
        { "9999-12-31T23:59:59.9999999Z", true, 2650467743999999999u },
        { "1600-12-31T23:59:59Z", false, 0 }, { "0000-01-01T00:00:00Z", false, 0 },
        { "1601-00-01T00:00:00Z", false, 0 }, { "1601-13-01T00:00:00Z", false, 0 },
        { "1601-01-00T00:00:00Z", false, 0 }, { "1601-01-32T00:00:00Z", false, 0 },
        { "1601-01-01T24:00:00Z", false, 0 }, { "1601-01-01T00:60:00Z", false, 0 },
        { "1601-01-01T00:00:61Z", false, 0 }, { "1601-01-01", false, 0 }, { "", false, 0 },
        { "1601-1-01T00:00:00Z", false, 0 }, { "1601/01/01T00:00:00Z", false, 0 },
        { "1601-01-01t00:00:00Z", false, 0 }, { "1601-01-01T00:00:00z", false, 0 },
        { "1601-01-01T00:00:00ZZ", false, 0 }, { "1601-01-01T00:00:00.1x", false, 0 },
        { "1601-01-01T00:00:00+01:00", false, 0 }, { "x601-01-01T00:00:00Z", false, 0 }
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (int wide = 0; wide < 2; wide++) {
            evx_value v = wide ? text16(rows[i].text) : text8(rows[i].text);
            uint64_t x = 0;
            cr_assert(evxi_parse_time(&v, &x) == rows[i].ok, "\"%s\"", rows[i].text);
            cr_assert(!rows[i].ok || x == rows[i].ticks, "\"%s\"", rows[i].text);
        }
}

/* The 30th of February is no day. */
Test(parse, days_that_are_none)
{
    static const char *const texts[] = { "2021-02-29T00:00:00Z", "2021-02-30T00:00:00Z",
                                         "2021-04-31T00:00:00Z", "1900-02-29T00:00:00Z" };

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        evx_value v = text8(texts[i]);
        uint64_t x;
        cr_assert(!evxi_parse_time(&v, &x), "%s", texts[i]);
    }
}

Test(parse, typed_times)
{
    static const uint8_t filetime[8] = { 0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11 };
    static const uint8_t systime[16] = { 0x41, 6, 1, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0 };
    static const uint8_t zero[16] = { 0 };
    evx_value v = { { filetime, 8 }, EVX_FILETIME };
    uint64_t x;

    cr_assert(evxi_parse_time(&v, &x) && x == 0x1122334455667788u);
    v.raw.len = 7;
    cr_assert(!evxi_parse_time(&v, &x));
    v.type = EVX_SYSTEMTIME;
    v.raw.ptr = systime;             /* 1601-01-02 03:04:05.006 */
    v.raw.len = 16;
    cr_assert(evxi_parse_time(&v, &x)
              && x == (((24 + 3) * 60 + 4) * 60 + 5) * (uint64_t)10000000 + 60000);
    v.raw.len = 15;
    cr_assert(!evxi_parse_time(&v, &x));
    v.raw.ptr = zero;
    v.raw.len = 16;
    cr_assert(!evxi_parse_time(&v, &x));
    v.type = EVX_UINT64;
    cr_assert(!evxi_parse_time(&v, &x));
}
