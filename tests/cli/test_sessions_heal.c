/* tests/cli/test_sessions_heal.c - evx sessions: what one log lost, and others have */
#include "run.h"
#include "scenes.h"

TestSuite(heal, .init = run_begin, .fini = run_end, .timeout = 120);

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

Test(heal, the_torn_end_of_an_older_archive)
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

Test(heal, the_torn_beginning_of_a_newer_archive)
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
    knows("a.evtx", "b.evtx", "unknown", false);
}

/* Ids that another log has too, and those of a log that was cleared in the meantime. */
Test(heal, a_later_log_with_smaller_ids_is_no_neighbour)
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

static void make_copies(const char *lost, const char *whole, uint64_t from)
{
    begin(1);
    kit_night(&g, NIGHT1, GOOD);
    kit_night(&g, NIGHT2, lost);
    kit_day(&g, "2006-09-02T08:00:00Z", 3);
    save("a.evtx");
    begin(1);
    if (from == 1)
        kit_night(&g, NIGHT1, GOOD);
    g.record = from == 1 ? g.record : from;
    kit_night(&g, NIGHT2, whole);
    g.record = 15;
    kit_day(&g, "2006-09-02T08:00:00Z", 3);
    save("b.evtx");
}

Test(heal, a_whole_copy_has_what_was_lost_inside)
{
    make_copies("BPSF?DC", "BPSFTDC", 1);
    expect("a.evtx", "b.evtx", "clear", 1);
    knows("a.evtx", "b.evtx", "unknown", false);
    knows("a.evtx", "b.evtx", "lost 1 of 17 records", true);     /* it is said all the same */
}

Test(heal, a_copy_of_other_records_has_not)
{
    make_copies("BPSF?DC", "DC", 13);                /* from the one behind it on */
    expect("a.evtx", "b.evtx", "clear", 1);
    knows("a.evtx", "b.evtx", "unknown: records lost", true);
}

Test(heal, a_copy_with_a_gap_has_not)
{
    make_copies("BPSF?DC", "BPSF", 1);               /* the day's ids go on behind it  */
    knows("a.evtx", "b.evtx", "unknown: records lost", true);
}

/* The end is gone, and nobody knows how much it was: what a copy has is proven up to its end. */
Test(heal, a_copy_has_the_end)
{
    char *bytes;
    size_t len;

    begin(1);
    kit_night(&g, NIGHT1, GOOD);
    kit_night(&g, NIGHT2, "BPSFTDC?");
    save("a.evtx");
    bytes = run_load("a.evtx", &len);
    run_save("b.evtx", bytes, len);
    free(bytes);
    expect("a.evtx", "b.evtx", "unknown", 1);        /* both have lost it */
    begin(1);
    kit_night(&g, NIGHT1, GOOD);
    kit_night(&g, NIGHT2, "BPSFTDC");
    kit_night(&g, NIGHT3, "BPSF");
    save("b.evtx");
    expect("a.evtx", "b.evtx", "in-progress-or-stuck since 2006-09-03 02:02:00", 10);
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
Test(heal, the_order_of_the_files_is_no_matter)
{
    run a = { 0 }, b = { 0 };

    save_of("1.evtx", "ex02.example", GOOD);
    save_of("2.evtx", "EX01", STUCK);
    save_of("3.evtx", "EX01.example", REFUSED);
    run_evx(&a, "sessions", "1.evtx", "2.evtx", "3.evtx");
    run_evx(&b, "sessions", "3.evtx", "1.evtx", "2.evtx");
    cr_expect_str_eq(a.out, b.out);
    cr_expect(strncmp(a.out, "EX01: in-progress", 17) == 0, "%s", a.out);
    cr_expect(strstr(a.out, "\nEX01.example: stuck") < strstr(a.out, "\nex02.example: clear"));
    cr_expect(a.status == 10 && b.status == 10 && strstr(a.out, "\nex02.example: clear"));
    run_free(&a);
    run_free(&b);
}

/* ---- one ring -------------------------------------------------------------------------------- */

/* Two chunks of which the newer one stands first: what is lost at the end of the file is older. */
Test(heal, a_ring_goes_on_at_the_beginning_of_its_file)
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
