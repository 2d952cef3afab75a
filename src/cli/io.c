/* src/cli/io.c - open, read, write (never map: live logs shrink): system calls of POSIX */
#ifndef _WIN32
#ifdef __linux__
/* NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): O_NOATIME */
#define _GNU_SOURCE
#else
/* NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): POSIX asks for it */
#define _POSIX_C_SOURCE 200809L
#endif

#include "cli.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* ---- signals -------------------------------------------------------------------------------- */

static volatile sig_atomic_t caught;

static void note(int n)
{
    caught = n;
}

/* The first one is a wish, the second one ends the program wherever it is. What the caller had
 * ignored stays so: nohup(1) means it. */
static void catch_one(int n)
{
    struct sigaction now, ours;

    memset(&ours, 0, sizeof ours);
    ours.sa_handler = note;
    ours.sa_flags = (int)SA_RESETHAND;
    if (sigaction(n, NULL, &now) == 0 && now.sa_handler == SIG_DFL)
        (void)sigaction(n, &ours, NULL);
}

int cli_interrupted(void)
{
    return caught;
}

/* The caller learns how it ended: a shell's loop ends too. */
int cli_io_end(int status)
{
    if (caught == 0 || status == CLI_OUTPUT)
        return status;
    (void)kill(getpid(), caught);
    return 128 + caught;
}

/* ---- the beginning, and terminals ----------------------------------------------------------- */

/*
 * A descriptor from 0 to 2 that the caller closed would be given to the next file opened, and our
 * words or data would land in it. A stand-in that fails as a closed one does keeps it taken.
 */
char **cli_io_begin(int *argc, char **argv)
{
    (void)argc;
    for (int fd = CLI_IN; fd <= CLI_ERR; fd++)
        if (fcntl(fd, F_GETFD) < 0)
            (void)open("/dev/null", fd == CLI_IN ? O_WRONLY : O_RDONLY);
    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGXFSZ, SIG_IGN);
    catch_one(SIGINT);
    catch_one(SIGTERM);
    catch_one(SIGHUP);
    return argv;
}

const char *cli_error_text(int error)
{
    return strerror(error);
}

bool cli_is_terminal(int fd)
{
    return isatty(fd) != 0;
}

unsigned cli_columns(int fd)
{
    struct winsize size;

    memset(&size, 0, sizeof size);
    return ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

uint64_t cli_clock_ns(void)
{
    struct timespec now = { 0, 0 };

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t cli_clock(void)
{
    return cli_clock_ns() / 1000000;
}

static int kind_of(const struct stat *st)
{
    return S_ISREG(st->st_mode) ? CLI_FILE : S_ISDIR(st->st_mode) ? CLI_FOLDER : CLI_OTHER;
}

int cli_kind(const char *path, bool no_follow, int *error)
{
    struct stat st, link;

    *error = 0;
    if (no_follow && lstat(path, &link) == 0 && S_ISLNK(link.st_mode)) {
        if (stat(path, &st) != 0)
            return CLI_OTHER;        /* it leads nowhere                                       */
        return S_ISDIR(st.st_mode) ? CLI_LINK_TO_FOLDER : kind_of(&st);
    }
    if (stat(path, &st) == 0)
        return kind_of(&st);
    *error = errno;
    return 0;
}

bool cli_same_file(const char *a, const char *b)
{
    struct stat x, y;

    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

bool cli_is_output(const char *path)
{
    struct stat in, out;

    return fstat(CLI_OUT, &out) == 0 && S_ISREG(out.st_mode)
        && (path ? stat(path, &in) : fstat(CLI_IN, &in)) == 0
        && in.st_dev == out.st_dev && in.st_ino == out.st_ino;
}

#ifdef O_NOATIME
enum { QUIETLY = O_NOATIME };        /* when a file was read last is evidence, too             */
#else
enum { QUIETLY = 0 };
#endif

/* It is somebody else's file, or a file system that does not know the flag. */
static bool is_unwilling(int error)
{
    return error == EPERM || error == EINVAL || error == ENOTSUP;
}

int cli_open(const char *path, bool regular, int *error)
{
    int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | QUIETLY | (regular ? O_NONBLOCK : 0);
    struct stat st;
    int fd;

    do {
        fd = open(path, flags);
        if (fd < 0 && is_unwilling(errno) && (flags & QUIETLY)) {
            flags &= ~QUIETLY;
            fd = open(path, flags);
        }
    } while (fd < 0 && errno == EINTR && caught == 0);
    *error = fd < 0 ? errno : 0;
    if (fd < 0 || !regular)
        return fd;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
        return fd;
    *error = EINVAL;                 /* it was swapped since it was looked at */
    (void)close(fd);
    return -1;
}

uint64_t cli_size(int fd)
{
    off_t at = lseek(fd, 0, SEEK_CUR);
    struct stat st;

    return at >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > at
         ? (uint64_t)(st.st_size - at) : 0;
}

/* After a failed call: wait for a descriptor that does not block, or say what is wrong. */
static int try_again(int fd, short events)
{
    struct pollfd p = { fd, events, 0 };

    if (errno == EINTR)
        return 0;
    if (errno != EAGAIN && errno != EWOULDBLOCK)
        return errno;
    return poll(&p, 1, -1) < 0 && errno != EINTR ? errno : 0;
}

/* From `off` on, or from where the file is read. */
static size_t fill(int fd, const uint64_t *off, uint8_t *buf, size_t len, int *error)
{
    size_t have = 0;

    *error = 0;
    while (have < len && *error == 0) {
        ssize_t n;
        if (caught != 0) {
            *error = EINTR;
            break;
        }
        n = off ? pread(fd, buf + have, len - have, (off_t)(*off + have))
                : read(fd, buf + have, len - have);
        if (n == 0)
            break;
        if (n > 0)
            have += (size_t)n;
        else
            *error = try_again(fd, POLLIN);
    }
    return have;
}

size_t cli_read(int fd, uint8_t *buf, size_t len, int *error)
{
    return fill(fd, NULL, buf, len, error);
}

size_t cli_read_at(int fd, uint64_t off, uint8_t *buf, size_t len, int *error)
{
    return fill(fd, &off, buf, len, error);
}

bool cli_back(int fd, uint64_t by)
{
    return lseek(fd, -(off_t)by, SEEK_CUR) >= 0;
}

uint64_t cli_place(int fd)
{
    return (uint64_t)lseek(fd, 0, SEEK_CUR);
}

bool cli_seek(int fd, uint64_t off)
{
    return lseek(fd, (off_t)off, SEEK_SET) >= 0;
}

int cli_write(int fd, const void *data, size_t len)
{
    const uint8_t *p = data;
    int error = 0;

    while (len > 0 && error == 0) {
        ssize_t n = write(fd, p, len);
        if (n < 0) {
            error = try_again(fd, POLLOUT);
            continue;
        }
        p += n;
        len -= (size_t)n;
    }
    return error;
}

int cli_close(int fd)
{
    return close(fd) == 0 || errno == EINTR ? 0 : errno;
}

bool cli_is_pipe_error(int error)
{
    return error == EPIPE;
}

/* Make the folders that lead to a file. What is wrong shows when the file itself is opened. */
static void make_parents(const char *path)
{
    size_t len = strlen(path);
    char *copy = malloc(len + 1);

    if (!copy)
        return;
    memcpy(copy, path, len + 1);
    for (size_t i = 1; i < len; i++)
        if (copy[i] == '/') {
            copy[i] = 0;
            (void)mkdir(copy, 0777);
            copy[i] = '/';
        }
    free(copy);
}

int cli_create(const char *path, int *error)
{
    int fd;

    make_parents(path);
    do
        fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0666);
    while (fd < 0 && errno == EINTR && caught == 0);
    *error = fd < 0 ? errno : 0;
    return fd;
}

int cli_names_read(cli_names *n, const char *folder)
{
    DIR *dir;
    int error = 0;

    memset(n, 0, sizeof *n);
    do
        dir = opendir(folder);
    while (!dir && errno == EINTR);
    if (!dir)
        return errno;
    while (error == 0) {
        struct dirent *d;
        errno = 0;
        d = readdir(dir);
        if (!d) {
            error = errno;
            break;
        }
        if (strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0)
            error = cli_names_keep(n, d->d_name);
    }
    (void)closedir(dir);
    cli_names_sort(n);
    return error;
}

#else
typedef int cli_io_is_in_io_windows_c;   /* a file of C holds something */
#endif
