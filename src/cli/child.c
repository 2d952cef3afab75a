/* src/cli/child.c - another program as a child: its time, its memory, its lines (POSIX) */
#ifndef _WIN32
/* NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): the C library asks */
#define _DEFAULT_SOURCE              /* wait4 is older than POSIX, and everywhere */
#endif

#include "cli.h"

#ifdef _WIN32

bool cli_children(void)
{
    return false;
}

bool cli_program(const char *name, char *to, size_t cap)
{
    (void)name, (void)to, (void)cap;
    return false;
}

bool cli_child_run(cli_child *c, bool listen)
{
    (void)c, (void)listen;
    return false;
}

#else

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

bool cli_children(void)
{
    return true;
}

bool cli_program(const char *name, char *to, size_t cap)
{
    const char *at = getenv("PATH");
    size_t n = strlen(name) + 2;
    struct stat st;

    while (at && *at) {
        size_t len = strcspn(at, ":");
        if (len > 0 && len < cap && n <= cap - len) {
            memcpy(to, at, len);
            to[len] = '/';
            memcpy(to + len + 1, name, n - 1);
            if (stat(to, &st) == 0 && S_ISREG(st.st_mode) && access(to, X_OK) == 0)
                return true;
        }
        at += len + (at[len] == ':');
    }
    return false;
}

/* Our own program begins as any other does, so that both pay for it; where the system does not say
 * what it was started from, the command is run as it is. */
static void begin(const cli_child *c, int out)
{
    int nowhere = open("/dev/null", O_RDWR);
    int count = 0;

    if (nowhere < 0 || dup2(nowhere, CLI_IN) < 0 || dup2(nowhere, CLI_ERR) < 0
        || dup2(out < 0 ? nowhere : out, CLI_OUT) < 0)
        _exit(126);
    (void)signal(SIGPIPE, SIG_DFL);
    (void)execv(c->own ? "/proc/self/exe" : c->argv[0], c->argv);
    if (!c->own)
        _exit(127);
    while (c->argv[count])
        count++;
    _exit(c->own(count - 2, c->argv + 2));
}

/* Read what it writes to its end. */
static void take(cli_child *c, int fd)
{
    static uint8_t piece[65536];
    size_t n;
    int error;

    while ((n = cli_read(fd, piece, sizeof piece, &error)) > 0) {
        size_t room = sizeof c->head - 1 - c->head_len;
        size_t keep = n < room ? n : room;
        memcpy(c->head + c->head_len, piece, keep);
        c->head_len += keep;
        for (size_t i = 0; i < n; i++)
            c->lines += piece[i] == '\n';
    }
    c->head[c->head_len] = 0;
}

/* The system counts in KiB, but for Apple's, which counts in bytes. */
static uint64_t peak_of(const struct rusage *used)
{
#ifdef __APPLE__
    return (uint64_t)used->ru_maxrss;
#else
    return (uint64_t)used->ru_maxrss * 1024;
#endif
}

uint64_t cli_peak(void)
{
    struct rusage used;

    return getrusage(RUSAGE_SELF, &used) == 0 ? peak_of(&used) : 0;
}

static bool finish(cli_child *c, pid_t pid)
{
    struct rusage used;
    int status;
    pid_t got;

    do {
        if (cli_interrupted())
            (void)kill(pid, SIGTERM);
        got = wait4(pid, &status, 0, &used);
    } while (got < 0 && errno == EINTR);
    if (got != pid)
        return false;
    c->peak = peak_of(&used);
    c->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return c->status != 126 && c->status != 127;
}

bool cli_child_run(cli_child *c, bool listen)
{
    int ends[2] = { -1, -1 };
    uint64_t before;
    pid_t pid;
    bool ok;

    c->lines = c->ns = c->peak = 0;
    c->head_len = 0;
    if (listen && pipe(ends) != 0)
        return false;
    before = cli_clock_ns();
    pid = fork();
    if (pid == 0) {
        if (listen)
            (void)close(ends[0]);
        begin(c, ends[1]);
    }
    if (listen) {
        (void)close(ends[1]);
        if (pid > 0)
            take(c, ends[0]);
        (void)close(ends[0]);
    }
    ok = pid > 0 && finish(c, pid);
    c->ns = cli_clock_ns() - before;
    return ok;
}

#endif
