/* src/kern/avx2.c - the set for processors with AVX2 and carry-less multiplication */
#include "kern/inline.h"

#if EVXI_AVX

#define TARGET __attribute__((target("avx2,bmi,bmi2,popcnt,pclmul")))

/* ---- text ----------------------------------------------------------------------------------- */

/* Units fill lanes of four bytes with their one to three; a table says how the rest is dropped. */
TARGET EVXI_INLINE void put_lanes(uint8_t **to, __m128i x, uint32_t two, uint32_t three, uint32_t n)
{
    const uint64_t *how = evxi_lanes[(two & 15) | (three & 15) << 4];
    uint32_t here = _bzhi_u32(15, n);

    x = _mm_shuffle_epi8(x, *(const __m128i *)(const void *)how);
    _mm_storeu_si128((__m128i *)(void *)*to, x);
    *to += n + (uint32_t)_mm_popcnt_u32((two & here) | (three & here) << 4);
}

TARGET EVXI_INLINE uint32_t lanes(__m256i x)
{
    return (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(x));
}

/* Eight units of any script, or those in front of the first one that is escaped or stops us. */
TARGET EVXI_INLINE uint32_t put_script(uint8_t **to, __m128i units, unsigned where)
{
    const __m256i last = _mm256_set1_epi32(where == EVXI_IN_JSON ? 0xffff : 0xfffd);
    __m256i x = _mm256_cvtepu16_epi32(units), low = _mm256_and_si256(x, _mm256_set1_epi32(0x3f));
    __m256i two = _mm256_cmpgt_epi32(x, _mm256_set1_epi32(0x7f)), w;
    __m256i three = _mm256_cmpgt_epi32(x, _mm256_set1_epi32(0x7ff)), stop;
    uint32_t ascii = evxi_special(_mm_packus_epi16(units, units), where) & ~lanes(two), take;

    stop = _mm256_cmpeq_epi32(_mm256_and_si256(x, _mm256_set1_epi32(0xf800)),
                              _mm256_set1_epi32(0xd800));
    stop = _mm256_or_si256(stop, _mm256_cmpgt_epi32(x, last));
    take = _tzcnt_u32((ascii & 0xff) | lanes(stop) | 1u << 8);
    w = _mm256_or_si256(_mm256_srli_epi32(x, 6), _mm256_slli_epi32(low, 8));
    x = _mm256_blendv_epi8(x, _mm256_or_si256(w, _mm256_set1_epi32(0x80c0)), two);
    w = _mm256_and_si256(_mm256_slli_epi32(_mm256_cvtepu16_epi32(units), 2),
                         _mm256_set1_epi32(0x3f00));
    w = _mm256_or_si256(w, _mm256_srli_epi32(_mm256_cvtepu16_epi32(units), 12));
    w = _mm256_or_si256(w, _mm256_or_si256(_mm256_slli_epi32(low, 16),
                                           _mm256_set1_epi32(0x8080e0)));
    x = _mm256_blendv_epi8(x, w, three);
    put_lanes(to, _mm256_castsi256_si128(x), lanes(two), lanes(three), take < 4 ? take : 4);
    if (take > 4)
        put_lanes(to, _mm256_extracti128_si256(x, 1), lanes(two) >> 4, lanes(three) >> 4, take - 4);
    return take;
}

/* The same again and again, as long as there is some script in each eight. */
TARGET static uint32_t put_scripts(uint8_t **to, const uint8_t *p, uint32_t left, unsigned where)
{
    const __m128i beyond = _mm_set1_epi16((short)0xff80);
    uint32_t n = 0, got;
    __m128i units;

    do {
        const uint8_t *from = p + 2 * (size_t)n;
        units = EVXI_LIKELY(left - n >= 8) ? _mm_loadu_si128((const __m128i *)(const void *)from)
                                           : evxi_load_few(from, left - n);
        if (_mm_testz_si128(units, beyond))
            return n;
        got = put_script(to, units, where);
        n += got;
    } while (got == 8 && n < left);
    return n;
}

/* What stopped the wide loop at p; 0: it stops us. One accent in a line is not worth a shuffle. */
TARGET EVXI_INLINE uint32_t put_some(uint8_t **to, const uint8_t *p, uint32_t left, unsigned where)
{
    uint8_t *next;

    if (left >= 2 && evxi_le16(p) >= 0x80 && evxi_le16(p + 2) >= 0x80)
        return put_scripts(to, p, left, where);
    next = evxi_put_unit(*to, evxi_le16(p), where);
    *to = next ? next : *to;
    return next != NULL;
}

/* An odd unit at the end is no business of the wide loop, which would read behind it. */
TARGET EVXI_INLINE uint32_t run(uint8_t **to, const uint8_t *utf16, uint32_t units, unsigned where)
{
    uint32_t n = 0, got;

    while (n < units) {
        if (units - n > 1) {
            n += evxi_ascii_avx2(to, utf16 + 2 * (size_t)n, (units - n) & ~1u, 2, where);
            if (n == units)
                break;
        }
        got = put_some(to, utf16 + 2 * (size_t)n, units - n, where);
        if (got == 0)
            break;
        n += got;
    }
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

TARGET uint32_t evxi_escape_avx2(uint8_t **to, const uint8_t *p, uint32_t len, unsigned where)
{
    if (len == 0)
        return 0;
    if (where == EVXI_IN_JSON)
        return evxi_ascii_avx2(to, p, len, 1, EVXI_IN_JSON);
    if (where == EVXI_IN_XML)
        return evxi_ascii_avx2(to, p, len, 1, EVXI_IN_XML);
    return evxi_ascii_avx2(to, p, len, 1, EVXI_IN_ATTRIBUTE);
}

/* ---- CRC-32 --------------------------------------------------------------------------------- */

/*
 * Folding: a block of 128 bits is moved 512 (or 128) bits on by two carry-less multiplications with
 * powers of x modulo the polynomial (bit-reflected, as the checksum is). What remains at the end,
 * 16 bytes, goes through the table; so does whatever is not a whole block.
 */
TARGET EVXI_INLINE __m128i fold(__m128i x, __m128i by, __m128i next)
{
    __m128i low = _mm_clmulepi64_si128(x, by, 0x00), high = _mm_clmulepi64_si128(x, by, 0x11);

    return _mm_xor_si128(_mm_xor_si128(low, high), next);
}

TARGET EVXI_INLINE __m128i load(const uint8_t *p)
{
    return _mm_loadu_si128((const __m128i *)(const void *)p);
}

TARGET uint32_t evxi_crc32_clmul(uint32_t crc, const uint8_t *p, size_t len)
{
    /* x^(512+32), x^(512-32); x^(128+32), x^(128-32), reflected */
    const __m128i far = _mm_set_epi64x(0x1c6e41596, 0x154442bd4);
    const __m128i near = _mm_set_epi64x(0x0ccaa009e, 0x1751997d0);
    uint8_t rest[16];
    __m128i x[4];

    if (len < 64)
        return evxi_kernels_portable.crc32(crc, p, len);
    for (int i = 0; i < 4; i++)
        x[i] = load(p + 16 * i);
    x[0] = _mm_xor_si128(x[0], _mm_cvtsi32_si128((int)~crc));
    for (p += 64, len -= 64; len >= 64; p += 64, len -= 64)
        for (int i = 0; i < 4; i++)
            x[i] = fold(x[i], far, load(p + 16 * i));
    for (int i = 1; i < 4; i++)
        x[0] = fold(x[0], near, x[i]);
    for (; len >= 16; p += 16, len -= 16)
        x[0] = fold(x[0], near, load(p));
    _mm_storeu_si128((__m128i *)(void *)rest, x[0]);
    crc = evxi_kernels_portable.crc32(~0u, rest, sizeof rest);
    return evxi_kernels_portable.crc32(crc, p, len);
}

#define TARGET_WIDE __attribute__((target("avx2,vpclmulqdq,pclmul")))

TARGET_WIDE EVXI_INLINE __m256i fold_two(__m256i x, __m256i by, __m256i next)
{
    __m256i low = _mm256_clmulepi64_epi128(x, by, 0x00);

    return _mm256_xor_si256(_mm256_xor_si256(low, _mm256_clmulepi64_epi128(x, by, 0x11)), next);
}

/* The same with two blocks in a register, on processors that multiply both at once. What remains,
 * 128 bytes and those that fill no round, is the narrow one's. */
TARGET_WIDE static uint32_t crc32_wide(uint32_t crc, const uint8_t *p, size_t len)
{
    /* x^(1024+32), x^(1024-32), reflected */
    const __m256i far = _mm256_broadcastsi128_si256(_mm_set_epi64x(0x14a7fe880, 0x1e88ef372));
    uint8_t rest[256];
    __m256i x[4];

    if (len < sizeof rest)
        return evxi_crc32_clmul(crc, p, len);
    for (int i = 0; i < 4; i++)
        x[i] = _mm256_loadu_si256((const __m256i *)(const void *)(p + 32 * i));
    x[0] = _mm256_xor_si256(x[0], _mm256_zextsi128_si256(_mm_cvtsi32_si128((int)~crc)));
    for (p += 128, len -= 128; len >= 128; p += 128, len -= 128)
        for (int i = 0; i < 4; i++)
            x[i] = fold_two(x[i], far, _mm256_loadu_si256((const __m256i *)(const void *)
                                                          (p + 32 * i)));
    for (int i = 0; i < 4; i++)
        _mm256_storeu_si256((__m256i *)(void *)(rest + 32 * i), x[i]);
    memcpy(rest + 128, p, len);
    return evxi_crc32_clmul(~0u, rest, 128 + len);
}

/* ---- signatures ----------------------------------------------------------------------------- */

/* Eight places, 64 bytes, at a time: only their first four bytes count. */
TARGET uint32_t evxi_find_record_avx2(const uint8_t *base, uint32_t at, uint32_t end)
{
    const __m256i want = _mm256_set1_epi64x(0x2a2a), first = _mm256_set1_epi64x(0xffffffff);

    for (; at < end && end - at >= 61; at += 64) {
        __m256i a = _mm256_loadu_si256((const __m256i *)(const void *)(base + at));
        __m256i b = _mm256_loadu_si256((const __m256i *)(const void *)(base + at + 32));
        a = _mm256_cmpeq_epi64(_mm256_and_si256(a, first), want);
        b = _mm256_cmpeq_epi64(_mm256_and_si256(b, first), want);
        if (!_mm256_testz_si256(_mm256_or_si256(a, b), _mm256_or_si256(a, b)))
            break;
    }
    return evxi_kernels_portable.find_record(base, at, end);
}

/* ---- descriptors ----------------------------------------------------------------------------- */

TARGET EVXI_INLINE __m256i eight(const void *p, __m256i here)
{
    return _mm256_maskload_epi32(p, here);
}

/* What a masked load leaves out it does not touch. */
TARGET bool evxi_match_avx2(const uint8_t *p, const uint32_t *mask, const uint32_t *want,
                            uint32_t count)
{
    const __m256i places = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    __m256i wrong = _mm256_setzero_si256();

    for (uint32_t i = 0; i < count; i += 8) {
        __m256i here = _mm256_cmpgt_epi32(_mm256_set1_epi32((int)(count - i)), places);
        __m256i x = _mm256_and_si256(eight(p + 4 * (size_t)i, here), eight(mask + i, here));
        wrong = _mm256_or_si256(wrong, _mm256_xor_si256(x, eight(want + i, here)));
    }
    return _mm256_testz_si256(wrong, wrong);
}

/* A running sum within each half, then the lower half's last in the upper one. */
TARGET EVXI_INLINE __m256i sums(__m256i x)
{
    const __m256i last = _mm256_setr_epi32(0, 0, 0, 0, 3, 3, 3, 3), low = _mm256_setzero_si256();

    x = _mm256_add_epi32(x, _mm256_slli_si256(x, 4));
    x = _mm256_add_epi32(x, _mm256_slli_si256(x, 8));
    return _mm256_add_epi32(x, _mm256_blend_epi32(low, _mm256_permutevar8x32_epi32(x, last),
                                                  0xf0));
}

TARGET uint32_t evxi_places_avx2(const uint8_t *p, uint32_t count, uint32_t at, uint32_t *place,
                                 uint32_t *types)
{
    const __m256i index = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7), ends = _mm256_set1_epi32(7);
    const __m256i word = _mm256_set1_epi32(0xffff);
    __m256i all = _mm256_setzero_si256(), from = _mm256_set1_epi32((int)at);
    __m128i half;

    for (uint32_t i = 0; i < count; i += 8) {
        __m256i here = _mm256_cmpgt_epi32(_mm256_set1_epi32((int)(count - i)), index);
        __m256i x = eight(p + 4 * (size_t)i, here), size = _mm256_and_si256(x, word);
        __m256i end = _mm256_add_epi32(from, sums(size));
        __m256i begin = _mm256_and_si256(_mm256_sub_epi32(end, size), word);
        all = _mm256_or_si256(all, x);
        from = _mm256_permutevar8x32_epi32(end, ends);
        _mm256_storeu_si256((__m256i *)(void *)(place + i),
                            _mm256_or_si256(begin, _mm256_slli_epi32(x, 16)));
    }
    half = _mm_or_si128(_mm256_castsi256_si128(all), _mm256_extracti128_si256(all, 1));
    half = _mm_or_si128(half, _mm_unpackhi_epi64(half, half));
    *types = (uint32_t)_mm_cvtsi128_si32(half) | (uint32_t)_mm_extract_epi32(half, 1);
    return (uint32_t)_mm_cvtsi128_si32(_mm256_castsi256_si128(from));
}

/* ---- words ----------------------------------------------------------------------------------- */

TARGET EVXI_INLINE __m256i folded(const uint8_t *p)
{
    return _mm256_or_si256(_mm256_loadu_si256((const __m256i *)(const void *)p),
                           _mm256_set1_epi8(0x20));
}

/* The rarest letter of a word and its last one, so many letters behind it: families of names begin
 * alike, and ".exe" stands everywhere. */
typedef struct letters {
    __m256i one, last;               /* with their cases folded away                          */
    size_t far;
} letters;

/* Of 32 places: where both stand, in either coding. */
TARGET EVXI_INLINE uint32_t pairs_at(const uint8_t *p, const letters *x)
{
    __m256i last = _mm256_or_si256(_mm256_cmpeq_epi8(folded(p + x->far), x->last),
                                   _mm256_cmpeq_epi8(folded(p + 2 * x->far), x->last));

    last = _mm256_and_si256(last, _mm256_cmpeq_epi8(folded(p), x->one));
    return (uint32_t)_mm256_movemask_epi8(last);
}

TARGET EVXI_INLINE uint64_t candidates(const uint8_t *p, const letters *x)
{
    return pairs_at(p, x) | (uint64_t)pairs_at(p + 32, x) << 32;
}

/*
 * The last step overlaps the one before it. What does not reach so far behind its first letter as
 * UTF-16 does stands in the last 2 n bytes.
 */
TARGET static bool holds(const uint8_t *p, size_t len, const char *word, size_t n)
{
    enum { STEP = 64 };
    size_t from = evxi_rarest(word, n), at = 0, last;
    const letters x = { _mm256_set1_epi8((char)(word[from] | 0x20)),
                        _mm256_set1_epi8((char)(word[n - 1] | 0x20)), n - 1 - from };

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

/* ---- is it there? ---------------------------------------------------------------------------- */

static bool has_avx2(bool *wide)
{
    const uint32_t leaf_b = bit_AVX2 | bit_BMI | bit_BMI2;
    const uint32_t leaf_1 = bit_OSXSAVE | bit_PCLMUL | bit_POPCNT;
    uint32_t a, b, c, d, low, high;

    if (!__get_cpuid(1, &a, &b, &c, &d) || (c & leaf_1) != leaf_1)
        return false;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    if ((low & 6) != 6)              /* the system keeps the wide registers */
        return false;
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || (b & leaf_b) != leaf_b)
        return false;
    *wide = (c & bit_VPCLMULQDQ) != 0;
    return true;
}

#define SET(crc32) \
    { "avx2", crc32, transcode, evxi_escape_avx2, evxi_find_record_avx2, evxi_match_avx2, \
      evxi_places_avx2, holds, EVXI_PLACE_AVX2 }

const evx_kernels *evxi_kernels_avx2(void)
{
    static const evx_kernels set = SET(evxi_crc32_clmul), wide_set = SET(crc32_wide);
    bool wide;

    if (!has_avx2(&wide))
        return NULL;
    return wide ? &wide_set : &set;
}

#else

const evx_kernels *evxi_kernels_avx2(void)
{
    return NULL;
}

#endif
