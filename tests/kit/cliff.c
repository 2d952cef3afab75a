/* tests/kit/cliff.c - buffers that end at, or begin after, an unmapped page */
#if defined(__unix__) || defined(__APPLE__)
#define _DEFAULT_SOURCE 1
#define _DARWIN_C_SOURCE 1
#define KIT_HAVE_MMAP 1
#else
#define KIT_HAVE_MMAP 0
#endif

#include "cliff.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if KIT_HAVE_MMAP
#include <sys/mman.h>
#include <unistd.h>

static size_t page(void) { return (size_t)sysconf(_SC_PAGESIZE); }
static size_t round_up(size_t n) { return (n + page() - 1) / page() * page(); }

/* One unmapped page, room for len, one unmapped page; returns the room. */
static uint8_t *room(size_t len)
{
    size_t body = round_up(len), all = body + 2 * page();
    void *m = mmap(NULL, all, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (m == MAP_FAILED) {
        perror("kit_cliff");
        abort();
    }
    uint8_t *p = (uint8_t *)m + page();
    if (body && mprotect(p, body, PROT_READ | PROT_WRITE) != 0) {
        perror("kit_cliff");
        abort();
    }
    return p;
}

static void drop(uint8_t *p, size_t len)
{
    (void)munmap(p - page(), round_up(len) + 2 * page());
}

uint8_t *kit_cliff(size_t len) { return room(len) + round_up(len); }
uint8_t *kit_ledge(size_t len) { return room(len); }
void kit_cliff_free(uint8_t *p, size_t len) { drop(p - round_up(len), len); }
void kit_ledge_free(uint8_t *p, size_t len) { drop(p, len); }

#else

uint8_t *kit_ledge(size_t len)
{
    uint8_t *p = (uint8_t *)malloc(len ? len : 1);
    if (!p) abort();
    return p;
}

uint8_t *kit_cliff(size_t len) { return kit_ledge(len) + len; }

void kit_ledge_free(uint8_t *p, size_t len)
{
    (void)len;
    free(p);
}

void kit_cliff_free(uint8_t *p, size_t len) { free(p - len); }

#endif

uint8_t *kit_cliff_copy(const void *src, size_t len)
{
    uint8_t *p = kit_cliff(len) - len;
    if (len) memcpy(p, src, len);
    return p;
}
