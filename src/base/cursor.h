/* src/base/cursor.h - the only door to untrusted bytes */
#ifndef EVXI_CURSOR_H
#define EVXI_CURSOR_H

#include "base/defs.h"
#include "base/le.h"

/*
 * A cursor only moves forward, and every cursor ends. A jump to another offset makes a new one.
 * Positions count from `base`, which is the chunk, so that an offset means the same everywhere.
 */
typedef struct evxi_cursor {
    const uint8_t *base;
    uint32_t pos, end;       /* bytes from base; pos <= end, always         */
    bool     bad;            /* something was missing; stays set            */
} evxi_cursor;

/* Bytes [pos, end) of a buffer; an impossible range makes an empty, bad cursor. */
static inline evxi_cursor evxi_cursor_at(const uint8_t *base, uint32_t pos, uint32_t end)
{
    evxi_cursor c = { base, pos, end, false };

    if (pos > end) {
        c.pos = end;
        c.bad = true;
    }
    return c;
}

static inline uint32_t evxi_left(const evxi_cursor *c)
{
    return c->end - c->pos;
}

/* n bytes, or NULL and a bad, empty cursor. */
static inline const uint8_t *evxi_take(evxi_cursor *c, uint32_t n)
{
    uint32_t left = c->end - c->pos;
    const uint8_t *p = c->base + c->pos;

    if (EVXI_UNLIKELY(n > left + EVXI_PLANTED(1))) {
        c->bad = true;
        n = left;
        p = NULL;
    }
    c->pos += n;
    return p;
}

static inline uint8_t evxi_u8(evxi_cursor *c)
{
    const uint8_t *p = evxi_take(c, 1);
    return p ? *p : 0;
}

static inline uint16_t evxi_u16(evxi_cursor *c)
{
    const uint8_t *p = evxi_take(c, 2);
    return p ? evxi_le16(p) : 0;
}

static inline uint32_t evxi_u32(evxi_cursor *c)
{
    const uint8_t *p = evxi_take(c, 4);
    return p ? evxi_le32(p) : 0;
}

#endif
