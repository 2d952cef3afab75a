/* fuzz/fuzz_select.c - a chunk image of any length -> System fields, strings, filters, events */
#include "check.h"
#include "fuzz.h"

/*
 * Promises: fields and strings lie in the chunk or in the reader's memory and are what they claim
 * to be, the same each time; a filter keeps of the fields what its conditions say one by one, of
 * the record what it keeps of the fields, and never refuses a chunk that holds such a record; small
 * memory and any limit lead to their own errors only.
 */
static evx_reader reader;
static uint64_t reader_memory[EVX_READER_MEMORY / 8 + 1];

/* ---- fields and strings ---------------------------------------------------------------------- */

static bool in_reader(const evx_chunk *c, const uint8_t *p, size_t len)
{
    const uint8_t *m = (const uint8_t *)reader_memory;

    return fuzz_inside(c, p, len)
        || (p >= m && len <= sizeof reader_memory
            && (size_t)(p - m) <= sizeof reader_memory - len);
}

static uint64_t check_view(const evx_chunk *c, const evx_text_view *v)
{
    uint8_t small[8], big[512];
    size_t whole, part, cap = v->len % sizeof small;
    check_result r;

    FUZZ_CHECK(in_reader(c, v->ptr, v->len) && v->utf8 <= 1);
    FUZZ_CHECK(v->utf8 == 0 || check_utf8(v->ptr, v->len).ok);
    whole = evx_text_view_utf8(v, NULL, 0);
    FUZZ_CHECK(evx_text_view_utf8(v, small, cap) == whole);
    part = evx_text_view_utf8(v, big, sizeof big);
    FUZZ_CHECK(part == whole && whole <= 3 * (size_t)v->len);
    if (whole <= sizeof big) {
        r = check_utf8(big, whole);
        FUZZ_CHECK(r.ok);
        if (whole <= cap)
            FUZZ_CHECK(memcmp(small, big, whole) == 0);
        return fuzz_hash(FUZZ_HASH_BEGIN, big, whole);
    }
    return whole;
}

static void check_strings(const evx_chunk *c, const evx_fields *f)
{
    evx_text_view v;
    evx_status st;

    FUZZ_CHECK(f->data_count == (f->data_total < EVX_FIELDS_MAX ? f->data_total : EVX_FIELDS_MAX));
    for (uint32_t i = 0; i < f->data_count; i++) {
        FUZZ_CHECK(in_reader(c, f->data[i].raw.ptr, f->data[i].raw.len));
        FUZZ_CHECK(!(f->data[i].type & EVX_ARRAY));
        (void)check_view(c, &f->data_name[i]);
        st = evx_fields_string(f, i, &v);
        FUZZ_CHECK(st == EVX_OK || st == EVX_SKIP);
        if (st == EVX_OK)
            (void)check_view(c, &v);
    }
    FUZZ_CHECK(evx_fields_string(f, f->data_count, &v) == EVX_END);
    FUZZ_CHECK(evx_fields_string(f, UINT32_MAX, &v) == EVX_END);
}

static uint64_t check_fields(const evx_chunk *c, const evx_record *r, const evx_fields *f)
{
    uint64_t h = fuzz_mix(f->present, f->event_id);

    FUZZ_CHECK(f->header_id == r->id && f->written == r->written && f->damaged <= 1);
    FUZZ_CHECK(f->present >> 18 == 0);
    if (f->present & EVX_HAS_PROVIDER)
        h = fuzz_mix(h, check_view(c, &f->provider));
    if (f->present & EVX_HAS_CHANNEL)
        h = fuzz_mix(h, check_view(c, &f->channel));
    if (f->present & EVX_HAS_COMPUTER)
        h = fuzz_mix(h, check_view(c, &f->computer));
    if (f->present & EVX_HAS_PAYLOAD)
        FUZZ_CHECK(in_reader(c, f->payload.raw.ptr, f->payload.raw.len));
    if (f->present & EVX_HAS_USER)
        FUZZ_CHECK(in_reader(c, f->user_sid.raw.ptr, f->user_sid.raw.len));
    if (f->present & EVX_HAS_PROVIDER_GUID)
        FUZZ_CHECK(in_reader(c, f->provider_guid.raw.ptr, f->provider_guid.raw.len));
    if (f->present & EVX_HAS_ACTIVITY)
        FUZZ_CHECK(in_reader(c, f->activity.raw.ptr, f->activity.raw.len));
    check_strings(c, f);
    h = fuzz_mix(h, f->time ^ f->record_id ^ f->keywords);
    h = fuzz_mix(h, f->data_total + ((uint64_t)f->damaged << 32));
    return h;
}

static void check_event(const evx_fields *f)
{
    evx_vss_event e;
    evx_status st;

    memset(&e, 0x5a, sizeof e);
    st = evx_vss_event_read(f, &e);
    FUZZ_CHECK(st == EVX_OK || st == EVX_SKIP);
    if (st == EVX_SKIP)
        return;
    FUZZ_CHECK(e.strings_len <= EVX_VSS_TEXT_MAX
               && e.payload_len <= EVX_VSS_TEXT_MAX - e.strings_len);
    FUZZ_CHECK(e.phase >= EVX_VSS_INITIALIZE && e.phase <= EVX_VSS_POST_RESTORE);
    FUZZ_CHECK(e.outcome >= EVX_VSS_SUCCEEDED && e.outcome <= EVX_VSS_IGNORED);
    FUZZ_CHECK(e.strings_len == 0 || e.text[e.strings_len - 1] == 0);
    FUZZ_CHECK(check_utf8(e.text, e.strings_len).ok);
}

/* ---- the filter once more, condition by condition -------------------------------------------- */

static bool view_is(const evx_text_view *v, const char *word)
{
    uint8_t text[256];
    size_t n = evx_text_view_utf8(v, text, sizeof text);

    if (n != strlen(word) || n > sizeof text)
        return false;
    for (size_t i = 0; i < n; i++) {
        uint8_t a = text[i], b = (uint8_t)word[i];
        if (a != b && !(a < 0x80 && b < 0x80 && (a ^ b) == 0x20 && (a | 0x20) >= 'a'
                        && (a | 0x20) <= 'z'))
            return false;
    }
    return true;
}

static bool wanted(const evx_filter *q, uint32_t bit, const evx_fields *f, uint32_t has, bool holds)
{
    holds = holds && (f->present & has);
    return (q->exclude & bit) ? !holds : holds;
}

static bool keeps(const evx_filter *q, const evx_fields *f)
{
    if (q->event_id_count && !wanted(q, EVX_FILTER_EVENT_ID, f, EVX_HAS_EVENT_ID,
                                     (uint16_t)q->event_ids[0] == (uint16_t)f->event_id))
        return false;
    if (q->provider && !wanted(q, EVX_FILTER_PROVIDER, f, EVX_HAS_PROVIDER,
                               view_is(&f->provider, q->provider)))
        return false;
    if (q->channel && !wanted(q, EVX_FILTER_CHANNEL, f, EVX_HAS_CHANNEL,
                              view_is(&f->channel, q->channel)))
        return false;
    if (q->computer && !wanted(q, EVX_FILTER_COMPUTER, f, EVX_HAS_COMPUTER,
                               view_is(&f->computer, q->computer)))
        return false;
    if ((q->since || q->until) && !wanted(q, EVX_FILTER_TIME, f, EVX_HAS_TIME,
                                          f->time >= q->since && (!q->until || f->time < q->until)))
        return false;
    if (q->last_id && !wanted(q, EVX_FILTER_RECORD_ID, f, EVX_HAS_RECORD_ID,
                              f->record_id <= q->last_id))
        return false;
    return !q->levels || wanted(q, EVX_FILTER_LEVEL, f, EVX_HAS_LEVEL,
                                f->level < 32 && (q->levels & 1u << f->level) != 0);
}

static void choose_filter(fuzz_dice *d, evx_filter *q, uint32_t *ids, const evx_fields *f)
{
    static const char *const words[] = { "MSExchangeIS", "Microsoft-Windows-Sysmon", "a<b&c", "",
                                         "application", "S\xc3\xa4", "host", "ex01" };

    memset(q, 0, sizeof *q);
    if (fuzz_one_in(d, 3)) {
        ids[0] = fuzz_one_in(d, 2) && f ? f->event_id : fuzz_pick(d, 65536);
        q->event_ids = ids;
        q->event_id_count = 1;
    }
    if (fuzz_one_in(d, 3))
        q->provider = words[fuzz_pick(d, 4)];
    if (fuzz_one_in(d, 6))
        q->channel = words[4 + fuzz_pick(d, 2)];
    if (fuzz_one_in(d, 6))
        q->computer = words[6 + fuzz_pick(d, 2)];
    if (fuzz_one_in(d, 4))
        q->since = f ? f->time : fuzz_next(d);
    if (fuzz_one_in(d, 4))
        q->until = fuzz_next(d);
    if (fuzz_one_in(d, 4))
        q->last_id = fuzz_pick(d, 1000);
    if (fuzz_one_in(d, 4))
        q->levels = fuzz_pick(d, 256);
    if (fuzz_one_in(d, 3))
        q->exclude = fuzz_pick(d, 128);
}

static void check_filter(fuzz_dice *d, const evx_chunk *c, const evx_record *r,
                         const evx_fields *f, evx_status fields)
{
    evx_filter q;
    uint32_t id;
    evx_status st, by_fields;

    choose_filter(d, &q, &id, fields == EVX_OK ? f : NULL);
    if (fields == EVX_OK) {
        by_fields = evx_filter_fields(&q, f);
        FUZZ_CHECK(by_fields == (keeps(&q, f) ? EVX_OK : EVX_SKIP));
        st = evx_filter_record(&q, &reader, c, r);
        /* The filter reads no further than it must, so it may miss damage, but nothing else. */
        FUZZ_CHECK(st == by_fields || f->damaged);
        if (st == EVX_OK)
            for (size_t i = 0; fuzz_kernels(i); i++)
                FUZZ_CHECK(evx_filter_chunk(&q, fuzz_kernels(i), c) == EVX_OK);
    } else {
        st = evx_filter_record(&q, &reader, c, r);
        FUZZ_CHECK(st <= 0 || st == EVX_SKIP);
    }
    FUZZ_CHECK(st != EVX_E_BUG && st != EVX_E_ABI);
}

/* Returns a digest of the fields, or of the error. */
static uint64_t check_select(fuzz_dice *d, const evx_chunk *c, const evx_record *r)
{
    static evx_fields f, g;
    evx_status st, again;
    uint64_t digest;

    memset(&f, 0xee, sizeof f);
    memset(&g, 0x11, sizeof g);
    st = evx_fields_read(&reader, c, r, &f);
    FUZZ_CHECK(st == EVX_OK || fuzz_is_walk_status(st));
    if (st == EVX_OK) {
        digest = check_fields(c, r, &f);
        check_event(&f);
        again = evx_fields_read(&reader, c, r, &g);
        FUZZ_CHECK(again == EVX_OK && check_fields(c, r, &g) == digest);
        check_filter(d, c, r, &g, st);
        fuzz_stats.tokens++;
        return digest;
    }
    check_filter(d, c, r, &f, st);
    return (uint64_t)st;
}

/* ---- what a filter passes over --------------------------------------------------------------- */

static bool same_text(const evx_text_view *a, const evx_text_view *b)
{
    return a->len == b->len && a->utf8 == b->utf8
        && (a->len == 0 || memcmp(a->ptr, b->ptr, a->len) == 0);
}

/* Records that are passed over are sound, not kept, and of one place; the ledger has them. */
static void check_passed(fuzz_dice *d, const evx_chunk *c)
{
    static evx_fields f;
    evx_records it, all;
    evx_record r, other;
    evx_passed passed;
    evx_ledger l, books;
    evx_filter q;
    uint64_t own = 0, time = 0;
    uint32_t id;
    evx_status st;

    choose_filter(d, &q, &id, NULL);
    evx_ledger_begin(&l, NULL, 0);
    evx_ledger_begin(&books, NULL, 0);
    evx_records_begin(&it, c);
    evx_records_begin(&all, c);
    do {
        evx_filter_pass(&q, fuzz_best(), &reader, &it, &l, &passed);
        for (uint32_t i = 0; i < passed.count; i++) {
            FUZZ_CHECK(evx_records_next(&all, &other) == EVX_OK);
            FUZZ_CHECK(i != 0 || other.off == passed.first.off);
            FUZZ_CHECK((other.damage & ~(uint32_t)EVX_RECORD_ID) == 0);
            FUZZ_CHECK(evx_fields_system(&reader, c, &other, &f) == EVX_OK && !f.damaged);
            FUZZ_CHECK(!keeps(&q, &f));
            FUZZ_CHECK(i == 0 ? f.record_id == passed.first_id && f.time == passed.first_time
                              : f.record_id == own + 1 && f.time >= time);
            own = f.record_id;
            time = f.time;
            FUZZ_CHECK(same_text(&f.computer, &passed.computer)
                       && same_text(&f.channel, &passed.channel));
            evx_ledger_read(&books, c, &other, i == 0 ? f.time : 0, false);
        }
        FUZZ_CHECK(passed.count == 0 || (other.off == passed.last.off && other.id == l.last_id
                                         && own == passed.last_id && time == passed.last_time));
        FUZZ_CHECK(l.records == books.records && l.id_gaps == books.id_gaps
                   && l.time_reversals == books.time_reversals && l.decoded == books.decoded);
        st = evx_records_next(&it, &r);
        FUZZ_CHECK(evx_records_next(&all, &other) == st);
        if (st == EVX_OK) {
            evx_ledger_read(&l, c, &r, 0, false);
            evx_ledger_read(&books, c, &r, 0, false);
        }
    } while (st != EVX_END);
}

/* ---- one input ------------------------------------------------------------------------------- */

static void prepare(fuzz_dice *d)
{
    evx_limits limits = { 0, 0, 0, 0, 0, 0 };
    size_t memory = fuzz_one_in(d, 4) ? 8192 + fuzz_pick(d, 8192) : EVX_READER_MEMORY;

    if (fuzz_one_in(d, 4)) {
        limits.instance_depth = fuzz_pick(d, 20);
        limits.open_elements = fuzz_pick(d, 300);
        limits.name_units = fuzz_pick(d, 100);
        limits.steps_per_byte = fuzz_pick(d, 5);
    }
    fuzz_dirty(d, &reader, sizeof reader);
    fuzz_dirty(d, reader_memory, fuzz_one_in(d, 64) ? sizeof reader_memory : 1024);
    FUZZ_CHECK(evx_reader_init(&reader, sizeof reader, (uint8_t *)reader_memory, 8191, NULL)
               == EVX_E_SPACE);
    FUZZ_CHECK(evx_reader_init(&reader, sizeof reader, (uint8_t *)reader_memory, memory, &limits)
               == EVX_OK);
}

uint64_t fuzz_one(fuzz_dice *d, const uint8_t *data, size_t len)
{
    evx_chunk c;
    evx_records it;
    evx_record r;
    evx_status st;
    uint64_t digest = FUZZ_HASH_BEGIN;

    prepare(d);
    if (!fuzz_open(data, len, &c))
        return 0;
    evx_records_begin(&it, &c);
    while ((st = fuzz_record(&it, &r)) != EVX_END)
        if (st == EVX_OK) {
            fuzz_stats.records++;
            digest = fuzz_mix(digest, check_select(d, &c, &r));
        }
    check_passed(d, &c);
    return digest;
}
