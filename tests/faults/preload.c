/* tests/faults/preload.c - preloaded: reads and writes in pieces, or memory that runs out */
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

/* ---- reads and writes take a part of what they are given, or are interrupted ---------------- */

/* xorshift; SHORT_IO_SEED begins it, 0 switches it off. Threads may tear it: that is random too. */
static uint64_t state;

static uint64_t any(void)
{
    const char *seed = getenv("SHORT_IO_SEED");

    if (state == 0)
        state = (seed ? strtoull(seed, NULL, 10) : 1) * 0x9e3779b97f4a7c15u + 1;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state >> 16;
}

static int is_on(const char *name)
{
    const char *value = getenv(name);

    return value && *value != '0';
}

/* One call of four is interrupted; of others, three of four take less, now and then one byte. */
static size_t part(size_t len)
{
    uint64_t is = any() % 16;

    if (is < 4)
        return 0;
    if (is < 6 && len > 0)
        return 1;
    return is < 13 && len > 1 ? 1 + any() % (len - 1) : len;
}

ssize_t read(int fd, void *to, size_t len)
{
    size_t n = is_on("SHORT_IO_SEED") ? part(len) : len;

    if (n == 0 && len > 0) {
        errno = EINTR;
        return -1;
    }
    return syscall(SYS_read, fd, to, n);
}

ssize_t pread(int fd, void *to, size_t len, off_t at)
{
    size_t n = is_on("SHORT_IO_SEED") ? part(len) : len;

    if (n == 0 && len > 0) {
        errno = EINTR;
        return -1;
    }
    return syscall(SYS_pread64, fd, to, n, at);
}

ssize_t write(int fd, const void *from, size_t len)
{
    size_t n = is_on("SHORT_IO_SEED") ? part(len) : len;

    if (n == 0 && len > 0) {
        errno = EINTR;
        return -1;
    }
    return syscall(SYS_write, fd, from, n);
}

/* ---- the allocation of number NO_MEMORY fails, and with a + behind it all later ones --------- */

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);

static int refused(void)
{
    static unsigned long made;
    const char *text = getenv("NO_MEMORY");
    unsigned long n = 0, now;

    if (!text)
        return 0;
    for (; *text >= '0' && *text <= '9'; text++)
        n = n * 10 + (unsigned long)(*text - '0');
    now = __atomic_add_fetch(&made, 1, __ATOMIC_RELAXED);
    if (now == n || (now > n && *text == '+')) {
        errno = ENOMEM;
        return 1;
    }
    return 0;
}

void *malloc(size_t size)
{
    return refused() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return refused() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    return refused() ? NULL : __libc_realloc(old, size);
}
