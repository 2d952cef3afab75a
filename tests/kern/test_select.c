/* tests/kern/test_select.c - the list of kernel sets, and the choice among them */
#include <criterion/criterion.h>
#include <string.h>

#include "kern/kern.h"

Test(select, the_list)
{
    size_t n = 0;
    bool best = false;

    cr_assert(evx_kernels_at(0) == &evxi_kernels_portable);
    cr_assert(strcmp(evx_kernels_name(evx_kernels_at(0)), "portable") == 0);
    for (const evx_kernels *k; (k = evx_kernels_at(n)) != NULL; n++) {
        cr_assert(k->crc32 && k->transcode && k->find_record && *evx_kernels_name(k));
        best = best || k == evx_kernels_best();
        for (size_t i = 0; i < n; i++)
            cr_assert(evx_kernels_at(i) != k
                      && strcmp(evx_kernels_name(k), evx_kernels_name(evx_kernels_at(i))) != 0);
        cr_assert(n < 16);
    }
    cr_assert(best, "the best set is one of the list");
    cr_assert(evx_kernels_at(n) == NULL && evx_kernels_at(n + 1) == NULL);
    cr_assert(evx_kernels_at(SIZE_MAX) == NULL);
}
