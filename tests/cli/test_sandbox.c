/* tests/cli/test_sandbox.c - what the sandbox forbids fails or kills, what a run needs works */
#include "cli/sandbox.h"
#include "run.h"

#include <dirent.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>

TestSuite(sandbox, .init = run_begin, .fini = run_end, .timeout = 60);

#if defined(__x86_64__) || defined(__aarch64__)
enum { WANTED = CLI_CONFINED };
#else
enum { WANTED = CLI_CONFINED_FILES };
#endif

/* ---- in a process of its own ----------------------------------------------------------------- */

enum { WORKED = 0, FAILED = 1, NO_SANDBOX = 77 };

typedef int (*attempt)(void);        /* WORKED, FAILED, or a signal                              */

/* The sandbox needs only the paths "given" and "folder". */
static int try(attempt what, unsigned need)
{
    char *paths[] = { "given", "folder", "-" };
    pid_t pid;

    fflush(NULL);
    pid = fork();
    cr_assert(pid >= 0);
    if (pid == 0) {
        signal(SIGSYS, SIG_DFL);
        if ((cli_confine(paths, 3) & need) != need)
            _exit(NO_SANDBOX);
        _exit(what());
    }
    return run_status(pid);
}

static bool opens(const char *path, int flags)
{
    return open(path, flags, 0600) >= 0;
}

static int reads_given(void)
{
    char c;
    int fd = open("given", O_RDONLY);

    return fd >= 0 && read(fd, &c, 1) == 1 ? WORKED : FAILED;
}

static int reads_beneath(void)
{
    DIR *d = opendir("folder/inner");

    return d && readdir(d) && opens("folder/inner/log", O_RDONLY) ? WORKED : FAILED;
}

static int reads_link_target(void)
{
    return opens("folder/link", O_RDONLY) ? WORKED : FAILED;
}

static int reads_other(void)
{
    return opens("other", O_RDONLY) ? WORKED : FAILED;
}

static int reads_up(void)
{
    return opens("folder/../other", O_RDONLY) ? WORKED : FAILED;
}

static int writes_given(void)
{
    return opens("given", O_WRONLY) || opens("given", O_RDWR) || truncate("given", 0) == 0
         ? WORKED : FAILED;
}

static int makes(void)
{
    return opens("new", O_WRONLY | O_CREAT) || opens("folder/new", O_WRONLY | O_CREAT)
            || mkdir("folder/new", 0700) == 0 || link("given", "folder/new") == 0
            || symlink("given", "folder/new") == 0 || rename("given", "folder/new") == 0
         ? WORKED : FAILED;
}

static int removes(void)
{
    return unlink("given") == 0 || rmdir("folder/empty") == 0 ? WORKED : FAILED;
}

static int runs(void)
{
    char *argv[] = { "true", NULL };

    execv("/bin/true", argv);
    return FAILED;
}

static int forks(void)
{
    return fork() >= 0 ? WORKED : FAILED;
}

static int talks(void)
{
    return socket(AF_INET, SOCK_STREAM, 0) >= 0 ? WORKED : FAILED;
}

static int traces(void)
{
    return ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0 ? WORKED : FAILED;
}

static int makes_code(void)
{
    void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    return p == MAP_FAILED || mprotect(p, 4096, PROT_READ | PROT_EXEC) == 0
            || mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
               != MAP_FAILED
         ? WORKED : FAILED;
}

static int kills_its_parent(void)
{
    return kill(getppid(), 0) == 0 ? WORKED : FAILED;
}

static int signals_itself(void)
{
    signal(SIGTERM, SIG_DFL);
    kill(getpid(), SIGTERM);
    return FAILED;
}

static void *in_thread(void *failed)
{
    char *memory = malloc(1 << 20);

    *(bool *)failed = !memory || opens("other", O_RDONLY) || !opens("given", O_RDONLY);
    free(memory);
    return NULL;
}

static int threads(void)
{
    pthread_t t;
    bool failed = true;

    return pthread_create(&t, NULL, in_thread, &failed) == 0 && pthread_join(t, NULL) == 0
            && !failed
         ? WORKED : FAILED;
}

/* ---- */

static void make_files(void)
{
    run_save("given", "x", 1);
    run_save("other", "x", 1);
    run_save("target", "x", 1);
    cr_assert(mkdir("folder", 0700) == 0 && mkdir("folder/inner", 0700) == 0
              && mkdir("folder/empty", 0700) == 0);
    run_save("folder/inner/log", "x", 1);
    cr_assert(symlink("../target", "folder/link") == 0);
}

Test(sandbox, what_is_forbidden_fails_or_kills)
{
    static const struct { const char *name; attempt what; unsigned need; int status; } all[] = {
        { "read a given file", reads_given, WANTED, WORKED },
        { "read beneath a folder", reads_beneath, WANTED, WORKED },
        { "read where a link leads", reads_link_target, WANTED, WORKED },
        { "threads, memory", threads, WANTED, WORKED },
        { "signal itself", signals_itself, WANTED, 128 + SIGTERM },
        { "read another file", reads_other, CLI_CONFINED_FILES, FAILED },
        { "read through ..", reads_up, CLI_CONFINED_FILES, FAILED },
        { "write a given file", writes_given, CLI_CONFINED_FILES, FAILED },
        { "make files", makes, CLI_CONFINED_FILES, FAILED },
        { "remove files", removes, CLI_CONFINED_FILES, FAILED },
        { "run a program", runs, CLI_CONFINED_CALLS, 128 + SIGSYS },
        { "open a socket", talks, CLI_CONFINED_CALLS, 128 + SIGSYS },
        { "trace", traces, CLI_CONFINED_CALLS, 128 + SIGSYS },
        { "make code", makes_code, CLI_CONFINED_CALLS, FAILED },
        { "signal others", kills_its_parent, CLI_CONFINED_CALLS, FAILED },
    };

    make_files();
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        int status = try(all[i].what, all[i].need);
        if (status == NO_SANDBOX)
            cr_skip("this system or this build has no sandbox");
        cr_expect(status == all[i].status, "%s: %d, not %d", all[i].name, status, all[i].status);
    }
    cr_expect(try(forks, CLI_CONFINED_CALLS) != WORKED, "it forks");
}

Test(sandbox, without_it_all_of_that_works)
{
    make_files();
    cli_unconfined = true;
    cr_expect(try(reads_other, 0) == WORKED && try(writes_given, 0) == WORKED
              && try(makes_code, 0) == WORKED && try(talks, 0) == WORKED
              && try(forks, 0) == WORKED && try(runs, 0) == 0);
}

/* ---- the program in it ----------------------------------------------------------------------- */

Test(sandbox, commands_say_the_same_with_and_without)
{
    static const char *const commands[] = { "dump", "info", "verify", "sessions", "carve" };

    cr_assert(mkdir("logs", 0700) == 0 && mkdir("logs/inner", 0700) == 0);
    run_make_file("logs/inner/a.evtx", 8, 20);
    run_make_file("b.evtx", 2, 20);
    cr_assert(symlink("../b.evtx", "logs/link.evtx") == 0);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        bool files = strcmp(commands[i], "carve") == 0;
        char *path = files ? "logs/inner/a.evtx" : "logs";
        run in = { 0 }, out = { 0 };
        run_evx(&in, (char *)commands[i], path, "b.evtx");
        run_evx(&out, (char *)commands[i], "--no-sandbox", path, "b.evtx");
        cr_expect(in.status == out.status && in.out_len == out.out_len && in.out_len > 0
                  && memcmp(in.out, out.out, in.out_len) == 0 && strcmp(in.err, out.err) == 0,
                  "%s: %d, %d: %s%s", commands[i], in.status, out.status, in.err, out.err);
        cr_expect(!strstr(in.err, "Permission"), "%s", in.err);
        run_free(&in);
        run_free(&out);
    }
}

/* ---- what reading leaves as it was ----------------------------------------------------------- */

#ifdef __linux__

static time_t read_last(const char *path)
{
    struct stat st;

    cr_assert(stat(path, &st) == 0);
    return st.st_atime;
}

/* Long ago, and before it was written: then a read that is not quiet brings it up to date. */
static void forget_reading(const char *path)
{
    const struct timespec times[2] = { { 1000000000, 0 }, { 1100000000, 0 } };

    cr_assert(utimensat(AT_FDCWD, path, times, 0) == 0);
}

Test(sandbox, files_stay_as_long_unread_as_they_were)
{
    static const char *const commands[] = { "dump", "info", "verify", "sessions", "carve" };
    char *copy;
    size_t len;

    run_make_file("a.evtx", 2, 20);
    forget_reading("a.evtx");
    copy = run_load("a.evtx", &len);
    if (read_last("a.evtx") == 1000000000)
        cr_skip("this file system does not note when a file was read");
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        run r = { 0 };
        forget_reading("a.evtx");
        run_evx(&r, (char *)commands[i], "a.evtx");
        cr_expect(r.out_len > 0 && read_last("a.evtx") == 1000000000, "%s", commands[i]);
        run_free(&r);
    }
    free(copy);
}

#endif
