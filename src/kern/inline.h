/* src/kern/inline.h - the inner loops of each set that are worth having in place, without a call */
#ifndef EVXI_INLINE_H
#define EVXI_INLINE_H

#include "base/same.h"
#include "kern/inline_neon.h"
#include "kern/text_avx2.h"

/*
 * For each set of `kern/each.h` the same seven: a string's first block, which mostly is all of it,
 * a copy of short text, comparisons, a sum, and numbers as hexadecimal digits. Bytes
 * behind the text may be touched, up to EVXI_TRANSCODE_SLACK.
 *
 *   evxi_text_SET   as evx_kernels.transcode; two bytes behind the units may be read
 *   evxi_copy_SET   `len` bytes; up to 64 behind them may be read
 *   evxi_equal_SET  are these `len` bytes equal? Nothing is read beyond them
 *   evxi_block_SET  the same for 32 bytes or more, mostly between 64 and 96
 *   evxi_halves_SET the sum of the lower halves of `count` 32-bit numbers, below 2^16 of them
 *   evxi_guid_SET   8-4-4-4-12 upper-case digits of sixteen bytes, the first three groups of which
 *                   are little-endian numbers
 *   evxi_hex_SET    "0x" and as few lower-case digits as it takes
 */

/* ---- table: by the set's own functions ------------------------------------------------------ */

static inline uint32_t evxi_text_table(const evx_kernels *k, uint8_t **to, const uint8_t *p,
                                       uint32_t units, unsigned where)
{
    return k->transcode(to, p, units, where);
}

static inline uint8_t *evxi_copy_table(uint8_t *to, const uint8_t *from, uint32_t len)
{
    enum { STEP = 32 };

    memcpy(to, from, STEP);
    for (uint32_t at = STEP; at < len; at += STEP)
        memcpy(to + at, from + at, STEP);
    return to + len;
}

#define evxi_block_table evxi_equal_table

static inline bool evxi_equal_table(const uint8_t *a, const uint8_t *b, size_t len)
{
    return memcmp(a, b, len) == 0;
}

/* Two at a time: no sum reaches 2^32. */
static inline uint32_t evxi_halves_table(const uint8_t *p, uint32_t count)
{
    const uint64_t low = 0x0000ffff0000ffffu;
    uint64_t all = count & 1 ? evxi_le16(p + 4 * (size_t)(count - 1)) : 0;

    for (uint32_t i = 0; i + 2 <= count; i += 2)
        all += evxi_le64(p + 4 * (size_t)i) & low;
    return (uint32_t)(all + (all >> 32));
}

/* ---- avx2 and avx512 ------------------------------------------------------------------------ */

#if EVXI_AVX

#define EVXI_TARGET_AVX512 \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,bmi,bmi2,popcnt")))

EVXI_TARGET_AVX2 EVXI_INLINE uint8_t *evxi_copy_avx2(uint8_t *to, const uint8_t *from,
                                                     uint32_t len)
{
    enum { STEP = 32 };

    for (uint32_t at = 0;;) {
        __m256i x = _mm256_loadu_si256((const __m256i *)(const void *)(from + at));
        _mm256_storeu_si256((__m256i *)(void *)(to + at), x);
        at += STEP;
        if (EVXI_LIKELY(at >= len))
            return to + len;
    }
}

/* Where bytes differ, of both: 32, and of the 16 that begin there. */
EVXI_TARGET_AVX2 EVXI_INLINE __m256i evxi_other_avx2(const uint8_t *a, const uint8_t *b)
{
    return _mm256_xor_si256(_mm256_loadu_si256((const __m256i *)(const void *)a),
                            _mm256_loadu_si256((const __m256i *)(const void *)b));
}

EVXI_TARGET_AVX2 EVXI_INLINE __m128i evxi_other_sse2(const uint8_t *a, const uint8_t *b)
{
    return _mm_xor_si128(_mm_loadu_si128((const __m128i *)(const void *)a),
                         _mm_loadu_si128((const __m128i *)(const void *)b));
}

/* The last ones again with the ones before them, so that nothing is left over. */
EVXI_TARGET_AVX2 EVXI_INLINE bool evxi_block_avx2(const uint8_t *a, const uint8_t *b, size_t len)
{
    enum { STEP = 32 };
    __m256i x = _mm256_or_si256(evxi_other_avx2(a, b),
                                evxi_other_avx2(a + len - STEP, b + len - STEP));

    if (EVXI_LIKELY(len > 2 * STEP))
        x = _mm256_or_si256(x, evxi_other_avx2(a + STEP, b + STEP));
    for (size_t i = 2 * STEP; EVXI_UNLIKELY(i + STEP < len); i += STEP)
        x = _mm256_or_si256(x, evxi_other_avx2(a + i, b + i));
    return _mm256_testz_si256(x, x);
}

EVXI_TARGET_AVX2 EVXI_INLINE bool evxi_equal_avx2(const uint8_t *a, const uint8_t *b, size_t len)
{
    enum { STEP = 32, HALF = 16 };
    __m128i x;

    if (len >= STEP)
        return evxi_block_avx2(a, b, len);
    if (len < HALF)
        return evxi_same_few(a, b, len);
    x = _mm_or_si128(evxi_other_sse2(a, b), evxi_other_sse2(a + len - HALF, b + len - HALF));
    return _mm_testz_si128(x, x);
}

#define evxi_block_avx512 evxi_block_avx2
#define evxi_equal_avx512 evxi_equal_avx2

/* The lower halves of eight, or of as many as there are, and no byte behind them. */
EVXI_TARGET_AVX2 EVXI_INLINE __m256i evxi_eight_halves(const uint8_t *p, uint32_t count)
{
    const __m256i places = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    __m256i here = _mm256_cmpgt_epi32(_mm256_set1_epi32((int32_t)count), places);

    return _mm256_blend_epi16(_mm256_maskload_epi32((const int *)(const void *)p, here),
                              _mm256_setzero_si256(), 0xaa);
}

EVXI_TARGET_AVX2 EVXI_INLINE uint32_t evxi_halves_avx2(const uint8_t *p, uint32_t count)
{
    __m256i all = evxi_eight_halves(p, count);
    __m128i sum;
    uint64_t both;

    for (; EVXI_UNLIKELY(count > 8); count -= 8) {
        p += 32;
        all = _mm256_add_epi32(all, evxi_eight_halves(p, count - 8));
    }
    sum = _mm_add_epi32(_mm256_castsi256_si128(all), _mm256_extracti128_si256(all, 1));
    sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0x4e));
    both = (uint64_t)_mm_cvtsi128_si64(sum);
    return (uint32_t)both + (uint32_t)(both >> 32);
}

#define evxi_halves_avx512 evxi_halves_avx2

EVXI_TARGET_AVX512 EVXI_INLINE uint8_t *evxi_copy_avx512(uint8_t *to, const uint8_t *from,
                                                         uint32_t len)
{
    enum { STEP = 64 };

    for (uint32_t at = 0;;) {
        _mm512_storeu_si512(to + at, _mm512_loadu_si512(from + at));
        at += STEP;
        if (EVXI_LIKELY(at >= len))
            return to + len;
    }
}

EVXI_TARGET_AVX2 EVXI_INLINE uint32_t evxi_text_avx2(const evx_kernels *k, uint8_t **to,
                                                     const uint8_t *p, uint32_t units,
                                                     unsigned where)
{
    uint32_t n = evxi_ascii_avx2(to, p, units, 2, where);

    if (n == units || evxi_le16(p + 2 * (size_t)n) == 0)
        return n;
    return n + k->transcode(to, p + 2 * (size_t)n, units - n, where);
}

/* For each ASCII character: 128, if it cannot be copied as it stands into an element, and into an
 * attribute. XML's white space can. */
#define EVXI_CONTROLS \
    128, 128, 128, 128, 128, 128, 128, 128, 128, 0, 0, 128, 128, 0, 128, 128, \
    128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128
static const _Alignas(64) uint8_t evxi_specials[2][128] = {
    [EVXI_IN_XML] = { EVXI_CONTROLS, ['&'] = 128, ['<'] = 128, ['>'] = 128 },
    [EVXI_IN_ATTRIBUTE] = { EVXI_CONTROLS, ['&'] = 128, ['<'] = 128, ['>'] = 128, ['"'] = 128,
                            ['\''] = 128 }
};

/*
 * A bit for each byte that cannot be copied as it stands, or is beyond ASCII. JSON has two such
 * characters, which are compared; XML more, so one look into 128 bytes in two registers is quicker.
 */
EVXI_TARGET_AVX512 EVXI_INLINE uint32_t evxi_special_wide(__m256i b, unsigned where)
{
    const uint8_t *table = evxi_specials[where == EVXI_IN_ATTRIBUTE];
    __m512i found;

    if (where == EVXI_IN_JSON)
        return _mm256_cmplt_epi8_mask(b, _mm256_set1_epi8(0x20))
             | _mm256_cmpeq_epi8_mask(b, _mm256_set1_epi8('\\'))
             | _mm256_cmpeq_epi8_mask(b, _mm256_set1_epi8('"'));
    found = _mm512_permutex2var_epi8(_mm512_load_si512(table), _mm512_zextsi256_si512(b),
                                     _mm512_load_si512(table + 64));
    return _mm256_movepi8_mask(_mm256_or_si256(_mm512_castsi512_si256(found), b));
}

/*
 * JSON's seven escapes of two bytes, in front of the first unit that needs more. Every byte stands
 * behind a backslash of its own, and a byte mask drops the backslashes that nobody asked for.
 */
EVXI_TARGET_AVX512 EVXI_INLINE uint32_t evxi_put_escaped(uint8_t **to, __m256i b,
                                                         uint32_t special, uint32_t most)
{
    const __m256i letters = _mm256_broadcastsi128_si256(
        _mm_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, 'b', 't', 'n', 0, 'f', 'r', 0, 0));
    __m256i letter = _mm256_shuffle_epi8(letters, b);
    uint32_t low = _mm256_cmplt_epu8_mask(b, _mm256_set1_epi8(16));
    uint32_t named = _mm256_mask_test_epi8_mask(low, letter, letter);
    uint32_t hard = special & ~named & (_mm256_cmplt_epi8_mask(b, _mm256_set1_epi8(0x20)));
    uint32_t take = _tzcnt_u32(hard), escaped;
    __m512i two;
    uint64_t keep;

    take = take < most ? take : most;
    escaped = _bzhi_u32(special, take);
    two = _mm512_cvtepu8_epi16(_mm256_mask_blend_epi8(named, b, letter));
    two = _mm512_or_si512(_mm512_slli_epi16(two, 8), _mm512_set1_epi16('\\'));
    keep = _pdep_u64(escaped, 0x5555555555555555u)
         | _pdep_u64(_bzhi_u32(~0u, take), 0xaaaaaaaaaaaaaaaau);
    _mm512_storeu_si512(*to, _mm512_maskz_compress_epi8(keep, two));
    *to += _mm_popcnt_u64(keep);
    return take;
}

/*
 * As long as nothing stands there but what is copied or, in JSON, escaped with two bytes. A masked
 * load does not touch what it leaves out.
 */
EVXI_TARGET_AVX512 EVXI_INLINE uint32_t evxi_text_avx512(const evx_kernels *k, uint8_t **to,
                                                         const uint8_t *p, uint32_t units,
                                                         unsigned where)
{
    uint8_t *at = *to;
    uint32_t n = 0, got, most, special;

    do {
        most = units - n < 32 ? units - n : 32;
        __m256i b = _mm512_cvtusepi16_epi8(
            _mm512_maskz_loadu_epi16(_bzhi_u32(~0u, most), p + 2 * (size_t)n));
        special = _bzhi_u32(evxi_special_wide(b, where), most);
        got = most;
        if (EVXI_LIKELY(special == 0 || where != EVXI_IN_JSON)) {
            if (special != 0)
                got = _tzcnt_u32(special);
            _mm256_storeu_si256((__m256i *)(void *)at, b);
            at += got;
        } else {
            got = evxi_put_escaped(&at, b, special, most);
        }
        n += got;
    } while (n < units && got == most);
    *to = at;
    if (n == units || evxi_le16(p + 2 * (size_t)n) == 0)
        return n;
    return n + k->transcode(to, p + 2 * (size_t)n, units - n, where);
}

/* Nibbles are looked up in pairs of registers; dashes fall into places kept free for them. */
EVXI_TARGET_AVX2 EVXI_INLINE uint8_t *evxi_guid_avx2(uint8_t *to, const uint8_t *p)
{
    const __m128i digits = _mm_setr_epi8('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A',
                                         'B', 'C', 'D', 'E', 'F');
    const __m128i dash = _mm_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, '-', 0, 0, 0, 0, '-', 0, 0);
    const __m128i dash2 = _mm_setr_epi8(0, 0, '-', 0, 0, 0, 0, '-', 0, 0, 0, 0, 0, 0, 0, 0);
    const __m128i order = _mm_setr_epi8(3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15);
    const __m128i first = _mm_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, -1, 8, 9, 10, 11, -1, 12, 13);
    const __m128i second = _mm_setr_epi8(0, 1, -1, 2, 3, 4, 5, -1, 6, 7, 8, 9, 10, 11, 12, 13);
    __m128i x = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(const void *)p), order);
    __m128i low = _mm_and_si128(x, _mm_set1_epi8(15));
    __m128i high = _mm_and_si128(_mm_srli_epi16(x, 4), _mm_set1_epi8(15));
    __m128i a = _mm_shuffle_epi8(digits, _mm_unpacklo_epi8(high, low));
    __m128i b = _mm_shuffle_epi8(digits, _mm_unpackhi_epi8(high, low));
    __m128i middle = _mm_alignr_epi8(b, a, 14);      /* digits 14 to 29 */

    _mm_storeu_si128((__m128i *)(void *)(to + 20), b);        /* the last four stay: 32 to 35 */
    _mm_storeu_si128((__m128i *)(void *)to, _mm_or_si128(_mm_shuffle_epi8(a, first), dash));
    _mm_storeu_si128((__m128i *)(void *)(to + 16),
                     _mm_or_si128(_mm_shuffle_epi8(middle, second), dash2));
    return to + 36;
}

/* All sixteen nibbles, from the first one on that is not zero. */
EVXI_TARGET_AVX2 EVXI_INLINE uint8_t *evxi_hex_avx2(uint8_t *to, uint64_t x)
{
    static const uint8_t from[32] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };
    const __m128i digits = _mm_setr_epi8('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a',
                                         'b', 'c', 'd', 'e', 'f');
    uint32_t zeros = 16 - (evxi_bits(x | 1) + 3) / 4;
    __m128i v = _mm_cvtsi64_si128((long long)__builtin_bswap64(x)), high, low;

    high = _mm_and_si128(_mm_srli_epi16(v, 4), _mm_set1_epi8(15));
    low = _mm_and_si128(v, _mm_set1_epi8(15));
    v = _mm_shuffle_epi8(_mm_unpacklo_epi8(high, low),
                         _mm_loadu_si128((const __m128i *)(const void *)(from + zeros)));
    to[0] = '0';
    to[1] = 'x';
    _mm_storeu_si128((__m128i *)(void *)(to + 2), _mm_shuffle_epi8(digits, v));
    return to + 18 - zeros;
}

EVXI_TARGET_AVX512 EVXI_INLINE uint8_t *evxi_hex_avx512(uint8_t *to, uint64_t x)
{
    return evxi_hex_avx2(to, x);
}

EVXI_TARGET_AVX512 EVXI_INLINE uint8_t *evxi_guid_avx512(uint8_t *to, const uint8_t *p)
{
    return evxi_guid_avx2(to, p);
}

#endif

#endif
