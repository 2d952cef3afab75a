/* tests/file/test_hidden.c - records inside another record's size */
#include "../golden/one.h"

static uint32_t at[7];
static evx_record parent, hidden;

/* Six records; the second is made longer over the next `n`. */
static void swallow(size_t n)
{
    one("template t = <Event><A>{0:u32}</A></Event>\n"
        "record t u32=1\nrecord t u32=2\nrecord t u32=3\nrecord t u32=4\nrecord t u32=5\n"
        "record t u32=6");
    for (size_t i = 0; i < 6; i++) {
        cr_assert(kit_record(&one_chunk, i, &parent) == EVX_OK);
        at[i] = parent.off;
        at[i + 1] = parent.off + parent.size;
    }
    one_store(at[1] + 4, at[2 + n] - at[1], 4);
    one_store(at[2 + n] - 4, at[2 + n] - at[1], 4);
    one_again();
    cr_assert(kit_record(&one_chunk, 1, &parent) == EVX_OK);
    cr_assert(parent.off == at[1] && parent.size == at[2 + n] - at[1] && parent.damage == 0);
}

Test(hidden, one_and_several)
{
    for (size_t n = 0; n < 4; n++) {
        uint32_t from = 0;
        swallow(n);
        for (size_t i = 0; i < n; i++) {
            cr_assert(evx_record_hidden(&one_chunk, &parent, from, &hidden) == EVX_OK);
            cr_assert(hidden.off == at[2 + i] && hidden.size == at[3 + i] - at[2 + i]);
            cr_assert(hidden.id == 3 + i && hidden.origin == EVX_ORIGIN_HIDDEN);
            cr_assert(hidden.damage == (i + 1 < n ? 0 : EVX_RECORD_COPY));
            from = hidden.off + hidden.size;
        }
        cr_assert(evx_record_hidden(&one_chunk, &parent, from, &hidden) == EVX_END);
    }
}

/* What does not end where the parent ends is no record of its own. */
Test(hidden, wrong_sizes)
{
    static const uint32_t sizes[] = { 0, 8, 24, 27, 29, 0xfff8, 0xfffffff8 };

    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        swallow(1);
        one_store(at[2] + 4, sizes[i], 4);
        cr_assert(evx_record_hidden(&one_chunk, &parent, 0, &hidden) == EVX_END);
    }
    swallow(1);
    one_store(at[2], 0x2a2b, 4);
    cr_assert(evx_record_hidden(&one_chunk, &parent, 0, &hidden) == EVX_END);
}

/* A chain is one to its end: what follows the first must be a record too, and have room for one. */
Test(hidden, chains_that_break)
{
    swallow(2);
    one_store(at[3], 0x2a2b, 4);
    cr_assert(evx_record_hidden(&one_chunk, &parent, 0, &hidden) == EVX_END);
    swallow(1);
    one_store(at[2] + 4, at[3] - at[2] - 8, 4);
    cr_assert(evx_record_hidden(&one_chunk, &parent, 0, &hidden) == EVX_END);
}

/* Any place to look from, any parent: in bounds, and never before it. */
Test(hidden, any_question)
{
    swallow(2);
    for (uint32_t from = 0; from < 66000; from += 3)
        if (evx_record_hidden(&one_chunk, &parent, from, &hidden) == EVX_OK)
            cr_assert(hidden.off >= from && hidden.off + hidden.size <= at[4]);
    parent.off = 65530;
    cr_assert(evx_record_hidden(&one_chunk, &parent, 0, &hidden) == EVX_END);
    parent.off = 65536;
    parent.size = 0;
    cr_assert(evx_record_hidden(&one_chunk, &parent, 0, &hidden) == EVX_END);
    parent.off = 70000;
    cr_assert(evx_record_hidden(&one_chunk, &parent, 0, &hidden) == EVX_END);
}
