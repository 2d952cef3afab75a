/* src/kern/text_avx2.h - characters with AVX2: 32 at a time, escapes and entities among them */
#ifndef EVXI_TEXT_AVX2_H
#define EVXI_TEXT_AVX2_H

#include "kern/x86.h"

#if EVXI_AVX

#define EVXI_TARGET_AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt")))

/*
 * A bit for each byte of `here` that cannot be copied as it stands, or is beyond ASCII. The
 * characters that are escaped differ in their low four bits, so one look into a table finds the
 * only candidate.
 */
EVXI_TARGET_AVX2 EVXI_INLINE uint32_t evxi_special_avx2(__m256i b, uint32_t here, unsigned where)
{
    const char quote = where == EVXI_IN_XML ? 0 : '"', mark = where == EVXI_IN_ATTRIBUTE ? '\'' : 0;
    const char and = where == EVXI_IN_JSON ? 0 : '&', more = where == EVXI_IN_JSON ? 0 : '>';
    const char less = where == EVXI_IN_JSON ? '\\' : '<';
    const __m256i like = _mm256_broadcastsi128_si256(
        _mm_setr_epi8(0, 0, quote, 0, 0, 0, and, mark, 0, 0, 0, 0, less, 0, more, 0));
    __m256i found = _mm256_cmpeq_epi8(_mm256_shuffle_epi8(like, b), b), white;
    uint32_t bits;

    found = _mm256_or_si256(found, _mm256_cmpgt_epi8(_mm256_set1_epi8(0x20), b));
    bits = (uint32_t)_mm256_movemask_epi8(found) & here;
    if (where == EVXI_IN_JSON || EVXI_LIKELY(bits == 0))
        return bits;
    white = _mm256_or_si256(_mm256_cmpeq_epi8(b, _mm256_set1_epi8('\t')),
                            _mm256_cmpeq_epi8(b, _mm256_set1_epi8('\n')));
    white = _mm256_or_si256(white, _mm256_cmpeq_epi8(b, _mm256_set1_epi8('\r')));
    return bits & ~(uint32_t)_mm256_movemask_epi8(white);    /* XML leaves it as it is */
}

/* Where sixteen bytes come from, twice: for eight that are escaped as `low` says, and for eight as
 * `high` says. */
EVXI_TARGET_AVX2 EVXI_INLINE __m256i evxi_backslashes_avx2(uint32_t low, uint32_t high)
{
    return _mm256_inserti128_si256(
        _mm256_castsi128_si256(*(const __m128i *)(const void *)evxi_backslashes[low]),
        *(const __m128i *)(const void *)evxi_backslashes[high], 1);
}

EVXI_TARGET_AVX2 EVXI_INLINE void evxi_store_avx2(uint8_t *to, __m128i x)
{
    _mm_storeu_si128((__m128i *)(void *)to, x);
}

/* 32 bytes, those in `escaped` behind a backslash: four times eight, each with room for eight more;
 * what is too much is written over by the next. */
EVXI_TARGET_AVX2 EVXI_INLINE void evxi_spread_avx2(uint8_t *to, __m256i b, uint32_t escaped)
{
    const __m256i mark = _mm256_set1_epi8('\\');
    __m256i even = _mm256_unpacklo_epi64(b, mark), odd = _mm256_unpackhi_epi64(b, mark);

    even = _mm256_shuffle_epi8(even, evxi_backslashes_avx2(escaped & 0xff, escaped >> 16 & 0xff));
    odd = _mm256_shuffle_epi8(odd, evxi_backslashes_avx2(escaped >> 8 & 0xff, escaped >> 24));
    evxi_store_avx2(to, _mm256_castsi256_si128(even));
    evxi_store_avx2(to + 8 + _mm_popcnt_u32(escaped & 0xff), _mm256_castsi256_si128(odd));
    evxi_store_avx2(to + 16 + _mm_popcnt_u32(escaped & 0xffff), _mm256_extracti128_si256(even, 1));
    evxi_store_avx2(to + 24 + _mm_popcnt_u32(escaped & 0xffffff),
                    _mm256_extracti128_si256(odd, 1));
}

/* JSON's seven escapes of two bytes, in front of the first unit that needs more. */
EVXI_TARGET_AVX2 EVXI_INLINE uint32_t evxi_put_escaped_avx2(uint8_t **to, __m256i b,
                                                            uint32_t special, uint32_t most)
{
    const __m256i letters = _mm256_broadcastsi128_si256(
        _mm_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, 'b', 't', 'n', 0, 'f', 'r', 0, 0));
    __m256i letter = _mm256_shuffle_epi8(letters, b);
    __m256i named = _mm256_and_si256(_mm256_cmpgt_epi8(_mm256_set1_epi8(0x10), b),
                                     _mm256_cmpgt_epi8(letter, _mm256_setzero_si256()));
    __m256i low = _mm256_cmpgt_epi8(_mm256_set1_epi8(0x20), b);
    uint32_t hard = (uint32_t)_mm256_movemask_epi8(_mm256_andnot_si256(named, low)) & special;

    if (EVXI_UNLIKELY(hard != 0)) {          /* a branch, so that nobody waits for an answer */
        most = _tzcnt_u32(hard);
        special = _bzhi_u32(special, most);
    }
    evxi_spread_avx2(*to, _mm256_blendv_epi8(b, letter, named), special);
    *to += most + (uint32_t)_mm_popcnt_u32(special);
    return most;
}

/* XML's entities, in front of the first unit that needs more. What is in front of the first of them
 * stands there already; what is behind one is copied behind its entity. */
EVXI_TARGET_AVX2 EVXI_INLINE uint32_t evxi_put_entities_avx2(uint8_t **to, __m256i b,
                                                             uint32_t special, uint32_t most,
                                                             unsigned where)
{
    uint8_t bytes[64], *at = *to;
    uint32_t from = 0, i;

    _mm256_storeu_si256((__m256i *)(void *)bytes, b);
    _mm256_storeu_si256((__m256i *)(void *)(bytes + 32), b);         /* copied, and overwritten */
    for (; special != 0; special = _blsr_u32(special), from = i + 1) {
        i = _tzcnt_u32(special);
        const evxi_escape *e = &evxi_escapes[where][bytes[i] & 0x7f];
        if (bytes[i] >= 0x80 || e->len == 0) {
            most = i;
            break;
        }
        at += i - from;
        memcpy(at, e, sizeof *e);
        at += e->len;
        _mm256_storeu_si256((__m256i *)(void *)at,
                            _mm256_loadu_si256((const __m256i *)(const void *)(bytes + i + 1)));
    }
    *to = at + (most - from);
    return most;
}

EVXI_TARGET_AVX2 EVXI_INLINE __m256i evxi_pack_avx2(__m256i low, __m256i high)
{
    return _mm256_permute4x64_epi64(_mm256_packus_epi16(low, high), 0xd8);
}

/* Up to 32 units as bytes; what is beyond ASCII becomes negative or zero. Where fewer are left,
 * zeros follow, but for the unit behind an odd number. */
EVXI_TARGET_AVX2 EVXI_INLINE __m256i evxi_tail_avx2(const uint8_t *p, uint32_t left)
{
    const __m256i places = _mm256_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14);
    __m256i here = _mm256_sub_epi32(_mm256_set1_epi32((int)left), places);
    __m256i low = _mm256_cmpgt_epi32(here, _mm256_setzero_si256());
    __m256i high = _mm256_cmpgt_epi32(here, _mm256_set1_epi32(16));

    return evxi_pack_avx2(_mm256_maskload_epi32((const int *)(const void *)p, low),
                          _mm256_maskload_epi32((const int *)(const void *)(p + 32), high));
}

EVXI_TARGET_AVX2 EVXI_INLINE __m256i evxi_narrow_avx2(const uint8_t *p, uint32_t left)
{
    if (left < 32)
        return evxi_tail_avx2(p, left);
    return evxi_pack_avx2(_mm256_loadu_si256((const __m256i *)(const void *)p),
                          _mm256_loadu_si256((const __m256i *)(const void *)(p + 32)));
}

/* The same of up to 32 bytes, of which none is read behind the last. */
EVXI_TARGET_AVX2 EVXI_INLINE __m256i evxi_few_avx2(const uint8_t *p, uint32_t left)
{
    uint8_t few[32] = { 0 };

    if (EVXI_LIKELY(left >= 32))
        return _mm256_loadu_si256((const __m256i *)(const void *)p);
    memcpy(few, p, left);
    return _mm256_loadu_si256((const __m256i *)(const void *)few);
}

/* Units of two bytes or of one, as long as nothing stands there but what is copied or replaced by
 * its one escape. Reads two bytes behind an odd number of units of two. */
EVXI_TARGET_AVX2 EVXI_INLINE uint32_t evxi_ascii_avx2(uint8_t **to, const uint8_t *p,
                                                      uint32_t units, uint32_t size,
                                                      unsigned where)
{
    uint32_t n = 0, got, most, special;
    uint8_t *at = *to;

    do {
        const uint8_t *from = p + size * (size_t)n;
        __m256i b = size == 1 ? evxi_few_avx2(from, units - n) : evxi_narrow_avx2(from, units - n);
        most = units - n < 32 ? units - n : 32;
        special = evxi_special_avx2(b, _bzhi_u32(~0u, most), where);
        _mm256_storeu_si256((__m256i *)(void *)at, b);
        if (EVXI_LIKELY(special == 0))
            at += got = most;
        else if (where == EVXI_IN_JSON)
            got = evxi_put_escaped_avx2(&at, b, special, most);
        else
            got = evxi_put_entities_avx2(&at, b, special, most, where);
        n += got;
    } while (n < units && got == most);
    *to = at;
    return n;
}

#endif

#endif
