/* tests/select/test_gather.c - content in pieces: joined in the scratch, and nowhere else */
#include "../golden/one.h"

#include "cliff.h"
#include "select/select.h"

static evx_reader reader;
static evx_fields f;
static evxi_gather k;
static uint64_t memory[2048];

static void begin(size_t scratch)
{
    memset(&k, 0, sizeof k);
    memset(&reader, 0, sizeof reader);
    reader.scratch = (uint8_t *)memory;
    reader.scratch_len = scratch;
    k.t = &reader;
    k.f = &f;
    k.place = FIELD_PROVIDER;
}

static evx_value value(uint8_t type, const char *p, size_t n)
{
    evx_value v = { { (const uint8_t *)p, n }, type };

    return v;
}

static void check(const char *want)
{
    cr_assert(k.value.type == EVX_UTF8 && k.value.raw.len == strlen(want)
              && memcmp(k.value.raw.ptr, want, strlen(want)) == 0, "\"%.*s\", not \"%s\"",
              (int)k.value.raw.len, (const char *)k.value.raw.ptr, want);
    cr_assert(k.value.raw.ptr == reader.scratch && reader.scratch_used == k.value.raw.len,
              "each piece is decoded once");
    cr_assert(k.value.raw.ptr >= reader.scratch
              && k.value.raw.ptr + k.value.raw.len <= reader.scratch + reader.scratch_len);
}

Test(gather, one_piece_stays_where_it_is)
{
    evx_value v = value(EVX_STRING, "a\0b\0", 4);

    begin(100);
    evxi_gather_piece(&k, &v);
    cr_assert(k.value.raw.ptr == v.raw.ptr && k.value.raw.len == 4 && k.value.type == EVX_STRING);
    cr_assert(reader.scratch_used == 0);
    k.place = FIELD_NONE;
    evxi_gather_character(&k, 'x');
    cr_assert(k.value.raw.ptr == v.raw.ptr && reader.scratch_used == 0);
}

/* All kinds of first pieces with all kinds of second ones. */
Test(gather, two_pieces)
{
    static const struct { uint8_t type; const char *p; size_t n; const char *text; } kinds[] = {
        { EVX_STRING, "a\0\xe4\0", 4, "a\xc3\xa4" }, { EVX_ANSI, "b\xe4\0x", 4, "b\xc3\xa4" },
        { EVX_STRING, "", 0, "" }, { EVX_UINT8, "\1", 1, "" }, { EVX_NULL, "", 0, "" },
        { EVX_STRING, "\0\xd8", 2, "\xef\xbf\xbd" }
    };
    enum { KINDS = sizeof kinds / sizeof kinds[0] };
    char want[32];

    for (size_t i = 0; i < KINDS; i++)
        for (size_t j = 0; j < KINDS; j++) {
            evx_value a = value(kinds[i].type, kinds[i].p, kinds[i].n);
            evx_value b = value(kinds[j].type, kinds[j].p, kinds[j].n);
            begin(100);
            evxi_gather_piece(&k, &a);
            evxi_gather_piece(&k, &b);
            sprintf(want, "%s%s", kinds[i].text, kinds[j].text);
            check(want);
            evxi_gather_character(&k, 0x20ac);
            evxi_gather_piece(&k, &a);
            sprintf(want, "%s%s\xe2\x82\xac%s", kinds[i].text, kinds[j].text, kinds[i].text);
            check(want);
        }
}

/* A log may claim any type, also the one that means decoded text: its bytes are in the chunk. */
Test(gather, a_type_that_no_log_has)
{
    static const char bytes[] = "0123456789";
    evx_value v = value(EVX_UTF8, bytes, 3), s = value(EVX_STRING, "x\0", 2);

    begin(100);
    evxi_gather_piece(&k, &v);
    evxi_gather_piece(&k, &s);
    cr_assert(k.value.raw.len <= 100, "%zu bytes", k.value.raw.len);
    begin(100);
    evxi_gather_piece(&k, &v);
    evxi_gather_character(&k, '!');
    cr_assert(k.value.raw.len <= 100, "%zu bytes", k.value.raw.len);
}

/* The same from a log. */
Test(gather, a_type_that_no_log_has_in_a_record)
{
    static uint64_t space[EVX_READER_MEMORY / 8 + 1];

    one("template t = <Event><System><Provider Name='{0:0x7f}&amp;'/><Channel>{0:0x7f}{1:str}"
        "</Channel></System><EventData><Data>{0:0x7f}&lt;</Data></EventData></Event>\n"
        "record t 0x7f=c3a4ff str=\"x\"");
    cr_assert(evx_reader_init(&reader, sizeof reader, (uint8_t *)space, sizeof space, NULL)
              == EVX_OK);
    cr_assert(evx_fields_read(&reader, &one_chunk, &one_record, &f) == EVX_OK);
    cr_assert(f.provider.len < 100 && f.channel.len < 100 && f.data[0].raw.len < 100,
              "%u, %u and %zu bytes", f.provider.len, f.channel.len, f.data[0].raw.len);
}

Test(gather, entities)
{
    static const struct { const char *name, *text; } rows[] = {
        { "l\0t\0", "<" }, { "g\0t\0", ">" }, { "a\0m\0p\0", "&" }, { "q\0u\0o\0t\0", "\"" },
        { "a\0p\0o\0s\0", "'" }, { "n\0b\0s\0p\0", "" }, { "l\1t\0", "" }
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        evx_utf16 name = { (const uint8_t *)rows[i].name, 0 };
        evx_value v = value(EVX_STRING, "x\0", 2);
        char want[4];
        name.units = i < 2 || i == 6 ? 2 : i == 2 ? 3 : 4;
        begin(100);
        evxi_gather_entity(&k, &name);
        evxi_gather_piece(&k, &v);
        evxi_gather_piece(&k, &v);
        sprintf(want, "%sxx", rows[i].text);
        check(want);
    }
}

/* Every size of scratch: as much as fits, never a byte more. */
Test(gather, scratch)
{
    for (size_t room = 0; room < 20; room++) {
        uint8_t *cliff = kit_cliff(room);
        evx_value v = value(EVX_STRING, "a\0\xac\x20z\0", 6);
        begin(room);
        reader.scratch = cliff - room;
        evxi_gather_character(&k, 0x20ac);
        for (int i = 0; i < 4; i++)
            evxi_gather_piece(&k, &v);
        cr_assert(reader.scratch_used <= room && k.value.raw.len == reader.scratch_used);
        v = value(EVX_STRING, "1\0002\0003\0004\0", 8);
        reader.scratch_used = 0;
        cr_assert(evxi_gather_bytes(&reader, &v).raw.len == (room < 2 ? room : 2));
        kit_cliff_free(cliff, room);
    }
}
