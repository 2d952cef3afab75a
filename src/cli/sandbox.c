/* src/cli/sandbox.c - once outputs are open: no files but the given ones, few system calls */
#if defined(__linux__) && !defined(EVX_NO_SANDBOX)
/* NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): O_PATH, nftw */
#define _GNU_SOURCE
#endif

#include "sandbox.h"

bool cli_unconfined;

/* Compilers say it themselves, where a build is told nothing. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define EVX_NO_SANDBOX 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)                           \
    || __has_feature(thread_sanitizer)
#define EVX_NO_SANDBOX 1
#endif
#endif

#if defined(__linux__) && !defined(EVX_NO_SANDBOX)

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * What follows is the kernel's interface, which does not change, written again from its manual
 * (landlock(7), seccomp(2)): not every C library comes with the kernel's headers.
 */

/* ---- files: Landlock ------------------------------------------------------------------------ */

enum { LANDLOCK_CREATE = 444, LANDLOCK_ADD = 445, LANDLOCK_RESTRICT = 446 };
enum { READ_FILE = 1 << 2, READ_FOLDER = 1 << 3 };

typedef struct ruleset {
    uint64_t files, net, scoped;     /* what is forbidden but for rules                        */
} ruleset;

#pragma pack(push, 1)
typedef struct beneath {
    uint64_t allowed;
    int32_t fd;
} beneath;
#pragma pack(pop)

static int rules = -1;               /* nftw hands nothing through                             */
static bool refused;                 /* a rule was: then it would be us who cannot read        */

static void allow_reading(const char *path)
{
    int fd = open(path, O_PATH | O_CLOEXEC);
    struct stat st;

    if (fd < 0)
        return;                      /* then it cannot be read either, and that will be said   */
    if (fstat(fd, &st) == 0) {
        beneath b = { READ_FILE | (S_ISDIR(st.st_mode) ? READ_FOLDER : 0), fd };
        /* a pipe behind a path, as /dev/stdin may be, takes no rule and needs none */
        refused |= syscall(LANDLOCK_ADD, rules, 1, &b, 0) != 0 && errno != EBADFD;
    }
    (void)close(fd);
}

/* A link in a folder to a file is read as the file, wherever it is. */
static int follow(const char *path, const struct stat *st, int type, struct FTW *at)
{
    struct stat target;

    (void)st;
    (void)at;
    if (type == FTW_SL && stat(path, &target) == 0 && S_ISREG(target.st_mode))
        allow_reading(path);
    return 0;
}

static unsigned confine_files(char **paths, int count)
{
    enum { VERSION = 1, DESCRIPTORS = 16 };
    ruleset none = { (1u << 13) - 1, 3, 3 };
    long abi = syscall(LANDLOCK_CREATE, NULL, 0, VERSION);
    struct stat st;
    bool done;

    if (abi < 1)
        return 0;
    none.files |= abi >= 2 ? 1u << 13 : 0;
    none.files |= abi >= 3 ? 1u << 14 : 0;
    none.files |= abi >= 5 ? 1u << 15 : 0;
    rules = (int)syscall(LANDLOCK_CREATE, &none, abi >= 6 ? 24 : abi >= 4 ? 16 : 8, 0);
    if (rules < 0)
        return 0;
    for (int i = 0; i < count; i++) {
        if (strcmp(paths[i], "-") == 0)
            continue;
        allow_reading(paths[i]);
        if (stat(paths[i], &st) == 0 && S_ISDIR(st.st_mode))
            (void)nftw(paths[i], follow, DESCRIPTORS, FTW_PHYS);
    }
    done = !refused && syscall(LANDLOCK_RESTRICT, rules, 0) == 0;
    (void)close(rules);
    return done ? CLI_CONFINED_FILES : 0;
}

/* ---- calls: seccomp ------------------------------------------------------------------------- */

#if defined(__x86_64__) && !defined(__ILP32__)
#define ARCHITECTURE 0xc000003eu
#elif defined(__aarch64__) && defined(__AARCH64EL__) && !defined(__ILP32__)
#define ARCHITECTURE 0xc00000b7u
#endif

#ifdef ARCHITECTURE

enum { LOAD = 0x20, AND = 0x54, IF_EQUAL = 0x15, IF_AT_LEAST = 0x35, RETURN = 0x06 };

#define KILL 0x80000000u
#define ALLOW 0x7fff0000u
#define NO_SUCH_CALL (0x00050000u | ENOSYS)

/* A call that is allowed, always or if (argument & mask) == value. */
typedef struct rule {
    int call;
    uint8_t argument;
    uint32_t mask, value;
} rule;

#define ANY(name) { SYS_##name, 0, 0, 0 }
#define FOR_READING (O_ACCMODE | O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY))
#define THREAD 0x00010100u           /* CLONE_THREAD, CLONE_VM: no process of its own          */
#define ALL_BITS 0xffffffffu

static const rule allowed[] = {
    /* data */
    ANY(read), ANY(write), ANY(readv), ANY(writev), ANY(pread64), ANY(lseek), ANY(close),
    ANY(fadvise64), ANY(ppoll), { SYS_ioctl, 1, ALL_BITS, 0x5401 }, /* TCGETS                  */
    { SYS_ioctl, 1, ALL_BITS, 0x802c542a },                         /* TCGETS2                 */
    { SYS_ioctl, 1, ALL_BITS, 0x5413 },                             /* TIOCGWINSZ              */
    { SYS_fcntl, 1, ALL_BITS, F_GETFD }, { SYS_fcntl, 1, ALL_BITS, F_SETFD },
    { SYS_fcntl, 1, ALL_BITS, F_GETFL },
    /* files, read only */
    { SYS_openat, 2, FOR_READING, O_RDONLY }, ANY(fstat), ANY(newfstatat), ANY(statx),
    ANY(getdents64),
    /* memory, none of it code */
    { SYS_mmap, 2, PROT_EXEC, 0 }, { SYS_mprotect, 2, PROT_EXEC, 0 }, ANY(munmap), ANY(mremap),
    ANY(madvise), ANY(brk),
    /* threads; clone3 is refused, because a filter cannot look at its arguments */
    { SYS_clone, 0, THREAD, THREAD }, ANY(futex), ANY(set_robust_list), ANY(set_tid_address),
    ANY(sched_yield), ANY(sched_getaffinity), { SYS_sched_setaffinity, 0, ALL_BITS, 0 },
    ANY(getcpu), ANY(membarrier), ANY(gettid), ANY(getpid), ANY(exit), ANY(exit_group),
    /* signals, clocks, and what C libraries ask now and then */
    ANY(rt_sigreturn), ANY(rt_sigaction), ANY(rt_sigprocmask), ANY(restart_syscall),
    ANY(clock_gettime), ANY(getrandom), ANY(sysinfo), ANY(getrusage),
#ifdef SYS_rseq
    ANY(rseq),
#endif
#ifdef SYS_open
    { SYS_open, 1, FOR_READING, O_RDONLY },
#endif
#ifdef SYS_stat
    ANY(stat), ANY(lstat),
#endif
#ifdef SYS_poll
    ANY(poll),
#endif
};

/* No bug of ours leads here, only somebody who took over. */
static const int fatal[] = {
    SYS_execve, SYS_execveat, SYS_socket, SYS_socketpair, SYS_connect, SYS_ptrace,
    SYS_process_vm_writev,
#ifdef SYS_fork
    SYS_fork, SYS_vfork,
#endif
};

typedef struct step {
    uint16_t code;
    uint8_t yes, no;                 /* steps to leave out                                     */
    uint32_t k;
} step;

enum { RULES = sizeof allowed / sizeof *allowed, FATAL = sizeof fatal / sizeof *fatal,
       STEPS = 8 + 6 * (RULES + 1) + 2 * FATAL };

typedef struct program {
    uint16_t len;
    const step *steps;
} program;

static step steps[STEPS];
static uint16_t written;

static void put(uint16_t code, uint32_t k, uint8_t yes, uint8_t no)
{
    steps[written++] = (step){ code, yes, no, k };
}

/* What the kernel shows a filter: the call, the architecture, where from, six arguments. */
enum { THE_CALL = 0, THE_ARCHITECTURE = 4, ARGUMENTS = 16 };

static void put_rule(const rule *r)
{
    if (r->mask == 0) {
        put(IF_EQUAL, (uint32_t)r->call, 0, 1);
        put(RETURN, ALLOW, 0, 0);
        return;
    }
    put(IF_EQUAL, (uint32_t)r->call, 0, 5);
    put(LOAD, ARGUMENTS + 8u * r->argument, 0, 0);
    put(AND, r->mask, 0, 0);
    put(IF_EQUAL, r->value, 0, 1);
    put(RETURN, ALLOW, 0, 0);
    put(LOAD, THE_CALL, 0, 0);
}

static void put_filter(void)
{
    /* a signal that was caught is raised again at the end */
    rule to_itself = { SYS_kill, 0, ALL_BITS, (uint32_t)getpid() };

    put(LOAD, THE_ARCHITECTURE, 0, 0);
    put(IF_EQUAL, ARCHITECTURE, 1, 0);
    put(RETURN, KILL, 0, 0);
    put(LOAD, THE_CALL, 0, 0);
    put(IF_AT_LEAST, 0x40000000u, 0, 1);         /* another way to number calls on x86-64      */
    put(RETURN, KILL, 0, 0);
    for (size_t i = 0; i < RULES; i++)
        put_rule(&allowed[i]);
    put_rule(&to_itself);
    for (size_t i = 0; i < FATAL; i++) {
        put(IF_EQUAL, (uint32_t)fatal[i], 0, 1);
        put(RETURN, KILL, 0, 0);
    }
    put(RETURN, NO_SUCH_CALL, 0, 0);
}

static unsigned confine_calls(void)
{
    enum { MODE_FILTER = 1 };
    program p = { 0, steps };

    put_filter();
    p.len = written;
    return syscall(SYS_seccomp, MODE_FILTER, 0, &p) == 0 ? CLI_CONFINED_CALLS : 0;
}

#else

static unsigned confine_calls(void)
{
    return 0;
}

#endif

static unsigned confine(char **paths, int count)
{
    unsigned done;

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return 0;
    done = confine_files(paths, count);
    return done | confine_calls();
}

#else

static unsigned confine(char **paths, int count)
{
    (void)paths;
    (void)count;
    return 0;
}

#endif

unsigned cli_confine(char **paths, int count)
{
    static unsigned in_force;
    static bool asked;

    if (!asked && !cli_unconfined)
        in_force = confine(paths, count);
    asked = true;
    return in_force;
}
