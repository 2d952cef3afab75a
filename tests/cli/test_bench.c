/* tests/cli/test_bench.c - evx bench: counts are right, times are there, rivals are fair */
#include "mkevt.h"
#include "run.h"

/* The folder is removed by programs that are on the PATH as it was. */
static char path_before[4096];

static void begin(void)
{
    snprintf(path_before, sizeof path_before, "%s", getenv("PATH") ? getenv("PATH") : "");
    run_begin();
}

static void end(void)
{
    setenv("PATH", path_before, 1);
    run_end();
}

TestSuite(bench, .init = begin, .fini = end, .timeout = 120);

static void has(const run *r, const char *words)
{
    cr_expect(strstr(r->out, words), "'%s' is not in:\n%s", words, r->out);
}

/* The number behind a key, the n-th time that it stands there. */
static double number(const run *r, const char *key, unsigned n)
{
    const char *at = r->out;

    for (unsigned i = 0; at && i <= n; i++) {
        at = strstr(at, key);
        at = at ? at + strlen(key) : NULL;
    }
    cr_assert(at, "'%s' is not in:\n%s", key, r->out);
    return atof(at);
}

/* An evtx_dump of our own: so many lines, and a pause; what it was called with goes to a file. */
static void make_rival(unsigned lines, const char *pause)
{
    char script[512];
    int n = snprintf(script, sizeof script,
                     "#!/bin/sh\n[ \"$1\" = --version ] && { echo 'Rival 1.2'; exit; }\n"
                     "echo \"$@\" >>calls\ni=0\nwhile [ $i -lt %u ]; do echo '{}'; i=$((i + 1)); "
                     "done\n%s\n", lines, pause);

    cr_assert(mkdir("bin", 0700) == 0);
    run_save("bin/evtx_dump", script, (size_t)n);
    cr_assert(chmod("bin/evtx_dump", 0700) == 0);
    snprintf(script, sizeof script, "%s/bin:/usr/bin:/bin", run_folder);
    setenv("PATH", script, 1);
}

static void no_rival(void)
{
    setenv("PATH", "/nowhere::", 1);
}

Test(bench, help_fits_a_screen)
{
    run r = { 0 };

    run_evx(&r, "bench", "--help");
    cr_expect(r.status == 0 && strstr(r.out, "usage: evx bench") && run_lines(r.out) <= 24);
    run_evx(&r, "bench", "--version");
    cr_expect(r.status == 0 && strncmp(r.out, "evx ", 4) == 0);
    run_free(&r);
}

Test(bench, wrong_calls)
{
    static const char *const rounds[] = { "0", "100", "x", "1.5", "3 " };
    run r = { 0 };

    run_make_file("a.evtx", 1, 3);
    run_evx(&r, "bench");
    cr_expect(r.status == 2 && strstr(r.err, "bench: no path given"));
    run_evx(&r, "bench", "-");
    cr_expect(r.status == 2 && strstr(r.err, "standard input can be once"));
    for (size_t i = 0; i < sizeof rounds / sizeof *rounds; i++) {
        run_evx(&r, "bench", "--rounds", (char *)rounds[i], "a.evtx");
        cr_expect(r.status == 2 && !*r.out, "--rounds %s", rounds[i]);
        cr_expect(strstr(r.err, "a number from 1 to 99"), "%s", r.err);
    }
    run_free(&r);
}

Test(bench, text)
{
    run r = { 0 };

    no_rival();
    run_make_file("a.evtx", 2, 10);
    run_make_file("b.evtx", 1, 7);
    run_evx(&r, "bench", "--rounds", "2", "a.evtx", "b.evtx");
    cr_expect(r.status == 0 && !*r.err, "%s", r.err);
    has(&r, "2 logs, 0.20 MB, 27 records; one thread, ");
    has(&r, ", median of 2 rounds\n");
    has(&r, "\n  read      the bytes alone");
    has(&r, "\n  scan      ");
    has(&r, "\n  fields    ");
    has(&r, "\n  walk      ");
    has(&r, "\n  jsonl     ");
    has(&r, "\n  xml       ");
    has(&r, "evtx_dump is not on the PATH");
    for (const char *line = r.out; *line; line = strchr(line, '\n') + 1)
        cr_expect(strcspn(line, "\n") <= 80, "too long: %s", line);
    run_free(&r);
}

/* Bytes, records and text are those that other commands speak of; a second has so many of them as
 * the time says. */
Test(bench, counts)
{
    static const char *const formats[] = { "jsonl", "xml" };
    run r = { 0 }, d = { 0 };
    size_t bytes = 0;

    no_rival();
    run_make_file("a.evtx", 2, 10);
    run_make_file("b.evtx", 1, 7);
    free(run_load("a.evtx", &bytes));
    run_evx(&r, "bench", "--rounds", "3", "--json", "a.evtx", "b.evtx");
    cr_expect(r.status == 0 && !*r.err);
    has(&r, "{\"schema\":\"evx.bench/1\",\"program\":\"evx ");
    has(&r, "\"rounds\":3,\"logs\":2,\"legacy_logs_left_out\":0,\"bytes\":");
    has(&r, "],\"rival\":null}\n");
    cr_expect(number(&r, "\"bytes\":", 0) == (double)bytes + 4096 + 65536);
    cr_expect(number(&r, "\"records\":", 0) == 27);
    cr_expect(number(&r, "\"peak_bytes\":", 0) > 500e3);
    for (unsigned i = 0; i < 2; i++) {
        run_evx(&d, "dump", "-t", "1", "--dont-show-record-number", "-o", (char *)formats[i],
                "a.evtx", "b.evtx");
        cr_expect(number(&r, "\"text_bytes\":", i) == (double)d.out_len, "%s", formats[i]);
    }
    for (unsigned i = 0; i < 6; i++) {
        double ns = number(&r, "\"median\":", i), rate = number(&r, "\"bytes_per_second\":", i);
        double want = number(&r, "\"bytes\":", 0) * 1e9 / ns;
        cr_expect(ns > 0 && number(&r, "\"least\":", i) <= ns && number(&r, "\"most\":", i) >= ns);
        cr_expect(rate > want * 0.99 - 1 && rate < want * 1.01 + 1);
    }
    run_free(&r);
    run_free(&d);
}

/* Each stage does more than the one before it, and the clock sees it. */
Test(bench, stages_differ)
{
    run r = { 0 };

    no_rival();
    run_make_file("a.evtx", 8, 60);
    run_evx(&r, "bench", "--rounds", "9", "--json", "a.evtx");
    cr_expect(r.status == 0);
    cr_expect(number(&r, "\"least\":", 0) < number(&r, "\"least\":", 3), "%s", r.out);
    cr_expect(number(&r, "\"least\":", 1) < number(&r, "\"least\":", 5), "%s", r.out);
    run_free(&r);
}

/* ---- the rival ------------------------------------------------------------------------------- */

Test(bench, a_rival_that_does_the_same)
{
    run r = { 0 };
    char *calls;

    make_rival(10, "sleep 0.3");
    run_make_file("a.evtx", 1, 10);
    run_make_file("b.evtx", 1, 10);
    run_evx(&r, "bench", "--rounds", "2", "--json", "a.evtx", "b.evtx");
    cr_expect(r.status == 0, "%s", r.err);
    has(&r, "\"program\":\"Rival 1.2\",\"records_equal\":true,\"evx\":{\"records\":20,");
    has(&r, "\"evtx_dump\":{\"records\":20,");
    cr_expect(number(&r, "\"times_as_long\":", 0) > 1);
    cr_expect(number(&r, "\"median\":", 7) >= 600e6, "two logs, a pause each: %s", r.out);
    calls = run_load("calls", NULL);
    cr_expect(run_lines(calls) == 6, "each log once to be counted, and once in each round");
    cr_expect(strncmp(calls, "-t 1 -o jsonl -- a.evtx\n-t 1 -o jsonl -- b.evtx\n", 48) == 0);
    free(calls);
    run_free(&r);
}

Test(bench, a_rival_that_does_less)
{
    run r = { 0 };

    make_rival(9, "");
    run_make_file("a.evtx", 1, 10);
    run_evx(&r, "bench", "--rounds", "1", "a.evtx");
    cr_expect(r.status == 0);
    has(&r, "beside evtx_dump (Rival 1.2)");
    has(&r, "records   evx 10, evtx_dump 9: NOT equal");
    has(&r, " times as long; memory ");
    run_evx(&r, "bench", "--rounds", "1", "--json", "a.evtx");
    has(&r, "\"records_equal\":false");
    run_free(&r);
}

Test(bench, a_rival_that_cannot_be_run)
{
    run r = { 0 };

    make_rival(1, "");
    run_save("bin/evtx_dump", "#!/nowhere/sh\n", 14);
    run_make_file("a.evtx", 1, 10);
    run_evx(&r, "bench", "--rounds", "1", "a.evtx");
    cr_expect(r.status == 0);
    has(&r, "evtx_dump could not be run");
    run_evx(&r, "bench", "--rounds", "1", "--json", "a.evtx");
    has(&r, "\"rival\":null}");
    run_free(&r);
}

/* It is asked for an end while a rival takes its time: no waiting for it, no half a report. */
Test(bench, a_signal)
{
    char line[256];
    run r = { 0 };
    FILE *f;

    make_rival(10, "exec sleep 300");
    run_make_file("a.evtx", 1, 10);
    snprintf(line, sizeof line, "%s bench a.evtx >out 2>err & pid=$!; while ! [ -s calls ]; do "
             "sleep 0.1; done; kill -TERM $pid; wait $pid; echo $?", EVX_TEST_PROGRAM);
    f = popen(line, "r");
    cr_assert(f && fgets(line, sizeof line, f) && pclose(f) == 0);
    cr_expect(atoi(line) == 128 + SIGTERM, "%s", line);
    r.out = run_load("out", NULL);
    cr_expect(!*r.out, "%s", r.out);
    run_free(&r);
}

/* ---- logs that are none, or not whole -------------------------------------------------------- */

Test(bench, damage)
{
    run r = { 0 };
    run_log *l = run_make(2, 10);

    no_rival();
    memset(l->mem + l->at[4], 0xee, l->at[5] - l->at[4]);
    run_save("a.evtx", l->bytes.ptr, l->bytes.len);
    run_evx(&r, "bench", "--rounds", "1", "a.evtx");
    cr_expect(r.status == 1 && strstr(r.err, "1 of 20 records lost"), "%s", r.err);
    has(&r, "1 log, 0.14 MB, 19 records; ");
    memset(l->mem, 0, 4096);
    run_save("a.evtx", l->bytes.ptr, l->bytes.len);
    run_evx(&r, "bench", "--rounds", "1", "--json", "a.evtx", "missing");
    cr_expect(r.status == 1 && strstr(r.err, "missing: "));
    cr_expect(number(&r, "\"text_bytes\":", 0) > 19 * 50, "without a header: %s", r.out);
    run_free(&r);
    free(l);
}

Test(bench, nothing_to_measure)
{
    static uint8_t mem[4000];
    static mk_evt f;
    static const mk_evt_event e = { .id = 7, .source = "S", .computer = "C", .strings = "a" };
    run r = { 0 };
    mk_bytes log;

    mk_evt_begin(&f, mem, sizeof mem);
    (void)mk_evt_record(&f, &e);
    log = mk_evt_end(&f);
    run_save("a.evt", log.ptr, log.len);
    no_rival();
    run_evx(&r, "bench", "missing");
    cr_expect(r.status == 3 && !*r.out);
    run_evx(&r, "bench", "a.evt");
    cr_expect(r.status == 3 && !*r.out && strstr(r.err, "legacy logs are not measured"));
    run_make_file("b.evtx", 1, 3);
    run_evx(&r, "bench", "--rounds", "1", "a.evt", "b.evtx");
    cr_expect(r.status == 0 && !*r.err);
    has(&r, "1 log, 0.07 MB, 3 records; ");
    has(&r, "1 legacy log left out\n");
    run_free(&r);
}

Test(bench, the_output_fails)
{
    run r = { 0 };

    no_rival();
    run_make_file("a.evtx", 1, 3);
    r.out_path = "/dev/full";
    run_evx(&r, "bench", "--rounds", "1", "a.evtx");
    cr_expect(r.status == 4);
    run_free(&r);
}
