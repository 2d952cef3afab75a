/* tests/select/test_pass.c - records that are passed over: what reading them one by one says too */
#include "../files.h"
#include "../golden/one.h"

static evx_reader reader;
static evx_fields f;
static uint64_t memory[EVX_READER_MEMORY / 8 + 1];

/* ---- the same records, the same books -------------------------------------------------------- */

static unsigned long passed_over, returned;

static bool same(const evx_record *a, const evx_record *b)
{
    return a->id == b->id && a->written == b->written && a->off == b->off && a->size == b->size
        && a->damage == b->damage && a->origin == b->origin;
}

static bool same_text(const evx_text_view *a, const evx_text_view *b)
{
    return a->len == b->len && !a->utf8 && !b->utf8
        && (a->len == 0 || memcmp(a->ptr, b->ptr, a->len) == 0);
}

/* These records were passed over: sound, not kept, and of one computer and channel. */
static void pass_all(const evx_filter *q, evx_reader *by_one, evx_records *it, const evx_passed *p,
                 evx_ledger *l)
{
    uint64_t id = 0, time = 0;
    evx_record r;

    for (uint32_t i = 0; i < p->count; i++) {
        cr_assert(evx_records_next(it, &r) == EVX_OK && (r.damage & ~(uint32_t)EVX_RECORD_ID) == 0);
        cr_assert(i != 0 || same(&r, &p->first));
        cr_assert(evx_filter_record(q, by_one, it->chunk, &r) == EVX_SKIP);
        cr_assert(evx_fields_system(by_one, it->chunk, &r, &f) == EVX_OK && !f.damaged);
        cr_assert(i == 0 || (f.record_id == id + 1 && f.time >= time && r.id == l->last_id + 1));
        cr_assert(i != 0 || (f.record_id == p->first_id && f.time == p->first_time));
        id = f.record_id;
        time = f.time;
        cr_assert(same_text(&f.computer, &p->computer) && same_text(&f.channel, &p->channel));
        evx_ledger_read(l, it->chunk, &r, i == 0 ? f.time : 0, false);
        passed_over++;
    }
    cr_assert(same(&r, &p->last) && id == p->last_id && time == p->last_time);
}

static void note(evx_ledger *l, const evx_chunk *c, evx_status st, const evx_record *r)
{
    if (st == EVX_OK)
        evx_ledger_read(l, c, r, r->written, r->damage != 0);
    else if (st < 0)
        evx_ledger_lose(l, r->off, r->size, st);
}

static void check_passed(const evx_filter *q, const evx_chunk *c, evx_ledger *a, evx_ledger *b)
{
    static uint64_t other[EVX_READER_MEMORY / 8 + 1];
    static evx_reader by_one;
    evx_passed passed;
    evx_record r[2];
    evx_records it[2];
    evx_status st;
    bool waits;

    cr_assert(evx_reader_init(&by_one, sizeof by_one, (uint8_t *)other, sizeof other, NULL)
              == EVX_OK);
    evx_records_begin(&it[0], c);
    evx_records_begin(&it[1], c);
    do {
        memset(r, 0, sizeof r);
        waits = a->open < a->loss_count;
        evx_filter_pass(q, evx_kernels_best(), &reader, &it[0], a, &passed);
        cr_assert(!waits || passed.count == 0, "a loss waits for the next record's time");
        if (passed.count != 0)
            pass_all(q, &by_one, &it[1], &passed, b);
        st = evx_records_next(&it[0], &r[0]);
        cr_assert(evx_records_next(&it[1], &r[1]) == st);
        cr_assert(st == EVX_END || same(&r[0], &r[1]));
        cr_assert(memcmp(a, b, sizeof *a) == 0);
        note(a, c, st, &r[0]);
        note(b, c, st, &r[1]);
        if (st == EVX_OK)            /* its template becomes known, as it does where it is read */
            (void)evx_fields_system(&reader, c, &r[0], &f);
        returned += st == EVX_OK;
    } while (st != EVX_END);
}

static void check_log(void *user, const char *path, const uint8_t *data, size_t len)
{
    evx_ledger a, b;
    evx_chunk c;

    (void)path;
    cr_assert(evx_reader_init(&reader, sizeof reader, (uint8_t *)memory, sizeof memory, NULL)
              == EVX_OK);
    evx_ledger_begin(&a, NULL, 0);
    evx_ledger_begin(&b, NULL, 0);
    for (size_t i = 0; kit_chunk(data, len, i, &c) == EVX_OK; i++)
        check_passed(user, &c, &a, &b);
}

static void check_logs(size_t (*each)(const char *, files_visit, void *), const char *folder)
{
    static const uint32_t ids[] = { 9606, 4624 };
    evx_filter filters[] = {
        { .provider = "MSExchangeIS" }, { .provider = "msexchangeES" }, { .provider = "ESENT" },
        { .provider = "MSExchangeIS", .exclude = EVX_FILTER_PROVIDER }, { .provider = "\xc3\xa4" },
        { .event_ids = ids, .event_id_count = 2 }, { .levels = 4 }, { .exclude = 0xffffffff }
    };

    for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++) {
        passed_over = returned = 0;
        if (!each(folder, check_log, &filters[i]))
            cr_skip_test("no logs at %s", folder);
        cr_assert(returned > 0 && (passed_over > 0) == (i < 3),
                  "%zu: %lu, %lu", i, passed_over, returned);
    }
}

Test(pass, made_logs)
{
    check_logs(files_each, EVX_TEST_CORPUS "/exchange");
}

Test(pass, real_logs)
{
    check_logs(files_some, EVX_TEST_SHARED);
}

/* The time is that of all record headers of such logs. */
#define OWN(i) " u64=" #i " time=2021-02-03T04:05:06Z\n"

/* By template and by value, and whatever is not whole is returned. */
Test(pass, what_is_returned)
{
    evx_filter q = { .provider = "Two" };
    evx_ledger l;
    evx_records it;
    evx_passed passed;
    evx_record r;

    one("template a = <Event><System><Provider Name='One'/><TimeCreated SystemTime='{2:time}'/>"
        "<EventRecordID>{1:u64}</EventRecordID></System><D>{0:str}</D></Event>\n"
        "template b = <Event><System><Provider Name='{0:str}'/><TimeCreated SystemTime='{2:time}'/>"
        "<EventRecordID>{1:u64}</EventRecordID></System></Event>\n"
        "record a str=\"x\"" OWN(1) "record a str=\"y\"" OWN(2) "record b str=\"Three\"" OWN(3)
        "record b str=\"Four\"" OWN(4) "record b str=\"tWO\"" OWN(5) "record a str=\"z\"" OWN(6)
        "record b str=\"Two\"" OWN(7));
    cr_assert(evx_reader_init(&reader, sizeof reader, (uint8_t *)memory, sizeof memory, NULL)
              == EVX_OK);
    evx_ledger_begin(&l, NULL, 0);
    evx_records_begin(&it, &one_chunk);
    for (unsigned i = 0; i < 4; i++) {
        static const uint64_t ids[] = { 1, 3, 5, 7 }, before[] = { 0, 2, 4, 6 };
        evx_filter_pass(&q, NULL, &reader, &it, &l, &passed);
        cr_assert(evx_records_next(&it, &r) == EVX_OK);
        cr_assert(r.id == ids[i], "%llu", (unsigned long long)r.id);
        cr_assert(i == 0 ? passed.count == 0 : passed.last.id == before[i]);
        cr_assert(evx_filter_record(&q, &reader, &one_chunk, &r) == (i < 2 ? EVX_SKIP : EVX_OK));
        evx_ledger_read(&l, &one_chunk, &r, 0, false);
    }
    evx_filter_pass(&q, NULL, &reader, &it, &l, &passed);
    cr_assert(evx_records_next(&it, &r) == EVX_END && passed.count == 0);
    cr_assert(l.records == 7 && l.decoded == 7 && l.id_gaps == 0);
}

/* A NUL ends the text of a value, and of a run: what stands behind it does not count. */
Test(pass, text_ends_at_a_nul)
{
    evx_filter q = { .provider = "Two" };
    evx_passed passed;
    evx_records it;
    evx_record r;
    evx_ledger l;

    one("template n = <Event><System><Provider Name='One'/><EventRecordID>{1:u64}</EventRecordID>"
        "<TimeCreated SystemTime='{2:time}'/><Channel>{0:str}</Channel></System></Event>\n"
        "record n str=\"A_C\"" OWN(1) "record n str=\"A_D\"" OWN(2) "record n str=\"A_D\"" OWN(3)
        "record n str=\"B_C\"" OWN(4));
    for (uint8_t *p = one_bytes(); p < one_bytes() + EVX_CHUNK_SIZE - 1; p++)
        if (p[0] == '_' && p[1] == 0)
            p[0] = 0;
    cr_assert(evx_reader_init(&reader, sizeof reader, (uint8_t *)memory, sizeof memory, NULL)
              == EVX_OK);
    evx_records_begin(&it, &one_chunk);
    while (evx_records_next(&it, &r) == EVX_OK)
        cr_assert(evx_fields_system(&reader, &one_chunk, &r, &f) == EVX_OK);
    evx_ledger_begin(&l, NULL, 0);
    evx_records_begin(&it, &one_chunk);
    evx_filter_pass(&q, NULL, &reader, &it, &l, &passed);
    cr_assert(passed.count == 3 && evx_text_view_is(&passed.channel, "A"));
    evx_filter_pass(&q, NULL, &reader, &it, &l, &passed);
    cr_assert(passed.count == 1 && evx_text_view_is(&passed.channel, "B"));
}
