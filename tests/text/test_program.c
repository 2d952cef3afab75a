/* tests/text/test_program.c - records written by programs: as the walk does, whatever the memory */
#include "pair.h"

#include "../files.h"

/* ---- every log at hand ----------------------------------------------------------------------- */

static pair_mode mode;
static size_t records;
static uint32_t most;                /* records by programs, between two resets                */

static void read_file(void *user, const char *path, const uint8_t *data, size_t len)
{
    evx_bytes in = { data, len };
    evx_stream s;
    evx_window w;
    evx_chunk c;

    (void)user;
    if (strlen(path) < 6 || strcmp(path + strlen(path) - 5, ".evtx") != 0)
        return;
    cr_assert(evx_stream_init(&s, sizeof s, NULL) == EVX_OK);
    evx_stream_close(&s);
    while (evx_stream_next(&s, &in, &w) == EVX_OK) {
        (void)evx_chunk_open(&c, &w);
        records += pair_chunk(&c);
        most = pair_hits() > most ? pair_hits() : most;
    }
}

/* One store for all of them, as a command has it. */
static void read_logs(size_t (*each)(const char *, files_visit, void *), const char *folder,
                      size_t arena)
{
    for (size_t i = 0; i < PAIR_MODES; i++) {
        mode = pair_modes[i];
        records = 0;
        most = 0;
        pair_begin(mode, NULL, arena);
        if (each(folder, read_file, NULL) == 0)
            cr_skip_test("no logs in %s", folder);
        cr_assert(records == 0 || most > 0);
    }
    cr_log_info("%s: %zu records, %u by programs between two resets", folder, records, most);
}

Test(program, made_logs)
{
    read_logs(files_each, EVX_TEST_CORPUS, PAIR_ARENA);
}

Test(program, real_logs, .timeout = 280)
{
    const char *named = getenv("EVX_SHARED");

    read_logs(files_some, named ? named : EVX_TEST_SHARED, PAIR_ARENA);
}

/* Room for a few programs only: emptied again and again, or given up. */
Test(program, real_logs_with_little_memory, .timeout = 280)
{
    const char *named = getenv("EVX_SHARED");

    read_logs(files_some, named ? named : EVX_TEST_SHARED, EVXI_STORE_LEAST + 8192);
}

/* ---- memory ---------------------------------------------------------------------------------- */

static const char alike[] =
    "template o = <Event a='{0:str}'><S>{1:u32}</S>{2:xml?}</Event>\n"
    "template i = <EventData><Data Name='n'>{0:str}</Data><Data Name='m'>{1:sid}</Data>"
    "</EventData>\n"
    "record o str=\"a\" u32=1 xml(i str=\"x\" sid=S-1-5-18)\n"
    "record o str=\"bc\" u32=77777 xml(i str=\"\xc3\xa4\\\"<&>\" sid=S-1-5-21-1-2-3-500)\n"
    "record o str=\"def\" u32=4294967295 xml(i str=\"\" sid=S-1-1-0)\n"
    "record o str=\"g\" u32=0 null\n"
    "record o str=\"h\" u32=5 xml(i str=\"yy\" sid=S-1-5-19)\n";

Test(program, learns_once)
{
    cr_assert_eq(pair_log(alike, pair_modes[0]), 2);
    for (unsigned i = 0; i < 5; i++)             /* now all five are known */
        (void)pair_chunk(&one_chunk);
    cr_assert_eq(pair_hits(), 2 + 5 * 5);
}

Test(program, arenas_of_every_size)
{
    size_t least = EVXI_STORE_LEAST;

    one(alike);
    for (size_t len = 0; len < least + 24000; len += len + 64 < least ? 8191 : 40) {
        pair_begin(pair_modes[3], NULL, len);
        cr_assert((pair_fast.store != NULL) == (len >= least));
        for (unsigned i = 0; i < 3; i++)
            cr_assert_eq(pair_chunk(&one_chunk), 5);
    }
    cr_assert(pair_hits() > 0);
}

/* A context is a value: a copy goes on beside the first, with the same store. */
Test(program, copies_go_on)
{
    static evx_text kept;

    cr_assert_eq(pair_log(alike, pair_modes[3]), 2);
    kept = pair_fast;
    for (unsigned i = 0; i < 6; i++) {
        cr_assert_eq(pair_chunk(&one_chunk), 5);
        if (i == 3)
            pair_fast = kept;
        pair_fast.chunk_spent = pair_slow.chunk_spent;
        pair_fast.chunk_steps = pair_slow.chunk_steps;
        pair_fast.chunk_vain = pair_slow.chunk_vain;
    }
}

/* More kinds of records than there is room for, seen over and over. */
Test(program, full_and_emptied)
{
    static char description[1 << 16];
    size_t at = 0;

    for (unsigned i = 0; i < 24; i++)
        at += (size_t)snprintf(description + at, sizeof description - at,
                               "template t%u = <Event><A%u>{0:u16}</A%u><B>{1:str}</B></Event>\n",
                               i, i, i);
    for (unsigned i = 0; i < 96; i++)
        at += (size_t)snprintf(description + at, sizeof description - at,
                               "record t%u u16=%u str=\"%u\"\n", i % 24, i, i * i);
    one(description);
    pair_begin(pair_modes[0], NULL, EVXI_STORE_LEAST + 4096);
    for (unsigned i = 0; i < 100; i++)
        cr_assert_eq(pair_chunk(&one_chunk), 96);
    pair_begin(pair_modes[0], NULL, PAIR_ARENA);
    cr_assert_eq(pair_chunk(&one_chunk), 96);
    cr_assert_eq(pair_hits(), 72);
}

/* ---- budgets and buffers --------------------------------------------------------------------- */

Test(program, the_same_limits)
{
    for (uint32_t n = 1; n < 700; n++) {
        evx_limits limits = { 0 };
        one(alike);
        if (n % 2)
            limits.record_text = n;
        else
            limits.chunk_text = 3 * n;
        pair_begin(pair_modes[n % PAIR_MODES], &limits, PAIR_ARENA);
        for (unsigned i = 0; i < 3; i++)
            (void)pair_chunk(&one_chunk);
    }
}

/* A long ANSI string costs by its length, by program and by walk. */
Test(program, long_ansi_strings)
{
    static char description[1 << 16];
    size_t at = (size_t)sprintf(description, "template t = <Event><A>{0:ansi}</A></Event>\n");

    for (unsigned i = 0; i < 12; i++) {
        unsigned n = i % 4 == 3 ? 3000 : EVXI_ANSI_SHORT - 1 - i % 2;    /* and a NUL */
        at += (size_t)sprintf(description + at, "record t ansi=\"");
        memset(description + at, 'a' + (int)i, n);
        at += n;
        at += (size_t)sprintf(description + at, "\"\n");
    }
    one(description);
    for (size_t i = 0; i < PAIR_MODES; i++) {
        pair_begin(pair_modes[i], NULL, PAIR_ARENA);
        cr_assert_eq(pair_chunk(&one_chunk), 12);
        cr_assert_eq(pair_hits(), 11, "%u", pair_hits());
        cr_assert(pair_slow.chunk_steps > 3 * 3000 / 16);
    }
}

/* With budgets beyond all measure the walk gives up where so much has to be looked at: programs
 * leave such a record to it. */
Test(program, much_to_look_at)
{
    static char description[1 << 17];
    static const evx_limits limits = { .record_text = 1u << 30, .chunk_text = 1ull << 40 };
    size_t at = (size_t)sprintf(description, "template t = <Event>");

    for (unsigned i = 0; i < 80; i++)
        at += (size_t)sprintf(description + at, "<A>{0:ansi}</A>");
    at += (size_t)sprintf(description + at, "</Event>\nrecord t ansi=\"a\"\nrecord t ansi=\"");
    memset(description + at, 'b', 55000);
    at += 55000;
    (void)sprintf(description + at, "\"\nrecord t ansi=\"c\"\n");
    one(description);
    pair_begin(pair_modes[0], &limits, PAIR_ARENA);
    cr_assert_eq(pair_chunk(&one_chunk), 2);
    cr_assert_eq(pair_hits(), 1);
}

/* More keys than the first table holds: what was written until it was full was written in vain, and
 * is charged. */
Test(program, keys_and_begin_anew)
{
    static char description[1 << 15];
    size_t at = (size_t)sprintf(description, "template t = <Event>");

    for (unsigned i = 0; i < 900; i++)
        at += (size_t)sprintf(description + at, "<K%u>k</K%u>", i, i);
    sprintf(description + at, "<D>{0:str}</D></Event>\nrecord t str=\"v\"\n"
                              "record t str=\"longer\"\n");
    one(description);
    pair_begin(pair_modes[3], NULL, PAIR_ARENA);
    for (unsigned i = 0; i < 3; i++) {
        cr_assert_eq(pair_chunk(&one_chunk), 2);
        cr_assert(pair_slow.chunk_vain > 2 * 150 * 6);
    }
    pair_begin(pair_modes[0], NULL, PAIR_ARENA);
    cr_assert(pair_chunk(&one_chunk) == 2 && pair_slow.chunk_vain == 0);
    cr_assert_eq(pair_hits(), 1);
}

/* A buffer of just the text's length, and less; then one that is emptied by a flush. */
Test(program, every_buffer)
{
    cr_assert_eq(pair_log(alike, pair_modes[3]), 2);
    (void)pair_chunk(&one_chunk);
    for (size_t i = 0; i < 5; i++) {
        evx_out o;
        size_t n;
        cr_assert(kit_record(&one_chunk, i, &one_record) == EVX_OK);
        cr_assert(pair_record(&one_chunk, &one_record) == EVX_OK);
        evx_out_init(&o, pair_b, sizeof pair_b, NULL, NULL);
        (void)evx_text_record(&pair_slow, &one_chunk, &one_record, &o);
        n = o.len;
        for (size_t cap = n > 3 ? n - 3 : 0; cap < n + 900; cap++) {
            uint8_t *cliff = kit_cliff(cap);
            evx_out_init(&o, cliff - cap, cap, NULL, NULL);
            cr_assert_eq(evx_text_record(&pair_fast, &one_chunk, &one_record, &o),
                         cap < n ? EVX_E_SPACE : EVX_OK);
            cr_assert(o.len == (cap < n ? 0 : n) && memcmp(cliff - cap, pair_b, o.len) == 0);
            kit_cliff_free(cliff, cap);
        }
    }
}

static size_t flushed;

static evx_status take(void *user, const uint8_t *data, size_t len)
{
    cr_assert(flushed + len <= sizeof pair_a);
    memcpy(pair_a + flushed, data, len);
    flushed += len;
    return user ? EVX_E_ARG : EVX_OK;
}

Test(program, through_a_flush)
{
    static uint8_t small[2000];
    evx_out o, all;

    cr_assert_eq(pair_log(alike, pair_modes[0]), 2);
    evx_out_init(&all, pair_b, sizeof pair_b, NULL, NULL);
    evx_out_init(&o, small, sizeof small, take, NULL);
    for (size_t i = 0; i < 40; i++) {
        cr_assert(kit_record(&one_chunk, i % 5, &one_record) == EVX_OK);
        cr_assert(evx_text_record(&pair_slow, &one_chunk, &one_record, &all) == EVX_OK);
        cr_assert(evx_text_record(&pair_fast, &one_chunk, &one_record, &o) == EVX_OK);
        cr_assert(o.total == all.total);
    }
    cr_assert(evx_out_flush(&o) == EVX_OK && flushed == all.len);
    cr_assert(memcmp(pair_a, pair_b, flushed) == 0);
    cr_assert(pair_hits() > 30);
    evx_out_init(&o, small, sizeof small, take, small);
    while (o.failed == EVX_OK)
        (void)evx_text_record(&pair_fast, &one_chunk, &one_record, &o);
    cr_assert(o.failed == EVX_E_SINK && pair_hits() > 0);
}

/* ---- the same memory, another chunk ---------------------------------------------------------- */

/* Two logs whose first chunks differ in a name only; the second record of each. */
static void load(uint8_t *chunk, const char *name, evx_record *r)
{
    static char text[300];
    evx_record any;

    snprintf(text, sizeof text, "template t = <Event><%s>{0:str}</%s></Event>\n"
             "record t str=\"a\"\nrecord t str=\"b\"\nrecord t str=\"c\"\n", name, name);
    one(text);
    memcpy(chunk, one_chunk.base, one_chunk.len);
    one_chunk.base = chunk;
    memset(chunk + mk_def_at(&one_spec.file, 0) + 4, 7, 16);
    for (size_t i = 0; kit_record(&one_chunk, i, &any) == EVX_OK; i++)
        memset(chunk + any.off + 24 + 4 + 2, 7, 4);
    cr_assert(kit_record(&one_chunk, r->id == 0 ? 0 : 2, r) == EVX_OK);
}

Test(program, a_chunk_read_into_the_same_memory)
{
    static uint8_t chunk[EVX_CHUNK_SIZE];

    for (int same_header = 0; same_header < 2; same_header++) {
        evx_record r = { 0 }, second;
        pair_begin(pair_modes[0], NULL, PAIR_ARENA);
        load(chunk, "Subject", &r);
        if (same_header)
            memset(chunk + 48, 0, 80);
        cr_assert(pair_record(&one_chunk, &r) == EVX_OK);
        cr_assert(kit_record(&one_chunk, 1, &second) == EVX_OK);
        cr_assert(pair_record(&one_chunk, &second) == EVX_OK && pair_hits() == 1);
        load(chunk, "Objects", &r);
        if (same_header) {
            memset(chunk + 48, 0, 80);
            evx_text_renew(&pair_slow);
            evx_text_renew(&pair_fast);
        }
        cr_assert(pair_record(&one_chunk, &r) == EVX_OK);
        cr_assert(strstr((char *)pair_b, "<Objects>c</Objects>"));
    }
}
