/* tests/text/test_library.c - contexts that share what they learn: the same text, learned once */
#include <pthread.h>

#include "pair.h"

#include "../files.h"

enum { SHARERS = 4, LEAST = EVX_PROGRAMS_LEAST };

static evx_programs programs;
static evx_text sharers[SHARERS];
static uint64_t arena[PAIR_ARENA / 8], own[SHARERS][EVX_SHARER_ARENA / 8];
static uint64_t work[SHARERS][(EVX_TEXT_WORK + 7) / 8];
static uint8_t texts[SHARERS][1 << 22];

static evx_text_config config_of(pair_mode mode)
{
    evx_text_config config;

    memset(&config, 0, sizeof config);
    config.format = mode.format;
    config.flags = mode.flags;
    config.style = mode.style;
    return config;
}

static evx_status sharer_begin(unsigned i, evx_text_config config)
{
    config.work = (uint8_t *)work[i];
    config.work_len = sizeof work[i];
    config.arena = (uint8_t *)own[i];
    config.arena_len = sizeof own[i];
    config.programs = &programs;
    config.sharer = i;
    return evx_text_init(&sharers[i], sizeof sharers[i], &config);
}

/* All of them, and pair_slow, which knows no programs. */
static void begin(pair_mode mode, size_t len)
{
    evx_text_config config = config_of(mode);

    pair_begin(mode, NULL, 0);
    cr_assert(evx_programs_init(&programs, sizeof programs, &config, (uint8_t *)arena, len)
              == EVX_OK);
    for (unsigned i = 0; i < SHARERS; i++)
        cr_assert(sharer_begin(i, config) == EVX_OK);
}

static evxi_library *library(void)
{
    return programs.library;
}

static evxi_store *store(unsigned i)
{
    return sharers[i].store;
}

static evx_status write_by(evx_text *t, const evx_chunk *c, const evx_record *r, evx_out *o,
                           uint8_t *to)
{
    evx_out_init(o, to, sizeof texts[0], NULL, NULL);
    return evx_text_record(t, c, r, o);
}

static void same_record(unsigned i, const evx_chunk *c, const evx_record *r)
{
    evx_out a, b;
    evx_status st = write_by(&pair_slow, c, r, &a, pair_a);

    cr_assert_eq(write_by(&sharers[i], c, r, &b, texts[i]), st);
    cr_assert(a.len == b.len && memcmp(pair_a, texts[i], a.len) == 0);
    cr_assert(sharers[i].damage == pair_slow.damage && sharers[i].failed == pair_slow.failed
              && sharers[i].chunk_spent == pair_slow.chunk_spent
              && sharers[i].chunk_steps == pair_slow.chunk_steps
              && sharers[i].chunk_vain == pair_slow.chunk_vain);
}

/* A chunk by one of them. */
static void same_chunk(unsigned i, const evx_chunk *c)
{
    evx_records it;
    evx_record r;
    evx_status st;

    evx_text_renew(&pair_slow);
    evx_text_renew(&sharers[i]);
    evx_records_begin(&it, c);
    while ((st = evx_records_next(&it, &r)) != EVX_END)
        if (st == EVX_OK)
            same_record(i, c, &r);
}

/* ---- what one has learned -------------------------------------------------------------------- */

static const char kinds[] =
    "template o = <Event a='{0:str}'><S>{1:u32}</S>{2:xml?}</Event>\n"
    "template i = <EventData><Data Name='n'>{0:str}</Data></EventData>\n"
    "record o str=\"a\" u32=1 xml(i str=\"x\")\nrecord o str=\"b\" u32=2 null\n"
    "plain <Event><A>x</A></Event>\n";

Test(library, the_others_know)
{
    for (size_t m = 0; m < PAIR_MODES; m++) {
        one(kinds);
        begin(pair_modes[m], PAIR_ARENA);
        same_chunk(0, &one_chunk);
        cr_assert_eq(store(0)->hits, 0);
        cr_assert_eq(library()->count, 3);
        for (unsigned i = 1; i < SHARERS; i++) {
            same_chunk(i, &one_chunk);
            cr_assert_eq(store(i)->hits, 3);
        }
        cr_assert_eq(library()->count, 3);
    }
}

/* Seen for the first time in a chunk in which another one learns it. */
Test(library, learned_in_the_meantime)
{
    evx_records a, b;
    evx_record r;

    one("template t = <Event><A>{0:u32}</A></Event>\nrecord t u32=1\nrecord t u32=2\n"
        "record t u32=3\n");
    begin(pair_modes[3], PAIR_ARENA);
    evx_records_begin(&a, &one_chunk);
    evx_records_begin(&b, &one_chunk);
    library()->lock = 1;             /* sharer 0 finds nothing, and may not learn               */
    cr_assert(evx_records_next(&a, &r) == EVX_OK);
    same_record(0, &one_chunk, &r);
    cr_assert_eq(library()->count, 0);
    library()->lock = 0;
    evx_text_renew(&pair_slow);
    cr_assert(evx_records_next(&b, &r) == EVX_OK);
    same_record(1, &one_chunk, &r);
    cr_assert_eq(library()->count, 1);
    while (evx_records_next(&a, &r) == EVX_OK) {
        sharers[0].chunk_spent = pair_slow.chunk_spent;
        sharers[0].chunk_steps = pair_slow.chunk_steps;
        sharers[0].last_off = pair_slow.last_off;
        same_record(0, &one_chunk, &r);
    }
    cr_assert_eq(library()->count, 1);
    cr_assert_eq(store(0)->hits, 1, "%u", store(0)->hits);
}

/* ---- emptied --------------------------------------------------------------------------------- */

/* More kinds than there is room for, each of them twice. */
static void many_kinds(void)
{
    static char description[1 << 16];
    enum { TEMPLATES = 24 };
    size_t at = 0;

    for (unsigned i = 0; i < TEMPLATES; i++)
        at += (size_t)snprintf(description + at, sizeof description - at,
                               "template t%u = <Event><A%u>{0:u16}</A%u><B b='{1:str?}'>{2:str?}"
                               "</B><C>{3:str}</C></Event>\n", i, i, i);
    for (unsigned i = 0; i < 2 * 8 * TEMPLATES; i++)
        at += (size_t)snprintf(description + at, sizeof description - at,
                               "record t%u u16=%u %s %s str=\"%s\"\n", i / 2 % TEMPLATES, i,
                               i / 2 / TEMPLATES & 1 ? "str=\"b\"" : "null",
                               i / 2 / TEMPLATES & 2 ? "str=\"some text\"" : "null",
                               i / 2 / TEMPLATES & 4 ? "c" : "");
    one(description);
}

Test(library, emptied_by_turns)
{
    uint32_t hits = 0;

    many_kinds();
    begin(pair_modes[0], LEAST);
    for (unsigned n = 0; n < 60; n++) {
        same_chunk(n % SHARERS, &one_chunk);
        hits += store(n % SHARERS)->hits;
    }
    cr_assert(library()->epoch > 3 && hits > 60, "%u %u", library()->epoch, hits);
}

/* A context that was given up in the middle of a chunk, and one that begins anew. */
Test(library, one_at_rest)
{
    evx_records it;
    evx_record r;

    many_kinds();
    begin(pair_modes[0], LEAST);
    evx_records_begin(&it, &one_chunk);
    cr_assert(evx_records_next(&it, &r) == EVX_OK);
    same_record(0, &one_chunk, &r);
    for (unsigned n = 0; n < 9; n++) {
        same_chunk(1, &one_chunk);
        evx_text_renew(&sharers[1]);
    }
    cr_assert(library()->sharer[0].inside == 1 && library()->closing == 1);
    evx_text_renew(&sharers[0]);
    cr_assert(library()->sharer[0].inside == 0 && library()->epoch == 0);
    same_chunk(1, &one_chunk);
    cr_assert(library()->epoch > 0);
    evx_text_renew(&sharers[1]);
    same_record(0, &one_chunk, &r);
    cr_assert_eq(library()->sharer[0].inside, 1);
    cr_assert(sharer_begin(0, config_of(pair_modes[0])) == EVX_OK);
    cr_assert_eq(library()->sharer[0].inside, 0);
}

/* As long as one is inside, nobody empties it; the others do without. */
Test(library, not_while_one_is_inside)
{
    many_kinds();
    begin(pair_modes[0], LEAST);
    library()->sharer[SHARERS].inside = 1;
    for (unsigned n = 0; n < 60; n++)
        same_chunk(n % SHARERS, &one_chunk);
    cr_assert(library()->epoch == 0 && library()->closing == 1);
    library()->sharer[SHARERS].inside = 0;
    library()->lock = 1;
    same_chunk(0, &one_chunk);
    cr_assert(library()->epoch == 0 && library()->closing == 1);
    library()->lock = 0;
    same_chunk(1, &one_chunk);
    cr_assert(library()->epoch >= 1);
}

/* ---- threads --------------------------------------------------------------------------------- */

typedef struct thread {
    pthread_t id;
    unsigned sharer;
    bool wrong;
} thread;

static size_t expected[512];         /* where each record's text ends in pair_b                */
static size_t expected_count;

static void expect(void)
{
    evx_records it;
    evx_record r;
    size_t at = 0;
    evx_out o;

    expected_count = 0;
    evx_records_begin(&it, &one_chunk);
    while (evx_records_next(&it, &r) == EVX_OK) {
        cr_assert(write_by(&pair_slow, &one_chunk, &r, &o, pair_a) == EVX_OK);
        memcpy(pair_b + at, pair_a, o.len);
        expected[expected_count++] = at += o.len;
    }
}

static void *write_all(void *user)
{
    thread *t = user;
    evx_records it;
    evx_record r;
    evx_out o;

    for (unsigned n = 0; n < 150; n++) {
        size_t i = 0, at = 0;
        evx_text_renew(&sharers[t->sharer]);
        evx_records_begin(&it, &one_chunk);
        while (evx_records_next(&it, &r) == EVX_OK) {
            if (i % SHARERS == t->sharer || n % 3 != 0) {
                t->wrong |= write_by(&sharers[t->sharer], &one_chunk, &r, &o, texts[t->sharer])
                         != EVX_OK;
                t->wrong |= o.len != expected[i] - at
                         || memcmp(texts[t->sharer], pair_b + at, o.len) != 0;
            }
            at = expected[i++];
        }
    }
    evx_text_renew(&sharers[t->sharer]);
    return NULL;
}

static void run_threads(size_t len)
{
    thread threads[SHARERS];

    for (size_t m = 0; m < PAIR_MODES; m++) {
        begin(pair_modes[m], len);
        expect();
        for (unsigned i = 0; i < SHARERS; i++) {
            threads[i] = (thread){ .sharer = i };
            cr_assert(pthread_create(&threads[i].id, NULL, write_all, &threads[i]) == 0);
        }
        for (unsigned i = 0; i < SHARERS; i++) {
            cr_assert(pthread_join(threads[i].id, NULL) == 0);
            cr_assert(!threads[i].wrong, "mode %zu, sharer %u", m, i);
        }
        for (unsigned i = 0; i < SHARERS; i++)
            cr_assert(library()->sharer[i].inside == 0);
        cr_assert(library()->lock == 0);
    }
}

Test(library, threads)
{
    many_kinds();
    run_threads(PAIR_ARENA);
    cr_assert_eq(library()->epoch, 0);
}

Test(library, threads_that_empty_it)
{
    many_kinds();
    run_threads(LEAST);
    cr_assert(library()->epoch > 0);
}

/* ---- what does not fit together -------------------------------------------------------------- */

Test(library, arguments)
{
    evx_text_config config = config_of(pair_modes[3]), other;

    cr_assert(evx_programs_init(&programs, sizeof programs - 1, &config, (uint8_t *)arena,
                                sizeof arena) == EVX_E_ABI);
    cr_assert(evx_programs_init(&programs, sizeof programs, &config, NULL, sizeof arena)
              == EVX_E_ARG);
    cr_assert(evx_programs_init(&programs, sizeof programs, NULL, (uint8_t *)arena, sizeof arena)
              == EVX_E_ARG);
    cr_assert(evx_programs_init(&programs, sizeof programs, &config, (uint8_t *)arena, LEAST - 1)
              == EVX_E_SPACE);
    begin(pair_modes[3], LEAST);
    for (unsigned n = 0; n < 10; n++) {
        static const uint16_t page[128];
        other = config;
        switch (n) {
        case 0: other.format = EVX_XML; break;
        case 1: other.style = EVX_STYLE_WINDOWS; break;
        case 2: other.flags = EVX_TEXT_SEPARATE; break;
        case 3: other.ansi = page; break;
        case 4: other.limits.instance_depth = 3; break;
        case 5: other.limits.open_elements = 9; break;
        case 6: other.limits.name_units = 9; break;
        case 7: other.limits.steps_per_byte = 9; break;
        case 8: other.limits.record_text = 9; break;
        default: other.limits.chunk_text = 9; break;
        }
        cr_assert(sharer_begin(0, other) == EVX_E_ARG, "%u", n);
    }
}

/* Whoever has less work memory refuses what others can write: it shares nothing. */
Test(library, little_work_memory)
{
    evx_text_config config = config_of(pair_modes[3]);

    begin(pair_modes[3], LEAST);
    config.work = (uint8_t *)work[0];
    config.work_len = EVX_TEXT_WORK - 1;
    config.arena = (uint8_t *)own[0];
    config.arena_len = sizeof own[0];
    config.programs = &programs;
    cr_assert(evx_text_init(&sharers[0], sizeof sharers[0], &config) == EVX_OK);
    cr_assert_null(sharers[0].store);
}

Test(library, numbers_of_sharers)
{
    evx_text_config config = config_of(pair_modes[3]);

    begin(pair_modes[3], LEAST);
    config.work = (uint8_t *)work[0];
    config.work_len = sizeof work[0];
    config.programs = &programs;
    config.sharer = EVX_SHARERS_MAX - 1;
    cr_assert(evx_text_init(&sharers[0], sizeof sharers[0], &config) == EVX_OK);
    cr_assert_null(sharers[0].store);            /* no arena: the walk                        */
    config.sharer = EVX_SHARERS_MAX;
    cr_assert(evx_text_init(&sharers[0], sizeof sharers[0], &config) == EVX_E_ARG);
}

/* ---- logs ------------------------------------------------------------------------------------ */

static size_t chunks;

static void read_file(void *user, const char *path, const uint8_t *data, size_t len)
{
    evx_bytes in = { data, len };
    evx_stream s;
    evx_window w;
    evx_chunk c;

    (void)user;
    (void)path;
    cr_assert(evx_stream_init(&s, sizeof s, NULL) == EVX_OK);
    evx_stream_close(&s);
    while (evx_stream_next(&s, &in, &w) == EVX_OK) {
        (void)evx_chunk_open(&c, &w);
        same_chunk(chunks++ % SHARERS, &c);
    }
}

Test(library, made_logs)
{
    for (size_t m = 0; m < PAIR_MODES; m++) {
        begin(pair_modes[m], m % 2 ? LEAST : PAIR_ARENA);
        cr_assert(files_each(EVX_TEST_CORPUS, read_file, NULL) > 0);
    }
    cr_assert(chunks > PAIR_MODES);
}
