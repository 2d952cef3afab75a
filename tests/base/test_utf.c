/* tests/base/test_utf.c - UTF-16 and UTF-8 against references of their own, exhaustively */
#include <criterion/criterion.h>
#include <string.h>

#include "base/utf.h"

/* By the rows of the Unicode standard's table 3-6, not by shifts of one number. */
static unsigned encode(uint32_t cp, uint8_t b[4])
{
    unsigned n = cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
    static const uint8_t lead[5] = { 0, 0, 0xc0, 0xe0, 0xf0 };

    for (unsigned i = n; i > 1; i--, cp /= 64)
        b[i - 1] = (uint8_t)(0x80 + cp % 64);
    b[0] = (uint8_t)(lead[n] + cp);
    return n;
}

Test(utf8, encode_everything)
{
    uint8_t a[4], b[4];

    for (uint32_t cp = 0; cp < 0x110000; cp++) {
        unsigned n;
        if (cp >= 0xd800 && cp < 0xe000)
            continue;
        n = encode(cp, a);
        cr_assert(evxi_utf8_encode(cp, b) == n && memcmp(a, b, n) == 0, "U+%04X", cp);
    }
}

Test(utf8, decode_everything)
{
    uint8_t b[4];

    for (uint32_t cp = 0; cp < 0x110000; cp++) {
        uint32_t i = 0, n;
        if (cp >= 0xd800 && cp < 0xe000)
            continue;
        n = encode(cp, b);
        cr_assert(evxi_utf8_next(b, n, &i) == cp && i == n, "U+%04X", cp);
        for (uint32_t less = 1; less < n; less++) {
            i = 0;
            cr_assert(evxi_utf8_next(b, less, &i) == 0xfffd && i == 1);
        }
    }
}

/* Is [p, p + n) one well-formed sequence? Table 3-7 of the Unicode standard. */
static bool well_formed(const uint8_t *p, unsigned n)
{
    static const struct { uint8_t from, to, low, high, len; } rows[] = {
        { 0x00, 0x7f, 0, 0, 1 }, { 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 },
        { 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
        { 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 }
    };

    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++)
        if (p[0] >= rows[r].from && p[0] <= rows[r].to && n == rows[r].len) {
            bool ok = n < 2 || (p[1] >= rows[r].low && p[1] <= rows[r].high);
            for (unsigned i = 2; i < n; i++)
                ok = ok && p[i] >= 0x80 && p[i] < 0xc0;
            return ok;
        }
    return false;
}

/* What is not well-formed goes byte by byte: overlong forms, surrogates, beyond U+10FFFF. */
Test(utf8, ill_formed)
{
    uint8_t b[4];

    for (uint32_t x = 0; x < 0x10000; x++)
        for (unsigned tail = 0; tail < 4; tail++) {
            uint32_t i = 0, cp;
            b[0] = (uint8_t)(x >> 8);
            b[1] = (uint8_t)x;
            b[2] = tail & 1 ? 0x80 : 0x41;
            b[3] = tail & 2 ? 0xbf : 0xc1;
            cp = evxi_utf8_next(b, 4, &i);
            cr_assert(i >= 1 && i <= 4);
            if (!well_formed(b, i) || i == 1)
                cr_assert(i == 1 && cp == (b[0] < 0x80 ? b[0] : 0xfffdu),
                          "%02x %02x %02x %02x: U+%04X, %u bytes", b[0], b[1], b[2], b[3], cp, i);
            else
                cr_assert((cp < 0xd800 || cp > 0xdfff) && cp <= 0x10ffff);
        }
}

/* ---- UTF-16 ---------------------------------------------------------------------------------- */

static void units(uint8_t *p, const uint16_t *u, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        p[2 * i] = (uint8_t)u[i];
        p[2 * i + 1] = (uint8_t)(u[i] >> 8);
    }
}

Test(utf16, every_unit_alone)
{
    for (uint32_t u = 0; u < 0x10000; u++) {
        uint8_t p[2];
        uint16_t one = (uint16_t)u;
        uint32_t i = 0;
        units(p, &one, 1);
        cr_assert(evxi_utf16_next(p, 1, &i) == (u >= 0xd800 && u < 0xe000 ? 0xfffd : u) && i == 1);
    }
}

/* Every high half with some low ones, every low half with some high ones, and near misses. */
Test(utf16, pairs)
{
    static const uint16_t some[] = { 0, 0x41, 0xd7ff, 0xd800, 0xd801, 0xdbff, 0xdc00, 0xdc01,
                                     0xde01, 0xdfff, 0xe000, 0xffff };

    for (uint32_t u = 0xd700; u < 0xe100; u++)
        for (size_t k = 0; k < 2 * sizeof some / sizeof some[0]; k++) {
            uint16_t two[2] = { (uint16_t)u, some[k / 2] };
            uint8_t p[4];
            uint32_t i = 0, cp, want;
            bool pair;
            if (k & 1) {
                two[1] = two[0];
                two[0] = some[k / 2];
            }
            pair = two[0] / 0x400 == 0xd800 / 0x400 && two[1] / 0x400 == 0xdc00 / 0x400;
            want = pair ? 0x10000u + (two[0] - 0xd800u) * 0x400u + (two[1] - 0xdc00u)
                 : two[0] / 0x800 == 0xd800 / 0x800 ? 0xfffd : two[0];
            units(p, two, 2);
            cp = evxi_utf16_next(p, 2, &i);
            cr_assert(cp == want && i == 1u + pair, "%04x %04x: U+%04X", two[0], two[1], cp);
        }
}

/* The rows of the page that differ from Latin-1 stand in the mapping file of the consortium. */
Test(windows_1252, all_bytes)
{
    static const struct { uint8_t byte; uint16_t cp; } rows[] = {
        { 0x80, 0x20ac }, { 0x82, 0x201a }, { 0x83, 0x0192 }, { 0x84, 0x201e }, { 0x85, 0x2026 },
        { 0x86, 0x2020 }, { 0x87, 0x2021 }, { 0x88, 0x02c6 }, { 0x89, 0x2030 }, { 0x8a, 0x0160 },
        { 0x8b, 0x2039 }, { 0x8c, 0x0152 }, { 0x8e, 0x017d }, { 0x91, 0x2018 }, { 0x92, 0x2019 },
        { 0x93, 0x201c }, { 0x94, 0x201d }, { 0x95, 0x2022 }, { 0x96, 0x2013 }, { 0x97, 0x2014 },
        { 0x98, 0x02dc }, { 0x99, 0x2122 }, { 0x9a, 0x0161 }, { 0x9b, 0x203a }, { 0x9c, 0x0153 },
        { 0x9e, 0x017e }, { 0x9f, 0x0178 }
    };
    size_t r = 0;

    for (unsigned b = 0; b < 256; b++) {
        bool listed = r < sizeof rows / sizeof rows[0] && rows[r].byte == b;
        cr_assert(evxi_windows_1252((uint8_t)b) == (listed ? rows[r].cp : b), "byte %02x", b);
        r += listed;
    }
}
