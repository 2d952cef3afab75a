/* tests/kit/mkbombs.c - chunks made to be dear, in every way that was thought of */
#include <stdio.h>
#include <string.h>

#include "mkbombs.h"

enum { RECORDS_AT = MK_FILE_HEADER + MK_CHUNK_HEADER, T0 = 1000 };

static char spec[MK_CHUNK];
static char words[MK_CHUNK];
static uint8_t raw[MK_CHUNK];

static char *repeat(const char *begin, const char *part, size_t n, const char *end)
{
    size_t at = strlen(begin), k = strlen(part);

    memcpy(spec, begin, at);
    for (size_t i = 0; i < n && at + k + 64 < sizeof spec; i++, at += k)
        memcpy(spec + at, part, k);
    strcpy(spec + at, end);
    return spec;
}

/* As many records of these values as the chunk holds. */
static void fill(mk_file *f, uint32_t t, const mk_value *v, size_t n)
{
    for (uint64_t id = 1; f->chunks < 2 && !f->failed; id++)
        (void)mk_record(f, id, T0, t, v, n);
}

/* ---- the same once more, and once more ------------------------------------------------------ */

/* A value that is named k times by the template of the instance in it, d levels deep. */
static void bomb(mk_file *f, size_t k, size_t d)
{
    static mk_body body[40];
    static mk_value v[40];
    mk_body leaf = mk_nested_plain("<L>boom</L>");
    uint32_t t = mk_template(f, repeat("<E>", "{0:xml}", k, "</E>"));

    for (size_t i = 0; i < d; i++) {
        v[i] = mk_xml(i ? &body[i - 1] : &leaf);
        body[i] = mk_nested(t, &v[i], 1);
        body[i].flags = i + 1 < d ? MK_BARE : 0;
    }
    (void)mk_record_body(f, 1, T0, &body[d - 1]);
}

static void bomb_2_15(mk_file *f) { bomb(f, 2, 15); }
static void bomb_20_5(mk_file *f) { bomb(f, 20, 5); }
static void bomb_60_10(mk_file *f) { bomb(f, 60, 10); }
static void bomb_3000_2(mk_file *f) { bomb(f, 3000, 2); }

/* One value of n units, named k times; as many such records as the chunk holds. */
static void quad(mk_file *f, size_t k, size_t n, const char *unit)
{
    uint32_t t = mk_template(f, repeat("<E>", "{0:str}", k, "</E>"));
    size_t len = strlen(unit);
    mk_value v[1];

    for (size_t i = 0; i < n; i++)
        memcpy(words + i * len, unit, len);
    words[n * len] = 0;
    v[0] = mk_str(words);
    fill(f, t, v, 1);
}

static void quad_once(mk_file *f) { quad(f, 8000, 15000, "q"); }
static void quad_often(mk_file *f) { quad(f, 300, 1000, "q"); }
static void quad_escapes(mk_file *f) { quad(f, 100, 3000, "\x01"); }
/* The two that evx_dump 0.12.2 dies of in 256 MiB, and makes 10 MB of text of. */
static void quad_quotes(mk_file *f) { quad(f, 7000, 15000, "\""); }
static void quad_fewer_quotes(mk_file *f) { quad(f, 2500, 4000, "\""); }
static void quad_few(mk_file *f) { quad(f, 10, 60, "<"); }

/* Units that no kernel writes: halves of pairs, and what is no character. */
static void quad_units(mk_file *f, unsigned even, unsigned odd)
{
    uint32_t t = mk_template(f, repeat("<E>", "{0:str}", 100, "</E>"));
    mk_value v[1] = { mk_raw(MK_STR, raw, 6000) };

    for (size_t i = 0; i < 6000; i += 2) {
        unsigned unit = i % 4 == 0 ? even : odd;
        raw[i] = (uint8_t)unit;
        raw[i + 1] = (uint8_t)(unit >> 8);
    }
    fill(f, t, v, 1);
}

static void quad_halves(mk_file *f) { quad_units(f, 0xd800, 0xd800); }
static void quad_none(mk_file *f) { quad_units(f, 0xfffe, 'x'); }
static void quad_pairs(mk_file *f) { quad_units(f, 0xd83d, 0xde00); }

static void quad_typed(mk_file *f, uint8_t type, const char *hole, uint8_t byte, size_t len)
{
    uint32_t t = mk_template(f, repeat("<E>", hole, 100, "</E>"));
    mk_value v[1] = { mk_raw(type, raw, len) };

    memset(raw, byte, len);
    fill(f, t, v, 1);
}

static void quad_ansi(mk_file *f) { quad_typed(f, MK_ANSI, "{0:ansi}", 0x80, 3000); }
static void quad_binary(mk_file *f) { quad_typed(f, MK_BIN, "{0:bin}", 0xff, 3000); }

/* One letter and NULs, which do not end an ANSI string and give no text; and nothing but them. */
static void quad_nuls(mk_file *f, uint8_t first)
{
    uint32_t t = mk_template(f, repeat("<E>", "{0:ansi}", 900, "</E>"));
    mk_value v[1] = { mk_raw(MK_ANSI, raw, 5000) };

    memset(raw, 0, 5000);
    raw[0] = first;
    fill(f, t, v, 1);
}

static void quad_one_letter(mk_file *f) { quad_nuls(f, 'x'); }
static void quad_no_letter(mk_file *f) { quad_nuls(f, 0); }

/* ---- elements, attributes, references ------------------------------------------------------- */

static void plain(mk_file *f, const char *text)
{
    (void)mk_record_plain(f, 1, T0, text);
}

static void deep_elements(mk_file *f)
{
    size_t at = strlen(repeat("", "<a>", 3000, ""));

    for (size_t i = 0; i < 3000; i++, at += 4)
        memcpy(spec + at, "</a>", 5);
    plain(f, spec);
}

static void attributes(mk_file *f) { plain(f, repeat("<E", " a='1'", 2000, "/>")); }
static void elements(mk_file *f) { plain(f, repeat("<E>", "<F/>", 6000, "</E>")); }
static void cuts(mk_file *f) { plain(f, repeat("<E>", "x{|}", 7000, "</E>")); }
static void references(mk_file *f) { plain(f, repeat("<E>", "&amp;", 8000, "</E>")); }
static void nobody(mk_file *f) { plain(f, repeat("<E>", "&nobody;", 6000, "</E>")); }
static void sections(mk_file *f) { plain(f, repeat("<E><![CDATA[", "]]\\>", 7000, "]]></E>")); }

/* Names whose letters are looked up one by one, written at both ends of their element. */
static void names(mk_file *f)
{
    static char name[2 * 900 + 16];
    mk_value v[1] = { mk_u8(1) };
    size_t at = (size_t)snprintf(name, sizeof name, "<");

    for (; at < 2 * 800; at += 2)
        memcpy(name + at, "\xc3\xa4", 2);
    memcpy(name + at, ">{0:u8}</>", 11);
    fill(f, mk_template(f, repeat("<E>", name, 20, "</E>")), v, 1);
}

/* ---- arrays, and values that are dear ------------------------------------------------------- */

static void array(mk_file *f, uint8_t type, const char *holes, size_t n)
{
    mk_value v[1];

    for (size_t i = 0; i < n; i++)
        raw[i] = type == 0x81 && i % 4 == 0 ? 'x' : 0;
    v[0] = mk_raw(type, raw, n);
    (void)mk_record(f, 1, T0, mk_template(f, holes), v, 1);
}

static void strings_of_one_unit(mk_file *f) { array(f, 0x81, "<E><D>{0:str[]}</D></E>", 60000); }
static void strings_of_none(mk_file *f) { array(f, 0x81, "<E><D a='1'>{0:str[]}</D></E>", 59999); }
static void array_by_array(mk_file *f)
{
    array(f, 0x84, repeat("<E>", "<D a='{0:u8[]}'>{0:u8[]}</D>", 800, "</E>"), 20000);
}

/* Items that are long, and looked for anew by each who asks. */
static void long_items(mk_file *f, uint8_t type, const char *hole, unsigned times, size_t n)
{
    mk_value v[1] = { mk_raw((uint8_t)(type | MK_ARRAY), raw, n) };

    memset(raw, 'x', n);
    memset(raw + n / 2 - 2, 0, 2);
    memset(raw + n - 2, 0, 2);
    fill(f, mk_template(f, repeat("<E><D>", hole, times, "</D></E>")), v, 1);
}

static void long_strings(mk_file *f) { long_items(f, MK_STR, "<D>{0:str[]}</D>", 300, 6000); }
static void long_ansi(mk_file *f) { long_items(f, MK_ANSI, "<D>{0:ansi[]}</D>", 300, 6000); }
static void longer(mk_file *f) { long_items(f, MK_STR, "{0:str[]}", 5000, 28000); }
static void longer_ansi(mk_file *f) { long_items(f, MK_ANSI, "{0:ansi[]}", 5000, 28000); }

/* Many records that are each too dear by a little: what they cost in vain is charged as well. */
static void arrays_often(mk_file *f)
{
    uint32_t t = mk_template(f, repeat("<E>", "<D a='{0:u8[]}'>{0:u8[]}</D>", 100, "</E>"));
    mk_value v[1] = { mk_raw(0x84, raw, 1400) };

    memset(raw, 0, 1400);
    fill(f, t, v, 1);
}

/* Reals whose shortest decimal takes the most digits of arithmetic. */
static void reals(mk_file *f)
{
    mk_value v[1] = { mk_raw(MK_F64 | MK_ARRAY, raw, 8 * 7000) };

    for (size_t i = 0; i < 8 * 7000; i++)
        raw[i] = (uint8_t)(i % 8 == 7 ? 0 : i % 8 == 6 ? 0x0f : 0x31 * i);
    (void)mk_record(f, 1, T0, mk_template(f, "<E><D>{0:f64[]}</D></E>"), v, 1);
}

static void reals_again(mk_file *f)
{
    mk_value v[1] = { mk_raw(MK_F64, "\x01\x34\x71\x83\x12\x67\x0f\x00", 8) };

    (void)mk_record(f, 1, T0, mk_template(f, repeat("<E>", "{0:f64}", 8000, "</E>")), v, 1);
}

static void sids(mk_file *f)
{
    static uint8_t sid[8 + 4 * 255];
    mk_value v[1];

    memset(sid, 0xff, sizeof sid);
    memcpy(sid, "\1\xff\0\0\0\0\0\5", 8);
    v[0] = mk_raw(MK_SID, sid, sizeof sid);
    (void)mk_record(f, 1, T0, mk_template(f, repeat("<E>", "{0:sid}", 3000, "</E>")), v, 1);
}

/* Times of which no two are of one day, and what else has items of a size. */
static void items(mk_file *f, uint8_t type, const char *hole, size_t width)
{
    mk_value v[1] = { mk_raw((uint8_t)(type | MK_ARRAY), raw, 2000 / width * width) };

    for (size_t i = 0; i < 2000; i++)
        raw[i] = (uint8_t)(i % width == width - 1 ? 1 : 0x5b * (i / width) + i);
    fill(f, mk_template(f, repeat("<E>", hole, 100, "</E>")), v, 1);
}

static void times(mk_file *f) { items(f, MK_TIME, "<D>{0:time[]}</D>", 8); }
static void guids(mk_file *f) { items(f, MK_GUID, "{0:guid[]}", 16); }

/* ---- keys of JSON ---------------------------------------------------------------------------- */

/* Much text, and then so many keys that the table of keys grows: each time all is begun anew. */
static void keys_late(mk_file *f)
{
    uint32_t t = mk_template(f, repeat("<E>", "<T>{0:str}</T>", 400, "<D>{1:u8[]}</D></E>"));
    mk_value v[2] = { mk_raw(MK_STR, words, 4000), mk_raw(MK_U8 | MK_ARRAY, raw, 3200) };

    memset(words, 'k', 4000);
    memset(raw, 0, 3200);
    fill(f, t, v, 2);
}

/* Keys out of values: made to be looked up, and made again to be written. */
static void keys_long(mk_file *f)
{
    uint32_t t = mk_template(f, repeat("<E><EventData>", "<Data Name='{0:str}'>{1:u8}</Data>", 100,
                                       "</EventData></E>"));
    mk_value v[2] = { mk_raw(MK_STR, raw, 2400), mk_u8(1) };

    memset(raw, 1, 2400);
    fill(f, t, v, 2);
}

/* Equal keys, as many as there are: each is looked for among all of its suffixes. */
static void keys_equal(mk_file *f)
{
    mk_value v[1] = { mk_raw(MK_U8 | MK_ARRAY, raw, 700) };

    memset(raw, 0, 700);
    fill(f, mk_template(f, repeat("<E>", "<D a='1' a='2'>{0:u8[]}</D>", 60, "</E>")), v, 1);
}

/* ---- records of which none is like another -------------------------------------------------- */

/* Each has types of its own: there is something to be learned from each, and it serves none. */
static void kinds(mk_file *f)
{
    uint32_t t = mk_template(f, repeat("<E a='{0:u8}' b='{1:u8}' c='{2:u8}' d='{3:u8}' e='{4:u8}'>",
                                       "<F>{5:u8}</F>", 300, "</E>"));

    for (uint64_t id = 1; f->chunks < 2 && !f->failed; id++) {
        mk_value v[6];
        for (unsigned i = 0; i < 6; i++)
            switch (id >> 2 * i & 3) {
            case 0: v[i] = mk_u8(1); break;
            case 1: v[i] = mk_u16(1); break;
            case 2: v[i] = mk_u32(1); break;
            default: v[i] = mk_hex32(1); break;
            }
        (void)mk_record(f, id, T0, t, v, 6);
    }
}

/* Records as short as one can be, back to back: no room for a body. */
static void shortest_records(mk_file *f)
{
    static uint8_t chain[MK_CHUNK];
    size_t at;

    plain(f, "<E/>");
    for (at = 0; at + 28 <= MK_CHUNK - MK_CHUNK_HEADER; at += 28) {
        memset(chain + at, 0, 28);
        memcpy(chain + at, "**\0\0\x1c", 5);
        chain[at + 24] = 28;
    }
    mk_poke_sealed(f, RECORDS_AT, chain, at);
    mk_poke_sealed_int(f, MK_FILE_HEADER + 48, MK_CHUNK_HEADER + at, 4);
    mk_poke_sealed_int(f, MK_FILE_HEADER + 44, MK_CHUNK_HEADER + at - 28, 4);
}

/* Each record brings a definition of its own, and each refers to the one before it by its link. */
static void definitions(mk_file *f)
{
    for (uint64_t id = 1; id < MK_TEMPLATES && f->chunks < 2 && !f->failed; id++) {
        mk_value v[1] = { mk_u32((uint32_t)id) };
        (void)snprintf(spec + 200 * id, 200, "<E><N%d a='{0:u32}'>{0:u32}</N%d></E>", (int)id,
                       (int)id);
        (void)mk_record(f, id, T0, mk_template(f, spec + 200 * id), v, 1);
    }
}

/* Entries of the name and template tables that lead to themselves. */
static void links(mk_file *f)
{
    mk_value v[1] = { mk_str("x") };
    uint32_t t = mk_template(f, "<E><A>{0:str}</A></E>"), name, def;

    (void)mk_record(f, 1, T0, t, v, 1);
    (void)mk_record(f, 2, T0, t, v, 1);
    name = mk_name_at(f, "A");
    def = mk_def_at(f, t);
    mk_poke_sealed_int(f, MK_FILE_HEADER + name, name, 4);
    mk_poke_sealed_int(f, MK_FILE_HEADER + def, def, 4);
}

/* ---- all of them ---------------------------------------------------------------------------- */

static const struct { const char *name; void (*make)(mk_file *f); } bombs[] = {
    { "bomb 2^15", bomb_2_15 },
    { "bomb 20^5", bomb_20_5 },
    { "bomb 60^10", bomb_60_10 },
    { "bomb 3000^2", bomb_3000_2 },
    { "quad, once", quad_once },
    { "quad, often", quad_often },
    { "quad, escapes", quad_escapes },
    { "quad, quotes", quad_quotes },
    { "quad, fewer quotes", quad_fewer_quotes },
    { "quad, few", quad_few },
    { "quad, halves of pairs", quad_halves },
    { "quad, no characters", quad_none },
    { "quad, pairs", quad_pairs },
    { "quad, ANSI", quad_ansi },
    { "quad, binary", quad_binary },
    { "quad, one letter", quad_one_letter },
    { "quad, no letter", quad_no_letter },
    { "deep elements", deep_elements },
    { "attributes", attributes },
    { "elements", elements },
    { "cuts", cuts },
    { "references", references },
    { "references to nobody", nobody },
    { "CDATA", sections },
    { "names", names },
    { "strings of one unit", strings_of_one_unit },
    { "strings of none", strings_of_none },
    { "long strings", long_strings },
    { "long ANSI strings", long_ansi },
    { "longer strings", longer },
    { "longer ANSI strings", longer_ansi },
    { "array by array", array_by_array },
    { "arrays, often", arrays_often },
    { "reals", reals },
    { "reals again", reals_again },
    { "SIDs", sids },
    { "times", times },
    { "GUIDs", guids },
    { "keys, late", keys_late },
    { "keys, long", keys_long },
    { "keys, equal", keys_equal },
    { "kinds", kinds },
    { "shortest records", shortest_records },
    { "definitions", definitions },
    { "links", links },
};

const char *mk_bomb_name(size_t i)
{
    return i < sizeof bombs / sizeof bombs[0] ? bombs[i].name : NULL;
}

mk_bytes mk_bomb(size_t i, mk_file *f, uint8_t *mem, size_t cap)
{
    mk_begin(f, mem, cap);
    bombs[i].make(f);
    return mk_end(f);
}
