/* tests/cli/test_sessions.c - evx sessions: every story of the corpus, options, hostile logs */
#include "../thin.h"
#include "mklog.h"
#include "run.h"

#include <dirent.h>
#include <sys/resource.h>

TestSuite(sessions, .init = run_begin, .fini = run_end, .timeout = 240);

#define EXCHANGE EVX_TEST_CORPUS "/exchange/"
#define GOLDEN EVX_TEST_ROOT "/tests/golden/sessions/"

enum { TEXT = 1 << 16 };

/* ---- what an output says, in a line ---------------------------------------------------------- */

/* The string value of a key in a line of JSON, or what stands there otherwise. */
static const char *value(const char *line, const char *key, char to[128])
{
    const char *at, *end = strchr(line, '\n');
    char quoted[64];
    size_t n = 0;

    snprintf(quoted, sizeof quoted, "\"%s\": ", key);
    at = strstr(line, quoted);
    *to = 0;
    if (!at || (end && at > end))
        return to;
    at += strlen(quoted);
    if (*at == '"')
        for (at++; *at && *at != '"' && n < 127; at++)
            to[n++] = *at;
    else
        for (; *at && !strchr(",]}\n", *at) && n < 127; at++)
            to[n++] = *at;
    to[n] = 0;
    return to;
}

/* "clear: completed unknown?; ..." from JSON lines; "unknown(stuck)": last known. */
static const char *summary(const char *lines)
{
    static char all[TEXT];
    char states[TEXT / 2] = "", v[128], last[128];

    all[0] = 0;
    for (const char *l = lines; *l; l = strchr(l, '\n') ? strchr(l, '\n') + 1 : l + strlen(l)) {
        if (strncmp(l, "{\"type\": \"session\"", 18) == 0) {
            snprintf(states + strlen(states), sizeof states - strlen(states), " %s",
                     value(l, "state", v));
            if (strcmp(value(l, "certain", v), "true") != 0)
                strcat(states, "?");
        } else if (strncmp(l, "{\"type\": \"writer\"", 17) == 0) {
            bool lost = strcmp(value(l, "last_known", last), "null") != 0;
            snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s%s%s%s:%s",
                     *all ? "; " : "", value(l, "verdict", v), lost ? "(" : "", lost ? last : "",
                     lost ? ")" : "", states);
            states[0] = 0;
        }
    }
    return all;
}

static void copy_story(const char *name)
{
    char from[512], to[128];
    size_t len;
    char *bytes;

    snprintf(from, sizeof from, EXCHANGE "%s.evtx", name);
    snprintf(to, sizeof to, "%s.evtx", name);
    bytes = run_load(from, &len);
    run_save(to, bytes, len);
    free(bytes);
}

/* ---- the stories ----------------------------------------------------------------------------- */

static const struct story {
    const char *name, *expected, *since;
    int status;
} stories[] = {
    { "clean", "clear: completed completed completed", "null", 0 },
    { "stuck", "stuck: completed unfinished blocked blocked", "2006-09-02T02:02:00.0000000Z", 10 },
    { "was-stuck", "was-stuck: completed unfinished blocked blocked completed", "null", 0 },
    { "open", "in-progress-or-stuck: completed open", "2006-09-02T02:02:00.0000000Z", 10 },
    { "restart", "clear: completed interrupted completed", "null", 0 },
    { "cancelled-then-blocked", "stuck: completed unfinished blocked",
      "2006-09-02T02:02:00.0000000Z", 10 },
    { "blocker-rotated-away", "stuck: unfinished blocked blocked blocked", "null", 10 },
    { "starts-inside", "clear: unknown completed", "null", 0 },
    { "freeze-failed-with-end", "clear: completed failed", "null", 0 },
    { "freeze-failed-without-end", "in-progress-or-stuck: completed open",
      "2006-09-02T02:02:00.0000000Z", 10 },
    { "freeze-failed-aborted", "in-progress-or-stuck: completed failed",
      "2006-09-02T02:02:00.0000000Z", 10 },
    { "prepare-failed-other-code", "clear: completed failed", "null", 0 },
    { "prepare-failed-no-proof", "unknown: failed", "null", 1 },
    { "lone-9604", "clear: completed probe", "null", 0 },
    { "9840", "stuck: completed unfinished blocked", "2006-09-02T02:02:00.0000000Z", 10 },
    { "shutdown-only", "clear: completed shutdown", "null", 0 },
    { "final-abort", "in-progress-or-stuck: completed aborted", "2006-09-02T02:02:00.0000000Z",
      10 },
    { "no-writer-events", "", "", 0 },
    { "two-servers-forwarded",
      "stuck: completed unfinished blocked; clear: completed completed completed",
      "2006-09-02T02:02:00.0000000Z", 10 },
    { "two-instances",
      "clear: completed interrupted completed; clear: completed interrupted completed", "null",
      0 },
    { "blocked-by-other-instance", "in-progress-or-stuck: open; stuck: unfinished blocked",
      "2006-09-02T02:02:00.0000000Z", 10 },
    { "ring-order", "stuck: completed unfinished blocked", "2006-09-02T02:02:00.0000000Z", 10 },
    { "overlap-a", "in-progress-or-stuck: completed completed open",
      "2006-09-03T02:02:00.0000000Z", 10 },
    { "overlap-b", "stuck: completed unfinished blocked", "2006-09-03T02:02:00.0000000Z", 10 },
    { "lost-record-inside", "clear: completed unknown?", "null", 1 },
    { "loss-then-block", "stuck: completed unfinished? blocked", "2006-09-02T02:02:00.0000000Z",
      10 },
    { "lost-at-end", "unknown(clear): completed completed", "null", 1 },
    { "cleared-inside", "clear: completed unknown?", "null", 1 },
    { "cleared-then-quiet", "unknown(in-progress-or-stuck): completed unknown?",
      "2006-09-02T02:02:00.0000000Z", 1 },
    { "non-ascii-computer", "stuck: completed unfinished blocked", "2006-09-02T02:02:00.0000000Z",
      10 },
    { "forwarded", "stuck: completed unfinished blocked", "2006-09-02T02:02:00.0000000Z", 10 },
    { "live", "in-progress-or-stuck: completed open", "2006-09-02T02:02:00.0000000Z", 10 },
    { "export", "stuck: completed unfinished blocked blocked", "2006-09-02T02:02:00.0000000Z", 10 }
};

enum { STORIES = sizeof stories / sizeof stories[0] };

static void check_story(const run *r, const struct story *s)
{
    const char *writer = strstr(r->out, "{\"type\": \"writer\"");
    char since[128] = "";

    cr_expect(strcmp(summary(r->out), s->expected) == 0, "%s: %s", s->name, summary(r->out));
    cr_expect(r->status == s->status, "%s: status %d", s->name, r->status);
    if (writer)
        (void)value(writer, "since", since);
    cr_expect(strcmp(since, s->since) == 0, "%s: since %s", s->name, since);
}

Test(sessions, each_story_from_a_file)
{
    run r = { 0 };

    for (size_t i = 0; i < STORIES; i++) {
        char path[512];
        snprintf(path, sizeof path, EXCHANGE "%s.evtx", stories[i].name);
        run_evx(&r, "sessions", "--jsonl", path);
        check_story(&r, &stories[i]);
    }
    run_free(&r);
}

Test(sessions, each_story_through_a_pipe)
{
    run r = { 0 };
    char *bytes;

    for (size_t i = 0; i < STORIES; i++) {
        char path[512];
        snprintf(path, sizeof path, EXCHANGE "%s.evtx", stories[i].name);
        bytes = run_load(path, &r.in_len);
        r.in = bytes;
        r.piece = 4095;
        run_evx(&r, "sessions", "--jsonl", "-");
        check_story(&r, &stories[i]);
        free(bytes);
    }
    run_free(&r);
}

/* No story of the corpus is without an expectation. */
Test(sessions, every_story_is_told)
{
    DIR *d = opendir(EXCHANGE);
    struct dirent *e;
    size_t known = 0;

    cr_assert(d != NULL);
    while ((e = readdir(d)) != NULL)
        for (size_t i = 0; i < STORIES; i++) {
            char name[128];
            snprintf(name, sizeof name, "%s.evtx", stories[i].name);
            known += strcmp(name, e->d_name) == 0;
        }
    rewinddir(d);
    while ((e = readdir(d)) != NULL)
        known -= strstr(e->d_name, ".evtx") != NULL;
    closedir(d);
    cr_expect(known == 0);
}

/* ---- golden files ---------------------------------------------------------------------------- */

/* To the letter: tests/golden/sessions/. EVX_GOLDEN_WRITE=1 writes them anew, to be read. */
static void check_golden(const char *name, const char *extension, const run *r)
{
    char path[512], *golden;

    snprintf(path, sizeof path, GOLDEN "%s.%s", name, extension);
    if (getenv("EVX_GOLDEN_WRITE"))
        run_save(path, r->out, r->out_len);
    golden = run_load(path, NULL);
    cr_expect(strcmp(golden, r->out) == 0, "%s differs:\n%s", path, r->out);
    free(golden);
}

Test(sessions, golden_text_and_json)
{
    run r = { 0 };

    for (size_t i = 0; i < STORIES; i++) {
        char path[128];
        copy_story(stories[i].name);
        snprintf(path, sizeof path, "%s.evtx", stories[i].name);
        run_evx(&r, "sessions", path);
        check_golden(stories[i].name, "txt", &r);
        run_evx(&r, "sessions", "--json", path);
        check_golden(stories[i].name, "json", &r);
    }
    run_free(&r);
}

/* ---- the schema ------------------------------------------------------------------------------ */

static void make_output(size_t number, const char *shape, const char *options, const char *path)
{
    char command[1024];

    snprintf(command, sizeof command, "'%s' sessions --%s %s '%s' > out%zu.%s 2> /dev/null",
             EVX_TEST_PROGRAM, shape, options, path, number, shape);
    (void)!system(command);
}

static void check_outputs(void)
{
    char command[1024], *said;
    int status;

    if (system("python3 -c 'import sys; sys.exit(sys.version_info < (3, 7))' 2> .python") != 0)
        cr_skip_test("no python3: the schema is not checked");
    snprintf(command, sizeof command, "python3 %s/tests/cli/sessions_check.py "
             "%s/tests/cli/sessions.schema.json out*.json* > .checked 2>&1", EVX_TEST_ROOT,
             EVX_TEST_ROOT);
    status = system(command);
    said = run_load(".checked", NULL);
    cr_expect(status == 0, "%s", said);
    free(said);
}

Test(sessions, schema)
{
    size_t n = 0;

    for (size_t i = 0; i < STORIES; i++) {
        char path[512];
        snprintf(path, sizeof path, EXCHANGE "%s.evtx", stories[i].name);
        make_output(n++, "json", "", path);
        make_output(n++, "jsonl", "--events", path);
    }
    make_output(n++, "json", "--events", EXCHANGE);
    make_output(n++, "json", "--since 2006-09-03 --events", EXCHANGE);
    make_output(n++, "jsonl", "--until 2006-09-02T02:00:00Z", EXCHANGE);
    make_output(n++, "json", "--computer EX01", EVX_TEST_CORPUS);
    make_output(n++, "json", "", "/nowhere");
    check_outputs();
}

/* ---- several inputs -------------------------------------------------------------------------- */

Test(sessions, archives_that_overlap)
{
    static const char expected[] = "stuck: completed completed unfinished blocked";
    run a = { 0 }, b = { 0 };

    copy_story("overlap-a");
    copy_story("overlap-b");
    run_evx(&a, "sessions", "--jsonl", "overlap-a.evtx", "overlap-b.evtx");
    cr_expect_str_eq(summary(a.out), expected);
    run_evx(&b, "sessions", "--jsonl", "overlap-b.evtx", "overlap-a.evtx");
    cr_expect_str_eq(summary(b.out), expected);
    run_evx(&b, "sessions", "--jsonl", ".");
    cr_expect_str_eq(summary(b.out), expected);
    run_evx(&b, "sessions", "--jsonl", ".", "overlap-a.evtx", "overlap-b.evtx", "overlap-a.evtx");
    cr_expect_str_eq(summary(b.out), expected);
    cr_expect(b.status == 10 && strstr(b.out, "\"provider\": \"BackupAgent\", \"events\": 3,"),
              "copies of neighbours count once");
    run_free(&a);
    run_free(&b);
}

Test(sessions, the_same_file_twice)
{
    run r = { 0 };

    for (size_t i = 0; i < STORIES; i++) {
        char path[512];
        snprintf(path, sizeof path, EXCHANGE "%s.evtx", stories[i].name);
        run_evx(&r, "sessions", "--jsonl", path, path);
        check_story(&r, &stories[i]);
    }
    run_free(&r);
}

Test(sessions, a_bad_file_hides_nothing)
{
    run r = { 0 };

    copy_story("stuck");
    run_save("no.evtx", "no log", 6);
    run_evx(&r, "sessions", "--jsonl", "no.evtx", "missing.evtx", "stuck.evtx");
    cr_expect_str_eq(summary(r.out), "stuck: completed unfinished blocked blocked");
    cr_expect(r.status == 10 && strstr(r.err, "no.evtx: no event log")
              && strstr(r.err, "missing.evtx: "), "%s", r.err);
    cr_expect(strstr(r.out, "\"path\": \"missing.evtx\", \"format\": null"), "%s", r.out);
    copy_story("clean");
    run_evx(&r, "sessions", "--json", "no.evtx", "clean.evtx");
    cr_expect(r.status == 1);
    run_evx(&r, "sessions", "--json", "no.evtx", "missing.evtx");
    cr_expect(r.status == 3 && strstr(r.out, "\"writers\": []"), "%s", r.out);
    run_evx(&r, "sessions", "no.evtx");
    cr_expect(r.status == 3 && strstr(r.out, "No log could be read."), "%s", r.out);
    r.out_path = "/dev/full";
    run_evx(&r, "sessions", "stuck.evtx");
    cr_expect(r.status == 4, "R13: 4 comes before 10");
    run_free(&r);
}

/* ---- options --------------------------------------------------------------------------------- */

Test(sessions, R12_options)
{
    run r = { 0 };

    copy_story("stuck");
    copy_story("two-servers-forwarded");
    run_evx(&r, "sessions", "--jsonl", "--since", "2006-09-04", "stuck.evtx");
    cr_expect_str_eq(summary(r.out), "stuck: unfinished blocked", "what blocks is evidence");
    cr_expect(strstr(r.out, "\"blocks\": [2, 3], \"blocked_by\": null"), "%s", r.out);
    cr_expect(r.status == 10);
    run_evx(&r, "sessions", "--jsonl", "--until", "2006-09-02T02:00:00Z", "stuck.evtx");
    cr_expect_str_eq(summary(r.out), "stuck: completed unfinished", "what holds is evidence");
    run_evx(&r, "sessions", "--jsonl", "--until=2006-09-02T04:00+02:00", "stuck.evtx");
    cr_expect_str_eq(summary(r.out), "stuck: completed unfinished");
    run_evx(&r, "sessions", "--jsonl", "--computer", "ex02.CORP.example",
            "two-servers-forwarded.evtx");
    cr_expect_str_eq(summary(r.out), "clear: completed completed completed");
    cr_expect(r.status == 0, "R13: a shown writer");
    run_evx(&r, "sessions", "--jsonl", "--computer", "other", "two-servers-forwarded.evtx");
    cr_expect(r.status == 1 && *summary(r.out) == 0 && strstr(r.err, "a computer other"));
    run_evx(&r, "sessions", "--jsonl", "--events", "--since", "2006-09-04", "stuck.evtx");
    cr_expect(strstr(r.out, "{\"type\": \"event\", \"computer\": \"EX01\", \"instance\": null, "
                            "\"event_id\": 9604"));
    cr_expect(!strstr(r.out, "{\"type\": \"event\", \"computer\": \"EX01\", \"instance\": null, "
                             "\"event_id\": 9600"));
    run_free(&r);
}

Test(sessions, usage)
{
    run r = { 0 };
    size_t column = 0;

    run_evx(&r, "sessions", "--help");
    cr_expect(r.status == 0 && run_lines(r.out) <= 24);
    for (const char *p = r.out; *p; p++) {
        column = *p == '\n' ? 0 : column + 1;
        cr_expect(column <= 80);
    }
    run_evx(&r, "sessions");
    cr_expect(r.status == 2);
    run_evx(&r, "sessions", "--json", "--jsonl", "x");
    cr_expect(r.status == 2);
    run_evx(&r, "sessions", "--since", "yesterday", "x");
    cr_expect(r.status == 2 && strstr(r.err, "--since wants a time"));
    run_evx(&r, "sessions", "--since", "2006-09-02", "--until", "2006-09-02", "x");
    cr_expect(r.status == 2);
    run_evx(&r, "sessions", "--jsn", "x");
    cr_expect(r.status == 2 && strstr(r.err, "did you mean"));
    run_free(&r);
}

/* ---- logs made here -------------------------------------------------------------------------- */

static uint8_t mem[MK_FILE_HEADER + 8 * MK_CHUNK];
static mk_log g;

static void save_log(const char *name, const mk_event *events, size_t n)
{
    mk_bytes b;

    mk_log_begin(&g, mem, sizeof mem);
    mk_log_events(&g, events, n);
    b = mk_log_end(&g);
    cr_assert(b.ptr, "%s", g.file.failed);
    run_save(name, b.ptr, b.len);
}

#define AT(clock) "2006-09-02T" clock "Z"

Test(sessions, R1_no_tracked_events)
{
    static const mk_event restore[] = { { AT("02:00:00"), 9622, NULL, NULL, 0, NULL, NULL, 0 } };
    run r = { 0 };

    save_log("a.evtx", restore, 1);
    run_evx(&r, "sessions", "--json", "a.evtx");
    cr_expect(r.status == 0 && strstr(r.out, "\"writers\": []"), "%s", r.out);
    run_evx(&r, "sessions", "a.evtx");
    cr_expect(r.status == 0 && strstr(r.out, "events of restores only")
              && strstr(r.out, "Exchange 2013"), "%s", r.out);
    run_free(&r);
}

Test(sessions, R13_statuses)
{
    static const mk_event probe[] = { { AT("02:00:00"), 9604, NULL, NULL, 0, NULL, NULL, 0 } };
    static const mk_event two[] = {
        { AT("02:00:00"), 9604, NULL, NULL, 0, "A", NULL, 0 },
        { AT("02:01:00"), 9606, NULL, NULL, 0, "B", NULL, 0 },
    };
    run r = { 0 };

    save_log("a.evtx", probe, 1);
    run_evx(&r, "sessions", "--jsonl", "a.evtx");
    cr_expect(r.status == 1 && strcmp(summary(r.out), "unknown: probe") == 0, "%d %s", r.status,
              summary(r.out));
    save_log("b.evtx", two, 2);
    run_evx(&r, "sessions", "--jsonl", "b.evtx");
    cr_expect(r.status == 10, "10 comes before 1");
    run_evx(&r, "sessions", "--jsonl", "b.evtx", "missing.evtx");
    cr_expect(r.status == 10);
    run_evx(&r, "sessions", "--jsonl", "--computer", "a", "b.evtx");
    cr_expect(r.status == 1, "only a shown writer counts");
    run_free(&r);
}

/* A log of another channel cannot have held the writer's events; Application can. */
Test(sessions, R10_losses_by_channel)
{
    static const mk_event good[] = {
        { AT("02:00:00"), 9606, NULL, NULL, 0, NULL, NULL, 0 },
        { AT("02:01:00"), 9607, "0x50d", NULL, 0, NULL, NULL, 0 },
    };
    run r = { 0 };
    mk_bytes b;

    save_log("a.evtx", good, 2);
    for (int i = 0; i < 2; i++) {
        mk_log_begin(&g, mem, sizeof mem);
        g.channel = i == 0 ? "System" : "Application";
        (void)mk_log_note(&g, AT("03:00:00"), "EventLog", 6005, NULL);
        (void)mk_log_note(&g, AT("04:00:00"), "EventLog", 6006, NULL);
        mk_log_lose_last(&g, 0);
        b = mk_log_end(&g);
        run_save("b.evtx", b.ptr, b.len);
        run_evx(&r, "sessions", "--jsonl", "a.evtx", "b.evtx");
        cr_expect_str_eq(summary(r.out), i == 0 ? "stuck: unfinished blocked"
                                                : "unknown(stuck): unfinished? blocked");
        cr_expect(r.status == (i == 0 ? 10 : 1));
    }
    run_free(&r);
}

/* ---- hostile text ---------------------------------------------------------------------------- */

/* Nothing but printable characters and line breaks: no C1 control either, which begins a terminal's
 * escape as ESC does, and nothing that turns the direction of what follows. */
static void check_safe(const char *text)
{
    for (const uint8_t *p = (const uint8_t *)text; *p; p++) {
        cr_assert((*p >= 0x20 && *p != 0x7f) || *p == '\n', "byte 0x%02x in:\n%s", *p, text);
        cr_assert(p[0] != 0xc2 || p[1] >= 0xa0, "U+%04X in:\n%s", p[1], text);
        cr_assert(strncmp((const char *)p, "\xe2\x80\xae", 3) != 0, "U+202E in:\n%s", text);
    }
}

Test(sessions, escapes_do_not_reach_a_terminal)
{
    static const mk_event events[] = {
        { AT("02:00:00"), 9604, "\x1b[2J|\x07\"\\", "\x1b]0;x\x07", 0, "EX\x1b[31m\n1", NULL, 0 },
        { AT("02:01:00"), 9606, "\xc2\x9b" "1m|\xe2\x80\xae|\xf3\xa0\x80\x81|\x7f", NULL, 0,
          "EX\x1b[31m\n1", NULL, 0 },
        { AT("02:01:30"), 1, NULL, NULL, 0, "EX\x1b[31m\n1", "Backup\x1b[8m", 0 },
        { AT("02:02:00"), 9607, "\x1b[2J", "Backup in progress.", 0, "EX\x1b[31m\n1", NULL, 0 },
    };
    run r = { 0 };

    save_log("a\x1b[7m.evtx", events, 4);
    run_evx(&r, "sessions", "--events", "-v", "a\x1b[7m.evtx");
    check_safe(r.out);
    check_safe(r.err);
    cr_expect(r.status == 10 && strstr(r.out, "EX\\x1b[31m\\x0a1: stuck since"), "%s", r.out);
    cr_expect(strstr(r.out, "Backup\\x1b[8m"), "%s", r.out);
    run_evx(&r, "sessions", "--jsonl", "--events", "a\x1b[7m.evtx");
    check_safe(r.out);
    cr_expect(strstr(r.out, "\"computer\": \"EX\\u001B[31m\\n1\""), "%s", r.out);
    cr_expect(strstr(r.out, "\"strings\": [\"\\u009B1m\", \"\\u202E\", \"\\uDB40\\uDC01\", "
                            "\"\\u007F\"]"), "%s", r.out);
    make_output(0, "jsonl", "--events", "a\x1b[7m.evtx");
    make_output(1, "json", "--events", "a\x1b[7m.evtx");
    check_outputs();
    run_free(&r);
}

Test(sessions, long_strings)
{
    static char name[3000];
    mk_event events[] = {
        { AT("02:00:00"), 9606, NULL, NULL, 0, name, NULL, 0 },
        { AT("02:01:00"), 9611, name, name, 0, name, NULL, 0 },
        { AT("02:02:00"), 1, name, NULL, 0, name, name + 1, 0 },
    };
    run r = { 0 };

    for (size_t i = 0; i + 2 < sizeof name; i += 2)
        memcpy(name + i, "\xc3\xa4", 2);
    events[2].provider = name + 2;
    save_log("a.evtx", events, 3);
    run_evx(&r, "sessions", "-v", "--events", "a.evtx");
    cr_expect(r.status == 10);
    make_output(0, "json", "--events", "a.evtx");
    check_outputs();
    run_free(&r);
}

/* ---- neighbours ------------------------------------------------------------------------------ */

Test(sessions, neighbours)
{
    static const mk_event events[] = {
        { AT("01:54:59"), 5, NULL, NULL, 0, NULL, "TooEarly", 0 },
        { AT("01:55:00"), 7036, "a|b", NULL, 0, NULL, "Service Control Manager", 0 },
        { AT("01:58:00"), 7036, "a|b", NULL, 0, NULL, "Service Control Manager", 0 },
        { AT("01:59:00"), 8019, "a|b", NULL, 0, NULL, "ntbackup", 0 },
        { AT("02:00:00"), 9604, NULL, NULL, 0, NULL, NULL, 0 },
        { AT("02:00:00"), 8, NULL, NULL, 0, "EX02", "OtherComputer", 0 },
        { AT("02:02:00"), 9606, NULL, NULL, 0, NULL, NULL, 0 },
        { AT("02:05:00"), 8001, NULL, NULL, 0, NULL, "NTBackup", 0 },
        { AT("02:05:01"), 6, NULL, NULL, 0, NULL, "TooLate", 0 },
    };
    static const char expected[] =
        "\"near\": [{\"provider\": \"ntbackup\", \"events\": 2, \"event_ids\": [8001, 8019]}, "
        "{\"provider\": \"Service Control Manager\", \"events\": 2, \"event_ids\": [7036]}], "
        "\"command\": \"evx dump --since 2006-09-02T01:55:00Z --until 2006-09-02T02:05:01Z "
        "--computer=EX01 ";
    run r = { 0 };
    char *bytes;

    save_log("it's.evtx", events, 9);
    run_evx(&r, "sessions", "--jsonl", "it's.evtx");
    cr_expect(strstr(r.out, expected), "%s", r.out);
    cr_expect(strstr(r.out, "02:05:01Z --computer=EX01 'it'\\\\''s.evtx'\""), "%s", r.out);
    bytes = run_load("it's.evtx", &r.in_len);
    r.in = bytes;
    run_evx(&r, "sessions", "--jsonl", "-");
    cr_expect(strstr(r.out, expected), "%s", r.out);
    r.in = NULL;
    r.in_len = 0;
    run_evx(&r, "dump", "-o", "jsonl", "--since", "2006-09-02T01:55:00Z", "--until",
            "2006-09-02T02:05:01Z", "--computer=EX01", "it's.evtx");
    cr_expect(r.status == 0 && run_lines(r.out) == 6, "the command that is printed works");
    free(bytes);
    run_free(&r);
}

/* What cannot be read twice is remembered, also for a session that began before the log (R7). Equal
 * counts are in order of names, whoever was named first. */
Test(sessions, neighbours_of_a_late_start)
{
    static const mk_event events[] = {
        { AT("01:30:00"), 4, NULL, NULL, 0, NULL, "TooEarly", 0 },
        { AT("01:58:00"), 2, NULL, NULL, 0, NULL, "Zebra Backup", 0 },
        { AT("02:00:00"), 9608, NULL, NULL, 0, NULL, NULL, 0 },
        { AT("02:03:00"), 3, NULL, NULL, 0, NULL, "Antelope Backup", 0 },
        { AT("04:00:00"), 9607, "0x50d", NULL, 0, NULL, NULL, 0 },
    };
    static const char expected[] =
        "\"near\": [{\"provider\": \"Antelope Backup\", \"events\": 1, \"event_ids\": [3]}, "
        "{\"provider\": \"Zebra Backup\", \"events\": 1, \"event_ids\": [2]}]";
    run r = { 0 };
    char *bytes;

    save_log("a.evtx", events, 5);
    run_evx(&r, "sessions", "--jsonl", "a.evtx");
    cr_expect(strstr(r.out, expected), "%s", r.out);
    run_evx(&r, "sessions", "a.evtx");
    cr_expect(strstr(r.out, "\n    1 was first seen, these logged"), "%s", r.out);
    cr_expect(strstr(r.out, "A backup whose first event here is that of 2006-09-02 02:00:00 was"));
    bytes = run_load("a.evtx", &r.in_len);
    r.in = bytes;
    run_evx(&r, "sessions", "--jsonl", "-");
    cr_expect(strstr(r.out, expected), "%s", r.out);
    free(bytes);
    run_free(&r);
}

/* Half a path would name another file, or leave a quote open. */
Test(sessions, the_command_of_a_very_long_path)
{
    char name[201];
    run r = { 0 };

    memset(name, '\'', 200);
    name[200] = 0;
    for (int i = 0; i < 6; i++)
        cr_assert(mkdir(name, 0700) == 0 && chdir(name) == 0);
    copy_story("stuck");
    cr_assert(chdir(run_folder) == 0);
    run_evx(&r, "sessions", "--jsonl", name);
    cr_expect(strstr(r.out, "02:05:01Z LOG\""), "%s", r.out);
    run_free(&r);
}

/* ---- words ----------------------------------------------------------------------------------- */

Test(sessions, R5_stray_events_are_listed)
{
    static mk_event events[5];
    run r = { 0 };

    for (size_t i = 0; i < 5; i++)
        events[i] = (mk_event){ AT("02:00:00"), 9614, NULL, NULL, 0, NULL, NULL, 0 };
    save_log("a.evtx", events, 5);
    run_evx(&r, "sessions", "a.evtx");
    cr_expect(strstr(r.out, "\n  Events of no session:\n    2006-09-02 02:00:00 9614 abort ok, "
                            "record 1, a.evtx at 0x1200\n"), "%s", r.out);
    cr_expect(strstr(r.out, "    ... and 2 more (-v lists them)\n"), "%s", r.out);
    run_evx(&r, "sessions", "-v", "a.evtx");
    cr_expect(strstr(r.out, "record 5, a.evtx"), "%s", r.out);
    run_free(&r);
}

/* Why a refusal is no block can be read in its row. */
Test(sessions, refusals_show_their_words)
{
    static const mk_event events[] = {
        { AT("02:00:00"), 9606, NULL, NULL, 0, NULL, NULL, 0 },
        { AT("02:01:00"), 9607, "0x50d", "Out of\x1bmemory.", 0, NULL, NULL, 0 },
        { AT("02:02:00"), 9607, "First \x1bGroup", NULL, 0, NULL, NULL, 0 },
        { AT("02:03:00"), 9607, NULL, "Backup in progress.", 0, NULL, NULL, 0 },
    };
    run r = { 0 };

    save_log("a.evtx", events, 4);
    run_evx(&r, "sessions", "a.evtx");
    cr_expect(strstr(r.out, "prepare failed; error 0x50d (backup in progress), \"Out "
                            "of\\x1bmemory.\"\n"), "%s", r.out);
    cr_expect(strstr(r.out, "prepare failed; error \"First \\x1bGroup\"\n"), "%s", r.out);
    cr_expect(strstr(r.out, "prepare blocked; no error code\n"), "%s", r.out);
    run_evx(&r, "sessions", "--until", "2006-09-02T02:00:30Z", "a.evtx");
    cr_expect(strstr(r.out, "unfinished, blocked 4\n"), "%s", r.out);
    run_free(&r);
}

Test(sessions, an_event_without_a_time_is_no_missing_event)
{
    static const mk_event events[] = {
        { NULL, 9604, NULL, NULL, 0, NULL, NULL, 0 },
        { NULL, 9606, NULL, NULL, 0, NULL, NULL, 0 },
        { AT("02:00:00"), 9607, "0x50d", NULL, 0, NULL, NULL, 0 },
    };
    run r = { 0 };

    save_log("a.evtx", events, 3);
    run_evx(&r, "sessions", "a.evtx");
    cr_expect(strstr(r.out, "stuck, since an event without a time\n  A backup whose first events "
                            "here have no time was not ended"), "%s", r.out);
    run_free(&r);
}

/* What is said of clearings; "" if nothing. */
static const char *cleared(const run *r)
{
    const char *at = strstr(r->err, "evx: sessions: a log was cleared");

    return at ? at : "";
}

/* A file's records are passed over where they seem to be sound, a pipe's never are. A byte of a
 * time or an id that is not what was written must be seen in both. */
Test(sessions, damaged_times_and_ids_are_seen_by_every_way)
{
    enum { FIRST = 4096 + 512, FREE_AT = 4096 + 48, STEP = 101 };
    size_t len, end, seen = 0;
    char *bytes = run_load(EXCHANGE "cleared-inside.evtx", &len);
    run file = { 0 }, pipe = { 0 };

    end = 4096u + (uint8_t)bytes[FREE_AT] + ((size_t)(uint8_t)bytes[FREE_AT + 1] << 8);
    cr_assert(end > FIRST + 100 * STEP && end <= len);
    for (size_t at = FIRST; at < end; at += STEP) {
        bytes[at] ^= 0x15;
        run_save("a.evtx", bytes, len);
        run_evx(&file, "sessions", "a.evtx");
        pipe.in = bytes;
        pipe.in_len = len;
        run_evx(&pipe, "sessions", "-");
        cr_expect_str_eq(cleared(&file), cleared(&pipe), "at %zu", at);
        seen += strstr(cleared(&file), "and others were") != NULL;
        bytes[at] ^= 0x15;
    }
    cr_expect(seen > 0);
    free(bytes);
    run_free(&file);
    run_free(&pipe);
}

/* ---- a log that says less than its heads ---------------------------------------------------- */

static uint32_t get32(const char *p)
{
    const uint8_t *b = (const uint8_t *)p;

    return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static void put32(char *p, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (char)(v >> 8 * i);
}

/* As if the chunk had been written so. */
static void seal(char *chunk)
{
    put32(chunk + 52, mk_crc32(0, chunk + 512, get32(chunk + 48) - 512));
    put32(chunk + 124, mk_crc32(mk_crc32(0, chunk, 120), chunk + 128, 384));
}

/* What a file gives is what a pipe gives, of whose records each one is read. */
static void expect_both_ways(run *file, run *pipe, char *bytes, size_t len, const char *what,
                             size_t at)
{
    static char said[4096];

    run_save("a.evtx", bytes, len);
    run_evx(file, "sessions", "--jsonl", "a.evtx");
    pipe->in = bytes;
    pipe->in_len = len;
    run_evx(pipe, "sessions", "--jsonl", "-");
    snprintf(said, sizeof said, "%s", summary(file->out));
    cr_expect(file->status == pipe->status, "%s, 0x%zx: %d, %d", what, at, file->status,
              pipe->status);
    cr_expect_str_eq(said, summary(pipe->out), "%s, 0x%zx", what, at);
    cr_expect_str_eq(cleared(file), cleared(pipe), "%s, 0x%zx", what, at);
}

enum { CHUNK = 65536, HEAD = 24, KINDS = 3 };

/* Of the record at `at`: all of its body is 0xff, the second half of it 0, or one byte of it. */
static void destroy(char *at, unsigned kind, size_t seed)
{
    uint32_t size = get32(at + 4);
    size_t from = kind == 0 ? HEAD : kind == 1 ? size / 2 : HEAD + seed % (size - HEAD - 4);

    cr_assert(get32(at) == 0x2a2a && size > HEAD + 8);
    memset(at + from, kind == 0 ? 0xff : 0, kind == 2 ? 1 : size - 4 - from);
}

typedef struct ways {
    const char *name;
    char *bytes, *was;
    size_t len;
    run file, pipe;
    unsigned long lost, whole, destroyed;
} ways;

static void check_ways(ways *w, size_t chunk, size_t at)
{
    seal(w->bytes + chunk);
    expect_both_ways(&w->file, &w->pipe, w->bytes, w->len, w->name, at);
    w->lost += strstr(w->file.err, " lost") != NULL;
    w->whole += w->file.status == 0 || w->file.status == 10;
    memcpy(w->bytes + chunk, w->was + chunk, CHUNK);
}

static void destroy_chunk(ways *w, size_t chunk)
{
    size_t end = chunk + get32(w->was + chunk + 48);

    for (size_t at = chunk + 512; at < end; at += get32(w->was + at + 4))
        for (unsigned kind = 0; kind < KINDS; kind++) {
            if (w->destroyed++ % thin() != 0)
                continue;
            destroy(w->bytes + at, kind, at);
            check_ways(w, chunk, at);
        }
    for (size_t at = chunk + 512; at < end; at += get32(w->was + at + 4))
        destroy(w->bytes + at, 0, at);
    check_ways(w, chunk, chunk);
    cr_expect(w->file.status != 0 && strstr(w->file.err, " lost"), "%s", w->file.err);
}

/* One record after the other loses its body, half of it, or a byte of it; then all of a chunk do.
 * Heads and checksums are sound. */
Test(sessions, destroyed_bodies_are_seen_by_every_way)
{
    static const char *const names[] = { "clean", "ring-order", "two-servers-forwarded" };
    ways w = { 0 };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[512];
        w.name = names[i];
        snprintf(path, sizeof path, EXCHANGE "%s.evtx", w.name);
        w.bytes = run_load(path, &w.len);
        w.was = run_load(path, &w.len);
        for (size_t chunk = 4096; chunk + CHUNK <= w.len; chunk += CHUNK)
            destroy_chunk(&w, chunk);
        free(w.bytes);
        free(w.was);
    }
    cr_expect(w.lost > 0 && w.whole > 0, "%lu, %lu", w.lost, w.whole);
    run_free(&w.file);
    run_free(&w.pipe);
}

/* Where a name stands as UTF-16, so many units of it. */
static uint8_t *find_name(ways *w, const char *name)
{
    size_t n = strlen(name);

    for (size_t at = 4096; at + 2 * n <= w->len; at++) {
        size_t k = 0;
        while (k < n && w->bytes[at + 2 * k] == name[k] && w->bytes[at + 2 * k + 1] == 0)
            k++;
        if (k == n)
            return (uint8_t *)w->bytes + at;
    }
    return NULL;
}

/* A bit in a name that all templates use: the writer's events have no id then, or nobody's name. A
 * log that holds such records is not one without the writer. */
Test(sessions, a_name_that_a_bit_changed)
{
    static const char *const names[] = { "EventID", "Provider" };
    ways w = { 0 };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        uint8_t *name;
        w.name = "stuck";
        w.bytes = run_load(EXCHANGE "stuck.evtx", &w.len);
        name = find_name(&w, names[i]);
        cr_assert(name);
        name[4] ^= 0x40;
        expect_both_ways(&w.file, &w.pipe, w.bytes, w.len, w.name, i);
        cr_expect(w.file.status == 1 && strstr(w.file.err, " of 73 records lost"), "%s: %d, %s",
                  names[i], w.file.status, w.file.err);
        free(w.bytes);
    }
    run_free(&w.file);
    run_free(&w.pipe);
}

Test(sessions, payloads_in_utf16_and_in_text)
{
    static const char wide[] = "4200610063006b0075007000200069006e0020"
                               "00700072006f00670072006500730073002e000000";
    static const char event[] =
        "<Event><System><Provider Name='MSExchangeIS'/><EventID>9607</EventID><TimeCreated "
        "SystemTime='2006-09-02T02:00:00Z'/><EventRecordID>%d</EventRecordID><Computer>EX01"
        "</Computer></System><EventData><Data>0x50d</Data><Binary>%s</Binary></EventData></Event>";
    static const char *const payloads[] = { wide, "Backup in progress." };
    run r = { 0 };
    char spec[1024];
    mk_bytes b;

    for (int i = 0; i < 2; i++) {
        mk_log_begin(&g, mem, sizeof mem);
        snprintf(spec, sizeof spec, event, i + 1, payloads[i]);
        cr_assert(mk_record_plain(&g.file, 1, mk_time(AT("02:00:00")), spec) != 0);
        b = mk_log_end(&g);
        cr_assert(b.ptr, "%s", g.file.failed);
        run_save("a.evtx", b.ptr, b.len);
        run_evx(&r, "sessions", "--jsonl", "a.evtx");
        cr_expect_str_eq(summary(r.out), "stuck: unfinished blocked");
        cr_expect(strstr(r.out, "\"payload\": \"Backup in progress.\""), "%s", r.out);
        run_evx(&r, "sessions", "a.evtx");
        cr_expect(strstr(r.out, "\"Backup in progress.\""), "%s", r.out);
    }
    run_free(&r);
}

/* ---- hostile sizes --------------------------------------------------------------------------- */

/* Seconds of processor time that a run takes. */
static double seconds_of(run *r, const char *option)
{
    struct rusage before, after;

    cr_assert(getrusage(RUSAGE_CHILDREN, &before) == 0);
    run_evx(r, "sessions", (char *)option, "a.evtx");
    cr_assert(getrusage(RUSAGE_CHILDREN, &after) == 0);
    return (double)(after.ru_utime.tv_sec - before.ru_utime.tv_sec)
         + 1e-6 * (double)(after.ru_utime.tv_usec - before.ru_utime.tv_usec);
}

Test(sessions, many_attempts_in_every_detail)
{
    enum { EVENTS = 80000 };
    size_t cap = MK_FILE_HEADER + EVENTS / 200 * (size_t)MK_CHUNK;
    uint8_t *large = malloc(cap);
    char time[32];
    run r = { 0 };
    double json, text;
    mk_bytes b;

    cr_assert(large);
    mk_log_begin(&g, large, cap);
    for (unsigned i = 0; i < EVENTS; i++) {
        const mk_event e = { time, 9604, NULL, NULL, 0, NULL, NULL, 0 };
        snprintf(time, sizeof time, "2006-09-%02uT%02u:%02u:%02uZ", 1 + i / 86400, i / 3600 % 24,
                 i / 60 % 60, i % 60);
        (void)mk_log_event(&g, &e);
    }
    b = mk_log_end(&g);
    cr_assert(b.ptr, "%s", g.file.failed);
    run_save("a.evtx", b.ptr, b.len);
    json = seconds_of(&r, "--json");
    text = seconds_of(&r, "-v");
    cr_expect(run_lines(r.out) > 2 * EVENTS);
    cr_expect(text < 6 * json + 0.3, "%.2f s, as JSON %.2f s", text, json);
    free(large);
    run_free(&r);
}

/* What each instance of a computer shares is not repeated without end. */
Test(sessions, many_instances_and_clearings)
{
    enum { EVENTS = 1000 };
    char time[32], guid[64];
    run r = { 0 };
    mk_bytes b;

    mk_log_begin(&g, mem, sizeof mem);
    for (unsigned i = 0; i < EVENTS; i++) {
        const mk_event e = { time, 9606, guid, NULL, EVENTS - i, NULL, NULL, 0 };
        snprintf(time, sizeof time, "2006-09-02T02:%02u:%02uZ", i / 60, i % 60);
        snprintf(guid, sizeof guid, "%08x-0A5C-4E2B-9D3C-3B1F1F6F2A10", i);
        (void)mk_log_event(&g, &e);
    }
    b = mk_log_end(&g);
    cr_assert(b.ptr, "%s", g.file.failed);
    run_save("a.evtx", b.ptr, b.len);
    run_evx(&r, "sessions", "--json", "a.evtx");
    cr_expect(r.status == 10 && r.out_len < EVENTS * 3000, "%zu bytes", r.out_len);
    cr_expect(strstr(r.out, "\"cleared\": [{\"from\": \"2006-09-02T02:16:38.0000000Z\", \"to\": "
                            "\"2006-09-02T02:16:39.0000000Z\"}]"));
    run_evx(&r, "sessions", "a.evtx");
    cr_expect(strstr(r.out, "Logs were cleared 999 times (-v lists all), among them:\n"));
    cr_expect(!strstr(r.out, "between 2006-09-02 02:00:00 and"));
    run_evx(&r, "sessions", "-v", "a.evtx");
    cr_expect(strstr(r.out, "between 2006-09-02 02:00:00 and 2006-09-02 02:00:01"));
    run_free(&r);
}

/* ---- timelines ------------------------------------------------------------------------------- */

Test(sessions, long_timelines_fold)
{
    enum { NIGHTS = 40 };
    static mk_event events[2 * NIGHTS + 2 * NIGHTS + 1];
    static char times[4 * NIGHTS + 1][32];
    size_t n = 0;
    run r = { 0 };

    for (size_t i = 0; i < 4 * NIGHTS + 1; i++) {
        snprintf(times[i], sizeof times[i], "2006-%02zu-%02zuT%02zu:00:00Z", 1 + i / 56,
                 1 + i / 2 % 28, 2 + i % 2);
        events[n] = (mk_event){ times[i], i < 2 * NIGHTS ? (i % 2 ? 9616u : 9606u)
                                          : i == 2 * NIGHTS ? 9606u : 9607u, NULL,
                                i > 2 * NIGHTS ? "Backup in progress." : NULL, 0, NULL, NULL, 0 };
        n++;
    }
    save_log("a.evtx", events, n);
    run_evx(&r, "sessions", "a.evtx");
    cr_expect(strstr(r.out, "... 38 more completed like this (-v lists them)"), "%s", r.out);
    cr_expect(strstr(r.out, "... 78 more blocked like this (-v lists them)"), "%s", r.out);
    cr_expect(run_lines(r.out) < 60);
    run_evx(&r, "sessions", "-v", "a.evtx");
    cr_expect(run_lines(r.out) > 4 * NIGHTS);
    run_free(&r);
}

Test(sessions, no_colours_without_a_terminal)
{
    run r = { 0 };

    run_evx(&r, "sessions", EXCHANGE "stuck.evtx");
    check_safe(r.out);
    run_free(&r);
}

/* A terminal, where there is one to be had: script(1). */
static bool on_terminal(const char *before, const char *columns, run *r)
{
    char command[1024];

    if (system("command -v script > .script 2>/dev/null") != 0)
        return false;
    snprintf(command, sizeof command,
             "%s TERM=xterm script -qec \"stty cols %s; '%s' sessions '%sstuck.evtx'\" /dev/null "
             "< /dev/null > .typed 2>&1", before, columns, EVX_TEST_PROGRAM, EXCHANGE);
    (void)!system(command);
    free(r->out);
    r->out = run_load(".typed", &r->out_len);
    return strstr(r->out, "stuck") != NULL;
}

static size_t widest(const char *text)
{
    size_t most = 0, column = 0;

    for (; *text; text++) {
        if (*text == '\x1b')
            text += strcspn(text, "m");
        else
            column = *text == '\n' || *text == '\r' ? 0 : column + 1;
        most = column > most ? column : most;
    }
    return most;
}

Test(sessions, terminals)
{
    run r = { 0 };

    if (!on_terminal("env -u NO_COLOR", "80", &r))
        cr_skip_test("no script(1): terminals are not tested");
    cr_expect(strstr(r.out, "\x1b[1;31mstuck\x1b[0m"), "%s", r.out);
    (void)on_terminal("NO_COLOR=1", "80", &r);
    cr_expect(!strchr(r.out, '\x1b'), "%s", r.out);
    (void)on_terminal("NO_COLOR=1", "200", &r);
    cr_expect(strstr(r.out, "40m         completed                    begin, prepare"), "%s",
              r.out);
    cr_expect(widest(r.out) <= 200);
    run_free(&r);
}

/* Of a log that ends inside its file header nothing is left but the header's count of chunks. */
Test(sessions, a_log_of_which_only_the_header_is_left)
{
    static const size_t lengths[] = { 128, 200, 4095, 4096 };
    run r = { 0 };
    size_t len;
    char *bytes = run_load(EXCHANGE "stuck.evtx", &len);

    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        run_save("cut.evtx", bytes, lengths[i]);
        run_evx(&r, "sessions", "--jsonl", EXCHANGE "clean.evtx", "cut.evtx");
        cr_expect(r.status == 1 && strncmp(summary(r.out), "unknown(clear)", 14) == 0, "%zu: %d %s",
                  lengths[i], r.status, summary(r.out));
        cr_expect(strstr(r.err, "at least 1 of 1 record lost"), "%zu: %s", lengths[i], r.err);
    }
    free(bytes);
    run_free(&r);
}

/* ---- records that are passed over, in files only --------------------------------------------- */

enum { MADE = 4096 + CHUNK };

static mk_log made;
static char joined[4096 + 3 * CHUNK];

/* One more chunk with these events, whose ids begin there, behind the `n` that are there. */
static void join_chunk(size_t n, const mk_event *events, size_t count, uint64_t id)
{
    static uint8_t memory[MADE];
    mk_bytes log;

    mk_log_begin(&made, memory, sizeof memory);
    made.record = id;
    mk_log_events(&made, events, count);
    log = mk_log_end(&made);
    cr_assert(log.len == MADE);
    memcpy(joined + n * CHUNK, log.ptr, n == 0 ? 4096 : 0);
    memcpy(joined + 4096 + n * CHUNK, log.ptr + 4096, CHUNK);
}

static void expect_joined_both_ways(size_t chunks, const char *what)
{
    run file = { 0 }, pipe = { 0 };

    expect_both_ways(&file, &pipe, joined, 4096 + chunks * CHUNK, what, 0);
    run_free(&file);
    run_free(&pipe);
}

/* A chunk whose first record teaches its template, and is passed over then: it counts once. The
 * clock was set back in front of it, and the log was cleared behind it. */
Test(sessions, a_record_that_teaches_its_template_is_noted_once)
{
    static const mk_event first[] = {
        { .time = "2006-08-19T03:33:20Z", .id = 5, .provider = "ESE" },
        { .time = "2006-08-19T03:34:20Z", .id = 9604 },
        { .time = "2006-08-19T03:35:20Z", .id = 9606, .payload = "Volume snap occurring." }
    }, back[] = {
        { .time = "2006-08-15T03:33:20Z", .id = 5, .provider = "VSS" },
        { .time = "2006-08-15T03:33:20Z", .id = 5, .provider = "VSS" },
        { .time = "2006-08-15T03:33:20Z", .id = 5, .provider = "VSS" }
    }, again[] = { { .time = "2006-08-20T03:33:20Z", .id = 5, .provider = "VSS" } };
    run r = { 0 };

    join_chunk(0, first, 3, 1);
    join_chunk(1, back, 3, 4);
    join_chunk(2, again, 1, 6);
    expect_joined_both_ways(3, "taught");
    run_evx(&r, "sessions", "--jsonl", "a.evtx");
    cr_expect(*cleared(&r) != 0 && r.status == 1, "%d, %s", r.status, r.out);
    run_free(&r);
}

/* A record without a time stands first in a run: what is earlier than its last one is in it. */
Test(sessions, a_run_that_begins_without_a_time)
{
    static const mk_event events[] = {
        { .time = "2006-08-14T03:43:20Z", .id = 5, .provider = "ESE" },
        { .time = "2006-08-14T03:44:20Z", .id = 5, .provider = "VSS" },
        { .time = "2006-08-14T03:45:20Z", .id = 9604 },
        { .time = "2006-08-14T03:46:20Z", .id = 9606, .payload = "Volume snap occurring." },
        { .time = "72623859790382856", .id = 5, .provider = "ESE" },
        { .time = "2006-08-14T03:33:20Z", .id = 5, .provider = "ESE" },
        { .time = "2006-08-14T04:33:20Z", .id = 5, .provider = "ESE" },
        { .time = "2006-08-14T07:33:20Z", .id = 5, .provider = "ESE" }
    };
    run r = { 0 };

    join_chunk(0, events, 8, 1);
    for (size_t at = 4096; at + 8 <= MADE; at++)     /* 0x0102030405060708 becomes 0            */
        if (memcmp(joined + at, "\x08\x07\x06\x05\x04\x03\x02\x01", 8) == 0)
            memset(joined + at, 0, 8);
    seal(joined + 4096);
    expect_joined_both_ways(1, "no time");
    run_evx(&r, "sessions", "a.evtx");
    cr_expect(!strstr(r.out, "nobody") && strstr(r.out, "VSS"), "%s", r.out);
    run_free(&r);
}

/* The clock was a few days ahead inside a chunk, where the session is. */
Test(sessions, neighbours_in_the_middle_of_a_chunk)
{
    static const mk_event events[] = {
        { .time = "2006-08-14T03:33:20Z", .id = 5, .provider = "ESE" },
        { .time = "2006-08-14T03:34:20Z", .id = 5, .provider = "ESE" },
        { .time = "2006-08-19T03:33:20Z", .id = 5, .provider = "VSS" },
        { .time = "2006-08-19T03:34:20Z", .id = 9604 },
        { .time = "2006-08-19T03:35:20Z", .id = 9606, .payload = "Volume snap occurring." },
        { .time = "2006-08-14T03:35:20Z", .id = 5, .provider = "ESE" },
        { .time = "2006-08-14T03:36:20Z", .id = 5, .provider = "ESE" }
    };
    run r = { 0 };

    join_chunk(0, events, 7, 1);
    expect_joined_both_ways(1, "ahead");
    run_evx(&r, "sessions", "a.evtx");
    cr_expect(strstr(r.out, "VSS"), "%s", r.out);
    run_free(&r);
}

/* A legacy log behind another one is read as if it stood alone. */
Test(sessions, a_legacy_log_behind_another)
{
    static const char *const names[] = { "cleared-inside", "cleared-then-quiet", "stuck", "clean" };
    run forward = { 0 }, back = { 0 };
    char said[4096], evt[512];

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(evt, sizeof evt, EXCHANGE "%s.evt", names[i]);
        run_evx(&forward, "sessions", "--jsonl", EXCHANGE "no-writer-events.evtx", evt);
        run_evx(&back, "sessions", "--jsonl", evt, EXCHANGE "no-writer-events.evtx");
        snprintf(said, sizeof said, "%s %s", summary(forward.out), cleared(&forward));
        cr_expect(strncmp(said, summary(back.out), strlen(summary(back.out))) == 0, "%s", said);
        cr_expect(strstr(said, cleared(&back)) && forward.status == back.status, "%s", names[i]);
    }
    run_free(&forward);
    run_free(&back);
}
