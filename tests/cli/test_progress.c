/* tests/cli/test_progress.c - the progress line: on terminals, while it takes long, then gone */
#define _XOPEN_SOURCE 700            /* posix_openpt */
#define _DEFAULT_SOURCE 1
#include "run.h"

#include <poll.h>

TestSuite(progress, .init = run_begin, .fini = run_end, .timeout = 120);

/* A terminal for the program: what stands behind standard output and standard error. */
typedef struct screen {
    int master;
    char name[64], text[1 << 16];
    size_t len;
} screen;

static void open_screen(screen *s)
{
    s->master = posix_openpt(O_RDWR | O_NOCTTY);
    if (s->master < 0)
        cr_skip_test("no pseudo-terminals here: /dev/ptmx or /dev/pts is missing");
    cr_assert(s->master >= 0 && grantpt(s->master) == 0 && unlockpt(s->master) == 0);
    snprintf(s->name, sizeof s->name, "%s", ptsname(s->master));
    s->len = 0;
}

static void child(const screen *s, int in, bool out_too, char **argv)
{
    int tty = open(s->name, O_RDWR | O_NOCTTY);
    int out = out_too ? tty : open("out", O_WRONLY | O_CREAT | O_TRUNC, 0600);

    if (tty < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(tty, 2) < 0)
        _exit(99);
    execv(EVX_TEST_PROGRAM, argv);
    _exit(98);
}

/* All that the program says until it ends. A terminal whose last user went gives an error. */
static void watch(screen *s)
{
    ssize_t n;

    while (s->len < sizeof s->text - 1
           && (n = read(s->master, s->text + s->len, sizeof s->text - 1 - s->len)) > 0)
        s->len += (size_t)n;
    s->text[s->len] = 0;
    close(s->master);
}

/* Run on a log that comes slowly: its first half, nothing for `wait` milliseconds, the rest. */
static int run_slowly(screen *s, const run_log *l, int wait, bool out_too, char **argv)
{
    int in[2];
    pid_t pid, feeder;
    const char *p = (const char *)l->bytes.ptr;
    size_t half = MK_FILE_HEADER + MK_CHUNK;

    open_screen(s);
    cr_assert(pipe(in) == 0);
    fflush(NULL);
    pid = fork();
    if (pid == 0) {
        close(in[1]);
        child(s, in[0], out_too, argv);
    }
    feeder = fork();
    if (feeder == 0) {
        close(in[0]);
        run_put(in[1], p, half, 0);
        poll(NULL, 0, wait);
        run_put(in[1], p + half, l->bytes.len - half, 0);
        _exit(0);
    }
    close(in[0]);
    close(in[1]);
    watch(s);
    cr_assert(run_status(feeder) == 0);
    return run_status(pid);
}

static char *const info[] = { (char *)EVX_TEST_PROGRAM, "info", "-", NULL };
static char *const dump[] = { (char *)EVX_TEST_PROGRAM, "dump", "-", NULL };

/* What a screen of one line shows in the end: the line is drawn over, not only moved away. */
static void check_gone(const char *text, size_t len)
{
    char row[256];
    size_t at = 0;

    memset(row, ' ', sizeof row);
    for (size_t i = 0; i < len && text[i] != '\n'; i++) {
        if (text[i] == '\r')
            at = 0;
        else if (at < sizeof row)
            row[at++] = text[i];
    }
    for (size_t i = 0; i < sizeof row; i++)
        cr_assert(row[i] == ' ', "column %zu shows '%c'", i, row[i]);
}

Test(progress, comes_after_a_while_and_goes_again)
{
    static screen s;
    run_log *l = run_make(3, 10);

    cr_expect(run_slowly(&s, l, 700, false, (char **)info) == 0);
    cr_expect(strstr(s.text, "\revx: log 1, 0 MiB: standard input"), "%s", s.text);
    cr_expect(!memchr(s.text, 0x1b, s.len) && !strchr(s.text, '\n'));
    check_gone(s.text, s.len);
    free(l);
}

Test(progress, is_gone_before_other_words)
{
    static screen s;
    run_log *l = run_make(3, 10);
    char *report;

    memset(l->bytes.ptr + l->at[25] + 24, 0xee, 40);
    cr_expect(run_slowly(&s, l, 700, true, (char **)info) == 1);
    report = strstr(s.text, "standard input\r\n  size ");
    cr_assert(report && strstr(s.text, "\revx: log 1, "), "%s", s.text);
    check_gone(s.text, (size_t)(report - s.text));
    cr_expect(strstr(report, "\nevx: standard input: 1 of 30 records lost"), "%s", report);
    free(l);
}

Test(progress, is_not_shown)
{
    static screen s;
    run_log *l = run_make(3, 10);

    cr_expect(run_slowly(&s, l, 0, false, (char **)info) == 0);
    cr_expect(s.len == 0, "though it was quick: %s", s.text);
    cr_expect(run_slowly(&s, l, 700, true, (char **)dump) == 0);
    cr_expect(strstr(s.text, "Record 1\r\n") && !strstr(s.text, "evx: log"), "between records");
    cr_expect(run_slowly(&s, l, 700, false, (char **)dump) == 0);
    cr_expect(strstr(s.text, "evx: log"), "though the records go to a file");
    free(l);
}

Test(progress, is_for_terminals_only)
{
    char script[512], *text;
    run_log *l = run_make(3, 10);

    run_save("a.evtx", l->bytes.ptr, l->bytes.len);
    snprintf(script, sizeof script,
             "{ head -c 70000 a.evtx; sleep 0.7; tail -c +70001 a.evtx; } | '%s' info - 2>err >out",
             EVX_TEST_PROGRAM);
    cr_assert(system(script) == 0);
    text = run_load("err", NULL);
    cr_expect(!*text, "%s", text);
    free(text);
    free(l);
}
