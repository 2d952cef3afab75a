/* tests/kern/test_portable.c - the law against references; every other set against the law */
#include <criterion/criterion.h>
#include <string.h>

#include "cliff.h"
#include "kern/kern.h"
#include "mkevtx.h"

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
    enum { MOST = 300 };
    uint8_t *cliff = kit_cliff(MOST);
    const evx_kernels *k;

    for (size_t n = 1; n <= MOST; n++)
        cliff[-(long)n] = noise();
    for (size_t i = 0; (k = evx_kernels_at(i)) != NULL; i++)
        for (size_t n = 0; n <= MOST; n++) {
            uint32_t want = mk_crc32(0, cliff - n, n);
            cr_assert(k->crc32(0, cliff - n, n) == want, "%s, %zu bytes", k->name, n);
            for (size_t cut = 0; cut <= n; cut += 17)
                cr_assert(k->crc32(k->crc32(0, cliff - n, cut), cliff - n + cut, n - cut) == want);
        }
    kit_cliff_free(cliff, MOST);
}

/* What each target must escape, said in other words than the table. */
static bool plain(unsigned unit, unsigned mode)
{
    if (unit >= 0x80)
        return false;
    if (mode == EVXI_PLAIN_JSON)
        return unit >= 0x20 && unit != '"' && unit != '\\';
    if (unit < 0x20 && unit != '\t' && unit != '\n' && unit != '\r')
        return false;
    if (unit == '&' || unit == '<' || unit == '>')
        return false;
    return mode == EVXI_PLAIN_XML || (unit != '"' && unit != '\'');
}

Test(portable, narrow_every_unit)
{
    const evx_kernels *k;

    for (size_t i = 0; (k = evx_kernels_at(i)) != NULL; i++)
        for (unsigned mode = 0; mode < 3; mode++)
            for (unsigned unit = 0; unit < 0x10000; unit++) {
                uint8_t in[2] = { (uint8_t)unit, (uint8_t)(unit >> 8) }, out[2] = { 0xee, 0xee };
                uint32_t n = k->narrow(out, in, 1, mode);
                cr_assert(n == plain(unit, mode), "%s, mode %u, unit %04x", k->name, mode, unit);
                cr_assert(n == 0 || out[0] == unit);
                cr_assert(out[1] == 0xee);
            }
}

/* Strings of every length that stop at every place; both sides at a cliff. */
Test(portable, narrow_strings)
{
    enum { MOST = 80 };
    uint8_t *in = kit_cliff(2 * MOST), *out = kit_cliff(MOST);
    static const uint16_t stops[] = { '"', '&', 0x7f80, 0x80, 0x4100, 0x2600, 1, 0xd800 };
    const evx_kernels *k;

    for (size_t i = 0; (k = evx_kernels_at(i)) != NULL; i++)
        for (uint32_t n = 0; n <= MOST; n++)
            for (uint32_t stop = 0; stop <= n; stop++) {
                uint16_t odd = stops[(n + stop) % (sizeof stops / sizeof stops[0])];
                unsigned mode = odd == '"' ? EVXI_PLAIN_JSON : odd == '&' ? EVXI_PLAIN_XML
                                                                         : stop % 3;
                for (uint32_t u = 0; u < n; u++) {
                    uint16_t unit = u == stop ? odd : (uint16_t)('a' + u % 26);
                    in[-2 * (long)n + 2 * u] = (uint8_t)unit;
                    in[-2 * (long)n + 2 * u + 1] = (uint8_t)(unit >> 8);
                }
                cr_assert(k->narrow(out - n, in - 2 * n, n, mode) == stop,
                          "%s: %u units, stop at %u", k->name, n, stop);
                for (uint32_t u = 0; u < stop; u++)
                    cr_assert(out[(long)u - n] == 'a' + u % 26);
            }
    kit_cliff_free(in, 2 * MOST);
    kit_cliff_free(out, MOST);
}

Test(portable, find_record)
{
    enum { MOST = 512 };
    uint8_t *cliff = kit_cliff(MOST), *p = cliff - MOST;
    const evx_kernels *k;

    for (size_t i = 0; (k = evx_kernels_at(i)) != NULL; i++)
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
