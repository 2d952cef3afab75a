/* src/cli/processors.c - how many processors there are; a thread's way to one of its own (POSIX) */
#ifndef _WIN32
#ifdef __linux__
/* NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): sched_setaffinity */
#define _GNU_SOURCE
#include <sched.h>
#else
/* NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): POSIX asks for it */
#define _POSIX_C_SOURCE 200809L
#endif

#include "system.h"

#include <unistd.h>

#ifdef __linux__

unsigned cli_processors(void)
{
    cpu_set_t mine;
    long n = sysconf(_SC_NPROCESSORS_ONLN);

    if (sched_getaffinity(0, sizeof mine, &mine) == 0)       /* fails where there are too many */
        n = CPU_COUNT(&mine);
    return n > 1 ? (unsigned)n : 1;
}

int cli_processor(void)
{
    return sched_getcpu();
}

void cli_leave_processor(int taken, unsigned number)
{
    cpu_set_t all, one;
    unsigned at = (unsigned)taken;
    int others;

    if (taken < 0 || sched_getcpu() != taken || sched_getaffinity(0, sizeof all, &all) != 0
        || (others = CPU_COUNT(&all) - 1) < 1 || !CPU_ISSET(at, &all))
        return;
    for (unsigned left = number % (unsigned)others + 1; left > 0; left -= CPU_ISSET(at, &all) != 0)
        at = (at + 1) % CPU_SETSIZE;
    CPU_ZERO(&one);
    CPU_SET(at, &one);
    (void)sched_setaffinity(0, sizeof one, &one);            /* goes there at once            */
    (void)sched_setaffinity(0, sizeof all, &all);            /* and may go anywhere again     */
}

#else

unsigned cli_processors(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);

    return n > 1 ? (unsigned)n : 1;
}

int cli_processor(void)
{
    return -1;
}

void cli_leave_processor(int taken, unsigned number)
{
    (void)taken;
    (void)number;
}

#endif

#else
typedef int cli_processors_is_in_io_windows_c;   /* a file of C holds something */
#endif
