/* tests/select/test_fields.c - System fields, data items, payload: typed, literal, damaged */
#include "../golden/one.h"

#include "cliff.h"
#include "select/select.h"

static evx_reader reader;
static evx_fields f;
static uint64_t memory[EVX_READER_MEMORY / 8 + 1];

static evx_status read_at(size_t n)
{
    cr_assert(evx_reader_init(&reader, sizeof reader, (uint8_t *)memory, sizeof memory, NULL)
              == EVX_OK);
    cr_assert(kit_record(&one_chunk, n, &one_record) == EVX_OK);
    memset(&f, 0xee, sizeof f);
    return evx_fields_read(&reader, &one_chunk, &one_record, &f);
}

static bool is(const evx_text_view *v, const char *text)
{
    return evx_text_view_is(v, text);
}

/* The i-th string is this one. */
static void string_is(uint32_t i, const char *text)
{
    evx_text_view v;
    uint8_t got[256];
    size_t n;

    cr_assert(evx_fields_string(&f, i, &v) == EVX_OK, "string %u", i);
    n = evx_text_view_utf8(&v, got, sizeof got - 1);
    cr_assert(n < sizeof got);
    got[n] = 0;
    cr_assert(strcmp((char *)got, text) == 0, "string %u is \"%s\", not \"%s\"", i, got, text);
}

#define SYSTEM \
    "<System><Provider Name='{0:str}' Guid='{1:guid?}'/><EventID Qualifiers='{2:u16?}'>{3:u16}" \
    "</EventID><Version>{4:u8}</Version><Level>{5:u8}</Level><Task>{6:u16}</Task><Opcode>{7:u8}" \
    "</Opcode><Keywords>{8:hex64}</Keywords><TimeCreated SystemTime='{9:time}'/><EventRecordID>" \
    "{10:u64}</EventRecordID><Correlation ActivityID='{11:guid?}'/><Execution " \
    "ProcessID='{12:u32}' ThreadID='{13:u32}'/><Channel>{14:str}</Channel>" \
    "<Computer>{15:str}</Computer><Security UserID='{16:sid?}'/></System>"

#define VALUES \
    " str=\"Prov\" guid={01020304-0506-0708-090a-0b0c0d0e0f10} u16=16388 u16=9606 u8=2 u8=4" \
    " u16=18 u8=7 hex64=0x8020000000000000 time=2006-09-02T02:00:00.1234567Z u64=99887766554433" \
    " guid={11111111-2222-3333-4444-555555555555} u32=488 u32=2648 str=\"Chan\" str=\"EX01\"" \
    " sid=S-1-5-18"

enum { ALL = (1 << 18) - 1 };

static void check_system(uint32_t present)
{
    cr_assert(f.present == present, "%x, not %x", f.present, present);
    cr_assert(is(&f.provider, "Prov") && is(&f.channel, "Chan") && is(&f.computer, "EX01"));
    cr_assert(f.event_id == 9606 && f.qualifiers == 16388 && f.version == 2 && f.level == 4);
    cr_assert(f.task == 18 && f.opcode == 7 && f.keywords == 0x8020000000000000u);
    cr_assert(f.time == mk_time("2006-09-02T02:00:00.1234567Z") && f.record_id == 99887766554433u);
    cr_assert(f.process_id == 488 && f.thread_id == 2648 && f.damaged == 0);
}

Test(fields, system)
{
    one("template t = <Event>" SYSTEM "<EventData><Data>{17:str[]}</Data><Binary>{18:bin}</Binary>"
        "</EventData></Event>\nrecord id=77 t" VALUES " strs=[\"one\",\"\",\"three\"] bin=00ff10");
    cr_assert(read_at(0) == EVX_OK);
    check_system(ALL);
    cr_assert(f.header_id == 77 && f.written == mk_time("2021-02-03T04:05:06Z"));
    cr_assert(f.provider_guid.type == EVX_GUID && f.provider_guid.raw.ptr[0] == 4);
    cr_assert(f.user_sid.type == EVX_SID && f.user_sid.raw.len == 12);
    cr_assert(f.activity.type == EVX_GUID && f.activity.raw.ptr[0] == 0x11);
    cr_assert(f.payload.type == EVX_BINARY && f.payload.raw.len == 3
              && memcmp(f.payload.raw.ptr, "\0\xff\x10", 3) == 0);
    cr_assert(f.data_total == 3 && f.data_count == 3 && f.data_name[0].len == 0);
    string_is(0, "one");
    string_is(1, "");
    string_is(2, "three");
    {
        evx_text_view v;
        cr_assert(evx_fields_string(&f, 3, &v) == EVX_END);
    }
}

/* The same event as a collector stores it: everything is text. */
Test(fields, forwarded)
{
    one("plain <Event><System><Provider Name='Prov' Guid='12'/><EventID "
        "Qualifiers='16388'>9606</EventID><Version>2</Version><Level>4</Level><Task>18</Task>"
        "<Opcode>7</Opcode><Keywords>0x8020000000000000</Keywords><TimeCreated SystemTime="
        "'2006-09-02T02:00:00.1234567Z'/><EventRecordID>99887766554433</EventRecordID><Correlation "
        "ActivityID='x'/><Execution ProcessID='488' ThreadID='2648'/><Channel>Chan</Channel>"
        "<Computer>EX01</Computer><Security UserID='S-1-5-18'/></System><EventData><Data Name='a'>"
        "one</Data><Data Name='b'/><Data>x&amp;y&#33;<![CDATA[z]]></Data><Binary>00fF10</Binary>"
        "</EventData><RenderingInfo><Level>9</Level><Channel>No</Channel></RenderingInfo></Event>");
    cr_assert(read_at(0) == EVX_OK);
    check_system(ALL);
    cr_assert(f.user_sid.type == EVX_STRING && f.activity.type == EVX_STRING);
    cr_assert(f.payload.raw.len == 3 && memcmp(f.payload.raw.ptr, "\0\xff\x10", 3) == 0);
    cr_assert(f.data_total == 3 && is(&f.data_name[0], "a") && is(&f.data_name[1], "b"));
    cr_assert(f.data_name[2].len == 0);
    string_is(0, "one");
    string_is(1, "");
    string_is(2, "x&y!z");
}

/* Nothing of it is there; nothing says that it is. */
Test(fields, absent)
{
    one("plain <Event/>\nplain <Event><System><Level/><EventID></EventID><Computer/></System>"
        "</Event>\n"
        "template t = <Event><System><Level>{0:u8?}</Level><Computer>{1:str?}</Computer></System>"
        "<EventData><Data Name='x'>{2:str?}</Data><Binary>{3:bin?}</Binary></EventData></Event>\n"
        "record t null null null null");
    cr_assert(read_at(0) == EVX_OK && f.present == 0 && f.data_total == 0);
    cr_assert(read_at(1) == EVX_OK && (f.present & ~(uint32_t)EVX_HAS_COMPUTER) == 0);
    cr_assert(read_at(2) == EVX_OK && (f.present & ~(uint32_t)EVX_HAS_COMPUTER) == 0);
    cr_assert(f.data_total == 0, "an element that Windows leaves out is no item");
}

/* Elements of these names somewhere else are others. */
Test(fields, other_places)
{
    one("plain <System><Level>1</Level><Data>x</Data></System>\n"
        "plain <Event><Level>1</Level><System><X><Level>2</Level></X><Level>3<Level>4</Level>"
        "</Level></System><EventData><Level>5</Level><X><Data>y</Data></X></EventData></Event>");
    cr_assert(read_at(0) == EVX_OK && f.present == 0 && f.data_total == 0);
    cr_assert(read_at(1) == EVX_OK && (f.present & EVX_HAS_LEVEL) && f.level == 3);
    cr_assert(f.data_total == 0);
}

Test(fields, names_and_arrays)
{
    one("template t = <Event><EventData><Data Name='n'>{0:str[]}</Data><Data>{1:u32}</Data>"
        "<Data Name='{2:ansi}'>{3:ansi}</Data><Data Name='e'>{4:str[]}</Data></EventData></Event>\n"
        "record t strs=[\"a\",\"b\"] u32=7 ansi=\"an\" ansi=\"Gr\xfc\xdf\" strs=[]");
    cr_assert(read_at(0) == EVX_OK && f.data_total == 5);
    cr_assert(is(&f.data_name[0], "n") && is(&f.data_name[1], "n") && f.data_name[2].len == 0);
    cr_assert(is(&f.data_name[3], "an") && is(&f.data_name[4], "e"));
    string_is(0, "a");
    string_is(1, "b");
    string_is(3, "Gr\xc3\xbc\xc3\x9f");
    {
        evx_text_view v;
        uint64_t x;
        cr_assert(evx_fields_string(&f, 2, &v) == EVX_SKIP);
        cr_assert(evx_value_u64(&f.data[2], &x) == EVX_OK && x == 7);
    }
}

/* An array without an item is one item all the same: nothing, or its bytes. */
Test(fields, arrays_without_items)
{
    one("template t = <Event><EventData><Data>{0:str[]}</Data><Data>{1:u32[]}</Data><Data>{2:u32[]}"
        "</Data></EventData></Event>\nrecord t strs=[] 0x88=0102 0x88=010000000200000003");
    cr_assert(read_at(0) == EVX_OK && f.data_total == 4);
    cr_assert(f.data[0].type == EVX_NULL && f.data[1].type == EVX_BINARY);
    cr_assert(f.data[1].raw.len == 2 && f.data[2].type == EVX_UINT32 && f.data[3].raw.len == 4);
}

/* With the memory that the header names, as many values as a record can hold. */
Test(fields, as_many_values_as_can_be)
{
    static char log[150000];
    size_t at = (size_t)sprintf(log, "template t = <Event><System><Level>{0:u8}</Level></System>"
                                     "</Event>\nrecord t u8=4");

    for (int i = 0; i < 250; i++)
        at += (size_t)sprintf(log + at, " null");
    one(log);
    cr_assert(evx_reader_init(&reader, sizeof reader, (uint8_t *)memory, EVX_READER_MEMORY, NULL)
              == EVX_OK);
    cr_assert(evx_fields_read(&reader, &one_chunk, &one_record, &f) == EVX_OK && f.level == 4);
    {                                /* the count says 15,000, over a record of zeros */
        uint32_t count = one_record.off + 24;
        while (one_load(count) != 251 || one_load(count + 4) != 0x00040001)
            count++;
        one_store(count, 15000, 4);
        one_record.size = 65536 - one_record.off;
        one_record.damage = EVX_RECORD_SIZE;
        cr_assert(evx_fields_read(&reader, &one_chunk, &one_record, &f) == EVX_OK);
    }
}

Test(fields, more_than_fit)
{
    static char log[20000];
    size_t at = (size_t)sprintf(log, "template t = <Event><EventData>");

    for (int i = 0; i < 70; i++)
        at += (size_t)sprintf(log + at, "<Data Name='n%d'>{0:str[]}</Data>", i);
    sprintf(log + at, "</EventData></Event>\nrecord t strs=[\"a\",\"b\",\"c\"]");
    one(log);
    cr_assert(read_at(0) == EVX_OK && f.data_total == 210 && f.data_count == EVX_FIELDS_MAX);
    cr_assert(is(&f.data_name[0], "n0") && is(&f.data_name[63], "n21"));
    string_is(63, "a");
}

/* Text in pieces is joined, whatever the pieces are. */
Test(fields, pieces)
{
    one("template t = <Event><System><Provider Name='{0:ansi}&amp;{1:str}'/><Channel>a{|}b{|}c"
        "</Channel><Computer>&lt;{0:ansi}&#8364;{0:ansi}</Computer></System></Event>\n"
        "record t ansi=\"A\xe4\" str=\"B\"");
    cr_assert(read_at(0) == EVX_OK);
    cr_assert(is(&f.channel, "abc"));
    cr_assert(is(&f.provider, "A\xc3\xa4&B"), "an ANSI piece in front of a reference is kept");
    cr_assert(is(&f.computer, "<A\xc3\xa4\xe2\x82\xac" "A\xc3\xa4"), "and between references");
}

/* Numbers of other types than usual. */
Test(fields, odd_types)
{
    one("template t = <Event><System><EventID>{0:str}</EventID><Level>{1:u64}</Level><Keywords>"
        "{2:u32}</Keywords><TimeCreated SystemTime='{3:systime}'/><EventRecordID>{4:hex32}"
        "</EventRecordID><Task>{5:bin}</Task></System></Event>\n"
        "record t str=\"17\" u64=3 u32=5 systime=2006,9,6,2,2,0,0,500 hex32=0x11 bin=01");
    cr_assert(read_at(0) == EVX_OK && f.event_id == 17 && f.level == 3 && f.keywords == 5);
    cr_assert(f.time == mk_time("2006-09-02T02:00:00.5Z") && f.record_id == 17);
    cr_assert(!(f.present & EVX_HAS_TASK));
}

Test(fields, hex_payloads)
{
    static const struct { const char *text; size_t n; } rows[] = {
        { "00", 1 }, { "0011", 2 }, { "001", 1 }, { " 00 11 ", 2 }, { "0 0", 1 },
        { "aBcDeF", 3 }, { "0x42", 1 }, { "0X4261", 2 }, { "0x", 2 }, { "00x11", 5 },
        { "0g", 2 }, { "0:", 2 }, { "0@", 2 }, { "0G", 2 }, { "0`", 2 }, { "0/", 2 },
        { "Backup in progress.", 19 }, { "\xc3\xa4", 2 }
    };
    char log[256];

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(log, sizeof log, "plain <Event><EventData><Binary>%s</Binary></EventData></Event>",
                 rows[i].text);
        one(log);
        cr_assert(read_at(0) == EVX_OK && (f.present & EVX_HAS_PAYLOAD));
        cr_assert(f.payload.raw.len == rows[i].n, "\"%s\": %zu", rows[i].text, f.payload.raw.len);
        cr_assert(f.payload.type == EVX_BINARY);
    }
    cr_assert(memcmp(f.payload.raw.ptr, "\xc3\xa4", 2) == 0, "what is no hex is text");
    one("plain <Event><EventData><Binary>4 2\t61</Binary></EventData></Event>");
    cr_assert(read_at(0) == EVX_OK && memcmp(f.payload.raw.ptr, "Ba", 2) == 0);
}

/* ---- damage, memory, cliffs ------------------------------------------------------------------ */

Test(fields, damaged)
{
    one("template t = <Event><System><Level>{0:u8}</Level></System>{1:xml}</Event>\n"
        "record t u8=4 xml(plain <EventData><Data>x</Data>{raw:90}</EventData>)\n"
        "record t u8=5 str:900=\"\"\nraw 90 00\nraw 0f010100 00");
    cr_assert(read_at(0) == EVX_OK && f.level == 4 && f.damaged == 1 && f.data_total == 1);
    cr_assert(read_at(1) == EVX_OK && f.level == 5 && f.damaged == 1);
    cr_assert(read_at(2) == EVX_E_TOKEN);
    cr_assert(read_at(3) == EVX_E_BALANCE);
}

Test(fields, memory)
{
    size_t n = sizeof memory;

    cr_assert(evx_reader_init(&reader, sizeof reader + 1, (uint8_t *)memory, n, NULL) == EVX_E_ABI);
    cr_assert(evx_reader_init(&reader, sizeof reader, (uint8_t *)memory, 8191, NULL)
              == EVX_E_SPACE);
    one("template t = <Event><System><Provider Name='a&amp;b'/></System>{0:u8}</Event>\n"
        "record t u8=1");
    for (size_t len = 8192; len < 20000; len += 499) {
        uint8_t *cliff = kit_cliff((len + 15) & ~(size_t)15);
        uint8_t *base = cliff - ((len + 15) & ~(size_t)15);
        cr_assert(evx_reader_init(&reader, sizeof reader, base, len, NULL) == EVX_OK);
        cr_assert(evx_fields_read(&reader, &one_chunk, &one_record, &f) == EVX_OK);
        cr_assert(is(&f.provider, "a&b"));
        kit_cliff_free(cliff, (len + 15) & ~(size_t)15);
    }
}

/* What does not fit into the scratch is cut, at a character, and nothing else breaks. */
Test(fields, scratch_is_bounded)
{
    static char log[30000];
    size_t at = (size_t)sprintf(log, "plain <Event><EventData><Data>&amp;");

    for (int i = 0; i < 3000; i++)
        at += (size_t)sprintf(log + at, "\xe2\x82\xac");
    sprintf(log + at, "</Data></EventData></Event>");
    one(log);
    cr_assert(evx_reader_init(&reader, sizeof reader, (uint8_t *)memory, 8192, NULL) == EVX_OK);
    cr_assert(evx_fields_read(&reader, &one_chunk, &one_record, &f) == EVX_OK);
    cr_assert(f.data_total == 1 && f.data[0].type == EVX_UTF8 && f.data[0].raw.len <= 8192);
    cr_assert(f.data[0].raw.ptr[0] == '&' && f.data[0].raw.len % 3 == 1);
}

/* 200 items of 1,000 pieces of 25,000 characters each: a small record, and much to look at. */
Test(fields, hostile_pieces_end, .timeout = 10)
{
    static char log[200000];
    size_t at = (size_t)sprintf(log, "template o = <R><EventData>");

    for (int i = 0; i < 200; i++)
        at += (size_t)sprintf(log + at, "{0:xml}");
    at += (size_t)sprintf(log + at, "</EventData></R>\ntemplate i = <Data>");
    for (int i = 0; i < 1000; i++)
        at += (size_t)sprintf(log + at, "{0:ansi}");
    at += (size_t)sprintf(log + at, "</Data>\nrecord o xml(i 0x02=");
    for (int i = 0; i < 25000; i++)
        at += (size_t)sprintf(log + at, "41");
    sprintf(log + at, ")");
    one(log);
    (void)read_at(0);
    cr_assert(f.data_count <= EVX_FIELDS_MAX);
}

Test(fields, limits)
{
    evx_limits limits = { 0 };

    one("template t = <Event>{0:xml}</Event>\ntemplate u = <X/>\nrecord t xml(u)");
    limits.instance_depth = 1;
    cr_assert(evx_reader_init(&reader, sizeof reader, (uint8_t *)memory, sizeof memory, &limits)
              == EVX_OK);
    cr_assert(evx_fields_read(&reader, &one_chunk, &one_record, &f) == EVX_E_DEPTH);
}

Test(fields, cliff)
{
    size_t n;
    uint8_t *cliff;

    one("template t = <Event>" SYSTEM "<EventData><Data>{17:str[]}</Data><Data Name='&amp;x'>a&lt;"
        "</Data><Binary>{18:bin}</Binary></EventData></Event>\n"
        "record t" VALUES " strs=[\"one\",\"\",\"three\"] bin=00ff10\nrecord t" VALUES
        " strs=[] bin=");
    n = one_chunk.free_off;
    cliff = kit_cliff(n);
    cr_assert(evx_reader_init(&reader, sizeof reader, (uint8_t *)memory, sizeof memory, NULL)
              == EVX_OK);
    for (size_t len = 512; len <= n; len++) {
        evx_window w = { memcpy(cliff - len, one_bytes(), len), (uint32_t)len, 0 };
        evx_chunk c;
        evx_record r;
        (void)evx_chunk_open(&c, &w);
        for (size_t i = 0; i < 3; i++)
            if (kit_record(&c, i, &r) == EVX_OK)
                cr_assert(evx_fields_read(&reader, &c, &r, &f) != EVX_E_BUG
                          && f.data_count <= EVX_FIELDS_MAX);
    }
    kit_cliff_free(cliff, n);
}
