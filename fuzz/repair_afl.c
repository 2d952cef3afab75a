/* fuzz/repair_afl.c - what AFL++ has mutated is repaired on its way to the target */
#include "repair.h"

const size_t fuzz_chunk_at = FUZZ_CHUNK_AT;

void *afl_custom_init(void *afl, unsigned seed);
void afl_custom_deinit(void *state);
size_t afl_custom_post_process(void *state, uint8_t *buf, size_t len, uint8_t **out);

void *afl_custom_init(void *afl, unsigned seed)
{
    (void)seed;
    return afl;
}

void afl_custom_deinit(void *state)
{
    (void)state;
}

/*
 * AFL++ may hand in what was repaired already, and the result must then be the same. So what is
 * left out is chosen by bytes that no repair touches: the 64 unused ones of a chunk's header.
 */
size_t afl_custom_post_process(void *state, uint8_t *buf, size_t len, uint8_t **out)
{
    static const uint8_t zeros[64];
    static uint8_t copy[1u << 20];
    const size_t unused = FUZZ_CHUNK_AT + 56;
    fuzz_dice d = { 0 };

    (void)state;
    *out = buf;
    if (len > sizeof copy || len < unused + sizeof zeros)
        return len;
    *out = memmove(copy, buf, len);
    d.state = fuzz_hash(FUZZ_HASH_BEGIN, copy + unused, sizeof zeros);
    repair(copy, len, memcmp(copy + unused, zeros, sizeof zeros) == 0 ? NULL : &d);
    return len;
}
