/* tests/kit/mkdefects.c - mkdefects DIR writes logs that known readers fail on, one defect each. */
#include "mkevtx.h"

#include <stdio.h>
#include <string.h>

/*
 * Prints "name records": how many of each log's records a reader should give. What the defects are
 * stands in tests/compare/rivals.py, which runs the readers.
 */
#define T0 128016720000000000u

enum { LINK = 0, CHARS = 8, TABLE = 128 };       /* of a name's entry; of a chunk            */

static uint8_t mem[MK_FILE_HEADER + 3 * MK_CHUNK];
static mk_file file;
static char spec[MK_CHUNK];
static const char *folder;
static int bad;

static void begin(void)
{
    mk_begin(&file, mem, sizeof mem);
}

static void save_bytes(const char *name, unsigned records, const uint8_t *p, size_t len)
{
    char path[1024];
    FILE *f;

    (void)snprintf(path, sizeof path, "%s/%s.evtx", folder, name);
    f = p ? fopen(path, "wb") : NULL;
    if (!f || fwrite(p, 1, len, f) != len || fclose(f) != 0) {
        fprintf(stderr, "mkdefects: %s: %s\n", path, file.failed ? file.failed : "not written");
        bad = 1;
    }
    printf("%s %u\n", name, records);
}

static void save(const char *name, unsigned records)
{
    mk_bytes b = mk_end(&file);

    save_bytes(name, records, b.ptr, b.len);
}

static void simple(uint64_t first, unsigned n)
{
    uint32_t t = mk_template(&file, "<Event><Alpha>{0:u32}</Alpha><Bravo>text</Bravo></Event>");

    for (unsigned i = 0; i < n; i++) {
        mk_value v[1] = { mk_u32(i) };
        (void)mk_record(&file, first + i, T0, t, v, 1);
    }
}

static void repeat(const char *begins, const char *part, unsigned n, const char *ends)
{
    size_t at = strlen(begins), k = strlen(part);

    memcpy(spec, begins, at);
    for (unsigned i = 0; i < n && at + k + strlen(ends) < sizeof spec; i++, at += k)
        memcpy(spec + at, part, k);
    strcpy(spec + at, ends);
}

/* ---- the tables of a chunk, which nobody needs -------------------------------------------- */

static void name_loop(void)
{
    uint32_t a, b;

    begin();
    simple(1, 5);
    a = mk_name_at(&file, "Alpha");
    b = mk_name_at(&file, "Bravo");
    mk_poke_sealed_int(&file, MK_FILE_HEADER + a + LINK, b, 4);
    mk_poke_sealed_int(&file, MK_FILE_HEADER + b + LINK, a, 4);
    save("name-links-in-a-circle", 5);
}

static void name_table(void)
{
    size_t at = MK_FILE_HEADER + TABLE;

    begin();
    simple(1, 5);
    while (at < MK_FILE_HEADER + TABLE + 256 && memcmp(mem + at, "\0\0\0\0", 4) != 0)
        at += 4;
    mk_poke_sealed_int(&file, at, 0xfffffff0u, 4);
    save("name-table-with-a-wild-entry", 5);
}

static void name_markup(void)
{
    uint32_t a;

    begin();
    simple(1, 2);
    a = mk_name_at(&file, "Alpha");
    mk_poke_sealed(&file, MK_FILE_HEADER + a + CHARS, "A\0>\0<\0B\0\"\0", 10);
    save("name-with-markup", 2);
}

/* ---- more than was written ------------------------------------------------------------------ */

static void arrays(void)
{
    static uint8_t items[1000];
    mk_value v[3] = { mk_raw(MK_ARRAY | MK_U8, items, 1000), mk_raw(MK_ARRAY | MK_U8, items, 1000),
                      mk_raw(MK_ARRAY | MK_U8, items, 1000) };

    begin();
    (void)mk_record(&file, 1, T0,
                    mk_template(&file, "<Event><D>{0:u8[]}{1:u8[]}{2:u8[]}</D></Event>"), v, 3);
    simple(2, 1);
    save("three-arrays-of-1000", 2);
}

static void bomb(const char *name, unsigned k, unsigned d)
{
    enum { DEEPEST = 16 };
    mk_body body[DEEPEST], leaf = mk_nested_plain("<L>boom</L>");
    mk_value v[DEEPEST], top[1];
    uint32_t t, root;

    begin();
    repeat("<N>", "{0:xml}", k, "</N>");
    t = mk_template(&file, spec);
    root = mk_template(&file, "<Event>{0:xml}</Event>");
    for (unsigned i = 0; i < d && i < DEEPEST; i++) {
        v[i] = mk_xml(i ? &body[i - 1] : &leaf);
        body[i] = mk_nested(t, &v[i], 1);
        body[i].flags = MK_BARE;
    }
    top[0] = mk_xml(&body[d - 1]);
    (void)mk_record(&file, 1, T0, root, top, 1);
    simple(2, 1);
    save(name, 2);
}

static void quotes(const char *name, unsigned len, unsigned times)
{
    static char text[16384];
    mk_value v[1];

    begin();
    repeat("<Event>", "{0:str}", times, "</Event>");
    memset(text, '"', len);
    text[len] = 0;
    v[0] = mk_str(text);
    (void)mk_record(&file, 1, T0, mk_template(&file, spec), v, 1);
    save(name, 1);
}

/* 60 values inside each other, each with 200 elements around the next. */
static void depth(void)
{
    enum { LEVELS = 60, ELEMENTS = 200 };
    static mk_body body[LEVELS];
    static mk_value v[LEVELS];
    mk_value top[1];
    size_t at;
    uint32_t t;

    begin();
    repeat("", "<a>", ELEMENTS, "{0:xml}");
    at = strlen(spec);
    for (int i = 0; i < ELEMENTS; i++, at += 4)
        memcpy(spec + at, "</a>", 5);
    t = mk_template(&file, spec);
    for (unsigned i = 0; i < LEVELS; i++) {
        v[i] = i ? mk_xml(&body[i - 1]) : mk_null();
        body[i] = mk_nested(t, &v[i], 1);
        body[i].flags = MK_BARE;
    }
    top[0] = mk_xml(&body[LEVELS - 1]);
    (void)mk_record(&file, 1, T0, mk_template(&file, "<Event>{0:xml}</Event>"), top, 1);
    simple(2, 1);
    save("depth-60-times-200", 2);
}

/* ---- headers that lie ------------------------------------------------------------------------ */

static void free_space(const char *name, uint32_t off)
{
    begin();
    simple(1, 5);
    mk_poke_sealed_int(&file, MK_FILE_HEADER + 48, off, 4);
    save(name, 5);
}

static void last_id(void)
{
    begin();
    simple(1, 5);
    mk_poke_sealed_int(&file, MK_FILE_HEADER + 32, 2, 8);
    save("last-record-id-too-low", 5);
}

static void header_size(void)
{
    begin();
    simple(1, 5);
    mk_chunk(&file);
    simple(6, 5);
    mk_poke_sealed_int(&file, MK_FILE_HEADER + MK_CHUNK + 40, 129, 4);
    save("chunk-header-size-129", 10);
}

/* ---- damage ---------------------------------------------------------------------------------- */

static void bad_record(void)
{
    size_t at = 0;

    begin();
    simple(1, 2);
    {
        mk_value v[1] = { mk_u32(2) };
        at = mk_record(&file, 3, T0, mk_template(&file, "<Event><X>{0:u32}</X></Event>"), v, 1);
    }
    simple(4, 2);
    mk_poke_sealed_int(&file, at, 0xeeeeeeee, 4);
    save("one-record-without-signature", 4);
}

static void cut_chunk(void)
{
    enum { CUT = MK_FILE_HEADER + MK_CHUNK + MK_CHUNK / 4 };
    unsigned whole = 5;
    mk_bytes b;

    begin();
    simple(1, 5);
    mk_chunk(&file);
    for (unsigned i = 0; i < 400; i++) {
        mk_value v[1] = { mk_u32(i) };
        (void)mk_record(&file, 6 + i, T0,
                        mk_template(&file, "<Event><Alpha>{0:u32}</Alpha></Event>"), v, 1);
        whole += file.chunk_at + file.pos <= CUT;
    }
    b = mk_end(&file);
    save_bytes("last-chunk-cut", whole, b.ptr, CUT);
}

static void rare_tokens(void)
{
    begin();
    (void)mk_record_plain(&file, 1, T0, "<Event><D><![CDATA[a < b]]></D></Event>");
    (void)mk_record_plain(&file, 2, T0, "<Event><D>A&#66;C</D></Event>");
    simple(3, 1);
    save("cdata-and-character-reference", 3);
}

static void controls(void)
{
    mk_value v[1] = { mk_str("a\x01" "b\x1f" "c\xef\xbf\xbf") };

    begin();
    (void)mk_record(&file, 1, T0, mk_template(&file, "<Event><D>{0:str}</D></Event>"), v, 1);
    save("control-characters", 1);
}

/* The bytes of the definition are the same in both chunks; the name they lead to is not. */
static void same_bytes(void)
{
    static const uint8_t guid[16] = { 1, 2, 3 };
    mk_value v[1] = { mk_u32(7) };

    begin();
    (void)mk_record_plain(&file, 1, T0, "<Event><Alpha/></Event>");
    (void)mk_record(&file, 2, T0, mk_template_guid(&file, "<Event><Alpha>{0:u32}</Alpha></Event>",
                                                  guid), v, 1);
    mk_chunk(&file);
    (void)mk_record_plain(&file, 3, T0, "<Event><Bravo/></Event>");
    (void)mk_record(&file, 4, T0, mk_template_guid(&file, "<Event><Bravo>{0:u32}</Bravo></Event>",
                                                  guid), v, 1);
    save("same-definition-other-names", 4);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: mkdefects DIR\n");
        return 2;
    }
    folder = argv[1];
    name_loop();
    name_table();
    name_markup();
    arrays();
    bomb("nested-10-to-the-8", 10, 8);
    bomb("nested-20-to-the-5", 20, 5);
    quotes("quotes-15000-times-7000", 15000, 7000);
    quotes("quotes-4000-times-2500", 4000, 2500);
    depth();
    free_space("free-space-in-the-header", 256);
    free_space("free-space-behind-the-chunk", 0x20000);
    last_id();
    header_size();
    bad_record();
    cut_chunk();
    rare_tokens();
    controls();
    same_bytes();
    return bad;
}
