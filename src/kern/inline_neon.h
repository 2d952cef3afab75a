/* src/kern/inline_neon.h - what kern/inline.h promises of each set, for AArch64 */
#ifndef EVXI_INLINE_NEON_H
#define EVXI_INLINE_NEON_H

#include "kern/text_neon.h"

#if EVXI_NEON

/* The compiler copies 32 bytes by two registers; of sums there are too few for more. */
#define evxi_copy_neon evxi_copy_table
#define evxi_halves_neon evxi_halves_table

#define evxi_block_neon evxi_equal_neon

EVXI_INLINE uint8x16_t evxi_other_neon(const uint8_t *a, const uint8_t *b)
{
    return veorq_u8(vld1q_u8(a), vld1q_u8(b));
}

/* The last ones again with the ones before them, so that nothing is left over. */
EVXI_INLINE bool evxi_equal_neon(const uint8_t *a, const uint8_t *b, size_t len)
{
    enum { STEP = 16 };
    uint8x16_t x;

    if (len < STEP)
        return evxi_same_few(a, b, len);
    x = evxi_other_neon(a + len - STEP, b + len - STEP);
    for (size_t i = 0; i + STEP < len; i += STEP)
        x = vorrq_u8(x, evxi_other_neon(a + i, b + i));
    return vmaxvq_u32(vreinterpretq_u32_u8(x)) == 0;
}

EVXI_INLINE uint32_t evxi_text_neon(const evx_kernels *k, uint8_t **to, const uint8_t *p,
                                    uint32_t units, unsigned where)
{
    uint32_t n = evxi_ascii_neon(to, p, units, 2, where);

    if (n == units || evxi_le16(p + 2 * (size_t)n) == 0)
        return n;
    return n + k->transcode(to, p + 2 * (size_t)n, units - n, where);
}

/* Both nibbles of eight bytes, one behind the other, and of the eight behind them. */
EVXI_INLINE uint8x16x2_t evxi_nibbles_neon(uint8x16_t x, const char digits[16])
{
    uint8x16_t high = vshrq_n_u8(x, 4), low = vandq_u8(x, vdupq_n_u8(15)), table;
    uint8x16x2_t both;

    table = vld1q_u8((const uint8_t *)digits);
    both.val[0] = vqtbl1q_u8(table, vzip1q_u8(high, low));
    both.val[1] = vqtbl1q_u8(table, vzip2q_u8(high, low));
    return both;
}

/* Dashes stand where the table of digits has none: at its numbers from 32 on. */
EVXI_INLINE uint8_t *evxi_guid_neon(uint8_t *to, const uint8_t *p)
{
    static const uint8_t order[16] = { 3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15 };
    static const uint8_t first[16] = { 0, 1, 2, 3, 4, 5, 6, 7, 99, 8, 9, 10, 11, 99, 12, 13 };
    static const uint8_t second[16] = { 14, 15, 99, 16, 17, 18, 19, 99, 20, 21, 22, 23 };
    const uint8x16_t dash = vdupq_n_u8('-');
    uint8x16x2_t x = evxi_nibbles_neon(vqtbl1q_u8(vld1q_u8(p), vld1q_u8(order)),
                                       "0123456789ABCDEF");

    vst1q_u8(to, vqtbx2q_u8(dash, x, vld1q_u8(first)));
    vst1q_u8(to + 16, vqtbx2q_u8(dash, x, vld1q_u8(second)));
    vst1_u8(to + 28, vget_high_u8(x.val[1]));
    return to + 36;
}

/* All sixteen nibbles, from the first one on that is not zero. */
EVXI_INLINE uint8_t *evxi_hex_neon(uint8_t *to, uint64_t x)
{
    uint32_t zeros = 16 - (evxi_bits(x | 1) + 3) / 4;
    uint8x16_t v = vcombine_u8(vrev64_u8(vcreate_u8(x)), vcreate_u8(0));

    v = evxi_nibbles_neon(v, "0123456789abcdef").val[0];
    to[0] = '0';
    to[1] = 'x';
    vst1q_u8(to + 2, evxi_from_byte(v, zeros));
    return to + 18 - zeros;
}

#endif

#endif
