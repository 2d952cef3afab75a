/* tests/text/test_build.c - programs in the arena: heads that are shared, and others */
#include "pair.h"

static const evxi_program *program_of(size_t record)
{
    static evxi_match m;
    const evxi_shape *x;

    cr_assert(kit_record(&one_chunk, record, &one_record) == EVX_OK);
    x = evxi_shape_find(pair_fast.store, &pair_fast, &one_chunk, &one_record, &m);
    cr_assert(x && x->program);
    return x->program;
}

/* One outer instance, and in it other templates, or elements without one. */
Test(build, one_head)
{
    for (size_t i = 0; i < PAIR_MODES; i++) {
        const evxi_program *a, *b, *c;
        (void)pair_log("template o = <Event><S>{0:u8}</S><T u='{1:str}'/>{2:xml?}</Event>\n"
                       "template i = <EventData><Data Name='n'>{0:str}</Data></EventData>\n"
                       "template k = <UserData><A>{0:u32}</A></UserData>\n"
                       "record o u8=1 str=\"x\" xml(i str=\"a\")\n"
                       "record o u8=2 str=\"y\" xml(k u32=7)\n"
                       "record o u8=3 str=\"z\" xml(plain <B>c</B>)\n"
                       "record o u8=4 str=\"z\" null\n", pair_modes[i]);
        cr_assert_eq(pair_chunk(&one_chunk), 4);
        cr_assert_eq(pair_hits(), 4);
        a = program_of(0);
        b = program_of(1);
        c = program_of(2);
        cr_assert(a->head && a->head == b->head && a->head == c->head && a->head->count == 2);
        cr_assert(a->own.count == 1 && b->own.count == 1 && c->own.count == 1);
        cr_assert(!program_of(3)->head);
    }
}

/* A name in the value decides how the element in front of it is written. */
Test(build, another_head)
{
    for (size_t i = 0; i < PAIR_MODES; i++) {
        bool json = pair_modes[i].format == EVX_JSON;
        (void)pair_log("template o = <Event><EventData><Data>{0:str}</Data>{1:xml}</EventData>"
                       "</Event>\ntemplate i = <Data Name='n'>{0:str}</Data>\n"
                       "template k = <Data>{0:str}</Data>\n"
                       "record o str=\"x\" xml(i str=\"a\")\nrecord o str=\"y\" xml(k str=\"b\")\n",
                       pair_modes[i]);
        cr_assert_eq(pair_chunk(&one_chunk), 2);
        cr_assert_eq(pair_hits(), 2);
        cr_assert(program_of(0)->head);
        cr_assert((program_of(1)->head == NULL) == json);
    }
}

/* A value of the outer instance behind the inner one stays where it is. */
Test(build, values_behind)
{
    for (size_t i = 0; i < PAIR_MODES; i++) {
        (void)pair_log("template o = <Event>{1:xml}<S>{0:u8}</S>{2:str}</Event>\n"
                       "template i = <A>{0:str}</A>\nrecord o u8=1 xml(i str=\"a\") str=\"e\"\n",
                       pair_modes[i]);
        cr_assert_eq(pair_chunk(&one_chunk), 1);
        cr_assert_eq(pair_hits(), 1);
    }
}
