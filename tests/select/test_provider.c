/* tests/select/test_provider.c - chunks by their templates: none of them holds what is asked for */
#include "../files.h"
#include "../golden/one.h"

static evx_reader reader, by_one;
static evx_fields f;
static uint64_t memory[2][EVX_READER_MEMORY / 8 + 1];
static unsigned long skimmed, refused;

static void begin(void)
{
    cr_assert(evx_reader_init(&reader, sizeof reader, (uint8_t *)memory[0], EVX_READER_MEMORY, NULL)
              == EVX_OK);
    cr_assert(evx_reader_init(&by_one, sizeof by_one, (uint8_t *)memory[1], EVX_READER_MEMORY, NULL)
              == EVX_OK);
}

static bool same(const evx_record *a, const evx_record *b)
{
    return a->id == b->id && a->written == b->written && a->off == b->off && a->size == b->size
        && a->damage == b->damage && a->origin == b->origin;
}

/* Is there a record of this provider, or one that cannot be read? */
static bool holds(const evx_filter *q, const evx_chunk *c)
{
    evx_records it;
    evx_record r;
    evx_status st;

    evx_records_begin(&it, c);
    while ((st = evx_records_next(&it, &r)) == EVX_OK)
        if (evx_fields_system(&by_one, c, &r, &f) == EVX_OK && !f.damaged
            && evx_filter_fields(q, &f) == EVX_OK)
            return true;
    return st != EVX_END;
}

static void check_chunk(const evx_filter *q, const evx_chunk *c, evx_ledger *l)
{
    evx_ledger by_headers = *l, before = *l;
    evx_record r[4];

    if (evx_filter_skim(q, &reader, c, l, &r[0], &r[1]) != EVX_OK) {
        cr_assert(memcmp(l, &before, sizeof before) == 0);
        refused++;
        (void)evx_ledger_skim(l, c, &r[0], &r[1]);
        return;
    }
    cr_assert(evx_ledger_skim(&by_headers, c, &r[2], &r[3]) == EVX_OK);
    cr_assert(memcmp(l, &by_headers, sizeof by_headers) == 0);
    cr_assert(same(&r[0], &r[2]) && same(&r[1], &r[3]));
    cr_assert(!holds(q, c));
    skimmed++;
}

static void check_log(void *user, const char *path, const uint8_t *data, size_t len)
{
    evx_ledger l;
    evx_chunk c;

    (void)path;
    begin();
    evx_ledger_begin(&l, NULL, 0);
    for (size_t i = 0; kit_chunk(data, len, i, &c) == EVX_OK; i++)
        check_chunk(user, &c, &l);
}

static void check_logs(const char *folder)
{
    static const char *const names[] = { "MSExchangeIS", "ESENT", "Microsoft-Windows-Sysmon" };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        evx_filter q = { .provider = names[i] };
        skimmed = refused = 0;
        if (!files_each(folder, check_log, &q))
            cr_skip_test("no logs at %s", folder);
        cr_assert((skimmed > 0 || i == 0) && refused > 0, "%s: %lu, %lu", names[i], skimmed,
                  refused);
    }
}

Test(provider, made_logs)
{
    check_logs(EVX_TEST_CORPUS "/exchange");
}

Test(provider, real_logs, .timeout = 120)
{
    check_logs(EVX_TEST_SHARED);
}

/* A record that changes: its provider, its template's place, its size. */
Test(provider, one_record)
{
    static const struct { const char *log; bool skims; } cases[] = {
        { "record a\nrecord a\nrecord b\n", true }, { "record a\nrecord c\n", false },
        { "record a\nrecord v str=\"Two\"\n", false },
        { "record a\nrecord v str=\"One\"\n", false },
        { "record a\nplain <Event/>\n", false }, { "record d\nrecord a\n", false }
    };
    char log[1024];
    evx_ledger l;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        evx_filter q = { .provider = "Two" };
        snprintf(log, sizeof log,
                 "template a = <Event><System><Provider Name='One'/></System></Event>\n"
                 "template b = <Event><System><Provider Name='TwoTwo'/></System></Event>\n"
                 "template c = <Event><System><Provider Name='tWO'/></System></Event>\n"
                 "template d = <Event><System><Level>1</Level></System></Event>\n"
                 "template v = <Event><System><Provider Name='{0:str}'/></System></Event>\n%s",
                 cases[i].log);
        one(log);
        begin();
        evx_ledger_begin(&l, NULL, 0);
        skimmed = 0;
        check_chunk(&q, &one_chunk, &l);
        cr_assert_eq(skimmed == 1, cases[i].skims, "%s", cases[i].log);
        q.provider = NULL;
        check_chunk(&q, &one_chunk, &l);
        q.provider = "\xc3\xa4";
        check_chunk(&q, &one_chunk, &l);
        q.provider = "Two";
        q.exclude = EVX_FILTER_PROVIDER;
        check_chunk(&q, &one_chunk, &l);
        cr_assert_eq(skimmed == 1, cases[i].skims, "only a name can be absent");
    }
}

/* More templates than are looked at in a chunk. */
Test(provider, many_templates)
{
    static char log[8192];
    evx_filter q = { .provider = "Two" };
    evx_ledger l;

    for (int i = 0; i < 12; i++)
        sprintf(log + strlen(log), "template t%d = <Event><System><Provider Name='One%d'/></System>"
                "</Event>\n", i, i);
    for (int i = 0; i < 12; i++)
        sprintf(log + strlen(log), "record t%d\n", i);
    one(log);
    begin();
    evx_ledger_begin(&l, NULL, 0);
    check_chunk(&q, &one_chunk, &l);
    cr_assert(skimmed == 0 && refused == 1);
}
