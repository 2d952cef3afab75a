/* src/kern/select.c - this CPU -> best set; the list of all sets */
#include "kern/kern.h"

/* In the order of their speed; a set that this processor has not is left out. */
const evx_kernels *evx_kernels_at(size_t i)
{
    const evx_kernels *const sets[] = { &evxi_kernels_portable, evxi_kernels_sse2(),
                                        evxi_kernels_avx2(), evxi_kernels_avx512(),
                                        evxi_kernels_neon() };

    for (size_t k = 0; k < EVXI_COUNTOF(sets); k++)
        if (sets[k] && i-- == 0)
            return sets[k];
    return NULL;
}

/* From the other end: to ask a processor what it has takes long in a virtual machine. */
const evx_kernels *evx_kernels_best(void)
{
    const evx_kernels *best = evxi_kernels_avx512();

    if (!best)
        best = evxi_kernels_neon();
    if (!best)
        best = evxi_kernels_avx2();
    if (!best)
        best = evxi_kernels_sse2();
    return best ? best : &evxi_kernels_portable;
}

const char *evx_kernels_name(const evx_kernels *k)
{
    return k->name;
}
