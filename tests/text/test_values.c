/* tests/text/test_values.c - the values of records whose templates are lost */
#include "pair.h"

static const char event[] =
    "template o = <Event><S>{0:u8}</S><T>{3:u16}</T>{4:xml}</Event>\n"
    "template i = <EventData><Data>{0:str}</Data><D>{1:sid}</D></EventData>\n"
    "record o u8=4 u8=0 u16=7 u16=9606 xml(i str=\"<a&\\\"\" sid=S-1-5-18)\n"
    "record o u8=4 u8=0 u16=7 u16=9606 xml(i str=\"b\" sid=S-1-5-19)\n"
    "record o str=\"x\" null 0x21=0102 strs=[\"p\",\"q\"]\n"
    "plain <E/>\n";

static const char *values(size_t n, uint32_t format)
{
    pair_mode mode = { format, 0, 0 };
    evx_out o;
    evx_status st;

    pair_begin(mode, NULL, 0);
    cr_assert(kit_record(&one_chunk, n, &one_record) == EVX_OK);
    evx_out_init(&o, pair_a, sizeof pair_a, NULL, NULL);
    st = evx_text_values(&pair_slow, &one_chunk, &one_record, &o);
    if (st < 0)
        return evx_status_text(st);
    pair_a[o.len] = 0;
    return (const char *)pair_a;
}

Test(values, json_and_xml)
{
    one(event);
    cr_expect(strstr(values(0, EVX_JSON),
                     ",\"values\":[{\"index\":0,\"type\":\"UInt8\",\"name\":\"Level\",\"value\":4},"
                     "{\"index\":1,\"type\":\"UInt8\",\"name\":\"Opcode\",\"value\":0},"
                     "{\"index\":2,\"type\":\"UInt16\",\"name\":\"Task\",\"value\":7},"
                     "{\"index\":3,\"type\":\"UInt16\",\"name\":\"EventID\",\"value\":9606},"
                     "{\"index\":4,\"type\":\"BinXml\",\"template\":\"0x"), "%s", pair_a);
    cr_expect(strstr((char *)pair_a, "\"values\":[{\"index\":0,\"type\":\"String\","
                                     "\"value\":\"<a&\\\"\"},{\"index\":1,\"type\":\"Sid\","
                                     "\"value\":\"S-1-5-18\"}]}]}}"), "%s", pair_a);
    cr_expect(strncmp((char *)pair_a, "{\"Values\":{\"record\":1,\"written\":\"", 32) == 0);
    cr_expect(strstr(values(1, EVX_XML),
                     "<Value index=\"3\" type=\"UInt16\" name=\"EventID\">9606</Value>"));
    cr_expect(strstr((char *)pair_a, "\"><Value index=\"0\" type=\"String\">b</Value>"
                                     "<Value index=\"1\" type=\"Sid\">S-1-5-19</Value></Value>"
                                     "</Values>\n"), "%s", pair_a);
}

/* Types that do not fit a System field have no name; arrays, NULLs, and what only claims to hold an
 * instance. */
Test(values, no_guesses)
{
    one(event);
    cr_expect(strstr(values(2, EVX_JSON),
                     "{\"index\":0,\"type\":\"String\",\"value\":\"x\"},"
                     "{\"index\":1,\"type\":\"Null\",\"value\":\"\"},"
                     "{\"index\":2,\"type\":\"BinXml\",\"value\":\"0102\"},"
                     "{\"index\":3,\"type\":\"String\",\"array\":\"true\",\"value\":\"p,q\"}]}}"),
              "%s", pair_a);
    cr_expect_str_eq(values(3, EVX_JSON), evx_status_text(EVX_E_TEMPLATE));
}

/* Whole or nothing; a count is what is written. */
Test(values, every_buffer)
{
    evx_out o;
    uint64_t n;

    one(event);
    (void)values(0, EVX_JSON);
    evx_out_init(&o, NULL, 0, NULL, NULL);
    cr_assert(evx_text_values(&pair_slow, &one_chunk, &one_record, &o) == EVX_OK && o.len == 0);
    n = o.total;
    for (size_t cap = 0; cap < n + 100; cap++) {
        uint8_t *cliff = kit_cliff(cap);
        evx_status st;
        evx_out_init(&o, cliff - cap, cap, NULL, NULL);
        st = evx_text_values(&pair_slow, &one_chunk, &one_record, &o);
        cr_assert(st == (cap < n ? EVX_E_SPACE : EVX_OK) && o.len == (cap < n ? 0 : n));
        kit_cliff_free(cliff, cap);
    }
}

/* What was refused before, what a flush refuses, and a record that is not in its chunk. */
static evx_status no(void *user, const uint8_t *data, size_t len)
{
    (void)user;
    (void)data;
    (void)len;
    return EVX_E_SINK;
}

Test(values, refusals)
{
    evx_out o;

    one(event);
    (void)values(0, EVX_JSON);
    evx_out_init(&o, pair_a, 64, no, NULL);
    cr_assert(evx_out_write(&o, "x", 1) == EVX_OK);
    cr_expect(evx_text_values(&pair_slow, &one_chunk, &one_record, &o) < 0 && o.failed < 0);
    cr_expect(evx_text_values(&pair_slow, &one_chunk, &one_record, &o) == o.failed);
    evx_out_init(&o, pair_a, sizeof pair_a, NULL, NULL);
    one_record.off = one_chunk.len;
    cr_expect(evx_text_values(&pair_slow, &one_chunk, &one_record, &o) < 0 && o.len == 0);
}

/* Any bit of the record: a status, or text that ends. */
Test(values, every_bit)
{
    evx_out o;

    one(event);
    (void)values(1, EVX_XML);
    for (uint32_t bit = one_record.off * 8; bit < (one_record.off + one_record.size) * 8; bit++) {
        one_bytes()[bit / 8] ^= (uint8_t)(1u << bit % 8);
        evx_out_init(&o, pair_a, sizeof pair_a, NULL, NULL);
        if (evx_text_values(&pair_slow, &one_chunk, &one_record, &o) == EVX_OK)
            cr_assert(o.len > 10 && pair_a[o.len - 1] == '\n');
        one_bytes()[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
}
