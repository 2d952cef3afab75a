/* src/base/utf.h - UTF-16 units -> code points -> UTF-8 bytes */
#ifndef EVXI_UTF_H
#define EVXI_UTF_H

#include <stddef.h>

#include "base/le.h"

#define EVXI_REPLACEMENT 0xfffdu

/*
 * The code point at unit i of n; i moves behind it. Half a pair is U+FFFD: it is no character, and
 * no encoding can carry it.
 */
static inline uint32_t evxi_utf16_next(const uint8_t *p, uint32_t n, uint32_t *i)
{
    uint32_t unit = evxi_le16(p + 2 * (size_t)*i), low;

    (*i)++;
    if ((unit & 0xf800) != 0xd800)
        return unit;
    if (unit >= 0xdc00 || *i >= n)
        return EVXI_REPLACEMENT;
    low = evxi_le16(p + 2 * (size_t)*i);
    if ((low & 0xfc00) != 0xdc00)
        return EVXI_REPLACEMENT;
    (*i)++;
    return 0x10000 + ((unit & 0x3ff) << 10 | (low & 0x3ff));
}

/* How many units stand in front of the first NUL, or n. Four at a time: subtracting one from each
 * borrows into the highest bit of one that is 0, and perhaps of one behind it. */
static inline uint32_t evxi_utf16_length(const uint8_t *p, uint32_t n)
{
    const uint64_t ones = 0x0001000100010001u;
    uint32_t i = 0;

    for (; n - i >= 4; i += 4) {
        uint64_t x = evxi_le64(p + 2 * (size_t)i);
        if (((x - ones) & ~x & (ones << 15)) != 0)
            break;
    }
    while (i < n && evxi_le16(p + 2 * (size_t)i) != 0)
        i++;
    return i;
}

/* How many bytes stand in front of the first NUL, or n: in the same way, eight at a time. */
static inline uint32_t evxi_ansi_length(const uint8_t *p, uint32_t n)
{
    const uint64_t ones = 0x0101010101010101u;
    uint32_t i = 0;

    for (; n - i >= 8; i += 8) {
        uint64_t x = evxi_le64(p + i);
        if (((x - ones) & ~x & (ones << 7)) != 0)
            break;
    }
    while (i < n && p[i] != 0)
        i++;
    return i;
}

/* A code point as 1 to 4 bytes; returns how many. It must be none of the surrogates. */
static inline uint32_t evxi_utf8_encode(uint32_t cp, uint8_t out[4])
{
    if (cp < 0x80) {
        out[0] = (uint8_t)cp;
        return 1;
    }
    if (cp < 0x800) {
        out[0] = (uint8_t)(0xc0 | cp >> 6);
        out[1] = (uint8_t)(0x80 | (cp & 0x3f));
        return 2;
    }
    if (cp < 0x10000) {
        out[0] = (uint8_t)(0xe0 | cp >> 12);
        out[1] = (uint8_t)(0x80 | (cp >> 6 & 0x3f));
        out[2] = (uint8_t)(0x80 | (cp & 0x3f));
        return 3;
    }
    out[0] = (uint8_t)(0xf0 | cp >> 18);
    out[1] = (uint8_t)(0x80 | (cp >> 12 & 0x3f));
    out[2] = (uint8_t)(0x80 | (cp >> 6 & 0x3f));
    out[3] = (uint8_t)(0x80 | (cp & 0x3f));
    return 4;
}

/* The code point of well-formed UTF-8 at byte i of n; i moves behind it. What is not well-formed
 * goes byte by byte, as U+FFFD. */
static inline uint32_t evxi_utf8_next(const uint8_t *p, uint32_t n, uint32_t *i)
{
    uint32_t lead = p[(*i)++], more, cp;

    if (lead < 0x80)
        return lead;
    more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
    if (lead < 0xc2 || lead > 0xf4 || more > n - *i)
        return EVXI_REPLACEMENT;
    cp = lead & (0x3fu >> more);
    for (uint32_t k = 0; k < more; k++) {
        if ((p[*i + k] & 0xc0) != 0x80)
            return EVXI_REPLACEMENT;
        cp = cp << 6 | (p[*i + k] & 0x3f);
    }
    if ((more == 2 && cp < 0x800) || (more == 3 && (cp < 0x10000 || cp > 0x10ffff))
        || (cp & ~0x7ffu) == 0xd800)
        return EVXI_REPLACEMENT;
    *i += more;
    return cp;
}

/* The Windows-1252 characters of 0x80..0x9f; the rest of the page is Latin-1. */
static inline uint32_t evxi_windows_1252(uint8_t byte)
{
    static const uint16_t c1[32] = {
        0x20ac, 0x0081, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
        0x2039, 0x0152, 0x008d, 0x017d, 0x008f, 0x0090, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
        0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x009d, 0x017e, 0x0178
    };

    return byte >= 0x80 && byte < 0xa0 ? c1[byte - 0x80] : byte;
}

#endif
