/* tests/text/test_format.c - typed values as characters; times against a calendar of their own */
#include <criterion/criterion.h>
#include <stdio.h>

#include "../thin.h"
#include "cliff.h"
#include "text/text.h"

static char text[1 << 16];
static evxi_writer writer;

static const char *put(uint8_t type, const void *p, size_t n, unsigned mode)
{
    evxi_sink s = { (uint8_t *)text, (uint8_t *)text + sizeof text, 0, sizeof text, NULL };
    evx_value v = { { p, n }, type };

    writer.kernels = evx_kernels_best();
    writer.sink.limit = writer.work = UINT64_MAX;
    evxi_put_value(&writer, &s, &v, mode);
    cr_assert(s.count < sizeof text);
    text[s.count] = 0;
    return text;
}

static const char *put_int(uint8_t type, uint64_t x, size_t n)
{
    uint8_t b[8];

    for (size_t i = 0; i < 8; i++)
        b[i] = (uint8_t)(x >> (8 * i));
    return put(type, b, n, MODE_XML);
}

static uint64_t state = 17;

static uint64_t noise(void)
{
    uint64_t z = state += 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    z ^= z >> 31;
    return z >> (z & 63);            /* of every length */
}

Test(format, integers)
{
    char want[32];

    for (int i = 0; i < 20000; i += i < 4 ? 1 : (int)thin()) {
        uint64_t x = i < 4 ? (uint64_t)i - 2 : noise();
        snprintf(want, sizeof want, "%llu", (unsigned long long)x);
        cr_assert(strcmp(put_int(EVX_UINT64, x, 8), want) == 0);
        snprintf(want, sizeof want, "%lld", (long long)x);
        cr_assert(strcmp(put_int(EVX_INT64, x, 8), want) == 0);
        snprintf(want, sizeof want, "%d", (int)(int32_t)x);
        cr_assert(strcmp(put_int(EVX_INT32, x, 4), want) == 0);
        snprintf(want, sizeof want, "%d", (int)(int16_t)x);
        cr_assert(strcmp(put_int(EVX_INT16, x, 2), want) == 0);
        snprintf(want, sizeof want, "%d", (int)(int8_t)x);
        cr_assert(strcmp(put_int(EVX_INT8, x, 1), want) == 0);
        snprintf(want, sizeof want, "0x%llx", (unsigned long long)x);
        cr_assert(strcmp(put_int(EVX_HEX64, x, 8), want) == 0);
        cr_assert(strcmp(put_int(EVX_SIZE, x, 8), want) == 0);
        snprintf(want, sizeof want, "0x%x", (unsigned)(uint32_t)x);
        cr_assert(strcmp(put_int(EVX_HEX32, x, 4), want) == 0);
        cr_assert(strcmp(put_int(EVX_SIZE, x, 4), want) == 0);
    }
}

Test(format, truth)
{
    static const size_t sizes[] = { 1, 2, 4, 8 };

    for (size_t i = 0; i < 4; i++) {
        cr_assert(strcmp(put_int(EVX_BOOL, 0, sizes[i]), "false") == 0);
        for (unsigned bit = 0; bit < 8 * sizes[i]; bit++)
            cr_assert(strcmp(put_int(EVX_BOOL, (uint64_t)1 << bit, sizes[i]), "true") == 0);
    }
}

/* ---- times: a calendar that counts days ------------------------------------------------------ */

static bool is_leap(unsigned y) { return y % 400 == 0 || (y % 4 == 0 && y % 100 != 0); }

Test(format, every_day_from_1601_to_9999)
{
    static const uint8_t days[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    const unsigned thin_by = thin();
    uint64_t day = 0;
    char want[64];

    for (unsigned y = 1601; y <= 9999; y++)
        for (unsigned m = 1; m <= 12; m++)
            for (unsigned d = 1; d <= days[m - 1] + (m == 2 && is_leap(y) ? 1u : 0u); d++, day++) {
                uint64_t second = day * 12345 % 86400, ticks = second * 123 % 10000000;
                if ((y > 2200 && d > 1 && d < 28 && day % 8 != 0) || day % thin_by != 0)
                    continue;
                snprintf(want, sizeof want, "%04u-%02u-%02uT%02u:%02u:%02u.%06uZ", y, m, d,
                         (unsigned)(second / 3600), (unsigned)(second / 60 % 60),
                         (unsigned)(second % 60), (unsigned)(ticks / 10));
                put_int(EVX_FILETIME, (day * 86400 + second) * 10000000 + ticks, 8);
                cr_assert(strcmp(text, want) == 0, "%s, not %s", text, want);
            }
}

Test(format, times_that_are_none)
{
    cr_assert(strcmp(put_int(EVX_FILETIME, 2650467744000000000u, 8), "2650467744000000000") == 0);
    cr_assert(strcmp(put_int(EVX_FILETIME, UINT64_MAX, 8), "18446744073709551615") == 0);
}

/* SYSTEMTIME's fields come out as they are, whatever they are. */
Test(format, system_times)
{
    static const struct { uint16_t part[8]; const char *want; } rows[] = {
        { { 2021, 2, 0, 3, 4, 5, 6, 7 }, "2021-02-03T04:05:06.007000Z" },
        { { 2021, 12, 0, 31, 23, 59, 59, 999 }, "2021-12-31T23:59:59.999000Z" },
        { { 0, 0, 0, 0, 0, 0, 0, 0 }, "1601-01-01T00:00:00.000000Z" },
        { { 1, 0, 0, 0, 0, 0, 0, 0 }, "0001-00-00T00:00:00.000000Z" },
        { { 12345, 100, 0, 200, 300, 400, 500, 1000 }, "12345-100-200T300:400:500.1000000Z" },
        { { 65535, 65535, 0, 65535, 65535, 65535, 65535, 65535 },
          "65535-65535-65535T65535:65535:65535.65535000Z" }
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t b[16];
        for (size_t k = 0; k < 16; k++)
            b[k] = (uint8_t)(rows[i].part[k / 2] >> 8 * (k % 2));
        cr_assert(strcmp(put(EVX_SYSTEMTIME, b, 16, MODE_XML), rows[i].want) == 0, "%s, not %s",
                  text, rows[i].want);
    }
}

/* ---- the rest -------------------------------------------------------------------------------- */

Test(format, sids)
{
    uint8_t sid[8 + 4 * 256];
    char want[4096];

    memset(sid, 0, sizeof sid);
    for (unsigned count = 0; count < 256; count++) {
        size_t at;
        sid[0] = 1;
        sid[1] = (uint8_t)count;
        for (unsigned i = 2; i < 8; i++)
            sid[i] = (uint8_t)(i * count);
        at = (size_t)snprintf(want, sizeof want, "S-1-%llu", ((unsigned long long)sid[2] << 40)
                 + ((unsigned long long)sid[3] << 32) + ((unsigned long long)sid[4] << 24)
                 + ((unsigned long long)sid[5] << 16) + ((unsigned long long)sid[6] << 8) + sid[7]);
        for (unsigned i = 0; i < count; i++) {
            uint32_t sub = (uint32_t)noise();
            for (unsigned k = 0; k < 4; k++)
                sid[8 + 4 * i + k] = (uint8_t)(sub >> 8 * k);
            at += (size_t)snprintf(want + at, sizeof want - at, "-%u", sub);
        }
        cr_assert(strcmp(put(EVX_SID, sid, 8 + 4 * count, MODE_XML), want) == 0, "%u", count);
        cr_assert(strcmp(put(EVX_SID, sid, sizeof sid, MODE_XML), want) == 0, "%u", count);
    }
}

Test(format, guids_and_bytes)
{
    uint8_t b[16];

    for (unsigned i = 0; i < 16; i++)
        b[i] = (uint8_t)(0xf0 - 15 * i);
    put(EVX_GUID, b, 16, MODE_XML);
    cr_assert(strcmp(text, "C3D2E1F0-A5B4-8796-7869-5A4B3C2D1E0F") == 0, "%s", text);
    cr_assert(strcmp(put(EVX_BINARY, "\0\x0f\xf0\xff", 4, MODE_XML), "000FF0FF") == 0);
    cr_assert(strcmp(put(EVX_BINARY, "", 0, MODE_XML), "") == 0);
}

Test(format, lists)
{
    static const struct { uint8_t type; const char *p; size_t n; const char *want; } rows[] = {
        { EVX_UINT8, "\1\2\3", 3, "1,2,3" }, { EVX_STRING, "a\0\0\0b\0", 6, "a,b" },
        { EVX_STRING, "\0\0\0\0", 4, "," }, { EVX_UINT16, "\1\0\2", 3, "1" },
        { EVX_UINT32, "\1\2", 2, "0102" }, { EVX_BINARY, "\1\2", 2, "0102" },
        { EVX_ANSI, "x\0<\0", 4, "x,&lt;" }, { EVX_UINT8, "", 0, "" }
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_assert(strcmp(put(rows[i].type | EVX_ARRAY, rows[i].p, rows[i].n, MODE_XML),
                         rows[i].want) == 0, "row %zu: %s", i, text);
}

/* Every type over every length, at a cliff: some characters, and bare only if it is a number. */
Test(format, every_type_and_length)
{
    uint8_t *cliff = kit_cliff(40);

    for (unsigned fill = 0; fill < 4; fill++)
        for (unsigned type = 0; type < 256; type++)
            for (size_t n = 0; n <= 40; n++) {
                evx_value v = { { cliff - n, n }, (uint8_t)type };
                memset(cliff - 40, (int)(fill * 0x55), 40);
                put((uint8_t)type, cliff - n, n, MODE_JSON);
                if (!evxi_value_is_bare(&v))
                    continue;
                cr_assert((type >= 3 && type <= 10) || type == 13);
                cr_assert(strspn(text, "-0123456789") == strlen(text)
                          || strcmp(text, "true") == 0 || strcmp(text, "false") == 0, "%s", text);
                cr_assert(*text);
            }
    kit_cliff_free(cliff, 40);
}
