/* tests/cli/run.h - runs the program on a folder of its own; logs made by the kit */
#ifndef EVX_TESTS_CLI_RUN_H
#define EVX_TESTS_CLI_RUN_H

#include "mkevtx.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Sanitizers take memory that is not the program's. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define RUN_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define RUN_SANITIZED 1
#endif
#endif
#ifndef RUN_SANITIZED
#define RUN_SANITIZED 0
#endif

/* ---- a folder to work in --------------------------------------------------------------------- */

static char run_folder[64];

/* Criterion runs each test in a process of its own, so entering the folder disturbs nobody. */
static inline void run_begin(void)
{
    snprintf(run_folder, sizeof run_folder, "/tmp/evx-cli-XXXXXX");
    cr_assert(mkdtemp(run_folder) && chdir(run_folder) == 0);
}

static inline void run_end(void)
{
    char command[192];

    snprintf(command, sizeof command, "chmod -R u+rwx %s; rm -rf %s", run_folder, run_folder);
    cr_assert(chdir("/") == 0 && system(command) == 0);
}

static inline void run_save(const char *name, const void *bytes, size_t len)
{
    FILE *f = fopen(name, "wb");

    cr_assert(f && fwrite(bytes, 1, len, f) == len && fclose(f) == 0, "%s", name);
}

/* What a file holds, terminated; the caller's to free. */
static inline char *run_load(const char *name, size_t *len)
{
    FILE *f = fopen(name, "rb");
    size_t cap = 1 << 16, have = 0, got;
    char *text = malloc(cap);

    cr_assert(f && text, "%s", name);
    while ((got = fread(text + have, 1, cap - have - 1, f)) > 0) {
        have += got;
        if (cap - have == 1)
            text = realloc(text, cap *= 2);
        cr_assert(text);
    }
    fclose(f);
    text[have] = 0;
    if (len)
        *len = have;
    return text;
}

/* ---- logs ------------------------------------------------------------------------------------ */

enum { RUN_CHUNKS_MAX = 8 };

typedef struct run_log {
    mk_file file;
    uint8_t mem[MK_FILE_HEADER + RUN_CHUNKS_MAX * MK_CHUNK];
    mk_bytes bytes;
    size_t at[512];                  /* file offset of each record                              */
} run_log;

/* Chunks of `each` records: ids from 1, a number and a text in each. */
static inline run_log *run_make(unsigned chunks, unsigned each)
{
    run_log *l = calloc(1, sizeof *l);
    uint32_t t;

    cr_assert(l && chunks <= RUN_CHUNKS_MAX && chunks * each < 512);
    mk_begin(&l->file, l->mem, sizeof l->mem);
    t = mk_template(&l->file, "<Event><System><EventID>{0:u16}</EventID></System>"
                              "<EventData><Data Name='Note'>{1:str}</Data></EventData></Event>");
    for (unsigned i = 0; i < chunks * each; i++) {
        mk_value v[2] = { mk_u16((uint16_t)(1000 + i)), mk_str("sh\xc3\xb6n & gut") };
        if (i > 0 && i % each == 0)
            mk_chunk(&l->file);
        l->at[i] = mk_record(&l->file, i + 1, mk_time("2006-09-02T02:00:00Z"), t, v, 2);
    }
    l->bytes = mk_end(&l->file);
    cr_assert(l->bytes.ptr, "%s", l->file.failed);
    return l;
}

static inline void run_make_file(const char *name, unsigned chunks, unsigned each)
{
    run_log *l = run_make(chunks, each);

    run_save(name, l->bytes.ptr, l->bytes.len);
    free(l);
}

/* ---- the program ----------------------------------------------------------------------------- */

typedef struct run {
    /* in */
    const void *in;                  /* its standard input; NULL: nothing                        */
    size_t in_len, piece;            /* handed over in pieces of this size; 0: all at once       */
    size_t repeat;                   /* then the bytes behind the file header again, so often    */
    const char *out_path;            /* its standard output goes here; NULL: to `out`            */
    /* out */
    long peak_kib;                   /* its peak memory before the input's end; 0: unknown       */
    long threads;                    /* that it has then; 0: unknown                             */
    int status;                      /* 128 + n: killed by signal n                              */
    char *out, *err;
    size_t out_len;
} run;

static inline void run_child(const run *r, const int in[2], char **argv)
{
    int out = open(r->out_path ? r->out_path : ".out", O_WRONLY | O_CREAT | O_TRUNC, 0600);
    int err = open(".err", O_WRONLY | O_CREAT | O_TRUNC, 0600);

    if (out < 0 || err < 0 || dup2(in[0], 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0)
        _exit(99);
    close(in[0]);
    close(in[1]);
    close(out);
    close(err);
    signal(SIGPIPE, SIG_DFL);
    execv(EVX_TEST_PROGRAM, argv);
    _exit(98);
}

static inline bool run_put(int fd, const char *p, size_t left, size_t piece)
{
    while (left > 0) {
        ssize_t put = write(fd, p, piece != 0 && piece < left ? piece : left);
        if (put < 0)
            return false;            /* it stopped reading */
        p += put;
        left -= (size_t)put;
    }
    return true;
}

/* Peak memory of a running program. Its parent's does not count, as it would in rusage. */
static inline void run_look(run *r, pid_t pid)
{
    char name[64], line[256];
    FILE *f;

    snprintf(name, sizeof name, "/proc/%ld/status", (long)pid);
    f = fopen(name, "r");
    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "VmHWM: %ld", &r->peak_kib) != 1)
            sscanf(line, "Threads: %ld", &r->threads);
    if (f)
        fclose(f);
}

static inline void run_feed(run *r, int fd, pid_t pid)
{
    const char *p = r->in;
    bool more = run_put(fd, p, r->in_len, r->piece);

    for (size_t i = 0; i < r->repeat && more; i++)
        more = run_put(fd, p + MK_FILE_HEADER, r->in_len - MK_FILE_HEADER, r->piece);
    r->peak_kib = r->threads = 0;
    run_look(r, pid);
    close(fd);
}

static inline int run_status(pid_t pid)
{
    int status;

    cr_assert(waitpid(pid, &status, 0) == pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Run the program with these words, NULL behind the last. */
static inline void run_argv(run *r, char **argv)
{
    int in[2];
    pid_t pid;

    free(r->out);
    free(r->err);
    cr_assert(pipe(in) == 0);
    pid = fork();
    cr_assert(pid >= 0);
    if (pid == 0)
        run_child(r, in, argv);
    close(in[0]);
    signal(SIGPIPE, SIG_IGN);
    run_feed(r, in[1], pid);
    r->status = run_status(pid);
    r->out = run_load(r->out_path ? "/dev/null" : ".out", &r->out_len);
    r->err = run_load(".err", NULL);
    cr_assert(r->status < 98, "ended with %d: %s", r->status, r->err);
}

#define run_evx(r, ...) \
    run_argv((r), (char *[]){ (char *)EVX_TEST_PROGRAM, __VA_ARGS__, NULL })

static inline void run_free(run *r)
{
    free(r->out);
    free(r->err);
    r->out = r->err = NULL;
}

static inline size_t run_lines(const char *text)
{
    size_t n = 0;

    for (; *text; text++)
        n += *text == '\n';
    return n;
}

#endif
