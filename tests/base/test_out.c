/* tests/base/test_out.c - the caller's buffer: whole or nothing, flushed in order, errors kept */
#include <criterion/criterion.h>

#include "base/out.h"
#include "cliff.h"

static uint8_t got[4096];
static size_t got_len, calls, refuse_at;

static evx_status take(void *user, const uint8_t *data, size_t len)
{
    cr_assert(user == got && len > 0);
    if (refuse_at != 0 && ++calls == refuse_at)
        return -1;
    cr_assert(len <= sizeof got - got_len);
    memcpy(got + got_len, data, len);
    got_len += len;
    return EVX_OK;
}

static const char text[] = "The quick brown fox jumps over the lazy dog. 0123456789";

/* Every size of buffer, every size of piece: the same bytes come out. */
Test(out, every_buffer)
{
    for (size_t cap = 0; cap <= 40; cap++)
        for (size_t piece = 1; piece <= 20; piece++) {
            uint8_t *cliff = kit_cliff(cap);
            evx_out o;
            evx_out_init(&o, cliff - cap, cap, take, got);
            got_len = 0;
            for (size_t at = 0; at < sizeof text; at += piece) {
                size_t n = piece < sizeof text - at ? piece : sizeof text - at;
                cr_assert(evx_out_write(&o, text + at, n) == EVX_OK);
                cr_assert(o.len <= cap && o.total == at + n);
            }
            cr_assert(evx_out_flush(&o) == EVX_OK && o.len == 0);
            cr_assert(got_len == sizeof text && memcmp(got, text, sizeof text) == 0,
                      "buffer of %zu, pieces of %zu", cap, piece);
            kit_cliff_free(cliff, cap);
        }
}

Test(out, without_flush)
{
    uint8_t buf[8];
    evx_out o;

    evx_out_init(&o, buf, sizeof buf, NULL, NULL);
    cr_assert(evx_out_write(&o, "12345", 5) == EVX_OK && o.len == 5);
    cr_assert(evx_out_write(&o, "6789", 4) == EVX_E_SPACE && o.len == 5 && o.total == 5);
    cr_assert(evx_out_write(&o, "678", 3) == EVX_OK && o.len == 8);
    cr_assert(evx_out_write(&o, "", 0) == EVX_OK);
    cr_assert(evx_out_flush(&o) == EVX_OK && o.len == 8);
    cr_assert(memcmp(buf, "12345678", 8) == 0 && o.failed == EVX_OK);
}

Test(out, only_counts)
{
    evx_out o;

    evx_out_init(&o, NULL, 100, NULL, NULL);
    cr_assert(o.cap == 0);
    for (int i = 0; i < 1000; i++)
        cr_assert(evx_out_write(&o, text, sizeof text) == EVX_OK);
    cr_assert(o.total == 1000 * sizeof text && o.len == 0 && evx_out_flush(&o) == EVX_OK);
}

/* A refusal is kept, and nothing more is handed over. */
Test(out, refused)
{
    for (refuse_at = 1; refuse_at < 6; refuse_at++) {
        uint8_t buf[4];
        evx_out o;
        evx_status st = EVX_OK;
        calls = got_len = 0;
        evx_out_init(&o, buf, sizeof buf, take, got);
        for (size_t i = 0; i < sizeof text && st == EVX_OK; i++)
            st = evx_out_write(&o, text + i, 1);
        cr_assert(st == EVX_E_SINK && o.failed == EVX_E_SINK && got_len == 4 * (refuse_at - 1));
        cr_assert(evx_out_write(&o, text, 1) == EVX_E_SINK && calls == refuse_at);
        cr_assert(evx_out_flush(&o) == EVX_E_SINK && calls == refuse_at);
    }
}

/* ---- the sink that writers use --------------------------------------------------------------- */

Test(out, sink_counts_what_does_not_fit)
{
    for (size_t room = 0; room < 12; room++) {
        uint8_t *cliff = kit_cliff(room);
        evxi_sink s = { cliff - room, cliff, 0, 1000, NULL };
        EVXI_PUT(&s, "abc");
        evxi_put_byte(&s, 'd');
        EVXI_PUT(&s, "efgh");
        evxi_put(&s, "", 0);
        cr_assert(s.count == 8 && s.at <= s.end);
        cr_assert(room < 8 || memcmp(cliff - room, "abcdefgh", 8) == 0);
        kit_cliff_free(cliff, room);
    }
}

Test(out, sink_to_an_output)
{
    uint8_t buf[5], none;
    evx_out o;
    evxi_sink s = { &none, &none, 0, 1000, &o };

    got_len = refuse_at = 0;
    evx_out_init(&o, buf, sizeof buf, take, got);
    for (int i = 0; i < 3; i++)
        EVXI_PUT(&s, "abcdefg");
    evxi_put_byte(&s, '!');
    cr_assert(s.count == 22 && evx_out_flush(&o) == EVX_OK);
    cr_assert(got_len == 22 && memcmp(got, "abcdefgabcdefgabcdefg!", 22) == 0);
}
