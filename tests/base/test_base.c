/* tests/base/test_base.c - the headers of base: cursor, loads, arena, UTF */
#include <criterion/criterion.h>

#include "base/arena.h"
#include "base/cursor.h"
#include "base/same.h"
#include "base/utf.h"
#include "cliff.h"

Test(le, loads)
{
    uint8_t b[16];

    for (size_t i = 0; i < sizeof b; i++)
        b[i] = (uint8_t)(0x81 + 11 * i);
    for (size_t at = 0; at < 8; at++) {
        uint64_t want = 0;
        for (size_t i = 8; i > 0; i--)
            want = want * 256 + b[at + i - 1];
        cr_assert(evxi_le64(b + at) == want);
        cr_assert(evxi_le32(b + at) == (want & 0xffffffff));
        cr_assert(evxi_le16(b + at) == (want & 0xffff));
    }
    memset(b, 0xff, sizeof b);
    cr_assert(evxi_le64(b) == UINT64_MAX && evxi_le32(b) == UINT32_MAX);
}

/* ---- same ------------------------------------------------------------------------------------ */

/* One of them ends at a cliff, so that nothing behind it is read. */
Test(same, every_length_and_every_place_of_a_difference)
{
    enum { MOST = 200 };
    uint8_t *cliff = kit_cliff(2 * MOST), other[MOST];

    for (size_t i = 0; i < MOST; i++)
        cliff[-1 - (ptrdiff_t)i] = (uint8_t)(i * 7 + 1);
    for (size_t len = 0; len <= MOST; len++) {
        const uint8_t *a = cliff - len;
        memcpy(other, a, len);
        cr_assert(evxi_same(a, other, len));
        for (size_t at = 0; at < len; at++) {
            other[at] ^= (uint8_t)(1u << at % 8);
            cr_assert(!evxi_same(a, other, len), "%zu of %zu", at, len);
            other[at] ^= (uint8_t)(1u << at % 8);
        }
    }
}

Test(same, zeros_of_every_length_up_to_the_one_byte_that_is_none)
{
    enum { MOST = 200 };
    uint8_t *cliff = kit_cliff(MOST);

    memset(cliff - MOST, 0, MOST);
    for (size_t len = 0; len <= MOST; len++) {
        cr_assert(evxi_zeros(cliff - len, len));
        for (size_t at = 1; at <= len; at++) {
            cliff[-(ptrdiff_t)at] = 0x80;
            cr_assert(!evxi_zeros(cliff - len, len), "%zu of %zu", at, len);
            cliff[-(ptrdiff_t)at] = 0;
        }
    }
}

/* ---- cursor ---------------------------------------------------------------------------------- */

/* A model of it: bytes are there or not, and a miss empties it for good. */
Test(cursor, every_range_and_length)
{
    uint8_t *cliff = kit_cliff(12), *base = cliff - 12;
    uint32_t lengths[] = { 0, 1, 2, 3, 4, 8, 11, 12, 13, 0x7fffffff, 0xffffffff };

    for (unsigned i = 0; i < 12; i++)
        base[i] = (uint8_t)(i + 1);
    for (uint32_t pos = 0; pos <= 14; pos++)
        for (uint32_t end = 0; end <= 12; end++)
            for (size_t n = 0; n < sizeof lengths / sizeof lengths[0]; n++) {
                evxi_cursor c = evxi_cursor_at(base, pos, end);
                uint32_t from = pos <= end ? pos : end, len = lengths[n];
                bool fits = len <= end - from;
                const uint8_t *p;
                cr_assert(c.pos == from && c.bad == (pos > end) && evxi_left(&c) == end - from);
                p = evxi_take(&c, len);
                cr_assert(fits ? p == base + from : p == NULL);
                cr_assert(c.pos == (fits ? from + len : end) && c.bad == (pos > end || !fits));
            }
    kit_cliff_free(cliff, 12);
}

Test(cursor, integers)
{
    uint8_t *cliff = kit_cliff(7), *base = cliff - 7;
    evxi_cursor c;

    for (unsigned i = 0; i < 7; i++)
        base[i] = (uint8_t)(0xf1 + i);
    c = evxi_cursor_at(base, 0, 7);
    cr_assert(evxi_u8(&c) == 0xf1 && evxi_u16(&c) == 0xf3f2 && evxi_u32(&c) == 0xf7f6f5f4);
    cr_assert(!c.bad && c.pos == 7);
    cr_assert(evxi_u8(&c) == 0 && c.bad && c.pos == 7);
    for (uint32_t end = 0; end < 4; end++) {
        c = evxi_cursor_at(base, 0, end);
        cr_assert(evxi_u32(&c) == 0 && c.bad && c.pos == end);
        cr_assert(evxi_u8(&c) == 0 && evxi_u16(&c) == 0 && c.bad);   /* empty ever after */
    }
    kit_cliff_free(cliff, 7);
}

/* ---- arena ----------------------------------------------------------------------------------- */

Test(arena, aligned_and_bounded)
{
    static uint64_t memory[64];
    evxi_arena a = { (uint8_t *)memory, sizeof memory, 0 };
    size_t sum = 0;

    for (size_t n = 0; n < 24; n++) {
        uint8_t *p = evxi_bump(&a, n);
        cr_assert(p && ((size_t)(p - (uint8_t *)memory) & 7) == 0);
        cr_assert((size_t)(p - (uint8_t *)memory) >= sum && a.used <= a.len);
        memset(p, 0xee, n);
        sum = a.used;
    }
    cr_assert(evxi_bump(&a, sizeof memory) == NULL && a.used == sum);
    cr_assert(evxi_bump(&a, SIZE_MAX) == NULL && a.used == sum);
    cr_assert(evxi_bump(&a, SIZE_MAX - 7) == NULL && a.used == sum);
    cr_assert(evxi_bump(&a, (sizeof memory - sum) & ~(size_t)7) != NULL);
    cr_assert(evxi_bump(&a, 8) == NULL);
}

Test(arena, unaligned_ends)
{
    static uint64_t memory[8];

    for (size_t len = 0; len <= sizeof memory; len++)
        for (size_t used = 0; used <= len; used++)
            for (size_t n = 0; n < 20; n++) {
                evxi_arena a = { (uint8_t *)memory, len, used };
                size_t at = (used + 7) / 8 * 8;
                uint8_t *p = evxi_bump(&a, n);
                cr_assert((p != NULL) == (at <= len && n <= len - at));
                cr_assert(a.used == (p ? at + n : used));
            }
}
