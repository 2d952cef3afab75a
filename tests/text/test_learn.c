/* tests/text/test_learn.c - which records can have a program, and which are left to the walk */
#include "pair.h"

#define INNER "template i = <EventData><Data Name='x'>{0:u32}</Data></EventData>\n"
#define OUTER "template o = <Event><S>{0:u8}</S>{1:xml?}</Event>\n" INNER

/* Twice the same record: how many of the two were written by a program, in every mode? */
static uint32_t twice(const char *templates, const char *record)
{
    static char description[8192];
    uint32_t hits = 2;

    snprintf(description, sizeof description, "%s%s\n%s\n", templates, record, record);
    for (size_t i = 0; i < PAIR_MODES; i++) {
        uint32_t n = pair_log(description, pair_modes[i]);
        hits = n < hits ? n : hits;
    }
    return hits;
}

Test(learn, nested_instances)
{
    cr_assert_eq(twice(OUTER, "record o u8=1 xml(i u32=2)"), 1);
    cr_assert_eq(twice(OUTER, "record o u8=1 xml(bare i u32=2)"), 1);
    cr_assert_eq(twice(OUTER, "record o u8=1 xml(noeof i u32=2)"), 1);
    cr_assert_eq(twice("template o = <Event>{0:xml}{1:xml}{0:xml}</Event>\n" INNER,
                       "record o xml(i u32=2) xml(i u32=3)"), 1);
    cr_assert_eq(twice("template o = <Event>{0:xml}</Event>\ntemplate m = <M>{0:xml}{1:u8}</M>\n"
                       INNER, "record o xml(m xml(i u32=2) u8=9)"), 1);
}

Test(learn, more_instances_than_a_program_has)
{
    static char outer[1024];

    for (unsigned inner = EVXI_INSTANCES_MAX - 2; inner <= EVXI_INSTANCES_MAX; inner++) {
        size_t at = (size_t)sprintf(outer, "template o = <Event>");
        for (unsigned i = 0; i < inner; i++)
            at += (size_t)sprintf(outer + at, "{0:xml}");
        (void)sprintf(outer + at, "</Event>\n" INNER);
        cr_assert_eq(twice(outer, "record o xml(i u32=2)"), inner < EVXI_INSTANCES_MAX);
    }
}

/* Beside an instance nothing may stand; alone, elements may (test_plain.c). */
Test(learn, elements_without_a_template)
{
    cr_assert_eq(twice("", "plain <Event><A>x</A></Event>"), 1);
    cr_assert_eq(twice(OUTER, "record o u8=1 xml(plain <A>x</A>)"), 1);
    cr_assert_eq(twice(OUTER, "record o u8=1 xml(i u32=2)(i u32=3)"), 0);
    cr_assert_eq(twice(OUTER, "record o u8=1 xml(i u32=2)(plain <A/>)"), 0);
    cr_assert_eq(twice(OUTER, "record o u8=1 xml(plain <A/>)(i u32=2)"), 0);
}

/* A nested stream in which nothing stands; in the next record something may. */
Test(learn, empty_streams)
{
    (void)pair_log(OUTER "record o u8=1 0x21=0f01010000\nrecord o u8=2 0x21=0f01010000\n"
                   "record o u8=1 xml(i u32=2)\nrecord o u8=1 xml(plain <A>x</A>)\n"
                   "record o u8=1 0x21=00\n", pair_modes[3]);
    cr_assert_eq(pair_hits(), 0);
}

Test(learn, arrays_and_names_by_value)
{
    cr_assert_eq(twice("template o = <Event><A>{0:str[]}</A></Event>\n",
                       "record o strs=[\"a\",\"b\"]"), 1);
    cr_assert_eq(twice("template o = <Event><A>{0:u16[]}</A></Event>\n",
                       "record o 0x86=01000200"), 0);
    cr_assert_eq(twice("template o = <Event><A>{0:f64}</A></Event>\n", "record o f64=1.5"), 0);
}

/* What was lost or salvaged is said by the walk each time. */
Test(learn, damage)
{
    cr_assert_eq(twice(OUTER, "record o u8=1 str:5000=\"a\""), 0);
    cr_assert_eq(twice("template o = <Event><A>{0:u8}</A>{raw:ff}</Event>\n", "record o u8=1"), 0);
}

/* Many values: as many as a program holds, and one more. */
static uint32_t hits_with(size_t count)
{
    static mk_value v[EVXI_VALUES_MAX + 1];
    static mk_file file;
    static uint8_t mem[MK_FILE_HEADER + MK_CHUNK];
    uint32_t t;

    for (size_t i = 0; i < count; i++)
        v[i] = mk_u8((uint8_t)i);
    mk_begin(&file, mem, sizeof mem);
    t = mk_template(&file, "<Event><A>{0:u8}</A><B>{255:u8}</B></Event>");
    for (uint64_t id = 1; id < 4; id++)
        (void)mk_record(&file, id, 0, t, v, count);
    cr_assert(mk_end(&file).ptr && kit_chunk(mem, sizeof mem, 0, &one_chunk) == EVX_OK);
    pair_begin(pair_modes[0], NULL, PAIR_ARENA);
    cr_assert_eq(pair_chunk(&one_chunk), 3);
    return pair_hits();
}

Test(learn, many_values)
{
    cr_assert_eq(hits_with(EVXI_VALUES_MAX), 2);
    cr_assert_eq(hits_with(EVXI_VALUES_MAX + 1), 0);
}
