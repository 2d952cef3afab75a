/* tests/file/test_chunk.c - chunk, unused slot, damage; checksums; every length at a cliff */
#include "../golden/one.h"

#include "cliff.h"

static const char three[] =
    "template t = <Event><A>{0:u32}</A></Event>\nrecord t u32=1\nrecord t u32=2\nrecord t u32=3";

Test(chunk, sound)
{
    one(three);
    cr_assert(one_chunk.base == one_bytes() && one_chunk.len == 65536 && one_chunk.damage == 0);
    cr_assert(one_chunk.file_off == 4096 && one_chunk.flags == 1);
    cr_assert(one_chunk.first_record == 1 && one_chunk.last_record == 3);
    cr_assert(one_chunk.first_number == 1 && one_chunk.last_number == 3);
    cr_assert(one_chunk.free_off == one_load(48) && one_chunk.claimed == one_chunk.free_off);
    cr_assert(evx_chunk_check(&one_chunk, evx_kernels_best()) == 0);
    cr_assert(evx_chunk_check(&one_chunk, NULL) == 0);
}

Test(chunk, unused_slots)
{
    static uint8_t zero[EVX_CHUNK_SIZE];
    evx_window w = { zero, sizeof zero, 4096 };
    evx_records it;
    evx_record r;
    evx_chunk c;

    for (w.len = 0; w.len <= 1024; w.len++)
        cr_assert(evx_chunk_open(&c, &w) == EVX_SKIP);
    w.len = sizeof zero;
    cr_assert(evx_chunk_open(&c, &w) == EVX_SKIP && c.damage == 0);
    evx_records_begin(&it, &c);
    cr_assert(evx_records_next(&it, &r) == EVX_END);
    for (size_t i = 0; i < sizeof zero; i += 4093) {
        zero[i] = 1;
        cr_assert(evx_chunk_open(&c, &w) == EVX_E_CHUNK_SIGNATURE, "byte %zu", i);
        zero[i] = 0;
    }
    zero[sizeof zero - 1] = 1;
    cr_assert(evx_chunk_open(&c, &w) == EVX_E_CHUNK_SIGNATURE);
    cr_assert(c.damage & EVX_CHUNK_SIGNATURE);
}

Test(chunk, signature)
{
    for (unsigned i = 0; i < 8; i++) {
        one(three);
        one_bytes()[i] ^= 0x20;
        cr_assert(kit_chunk(one_log.ptr, one_log.len, 0, &one_chunk) == EVX_E_CHUNK_SIGNATURE);
        cr_assert(one_chunk.damage == EVX_CHUNK_SIGNATURE);
        cr_assert(kit_record(&one_chunk, 2, &one_record) == EVX_OK && one_record.id == 3);
    }
}

Test(chunk, a_window_too_short_for_a_header)
{
    evx_window w;
    evx_records it;

    one(three);
    for (w.len = 1; w.len < 512; w.len++) {
        w.base = one_bytes();
        w.file_off = 0;
        cr_assert(evx_chunk_open(&one_chunk, &w) == EVX_E_CHUNK_CUT);
        cr_assert(one_chunk.damage == EVX_CHUNK_CUT);
        evx_records_begin(&it, &one_chunk);
        cr_assert(evx_records_next(&it, &one_record) == EVX_END);
        cr_assert(evx_chunk_check(&one_chunk, NULL) == 0);
    }
}

Test(chunk, checksums)
{
    one(three);
    for (uint32_t i = 0; i < one_chunk.free_off; i += i < 560 ? 1 : 7) {
        uint32_t wanted = i >= 512 ? EVX_CHUNK_DATA_CRC : EVX_CHUNK_HEADER_CRC;
        if ((i >= 48 && i < 52) || (i >= 120 && i < 124))
            continue;                /* the free offset moves an end, the flags are not covered */
        if (i >= 52 && i < 56)
            wanted |= EVX_CHUNK_DATA_CRC;
        one_bytes()[i] ^= 0x10;
        one_again();
        cr_assert(evx_chunk_check(&one_chunk, NULL) == wanted, "byte %u", i);
        one_bytes()[i] ^= 0x10;
    }
    one_bytes()[one_chunk.free_off] ^= 1;
    one_again();
    cr_assert(evx_chunk_check(&one_chunk, NULL) == 0);
}

Test(chunk, no_checksums_no_check)
{
    one(three);
    one_store(120, 5, 4);
    one_store(52, 0, 4);
    one_store(124, 0, 4);
    one_again();
    cr_assert(one_chunk.flags == 5 && evx_chunk_check(&one_chunk, NULL) == 0);
}

/* What cannot be summed up cannot be wrong: a cut chunk's data, an impossible end. */
Test(chunk, checks_of_damaged_chunks)
{
    evx_window w;

    one(three);
    w.base = one_bytes();
    w.file_off = 0;
    for (w.len = 512; w.len < one_chunk.claimed; w.len++) {
        evx_chunk c;
        cr_assert(evx_chunk_open(&c, &w) == EVX_OK && evx_chunk_check(&c, NULL) == 0);
    }
    one_store(48, 7, 4);
    mk_fix_chunk(one_bytes(), 65536);
    one_again();
    cr_assert(one_chunk.damage == EVX_CHUNK_FREE_OFF);
    cr_assert(evx_chunk_check(&one_chunk, NULL) == 0);
}

/* ---- a cliff behind every length ------------------------------------------------------------- */

static evx_walk walk;
static evx_slot slots[EVX_SLOTS_WORST];

static void read_all(const evx_chunk *c)
{
    evx_records it;
    evx_record r;
    evx_token t;
    evx_status st;

    evx_records_begin(&it, c);
    while ((st = evx_records_next(&it, &r)) != EVX_END) {
        cr_assert(st != EVX_E_BUG && r.off <= c->len);
        if (st < 0)
            continue;
        cr_assert(r.size <= c->len - r.off);
        st = evx_walk_begin(&walk, c, &r);
        while (st == EVX_OK) {
            st = evx_walk_next(&walk, &t);
            cr_assert(st != EVX_E_BUG);
            if (st < 0)
                st = evx_walk_salvage(&walk);
        }
    }
}

static void at_a_cliff(uint32_t step)
{
    size_t n = one_chunk.free_off + 16;
    uint8_t *cliff = kit_cliff(n);

    cr_assert(evx_walk_init(&walk, sizeof walk, slots, EVX_SLOTS_WORST, NULL) == EVX_OK);
    for (size_t len = 0; len <= n; len += step) {
        evx_window w = { memcpy(cliff - len, one_bytes(), len), (uint32_t)len, 4096 };
        evx_chunk c;
        cr_assert(evx_chunk_open(&c, &w) != EVX_E_BUG);
        (void)evx_chunk_check(&c, evx_kernels_best());
        read_all(&c);
    }
    kit_cliff_free(cliff, n);
}

Test(chunk, cliff)
{
    one("template o = <Event x='{0:str}'><S><P Name='n'/></S>{1:xml?}</Event>\n"
        "template i = <EventData><Data>{0:str[]}</Data><B>{1:sid}{2:bin?}</B></EventData>\n"
        "record o str=\"text\" xml(i strs=[\"a\",\"bc\"] sid=S-1-5-18 null=3)\n"
        "record o str=\"\" xml(bare i strs=[] sid=S-1-1-0 bin=00)\n"
        "plain <E><A x='1'>&amp;&#65;<![CDATA[c]]><?t d?></A></E>");
    at_a_cliff(1);
    one_store(48, 0, 4);             /* the same, without an end that is known */
    at_a_cliff(1);
    one_bytes()[0] = 0;
    at_a_cliff(7);
}
