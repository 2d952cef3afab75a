/* tests/cli/test_sessions_show.c - evx sessions: what options leave out changes nothing else */
#include "mklog.h"
#include "run.h"

TestSuite(show, .init = run_begin, .fini = run_end, .timeout = 120);

static mk_log g;
static uint8_t mem[MK_FILE_HEADER + MK_CHUNK];

static void save_log(const char *name, const mk_event *events, size_t n)
{
    mk_bytes b;

    mk_log_begin(&g, mem, sizeof mem);
    mk_log_events(&g, events, n);
    b = mk_log_end(&g);
    cr_assert(b.ptr, "%s", g.file.failed);
    run_save(name, b.ptr, b.len);
}

static void copy_story(const char *name)
{
    char path[512];
    size_t len;
    char *bytes;

    snprintf(path, sizeof path, "%s/exchange/%s", EVX_TEST_CORPUS, name);
    bytes = run_load(path, &len);
    run_save(name, bytes, len);
    free(bytes);
}

static void has(const char *text, const char *words)
{
    cr_expect(strstr(text, words), "'%s' is not in:\n%s", words, text);
}

/* ---- numbers --------------------------------------------------------------------------------- */

Test(show, numbers_stay)
{
    run r = { 0 };

    copy_story("stuck.evtx");
    run_evx(&r, "sessions", "--since", "2006-09-04", "stuck.evtx");
    has(r.out, "    2  2006-09-02 02:00:00  -              > 2d 7h     unfinished, blocked 3, 4\n");
    has(r.out, "    4  2006-09-04 02:00:00  02:02:01       2m 1s       blocked by 2\n");
    has(r.out, "when session\n    2 began");
    run_evx(&r, "sessions", "--json", "--since", "2006-09-04", "stuck.evtx");
    has(r.out, "{\"index\": 1, \"state\": \"unfinished\"");
    has(r.out, "\"blocks\": [2, 3], \"blocked_by\": null");
    has(r.out, "{\"index\": 3, \"state\": \"blocked\"");
    cr_expect(!strstr(r.out, "\"index\": 0") && !strstr(r.out, "\"index\": 2"));
    run_free(&r);
}

Test(show, what_a_verdict_is_about_is_shown)
{
    run r = { 0 };

    copy_story("was-stuck.evtx");
    run_evx(&r, "sessions", "--since", "2030-01-01", "was-stuck.evtx");
    has(r.out, "was-stuck");
    has(r.out, "unfinished, blocked");
    cr_expect(r.status == 0);
    copy_story("clean.evtx");
    run_evx(&r, "sessions", "--since", "2030-01-01", "clean.evtx");
    has(r.out, "EX01: clear\n\n  No sessions in this span of time.\n");
    run_free(&r);
}

/* ---- the table ------------------------------------------------------------------------------- */

/* Where a word stands in its line. */
static long column(const char *text, const char *word)
{
    const char *at = strstr(text, word), *from = at;

    cr_assert(at, "'%s' is not in:\n%s", word, text);
    while (from > text && from[-1] != '\n')
        from--;
    return (long)(at - from);
}

Test(show, columns_are_as_wide_as_their_words)
{
    static const mk_event events[] = {
        { "2006-09-01T02:00:00Z", 1, NULL, NULL, 12345678901234, NULL, "Other", 0 },
        { "2006-09-02T02:00:00Z", 9604, NULL, NULL, 0, NULL, NULL, 0 },
        { "2006-09-02T02:02:00Z", 9607, "0x50d", NULL, 0, NULL, NULL, 0 },
        { "2006-09-03T02:00:00Z", 9604, NULL, NULL, 0, NULL, NULL, 0 },
        { "2006-09-03T02:02:00Z", 9607, "0x50d", NULL, 0, NULL, NULL, 0 },
        { "2006-09-03T03:00:00Z", 9600, NULL, NULL, 0, NULL, NULL, 0 },
    };
    run r = { 0 };

    save_log("a.evtx", events, 6);
    run_evx(&r, "sessions", "a.evtx");
    cr_expect(column(r.out, "state\n") == column(r.out, "unfinished,"), "%s", r.out);
    cr_expect(column(r.out, "state\n") == column(r.out, "blocked by"), "%s", r.out);
    cr_expect(column(r.out, "begin (UTC)") == column(r.out, "before record 12345678901234"));
    run_free(&r);
}

/* ---- the command ----------------------------------------------------------------------------- */

/* What the report prints to be run is run, by bash. */
static size_t run_command(run *r)
{
    char *at = strstr(r->out, "      evx dump "), *end = at ? strchr(at, '\n') : NULL, *file;
    char script[8192];
    size_t lines = 0;

    cr_assert(at && end, "%s", r->out);
    *end = 0;
    snprintf(script, sizeof script, "evx() { '%s' \"$@\"; }\n%s -o jsonl >dumped\n",
             EVX_TEST_PROGRAM, at);
    run_save("script", script, strlen(script));
    cr_assert(system("bash script") == 0, "%s", script);
    file = run_load("dumped", NULL);
    lines = run_lines(file);
    free(file);
    return lines;
}

Test(show, the_command_is_of_one_computer_and_any_name)
{
    static const char *const names[] = { "a.evtx", "it's a.evtx", "-a.evtx", "a\x1b[1m\n\\'b.evtx",
                                         "a\xe2\x80\xae\xff.evtx" };
    static const mk_event events[] = {
        { "2006-09-02T02:00:00Z", 9604, NULL, NULL, 0, "E X'01", NULL, 0 },
        { "2006-09-02T02:00:01Z", 8, NULL, NULL, 0, "EX02", "OtherComputer", 0 },
        { "2006-09-02T02:02:00Z", 9606, NULL, NULL, 0, "E X'01", NULL, 0 },
    };
    run r = { 0 };

    if (system("bash -c : 2>.bash") != 0)
        cr_skip_test("no bash");
    save_log("a", events, 3);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        cr_assert(rename(i == 0 ? "a" : names[i - 1], names[i]) == 0);
        run_evx(&r, "sessions", "--", (char *)names[i]);
        has(r.out, "--computer='E X'\\''01'");
        cr_expect(run_command(&r) == 2, "%s: %s", names[i], r.out);
    }
    run_free(&r);
}

/* ---- reasons --------------------------------------------------------------------------------- */

Test(show, each_status_has_a_reason)
{
    static const mk_event probe[] = {
        { "2006-09-02T02:00:00Z", 9604, NULL, NULL, 0, NULL, NULL, 0 }
    };
    static const struct { const char *story, *words; int status; } why[] = {
        { "cleared-inside.evtx", "sessions: a log was cleared between 2006-09-", 1 },
        { "cleared-then-quiet.evtx", "sessions: EX01: the verdict is unknown", 1 },
    };
    run r = { 0 };

    for (size_t i = 0; i < sizeof why / sizeof why[0]; i++) {
        copy_story(why[i].story);
        run_evx(&r, "sessions", (char *)why[i].story);
        cr_expect(r.status == why[i].status, "%s: %d", why[i].story, r.status);
        has(r.err, why[i].words);
    }
    save_log("probe.evtx", probe, 1);
    run_evx(&r, "sessions", "--json", "probe.evtx");
    cr_expect(r.status == 1);
    has(r.err, "sessions: EX01: the verdict is unknown");
    run_evx(&r, "sessions", "--computer", "nobody", "probe.evtx");
    cr_expect(r.status == 1);
    has(r.err, "no record of a computer nobody in these logs");
    run_free(&r);
}

Test(show, checksums_of_the_evidence)
{
    run r = { 0 };
    size_t len;
    char *bytes;

    copy_story("clean.evtx");
    bytes = run_load("clean.evtx", &len);
    bytes[MK_FILE_HEADER + 52] ^= 1;
    run_save("clean.evtx", bytes, len);
    run_evx(&r, "sessions", "clean.evtx");
    cr_expect(r.status == 1);
    has(r.out, "EX01: clear\n");
    has(r.out, "clean.evtx: 1 chunk with the writer's events has a wrong checksum\n");
    has(r.err, "clean.evtx: 1 chunk with the writer's events has a wrong checksum: they may not");
    run_evx(&r, "sessions", "--json", "clean.evtx");
    cr_expect(r.status == 1 && strstr(r.out, "\"crc_failures\": 1"));
    free(bytes);
    run_free(&r);
}

/* Of a chunk that is gone nobody knows how many records it held. */
Test(show, a_lower_bound_is_called_one)
{
    run r = { 0 };
    run_log *l = run_make(2, 5);

    memset(l->mem + MK_FILE_HEADER + MK_CHUNK, 'x', MK_CHUNK);
    run_save("a.evtx", l->bytes.ptr, l->bytes.len);
    run_evx(&r, "sessions", "a.evtx");
    has(r.out, "a.evtx: lost at least 1 of 6 records, 65024 bytes\n");
    has(r.out, "0 writer events, at least 1 lost\n");
    run_evx(&r, "sessions", "--json", "a.evtx");
    has(r.out, "\"lost_records\": 1, \"lost_is_minimum\": true");
    run_evx(&r, "verify", "--json", "a.evtx");
    has(r.out, "\"lost\":1,\"lost_bytes\":65024,\"lost_is_minimum\":true}");
    has(r.out, "\"lost_bytes\":65024,\"lost_is_minimum\":true,\"bytes_unexplained\"");
    run_evx(&r, "info", "a.evtx");
    has(r.out, "0 recovered, at least 1 lost");
    run_free(&r);
    free(l);
}
