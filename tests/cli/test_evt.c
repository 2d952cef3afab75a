/* tests/cli/test_evt.c - legacy logs: told by content, oldest first, the same sessions and text */
#include "run.h"
#include "scenes.h"

TestSuite(evt, .init = run_begin, .fini = run_end);

static uint8_t mem[KIT_SCENE_MEM], legacy[KIT_EVT_MEM];
static mk_log g;
static mk_evt e;

static mk_bytes story(const char *name)
{
    size_t i = 0;

    while (strcmp(kit_scene_at(i)->name, name) != 0)
        i++;
    return kit_scene_make_evt(kit_scene_at(i), &g, mem, sizeof mem, &e, legacy);
}

static void save(const char *file, const char *name)
{
    mk_bytes log = story(name);

    run_save(file, log.ptr, log.len);
}

/* Without `"key": value` up to the next mark. */
static void drop(char *text, const char *key)
{
    for (char *at = strstr(text, key); at; at = strstr(at, key)) {
        char *end = at + strcspn(at, "}]");
        memmove(at, end, strlen(end) + 1);
    }
}

/* The records' numbers in a dump: "1 2 3 ". */
static char *numbers(const char *text)
{
    static char line[4096];
    size_t used = 0;

    line[0] = 0;
    for (const char *p = strstr(text, "EventRecordID\":"); p; p = strstr(p, "EventRecordID\":")) {
        p += 15;
        used += (size_t)snprintf(line + used, sizeof line - used, "%d ", atoi(p));
    }
    return line;
}

static const char *count_to(int n)
{
    static char line[4096];
    size_t used = 0;

    for (int i = 1; i <= n; i++)
        used += (size_t)snprintf(line + used, sizeof line - used, "%d ", i);
    return line;
}

/* Sessions, verdicts and exit status of each story are those of its EVTX version. */
Test(evt, same_sessions)
{
    const kit_scene *s;
    size_t told = 0;

    for (size_t i = 0; (s = kit_scene_at(i)) != NULL; i++) {
        mk_bytes log = kit_scene_make_evt(s, &g, mem, sizeof mem, &e, legacy);
        run a = { 0 }, b = { 0 };
        if (!log.ptr)
            continue;
        run_save("log", log.ptr, log.len);
        run_evx(&a, "sessions", "--jsonl", "log");
        log = kit_scene_make(s, &g, mem, sizeof mem);
        run_save("log", log.ptr, log.len);
        run_evx(&b, "sessions", "--jsonl", "log");
        cr_assert(strstr(a.out, "\"format\": \"evt\"") && strstr(b.out, "\"format\": \"evtx\""));
        cr_assert(a.status == b.status, "%s: %d and %d", s->name, a.status, b.status);
        drop(a.out, ", \"file\": ");
        drop(b.out, ", \"file\": ");
        drop(strstr(a.out, "{\"type\": \"file\""), "\"type\": \"file\"");
        drop(strstr(b.out, "{\"type\": \"file\""), "\"type\": \"file\"");
        cr_assert(strcmp(a.out, b.out) == 0, "%s\n%s\n%s", s->name, a.out, b.out);
        run_free(&a);
        run_free(&b);
        told++;
    }
    cr_assert(told >= 30);
}

/* One log given in both forms is one log. */
Test(evt, both_forms)
{
    run r = { 0 };
    mk_bytes log = story("stuck");

    run_save("AppEvent.Evt", log.ptr, log.len);
    log = kit_scene_make(kit_scene_at(1), &g, mem, sizeof mem);
    run_save("Application.evtx", log.ptr, log.len);
    run_evx(&r, "sessions", "--jsonl", ".");
    cr_assert(r.status == 10 && strstr(r.out, "\"state\": \"unfinished\""), "%s", r.out);
    cr_assert(run_lines(r.out) == 4 + 1 + 2, "%s", r.out);
    run_free(&r);
}

/* The oldest record comes first where a file can be read twice; else the file's order is kept. */
Test(evt, ring)
{
    run r = { 0 };
    mk_bytes log;
    char *got;

    save("ring", "ring-order");
    run_evx(&r, "dump", "-o", "jsonl", "ring");
    cr_assert(r.status == 0 && *r.err == 0, "%s", r.err);
    cr_assert_str_eq(numbers(r.out), count_to(56));
    log = story("ring-order");
    r.in = log.ptr;
    r.in_len = log.len;
    for (r.piece = 0; r.piece < 3000; r.piece += 1001) {
        run_evx(&r, "dump", "-o", "jsonl", "-");
        cr_assert(r.status == 0, "%s", r.err);
        got = numbers(r.out);
        cr_assert(strncmp(got, "1 ", 2) != 0 && strstr(got, " 56 1 2 3 "), "%s", got);
    }
    run_evx(&r, "sessions", "-");
    cr_assert(r.status == 10 && strstr(r.out, "stuck"), "%s", r.out);
    run_free(&r);
}

Test(evt, text)
{
    run r = { 0 };

    save("log", "stuck");
    run_evx(&r, "dump", "--events", "35", "log");
    cr_assert(r.status == 0 && strncmp(r.out, "Record 35\n<?xml", 15) == 0, "%s", r.out);
    cr_assert(strstr(r.out, "<EventID Qualifiers=\"16384\">9606</EventID>"));
    cr_assert(strstr(r.out, "<Binary>566F6C756D6520736E6170206F6363757272696E672E00</Binary>"));
    cr_assert(!strstr(r.out, "<Channel>"));
    run_evx(&r, "dump", "-o", "jsonl", "--since", "2006-09-04", "--until", "2006-09-04T03:00",
            "log");
    cr_assert(r.status == 0 && run_lines(r.out) == 6, "%s", r.out);
    run_free(&r);
}

Test(evt, info)
{
    run r = { 0 };

    save("log", "live");
    run_evx(&r, "info", "log");
    cr_assert(r.status == 0 && strstr(r.out, "  version    1.1, legacy (EVT)\n"), "%s", r.out);
    cr_assert(strstr(r.out, "dirty") && strstr(r.out, "  end record sound\n"));
    cr_assert(strstr(r.out, "  records    53: 53 decoded, 0 recovered, 0 lost\n"));
    cr_assert(strstr(r.out, "  order      ascending") && !strstr(r.out, "chunks"));
    save("log", "ring-order");
    run_evx(&r, "info", "--json", "log");
    cr_assert(r.status == 0 && strstr(r.out, "\"format\":\"evt\""), "%s", r.out);
    cr_assert(strstr(r.out, "\"order\":{\"kind\":\"ring\",\"stale_records\":0}"), "%s", r.out);
    cr_assert(strstr(r.out, "\"end_record\":{\"offset\":"));
    run_free(&r);
}

Test(evt, damage)
{
    run r = { 0 };
    mk_bytes log = story("stuck");

    run_save("log", log.ptr, log.len - 100);         /* the last record, in part */
    run_evx(&r, "dump", "-o", "jsonl", "log");
    cr_assert(r.status == 1 && run_lines(r.out) == 73, "%s", r.err);
    cr_assert(strstr(r.err, "record 73 was read in part: not all that it counts is there"));
    cr_assert(strstr(r.err, "bytes lost: input ends in front of records"), "%s", r.err);
    memset(log.ptr + 48, 0, 80);
    run_save("log", log.ptr, log.len);
    run_evx(&r, "dump", "-o", "jsonl", "log");
    cr_assert(r.status == 1 && run_lines(r.out) == 72, "%s", r.err);
    cr_assert(strstr(r.err, "at offset 48 (0x30)"), "%s", r.err);
    run_evx(&r, "dump", "--stop-after-one-error", "log");
    cr_assert(r.status == 1 && r.out_len == 0);
    run_free(&r);
}

/* Told by content, never by name; what only begins as one is said; none is overwritten. */
Test(evt, content)
{
    run r = { 0 };
    mk_bytes log = story("clean");

    run_save("photo.jpg", log.ptr, log.len);
    run_evx(&r, "dump", "-o", "jsonl", ".");
    cr_assert(r.status == 0 && run_lines(r.out) == 66);
    run_save("short", log.ptr, 40);
    run_evx(&r, "info", "short");
    cr_assert(r.status == 3 && strstr(r.err, "legacy file header cut short"), "%s", r.err);
    run_evx(&r, "dump", "--no-confirm-overwrite", "-f", "photo.jpg", "photo.jpg");
    cr_assert(r.status == 2, "%s", r.err);
    run_evx(&r, "dump", "-o", "jsonl", "photo.jpg");
    cr_assert(r.status == 0 && run_lines(r.out) == 66);
    run_save("AppEvent.Evt", "no log at all", 13);
    run_evx(&r, "dump", "AppEvent.Evt");
    cr_assert(r.status == 3 && strstr(r.err, "no event log"), "%s", r.err);
    run_free(&r);
}

/* Its records are found in other bytes at any alignment, each where it stands. */
Test(evt, carved)
{
    run r = { 0 };
    mk_bytes log = story("stuck");
    size_t pad = 3001, records;
    uint8_t *blob = malloc(pad + log.len + 100);
    char *want, place[64];

    save("a.evt", "stuck");
    run_evx(&r, "dump", "-o", "jsonl", "a.evt");
    records = run_lines(r.out);
    want = strdup(numbers(r.out));
    memset(blob, '*', pad);
    memcpy(blob + pad, log.ptr, log.len);
    memset(blob + pad + log.len, 'L', 100);
    run_save("blob", blob, pad + log.len + 100);
    run_evx(&r, "carve", "-o", "jsonl", "blob");
    cr_expect(r.status == 0 && records > 10 && run_lines(r.out) == records, "%s", r.err);
    cr_expect_str_eq(numbers(r.out), want);
    snprintf(place, sizeof place, "{\"origin\":\"carved\",\"offset\":%zu}", pad + 48);
    cr_expect(strncmp(r.out + strlen("{\"Recovered\":"), place, strlen(place)) == 0, "%.99s",
              r.out);
    free(want);
    free(blob);
    run_free(&r);
}
