/* tests/file/test_record.c - records in order; each damage with its exact answer */
#include "../golden/one.h"

#include "file/file.h"
#include "file/layout.h"

/* Six equal records: 8 * n bytes each, the definition apart in the first. */
static uint32_t at[8];               /* chunk offsets of the records, and of their end */

static void six(void)
{
    evx_record r;

    one("template t = <Event><A>{0:u32}</A></Event>\n"
        "record t u32=1\nrecord t u32=2\nrecord t u32=3\nrecord t u32=4\nrecord t u32=5\n"
        "record t u32=6");
    for (size_t i = 0; i < 6; i++) {
        cr_assert(kit_record(&one_chunk, i, &r) == EVX_OK && r.id == i + 1);
        at[i] = r.off;
        at[i + 1] = r.off + r.size;
    }
    cr_assert(at[0] == 512 && at[6] == one_chunk.free_off);
}

typedef struct want {
    evx_status status;
    uint32_t off, size, damage, id;
    uint8_t origin;
} want;

/* The items of the chunk as they are now. */
static void check(const char *what, const want *w, size_t n)
{
    evx_records it;
    evx_record r;

    one_again();
    evx_records_begin(&it, &one_chunk);
    for (size_t i = 0; i < n; i++) {
        evx_status st = evx_records_next(&it, &r);
        cr_assert(st == w[i].status, "%s: item %zu is %d (%s), not %d", what, i, st,
                  evx_status_text(st), w[i].status);
        cr_assert(r.off == w[i].off && r.size == w[i].size,
                  "%s: item %zu stands at %u + %u, not %u + %u", what, i, r.off, r.size,
                  w[i].off, w[i].size);
        cr_assert(st != EVX_OK || (r.damage == w[i].damage && r.origin == w[i].origin
                                   && r.id == w[i].id),
                  "%s: item %zu has damage %x, origin %u, id %u; not %x, %u, %u", what, i,
                  r.damage, r.origin, (unsigned)r.id, w[i].damage, w[i].origin, w[i].id);
    }
    cr_assert(evx_records_next(&it, &r) == EVX_END, "%s: no end", what);
    cr_assert(evx_records_next(&it, &r) == EVX_END, "%s: the end is no end", what);
}

#define CHECK(what, ...) \
    check(what, (const want[]){ __VA_ARGS__ }, sizeof((const want[]){ __VA_ARGS__ }) / sizeof(want))

#define SOUND(i) { EVX_OK, at[i], at[(i) + 1] - at[i], 0, (i) + 1, EVX_ORIGIN_ORDER }
#define RECORD(i, damage, origin) { EVX_OK, at[i], at[(i) + 1] - at[i], damage, (i) + 1, origin }
#define GAP(i, j) { EVX_E_RECORD_SIGNATURE, at[i], at[j] - at[i], 0, 0, 0 }

Test(record, in_order)
{
    six();
    CHECK("sound", SOUND(0), SOUND(1), SOUND(2), SOUND(3), SOUND(4), SOUND(5));
}

/* Damage costs the record that it stands in, and what comes behind is marked as found by search. */
Test(record, signature_gone)
{
    six();
    one_store(at[2], 0x00002a2b, 4);
    CHECK("middle", SOUND(0), SOUND(1), GAP(2, 3),
          RECORD(3, EVX_RECORD_ID, EVX_ORIGIN_AFTER), SOUND(4), SOUND(5));
    six();
    one_store(at[0], 0, 4);
    CHECK("first", GAP(0, 1), RECORD(1, 0, EVX_ORIGIN_AFTER), SOUND(2), SOUND(3), SOUND(4),
          SOUND(5));
    six();
    one_store(at[5], 0, 4);
    CHECK("last", SOUND(0), SOUND(1), SOUND(2), SOUND(3), SOUND(4), GAP(5, 6));
    six();
    one_store(at[2], 0, 4);
    one_store(at[3], 0, 4);
    CHECK("two", SOUND(0), SOUND(1), GAP(2, 4), RECORD(4, EVX_RECORD_ID, EVX_ORIGIN_AFTER),
          SOUND(5));
}

/* An impossible size: the record is handed out up to where the next one proves itself. */
Test(record, size_impossible)
{
    static const uint32_t sizes[] = { 0, 1, 8, 24, 27, 65536, 65024 + 8, 0xffffffff, 0x80000000,
                                      0x7ffffff8 };

    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        six();
        one_store(at[2] + 4, sizes[i], 4);
        CHECK("size", SOUND(0), SOUND(1), RECORD(2, EVX_RECORD_SIZE, EVX_ORIGIN_ORDER),
              RECORD(3, 0, EVX_ORIGIN_AFTER), SOUND(4), SOUND(5));
    }
}

Test(record, size_zero_at_the_end)
{
    six();
    one_store(at[5] + 4, 0, 4);
    CHECK("last", SOUND(0), SOUND(1), SOUND(2), SOUND(3), SOUND(4),
          RECORD(5, EVX_RECORD_SIZE, EVX_ORIGIN_ORDER));
}

/* Its size is right if a record stands behind it; only the copy is wrong. */
Test(record, copy_differs)
{
    static const uint32_t copies[] = { 0, 0xffffffff, 48, 0x00002a2a };

    for (size_t i = 0; i < sizeof copies / sizeof copies[0]; i++) {
        six();
        one_store(at[3] - 4, copies[i], 4);
        CHECK("copy", SOUND(0), SOUND(1), RECORD(2, EVX_RECORD_COPY, EVX_ORIGIN_ORDER), SOUND(3),
              SOUND(4), SOUND(5));
        six();
        one_store(at[6] - 4, copies[i], 4);
        CHECK("the last copy", SOUND(0), SOUND(1), SOUND(2), SOUND(3), SOUND(4),
              RECORD(5, EVX_RECORD_COPY, EVX_ORIGIN_ORDER));
    }
}

/* Two broken records in a row: the first one's size leads to one that cannot prove it. */
Test(record, copy_and_successor_differ)
{
    six();
    one_store(at[3] - 4, 0, 4);
    one_store(at[4] - 4, 0, 4);
    CHECK("copies", SOUND(0), SOUND(1), RECORD(2, EVX_RECORD_COPY, EVX_ORIGIN_ORDER),
          RECORD(3, EVX_RECORD_COPY, EVX_ORIGIN_ORDER), SOUND(4), SOUND(5));
}

/* A chunk full of records in doubt is searched once, not once for each of them. To see it, a record
 * that proves itself is put where the search has been already. */
Test(record, one_search_for_all)
{
    evx_records it;
    evx_record r;

    six();
    for (size_t i = 1; i <= 6; i++)
        one_store(at[i] - 4, 0, 4);
    one_again();
    evx_records_begin(&it, &one_chunk);
    cr_assert(evx_records_next(&it, &r) == EVX_OK && r.off == at[0]
              && r.damage == EVX_RECORD_COPY);
    one_store(at[1] + 4, 0, 4);
    one_store(at[4] - 4, at[4] - at[3], 4);
    cr_assert(evx_records_next(&it, &r) == EVX_OK && r.off == at[1]
              && r.damage == EVX_RECORD_SIZE);
    cr_expect(r.size == at[6] - at[1], "%u", r.size);
}

/* Size and copy agree, over the next record: eventlogedit hides records so. */
Test(record, swallowed)
{
    six();
    one_store(at[2] + 4, at[4] - at[2], 4);
    one_store(at[4] - 4, at[4] - at[2], 4);
    CHECK("swallowed", SOUND(0), SOUND(1),
          { EVX_OK, at[2], at[4] - at[2], 0, 3, EVX_ORIGIN_ORDER },
          RECORD(4, EVX_RECORD_ID, EVX_ORIGIN_ORDER), SOUND(5));
}

/* Zeros over the end of one record and the beginning of the next, as from a torn page. */
Test(record, overwritten)
{
    six();
    for (uint32_t i = at[2] + 32; i < at[3] + 40; i += 8)
        one_store(i, 0, 8);
    CHECK("overwritten", SOUND(0), SOUND(1), RECORD(2, EVX_RECORD_COPY, EVX_ORIGIN_ORDER),
          GAP(3, 4), RECORD(4, EVX_RECORD_ID, EVX_ORIGIN_AFTER), SOUND(5));
}

Test(record, all_zero_to_the_end)
{
    six();
    memset(one_bytes() + at[1], 0, at[6] - at[1]);
    CHECK("zeros", SOUND(0), GAP(1, 6));
}

/* What looks like a record inside of a sound one is none. */
Test(record, signatures_inside)
{
    six();
    one_store(at[2] + 32, 0x00002a2a, 4);
    one_store(at[2] + 36, 24, 4);
    CHECK("inside", SOUND(0), SOUND(1), SOUND(2), SOUND(3), SOUND(4), SOUND(5));
}

Test(record, free_offset_cuts_a_record)
{
    six();
    one_store(48, at[5] + 32, 4);
    one_store(at[6] - 4, 0, 4);      /* else it proves the offset wrong */
    CHECK("cut", SOUND(0), SOUND(1), SOUND(2), SOUND(3), SOUND(4),
          { EVX_OK, at[5], 32, EVX_RECORD_SIZE, 6, EVX_ORIGIN_ORDER });
    six();
    one_store(48, at[5] + 8, 4);
    one_store(at[6] - 4, 0, 4);
    CHECK("stub", SOUND(0), SOUND(1), SOUND(2), SOUND(3), SOUND(4),
          { EVX_E_RECORD_SIGNATURE, at[5], 8, 0, 0, 0 });
    six();
    one_store(48, at[4], 4);
    one_store(44, at[3], 4);
    CHECK("earlier", SOUND(0), SOUND(1), SOUND(2), SOUND(3));
    cr_assert(one_chunk.damage == 0);
}

/* A free offset in front of the end of the last record is wrong, if that record proves itself: it
 * is where the header says, has the id that the header names, and the copy of its size. */
Test(record, free_offset_too_small)
{
    for (uint32_t free_off = 512; free_off < 4096; free_off += 8) {
        six();
        if (free_off >= at[6])
            break;
        one_store(48, free_off, 4);
        CHECK("by the last record", SOUND(0), SOUND(1), SOUND(2), SOUND(3), SOUND(4), SOUND(5));
        cr_assert(one_chunk.damage == EVX_CHUNK_FREE_OFF && one_chunk.claimed == at[6]);
    }
    for (uint32_t i = 0; i < 3; i++) {
        six();
        one_store(48, at[4], 4);
        one_store(i == 0 ? 32 : i == 1 ? at[5] + 8 : at[6] - 4, 77, 4);
        CHECK("no proof", SOUND(0), SOUND(1), SOUND(2), SOUND(3));
        cr_assert(one_chunk.damage == EVX_CHUNK_FREE_OFF && one_chunk.claimed == at[4]);
    }
}

/* An impossible free offset: the last record's offset tells the end, or the records themselves. */
Test(record, free_offset_impossible)
{
    static const uint32_t offsets[] = { 0, 511, 65537, 0xffffffff };

    for (size_t i = 0; i < sizeof offsets / sizeof offsets[0]; i++) {
        six();
        one_store(48, offsets[i], 4);
        CHECK("by the last record", SOUND(0), SOUND(1), SOUND(2), SOUND(3), SOUND(4), SOUND(5));
        cr_assert(one_chunk.damage == EVX_CHUNK_FREE_OFF && one_chunk.claimed == at[6]);
        one_store(44, offsets[i], 4);
        CHECK("by walking", SOUND(0), SOUND(1), SOUND(2), SOUND(3), SOUND(4), SOUND(5));
        cr_assert(one_chunk.damage == EVX_CHUNK_FREE_OFF && one_chunk.claimed == 0);
    }
}

/* A free offset that is too large by a lot is possible, so what it promises is missed. */
Test(record, free_offset_too_large)
{
    six();
    one_store(48, 65536, 4);
    CHECK("too large", SOUND(0), SOUND(1), SOUND(2), SOUND(3), SOUND(4), SOUND(5),
          { EVX_E_RECORD_SIGNATURE, at[6], 65536 - at[6], 0, 0, 0 });
}

/* Without a chunk header records are found, and nothing is said of the rest. */
Test(record, no_chunk_signature)
{
    six();
    one_bytes()[0] = 'e';
    one_store(48, 0, 4);
    one_store(44, 0, 4);
    one_store(at[2], 0, 4);
    CHECK("no chunk", SOUND(0), SOUND(1), RECORD(3, EVX_RECORD_ID, EVX_ORIGIN_AFTER), SOUND(4),
          SOUND(5));
}

Test(record, ids)
{
    six();
    one_store(at[2] + 8, 77, 8);
    CHECK("ids", SOUND(0), SOUND(1),
          { EVX_OK, at[2], at[3] - at[2], EVX_RECORD_ID, 77, EVX_ORIGIN_ORDER },
          RECORD(3, EVX_RECORD_ID, EVX_ORIGIN_ORDER), SOUND(4), SOUND(5));
}

/* The input ends inside the chunk: at every byte. */
Test(record, cut_everywhere)
{
    six();
    for (uint32_t len = 512; len <= at[6]; len++) {
        evx_window w = { one_bytes(), len, MK_FILE_HEADER };
        evx_records it;
        evx_record r;
        evx_status st;
        uint32_t whole = 0, seen = 0;
        cr_assert(evx_chunk_open(&one_chunk, &w) == EVX_OK);
        cr_assert(one_chunk.damage == EVX_CHUNK_CUT && one_chunk.free_off == len);
        while (at[whole + 1] <= len && whole < 6)
            whole++;
        evx_records_begin(&it, &one_chunk);
        while ((st = evx_records_next(&it, &r)) == EVX_OK) {
            cr_assert(r.off == at[seen] && r.damage == (seen < whole ? 0 : EVX_RECORD_CUT));
            cr_assert(r.off + r.size == (seen < whole ? at[seen + 1] : len));
            seen++;
        }
        if (st == EVX_E_RECORD_SIGNATURE) {          /* too little for a record header */
            cr_assert(len - at[whole] < 28 && r.off == at[whole] && r.size == len - at[whole]);
            st = evx_records_next(&it, &r);
        }
        cr_assert(len == at[6] ? st == EVX_END : st == EVX_E_CHUNK_CUT, "cut at %u: %d", len, st);
        cr_assert(st == EVX_END || (r.off == len && r.size == at[6] - len));
        cr_assert(evx_records_next(&it, &r) == EVX_END && seen >= whole && seen <= whole + 1);
    }
}

Test(record, body)
{
    uint32_t begin, end;
    evx_record r = { 1, 0, 512, 64, 0, 0 };
    evx_chunk c;

    memset(&c, 0, sizeof c);
    c.len = 65536;
    evxi_record_body(&c, &r, &begin, &end);
    cr_assert(begin == 536 && end == 572);
    r.damage = EVX_RECORD_SIZE;
    evxi_record_body(&c, &r, &begin, &end);
    cr_assert(begin == 536 && end == 576);
    for (r.size = 0; r.size < 100; r.size++)
        for (r.off = 65400; r.off <= 65536; r.off++) {
            evxi_record_body(&c, &r, &begin, &end);
            cr_assert(begin <= end && end <= 65536 && begin >= r.off && end <= r.off + r.size);
        }
}

/* A record may end at the very end of its chunk. */
Test(record, ends_with_the_chunk)
{
    evx_record r;

    six();
    one_store(48, 65536, 4);
    one_store(44, at[5], 4);
    one_store(at[5] + 4, 65536 - at[5], 4);
    one_store(65532, 65536 - at[5], 4);
    one_again();
    cr_assert(kit_record(&one_chunk, 5, &r) == EVX_OK);
    cr_assert(r.damage == 0 && r.off + r.size == 65536);
    cr_assert(kit_record(&one_chunk, 6, &r) == EVX_END);
}

/* Bytes at random behind the header: forward, in bounds, and ended. */
Test(record, noise)
{
    static uint8_t bytes[EVX_CHUNK_SIZE];
    evx_window w = { bytes, sizeof bytes, 0 };
    uint64_t state = 1;

    for (int round = 0; round < 40; round++) {
        evx_records it;
        evx_record r;
        evx_status st;
        uint32_t last = 512;
        for (size_t i = 0; i < sizeof bytes; i += 8) {
            uint64_t x = one_random(&state);
            if (x % 8 == 0)
                x = 0x2a2a | (x >> 32 & 0xf8) << 32;
            memcpy(bytes + i, &x, 8);
        }
        memcpy(bytes, "ElfChnk", 8);
        (void)evx_chunk_open(&one_chunk, &w);
        evx_records_begin(&it, &one_chunk);
        while ((st = evx_records_next(&it, &r)) != EVX_END) {
            cr_assert(st == EVX_OK || st == EVX_E_RECORD_SIGNATURE || st == EVX_E_CHUNK_CUT);
            cr_assert(r.off == last && r.size > 0 && r.size <= 65536 - r.off);
            last = r.off + r.size;
        }
    }
}
