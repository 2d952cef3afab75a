/* tests/binxml/test_identity.c - the same definition in another chunk, and what looks like it */
#include "../text/pair.h"

static spec other_spec;
static const char guid[16] = "one for them all";

/* Two logs, each read by the same pair: how many records of the second one had a program? */
static uint32_t second(const char *first, const char *then)
{
    mk_bytes log;
    evx_chunk c;
    uint32_t hits = pair_log(first, pair_modes[0]);

    log = spec_log(&other_spec, then);
    cr_assert(log.ptr, "%s", other_spec.file.failed);
    cr_assert(kit_chunk(log.ptr, log.len, 0, &c) == EVX_OK);
    (void)pair_chunk(&c);
    return pair_hits() - hits;
}

#define ONE "template t = <E><A x='1'>{0:u8}</A><A>{1:str}</A></E>\n"
#define RECORD "record t u8=1 str=\"x\"\n"

Test(identity, elsewhere_in_the_chunk)
{
    const char *pad = "template p = <Padding><Of y='s'/>some {0:u8} length</Padding>\n"
                      ONE "record p u8=1\n" RECORD;

    cr_assert_eq(second(ONE RECORD, ONE RECORD), 1);
    cr_assert_eq(second(ONE RECORD, pad), 1);
    cr_assert_eq(second(pad, ONE RECORD), 1);
}

/* A name that another template has brought already is borrowed: other bytes, another program. */
Test(identity, borrowed_names)
{
    const char *before = "template p = <E><B>{0:u8}</B></E>\n" ONE "record p u8=1\n" RECORD;

    cr_assert_eq(second(ONE RECORD, before), 0);
    cr_assert_eq(second(before, before), 2);
}

/* ---- with the writer's own GUIDs for different templates ------------------------------------- */

static mk_file file;
static uint8_t mem[2][MK_FILE_HEADER + MK_CHUNK];

static void make(int i, const char *before, const char *form)
{
    mk_value v[2] = { mk_u8(7), mk_str("text") };
    uint32_t t;

    mk_begin(&file, mem[i], sizeof mem[i]);
    if (before)
        (void)mk_record_plain(&file, 1, 0, before);
    t = mk_template_guid(&file, form, (const uint8_t *)guid);
    (void)mk_record(&file, 2, 0, t, v, 2);
    (void)mk_record(&file, 3, 0, t, v, 2);
    cr_assert(mk_end(&file).ptr, "%s", file.failed);
}

static uint32_t hits_of(int i)
{
    uint32_t before = pair_hits();

    cr_assert(kit_chunk(mem[i], sizeof mem[i], 0, &one_chunk) == EVX_OK);
    (void)pair_chunk(&one_chunk);
    return pair_hits() - before;
}

/* The GUID is equal, and the size: still it is compared to the last byte. */
Test(identity, one_guid_for_several)
{
    static const char *const specs[] = {
        "<E><A x='1'>{0:u8}</A><B>{1:str}</B></E>", "<E><A x='2'>{0:u8}</A><B>{1:str}</B></E>",
        "<E><A x='1'>{0:u8}</A><C>{1:str}</C></E>", "<E><A x='1'>{1:u8}</A><B>{0:str}</B></E>",
        "<E><A x='1'>{0:u8?}</A><B>{1:str}</B></E>", "<E><A y='1'>{0:u8}</A><B>{1:str}</B></E>",
        "<F><A x='1'>{0:u8}</A><B>{1:str}</B></F>", "<E><A x='1'>{0:u8}</A><B>{0:str}</B></E>"
    };

    pair_begin(pair_modes[3], NULL, PAIR_ARENA);
    for (size_t i = 0; i < sizeof specs / sizeof specs[0]; i++) {
        make(0, NULL, specs[i]);
        cr_assert_eq(hits_of(0), 1, "%s", specs[i]);
    }
    for (size_t i = 0; i < sizeof specs / sizeof specs[0]; i++) {
        make(0, NULL, specs[i]);
        cr_assert_eq(hits_of(0), 2, "%s", specs[i]);
    }
}

/* Borrowed names at the same places, with another text: the bytes of the definition are equal. */
Test(identity, the_text_of_borrowed_names)
{
    const char *form = "<E><A x='1'>{0:u8}</A><A>{1:str}</A></E>";
    uint32_t at;

    pair_begin(pair_modes[0], NULL, PAIR_ARENA);
    make(0, "<E><A x='1'/></E>", form);
    cr_assert_eq(hits_of(0), 1);
    at = mk_name_at(&file, "A");
    memcpy(mem[1], mem[0], sizeof mem[0]);
    cr_assert_eq(hits_of(1), 3);                 /* and the record that brought the names  */
    mem[1][MK_FILE_HEADER + at + 8] = 'Z';
    cr_assert_eq(hits_of(1), 1);
    cr_assert(strstr((char *)pair_b, "<Z>text</Z>") != NULL);
    cr_assert_eq(hits_of(0), 3);
}
