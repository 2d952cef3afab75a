/* tests/faults/short_io.c - preloaded: read and write take a part of what they get, or EINTR */
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

/* xorshift; SHORT_IO_SEED begins it. Threads may tear it, and then it is as random as before. */
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
    size_t n = part(len);

    if (n == 0 && len > 0) {
        errno = EINTR;
        return -1;
    }
    return syscall(SYS_read, fd, to, n);
}

ssize_t write(int fd, const void *from, size_t len)
{
    size_t n = part(len);

    if (n == 0 && len > 0) {
        errno = EINTR;
        return -1;
    }
    return syscall(SYS_write, fd, from, n);
}
