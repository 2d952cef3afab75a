/* tests/text/test_sweep.c - text.c over damaged logs: damage costs what it stands in, no more */
#include <time.h>

#include "../files.h"
#include "lent.h"
#include "pair.h"

enum { RECORDS_MAX = 2048 };

/* What is read of one chunk: the digest of each record's text by its offset, and the books. */
typedef struct reading {
    uint32_t count, off[RECORDS_MAX], size[RECORDS_MAX];
    uint64_t digest[RECORDS_MAX];
    evx_ledger ledger;
    evx_loss losses[64];
} reading;

static reading before, after;
static uint8_t damaged[EVX_CHUNK_SIZE];

static void note(reading *x, const evx_chunk *c, const evx_record *r)
{
    evx_out o;
    evx_status st;

    evx_out_init(&o, pair_a, sizeof pair_a, NULL, NULL);
    st = evx_text_record(&pair_fast, c, r, &o);
    if (st < 0) {
        evx_ledger_lose(&x->ledger, c->file_off + r->off, r->size, st);
        return;
    }
    evx_ledger_read(&x->ledger, c, r, r->written, pair_fast.damage != 0);
    cr_assert(x->count < RECORDS_MAX);
    x->off[x->count] = r->off;
    x->size[x->count] = r->size;
    x->digest[x->count++] = kit_digest(KIT_DIGEST, pair_a, o.len);
}

static void read_chunk(reading *x, const uint8_t *bytes, size_t len)
{
    evx_window w = { bytes, (uint32_t)len, 4096 };
    evx_chunk c;
    evx_records it;
    evx_record r;
    evx_status st;

    x->count = 0;
    evx_ledger_begin(&x->ledger, x->losses, 64);
    if ((st = evx_chunk_open(&c, &w)) < 0)
        evx_ledger_lose(&x->ledger, w.file_off, w.len, st);
    evx_records_begin(&it, &c);
    while ((st = evx_records_next(&it, &r)) != EVX_END)
        if (st == EVX_OK)
            note(x, &c, &r);
        else
            evx_ledger_lose(&x->ledger, c.file_off + r.off, r.size, st);
    evx_ledger_chunk_end(&x->ledger, &c);
}

/* Is record i of `before` in `after`, with the same text? */
static bool kept(uint32_t i)
{
    for (uint32_t k = 0; k < after.count; k++)
        if (after.off[k] == before.off[i])
            return after.digest[k] == before.digest[i];
    return false;
}

/* ---- one overwritten record of a real log ---------------------------------------------------- */

static uint64_t seed;
static size_t tried, exact;

static void overwrite_one(const char *path, const uint8_t *chunk)
{
    evx_chunk c;
    evx_record r = { 0 };
    uint32_t i, lost = 0;

    read_chunk(&before, chunk, EVX_CHUNK_SIZE);
    if (before.count == 0 || before.ledger.lost + before.ledger.recovered != 0)
        return;
    i = (uint32_t)(one_random(&seed) % before.count);
    r.off = before.off[i];
    r.size = before.size[i];
    if (evx_chunk_open(&c, &(evx_window){ chunk, EVX_CHUNK_SIZE, 4096 }) != EVX_OK
        || kit_lends(&c, &r))
        return;
    memcpy(damaged, chunk, sizeof damaged);
    memset(damaged + before.off[i], (int)(one_random(&seed) % 256), before.size[i]);
    read_chunk(&after, damaged, sizeof damaged);
    for (uint32_t k = 0; k < before.count; k++)
        lost += !kept(k);
    tried++;
    cr_assert(lost == 1 && !kept(i), "%s: record at %u overwritten: %u lost", path,
              before.off[i], lost);
    cr_assert(after.ledger.loss_count == 1 && after.losses[0].file_off == 4096 + before.off[i]
              && after.losses[0].len == before.size[i], "%s: %u", path, before.off[i]);
    exact += after.ledger.lost == 1;
}

static void overwrite_some(void *user, const char *path, const uint8_t *data, size_t len)
{
    (void)user;
    if (strlen(path) < 6 || strcmp(path + strlen(path) - 5, ".evtx") != 0)
        return;
    for (size_t at = 4096; at + EVX_CHUNK_SIZE <= len; at += EVX_CHUNK_SIZE)
        for (int i = 0; i < 3 && memcmp(data + at, "ElfChnk", 8) == 0; i++)
            overwrite_one(path, data + at);
}

Test(sweep, one_overwritten_record_is_one_lost_record, .timeout = 280)
{
    const char *named = getenv("EVX_SHARED"), *given = getenv("EVX_SEED");

    seed = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
    /* Not cr_log_warn: Criterion counts a warning as a failure of the program. */
    fprintf(stderr, "EVX_SEED=%llu repeats this sample\n", (unsigned long long)seed);
    pair_begin(pair_modes[3], NULL, PAIR_ARENA);
    if (files_each(named ? named : EVX_TEST_SHARED, overwrite_some, NULL) == 0)
        cr_skip_test("no real logs: set EVX_SHARED, or put them into ../shared/evtx");
    cr_assert(tried > 100 && exact * 100 >= tried * 99, "%zu of %zu", exact, tried);
}

/* ---- every cut, every bit -------------------------------------------------------------------- */

static const char three[] =
    "template o = <Event><S Name='n'>{0:u16}</S><T>{1:time}</T>{2:xml}</Event>\n"
    "template i = <EventData><Data Name='x'>{0:str}</Data><Data>{1:sid}</Data></EventData>\n"
    "record o u16=1 time=2020-01-01T00:00:00Z xml(i str=\"first\" sid=S-1-5-18)\n"
    "record o u16=2 time=2020-01-01T00:00:01Z xml(i str=\"second\" sid=S-1-5-19)\n"
    "record o u16=3 time=2020-01-01T00:00:02Z xml(i str=\"third\" sid=S-1-5-20)\n";

static void begin_three(void)
{
    one(three);
    pair_begin(pair_modes[0], NULL, PAIR_ARENA);
    read_chunk(&before, one_bytes(), EVX_CHUNK_SIZE);
    cr_assert(before.count == 3 && before.ledger.decoded == 3 && before.ledger.lost == 0);
}

static bool at_a_boundary(uint32_t at)
{
    return at <= before.off[0] || at == before.off[1] || at == before.off[2]
        || at >= before.off[2] + before.size[2];
}

/* In the file's header, or behind all records: there is little to see. */
static bool at_zeros(uint32_t cut, uint32_t end)
{
    return (cut > 128 && cut + 512 < MK_FILE_HEADER) || cut > MK_FILE_HEADER + end + 512;
}

/* Cut anywhere, from the first byte of the file on: what is whole is read, and the books miss what
 * is not: three records from the chunk's header on, which counts them. What was cut inside a record
 * may be two losses: its beginning, and the bytes behind the cut. */
Test(sweep, cut_at_every_byte)
{
    uint32_t end, size = MK_FILE_HEADER + EVX_CHUNK_SIZE;

    begin_three();
    end = before.off[2] + before.size[2];
    for (uint32_t cut = 0; cut <= size; cut += at_zeros(cut, end) ? thin() : 1) {
        uint8_t *cliff = kit_cliff_copy(one_log.ptr, cut);
        uint32_t in_chunk = cut < MK_FILE_HEADER ? 0 : cut - MK_FILE_HEADER;
        read_chunk(&after, cliff + (cut - in_chunk), in_chunk);
        for (uint32_t i = 0; i < 3; i++) {
            bool whole = before.off[i] + before.size[i] <= in_chunk;
            cr_assert(!whole || kept(i), "cut at %u: record %u", cut, i + 1);
        }
        cr_assert(after.ledger.decoded + after.ledger.recovered == after.count);
        cr_assert(in_chunk < 512 || after.ledger.records == 3
                  || (after.ledger.records == 4 && !at_a_boundary(in_chunk)), "cut at %u: %u", cut,
                  (unsigned)after.ledger.records);
        cr_assert(in_chunk >= end || in_chunk < 512
                  || after.ledger.loss_count + after.ledger.recovered > 0, "cut at %u", cut);
        cr_assert(in_chunk == 0 || after.ledger.records >= 1, "cut at %u", cut);
        kit_cliff_free(cliff + cut, cut);
    }
}

/* The records that may suffer from a flip of this byte: their own, and those that need it. */
static bool needs(const evx_record *r, uint32_t at)
{
    return (at >= r->off && at < r->off + r->size) || kit_borrows(&one_chunk, r, at, 1);
}

/*
 * Every bit of a chunk: a record changes, or is lost, only if the bit stands in it, or in a
 * definition or name of its. What is not written says so in the books. A flip in the header or in
 * the tables costs nothing, and the books notice when it moves the end of the records.
 */
Test(sweep, every_bit_of_a_chunk, .timeout = 120)
{
    size_t changed = 0, said = 0;
    evx_record r[3];
    uint8_t *p;

    begin_three();
    p = one_bytes();
    for (uint32_t i = 0; i < 3; i++)
        cr_assert(kit_record(&one_chunk, i, &r[i]) == EVX_OK);
    for (uint32_t at = 0; at < EVX_CHUNK_SIZE; at++) {
        bool may[3];
        for (uint32_t i = 0; i < 3; i++)
            may[i] = needs(&r[i], at);
        for (unsigned bit = 0; bit < 8; bit++) {
            p[at] ^= (uint8_t)(1u << bit);
            read_chunk(&after, p, EVX_CHUNK_SIZE);
            p[at] ^= (uint8_t)(1u << bit);
            for (uint32_t i = 0; i < 3; i++) {
                changed += !kept(i);
                cr_assert(may[i] || kept(i), "byte %u, bit %u: record %u", at, bit, i + 1);
            }
            cr_assert(after.count == 3 || after.ledger.lost > 0, "byte %u, bit %u", at, bit);
            cr_assert(after.count + after.ledger.lost >= 3, "byte %u, bit %u", at, bit);
            said += after.ledger.lost + after.ledger.recovered > 0;
        }
    }
    cr_assert(changed > 1000 && said > 1000);
}
