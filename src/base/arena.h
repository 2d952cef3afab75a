/* src/base/arena.h - bump over caller memory; reset, never free */
#ifndef EVXI_ARENA_H
#define EVXI_ARENA_H

#include "base/defs.h"

typedef struct evxi_arena {
    uint8_t *ptr;
    size_t len, used;        /* bytes */
} evxi_arena;

/* size bytes, aligned for any field of the library as long as the memory itself is; or NULL. */
static inline void *evxi_bump(evxi_arena *a, size_t size)
{
    size_t at = (a->used + 7u) & ~(size_t)7u;

    if (at > a->len || size > a->len - at)
        return NULL;
    a->used = at + size;
    return a->ptr + at;
}

#endif
