/* fuzz/fuzz_chunk.c - a chunk image, its sums ignored -> records, what they hide, what is lost */
#include "fuzz.h"

/*
 * Promises: records, tokens, hidden records and remains lie in their bytes and come forward only;
 * the books add up; nothing depends on where in memory the chunk stands; a chunk that is cut says
 * the same of the records in front of the cut.
 */

/* At another address, one byte off the alignment it had. */
static uint64_t elsewhere(const uint8_t *data, size_t len)
{
    static uint8_t moved[EVX_CHUNK_SIZE + 1];
    evx_chunk c;

    memcpy(moved + 1, data, len);
    FUZZ_CHECK(fuzz_open(moved + 1, len, &c));
    return fuzz_read_chunk(&c);
}

/* Of records that were found in order, and end in front of the cut, as many are found again. */
static void check_cut(fuzz_dice *d, const evx_chunk *whole)
{
    size_t len = 512 + fuzz_pick(d, whole->len - 512);
    uint8_t *copy = fuzz_copy(whole->base, len);
    evx_chunk c;
    evx_records a, b;
    evx_record r, s;

    if (fuzz_open(copy, len, &c) && whole->damage == c.damage) {
        evx_records_begin(&a, whole);
        evx_records_begin(&b, &c);
        while (fuzz_record(&a, &r) == EVX_OK && r.origin == EVX_ORIGIN_ORDER
               && r.off + r.size <= c.free_off && r.damage == 0)
            FUZZ_CHECK(fuzz_record(&b, &s) == EVX_OK && s.off == r.off && s.size == r.size
                       && s.id == r.id);
    }
    fuzz_drop(copy, len);
}

uint64_t fuzz_one(fuzz_dice *d, const uint8_t *data, size_t len)
{
    evx_chunk c;
    uint64_t digest;

    fuzz_dirty(d, &c, sizeof c);
    if (!fuzz_open(data, len, &c))
        return 0;
    digest = fuzz_read_chunk(&c);
    if (fuzz_one_in(d, 4)) {
        fuzz_figures kept = fuzz_stats;
        FUZZ_CHECK(elsewhere(data, len) == digest);
        fuzz_stats = kept;
    }
    if (len > 512 && fuzz_one_in(d, 4))
        check_cut(d, &c);
    return digest;
}
