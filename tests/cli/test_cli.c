/* tests/cli/test_cli.c - evx as a program: words, statuses, inputs, damage, outputs */
#include "run.h"

TestSuite(cli, .init = run_begin, .fini = run_end, .timeout = 120);

static void check_words(const run *r, int status, const char *words)
{
    cr_expect(r->status == status, "status %d, not %d; said: %s", r->status, status, r->err);
    cr_expect(strstr(r->err, words), "'%s' is not in: %s", words, r->err);
}

/* ---- words ----------------------------------------------------------------------------------- */

static void check_screen(const char *text)
{
    size_t column = 0;

    cr_expect(run_lines(text) <= 23);        /* of 24, the prompt takes one                   */
    for (; *text; text++) {
        column = *text == '\n' ? 0 : column + 1;
        cr_expect(column <= 80);
    }
}

Test(cli, help_fits_a_screen)
{
    run r = { 0 };

    run_evx(&r, "--help");
    cr_expect(r.status == 0 && strstr(r.out, "usage: evx") && !*r.err);
    check_screen(r.out);
    run_evx(&r, "dump", "--help");
    cr_expect(r.status == 0 && strstr(r.out, "usage: evx dump") && !*r.err);
    check_screen(r.out);
    run_evx(&r, "help", "dump");
    cr_expect(r.status == 0 && strstr(r.out, "usage: evx dump"));
    run_evx(&r, "help", "help");
    cr_expect(r.status == 0 && strstr(r.out, "usage: evx COMMAND"));
    run_evx(&r, "--version");
    cr_expect(r.status == 0 && strncmp(r.out, "evx ", 4) == 0 && run_lines(r.out) == 1);
    run_evx(&r, "version");
    cr_expect(r.status == 0 && strncmp(r.out, "evx ", 4) == 0 && run_lines(r.out) == 1);
    run_evx(&r, "dump", "");
    check_words(&r, 3, "evx: an empty path: No such file");
    run_free(&r);
}

Test(cli, a_wrong_call_says_what_to_do)
{
    static const struct { const char *word[4], *said; } calls[] = {
        { { "dunp", "x" }, "did you mean 'evx dump'" },
        { { "frobnicate", "x" }, "'evx --help' lists them" },
        { { "a.evtx" }, "evx dump a.evtx" },
        { { "-" }, "evx dump -" },
        { { "-v", "a.evtx" }, "a command must come before option -v" },
        { { "" }, "an empty word is no command" },
        { { "help", "nothing" }, "no command 'nothing'" },
        { { "dump" }, "no path given" },
        { { "dump", "--no-indnt", "a.evtx" }, "did you mean --no-indent?" },
        { { "dump", "--formt=xml", "a.evtx" }, "did you mean --format?" },
        { { "dump", "-q", "a.evtx" }, "unknown option -q" },
        { { "dump", "-o", "csv", "a.evtx" }, "xml, json, jsonl" },
        { { "dump", "a.evtx", "-o" }, "--format needs a value" },
        { { "dump", "-oxml", "-ojson", "a.evtx" }, "--format is given twice" },
        { { "dump", "--no-indent=1", "a.evtx" }, "takes no value" },
        { { "dump", "--events=-1", "a.evtx" }, "--events wants" },
        { { "dump", "--events=5-2", "a.evtx" }, "the smaller one first" },
        { { "dump", "--event-id=5-2", "a.evtx" }, "--event-id wants" },
        { { "dump", "--event-id=0-65535,1", "a.evtx" }, "--event-id wants event ids" },
        { { "dump", "--event-id=9-65536", "a.evtx" }, "--event-id wants event ids" },
        { { "dump", "--record-id=0", "a.evtx" }, "--record-id wants EventRecordIDs, from 1 on" },
        { { "dump", "--record-id=1,3", "a.evtx" }, "--events takes several ranges" },
        { { "dump", "--ansi-codec=UTF-8", "a.evtx" }, "has more than one byte for a character" },
        { { "dump", "--events=", "a.evtx" }, "--events wants" },
        { { "dump", "--events=99999999999999999999", "a.evtx" }, "--events wants" },
        { { "dump", "--since=yesterday", "a.evtx" }, "--since wants a time as in 2006-09-02" },
        { { "dump", "--until", "2006-02-30", "a.evtx" }, "--until wants a time" },
        { { "dump", "-t", "many", "a.evtx" }, "--threads wants a number" },
        { { "dump", "-t", "-1", "a.evtx" }, "--threads wants a number, not '-1'" },
        { { "dump", "--wevt-cache", "x", "a.evtx" }, "did you mean --wevt?" },
        { { "dump", "--provider=", "a.evtx" }, "want a name" },
        { { "dump", "--ansi-codec", "ebcdic", "a.evtx" }, "windows-1252" },
        { { "dump", "-", "a.evtx", "-" }, "'-' can be given once" },
    };
    run r = { 0 };

    run_make_file("a.evtx", 1, 1);
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        run_evx(&r, (char *)calls[i].word[0], (char *)calls[i].word[1], (char *)calls[i].word[2],
                (char *)calls[i].word[3]);
        check_words(&r, 2, calls[i].said);
        cr_expect(r.out_len == 0 && run_lines(r.err) <= 2);
    }
    run_argv(&r, (char *[]){ (char *)EVX_TEST_PROGRAM, NULL });
    check_words(&r, 2, "a command is missing");
    run_free(&r);
}

Test(cli, words_are_safe_for_terminals)
{
    run r = { 0 };

    run_evx(&r, "dump", "a\x1b[31m\n\xff\xe2\x80\xae.evtx");
    check_words(&r, 3, "evx: a\\x1b[31m\\x0a\\xff\\u{202e}.evtx: ");
    cr_expect(run_lines(r.err) == 1);
    run_free(&r);
}

/* ---- text ------------------------------------------------------------------------------------ */

#define XML_1                                                                                      \
    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"                                                 \
    "<Event>\n  <System>\n    <EventID>1000</EventID>\n  </System>\n"                              \
    "  <EventData>\n    <Data Name=\"Note\">sh\xc3\xb6n &amp; gut</Data>\n  </EventData>\n"        \
    "</Event>\n\n"
#define FLAT_1                                                                                     \
    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"                                                 \
    "<Event><System><EventID>1000</EventID></System>"                                              \
    "<EventData><Data Name=\"Note\">sh\xc3\xb6n &amp; gut</Data></EventData></Event>\n"
#define JSON_1                                                                                     \
    "{\"Event\":{\"System\":{\"EventID\":1000},\"EventData\":{\"Note\":\"sh\xc3\xb6n & gut\"}}}\n"

Test(cli, the_shapes_and_spellings_of_evtx_dump)
{
    static const struct { const char *word[3], *text; } shapes[] = {
        { { "-v" }, "Record 1\n" XML_1 },
        { { "-o=xml", "--threads=4" }, "Record 1\n" XML_1 },
        { { "-o", "xml", "--dont-show-record-number" }, XML_1 },
        { { "--format", "xml", "--no-indent" }, "Record 1\n" FLAT_1 },
        { { "--format=json", "-t1" }, "Record 1\n" JSON_1 },
        { { "-vojson", "--dont-show-record-number", "--validate-checksums" }, JSON_1 },
        { { "-ojsonl", "-t", "0" }, JSON_1 },
        { { "-o", "jsonl", "--separate-json-attributes" }, JSON_1 },
    };
    run r = { 0 };

    run_make_file("-a.evtx", 1, 1);
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        const char *const *w = shapes[i].word;
        char *argv[8] = { (char *)EVX_TEST_PROGRAM, "dump" };
        int n = 2;
        for (int k = 0; k < 3 && w[k]; k++)
            argv[n++] = (char *)w[k];
        argv[n++] = "--";
        argv[n++] = "-a.evtx";
        run_argv(&r, argv);
        cr_expect(r.status == 0 && strcmp(r.out, shapes[i].text) == 0, "%s: %d %s%s", w[0],
                  r.status, r.out, r.err);
    }
    run_free(&r);
}

Test(cli, events_are_picked_by_number)
{
    run r = { 0 };

    run_make_file("a.evtx", 2, 20);
    run_evx(&r, "dump", "-o", "json", "--events", "0-2,7,38-900", "a.evtx");
    cr_expect(r.status == 0 && run_lines(r.out) == 2 * 6);
    cr_expect(strstr(r.out, "Record 1\n") == r.out && strstr(r.out, "Record 7\n")
              && strstr(r.out, "Record 40\n") && !strstr(r.out, "Record 8\n"));
    run_evx(&r, "dump", "-o", "jsonl", "--events=38-", "a.evtx");
    cr_expect(r.status == 0 && run_lines(r.out) == 3);
    run_evx(&r, "dump", "-o", "jsonl", "--event-id", "1000-1004,1039-", "a.evtx");
    cr_expect(r.status == 0 && run_lines(r.out) == 6);
    run_free(&r);
}

/* A log of one event an hour, from 2006-09-02T00:00:00 on, and one without a time. */
static mk_bytes make_hours(void)
{
    static uint8_t mem[MK_FILE_HEADER + MK_CHUNK];
    static mk_file f;
    uint64_t begin = mk_time("2006-09-02T00:00:00Z");
    uint32_t t;

    mk_begin(&f, mem, sizeof mem);
    t = mk_template(&f, "<E><System><TimeCreated SystemTime='{0:time}'/></System></E>");
    for (unsigned i = 0; i < 24; i++) {
        mk_value v = mk_filetime(begin + i * (uint64_t)36000000000);
        mk_record(&f, i + 1, 0, t, &v, 1);
    }
    mk_record_plain(&f, 25, 0, "<E><System></System></E>");
    return mk_end(&f);
}

Test(cli, events_are_picked_by_time)
{
    static const struct { const char *since, *until; size_t lines; } picks[] = {
        { "--since=2006-09-02", "--until=2006-09-03", 24 },
        { "--since=2006-09-03", "--until=2006-09-04", 0 },
        { "--since=2006-09-02T22:00", "-v", 2 },
        { "--since=2006-09-02 22:00:00.0000001", "-v", 1 },
        { "--since=2006-09-02T22:00:00.0000000Z", "--until=2006-09-02T23:00Z", 1 },
        { "--until=2006-09-02T00:00:01", "-v", 1 },
        { "--since=2006-09-03T00:00:00+01:00", "-v", 1 },
        { "--until=2006-09-01T20:30-0330", "-v", 0 },
        { "--until=2006-09-01T20:30:00.1-0330", "-v", 1 },
        { "--since=1601-01-01", "--until=9999-12-31", 24 },
    };
    static const char *const wrong[] = {
        "--since=", "--since=2006", "--since=2006-9-2", "--since=2006-13-01", "--since=2006-00-01",
        "--since=1600-12-31", "--since=2006-09-31", "--since=2100-02-29", "--since=2006-09-02T",
        "--since=2006-09-02T24:00", "--since=2006-09-02T02:60", "--since=2006-09-02T02:00:",
        "--since=2006-09-02T02:00:00.", "--since=2006-09-02T02:00+1", "--since=2006-09-02T02:00ZZ",
        "--since=2006-09-02Z", "--since=1601-01-01T00:00+01:00", "--since=2006-09-02T02",
    };
    mk_bytes b = make_hours();
    run r = { .in = b.ptr, .in_len = b.len };

    for (size_t i = 0; i < sizeof picks / sizeof *picks; i++) {
        run_evx(&r, "dump", "-ojsonl", (char *)picks[i].since, (char *)picks[i].until, "-");
        cr_expect(r.status == 0 && run_lines(r.out) == picks[i].lines, "%s: %zu\n%s%s",
                  picks[i].since, run_lines(r.out), r.out, r.err);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        run_evx(&r, "dump", (char *)wrong[i], "-");
        cr_expect(r.status == 2 && strstr(r.err, "--since wants a time"), "%s", wrong[i]);
    }
    run_free(&r);
}

/* Numbers that follow each other, more digits, the largest one, and what comes behind that. */
Test(cli, headings)
{
    static const uint64_t ids[] = { 8, 9, 10, 11, 98, 99, 100, 100, 102, UINT64_MAX, 0, 1, 2, 0 };
    static mk_file f;
    static uint8_t mem[MK_FILE_HEADER + MK_CHUNK];
    char want[64], *at;
    run r = { 0 };
    uint32_t t;
    mk_bytes b;

    mk_begin(&f, mem, sizeof mem);
    t = mk_template(&f, "<Event><D>{0:u16}</D></Event>");
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        mk_value v[1] = { mk_u16((uint16_t)i) };
        (void)mk_record(&f, ids[i], mk_time("2006-09-02T02:00:00Z"), t, v, 1);
    }
    b = mk_end(&f);
    cr_assert(b.ptr, "%s", f.failed);
    run_save("a.evtx", b.ptr, b.len);
    run_evx(&r, "dump", "-t1", "--no-indent", "a.evtx");
    at = r.out;
    for (size_t i = 0; at && i < sizeof ids / sizeof ids[0]; i++) {
        snprintf(want, sizeof want, "Record %llu\n", (unsigned long long)ids[i]);
        at = strstr(at, "Record ");
        cr_assert(at && strncmp(at, want, strlen(want)) == 0, "%s is not here: %s", want, at);
        at++;
    }
    cr_expect(at && !strstr(at, "Record "));
    run_free(&r);
}

/* Each condition that is turned around has to be there. */
Test(cli, excluded_conditions)
{
    mk_bytes b = make_hours();
    run r = { .in = b.ptr, .in_len = b.len };

    run_evx(&r, "dump", "-ojsonl", "--since=2006-09-02T02:00", "--exclude=time", "-");
    cr_expect(r.status == 0 && run_lines(r.out) > 0, "%s", r.err);
    run_evx(&r, "dump", "-ojsonl", "--since=2006-09-02T02:00", "--exclude=time,event-id", "-");
    cr_expect(r.status == 2 && strstr(r.err, "--exclude event-id has no condition"), "%s", r.err);
    run_evx(&r, "dump", "-ojsonl", "--exclude=level", "-");
    cr_expect(r.status == 2 && strstr(r.err, "--exclude level has no condition"), "%s", r.err);
    run_free(&r);
}

/* Where `units` would be too many for a name, and lie inside the chunk. */
static uint32_t no_name(const uint8_t *chunk)
{
    uint32_t off = 512, units;

    for (;; off++) {
        units = chunk[off + 6] | (uint32_t)chunk[off + 7] << 8;
        if (units > 4096 && off + 10 + 2 * units < MK_CHUNK)
            return off;
    }
}

/* A template refers to a name where none is: its records lose their text, and keep their values. */
Test(cli, values_where_a_name_is_gone)
{
    run r = { 0 };
    size_t len, all;
    uint8_t *log = (uint8_t *)run_load(EVX_TEST_CORPUS "/exchange/stuck.evtx", &len);
    uint8_t *chunk = log + MK_FILE_HEADER;
    uint32_t at = 512, ref, off;

    while (memcmp(chunk + at, "E\0v\0e\0n\0t\0I\0D", 14) != 0)
        at++;
    off = at - 8;                    /* of the entry, which stands right behind its first use */
    for (ref = at; memcmp(chunk + ref, &off, 4) != 0; ref++)
        ;
    off = no_name(chunk);
    memcpy(chunk + ref, &off, 4);
    run_save("a.evtx", (char *)log, len);
    run_evx(&r, "dump", "-ojsonl", "a.evtx");
    all = run_lines(r.out);
    cr_expect(r.status == 1 && all < 73 && strstr(r.err, "limit reached: length of a name"),
              "%d %s", r.status, r.err);
    run_evx(&r, "dump", "-ojsonl", "--recover", "a.evtx");
    cr_expect(r.status == 1 && run_lines(r.out) == 73, "%zu, %zu", all, run_lines(r.out));
    run_free(&r);
    free(log);
}

Test(cli, ansi_strings_in_their_code_page)
{
    static const char *const pages[][2] = {
        { "windows-1252", "\xc3\xa4" }, { "windows-1251", "\xd0\xb4" }, { "KOI8-R", "\xd0\x94" },
        { "iso-8859-7", "\xce\xb4" },   { "ibm866", "\xd1\x84" },       { "ascii", "\xef\xbf\xbd" },
        { "pua-mapped-binary", "\xef\x9f\xa4" }, { "latin1", "\xc3\xa4" },
        { "x-mac-cyrillic", "\xd0\xb4" },
    };
    static run_log l;
    mk_value v = mk_ansi("\xe4");
    char text[64];
    run r = { 0 };

    mk_begin(&l.file, l.mem, sizeof l.mem);
    mk_record(&l.file, 1, 0, mk_template(&l.file, "<E>{0:ansi}</E>"), &v, 1);
    l.bytes = mk_end(&l.file);
    r.in = l.bytes.ptr;
    r.in_len = l.bytes.len;
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        run_evx(&r, "dump", "-ojsonl", "--ansi-codec", (char *)pages[i][0], "-");
        snprintf(text, sizeof text, "{\"E\":\"%s\"}\n", pages[i][1]);
        cr_expect(r.status == 0 && strcmp(r.out, text) == 0, "%s: %s%s", pages[i][0], r.out, r.err);
    }
    run_evx(&r, "dump", "-ojsonl", "-");
    cr_expect(strcmp(r.out, "{\"E\":\"\xc3\xa4\"}\n") == 0);
    run_free(&r);
}

/* ---- inputs ---------------------------------------------------------------------------------- */

Test(cli, a_pipe_gives_what_the_file_gives)
{
    static const size_t pieces[] = { 0, 1, 4095, 4097, 65535, 65537, 100003 };
    run_log *l = run_make(2, 30);
    run file = { 0 }, pipe = { .in = l->bytes.ptr, .in_len = l->bytes.len };

    run_save("a.evtx", l->bytes.ptr, l->bytes.len);
    run_evx(&file, "dump", "a.evtx");
    cr_assert(file.status == 0 && file.out_len > 0);
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        pipe.piece = pieces[i];
        run_evx(&pipe, "dump", "-");
        cr_expect(pipe.status == 0 && strcmp(pipe.out, file.out) == 0, "%zu", pieces[i]);
    }
    run_free(&file);
    run_free(&pipe);
    free(l);
}

Test(cli, a_cut_input_gives_its_beginning)
{
    run_log *l = run_make(2, 30);
    run file = { 0 }, pipe = { .in = l->bytes.ptr };
    size_t before = 0;

    for (size_t len = 0; len <= l->bytes.len; len += len < 5000 ? 499 : 4999) {
        run_save("a.evtx", l->bytes.ptr, len);
        pipe.in_len = len;
        run_evx(&file, "dump", "-ojsonl", "a.evtx");
        run_evx(&pipe, "dump", "-ojsonl", "-");
        cr_expect(pipe.status == file.status && strcmp(pipe.out, file.out) == 0, "%zu", len);
        cr_expect(run_lines(file.out) >= before, "%zu", len);
        before = run_lines(file.out);
        cr_expect(file.status == (len < 128 ? 3 : before < 60), "%zu: %d", len, file.status);
        cr_expect((file.status == 0) == !*file.err, "%zu: %s", len, file.err);
    }
    cr_expect(before == 60);
    run_free(&file);
    run_free(&pipe);
    free(l);
}

Test(cli, cut_between_two_chunks_is_told)
{
    run_log *l = run_make(2, 30);
    run r = { .in = l->bytes.ptr, .in_len = MK_FILE_HEADER + MK_CHUNK };

    run_evx(&r, "dump", "-ojsonl", "-");
    check_words(&r, 1, "the file ends before 1 of its 2 chunks");
    cr_expect(run_lines(r.out) == 30);
    run_free(&r);
    free(l);
}

Test(cli, a_stream_needs_little_memory)
{
    run_log *l = run_make(8, 60);
    run r = { .in = l->bytes.ptr, .in_len = l->bytes.len, .repeat = 63, .out_path = "/dev/null" };

    run_evx(&r, "dump", "-ojsonl", "-");
    cr_expect(r.status == 0, "%s", r.err);
    cr_expect(RUN_SANITIZED || r.peak_kib <= 4096, "%ld KiB", r.peak_kib);
    cr_expect(RUN_SANITIZED || r.threads <= 1, "%ld threads", r.threads);
    run_free(&r);
    free(l);
}

Test(cli, folders_are_searched_by_content)
{
    run r = { 0 };

    cr_assert(mkdir("f", 0700) == 0 && mkdir("f/b", 0700) == 0 && mkdir("f/nothing", 0700) == 0);
    run_make_file("f/b/second.txt", 1, 2);
    run_make_file("f/a-first", 1, 1);
    run_make_file("f/c", 1, 3);
    run_save("f/aa", "no log, and not called one", 26);
    run_save("f/empty", "", 0);
    cr_assert(mkfifo("f/fifo", 0600) == 0 && symlink("..", "f/b/loop") == 0);
    cr_assert(symlink("/dev/zero", "f/zero") == 0 && symlink("gone", "f/gone") == 0);
    run_evx(&r, "dump", "-o", "json", "f");
    cr_expect(r.status == 0 && !*r.err, "%d %s", r.status, r.err);
    cr_expect(run_lines(r.out) == 2 * (1 + 2 + 3));
    run_evx(&r, "dump", "-vv", "-ojsonl", "f/");
    check_words(&r, 0, "6 things in folders were left out");
    cr_expect(strstr(r.err, "f/a-first: 1 records") < strstr(r.err, "f/b/second.txt: 2 records"));
    cr_expect(strstr(r.err, "f/b/second.txt: 2 records") < strstr(r.err, "f/c: 3 records"));
    cr_assert(symlink("gone", "f/b/gone.evtx") == 0 && mkfifo("f/fifo.evt", 0600) == 0);
    run_evx(&r, "dump", "-ojsonl", "f");
    check_words(&r, 1, "f/b/gone.evtx: no file, and no link to one, but called a log");
    check_words(&r, 1, "f/fifo.evt: no file");
    run_evx(&r, "dump", "f/nothing");
    check_words(&r, 3, "f/nothing: no event logs in this folder");
    run_evx(&r, "dump", "f/nothing", "f/c");
    check_words(&r, 1, "f/nothing: no event logs in this folder");
    run_free(&r);
}

Test(cli, what_cannot_be_read_hides_nothing)
{
    run r = { 0 };

    run_make_file("a.evtx", 1, 3);
    run_save("text.evtx", "Elffile, but not quite", 22);
    run_save("short.evtx", "ElfFile\0 and no more", 20);
    run_evx(&r, "dump", "-ojsonl", "gone.evtx", "a.evtx");
    check_words(&r, 1, "gone.evtx: No such file");
    cr_expect(run_lines(r.out) == 3);
    run_evx(&r, "dump", "-ojsonl", "text.evtx", "a.evtx", "short.evtx");
    check_words(&r, 1, "text.evtx: no event log");
    check_words(&r, 1, "short.evtx: file header cut short");
    cr_expect(run_lines(r.out) == 3);
    run_evx(&r, "dump", "gone.evtx", "text.evtx");
    check_words(&r, 3, "gone.evtx");
    run_evx(&r, "dump", "-");
    check_words(&r, 3, "standard input: is empty");
    run_free(&r);
}

Test(cli, an_unreadable_file_is_named)
{
    run r = { 0 };

    if (geteuid() == 0)
        cr_skip_test("root may read everything");
    cr_assert(mkdir("f", 0700) == 0 && mkdir("f/closed", 0) == 0);
    run_make_file("f/a.evtx", 1, 3);
    run_make_file("f/b.evtx", 1, 3);
    cr_assert(chmod("f/b.evtx", 0) == 0);
    run_evx(&r, "dump", "-ojsonl", "f");
    check_words(&r, 1, "f/b.evtx: Permission denied");
    check_words(&r, 1, "f/closed: Permission denied");
    cr_expect(run_lines(r.out) == 3);
    run_free(&r);
}

Test(cli, a_named_fifo_is_read)
{
    run_log *l = run_make(1, 5);
    run r = { 0 };
    pid_t writer;

    cr_assert(mkfifo("fifo", 0600) == 0);
    writer = fork();
    if (writer == 0) {
        run_put(open("fifo", O_WRONLY), (const char *)l->bytes.ptr, l->bytes.len, 4095);
        _exit(0);
    }
    run_evx(&r, "dump", "-ojsonl", "fifo");
    cr_expect(r.status == 0 && run_lines(r.out) == 5, "%s", r.err);
    cr_expect(run_status(writer) == 0);
    run_free(&r);
    free(l);
}

/* ---- damage ---------------------------------------------------------------------------------- */

Test(cli, a_bad_record_costs_itself_alone)
{
    run_log *l = run_make(2, 30);
    run r = { .in = l->bytes.ptr, .in_len = l->bytes.len };
    char offset[64];

    memset(l->bytes.ptr + l->at[9] + 24, 0xee, 40);
    mk_fix(l->bytes.ptr, l->bytes.len);
    run_evx(&r, "dump", "-ojsonl", "-");
    snprintf(offset, sizeof offset, "standard input: at offset %zu (0x%zx): ", l->at[9], l->at[9]);
    check_words(&r, 1, offset);
    check_words(&r, 1, "record 10: ");
    check_words(&r, 1, "1 of 60 records lost");
    cr_expect(run_lines(r.out) == 59);
    run_evx(&r, "dump", "-ojson", "-");
    cr_expect(run_lines(r.out) == 2 * 59 && !strstr(r.out, "Record 10\n"));
    run_evx(&r, "dump", "-ojsonl", "--stop-after-one-error", "-");
    cr_expect(r.status == 1 && run_lines(r.out) == 9);
    run_free(&r);
    free(l);
}

Test(cli, many_losses_are_counted_not_listed)
{
    run_log *l = run_make(2, 100);
    run r = { .in = l->bytes.ptr, .in_len = l->bytes.len };

    for (size_t i = 1; i < 200; i++)
        if (i != 100)
            memset(l->bytes.ptr + l->at[i] + 24, 0xee, 4);
    run_evx(&r, "dump", "-ojsonl", "-");
    check_words(&r, 1, "198 of 200 records lost (-v shows all)");
    cr_expect(run_lines(r.out) == 2 && run_lines(r.err) < 50);
    run_evx(&r, "dump", "-ojsonl", "-v", "--no-sandbox", "-");
    cr_expect(run_lines(r.err) == 199);
    run_free(&r);
    free(l);
}

Test(cli, checksums_on_request)
{
    run_log *l = run_make(2, 30);
    run r = { .in = l->bytes.ptr, .in_len = l->bytes.len };

    l->bytes.ptr[MK_FILE_HEADER + MK_CHUNK - 1] ^= 1;    /* behind the records: no checksum's */
    l->bytes.ptr[l->at[40] + 16] ^= 1;                   /* a time: nothing else would notice */
    run_evx(&r, "dump", "-ojsonl", "-");
    cr_expect(r.status == 0 && run_lines(r.out) == 60, "%s", r.err);
    run_evx(&r, "dump", "-ojsonl", "--validate-checksums", "-");
    check_words(&r, 1, "chunk checksum wrong");
    cr_expect(run_lines(r.out) == 30);
    run_free(&r);
    free(l);
}

Test(cli, a_lost_chunk_header_is_told)
{
    run_log *l = run_make(2, 30);
    run r = { .in = l->bytes.ptr, .in_len = l->bytes.len };

    memset(l->bytes.ptr + MK_FILE_HEADER, 0xee, 8);
    run_evx(&r, "dump", "-ojsonl", "-");
    cr_expect(run_lines(r.out) == 60, "%s", r.err);
    memset(l->bytes.ptr + MK_FILE_HEADER, 0xee, MK_CHUNK);
    run_evx(&r, "dump", "-ojsonl", "-");
    check_words(&r, 1, "chunk signature missing");
    cr_expect(run_lines(r.out) == 30);
    run_free(&r);
    free(l);
}

Test(cli, any_bytes_at_all)
{
    static uint8_t noise[MK_FILE_HEADER + 3 * MK_CHUNK];
    run r = { .in = noise };
    uint32_t x = 1;

    for (unsigned i = 0; i < 24; i++) {
        for (size_t k = 0; k < sizeof noise; k++) {
            x = x * 1664525u + 1013904223u;
            noise[k] = (uint8_t)(x >> 24);
        }
        r.in_len = sizeof noise - (x >> 24) * 300;
        if (i % 3 > 0)
            memcpy(noise, "ElfFile", 8);
        for (size_t at = MK_FILE_HEADER; i % 3 == 2 && at < sizeof noise; at += MK_CHUNK)
            memcpy(noise + at, "ElfChnk", 8);
        run_evx(&r, "dump", "-ojsonl", "-");
        cr_expect(r.status == (i % 3 == 0 ? 3 : 1) && *r.err, "%u: %d", i, r.status);
    }
    run_free(&r);
}

/* ---- outputs --------------------------------------------------------------------------------- */

Test(cli, a_failing_output_is_a_failure)
{
    run_log *l = run_make(2, 30);
    run r = { .in = l->bytes.ptr, .in_len = l->bytes.len, .out_path = "/dev/full" };
    char script[512];

    run_evx(&r, "dump", "-");
    check_words(&r, 4, "standard output: No space left");
    run_evx(&r, "--help");
    check_words(&r, 4, "standard output: No space left");
    r.out_path = NULL;
    run_evx(&r, "dump", "-f", "/dev/full", "-");
    check_words(&r, 4, "/dev/full: No space left");
    run_save("a.evtx", r.in, r.in_len);
    snprintf(script, sizeof script,
             "mkfifo p; { { sleep 0.3; '%s' dump a.evtx; } >p; echo $? >status; } &"
             " exec 3<p; exec 3<&-; wait",
             EVX_TEST_PROGRAM);
    cr_assert(system(script) == 0);
    free(r.out);
    r.out = run_load("status", NULL);
    cr_expect(strcmp(r.out, "4\n") == 0, "%s", r.out);
    run_free(&r);
    free(l);
}

Test(cli, closed_descriptors)
{
    char script[512], *text;

    run_make_file("a.evtx", 1, 3);
    snprintf(script, sizeof script,
             "e='%s'; { $e dump a.evtx >&-; echo $?; $e dump - <&-; echo $?;"
             " $e dump -f o a.evtx <&- >&- 2>&-; echo $?; } >status 2>/dev/null",
             EVX_TEST_PROGRAM);
    cr_assert(system(script) == 0);
    text = run_load("status", NULL);
    cr_expect(strcmp(text, "4\n3\n0\n") == 0, "%s", text);
    free(text);
    text = run_load("o", NULL);
    cr_expect(strncmp(text, "Record 1\n", 9) == 0);
    free(text);
}

Test(cli, output_files)
{
    run r = { 0 };
    char *text, *log;
    size_t len;

    run_make_file("a.evtx", 1, 3);
    run_evx(&r, "dump", "-ojsonl", "--output=new/folder/out", "a.evtx");
    cr_expect(r.status == 0 && r.out_len == 0, "%s", r.err);
    text = run_load("new/folder/out", NULL);
    cr_expect(run_lines(text) == 3);
    free(text);
    run_evx(&r, "dump", "-ojsonl", "-f", "new/folder/out", "a.evtx");
    check_words(&r, 2, "not overwritten without --no-confirm-overwrite");
    run_evx(&r, "dump", "-f", "new/folder/out", "--no-confirm-overwrite", "--events=1", "a.evtx");
    cr_expect(r.status == 0, "%s", r.err);
    text = run_load("new/folder/out", NULL);
    cr_expect(strncmp(text, "Record 1\n", 9) == 0 && !strstr(text, "Record 2\n"));
    free(text);
    run_evx(&r, "dump", "-f", "new", "--no-confirm-overwrite", "a.evtx");
    check_words(&r, 4, "new: is a folder");
    run_evx(&r, "dump", "-f", "a.evtx/out", "a.evtx");
    check_words(&r, 4, "a.evtx/out: cannot be written");
    run_evx(&r, "dump", "-f", "a.evtx", "--no-confirm-overwrite", "a.evtx");
    check_words(&r, 2, "a.evtx is also an input: not overwritten");
    log = run_load("a.evtx", &len);
    run_save("b.evtx", log, len);
    free(log);
    run_evx(&r, "dump", "-f", "b.evtx", "--no-confirm-overwrite", "a.evtx");
    check_words(&r, 2, "b.evtx is an event log");
    run_save("keep", "kept\n", 5);
    run_evx(&r, "dump", "-f", "keep", "--no-confirm-overwrite", "missing");
    check_words(&r, 3, "missing: No such file");
    text = run_load("keep", NULL);
    cr_expect_str_eq(text, "kept\n");
    free(text);
    run_evx(&r, "dump", "-f", "made", "--ledger", "made", "a.evtx");
    check_words(&r, 2, "name one file: made");
    run_evx(&r, "dump", "-f", "made", "missing");
    cr_expect(r.status == 3 && access("made", F_OK) != 0);
    log = run_load("a.evtx", &len);
    cr_expect(len == MK_FILE_HEADER + MK_CHUNK);
    free(log);
    run_free(&r);
}

/* ---- a log without a header ------------------------------------------------------------------ */

/* Its chunks are read, in whatever way it comes; what is lost is said, and is no record. */
Test(cli, a_lost_file_header)
{
    run r = { 0 };
    run_log *l = run_make(2, 5);
    mk_bytes cut = l->bytes;

    memset(l->mem, 'x', 128);
    run_save("f.evtx", l->bytes.ptr, l->bytes.len);
    run_evx(&r, "dump", "-o", "jsonl", "f.evtx");
    check_words(&r, 1, "at offset 0 (0x0): 4096 bytes lost: the file has no header");
    cr_expect(run_lines(r.out) == 10 && strstr(r.err, "none of the 10 records"), "%s", r.err);
    run_evx(&r, "dump", "-f", "f.evtx", "--no-confirm-overwrite", "-");
    check_words(&r, 2, "f.evtx is an event log");
    run_evx(&r, "verify", ".");
    cr_expect(r.status == 1 && strstr(r.out, "  header     lost\n"), "%s", r.out);
    r.in = l->bytes.ptr;
    r.in_len = l->bytes.len;
    r.piece = 1000;
    run_evx(&r, "info", "-");
    cr_expect(r.status == 1 && strstr(r.out, "10: 10 decoded, 0 recovered, 0 lost (4096 b"), "%s",
              r.out);
    cut.len = MK_FILE_HEADER + 7;
    run_save("f.evtx", cut.ptr, cut.len);
    run_evx(&r, "dump", "f.evtx");
    check_words(&r, 3, "f.evtx: no event log");
    run_free(&r);
    free(l);
}

/* ---- threads --------------------------------------------------------------------------------- */

/* Any number of threads, any options, any damage: the same bytes, words and status. */
Test(cli, threads_change_nothing, .timeout = 240)
{
    static char *const options[][3] = {
        { "-o", "xml", "-v" }, { "-o", "jsonl", "--recover" }, { "-o", "json", "--events=3-40" },
        { "-o", "jsonl", "--event-id=1003,1044" }, { "-o", "xml", "--stop-after-one-error" },
        { "-o", "xml", "--validate-checksums" }, { "-o", "xml", "--root" }
    };
    static char *const threads[] = { "-t0", "-t2", "-t3", "-t16" };
    run one = { 0 }, many = { 0 };
    run_log *l = run_make(6, 20);

    run_save("sound.evtx", l->bytes.ptr, l->bytes.len);
    memset(l->mem + l->at[25], 0xcc, 70);
    memset(l->mem + MK_FILE_HEADER + 2 * MK_CHUNK, 0, MK_CHUNK);
    memset(l->mem + MK_FILE_HEADER + 4 * MK_CHUNK, 'x', 512);
    run_save("damaged.evtx", l->bytes.ptr, l->bytes.len);
    run_save("cut.evtx", l->bytes.ptr, l->bytes.len - 30000);
    run_save("slots.evtx", l->bytes.ptr, MK_FILE_HEADER + 3 * MK_CHUNK);
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        char *const *o = options[i];
        run_evx(&one, "dump", "-t1", o[0], o[1], o[2], "sound.evtx", "damaged.evtx", "cut.evtx",
                "slots.evtx");
        for (size_t t = 0; t < sizeof threads / sizeof threads[0]; t++) {
            run_evx(&many, "dump", threads[t], o[0], o[1], o[2], "sound.evtx", "damaged.evtx",
                    "cut.evtx", "slots.evtx");
            cr_expect(many.status == one.status && many.out_len == one.out_len
                      && memcmp(many.out, one.out, one.out_len) == 0, "%s %s", threads[t], o[2]);
            cr_expect_str_eq(many.err, one.err);
        }
        cr_expect(one.out_len > 0);
    }
    many.out_path = "/dev/full";
    run_evx(&many, "dump", "-t4", "sound.evtx", "damaged.evtx");
    check_words(&many, 4, "No space left");
    run_free(&one);
    run_free(&many);
    free(l);
}
