/* src/base/out.h - bounded writer used by text */
#ifndef EVXI_OUT_H
#define EVXI_OUT_H

#include "base/defs.h"
#include "evx/text.h"

/*
 * A record is first written into what is left of the caller's buffer, without flushing. If it fits,
 * it is kept; if not, the same pass has counted what it takes, and a second one writes for real.
 * Either way the reader of the output sees a whole record or none of it.
 */
typedef struct evxi_sink {
    uint8_t *at, *end;       /* room in the caller's buffer; at == end: only count     */
    uint64_t count;          /* bytes written or counted in this pass                  */
    uint64_t limit;          /* the budget; count never exceeds it by more than a put  */
    evx_out *out;            /* second pass: where to flush; NULL in the first pass    */
} evxi_sink;

EVXI_LOCAL void evxi_sink_slow(evxi_sink *s, const void *data, size_t len);

static inline void evxi_put(evxi_sink *s, const void *data, size_t len)
{
    s->count += len;
    if (EVXI_LIKELY(len <= (size_t)(s->end - s->at))) {
        memcpy(s->at, data, len);
        s->at += len;
        return;
    }
    evxi_sink_slow(s, data, len);
}

static inline void evxi_put_byte(evxi_sink *s, uint8_t byte)
{
    evxi_put(s, &byte, 1);
}

/* A string literal. */
#define EVXI_PUT(s, lit) evxi_put((s), (lit), sizeof(lit) - 1)

#endif
