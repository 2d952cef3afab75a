/* tests/file/test_carve.c - records and chunks in any bytes, at any alignment */
#include "../golden/one.h"

#include "cliff.h"

static const char three[] = "template t = <Event><A>{0:u32}</A></Event>\n"
                            "record t u32=1\nrecord t u32=2\nrecord t u32=3\n";
static uint8_t blob[4 * EVX_CHUNK_SIZE];

static uint64_t state = 5;

static void junk(void)
{
    for (size_t i = 0; i < sizeof blob; i++)
        blob[i] = (uint8_t)one_random(&state);
}

Test(carve, records_at_every_alignment)
{
    evx_record want[3], r;

    one(three);
    for (size_t i = 0; i < 3; i++)
        cr_assert(kit_record(&one_chunk, i, &want[i]) == EVX_OK);
    for (uint32_t shift = 0; shift < 17; shift++) {
        uint32_t pos = 0, n = want[2].off + want[2].size - 512;
        evx_window w = { blob, 1000 + shift + n, 7 };
        junk();
        memcpy(blob + 1000 + shift, one_bytes() + 512, n);
        for (size_t i = 0; i < 3; i++) {
            cr_assert(evx_carve_record(&w, &pos, 1, &r) == EVX_OK);
            cr_assert(r.off == want[i].off - 512 + 1000 + shift && r.size == want[i].size);
            cr_assert(r.id == i + 1 && r.origin == EVX_ORIGIN_CARVED && pos == r.off + r.size);
        }
        cr_assert(evx_carve_record(&w, &pos, 1, &r) == EVX_END && pos == w.len);
        w.len--;                     /* the last one no longer fits */
        pos = r.off = 0;
        while (evx_carve_record(&w, &pos, 1, &r) == EVX_OK)
            cr_assert(r.id != 3);
    }
}

/* Each thing that makes bytes no record; and the cliff behind them. */
Test(carve, what_is_none)
{
    static const struct { uint32_t at, n; uint64_t v; } lies[] = {
        { 0, 1, '+' }, { 4, 4, 31 }, { 4, 4, 0 }, { 4, 4, 65032 }, { 4, 4, 0xfffffff8 },
        { 4, 4, 44 }, { 24, 1, 0x33 }, { 25, 1, 9 }
    };
    evx_record first, r;

    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        uint8_t *p;
        uint32_t pos = 0;
        one(three);
        cr_assert(kit_record(&one_chunk, 0, &first) == EVX_OK);
        one_store(512 + lies[i].at, lies[i].v, lies[i].n);
        p = kit_cliff_copy(one_bytes() + 512, first.size);
        cr_assert(evx_carve_record(&(evx_window){ p, first.size, 0 }, &pos, 1, &r) == EVX_END,
                  "lie %zu", i);
        kit_cliff_free(p + first.size, first.size);
    }
}

/* Behind the free space offset: what was there before, in steps of eight. */
Test(carve, slack)
{
    evx_window w;
    evx_record want, r;
    uint32_t pos;

    one(three);
    cr_assert(kit_record(&one_chunk, 2, &want) == EVX_OK);
    one_store(48, want.off, 4);
    one_store(32, 2, 8);             /* nor is it the last one any more */
    one_again();
    cr_assert(kit_record(&one_chunk, 2, &r) == EVX_END);
    w = (evx_window){ one_chunk.base, one_chunk.len, one_chunk.file_off };
    pos = one_chunk.free_off;
    cr_assert(evx_carve_record(&w, &pos, 8, &r) == EVX_OK && r.off == want.off && r.id == 3);
    cr_assert(evx_carve_record(&w, &pos, 8, &r) == EVX_END);
}

Test(carve, chunks)
{
    evx_window w = { blob, sizeof blob, 1000 };
    evx_chunk c;
    uint32_t pos = 0;

    one(three);
    junk();
    memcpy(blob + 333, one_bytes(), EVX_CHUNK_SIZE);
    memcpy(blob + 333 + 30000, one_bytes(), EVX_CHUNK_SIZE);     /* cuts the first one short */
    memcpy(blob + sizeof blob - 20000, one_bytes(), 20000);
    cr_assert(evx_carve_chunk(&w, &pos, &c) == EVX_OK && pos == 333 && c.len == 30000);
    cr_assert(c.base == blob + 333 && c.file_off == 1333 && (c.damage & EVX_CHUNK_CUT));
    pos += c.len;
    cr_assert(evx_carve_chunk(&w, &pos, &c) == EVX_OK && pos == 30333);
    cr_assert(c.len == EVX_CHUNK_SIZE && c.damage == 0);
    pos += c.len;
    cr_assert(evx_carve_chunk(&w, &pos, &c) == EVX_OK && pos == sizeof blob - 20000);
    cr_assert(c.len == 20000);
    pos += c.len;
    cr_assert(evx_carve_chunk(&w, &pos, &c) == EVX_END && pos == w.len);
    pos = (uint32_t)sizeof blob + 5;
    cr_assert(evx_carve_chunk(&w, &pos, &c) == EVX_END);
}
