/* src/base/out.c - caller's buffer with an optional flush */
#include "base/out.h"

void evx_out_init(evx_out *o, uint8_t *buf, size_t cap, evx_flush flush, void *user)
{
    o->buf = buf;
    o->cap = buf ? cap : 0;
    o->len = 0;
    o->total = 0;
    o->flush = flush;
    o->user = user;
    o->failed = EVX_OK;
}

static evx_status hand_over(evx_out *o, const uint8_t *data, size_t len)
{
    if (o->failed == EVX_OK && o->flush(o->user, data, len) < 0)
        o->failed = EVX_E_SINK;
    return o->failed;
}

evx_status evx_out_flush(evx_out *o)
{
    if (o->failed < 0)
        return o->failed;
    if (!o->flush || !o->buf || o->len == 0)
        return EVX_OK;
    if (hand_over(o, o->buf, o->len) == EVX_OK)
        o->len = 0;
    return o->failed;
}

/* Pieces too long for the buffer go past it, so that a small buffer is slow and never wrong. */
static evx_status append(evx_out *o, const uint8_t *data, size_t len)
{
    if (len > o->cap - o->len) {
        if (evx_out_flush(o) < 0)
            return o->failed;
        if (len > o->cap)
            return hand_over(o, data, len);
    }
    if (len != 0)
        memcpy(o->buf + o->len, data, len);
    o->len += len;
    return EVX_OK;
}

evx_status evx_out_write(evx_out *o, const void *data, size_t len)
{
    if (o->failed < 0)
        return o->failed;
    if (o->buf) {
        if (!o->flush && len > o->cap - o->len)
            return EVX_E_SPACE;
        if (append(o, data, len) < 0)
            return o->failed;
    }
    o->total += len;
    return EVX_OK;
}

void evxi_sink_slow(evxi_sink *s, const void *data, size_t len)
{
    size_t room = (size_t)(s->end - s->at);

    if (s->out) {
        (void)append(s->out, data, len);
    } else if (room > 0) {
        memcpy(s->at, data, room);
        s->at = s->end;              /* from here on the pass only counts */
    }
}
