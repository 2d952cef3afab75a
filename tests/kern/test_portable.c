/* tests/kern/test_portable.c - the law against references; every other set against the law */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "cliff.h"
#include "kern/kern.h"
#include "mkevtx.h"

/* evx_kernels_at, which asks the processor: that takes long in a virtual machine. */
static const evx_kernels *set_at(size_t i)
{
    static const evx_kernels *sets[16];

    if (!sets[0])
        for (size_t n = 0; (sets[n] = evx_kernels_at(n)) != NULL; n++)
            cr_assert(n + 1 < sizeof sets / sizeof sets[0]);
    return sets[i];
}

static uint64_t state = 7;

static uint8_t noise(void)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint8_t)(state >> 56);
}

Test(portable, crc_known)
{
    const evx_kernels *k = evx_kernels_at(0);

    cr_assert(k->crc32(0, (const uint8_t *)"123456789", 9) == 0xcbf43926u);
    cr_assert(k->crc32(0, NULL, 0) == 0);
    cr_assert(k->crc32(0, (const uint8_t *)"a", 1) == 0xe8b7be43u);
}

/* Bit by bit is the definition; from every alignment, at a cliff, and in two steps. */
Test(portable, crc_of_every_set)
{
    enum { MOST = 640 };
    uint8_t *cliff = kit_cliff(MOST);
    const evx_kernels *k;

    for (size_t n = 1; n <= MOST; n++)
        cliff[-(long)n] = noise();
    for (size_t i = 0; (k = set_at(i)) != NULL; i++)
        for (size_t n = 0; n <= MOST; n++) {
            uint32_t want = mk_crc32(0, cliff - n, n);
            cr_assert(k->crc32(0, cliff - n, n) == want, "%s, %zu bytes", k->name, n);
            for (size_t cut = 0; cut <= n; cut += 17)
                cr_assert(k->crc32(k->crc32(0, cliff - n, cut), cliff - n + cut, n - cut) == want);
        }
    kit_cliff_free(cliff, MOST);
}

/* ---- text ------------------------------------------------------------------------------------ */

/* What a unit becomes, said in other words than the tables; NULL: it stops the kernel. */
static const char *want_of(uint32_t unit, unsigned where)
{
    static char text[8];
    static const char *const names[] = { "&amp;", "&lt;", "&gt;", "&quot;", "&apos;" };
    const char *marks = "&<>\"'", *found;

    memset(text, 0, sizeof text);
    if (unit == 0 || (unit >= 0xd800 && unit < 0xe000))
        return NULL;
    if (unit >= 0xfffe && where != EVXI_IN_JSON)
        return NULL;
    if (where == EVXI_IN_JSON && unit < 0x80) {
        found = strchr("\bb\tt\nn\ff\rr", (int)unit);
        if (unit == '"' || unit == '\\')
            sprintf(text, "\\%c", (int)unit);
        else if (unit < 0x20)
            return found ? (sprintf(text, "\\%c", found[1]), text) : NULL;
        else
            text[0] = (char)unit;
        return text;
    }
    if (unit < 0x20 && !strchr("\t\n\r", (int)unit))
        return NULL;
    found = unit < 0x80 ? strchr(marks, (int)unit) : NULL;
    if (found && found - marks < (where == EVXI_IN_ATTRIBUTE ? 5 : 3))
        return names[found - marks];
    if (unit < 0x80)
        sprintf(text, "%c", (int)unit);
    else if (unit < 0x800)
        sprintf(text, "%c%c", (int)(0xc0 + unit / 64), (int)(0x80 + unit % 64));
    else
        sprintf(text, "%c%c%c", (int)(0xe0 + unit / 4096), (int)(0x80 + unit / 64 % 64),
                (int)(0x80 + unit % 64));
    return text;
}

enum { UNITS = 80, ROOM = 6 * UNITS + EVXI_TRANSCODE_SLACK };

/* n units, both sides at a cliff: every set takes and writes the same. */
static void check_string(uint8_t *in, uint8_t *out, const uint16_t *units, uint32_t n,
                         unsigned where)
{
    static char want[ROOM + 8];
    size_t room = 6 * (size_t)n + EVXI_TRANSCODE_SLACK, len = 0;
    uint32_t taken = 0;
    const char *one;
    const evx_kernels *k;

    for (uint32_t u = 0; u < n; u++) {
        in[-2 * (long)n + 2 * u] = (uint8_t)units[u];
        in[-2 * (long)n + 2 * u + 1] = (uint8_t)(units[u] >> 8);
    }
    for (; taken < n && (one = want_of(units[taken], where)) != NULL; taken++) {
        memcpy(want + len, one, strlen(one));
        len += strlen(one);
    }
    for (size_t i = 0; (k = set_at(i)) != NULL; i++) {
        uint8_t *to = out - room;
        uint32_t got = k->transcode(&to, in - 2 * (size_t)n, n, where);
        cr_assert(got == taken, "%s: %u units of %u, not %u (where %u)", k->name, got, n, taken,
                  where);
        cr_assert((size_t)(to - (out - room)) == len && memcmp(out - room, want, len) == 0,
                  "%s: where %u, %u units", k->name, where, n);
    }
}

Test(kernels, every_unit)
{
    uint8_t *in = kit_cliff(2 * UNITS), *out = kit_cliff(ROOM);

    for (unsigned where = 0; where < 3; where++)
        for (uint32_t unit = 0; unit < 0x10000; unit++) {
            uint16_t units[3] = { (uint16_t)unit, 'b', (uint16_t)unit };
            check_string(in, out, units, 1 + unit % 3, where);
        }
    kit_cliff_free(in, 2 * UNITS);
    kit_cliff_free(out, ROOM);
}

/* Strings of every length with something special at every place, or nothing. */
Test(kernels, every_length_and_place)
{
    static const uint16_t odd[] = { '"', '&', '\\', '\'', '\n', 8, 1, 0, 0x7f, 0x80, 0xff, 0x100,
                                    0x7ff, 0x800, 0x4e2d, 0x7fff, 0x8000, 0x8041, 0xd800, 0xdc00,
                                    0xfffd, 0xfffe, 0xffff };
    uint8_t *in = kit_cliff(2 * UNITS), *out = kit_cliff(ROOM);
    uint16_t units[UNITS];

    for (uint32_t n = 0; n <= UNITS; n++)
        for (uint32_t place = 0; place <= n; place++) {
            for (uint32_t u = 0; u < n; u++)
                units[u] = (uint16_t)('a' + u % 26);
            if (place < n)
                units[place] = odd[(n * 7 + place) % (sizeof odd / sizeof odd[0])];
            for (unsigned where = 0; where < 3; where++)
                check_string(in, out, units, n, where);
        }
    kit_cliff_free(in, 2 * UNITS);
    kit_cliff_free(out, ROOM);
}

/* Text of all kinds, with many escapes, with few, in other scripts. */
Test(kernels, mixed_text)
{
    uint8_t *in = kit_cliff(2 * UNITS), *out = kit_cliff(ROOM);
    uint16_t units[UNITS];

    for (int round = 0; round < 60000; round++) {
        uint32_t n = noise() % (UNITS + 1);
        unsigned kind = noise() % 4;
        for (uint32_t u = 0; u < n; u++) {
            units[u] = (uint16_t)(0x20 + noise() % 0x60);
            if (kind == 1 && noise() % 4 == 0)
                units[u] = (uint16_t)("\"\\&<>'\t\n\b\f\r"[noise() % 11]);
            else if (kind == 2)
                units[u] = (uint16_t)(0x400 + noise());
            else if (kind == 3)
                units[u] = (uint16_t)(noise() % 3 == 0 ? 0x4e00 + noise() * 80 : units[u]);
        }
        check_string(in, out, units, n, (unsigned)round % 3);
    }
    kit_cliff_free(in, 2 * UNITS);
    kit_cliff_free(out, ROOM);
}

/* ---- descriptors ----------------------------------------------------------------------------- */

enum { WORDS = 70 };

/* One bit wrong, at every place of every length: seen where the mask has it. At cliffs. */
/* Bytes of every length with each of them odd in turn, both sides at a cliff: as units, up to the
 * first that is not ASCII. */
static void check_bytes(uint8_t *in, uint8_t *out, const uint8_t *bytes, uint32_t n, unsigned where)
{
    static char want[ROOM + 8];
    size_t room = 6 * (size_t)n + EVXI_TRANSCODE_SLACK, len = 0;
    uint32_t taken = 0;
    const char *one;
    const evx_kernels *k;

    memcpy(in - n, bytes, n);
    for (; taken < n && bytes[taken] < 0x80 && (one = want_of(bytes[taken], where)); taken++) {
        memcpy(want + len, one, strlen(one));
        len += strlen(one);
    }
    for (size_t i = 0; (k = set_at(i)) != NULL; i++) {
        uint8_t *to = out - room;
        uint32_t got = k->escape(&to, in - n, n, where);
        cr_assert(got == taken, "%s: %u bytes of %u, not %u (where %u)", k->name, got, n, taken,
                  where);
        cr_assert((size_t)(to - (out - room)) == len && memcmp(out - room, want, len) == 0,
                  "%s: where %u, %u bytes", k->name, where, n);
    }
}

Test(kernels, bytes)
{
    uint8_t *in = kit_cliff(UNITS), *out = kit_cliff(ROOM), bytes[UNITS];
    static const uint8_t some[] = "ab\"c\\d&e<f>g'h\n\tij\rk";

    for (uint32_t n = 0; n <= UNITS; n++)
        for (uint32_t place = 0; place <= n; place++)
            for (unsigned odd = 0; odd < 256; odd += n < 36 ? 1 : 41)
                for (unsigned where = 0; where < 3; where++) {
                    for (uint32_t u = 0; u < n; u++)
                        bytes[u] = some[(u + place) % (sizeof some - 1)];
                    if (place < n)
                        bytes[place] = (uint8_t)odd;
                    check_bytes(in, out, bytes, n, where);
                }
    kit_cliff_free(in, UNITS);
    kit_cliff_free(out, ROOM);
}

Test(kernels, match)
{
    uint8_t *cliff = kit_cliff(4 * WORDS), *m = kit_cliff(4 * WORDS), *w = kit_cliff(4 * WORDS);
    const evx_kernels *k;

    for (size_t i = 0; (k = set_at(i)) != NULL; i++)
        for (uint32_t n = 0; n <= WORDS; n++) {
            uint8_t *p = cliff - 4 * n;
            uint32_t *mask = (uint32_t *)(void *)(m - 4 * n);
            uint32_t *want = (uint32_t *)(void *)(w - 4 * n);
            for (uint32_t j = 0; j < 4 * n; j++)
                p[j] = noise();
            for (uint32_t j = 0; j < n; j++) {
                mask[j] = noise() % 2 ? 0x00ffffff : 0x00ff0000;
                want[j] = evxi_le32(p + 4 * j) & mask[j];
            }
            cr_assert(k->match(p, mask, want, n), "%s: %u", k->name, n);
            for (uint32_t j = 0; j < n; j++) {
                uint32_t bit = noise() % 32;
                p[4 * j + bit / 8] ^= (uint8_t)(1u << bit % 8);
                cr_assert(k->match(p, mask, want, n) == !(mask[j] >> bit & 1), "%s: %u of %u",
                          k->name, j, n);
                p[4 * j + bit / 8] ^= (uint8_t)(1u << bit % 8);
            }
        }
    kit_cliff_free(cliff, 4 * WORDS);
    kit_cliff_free(m, 4 * WORDS);
    kit_cliff_free(w, 4 * WORDS);
}

/* Offsets, sums and types of any sizes, some of which leave the chunk. */
Test(kernels, places)
{
    uint8_t *cliff = kit_cliff(4 * WORDS);
    uint32_t place[WORDS + 16], types, want_types, end;
    const evx_kernels *k;

    for (size_t i = 0; (k = set_at(i)) != NULL; i++)
        for (uint32_t n = 0; n <= WORDS; n++) {
            uint8_t *p = cliff - 4 * n;
            uint32_t at = 100 * n;
            for (uint32_t j = 0; j < 4 * n; j++)
                p[j] = n % 2 == 0 && j % 4 == 1 ? 0 : noise();
            end = k->places(p, n, at, place, &types);
            want_types = 0;
            for (uint32_t j = 0; j < n; j++) {
                uint32_t x = evxi_le32(p + 4 * j);
                cr_assert(place[j] == ((at & 0xffff) | x << 16), "%s: %u of %u", k->name, j, n);
                at += x & 0xffff;
                want_types |= x;
            }
            cr_assert(end == at && types == want_types, "%s: %u", k->name, n);
        }
    kit_cliff_free(cliff, 4 * WORDS);
}

/* A word in either coding and any case, at every place of every length, and what is nearly it. */
Test(kernels, holds)
{
    enum { MOST = 200 };
    static const char *const words[] = { "xy", "zab", "MSExchangeIS", "a-1", "ESE", "--0--" };
    uint8_t *cliff = kit_cliff(MOST);
    const evx_kernels *k;

    for (size_t i = 0; (k = set_at(i)) != NULL; i++)
        for (size_t w = 0; w < sizeof words / sizeof words[0]; w++)
            for (size_t n = strlen(words[w]), step = 1; step <= 2; step++)
                for (size_t len = 0; len <= MOST; len += len < 30 || len % 64 < 8 ? 1 : 7)
                    for (size_t at = 0; at < len + 1; at++) {
                        uint8_t *p = cliff - len;
                        bool fits = n * step <= len && at <= len - n * step;
                        memset(p, at % 3 == 0 ? 'x' : at % 3 == 1 ? 0 : words[w][n - 1], len);
                        for (size_t c = 0; c < n && at + c * step < len; c++) {
                            char letter = words[w][c];
                            p[at + c * step] = (uint8_t)(at % 2 && letter >= 'a' ? letter - 32
                                                                                 : letter);
                            if (step == 2 && at + c * step + 1 < len)
                                p[at + c * step + 1] = 0;
                        }
                        cr_assert(!fits || k->holds(p, len, words[w], n), "%s: %s in %zu at %zu",
                                  k->name, words[w], len, at);
                        cr_assert(fits || k->holds(p, len, words[w], n)
                                  == set_at(0)->holds(p, len, words[w], n), "%s", k->name);
                    }
    kit_cliff_free(cliff, MOST);
}

Test(portable, find_record)
{
    enum { MOST = 512 };
    uint8_t *cliff = kit_cliff(MOST), *p = cliff - MOST;
    const evx_kernels *k;

    for (size_t i = 0; (k = set_at(i)) != NULL; i++)
        for (uint32_t begin = 0; begin < 64; begin += 8)
            for (uint32_t at = 0; at + 4 <= MOST; at++) {
                uint32_t end = MOST - 3, want = at >= begin && at % 8 == 0 ? at : end;
                memset(p, 0x2a, MOST);
                memcpy(p + at, "**\0", 4);
                cr_assert(k->find_record(p, begin, end) == want, "%s: %u", k->name, at);
                cr_assert(k->find_record(p, begin, at) == at);
            }
    kit_cliff_free(cliff, MOST);
}
