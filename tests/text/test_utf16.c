/* tests/text/test_utf16.c - characters as XML, attributes, JSON: every unit, pairs, names, pages */
#include <criterion/criterion.h>
#include <stdio.h>

#include "../thin.h"
#include "cliff.h"
#include "text/text.h"

static uint8_t out[1 << 16];
static evxi_sink sink;

static void begin(size_t room)
{
    evxi_sink s = { out, out + room, 0, 1 << 20, NULL };

    sink = s;
}

static size_t end(void)
{
    size_t n = (size_t)sink.count;

    out[n] = 0;
    return n;
}

/* ---- a reference that shares nothing with the source ----------------------------------------- */

static size_t utf8(uint32_t cp, char *to)
{
    if (cp < 0x80)
        return (size_t)sprintf(to, "%c", (int)cp);
    if (cp < 0x800)
        return (size_t)sprintf(to, "%c%c", (int)(192 + cp / 64), (int)(128 + cp % 64));
    if (cp < 0x10000)
        return (size_t)sprintf(to, "%c%c%c", (int)(224 + cp / 4096), (int)(128 + cp / 64 % 64),
                               (int)(128 + cp % 64));
    return (size_t)sprintf(to, "%c%c%c%c", (int)(240 + cp / 262144), (int)(128 + cp / 4096 % 64),
                           (int)(128 + cp / 64 % 64), (int)(128 + cp % 64));
}

/* How one character stands in the output. */
static size_t expect(uint32_t cp, unsigned mode, char *to)
{
    bool xml = mode != MODE_JSON, surrogate = cp >= 0xd800 && cp < 0xe000;

    to[0] = 0;
    if (surrogate || (xml && ((cp < 32 && cp != 9 && cp != 10 && cp != 13) || cp == 0xfffe
                              || cp == 0xffff)))
        return utf8(0xfffd, to);
    if (xml && cp == '&') return (size_t)sprintf(to, "&amp;");
    if (xml && cp == '<') return (size_t)sprintf(to, "&lt;");
    if (xml && cp == '>') return (size_t)sprintf(to, "&gt;");
    if (mode == MODE_ATTRIBUTE && cp == '"') return (size_t)sprintf(to, "&quot;");
    if (mode == MODE_ATTRIBUTE && cp == '\'') return (size_t)sprintf(to, "&apos;");
    if (xml || cp >= 0x7f) {
        if (cp == 0) {
            to[0] = 0;
            return 1;
        }
        return utf8(cp, to);
    }
    switch (cp) {
    case '"': return (size_t)sprintf(to, "\\\"");
    case '\\': return (size_t)sprintf(to, "\\\\");
    case '\n': return (size_t)sprintf(to, "\\n");
    case '\r': return (size_t)sprintf(to, "\\r");
    case '\t': return (size_t)sprintf(to, "\\t");
    case '\b': return (size_t)sprintf(to, "\\b");
    case '\f': return (size_t)sprintf(to, "\\f");
    default: return cp < 32 ? (size_t)sprintf(to, "\\u%04X", (unsigned)cp) : utf8(cp, to);
    }
}

Test(characters, every_unit_in_every_mode)
{
    char want[16];

    for (unsigned mode = 0; mode < 3; mode++)
        for (uint32_t u = 0; u < 0x10000; u += u < 0x1000 ? 1 : thin()) {
            uint8_t p[2] = { (uint8_t)u, (uint8_t)(u >> 8) };
            size_t n = expect(u, mode, want);
            begin(100);
            evxi_put_utf16(&sink, evx_kernels_best(), p, 1, mode);
            cr_assert(end() == n && memcmp(out, want, n) == 0, "U+%04X, mode %u: %s", u, mode, out);
        }
}

/* Random strings full of halves, escapes and controls, in rooms of any size. */
Test(characters, random_strings)
{
    static const uint16_t odd[] = { 0xd800, 0xdbff, 0xdc00, 0xdfff, '<', '&', '"', 0x1f, 0x80,
                                    0x7ff, 0x800, 0xffff, 0xfffd, '\\', '\n', 'a', 'b', 'c',
                                    'd', 'e' };
    uint64_t state = 5;
    const evx_kernels *k;

    for (int round = 0; round < 30000; round++) {
        uint8_t in[80], *cliff;
        char want[400];
        size_t len = 0, room;
        uint32_t units, i;
        unsigned mode = (unsigned)round % 3;
        state = state * 6364136223846793005u + 1442695040888963407u;
        units = (uint32_t)(state >> 40) % 40;
        for (i = 0; i < units; i++) {
            uint32_t u;
            state = state * 6364136223846793005u + 1442695040888963407u;
            u = state >> 62 ? odd[(state >> 33) % (sizeof odd / sizeof odd[0])]
                            : (uint32_t)(state >> 33) & 0xffff;
            in[2 * i] = (uint8_t)u;
            in[2 * i + 1] = (uint8_t)(u >> 8);
        }
        for (i = 0; i < units; i++) {
            uint32_t a = in[2 * i] + 256u * in[2 * i + 1], b = i + 1 < units
                ? in[2 * i + 2] + 256u * in[2 * i + 3] : 0;
            if (a >= 0xd800 && a <= 0xdbff && b >= 0xdc00 && b <= 0xdfff) {
                a = 0x10000 + (a - 0xd800) * 1024 + (b - 0xdc00);
                i++;
            }
            len += expect(a, mode, want + len);
        }
        room = (size_t)(state >> 20) % 130;
        cliff = kit_cliff(room);
        {
            evxi_sink s = { cliff - room, cliff, 0, 1 << 20, NULL };
            k = evx_kernels_at((size_t)round % 2);
            evxi_put_utf16(&s, k ? k : evx_kernels_best(), in, units, mode);
            cr_assert(s.count == len && (room < len || memcmp(cliff - room, want, len) == 0),
                      "round %d", round);
        }
        kit_cliff_free(cliff, room);
    }
}

Test(characters, xml_char)
{
    for (uint32_t cp = 0; cp < 0x110000; cp++) {     /* production [2] of XML 1.0 */
        bool want = cp == 9 || cp == 10 || cp == 13 || (cp >= 0x20 && cp <= 0xd7ff)
                 || (cp >= 0xe000 && cp <= 0xfffd) || cp >= 0x10000;
        cr_assert(evxi_xml_char(cp) == want, "U+%04X", cp);
    }
}

/* A text that is over its budget is not written to its end. */
Test(characters, stops_at_the_limit)
{
    static uint8_t in[60000];

    for (size_t i = 0; i < sizeof in; i += 2)
        in[i] = 1;
    begin(0);
    sink.limit = 100;
    evxi_put_utf16(&sink, evx_kernels_best(), in, sizeof in / 2, MODE_JSON);
    cr_assert(sink.count > 100 && sink.count < 1000);
}

/* ---- ANSI ------------------------------------------------------------------------------------ */

Test(characters, ansi)
{
    static uint16_t page[128];
    uint8_t one[1];
    char want[16];

    for (unsigned i = 0; i < 128; i++)
        page[i] = (uint16_t)(0x400 + i);
    page[0] = 0xd800;                /* no character: a hole of a double-byte page */
    for (unsigned b = 0; b < 256; b++)
        for (unsigned mode = 0; mode < 3; mode++) {
            size_t n = b ? expect(b < 0x80 ? b : page[b - 0x80], mode, want) : 0;
            one[0] = (uint8_t)b;
            begin(64);
            evxi_put_ansi(&sink, evx_kernels_best(), page, one, 1, mode);
            cr_assert(end() == n && memcmp(out, want, n) == 0, "byte %02x", b);
        }
    begin(64);
    evxi_put_ansi(&sink, evx_kernels_best(), NULL, (const uint8_t *)"\0a\0\x80\0", 5, MODE_XML);
    cr_assert(end() == 4 && memcmp(out, "a\xe2\x82\xac", 4) == 0);
}

/* ---- names ----------------------------------------------------------------------------------- */

static const char *xml_name(const uint16_t *u, uint32_t n)
{
    static uint8_t in[160];
    evx_utf16 name = { in, n };

    for (uint32_t i = 0; i < n; i++) {
        in[2 * i] = (uint8_t)u[i];
        in[2 * i + 1] = (uint8_t)(u[i] >> 8);
    }
    begin(1000);
    evxi_put_xml_name(&sink, &name);
    (void)end();
    return (const char *)out;
}

/* Which ones: test_names.c. */
Test(names, every_unit_first_and_second)
{
    char want[32];

    for (uint32_t c = 0; c < 0x10000; c++) {
        uint16_t u[2] = { (uint16_t)c, 'x' };
        bool half = c >= 0xd800 && c < 0xe000;
        size_t n;
        if (c == 0xfffd || half)
            continue;                /* see below */
        n = evxi_name_starts(c) ? utf8(c, want)
          : evxi_name_continues(c) ? (want[0] = '_', 1 + utf8(c, want + 1))
                                   : (want[0] = '_', 1u);
        want[n] = 'x';
        want[n + 1] = 0;
        cr_assert(strcmp(xml_name(u, 2), want) == 0, "U+%04X first: %s", c, out);
        u[1] = u[0];
        u[0] = 'x';
        n = evxi_name_continues(c) ? utf8(c, want + 1) : (want[1] = '_', 1u);
        want[0] = 'x';
        want[n + 1] = 0;
        cr_assert(strcmp(xml_name(u, 2), want) == 0, "U+%04X second: %s", c, out);
    }
}

/* Whatever half a pair becomes, it is a name. */

/* One unit that is no letter or digit, at every place of names of every length: as if alone. */
Test(names, of_every_length)
{
    static const uint16_t odd[] = { 'a', 'z', '@', '[', '`', '{', '/', ':', '0', '9', '_', '-', ' ',
                                    0xe9, 0x161, 0x4061, 0x8041, 0xff21 };
    uint16_t u[70];
    char want[3 * 70 + 4], one[8];

    for (uint32_t n = 2; n <= 70; n++)
        for (uint32_t at = 1; at < n; at++) {
            uint16_t two[2] = { 'a', odd[(n + at) % (sizeof odd / sizeof odd[0])] };
            strcpy(one, xml_name(two, 2) + 1);
            for (uint32_t i = 0; i < n; i++)
                u[i] = (uint16_t)(i % 2 == 0 ? 'A' + i % 26 : '0' + i % 10);
            u[at] = two[1];
            for (uint32_t i = 0, k = 0; i < n; i++)
                k += (uint32_t)(i == at ? sprintf(want + k, "%s", one)
                                        : sprintf(want + k, "%c", u[i]));
            cr_assert(strcmp(xml_name(u, n), want) == 0, "%s: %s", want, out);
        }
}

Test(names, halves_and_pairs)
{
    static const uint16_t pair[] = { 0xd83d, 0xde00 }, half[] = { 0xd83d }, two[] = { 'a', 0xdc00 };

    cr_assert(strcmp(xml_name(pair, 2), "_") == 0);
    cr_assert(strcmp(xml_name(half, 1), "_") == 0 || strcmp((char *)out, "\xef\xbf\xbd") == 0);
    cr_assert(strcmp(xml_name(two, 2), "a_") == 0 || strcmp((char *)out, "a\xef\xbf\xbd") == 0);
    cr_assert(strcmp(xml_name(two, 0), "_") == 0);
}
