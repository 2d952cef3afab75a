/* fuzz/mutate_alike.c - mutations of decisions: a stretch of them is made anew */
#include "fuzz.h"

/*
 * What two records that are almost alike show is no new edge. So the fuzzer's own mutations, which
 * change a byte or two of what showed one, are too small: here many decisions at once are others,
 * mostly, and more of them than there were, perhaps.
 */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
    fuzz_dice d = { seed };
    size_t at = fuzz_pick(&d, (uint32_t)size + 1), n = 1 + fuzz_pick(&d, 1u << fuzz_pick(&d, 11));

    if (size > max || at == max || fuzz_one_in(&d, 3))
        return LLVMFuzzerMutate(data, size, max);
    n = n < max - at ? n : max - at;
    for (size_t i = 0; i < n; i++)
        data[at + i] = (uint8_t)fuzz_pick(&d, 256);
    return at + n > size ? at + n : size;
}
