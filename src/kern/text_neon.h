/* src/kern/text_neon.h - characters with NEON: 16 at a time, escapes and entities among them */
#ifndef EVXI_TEXT_NEON_H
#define EVXI_TEXT_NEON_H

#include "kern/kern.h"

/* Little-endian only: a register's lanes are taken for the bytes of memory, in their order. */
#if defined(__aarch64__) && defined(__AARCH64EL__) && defined(__ARM_NEON) && defined(__GNUC__)
#define EVXI_NEON 1

#include <arm_neon.h>

#ifndef EVXI_INLINE                  /* where branches are counted, a function is compiled once */
#define EVXI_INLINE static inline __attribute__((always_inline))
#endif

/* ---- bytes -> a register --------------------------------------------------------------------- */

EVXI_INLINE uint8x16_t evxi_places_of_bytes(void)
{
    static const uint8_t places[16] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };

    return vld1q_u8(places);
}

/* The bytes from number `by` on, and zeros behind them: what a table has not is zero. */
EVXI_INLINE uint8x16_t evxi_from_byte(uint8x16_t x, uint32_t by)
{
    return vqtbl1q_u8(x, vaddq_u8(evxi_places_of_bytes(), vdupq_n_u8((uint8_t)by)));
}

/* Eight bytes in front of eight others, of which only those from number 16 - n on count. A shift in
 * a register may be one of all 64 bits. */
EVXI_INLINE uint8x16_t evxi_join(uint8x8_t first, uint8x8_t last, uint32_t n)
{
    int64x1_t by = vcreate_s64((uint64_t)(8 * ((int64_t)n - 16)));

    return vcombine_u8(first, vreinterpret_u8_u64(vshl_u64(vreinterpret_u64_u8(last), by)));
}

/* One to fifteen bytes, and zeros behind them, without a look at what lies behind. */
EVXI_INLINE uint8x16_t evxi_few_bytes(const uint8_t *p, uint32_t n)
{
    uint32_t low, high;

    if (n >= 8)
        return evxi_join(vld1_u8(p), vld1_u8(p + n - 8), n);
    if (n >= 4) {
        memcpy(&low, p, 4);
        memcpy(&high, p + n - 4, 4);
        return vcombine_u8(vcreate_u8(low | (uint64_t)high << 8 * (n - 4)), vcreate_u8(0));
    }
    low = p[0] | (uint32_t)p[n / 2] << 8 * (n / 2) | (uint32_t)p[n - 1] << 8 * (n - 1);
    return vcombine_u8(vcreate_u8(low), vcreate_u8(0));
}

/* Eight units as bytes; what is beyond 0xff becomes that. */
EVXI_INLINE uint8x8_t evxi_eight_units(const uint8_t *p)
{
    return vqmovn_u16(vreinterpretq_u16_u8(vld1q_u8(p)));
}

EVXI_INLINE uint8x16_t evxi_sixteen(const uint8_t *p, uint32_t size)
{
    return size == 1 ? vld1q_u8(p) : vcombine_u8(evxi_eight_units(p), evxi_eight_units(p + 16));
}

/* Fewer than sixteen, and none in front of them. */
EVXI_INLINE uint8x16_t evxi_few(const uint8_t *p, uint32_t n, uint32_t size)
{
    if (size == 1)
        return evxi_few_bytes(p, n);
    if (n >= 8)
        return evxi_join(evxi_eight_units(p), evxi_eight_units(p + 2 * (size_t)n - 16), n);
    return vcombine_u8(vqmovn_u16(vreinterpretq_u16_u8(evxi_few_bytes(p, 2 * n))), vcreate_u8(0));
}

/* ---- characters ------------------------------------------------------------------------------ */

/* Of each byte that is 0xff, and not 0, one bit of four: the highest. */
EVXI_INLINE uint64_t evxi_found(uint8x16_t x)
{
    uint8x8_t four = vshrn_n_u16(vreinterpretq_u16_u8(x), 4);

    return vget_lane_u64(vreinterpret_u64_u8(four), 0) & 0x8888888888888888u;
}

/*
 * A bit for each of the first `most` bytes that cannot be copied as it stands, or is beyond ASCII,
 * as above. The characters that are escaped differ in their low four bits, so one look into a table
 * finds the only candidate.
 */
EVXI_INLINE uint64_t evxi_special_neon(uint8x16_t b, uint32_t most, unsigned where)
{
    static const uint8_t alike[3][16] = {
        [EVXI_IN_XML] = { [6] = '&', [12] = '<', [14] = '>' },
        [EVXI_IN_ATTRIBUTE] = { [2] = '"', [6] = '&', [7] = '\'', [12] = '<', [14] = '>' },
        [EVXI_IN_JSON] = { [2] = '"', [12] = '\\' }
    };
    static const uint8_t white[16] = { ['\t'] = 0xff, ['\n'] = 0xff, ['\r'] = 0xff };
    uint8x16_t like = vqtbl1q_u8(vld1q_u8(alike[where]), vandq_u8(b, vdupq_n_u8(15)));
    uint8x16_t bad = vcltq_s8(vreinterpretq_s8_u8(b), vdupq_n_s8(0x20));
    uint64_t bits, here = UINT64_MAX >> 4 * (16 - most);

    bad = vorrq_u8(bad, vceqq_u8(like, b));
    bits = evxi_found(bad) & here;
    if (where == EVXI_IN_JSON || EVXI_LIKELY(bits == 0))
        return bits;
    return evxi_found(vbicq_u8(bad, vqtbl1q_u8(vld1q_u8(white), b))) & here;  /* XML leaves it */
}

/*
 * Escapes, and behind each what follows it, in front of the first unit that needs more. What is in
 * front of the first of them stands there already.
 */
EVXI_INLINE uint32_t evxi_put_escapes_neon(uint8_t **to, const uint8_t *p, uint32_t size,
                                           uint8x16_t b, uint64_t special, uint32_t most,
                                           unsigned where)
{
    uint32_t from = 0, i, unit;
    uint8_t *at = *to;
    const evxi_escape *e;

    for (; special != 0; special &= special - 1, from = i + 1) {
        i = (uint32_t)__builtin_ctzll(special) / 4;
        unit = size == 1 ? p[i] : evxi_le16(p + 2 * (size_t)i);
        e = &evxi_escapes[where][unit & 0x7f];
        if (unit >= 0x80 || e->len == 0) {
            most = i;
            break;
        }
        at += i - from;
        memcpy(at, e, sizeof *e);
        at += e->len;
        vst1q_u8(at, evxi_from_byte(b, i + 1));
    }
    *to = at + (most - from);
    return most;
}

/*
 * Units of two bytes or of one, as long as nothing stands there but what is copied or replaced by
 * its one escape. The last step of several looks back at units that were written.
 */
EVXI_INLINE uint32_t evxi_ascii_neon(uint8_t **to, const uint8_t *p, uint32_t units, uint32_t size,
                                     unsigned where)
{
    uint32_t n = 0, got = 0, most = 0;
    uint8_t *at = *to;

    for (; n < units && got == most; n += got) {
        const uint8_t *from = p + size * (size_t)n;
        most = units - n < 16 ? units - n : 16;
        uint8x16_t b = most == 16 ? evxi_sixteen(from, size)
                     : n == 0 ? evxi_few(from, most, size)
                     : evxi_from_byte(evxi_sixteen(p + size * (size_t)(units - 16), size),
                                      16 - most);
        uint64_t special = evxi_special_neon(b, most, where);
        vst1q_u8(at, b);
        if (EVXI_LIKELY(special == 0))
            at += got = most;
        else
            got = evxi_put_escapes_neon(&at, from, size, b, special, most, where);
    }
    *to = at;
    return n;
}

#else
#define EVXI_NEON 0
#endif

#endif
