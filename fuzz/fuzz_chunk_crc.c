/* fuzz/fuzz_chunk_crc.c - a chunk image whose sums are checked first: only sound ones are read */
#include "fuzz.h"

/*
 * Promises: evx_chunk_check says what a sum that is reckoned bit by bit says, with every set of
 * kernels; a bit that turns over anywhere under a sum is seen; where the sums fit, records are read
 * as without them. The mutator repairs the sums, so most inputs go on.
 */
enum { HEADER_SUM = 124, DATA_SUM = 52, RECORDS = 512 };

static uint32_t get32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static uint32_t reckon(const evx_chunk *c)
{
    uint32_t damage = 0, crc;

    if (c->free_off < RECORDS || (c->flags & EVX_FILE_NO_CRC))
        return 0;
    crc = fuzz_crc32(fuzz_crc32(0, c->base, 120), c->base + 128, RECORDS - 128);
    if (crc != get32(c->base + HEADER_SUM))
        damage |= EVX_CHUNK_HEADER_CRC;
    if (!(c->damage & EVX_CHUNK_FREE_OFF) && c->claimed <= c->len
        && fuzz_crc32(0, c->base + RECORDS, c->free_off - RECORDS) != get32(c->base + DATA_SUM))
        damage |= EVX_CHUNK_DATA_CRC;
    return damage;
}

/* Turn one bit over, under one of the sums or in it, and expect it to be seen. */
static void turn_bit(fuzz_dice *d, const evx_chunk *c)
{
    static uint8_t copy[EVX_CHUNK_SIZE];
    evx_chunk turned = *c;
    int data = !(c->damage & EVX_CHUNK_FREE_OFF) && c->claimed <= c->len && fuzz_one_in(d, 2);
    uint32_t at = data ? RECORDS + fuzz_pick(d, c->free_off - RECORDS + 1)
                       : fuzz_pick(d, RECORDS);

    if (data && at == c->free_off)
        at = DATA_SUM;               /* under the header's sum as well */
    if (at >= 120 && at < HEADER_SUM)
        at = HEADER_SUM;             /* the flags are under no sum     */
    memcpy(copy, c->base, c->len);
    copy[at] ^= (uint8_t)(1u << fuzz_pick(d, 8));
    turned.base = copy;
    FUZZ_CHECK(evx_chunk_check(&turned, fuzz_best()) != 0);
    FUZZ_CHECK(evx_chunk_check(&turned, NULL) == reckon(&turned));
}

uint64_t fuzz_one(fuzz_dice *d, const uint8_t *data, size_t len)
{
    evx_chunk c;
    uint32_t bits;

    if (!fuzz_open(data, len, &c))
        return 0;
    bits = evx_chunk_check(&c, fuzz_best());
    FUZZ_CHECK(bits == reckon(&c));
    if (bits != 0 || c.free_off < RECORDS || (c.flags & EVX_FILE_NO_CRC))
        return bits;
    turn_bit(d, &c);
    return fuzz_read_chunk(&c);
}
