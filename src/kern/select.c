/* src/kern/select.c - this CPU -> best set; the list of all sets */
#include "kern/kern.h"

const evx_kernels *evx_kernels_at(size_t i)
{
    return i == 0 ? &evxi_kernels_portable : NULL;
}

const evx_kernels *evx_kernels_best(void)
{
    return &evxi_kernels_portable;
}

const char *evx_kernels_name(const evx_kernels *k)
{
    return k->name;
}
