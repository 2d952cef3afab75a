/* src/kern/avx512.c - the set for processors with AVX-512 and its byte permutations (VBMI2) */
#include "kern/inline.h"

#if EVXI_AVX

#define TARGET EVXI_TARGET_AVX512

/* Masked loads never touch what lies behind a string, so there is no tail, and no short string. */
enum { WIDE = 32, HALF = 16 };

/*
 * Up to sixteen units of any script, in front of the first one that is escaped or stops us: a unit
 * fills a lane of four bytes with its one to three, and a byte mask drops the rest.
 */
TARGET EVXI_INLINE uint32_t put_script(uint8_t **to, const uint8_t *p, uint32_t most,
                                         unsigned where)
{
    uint32_t here = _bzhi_u32(0xffff, most), stop, take, two, three;
    __m256i units = _mm256_maskz_loadu_epi16((__mmask16)here, p);
    __m512i x = _mm512_cvtepu16_epi32(units), low, w2, w3;
    uint64_t keep;

    stop = evxi_special_wide(_mm256_zextsi128_si256(_mm256_cvtusepi16_epi8(units)), where)
         & _mm256_cmplt_epu16_mask(units, _mm256_set1_epi16(0x80));
    stop |= _mm256_cmpeq_epu16_mask(_mm256_and_si256(units, _mm256_set1_epi16((short)0xf800)),
                                    _mm256_set1_epi16((short)0xd800));
    if (where != EVXI_IN_JSON)
        stop |= _mm256_cmpge_epu16_mask(units, _mm256_set1_epi16((short)0xfffe));
    take = _tzcnt_u32(stop | ~here);
    two = _mm512_cmpge_epu32_mask(x, _mm512_set1_epi32(0x80));
    three = _mm512_cmpge_epu32_mask(x, _mm512_set1_epi32(0x800));
    low = _mm512_and_si512(x, _mm512_set1_epi32(0x3f));
    w2 = _mm512_or_si512(_mm512_srli_epi32(x, 6), _mm512_slli_epi32(low, 8));
    w2 = _mm512_or_si512(w2, _mm512_set1_epi32(0x80c0));
    w3 = _mm512_and_si512(_mm512_slli_epi32(x, 2), _mm512_set1_epi32(0x3f00));
    w3 = _mm512_or_si512(w3, _mm512_or_si512(_mm512_srli_epi32(x, 12), _mm512_slli_epi32(low, 16)));
    w3 = _mm512_or_si512(w3, _mm512_set1_epi32(0x8080e0));
    x = _mm512_mask_mov_epi32(_mm512_mask_mov_epi32(x, (__mmask16)two, w2), (__mmask16)three, w3);
    here = _bzhi_u32(here, take);
    keep = _pdep_u64(here, 0x1111111111111111u) | _pdep_u64(two & here, 0x2222222222222222u)
         | _pdep_u64(three & here, 0x4444444444444444u);
    _mm512_storeu_si512(*to, _mm512_maskz_compress_epi8(keep, x));
    *to += _mm_popcnt_u64(keep);
    return take;
}

TARGET EVXI_INLINE uint32_t run(uint8_t **out, const uint8_t *utf16, uint32_t units,
                                  unsigned where)
{
    uint8_t *to = *out, *next;
    uint32_t n = 0, got;

    while (n < units) {
        uint32_t most = units - n < WIDE ? units - n : (uint32_t)WIDE;
        const uint8_t *p = utf16 + 2 * (size_t)n;
        __m256i b = _mm512_cvtusepi16_epi8(
            _mm512_maskz_loadu_epi16(_bzhi_u32(~0u, most), p));
        uint32_t special = _bzhi_u32(evxi_special_wide(b, where), most);
        if (EVXI_LIKELY(special == 0)) {
            got = most;
            _mm256_storeu_si256((__m256i *)(void *)to, b);
            to += got;
        } else if (where == EVXI_IN_JSON) {
            got = evxi_put_escaped(&to, b, special, most);
        } else {
            got = _tzcnt_u32(special);
            _mm256_storeu_si256((__m256i *)(void *)to, b);
            to += got;
        }
        n += got;
        if (got == most)
            continue;
        p += 2 * (size_t)got;
        if (evxi_le16(p) >= 0x80) {
            got = put_script(&to, p, units - n < HALF ? units - n : (uint32_t)HALF, where);
            n += got;
            if (got == 0)
                break;
        } else {
            next = evxi_put_unit(to, evxi_le16(p), where);
            if (!next)
                break;
            to = next;
            n++;
        }
    }
    *out = to;
    return n;
}

TARGET static uint32_t transcode(uint8_t **to, const uint8_t *utf16, uint32_t units,
                                 unsigned where)
{
    if (where == EVXI_IN_JSON)
        return run(to, utf16, units, EVXI_IN_JSON);
    if (where == EVXI_IN_XML)
        return run(to, utf16, units, EVXI_IN_XML);
    return run(to, utf16, units, EVXI_IN_ATTRIBUTE);
}

/* ---- CRC-32 --------------------------------------------------------------------------------- */

#define TARGET_CRC __attribute__((target("avx512f,avx512bw,avx512vl,vpclmulqdq,pclmul")))

TARGET_CRC EVXI_INLINE __m512i fold(__m512i x, __m512i by, __m512i next)
{
    return _mm512_ternarylogic_epi64(_mm512_clmulepi64_epi128(x, by, 0x00),
                                     _mm512_clmulepi64_epi128(x, by, 0x11), next, 0x96);
}

/* As the AVX2 set's, four blocks in a register, four registers at a time. What remains, 64 bytes
 * and those that fill no register, is that one's. */
TARGET_CRC static uint32_t crc32(uint32_t crc, const uint8_t *p, size_t len)
{
    /* x^(2048+32), x^(2048-32); x^(512+32), x^(512-32), reflected */
    const __m512i far = _mm512_broadcast_i32x4(_mm_set_epi64x(0x1322d1430, 0x11542778a));
    const __m512i near = _mm512_broadcast_i32x4(_mm_set_epi64x(0x1c6e41596, 0x154442bd4));
    uint8_t rest[128];
    __m512i x[4];

    if (len < 256)
        return evxi_crc32_clmul(crc, p, len);
    for (int i = 0; i < 4; i++)
        x[i] = _mm512_loadu_si512(p + 64 * i);
    x[0] = _mm512_xor_si512(x[0], _mm512_zextsi128_si512(_mm_cvtsi32_si128((int)~crc)));
    for (p += 256, len -= 256; len >= 256; p += 256, len -= 256)
        for (int i = 0; i < 4; i++)
            x[i] = fold(x[i], far, _mm512_loadu_si512(p + 64 * i));
    for (int i = 1; i < 4; i++)
        x[0] = fold(x[0], near, x[i]);
    for (; len >= 64; p += 64, len -= 64)
        x[0] = fold(x[0], near, _mm512_loadu_si512(p));
    _mm512_storeu_si512(rest, x[0]);
    memcpy(rest + 64, p, len);
    return evxi_crc32_clmul(~0u, rest, 64 + len);
}

/* ---- words ----------------------------------------------------------------------------------- */

/* The rarest letter of a word and its last one, so many letters behind it: families of names begin
 * alike, and ".exe" stands everywhere. */
typedef struct letters {
    __m512i one, last;
    size_t far;
} letters;

enum { XOR_OR = 0xf6 };              /* a | (b ^ c), of three bits                             */

/* Where both letters stand, but for the bit that tells their cases. */
TARGET EVXI_INLINE uint64_t both(__m512i no_one, __m512i x, const letters *l)
{
    return _mm512_testn_epi8_mask(_mm512_ternarylogic_epi32(no_one, x, l->last, XOR_OR),
                                  _mm512_set1_epi8((char)0xdf));
}

/* Of 64 places, in either coding. */
TARGET EVXI_INLINE uint64_t candidates(const uint8_t *p, const letters *l)
{
    __m512i no_one = _mm512_xor_si512(_mm512_loadu_si512(p), l->one);

    return both(no_one, _mm512_loadu_si512(p + l->far), l)
         | both(no_one, _mm512_loadu_si512(p + 2 * l->far), l);
}

/* What is left behind `off` of `left` bytes, up to 64 of them; then zeros. */
TARGET static __m512i rest(const uint8_t *p, size_t left, size_t off)
{
    size_t n = left > off ? left - off : 0;

    return n == 0 ? _mm512_setzero_si512()
                  : _mm512_maskz_loadu_epi8(n < 64 ? ((uint64_t)1 << n) - 1 : UINT64_MAX, p + off);
}

/* The same where fewer bytes are left. */
TARGET static uint64_t last_candidates(const uint8_t *p, size_t left, const letters *l)
{
    __m512i no_one = _mm512_xor_si512(rest(p, left, 0), l->one);

    return both(no_one, rest(p, left, l->far), l) | both(no_one, rest(p, left, 2 * l->far), l);
}

TARGET static bool holds(const uint8_t *p, size_t len, const char *word, size_t n)
{
    enum { STEP = 128 };
    size_t from = evxi_rarest(word, n), at = 0, far = n - 1 - from;
    const letters l = { _mm512_set1_epi8(word[from]), _mm512_set1_epi8(word[n - 1]), far };

    for (; len - at >= STEP + 2 * far; at += STEP) {
        uint64_t a = candidates(p + at, &l), b = candidates(p + at + 64, &l);
        if (EVXI_UNLIKELY((a | b) != 0)
            && (evxi_word_near(p, len, at, a, word, n, from)
                || evxi_word_near(p, len, at + 64, b, word, n, from)))
            return true;
    }
    for (; at < len; at += 64)
        if (evxi_word_near(p, len, at, last_candidates(p + at, len - at, &l), word, n, from))
            return true;
    return false;
}

/* ---- is it there? ---------------------------------------------------------------------------- */

static bool has_avx512(void)
{
    const uint32_t leaf_b = bit_AVX512F | bit_AVX512BW | bit_AVX512VL | bit_BMI | bit_BMI2;
    const uint32_t leaf_c = bit_AVX512VBMI | bit_AVX512VBMI2 | bit_VPCLMULQDQ;
    uint32_t a, b, c, d, low, high;

    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    if ((low & 0xe6) != 0xe6)        /* the system keeps the wide registers and the masks */
        return false;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & leaf_b) == leaf_b
        && (c & leaf_c) == leaf_c;
}

const evx_kernels *evxi_kernels_avx512(void)
{
    static const evx_kernels set = { "avx512", crc32, transcode, evxi_escape_avx2,
                                     evxi_find_record_avx2, evxi_match_avx2,
                                     evxi_places_avx2, holds, EVXI_PLACE_AVX512 };

    return evxi_kernels_avx2() && has_avx512() ? &set : NULL;
}

#else

const evx_kernels *evxi_kernels_avx512(void)
{
    return NULL;
}

#endif
