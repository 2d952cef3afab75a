/* tests/evt/test_image.c - legacy records as chunks; with the XML of src/evt/shape.c around them */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cliff.h"
#include "read.h"

static uint8_t mem[70000], image[EVX_CHUNK_SIZE], data[65536];
static uint64_t reading[EVX_READER_MEMORY / 8 + 1];
static mk_evt f;
static evx_fields fields;

static const evx_evt_record *one(const mk_evt_event *e)
{
    mk_bytes log;

    mk_evt_begin(&f, mem, sizeof mem);
    f.trim = 1;
    cr_assert(mk_evt_record(&f, e) == 48);
    log = mk_evt_end(&f);
    return evt_first(log.ptr, log.len);
}

static uint32_t read_image(const evx_evt_record *r)
{
    static evx_reader reader;
    evx_evt_image m;
    evx_chunk c;
    evx_record x;

    cr_assert(evx_evt_image_init(&m, sizeof m, image, NULL) == EVX_OK);
    cr_assert(evx_evt_image_record(&m, r, &c, &x) == EVX_OK);
    cr_assert(evx_reader_init(&reader, sizeof reader, (uint8_t *)reading, sizeof reading, NULL)
              == EVX_OK);
    cr_assert(evx_fields_read(&reader, &c, &x, &fields) == EVX_OK && !fields.damaged);
    return x.damage;
}

static const mk_evt_event usual = {
    .time = 1157162520, .written = 1157162521, .id = 0xc0002587, .type = 1, .category = 28,
    .number = 77, .source = "MSExchangeIS", .computer = "EX01", .sid = "S-1-5-18",
    .strings = "0x50d|<two>", .data = "Backup", .data_len = 7
};

Test(image, init)
{
    evx_evt_image m;
    char name[260];

    cr_assert(evx_evt_image_init(&m, sizeof m - 1, image, NULL) == EVX_E_ABI);
    memset(name, 'x', sizeof name);
    name[257] = 0;
    cr_assert(evx_evt_image_init(&m, sizeof m, image, name) == EVX_E_ARG);
    name[256] = 0;
    cr_assert(evx_evt_image_init(&m, sizeof m, image, name) == EVX_OK);
    cr_assert(strstr(evt_text(one(&usual), EVX_JSON, name), name) != NULL);
    cr_assert(evx_evt_image_init(&m, sizeof m, image, "") == EVX_OK);
}

Test(image, contract)
{
    evx_evt_image m;
    evx_evt_record r;
    evx_chunk c;
    evx_record x;

    memset(&r, 0, sizeof r);
    cr_assert(evx_evt_image_init(&m, sizeof m, image, NULL) == EVX_OK);
    cr_assert(evx_evt_image_record(&m, &r, &c, &x) == EVX_E_ARG);
    r.len = 400;                                     /* a loss */
    cr_assert(evx_evt_image_record(&m, &r, &c, &x) == EVX_E_ARG);
}

Test(image, xml)
{
    cr_assert_str_eq(evt_text(one(&usual), EVX_XML, "Application"),
        "<Event xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\">\n"
        "  <System>\n"
        "    <Provider Name=\"MSExchangeIS\">\n"
        "    </Provider>\n"
        "    <EventID Qualifiers=\"49152\">9607</EventID>\n"
        "    <Level>2</Level>\n"
        "    <Task>28</Task>\n"
        "    <Keywords>0x80000000000000</Keywords>\n"
        "    <TimeCreated SystemTime=\"2006-09-02T02:02:00.000000Z\">\n"
        "    </TimeCreated>\n"
        "    <EventRecordID>77</EventRecordID>\n"
        "    <Channel>Application</Channel>\n"
        "    <Computer>EX01</Computer>\n"
        "    <Security UserID=\"S-1-5-18\">\n"
        "    </Security>\n"
        "  </System>\n"
        "  <EventData>\n"
        "    <Data>0x50d</Data>\n"
        "    <Data>&lt;two&gt;</Data>\n"
        "    <Binary>4261636B757000</Binary>\n"
        "  </EventData>\n"
        "</Event>\n");
}

Test(image, json)
{
    cr_assert_str_eq(evt_text(one(&usual), EVX_JSON, NULL),
        "{\"Event\":{\"#attributes\":{\"xmlns\":\"http://schemas.microsoft.com/win/2004/08/events/"
        "event\"},\"System\":{\"Provider\":{\"#attributes\":{\"Name\":\"MSExchangeIS\"}},"
        "\"EventID\":{\"#attributes\":{\"Qualifiers\":49152},\"#text\":9607},\"Level\":2,"
        "\"Task\":28,\"Keywords\":\"0x80000000000000\",\"TimeCreated\":{\"#attributes\":"
        "{\"SystemTime\":\"2006-09-02T02:02:00.000000Z\"}},\"EventRecordID\":77,"
        "\"Computer\":\"EX01\",\"Security\":{\"#attributes\":{\"UserID\":\"S-1-5-18\"}}},"
        "\"EventData\":{\"Data\":{\"#text\":[\"0x50d\",\"<two>\"]},\"Binary\":"
        "\"4261636B757000\"}}}");
}

/* Neither strings nor data, SID nor time: the elements are there, and empty. */
Test(image, empty)
{
    static const mk_evt_event none = { .source = "S", .computer = "C" };
    const char *text = evt_text(one(&none), EVX_JSON, NULL);

    cr_assert(strstr(text, "\"Level\":0,\"Task\":0,\"Keywords\":\"0x80000000000000\"") != NULL);
    cr_assert(strstr(text, "\"TimeCreated\":null") != NULL);
    cr_assert(strstr(text, "\"Security\":null},\"EventData\":{\"Data\":{\"#text\":\"\"},"
                           "\"Binary\":null}") != NULL, "%s", text);
    cr_assert(read_image(one(&none)) == 0);
    cr_assert(fields.present == (EVX_HAS_PROVIDER | EVX_HAS_COMPUTER | EVX_HAS_EVENT_ID
              | EVX_HAS_QUALIFIERS | EVX_HAS_RECORD_ID | EVX_HAS_LEVEL | EVX_HAS_TASK
              | EVX_HAS_KEYWORDS));
    cr_assert(fields.data_total == 0 && fields.written == 0);
}

Test(image, types)
{
    static const struct { uint16_t type; uint8_t level; uint64_t keywords; } rows[] = {
        { 0, 0, 0x80000000000000 }, { 1, 2, 0x80000000000000 }, { 2, 3, 0x80000000000000 },
        { 4, 4, 0x80000000000000 }, { 8, 0, 0xa0000000000000 }, { 16, 0, 0x90000000000000 },
        { 3, 0, 0x80000000000000 }, { 65535, 0, 0x80000000000000 }
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        mk_evt_event e = usual;
        e.type = rows[i].type;
        cr_assert(read_image(one(&e)) == 0);
        cr_assert(fields.level == rows[i].level && fields.keywords == rows[i].keywords);
    }
}

Test(image, all_fields)
{
    evx_text_view v;

    cr_assert(read_image(one(&usual)) == 0);
    cr_assert(evx_text_view_is(&fields.provider, "msexchangeis"));
    cr_assert(evx_text_view_is(&fields.computer, "EX01"));
    cr_assert(fields.event_id == 9607 && fields.qualifiers == 0xc000 && fields.task == 28);
    cr_assert(fields.time == 116444736000000000u + 11571625200000000u
              && fields.written == fields.time + 10000000);
    cr_assert(fields.record_id == 77 && fields.user_sid.type == EVX_SID);
    cr_assert(fields.data_total == 2 && evx_fields_string(&fields, 1, &v) == EVX_OK);
    cr_assert(evx_text_view_is(&v, "<two>"));
    cr_assert(fields.payload.type == EVX_BINARY && fields.payload.raw.len == 7);
}

/* Times to the last second of 32 bits. */
Test(image, times)
{
    static const uint32_t times[] = { 1, 0x7fffffff, 0x80000000, 0xffffffff };

    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        mk_evt_event e = usual;
        e.time = times[i];
        cr_assert(read_image(one(&e)) == 0 && (fields.present & EVX_HAS_TIME));
        cr_assert(fields.time == 116444736000000000u + times[i] * (uint64_t)10000000);
    }
}

/* Strings as they are: empty ones, many, pairs; one that is torn is closed. */
Test(image, strings)
{
    static const struct { const char *strings; uint32_t count; const char *json; } rows[] = {
        { "", 1, "\"Data\":{\"#text\":\"\"}" },
        { "a", 1, "\"Data\":{\"#text\":\"a\"}" },
        { "|", 2, "\"Data\":{\"#text\":[\"\",\"\"]}" },
        { "a||b|", 4, "\"Data\":{\"#text\":[\"a\",\"\",\"b\",\"\"]}" },
        { "\xf0\x9f\x92\xbe|\xc3\xa9", 2,
          "\"Data\":{\"#text\":[\"\xf0\x9f\x92\xbe\",\"\xc3\xa9\"]" }
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        mk_evt_event e = usual;
        e.strings = rows[i].strings;
        cr_assert(read_image(one(&e)) == 0);
        cr_assert(fields.data_total == rows[i].count, "%u", fields.data_total);
        cr_assert(strstr(evt_text(one(&e), EVX_JSON, NULL), rows[i].json) != NULL, "row %zu: %s",
                  i, evt_text(one(&e), EVX_JSON, NULL));
    }
}

Test(image, torn_string)
{
    mk_evt_event e = usual;
    const evx_evt_record *r;
    mk_bytes log;
    uint32_t end;

    e.data_len = 0;
    e.strings = "first|second";
    (void)one(&e);
    log = mk_evt_end(&f);
    end = mem[48 + 36] + 48u + 12;                   /* behind the first string */
    for (uint32_t n = end + 2; n < end + 14; n++) {
        r = evt_first(log.ptr, n);
        cr_assert(r->damage & EVX_EVT_LOST_STRINGS);
        cr_assert(read_image(r) == r->damage && fields.data_total == 2);
    }
}

/* Every length of data up to the greatest record: a chunk holds most, and says what it left out. */
Test(image, clipped)
{
    mk_evt_event e = usual;
    uint32_t clipped = 0;

    memset(data, 'x', sizeof data);
    e.data = data;
    for (uint32_t n = 60000; n <= 65536 - 176; n += n < 63000 ? 1000 : 1) {
        const evx_evt_record *r;
        uint32_t damage;
        e.data_len = n;
        r = one(&e);
        damage = read_image(r);
        cr_assert(damage == 0 || damage == EVX_EVT_CLIPPED);
        cr_assert(damage == 0 ? fields.payload.raw.len == n && clipped == 0
                              : fields.payload.raw.len < n && fields.payload.raw.len >= 63000);
        cr_assert(fields.data_total == 2);
        if (damage && clipped++ == 0)
            cr_assert(n > 63500, "clipped from %u on", n);
    }
    cr_assert(clipped > 0);
}

Test(image, clipped_strings)
{
    static char text[65536];
    mk_evt_event e = usual;
    uint32_t damage;

    memset(text, 'y', sizeof text);
    text[32600] = 0;
    text[100] = '|';
    e.strings = text;
    e.data_len = 0;
    e.sid = NULL;
    damage = read_image(one(&e));
    cr_assert(damage == EVX_EVT_CLIPPED && fields.data_total == 2);
    cr_assert(fields.data[0].raw.len == 200 && fields.data[1].raw.len > 63000);
    (void)evt_text(one(&e), EVX_XML, NULL);
}

/* Names longer than any chunk, which only a damaged record can have. */
Test(image, clipped_names)
{
    evx_evt_record r = *one(&usual);

    memset(data, 'n', sizeof data);
    r.source.ptr = data;
    r.source.units = 32760;
    cr_assert(read_image(&r) == EVX_EVT_CLIPPED);
    cr_assert(fields.provider.len > 63000 && !(fields.present & EVX_HAS_PAYLOAD));
    cr_assert(!(fields.present & EVX_HAS_USER) && fields.data_total == 0);
}

/* The chunk is well-formed in what only strangers read: lengths of elements and lists. */
static uint32_t u32(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

Test(image, definition)
{
    const uint8_t *p = image + 550;
    uint32_t size, length;

    cr_assert(read_image(one(&usual)) == 0);
    size = u32(p + 20);
    cr_assert(u32(image + 542) == u32(p + 4) && u32(image + 546) == 550);
    cr_assert(p[24] == 0x0f && p[28] == 0x41 && p[24 + size - 1] == 0);
    length = u32(p + 31);                            /* of the root: up to its end tag */
    cr_assert(28 + 7 + length == 24 + size - 1, "%u %u", length, size);
    cr_assert(u32(p + 35) == 550 + 39);              /* its name stands right behind the offset */
    cr_assert(u32(p + 24 + size) == 12);             /* values */
}

/* Nothing of one record shows in the next. */
Test(image, reuse)
{
    static const mk_evt_event small = { .source = "S", .computer = "C", .strings = "z" };
    evx_evt_image m;
    evx_evt_record big = *one(&usual), r;
    evx_chunk c;
    evx_record x, y;
    static uint8_t first[EVX_CHUNK_SIZE];

    cr_assert(evx_evt_image_init(&m, sizeof m, image, NULL) == EVX_OK);
    r = *one(&small);
    cr_assert(evx_evt_image_record(&m, &r, &c, &x) == EVX_OK);
    memcpy(first, image, sizeof first);
    big = *one(&usual);
    cr_assert(evx_evt_image_record(&m, &big, &c, &y) == EVX_OK && y.size > x.size);
    r = *one(&small);
    cr_assert(evx_evt_image_record(&m, &r, &c, &y) == EVX_OK && y.size == x.size);
    cr_assert(memcmp(first, image, x.off + x.size) == 0);
}
