/* src/base/defs.h - compiler shims: countof, branch hints, alignment of caller memory */
#ifndef EVXI_DEFS_H
#define EVXI_DEFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "evx/status.h"

#define EVXI_COUNTOF(a) (sizeof(a) / sizeof((a)[0]))

#if defined(__GNUC__)
#define EVXI_LIKELY(x) __builtin_expect(!!(x), 1)
#define EVXI_UNLIKELY(x) __builtin_expect(!!(x), 0)
#else
#define EVXI_LIKELY(x) (x)
#define EVXI_UNLIKELY(x) (x)
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

/* Across files inside the library, and not outside it. */
#if defined(__GNUC__) && !defined(_WIN32)
#define EVXI_LOCAL __attribute__((visibility("hidden")))
#else
#define EVXI_LOCAL
#endif

#endif
