/* tests/select/test_locator.c - System fields by template and by walk: always the same */
#include "../files.h"
#include "../golden/one.h"
#include "select/select.h"

static evx_reader fast, slow;
static evx_fields a, b;
static uint64_t memory[2][EVX_READER_MEMORY / 8 + 1];
static unsigned long by_template, by_both, records;

static void begin(const evx_limits *limits)
{
    cr_assert(evx_reader_init(&fast, sizeof fast, (uint8_t *)memory[0], EVX_READER_MEMORY, limits)
              == EVX_OK);
    cr_assert(evx_reader_init(&slow, sizeof slow, (uint8_t *)memory[1], EVX_READER_LEAST, limits)
              == EVX_OK);
    cr_assert(fast.known != NULL && slow.known == NULL);
}

static bool same_bytes(const uint8_t *p, size_t n, const uint8_t *q, size_t m)
{
    return n == m && (n == 0 || memcmp(p, q, n) == 0);
}

static bool same_view(const evx_text_view *v, const evx_text_view *w)
{
    return v->utf8 == w->utf8 && same_bytes(v->ptr, v->len, w->ptr, w->len);
}

static bool same_value(const evx_value *v, const evx_value *w)
{
    return v->type == w->type && same_bytes(v->raw.ptr, v->raw.len, w->raw.ptr, w->raw.len);
}

static bool same_fields(void)
{
    return a.present == b.present && same_view(&a.provider, &b.provider)
        && same_view(&a.channel, &b.channel) && same_view(&a.computer, &b.computer)
        && same_value(&a.provider_guid, &b.provider_guid) && same_value(&a.user_sid, &b.user_sid)
        && same_value(&a.activity, &b.activity) && a.time == b.time && a.written == b.written
        && a.record_id == b.record_id && a.header_id == b.header_id && a.keywords == b.keywords
        && a.event_id == b.event_id && a.qualifiers == b.qualifiers
        && a.process_id == b.process_id && a.thread_id == b.thread_id && a.task == b.task
        && a.level == b.level && a.opcode == b.opcode && a.version == b.version
        && a.damaged == b.damaged && a.data_total == b.data_total;
}

static bool same_data(void)
{
    bool same = a.data_count == b.data_count && same_value(&a.payload, &b.payload);

    for (uint32_t i = 0; same && i < a.data_count; i++)
        same = same_value(&a.data[i], &b.data[i]) && same_view(&a.data_name[i], &b.data_name[i]);
    return same;
}

/* All fields, the event's data included: by the templates of both, and by the walk. */
static void check_all(const evx_chunk *c, const evx_record *r)
{
    for (int i = 0; i < 2; i++) {
        evx_status st = evx_fields_read(&slow, c, r, &b);
        memset(&a, 0xee, sizeof a);
        by_both += evxi_locator_all(&fast, c, r, &a) == EVX_OK;
        cr_assert_eq(evx_fields_read(&fast, c, r, &a), st);
        cr_assert(st < 0 || (same_fields() && same_data()), "record %lu at %u",
                  (unsigned long)r->id, r->off);
    }
}

/* Both, twice, so that the second time the template is known. */
static void check(const evx_chunk *c, const evx_record *r)
{
    static const uint32_t all = UINT32_MAX;

    for (int i = 0; i < 2; i++) {
        evx_status st = evx_fields_system(&slow, c, r, &b);
        memset(&a, 0xee, sizeof a);
        records++;
        by_template += evxi_locator_read(&fast, c, r, &a, all) == EVX_OK;
        cr_assert_eq(evx_fields_system(&fast, c, r, &a), st);
        cr_assert(st < 0 || same_fields(), "record %lu at %u", (unsigned long)r->id, r->off);
    }
    check_all(c, r);
}

static void check_chunk(const evx_chunk *c)
{
    evx_records it;
    evx_record r;
    evx_status st;

    evx_records_begin(&it, c);
    while ((st = evx_records_next(&it, &r)) != EVX_END)
        if (st == EVX_OK)
            check(c, &r);
}

static void check_log(evx_bytes log)
{
    evx_chunk c;

    evx_reader_renew(&fast);
    for (size_t i = 0; kit_chunk(log.ptr, log.len, i, &c) == EVX_OK; i++)
        check_chunk(&c);
}

/* ---- descriptions ---------------------------------------------------------------------------- */

static const char *const systems[] = {
    "<Provider Name='{0:str}' Guid='{1:guid?}'/><EventID Qualifiers='{2:u16?}'>{3:u16}</EventID>",
    "<EventID>{3:u16?}</EventID><Computer>EX01</Computer><Channel>{0:str?}</Channel>",
    "<Provider Name='Lit'/><Provider Name='{0:str}'/><Level>{4:u8}</Level><Level>7</Level>",
    "<Provider Name='a{0:str}b'/><EventID>{3:u16}</EventID>",           /* in pieces: walked */
    "<Provider Name='a&amp;b'/><EventID>{3:u16}</EventID>",             /* with an entity    */
    "<Other>{0:str}<EventID>1</EventID></Other><EventID>{3:u16}</EventID>",
    "<EventID/><Version></Version><Computer x='{0:str}'>{1:guid}</Computer>",
    "<EventID>{9:u16}</EventID><Task>{8:u16?}</Task><Channel>C</Channel>"       /* no such value */
};

static const char *const values[] = {
    " str=\"P\" guid={01020304-0506-0708-090a-0b0c0d0e0f10} u16=5 u16=9606 u8=4",
    " str=\"\" null null u16=9607 u8=0", " null null u16=1 null null",
    " ansi=\"ANSI\" guid={01020304-0506-0708-090a-0b0c0d0e0f10} u16=5 u64=77 u32=3",
    " 0x7f=4142 0x0f=01 0x06=01 0x06=0102030405 0x81=41000000", " u32=1 u32=2 u32=3 u32=4 u32=5"
};

Test(locator, shapes_and_values)
{
    static char text[4096];

    begin(NULL);
    for (size_t s = 0; s < sizeof systems / sizeof systems[0]; s++)
        for (size_t v = 0; v < sizeof values / sizeof values[0]; v++) {
            snprintf(text, sizeof text,
                     "template t = <Event><System>%s</System><EventData><Data>{0:str}</Data>"
                     "</EventData></Event>\nrecord t%s\nrecord t%s\n",
                     systems[s], values[0], values[v]);
            one(text);
            check_log((evx_bytes){ one_log.ptr, one_log.len });
        }
    cr_assert(by_template > records / 3, "%lu of %lu", by_template, records);
}

static const char *const contents[] = {
    "<EventData><Data>{0:str[]?}</Data><Binary>{1:bin?}</Binary></EventData>",
    "<EventData><Data Name='a'>{0:str}</Data><Data Name='b'/><Data></Data></EventData>",
    "<EventData x='{0:str}'><Data Name='{1:str}'>lit</Data>{0:str}<Binary/></EventData>",
    "<EventData><Data>{0:str?}</Data><Data>{1:u32?}</Data><Binary>{2:bin?}</Binary></EventData>",
    "<UserData><Data>{0:str}</Data><Deep><Data>{1:u32}</Data></Deep></UserData>",
    "<EventData><Data>a{0:str}</Data></EventData>",                     /* in pieces: walked */
    "<EventData><Data>{0:str}<x/>{1:str}</Data><Binary>0{1:bin}</Binary></EventData>",
    "<System><EventID>{0:u16}</EventID></System>", "<Other><Data>{0:str}</Data></Other>"
};

static const char *const inner[] = {
    " strs=[\"one\",\"two\",\"\"] bin=0102", " str=\"P\" str=\"\" bin=00", " null u32=7 ansi=\"a\"",
    " 0x02=E4F6 null bin=00", " 0x81=4100420000 0x0e=00", " xml(n) u32=1 bin=01", ""
};

/* The event's data as a template of their own, in the last value of the event's. */
Test(locator, data)
{
    static char text[4096];

    begin(NULL);
    for (size_t s = 0; s < sizeof contents / sizeof contents[0]; s++)
        for (size_t v = 0; v < sizeof inner / sizeof inner[0]; v++)
            for (size_t w = 0; w < 3; w++) {
                static const char *const rest[] = { "", "{2:xml}", "<x/>" };
                snprintf(text, sizeof text,
                         "template n = <B/>\ntemplate d = %s\n"
                         "template t = <Event><System><EventID>{0:u16}</EventID></System>{1:xml}%s"
                         "</Event>\nrecord t u16=1 xml(d%s) null\nrecord t u16=2 xml(d%s) null\n"
                         "record t u16=3 str=\"\" null\nrecord t u16=4\n",
                         contents[s], rest[w], inner[v], inner[v]);
                one(text);
                check_log((evx_bytes){ one_log.ptr, one_log.len });
            }
    cr_assert(by_both > 100, "%lu of %lu", by_both, records);
}

/* A logon has some 27 items, each with a name; of more than there is room for, the walk tells. */
Test(locator, many_items)
{
    static char text[16384];

    begin(NULL);
    for (unsigned items = 15; items <= EVX_FIELDS_MAX + 3; items += 3) {
        size_t n = 0;
        by_both = 0;
        n += (size_t)snprintf(text + n, sizeof text - n, "template d = <EventData>");
        for (unsigned i = 0; i < items; i++)
            n += (size_t)snprintf(text + n, sizeof text - n, "<Data Name='n%u'>{%u:u8}</Data>", i,
                                  i);
        n += (size_t)snprintf(text + n, sizeof text - n, "</EventData>\ntemplate t = <Event>"
                              "<System><EventID>{0:u16}</EventID></System>{1:xml}</Event>\n");
        for (unsigned r = 0; r < 2; r++) {
            n += (size_t)snprintf(text + n, sizeof text - n, "record t u16=1 xml(d");
            for (unsigned i = 0; i < items; i++)
                n += (size_t)snprintf(text + n, sizeof text - n, " u8=%u", (i + r) % 256);
            n += (size_t)snprintf(text + n, sizeof text - n, ")\n");
        }
        cr_assert(n < sizeof text);
        one(text);
        check_log((evx_bytes){ one_log.ptr, one_log.len });
        cr_expect((by_both > 0) == (items <= EVX_FIELDS_MAX), "%u items: %lu", items, by_both);
    }
}

/* Something that the walk goes into stands in front of the System section, or in it. */
Test(locator, nested_before_system)
{
    begin(NULL);
    one("template t = <Event>{0:xml}<System><EventID>{1:u16}</EventID></System></Event>\n"
        "template n = <System><EventID>{0:u16}</EventID></System>\n"
        "record t xml(n u16=1) u16=2\nrecord t str=\"x\" u16=2\n");
    check_log((evx_bytes){ one_log.ptr, one_log.len });
    one("template t = <Event><System><A>{0:xml}</A><EventID>{1:u16}</EventID></System></Event>\n"
        "template n = <B><EventID>{0:u16}</EventID></B>\n"
        "record t str=\"x\" u16=3\nrecord t xml(n u16=1) u16=2\nrecord t str=\"x\" u16=2\n");
    check_log((evx_bytes){ one_log.ptr, one_log.len });
}

/* Tight limits: what the walk refuses the template must not answer. */
Test(locator, limits)
{
    evx_limits tight = { .open_elements = 2 };

    cr_assert(evx_reader_init(&fast, sizeof fast, (uint8_t *)memory[0], EVX_READER_MEMORY, &tight)
              == EVX_OK);
    cr_assert(fast.known == NULL);
    memset(&tight, 0, sizeof tight);
    tight.name_units = 6;
    begin(&tight);
    one("template t = <Event><System><EventID>{0:u16}</EventID></System></Event>\n"
        "record t u16=1\nrecord t u16=2\n");
    check_log((evx_bytes){ one_log.ptr, one_log.len });
}

/* ---- records without a template -------------------------------------------------------------- */

#define P_TIME "<TimeCreated SystemTime='2020-01-02T03:04:05Z'/><EventRecordID>7</EventRecordID>"

static const char *const plain_systems[] = {
    "<Provider Name='P' Guid='01020304-0506-0708-090a-0b0c0d0e0f10'/><EventID Qualifiers='3'>5"
    "</EventID><Version>1</Version><Level>4</Level><Task>2</Task><Opcode>9</Opcode><Keywords>0x80"
    "</Keywords>" P_TIME "<Correlation ActivityID='01020304-0506-0708-090a-0b0c0d0e0f10'/>"
    "<Execution ProcessID='4' ThreadID='8'/><Channel>C</Channel><Computer>EX</Computer>"
    "<Security UserID='S-1-5-18'/>",
    "<Provider/><Channel></Channel><Computer/>" P_TIME "<EventID></EventID>",
    "<Provider Name='a'/><Provider Name='b'/>" P_TIME,                 /* twice: walked     */
    "<Provider Name='a&amp;b'/>" P_TIME,                               /* in pieces: walked */
    "<Computer>a<x/>b</Computer>" P_TIME, "<Other><EventID>1</EventID></Other><EventID>2</EventID>"
};

static const char *const plain_logs[] = {
    "plain <Event><System>%s</System></Event>\n",
    "plain <Event><System>%s</System><EventData><Data Name='n'>x</Data></EventData></Event>\n",
    "plain <Event><EventData><Data>x</Data></EventData><System>%s</System></Event>\n",
    "plain <Event><System/><System>%s</System></Event>\n",
    "plain <Event x='y'>text<System a='b'>%s</System></Event>\n"
};

static void begin_plain(size_t system, size_t log)
{
    static char text[4096], format[512];

    snprintf(format, sizeof format, "%s%s", plain_logs[log], plain_logs[log]);
    snprintf(text, sizeof text, format, plain_systems[system], plain_systems[system]);
    one(text);
}

/* As a walk reads it, whole and with any of its bits changed. */
Test(locator, plain_records, .timeout = 120)
{
    enum { SYSTEMS = sizeof plain_systems / sizeof *plain_systems,
           LOGS = sizeof plain_logs / sizeof *plain_logs };

    begin(NULL);
    for (size_t i = 0; i < SYSTEMS * LOGS; i++) {
        begin_plain(i % SYSTEMS, i / SYSTEMS);
        by_template = 0;
        check_chunk(&one_chunk);
        /* the fourth one's first section is empty, and the end of what is read */
        cr_expect((by_template > 0) == (i / SYSTEMS == 3 || (i % SYSTEMS < 2 && i / SYSTEMS != 2)),
                  "%zu: %lu", i, by_template);
        for (uint32_t bit = 0; bit < 8 * one_record.size; bit++) {
            uint8_t *p = one_bytes() + one_record.off + bit / 8;
            *p ^= (uint8_t)(1u << bit % 8);
            evx_reader_renew(&fast);
            check(&one_chunk, &one_record);
            *p ^= (uint8_t)(1u << bit % 8);
        }
    }
}

/* Tokens are steps; a name, or what is open, may be too much. */
Test(locator, plain_records_and_limits)
{
    for (uint32_t i = 1; i < 16; i++) {
        const evx_limits all[] = { { .name_units = i }, { .open_elements = i },
                                   { .steps_per_byte = i } };
        for (size_t k = 0; k < 3; k++)
            for (size_t s = 0; s < 2; s++) {
                if (k == 1 && i < 3)
                    continue;        /* nothing is learned then                               */
                begin(&all[k]);
                begin_plain(s, 0);
                check_chunk(&one_chunk);
            }
    }
}

/* ---- files ----------------------------------------------------------------------------------- */

static void check_file(void *user, const char *path, const uint8_t *data, size_t len)
{
    evx_bytes bytes = { data, len };

    (void)user;
    (void)path;
    check_log(bytes);
}

/* One byte of the records, changed: at many places. */
static void check_broken(void *user, const char *path, const uint8_t *data, size_t len)
{
    static uint8_t chunk[EVX_CHUNK_SIZE];
    static uint32_t seed = 11;
    evx_window w = { chunk, sizeof chunk, 4096 };
    evx_chunk c;

    (void)user;
    (void)path;
    if (len < 4096 + sizeof chunk)
        return;
    for (int i = 0; i < 40; i++) {
        memcpy(chunk, data + 4096, sizeof chunk);
        seed = seed * 1664525 + 1013904223;
        chunk[512 + seed % 6000] ^= (uint8_t)(1u << (seed >> 29));
        evx_reader_renew(&fast);
        if (evx_chunk_open(&c, &w) == EVX_OK)
            check_chunk(&c);
    }
}

Test(locator, made_logs, .timeout = 120)
{
    begin(NULL);
    files_each(EVX_TEST_CORPUS "/exchange", check_file, NULL);
    cr_assert(by_template > records / 3, "%lu of %lu", by_template, records);
    cr_assert(by_both > records / 2, "%lu of %lu", by_both, records);
    files_each(EVX_TEST_CORPUS, check_file, NULL);
    files_each(EVX_TEST_CORPUS "/exchange", check_broken, NULL);
}

Test(locator, real_logs, .timeout = 300)
{
    begin(NULL);
    if (!files_some(EVX_TEST_SHARED, check_file, NULL))
        cr_skip_test("no real logs at " EVX_TEST_SHARED);
    cr_assert(by_template > records / 2, "%lu of %lu", by_template, records);
    cr_assert(by_both > records / 2, "%lu of %lu", by_both, records);
    (void)files_some(EVX_TEST_SHARED, check_broken, NULL);
}
