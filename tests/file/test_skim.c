/* tests/file/test_skim.c - a chunk's headers at once: what reading them one by one says as well */
#include "../files.h"
#include "../golden/one.h"

static evx_loss losses[4];
static evx_hint hints[2][512];
static unsigned long skimmed, refused;

static evx_status skim(evx_ledger *l, const evx_chunk *c, evx_record *first, evx_record *last)
{
    evx_records it;

    evx_records_begin(&it, c);
    return evx_ledger_skim(l, &it, first, last);
}

static void begin(evx_ledger *l, size_t which)
{
    evx_ledger_begin(l, losses, 4);
    l->hints = hints[which];
    l->hint_cap = 512;
}

/* One by one. False: something that only evx_records_next can say. */
static bool read_all(evx_ledger *l, const evx_chunk *c, evx_record *first, evx_record *last)
{
    evx_records it;
    evx_record r;
    evx_status st;
    bool any = false;

    evx_records_begin(&it, c);
    while ((st = evx_records_next(&it, &r)) == EVX_OK && !(r.damage & ~(uint32_t)EVX_RECORD_ID)) {
        if (!any)
            *first = r;
        *last = r;
        any = true;
        evx_ledger_read(l, c, &r, 0, false);
    }
    return st == EVX_END && any;
}

static bool same_record(const evx_record *a, const evx_record *b)
{
    return a->id == b->id && a->written == b->written && a->off == b->off && a->size == b->size
        && a->origin == b->origin;
}

static bool same_hints(size_t n)
{
    for (size_t i = 0; i < n && i < 512; i++)
        if (hints[0][i].kind != hints[1][i].kind || hints[0][i].record != hints[1][i].record
            || hints[0][i].detail != hints[1][i].detail
            || hints[0][i].file_off != hints[1][i].file_off)
            return false;
    return true;
}

/* The ledgers go on from chunk to chunk, as those of a log do. */
static void check(evx_ledger *one_by_one, evx_ledger *at_once, const evx_chunk *c)
{
    evx_ledger before = *at_once;
    evx_record r[4];
    bool sound = c->damage == 0 && read_all(one_by_one, c, &r[0], &r[1]);

    if (skim(at_once, c, &r[2], &r[3]) == EVX_OK) {
        cr_assert(sound && same_record(&r[0], &r[2]) && same_record(&r[1], &r[3]));
        at_once->hints = one_by_one->hints;
        cr_assert(memcmp(at_once, one_by_one, sizeof *at_once) == 0);
        at_once->hints = hints[1];
        cr_assert(same_hints(at_once->hint_count));
        skimmed++;
        return;
    }
    cr_assert(!sound && memcmp(at_once, &before, sizeof before) == 0);
    refused++;
    *at_once = *one_by_one;          /* so that they go on together */
    at_once->hints = hints[1];
    memcpy(hints[1], hints[0], sizeof hints[0]);
}

static void check_log(void *user, const char *path, const uint8_t *data, size_t len)
{
    evx_ledger a, b;
    evx_chunk c;

    (void)user;
    (void)path;
    begin(&a, 0);
    begin(&b, 1);
    for (size_t i = 0; kit_chunk(data, len, i, &c) == EVX_OK; i++)
        check(&a, &b, &c);
}

Test(skim, made_logs)
{
    cr_assert(files_each(EVX_TEST_CORPUS "/exchange", check_log, NULL) > 30);
    cr_assert(skimmed > 30 && refused > 0, "%lu, %lu", skimmed, refused);
}

Test(skim, real_logs)
{
    if (!files_each(EVX_TEST_SHARED, check_log, NULL))
        cr_skip_test("no real logs at " EVX_TEST_SHARED);
    cr_assert(skimmed > 100 && refused > 0, "%lu, %lu", skimmed, refused);
}

/* Every byte of every header, changed: the same books, or none. */
Test(skim, broken_headers)
{
    evx_ledger a, b;
    evx_chunk c;
    uint8_t *chunk;

    one("template t = <E>{0:u8}</E>\nrecord t u8=1\nrecord t u8=2\nrecord t u8=3\n");
    chunk = one_bytes();
    for (uint32_t at = 0; at < 900; at++)
        for (int bit = 0; bit < 8; bit += 3) {
            chunk[at] ^= (uint8_t)(1 << bit);
            begin(&a, 0);
            begin(&b, 1);
            if (kit_chunk(one_log.ptr, one_log.len, 0, &c) == EVX_OK)
                check(&a, &b, &c);
            chunk[at] ^= (uint8_t)(1 << bit);
        }
    cr_assert(skimmed > 100 && refused > 100, "%lu, %lu", skimmed, refused);
}

static void check_joined(void *user, const char *path, const uint8_t *data, size_t len)
{
    evx_ledger a, b, part;
    evx_record first, last;
    evx_chunk c;

    (void)user;
    (void)path;
    begin(&a, 0);
    begin(&b, 1);
    for (size_t i = 0; kit_chunk(data, len, i, &c) == EVX_OK; i++) {
        evx_ledger_begin(&part, NULL, 0);
        if (skim(&a, &c, &first, &last) != EVX_OK)
            continue;
        cr_assert(skim(&part, &c, &first, &last) == EVX_OK);
        if (evx_ledger_join(&b, &part, &c, &first) == EVX_OK)
            skimmed++;
        else
            cr_assert(part.hint_count > 0 && skim(&b, &c, &first, &last) == EVX_OK);
        b.hints = a.hints;
        cr_assert(memcmp(&a, &b, sizeof a) == 0);
        b.hints = hints[1];
        cr_assert(same_hints(a.hint_count));
    }
}

/* A chunk's own ledger, made elsewhere, says the same when it joins that of the log. */
Test(skim, joined)
{
    cr_assert(files_each(EVX_TEST_CORPUS "/exchange", check_joined, NULL) > 30);
    (void)files_each(EVX_TEST_SHARED, check_joined, NULL);
    cr_assert(skimmed > 30);
}

/* The rest of a chunk: as if its first records were not there. None is no rest. */
Test(skim, the_rest)
{
    evx_record first, last, r;
    evx_records it;
    evx_ledger l;

    one("template t = <E>{0:u8}</E>\nrecord t u8=1\nrecord t u8=2\nrecord t u8=3\n");
    begin(&l, 0);
    evx_records_begin(&it, &one_chunk);
    cr_assert(evx_records_next(&it, &r) == EVX_OK);
    evx_ledger_read(&l, &one_chunk, &r, 0, false);
    cr_assert(evx_ledger_skim(&l, &it, &first, &last) == EVX_OK);
    cr_assert(first.id == 2 && last.id == 3 && l.records == 3 && l.last_id == 3 && l.id_gaps == 0);
    while (evx_records_next(&it, &r) == EVX_OK)
        continue;
    cr_assert(evx_ledger_skim(&l, &it, &first, &last) == EVX_SKIP && l.records == 3);
}

/* Behind bytes that were lost the next record was found by its signature: it counts otherwise. */
Test(skim, behind_a_search)
{
    evx_record first, last, r;
    evx_records it;
    evx_ledger l;

    one("template t = <E>{0:u8}</E>\nrecord t u8=1\nrecord t u8=2\nrecord t u8=3\n"
        "record t u8=4\n");
    evx_records_begin(&it, &one_chunk);
    cr_assert(evx_records_next(&it, &r) == EVX_OK && evx_records_next(&it, &r) == EVX_OK);
    memset(one_bytes() + r.off, 0, 8);
    evx_records_begin(&it, &one_chunk);
    cr_assert(evx_records_next(&it, &r) == EVX_OK && evx_records_next(&it, &r) < 0);
    begin(&l, 0);
    cr_assert(evx_ledger_skim(&l, &it, &first, &last) == EVX_SKIP && l.records == 0);
    cr_assert(evx_records_next(&it, &r) == EVX_OK && r.id == 3 && r.origin == EVX_ORIGIN_AFTER);
    cr_assert(evx_ledger_skim(&l, &it, &first, &last) == EVX_OK && first.id == 4);
}

/* Where a loss waits for a time, one by one it must be. */
Test(skim, a_loss_waits)
{
    evx_ledger l;
    evx_record first, last;

    one("template t = <E>{0:u8}</E>\nrecord t u8=1\nrecord t u8=2\n");
    begin(&l, 0);
    evx_ledger_lose(&l, 4096, 100, EVX_E_RECORD_SIGNATURE);
    cr_assert(skim(&l, &one_chunk, &first, &last) == EVX_SKIP);
    evx_ledger_begin(&l, NULL, 0);
    cr_assert(skim(&l, &one_chunk, &first, &last) == EVX_OK);
    evx_ledger_time(&l, 4711);
    evx_ledger_lose(&l, 8192, 100, EVX_E_RECORD_SIGNATURE);
    cr_assert(l.last_time == 4711);
}
