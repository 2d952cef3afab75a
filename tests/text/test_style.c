/* tests/text/test_style.c - xml.c, json.c, format.c in the two styles: each difference */
#include "pair.h"

#define T "template t = "
#define EVENT(inner) "<Event>" inner "</Event>"

static const struct {
    const char *log, *dump, *windows;
} rows[] = {
    /* quotes, and what is escaped */
    { T EVENT("<A b='{0:str}'>{0:str}</A>") "\nrecord t str=\"'<>&\\\"\"",
      EVENT("<A b=\"&apos;&lt;&gt;&amp;&quot;\">'&lt;&gt;&amp;\"</A>"),
      EVENT("<A b='&apos;&lt;&gt;&amp;&quot;'>'&lt;&gt;&amp;\"</A>") },
    /* tokens 03 and 02 04 */
    { T EVENT("<A/><B></B><C d='1'/><E d='1'></E>") "\nrecord t",
      EVENT("<A></A><B></B><C d=\"1\"></C><E d=\"1\"></E>"),
      EVENT("<A/><B></B><C d='1'/><E d='1'></E>") },
    /* optional values that are NULL: the element goes, with all that is in it */
    { T EVENT("<A>{0:str?}</A><B c='1'>x{0:str?}<D/></B><C>{1:u8?}</C>") "\nrecord t null u8=1",
      EVENT("<A></A><B c=\"1\">x<D></D></B><C>1</C>"), EVENT("<C>1</C>") },
    /* optional and empty, but not NULL: kept */
    { T EVENT("<A>{0:str?}</A>") "\nrecord t str=\"\"", EVENT("<A></A>"), EVENT("<A></A>") },
    /* optional and NULL in an attribute: the attribute goes */
    { T EVENT("<A b='{0:guid?}' c='x'/>") "\nrecord t null",
      EVENT("<A c=\"x\"></A>"), EVENT("<A c='x'/>") },
    /* never the whole event */
    { T "<Event @dep='0'>{0:str?}</Event>\nrecord t null", "<Event></Event>",
      "<Event></Event>" },
    /* GUIDs, times */
    { T EVENT("{0:guid}") "\nrecord t guid={00112233-4455-6677-8899-aabbccddeeff}",
      EVENT("00112233-4455-6677-8899-AABBCCDDEEFF"),
      EVENT("{00112233-4455-6677-8899-AABBCCDDEEFF}") },
    { T EVENT("{0:time}") "\nrecord t time=2006-09-02T02:00:00.1234567Z",
      EVENT("2006-09-02T02:00:00.123456Z"), EVENT("2006-09-02T02:00:00.1234567Z") },
    { T EVENT("{0:systime}") "\nrecord t systime=2006,9,6,2,2,0,0,5",
      EVENT("2006-09-02T02:00:00.005000Z"), EVENT("2006-09-02T02:00:00.005Z") },
    /* the same in both */
    { T EVENT("{0:hex64} {1:bool} {2:sid} {3:bin}")
      "\nrecord t hex64=999 bool=1 sid=S-1-5-18 bin=00ff",
      EVENT("0x3e7 true S-1-5-18 00FF"), EVENT("0x3e7 true S-1-5-18 00FF") },
    { T EVENT("<Data>{0:str[]}</Data>") "\nrecord t strs=[\"a\",\"\",\"b\"]",
      EVENT("<Data>a</Data><Data></Data><Data>b</Data>"),
      EVENT("<Data>a</Data><Data></Data><Data>b</Data>") },
};

static const char *render(uint32_t style, uint32_t format)
{
    pair_mode mode = { format, EVX_TEXT_COMPACT, style };

    if (format == EVX_JSON)
        mode.flags = 0;
    pair_begin(mode, NULL, PAIR_ARENA);
    for (int i = 0; i < 2; i++) {    /* by the walk, then by a program where there is one */
        evx_status st = pair_record(&one_chunk, &one_record);
        cr_assert(st == EVX_OK, "%d", st);
    }
    pair_a[pair_slow.chunk_spent] = 0;
    return (const char *)pair_a;
}

Test(style, each_difference)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        one(rows[i].log);
        cr_expect_str_eq(render(EVX_STYLE_EVTX_DUMP, EVX_XML), rows[i].dump, "%s", rows[i].log);
        cr_expect_str_eq(render(EVX_STYLE_WINDOWS, EVX_XML), rows[i].windows, "%s", rows[i].log);
    }
}

Test(style, json_has_the_same_values)
{
    one(T EVENT("<A>{0:str?}</A><B c='{1:guid}'>{2:time}</B><C/>") "\n"
        "record t null guid={00112233-4455-6677-8899-aabbccddeeff} time=2020-01-01T00:00:00Z");
    cr_expect_str_eq(render(EVX_STYLE_WINDOWS, EVX_JSON),
                     "{\"Event\":{\"B\":{\"#attributes\":{\"c\":"
                     "\"{00112233-4455-6677-8899-AABBCCDDEEFF}\"},"
                     "\"#text\":\"2020-01-01T00:00:00.0000000Z\"},\"C\":null}}");
}

/* A nested event whose place depends on a NULL is no part of the text, and no part of a program. */
Test(style, omitted_instances)
{
    (void)pair_log("template o = <Event><S @dep='1'>{0:xml}</S><U>{1:str?}</U></Event>\n"
                   "template i = <EventData><Data Name='x'>{0:u32}</Data></EventData>\n"
                   "record o xml(i u32=1) null\nrecord o xml(i u32=2) str=\"y\"\n"
                   "record o xml(i u32=3) null\nrecord o xml(i u32=4) str=\"z\"\n",
                   pair_modes[5]);
    cr_assert(strstr((char *)pair_b, "<Event><S><EventData><Data Name='x'>4</Data></EventData></S>"
                                     "<U>z</U></Event>") == (char *)pair_b);
    cr_assert_eq(pair_hits(), 2);
}
