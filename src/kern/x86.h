/* src/kern/x86.h - what the sets of the x86-64 family share: eight units at a time */
#ifndef EVXI_X86_H
#define EVXI_X86_H

#include "kern/kern.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define EVXI_X86 1

/* On Windows gcc spills wide registers to a stack that it aligns for narrow ones: a crash that
 * waits for the right function. There the sets end with SSE2. */
#if !defined(_WIN32) || defined(__clang__)
#define EVXI_AVX 1
#else
#define EVXI_AVX 0
#endif

#include <cpuid.h>
#include <immintrin.h>

/* One to seven units, and zeros behind them, without a look at what lies behind the string. */
EVXI_INLINE __m128i evxi_load_few(const uint8_t *p, uint32_t n)
{
    uint64_t low = 0, high = 0;

    if (n >= 4) {
        memcpy(&low, p, 8);
        if (n > 4) {
            memcpy(&high, p + 2 * (size_t)n - 8, 8);
            high >>= 16 * (8 - n + (EVXI_PLANTED(5) && n == 7));
        }
    } else {
        if (n & 1)
            low = evxi_le16(p + 2 * (size_t)(n - 1));
        if (n & 2) {
            uint32_t two;
            memcpy(&two, p, 4);
            low = low << 32 | two;
        }
    }
    return _mm_set_epi64x((long long)high, (long long)low);
}

/* A bit for each of these bytes that cannot be copied as it stands. A signed comparison finds
 * control characters and all that is not ASCII at once. */
EVXI_INLINE uint32_t evxi_special(__m128i b, unsigned where)
{
    __m128i bad = _mm_cmplt_epi8(b, _mm_set1_epi8(0x20));

    if (where == EVXI_IN_JSON) {
        bad = _mm_or_si128(bad, _mm_cmpeq_epi8(b, _mm_set1_epi8('\\')));
    } else {
        bad = _mm_or_si128(bad, _mm_cmpeq_epi8(b, _mm_set1_epi8('&')));
        bad = _mm_or_si128(bad, _mm_cmpeq_epi8(b, _mm_set1_epi8('<')));
        bad = _mm_or_si128(bad, _mm_cmpeq_epi8(b, _mm_set1_epi8('>')));
    }
    if (where != EVXI_IN_XML)
        bad = _mm_or_si128(bad, _mm_cmpeq_epi8(b, _mm_set1_epi8('"')));
    if (where == EVXI_IN_ATTRIBUTE)
        bad = _mm_or_si128(bad, _mm_cmpeq_epi8(b, _mm_set1_epi8('\'')));
    if (where != EVXI_IN_JSON && EVXI_UNLIKELY(_mm_movemask_epi8(bad) != 0)) {
        __m128i white = _mm_or_si128(_mm_cmpeq_epi8(b, _mm_set1_epi8('\t')),
                                     _mm_cmpeq_epi8(b, _mm_set1_epi8('\n')));
        white = _mm_or_si128(white, _mm_cmpeq_epi8(b, _mm_set1_epi8('\r')));
        bad = _mm_andnot_si128(white, bad);          /* XML leaves its white space as it is */
    }
    return (uint32_t)_mm_movemask_epi8(bad);
}

/* Up to eight units of v: copies those in front of the first special one; how many. Units from
 * 0x100 on become 0xff, from 0x8000 on 0: both are special. */
EVXI_INLINE uint32_t evxi_eight(uint8_t *to, __m128i v, uint32_t n, unsigned where)
{
    __m128i b = _mm_packus_epi16(v, v);
    uint32_t special = evxi_special(b, where) | 1u << n;

    _mm_storel_epi64((__m128i *)to, b);
    return (uint32_t)__builtin_ctz(special);
}

/* The units from a special one on, as long as they are not ASCII; false: one that stops us. */
EVXI_INLINE bool evxi_some(uint8_t **to, const uint8_t *utf16, uint32_t units, uint32_t *n,
                           unsigned where)
{
    uint32_t unit;
    uint8_t *next;

    do {
        next = evxi_put_unit(*to, evxi_le16(utf16 + 2 * (size_t)*n), where);
        if (!next)
            return false;
        *to = next;
        if (++*n == units)
            return true;
        unit = evxi_le16(utf16 + 2 * (size_t)*n);
    } while (unit >= 0x80);
    return true;
}

#else
#define EVXI_X86 0
#define EVXI_AVX 0
#endif

#endif
