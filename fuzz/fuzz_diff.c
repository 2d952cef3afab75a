/* fuzz/fuzz_diff.c - chunks, one like the other -> fast ways write what the slow one does */
#include "ways.h"

/*
 * The next chunk is the first one with a few bytes changed, so that a program meets a definition
 * that is nearly the one it was learned from. It stands in other memory or in the same, by the
 * dice, as chunks of a file that is read do.
 */
enum { ROUNDS = 4, DEAR = 1 << 16 };

static uint8_t chunk_memory[2][EVX_CHUNK_SIZE];

/* A few bytes other than they were, mostly where text, names, types and sizes stand. */
static void change(fuzz_dice *d, uint8_t *p, size_t len)
{
    static const uint8_t words[] = { 0, 1, 2, 4, 5, 6, 8, 0x0d, 0x0e, 0x21, 0x41, 0x61, 0x81 };

    for (uint32_t n = fuzz_pick(d, 4); n > 0 && len > 512; n--) {
        size_t at = 512 + fuzz_pick(d, (uint32_t)len - 512);
        switch (fuzz_pick(d, 4)) {
        case 0: p[at] ^= (uint8_t)(1u << fuzz_pick(d, 8)); break;
        case 1: p[at] = words[fuzz_pick(d, sizeof words)]; break;
        case 2: p[at] = (uint8_t)(p[at] + 1); break;
        default: p[at] = p[512 + fuzz_pick(d, (uint32_t)len - 512)]; break;
        }
    }
}

uint64_t fuzz_one(fuzz_dice *d, const uint8_t *data, size_t len)
{
    bool same_place = fuzz_one_in(d, 2);
    uint64_t digest, steps = 0;
    evx_chunk c;

    if (!fuzz_open(data, len, &c))
        return 0;
    fuzz_ways_begin(d);
    digest = fuzz_ways_write(&c, UINT64_MAX);
    for (uint64_t round = 1; round < ROUNDS; round++) {
        uint8_t *p = chunk_memory[same_place ? 0 : round % 2];
        steps += fuzz_ways_steps();
        if (steps > DEAR)
            break;                   /* dear ones are not repeated */
        memcpy(p, data, len);
        if (round > 1)
            change(d, p, len);
        if (fuzz_ways_open(p, len, round, &c))
            digest = fuzz_mix(digest, fuzz_ways_write(&c, UINT64_MAX));
    }
    fuzz_stats.tokens += steps + fuzz_ways_steps();
    return digest;
}
