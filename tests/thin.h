/* tests/thin.h - a quick run looks at every n-th of what a whole one looks at: EVX_THIN=n */
#ifndef EVX_TESTS_THIN_H
#define EVX_TESTS_THIN_H

#include <stdlib.h>

/* 1 where nothing is left out. */
static inline unsigned thin(void)
{
    const char *s = getenv("EVX_THIN");
    unsigned long n = s ? strtoul(s, NULL, 10) : 1;

    return n == 0 ? 1 : (unsigned)n;
}

#endif
