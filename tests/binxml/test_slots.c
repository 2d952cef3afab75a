/* tests/binxml/test_slots.c - instances: definition found or not, values laid out, values lost */
#include "../golden/one.h"

#include "binxml/binxml.h"

static evx_slot slots[EVX_SLOTS_WORST];
static evxi_instance got;
static evxi_cursor in;

enum { FIRST = 0x21d };              /* behind the token of the first record's instance */

/* Read the first record's instance with `count` slots. */
static evx_status read_first(uint32_t count)
{
    memset(slots, 0xee, sizeof slots);
    in = evxi_cursor_at(one_chunk.base, FIRST, one_record.off + one_record.size - 4);
    return evxi_instance_read(&in, &one_chunk, slots, count, &got);
}

static void two(void)
{
    one("template t = <E>{0:u8}{1:str}{2:u32}</E>\nrecord t u8=7 str=\"abc\" u32=9\n"
        "record t u8=8 str=\"\" null=4");
}

Test(slots, resident)
{
    two();
    cr_assert(read_first(100) == EVX_OK);
    cr_assert(got.guid == 0x226 + 4 && got.begin == 0x226 + 24 && got.end > got.begin);
    cr_assert(got.slots == 3 && got.lost == 0 && got.id == one_load(got.guid));
    cr_assert(slots[0].len == 1 && slots[0].type == EVX_UINT8 && one_bytes()[slots[0].off] == 7);
    cr_assert(slots[1].len == 6 && slots[1].type == EVX_STRING);
    cr_assert(slots[2].len == 4 && slots[2].type == EVX_UINT32 && one_load(slots[2].off) == 9);
    cr_assert(slots[1].off == slots[0].off + 1 && slots[2].off == slots[1].off + 6);
    cr_assert(in.pos == slots[2].off + 4u && !in.bad);
}

Test(slots, borrowed)
{
    evx_record r;

    two();
    cr_assert(kit_record(&one_chunk, 1, &r) == EVX_OK);
    in = evxi_cursor_at(one_chunk.base, r.off + 29, r.off + r.size - 4);
    cr_assert(evxi_instance_read(&in, &one_chunk, slots, 3, &got) == EVX_OK);
    cr_assert(got.guid == 0x22a && got.slots == 3);
    cr_assert(slots[2].type == EVX_NULL && slots[2].len == 4);       /* its bytes are skipped */
    cr_assert(in.pos == slots[2].off + 4u);
}

Test(slots, too_few)
{
    two();
    for (uint32_t count = 0; count < 3; count++)
        cr_assert(read_first(count) == EVX_E_SPACE && slots[count].type == 0xee);
    cr_assert(read_first(3) == EVX_OK && slots[3].type == 0xee);
}

Test(slots, definition_gone)
{
    static const uint32_t offs[] = { 0, 16, 511, 65536, 65535, 65513, 0xffffffff, 0x7fffffff };
    uint32_t size;

    for (size_t i = 0; i < sizeof offs / sizeof offs[0]; i++) {
        evx_record r;
        two();
        cr_assert(kit_record(&one_chunk, 1, &r) == EVX_OK);
        one_store(r.off + 34, offs[i], 4);
        in = evxi_cursor_at(one_chunk.base, r.off + 29, r.off + r.size - 4);
        cr_assert(evxi_instance_read(&in, &one_chunk, slots, 9, &got) == EVX_E_TEMPLATE,
                  "offset %u", offs[i]);
        cr_assert(got.slots == 3 && in.pos > r.off + 38);            /* behind the values */
    }
    two();
    one_store(FIRST + 1, one_load(FIRST + 1) ^ 1, 4);                /* the id */
    cr_assert(read_first(9) == EVX_E_TEMPLATE);
    two();
    size = one_load(0x226 + 20);
    cr_assert(read_first(9) == EVX_OK && size == got.end - got.begin);
    one_store(0x226 + 20, 0xffffffff, 4);                            /* its size */
    cr_assert(read_first(9) == EVX_E_TEMPLATE);
    one_store(0x226 + 20, 60000, 4);                                 /* inside the chunk, but */
    cr_assert(read_first(9) == EVX_E_TEMPLATE);                      /* not in its record     */
}

Test(slots, too_many_values)
{
    static const uint32_t counts[] = { 0xffffffff, 0x40000000, 0x3fffffff, 16384, 65536, 100 };
    uint32_t at;

    two();
    cr_assert(read_first(9) == EVX_OK);
    at = got.end;
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        one_store(at, counts[i], 4);
        cr_assert(read_first(EVX_SLOTS_WORST) == EVX_E_OFFSET, "count %u", counts[i]);
    }
}

/* A value behind the end is lost, and so are all that follow; what was there before it is not. */
Test(slots, values_behind_the_end)
{
    uint32_t descriptors;

    for (uint32_t size = 0; size < 65536; size += size < 64 ? 1 : 4099) {
        uint32_t room;
        two();
        cr_assert(read_first(9) == EVX_OK);
        descriptors = got.end + 4;
        room = one_record.off + one_record.size - 4 - (slots[0].off + 1u);
        one_store(descriptors + 4, size, 2);
        cr_assert(read_first(9) == EVX_OK && got.slots == 3 && slots[0].len == 1);
        cr_assert(got.lost == (size > room ? 2u : size > room - 4 ? 1u : 0u), "size %u of %u: %u",
                  size, room, got.lost);
        for (int i = 1; i < 3; i++)
            cr_assert(!(slots[i].flags & EVX_SLOT_LOST)
                      || (slots[i].type == EVX_NULL && slots[i].len == 0));
        cr_assert(in.pos <= in.end);
    }
}

Test(slots, cut_heads)
{
    two();
    for (uint32_t end = FIRST; end < 0x260; end++) {
        evx_status st;
        in = evxi_cursor_at(one_chunk.base, FIRST, end);
        st = evxi_instance_read(&in, &one_chunk, slots, 9, &got);
        cr_assert(st == (end < 0x226 ? EVX_E_OFFSET : EVX_E_TEMPLATE), "end %x: %d", end, st);
    }
}
