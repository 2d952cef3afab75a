/* tests/kit/seeds.c - one small chunk per token and per value type, and small whole files. */
#include "seeds.h"

#include <stdio.h>
#include <string.h>

static uint8_t mem[KIT_SEED_MEM];
static mk_file file;

#define T0 128016720000000000u   /* 2006-09-01, near enough */

mk_bytes kit_seed_chunk(mk_file *f)
{
    mk_bytes all = mk_end(f), cut = { NULL, 0 };
    if (!all.ptr) return cut;
    cut.ptr = all.ptr + MK_FILE_HEADER;
    cut.len = mk_trim(f) - MK_FILE_HEADER;
    return cut;
}

/* ---- tokens --------------------------------------------------------------------- */

typedef struct token_seed { const char *name, *spec; } token_seed;

/* Template-less: no dependency ids. */
static const token_seed plain[] = {
    { "eof-only", "" },
    { "element-empty", "<E/>" },
    { "element-open-close", "<E></E>" },
    { "element-text", "<E>text</E>" },
    { "element-nested", "<E><F><G>deep</G></F><F/></E>" },
    { "element-mixed", "<E>one<F>two</F>three<F/></E>" },
    { "attribute-one", "<E a='1'/>" },
    { "attribute-many", "<E a='1' b='2' c='' d='{}'>x</E>" },
    { "attribute-parts", "<E eTag='&quot;abc&quot;' x='a{|}b&amp;c&#65;'/>" },
    { "attribute-cdata", "<E a='<![CDATA[x<y]]>'/>" },
    { "text-parts", "<E>one{|}two{}three</E>" },
    { "cdata", "<E><![CDATA[a < b & c]]></E>" },
    { "cdata-parts", "<E>x<![CDATA[1]]><![CDATA[]]\\u003e2]]>y</E>" },
    { "charref", "<E>&#65;&#x20AC;&#xD;</E>" },
    { "charref-illegal", "<E>&#0;&#1;&#xD800;&#xFFFE;</E>" },
    { "entityref", "<E>&lt;&gt;&amp;&quot;&apos;</E>" },
    { "entityref-unknown", "<E>&nbsp;&a\\u0020b;</E>" },
    { "pi-inside", "<E><?target some data?>x</E>" },
    { "pi-top", "<?target some data?><E/>" },
    { "pi-hostile", "<E><?t a?\\u003eb?></E>" },
    { "fragment-twice", "{raw:0f010100}<E/>" },
    { "fragment-odd", "{raw:0f020507}<E/>" },
    { "two-roots", "<E>1</E><F>2</F>" },
    { "text-top", "loose text" },
    { "name-bad", "<a\\u003cb\\u0020c='1' \\u0000='2'>x</a>" },
    { "name-digit", "<1E -a='x'/>" },
    { "name-empty", "<\\e \\e='1'/>" },
    { "name-unicode", "<\xc3\x89l\xc3\xa9ment \xe5\x90\x8d='1'/>" },
    { "name-surrogate", "<x\\uD800 y='1'/>" },
    { "name-forward", "<E @name='0x260'/>" },
    { "name-outside", "<E @name='0xfffffff0'/>" },
    { "name-at-end", "<E @name='0xfff8'/>" },
    { "name-in-header", "<E @name='0'/>" },
    { "len-short", "<E @len='3'><F>x</F></E>" },
    { "len-long", "<E @len='0xffff'><F>x</F></E>" },
    { "list-wrong", "<E @list='1000' a='1' b='2'/>" },
    { "list-empty", "<E @list='0'/>" },
    { "substitution-in-record", "<E>{0:str}{1:u8?}</E>" },
    { "value-type-u32", "<E>{raw:050878563412}x</E>" },
    { "value-type-xml", "<E>{raw:05210f01010000}</E>" },
    { "value-past-end", "<E>{raw:0501ffff4100}</E>" },
    { "unbalanced-end", "<E>{raw:0404040400}</E>" },
    { "eof-inside", "<E><F>{raw:00}</F></E>" },
    { "unknown-10", "<E>{raw:10}</E>" },
    { "unknown-81", "<E>{raw:81}</E>" },
    { "unknown-4f", "<E>{raw:4f010100}</E>" },
    { "attribute-outside", "<E>{raw:06}</E>" },
    { "text-escapes", "<E a='&lt;\"\\'&amp;\\u0009\\u000a\\u000d'>\\<\\&\\>\"\\'\\u000d]]\\></E>" },
    { "text-controls", "<E a='\\u0001'>\\u0000\\u0001\\u001f\\u007f\\ufffe\\uffff</E>" },
    { "text-surrogates", "<E>\\uD83D\\uDE00 \\uD800 \\uDC00 \\uDE00\\uD83D</E>" },
};

/* Definitions; values 0 a string, 1 NULL, 2 an array, 3 a number, 4 a nested stream. */
static const token_seed defined[] = {
    { "subst-normal", "<E a='{0:str}'>{0:str}</E>" },
    { "subst-optional", "<E a='{0:str?}'>{0:str?}</E>" },
    { "subst-null", "<E a='{1:str}' b='{1:str?}'><F>{1:str}</F><G>{1:str?}</G></E>" },
    { "subst-mixed", "<E>a{0:str}b<F/>{3:u32}c</E>" },
    { "subst-array", "<E><D>{2:str[]?}</D></E>" },
    { "subst-array-attribute", "<E><D n='{2:str[]}'>x</D></E>" },
    { "subst-arrays", "<E><D n='{2:str[]}'>{2:str[]}-{0:str}</D></E>" },
    { "subst-outside", "<E>{99:str}{65535:str?}</E>" },
    { "subst-twice", "<E>{0:str}{0:str}{0:str}</E>" },
    { "subst-type-wrong", "<E><F>{0:u32}</F><F>{3:str}</F><F>{2:0x8e}</F></E>" },
    { "subst-nested", "<E><F>{4:xml}</F>{4:xml?}</E>" },
    { "subst-nested-attribute", "<E a='{4:xml}'/>" },
    { "dep-null-omits", "<E><F @dep='1' a='x'>kept?</F><G/></E>" },
    { "dep-outside", "<E @dep='500'>x</E>" },
    { "dep-root-null", "<E @dep='1'>{0:str}</E>" },
    { "def-charref", "<E>{0:str}&#65;<![CDATA[c]]>&amp;</E>" },
    { "def-pi", "<E><?t d?>{0:str}</E>" },
    { "def-two-roots", "<E/><F>{0:str}</F>" },
    { "def-empty", "" },
};

static void take_plain(const token_seed *s, kit_take take, void *user)
{
    mk_begin(&file, mem, sizeof mem);
    (void)mk_record_plain(&file, 1, T0, s->spec);
    (void)mk_record_plain(&file, 2, T0 + 1, "<After/>");
    take(user, s->name, kit_seed_chunk(&file));
}

static void take_defined(const token_seed *s, kit_take take, void *user)
{
    static const char *const items[] = { "one", "", "three" };
    mk_begin(&file, mem, sizeof mem);
    mk_body nested = mk_nested_plain("<N>in</N>");
    mk_value v[5] = { mk_str("text"), mk_null(), mk_strs(items, 3), mk_u32(77), mk_xml(&nested) };
    uint32_t t = mk_template(&file, s->spec);
    (void)mk_record(&file, 1, T0, t, v, 5);
    (void)mk_record(&file, 2, T0 + 1, t, v, 5);
    take(user, s->name, kit_seed_chunk(&file));
}

static void take_nests(kit_take take, void *user)
{
    static const struct { const char *name; uint32_t first, second; int two; } shape[] = {
        { "nested-headed", 0, 0, 0 }, { "nested-bare", MK_BARE, 0, 0 },
        { "nested-two", MK_BARE, MK_BARE, 1 }, { "nested-two-headed", 0, 0, 1 },
        { "nested-no-eof", MK_NO_EOF, 0, 0 }, { "nested-no-tables", MK_NO_TABLES, 0, 0 },
    };
    for (size_t i = 0; i < sizeof shape / sizeof shape[0]; i++) {
        mk_begin(&file, mem, sizeof mem);
        uint32_t outer = mk_template(&file, "<Event><System><EventID>{0:u16}</EventID></System>"
                                            "{1:xml?}</Event>");
        mk_value in[1] = { mk_str("x") };
        uint32_t rendering = mk_template(&file, "<RenderingInfo>{0:str}</RenderingInfo>");
        uint32_t data = mk_template(&file, "<EventData><D>{0:str}</D></EventData>");
        mk_body second = mk_nested(rendering, in, 1);
        mk_body first = mk_nested(data, in, 1);
        first.flags = shape[i].first;
        second.flags = shape[i].second;
        if (shape[i].two) first.next = &second;
        mk_value v[2] = { mk_u16(4624), mk_xml(&first) };
        (void)mk_record(&file, 1, T0, outer, v, 2);
        (void)mk_record(&file, 2, T0, outer, v, 2);
        take(user, shape[i].name, kit_seed_chunk(&file));
    }
}

void kit_seeds_tokens(kit_take take, void *user)
{
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) take_plain(&plain[i], take, user);
    for (size_t i = 0; i < sizeof defined / sizeof defined[0]; i++)
        take_defined(&defined[i], take, user);
    take_nests(take, user);
}

/* ---- files ------------------------------------------------------------------------ */

static void three_records(uint32_t flags)
{
    mk_begin(&file, mem, sizeof mem);
    file.flags = flags & 5;
    if (flags & 4) file.chunk_flags |= 4;
    uint32_t t = mk_template(&file, "<Event><EventID>{0:u16}</EventID><D>{1:str}</D></Event>");
    for (uint16_t i = 1; i <= 3; i++) {
        mk_value v[2] = { mk_u16(i), mk_str("some words that fill a record") };
        (void)mk_record(&file, i, T0 + i, t, v, 2);
    }
}

static mk_bytes cut_file(void)
{
    mk_bytes all = mk_end(&file);
    if (all.ptr) all.len = mk_trim(&file);
    return all;
}

enum { CH = MK_FILE_HEADER, R1 = CH + MK_CHUNK_HEADER };

/* One integer each, in the sound file of three records; the second record begins at R2. */
typedef struct lie { const char *name; size_t off; uint64_t value; uint8_t size, from_second; } lie;

static const lie lies[] = {
    { "file-magic", 0, 0, 4, 0 },
    { "file-minor-2", 36, 2, 2, 0 },
    { "file-major-9", 38, 9, 2, 0 },
    { "file-block-512", 40, 512, 2, 0 },
    { "file-counts", 8, 0xffffffffffffffffu, 8, 0 },
    { "file-flags", 120, 0x1b970000, 4, 0 },
    { "chunk-magic", CH, 0, 4, 0 },
    { "chunk-free-zero", CH + 48, 0, 4, 0 },
    { "chunk-free-huge", CH + 48, 0xffffffffu, 4, 0 },
    { "chunk-free-512", CH + 48, 512, 4, 0 },
    { "chunk-free-65536", CH + 48, 65536, 4, 0 },
    { "chunk-last-huge", CH + 44, 0xffffffffu, 4, 0 },
    { "chunk-ids", CH + 24, 0xffffffffffffffffu, 8, 0 },
    { "chunk-name-table", CH + 128, 0xfffffff0u, 4, 0 },
    { "record-magic", 0, 0, 4, 1 },
    { "record-size-0", 4, 0, 4, 1 },
    { "record-size-27", 4, 27, 4, 1 },
    { "record-size-odd", 4, 61, 4, 1 },
    { "record-size-huge", 4, 0xfffffff8u, 4, 1 },
    { "record-size-to-end", 4, 65024, 4, 1 },
    { "record-time-huge", 16, 0xffffffffffffffffu, 8, 1 },
    { "record-body", 24, 0x7f7f7f7f, 4, 1 },
};

/* A sound, whole file: strangers must read each of these values as we meant it.
 * No negative integers: evtxexport prints -1 as -127 (value types have seeds of their own). */
static void all_types(kit_take take, void *user)
{
    static const uint16_t systime[8] = { 2006, 9, 6, 2, 2, 30, 45, 123 };
    static const char *const items[] = { "one", "", "three" };
    mk_begin(&file, mem, sizeof mem);
    mk_value v[] = {
        mk_str("text"), mk_strz("ended"), mk_ansi("ansi"), mk_i8(1), mk_u8(255), mk_i16(2),
        mk_u16(65535), mk_i32(3), mk_u32(4294967295u), mk_i64(4), mk_u64(5), mk_f32(0.5f),
        mk_f64(-1234.25), mk_bool(1), mk_bin("\x01\xab", 2),
        mk_guid("{01020304-0506-0708-090a-0b0c0d0e0f10}"), mk_size32(4096), mk_size64(65536),
        mk_filetime(mk_time("2006-09-02T02:30:45.1234567Z")), mk_systime(systime),
        mk_sid("S-1-5-21-1-2-4294967295-500"), mk_hex32(0x3e7), mk_hex64(0x8020000000000000u),
        mk_strs(items, 3),
    };
    uint32_t t = mk_template(&file, "<Event><A a='{0:str}' b='{3:i8}'/><V>{0:str}</V><V>{1:str}</V>"
        "<V>{2:ansi}</V><V>{3:i8}</V><V>{4:u8}</V><V>{5:i16}</V><V>{6:u16}</V><V>{7:i32}</V>"
        "<V>{8:u32}</V><V>{9:i64}</V><V>{10:u64}</V><V>{11:f32}</V><V>{12:f64}</V>"
        "<V>{13:bool}</V><V>{14:bin}</V><V>{15:guid}</V><V>{16:size}</V><V>{17:size}</V>"
        "<V>{18:time}</V><V>{19:systime}</V><V>{20:sid}</V><V>{21:hex32}</V><V>{22:hex64}</V>"
        "<V>{23:str[]}</V></Event>");
    (void)mk_record(&file, 1, T0, t, v, sizeof v / sizeof v[0]);
    (void)mk_record(&file, 2, T0, t, v, sizeof v / sizeof v[0]);
    take(user, "all-types", mk_end(&file));
}

void kit_seeds_files(kit_take take, void *user)
{
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        three_records(0);
        size_t second = R1 + (size_t)mem[R1 + 4] + 256u * mem[R1 + 5];
        mk_poke_sealed_int(&file, lies[i].off + (lies[i].from_second ? second : 0), lies[i].value,
                           lies[i].size);
        take(user, lies[i].name, cut_file());
    }
    three_records(0);
    take(user, "sound", cut_file());
    three_records(1);
    take(user, "dirty", cut_file());
    three_records(4);
    take(user, "no-crc", cut_file());
    three_records(0);
    mk_poke_int(&file, mk_trim(&file) - 4, 0x12345678, 4);
    take(user, "record-copy-bad", cut_file());
    three_records(0);
    mk_swallow(&file, R1);
    take(user, "record-swallowed", cut_file());
    three_records(0);
    mk_slack(&file);
    take(user, "record-slack", cut_file());
    three_records(0);
    mk_bytes cut = cut_file();
    cut.len -= 20;
    take(user, "cut-record", cut);
    cut.len = CH + 100;
    take(user, "cut-chunk-header", cut);
    cut.len = CH;
    take(user, "header-only", cut);
    cut.len = 100;
    take(user, "cut-file-header", cut);
    cut.len = 0;
    take(user, "empty", cut);
    mk_begin(&file, mem, sizeof mem);
    mk_chunk(&file);
    take(user, "chunk-unused", cut_file());
    all_types(take, user);
}
