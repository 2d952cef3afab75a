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

static uint32_t find_record(const uint8_t *base, uint32_t at, uint32_t end)
{
    return evxi_kernels_portable.find_record(base, at, end);
}

const evx_kernels *evxi_kernels_sse2(void)
{
    static const evx_kernels set = { "sse2", crc32, transcode, find_record };

    return &set;
}

#else

const evx_kernels *evxi_kernels_sse2(void)
{
    return NULL;
}

#endif
