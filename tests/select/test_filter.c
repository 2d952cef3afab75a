/* tests/select/test_filter.c - each condition alone, excluded, together; the chunk's answer */
#include "../golden/one.h"

static evx_reader reader;
static evx_fields f;
static uint64_t memory[EVX_READER_MEMORY / 8 + 1];

/* Does the filter keep the record? All three ways must say the same, or the chunk's "perhaps". */
static bool keeps(const evx_filter *q)
{
    evx_status a, b, c;

    cr_assert(evx_reader_init(&reader, sizeof reader, (uint8_t *)memory, sizeof memory, NULL)
              == EVX_OK);
    a = evx_filter_record(q, &reader, &one_chunk, &one_record);
    cr_assert(evx_fields_read(&reader, &one_chunk, &one_record, &f) == EVX_OK);
    b = evx_filter_fields(q, &f);
    c = evx_filter_chunk(q, evx_kernels_best(), &one_chunk);
    cr_assert(a == b && (a == EVX_OK || a == EVX_SKIP) && (c == EVX_OK || c == EVX_SKIP));
    cr_assert(a != EVX_OK || c == EVX_OK, "the chunk was skipped, its record is kept");
    return a == EVX_OK;
}

static const char event[] =
    "plain <Event><System><Provider Name='MSExchangeIS'/><EventID>9606</EventID><Level>4</Level>"
    "<TimeCreated SystemTime='2006-09-02T02:00:00Z'/><EventRecordID>1042</EventRecordID>"
    "<Channel>Application</Channel><Computer>EX01</Computer></System></Event>";

/* It holds or not, and excluded the other way; for a record without the field it never does. */
static void check(evx_filter q, uint32_t bit, bool holds)
{
    one(event);
    cr_assert(keeps(&q) == holds);
    q.exclude = bit;
    cr_assert(keeps(&q) == !holds);
    one("plain <Event><System/></Event>");
    cr_assert(keeps(&q));
    q.exclude = 0;
    cr_assert(!keeps(&q));
}

Test(filter, everything)
{
    evx_filter q;

    memset(&q, 0, sizeof q);
    one(event);
    cr_assert(keeps(&q));
    one("plain <Event/>");
    cr_assert(keeps(&q));
    q.exclude = 0xffffffff;
    cr_assert(keeps(&q), "nothing was asked for, so nothing is excluded");
}

Test(filter, event_ids)
{
    static const uint32_t ids[] = { 1, 9606, 70000 }, others[] = { 1, 9607 };
    static const uint32_t wide[] = { 0x40002586 };           /* 9606 with qualifiers above it */
    evx_filter q = { .event_ids = ids, .event_id_count = 3 };

    check(q, EVX_FILTER_EVENT_ID, true);
    q.event_ids = others;
    q.event_id_count = 2;
    check(q, EVX_FILTER_EVENT_ID, false);
    q.event_ids = wide;
    q.event_id_count = 1;
    check(q, EVX_FILTER_EVENT_ID, true);
}

Test(filter, words)
{
    evx_filter q = { .provider = "msexchangeis" };

    check(q, EVX_FILTER_PROVIDER, true);
    q.provider = "MSExchangeI";
    check(q, EVX_FILTER_PROVIDER, false);
    q.provider = "MSExchangeISx";
    check(q, EVX_FILTER_PROVIDER, false);
    q.provider = NULL;
    q.channel = "APPLICATION";
    check(q, EVX_FILTER_CHANNEL, true);
    q.channel = "System";
    check(q, EVX_FILTER_CHANNEL, false);
    q.channel = NULL;
    q.computer = "ex01";
    check(q, EVX_FILTER_COMPUTER, true);
    q.computer = "ex02";
    check(q, EVX_FILTER_COMPUTER, false);
}

Test(filter, times)
{
    uint64_t t = mk_time("2006-09-02T02:00:00Z");
    evx_filter q = { .since = t };

    check(q, EVX_FILTER_TIME, true);
    q.since = t + 1;
    check(q, EVX_FILTER_TIME, false);
    q.since = 0;
    q.until = t;
    check(q, EVX_FILTER_TIME, false);
    q.until = t + 1;
    check(q, EVX_FILTER_TIME, true);
    q.since = t - 1;
    check(q, EVX_FILTER_TIME, true);
}

Test(filter, record_ids)
{
    evx_filter q = { .first_id = 1042 };

    check(q, EVX_FILTER_RECORD_ID, true);
    q.first_id = 1043;
    check(q, EVX_FILTER_RECORD_ID, false);
    q.first_id = 0;
    q.last_id = 1042;
    check(q, EVX_FILTER_RECORD_ID, true);
    q.last_id = 1041;
    check(q, EVX_FILTER_RECORD_ID, false);
}

Test(filter, levels)
{
    evx_filter q = { .levels = 1u << 4 };

    check(q, EVX_FILTER_LEVEL, true);
    q.levels = ~(1u << 4);
    check(q, EVX_FILTER_LEVEL, false);
    one("plain <Event><System><Level>36</Level></System></Event>");
    q.levels = 1u << 4;
    cr_assert(!keeps(&q), "level 36 is not level 4");
}

/* All of several must hold. */
Test(filter, together)
{
    static const uint32_t id = 9606;
    evx_filter q = { .event_ids = &id, .event_id_count = 1, .provider = "MSExchangeIS",
                     .channel = "Application", .levels = 1u << 4 };

    one(event);
    cr_assert(keeps(&q));
    q.levels = 1u << 3;
    cr_assert(!keeps(&q));
    q.exclude = EVX_FILTER_LEVEL;
    cr_assert(keeps(&q));
    q.exclude |= EVX_FILTER_PROVIDER;
    cr_assert(!keeps(&q));
}

/* Where the name stands in the chunk, and how: literal, value, ANSI, with other letters. */
Test(filter, chunk)
{
    evx_filter q = { .provider = "MSExchangeIS" };

    one(event);
    cr_assert(evx_filter_chunk(&q, NULL, &one_chunk) == EVX_OK);
    q.provider = "MSExchangeSA";
    cr_assert(evx_filter_chunk(&q, NULL, &one_chunk) == EVX_SKIP);
    q.exclude = EVX_FILTER_PROVIDER;
    cr_assert(evx_filter_chunk(&q, NULL, &one_chunk) == EVX_OK);
    q.exclude = 0;
    q.provider = "";
    cr_assert(evx_filter_chunk(&q, NULL, &one_chunk) == EVX_OK);
    q.provider = "\xc3\xa4";
    cr_assert(evx_filter_chunk(&q, NULL, &one_chunk) == EVX_OK);
    q.provider = "no such name \xc3\xa4";             /* case is not folded there: no answer */
    cr_assert(evx_filter_chunk(&q, NULL, &one_chunk) == EVX_OK);
    q.provider = "no such name \x80";
    cr_assert(evx_filter_chunk(&q, NULL, &one_chunk) == EVX_OK);
    one("template t = <Event><System><Provider Name='{0:ansi}'/></System></Event>\n"
        "record t ansi=\"mseXCHANGEis\"");
    q.provider = "MSExchangeIS";
    cr_assert(keeps(&q));
    one("template t = <Event><System><Provider Name='{0:str}'/></System></Event>\n"
        "record t str=\"mseXCHANGEis\"");
    cr_assert(keeps(&q));
}

/* Markup characters of a name may be entities. A name cut for no reason is not found in the chunk's
 * bytes, as evx/select.h says; its record is kept all the same. */
Test(filter, names_in_pieces)
{
    static const char *const names[] = { "A&B", "&B&", "<", "A\"B'C" };
    static const char *const specs[] = { "A&amp;B", "&amp;B&amp;", "&lt;", "A&quot;B&apos;C" };
    char log[256];

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        evx_filter q = { .provider = names[i] };
        snprintf(log, sizeof log, "plain <Event><System><Provider Name='%s'/></System></Event>",
                 specs[i]);
        one(log);
        cr_assert(keeps(&q), "%s", names[i]);
    }
    {
        evx_filter q = { .provider = "Foo" };
        one("plain <Event><System><Provider Name='F{|}oo'/></System></Event>");
        cr_assert(evx_reader_init(&reader, sizeof reader, (uint8_t *)memory, sizeof memory, NULL)
                  == EVX_OK);
        cr_assert(evx_filter_record(&q, &reader, &one_chunk, &one_record) == EVX_OK);
        cr_assert(evx_filter_chunk(&q, NULL, &one_chunk) == EVX_SKIP);
    }
}

/* The name at every place of a window, to its last byte. */
Test(filter, chunk_search)
{
    static uint8_t bytes[EVX_CHUNK_SIZE];
    evx_filter q = { .provider = "aab" };
    evx_chunk c;

    memset(&c, 0, sizeof c);
    c.base = bytes;
    c.len = 1000;
    for (uint32_t at = 0; at < 1000; at++)
        for (unsigned step = 1; step <= 2; step++) {
            memset(bytes, 'a', 1000);
            if (step == 2)
                for (uint32_t i = 1 - at % 2; i < 1000; i += 2)
                    bytes[i] = 0;
            bytes[at] = 'B';
            cr_assert(evx_filter_chunk(&q, NULL, &c)
                      == (at >= 2 * step && at + step <= 1000 ? EVX_OK : EVX_SKIP), "%u, %u", at,
                      step);
        }
}
