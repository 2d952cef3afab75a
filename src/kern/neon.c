/* src/kern/neon.c - the set for AArch64, where NEON is always there */
#include "kern/inline.h"

#if EVXI_NEON

#ifdef __ARM_FEATURE_CRC32
#include <arm_acle.h>
#endif

/* ---- text ------------------------------------------------------------------------------------ */

/* Units fill lanes of four bytes with their one to three; a table says how the rest is dropped.
 * how: its index, and how many bytes are left, from bit 8 on. */
EVXI_INLINE void put_lanes(uint8_t **to, uint8x16_t x, uint32_t how)
{
    uint8x16_t from = vld1q_u8((const uint8_t *)evxi_lanes[how & 0xff]);

    vst1q_u8(*to, vqtbl1q_u8(x, from));
    *to += how >> 8;
}

/* Four units of `here`, and the four behind them: what put_lanes asks for, in the low two lanes. */
EVXI_INLINE uint16x8_t hows(uint16x8_t two, uint16x8_t three, uint16x8_t here)
{
    static const uint16_t two_or_more[8] = { 257, 258, 260, 264, 257, 258, 260, 264 };
    static const uint16_t three_too[8] = { 272, 288, 320, 384, 272, 288, 320, 384 };
    uint16x8_t sum = vaddq_u16(vandq_u16(two, vld1q_u16(two_or_more)),
                               vandq_u16(three, vld1q_u16(three_too)));

    sum = vandq_u16(vaddq_u16(sum, vdupq_n_u16(256)), here);
    sum = vpaddq_u16(sum, sum);
    return vpaddq_u16(sum, sum);
}

/* How many of these units stand in front of the first one that is escaped or stops us. */
EVXI_INLINE uint32_t plain(uint16x8_t x, uint16x8_t two, unsigned where)
{
    uint16x8_t last = vdupq_n_u16(where == EVXI_IN_JSON ? 0xffff : 0xfffd);
    uint16x8_t stop = vceqq_u16(vandq_u16(x, vdupq_n_u16(0xf800)), vdupq_n_u16(0xd800));
    uint8x8_t beyond = vmovn_u16(two), b = vorr_u8(vmovn_u16(x), beyond);
    uint64_t bits = evxi_special_neon(vcombine_u8(b, vcreate_u8(0)), 8, where);
    uint8x16_t bad = vcombine_u8(vmovn_u16(vorrq_u16(stop, vcgtq_u16(x, last))), vcreate_u8(0));

    bits &= ~evxi_found(vcombine_u8(beyond, vcreate_u8(0)));
    return (uint32_t)__builtin_ctzll(bits | evxi_found(bad) | (uint64_t)1 << 32) / 4;
}

/* Eight units of any script, or those in front of the first one that is escaped or stops us. */
static uint32_t put_script(uint8_t **to, const uint8_t *p, unsigned where)
{
    static const uint16_t index[8] = { 0, 1, 2, 3, 4, 5, 6, 7 };
    uint16x8_t x = vreinterpretq_u16_u8(vld1q_u8(p)), low, middle, first, how;
    uint16x8_t two = vcgtq_u16(x, vdupq_n_u16(0x7f)), three = vcgtq_u16(x, vdupq_n_u16(0x7ff));
    uint32_t take = plain(x, two, where);

    how = hows(two, three, vcgtq_u16(vdupq_n_u16((uint16_t)take), vld1q_u16(index)));
    low = vorrq_u16(vandq_u16(x, vdupq_n_u16(0x3f)), vdupq_n_u16(0x80));
    middle = vorrq_u16(vandq_u16(vshrq_n_u16(x, 6), vdupq_n_u16(0x3f)), vdupq_n_u16(0x80));
    first = vbslq_u16(two, vorrq_u16(vshrq_n_u16(x, 6), vdupq_n_u16(0xc0)), x);
    first = vbslq_u16(three, vorrq_u16(vshrq_n_u16(x, 12), vdupq_n_u16(0xe0)), first);
    first = vsliq_n_u16(first, vbslq_u16(three, middle, low), 8);
    put_lanes(to, vreinterpretq_u8_u16(vzip1q_u16(first, low)), vgetq_lane_u16(how, 0));
    put_lanes(to, vreinterpretq_u8_u16(vzip2q_u16(first, low)), vgetq_lane_u16(how, 1));
    return take;
}

/* Eight at a time, until eight of them were ASCII. */
static uint32_t put_scripts(uint8_t **to, const uint8_t *p, uint32_t left, unsigned where)
{
    uint32_t n = 0, got;
    uint8_t *before;

    do {
        before = *to;
        got = put_script(to, p + 2 * (size_t)n, where);
        n += got;
    } while (got == 8 && *to - before > 8 && left - n >= 8);
    return n;
}

/* What stopped the wide loop at p, and what is like it behind; 0: it stops us. One accent in a line
 * is not worth a shuffle. */
EVXI_INLINE uint32_t put_some(uint8_t **to, const uint8_t *p, uint32_t left, unsigned where)
{
    uint32_t n = 0;
    uint8_t *next;

    if (left >= 8 && evxi_le16(p) >= 0x80 && evxi_le16(p + 2) >= 0x80)
        return put_scripts(to, p, left, where);
    do {
        next = evxi_put_unit(*to, evxi_le16(p + 2 * (size_t)n), where);
        if (!next)
            break;
        *to = next;
    } while (++n < left && evxi_le16(p + 2 * (size_t)n) >= 0x80);
    return n;
}

static uint32_t transcode(uint8_t **to, const uint8_t *utf16, uint32_t units, unsigned where)
{
    uint32_t n = 0, got;

    while (n < units) {
        n += evxi_ascii_neon(to, utf16 + 2 * (size_t)n, units - n, 2, where);
        if (n == units)
            break;
        got = put_some(to, utf16 + 2 * (size_t)n, units - n, where);
        if (got == 0)
            break;
        n += got;
    }
    return n;
}

static uint32_t escape(uint8_t **to, const uint8_t *p, uint32_t len, unsigned where)
{
    return evxi_ascii_neon(to, p, len, 1, where);
}

/* ---- CRC-32 ---------------------------------------------------------------------------------- */

/*
 * By the processor's instructions where the compiler may count on them: -march=armv8-a+crc, and all
 * of Apple's. Nobody looks for them at run time: all that a program can ask without a C library is
 * a register, for which Linux before 4.11, macOS and others have nothing but a signal.
 */
#ifdef __ARM_FEATURE_CRC32

static uint32_t crc32(uint32_t crc, const uint8_t *p, size_t len)
{
    uint64_t x;

    crc = ~crc;
    for (; len >= sizeof x; p += sizeof x, len -= sizeof x) {
        memcpy(&x, p, sizeof x);
        crc = __crc32d(crc, x);
    }
    for (; len > 0; p++, len--)
        crc = __crc32b(crc, *p);
    return ~crc;
}

#else

static uint32_t crc32(uint32_t crc, const uint8_t *p, size_t len)
{
    return evxi_kernels_portable.crc32(crc, p, len);
}

#endif

/* ---- signatures ------------------------------------------------------------------------------ */

static uint32_t find_record(const uint8_t *base, uint32_t at, uint32_t end)
{
    return evxi_kernels_portable.find_record(base, at, end);
}

/* ---- descriptors ----------------------------------------------------------------------------- */

/* What is wrong with four. */
EVXI_INLINE uint32x4_t wrongs(const uint8_t *p, const uint32_t *mask, const uint32_t *want)
{
    return veorq_u32(vandq_u32(vreinterpretq_u32_u8(vld1q_u8(p)), vld1q_u32(mask)),
                     vld1q_u32(want));
}

/* The last step looks again at some of those before it. */
static bool match(const uint8_t *p, const uint32_t *mask, const uint32_t *want, uint32_t count)
{
    uint32x4_t wrong = vdupq_n_u32(0);
    uint32_t last;

    if (count < 4)
        return evxi_kernels_portable.match(p, mask, want, count);
    last = count - 4;
    for (uint32_t i = 0; i < last; i += 4)
        wrong = vorrq_u32(wrong, wrongs(p + 4 * (size_t)i, mask + i, want + i));
    wrong = vorrq_u32(wrong, wrongs(p + 4 * (size_t)last, mask + last, want + last));
    return vmaxvq_u32(wrong) == 0;
}

/* A running sum: of neighbours, then of pairs. */
EVXI_INLINE uint32x4_t sums(uint32x4_t x)
{
    const uint32x4_t none = vdupq_n_u32(0);

    x = vaddq_u32(x, vextq_u32(none, x, 3));
    return vaddq_u32(x, vextq_u32(none, x, 2));
}

/* Up to three of nothing are behind the last one. */
static uint32_t places(const uint8_t *p, uint32_t count, uint32_t at, uint32_t *place,
                       uint32_t *types)
{
    uint32x4_t all = vdupq_n_u32(0), end = vdupq_n_u32(at);

    for (uint32_t i = 0; i < count; i += 4) {
        const uint8_t *from = p + 4 * (size_t)i;
        uint32_t left = count - i;
        uint32x4_t x = vreinterpretq_u32_u8(left >= 4 ? vld1q_u8(from)
                                                      : evxi_few_bytes(from, 4 * left));
        uint32x4_t size = vandq_u32(x, vdupq_n_u32(0xffff));
        end = vaddq_u32(vdupq_laneq_u32(end, 3), sums(size));
        vst1q_u32(place + i, vsliq_n_u32(vsubq_u32(end, size), x, 16));
        all = vorrq_u32(all, x);
    }
    all = vorrq_u32(all, vextq_u32(all, all, 2));
    *types = vgetq_lane_u32(all, 0) | vgetq_lane_u32(all, 1);
    return vgetq_lane_u32(end, 3);
}

/* ---- words ----------------------------------------------------------------------------------- */

/* The rarest letter of a word and its last one, so many letters behind it: families of names begin
 * alike, and ".exe" stands everywhere. */
typedef struct letters {
    uint8x16_t one, last;            /* with their cases folded away                          */
    size_t far;
} letters;

EVXI_INLINE uint8x16_t folded(const uint8_t *p)
{
    return vorrq_u8(vld1q_u8(p), vdupq_n_u8(0x20));
}

/* Of 16 places: where both stand, in either coding; of each byte the bit of its place in eight. */
EVXI_INLINE uint8x16_t pairs_at(const uint8_t *p, const letters *x)
{
    static const uint8_t bits[16] = { 1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128 };
    uint8x16_t last = vorrq_u8(vceqq_u8(folded(p + x->far), x->last),
                               vceqq_u8(folded(p + 2 * x->far), x->last));

    return vandq_u8(vandq_u8(last, vceqq_u8(folded(p), x->one)), vld1q_u8(bits));
}

/* Sums of neighbours, three times: eight bytes' bits in one. */
EVXI_INLINE uint64_t candidates(const uint8_t *p, const letters *x)
{
    uint8x16_t a = vpaddq_u8(pairs_at(p, x), pairs_at(p + 16, x));
    uint8x16_t b = vpaddq_u8(pairs_at(p + 32, x), pairs_at(p + 48, x));

    a = vpaddq_u8(a, b);
    return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(a, a)), 0);
}

/*
 * The last step overlaps the one before it. What does not reach so far behind its first letter as
 * UTF-16 does stands in the last 2 n bytes.
 */
static bool holds(const uint8_t *p, size_t len, const char *word, size_t n)
{
    enum { STEP = 64 };
    size_t from = evxi_rarest(word, n), at = 0, last;
    const letters x = { vdupq_n_u8((uint8_t)(word[from] | 0x20)),
                        vdupq_n_u8((uint8_t)(word[n - 1] | 0x20)), n - 1 - from };

    if (len < STEP + 2 * n)
        return evxi_kernels_portable.holds(p, len, word, n);
    last = len - STEP - 2 * x.far;
    for (;; at = last - at < STEP ? last : at + STEP) {
        uint64_t hits = candidates(p + at, &x);
        if (EVXI_UNLIKELY(hits != 0) && evxi_word_near(p, len, at, hits, word, n, from))
            return true;
        if (at == last)
            return evxi_kernels_portable.holds(p + len - 2 * n, 2 * n, word, n);
    }
}

const evx_kernels *evxi_kernels_neon(void)
{
    static const evx_kernels set = { "neon", crc32, transcode, escape, find_record, match, places,
                                     holds, EVXI_PLACE_NEON };

    return &set;
}

#else

const evx_kernels *evxi_kernels_neon(void)
{
    return NULL;
}

#endif
