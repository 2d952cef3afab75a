/* src/kern/sse2.c - the set for every processor of the x86-64 family */
#include "kern/x86.h"

#if EVXI_X86

EVXI_INLINE uint32_t run(uint8_t **to, const uint8_t *utf16, uint32_t units, unsigned where)
{
    uint32_t n = 0, got, most;

    while (n < units) {
        const uint8_t *p = utf16 + 2 * (size_t)n;
        most = units - n < 8 ? units - n : 8;
        got = evxi_eight(*to, most == 8 ? _mm_loadu_si128((const __m128i *)(const void *)p)
                                        : evxi_load_few(p, most), most, where);
        *to += got;
        n += got;
        if (got < most && !evxi_some(to, utf16, units, &n, where))
            break;
    }
    return n;
}

static uint32_t transcode(uint8_t **to, const uint8_t *utf16, uint32_t units, unsigned where)
{
    if (where == EVXI_IN_JSON)
        return run(to, utf16, units, EVXI_IN_JSON);
    if (where == EVXI_IN_XML)
        return run(to, utf16, units, EVXI_IN_XML);
    return run(to, utf16, units, EVXI_IN_ATTRIBUTE);
}

static uint32_t crc32(uint32_t crc, const uint8_t *p, size_t len)
{
    return evxi_kernels_portable.crc32(crc, p, len);
}

static uint32_t escape(uint8_t **to, const uint8_t *p, uint32_t len, unsigned where)
{
    return evxi_kernels_portable.escape(to, p, len, where);
}

static uint32_t find_record(const uint8_t *base, uint32_t at, uint32_t end)
{
    return evxi_kernels_portable.find_record(base, at, end);
}

static bool match(const uint8_t *p, const uint32_t *mask, const uint32_t *want, uint32_t count)
{
    return evxi_kernels_portable.match(p, mask, want, count);
}

static uint32_t places(const uint8_t *p, uint32_t count, uint32_t at, uint32_t *place,
                       uint32_t *types)
{
    return evxi_kernels_portable.places(p, count, at, place, types);
}

static bool holds(const uint8_t *p, size_t len, const char *word, size_t n)
{
    return evxi_kernels_portable.holds(p, len, word, n);
}

const evx_kernels *evxi_kernels_sse2(void)
{
    static const evx_kernels set = { "sse2", crc32, transcode, escape, find_record, match, places,
                                     holds, EVXI_PLACE_TABLE };

    return &set;
}

#else

const evx_kernels *evxi_kernels_sse2(void)
{
    return NULL;
}

#endif
