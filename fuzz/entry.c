/* fuzz/entry.c - the entry point: an exact copy, choices, the same again, nothing changed */
#include "fuzz.h"

const size_t fuzz_chunk_at = FUZZ_CHUNK_AT;

/* No memory is asked for inside the library; what a target's own copies take is not counted. */
static uint64_t watched(fuzz_dice *d, const uint8_t *data, size_t len)
{
    uint64_t digest;

    fuzz_watch(1);
    digest = fuzz_one(d, data, len);
    FUZZ_CHECK(fuzz_watch(0) == 0);
    return digest;
}

/* The same input says the same, whatever the memory held before, and after any other input. */
static void repeat(fuzz_dice *d, const uint8_t *data, size_t len, uint64_t digest)
{
    fuzz_figures kept = fuzz_stats;

    fuzz_dirt ^= 0x5a;
    FUZZ_CHECK(watched(d, data, len) == digest);
    fuzz_dirt ^= 0x5a;
    fuzz_stats = kept;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t len = fuzz_chunk_at == 0 && size > EVX_CHUNK_SIZE ? EVX_CHUNK_SIZE : size;
    fuzz_dice d = { fuzz_hash(FUZZ_HASH_BEGIN, data, len) }, again = d;
    uint8_t *copy = fuzz_copy(data, len);
    uint64_t tokens = fuzz_stats.tokens, digest;

    fuzz_count_run();
    digest = watched(&d, copy, len);
    fuzz_stats.deep += fuzz_stats.tokens > tokens;
    if (fuzz_one_in(&d, 8))
        repeat(&again, copy, len, digest);
    FUZZ_CHECK(len == 0 || memcmp(copy, data, len) == 0);
    fuzz_drop(copy, len);
    return 0;
}
