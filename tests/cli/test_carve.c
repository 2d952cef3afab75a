/* tests/cli/test_carve.c - evx carve and dump --recover: all that is whole is found, and marked */
#include "mkint.h"
#include "run.h"

TestSuite(carve, .init = run_begin, .fini = run_end, .timeout = 120);

static size_t count(const char *text, const char *words)
{
    size_t n = 0;

    for (const char *at = text; (at = strstr(at, words)) != NULL; at++)
        n++;
    return n;
}

/* The chunk's records end at `off`, as far as its header says; what is behind it becomes slack. */
static void end_at(uint8_t *chunk, uint32_t off)
{
    uint32_t at = 512, next = 512;

    while (next < off) {
        at = next;
        next += (uint32_t)mk_get_int(chunk + at + 4, 4);
    }
    mk_store(chunk + 16, mk_get_int(chunk + at + 8, 8), 8);
    mk_store(chunk + 32, mk_get_int(chunk + at + 8, 8), 8);
    mk_store(chunk + 44, at, 4);
    mk_store(chunk + 48, off, 4);
}

static uint64_t state = 11;

static uint8_t noise(void)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint8_t)(state >> 56);
}

Test(carve, help_fits_a_screen)
{
    run r = { 0 };

    run_evx(&r, "carve", "--help");
    cr_expect(r.status == 0 && strstr(r.out, "usage: evx carve") && run_lines(r.out) <= 24);
    run_evx(&r, "carve");
    cr_expect(r.status == 2 && strstr(r.err, "no path given"));
    run_evx(&r, "carve", "-o", "csv", "x");
    cr_expect(r.status == 2 && strstr(r.err, "there are xml, json, jsonl"));
    run_evx(&r, "carve", "missing");
    cr_expect(r.status == 3 && strstr(r.err, "missing: "));
    run_evx(&r, "carve", ".");
    cr_expect(r.status == 3 && strstr(r.err, "is a folder"));
    run_free(&r);
}

/* Six chunks in another order, each behind noise of odd length, one cut short by the next, one at
 * the end of the blob; and a record alone. In one piece, in small pieces, and from a file. */
Test(carve, a_shuffled_blob, .timeout = 240)
{
    static const unsigned order[] = { 3, 0, 5, 1, 4, 2 };
    enum { EACH = 20, CUT_AT = 9 };
    run r = { 0 };
    run_log *l = run_make(6, EACH);
    size_t cap = 6 * (65536 + 5000) + 5000, len = 0, cut, want;
    uint8_t *blob = malloc(cap);

    for (unsigned i = 0; i < 6; i++) {
        size_t pad = 1 + 37 * i + (i == 2 ? 4000 : 0), n = 65536;
        for (size_t k = 0; k < pad; k++)
            blob[len++] = noise();
        cut = l->at[order[i] * EACH + CUT_AT] - MK_FILE_HEADER - order[i] * 65536u;
        if (i == 1 || i == 5)
            n = cut;                 /* nine records are whole */
        memcpy(blob + len, l->mem + MK_FILE_HEADER + order[i] * 65536u, n);
        len += n;
    }
    want = 4 * EACH + 2 * CUT_AT;
    run_save("blob", blob, len);
    run_evx(&r, "carve", "-o", "jsonl", "blob");
    cr_expect(r.status == 0 && run_lines(r.out) == want, "%zu, not %zu: %s", run_lines(r.out), want,
              r.err);
    cr_expect(count(r.out, "{\"Recovered\":{\"origin\":\"chunk\",\"offset\":") == want);
    cr_expect(strstr(r.err, "6 chunks; 0 records alone"), "%s", r.err);
    for (unsigned i = 0; i < 6; i++)
        for (unsigned k = 0; k < (i == 1 || i == 5 ? CUT_AT : EACH); k++) {
            char words[64];
            snprintf(words, sizeof words, "\"EventID\":%u}", 1000 + order[i] * EACH + k);
            cr_expect(count(r.out, words) == 1, "%s", words);
        }
    for (size_t piece = 1000; piece < 200000; piece = piece * 5 + 13) {
        char *whole = strdup(r.out);
        r.in = blob;
        r.in_len = len;
        r.piece = piece;
        run_evx(&r, "carve", "-o", "jsonl", "-");
        cr_expect(strcmp(r.out, whole) == 0);
        free(whole);
    }
    run_free(&r);
    free(blob);
    free(l);
}

/* The first record of a chunk brings its definition, and serves those behind it; a record in front
 * of it keeps its values only. */
Test(carve, lone_records)
{
    run r = { 0 };
    run_log *l = run_make(1, 3);
    size_t one = l->at[1] - l->at[0], two = l->at[2] - l->at[1], len = 3001;
    uint8_t *blob = malloc(10000);

    for (size_t i = 0; i < 10000; i++)
        blob[i] = noise();
    memcpy(blob + len, l->mem + l->at[0], one);
    memcpy(blob + len + one + 7, l->mem + l->at[1], two);
    memcpy(blob + 9000, l->mem + l->at[1], two);
    memcpy(blob + 100, l->mem + l->at[1], two);
    run_save("blob", blob, 10000);
    run_evx(&r, "carve", "-o", "jsonl", "blob");
    cr_expect(r.status == 0 && run_lines(r.out) == 3, "%s%s", r.out, r.err);
    cr_expect(count(r.out, "\"origin\":\"carved\"") == 2);
    cr_expect(strstr(r.out, "{\"Recovered\":{\"origin\":\"carved\",\"offset\":3001},\"Event\":{"
                            "\"System\":{\"EventID\":1000}"), "%s", r.out);
    cr_expect(strstr(r.out, "{\"Recovered\":{\"origin\":\"values\",\"offset\":"));
    cr_expect(strstr(r.out, "{\"index\":0,\"type\":\"UInt16\",\"value\":1001}"));
    cr_expect(strstr(r.err, "left out: 1 found twice"), "%s", r.err);
    run_evx(&r, "carve", "-o", "xml", "--no-values", "blob");
    cr_expect(strstr(r.out, "Record 1\n<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                            "<!-- recovered: carved, offset 3001 -->\n<Event>\n"));
    cr_expect(r.status == 0);
    cr_expect(count(r.out, "recovered:") == 2);
    memset(blob, 0, 1000);
    run_save("blob", blob, 3001);
    run_evx(&r, "carve", "-o", "jsonl", "blob");
    cr_expect(r.status == 3 && !*r.out);
    run_free(&r);
    free(blob);
    free(l);
}

/* Wherever a thing lies, also where windows of the reader meet: found, and found as the same. */
Test(carve, at_every_kind_of_place, .timeout = 240)
{
    static const size_t places[] = { 0, 400000, 524388, 589000, 589823, 590148, 590548, 655359 };
    run r = { 0 };
    run_log *l = run_make(1, 20);
    size_t cap = 900000, body = l->at[0], len = l->at[19] - body;
    uint8_t *blob = malloc(cap);

    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        for (size_t k = 0; k < cap; k++)
            blob[k] = noise();
        memcpy(blob + places[i], l->mem + MK_FILE_HEADER, MK_CHUNK);
        run_save("blob", blob, cap);
        run_evx(&r, "carve", "-o", "jsonl", "blob");
        cr_expect(count(r.out, "{\"origin\":\"chunk\",") == 20, "%zu: %s", places[i], r.err);
        for (size_t k = 0; k < MK_CHUNK; k++)
            blob[places[i] + k] = noise();
        memcpy(blob + places[i] + 600, l->mem + body, len);      /* no header: records alone */
        run_save("blob", blob, cap);
        run_evx(&r, "carve", "-o", "jsonl", "blob");
        cr_expect(count(r.out, "{\"origin\":\"carved\",") == 19, "%zu: %s", places[i], r.err);
    }
    run_free(&r);
    free(blob);
    free(l);
}

/* Values that were found first do not stand in the way of the whole record. */
Test(carve, the_better_copy_wins)
{
    run r = { 0 };
    run_log *l = run_make(1, 4);
    size_t one = l->at[2] - l->at[1];
    uint8_t *blob = calloc(1, 3000 + MK_CHUNK + 1000);

    memcpy(blob + 100, l->mem + l->at[1], one);
    memcpy(blob + 3000, l->mem + MK_FILE_HEADER, MK_CHUNK);
    memcpy(blob + 3000 + MK_CHUNK + 100, l->mem + l->at[1], one);
    run_save("blob", blob, 3000 + MK_CHUNK + 1000);
    run_evx(&r, "carve", "-o", "jsonl", "blob");
    cr_expect(count(r.out, "\"origin\":\"values\"") == 1, "%s", r.out);
    cr_expect(count(r.out, "\"origin\":\"chunk\"") == 4, "%s", r.out);
    cr_expect(strstr(r.err, "1 found twice"), "%s", r.err);
    run_free(&r);
    free(blob);
    free(l);
}

/* What lies behind the records of a chunk may come from anywhere, at any alignment. */
Test(carve, foreign_records_in_slack)
{
    run r = { 0 };
    run_log *l = run_make(1, 12), *other = run_make(1, 4);
    size_t end = l->at[11], one = l->at[5] - l->at[4];
    uint8_t *chunk = l->mem + MK_FILE_HEADER;
    uint32_t off = (uint32_t)(l->at[2] - MK_FILE_HEADER);

    end_at(chunk, off);
    memset(l->mem + l->at[2], 0, end - l->at[2] + 400);
    memcpy(chunk + off + 1003, other->mem + other->at[3], one);
    chunk[off + 1003 + 8] = 99;      /* another record id, and so another record */
    run_save("blob", l->mem + MK_FILE_HEADER, MK_CHUNK);
    run_evx(&r, "carve", "-o", "jsonl", "blob");
    cr_expect(count(r.out, "\"origin\":\"chunk\"") == 2, "%s", r.err);
    cr_expect(count(r.out, "\"origin\":\"slack\"") == 1, "%s", r.out);
    memset(chunk + 560, 0, 16);      /* the definition is gone: values are left */
    run_save("blob", l->mem + MK_FILE_HEADER, MK_CHUNK);
    run_evx(&r, "carve", "-o", "jsonl", "blob");
    cr_expect(count(r.out, "\"origin\":\"values\"") >= 1, "%s", r.out);
    run_free(&r);
    free(other);
    free(l);
}

/* ---- a chunk made of lies -------------------------------------------------------------------- */

typedef struct pen { uint8_t *chunk; uint32_t at; } pen;

static void put(pen *p, const void *bytes, size_t n)
{
    memcpy(p->chunk + p->at, bytes, n);
    p->at += (uint32_t)n;
}

static void put_int(pen *p, uint64_t v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        p->chunk[p->at++] = (uint8_t)(i < sizeof v ? v >> (8 * i) : 0);
}

/* link, a GUID that begins with `id` four times, size to be set; returns where it stands */
static uint32_t put_definition(pen *p, uint8_t id, uint32_t size)
{
    uint32_t at = p->at;

    put_int(p, 0, 4);
    put_int(p, id * 0x01010101u, 4);
    put_int(p, 0, 12);
    put_int(p, size, 4);
    put(p, "\x0f\x01\x01\x00", 4);
    return at;
}

/*
 * 24 KB of slack, in which every 64 bytes begin a record that claims 25,600 bytes; its template has
 * 250 places for a template of 2,000 attributes, whose name is 1,024 characters long and has the
 * right hash. Each of them proves nothing, after much work. That took 52 seconds.
 */
static uint32_t put_lies(pen *p)
{
    enum { UNITS = 1024, ATTRIBUTES = 2000, PLACES = 250, CLAIM = 25600 };
    uint32_t name = p->at, hash = 0, inner, outer, count = 0;

    for (int i = 0; i < UNITS; i++)
        hash = hash * 65599 + 'A';
    put_int(p, 0, 4);
    put_int(p, hash & 0xffff, 2);
    put_int(p, UNITS, 2);
    for (int i = 0; i < UNITS; i++)
        put_int(p, 'A', 2);
    put_int(p, 0, 2);
    inner = put_definition(p, 2, 4 + 15 + 5 * ATTRIBUTES + 2);
    put(p, "\x41\xff\xff\0\0\0\0", 7);
    put_int(p, name, 4);
    put_int(p, 0, 4);
    for (int i = 0; i < ATTRIBUTES; i++) {
        put_int(p, 0x46, 1);
        put_int(p, name, 4);
    }
    put_int(p, 3, 2);
    outer = put_definition(p, 1, 4 + 16 + 4 * PLACES + 2);
    put(p, "\x41\xff\xff\0\0\0\0", 7);
    put_int(p, name, 4);
    put_int(p, 0, 4);
    put_int(p, 2, 1);
    for (int i = 0; i < PLACES; i++)
        put(p, "\x0d\0\0\x21", 4);
    put_int(p, 4, 2);
    for (p->at = (p->at + 63) & ~63u; p->at + 64 <= MK_CHUNK; count++) {
        put(p, "**\0", 4);
        put_int(p, CLAIM, 4);
        put_int(p, 7, 8);
        put_int(p, 0x1d30000000000000, 8);
        put(p, "\x0f\x01\x01\x00\x0c\x01\x01\x01\x01\x01", 10);
        put_int(p, outer, 4);
        put_int(p, 1, 4);
        put_int(p, 14 | 0x21 << 16, 4);
        put(p, "\x0c\x01\x02\x02\x02\x02", 6);
        put_int(p, inner, 4);
        put_int(p, 0, 4);
        put_int(p, CLAIM, 4);
        p->at = (p->at + 63) & ~63u;
    }
    return count;
}

Test(carve, slack_that_takes_long, .timeout = 20)
{
    run r = { 0 };
    run_log *l = run_make(1, 2);
    pen p = { l->mem + MK_FILE_HEADER, 0 };

    p.at = (uint32_t)(l->at[1] - MK_FILE_HEADER) + 1000;
    cr_assert(put_lies(&p) > 500);
    run_save("a.evtx", l->bytes.ptr, l->bytes.len);
    run_evx(&r, "dump", "-o", "jsonl", "--recover", "a.evtx");
    cr_expect(r.status == 0 && count(r.out, "EventID") == 2, "%s", r.err);
    run_evx(&r, "carve", "-o", "jsonl", "a.evtx");
    cr_expect(r.status == 0 && count(r.out, "EventID") == 2, "%s", r.err);
    run_free(&r);
    free(l);
}

/*
 * 40 sound records in slack, each of 200 empty strings in an element that holds 4,000 letters too:
 * 800 KB of text out of 500 bytes. Written in a row, as from one chunk they would be, they are
 * bounded together.
 */
static void put_wordy(pen *p)
{
    enum { LETTERS = 4000, STRINGS = 200, RECORDS = 40, SIZE = 480 };
    uint32_t name = p->at, definition;

    put_int(p, 0, 4);
    put_int(p, 'A', 2);
    put_int(p, 1, 2);
    put(p, "A\0\0", 4);
    definition = put_definition(p, 1, 4 + 12 + 12 + 4 + 2 * LETTERS + 4 + 3);
    for (int i = 0; i < 2; i++) {
        put(p, "\x01\xff\xff\0\0\0\0", 7);
        put_int(p, name, 4);
        put_int(p, 2, 1);
    }
    put(p, "\x05\x01", 2);
    put_int(p, LETTERS, 2);
    for (int i = 0; i < LETTERS; i++)
        put_int(p, 'x', 2);
    put(p, "\x0d\0\0\x81\x04\x04\0", 7);
    for (int i = 0; i < RECORDS; i++) {
        uint32_t at = p->at = (p->at + 7) & ~7u;
        put(p, "**\0", 4);
        put_int(p, SIZE, 4);
        put_int(p, 100 + (unsigned)i, 8);
        put_int(p, 0x1d30000000000000, 8);
        put(p, "\x0f\x01\x01\x00\x0c\x01\x01\x01\x01\x01", 10);
        put_int(p, definition, 4);
        put_int(p, 1, 4);
        put_int(p, 2 * STRINGS | 0x81 << 16, 4);
        p->at = at + SIZE - 4;
        put_int(p, SIZE, 4);
    }
}

static void check_wordy(const run *r)
{
    cr_expect(r->status == 0 && count(r->out, ": slack, offset") > 3, "%s", r->err);
    cr_expect(strlen(r->out) < 12000000, "%zu bytes", strlen(r->out));
    cr_expect(!strstr(r->err, " 0 that prove nothing"), "%s", r->err);
}

Test(carve, slack_that_says_much)
{
    run r = { 0 };
    run_log *l = run_make(1, 2);
    pen p = { l->mem + MK_FILE_HEADER, 0 };

    p.at = (uint32_t)(l->at[1] - MK_FILE_HEADER) + 1000;
    put_wordy(&p);
    cr_assert(p.at <= MK_CHUNK);
    run_save("a.evtx", l->bytes.ptr, l->bytes.len);
    run_evx(&r, "dump", "--recover", "a.evtx");
    check_wordy(&r);
    run_evx(&r, "carve", "a.evtx");
    check_wordy(&r);
    run_free(&r);
    free(l);
}

/* Memory does not grow with the blob. */
Test(carve, memory_is_fixed)
{
    run r = { 0 };
    run_log *l = run_make(6, 20);

    r.in = l->bytes.ptr;
    r.in_len = l->bytes.len;
    r.repeat = 200;
    run_evx(&r, "carve", "-o", "jsonl", "-");
    cr_expect(r.status == 0 && run_lines(r.out) == 120, "%zu: %s", run_lines(r.out), r.err);
    cr_expect(RUN_SANITIZED || r.peak_kib < 8192, "%ld KiB", r.peak_kib);
    run_free(&r);
    free(l);
}

/* ---- dump --recover -------------------------------------------------------------------------- */

/* A record that is one empty element; its root's name stands right there. Returns its end. */
static uint32_t put_named(uint8_t *chunk, uint32_t at, uint32_t size, const char *name)
{
    pen p = { chunk, at };
    uint32_t hash = 0;

    for (const char *c = name; *c; c++)
        hash = hash * 65599 + (uint8_t)*c;
    memset(chunk + at, 0, size);
    put(&p, "**\0", 4);
    put_int(&p, size, 4);
    put_int(&p, at, 8);
    put_int(&p, 0x1d30000000000000, 8);
    put(&p, "\x0f\x01\x01\0\x01\0\0\0\0", 9);
    put_int(&p, p.at + 4, 4);
    put_int(&p, 0, 4);
    put_int(&p, hash & 0xffff, 2);
    put_int(&p, strlen(name), 2);
    for (; *name; name++)
        put_int(&p, (uint8_t)*name, 2);
    put_int(&p, 0, 2);
    put_int(&p, 3, 2);
    p.at = at + size - 4;
    put_int(&p, size, 4);
    return p.at;
}

/* An event whose root is called like the mark does not make a key twice. */
Test(carve, an_element_called_recovered)
{
    run r = { 0 };
    run_log *l = run_make(1, 2);
    uint8_t *chunk = l->mem + MK_FILE_HEADER;
    uint32_t at = (uint32_t)(l->at[1] - MK_FILE_HEADER);

    at = put_named(chunk, at, 80, "Recovered");
    at = put_named(chunk, at, 80, "Recovered_");
    (void)put_named(chunk, at, 80, "Recovered2");
    run_save("blob", chunk, MK_CHUNK);
    run_evx(&r, "carve", "-o", "jsonl", "blob");
    cr_expect(run_lines(r.out) == 4, "%s", r.err);
    cr_expect(count(r.out, "{\"Recovered_\":{\"origin\":") == 1, "%s", r.out);
    cr_expect(count(r.out, "{\"Recovered__\":{\"origin\":") == 1, "%s", r.out);
    cr_expect(count(r.out, "{\"Recovered\":{\"origin\":") == 2, "%s", r.out);
    run_free(&r);
    free(l);
}

/* Slack whose template stands is given, once; slack whose template was written over is not. */
Test(carve, slack_of_a_log)
{
    run r = { 0 };
    run_log *l = run_make(1, 6);
    uint32_t off = (uint32_t)(l->at[4] - MK_FILE_HEADER);
    uint8_t *chunk = l->mem + MK_FILE_HEADER;

    end_at(chunk, off);
    mk_fix(l->bytes.ptr, l->bytes.len);
    run_save("a.evtx", l->bytes.ptr, l->bytes.len);
    run_evx(&r, "dump", "-o", "jsonl", "a.evtx");
    cr_expect(run_lines(r.out) == 4 && !strstr(r.out, "Recovered"));
    run_evx(&r, "dump", "-o", "jsonl", "--recover", "a.evtx");
    cr_expect(r.status == 0 && run_lines(r.out) == 6);
    cr_expect(count(r.out, "{\"Recovered\":{\"origin\":\"slack\",\"offset\":") == 2, "%s", r.out);
    cr_expect(strstr(r.err, "recovered: 2 records"), "%s", r.err);
    memcpy(chunk + off, l->mem + l->at[0], l->at[1] - l->at[0]);    /* a copy of a live one */
    memset(chunk + off + 100, 0, 8);
    mk_fix(l->bytes.ptr, l->bytes.len);
    run_save("a.evtx", l->bytes.ptr, l->bytes.len);
    run_evx(&r, "dump", "-o", "jsonl", "--recover", "a.evtx");
    cr_expect(count(r.out, "slack") <= 1);
    run_free(&r);
    free(l);
}

/* Conditions hold for recovered records too, and a hidden one does not need its parent. */
Test(carve, conditions)
{
    run r = { 0 };
    run_log *l = run_make(1, 6);
    uint8_t *chunk = l->mem + MK_FILE_HEADER;
    uint32_t off = (uint32_t)(l->at[4] - MK_FILE_HEADER);

    mk_swallow(&l->file, l->at[1]);  /* record 3, event 1002, is hidden in record 2 */
    end_at(chunk, off);
    run_save("a.evtx", l->bytes.ptr, l->bytes.len);
    run_evx(&r, "dump", "-o", "jsonl", "--recover", "a.evtx");
    cr_expect(count(r.out, "\"hidden\"") == 1 && count(r.out, "\"slack\"") == 2, "%s", r.out);
    run_evx(&r, "dump", "-o", "jsonl", "--recover", "--event-id", "1002", "a.evtx");
    cr_expect(run_lines(r.out) == 1 && count(r.out, "\"hidden\"") == 1, "%s", r.out);
    run_evx(&r, "dump", "-o", "jsonl", "--recover", "--event-id", "1000,1005", "a.evtx");
    cr_expect(run_lines(r.out) == 2 && count(r.out, "\"slack\"") == 1, "%s", r.out);
    run_evx(&r, "dump", "-o", "jsonl", "--recover", "--since", "2099-01-01", "a.evtx");
    cr_expect(run_lines(r.out) == 0, "%s", r.out);
    run_evx(&r, "dump", "-o", "jsonl", "--recover", "--events", "6", "a.evtx");
    cr_expect(run_lines(r.out) == 1 && count(r.out, "\"EventID\":1005") == 1, "%s%s", r.out,
              r.err);
    run_free(&r);
    free(l);
}

/* The parent of a hidden record is broken: what it hides is found all the same, and named. */
Test(carve, hidden_in_a_broken_record)
{
    run r = { 0 };
    run_log *l = run_make(1, 4);

    mk_swallow(&l->file, l->at[1]);
    l->mem[l->at[1] + 28] = 0x7f;
    run_save("a.evtx", l->bytes.ptr, l->bytes.len);
    run_evx(&r, "dump", "-o", "jsonl", "--recover", "a.evtx");
    cr_expect(r.status == 1 && count(r.out, "\"hidden\"") == 1, "%s%s", r.out, r.err);
    run_evx(&r, "carve", "-o", "jsonl", "a.evtx");
    cr_expect(count(r.out, "\"hidden\"") == 1, "%s", r.out);
    run_evx(&r, "verify", "a.evtx");
    cr_expect(strstr(r.out, "record 3: hidden inside record 2"), "%s", r.out);
    run_free(&r);
    free(l);
}

/* A live record whose definition is gone: lost without --recover, its values with it. */
Test(carve, values_of_a_lost_template)
{
    run r = { 0 };
    run_log *l = run_make(1, 4);
    uint32_t def = mk_def_at(&l->file, 0);

    l->mem[MK_FILE_HEADER + def + 4] ^= 0xff;
    mk_fix(l->bytes.ptr, l->bytes.len);
    run_save("a.evtx", l->bytes.ptr, l->bytes.len);
    run_evx(&r, "dump", "-o", "jsonl", "a.evtx");
    cr_expect(r.status == 1 && run_lines(r.out) == 0);
    run_evx(&r, "dump", "-o", "jsonl", "--recover", "a.evtx");
    cr_expect(r.status == 1 && count(r.out, "\"origin\":\"values\"") == 4, "%s%s", r.out, r.err);
    cr_expect(strstr(r.out, "\"value\":1003}") && strstr(r.err, "was read in part"));
    run_free(&r);
    free(l);
}

/* ---- --wevt ---------------------------------------------------------------------------------- */

/* The definition of all records is gone; the provider's DLL has it. */
Test(carve, a_template_of_the_provider)
{
    static mk_file file;
    static uint8_t mem[MK_FILE_HEADER + MK_CHUNK], dll[300000];
    run r = { 0 };
    run_log *l = run_make(1, 4);
    uint32_t def = mk_def_at(&l->file, 0);
    mk_bytes t = mk_temp(&file, mem, sizeof mem, l->file.tmpl[0].spec, 2);

    cr_assert(t.ptr && def != 0);
    run_save("whole.evtx", l->bytes.ptr, l->bytes.len);
    memset(l->mem + MK_FILE_HEADER + def + 8, 0, 12);
    l->mem[MK_FILE_HEADER + def + 4] ^= 0xff;
    mk_fix(l->bytes.ptr, l->bytes.len);
    run_save("a.evtx", l->bytes.ptr, l->bytes.len);
    for (size_t i = 0; i < sizeof dll; i++)
        dll[i] = noise();
    run_save("no.dll", dll, sizeof dll);
    memcpy(dll + 123457, t.ptr, t.len);
    memcpy(dll + 223457, t.ptr, t.len);
    cr_assert(system("mkdir -p dlls/more") == 0);
    run_save("dlls/a.dll", dll, sizeof dll);
    run_evx(&r, "dump", "-o", "jsonl", "--wevt", "dlls", "a.evtx");
    cr_expect(r.status == 1 && run_lines(r.out) == 3, "%s%s", r.out, r.err);
    cr_expect(count(r.out, "{\"Recovered\":{\"origin\":\"wevt\",\"offset\":") == 3);
    cr_expect(strstr(r.out, "\"EventID\":1003}"));
    cr_expect(strstr(r.out, "\"Note\":\"sh\xc3\xb6n & gut\""));
    cr_expect(strstr(r.err, "templates of --wevt: 3 records; 1 template loaded"), "%s", r.err);
    cr_expect(!strstr(r.err, "GUIDs begin") && strstr(r.err, "recovered: nothing\n"), "%s", r.err);
    run_evx(&r, "carve", "-o", "jsonl", "--wevt", "dlls/a.dll", "a.evtx");
    cr_expect(count(r.out, "\"wevt\"") == 3 && strstr(r.out, "\"EventID\":1003}"), "%s", r.out);
    run_evx(&r, "dump", "-o", "jsonl", "--wevt", "dlls", "whole.evtx");
    cr_expect(r.status == 0 && run_lines(r.out) == 4 && !strstr(r.out, "Recovered"));
    dll[123457 + 24] ^= 1;           /* the template is another one's */
    dll[223457 + 24] ^= 1;
    run_save("other.dll", dll, sizeof dll);
    run_evx(&r, "dump", "-o", "jsonl", "--wevt", "other.dll", "a.evtx");
    cr_expect(r.status == 1 && strstr(r.err, "0 records; 1 template loaded\n"), "%s", r.err);
    cr_expect(strstr(r.err, "their GUIDs begin with "), "%s", r.err);
    run_evx(&r, "dump", "--wevt", "no.dll", "a.evtx");
    cr_expect(r.status == 2 && strstr(r.err, "no.dll: no event templates"), "%s", r.err);
    run_evx(&r, "dump", "--wevt", "nothing", "a.evtx");
    cr_expect(r.status == 2 && strstr(r.err, "--wevt: nothing: No such file"), "%s", r.err);
    cr_expect(run_lines(r.err) == 1, "%s", r.err);
    run_free(&r);
    free(l);
}
