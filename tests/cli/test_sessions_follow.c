/* tests/cli/test_sessions_follow.c - evx sessions: several logs of one channel, some with losses */
#include "run.h"
#include "scenes.h"

TestSuite(follow, .init = run_begin, .fini = run_end, .timeout = 120);

#define NIGHT1 "2006-09-01T02:00:00Z"
#define NIGHT2 "2006-09-02T02:00:00Z"
#define NIGHT3 "2006-09-03T02:00:00Z"
#define GOOD "BPSFTDC"
#define STUCK "BPSF"
#define REFUSED "BX"

static mk_log g;
static uint8_t mem[KIT_SCENE_MEM];

/* A part of a log: it begins with this record. */
static void begin(uint64_t record)
{
    mk_log_begin(&g, mem, sizeof mem);
    g.record = record;
}

static void save(const char *name)
{
    mk_bytes log = mk_log_end(&g);

    cr_assert(log.ptr, "%s", g.file.failed);
    run_save(name, log.ptr, log.len);
}

/* The verdict of both orders, with the exit status. */
static void expect(char *a, char *b, const char *verdict, int status)
{
    char line[64];
    run r = { 0 };

    snprintf(line, sizeof line, "EX01: %s", verdict);
    for (int turn = 0; turn < 2; turn++) {
        run_evx(&r, "sessions", turn ? a : b, turn ? b : a);
        cr_expect(strncmp(r.out, line, strlen(line)) == 0 && r.status == status,
                  "%s: %d\n%s", line, r.status, r.out);
    }
    run_free(&r);
}

static void knows(char *a, char *b, const char *words, bool yes)
{
    run r = { 0 };

    run_evx(&r, "sessions", a, b);
    cr_expect((strstr(r.out, words) != NULL) == yes, "'%s'\n%s", words, r.out);
    run_free(&r);
}

/* ---- archives one behind the other ----------------------------------------------------------- */

Test(follow, the_torn_end_of_an_older_archive)
{
    begin(1);
    kit_night(&g, NIGHT1, GOOD);
    kit_night(&g, NIGHT1, "?");
    save("a.evtx");
    begin(9);
    kit_night(&g, NIGHT2, STUCK);
    kit_night(&g, NIGHT3, REFUSED);
    kit_day(&g, "2006-09-03T08:00:00Z", 3);
    save("b.evtx");
    expect("a.evtx", "b.evtx", "stuck since 2006-09-02 02:02:00", 10);
    knows("a.evtx", "b.evtx", "records lost", false);
}

/* Nobody knows how many: they may have been logged at any time before. */
Test(follow, the_torn_beginning_of_a_newer_archive)
{
    mk_bytes log;

    begin(1);
    kit_night(&g, NIGHT1, GOOD);
    save("a.evtx");
    begin(8);
    kit_day(&g, "2006-09-01T09:00:00Z", 5);
    mk_chunk(&g.file);
    kit_night(&g, NIGHT2, GOOD);
    log = mk_log_end(&g);
    memset(log.ptr + MK_FILE_HEADER, 0x5a, MK_CHUNK);
    run_save("b.evtx", log.ptr, log.len);
    expect("a.evtx", "b.evtx", "clear", 1);
    knows("a.evtx", "b.evtx", "02:40:00       40m         unknown: records lost", true);
    knows("a.evtx", "b.evtx", "02:40:00       40m         completed", true);
}

/* A whole chunk is gone, and nobody counts what was in it: more than begins the next archive. */
Test(follow, an_end_that_nobody_has_counted)
{
    mk_bytes log;

    begin(1);
    kit_night(&g, NIGHT1, GOOD);
    mk_chunk(&g.file);
    kit_day(&g, "2006-09-01T09:00:00Z", 9);
    kit_night(&g, NIGHT3, STUCK);
    log = mk_log_end(&g);
    memset(log.ptr + MK_FILE_HEADER + MK_CHUNK, 0x5a, MK_CHUNK);
    run_save("a.evtx", log.ptr, log.len);
    begin(10);
    kit_day(&g, "2006-09-01T09:34:00Z", 5);
    save("b.evtx");
    expect("a.evtx", "b.evtx", "unknown", 1);
}

/* Records that say other ids than their headers: those of a file of exported ones. */
Test(follow, ids_of_headers_are_no_ids_of_records)
{
    begin(101);
    g.flags = MK_LOG_EXPORT;
    kit_night(&g, NIGHT1, GOOD);
    kit_night(&g, NIGHT1, "?");
    save("a.evtx");
    begin(9);
    kit_night(&g, NIGHT2, GOOD);
    save("b.evtx");
    expect("a.evtx", "b.evtx", "unknown", 1);
}

/* Ids that another log has too, and those of a log that was cleared in the meantime. */
Test(follow, a_later_log_with_smaller_ids_is_no_neighbour)
{
    begin(100);
    kit_night(&g, NIGHT1, GOOD);
    kit_night(&g, NIGHT1, "?");
    save("a.evtx");
    begin(1);
    kit_night(&g, NIGHT2, GOOD);
    save("b.evtx");
    expect("a.evtx", "b.evtx", "unknown", 1);
}

/* ---- copies ---------------------------------------------------------------------------------- */

/* Whether a copy is whole is more than its ids can tell. */
Test(follow, a_copy_is_given_in_place_of_a_damaged_log)
{
    begin(1);
    kit_night(&g, NIGHT1, GOOD);
    kit_night(&g, NIGHT2, "BPSF?DC");
    kit_day(&g, "2006-09-02T08:00:00Z", 3);
    save("a.evtx");
    begin(1);
    kit_night(&g, NIGHT1, GOOD);
    kit_night(&g, NIGHT2, "BPSFTDC");
    kit_day(&g, "2006-09-02T08:00:00Z", 3);
    save("b.evtx");
    expect("a.evtx", "b.evtx", "clear", 1);
    knows("a.evtx", "b.evtx", "unknown: records lost", true);
    knows("b.evtx", "b.evtx", "unknown: records lost", false);
}

/* A record in a chunk whose checksum is wrong, and the same one in a sound chunk of another log. */
Test(follow, a_sound_record_counts_more_than_a_doubtful_one)
{
    char *bytes;
    size_t len, at = 0;

    begin(1);
    kit_night(&g, NIGHT1, STUCK);
    kit_day(&g, "2006-09-02T08:00:00Z", 3);
    save("good.evtx");
    bytes = run_load("good.evtx", &len);
    while (at + 2 < len && !((uint8_t)bytes[at] == 0x86 && (uint8_t)bytes[at + 1] == 0x25))
        at++;                        /* 9606 becomes 9616: completed                          */
    cr_assert(at + 2 < len);
    bytes[at] = (char)0x90;
    run_save("copy.evtx", bytes, len);
    run_save("zcopy.evtx", bytes, len);
    free(bytes);
    expect("good.evtx", "copy.evtx", "in-progress-or-stuck since 2006-09-01 02:02:00", 10);
    expect("good.evtx", "zcopy.evtx", "in-progress-or-stuck since 2006-09-01 02:02:00", 10);
    knows("copy.evtx", "copy.evtx", "in-progress", false);
    knows("copy.evtx", "good.evtx", "record 2, good.evtx", true);
}

/* ---- any order ------------------------------------------------------------------------------- */

static void save_of(const char *name, const char *computer, const char *word)
{
    begin(1);
    g.computer = computer;
    kit_night(&g, NIGHT1, word);
    kit_day(&g, NIGHT2, 2);
    save(name);
}

/* Computers stand in the order of their names, whoever was read first. */
Test(follow, the_order_of_the_files_is_no_matter)
{
    run a = { 0 }, b = { 0 };

    save_of("1.evtx", "ex02.example", GOOD);
    save_of("2.evtx", "EX01", STUCK);
    save_of("3.evtx", "EX01.example", REFUSED);
    run_evx(&a, "sessions", "1.evtx", "2.evtx", "3.evtx");
    run_evx(&b, "sessions", "3.evtx", "1.evtx", "2.evtx");
    cr_expect_str_eq(a.out, b.out);
    cr_expect(strncmp(a.out, "EX01: in-progress", 17) == 0, "%s", a.out);
    cr_assert(strstr(a.out, "\nEX01.example: stuck") != NULL, "%s", a.out);
    cr_expect(strstr(a.out, "\nEX01.example: stuck") < strstr(a.out, "\nex02.example: clear"));
    cr_expect(a.status == 10 && b.status == 10 && strstr(a.out, "\nex02.example: clear"));
    run_free(&a);
    run_free(&b);
}

/* ---- one ring -------------------------------------------------------------------------------- */

/* Two chunks of which the newer one stands first: what is lost at the end of the file is older. */
Test(follow, a_ring_goes_on_at_the_beginning_of_its_file)
{
    mk_bytes log;
    run r = { 0 };

    begin(1);
    kit_day(&g, "2006-08-20T08:00:00Z", 400);
    kit_night(&g, NIGHT1, "?");
    mk_chunk(&g.file);
    kit_night(&g, NIGHT2, STUCK);
    kit_night(&g, NIGHT3, REFUSED);
    log = mk_log_end(&g);
    cr_assert(log.ptr, "%s", g.file.failed);
    mk_rotate(log.ptr, log.len, 1);
    run_save("ring.evtx", log.ptr, log.len);
    run_evx(&r, "sessions", "ring.evtx");
    cr_expect(r.status == 10 && strncmp(r.out, "EX01: stuck since 2006-09-02 02:02:00", 37) == 0,
              "%s", r.out);
    cr_expect(strstr(r.err, "lost") || strstr(r.out, "1 lost"), "%s%s", r.out, r.err);
    run_free(&r);
}
