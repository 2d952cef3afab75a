/* src/base/same.h - few bytes compared in place: not every C library has a quick memcmp */
#ifndef EVXI_SAME_H
#define EVXI_SAME_H

#include "base/defs.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Words in whatever order: they are only compared. */
static inline uint64_t evxi_same_word(const uint8_t *p)
{
    uint64_t x;

    memcpy(&x, p, sizeof x);
    return x;
}

static inline uint32_t evxi_same_half(const uint8_t *p)
{
    uint32_t x;

    memcpy(&x, p, sizeof x);
    return x;
}

/* In what do two words differ from two others? */
static inline uint64_t evxi_same_other(const uint8_t *a, const uint8_t *b)
{
    return (evxi_same_word(a) ^ evxi_same_word(b))
         | (evxi_same_word(a + 8) ^ evxi_same_word(b + 8));
}

/* Fewer than two words: the last one is compared with what it shares with the first. */
static inline bool evxi_same_few(const uint8_t *a, const uint8_t *b, size_t len)
{
    enum { WORD = 8, HALF = 4 };
    uint32_t other = 0;

    if (len >= WORD)
        return ((evxi_same_word(a) ^ evxi_same_word(b))
                | (evxi_same_word(a + len - WORD) ^ evxi_same_word(b + len - WORD))) == 0;
    if (len >= HALF)
        return ((evxi_same_half(a) ^ evxi_same_half(b))
                | (evxi_same_half(a + len - HALF) ^ evxi_same_half(b + len - HALF))) == 0;
    for (size_t i = 0; i < len; i++)
        other |= (uint32_t)(a[i] ^ b[i]);
    return other == 0;
}

/* Are these `len` bytes equal? For tens of bytes, mostly equal ones: it does not stop at the first
 * that differs. */
static inline bool evxi_same(const uint8_t *a, const uint8_t *b, size_t len)
{
    enum { STEP = 16 };
    uint64_t other;

    if (len < STEP)
        return evxi_same_few(a, b, len);
    other = evxi_same_other(a + len - STEP, b + len - STEP);
    for (size_t i = 0; i + STEP < len; i += STEP)
        other |= evxi_same_other(a + i, b + i);
    return other == 0;
}

/* Nothing but zeros? It stops soon after the first other byte. */
static inline bool evxi_zeros(const uint8_t *p, size_t len)
{
    enum { STEP = 64, WORD = 8 };
    uint64_t any = 0;
    size_t i = 0;

    for (; any == 0 && len - i >= STEP; i += STEP)
        for (size_t k = 0; k < STEP; k += WORD)
            any |= evxi_same_word(p + i + k);
    for (; any == 0 && i < len; i++)
        any |= p[i];
    return any == 0;
}

#endif
