/* tests/text/test_text.c - the renderer: init, whole or nothing, each output size, each limit */
#include "../golden/one.h"

#include "cliff.h"

static evx_text t;
static evx_text_config config;
static uint64_t work[(EVX_TEXT_WORK + 7) / 8];
static uint8_t buf[2 << 20];

static const char event[] =
    "template o = <Event x='{0:str}'><S><P Name='n&amp;' G='{2:guid?}'/></S>{3:xml?}</Event>\n"
    "template i = <EventData><Data>{0:str[]}</Data><Data Name='{0:str[]}'>{1:sid}</Data>"
    "</EventData>\n"
    "record o str=\"text\" u8=1 null xml(i strs=[\"a\",\"bc\"] sid=S-1-5-18)\n"
    "record o str=\"\xc3\xa4\xf0\x9f\x98\x80\" null null xml(i strs=[] sid=S-1-1-0)\n"
    "plain <E><A x='1'>&amp;&#65;<![CDATA[c]]><?t d?></A></E>";

static void setup(uint32_t format, const evx_limits *limits)
{
    memset(&config, 0, sizeof config);
    config.format = format;
    config.work = (uint8_t *)work;
    config.work_len = sizeof work;
    if (limits)
        config.limits = *limits;
    cr_assert(evx_text_init(&t, sizeof t, &config) == EVX_OK);
}

static evx_status render(size_t n, evx_out *o)
{
    cr_assert(kit_record(&one_chunk, n, &one_record) == EVX_OK);
    return evx_text_record(&t, &one_chunk, &one_record, o);
}

Test(text, init)
{
    setup(EVX_XML, NULL);
    cr_assert(evx_text_init(&t, sizeof t + 1, &config) == EVX_E_ABI);
    config.format = 0;
    cr_assert(evx_text_init(&t, sizeof t, &config) == EVX_E_ARG);
    config.format = 3;
    cr_assert(evx_text_init(&t, sizeof t, &config) == EVX_E_ARG);
    config.format = EVX_JSON;
    config.style = EVX_STYLE_WINDOWS + 1;
    cr_assert(evx_text_init(&t, sizeof t, &config) == EVX_E_ARG);
    config.style = 0;
    config.flags = 8;
    cr_assert(evx_text_init(&t, sizeof t, &config) == EVX_E_ARG);
    config.flags = 7;
    cr_assert(evx_text_init(&t, sizeof t, &config) == EVX_OK);
    config.work_len = 16383;
    cr_assert(evx_text_init(&t, sizeof t, &config) == EVX_E_SPACE);
}

/* Memory of every size from the least: the same text, or EVX_E_SPACE, never a byte too far. */
Test(text, work_memory)
{
    one(event);
    for (size_t len = 16384; len < 40000; len += 1237) {
        size_t room = (len + 15) & ~(size_t)15;
        uint8_t *cliff = kit_cliff(room);
        evx_out o;
        setup(EVX_JSON, NULL);
        config.work = cliff - room;
        config.work_len = len;
        cr_assert(evx_text_init(&t, sizeof t, &config) == EVX_OK);
        for (size_t i = 0; i < 3; i++) {
            kit_text want = kit_render(&one_chunk, (kit_record(&one_chunk, i, &one_record),
                                                    &one_record), EVX_JSON, 0, NULL);
            evx_out_init(&o, buf, sizeof buf, NULL, NULL);
            cr_assert(render(i, &o) == EVX_OK && o.len == want.len
                      && memcmp(buf, want.text, want.len) == 0);
        }
        kit_cliff_free(cliff, room);
    }
}

/* ---- whole or nothing ------------------------------------------------------------------------ */

Test(text, every_buffer_without_flush)
{
    one(event);
    for (uint32_t format = EVX_XML; format <= EVX_JSON; format++)
        for (size_t i = 0; i < 3; i++) {
            evx_out count;
            setup(format, NULL);
            evx_out_init(&count, NULL, 0, NULL, NULL);
            cr_assert(render(i, &count) == EVX_OK && count.len == 0 && count.total > 0);
            for (size_t cap = 0; cap <= count.total + 2; cap++) {
                uint8_t *cliff = kit_cliff(cap);
                evx_out o;
                evx_status st;
                evx_out_init(&o, cliff - cap, cap, NULL, NULL);
                st = render(i, &o);
                cr_assert(st == (cap < count.total ? EVX_E_SPACE : EVX_OK));
                cr_assert(o.len == (st == EVX_OK ? count.total : 0) && o.total == o.len);
                cr_assert(o.failed == EVX_OK);
                kit_cliff_free(cliff, cap);
            }
        }
}

Test(text, every_buffer_with_flush)
{
    static char want[4096];

    one(event);
    for (uint32_t format = EVX_XML; format <= EVX_JSON; format++)
        for (size_t i = 0; i < 3; i++) {
            kit_text whole;
            size_t n;
            cr_assert(kit_record(&one_chunk, i, &one_record) == EVX_OK);
            whole = kit_render(&one_chunk, &one_record, format, 0, NULL);
            n = whole.len;
            memcpy(want, whole.text, n + 1);
            for (size_t cap = 0; cap < n + 3; cap++) {
                kit_text got = kit_render_through(&one_chunk, &one_record, format, 0, cap);
                cr_assert(got.status == EVX_OK && got.len == n && memcmp(got.text, want, n) == 0,
                          "format %u, record %zu, buffer %zu: %d", format, i, cap, got.status);
            }
        }
}

static size_t taken, refuse_behind;

static evx_status refuse(void *user, const uint8_t *data, size_t len)
{
    (void)user;
    (void)data;
    if (taken + len > refuse_behind)
        return EVX_E_ARG;
    taken += len;
    return EVX_OK;
}

/* A sink that refuses ends the call with its own code, which stays. */
Test(text, refusing_sink)
{
    one(event);
    for (refuse_behind = 0; refuse_behind < 60; refuse_behind += 7) {
        evx_out o;
        uint8_t small[8];
        taken = 0;
        setup(EVX_JSON, NULL);
        evx_out_init(&o, small, sizeof small, refuse, NULL);
        cr_assert(render(0, &o) == EVX_E_SINK && o.failed == EVX_E_SINK);
        cr_assert(render(1, &o) == EVX_E_SINK && evx_out_flush(&o) == EVX_E_SINK);
        cr_assert(o.total == 0);
    }
}

/* Records one behind the other in one output, with the caller's own bytes between them. */
Test(text, several_records)
{
    size_t at = 0;
    evx_out o;

    one(event);
    setup(EVX_JSON, NULL);
    evx_out_init(&o, buf, sizeof buf, NULL, NULL);
    for (size_t i = 0; i < 3; i++) {
        kit_text want;
        cr_assert(render(i, &o) == EVX_OK && evx_out_write(&o, "\n", 1) == EVX_OK);
        want = kit_render(&one_chunk, &one_record, EVX_JSON, 0, NULL);
        cr_assert(memcmp(buf + at, want.text, want.len) == 0 && buf[at + want.len] == '\n');
        at += want.len + 1;
    }
    cr_assert(o.len == at && o.total == at);
}

/* ---- limits ---------------------------------------------------------------------------------- */

/* The limit counts bytes: exactly as many as the text has are enough, one less is not. */
Test(text, record_text)
{
    one(event);
    for (uint32_t format = EVX_XML; format <= EVX_JSON; format++)
        for (size_t i = 0; i < 3; i++) {
            evx_limits limits = { 0 };
            evx_out o;
            uint64_t n;
            setup(format, NULL);
            evx_out_init(&o, NULL, 0, NULL, NULL);
            cr_assert(render(i, &o) == EVX_OK);
            n = o.total;
            for (limits.record_text = 1; limits.record_text < n + 2; limits.record_text++) {
                evx_status st;
                setup(format, &limits);
                evx_out_init(&o, buf, sizeof buf, NULL, NULL);
                st = render(i, &o);
                cr_assert(st == (limits.record_text < n ? EVX_E_TEXT_MAX : EVX_OK),
                          "format %u, record %zu, limit %u of %u: %d (%s)", format, i,
                          limits.record_text, (unsigned)n, st, evx_status_text(st));
                cr_assert(o.len == (st == EVX_OK ? n : 0));
            }
        }
}

/* A chunk's budget is spent by the text of its records; a new chunk has a new one. */
Test(text, chunk_text)
{
    evx_limits limits = { 0 };
    evx_out o;
    uint64_t n[3];

    one(event);
    setup(EVX_JSON, NULL);
    for (size_t i = 0; i < 3; i++) {
        evx_out_init(&o, NULL, 0, NULL, NULL);
        cr_assert(render(i, &o) == EVX_OK);
        n[i] = o.total;
    }
    for (limits.chunk_text = 1; limits.chunk_text <= n[0] + n[1] + n[2]; limits.chunk_text++) {
        uint64_t left = limits.chunk_text;
        setup(EVX_JSON, &limits);
        for (size_t round = 0; round < 2; round++, left = limits.chunk_text)
            for (size_t i = 0; i < 3; i++) {
                evx_status st;
                evx_out_init(&o, NULL, 0, NULL, NULL);
                st = render(i, &o);
                cr_assert(st == (n[i] <= left ? EVX_OK : EVX_E_CHUNK_TEXT),
                          "limit %u, %u left for record %zu of %u: %d (%s)",
                          (unsigned)limits.chunk_text, (unsigned)left, i, (unsigned)n[i], st,
                          evx_status_text(st));
                left -= st == EVX_OK ? n[i] : 0;
            }
    }
}
