/* fuzz/fuzz_alike.c - records that are almost alike -> fast ways write what the slow one does */
#include "alike.h"
#include "ways.h"

/*
 * What changes bytes of a log seldom makes two records that differ in one thing only and are both
 * sound. Here the input is what is decided about a log: its first two bytes about the ways that
 * are compared, so that they stay when the rest changes.
 *
 * Each chunk is read where the kit has made it, then all of them once more, cut behind their last
 * record: what is read beyond that is a crash.
 */
enum { HEAD = 2, DEAR = 1 << 12 };

static uint64_t read_made(uint8_t *p, uint64_t slot)
{
    evx_chunk c;

    FUZZ_CHECK(fuzz_open(p, EVX_CHUNK_SIZE, &c) && c.damage == 0);
    FUZZ_CHECK(evx_chunk_check(&c, fuzz_best()) == 0);
    FUZZ_CHECK(fuzz_ways_open(p, EVX_CHUNK_SIZE, slot, &c));
    return fuzz_ways_write(&c, DEAR);
}

static uint64_t read_cut(const uint8_t *p, uint64_t slot)
{
    uint64_t digest;
    uint8_t *copy;
    size_t len;
    evx_chunk c;

    FUZZ_CHECK(fuzz_ways_open(p, EVX_CHUNK_SIZE, slot, &c));
    len = c.free_off;
    copy = fuzz_copy(p, len);
    FUZZ_CHECK(fuzz_ways_open(copy, len, slot, &c));
    digest = fuzz_ways_write(&c, DEAR);
    fuzz_drop(copy, len);
    return digest;
}

uint64_t fuzz_one(fuzz_dice *d, const uint8_t *data, size_t len)
{
    size_t head = len < HEAD ? len : HEAD;
    fuzz_dice ways = { fuzz_hash(FUZZ_HASH_BEGIN, data, head) };
    mk_bytes log = alike_log(data + head, len - head);
    uint64_t digest = FUZZ_HASH_BEGIN, steps = 0;
    uint64_t chunks = (log.len - EVX_FILE_HEADER_SIZE) / EVX_CHUNK_SIZE;

    (void)d;
    fuzz_ways_begin(&ways);
    for (uint64_t i = 0; i < 2 * chunks && steps < 2 * DEAR; i++) {
        uint8_t *p = log.ptr + EVX_FILE_HEADER_SIZE + i % chunks * EVX_CHUNK_SIZE;
        digest = fuzz_mix(digest, i < chunks ? read_made(p, i) : read_cut(p, i));
        steps += fuzz_ways_steps();
    }
    fuzz_stats.tokens += steps;
    return digest;
}
