/* src/base/le.h - little-endian loads, written as shifts */
#ifndef EVXI_LE_H
#define EVXI_LE_H

#include <stdint.h>

static inline uint16_t evxi_le16(const uint8_t *p)
{
    /* the analyzer does not know that a view with a length has bytes
     * NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
    return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t evxi_le32(const uint8_t *p)
{
    return evxi_le16(p) | (uint32_t)evxi_le16(p + 2) << 16;
}

static inline uint64_t evxi_le64(const uint8_t *p)
{
    return evxi_le32(p) | (uint64_t)evxi_le32(p + 4) << 32;
}

#endif
