/* src/base/defs.h - compiler shims: countof, branch hints, alignment of caller memory */
#ifndef EVXI_DEFS_H
#define EVXI_DEFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/plant.h"
#include "evx/status.h"

#define EVXI_COUNTOF(a) (sizeof(a) / sizeof((a)[0]))

#if defined(__GNUC__)
#define EVXI_LIKELY(x) __builtin_expect(!!(x), 1)
#define EVXI_UNLIKELY(x) __builtin_expect(!!(x), 0)
/* Not in the way of what calls it. */
#define EVXI_COLD __attribute__((noinline, cold))
#define EVXI_APART __attribute__((noinline))
#ifndef EVXI_INLINE                  /* where branches are counted, a function is compiled once */
#define EVXI_INLINE static inline __attribute__((always_inline))
#endif
#else
#define EVXI_LIKELY(x) (x)
#define EVXI_UNLIKELY(x) (x)
#define EVXI_COLD
#define EVXI_APART
#define EVXI_INLINE static inline
#endif

/*
 * The length of a C string, up to 65,535. Bounded on purpose: from a plain loop over the bytes gcc
 * makes a call of strlen, and the library calls nothing but memcpy, memmove, memset and memcmp.
 */
static inline size_t evxi_length(const char *s)
{
    size_t n = 0;

    while (n < UINT16_MAX && s[n])
        n++;
    return n;
}

/* How many bits a number other than zero takes. Elsewhere the builtin may be a call of libgcc's. */
static inline unsigned evxi_bits(uint64_t x)
{
#if defined(__GNUC__) && (defined(__x86_64__) || defined(__aarch64__))
    return 64 - (unsigned)__builtin_clzll(x);
#else
    unsigned n = 1;

    for (unsigned step = 32; step > 0; step /= 2)
        if (x >> step != 0) {
            n += step;
            x >>= step;
        }
    return n;
#endif
}

/* Across files inside the library, and not outside it. */
#if defined(__GNUC__) && !defined(_WIN32)
#define EVXI_LOCAL __attribute__((visibility("hidden")))
#else
#define EVXI_LOCAL
#endif

#endif
