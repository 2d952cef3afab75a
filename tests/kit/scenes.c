/* tests/kit/scenes.c - the stories. corpus/README.md says what each of them proves. */
#include "scenes.h"

#define GUID_A "58d7d4e8-0a5c-4e2b-9d3c-3b1f1f6f2a10"
#define GUID_B "{A9F3C210-77B4-4B3E-8F57-0D6E5C4B3A21}:2"

/* Three nights around which most stories turn. */
#define NIGHT1 "2006-09-01T02:00:00Z"
#define NIGHT2 "2006-09-02T02:00:00Z"
#define NIGHT3 "2006-09-03T02:00:00Z"
#define NIGHT4 "2006-09-04T02:00:00Z"
#define GOOD "BaPSFTDCz"
#define REFUSED "BaIX"

static void good_first(mk_log *g)
{
    kit_day(g, "2006-08-31T08:00:00Z", 9);
    kit_night(g, NIGHT1, GOOD);
    kit_day(g, "2006-09-01T08:00:00Z", 10);
}

static void tell_clean(mk_log *g)
{
    kit_restart(g, "2006-08-31T07:30:00Z");
    good_first(g);
    kit_night(g, NIGHT2, "BaPSFTDCz");
    kit_day(g, "2006-09-02T08:00:00Z", 9);
    kit_night(g, NIGHT3, "BaPNFTDC");
    kit_day(g, "2006-09-03T08:00:00Z", 4);
}

static void tell_stuck(mk_log *g)
{
    good_first(g);
    kit_night(g, NIGHT2, "BaPSFT");
    kit_day(g, "2006-09-02T08:00:00Z", 9);
    kit_night(g, NIGHT3, REFUSED);
    kit_day(g, "2006-09-03T08:00:00Z", 9);
    kit_night(g, NIGHT4, "BaXI");
    kit_day(g, "2006-09-04T08:00:00Z", 5);
}

static void tell_was_stuck(mk_log *g)
{
    tell_stuck(g);
    kit_restart(g, "2006-09-04T21:15:00Z");
    kit_night(g, "2006-09-05T02:00:00Z", GOOD);
    kit_day(g, "2006-09-05T08:00:00Z", 3);
}

static void tell_open(mk_log *g)
{
    good_first(g);
    kit_night(g, NIGHT2, "BaPSFT");
    kit_day(g, "2006-09-02T03:00:00Z", 15);
}

static void tell_restart(mk_log *g)
{
    good_first(g);
    kit_night(g, NIGHT2, "BaPS");
    kit_restart(g, "2006-09-02T02:20:00Z");
    kit_day(g, "2006-09-02T08:00:00Z", 9);
    kit_night(g, NIGHT3, GOOD);
}

static void tell_cancelled(mk_log *g)
{
    good_first(g);
    kit_night(g, NIGHT2, "BaPSA");
    kit_day(g, "2006-09-02T08:00:00Z", 9);
    kit_night(g, NIGHT3, REFUSED);
    kit_day(g, "2006-09-03T08:00:00Z", 4);
}

static void tell_rotated_away(mk_log *g)
{
    g->record = 81244;
    kit_day(g, "2006-09-20T08:00:00Z", 5);
    kit_night(g, "2006-09-21T02:00:00Z", REFUSED);
    kit_day(g, "2006-09-21T08:00:00Z", 5);
    kit_night(g, "2006-09-22T02:00:00Z", REFUSED);
    kit_night(g, "2006-09-23T02:00:00Z", REFUSED);
    kit_day(g, "2006-09-23T08:00:00Z", 3);
}

static void tell_starts_inside(mk_log *g)
{
    g->record = 50012;
    kit_night(g, NIGHT1, "FTDCz");
    kit_day(g, "2006-09-01T08:00:00Z", 8);
    kit_night(g, NIGHT2, GOOD);
    kit_day(g, "2006-09-02T08:00:00Z", 3);
}

static void tell_freeze_end(mk_log *g)
{
    good_first(g);
    kit_night(g, NIGHT2, "BaPSfD");
    kit_day(g, "2006-09-02T08:00:00Z", 6);
}

static void tell_freeze_no_end(mk_log *g)
{
    good_first(g);
    kit_night(g, NIGHT2, "BaPSf");
    kit_day(g, "2006-09-02T08:00:00Z", 6);
}

static void tell_freeze_abort(mk_log *g)
{
    good_first(g);
    kit_night(g, NIGHT2, "BaPSfA");
    kit_day(g, "2006-09-02T08:00:00Z", 6);
}

static void tell_prepare_other(mk_log *g)
{
    good_first(g);
    kit_night(g, NIGHT2, "BaO");
    kit_day(g, "2006-09-02T08:00:00Z", 6);
}

static void tell_prepare_only(mk_log *g)
{
    kit_day(g, "2006-09-01T08:00:00Z", 4);
    kit_night(g, NIGHT2, "BaO");
    kit_day(g, "2006-09-02T08:00:00Z", 4);
}

static void tell_lone_9604(mk_log *g)
{
    good_first(g);
    kit_night(g, NIGHT2, "Ba");
    kit_day(g, "2006-09-02T08:00:00Z", 6);
}

static void tell_9840(mk_log *g)
{
    good_first(g);
    kit_night(g, NIGHT2, "BaPSFT");
    kit_day(g, "2006-09-02T08:00:00Z", 6);
    kit_night(g, NIGHT3, "BaG");
    kit_day(g, "2006-09-03T08:00:00Z", 3);
}

static void tell_shutdown(mk_log *g)
{
    good_first(g);
    kit_night(g, NIGHT2, "BaPSFTD");
    kit_day(g, "2006-09-02T08:00:00Z", 6);
}

static void tell_final_abort(mk_log *g)
{
    good_first(g);
    kit_night(g, NIGHT2, "BaPSA");
    kit_day(g, "2006-09-02T08:00:00Z", 6);
}

static void tell_nothing(mk_log *g)
{
    kit_day(g, "2006-09-01T08:00:00Z", 30);
}

/* A collector's log: the servers' events interleave, names differ in case. */
static void tell_two_servers(mk_log *g)
{
    static const char *const nights[] = { NIGHT1, NIGHT2, NIGHT3 };
    static const char *const first[] = { GOOD, "BaPSFT", REFUSED };
    uint64_t record[2] = { 7001, 310 };
    g->flags |= MK_LOG_FORWARDED;
    for (size_t i = 0; i < 3; i++) {
        g->computer = i == 1 ? "ex01.CORP.example" : "EX01.corp.example";
        g->record = record[0];
        kit_night(g, nights[i], first[i]);
        record[0] = g->record;
        g->computer = "EX02.corp.example";
        g->record = record[1];
        kit_night(g, nights[i], GOOD);
        record[1] = g->record;
    }
}

static void tell_forwarded(mk_log *g)
{
    g->flags |= MK_LOG_FORWARDED;
    g->computer = "EX01.corp.example";
    g->record = 30718;
    kit_night(g, NIGHT1, GOOD);
    kit_day(g, "2006-09-01T08:00:00Z", 8);
    kit_night(g, NIGHT2, "BaPSFT");
    kit_night(g, NIGHT3, REFUSED);
    kit_day(g, "2006-09-03T08:00:00Z", 3);
}

/* Exchange 2007: each instance has its own night; 9600 of the store resets both. */
static void tell_two_instances(mk_log *g)
{
    static const char word[] = "BPSFTDC";
    char one[2] = { 0 };
    g->computer = "MBX07";
    for (const char *w = word; *w; w++) {
        one[0] = *w;
        kit_night_of(g, NIGHT1, one, GUID_A);
        kit_night_of(g, "2006-09-01T02:00:30Z", one, GUID_B);
    }
    kit_day(g, "2006-09-01T08:00:00Z", 6);
    for (const char *w = "BP"; *w; w++) {
        one[0] = *w;
        kit_night_of(g, NIGHT2, one, GUID_A);
        kit_night_of(g, "2006-09-02T02:00:30Z", one, GUID_B);
    }
    kit_restart(g, "2006-09-02T02:25:00Z");
    kit_night_of(g, NIGHT3, "BPSFTDC", GUID_A ":3");
    kit_night_of(g, NIGHT4, "BPSFTDC", GUID_B);
}

static void tell_other_instance(mk_log *g)
{
    g->computer = "MBX07";
    kit_day(g, "2006-09-01T08:00:00Z", 6);
    kit_night_of(g, NIGHT2, "BaPSFT", GUID_A);
    kit_day(g, "2006-09-02T08:00:00Z", 6);
    kit_night_of(g, NIGHT3, "BIX", GUID_B);
    kit_day(g, "2006-09-03T08:00:00Z", 3);
}

/* The stuck story over three chunks; the file begins with the newest of them. */
static void tell_ring(mk_log *g)
{
    good_first(g);
    mk_chunk(&g->file);
    kit_night(g, NIGHT2, "BaPSFT");
    kit_day(g, "2006-09-02T08:00:00Z", 9);
    mk_chunk(&g->file);
    kit_night(g, NIGHT3, REFUSED);
    kit_day(g, "2006-09-03T08:00:00Z", 3);
}

static void overlap(mk_log *g, int which)
{
    good_first(g);
    if (which == 1) {            /* the second archive begins after the first good night */
        uint8_t *mem = g->file.mem;
        size_t cap = g->file.cap;
        uint64_t next = g->record;
        mk_evt *e = g->evt;
        mk_log_begin(g, mem, cap);
        g->record = next;
        g->evt = e;
        if (e) mk_evt_begin(e, e->mem, e->cap);
    }
    kit_night(g, NIGHT2, GOOD);
    kit_day(g, "2006-09-02T08:00:00Z", 9);
    kit_night(g, NIGHT3, "BaPSFT");
    if (which == 0) return;
    kit_day(g, "2006-09-03T08:00:00Z", 6);
    kit_night(g, NIGHT4, REFUSED);
}

static void tell_overlap_a(mk_log *g) { overlap(g, 0); }
static void tell_overlap_b(mk_log *g) { overlap(g, 1); }

static void tell_lost_inside(mk_log *g)
{
    good_first(g);
    kit_night(g, NIGHT2, "BaPS?FTDCz");
    kit_day(g, "2006-09-02T08:00:00Z", 6);
}

static void tell_loss_then_block(mk_log *g)
{
    good_first(g);
    kit_night(g, NIGHT2, "BaPS?FT");
    kit_day(g, "2006-09-02T08:00:00Z", 6);
    kit_night(g, NIGHT3, REFUSED);
    kit_day(g, "2006-09-03T08:00:00Z", 3);
}

static void tell_lost_at_end(mk_log *g)
{
    good_first(g);
    kit_night(g, NIGHT2, GOOD);
    kit_day(g, "2006-09-02T08:00:00Z", 3);
    kit_night(g, NIGHT3, "?");
    kit_day(g, "2006-09-03T08:00:00Z", 2);
}

/* An archive merged from before and after a clearing: EventRecordID starts again. */
static void cleared(mk_log *g, const char *rest)
{
    g->flags |= MK_LOG_EXPORT;
    g->record = 9120;
    good_first(g);
    kit_night(g, NIGHT2, "BaPS");
    g->record = 1;
    (void)mk_log_note(g, "2006-09-02T02:02:35Z", "EventLog", 104, "Administrator|EX01");
    kit_night(g, NIGHT2, rest);
    kit_day(g, "2006-09-02T08:00:00Z", 6);
}

static void tell_cleared(mk_log *g) { cleared(g, "FTDCz"); }
static void tell_cleared_quiet(mk_log *g) { cleared(g, ""); }

static void tell_non_ascii(mk_log *g)
{
    g->computer = "Z\xc3\x9cRICH-\xe3\x82\xb5\xe3\x83\xbc\xe3\x83\x90\xe3\x83\xbc-01";
    kit_night(g, NIGHT1, GOOD);
    (void)mk_log_note(g, "2006-09-01T09:00:00Z", "Sicherungsdienst f\xc3\xbcr B\xc3\xa4nder", 12,
                      "gr\xc3\xb6\xc3\x9f" "er als 2 GB|\xce\xa9");
    kit_night(g, NIGHT2, "BaPSFT");
    kit_night(g, NIGHT3, REFUSED);
    kit_day(g, "2006-09-03T08:00:00Z", 3);
}

/* Copied from a running server: dirty, NULL values that have a size, bare nested instances. */
static void tell_live(mk_log *g)
{
    g->flags |= MK_LOG_LIVE;
    tell_open(g);
}

static void tell_export(mk_log *g)
{
    g->flags |= MK_LOG_EXPORT | MK_LOG_NO_ARRAY;
    g->record = 2210;
    tell_stuck(g);
}

static const kit_scene scenes[] = {
    { "clean", tell_clean, 0 },
    { "stuck", tell_stuck, 0 },
    { "was-stuck", tell_was_stuck, 0 },
    { "open", tell_open, 0 },
    { "restart", tell_restart, 0 },
    { "cancelled-then-blocked", tell_cancelled, 0 },
    { "blocker-rotated-away", tell_rotated_away, 0 },
    { "starts-inside", tell_starts_inside, 0 },
    { "freeze-failed-with-end", tell_freeze_end, 0 },
    { "freeze-failed-without-end", tell_freeze_no_end, 0 },
    { "freeze-failed-aborted", tell_freeze_abort, 0 },
    { "prepare-failed-other-code", tell_prepare_other, 0 },
    { "prepare-failed-no-proof", tell_prepare_only, 0 },
    { "lone-9604", tell_lone_9604, 0 },
    { "9840", tell_9840, 0 },
    { "shutdown-only", tell_shutdown, 0 },
    { "final-abort", tell_final_abort, 0 },
    { "no-writer-events", tell_nothing, 0 },
    { "two-servers-forwarded", tell_two_servers, 0 },
    { "two-instances", tell_two_instances, 0 },
    { "blocked-by-other-instance", tell_other_instance, 0 },
    { "ring-order", tell_ring, 1 },
    { "overlap-a", tell_overlap_a, 0 },
    { "overlap-b", tell_overlap_b, 0 },
    { "lost-record-inside", tell_lost_inside, 0 },
    { "loss-then-block", tell_loss_then_block, 0 },
    { "lost-at-end", tell_lost_at_end, 0 },
    { "cleared-inside", tell_cleared, 0 },
    { "cleared-then-quiet", tell_cleared_quiet, 0 },
    { "non-ascii-computer", tell_non_ascii, 0 },
    { "forwarded", tell_forwarded, 0 },
    { "live", tell_live, 0 },
    { "export", tell_export, 0 },
};

const kit_scene *kit_scene_at(size_t i)
{
    return i < sizeof scenes / sizeof scenes[0] ? &scenes[i] : NULL;
}

mk_bytes kit_scene_make(const kit_scene *s, mk_log *g, uint8_t *mem, size_t cap)
{
    mk_log_begin(g, mem, cap);
    s->tell(g);
    mk_bytes log = mk_log_end(g);
    if (log.ptr && s->rotate) mk_rotate(log.ptr, log.len, s->rotate);
    return log;
}

mk_bytes kit_scene_make_evt(const kit_scene *s, mk_log *g, uint8_t *mem, size_t cap, mk_evt *e,
                            uint8_t *legacy)
{
    /* where a ring begins so that its last bytes hold the beginning of a record */
    enum { SEAM = KIT_EVT_MEM - 5024 };
    mk_bytes none = { NULL, 0 };
    mk_evt_begin(e, legacy, KIT_EVT_MEM);
    if (s->rotate) mk_evt_start(e, SEAM);
    mk_log_begin(g, mem, cap);
    g->evt = e;
    s->tell(g);
    if (g->flags & MK_LOG_FORWARDED) return none;
    if (g->flags & MK_LOG_LIVE) e->flags |= MK_EVT_DIRTY;
    if (g->flags & MK_LOG_EXPORT) e->flags |= MK_EVT_ARCHIVE;
    e->trim = !(g->flags & MK_LOG_LIVE);
    return mk_evt_end(e);
}
