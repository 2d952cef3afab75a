/* tests/cli/test_signals.c - signals end the reading, not the output; half an output is status 4 */
#include "run.h"

#include <sys/ioctl.h>
#include <sys/resource.h>

TestSuite(signals, .init = run_begin, .fini = run_end, .timeout = 120);

/* ---- a program that runs --------------------------------------------------------------------- */

typedef struct running {
    pid_t pid;
    int in, out;                     /* our ends of its standard input and output                */
} running;

static void start(running *p, char **argv)
{
    int in[2], out[2];

    cr_assert(pipe(in) == 0 && pipe(out) == 0);
    p->pid = fork();
    cr_assert(p->pid >= 0);
    if (p->pid == 0) {
        int err = open(".err", O_WRONLY | O_CREAT | O_TRUNC, 0600);
        if (err < 0 || dup2(in[0], 0) < 0 || dup2(out[1], 1) < 0 || dup2(err, 2) < 0)
            _exit(99);
        close(in[1]);
        close(out[0]);
        signal(SIGPIPE, SIG_DFL);
        execv(EVX_TEST_PROGRAM, argv);
        _exit(98);
    }
    close(in[0]);
    close(out[1]);
    p->in = in[1];
    p->out = out[0];
}

static bool is_waiting(pid_t pid)
{
    char name[64], state = 0;
    FILE *f;

    snprintf(name, sizeof name, "/proc/%ld/stat", (long)pid);
    f = fopen(name, "r");
    if (!f)
        return true;
    (void)!fscanf(f, "%*d %*s %c", &state);
    fclose(f);
    return state == 'S' || state == 'Z';
}

/* Until it has read all that it was given, or written all that the pipe takes, and sleeps. */
static void wait_for(const running *p)
{
    int left = 1, calm = 0;

    for (int i = 0; i < 5000 && calm < 3; i++) {
        usleep(2000);
        if (p->in >= 0)
            cr_assert(ioctl(p->in, FIONREAD, &left) == 0);
        else
            left = 0;
        calm = left == 0 && is_waiting(p->pid) ? calm + 1 : 0;
    }
    cr_assert(calm == 3, "it does not come to rest");
}

/* What it writes till its end, terminated. */
static char *drain(int fd, size_t *len)
{
    size_t cap = 1 << 22;
    char *text = malloc(cap);
    ssize_t got;

    cr_assert(text);
    *len = 0;
    while ((got = read(fd, text + *len, cap - *len - 1)) > 0)
        *len += (size_t)got;
    text[*len] = 0;
    close(fd);
    return text;
}

/* ---- signals --------------------------------------------------------------------------------- */

enum { CHUNKS = 3, EACH = 20 };

/* Two chunks and a part of the third, then a signal while it waits for more. */
static char *interrupt(char **argv, const run_log *l, int n, int *status, size_t *len)
{
    running p;
    char *text;

    start(&p, argv);
    cr_assert(run_put(p.in, (const char *)l->bytes.ptr, MK_FILE_HEADER + 5 * MK_CHUNK / 2, 0));
    wait_for(&p);
    cr_assert(kill(p.pid, n) == 0);
    text = drain(p.out, len);
    *status = run_status(p.pid);
    close(p.in);
    return text;
}

static void check_end(const char *text, const char *end)
{
    size_t len = strlen(text), tail = strlen(end);

    cr_expect(len >= tail && strcmp(text + len - tail, end) == 0, "ends with %s",
              len > 40 ? text + len - 40 : text);
}

static char *call(const run_log *l, int n, char **argv, size_t *len)
{
    int status;
    char *said, *text = interrupt(argv, l, n, &status, len);

    said = run_load(".err", NULL);
    cr_expect(status == 128 + n, "%s: ended with %d: %s", argv[1], status, said);
    cr_expect(strstr(said, "stopped by a signal"), "%s", said);
    free(said);
    return text;
}

#define evx(l, n, len, ...) \
    call((l), (n), (char *[]){ (char *)EVX_TEST_PROGRAM, __VA_ARGS__, NULL }, (len))

Test(signals, dump_ends_behind_a_record_and_closes_its_document)
{
    static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
    run_log *l = run_make(CHUNKS, EACH);
    run whole = { .in = l->bytes.ptr, .in_len = l->bytes.len };
    size_t len;
    char *text;

    run_evx(&whole, "dump", "-ojsonl", "-");
    for (int i = 0; i < 3; i++) {
        text = evx(l, signals[i], &len, "dump", "-ojsonl", "-");
        cr_expect(run_lines(text) == 2 * EACH && strncmp(text, whole.out, len) == 0);
        free(text);
    }
    text = evx(l, SIGINT, &len, "dump", "--root", "-");
    check_end(text, "</Event>\n</Events>\n");
    free(text);
    text = evx(l, SIGTERM, &len, "dump", "--recover", "-ojsonl", "--ledger", "ledger", "-");
    cr_expect(run_lines(text) == 2 * EACH);
    free(text);
    text = run_load("ledger", NULL);
    cr_expect(strstr(text, "stopped by a signal before its end"), "%s", text);
    check_end(text, "}\n");
    run_free(&whole);
}

Test(signals, reports_are_closed_and_hold_no_half_log)
{
    run_log *l = run_make(CHUNKS, EACH);
    size_t len;
    char *text;

    run_save("a.evtx", l->bytes.ptr, l->bytes.len);
    text = evx(l, SIGINT, &len, "info", "--json", "a.evtx", "-");
    check_end(text, "]}\n");
    cr_expect(strstr(text, "\"present\":60,\"decoded\":60"), "%s", text);
    cr_expect(strstr(text, "stopped by a signal before its end"), "%s", text);
    free(text);
    text = evx(l, SIGTERM, &len, "verify", "--json", "a.evtx", "-");
    check_end(text, "}\n");
    cr_expect(strstr(text, "stopped by a signal before its end"), "%s", text);
    free(text);
    text = evx(l, SIGTERM, &len, "verify", "-");
    cr_expect(!strstr(text, "sound"), "%s", text);
    free(text);
}

Test(signals, no_verdict_on_half_of_the_evidence)
{
    run_log *l = run_make(CHUNKS, EACH);
    size_t len;

    free(evx(l, SIGINT, &len, "sessions", "-"));
    cr_expect(len == 0);
    free(evx(l, SIGTERM, &len, "sessions", "--json", "-"));
    cr_expect(len == 0);
}

Test(signals, carve_writes_what_it_has_read)
{
    run_log *l = run_make(CHUNKS, EACH);
    size_t len;
    char *text = evx(l, SIGTERM, &len, "carve", "-ojsonl", "-");

    cr_expect(run_lines(text) >= 2 * EACH && text[len - 1] == '\n', "%zu", run_lines(text));
    free(text);
    text = run_load(".err", &len);
    cr_expect(strstr(text, "stopped by a signal"), "%s", text);
    free(text);
}

/* In a file, where nothing is waited for: it is said all the same that it was not read on. */
Test(signals, carve_says_that_it_was_stopped)
{
    char *argv[] = { (char *)EVX_TEST_PROGRAM, "carve", "-ojsonl", "holes", NULL };
    running p;
    size_t len;
    char *text;

    run_save("holes", "", 0);
    cr_assert(truncate("holes", (off_t)1 << 40) == 0);
    start(&p, argv);
    close(p.in);
    p.in = -1;
    usleep(200000);
    cr_assert(kill(p.pid, SIGINT) == 0);
    free(drain(p.out, &len));
    cr_expect(run_status(p.pid) == 128 + SIGINT && len == 0);
    text = run_load(".err", &len);
    cr_expect(strstr(text, "stopped by a signal"), "%s", text);
    free(text);
}

/* Nobody writes into the FIFO: it is still being opened. */
Test(signals, while_a_fifo_is_opened)
{
    char *argv[] = { (char *)EVX_TEST_PROGRAM, "info", "fifo", NULL };
    running p;
    size_t len;

    cr_assert(mkfifo("fifo", 0600) == 0);
    start(&p, argv);
    close(p.in);
    p.in = -1;
    usleep(200000);
    cr_assert(kill(p.pid, SIGTERM) == 0);
    free(drain(p.out, &len));
    cr_expect(run_status(p.pid) == 128 + SIGTERM && len == 0);
}

/* With threads: it waits for a reader while others work ahead. */
Test(signals, a_slow_reader_gets_whole_records)
{
    enum { TIMES = 40 };
    char *argv[TIMES + 5] = { (char *)EVX_TEST_PROGRAM, "dump", "-ojsonl", "--threads=3" };
    size_t len, lines;
    running p;
    char *text;

    run_make_file("a.evtx", RUN_CHUNKS_MAX, 60);
    for (int i = 0; i < TIMES; i++)
        argv[4 + i] = "a.evtx";
    start(&p, argv);
    close(p.in);
    p.in = -1;
    wait_for(&p);
    cr_assert(kill(p.pid, SIGINT) == 0);
    text = drain(p.out, &len);
    lines = run_lines(text);
    cr_expect(run_status(p.pid) == 128 + SIGINT);
    cr_expect(len > 0 && text[len - 1] == '\n');
    cr_expect(lines > 60 && lines < TIMES * RUN_CHUNKS_MAX * 60, "%zu", lines);
    free(text);
}

Test(signals, the_second_one_ends_it_at_once)
{
    char *argv[] = { (char *)EVX_TEST_PROGRAM, "dump", "a.evtx", "a.evtx", "a.evtx", "a.evtx",
                     "a.evtx", "a.evtx", "a.evtx", "a.evtx", NULL };
    running p;

    run_make_file("a.evtx", RUN_CHUNKS_MAX, 60);
    start(&p, argv);
    close(p.in);
    p.in = -1;
    wait_for(&p);
    cr_assert(kill(p.pid, SIGTERM) == 0);
    usleep(50000);
    cr_assert(kill(p.pid, SIGTERM) == 0);
    cr_expect(run_status(p.pid) == 128 + SIGTERM);     /* nobody has read its output             */
    close(p.out);
}

/* nohup(1) and shells that start programs in the background have some ignored. */
Test(signals, what_was_ignored_stays_so)
{
    run_log *l = run_make(CHUNKS, EACH);
    char *argv[] = { (char *)EVX_TEST_PROGRAM, "dump", "-ojsonl", "-", NULL }, *text;
    size_t len;
    running p;

    signal(SIGINT, SIG_IGN);
    start(&p, argv);
    cr_assert(run_put(p.in, (const char *)l->bytes.ptr, MK_FILE_HEADER + MK_CHUNK, 0));
    wait_for(&p);
    cr_assert(kill(p.pid, SIGINT) == 0);
    cr_assert(run_put(p.in, (const char *)l->bytes.ptr + MK_FILE_HEADER + MK_CHUNK,
                      l->bytes.len - MK_FILE_HEADER - MK_CHUNK, 0));
    close(p.in);
    text = drain(p.out, &len);
    cr_expect(run_status(p.pid) == 0 && run_lines(text) == CHUNKS * EACH);
    free(text);
}

/* ---- outputs that fail ----------------------------------------------------------------------- */

/* The exit status of a line of sh; "$EVX" is the program. */
static int shell(const char *line)
{
    int status;

    cr_assert(setenv("EVX", EVX_TEST_PROGRAM, 1) == 0);
    fflush(NULL);
    status = system(line);
    cr_assert(WIFEXITED(status), "%s: %d", line, status);
    return WEXITSTATUS(status);
}

Test(signals, a_reader_that_goes_away_is_status_4)
{
    static const char *const commands[] = { "dump", "dump --root", "dump -t1", "dump --recover",
                                            "carve" };
    char line[256], *text;

    run_make_file("a.evtx", RUN_CHUNKS_MAX, 60);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        snprintf(line, sizeof line, "{ $EVX %s a.evtx a.evtx 2>err; echo $? >status; } | "
                                    "head -c 10 >/dev/null", commands[i]);
        cr_expect(shell(line) == 0);
        text = run_load("status", NULL);
        cr_expect(strcmp(text, "4\n") == 0, "%s: %s", commands[i], text);
        free(text);
    }
}

Test(signals, a_file_that_may_not_grow_is_status_4)
{
    static const char *const commands[] = { "dump", "dump -ojsonl", "info --json", "verify",
                                            "sessions", "carve", "dump --threads=1" };
    char line[256], *text;

    run_make_file("a.evtx", RUN_CHUNKS_MAX, 60);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        snprintf(line, sizeof line, "sh -c 'ulimit -f 0; exec $EVX %s a.evtx' >out 2>/dev/null",
                 commands[i]);
        cr_expect(shell(line) == 4, "%s: %d", commands[i], shell(line));
    }
    cr_expect(shell("sh -c 'ulimit -f 1; exec $EVX dump -f file a.evtx' 2>/dev/null") == 4);
    text = run_load("file", NULL);
    cr_expect(strlen(text) <= 1024);
    free(text);
}
