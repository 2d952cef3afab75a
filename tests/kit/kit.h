/* tests/kit/kit.h - one check for tests, fuzzers, benches */
/* cr_assert under Criterion (define KIT_CRITERION), abort elsewhere. */
#ifndef KIT_H
#define KIT_H

#ifdef KIT_CRITERION
#include <criterion/criterion.h>
#define kit_check(x) cr_assert(x)
#else
#include <stdio.h>
#include <stdlib.h>
#define kit_check(x)                                                                    \
    do {                                                                                \
        if (!(x)) {                                                                     \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #x);             \
            abort();                                                                    \
        }                                                                               \
    } while (0)
#endif

#endif
